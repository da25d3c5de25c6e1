package symbol

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"sync"
	"sync/atomic"

	"vitrine/index/content"
	"vitrine/index/deposit"
	"vitrine/index/lex"
)

// Candidates yields the files of a release in which a name may stand as a word,
// in path order, until yield returns false. Who has a text index asks that; a
// file that is missing here has no references.
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
	Files int // that were read
	// NotRead are files that may hold uses but whose language is not known, or
	// that are too large: they are not classified.
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
	unread   bool
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
// first ones are few, so that something is seen soon.
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
	batch := make([]*usedFile, 0, 16*len(readers))
	limit := len(readers)
	flush := func() error {
		var wg sync.WaitGroup
		var next atomic.Int64
		for _, r := range readers[:min(len(readers), len(batch))] {
			wg.Go(func() {
				for i := next.Add(1) - 1; i < int64(len(batch)); i = next.Add(1) - 1 {
					r.read(ctx, batch[i])
				}
			})
		}
		wg.Wait()
		for _, f := range batch {
			if f.err != nil {
				return f.err
			}
			report.Files++
			if f.unread {
				if len(report.NotRead) < maxNotRead {
					report.NotRead = append(report.NotRead, f.place)
				}
				continue
			}
			if len(f.uses) > 0 && !yield(f) {
				report.Stopped = true
				break
			}
		}
		batch = batch[:0]
		limit = min(2*limit, cap(batch))
		return nil
	}
	var failed error
	err = from(ctx, release, name, func(p deposit.Place, blob deposit.Digest) bool {
		batch = append(batch, &usedFile{place: p, blob: blob})
		if len(batch) >= limit {
			failed = flush()
		}
		return failed == nil && !report.Stopped
	})
	if failed != nil {
		return report, failed
	}
	if err == nil && !report.Stopped {
		err = flush()
	}
	return report, err
}

// read classifies the uses in a file.
func (r *referrer) read(ctx context.Context, f *usedFile) {
	if f.err = ctx.Err(); f.err != nil {
		return
	}
	n, ok, err := r.ix.find(f.blob)
	if err != nil {
		f.err = err
		return
	}
	e := entry{}
	if ok {
		if e, f.err = r.ix.entry(n); f.err != nil {
			return
		}
	}
	l := lex.ByID(e.lang)
	if l == nil || e.flags&flagUnread != 0 {
		f.unread = true
		return
	}
	text, err := r.texts.Text(f.blob)
	if errors.Is(err, content.ErrTooLarge) {
		f.unread = true
		return
	}
	if err != nil {
		f.err = fmt.Errorf("%s: %w", f.place.Path, err)
		return
	}
	if f.outline, _, f.err = r.ix.outline(n); f.err != nil {
		return
	}
	f.uses = f.outline.Uses(l, text.Bytes(), r.name)
	f.resolved = make([]bool, len(f.uses))
	f.err = r.resolve(ctx, f, l, text.Bytes())
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
