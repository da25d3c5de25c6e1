package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"time"

	"golang.org/x/term"

	"vitrine/app/room"
)

// A stepper prints one line a step to standard error, rewriting the running
// one on a terminal.
type stepper struct {
	out   io.Writer
	live  bool
	shown time.Time
}

func newStepper() *stepper {
	return &stepper{out: os.Stderr, live: term.IsTerminal(int(os.Stderr.Fd()))}
}

// repaint is how often the running line is rewritten: faster cannot be read.
const repaint = 100 * time.Millisecond

func (s *stepper) running(title string, done, total int64) {
	if !s.live || time.Since(s.shown) < repaint {
		return
	}
	s.shown = time.Now()
	fmt.Fprintf(s.out, "\r\033[K  … %-24s %s", line(title), share(done, total))
}

func (s *stepper) finished(title, note string, took time.Duration) { s.ended("✓", title, note, took) }

// failed is finished for a step that found something wrong.
func (s *stepper) failed(title, note string, took time.Duration) { s.ended("✗", title, note, took) }

func (s *stepper) ended(mark, title, note string, took time.Duration) {
	if s.live {
		fmt.Fprint(s.out, "\r\033[K")
	}
	fmt.Fprintf(s.out, "  %s %-24s %7s  %s\n", mark, line(title), seconds(took), line(note))
}

// derives readies what is derived from a deposit's texts, and tells of it unless it was there.
func (s *stepper) derives(ctx context.Context, title string, build func(context.Context, func(room.DerivedState)) error) error {
	start, built := time.Now(), false
	err := build(ctx, func(st room.DerivedState) {
		if !st.Ready && st.Err == nil {
			built = true
			s.running(title, st.Done, st.Total)
		}
	})
	if err == nil && built {
		s.finished(title, "", time.Since(start))
	}
	return err
}

func share(done, total int64) string {
	if total <= 0 {
		return fmt.Sprint(done)
	}
	return fmt.Sprintf("%d of %d (%d %%)", done, total, 100*done/total)
}

func seconds(d time.Duration) string { return fmt.Sprintf("%.1f s", d.Seconds()) }

func bytesOf(n int64) string {
	switch {
	case n < 1<<10:
		return fmt.Sprintf("%d B", n)
	case n < 1<<20:
		return fmt.Sprintf("%.1f KiB", float64(n)/(1<<10))
	case n < 1<<30:
		return fmt.Sprintf("%.1f MiB", float64(n)/(1<<20))
	}
	return fmt.Sprintf("%.1f GiB", float64(n)/(1<<30))
}
