package code

import (
	"cmp"
	"image"
	"image/color"
	"slices"
	"sort"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
)

// A Scope is a definition that holds others or code: its lines from From to To, and
// the one with its name.
type Scope struct{ From, To, Line int }

// maxScopes is how many enclosing definitions stand over the text at most, and
// scopeShare that they take no more than one of so many parts of the view.
const (
	maxScopes  = 3
	scopeShare = 4
)

// scopes are definitions, and those whose first line stands over the text since it is
// scrolled out.
type scopes struct {
	list  []Scope // by From, the longest first
	reach []int   // of each: last line of it and of all before
	on    bool
	shown []int // lines that stand over the text

	ground  *canvas.Rectangle
	edge    *canvas.Rectangle
	numbers *canvas.Raster
	text    *clip
	rows    []*row
	drawn   scopesDrawn
}

// scopesDrawn tells whether numbers have to be painted again.
type scopesDrawn struct {
	lines  [maxScopes]int
	change int
}

// SetScopes tells which definitions there are. Those of one line are left out.
func (v *View) SetScopes(list []Scope) {
	s := &v.scopes
	s.list, s.reach = s.list[:0], s.reach[:0]
	for _, c := range list {
		if c.From >= 1 && c.From <= c.Line && c.Line < c.To && c.To <= v.lines {
			s.list = append(s.list, c)
		}
	}
	slices.SortFunc(s.list, func(a, b Scope) int { return cmp.Or(cmp.Compare(a.From, b.From), cmp.Compare(b.To, a.To)) })
	for i, c := range s.list {
		if i > 0 {
			c.To = max(c.To, s.reach[i-1])
		}
		s.reach = append(s.reach, c.To)
	}
	v.scrolled()
}

// ShowScopes lets the first lines of the definitions around the topmost line stand
// over the text, or not.
func (v *View) ShowScopes(on bool) {
	v.scopes.on = on
	v.scrolled()
}

// scopesAround are the lines that name the definitions around a line, but not one
// that stands in it; the outermost first.
func (v *View) scopesAround(line int) (out [maxScopes]int, n int) {
	s := &v.scopes
	if !s.on {
		return out, 0
	}
	var around []int // innermost first
	for i := sort.Search(len(s.list), func(i int) bool { return s.list[i].From > line }) - 1; i >= 0 && s.reach[i] >= line; i-- {
		if c := s.list[i]; c.To >= line && c.Line < line && !slices.Contains(around, c.Line) {
			around = append(around, c.Line)
		}
	}
	room := min(maxScopes, v.textHeight()/v.metrics.row/scopeShare)
	for n < room && n < len(around) {
		out[n] = around[len(around)-1-n]
		n++
	}
	return out, n
}

// headroom is the height in pixels that has to be left over a line for the
// definitions around it.
func (v *View) headroom(line int) int {
	_, n := v.scopesAround(line)
	return n * v.metrics.row
}

// scopesShown finds the lines that stand over the text: each of a definition around
// the row just below, whose own line is not in view there.
func (v *View) scopesShown() []int {
	out := v.scopes.shown[:0]
	for k := range maxScopes {
		i := (k*v.metrics.row + v.edge.off) / v.metrics.row
		if i >= len(v.seen) {
			break
		}
		around, n := v.scopesAround(v.seen[i].line)
		if k >= n || v.point(Pos{around[k], 1}).Y >= float32(k*v.metrics.row) {
			break
		}
		out = append(out, around[k])
	}
	v.scopes.shown = out
	return out
}

// scopesHeight is how much of the text they cover.
func (v *View) scopesHeight() float32 { return float32(len(v.scopes.shown)) * v.row() }

func (v *View) newScopes() []fyne.CanvasObject {
	s := &v.scopes
	s.ground, s.edge = canvas.NewRectangle(color.Transparent), canvas.NewRectangle(color.Transparent)
	s.numbers = canvas.NewRaster(func(w, h int) image.Image { return v.paintNumbersOf(s.rows, w, h) })
	s.numbers.ScaleMode = canvas.ImageScalePixels
	s.text = &clip{rows: &fyne.Container{}}
	s.text.ExtendBaseWidget(s.text)
	s.rows, s.drawn = nil, scopesDrawn{}
	for range maxScopes {
		r := v.newRow()
		s.rows = append(s.rows, r)
		s.text.rows.Objects = append(s.text.rows.Objects, r.body)
	}
	return []fyne.CanvasObject{s.ground, s.numbers, s.text, s.edge}
}

// drawScopes places what stands over the text.
func (v *View) drawScopes() {
	s, lines := &v.scopes, v.scopesShown()
	h, w := v.scopesHeight(), v.mapLeft()
	for _, o := range []fyne.CanvasObject{s.ground, s.numbers, s.text, s.edge} {
		if h == 0 {
			o.Hide()
		} else {
			o.Show()
		}
	}
	now := scopesDrawn{change: v.stage.changes}
	copy(now.lines[:], lines)
	win := v.window()
	for i, r := range s.rows {
		if i >= len(lines) {
			r.clear(&v.stage.pool)
			continue
		}
		p := v.piece(v.stretch(lines[i], 0))
		if r.piece != p || r.change != v.stage.changes || r.window != win {
			r.clear(&v.stage.pool)
			r.piece, r.change, r.window = p, v.stage.changes, win
			v.layHead(r)
		}
		r.body.Move(fyne.NewPos(win.start(v), float32(i)*v.row()))
	}
	if h == 0 {
		s.drawn = now
		return
	}
	s.ground.FillColor = v.p.Code
	s.ground.Resize(fyne.NewSize(w, h))
	s.numbers.Resize(fyne.NewSize(float32(v.gutter()), h))
	s.text.Move(fyne.NewPos(float32(v.gutter()), 0))
	s.text.Resize(fyne.NewSize(float32(v.textWidth()), h))
	s.edge.FillColor = v.p.Edge
	s.edge.Move(fyne.NewPos(0, h))
	s.edge.Resize(fyne.NewSize(w, 1))
	if now != s.drawn {
		s.drawn = now
		s.numbers.Refresh()
	}
}

// scopeUnder is the line that stands over the text at a point, or 0.
func (v *View) scopeUnder(at fyne.Position) int {
	if at.Y < 0 || at.Y >= v.scopesHeight() || at.X >= v.mapLeft() {
		return 0
	}
	return v.scopes.shown[int(at.Y)/v.metrics.row]
}

// pressScope goes to the definition at a point that stands over the text.
func (v *View) pressScope(at fyne.Position) {
	line := v.scopeUnder(at)
	if line == 0 {
		return
	}
	if v.OnScope != nil {
		v.OnScope(line)
		return
	}
	v.press(Pos{line, 1}, false)
}
