package lex

import (
	"strings"
	"testing"
)

// TestBackslashInComment: where a comment ends with its line whatever stands at
// its end, the next line begins anew.
func TestBackslashInComment(t *testing.T) {
	for _, end := range []string{"\n", "\r\n"} {
		for id, want := range map[string]string{"go": "a! b! c!", "java": "a! b! c!", "python": "a!", "c": "a! c!"} {
			text := "a\n// x \\" + end + "b" + end + "c" + end
			if id == "python" {
				text = "# x \\" + end + "a" + end
			}
			s := NewScanner(ByID(id), []byte(text))
			var got []string
			for tok := s.Next(); tok.Kind != EOF; tok = s.Next() {
				if tok.Kind != Ident {
					continue
				}
				word := string(s.Bytes(tok))
				if tok.First {
					word += "!"
				}
				got = append(got, word)
			}
			if strings.Join(got, " ") != want {
				t.Errorf("%s, %q: %q, want %q", id, text, got, want)
			}
		}
	}
}
