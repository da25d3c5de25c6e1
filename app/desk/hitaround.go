package desk

import (
	"context"
	"slices"
	"strings"
	"unicode/utf8"

	"vitrine/viewer/words"

	"vitrine/app/room"
)

const (
	// linesAround is how many lines are shown before and behind a hit.
	linesAround = 2
	// maxAround bounds the hits with lines around them; the oldest lose theirs.
	maxAround = 200
	// tabColumns is what a tab in front of a line takes here, as in package panel.
	tabColumns = 4
)

// A hitContext is the lines around a hit.
type hitContext struct {
	hit            int
	before, behind []string
	indent         string // of the hit's own line, beyond what all have
	age            int
}

// line is the one so many behind the hit, or before it.
func (c hitContext) line(off int) string {
	if off < 0 {
		return c.before[len(c.before)+off]
	}
	return c.behind[off-1]
}

// aroundIn are those of the hits [from, to).
func (s *hitList) aroundIn(from, to int) []hitContext {
	if len(s.around) == 0 {
		return nil
	}
	at := func(hit int) int {
		i, _ := slices.BinarySearchFunc(s.around, hit, func(c hitContext, hit int) int { return c.hit - hit })
		return i
	}
	return s.around[at(from):at(max(from, to))]
}

// lookAround shows the lines around a hit, or hides them. To show them is to open the
// file, and recorded as that.
func (s *hitList) lookAround(hit int, open bool) {
	group := s.groupOf(hit)
	if group < 0 {
		return
	}
	if !open {
		s.change(group, func() {
			s.around = slices.DeleteFunc(s.around, func(c hitContext) bool { return c.hit == hit })
		})
		return
	}
	s.withHit(hit, func(h searchHit) {
		if h.line == 0 || h.bytes || len(s.aroundIn(hit, hit+1)) > 0 {
			return
		}
		if s.meant != nil {
			s.meant()
		}
		simple(s.pages.looking, func(ctx context.Context) (hitContext, error) {
			d, err := s.r.visit.Open(ctx, h.place)
			if err != nil {
				return hitContext{}, err
			}
			return contextOf(d, h.line), nil
		}, func(c hitContext, err error) {
			if err != nil {
				s.r.d.fail(words.T("The lines around this one cannot be shown."), err)
				return
			}
			s.r.showStatus()
			c.hit = hit
			s.putAround(group, c)
			s.r.d.trace.say("around", h.line, h.place.Path)
		})
	})
}

// putAround keeps the lines around a hit, in the place of the oldest if there are many.
func (s *hitList) putAround(group int, c hitContext) {
	s.change(0, func() {
		for i := range s.around {
			c.age = max(c.age, s.around[i].age+1)
		}
		if len(s.around) >= maxAround {
			oldest := 0
			for i, o := range s.around {
				if o.age < s.around[oldest].age {
					oldest = i
				}
			}
			s.around = slices.Delete(s.around, oldest, oldest+1)
		}
		i, _ := slices.BinarySearchFunc(s.around, c.hit, func(o hitContext, hit int) int { return o.hit - hit })
		s.around = slices.Insert(s.around, i, c)
	})
	s.list.Reveal(s.rowIn(s.groups[group], c.hit, linesAround))
	s.list.Reveal(s.rowIn(s.groups[group], c.hit, -linesAround))
}

// contextOf cuts the lines around one out of a text, without the indent that all have.
func contextOf(d *room.Document, line int) (c hitContext) {
	if d.Binary || d.Text == nil {
		return c
	}
	first, last := max(1, line-linesAround), min(d.Text.Lines(), line+linesAround)
	least := -1
	lines := make([]string, 0, last-first+1)
	for n := first; n <= last; n++ {
		text, columns := unindented(d.Text.Line(n))
		lines = append(lines, strings.Repeat(" ", columns)+text)
		if text != "" && (least < 0 || columns < least) {
			least = columns
		}
	}
	for i, l := range lines {
		l = l[min(max(least, 0), len(l)):]
		switch n := first + i; {
		case n < line:
			c.before = append(c.before, l)
		case n > line:
			c.behind = append(c.behind, l)
		default:
			c.indent = l[:len(l)-len(strings.TrimLeft(l, " "))]
		}
	}
	return c
}

// unindented is a line without its indent, cut to what is shown, and how wide that is.
func unindented(line []byte) (text string, columns int) {
	for len(line) > 0 && (line[0] == ' ' || line[0] == '\t') {
		columns++
		if line[0] == '\t' {
			columns += tabColumns - 1
		}
		line = line[1:]
	}
	columns = min(columns, maxHitText)
	n := min(len(line), maxHitText)
	for n < len(line) && n > 0 && !utf8.RuneStart(line[n]) {
		n--
	}
	return strings.TrimRight(string(line[:n]), "\r"), columns
}
