package symbol

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"sync"

	"vitrine/index/block"
	"vitrine/index/content"
	"vitrine/index/deposit"
)

// An Index answers questions about the symbols of one deposit. It may be used
// by several goroutines.
type Index struct {
	*segment
	graph    *graph
	gists    *making
	content  *content.Store
	deposit  releases
	places   *places
	releases []string

	mu    sync.Mutex
	trees map[string]*tree // by release
	last  *view            // of the file that was asked from last
}

// Open opens the index at dir of the deposit d, whose releases it lists. What
// the index's files hold is compared with their digests as it is read; an error of that wraps
// [block.ErrDamaged], and the index has to be built again.
func Open(ctx context.Context, dir string, d releases, c *content.Store) (*Index, error) {
	ix, err := open(ctx, dir, d, c)
	if err != nil {
		return nil, fmt.Errorf("symbol index %s: %w", dir, err)
	}
	return ix, nil
}

func open(ctx context.Context, dir string, d releases, c *content.Store) (*Index, error) {
	if d.Digest() != c.Manifest() {
		return nil, fmt.Errorf("the content store belongs to the deposit with manifest %s, not %s", c.Manifest(), d.Digest())
	}
	s, err := openSegment(dir)
	if err != nil {
		return nil, err
	}
	if s.manifest != d.Digest() {
		return nil, errors.Join(fmt.Errorf("belongs to another deposit (%s), not to manifest %s", s.manifest, d.Digest()), s.close())
	}
	p, err := readPlaces(ctx, d)
	if err != nil {
		return nil, errors.Join(err, s.close())
	}
	if s.edges == nil {
		return nil, errors.Join(fmt.Errorf("%s %w", edgesName, errRecord), s.close())
	}
	g, err := openGraph(s.edges, p.files)
	if err != nil {
		return nil, errors.Join(err, s.close())
	}
	ix := &Index{segment: s, graph: g, gists: newMaking(), content: c, deposit: d, places: p, trees: map[string]*tree{}}
	for _, r := range d.Releases() {
		ix.releases = append(ix.releases, r.Name)
	}
	return ix, nil
}

// Close unmaps the index. No question may be under way.
func (ix *Index) Close() error {
	ix.gists.end()
	return ix.close()
}

// Digest is the SHA-256 of the index's list of files, and with it of all of them.
func (ix *Index) Digest() deposit.Digest { return ix.digest }

// DigestOf is [Index.Digest] of the index at dir, of whatever deposit, as its list says.
func DigestOf(dir string) (deposit.Digest, error) {
	s, err := block.ReadSums(dir, headLine())
	if err != nil {
		return deposit.Digest{}, err
	}
	return s.Digest, nil
}

// Count is the number of symbols of all blobs together.
func (ix *Index) Count() (int, error) {
	sum := 0
	for n := range ix.count() {
		e, err := ix.entry(n)
		if err != nil {
			return 0, err
		}
		sum += int(e.symbols)
	}
	return sum, nil
}

// ErrUnknown is wrapped by the error for a blob that has no outline: it is
// binary, or no release has it as a file.
var ErrUnknown = errors.New("not in the symbol index")

// An ID names a symbol: number N in the outline of a blob.
type ID struct {
	Blob deposit.Digest
	N    int
}

// A Found is a symbol where it stands.
type Found struct {
	Symbol
	ID
	Lang string // lex's id
	// Place is one at which the blob is: of the release that was asked for, or
	// the first.
	Place deposit.Place
	// Places is the number of all places of the blob in what was asked for.
	Places int
}

// Outline is what is defined in a blob, and the id of its language. Without a
// known language there is nothing in it, and the id is "".
func (ix *Index) Outline(blob deposit.Digest) (*Outline, string, error) {
	n, err := ix.number(blob)
	if err != nil {
		return nil, "", err
	}
	return ix.outline(n)
}

func (ix *Index) number(blob deposit.Digest) (int, error) {
	n, ok, err := ix.find(blob)
	if err == nil && !ok {
		err = fmt.Errorf("blob %s is %w", blob, ErrUnknown)
	}
	return n, err
}

func (ix *Index) outline(n int) (*Outline, string, error) {
	r, e, err := ix.record(n)
	if err != nil {
		return nil, "", err
	}
	o, err := r.outline()
	if err != nil {
		return nil, "", damaged("blob "+e.blob.Short(), err)
	}
	o.Truncated = e.flags != 0
	return o, e.lang, nil
}

// At lists the symbols of a blob whose definition is around an offset of its
// decoded text, the outermost first.
func (ix *Index) At(blob deposit.Digest, offset int) ([]ID, []Symbol, error) {
	o, _, err := ix.Outline(blob)
	if err != nil {
		return nil, nil, err
	}
	var ids []ID
	var out []Symbol
	for _, i := range around(o, offset) {
		ids, out = append(ids, ID{blob, i}), append(out, o.Symbols[i])
	}
	return ids, out, nil
}

// around lists the numbers of the symbols whose definition is around an
// offset, the outermost first. Of those with the same extent all count.
func around(o *Outline, offset int) []int {
	var out []int
	for i := range o.Symbols {
		if s := &o.Symbols[i]; s.BodyStart <= offset && offset < s.BodyEnd {
			out = append(out, i)
		}
	}
	return out
}

// enclosing is the innermost symbol around the offset that can hold code; -1
// for none.
func enclosing(o *Outline, offset int) int {
	best := -1
	for _, i := range around(o, offset) {
		s := &o.Symbols[i]
		switch s.Kind {
		case Function, Method, Macro:
		default:
			continue
		}
		if best < 0 || s.BodyEnd-s.BodyStart <= o.Symbols[best].BodyEnd-o.Symbols[best].BodyStart {
			best = i
		}
	}
	return best
}

// Symbol is the symbol with an ID, at its place in a release; with "" as
// release, at its first.
func (ix *Index) Symbol(id ID, release string) (Found, error) {
	n, err := ix.number(id.Blob)
	if err != nil {
		return Found{}, err
	}
	return ix.found(posting{blob: uint32(n), n: uint32(id.N)}, release)
}

// found reads a symbol and where it stands.
func (ix *Index) found(p posting, release string) (Found, error) {
	return (&finder{ix: ix, release: release}).found(p)
}

// A finder reads symbols of one release after the other. Those of a blob, and of a
// chunk of its record, are best asked for in turn.
type finder struct {
	ix      *Index
	release string

	read   bool // there is a blob
	blob   uint32
	record *stored
	entry  entry
	place  deposit.Place
	places int
	chunk  int
	raw    []byte
}

func (f *finder) found(p posting) (Found, error) {
	if !f.read || f.blob != p.blob {
		if err := f.open(p.blob); err != nil {
			return Found{}, err
		}
	}
	i := f.record.chunkOf(int(p.n))
	err := errRecord
	var s Symbol
	if i >= 0 {
		err = nil
		if i != f.chunk {
			f.raw, err = f.record.chunks[i].raw(f.raw)
			f.chunk = i
		}
		if err == nil {
			s, err = f.record.chunks[i].symbol(f.raw, int(p.n))
		}
	}
	if err != nil {
		f.read = false
		return Found{}, damaged("blob "+f.entry.blob.Short(), err)
	}
	return Found{Symbol: s, ID: ID{f.entry.blob, int(p.n)}, Lang: f.entry.lang, Place: f.place, Places: f.places}, nil
}

func (f *finder) open(blob uint32) (err error) {
	f.read, f.chunk = false, -1
	if int(blob) >= f.ix.count() {
		return fmt.Errorf("%s %w", namesName, errRecord)
	}
	if f.record, f.entry, err = f.ix.record(int(blob)); err != nil {
		return err
	}
	f.place, f.places = f.ix.place(f.entry.blob, f.release)
	f.read, f.blob = true, blob
	return nil
}

// foundAll reads symbols side by side. Those of a blob stand together in the list.
func (ix *Index) foundAll(ctx context.Context, list []posting, release string) ([]Found, error) {
	out := make([]Found, len(list))
	workers := min(runtime.GOMAXPROCS(0), len(list)/fewFound+1)
	errs := make([]error, workers)
	var wg sync.WaitGroup
	for w := range workers {
		from, to := blobStart(list, len(list)*w/workers), blobStart(list, len(list)*(w+1)/workers)
		read := func() {
			f := &finder{ix: ix, release: release}
			for i := from; i < to && errs[w] == nil; i++ {
				if errs[w] = ctx.Err(); errs[w] == nil {
					out[i], errs[w] = f.found(list[i])
				}
			}
		}
		if w == workers-1 {
			read()
		} else {
			wg.Go(read)
		}
	}
	wg.Wait()
	for _, err := range errs {
		if err != nil {
			return nil, err
		}
	}
	return out, nil
}

// fewFound are so few symbols that another goroutine for them does not pay.
const fewFound = 16

// blobStart is the first place at or before i where another blob's begin.
func blobStart(list []posting, i int) int {
	for i > 0 && i < len(list) && list[i-1].blob == list[i].blob {
		i--
	}
	return i
}

// blobOf is the digest of a posting's.
func (ix *Index) blobOf(p posting) (d deposit.Digest, err error) {
	if int(p.blob) >= ix.count() {
		return d, fmt.Errorf("%s %w", namesName, errRecord)
	}
	b, err := ix.blobs.Bytes(uint64(p.blob)*entrySize, uint64(len(d)))
	copy(d[:], b)
	return d, err
}

// A Gap is a text of a release whose outline is not all there is.
type Gap struct {
	Place  deposit.Place
	Unread bool // too large to be read at all; else a limit left something out
}

// Gaps lists the texts of a release, or with "" of all, whose symbols are not
// all known. What is found in them is true, what is not may be missing.
func (ix *Index) Gaps(ctx context.Context, release string) ([]Gap, error) {
	var out []Gap
	for n := range ix.count() {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		e, err := ix.entry(n)
		if err != nil {
			return nil, err
		}
		if e.flags == 0 {
			continue
		}
		for _, p := range ix.places.of(e.blob) {
			if release == "" || p.Release == release {
				out = append(out, Gap{p, e.flags&flagUnread != 0})
			}
		}
	}
	return out, nil
}
