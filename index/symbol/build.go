package symbol

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path"
	"path/filepath"
	"runtime"
	"strings"
	"sync"

	"vitrine/index/block"
	"vitrine/index/content"
	"vitrine/index/deposit"
	"vitrine/index/lex"
)

const (
	// maxExtractors bounds the goroutines that read texts: each has a text of up
	// to twice content.MaxText and what is found in a share in memory.
	maxExtractors = 4

	// maxShare and minShare bound the text, in bytes, that is given to an
	// extractor at once: what is lost when a build is killed, and what is worth
	// a folder.
	maxShare = 32 << 20
	minShare = 1 << 20
)

// releases is what the index needs of a deposit; it is *deposit.Deposit, and in
// tests a table.
type releases interface {
	Digest() deposit.Digest
	Releases() []deposit.Release
	Files(ctx context.Context, release string) ([]deposit.File, error)
}

// Build writes the index of d's releases to the folder dir, replacing what is
// there, from the blobs in c. before is the folder of the index of another
// deposit, whose records are used again as far as they are of the same blobs, or "".
// progress, which may be nil, is called with bytes of text, by one goroutine at a
// time. What a build has done when it is cancelled or killed stays beside dir,
// and the next one goes on from there. A blob that can not be read ends the build.
func Build(ctx context.Context, dir, before string, d releases, c *content.Store, progress func(done, total int64)) error {
	b := &builder{content: c, progress: progress, extract: Extract, maxShare: maxShare, minShare: minShare}
	if err := b.build(ctx, dir, before, d); err != nil {
		return fmt.Errorf("symbol index: %w", err)
	}
	return nil
}

type extractor func(ctx context.Context, l *lex.Lang, text []byte) (*Outline, error)

type builder struct {
	content            *content.Store
	progress           func(done, total int64)
	extract            extractor
	maxShare, minShare int64

	parts    string // folder of what is done
	manifest deposit.Digest

	mu          sync.Mutex
	done, total int64
}

// A wanted is a blob of a release, at its first place.
type wanted struct {
	blob deposit.Digest
	path string
	size int64
	read bool // it is not too large
}

func (b *builder) build(ctx context.Context, dir, before string, d releases) (err error) {
	if d.Digest() != b.content.Manifest() {
		return fmt.Errorf("the content store belongs to the deposit with manifest %s, not %s", b.content.Manifest(), d.Digest())
	}
	b.manifest = d.Digest()
	blobs, err := b.wanted(ctx, d)
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
	b.parts = filepath.Clean(dir) + ".parts"
	m := &merger{take: map[deposit.Digest]source{}}
	defer func() { err = errors.Join(err, m.close()) }()
	if before != "" {
		if s, err := openSegment(before); err == nil {
			if _, err := m.add(ctx, s, blobs); err != nil {
				return err
			}
		} // one that is damaged or of other rules is of no use
	}
	if err := b.resume(ctx, m, blobs); err != nil {
		return err
	}
	if err := b.extractRest(ctx, m, blobs); err != nil {
		return err
	}
	if err := m.write(ctx, staged.Path(), d); err != nil {
		return err
	}
	published = true
	if err := staged.Publish(); err != nil {
		return err
	}
	return os.RemoveAll(b.parts)
}

// wanted lists the texts of all releases in the order of their first places.
func (b *builder) wanted(ctx context.Context, d releases) ([]wanted, error) {
	var out []wanted
	seen := map[deposit.Digest]bool{}
	for _, r := range d.Releases() {
		files, err := d.Files(ctx, r.Name)
		if err != nil {
			return nil, err
		}
		for _, f := range files {
			if !isRegular(f.Mode) || seen[f.Blob] {
				continue
			}
			seen[f.Blob] = true
			info, ok := b.content.Info(f.Blob)
			if !ok {
				return nil, fmt.Errorf("%s: blob %s is not in the content store", f.Path, f.Blob)
			}
			if info.Encoding == content.Binary {
				continue
			}
			w := wanted{f.Blob, f.Path, info.Size, info.Size <= content.MaxText}
			out = append(out, w)
			b.total += info.Size
		}
	}
	return out, nil
}

func isRegular(mode uint32) bool { return mode&0o170000 == 0o100000 }

// base is the part of a path by which a language is told.
func base(file string) string {
	s := strings.ToLower(path.Base(file))
	return s[:min(len(s), maxField)]
}

// resume takes up what an earlier build left, and removes what is of no use.
func (b *builder) resume(ctx context.Context, m *merger, blobs []wanted) error {
	if err := os.MkdirAll(b.parts, 0o700); err != nil {
		return err
	}
	entries, err := os.ReadDir(b.parts)
	if err != nil {
		return err
	}
	for _, e := range entries {
		folder := filepath.Join(b.parts, e.Name())
		s, err := openSegment(folder)
		used := false
		if err == nil {
			if used, err = m.add(ctx, s, blobs); err != nil {
				return err // what was not looked at stays
			}
		}
		if used {
			continue
		}
		if err := os.RemoveAll(folder); err != nil {
			return err
		}
	}
	return nil
}

// extractRest reads the blobs that no segment has yet, in shares.
func (b *builder) extractRest(ctx context.Context, m *merger, blobs []wanted) error {
	var rest []wanted
	var left int64
	for _, w := range blobs {
		if _, ok := m.take[w.blob]; ok {
			b.done += w.size
			continue
		}
		rest = append(rest, w)
		left += w.size
	}
	b.report(0)
	workers := min(runtime.GOMAXPROCS(0), maxExtractors)
	most := min(max(left/int64(4*workers), b.minShare), b.maxShare)
	var shares [][]wanted
	var size int64
	from := 0
	for i, w := range rest {
		if size += w.size; size >= most || i == len(rest)-1 {
			shares = append(shares, rest[from:i+1])
			from, size = i+1, 0
		}
	}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	var wg sync.WaitGroup
	var mu sync.Mutex
	var failed error
	next := 0
	for range min(workers, len(shares)) {
		wg.Go(func() {
			for {
				mu.Lock()
				i := next
				next++
				mu.Unlock()
				if i >= len(shares) || ctx.Err() != nil {
					return
				}
				s, err := b.share(ctx, shares[i])
				mu.Lock()
				if err == nil {
					var used bool
					if used, err = m.add(ctx, s, shares[i]); err == nil && !used {
						err = errors.New("a part was damaged while it was written")
					}
				}
				if err != nil && failed == nil {
					failed = err
					cancel()
				}
				mu.Unlock()
			}
		})
	}
	wg.Wait()
	if failed != nil {
		return failed
	}
	return ctx.Err()
}

// report counts bytes that are done.
func (b *builder) report(bytes int64) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.done += bytes
	if b.progress != nil {
		b.progress(b.done, b.total)
	}
}

// share makes a part of some blobs. It is named by what is in it, when it is
// whole; that it is on the disk is not waited for, since it is verified when it
// is taken up.
func (b *builder) share(ctx context.Context, blobs []wanted) (_ *segment, err error) {
	tmp, err := os.MkdirTemp(b.parts, "tmp-")
	if err != nil {
		return nil, err
	}
	w, err := newSegmentWriter(tmp)
	if err != nil {
		return nil, errors.Join(err, os.RemoveAll(tmp))
	}
	defer func() { err = errors.Join(err, w.close()) }()
	for _, blob := range blobs {
		if err := b.one(ctx, w, blob); err != nil {
			return nil, errors.Join(err, w.close(), os.RemoveAll(tmp))
		}
	}
	if err := w.finish(b.manifest); err != nil {
		return nil, errors.Join(err, os.RemoveAll(tmp))
	}
	sums, err := block.ReadSums(tmp, headLine())
	if err != nil {
		return nil, err
	}
	final := filepath.Join(b.parts, fmt.Sprintf("%x", sums.Digest[:16]))
	if err := os.Rename(tmp, final); err != nil {
		return nil, err
	}
	return openSegment(final)
}

func (b *builder) one(ctx context.Context, w *segmentWriter, blob wanted) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	name := base(blob.path)
	if !blob.read {
		lang := ""
		if l := lex.Detect(name, nil); l != nil {
			lang = l.ID()
		}
		b.report(blob.size)
		return w.add(blob.blob, name, lang, new(Outline), flagUnread)
	}
	t, err := b.content.Text(blob.blob)
	if err != nil {
		return err
	}
	l := lex.Detect(name, t.Bytes())
	if l == nil {
		b.report(blob.size)
		return w.add(blob.blob, name, "", new(Outline), 0)
	}
	o, err := b.extract(ctx, l, t.Bytes())
	if err != nil {
		return fmt.Errorf("%s: %w", blob.path, err)
	}
	b.report(blob.size)
	return w.add(blob.blob, name, l.ID(), o, 0)
}
