package content

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync"

	"vitrine/index/deposit"
)

const (
	// maxWorkers bounds the readers of a deposit that are open at once: each
	// holds a blob, its compressed form, and what go-git keeps of its pack.
	maxWorkers = 8

	// fewestBytes is the least that is worth a chunk of its own: smaller ones
	// are read one after the other.
	fewestBytes = 4 << 20
)

// Build writes the store of every distinct blob of d's releases to the folder
// dir, replacing what is there. progress, which may be nil, is called with
// bytes, by one goroutine at a time.
//
// Chunks are taken over instead of being made again where they are whole, after
// each of their blobs was hashed: those of dir, those that an earlier build of
// dir left when it was cancelled or killed, and those of older, the folders of
// stores of the deposits that d continues. A cancelled ctx is noticed between two blobs.
func Build(ctx context.Context, dir string, d *deposit.Deposit, progress func(done, total int64), older ...string) error {
	blobs, err := d.Blobs(ctx)
	if err != nil {
		return err
	}
	b := &builder{
		manifest: d.Digest(), blobs: blobs, progress: progress,
		open:       func() (reader, error) { return d.NewReader() },
		workers:    min(runtime.GOMAXPROCS(0), maxWorkers),
		chunkBytes: chunkBytes,
	}
	return b.build(ctx, dir, older)
}

// A reader gives blobs whose SHA-256 it has compared, to one goroutine.
type reader interface {
	Blob(deposit.Digest) ([]byte, error)
	Close() error
}

type builder struct {
	manifest   deposit.Digest
	blobs      []deposit.Object
	open       func() (reader, error)
	progress   func(done, total int64)
	workers    int
	chunkBytes int64

	dir     string                  // the folder that is being filled
	want    map[deposit.Digest]bool // what the deposit has
	largest int64                   // size of the largest of them

	mu          sync.Mutex
	chunks      []chunk
	numbers     map[int]bool // that chunks have
	held        map[deposit.Digest]bool
	done, total int64
}

func (b *builder) build(ctx context.Context, dir string, older []string) error {
	staged, err := Resume(dir)
	if err != nil {
		return err
	}
	b.dir = staged.Path()
	if err := b.fill(ctx, append([]string{dir}, older...)); err != nil {
		return errors.Join(fmt.Errorf("content store: %w", err), staged.Leave())
	}
	return staged.Publish()
}

func (b *builder) fill(ctx context.Context, from []string) error {
	b.want, b.held, b.numbers = make(map[deposit.Digest]bool), make(map[deposit.Digest]bool), make(map[int]bool)
	for _, o := range b.blobs {
		b.want[o.SHA256] = true
		b.total += o.Size
		b.largest = max(b.largest, o.Size)
	}
	if err := b.takeOver(ctx, from); err != nil {
		return err
	}
	if err := b.make(ctx, b.plan()); err != nil {
		return err
	}
	for i, c := range b.chunks {
		b.chunks[i].records = slices.DeleteFunc(c.records, func(r record) bool { return !b.want[r.digest] })
	}
	return os.WriteFile(filepath.Join(b.dir, indexName), appendIndex(b.manifest, b.chunks), 0o600)
}

// takeOver gathers the chunks that can be used. Those of other folders are
// linked, not copied: a chunk never changes.
func (b *builder) takeOver(ctx context.Context, from []string) error {
	if err := removeUnfinished(b.dir); err != nil {
		return err
	}
	for _, dir := range append([]string{b.dir}, from...) {
		numbers, err := chunksIn(dir)
		if err != nil {
			return err
		}
		chunks := make([]chunk, len(numbers))
		err = b.each(ctx, len(numbers), func(ctx context.Context, next func() (int, bool)) error {
			for i, ok := next(); ok; i, ok = next() {
				c, err := checkChunk(ctx, dir, numbers[i], b.largest)
				if ctx.Err() != nil {
					return ctx.Err()
				}
				if err == nil { // what is not whole is made again
					chunks[i] = c
				}
			}
			return nil
		})
		if err != nil {
			return err
		}
		for i, c := range chunks {
			if err := b.take(filepath.Join(dir, chunkName(numbers[i])), c, dir == b.dir); err != nil {
				return err
			}
		}
	}
	return nil
}

// removeUnfinished leaves nothing but chunks in the folder that is filled.
func removeUnfinished(dir string) error {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return err
	}
	for _, e := range entries {
		if _, ok := chunkNumber(e); !ok {
			if err := os.RemoveAll(filepath.Join(dir, e.Name())); err != nil {
				return err
			}
		}
	}
	return nil
}

// chunksIn lists the chunks of a folder, none if it does not exist.
func chunksIn(dir string) (numbers []int, err error) {
	entries, err := os.ReadDir(dir)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	for _, e := range entries {
		if n, ok := chunkNumber(e); ok && len(numbers) < maxChunks {
			numbers = append(numbers, n)
		}
	}
	return numbers, nil
}

func chunkNumber(e fs.DirEntry) (int, bool) {
	n, err := strconv.Atoi(strings.TrimSuffix(e.Name(), ".dat"))
	return n, err == nil && n >= 0 && n < maxChunks && e.Type().IsRegular() && e.Name() == chunkName(n)
}

// take puts a chunk into the store if it has anything that is still wanted.
func (b *builder) take(path string, c chunk, here bool) error {
	useful := int64(0)
	for _, r := range c.records {
		if b.want[r.digest] && !b.held[r.digest] {
			b.held[r.digest] = true
			useful += r.size
		}
	}
	switch {
	case here && useful > 0:
		b.numbers[c.number] = true
	case here:
		return os.Remove(path)
	case useful == 0:
		return nil
	default:
		var err error
		if c.number, err = b.number(); err != nil {
			return err
		}
		to := filepath.Join(b.dir, chunkName(c.number))
		if err := os.Link(path, to); err != nil {
			// Another file system, or one without links.
			if err := copyFile(path, to); err != nil {
				return err
			}
		}
	}
	b.chunks = append(b.chunks, c)
	b.report(useful)
	return nil
}

// number is the first that no chunk has.
func (b *builder) number() (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for n := range maxChunks {
		if !b.numbers[n] {
			b.numbers[n] = true
			return n, nil
		}
	}
	return 0, fmt.Errorf("more than %d files; remove the older stores, and it is built anew with fewer", maxChunks)
}

// copyFile makes a durable copy under its final name.
func copyFile(from, to string) error {
	data, err := os.ReadFile(from)
	if err != nil {
		return err
	}
	if err := os.WriteFile(to+".tmp", data, 0o600); err != nil {
		return err
	}
	if err := syncPath(to + ".tmp"); err != nil {
		return err
	}
	return os.Rename(to+".tmp", to)
}

// plan divides what is missing into chunks, neighbours together, as they are in the pack.
func (b *builder) plan() (parts [][]deposit.Object) {
	missing := slices.DeleteFunc(slices.Clone(b.blobs), func(o deposit.Object) bool { return b.held[o.SHA256] })
	size := int64(0)
	for _, o := range missing {
		size += o.Size
	}
	limit := min(b.chunkBytes, max(size/int64(b.workers)+1, fewestBytes))
	first, part := 0, int64(0)
	for i, o := range missing {
		if part += o.Size; part >= limit || i == len(missing)-1 {
			parts = append(parts, missing[first:i+1])
			first, part = i+1, 0
		}
	}
	return parts
}

// make writes a chunk for each part.
func (b *builder) make(ctx context.Context, parts [][]deposit.Object) error {
	return b.each(ctx, len(parts), func(ctx context.Context, next func() (int, bool)) (err error) {
		r, err := b.open()
		if err != nil {
			return err
		}
		defer func() { err = errors.Join(err, r.Close()) }()
		for i, ok := next(); ok; i, ok = next() {
			c, err := b.makeChunk(ctx, r, parts[i])
			if err != nil {
				return err
			}
			b.mu.Lock()
			b.chunks = append(b.chunks, c)
			b.mu.Unlock()
		}
		return nil
	})
}

func (b *builder) makeChunk(ctx context.Context, r reader, blobs []deposit.Object) (chunk, error) {
	number, err := b.number()
	if err != nil {
		return chunk{}, err
	}
	w, err := newChunk(b.dir, number)
	if err != nil {
		return chunk{}, err
	}
	for _, o := range blobs {
		err := ctx.Err()
		var raw []byte
		if err == nil {
			raw, err = r.Blob(o.SHA256)
		}
		if err == nil {
			err = w.add(o.SHA256, raw)
		}
		if err != nil {
			return chunk{}, errors.Join(err, w.abandon())
		}
		b.report(o.Size)
	}
	return w.finish()
}

func (b *builder) report(bytes int64) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.done += bytes; b.progress != nil {
		b.progress(b.done, b.total)
	}
}

// each runs the workers over n jobs, of which next gives one at a time. The
// first error stops all and is returned.
func (b *builder) each(ctx context.Context, n int, work func(ctx context.Context, next func() (int, bool)) error) error {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	var mu sync.Mutex
	given := 0
	next := func() (int, bool) {
		mu.Lock()
		defer mu.Unlock()
		if given == n || ctx.Err() != nil {
			return 0, false
		}
		given++
		return given - 1, true
	}
	var workers sync.WaitGroup
	for range min(b.workers, n) {
		workers.Go(func() {
			if err := work(ctx, next); err != nil {
				cancel(err)
			}
		})
	}
	workers.Wait()
	return context.Cause(ctx)
}
