package lex

import (
	"fmt"
	"strings"
	"testing"
)

// marks shows a text's map: a letter per byte, "." for code, "c", "s", "d".
func marks(l *Lang, text string) string {
	var b strings.Builder
	for r := range NewMap(l, []byte(text)).Regions(0, len(text)) {
		b.WriteString(strings.Repeat(string(".csd"[r.Kind]), r.End-r.Start))
	}
	return b.String()
}

func TestC(t *testing.T) {
	text := "#if A\nint f(int x) { // }\n#else /* no */\nint f(void) {\n#endif\n\treturn '\"' + g(\"*/\",\n\t1);\n}\n/* a\n * b */\nint x;\n"
	fmt.Println(strings.ReplaceAll(text, "\n", "~"))
	fmt.Println(marks(ByID("c"), text))
	st := NewStructure(ByID("c"), []byte(text))
	for i := range st.Len() {
		fmt.Printf("%+v\n", st.Block(i))
	}
	for l := 1; l < 12; l++ {
		fmt.Println(l, len(st.Enclosing(l)))
	}
	fmt.Println(st.Folds(), st.Conditions(20), st.Conditions(50))
}
