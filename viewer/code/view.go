package code

import (
	"math"
	"slices"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/widget"

	"vitrine/viewer/style"
)

// View shows one text. Its zero value is not usable; NewView makes one.
//
// The view takes the focus on a click. Keys that it has no use for go to OnKey,
// shortcuts to OnShortcut, so that a window's own keep working while it is focused.
type View struct {
	widget.BaseWidget

	// OnCaret is called when caret or selection changed.
	OnCaret func(Pos, Range)
	// OnLeave is called before a click, or a key that names a place, takes the caret far away.
	OnLeave func()
	// OnShown is called when other lines came into view: those of which any part is drawn.
	OnShown func(from, to int)
	// OnMark is called when the mark in the gutter of a line is clicked.
	OnMark func(line int)
	// Inert, if set, tells whether a byte stands in a comment or a string, wherever it is; until
	// that is known the tokens tell it. Brackets there are no brackets.
	Inert func(Pos) (inert, known bool)
	// OnGutter is called when the mouse comes over the marks of another line, and with
	// line 0 when it is over none any more.
	OnGutter func(line int)
	// OnDouble is called for a double click on the text, after the word is selected.
	OnDouble func(at Pos)
	// OnSecondary is called for a context menu, with the place on the canvas to put it.
	OnSecondary func(at fyne.Position)
	// OnCopy is called with the selected text when the reader asks to copy it. The
	// view itself copies nothing.
	OnCopy func(text string)
	// OnPoint is called when another word or hidden character comes under the mouse, and
	// with over false when none is any more.
	OnPoint func(word Range, over bool)
	// OnFollow is called for a click with Ctrl on a word.
	OnFollow func(word Range)
	// OnStale is called when the minimap has to be painted: Sketch, Paint and SetSketch do
	// that, the second off the UI thread.
	OnStale func()
	// OnScope is called for a click on the first line of a definition that stands over the
	// text; without it the caret goes there.
	OnScope func(line int)
	// OnFold is called after something was folded away or opened.
	OnFold func()
	// OnZoom is called for the wheel with Ctrl: the reader wants larger letters or
	// smaller ones.
	OnZoom func(larger bool)
	// OnFocus is called when the view gets the keyboard.
	OnFocus func()
	// OnKey is called with keys that move neither caret nor view (Escape, F3, Return …).
	OnKey func(*fyne.KeyEvent)
	// OnShortcut is called with chords that the view has no use for: Fyne stops at a focused
	// widget that takes shortcuts. The view cannot hand them to its canvas itself: Fyne does
	// not know that before it has painted the view, and the reader's next key may be quicker.
	OnShortcut func(fyne.Shortcut)

	p      *style.Palette
	src    Source
	lines  int // of src, counted once
	glyphs *glyphs
	maps   map[int]*cellMap
	tokens map[int]*[tokenBlock][]Token
	marks  map[int][]Mark
	marked []int // lines with marks, in order
	// suspects are the look-alikes by line, in order.
	suspects map[int][]Suspect
	hits     []Range
	hit      int     // the current one, or -1
	same     []Range // quiet marks below a word
	scope    []Range // where a search looks
	filled   []fill  // of the line drawn last

	folds  []Fold       // in order of From, which differ
	shut   map[int]bool // by From: folded
	guides int          // distance of indentation guides in cells
	guide  guide
	sketch minimap
	scopes scopes

	caret, anchor Pos
	blocked       bool   // what is selected is a column block
	sides         [2]int // its sides at anchor and caret, in cells
	pair          pair   // the bracket at the caret and its partner
	grown         []Range
	goal          int // cell the caret aims at when it moves up and down, or -1
	focused       bool
	shift         bool

	rows      *rows
	wrapped   bool // lines are to be
	wrap      wrapping
	top, left int // scroll position in pixels
	edge      edge
	seen      []stretch // in view; the memory is used again
	widest    int       // widest line drawn so far, in cells
	pending   int       // line to reveal once there is a size
	lead      int       // one more than the rows to be above it, 0: any
	shown     [2]int
	metrics   metrics

	drag     dragging
	hover    zone
	under    Range // the word under the mouse
	over     bool  // there is one
	inGutter int   // line whose marks are under the mouse, or 0
	click    clicks
	stage    *stage
}

// tokenBlock is how many lines' tokens are kept together.
const tokenBlock = 256

// noTokens are those of a line that is known to have none.
var noTokens = []Token{}

// NewView makes an empty view in the dark palette.
func NewView() *View {
	v := &View{p: style.Dark, glyphs: newGlyphs(style.CodeFonts[0]), metrics: newMetrics(style.CodeFonts[0], style.TextBody, 1), guides: TabWidth, hit: -1, goal: -1}
	v.sketch = newMinimap()
	v.reset(nil)
	v.ExtendBaseWidget(v)
	return v
}

func (v *View) reset(src Source) {
	v.src, v.lines = src, 0
	if src != nil {
		v.lines = src.Lines()
	}
	v.maps, v.tokens, v.marks = map[int]*cellMap{}, map[int]*[tokenBlock][]Token{}, map[int][]Mark{}
	v.marked, v.inGutter = nil, 0
	v.hits, v.hit, v.same, v.scope = nil, -1, nil, nil
	v.suspects = nil
	v.caret, v.anchor, v.goal = Pos{1, 1}, Pos{1, 1}, -1
	v.blocked, v.pair, v.grown = false, pair{}, nil
	v.top, v.left, v.widest, v.pending, v.lead, v.shown = 0, 0, 0, 0, 0, [2]int{}
	v.folds, v.shut = nil, map[int]bool{}
	v.scopes.list, v.scopes.reach, v.scopes.shown = nil, nil, nil
	v.wrap.width, v.edge = 0, edge{line: 1}
	v.reorder()
	v.stopScroll()
	v.drag = dragging{}
}

// SetPalette changes the colours.
func (v *View) SetPalette(p *style.Palette) {
	v.p = p
	v.sketchAfresh()
	v.overviewChanged()
}

// SetFont changes the family that code is drawn in.
func (v *View) SetFont(f *style.CodeFont) {
	if f == v.metrics.font {
		return
	}
	v.measure(f, v.metrics.size)
	v.glyphs.font = f
	clear(v.glyphs.known)
	clear(v.maps)
	v.reorder()
	v.changed()
}

// SetSource shows another text from its top, without tokens, marks, hits or
// selection; nil shows nothing.
func (v *View) SetSource(src Source) {
	v.reset(src)
	v.SetSketch(nil)
	v.sketchAfresh()
	v.changed()
}

// SetTokens gives the tokens of the lines from line (1-based) on, one slice a line.
func (v *View) SetTokens(line int, lines [][]Token) {
	for i, t := range lines {
		n := line + i
		if n < 1 || n > v.lines {
			continue
		}
		block := v.tokens[n/tokenBlock]
		if block == nil {
			block = new([tokenBlock][]Token)
			v.tokens[n/tokenBlock] = block
		}
		if t == nil {
			t = noTokens
		}
		block[n%tokenBlock] = t
	}
	v.pairChanged()
	v.sketchChanged()
	if line <= v.shown[1] && line+len(lines) > v.shown[0] {
		v.changed()
	}
}

// SetHits replaces the hits of a search; current is the index of the one that is
// outlined, or -1. The hits must not overlap.
func (v *View) SetHits(hits []Range, current int) {
	v.hits = slices.Clone(hits)
	v.hit = -1
	var outlined Range
	if current >= 0 && current < len(hits) {
		outlined = hits[current]
	}
	slices.SortFunc(v.hits, func(a, b Range) int { return a.From.compare(b.From) })
	if current >= 0 && current < len(hits) {
		v.hit = slices.Index(v.hits, outlined)
	}
	v.overviewChanged()
}

// SetCurrent outlines another of the hits, as they were given in order; -1 outlines none.
func (v *View) SetCurrent(current int) {
	v.hit = -1
	if current >= 0 && current < len(v.hits) {
		v.hit = current
	}
	v.overviewChanged()
}

// SetSame marks ranges quietly: where else the word at the caret stands. They must
// be in order and must not overlap.
func (v *View) SetSame(same []Range) {
	if len(same) == 0 && len(v.same) == 0 {
		return
	}
	v.same = same
	v.overviewChanged()
}

// SetScope shows where a search looks, ranges in order; nil is everywhere.
func (v *View) SetScope(scope []Range) {
	if len(scope) == 0 && len(v.scope) == 0 {
		return
	}
	v.scope = scope
	v.changed()
}

// Caret is where the caret stands.
func (v *View) Caret() Pos { return v.caret }

// Selection is the selected range, in order; empty at the caret without one. Of a
// column block it is the range from the first piece to the last: see Block and Ranges.
func (v *View) Selection() Range {
	b, ok := v.Block()
	if !ok {
		return Range{v.anchor, v.caret}.ordered()
	}
	if b.Left == b.Right {
		return Range{v.caret, v.caret}
	}
	from, _ := v.blockPart(b, b.First)
	_, to := v.blockPart(b, b.Last)
	return Range{Pos{b.First, from + 1}, Pos{b.Last, to + 1}}
}

// Select selects a range and puts the caret at its To. It does not scroll: see Reveal.
// Positions outside the text are moved into it, positions inside a character to its start.
func (v *View) Select(r Range) {
	v.goal = -1
	v.moveTo(v.clamp(r.From), v.clamp(r.To))
}

// SelectedText is the selected text, byte for byte as decoded; the pieces of a
// column block are joined by newlines.
func (v *View) SelectedText() string {
	r := v.Selection()
	if v.src == nil || r.Empty() {
		return ""
	}
	if v.blocked {
		return v.blockText()
	}
	if r.From.Line == r.To.Line {
		return string(v.src.Line(r.From.Line)[r.From.Col-1 : r.To.Col-1])
	}
	var b strings.Builder
	b.Write(v.src.Line(r.From.Line)[r.From.Col-1:])
	for n := r.From.Line + 1; n < r.To.Line; n++ {
		b.WriteByte('\n')
		b.Write(v.src.Line(n))
	}
	b.WriteByte('\n')
	b.Write(v.src.Line(r.To.Line)[:r.To.Col-1])
	return b.String()
}

// Reveal scrolls a line to the middle of the view unless it is in view already,
// and sideways to the selection or caret where that is on the line.
func (v *View) Reveal(line int) {
	if v.textHeight() <= 0 {
		v.pending = line
		return
	}
	h := v.metrics.row
	v.fit()
	v.open(line)
	p, s := Pos{min(max(line, 1), max(v.lines, 1)), 1}, v.Selection()
	if s.To.Line == line {
		p = s.To
	}
	y := v.rowTop(p)
	if v.lead > 0 {
		v.top, v.lead = y-(v.lead-1)*h, 0
	} else if space := v.textHeight(); y-v.headroom(p.Line) < v.top || y+h > v.top+space {
		v.top = y - (space-h)/2
	}
	if s.To.Line == line {
		v.showCells(s)
	}
	v.scrolled()
}

// Lead scrolls a line to the top of the view but so many lines above it.
func (v *View) Lead(line, above int) {
	v.lead = above + 1
	v.Reveal(line)
}

// Shown gives the first and last line of which any part is drawn; 0, 0 when none is.
func (v *View) Shown() (from, to int) { return v.shown[0], v.shown[1] }

// Scroll is a scroll position, to be given back to ScrollTo when the same text is shown again.
type Scroll struct{ X, Y int }

// Scroll is where the view is scrolled to, in pixels.
func (v *View) Scroll() Scroll { return Scroll{v.left, v.top} }

// ScrollTo goes back to a position that Scroll gave.
func (v *View) ScrollTo(s Scroll) {
	v.left, v.top = s.X, s.Y
	v.widest = max(v.widest, int(math.Ceil(float64(s.X+v.textWidth())/v.cell())))
	v.scrolled()
}

// clamp moves a position into the text and to the start of a character.
func (v *View) clamp(p Pos) Pos {
	if v.lines == 0 {
		return Pos{1, 1}
	}
	if p.Line < 1 {
		return Pos{1, 1}
	}
	if p.Line > v.lines {
		return Pos{v.lines, len(v.cells(v.lines).text) + 1}
	}
	return Pos{p.Line, v.cells(p.Line).snap(p.Col-1) + 1}
}

// moveTo sets anchor and caret, redraws what changed, and tells.
func (v *View) moveTo(anchor, caret Pos) {
	if anchor == v.anchor && caret == v.caret && !v.blocked {
		return
	}
	v.anchor, v.caret, v.blocked = anchor, caret, false
	v.open(caret.Line)
	v.caretMoved()
}

// caretMoved redraws and tells after a change of caret or selection.
func (v *View) caretMoved() {
	v.pairChanged()
	v.changed()
	if v.OnCaret != nil {
		v.OnCaret(v.caret, v.Selection())
	}
}

// end is the position behind the last character of a line.
func (v *View) end(line int) Pos { return Pos{line, len(v.cells(line).text) + 1} }

// x is where a cell of a line begins, in pixels from the start of the text, for
// scrolling; cellX is the same to the device's pixel, for drawing.
func (v *View) x(cell int) int { return int(math.Round(float64(cell) * v.cell())) }

func (v *View) cellX(cell int) float32 { return float32(float64(cell) * v.cell()) }

// at is the position nearest to a point of the widget.
func (v *View) at(p fyne.Position) Pos { return v.nearest(v.rowUnder(p.Y), v.column(p)) }

// column is where a point lies in cells from the left edge of the text, not negative.
func (v *View) column(p fyne.Position) float64 {
	return max((float64(p.X)-float64(v.gutter())+float64(v.left))/v.cell(), 0)
}

// charUnder is the character under a point: its line, where it starts, and its width
// in cells, 0 beside the text.
func (v *View) charUnder(p fyne.Position) (line, off, cells int) {
	s := v.rowUnder(p.Y)
	m := v.cells(s.line)
	cell := int(v.column(p)) - s.shift
	if off, _, cells = m.charAt(min(max(cell, s.from), max(s.to-1, s.from))); cell < s.from || cell >= s.to {
		cells = 0
	}
	return s.line, off, cells
}

// point is where a position is drawn: the left end of its character's row.
func (v *View) point(p Pos) fyne.Position {
	s := v.rowAt(p)
	v.rows.exact(s.line)
	y := (v.rows.of(s.line) + s.part) * v.metrics.row
	v.sync()
	return fyne.NewPos(float32(v.gutter()-v.left)+v.cellX(v.columnOf(p)), float32(y-v.top))
}
