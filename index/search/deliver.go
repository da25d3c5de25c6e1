package search

import (
	"context"
	"fmt"
	"runtime"
	"sync"
)

const (
	// ahead is how many places may be verified before those in front of them are
	// delivered, and chunk how many hits of each: together they bound the memory.
	ahead = 32
	chunk = 256

	// maxKept is how many hits of a blob are kept for the same path in later
	// releases; a blob with more is verified again there.
	maxKept = 4096
)

// A task is a place whose blob is a candidate.
type task struct {
	file, release, blob int

	same     *task // an earlier task of the same path and blob
	repeated bool  // this is the same of another one
	kept     []lineHit
	overflow bool // there were more than could be kept

	out chan result // closed at the end
}

// A result is a part of a task's hits, or the error that ended it.
type result struct {
	hits []lineHit
	err  error
}

// A delivery is one search under way.
type delivery struct {
	ix     *Index
	ctx    context.Context
	window chan struct{} // a slot for each task that is begun and not delivered
	again  *verifier     // for the caller's goroutine
}

// start verifies tasks on workers, which end when all are done or ctx is.
func (ix *Index) start(ctx context.Context, workers *sync.WaitGroup, q *Query, tasks []*task) *delivery {
	d := &delivery{ix: ix, ctx: ctx, window: make(chan struct{}, ahead), again: newVerifier(q)}
	queue := make(chan *task)
	for range min(runtime.GOMAXPROCS(0), len(tasks)) {
		workers.Go(func() {
			v := newVerifier(q)
			for t := range queue {
				d.work(v, t)
			}
		})
	}
	workers.Go(func() {
		defer close(queue)
		for _, t := range tasks {
			if t.same != nil {
				continue
			}
			select {
			case d.window <- struct{}{}:
			case <-ctx.Done():
				return
			}
			select {
			case queue <- t:
			case <-ctx.Done():
				return
			}
		}
	})
	return d
}

// verify calls hit for each matching line of a task's blob.
func (d *delivery) verify(v *verifier, t *task, hit func(lineHit) bool) error {
	text, err := d.ix.content.Text(d.ix.blobs[t.blob])
	if err != nil {
		return fmt.Errorf("%s in release %s: %w", d.ix.files[t.file].path, d.ix.releases[t.release], err)
	}
	return v.lines(d.ctx, text, hit)
}

// work sends the hits of a task in chunks.
func (d *delivery) work(v *verifier, t *task) {
	defer close(t.out)
	send := func(r result) bool {
		select {
		case t.out <- r:
			return true
		case <-d.ctx.Done():
			return false
		}
	}
	var hits []lineHit
	err := d.verify(v, t, func(h lineHit) bool {
		if hits = append(hits, h); len(hits) < chunk {
			return true
		}
		full := hits
		hits = nil
		return send(result{hits: full})
	})
	if len(hits) > 0 || err != nil {
		send(result{hits, err})
	}
}

// deliver calls hit for each hit of a task, as they come in. It reports
// whether hit wants more.
func (d *delivery) deliver(t *task, hit func(lineHit) bool) (goOn bool, err error) {
	if t.same != nil {
		return d.repeat(t, hit)
	}
	for {
		select {
		case <-d.ctx.Done():
			return false, d.ctx.Err()
		case r, ok := <-t.out:
			if !ok {
				<-d.window
				return true, d.ctx.Err()
			}
			for _, h := range r.hits {
				if err := d.ctx.Err(); err != nil {
					return false, err
				}
				if !hit(h) {
					return false, nil
				}
			}
			if r.err != nil {
				return false, r.err
			}
			d.keep(t, r.hits)
		}
	}
}

func (d *delivery) keep(t *task, hits []lineHit) {
	if !t.repeated || t.overflow {
		return
	}
	if t.overflow = len(t.kept)+len(hits) > maxKept; t.overflow {
		t.kept = nil
		return
	}
	t.kept = append(t.kept, hits...)
}

// repeat delivers the hits of the same blob once more.
func (d *delivery) repeat(t *task, hit func(lineHit) bool) (goOn bool, err error) {
	goOn = true
	counted := func(h lineHit) bool {
		goOn = hit(h)
		return goOn
	}
	if t.same.overflow {
		return goOn, d.verify(d.again, t, counted)
	}
	for _, h := range t.same.kept {
		if err := d.ctx.Err(); err != nil {
			return false, err
		}
		if !counted(h) {
			break
		}
	}
	return goOn, nil
}
