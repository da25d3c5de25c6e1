package desk

import (
	"context"
	"errors"
	"slices"
	"testing"
	"time"
)

func newTestBoard() (*board, *uiQueue) {
	ui := newQueue()
	return newBoard(ui.post), ui
}

func idle(t *testing.T, b *board, ui *uiQueue) {
	t.Helper()
	ui.until(t, "idle", func() bool { return b.busy == 0 })
}

func TestLastStartedWins(t *testing.T) {
	b, ui := newTestBoard()
	s := b.slot()
	gate := make(chan struct{})
	var shown []string
	for _, q := range []string{"first", "second", "third"} {
		simple(s, func(ctx context.Context) (string, error) {
			<-gate
			return q, ctx.Err()
		}, func(v string, err error) { shown = append(shown, v) })
	}
	close(gate)
	idle(t, b, ui)
	if !slices.Equal(shown, []string{"third"}) {
		t.Errorf("shown: %q, want only the last one asked for", shown)
	}
	if s.running() {
		t.Error("the slot still runs")
	}
}

// TestErrorReachesDone: an error of work is never lost, not even a panic-free
// zero value with it.
func TestErrorReachesDone(t *testing.T) {
	b, ui := newTestBoard()
	want := errors.New("the disk is full")
	var got error
	simple(b.slot(), func(context.Context) (int, error) { return 0, want }, func(_ int, err error) { got = err })
	idle(t, b, ui)
	if got != want {
		t.Errorf("done got %v, want %v", got, want)
	}
}

func TestPartialValuesAreGatheredInOrder(t *testing.T) {
	b, ui := newTestBoard()
	const n = 1000
	var got []int
	calls, ended := 0, false
	start(b.slot(), func(_ context.Context, emit func(int)) (nothing, error) {
		for i := range n {
			emit(i)
		}
		return nothing{}, nil
	}, func(p []int) {
		if ended {
			t.Error("a partial value came after done")
		}
		calls++
		got = append(got, p...)
	}, func(nothing, error) { ended = true })
	b.running.Wait() // the UI thread looks away while everything is emitted
	idle(t, b, ui)
	if len(got) != n || !slices.IsSorted(got) {
		t.Errorf("%d values in order=%v, want %d", len(got), slices.IsSorted(got), n)
	}
	if calls != 1 {
		t.Errorf("%d deliveries while the UI thread was busy, want them gathered into one", calls)
	}
}

// TestPartialValuesDoNotWait: a value that follows another one comes by itself, without a
// third or the end.
func TestPartialValuesDoNotWait(t *testing.T) {
	b, ui := newTestBoard()
	var got []int
	go_, end := make(chan struct{}), make(chan struct{})
	start(b.slot(), func(_ context.Context, emit func(int)) (nothing, error) {
		emit(1)
		<-go_
		emit(2)
		<-end
		return nothing{}, nil
	}, func(p []int) { got = append(got, p...) }, func(nothing, error) {})
	ui.until(t, "the first", func() bool { return slices.Equal(got, []int{1}) })
	close(go_)
	ui.until(t, "the second", func() bool { return slices.Equal(got, []int{1, 2}) })
	close(end)
	idle(t, b, ui)
}

// TestAwaitDeliversWhatIsThere: who waits has the values and the result of a task that ends
// meanwhile, and what comes later in the usual way; nothing comes twice.
func TestAwaitDeliversWhatIsThere(t *testing.T) {
	b, ui := newTestBoard()
	s := b.slot()
	s.await(time.Hour) // no task, nothing to wait for
	var got []int
	start(s, func(_ context.Context, emit func(int)) (nothing, error) {
		emit(1)
		emit(2)
		return nothing{}, nil
	}, func(p []int) { got = append(got, p...) }, func(nothing, error) { got = append(got, 0) })
	s.await(time.Hour)
	if !slices.Equal(got, []int{1, 2, 0}) {
		t.Errorf("after the wait %v", got)
	}
	idle(t, b, ui)
	if b.running.Wait(); ui.drain() && len(got) != 3 {
		t.Errorf("in the end %v", got)
	}

	got = nil
	end := make(chan struct{})
	start(s, func(_ context.Context, emit func(int)) (nothing, error) {
		<-end
		emit(3)
		return nothing{}, nil
	}, func(p []int) { got = append(got, p...) }, func(nothing, error) {})
	s.await(0)
	if len(got) > 0 {
		t.Errorf("there is %v already", got)
	}
	close(end)
	idle(t, b, ui)
	if !slices.Equal(got, []int{3}) {
		t.Errorf("later comes %v", got)
	}
}

func TestStoppedTaskIsSilent(t *testing.T) {
	b, ui := newTestBoard()
	s := b.slot()
	emitted := make(chan struct{})
	start(s, func(ctx context.Context, emit func(int)) (int, error) {
		emit(1)
		close(emitted)
		<-ctx.Done()
		return 0, ctx.Err()
	}, func([]int) { t.Error("a partial value of a stopped task was shown") },
		func(int, error) { t.Error("the result of a stopped task was shown") })
	<-emitted
	s.stop()
	idle(t, b, ui)
}

func TestBusyAlternates(t *testing.T) {
	b, ui := newTestBoard()
	var turns []bool
	b.turned = func(busy bool) { turns = append(turns, busy) }
	for range 3 {
		simple(b.slot(), func(context.Context) (int, error) { return 0, nil }, func(int, error) {})
	}
	idle(t, b, ui)
	quiet := &slot{board: b, quiet: true}
	simple(quiet, func(context.Context) (int, error) { return 0, nil }, func(int, error) {})
	b.running.Wait()
	ui.drain()
	if !slices.Equal(turns, []bool{true, false}) {
		t.Errorf("turns %v, want busy once and idle once", turns)
	}
}

// TestFinishWaitsForDurableWork: closing cancels what reads and waits for what
// writes, before the visit itself is closed.
func TestFinishWaitsForDurableWork(t *testing.T) {
	b, ui := newTestBoard()
	var order []string // each step happens after the one before, by channel or WaitGroup
	writing, write := make(chan struct{}), make(chan struct{})
	durable(b.slot(), func(ctx context.Context) (nothing, error) {
		close(writing)
		<-write
		if ctx.Err() != nil {
			t.Error("durable work was cancelled")
		}
		order = append(order, "written")
		return nothing{}, nil
	}, func(nothing, error) {})
	simple(b.slot(), func(ctx context.Context) (nothing, error) {
		<-ctx.Done() // ends only because finish cancels it
		return nothing{}, ctx.Err()
	}, func(nothing, error) {})
	<-writing
	closed := false
	b.finish(func() error { order = append(order, "closed"); return nil }, func(error) { closed = true })
	close(write)
	ui.until(t, "the end", func() bool { return closed })
	if !slices.Equal(order, []string{"written", "closed"}) {
		t.Errorf("order %q", order)
	}
}

func TestLaterCanBeCancelled(t *testing.T) {
	b, ui := newTestBoard()
	ran := 0
	cancel := b.later(0, func() { t.Error("a cancelled call came") })
	cancel()
	b.later(0, func() { ran++ })
	ui.until(t, "the clock", func() bool { return ran == 1 })
}
