package search

import (
	"context"
	"fmt"
	"runtime"
	"sync/atomic"
)

const (
	// ahead is how many batches may be verified before those in front of them are
	// delivered, and chunk and chunkBytes how many hits, and bytes of them, a batch has
	// ready: together they bound the memory.
	ahead      = 8
	chunk      = 256
	chunkBytes = 1 << 20

	// maxBatch is how many places a worker takes at once, to be bothered less often. The
	// first batches are smaller, because somebody waits for the first hits.
	maxBatch = 16

	// maxKept is how many hits of a blob are kept for the same path in later
	// releases; a blob with more is verified again there.
	maxKept = 4096
)

// A task is a place that may have hits.
type task struct {
	seen

	same     *task // an earlier task of the same path and blob
	repeated bool  // this is the same of another one
	kept     []lineHit
	overflow bool   // there were more than could be kept
	why      string // it was not searched after all

	own bool // it is to be verified
}

// A result is a part of a task's hits, or the error that ended it.
type result struct {
	hits []lineHit
	last bool
	err  error
}

// A batch is tasks that one worker verifies one after the other.
type batch struct {
	tasks []*task
	out   chan []result // in their order; closed at the end
}

// batches are the tasks that are to be verified.
func batches(tasks []*task) (out []*batch) {
	var open *batch
	for _, t := range tasks {
		if !t.own {
			continue
		}
		if open == nil || len(open.tasks) == min(1+len(out)/4, maxBatch) {
			open = &batch{out: make(chan []result, 1)}
			out = append(out, open)
		}
		open.tasks = append(open.tasks, t)
	}
	return out
}

// A delivery is one search under way.
type delivery struct {
	ix      *Index
	q       *Query
	ctx     context.Context
	window  chan struct{} // a slot for each batch that is begun and not delivered
	batches []*batch      // not delivered yet
	ready   []result      // of the first of them
}

// start verifies tasks on workers, which end when all are done or ctx is.
func (ix *Index) start(ctx context.Context, q *Query, tasks []*task) *delivery {
	d := &delivery{ix: ix, q: q, ctx: ctx, window: make(chan struct{}, ahead), batches: batches(tasks)}
	all := d.batches
	var next atomic.Int64
	for range min(runtime.GOMAXPROCS(0), len(all)) {
		ix.work.Go(func() {
			v := newVerifier(ix, q)
			defer v.texts.Close()
			for {
				// The slot comes first: so the batch that is delivered next always has one.
				select {
				case d.window <- struct{}{}:
				case <-ctx.Done():
					return
				}
				n := int(next.Add(1)) - 1
				if n >= len(all) {
					return
				}
				d.work(v, all[n])
			}
		})
	}
	return d
}

// verify calls hit for each hit in a task's file. why tells that it could not
// be searched.
func (d *delivery) verify(v *verifier, t *task, hit func(lineHit) bool) (why string, err error) {
	ix := d.ix
	f, why, err := ix.read(d.ctx, v, t)
	if err == nil && f != nil {
		err = v.find(d.ctx, f, hit)
	}
	if err != nil {
		err = fmt.Errorf("%s in release %s: %w", ix.files[t.file].path, ix.releases[t.release], err)
	}
	return why, err
}

// read gives a task's file; nil if the query does not want it. why tells that it cannot
// have all of it.
func (ix *Index) read(ctx context.Context, v *verifier, t *task) (f *file, why string, err error) {
	q := v.q
	path, blob := ix.files[t.file].path, ix.blobs[t.code-codeBlob]
	if t.do == readBinary {
		raw, err := ix.content.Raw(blob)
		if err != nil {
			return nil, "", err
		}
		f, err = newBinary(ctx, path, raw)
		return f, "", err
	}
	var names []Name
	look := true
	if q.definitions {
		if names, why, look, err = q.namesIn(blob); err != nil || !look && q.scope.anyLanguage() {
			return nil, why, err
		}
	}
	text, err := v.texts.Text(blob)
	if err != nil {
		return nil, "", err
	}
	f = &file{path: path, text: text, bytes: text.Bytes(), names: names}
	if q.scope.anyLanguage() && !q.regions {
		return f, why, nil
	}
	language := ix.languages.Language(path, f.bytes)
	switch {
	case !q.scope.wantsLanguage(language):
		return nil, "", nil
	case !look:
		return nil, why, nil
	case !q.regions:
		return f, why, nil
	case language == "":
		return nil, WhyLanguage, nil
	}
	if f.parts = ix.languages.Parts(ctx, language, f.bytes); f.parts == nil {
		return nil, WhyUnscanned, ctx.Err()
	}
	return f, why, nil
}

// work sends the hits of a batch, and ends early only with an error or ctx.
func (d *delivery) work(v *verifier, b *batch) {
	defer close(b.out)
	var ready []result
	size := 0
	send := func() bool {
		select {
		case b.out <- ready:
			ready, size = nil, 0
			return true
		case <-d.ctx.Done():
			return false
		}
	}
	for _, t := range b.tasks {
		var r result
		from := len(v.hits) // what is before has been sent, or is in ready
		t.why, r.err = d.verify(v, t, func(h lineHit) bool {
			if len(v.hits) == cap(v.hits) {
				v.hits, from = make([]lineHit, 0, chunk), 0
			}
			h.text, h.matches = v.copies.bytes(h.text), v.copies.ranges(h.matches)
			v.hits = append(v.hits, h)
			if size += len(h.text); len(v.hits) < chunk && size < chunkBytes {
				return true
			}
			ready = append(ready, result{hits: v.hits[from:]})
			from = len(v.hits)
			return send()
		})
		r.hits, r.last = v.hits[from:], true
		ready = append(ready, r)
		if r.err != nil || d.ctx.Err() != nil {
			break
		}
	}
	send()
}

// deliver calls hit for each hit of a task, as they come in. It reports
// whether hit wants more.
func (d *delivery) deliver(t *task, hit func(lineHit) bool) (goOn bool, err error) {
	if err := d.ctx.Err(); err != nil {
		return false, err
	}
	switch {
	case t.do == nameOnly:
		return hit(d.q.nameHit(d.ix.files[t.file].path)), nil
	case t.same != nil:
		return d.repeat(t, hit)
	}
	return d.receive(t, hit)
}

func (d *delivery) receive(t *task, hit func(lineHit) bool) (goOn bool, err error) {
	for {
		r, err := d.next()
		if err != nil {
			return false, err
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
		if r.last {
			return true, d.ctx.Err()
		}
	}
}

// next waits for the next result, which is that of the task that is next.
func (d *delivery) next() (r result, err error) {
	for len(d.ready) == 0 {
		select {
		case <-d.ctx.Done():
			return r, d.ctx.Err()
		case ready, ok := <-d.batches[0].out:
			if err := d.ctx.Err(); err != nil {
				return r, err // it may have ended early
			}
			if d.ready = ready; !ok {
				d.batches = d.batches[1:]
				<-d.window
			}
		}
	}
	r, d.ready = d.ready[0], d.ready[1:]
	return r, nil
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
	if t.same.overflow {
		again := &batch{tasks: []*task{t}, out: make(chan []result, 1)}
		d.ix.work.Go(func() {
			v := newVerifier(d.ix, d.q)
			defer v.texts.Close()
			d.work(v, again)
		})
		rest := *d
		rest.batches, rest.ready = []*batch{again}, nil
		return rest.receive(t, hit)
	}
	t.why = t.same.why
	for _, h := range t.same.kept {
		if err := d.ctx.Err(); err != nil {
			return false, err
		}
		if !hit(h) {
			return false, nil
		}
	}
	return true, nil
}
