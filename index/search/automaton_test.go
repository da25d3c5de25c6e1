package search

import (
	"bytes"
	"context"
	"math/rand/v2"
	"reflect"
	"regexp"
	"regexp/syntax"
	"strings"
	"sync"
	"testing"
)

// TestAutomatonAsPackageRegexp holds the automatons against package regexp, with so
// little memory for states that they are forgotten all the time, and with enough.
func TestAutomatonAsPackageRegexp(t *testing.T) {
	exprs := []string{
		``, `a`, `a*`, `a*?`, `(a|ab)(c|bcd)?`, `(ab|a)b*`, `^a`, `a$`, `^$`, `^`, `$`, `\ba`, `a\b`, `\B`, `\b`, `\Aa|b\z`,
		`(?i)k`, `(?i)straße`, `(?i)ſ`, `(?i)𐐀`, `(?i)𞤀`, `(?i:[a-k])+`, `.`, `.*`, `(?s).*?b`, `[^a]`, `[^\n]+`, `\pL+`, `\PL`, `[\pL\pM]{2,3}`,
		`(a*)*`, `(|a)*`, `(|a)+`, `(a|b)*abb`, `[ab]*a[ab]{6}`, `(?:a|b|c|\x{10ffff})+?c`, `é+`, `[é-ÿ]`, `\x{fffd}`, `\x{d800}`, `[\x{d000}-\x{dabc}]`,
		`[[:^ascii:]]`, `x{0}`, `a{2,}?`, `(?m)^a$`, `(?m)^`, `(?m)$`, `(?-s).+\n?`, `(?U)a+b`, `a?b?c?`, `[^\x00-\x{10ffff}]`, `a|[^\x00-\x{10ffff}]`,
		`k|K`, `[aA]`, `[kK]`, `\w+\W\w`, `\d{2}`,
	}
	r := rand.New(rand.NewPCG(1, 2))
	for len(exprs) < 300 {
		exprs = append(exprs, drawnRegexp(r, 3))
	}
	alphabet := []string{"a", "b", "c", "A", "K", "\u212a", "ſ", "é", "É", " ", "_", "\n", "9", "𐐀", "𞤢", "\ufffd", "\u0301"}
	for _, expr := range exprs {
		for _, flags := range []syntax.Flags{syntax.Perl, syntax.Perl &^ syntax.OneLine, syntax.Perl | syntax.FoldCase} {
			re, err := syntax.Parse(expr, flags)
			if err != nil {
				continue
			}
			std := regexp.MustCompile(re.String())
			for _, limit := range []int{1, automatonBytes} {
				forward, backward := mustAutomaton(t, re, false), mustAutomaton(t, reverse(re), true)
				forward.limit, backward.limit = limit, limit
				f := &finder{automatons: poolOf(&automatons{forward, backward})}
				for range 6 {
					var text []byte
					for range r.IntN(14) {
						text = append(text, alphabet[r.IntN(len(alphabet))]...)
					}
					var want [][2]int
					for _, m := range std.FindAllIndex(text, -1) {
						want = append(want, [2]int{m[0], m[1]})
					}
					if got := f.appendAll(context.Background(), nil, text, 1000); !reflect.DeepEqual(got, want) {
						t.Fatalf("%q with flags %d in %q: %v, package regexp finds %v", expr, flags, text, got, want)
					}
					if got, want := linesBy(forward, text), linesOf(std, text); !reflect.DeepEqual(got, want) {
						t.Fatalf("%q with flags %d in %q: lines at %v, package regexp finds %v", expr, flags, text, got, want)
					}
				}
			}
		}
	}
}

// linesBy lists where the lines begin that an automaton finds.
func linesBy(a *automaton, text []byte) (starts []int) {
	for at := 0; at < len(text); {
		i := a.line(context.Background(), text, at)
		if i < 0 {
			break
		}
		starts = append(starts, at+bytes.LastIndexByte(text[at:i], '\n')+1)
		at = lineEnd(text, i) + 1
	}
	return starts
}

func linesOf(re *regexp.Regexp, text []byte) (starts []int) {
	at := 0
	for line := range bytes.Lines(text) {
		if re.Match(bytes.TrimSuffix(line, []byte("\n"))) {
			starts = append(starts, at)
		}
		at += len(line)
	}
	return starts
}

func mustAutomaton(t *testing.T, re *syntax.Regexp, longest bool) *automaton {
	t.Helper()
	m, err := newMachine(re, longest)
	if err != nil || m == nil {
		t.Fatalf("%s: %v, %v", re, m, err)
	}
	return newAutomaton(m)
}

func drawnRegexp(r *rand.Rand, depth int) string {
	if depth == 0 || r.IntN(5) == 0 {
		atoms := []string{"a", "b", "c", "K", "é", `\b`, `\B`, "^", "$", ".", "[ab]", "[^a]", `\w`, "_", "", `\n`, "(?i:k)", `\pL`}
		return atoms[r.IntN(len(atoms))]
	}
	sub := func() string { return drawnRegexp(r, depth-1) }
	switch r.IntN(5) {
	case 0:
		return "(?:" + sub() + "|" + sub() + ")"
	case 1:
		return "(?:" + sub() + ")" + []string{"*", "+", "?", "*?", "+?", "??", "{2}", "{1,3}", "{0,2}?"}[r.IntN(9)]
	}
	return sub() + sub()
}

// TestAutomatonIsBounded: a regexp with a million states takes no more memory than others.
func TestAutomatonIsBounded(t *testing.T) {
	re, err := syntax.Parse(`(a|b)*a[ab]{20}c`, syntax.Perl)
	if err != nil {
		t.Fatal(err)
	}
	a := mustAutomaton(t, re, false)
	r := rand.New(rand.NewPCG(3, 4))
	var text strings.Builder
	for range 200_000 {
		text.WriteByte("ab"[r.IntN(2)])
	}
	if got := a.line(context.Background(), []byte(text.String()), 0); got >= 0 {
		t.Fatalf("found at %d what is not there", got)
	}
	if a.life < 2 || a.size > automatonBytes {
		t.Errorf("states of %d bytes after having been forgotten %d times", a.size, a.life)
	}
}

// TestAutomatonEndsWithContext: what is interrupted is not taken for a match.
func TestAutomatonEndsWithContext(t *testing.T) {
	re, _ := syntax.Parse(`a+b?`, syntax.Perl)
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	text := []byte(strings.Repeat("a", 1<<20))
	a := mustAutomaton(t, re, false)
	if a.forward(ctx, text, 0) >= 0 || a.line(ctx, text, 0) >= 0 {
		t.Error("found something in a context that has ended")
	}
}

func poolOf(a *automatons) *sync.Pool { return &sync.Pool{New: func() any { return a }} }
