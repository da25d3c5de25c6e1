package symbol

import (
	"math/rand/v2"
	"slices"
	"testing"
)

// slowScore is the score as the points' comments say it: the best over all ways
// to place the letters.
func slowScore(p *pattern, name []byte) int {
	best := none
	var try func(i, from, score int)
	try = func(i, from, score int) {
		if i == len(p.folded) {
			best = max(best, score)
			return
		}
		for k := from; k < len(name); k++ {
			if lower(name[k]) != p.folded[i] {
				continue
			}
			last := byte('_')
			if k > 0 {
				last = name[k-1]
			}
			s := pointLetter
			if name[k] == p.text[i] {
				s += pointCase
			}
			switch {
			case i == 0:
				s += int(bonusOf(last, name[k]))
			case k == from:
				s += max(pointNext, int(bonusOf(last, name[k])))
			default:
				s += int(bonusOf(last, name[k])) - lessGap - (k-from-1)*lessGapMore
			}
			try(i+1, k+1, score+s)
		}
	}
	try(0, 0, 0)
	return best
}

// TestScore: both ways to find the best placing find the best, for names that
// share their beginnings, and none is over what is said to be the most.
func TestScore(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	const alphabet = "aAbB_c1"
	word := func(n int) []byte {
		out := make([]byte, n)
		for i := range out {
			out[i] = alphabet[r.IntN(len(alphabet))]
		}
		return out
	}
	for range 300 {
		p := newPattern(string(word(1 + r.IntN(5))))
		var names [][]byte
		for range 40 {
			names = append(names, word(1+r.IntN(12)))
		}
		slices.SortFunc(names, compareKeys)
		m := newMatcher(p)
		var sc scorer
		var last []byte
		for _, name := range names {
			shared := 0
			for shared < min(len(last), len(name)) && last[shared] == name[shared] {
				shared++
			}
			last = name
			m.skip(shared)
			if r.IntN(3) == 0 {
				continue // as one that the classes pass over
			}
			want := slowScore(p, name)
			within := want > none && !scatteredSlowly(string(p.text), string(name))
			if got := m.within(name); got != within {
				t.Fatalf("%s within %s: %v", p.text, name, got)
			}
			if !within {
				continue
			}
			if signature(name)&p.mask != p.mask {
				t.Fatalf("%s would pass over %s", p.text, name)
			}
			if most := m.most(); most < want {
				t.Fatalf("%s in %s: %d, and at most %d", p.text, name, want, most)
			}
			if got := m.score(name); got != want {
				t.Fatalf("%s in %s: %d, want %d", p.text, name, got, want)
			}
			got, places := sc.score(p, name, true)
			if got != want || len(places) != len(p.folded) || !slices.IsSorted(places) {
				t.Fatalf("%s in %s: %d at %v, want %d", p.text, name, got, places, want)
			}
			for i, k := range places {
				if lower(name[k]) != p.folded[i] {
					t.Fatalf("%s in %s: at %v", p.text, name, places)
				}
			}
		}
	}
}
