package search

import (
	"math/rand/v2"
	"slices"
	"testing"

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
