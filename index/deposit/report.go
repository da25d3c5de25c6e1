package deposit

import (
	"context"
	"errors"
	"sync/atomic"
	"time"
)

// A reporter turns work into Steps. Progress is called on the goroutine of the
// exported function's caller only.
type reporter struct {
	progress func(Step)
	problems func() int // found so far; nil where the first ends the work
}

// reportEvery is how often a step reports: often enough for a moving bar.
const reportEvery = 100 * time.Millisecond

// run does work in a goroutine that ends before run returns, and reports done
// out of total meanwhile; total may be set by the work too.
func (r reporter) run(name, note string, done, total *atomic.Int64, work func() error) error {
	begin := time.Now()
	count := func() int {
		if r.problems == nil {
			return 0
		}
		return r.problems()
	}
	before, fatal := count(), 0
	emit := func(finished bool) {
		if r.progress != nil {
			r.progress(Step{
				Name: name, Note: note, Done: done.Load(), Total: total.Load(),
				Problems: count() - before + fatal, Finished: finished, Elapsed: time.Since(begin),
			})
		}
	}
	emit(false)
	result := make(chan error, 1)
	go func() { result <- work() }()
	tick := time.NewTicker(reportEvery)
	defer tick.Stop()
	for {
		select {
		case err := <-result:
			if err != nil && !errors.Is(err, context.Canceled) {
				fatal = 1 // it is entered by whoever gets the error
			}
			emit(err == nil)
			return err
		case <-tick.C:
			emit(false)
		}
	}
}
