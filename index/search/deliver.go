package search

import (
	"context"
	"fmt"
	"runtime"
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

// A task is a place that may have hits.
type task struct {
	seen

	same     *task // an earlier task of the same path and blob
	repeated bool  // this is the same of another one
	kept     []lineHit
	overflow bool   // there were more than could be kept
	why      string // it was not searched after all

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
	q      *Query
	ctx    context.Context
	window chan struct{} // a slot for each task that is begun and not delivered
}

// start verifies tasks on workers, which end when all are done or ctx is.
func (ix *Index) start(ctx context.Context, q *Query, tasks []*task) *delivery {
	d := &delivery{ix: ix, q: q, ctx: ctx, window: make(chan struct{}, ahead)}
	queue := make(chan *task)
	for range min(runtime.GOMAXPROCS(0), len(tasks)) {
		ix.work.Go(func() {
			v := &verifier{q: q}
			for t := range queue {
				d.work(v, t)
			}
		})
	}
	ix.work.Go(func() {
		defer close(queue)
		for _, t := range tasks {
			if t.out == nil {
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

// verify calls hit for each hit in a task's file. why tells that it could not
// be searched.
func (d *delivery) verify(v *verifier, t *task, hit func(lineHit) bool) (why string, err error) {
	ix := d.ix
	f, why, err := ix.read(d.ctx, d.q, t)
	if err == nil && f != nil {
		err = v.hits(d.ctx, f, hit)
	}
	if err != nil {
		err = fmt.Errorf("%s in release %s: %w", ix.files[t.file].path, ix.releases[t.release], err)
	}
	return why, err
}

// read gives a task's file; nil if the query does not want it, or with why it
// cannot have it.
func (ix *Index) read(ctx context.Context, q *Query, t *task) (f *file, why string, err error) {
	path, blob := ix.files[t.file].path, ix.blobs[t.code-codeBlob]
	if t.do == readBinary {
		raw, err := ix.content.Raw(blob)
		if err != nil {
			return nil, "", err
		}
		f, err = newBinary(ctx, path, raw)
		return f, "", err
	}
	text, err := ix.content.Text(blob)
	if err != nil {
		return nil, "", err
	}
	f = &file{path: path, text: text, bytes: text.Bytes()}
	if q.scope.anyLanguage() && !q.regions {
		return f, "", nil
	}
	language := ix.languages.Language(path, f.bytes)
	switch {
	case !q.scope.wantsLanguage(language):
		return nil, "", nil
	case !q.regions:
		return f, "", nil
	case language == "":
		return nil, WhyLanguage, nil
	}
	if f.parts = ix.languages.Parts(ctx, language, f.bytes); f.parts == nil {
		return nil, WhyUnscanned, ctx.Err()
	}
	return f, "", nil
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
	why, err := d.verify(v, t, func(h lineHit) bool {
		if hits = append(hits, h); len(hits) < chunk {
			return true
		}
		full := hits
		hits = nil
		return send(result{hits: full})
	})
	t.why = why
	if len(hits) > 0 || err != nil {
		send(result{hits, err})
	}
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
	goOn, err = d.receive(t, hit)
	if goOn && err == nil {
		<-d.window
	}
	return goOn, err
}

func (d *delivery) receive(t *task, hit func(lineHit) bool) (goOn bool, err error) {
	for {
		select {
		case <-d.ctx.Done():
			return false, d.ctx.Err()
		case r, ok := <-t.out:
			if !ok {
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
	if t.same.overflow {
		t.out = make(chan result, 1)
		d.ix.work.Go(func() { d.work(&verifier{q: d.q}, t) })
		return d.receive(t, hit)
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
