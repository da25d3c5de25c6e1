package symbol

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"

	"vitrine/index/content"
	"vitrine/index/deposit"
	"vitrine/index/lex"
)

// Candidates yields the files of a release in which a name may stand as a word,
// in path order, until yield returns false. Who has a text index asks that, and
// need not look into the files; one that is missing here has no references.
type Candidates func(ctx context.Context, release, name string, yield func(deposit.Place, deposit.Digest) bool) error

// A Reference is one use of a name.
type Reference struct {
	Use
	Place deposit.Place
	Blob  deposit.Digest
	// Resolved says that it is a use of the symbol that was asked for, by the rule
	// of the package comment; else its name is the same.
	Resolved bool
}

// A Report says what a search for uses did.
type Report struct {
	Files int // with uses
	// NotRead are files that may hold uses but whose language is not known, or
	// that are too large: they are not classified. They are looked for at the end.
	NotRead []deposit.Place
	Stopped bool // by yield
}

// maxNotRead bounds the list of files that were not read; Files still counts.
const maxNotRead = 10000

// References yields the uses of a symbol's name in a release, in path order,
// its definitions among them, until yield returns false. With the zero ID of
// the name alone, nothing is resolved.
func (ix *Index) References(ctx context.Context, name string, of *ID, release string, from Candidates, yield func(Reference) bool) (Report, error) {
	return ix.references(ctx, name, of, release, from, func(f *usedFile) bool {
		for i, u := range f.uses {
			if !yield(Reference{u, f.place, f.blob, f.resolved[i]}) {
				return false
			}
		}
		return true
	})
}

// A usedFile is a file with its uses of a name.
type usedFile struct {
	place    deposit.Place
	blob     deposit.Digest
	uses     []Use
	resolved []bool
	outline  *Outline
	missed   bool // it may hold uses, and is not read
	err      error
}

// A referrer finds uses in files, one after the other.
type referrer struct {
	ix    *Index
	name  string
	of    *ID
	t     *tree
	j     *judge
	texts *content.Reader
	view  view
}

// references reads files side by side and hands them on in their order. The
// first ones are few, so that something is seen soon; those without a known
// language come last.
func (ix *Index) references(ctx context.Context, name string, of *ID, release string, from Candidates, yield func(*usedFile) bool) (Report, error) {
	var report Report
	t, err := ix.tree(ctx, release)
	if err != nil {
		return report, err
	}
	j, err := ix.judge(ctx, t, name, nil, "")
	if err != nil {
		return report, err
	}
	readers := make([]*referrer, runtime.GOMAXPROCS(0))
	for i := range readers {
		readers[i] = &referrer{ix: ix, name: name, of: of, t: t, j: j, texts: ix.content.NewReader(true)}
	}
	used := &batches{
		readers: readers, limit: len(readers), read: (*referrer).classify,
		deliver: func(f *usedFile) bool {
			if f.missed {
				report.missed(f.place)
			}
			if len(f.uses) > 0 {
				report.Files++
				report.Stopped = !yield(f)
			}
			return !report.Stopped
		},
	}
	var unknown []*usedFile
	var failed error
	err = from(ctx, release, name, func(p deposit.Place, blob deposit.Digest) bool {
		f := &usedFile{place: p, blob: blob}
		var e entry
		if e, failed = ix.entryOf(blob); failed != nil {
			return false
		}
		if lex.ByID(e.lang) == nil {
			unknown = append(unknown, f)
			return true
		}
		failed = used.add(ctx, f)
		return failed == nil && !report.Stopped
	})
	if err = errors.Join(failed, err); err == nil && !report.Stopped {
		err = used.flush(ctx)
	}
	if err != nil || report.Stopped {
		return report, err
	}
	others := &batches{
		readers: readers, limit: maxReading * len(readers), read: (*referrer).notice,
		deliver: func(f *usedFile) bool {
			if f.missed {
				report.missed(f.place)
			}
			return true
		},
	}
	for _, f := range unknown {
		if err := others.add(ctx, f); err != nil {
			return report, err
		}
	}
	if err = others.flush(ctx); err == nil {
		slices.SortFunc(report.NotRead, func(a, b deposit.Place) int { return cmp.Compare(a.Path, b.Path) })
	}
	return report, err
}

func (r *Report) missed(p deposit.Place) {
	if len(r.NotRead) < maxNotRead {
		r.NotRead = append(r.NotRead, p)
	}
}

// maxReading is how many files a reader has at once.
const maxReading = 16

// A batches is files that are read side by side, and delivered in their order.
type batches struct {
	readers []*referrer
	limit   int // files of the next batch; it grows
	read    func(*referrer, context.Context, *usedFile)
	deliver func(*usedFile) bool
	files   []*usedFile
}

func (b *batches) add(ctx context.Context, f *usedFile) error {
	if b.files = append(b.files, f); len(b.files) < b.limit {
		return nil
	}
	return b.flush(ctx)
}

func (b *batches) flush(ctx context.Context) error {
	var wg sync.WaitGroup
	var next atomic.Int64
	for _, r := range b.readers[:min(len(b.readers), len(b.files))] {
		wg.Go(func() {
			for i := next.Add(1) - 1; i < int64(len(b.files)); i = next.Add(1) - 1 {
				b.read(r, ctx, b.files[i])
			}
		})
	}
	wg.Wait()
	for _, f := range b.files {
		if f.err != nil {
			return f.err
		}
		if !b.deliver(f) {
			break
		}
	}
	b.files, b.limit = b.files[:0], min(2*b.limit, maxReading*len(b.readers))
	return nil
}

// entryOf is what the index knows of a blob; without a language if it does not know it.
func (ix *Index) entryOf(blob deposit.Digest) (entry, error) {
	n, ok, err := ix.find(blob)
	if err != nil || !ok {
		return entry{}, err
	}
	return ix.entry(n)
}

// text reads a file that has the name; nil if it has not, or is too large.
func (r *referrer) text(ctx context.Context, f *usedFile) []byte {
	if f.err = ctx.Err(); f.err != nil {
		return nil
	}
	text, err := r.texts.Text(f.blob)
	switch {
	case errors.Is(err, content.ErrTooLarge):
		f.missed = true
	case err != nil:
		f.err = fmt.Errorf("%s: %w", f.place.Path, err)
	case bytes.Contains(text.Bytes(), []byte(r.name)):
		return text.Bytes()
	}
	return nil
}

// notice tells whether a file without a known language is one that should be
// named as not read.
func (r *referrer) notice(ctx context.Context, f *usedFile) {
	if nameIn(string(r.text(ctx, f)), r.name) >= 0 {
		f.missed = true
	}
}

// classify tells the uses in a file.
func (r *referrer) classify(ctx context.Context, f *usedFile) {
	e, err := r.ix.entryOf(f.blob)
	if err != nil {
		f.err = err
		return
	}
	if e.flags&flagUnread != 0 {
		f.missed = true
		return
	}
	text := r.text(ctx, f)
	if text == nil {
		return
	}
	if f.outline, _, f.err = r.ix.Outline(f.blob); f.err != nil {
		return
	}
	l := lex.ByID(e.lang)
	f.uses = f.outline.Uses(l, text, r.name)
	f.resolved = make([]bool, len(f.uses))
	f.err = r.resolve(ctx, f, l, text)
}

// resolve tells which uses are of the symbol.
func (r *referrer) resolve(ctx context.Context, f *usedFile, l *lex.Lang, text []byte) error {
	if r.of == nil || len(f.uses) == 0 || len(r.j.found) < r.j.all {
		return nil
	}
	file := r.t.find(f.place.Path)
	if file == nothing {
		return nil
	}
	if err := r.ix.look(ctx, &r.view, r.t, file, l.ID()); err != nil {
		return err
	}
	seen, _ := r.j.sights(&r.view, l.ID())
	for i, use := range f.uses {
		if f.blob == r.of.Blob && f.isSymbol(r.of.N, use) {
			f.resolved[i] = true
			continue
		}
		u, ok := usageAt(l, text, use.Start)
		if !ok || u.name != r.name {
			continue
		}
		if r.j.scoped {
			u.scope = scopeAt(f.outline, use.Start)
		}
		if use.Class == Definition || use.Class == Declaration {
			u.call, u.args = false, -1 // parameters are no arguments
		}
		fits, err := r.j.fitting(file, l.ID(), u)
		if err != nil {
			return err
		}
		for _, k := range r.j.meant(seen, fits, u) {
			f.resolved[i] = f.resolved[i] || r.j.found[k].ID == *r.of
		}
	}
	return nil
}

// isSymbol reports whether a use is the name of symbol n.
func (f *usedFile) isSymbol(n int, u Use) bool {
	return n >= 0 && n < len(f.outline.Symbols) && f.outline.Symbols[n].Start == u.Start
}
