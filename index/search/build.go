package search

import (
	"cmp"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"sync"

	"vitrine/index/block"
	"vitrine/index/content"
	"vitrine/index/deposit"
	"vitrine/index/segment"
)

const (
	// maxInverters bounds the goroutines that invert blobs, because each has a blob in
	// memory: up to five times content.MaxText.
	maxInverters = 4

	// runsBytes is the memory of the runs that all of them are at, and in the end as much
	// again of others: few large ones are quicker to merge.
	runsBytes = 96 << 20

	// runText bounds the text of a run, in bytes, but for one share: what is lost when
	// a build is killed.
	runText = 64 << 20

	// maxShare and minShare bound the text that is given to a worker at once, so that
	// all end together.
	maxShare = 32 << 20
	minShare = 2 << 20
)

// releases is what the index needs of a deposit; it is *deposit.Deposit, and
// in tests a table.
type releases interface {
	Digest() deposit.Digest
	Releases() []deposit.Release
	Files(ctx context.Context, release string) ([]deposit.File, error)
}

// Build writes the index of d's releases to the folder dir, replacing what is
// there, from the blobs in c. progress, which may be nil, is called with bytes, by
// one goroutine at a time. A cancelled ctx is noticed within a few milliseconds, but
// for the reading of one blob and the flushing of a file. What a build has done when it
// is cancelled or killed stays beside dir, and the next one goes on from there.
func Build(ctx context.Context, dir string, d releases, c *content.Store, progress func(done, total int64)) error {
	return BuildOn(ctx, dir, "", d, c, progress)
}

// BuildOn is Build for a deposit that continues another one, whose index is the folder
// before: its segments are taken over as far as they are of use, and only the other
// blobs inverted. Where there is no such index, all are.
func BuildOn(ctx context.Context, dir, before string, d releases, c *content.Store, progress func(done, total int64)) error {
	return (&builder{content: c, progress: progress, before: before, blobWords: blobWords, minShare: minShare, runText: runText, mostRuns: segment.MaxRuns}).build(ctx, dir, d)
}

type builder struct {
	content  *content.Store
	progress func(done, total int64)
	before   string

	// Limits, which tests make smaller.
	blobWords int
	minShare  int64
	runText   int64
	mostRuns  int // of a segment

	dir   string           // the folder that is being filled
	parts string           // the folder of the runs
	docs  []deposit.Digest // by number
	count int              // of segments in dir

	mu          sync.Mutex
	done, total int64
}

func (b *builder) build(ctx context.Context, dir string, d releases) (err error) {
	c := b.content
	if d.Digest() != c.Manifest() {
		return fmt.Errorf("the content store belongs to the deposit with manifest %s, not %s", c.Manifest(), d.Digest())
	}
	places, used, err := collect(ctx, d)
	if err != nil {
		return err
	}
	staged, err := content.Stage(dir)
	if err != nil {
		return err
	}
	published := false
	defer func() {
		if !published {
			err = errors.Join(err, staged.Discard())
		}
	}()
	b.dir, b.parts = staged.Path(), filepath.Clean(dir)+".parts"
	if err := b.writeSegments(ctx, b.inPathOrder(places)); err != nil {
		return fmt.Errorf("search index: %w", err)
	}
	if err := b.writeTables(places, used); err != nil {
		return fmt.Errorf("search index: %w", err)
	}
	if err := block.WriteSums(b.dir, sumsHead, d.Digest()); err != nil {
		return fmt.Errorf("search index: %w", err)
	}
	published = true
	if err := staged.Publish(); err != nil {
		return err
	}
	return os.RemoveAll(b.parts)
}

// collect lists the places of all releases and the blobs that are files there.
func collect(ctx context.Context, d releases) (*placeTable, map[deposit.Digest]bool, error) {
	t := newPlaceTable()
	used := make(map[deposit.Digest]bool)
	for i, r := range d.Releases() {
		files, err := d.Files(ctx, r.Name)
		if err != nil {
			return nil, nil, err
		}
		for _, f := range files {
			t.add(i, f)
			if isRegular(f.Mode) {
				used[f.Blob] = true
			}
		}
	}
	t.sort()
	return t, used, nil
}

func isRegular(mode uint32) bool { return mode&0o170000 == 0o100000 }

// searchable reports whether a blob is text of a size that is searched.
func searchable(info content.Info) bool {
	return info.Encoding != content.Binary && info.Size <= content.MaxText
}

// inPathOrder lists the blobs that are searched, each at its first path: what is
// found together then stands together, in postings and in the content store.
func (b *builder) inPathOrder(t *placeTable) []content.Info {
	var out []content.Info
	seen := make(map[deposit.Digest]bool)
	for _, f := range t.files {
		for _, p := range f.places {
			if p.code != codeBlob || seen[p.blob] {
				continue
			}
			seen[p.blob] = true
			if info, ok := b.content.Info(p.blob); ok && searchable(info) {
				out = append(out, info)
			}
		}
	}
	return out
}

// writeSegments writes the segments of blobs, and what makes them an index of bleve.
func (b *builder) writeSegments(ctx context.Context, blobs []content.Info) error {
	if len(blobs) == 0 {
		return nil
	}
	store := segment.StoreFolder(filepath.Join(b.dir, bleveName))
	if err := os.MkdirAll(store, 0o700); err != nil {
		return err
	}
	rest, err := b.takeOver(ctx, blobs)
	if err != nil {
		return err
	}
	var damaged *segment.DamagedRun
	if err = b.invertAll(ctx, store, rest); errors.As(err, &damaged) {
		// A run of an earlier build: without it, all is as if it had not been.
		if err = os.RemoveAll(b.parts); err == nil {
			err = b.invertAll(ctx, store, rest)
		}
	}
	if err != nil {
		return err
	}
	return segment.WriteBleve(filepath.Join(b.dir, bleveName), b.count)
}

// invertAll makes runs of blobs, and of these segments.
func (b *builder) invertAll(ctx context.Context, store string, blobs []content.Info) error {
	if len(blobs) == 0 {
		return nil
	}
	of := sha256.New()
	fmt.Fprintf(of, "%s%d %d\n", sumsHead, b.blobWords, len(blobs))
	ids := make([]segment.ID, len(blobs))
	b.done, b.total = 0, 0
	for i, info := range blobs {
		ids[i] = segment.ID(info.Blob)
		of.Write(info.Blob[:])
		b.total += info.Size
	}
	runs, err := b.runs(ctx, blobs, [32]byte(of.Sum(nil)))
	if err != nil {
		return err
	}
	for len(runs) > 0 {
		part := runs[:min(len(runs), b.mostRuns)]
		runs = runs[len(part):]
		from, _ := part[0].Span()
		_, to := part[len(part)-1].Span()
		if err := segment.Merge(ctx, store, segment.Name(uint64(b.count+1)), fieldNames, ids[from:to], part); err != nil {
			return errors.Join(err, removeSegment(store, b.count+1))
		}
		b.count++
		for _, id := range ids[from:to] {
			b.docs = append(b.docs, deposit.Digest(id))
		}
	}
	return nil
}

func removeSegment(store string, n int) error {
	names, err := filepath.Glob(filepath.Join(store, segment.Name(uint64(n))+".*"))
	for _, name := range names {
		err = errors.Join(err, os.Remove(name))
	}
	return err
}

// A share is the blobs from and up to, exclusive, that one worker inverts.
type share struct{ from, to int }

// runs inverts what an earlier build did not, and lists the runs of all blobs. What a
// worker has at the end, it keeps.
func (b *builder) runs(ctx context.Context, blobs []content.Info, of [32]byte) (all []segment.Source, err error) {
	if err := os.MkdirAll(b.parts, 0o700); err != nil {
		return nil, err
	}
	finished, err := segment.OpenRuns(b.parts, of, len(blobs))
	if err != nil {
		return nil, err
	}
	workers := min(runtime.GOMAXPROCS(0), maxInverters)
	queue := &queue{shares: b.shares(blobs, finished, workers)}
	queue.taken = make([]bool, len(queue.shares))
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	var running sync.WaitGroup
	for range min(workers, len(queue.shares)) {
		running.Go(func() {
			w := inverter{builder: b, of: of, reader: b.content.NewReader(false), runBytes: runsBytes / workers}
			w.begin()
			defer w.reader.Close()
			kept, err := w.run(ctx, blobs, queue)
			if err != nil {
				cancel(err)
				return
			}
			b.mu.Lock()
			defer b.mu.Unlock()
			all = append(all, kept...)
		})
	}
	running.Wait()
	if err := context.Cause(ctx); err != nil {
		_ = os.Remove(b.parts) // when there is nothing in it
		return nil, err
	}
	if finished, err = segment.OpenRuns(b.parts, of, len(blobs)); err != nil {
		return nil, err
	}
	for _, r := range finished {
		all = append(all, r)
	}
	slices.SortFunc(all, func(x, y segment.Source) int {
		first, _ := x.Span()
		second, _ := y.Span()
		return cmp.Compare(first, second)
	})
	return all, nil
}

// shares cuts what is not in finished runs.
func (b *builder) shares(blobs []content.Info, finished []segment.Run, workers int) (out []share) {
	most := min(max(b.total/int64(4*workers), b.minShare), maxShare)
	var size int64
	open := false
	for i := 0; i < len(blobs); i++ {
		if len(finished) > 0 && int(finished[0].From) == i {
			for ; i < int(finished[0].To); i++ {
				b.done += blobs[i].Size
			}
			finished, open = finished[1:], false
			i--
			continue
		}
		if !open || size+blobs[i].Size > most {
			out, size, open = append(out, share{i, i}), 0, true
		}
		size += blobs[i].Size
		out[len(out)-1].to = i + 1
	}
	return out
}

// A queue hands out shares. Each worker has those behind the one that it had, as long
// as there are any, so that few runs come of them, which are quicker to merge.
type queue struct {
	shares []share

	mu    sync.Mutex
	taken []bool
}

// follows reports whether nothing is between two shares.
func (q *queue) follows(n, before int) bool {
	return n == before+1 && q.shares[n].from == q.shares[before].to
}

// next is the share after one, or in the middle of the most that are left together:
// their first ones are for who has what is before them.
func (q *queue) next(after int) (n int, ok bool) {
	q.mu.Lock()
	defer q.mu.Unlock()
	n = after + 1
	if n == len(q.shares) || q.taken[n] || after < 0 && slices.Contains(q.taken, true) {
		most := 0
		for i := 0; i < len(q.shares); i++ {
			from := i
			for i < len(q.shares) && !q.taken[i] {
				i++
			}
			if i-from > most {
				most, n = i-from, from+(i-from)/2
			}
		}
		if most == 0 {
			return 0, false
		}
	}
	q.taken[n] = true
	return n, true
}

// An inverter makes runs, for one goroutine.
type inverter struct {
	*builder
	of     [32]byte
	reader *content.Reader
	acc    *segment.Accumulator
	words  *words
	fold   []byte

	runBytes int // the memory of a run from which on it is written
}

// run inverts shares until there are no more, and returns what is in no file then.
func (w *inverter) run(ctx context.Context, blobs []content.Info, q *queue) (kept []segment.Source, err error) {
	n, ok := q.next(-1)
	if !ok {
		return nil, nil // the others were quicker
	}
	begin := true
	size := int64(0) // of the text in the accumulator
	memory := 0      // of kept
	for ok {
		s := q.shares[n]
		if begin {
			w.acc.Reset(uint32(s.from))
			size = 0
		}
		for i := s.from; i < s.to; i++ {
			if err := w.invert(ctx, blobs[i]); err != nil {
				return nil, err
			}
			if size += blobs[i].Size; w.acc.Size() > w.runBytes && i+1 < s.to {
				if err := w.write(ctx); err != nil {
					return nil, err
				}
				w.acc.Reset(uint32(i + 1))
				size = 0
			}
		}
		before := n
		n, ok = q.next(before)
		if begin = !ok || !q.follows(n, before) || size >= w.runText; !begin {
			continue
		}
		if ok && (size >= w.runText || memory+w.acc.Size() > w.runBytes) {
			if err := w.write(ctx); err != nil {
				return nil, err
			}
			continue
		}
		memory += w.acc.Size()
		sorted, err := w.acc.Sort(ctx)
		if err != nil {
			return nil, err
		}
		kept = append(kept, sorted)
		if ok {
			w.begin()
		}
	}
	return kept, nil
}

// begin gives the inverter an accumulator.
func (w *inverter) begin() {
	w.acc = segment.NewAccumulator(len(fieldNames), 0)
	w.words = newWords(w.acc)
}

func (w *inverter) invert(ctx context.Context, blob content.Info) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	t, err := w.reader.Text(blob.Blob)
	if err != nil {
		return err
	}
	w.fold, _ = appendFold(slices.Grow(w.fold[:0], len(t.Bytes())+beyond), t.Bytes())
	if err := w.words.invert(ctx, w.fold, w.blobWords); err != nil {
		return err
	}
	w.acc.End()
	w.advance(blob.Size)
	if cap(w.fold) > minShare {
		w.fold = nil // one large blob is no reason to keep so much
	}
	return nil
}

func (w *inverter) write(ctx context.Context) error {
	_, err := w.acc.WriteRun(ctx, w.parts, w.of)
	return err
}

func (b *builder) advance(size int64) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.done += size
	if b.progress != nil {
		b.progress(b.done, b.total)
	}
}

const (
	// maxTaken bounds the segments that are taken over: a search asks each of them.
	// The smallest are inverted again.
	maxTaken = 8
)

// takeOver links the segments of the index before of whose documents at least half are
// wanted, and returns the blobs that are in none of them. What cannot be read is no
// loss but of time.
func (b *builder) takeOver(ctx context.Context, blobs []content.Info) (_ []content.Info, err error) {
	if b.before == "" {
		return blobs, nil
	}
	found, unreadable := segmentsOf(b.before)
	if unreadable != nil {
		return blobs, nil
	}
	defer func() { err = errors.Join(err, closeTaken(found)) }()
	wanted := make(map[deposit.Digest]bool, len(blobs))
	for _, info := range blobs {
		wanted[info.Blob] = true
	}
	for _, s := range found {
		n := 0
		for _, id := range s.ids {
			if wanted[deposit.Digest(id)] {
				n++
			}
		}
		if b.count == maxTaken || n == 0 || 2*n < len(s.ids) {
			continue
		}
		if s.Verify(ctx) != nil {
			if err := ctx.Err(); err != nil {
				return nil, err
			}
			continue // damaged
		}
		if err := b.link(s); err != nil {
			return nil, err
		}
		for _, id := range s.ids {
			delete(wanted, deposit.Digest(id))
			b.docs = append(b.docs, deposit.Digest(id))
		}
	}
	var rest []content.Info
	for _, info := range blobs {
		if wanted[info.Blob] {
			rest = append(rest, info)
		}
	}
	return rest, nil
}

// link makes a segment's files the next of this index. They never change, so that
// two indexes can have the same; each knows their digests.
func (b *builder) link(s taken) error {
	b.count++
	to := segment.StoreFolder(filepath.Join(b.dir, bleveName))
	from := segment.StoreFolder(filepath.Join(b.before, bleveName))
	names := segment.Files(segment.Name(uint64(b.count)))
	for i, name := range segment.Files(s.name) {
		old, new := filepath.Join(from, name), filepath.Join(to, names[i])
		if data, ok := s.digests[name]; ok {
			// What was verified is written, not what may be there by now.
			if err := os.WriteFile(new, data, 0o600); err != nil {
				return err
			}
			continue
		}
		if os.Link(old, new) == nil {
			continue
		}
		if err := copyFile(old, new); err != nil {
			return err
		}
	}
	return nil
}
