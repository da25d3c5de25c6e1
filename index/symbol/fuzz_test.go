package symbol

import (
	"context"
	"testing"

	"vitrine/index/lex"
)

// FuzzExtract holds what is true of every outline and of all uses, in any
// language, for any text.
func FuzzExtract(f *testing.F) {
	languages := lex.Languages()
	for i := range languages {
		for _, p := range pieces {
			f.Add(uint8(i), []byte(p+"x "+p))
		}
	}
	f.Fuzz(func(t *testing.T, which uint8, text []byte) {
		l := languages[int(which)%len(languages)]
		o, err := Extract(context.Background(), l, text)
		if err != nil {
			t.Fatal(err)
		}
		check(t, l, text, o)
		last := 0
		for u := range UsesIn(l, text, 0, len(text)) {
			if u.Start < last || u.End <= u.Start || string(text[u.Start:u.End]) != u.Name || u.Class < Definition || u.Class > Other {
				t.Fatalf("%s: %+v in %q", l.ID(), u, text)
			}
			last = u.End
		}
		for i := range o.Symbols {
			o.Uses(l, text, o.Symbols[i].Name)
			if i > 8 {
				break
			}
		}
	})
}
