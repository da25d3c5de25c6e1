package code

import (
	"math/rand"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
)

// key gives the view a key as Fyne would.
func key(v *View, name fyne.KeyName, mod fyne.KeyModifier) {
	if mod&^shift != 0 {
		v.TypedShortcut(&desktop.CustomShortcut{KeyName: name, Modifier: mod})
		return
	}
	if mod&shift != 0 {
		v.KeyDown(&fyne.KeyEvent{Name: desktop.KeyShiftLeft})
	}
	v.TypedKey(&fyne.KeyEvent{Name: name})
	v.KeyUp(&fyne.KeyEvent{Name: desktop.KeyShiftLeft})
}

// odd is a text of what goes wrong elsewhere: wide and right-to-left characters, tabs,
// boxes, bytes that are no UTF-8, blank lines.
func odd(rng *rand.Rand, lines int) text {
	pieces := []string{"foo", "(", ")", "{", "}", "[", "]", " ", "\t", "中文", "é", "\u202e", "\u200b", "שלום", "\xff", "\xe2\x82", "_1", "+", "\"x\"", "\r", "e\u0301", "𝕏"}
	out := make(text, lines)
	for i := range out {
		for range rng.Intn(8) {
			out[i] += pieces[rng.Intn(len(pieces))]
		}
		if rng.Intn(4) == 0 {
			out[i] = strings.Repeat(" ", rng.Intn(3))
		}
	}
	return out
}

// between reports whether a position lies in the text, between two characters.
func between(src text, p Pos) bool {
	if p.Line < 1 || p.Line > len(src) {
		return false
	}
	line := body([]byte(src[p.Line-1]))
	for at := 0; at < p.Col-1; {
		if at >= len(line) {
			return false
		}
		_, size := utf8.DecodeRune(line[at:])
		if at += size; at > p.Col-1 {
			return false
		}
	}
	return p.Col >= 1
}

// TestEveryKeyKeepsTheCaretInTheText: whatever is pressed wherever, caret and selection
// stay between characters of the text, and the caret stays in view.
func TestEveryKeyKeepsTheCaretInTheText(t *testing.T) {
	v := show(t, nil)
	for seed := range int64(20) {
		rng := rand.New(rand.NewSource(seed))
		src := odd(rng, 1+rng.Intn(40))
		v.SetSource(src)
		for range 100 {
			m := motions[rng.Intn(len(motions))]
			name, mod := m.Name, m.Modifier
			if rng.Intn(2) == 0 {
				mod |= shift
			}
			pressed := false
			switch rng.Intn(8) {
			case 0:
				v.BlockBy(rng.Intn(7)-3, rng.Intn(7)-3)
			case 1:
				v.GoToBracket(rng.Intn(2) == 0)
			case 2:
				if rng.Intn(2) == 0 {
					v.Expand()
				} else {
					v.Shrink()
				}
			default:
				key(v, name, mod)
				pressed = true
			}
			s := v.Selection()
			if !between(src, v.Caret()) || !between(src, s.From) || !between(src, s.To) || s.To.Before(s.From) {
				t.Fatalf("seed %d: %v+%v leads to %v, %v in %q", seed, name, mod, v.Caret(), s, src)
			}
			for _, r := range v.Ranges() {
				if !between(src, r.From) || !between(src, r.To) || r.To.Before(r.From) {
					t.Fatalf("seed %d: %v+%v selects %v", seed, name, mod, r)
				}
			}
			if from, to := v.Shown(); pressed && mod&ctrl == 0 && (v.Caret().Line < from || v.Caret().Line > to) {
				t.Fatalf("seed %d: %v+%v: the caret is out of view", seed, name, mod)
			}
		}
	}
}

// TestMovesUndoEachOther: there and back leads to where it began, where it should.
func TestMovesUndoEachOther(t *testing.T) {
	rng := rand.New(rand.NewSource(7))
	src := odd(rng, 60)
	v := show(t, src)
	at := func() Pos {
		line := 1 + rng.Intn(len(src))
		return v.clamp(Pos{line, 1 + rng.Intn(len(src[line-1])+1)})
	}
	stand := func(p Pos) { v.Select(Range{p, p}) }
	for range 2000 {
		p := at()
		stand(p)
		key(v, fyne.KeyRight, 0)
		q := v.Caret()
		if key(v, fyne.KeyLeft, 0); p != q && v.Caret() != p {
			t.Fatalf("right and left lead from %v to %v", p, v.Caret())
		}
		if p != v.end(len(src)) && !p.Before(q) {
			t.Fatalf("right leads from %v to %v", p, q)
		}
		stand(p)
		key(v, fyne.KeyRight, ctrl)
		q = v.Caret()
		if q.Before(p) {
			t.Fatalf("the word to the right of %v is at %v", p, q)
		}
		if key(v, fyne.KeyLeft, ctrl); p.Before(v.Caret()) && q.Line == p.Line {
			t.Fatalf("a word right and left lead from %v over %v to %v", p, q, v.Caret())
		}
		// The start of a word is found again from the next one.
		stand(p)
		key(v, fyne.KeyLeft, ctrl)
		w := v.Caret()
		key(v, fyne.KeyRight, ctrl)
		if key(v, fyne.KeyLeft, ctrl); v.Caret() != w && w.Col > 1 {
			t.Fatalf("from the word at %v right and left lead to %v in %q", w, v.Caret(), src[w.Line-1])
		}
		// A paragraph's end is found again from its start.
		stand(p)
		key(v, fyne.KeyDown, ctrl|alt)
		d := v.Caret()
		if d.Before(p) {
			t.Fatalf("a paragraph down leads from %v up to %v", p, d)
		}
		key(v, fyne.KeyUp, ctrl|alt)
		if key(v, fyne.KeyDown, ctrl|alt); v.Caret() != d && d != v.end(len(src)) {
			t.Fatalf("from the paragraph's end %v up and down lead to %v", d, v.Caret())
		}
		key(v, fyne.KeyHome, 0)
		h := v.Caret()
		key(v, fyne.KeyHome, 0)
		if key(v, fyne.KeyHome, 0); v.Caret() != h {
			t.Fatalf("home thrice leads to %v, once to %v", v.Caret(), h)
		}
	}
}

// TestBracketsAgree: the partner's partner is the bracket itself, and what lies between
// is balanced.
func TestBracketsAgree(t *testing.T) {
	rng := rand.New(rand.NewSource(3))
	v := show(t, nil)
	for range 40 {
		src := odd(rng, 30)
		v.SetSource(src)
		for n := range src {
			for col := range len(body([]byte(src[n]))) {
				p := v.clamp(Pos{n + 1, col + 1})
				to, ok := v.MatchingBracket(p)
				if !ok {
					continue
				}
				if _, here := v.bracketAt(p); !here {
					continue
				}
				self, _ := v.bracketAt(p)
				back, ok := v.MatchingBracket(to)
				if !ok || back != self {
					t.Fatalf("from %v to %v and back to %v in %q", self, to, back, src)
				}
			}
		}
	}
}

func TestBrackets(t *testing.T) {
	src := text{"f(a[1], \")\") {", "\tif (x) // }", "\t\tg();", "}", ")", "#if A", "{", "#endif"}
	v := show(t, src)
	tokens := [][]Token{{{8, 11, String}}, {{8, 12, Comment}}, nil, nil, nil, {{0, 5, Preproc}}, nil, {{0, 6, Preproc}}}
	for _, c := range []struct {
		at   Pos
		to   string // "" for none
		lone bool
		why  string
	}{
		{Pos{1, 2}, "1:12", false, "the string's does not count"},
		{Pos{1, 3}, "1:12", false, "the bracket ahead of the caret"},
		{Pos{1, 12}, "1:2", false, "backwards"},
		{Pos{1, 14}, "4:1", false, "the comment's does not count"},
		{Pos{4, 2}, "1:14", false, "backwards over lines"},
		{Pos{1, 10}, "", false, "within a string"},
		{Pos{5, 1}, "", true, "it has none"},
		{Pos{7, 1}, "", false, "a condition may have it"},
		{Pos{3, 1}, "", false, "no bracket at the caret"},
	} {
		v.SetTokens(1, tokens)
		v.Select(Range{c.at, c.at})
		got := ""
		if v.pair.n == 2 {
			got = caret(v.pair.at[1])
		}
		if got != c.to || v.pair.lone != c.lone {
			t.Errorf("%s: at %v stands %q (lone %v)", c.why, c.at, got, v.pair.lone)
		}
	}
	v.SetSource(src) // without tokens nothing is sure
	if v.Select(Range{Pos{5, 1}, Pos{5, 1}}); v.pair.lone {
		t.Error("without tokens a bracket is called lone")
	}
	v.SetTokens(1, tokens)
	if v.Select(Range{Pos{5, 1}, Pos{5, 1}}); !v.pair.lone {
		t.Error("with them it is not")
	}
	v.Select(Range{Pos{3, 5}, Pos{3, 5}})
	if !v.GoToBracket(false) || v.Caret() != (Pos{3, 4}) {
		t.Errorf("behind ( its partner is at %v", v.Caret())
	}
	v.Select(Range{Pos{3, 3}, Pos{3, 3}})
	if !v.GoToBracket(false) || v.Caret() != (Pos{1, 14}) {
		t.Errorf("what is around g is opened at %v", v.Caret())
	}
	if !v.GoToBracket(true) || v.Selection() != (Range{Pos{1, 14}, Pos{4, 2}}) {
		t.Errorf("to the bracket is selected %v", v.Selection())
	}
}

// TestBracketsByWhatIsKnown: what tells of comments and strings everywhere is asked first.
func TestBracketsByWhatIsKnown(t *testing.T) {
	src := text{"{", "} // {", "}", ""}
	v := show(t, src)
	known := false
	v.Inert = func(p Pos) (bool, bool) { return p.Line == 2 && p.Col > 2, known }
	stand := func(p Pos) { v.Select(Range{Pos{4, 1}, Pos{4, 1}}); v.Select(Range{p, p}) }
	if stand(Pos{3, 1}); v.pair.n != 2 || v.pair.at[1] != (Pos{2, 6}) {
		t.Errorf("unknown, it belongs to %v", v.pair)
	}
	known = true
	if stand(Pos{3, 1}); !v.pair.lone {
		t.Errorf("known, it is not lone: %v", v.pair)
	}
	if stand(Pos{2, 1}); v.pair.at[1] != (Pos{1, 1}) {
		t.Errorf("the pair is %v", v.pair)
	}
}

// TestBracketsAreBounded: a step of the caret does not read a large file.
func TestBracketsAreBounded(t *testing.T) {
	src := make(text, 5000)
	src[0], src[4999] = "{", "}"
	for i := 1; i < 4999; i++ {
		src[i] = "some words on a line"
	}
	v := show(t, src)
	v.Select(Range{Pos{1, 1}, Pos{1, 1}})
	if v.pair.n != 0 {
		t.Error("the partner is looked for beyond the limit")
	}
	if to, ok := v.MatchingBracket(Pos{1, 1}); !ok || to.Line != 5000 {
		t.Error("a jump does not find it")
	}
}

func TestExpandAndShrink(t *testing.T) {
	src := text{"int f(void)", "{", "\tput(\"a foo\", x[1 + y]);", "}", ""}
	v := show(t, src)
	v.SetTokens(3, [][]Token{{{5, 12, String}}})
	grow := func(p Pos) []string {
		v.Select(Range{p, p})
		var out []string
		for v.Expand() {
			out = append(out, v.SelectedText())
		}
		return out
	}
	got := grow(Pos{3, 9})
	want := []string{"foo", "a foo", "\"a foo\"", "\"a foo\", x[1 + y]", "(\"a foo\", x[1 + y])", "put(\"a foo\", x[1 + y]);",
		"\tput(\"a foo\", x[1 + y]);\n", "\n\tput(\"a foo\", x[1 + y]);\n", "{\n\tput(\"a foo\", x[1 + y]);\n}", "{\n\tput(\"a foo\", x[1 + y]);\n}\n", strings.Join(src, "\n")}
	if !slices.Equal(got, want) {
		t.Errorf("grows to\n%q, want\n%q", got, want)
	}
	for i := len(want) - 2; i >= 0; i-- {
		if !v.Shrink() || v.SelectedText() != want[i] {
			t.Fatalf("shrinks to %q, want %q", v.SelectedText(), want[i])
		}
	}
	if !v.Shrink() || v.Shrink() || v.Caret() != (Pos{3, 9}) {
		t.Errorf("it ends at %v", v.Caret())
	}
	v.Expand()
	v.Select(Range{Pos{1, 1}, Pos{1, 2}})
	if v.Shrink() {
		t.Error("what was not grown shrinks")
	}
}

// TestExpandAlwaysGrows: each step holds the one before, and shrinking goes back.
func TestExpandAlwaysGrows(t *testing.T) {
	rng := rand.New(rand.NewSource(5))
	v := show(t, nil)
	for range 60 {
		src := odd(rng, 1+rng.Intn(20))
		v.SetSource(src)
		line := 1 + rng.Intn(len(src))
		p := v.clamp(Pos{line, 1 + rng.Intn(len(src[line-1])+1)})
		v.Select(Range{p, p})
		all := []Range{v.Selection()}
		for v.Expand() {
			s, last := v.Selection(), all[len(all)-1]
			if s == last || last.From.Before(s.From) || s.To.Before(last.To) {
				t.Fatalf("%v grows to %v in %q", last, s, src)
			}
			if all = append(all, s); len(all) > 200 {
				t.Fatal("it never ends")
			}
		}
		if s := v.Selection(); len(src) > 1 && s != (Range{Pos{1, 1}, v.end(len(src))}) {
			t.Fatalf("it ends with %v", s)
		}
		for i := len(all) - 2; i >= 0; i-- {
			if !v.Shrink() || v.Selection() != all[i] {
				t.Fatalf("shrinks to %v, want %v", v.Selection(), all[i])
			}
		}
	}
}
