package lex_test

import (
	"fmt"

	"vitrine/index/lex"
)

// The package comment's example.
func Example() {
	text := []byte(`#ifdef A        // 1
int f(int x) {
#else
int f(void) {
#endif
	puts("}");  /* 2 */
}
`)
	l := lex.Detect("f.c", text)
	s := lex.NewScanner(l, text)
	m, n := lex.NewMapBuilder(s), lex.NewNesting(s)
	for t := s.Next(); t.Kind != lex.EOF; t = s.Next() {
		m.Add(t)
		n.Add(t)
	}
	for start, end := range m.Map().Ranges(lex.Comments|lex.Strings, 0, len(text)) {
		fmt.Printf("%s\n", text[start:end])
	}
	st := n.Structure()
	for _, b := range st.Enclosing(6) {
		fmt.Printf("line 6 stands in a block from line %d to %d, %d around line 4\n", b.HeadLine, b.CloseLine, len(st.Enclosing(4)))
	}
	for _, at := range []int{25, 50} {
		fmt.Println(st.Conditions(at)[0].Text)
	}
	// Output:
	// // 1
	// "}"
	// /* 2 */
	// line 6 stands in a block from line 2 to 7, 0 around line 4
	// defined(A)
	// !defined(A)
}
