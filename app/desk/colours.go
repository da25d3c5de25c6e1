package desk

import (
	"context"
	"slices"
	"time"

	"vitrine/viewer/code"
	"vitrine/viewer/colour"
)

// A colourist keeps the lines that a view shows coloured. The text is there before,
// and scrolling waits for nothing: a task finds the colours and hands them in.
type colourist struct {
	view    *code.View
	painter *colour.Painter
	slot    *slot
	had     []span    // lines that were coloured, ascending, apart
	doing   span      // lines of the task under way
	came    time.Time // when lines without colours came into view last
	trace   *tracer
	failed  func(error) // told why lines stay plain

	text     colour.Text // nil: no more than what is looked at is coloured
	mapping  *slot       // colours the rest of a file
	mapTried bool        // that did not work out
}

// A span is lines, both ends included.
type span struct{ from, to int }

const (
	// colourMargin is how many lines around those in view are coloured with them: a
	// turn of the wheel or two.
	colourMargin = 16
	// colourAhead is how many are then, so that scrolling on finds them there.
	colourAhead = 400
	// keptColours is how many lines around those in view keep their colours, of more than twice
	// as many: some megabytes.
	keptColours = 10_000
)

func newColourist(view *code.View, painter *colour.Painter, s *slot, trace *tracer, failed func(error)) *colourist {
	return &colourist{view: view, painter: painter, slot: s, trace: trace, failed: failed}
}

// shown is called when other lines came into view.
func (c *colourist) shown() {
	if c == nil || c.painter == nil {
		return
	}
	from, to := c.view.Shown()
	if to == 0 {
		return
	}
	seen := span{from, to}
	if c.slot.running() && c.doing.meets(seen) {
		return // what is still missing is found when it has ended
	}
	if c.has(seen) && c.slot.running() {
		return // it reads ahead
	}
	want, asked := seen.widened(colourMargin), true
	if c.came = time.Now(); c.has(seen) {
		asked = false
		if want = seen.widened(colourAhead); c.has(span{max(want.from, 1), want.to}) {
			c.colourRest()
			return
		}
		if c.has(span{max(seen.from-colourAhead, 1), seen.to}) {
			want.from = seen.to
		} else if c.has(span{seen.from, seen.to + colourAhead}) {
			want.to = seen.from
		}
	}
	want.from = max(want.from, 1)
	c.doing = want
	if c.mapping != nil {
		c.mapping.stop() // what is looked at comes first
	}
	start(c.slot, func(ctx context.Context, emit func(colour.Slice)) (nothing, error) {
		return nothing{}, c.painter.Lines(ctx, want.from, want.to, emit)
	}, func(found []colour.Slice) {
		for _, s := range found {
			c.view.SetTokens(s.From, s.Lines)
			if asked && s.From <= seen.to && s.From+len(s.Lines) > seen.to { // in order: to the last line in view
				asked = false
				c.trace.after("coloured", c.came, seen.from, seen.to)
			}
		}
	}, func(_ nothing, err error) {
		c.doing = span{}
		c.add(want)
		if err != nil {
			c.failed(err)
			return
		}
		c.shown()
	})
}

func (s span) widened(by int) span { return span{s.from - by, s.to + by} }
func (s span) meets(o span) bool   { return s.from <= o.to && o.from <= s.to }
func (s span) within(o span) bool  { return o.from <= s.from && s.to <= o.to }

// has reports whether all these lines were coloured.
func (c *colourist) has(s span) bool {
	return slices.ContainsFunc(c.had, s.within)
}

// add notes lines that were coloured, and forgets those far away when there are many.
func (c *colourist) add(s span) {
	all := 0
	var had []span
	for _, h := range c.had {
		if h.widened(1).meets(s) {
			s = span{min(h.from, s.from), max(h.to, s.to)}
			continue
		}
		had = append(had, h)
		all += h.to - h.from + 1
	}
	c.had = append(had, s)
	if all += s.to - s.from + 1; all <= 2*keptColours {
		return
	}
	from, to := c.view.Shown()
	keep := span{from, to}.widened(keptColours)
	c.view.KeepTokens(keep.from, keep.to)
	had = nil
	for _, h := range c.had {
		if h.meets(keep) {
			had = append(had, span{max(h.from, keep.from), min(h.to, keep.to)})
		}
	}
	c.had = had
}

// shownLines is called when other lines of a tab came into view.
func (t *tab) shownLines(from, to int) {
	if t.doc.Binary {
		t.view.SetTokens(from, hexTokens(t, from, to))
		return
	}
	t.colourist.shown()
}

// colour colours a tab's file where it is looked at.
func (r *roomScreen) colour(t *tab) {
	if t.doc.Binary {
		return
	}
	painter := colour.NewPainter(t.doc.Place.Path, t.doc.Text, func(ctx context.Context) (l colour.Lexical, err error) {
		l.Map, l.Structure, err = t.doc.Lexical(ctx)
		return l, err
	})
	if painter == nil {
		return
	}
	t.colourist = newColourist(t.view, painter, t.colours, r.d.trace, func(err error) {
		t.plain = "plain, " + err.Error()
		r.showStatus()
	})
	t.colourist.text, t.colourist.mapping = t.doc.Text, t.mapping
	t.colourist.shown()
}
