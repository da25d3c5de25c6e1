package search

import (
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"vitrine/index/deposit"
)

// TestCandidates: no text that has hits is missing, each comes once, in the order of Search.
func TestCandidates(t *testing.T) {
	r := rand.New(rand.NewPCG(21, 22))
	for range 10 {
		b := build(t, randomCorpus(r))
		for _, query := range []string{"foo word:yes case:yes", "foo", "Foo release:r1", "x1 bar", "k case:no", "notthere"} {
			q, err := Parse(query)
			if err != nil {
				t.Fatal(err)
			}
			var offered, hit []deposit.Place
			report, err := b.Candidates(t.Context(), q, func(p deposit.Place, _ deposit.Digest) bool {
				offered = append(offered, p)
				return true
			})
			if err != nil || report.Stopped || report.Files != len(offered) {
				t.Fatalf("%s: %+v, %v", query, report, err)
			}
			_, err = b.Search(t.Context(), q, func(h Hit) bool {
				if !slices.Contains(hit, h.Place) {
					hit = append(hit, h.Place)
				}
				return true
			})
			if err != nil {
				t.Fatal(err)
			}
			at := 0
			for _, p := range offered {
				if at < len(hit) && hit[at] == p {
					at++
				}
			}
			if at < len(hit) {
				t.Errorf("%s: %v is not offered in its order: %v of %v", query, hit[at], offered, hit)
			}
			if len(offered) == 0 {
				continue
			}
			n := 0
			if report, err := b.Candidates(t.Context(), q, func(deposit.Place, deposit.Digest) bool { n++; return false }); n != 1 || err != nil || !report.Stopped {
				t.Errorf("%s: %d after the first, %+v, %v", query, n, report, err)
			}
		}
	}
}

// TestHolding: every text with the word as it stands between other characters than those
// of words is offered, in any case, and few others.
func TestHolding(t *testing.T) {
	r := rand.New(rand.NewPCG(23, 24))
	for range 10 {
		c := randomCorpus(r)
		b := build(t, c)
		for _, word := range []string{"foo", "Foo", "x1", "K", "notthere"} {
			q, err := Holding(word, "r1")
			if err != nil {
				t.Fatal(err)
			}
			got := map[string]bool{}
			if _, err := b.Candidates(t.Context(), q, func(p deposit.Place, _ deposit.Digest) bool {
				got[p.Path] = p.Release == "r1"
				return true
			}); err != nil {
				t.Fatal(err)
			}
			for path, text := range c.files["r1"] {
				if strings.Contains(text, "\x00") {
					continue // binary, or decoded
				}
				has := slices.ContainsFunc(strings.FieldsFunc(text, func(c rune) bool { return c < utf8.RuneSelf && !isWordByte(byte(c)) }), func(w string) bool {
					return strings.EqualFold(w, word)
				})
				if has != got[path] {
					t.Errorf("%s in %q: %v, want %v", word, text, got[path], has)
				}
			}
		}
	}
	if _, err := Holding("a b", "r1"); err == nil {
		t.Error("two words are one")
	}
}
