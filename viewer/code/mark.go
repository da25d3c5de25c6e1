package code

import (
	"image/color"
	"slices"
	"strconv"

	"fyne.io/fyne/v2"

	"vitrine/viewer/style"
)

// A markLook is the shape of a mark, a private one's, and its colour. No two kinds share
// a shape: colour alone tells nobody anything.
type markLook struct {
	icon, private string
	colour        func(*style.Palette) color.NRGBA
}

var markLooks = [...]markLook{
	Hidden:     {"!dot", "", func(p *style.Palette) color.NRGBA { return p.Warn }},
	Confusable: {"!alike", "", func(p *style.Palette) color.NRGBA { return p.Warn }},
	Bookmark:   {"!ribbon", "", func(p *style.Palette) color.NRGBA { return p.Accent }},
	Note:       {"!note", "note", func(p *style.Palette) color.NRGBA { return p.Accent }},
	Question:   {"question", "question", func(p *style.Palette) color.NRGBA { return p.Accent }},
	Concern:    {"!high", "warn", func(p *style.Palette) color.NRGBA { return p.High }},
}

// MarkIcon is the icon (see style.Icon) and the colour of a mark; a private one is an outline.
func MarkIcon(m Mark, p *style.Palette) (icon string, c color.NRGBA) {
	l := markLooks[Hidden]
	if int(m.Kind) < len(markLooks) {
		l = markLooks[m.Kind]
	}
	if m.Private && l.private != "" {
		return l.private, p.Note
	}
	return l.icon, l.colour(p)
}

func (v *View) markIcon(m Mark) (string, color.NRGBA) { return MarkIcon(m, v.p) }

// SetMarks replaces the marks of the gutter and the remarks behind the lines.
func (v *View) SetMarks(marks []Mark) {
	v.marks = make(map[int][]Mark, len(marks))
	v.marked = v.marked[:0]
	for _, m := range marks {
		if len(v.marks[m.Line]) == 0 {
			v.marked = append(v.marked, m.Line)
		}
		v.marks[m.Line] = append(v.marks[m.Line], m)
	}
	slices.Sort(v.marked)
	for _, m := range v.marks {
		slices.SortStableFunc(m, func(a, b Mark) int { return int(b.Kind) - int(a.Kind) })
	}
	v.overviewChanged()
}

// Marks are the marks of a line, the one that is drawn first. They must not be changed.
func (v *View) Marks(line int) []Mark { return v.marks[line] }

// MarkedLine is the next line with marks behind a line, or with by -1 the one before it,
// round and round.
func (v *View) MarkedLine(line, by int) (int, bool) {
	in := v.marked
	for len(in) > 0 && in[0] < 1 {
		in = in[1:]
	}
	for len(in) > 0 && in[len(in)-1] > v.lines {
		in = in[:len(in)-1]
	}
	if len(in) == 0 {
		return 0, false
	}
	i, there := slices.BinarySearch(in, line)
	switch {
	case by < 0:
		i--
	case there:
		i++
	}
	return in[(i+len(in))%len(in)], true
}

// countRoom is how far a mark moves for the number of them to stand between it and that of
// the line, in pixels.
const countRoom = 5

// maxMarkCount is the largest number that is written beside a mark.
const maxMarkCount = 9

// countText is what stands beside the mark of a line that has several.
func countText(n int) string {
	switch {
	case n < 2:
		return ""
	case n > maxMarkCount:
		return "+"
	}
	return strconv.Itoa(n)
}

// markedAt is the line whose marks are under a point of the widget, or 0.
func (v *View) markedAt(at fyne.Position) int {
	if v.lines == 0 || v.zone(at) != inGutter || at.X >= markX+markSize+4 || at.Y < 0 {
		return 0
	}
	p := v.at(at)
	if len(v.marks[p.Line]) == 0 || at.Y > v.point(p).Y+v.row() { // below the last line
		return 0
	}
	return p.Line
}

// gutterTo tells of marks of another line under the mouse.
func (v *View) gutterTo(line int) {
	if line == v.inGutter {
		return
	}
	v.inGutter = line
	if v.OnGutter != nil {
		v.OnGutter(line)
	}
}
