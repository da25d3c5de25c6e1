package desk

import (
	"context"
	"sync"
	"time"

	"fyne.io/fyne/v2"
)

// A board is the tasks of one window. Its methods are called on the UI
// thread; only work runs elsewhere.
type board struct {
	ctx     context.Context // ends when the window starts to close
	cancel  context.CancelFunc
	ui      func(func())    // runs a func on the UI thread, in order
	running sync.WaitGroup  // goroutines of work that have not returned
	busy    int             // tasks whose done has not run, but quiet ones
	turned  func(busy bool) // told when busy leaves or returns to zero
}

// newBoard starts with fyne.Do as dispatcher unless ui says otherwise: the
// test driver runs fyne.Do on the calling goroutine, so tests bring a queue.
func newBoard(ui func(func())) *board {
	if ui == nil {
		ui = fyne.Do
	}
	b := &board{ui: ui, turned: func(bool) {}}
	b.ctx, b.cancel = context.WithCancel(context.Background())
	return b
}

func (b *board) count(by int) {
	was := b.busy
	b.busy += by
	if (was == 0) != (b.busy == 0) {
		b.turned(b.busy > 0)
	}
}

// A slot runs one task at a time: starting another cancels the one before and
// drops what it still has to say, so what is shown last is what was asked for
// last.
type slot struct {
	board  *board
	quiet  bool // does not count as busy: a clock, not work
	cancel context.CancelFunc
	turn   int

	// Of the newest task: closed when it has much to deliver, and when its work has
	// returned; what delivers that, and what ends the task.
	ready, ended chan struct{}
	deliver, end func()
}

func (b *board) slot() *slot { return &slot{board: b} }

// running reports whether the slot's newest task is still under way.
func (s *slot) running() bool { return s.cancel != nil }

// stop cancels the slot's task and drops its result.
func (s *slot) stop() {
	s.turn++
	s.ready, s.ended, s.deliver, s.end = nil, nil, nil, nil
	if s.cancel != nil {
		s.cancel()
		s.cancel = nil
	}
}

// nothing is the type of partial values of work that emits none.
type nothing = struct{}

// await waits on the UI thread until the task has ended or has as many partial values as a
// screen, but only a part of the time that a frame has, and has them shown: so they are
// painted with what asked for them and not a frame later.
func (s *slot) await(most time.Duration) {
	if s.ready == nil {
		return
	}
	select {
	case <-s.ended:
		s.end()
		return
	case <-s.ready:
	case <-time.After(most):
	}
	s.deliver()
}

// screenful is how many rows a large screen has.
const screenful = 50

// start runs work on a goroutine of its own and done on the UI thread after
// it. What work emits reaches partial on the UI thread, in order and gathered:
// one call holds everything emitted since the call before. A task that was
// replaced or stopped reaches neither.
//
// The first value is delivered at once, those after it less and less often: each
// delivery costs a repaint of the window, which may have no processor of its own.
//
// work sees no widget. Durable writes happen in it, never in done, because
// Fyne drops queued functions at quit.
func start[T, P any](s *slot, work func(ctx context.Context, emit func(P)) (T, error), partial func([]P), done func(T, error)) {
	launch(s, s.board.ctx, work, partial, done)
}

// Deliveries of partial values are apart at least a time that grows from the first of these
// to the second: a frame's first, and in the end what nobody sees to be late.
const (
	minApart = 8 * time.Millisecond
	maxApart = 100 * time.Millisecond
)

// durable is start for work that writes: once begun it is not cancelled, and
// the window waits for it before it closes.
func durable[T any](s *slot, work func(ctx context.Context) (T, error), done func(T, error)) {
	launch(s, context.WithoutCancel(s.board.ctx), func(ctx context.Context, _ func(nothing)) (T, error) {
		return work(context.WithoutCancel(ctx))
	}, nil, done)
}

// simple is start for work without partial values.
func simple[T any](s *slot, work func(ctx context.Context) (T, error), done func(T, error)) {
	launch(s, s.board.ctx, func(ctx context.Context, _ func(nothing)) (T, error) { return work(ctx) }, nil, done)
}

func launch[T, P any](s *slot, ctx context.Context, work func(context.Context, func(P)) (T, error), partial func([]P), done func(T, error)) {
	s.stop()
	ctx, s.cancel = context.WithCancel(ctx)
	b, turn, cancel := s.board, s.turn, s.cancel
	if !s.quiet {
		b.count(1)
	}
	var mu sync.Mutex
	var pending []P
	var next time.Time // before which nothing is delivered
	var apart time.Duration
	ready, ended := make(chan struct{}), make(chan struct{})
	deliver := func() {
		mu.Lock()
		gathered := pending
		if pending = nil; len(gathered) > 0 {
			apart = min(max(2*apart, minApart), maxApart)
			next = time.Now().Add(apart)
		}
		mu.Unlock()
		if turn == s.turn && len(gathered) > 0 {
			partial(gathered)
		}
	}
	var v T
	var err error
	over := false // UI thread only
	end := func() {
		if over {
			return
		}
		over = true
		deliver()
		if turn == s.turn {
			s.cancel, s.ready, s.deliver, s.end = nil, nil, nil, nil // done may start another
			done(v, err)
		}
		if !s.quiet {
			b.count(-1)
		}
	}
	s.ready, s.ended, s.deliver, s.end = ready, ended, deliver, end
	filled := false
	emit := func(p P) {
		if partial == nil {
			return
		}
		mu.Lock()
		defer mu.Unlock()
		if pending = append(pending, p); len(pending) > 1 {
			if len(pending) == screenful && !filled {
				filled = true
				close(ready)
			}
			return // a delivery is already on its way and will take this too
		}
		wait := time.Until(next)
		if wait <= 0 {
			b.ui(deliver)
			return
		}
		time.AfterFunc(wait, func() {
			if ctx.Err() == nil { // else the end has taken it along, or nobody wants it
				b.ui(deliver)
			}
		})
	}
	b.running.Add(1)
	go func() {
		defer b.running.Done()
		defer cancel()
		v, err = work(ctx, emit)
		close(ended)
		b.ui(end)
	}()
}

// shared runs f for each of n parts of a task's work, at once, and waits for them. It is
// called in a task, whose end waits for it.
func shared(n int, f func(part int)) {
	var parts sync.WaitGroup
	for i := range n {
		parts.Go(func() { f(i) })
	}
	parts.Wait()
}

// finish cancels what may be cancelled, waits off the UI thread until every
// task has returned, runs last there, and then done on the UI thread.
func (b *board) finish(last func() error, done func(error)) {
	b.cancel()
	go func() {
		b.running.Wait()
		err := last()
		b.ui(func() { done(err) })
	}()
}

// post runs f on the UI thread, after what is queued there already.
func (b *board) post(f func()) {
	b.ui(func() {
		if b.ctx.Err() == nil {
			f()
		}
	})
}

// later calls f on the UI thread after a while, unless cancelled before: the
// clock that viewer/panel borrows for tooltips and toasts.
func (b *board) later(after time.Duration, f func()) (cancel func()) {
	dead := false // UI thread only
	t := time.AfterFunc(after, func() {
		b.ui(func() {
			if !dead && b.ctx.Err() == nil {
				f()
			}
		})
	})
	return func() { dead = true; t.Stop() }
}

// tick calls f on the UI thread now and then until the slot is stopped.
func tick(s *slot, every time.Duration, f func()) {
	launch(s, s.board.ctx, func(ctx context.Context, emit func(nothing)) (nothing, error) {
		t := time.NewTicker(every)
		defer t.Stop()
		for {
			select {
			case <-ctx.Done():
				return nothing{}, nil
			case <-t.C:
				emit(nothing{})
			}
		}
	}, func([]nothing) { f() }, func(nothing, error) {})
}
