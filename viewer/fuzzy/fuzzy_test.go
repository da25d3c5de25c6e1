package fuzzy

import (
	"context"
	"fmt"
	"math/rand/v2"
	"reflect"
	"slices"
	"strings"
	"sync"
	"testing"
	"unicode"
)

func best(t *testing.T, names []string, typed string) []string {
	t.Helper()
	r := Of(names).Rank(t.Context(), Parse(typed), 20, nil, nil)
	out := make([]string, len(r.Best))
	for i, m := range r.Best {
		out[i] = names[m.Index]
	}
	return out
}

func TestRank(t *testing.T) {
	paths := []string{
		"README.md", "engine/core/buf.c", "engine/core/buf.h", "engine/unpack/pdf_decode.c", "engine/unpack/pdf_decode.h",
		"engine/unpack/lzw.c", "tests/fuzz/fuzz_pdf_decode.dict", "tests/unpack/test_pdf_decode.c", "tools/postdeploy.py", "service/HttpServer.go", "src/unicode/tables.go", "mod/example_v1.0.0-unprintable.txt",
		"kernel/sched/core.c", "kernel/sched/core_sched.c", "include/linux/sched.h", "selftests/net/sch_red_core.sh", "include/linux/sched/cond_resched.h", "dts/qcom/sdm845-cheza.dtsi",
	}
	for _, c := range []struct{ typed, first, why string }{
		{"pdfdec", "engine/unpack/pdf_decode.c", "the base name that begins so"},
		{"pd", "engine/unpack/pdf_decode.c", "a base name's beginning before its middle"},
		{"hs", "service/HttpServer.go", "capitals begin words"},
		{"unpack/lzw", "engine/unpack/lzw.c", "folders can be typed"},
		{`unpack\lzw`, "engine/unpack/lzw.c", "with another system's slash, too"},
		{"unitab", "src/unicode/tables.go", "two words' beginnings before letters scattered in one name"},
		{"buf.h", "engine/core/buf.h", "a row of letters before scattered ones"},
		{"sched", "include/linux/sched.h", "a row of letters before beginnings of words"},
		{"schedcore", "kernel/sched/core.c", "whole words of the path before pieces of a name"},
		{"readme", "README.md", "case does not matter"},
		{"test dec", "tests/unpack/test_pdf_decode.c", "words apart"},
		{"decode test", "tests/unpack/test_pdf_decode.c", "words in any order"},
		{"lzw engine", "engine/unpack/lzw.c", "the folder behind the name"},
	} {
		if got := best(t, paths, c.typed); len(got) == 0 || got[0] != c.first {
			t.Errorf("%q finds %v first, want %s: %s", c.typed, got, c.first, c.why)
		}
	}
	for _, typed := range []string{"qqq", "dec qqq", "zlw"} {
		if got := best(t, paths, typed); len(got) != 0 {
			t.Errorf("%q finds %v", typed, got)
		}
	}
}

func TestNothingTypedFindsAllInTheirOrder(t *testing.T) {
	names := []string{"b", "a/z", "a/y", "c"}
	r := Of(names).Rank(t.Context(), Parse(" "), 3, map[int]int{3: 1, 2: 5}, nil)
	if want := []Match{{2, 5}, {3, 1}, {0, 0}}; !reflect.DeepEqual(r.Best, want) || r.Total != 4 {
		t.Errorf("%v of %d, want %v of 4", r.Best, r.Total, want)
	}
}

func TestBonusDecidesAmongEquals(t *testing.T) {
	n := Of([]string{"a/buf.c", "b/buf.c", "c/buf.c"})
	if r := n.Rank(t.Context(), Parse("buf"), 3, map[int]int{2: 6}, nil); r.Best[0].Index != 2 {
		t.Errorf("first is %v", r.Best)
	}
}

func TestRankIsBounded(t *testing.T) {
	names := make([]string, 3000)
	for i := range names {
		names[i] = fmt.Sprintf("dir/%s%d", strings.Repeat("x", i%40), len(names)-i)
	}
	names[2999] = "dir/x"
	r := Of(names).Rank(t.Context(), Parse("x"), 50, nil, nil)
	if len(r.Best) != 50 || r.Total < 2900 || names[r.Best[0].Index] != "dir/x" {
		t.Errorf("%d of %d, first %v", len(r.Best), r.Total, r.Best[0])
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if r := Of(names).Rank(ctx, Parse("x"), 50, nil, nil); r != nil {
		t.Error("an answer that nobody wants is given")
	}
}

func TestFind(t *testing.T) {
	names := []string{"a", "b/c", "b/d", "b/c/d", ""}
	n := Of(names)
	for i, name := range names {
		if at, ok := n.Find(name); !ok || at != i {
			t.Errorf("%q is number %d, %v", name, at, ok)
		}
	}
	for _, name := range []string{"c", "b/", "b/c/", "x/y"} {
		if at, ok := n.Find(name); ok {
			t.Errorf("%q is number %d", name, at)
		}
	}
}

// madeUp are paths over few letters, so that everything nearly matches.
func madeUp(r *rand.Rand, n int) []string {
	const letters = "abcAB_é"
	runes := []rune(letters)
	names := make([]string, n)
	for i := range names {
		var b strings.Builder
		for range 1 + r.IntN(12) {
			if r.IntN(6) == 0 && b.Len() > 0 {
				b.WriteByte('/')
			}
			b.WriteRune(runes[r.IntN(len(runes))])
		}
		names[i] = b.String()
	}
	return names
}

// TestNarrowing: adding letters to a ranking, letter by letter, finds what asking anew does,
// and so does dividing the names.
func TestNarrowing(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	names := madeUp(r, 2*worthSharing)
	n, shared := Of(names), Of(names)
	shared.Share = func(n int, f func(int)) {
		var all sync.WaitGroup
		for i := range n {
			all.Go(func() { f(i) })
		}
		all.Wait()
	}
	for range 40 {
		typed, full := "", madeUp(r, 1)[0]+" "+madeUp(r, 1)[0]
		var before *Ranking
		for _, c := range full {
			typed += string(c)
			step := shared.Rank(t.Context(), Parse(typed), 30, map[int]int{5: 6, 70: 6}, before)
			anew := n.Rank(t.Context(), Parse(typed), 30, map[int]int{5: 6, 70: 6}, nil)
			if step.Total != anew.Total || !reflect.DeepEqual(step.Best, anew.Best) {
				t.Fatalf("%q: %d and %d found, best %v and %v", typed, step.Total, anew.Total, step.Best, anew.Best)
			}
			before = step
		}
	}
}

// TestRankIsScore: the best of all names are those whose score is highest.
func TestRankIsScore(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	names := madeUp(r, 3000)
	n := Of(names)
	for range 60 {
		q := Parse(madeUp(r, 1)[0])
		var want []int
		for _, name := range names {
			if s, ok := q.Score(name); ok {
				want = append(want, s)
			}
		}
		slices.Sort(want)
		slices.Reverse(want)
		got := n.Rank(t.Context(), q, 40, nil, nil)
		if got.Total != len(want) {
			t.Fatalf("%q: %d match, want %d", q.pieces[0].text, got.Total, len(want))
		}
		for i, m := range got.Best {
			if m.Score != want[i] {
				t.Fatalf("%q: number %d scores %d, want %d", q.pieces[0].text, i, m.Score, want[i])
			}
		}
	}
}

// slow scores by trying every way to find the letters.
func slow(pat []rune, name string) (best int, ok bool) {
	base := strings.LastIndexByte(name, '/') + 1
	var try func(k, from, last, score int)
	try = func(k, from, last, score int) {
		if k == len(pat) {
			if !ok || score > best {
				best, ok = score, true
			}
			return
		}
		for i, r := range name[from:] {
			i += from
			if unicode.ToLower(r) != pat[k] {
				continue
			}
			s := score + letterWorth
			if i >= base {
				s += baseWorth
			}
			if beginsWord(name, i) {
				s += startWorth
			}
			size := len(string(r))
			if i == last {
				try(k+1, i+size, i+size, s+rowWorth)
			}
			try(k+1, i+size, i+size, s-gapCost)
		}
	}
	try(0, 0, -1, 0)
	return best, ok
}

// TestScoreIsTheBest: no way to find the letters scores more.
func TestScoreIsTheBest(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 6))
	for range 3000 {
		name, typed := madeUp(r, 1)[0], madeUp(r, 1)[0]
		if len(typed) > 5 {
			typed = string([]rune(typed)[:3])
		}
		pat := []rune(strings.ToLower(typed))
		want, fits := slow(pat, name)
		got, ok := Parse(typed).Score(name)
		if ok != fits || ok && got != want {
			t.Fatalf("%q in %q scores %d %v, want %d %v", typed, name, got, ok, want, fits)
		}
	}
}

// FuzzHits: what is emphasised spells the letters, in order, within the name.
func FuzzHits(f *testing.F) {
	for _, s := range [][2]string{{"engine/unpack/pdf_decode.c", "pdfdec"}, {"ÄÖ/straße.c", "ß"}, {"a", "aa"}, {"x/\xff\xfe", "\xff"}, {"İ/i", "i"}, {"K/k", "k"}, {"abcabc", "cb"}} {
		f.Add(s[0], s[1])
	}
	f.Fuzz(func(t *testing.T, name, typed string) {
		q := Parse(typed)
		_, ok := q.Score(name)
		hits := q.Hits(name)
		if len(q.pieces) != 1 || len(name) > maxName {
			return
		}
		if ok != (hits != nil) {
			t.Fatalf("%q in %q: matches %v, ranges %v", typed, name, ok, hits)
		}
		if !ok {
			return
		}
		var spelled []rune
		last := 0
		for _, h := range hits {
			if h[0] < last || h[1] <= h[0] || h[1] > len(name) {
				t.Fatalf("ranges %v of %q", hits, name)
			}
			last = h[1]
			for _, r := range name[h[0]:h[1]] {
				spelled = append(spelled, unicode.ToLower(r))
			}
		}
		var want []rune
		for _, r := range q.pieces[0].text {
			if want = append(want, unicode.ToLower(r)); len(want) == maxPiece {
				break
			}
		}
		if string(spelled) != string(want) {
			t.Fatalf("%q in %q emphasises %q", typed, name, string(spelled))
		}
	})
}
