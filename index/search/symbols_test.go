package search

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"

	"vitrine/index/deposit"
)

// testSymbols are the definitions of a corpus: see definedIn.
type testSymbols map[deposit.Digest]testNames

type testNames struct {
	names []Name
	why   string
}

func symbolsOf(c *corpus) testSymbols {
	s := testSymbols{}
	for _, files := range c.files {
		for _, text := range files {
			names, why := definedIn(text)
			s[sha256.Sum256([]byte(text))] = testNames{names, why}
		}
	}
	return s
}

var (
	definition   = regexp.MustCompile(`([\pL\d_]+)(\(|::)`)
	testUnsure   = []string{WhyNotIndexed, WhyNotAll}
	errNoSymbols = errors.New("no symbols")
)

// definedIn lists what a text defines: words before "(", and words before "::", which
// are called otherwise than they stand there. Of one text in six nothing is known, of
// another every second name.
func definedIn(text string) (names []Name, why string) {
	for _, m := range definition.FindAllStringSubmatchIndex(text, -1) {
		n := Name{text[m[2]:m[3]], m[2], m[3]}
		if text[m[4]] == ':' {
			n.Text += " +"
		}
		names = append(names, n)
	}
	sum := sha256.Sum256([]byte(text))
	switch sum[0] % 6 {
	case 0:
		return nil, testUnsure[0]
	case 1:
		names = slices.DeleteFunc(names, func(n Name) bool { return n.From%2 == 0 })
		return names, testUnsure[1]
	}
	return names, ""
}

func (s testSymbols) Defining(_ context.Context, w WantedName, yield func(deposit.Digest)) error {
	for blob, n := range s {
		if slices.ContainsFunc(n.names, func(n Name) bool { return w.Match([]byte(n.Text)) && w.asks(n.Text) }) {
			yield(blob)
		}
	}
	return nil
}

// asks holds a name that is wanted against what the others say of it.
func (w WantedName) asks(name string) bool {
	if w.Exact != "" {
		return name == w.Exact
	}
	if w.Folded != "" && isASCII([]byte(name)) && !strings.EqualFold(name, w.Folded) {
		return false
	}
	return !isASCII([]byte(name)) || !strings.ContainsFunc(strings.ToLower(w.Some), func(c rune) bool { return !strings.ContainsRune(strings.ToLower(name), c) })
}

func (s testSymbols) Complete(_ context.Context, yield func(deposit.Digest)) error {
	for blob, n := range s {
		if n.why == "" {
			yield(blob)
		}
	}
	return nil
}

func (s testSymbols) In(blob deposit.Digest) ([]Name, string, error) {
	n, ok := s[blob]
	if !ok {
		return nil, "", errNoSymbols
	}
	return n.names, n.why, nil
}

// A nameTable are the definitions of texts. Of others nothing is known.
type nameTable map[deposit.Digest][]Name

func (s nameTable) Defining(_ context.Context, w WantedName, yield func(deposit.Digest)) error {
	for blob, names := range s {
		if slices.ContainsFunc(names, func(n Name) bool { return w.Match([]byte(n.Text)) }) {
			yield(blob)
		}
	}
	return nil
}

func (s nameTable) Complete(_ context.Context, yield func(deposit.Digest)) error {
	for blob := range s {
		yield(blob)
	}
	return nil
}

func (s nameTable) In(blob deposit.Digest) ([]Name, string, error) {
	if names, ok := s[blob]; ok {
		return names, "", nil
	}
	return nil, WhyNotIndexed, nil
}

func TestSymbols(t *testing.T) {
	files := map[string]string{
		"a.c":   "int open(x);\nopen = 1; static Open(y)\nvec:: static\nmap opens(z)\n",
		"b.c":   utf16BE("int open(x);\nclose(y)\n"),
		"c.txt": "open, which is a word\n",
		"d.bin": "\x00open",
	}
	b := build(t, one(files))
	b.symbols = nameTable{
		sha256.Sum256([]byte(files["a.c"])): {{"open", 4, 8}, {"Open", 30, 34}, {"vec +", 38, 41}, {"opens", 55, 60}},
		sha256.Sum256([]byte(files["b.c"])): {{"open", 7, 11}, {"close", 16, 21}}, // U+FEFF has three bytes
	}
	const listed = " c.txt: " + WhyNotIndexed + ", d.bin: " + WhyBinary
	for _, c := range []struct{ query, want string }{
		{`sym:open`, "a.c:1[[4 8]] a.c:2[[17 21]] b.c:1[[7 11]]" + listed},
		{`sym:open case:yes`, "a.c:1[[4 8]] b.c:1[[7 11]]" + listed},
		{`sym:Open -path:*.bin`, "a.c:2[[17 21]] c.txt: " + WhyNotIndexed},
		{`sym:pen path:*.c`, ""},
		{`sym:/pen/ path:*.c`, "a.c:1[[4 8]] a.c:2[[17 21]] a.c:4[[4 9]] b.c:1[[7 11]]"},
		{`sym:/^open$/ static path:*.c`, "a.c:2[[10 16] [17 21]]"},
		{`sym:"vec +" path:*.c`, "a.c:3[[0 3]]"},
		{`sym:close path:*.c -path:a.c`, "b.c:2[[0 5]]"},
		{`sym:open AND sym:close path:*.c`, "b.c:1[[7 11]] b.c:2[[0 5]]"},
		{`sym:open AND NOT sym:close`, "a.c:1[[4 8]] a.c:2[[17 21]]" + listed},
		{`sym:/o/ sym:/n$/ word:yes path:a.c`, ""},
		{`sym:/o/ sym:/n$/ path:a.c`, "a.c:1[[4 8]] a.c:2[[17 21]]"},
		{`sym:close OR word -path:*.bin`, "b.c:2[[0 5]] c.txt:1[[17 21]] c.txt: " + WhyNotIndexed},
		{`sym:nowhere -path:*.bin`, ""},
		{`sym:opens multi:yes /static(?s:.)*/ path:*.c`, ""},
		{`sym:open multi:yes /int(?s:.)*y/ path:a.c`, "a.c:1[[0 12]]"},
		{`sym:open lang:c`, "a.c:1[[4 8]] a.c:2[[17 21]] b.c:1[[7 11]]"},
		{`sym:open binary:yes path:d.bin`, ""},
	} {
		q, err := Parse(c.query)
		if err != nil {
			t.Fatalf("%s: %v", c.query, err)
		}
		if !q.AsksSymbols() {
			t.Errorf("%s asks for no symbols", c.query)
		}
		var got, not []string
		report, err := b.Search(context.Background(), q.WithSymbols(b.symbols), func(h Hit) bool {
			got = append(got, fmt.Sprintf("%s:%d%v", h.Place.Path, h.Line, h.Matches))
			return true
		})
		if err != nil {
			t.Fatalf("%s: %v", c.query, err)
		}
		for _, n := range report.NotSearched {
			not = append(not, n.Place.Path+": "+n.Why)
		}
		if not != nil {
			got = append(got, strings.Join(not, ", "))
		}
		if strings.TrimSpace(strings.Join(got, " ")) != strings.TrimSpace(c.want) {
			t.Errorf("%s\n got %s\nwant %s", c.query, strings.Join(got, " "), c.want)
		}
	}
}

// TestWithoutSymbols: nothing is known, which is told.
func TestWithoutSymbols(t *testing.T) {
	b := build(t, one(map[string]string{"a.c": "int open(x);\n", "b.c": "shut\n"}))
	q, err := Parse("sym:open OR shut")
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	report, err := b.Search(context.Background(), q, func(h Hit) bool {
		got = append(got, h.Place.Path)
		return true
	})
	if err != nil || !slices.Equal(got, []string{"b.c"}) {
		t.Errorf("found %s, %v", got, err)
	}
	if len(report.NotSearched) != 2 || report.NotSearched[0].Why != WhyNotIndexed {
		t.Errorf("not searched: %v", report.NotSearched)
	}
}

// TestDamagedSymbols: an error of the symbols ends the search.
func TestDamagedSymbols(t *testing.T) {
	b := build(t, one(map[string]string{"a.c": "int open(x);\n"}))
	q, err := Parse("sym:open")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := b.Search(context.Background(), q.WithSymbols(broken{}), func(Hit) bool { return true }); !errors.Is(err, errNoSymbols) {
		t.Errorf("got %v", err)
	}
}

type broken struct{ nameTable }

func (broken) In(deposit.Digest) ([]Name, string, error) { return nil, "", errNoSymbols }
