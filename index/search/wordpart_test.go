package search

import (
	"bytes"
	"context"
	"math/rand/v2"
	"regexp"
	"regexp/syntax"
	"strings"
	"testing"
)

// TestWordPart: where a regexp matches, there is a word that its part is in.
func TestWordPart(t *testing.T) {
	for expr, wanted := range map[string]string{
		`[A-Z][a-z]+Error`: "ioerror parseerrors", `[0-9]{6,}`: "0x123456", `\.[a-z]{3}\(`: "abc",
		`^[a-c]{3}`: "abcd", `(?i)x[k-k]y+z`: "xkyz",
	} {
		w := partOf(t, expr)
		if w == nil {
			t.Errorf("%s has no part", expr)
			continue
		}
		for word := range strings.FieldsSeq(wanted) {
			if !w.wants(word) {
				t.Errorf("%s does not want %s", expr, word)
			}
		}
	}
	for _, expr := range []string{`a`, `abcdef`, `(foo|bar)`, `.*`, `\bab\b`, `a.b.c`} {
		if w := partOf(t, expr); w != nil {
			t.Errorf("%s has a part, with one of %q", expr, w.patterns)
		}
	}
	for expr, refused := range map[string]string{`[A-Z][a-z]+Error`: "error eerror", `\.[a-z]{3}\(`: "abcd xabc", `^[a-c]{3}`: "xabc"} {
		for word := range strings.FieldsSeq(refused) {
			if partOf(t, expr).wants(word) {
				t.Errorf("%s wants %s", expr, word)
			}
		}
	}
	r := rand.New(rand.NewPCG(13, 14))
	parts := 0
	for range 20_000 {
		expr := drawnRegexp(r, 4)
		w := partOf(t, expr)
		if w == nil {
			continue
		}
		parts++
		re := regexp.MustCompile(expr)
		for range 20 {
			text := ""
			for range 3 + r.IntN(8) {
				text += []string{"a", "b", "c", "A", "k", "K", "\u212a", "é", "É", " ", "_", "("}[r.IntN(12)]
			}
			if !re.MatchString(text) {
				continue
			}
			folded := foldString(text)
			found := false
			for word := range strings.FieldsFuncSeq(folded, func(c rune) bool { return c == ' ' || c == '(' }) {
				found = found || w.wants(word)
			}
			if !found {
				t.Fatalf("%s matches %q, of which no word is wanted", expr, text)
			}
		}
	}
	if parts < 100 {
		t.Errorf("only %d regexps have a part", parts)
	}
}

func partOf(t *testing.T, expr string) *wordPart {
	t.Helper()
	re, err := syntax.Parse(expr, syntax.Perl)
	if err != nil {
		t.Fatal(err)
	}
	w, err := newWordPart(re, anywhere)
	if err != nil {
		t.Fatal(err)
	}
	return w
}

// wants is what the index does for each word.
func (w *wordPart) wants(word string) bool {
	a := newAutomaton(w.automatons.Get().(*automaton).machine)
	for _, p := range w.patterns {
		if bytes.Contains([]byte("\n"+word+"\n"), p) {
			return a.line(context.Background(), []byte(word), 0) >= 0
		}
	}
	return false
}
