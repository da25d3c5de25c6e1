package code

import (
	"fmt"
	"image"
	"image/color"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/test"

	"vitrine/viewer/style"
)

// show opens a window of 40 columns and 10 rows or so on a text.
func show(t *testing.T, src Source) *View {
	t.Helper()
	a := test.NewTempApp(t)
	a.Settings().SetTheme(style.Theme{P: style.Dark})
	v := NewView()
	v.glyphs.drawn = fixedGlyphs().drawn
	v.SetSource(src)
	w := test.NewTempWindow(t, v)
	w.SetPadded(false)
	w.Resize(fyne.NewSize(style.WidthGutter+320+stripWidth, 10*rowHeight))
	if v.Size() != fyne.NewSize(style.WidthGutter+320+stripWidth, 10*rowHeight) {
		t.Fatalf("the view is %v", v.Size())
	}
	return v
}

// numbered is a text of n lines that say their numbers.
func numbered(n int) text {
	lines := make(text, n)
	for i := range lines {
		lines[i] = fmt.Sprintf("line %d", i+1)
	}
	return lines
}

// drawnText is a string in the text area.
type drawnText struct {
	Text   string
	Color  color.Color
	Italic bool
	Code   bool    // a run of the row's raster, not a remark
	X      float32 // in the text area
}

// drawnTexts are the strings in the text area, a slice for each line.
func drawnTexts(v *View) map[int][]drawnText {
	m := map[int][]drawnText{}
	for _, r := range v.stage.rows {
		if r.line == 0 {
			continue
		}
		for _, k := range r.runs {
			m[r.line] = append(m[r.line], drawnText{string(k.text) + k.label, k.color, k.italic, true, r.body.Position().X + v.cellX(k.cell)})
		}
		for _, o := range r.body.Objects {
			if t, ok := o.(*canvas.Text); ok {
				m[r.line] = append(m[r.line], drawnText{t.Text, t.Color, t.TextStyle.Italic, t.TextStyle.Monospace, r.body.Position().X + t.Position().X})
			}
		}
	}
	return m
}

func rectsOf(v *View, line int, match func(*canvas.Rectangle) bool) []*canvas.Rectangle {
	var out []*canvas.Rectangle
	for _, r := range v.stage.rows {
		for _, o := range r.body.Objects {
			if q, ok := o.(*canvas.Rectangle); ok && r.line == line && match(q) {
				out = append(out, q)
			}
		}
	}
	return out
}

func joined(texts []drawnText) string {
	var s []string
	for _, t := range texts {
		s = append(s, t.Text)
	}
	return strings.Join(s, "|")
}

// center is the middle of the character at a position.
func center(v *View, line, col int) fyne.Position {
	return v.point(Pos{line, col}).AddXY(float32(v.cell()/2), rowHeight/2)
}

func press(v *View, at fyne.Position, mod fyne.KeyModifier) {
	v.MouseDown(&desktop.MouseEvent{PointEvent: fyne.PointEvent{Position: at}, Button: desktop.MouseButtonPrimary, Modifier: mod})
}

func release(v *View) { v.MouseUp(&desktop.MouseEvent{Button: desktop.MouseButtonPrimary}) }

func drag(v *View, to fyne.Position) {
	v.Dragged(&fyne.DragEvent{PointEvent: fyne.PointEvent{Position: to}})
}

// clock stands still until told to wait.
func clock(t *testing.T) (wait func(time.Duration)) {
	at := time.Unix(1, 0)
	now = func() time.Time { return at }
	t.Cleanup(func() { now = time.Now })
	return func(d time.Duration) { at = at.Add(d) }
}

func TestTokensAreColouredRuns(t *testing.T) {
	v := show(t, text{"if (x) /* why */ return;", "plain"})
	v.SetTokens(1, [][]Token{{{0, 2, Keyword}, {3, 4, Punct}, {5, 6, Punct}, {7, 16, Comment}, {17, 23, Keyword}, {23, 24, Punct}}})
	got := drawnTexts(v)[1]
	if s := joined(got); s != "if|(|x|)|/* why */|return|;" {
		t.Fatalf("drawn as %s", s)
	}
	if got[0].Color != v.p.Keyword || got[2].Color != v.p.Id || got[4].Color != v.p.Comment || !got[4].Italic || got[0].Italic {
		t.Error("a run has another class's look")
	}
	for i, col := range []int{0, 3, 4, 5, 7, 17, 23} {
		if want := v.cellX(col); got[i].X != want {
			t.Errorf("%q stands at %v, want %v", got[i].Text, got[i].X, want)
		}
	}
	v.SetTokens(1, [][]Token{nil})
	if s := joined(drawnTexts(v)[1]); s != "if (x) /* why */ return;" {
		t.Errorf("without tokens drawn as %s", s)
	}
}

// TestBadTokens: tokens come from outside; wrong ones colour wrongly, no more.
func TestBadTokens(t *testing.T) {
	v := show(t, text{"if é\u202e x"})
	v.SetTokens(-3, make([][]Token, 9))
	v.SetTokens(1, [][]Token{{{5, 2, Keyword}, {-4, 99, Comment}, {4, 5, String}, {0, 1, Class(99)}}, {{0, 4, Keyword}}})
	if s := joined(drawnTexts(v)[1]); strings.ReplaceAll(strings.ReplaceAll(s, "|", ""), " ", "") != "iféRLOx" {
		t.Errorf("drawn as %s", s)
	}
}

func TestHiddenCharactersAreBoxes(t *testing.T) {
	v := show(t, text{"a\u202eb\u2066c\u200b\u00a0\x1b\r.", "\xff\ufeff", "e\u0301 𝕏"})
	got := joined(drawnTexts(v)[1])
	if got != "a|RLO|b|LRI|c|ZWSP|NBSP|ESC|CR|." {
		t.Errorf("line 1 drawn as %s", got)
	}
	if s := joined(drawnTexts(v)[2]); s != "0xFF|BOM" {
		t.Errorf("line 2 drawn as %s", s)
	}
	if s := joined(drawnTexts(v)[3]); s != "e|U+0301|U+1D54F" {
		t.Errorf("line 3 drawn as %s", s)
	}
	boxes := rectsOf(v, 1, func(r *canvas.Rectangle) bool { return r.StrokeColor == v.p.Warn })
	if len(boxes) != 6 {
		t.Fatalf("%d boxes, want 6", len(boxes))
	}
	for i, b := range boxes {
		if letters := len([]string{"RLO", "LRI", "ZWSP", "NBSP", "ESC", "CR"}[i]); b.Size().Width < float32(letters*v.metrics.labels.cell+4) {
			t.Errorf("box %d is too narrow for its label", i)
		}
	}
}

// TestLogicalOrder: right-to-left letters stand where their bytes do.
func TestLogicalOrder(t *testing.T) {
	v := show(t, text{"x = שלום;"})
	if s := joined(drawnTexts(v)[1]); s != "x = שלום;" {
		t.Fatalf("drawn as %s", s)
	}
	r := v.stage.rows[0]
	for i, l := range []rune("x=שלום;") {
		cell := i
		if i > 0 {
			cell = i + 1 // behind the blanks
		}
		if i > 1 {
			cell = i + 2
		}
		alone := v.metrics.letters.mask(letter{r: l, cells: 1})
		for y := range alone.h {
			for x := range alone.w {
				at := v.paintRow(r, 200, int(v.row())).(*image.RGBA).RGBAAt(r.pad(&v.metrics)+cell*v.metrics.letters.cell+alone.x+x, v.metrics.base+alone.y+y)
				if at.A < alone.pix[y*alone.w+x] {
					t.Fatalf("%q is not in its cell", l)
				}
			}
		}
	}
}

func TestKeyboard(t *testing.T) {
	const ctrl, shift = fyne.KeyModifierControl, fyne.KeyModifierShift
	type key struct {
		name fyne.KeyName
		mod  fyne.KeyModifier
	}
	src := append(text{"\tfoo(bar_1, 中);", "", "x\u202ey\r"}, numbered(50)...)
	for _, c := range []struct {
		why  string
		from Pos
		keys []key
		want string
	}{
		{"right over a wide character", Pos{1, 13}, []key{{fyne.KeyRight, 0}, {fyne.KeyLeft, 0}, {fyne.KeyRight, 0}}, "1:16"},
		{"right over the end", Pos{2, 1}, []key{{fyne.KeyRight, 0}}, "3:1"},
		{"left over the start", Pos{3, 1}, []key{{fyne.KeyLeft, 0}}, "2:1"},
		{"left at the very start", Pos{1, 1}, []key{{fyne.KeyLeft, 0}, {fyne.KeyUp, 0}}, "1:1"},
		{"a hidden character is one step", Pos{3, 2}, []key{{fyne.KeyRight, 0}}, "3:5"},
		{"end stops before the carriage return", Pos{3, 1}, []key{{fyne.KeyEnd, 0}}, "3:6"},
		{"home goes to the text, then to the start", Pos{1, 9}, []key{{fyne.KeyHome, 0}}, "1:2"},
		{"home twice", Pos{1, 9}, []key{{fyne.KeyHome, 0}, {fyne.KeyHome, 0}}, "1:1"},
		{"down keeps its cell over a short line", Pos{1, 2}, []key{{fyne.KeyDown, 0}, {fyne.KeyDown, 0}, {fyne.KeyDown, 0}}, "4:5"},
		{"page down", Pos{4, 2}, []key{{fyne.KeyPageDown, 0}}, "13:2"},
		{"page up", Pos{20, 2}, []key{{fyne.KeyPageUp, 0}}, "11:2"},
		{"down at the end", Pos{53, 1}, []key{{fyne.KeyDown, 0}}, "53:8"},
		{"control and end", Pos{1, 1}, []key{{fyne.KeyEnd, ctrl}}, "53:8"},
		{"control and home", Pos{30, 3}, []key{{fyne.KeyHome, ctrl}}, "1:1"},
		{"words to the right", Pos{1, 1}, []key{{fyne.KeyRight, ctrl}, {fyne.KeyRight, ctrl}, {fyne.KeyRight, ctrl}}, "1:6"},
		{"words to the left", Pos{1, 11}, []key{{fyne.KeyLeft, ctrl}, {fyne.KeyLeft, ctrl}}, "1:5"},
		{"shift selects", Pos{1, 2}, []key{{fyne.KeyRight, shift}, {fyne.KeyRight, shift}}, "1:2-1:4"},
		{"shift selects lines", Pos{4, 1}, []key{{fyne.KeyDown, shift}, {fyne.KeyEnd, shift}}, "4:1-5:7"},
		{"shift back to nothing", Pos{4, 1}, []key{{fyne.KeyDown, shift}, {fyne.KeyUp, shift}}, "4:1"},
		{"shift, control and home", Pos{2, 1}, []key{{fyne.KeyHome, ctrl | shift}}, "1:1-2:1"},
		{"left leaves a selection at its start", Pos{4, 1}, []key{{fyne.KeyDown, shift}, {fyne.KeyLeft, 0}}, "4:1"},
		{"right leaves it at its end", Pos{4, 1}, []key{{fyne.KeyDown, shift}, {fyne.KeyRight, 0}}, "5:1"},
	} {
		v := show(t, src)
		v.Select(Range{c.from, c.from})
		for _, k := range c.keys {
			if k.mod&ctrl != 0 {
				v.TypedShortcut(&desktop.CustomShortcut{KeyName: k.name, Modifier: k.mod})
				continue
			}
			if k.mod&shift != 0 {
				v.KeyDown(&fyne.KeyEvent{Name: desktop.KeyShiftLeft})
			}
			v.TypedKey(&fyne.KeyEvent{Name: k.name})
			v.KeyUp(&fyne.KeyEvent{Name: desktop.KeyShiftLeft})
		}
		s := v.Selection()
		got := fmt.Sprintf("%d:%d", s.From.Line, s.From.Col)
		if !s.Empty() {
			got += fmt.Sprintf("-%d:%d", s.To.Line, s.To.Col)
		}
		if got != c.want {
			t.Errorf("%s: %s, want %s", c.why, got, c.want)
		}
		if from, to := v.Shown(); v.Caret().Line < from || v.Caret().Line > to {
			t.Errorf("%s: the caret in line %d is out of view, %d to %d", c.why, v.Caret().Line, from, to)
		}
	}
}

func TestHooks(t *testing.T) {
	v := show(t, numbered(100))
	var carets, shown, keys []string
	var copied string
	v.OnCaret = func(p Pos, r Range) { carets = append(carets, fmt.Sprint(p, r)) }
	v.OnShown = func(from, to int) { shown = append(shown, fmt.Sprintf("%d-%d", from, to)) }
	v.OnCopy = func(s string) { copied = s }
	v.OnKey = func(e *fyne.KeyEvent) { keys = append(keys, string(e.Name)) }

	v.TypedShortcut(&fyne.ShortcutCopy{})
	if copied != "" {
		t.Error("copying nothing called OnCopy")
	}
	v.Select(Range{Pos{2, 6}, Pos{4, 5}})
	v.TypedShortcut(&fyne.ShortcutCopy{})
	if copied != "2\nline 3\nline" {
		t.Errorf("copied %q", copied)
	}
	chord := &desktop.CustomShortcut{KeyName: fyne.KeyM, Modifier: fyne.KeyModifierControl}
	v.TypedShortcut(chord) // nobody is there to take it
	var chords []fyne.Shortcut
	v.OnShortcut = func(s fyne.Shortcut) { chords = append(chords, s) }
	v.TypedShortcut(chord)
	v.TypedShortcut(&desktop.CustomShortcut{KeyName: fyne.KeyRight, Modifier: fyne.KeyModifierAlt | fyne.KeyModifierControl})
	v.TypedShortcut(&fyne.ShortcutUndo{})
	if len(chords) != 3 || chords[0] != chord {
		t.Errorf("shortcuts of the window: %v", chords)
	}
	for _, k := range []fyne.KeyName{fyne.KeyF3, fyne.KeyEscape, desktop.KeyControlLeft} {
		v.TypedKey(&fyne.KeyEvent{Name: k})
	}
	v.TypedKey(&fyne.KeyEvent{Name: fyne.KeyDown})
	v.ScrollTo(Scroll{Y: 400})
	v.ScrollTo(Scroll{Y: 405})
	if got, want := strings.Join(keys, " "), "F3 Escape"; got != want {
		t.Errorf("keys passed on: %s, want %s", got, want)
	}
	if got, want := strings.Join(carets, " "), "{4 5} {{2 6} {4 5}} {5 5} {{5 5} {5 5}}"; got != want {
		t.Errorf("caret: %s, want %s", got, want)
	}
	if got, want := strings.Join(shown, " "), "21-30 21-31"; got != want {
		t.Errorf("shown: %s, want %s", got, want)
	}
	v.TypedShortcut(&fyne.ShortcutSelectAll{})
	if s := v.SelectedText(); s != strings.Join(numbered(100), "\n") {
		t.Errorf("select all gives %d bytes", len(s))
	}
}

func TestRevealAndScroll(t *testing.T) {
	v := show(t, numbered(100))
	v.Reveal(5)
	if from, to := v.Shown(); from != 1 || to != 10 {
		t.Errorf("revealing a line in view scrolled to %d-%d", from, to)
	}
	v.Reveal(50)
	if from, to := v.Shown(); from != 45 || to != 55 {
		t.Errorf("line 50 is not in the middle of %d-%d", from, to)
	}
	v.Reveal(1000)
	if _, to := v.Shown(); to != 100 {
		t.Errorf("a line behind the end leads to %d", to)
	}
	at := v.Scroll()
	v.SetSource(numbered(3))
	if s := v.Scroll(); s != (Scroll{}) {
		t.Errorf("another text begins at %v", s)
	}
	v.SetSource(numbered(100))
	v.ScrollTo(at)
	if s := v.Scroll(); s != at {
		t.Errorf("came back to %v, want %v", s, at)
	}
	v.SetSource(nil)
	if from, to := v.Shown(); from != 0 || to != 0 || len(drawnTexts(v)) != 0 {
		t.Error("no text still shows lines")
	}
	v.TypedKey(&fyne.KeyEvent{Name: fyne.KeyDown})
	v.TypedShortcut(&fyne.ShortcutSelectAll{})
	press(v, fyne.NewPos(100, 50), 0)
	release(v)
	if v.Caret() != (Pos{1, 1}) {
		t.Error("the caret moves in no text")
	}
}

// TestRevealBeforeSize: a file is opened at a hit before the view has its place.
func TestRevealBeforeSize(t *testing.T) {
	a := test.NewTempApp(t)
	a.Settings().SetTheme(style.Theme{P: style.Light})
	v := NewView()
	v.SetPalette(style.Light)
	v.SetSource(numbered(500))
	v.Select(Range{Pos{300, 1}, Pos{300, 5}})
	v.Reveal(300)
	w := test.NewTempWindow(t, v)
	w.Resize(fyne.NewSize(500, 400))
	if from, to := v.Shown(); from > 300 || to < 300 {
		t.Errorf("line 300 is not in %d-%d", from, to)
	}
}

func TestSelectClamps(t *testing.T) {
	v := show(t, text{"aé中", "b\r"})
	for _, c := range []struct{ give, want Range }{
		{Range{Pos{0, 5}, Pos{9, 9}}, Range{Pos{1, 1}, Pos{2, 2}}},
		{Range{Pos{1, 3}, Pos{1, 6}}, Range{Pos{1, 2}, Pos{1, 4}}},
		{Range{Pos{1, -3}, Pos{1, 99}}, Range{Pos{1, 1}, Pos{1, 7}}},
		{Range{Pos{2, 3}, Pos{1, 2}}, Range{Pos{1, 2}, Pos{2, 2}}},
	} {
		if v.Select(c.give); v.Selection() != c.want {
			t.Errorf("%v becomes %v, want %v", c.give, v.Selection(), c.want)
		}
	}
	if v.Caret() != (Pos{1, 2}) {
		t.Errorf("the caret is at %v, not at the range's To", v.Caret())
	}
}
