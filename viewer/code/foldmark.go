package code

import (
	"fmt"
	"image/color"
	"math"
	"sort"

	"vitrine/viewer/words"

	"fyne.io/fyne/v2"

	"vitrine/viewer/style"
)

// Measures of what tells of folds, in pixels.
const (
	chevronSize = 12
	chevronGap  = 5 // between a line number and its chevron
	chipGap     = 8 // between a line and what says that others are folded behind it
	chipInset   = 6
	chipSize    = style.TextCaption
)

// layChevron draws the sign of a block that begins at the row's line: always while
// it is folded, else while the mouse is over the gutter.
func (v *View) layChevron(r *row) {
	if _, ok := v.foldFrom(r.line); !ok || !v.shut[r.line] && v.hover != inGutter {
		return
	}
	icon, c := "down", v.p.Faint
	if v.shut[r.line] {
		icon, c = "right", v.p.Text
		if f, ok := v.chip(r.line, 0); ok { // the gravest of what it hides: the chip may be out of view
			if last := f.parts[len(f.parts)-1].color; last != v.p.Dim {
				c = last
			}
		}
	}
	r.gutter.Objects = append(r.gutter.Objects,
		v.stage.pool.image(style.Icon(icon, c, v.scale()), float32(v.numberRight()+chevronGap), round((v.row()-chevronSize)/2), chevronSize))
}

// laySign marks a row that continues a line.
func (v *View) laySign(r *row, m *cellMap) {
	r.add(run{label: "↪", color: v.p.Faint, cell: m.cellOf(r.from) - r.origin - hangBy - r.first, cells: 1})
	r.tall = true
}

// chip is what stands behind a line when others are folded behind it.
type chip struct {
	parts    []chipPart
	x, width float32 // in the text's area
}

type chipPart struct {
	text  string
	color color.NRGBA
}

// chip tells what is folded behind a line of so many cells, and whether anything
// is. Hits, marks and hidden characters among it are not kept back.
func (v *View) chip(line, cells int) (c chip, ok bool) {
	from, to := line+1, v.rows.next(line)-1
	if to < 0 {
		to = v.lines
	}
	if from > to || line < 1 {
		return chip{}, false
	}
	add := func(n int, one, many string, c_ color.NRGBA) {
		switch {
		case n == 1:
			c.parts = append(c.parts, chipPart{"1 " + one, c_})
		case n > 1:
			c.parts = append(c.parts, chipPart{fmt.Sprint(n, " ", many), c_})
		}
	}
	c.parts = append(c.parts, chipPart{"⋯", v.p.Dim})
	add(to-from+1, "line", "lines", v.p.Dim)
	first := sort.Search(len(v.hits), func(i int) bool { return v.hits[i].To.Line >= from })
	behind := sort.Search(len(v.hits), func(i int) bool { return v.hits[i].From.Line > to })
	add(behind-first, "hit", "hits", v.p.Medium)
	notes, hidden := 0, 0
	for at, marks := range v.marks {
		for _, m := range marks {
			switch {
			case at < from || at > to:
			case m.Kind == Hidden:
				hidden++
			default:
				notes++
			}
		}
	}
	add(notes, "mark", "marks", v.p.Accent)
	add(hidden, words.T("line with hidden characters"), words.T("lines with hidden characters"), v.p.Warn)
	c.x = v.cellX(cells) + float32(chipGap-v.left)
	c.width = 2*chipInset - chipInset
	for _, p := range c.parts {
		c.width += chipInset + float32(math.Ceil(float64(v.chipText(p.text).Width)))
	}
	return c, true
}

func (v *View) chipText(s string) fyne.Size {
	return fyne.MeasureText(s, v.chipSize(), fyne.TextStyle{})
}

func (v *View) chipSize() float32 {
	return round(v.metrics.size * chipSize / style.TextBody)
}

// layChip says behind a line of so many cells what is folded there, and gives the
// cells after it.
func (v *View) layChip(r *row, cells int) int {
	c, ok := v.chip(r.line, cells)
	if !ok || v.wrap.width > 0 && c.x+c.width > float32(v.textWidth()) { // then the chevron alone tells
		return cells
	}
	p := &v.stage.pool
	c.x -= r.start(v)
	rect := p.rect(v.p.Folded(), c.x, 2, c.width, v.row()-4)
	rect.StrokeColor, rect.StrokeWidth, rect.CornerRadius = style.Over(style.Fade(v.p.Dim, .35), v.p.Code), 1, 3
	r.body.Objects = append(r.body.Objects, rect)
	x := c.x + chipInset
	for _, part := range c.parts {
		m := v.chipText(part.text)
		r.body.Objects = append(r.body.Objects, p.text(part.text, v.chipSize(), fyne.TextStyle{}, part.color, round(x), round((v.row()-m.Height)/2)))
		x += chipInset + float32(math.Ceil(float64(m.Width)))
	}
	return cells + int(math.Ceil(float64(chipGap+c.width)/v.cell()))
}

// pressFold folds or opens at a press on a chevron or chip and reports whether it
// was on one.
func (v *View) pressFold(at fyne.Position) bool {
	if len(v.folds) == 0 || int(at.Y)+v.top >= v.rows.count()*v.metrics.row {
		return false
	}
	s := v.rowUnder(at.Y)
	if v.zone(at) == inGutter {
		_, ok := v.foldFrom(s.line)
		if ok = ok && s.part == 0 && at.X >= float32(v.numberRight()+2); ok {
			v.Toggle(s.line)
		}
		return ok
	}
	if c, ok := v.chip(s.line, s.to+s.shift); ok && s.last && v.zone(at) == inText {
		if x := at.X - float32(v.gutter()); x >= c.x && x < c.x+c.width {
			v.open(s.line + 1)
			return true
		}
	}
	return false
}

// overGutter shows the chevrons while the mouse is over the gutter.
func (v *View) overGutter(z zone) {
	if was := v.hover; was != z {
		v.hover = z
		if len(v.folds) > 0 && (was == inGutter || z == inGutter) {
			v.changed()
		}
	}
}
