package desk

import (
	"context"
	"slices"
	"time"

	"vitrine/viewer/colour"
)

// The minimap shows a file in the colours that are known of it. Of a file of the usual size
// those of all its lines are found out, once nothing that is looked at waits for any.

const (
	// maxMapBytes bounds the text that is coloured for its minimap alone: a quarter of a
	// second of a processor, and some megabytes of tokens. So does keptColours its lines:
	// of a longer one they would be forgotten.
	maxMapBytes = 256 << 10
	// mapRest is how long nothing else was coloured before: the reader is reading.
	mapRest = 300 * time.Millisecond
)

// A mapped is lines with their colours, which are as they will stay.
type mapped struct {
	lines  span
	slices []colour.Slice
}

// colourRest colours what of the file was not looked at, from the top down, half of the
// time. It ends when something that is looked at wants colours.
func (c *colourist) colourRest() {
	if c.mapping == nil || c.mapping.running() || c.mapTried || !c.view.HasMinimap() {
		return
	}
	lines := c.text.Lines()
	if len(c.text.Bytes()) > maxMapBytes || lines > keptColours {
		return
	}
	missing := c.missing(lines)
	if len(missing) == 0 {
		return
	}
	painter := c.painter
	start(c.mapping, func(ctx context.Context, emit func(mapped)) (nothing, error) {
		if err := pause(ctx, mapRest); err != nil {
			return nothing{}, err
		}
		if painter.Whole() {
			missing = []span{{1, lines}}
		}
		for _, want := range missing {
			began := time.Now()
			m := mapped{lines: want}
			err := painter.Lines(ctx, want.from, want.to, func(s colour.Slice) { m.slices = append(m.slices, s) })
			if err != nil {
				return nothing{}, err
			}
			emit(m)
			if err := pause(ctx, time.Since(began)); err != nil {
				return nothing{}, err
			}
		}
		return nothing{}, nil
	}, func(found []mapped) {
		for _, m := range found {
			for _, s := range m.slices {
				c.view.SetTokens(s.From, s.Lines)
			}
			c.add(m.lines)
		}
	}, func(_ nothing, err error) {
		c.mapTried = err != nil // whoever looks at the lines is told why
		c.trace.say("mapped", lines)
	})
}

// missing are the lines of so many that have no colours, in pieces.
func (c *colourist) missing(lines int) (out []span) {
	had := append(slices.Clone(c.had), span{lines + 1, lines + 1})
	slices.SortFunc(had, func(a, b span) int { return a.from - b.from })
	line := 1
	for _, h := range had {
		for end := min(h.from, lines+1); line < end; {
			piece := span{line, min(line+colourAhead, end) - 1}
			out = append(out, piece)
			line = piece.to + 1
		}
		line = max(line, h.to+1)
	}
	return out
}

// pause waits, or until ctx ends, whose error it gives.
func pause(ctx context.Context, d time.Duration) error {
	select {
	case <-time.After(d):
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
