package symbol

import (
	"context"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"
)

// randomNames are names as people write them, many of which share words.
func randomNames(r *rand.Rand, n int) []string {
	words := []string{"get", "set", "state", "est", "ret", "s", "device", "driver", "DCN", "x2", "Buf", "buffer", "skb", "ioctl", "handler", "tt", "é"}
	seen := map[string]bool{}
	for len(seen) < n {
		name := ""
		for range 1 + r.IntN(5) {
			w := words[r.IntN(len(words))]
			switch r.IntN(4) {
			case 0:
				name += w
			case 1:
				name += strings.ToUpper(w[:1]) + w[1:]
			default:
				name += "_" + w
			}
		}
		seen[name] = true
	}
	var out []string
	for name := range seen {
		out = append(out, name)
	}
	slices.Sort(out) // so that the seed decides
	return out
}

// TestBestNames holds searches among some groups of names against looking at all of them.
func TestBestNames(t *testing.T) {
	r := rand.New(rand.NewPCG(15, 16))
	names := randomNames(r, 20*searchGroups*groupKeys/16)
	keys := map[string][]posting{}
	for _, name := range names {
		for n := range uint32(1 + r.IntN(3)) {
			keys[name] = append(keys[name], posting{n*21 + uint32(r.IntN(20)), uint32(r.IntN(1000)), Kind(1 + r.IntN(15))})
		}
	}
	tab := writeTable(t, keys)
	ix := &Index{segment: &segment{tables: [len(tableNames)]*table{tab}}}
	g, err := readGists(context.Background(), tab)
	if err != nil {
		t.Fatal(err)
	}
	some := *g // as if the others were too many
	some.groups = some.groups[:len(some.groups)/2]
	sorted := make([][]byte, len(names))
	for i, name := range names {
		sorted[i] = []byte(name)
	}
	slices.SortFunc(sorted, compareKeys)
	for i := range 200 {
		query := []string{"get", "est", "st", "s", "rst", "gsd", "gstate", "devdrv", "ioctlh", "state_ret", "tt", "x2", "skbuff", "qq", "stst", "é"}[i%16]
		if i >= 100 {
			name := names[r.IntN(len(names))]
			query = ""
			for k := range len(name) {
				if r.IntN(3) == 0 {
					query += name[k : k+1]
				}
			}
			if query == "" || !utf8.ValidString(query) {
				continue
			}
		}
		f := &Filter{kinds: allKinds}
		if i%3 == 1 {
			f.kinds = 1<<Function | 1<<Macro
		}
		if i%5 == 1 {
			f.blobs = []uint64{r.Uint64() & r.Uint64()}
		}
		p := newPattern(query)
		var want []ranked
		for n, key := range sorted {
			if !slices.ContainsFunc(keys[string(key)], f.has) {
				continue
			}
			if slowScore(p, key) <= none || scatteredSlowly(query, string(key)) {
				continue
			}
			rk := ranked{key: key, tier: 3, n: n}
			for _, p := range keys[string(key)] {
				if f.has(p) {
					rk.symbols++
				}
			}
			switch {
			case string(key) == query:
				rk.tier = 0
			case len(key) == len(query) && compareFolded(key, p.folded) == 0:
				rk.tier = 1
			case hasFoldedPrefix(string(key), query):
				rk.tier = 2
			default:
				rk.score = slowScore(p, key)
			}
			want = append(want, rk)
		}
		slices.SortFunc(want, func(a, b ranked) int { return compareRanked(&a, &b) })
		for _, most := range []int{1, 3, 40, 5000} {
			for _, gists := range []*gists{g, &some} {
				s := &nameSearch{ix: ix, filter: f, pattern: p, gists: gists, most: most}
				got, err := s.run(t.Context())
				if err != nil {
					t.Fatal(err)
				}
				enough, symbols := 0, 0
				for ; enough < len(want) && symbols < most; enough++ {
					symbols += want[enough].symbols
				}
				if len(got) != enough {
					t.Fatalf("%q: %d of %d, want %d", query, len(got), len(want), enough)
				}
				for i := range got {
					if a, b := got[i], want[i]; string(a.key) != string(b.key) || a.tier != b.tier || a.score != b.score || a.n != b.n || a.symbols != b.symbols {
						t.Fatalf("%q, the best %d of %d: place %d has %q with %d, want %q with %d", query, most, len(want), i, a.key, a.score, b.key, b.score)
					}
				}
				if len(want) > enough && !s.more {
					t.Errorf("%q: %d of %d, and nothing is said to be left out", query, enough, len(want))
				}
			}
		}
	}
}

// TestSieve: a gist never says less than what a name can score.
func TestSieve(t *testing.T) {
	r := rand.New(rand.NewPCG(17, 18))
	const alphabet = "aAbBcxZ_19é-"
	word := func(n int) []byte {
		out := make([]byte, n)
		for i := range out {
			out[i] = alphabet[r.IntN(len(alphabet))]
		}
		return out
	}
	for range 300 {
		var names [][]byte
		for range groupKeys {
			names = append(names, word(1+r.IntN(14)))
		}
		slices.SortFunc(names, compareKeys)
		var group groupGist
		var of gister
		var all []gist
		var columns sheet
		var last []byte
		for _, name := range names {
			shared := 0
			for shared < min(len(last), len(name)) && last[shared] == name[shared] {
				shared++
			}
			all, last = append(all, of.gist(name, shared, &group)), name
			columns.set(len(all)-1, all[len(all)-1].letters)
		}
		for range 10 {
			query := word(1 + r.IntN(6))
			p := newPattern(string(query))
			s := newSieve(p)
			best, shortest := s.group(&group)
			for i, name := range names {
				score := slowScore(p, name)
				if score <= none || scatteredSlowly(string(query), string(name)) {
					continue
				}
				if s.within(&columns)>>i&1 == 0 {
					t.Fatalf("%q is within %q, and its gist says no", query, name)
				}
				if most := s.most(all[i].joins); most < score || best < most {
					t.Fatalf("%q in %q scores %d, its gist says %d, and its group's %d", query, name, score, most, best)
				}
				if len(name) < shortest {
					t.Fatalf("%q has %d bytes, its group says %d", name, len(name), shortest)
				}
				if columns.length(i) != len(name) {
					t.Fatalf("%q has %d bytes, its gist says %d", name, len(name), columns.length(i))
				}
			}
		}
	}
}
