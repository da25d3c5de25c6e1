package room

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"sync"

	"vitrine/index/content"
	"vitrine/index/deposit"
	"vitrine/index/lex"
	"vitrine/index/search"
	"vitrine/index/symbol"
)

// symbolDir is the folder of a deposit's workspace that holds its symbols.
const symbolDir = "symbols"

// ErrSymbolsNotReady is returned by what asks the symbol index before it is there.
var ErrSymbolsNotReady = errors.New("the symbols are still being indexed")

// A SymbolState tells how far the symbol index is.
type SymbolState struct {
	Ready       bool
	Done, Total int64 // bytes of text
	Err         error // why there will be none
}

// symbols is a Source's symbol index. It comes last: files are read and texts
// are searched while it is built.
type symbols struct {
	mu    sync.Mutex
	state SymbolState
	index *symbol.Index
}

func (s *symbols) close() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.index == nil {
		return nil
	}
	ix := s.index
	s.index = nil
	return ix.Close()
}

func (s *symbols) set(st SymbolState) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.state = st
}

// SymbolState tells how far the symbol index is.
func (s *Source) SymbolState() SymbolState {
	s.symbols.mu.Lock()
	defer s.symbols.mu.Unlock()
	return s.symbols.state
}

// BuildSymbols opens the symbol index, building what is missing. It needs what
// BuildIndex readies.
func (s *Source) BuildSymbols(ctx context.Context, progress func(SymbolState)) error {
	s.mu.Lock()
	c := s.content
	s.mu.Unlock()
	if c == nil {
		return ErrIndexNotReady
	}
	dir := filepath.Join(s.dir, symbolDir)
	ix, err := openOrBuild(ctx,
		func() (*symbol.Index, error) { return symbol.Open(dir, s.deposit, c) },
		func() error {
			return symbol.Build(ctx, dir, "", s.deposit, c, func(done, total int64) {
				st := SymbolState{Done: done, Total: total}
				s.symbols.set(st)
				progress(st)
			})
		})
	if err != nil {
		s.symbols.set(SymbolState{Err: err})
		return err
	}
	s.symbols.mu.Lock()
	s.symbols.index, s.symbols.state = ix, SymbolState{Ready: true}
	s.symbols.mu.Unlock()
	progress(SymbolState{Ready: true})
	return nil
}

// known is the symbol index, once it is there.
func (v *Visit) known() (*symbol.Index, error) {
	if err := v.allowed(); err != nil {
		return nil, err
	}
	v.symbols.mu.Lock()
	defer v.symbols.mu.Unlock()
	switch {
	case v.symbols.index != nil:
		return v.symbols.index, nil
	case v.symbols.state.Err != nil:
		return nil, fmt.Errorf("there is no symbol index: %w", v.symbols.state.Err)
	}
	return nil, ErrSymbolsNotReady
}

// A SymbolQuery is what a symbol search is for.
type SymbolQuery struct {
	Name    string // as symbol.Index.Search takes it
	Release string // "" for all
	Kinds   []symbol.Kind
	Path    string // part of the path, in any case; "" for all
}

// FindSymbols finds symbols by their names, the best first and at most limit.
func (v *Visit) FindSymbols(ctx context.Context, q SymbolQuery, limit int) (symbol.Hits, error) {
	ix, err := v.known()
	if err != nil {
		return symbol.Hits{}, err
	}
	var match func(string) bool
	if q.Path != "" {
		part := strings.ToLower(q.Path)
		match = func(path string) bool { return strings.Contains(strings.ToLower(path), part) }
	}
	f, err := ix.Filter(ctx, q.Release, q.Kinds, match)
	if err != nil {
		return symbol.Hits{}, err
	}
	return ix.Search(ctx, q.Name, f, limit)
}

// OffsetOf is where a line's byte column, both from 1, lies in the decoded text.
func (d *Document) OffsetOf(line, col int) int {
	at := 0
	for n := 1; n < min(line, d.Text.Lines()+1); n++ {
		at += len(d.Text.Line(n)) + 1
	}
	return at + col - 1
}

// PositionOf is the line and byte column, both from 1, of an offset of the decoded text.
func (d *Document) PositionOf(offset int) (line, col int) {
	text := d.Text.Bytes()
	before := text[:min(max(offset, 0), len(text))]
	return bytes.Count(before, []byte{'\n'}) + 1, len(before) - bytes.LastIndexByte(before, '\n')
}

// Definitions lists what the name at a place of a document may mean: first what
// is resolved, then by likelihood. all is how many there are in its release.
func (v *Visit) Definitions(ctx context.Context, d *Document, line, col int) (list []symbol.Candidate, all int, err error) {
	ix, err := v.known()
	if err != nil || d.Binary {
		return nil, 0, err
	}
	return ix.Definitions(ctx, symbol.Question{From: d.Place, Offset: d.OffsetOf(line, col)})
}

// Outline is what a document defines, and the id of its language, "" if that is
// not known. It does not wait for the index.
func (v *Visit) Outline(ctx context.Context, d *Document) (*symbol.Outline, string, error) {
	if err := v.allowed(); err != nil {
		return nil, "", err
	}
	if d.Binary {
		return &symbol.Outline{}, "", nil
	}
	if ix, err := v.known(); err == nil {
		o, lang, err := ix.Outline(d.File.Blob)
		if err == nil || !errors.Is(err, symbol.ErrUnknown) {
			return o, lang, err
		}
	}
	l := lex.Detect(d.Place.Path, d.Text.Bytes())
	if l == nil {
		return &symbol.Outline{}, "", nil
	}
	o, err := symbol.Extract(ctx, l, d.Text.Bytes())
	return o, l.ID(), err
}

// SymbolsAt lists the symbols whose definition is around a place of a document,
// the outermost first.
func (v *Visit) SymbolsAt(d *Document, line, col int) ([]symbol.ID, []symbol.Symbol, error) {
	ix, err := v.known()
	if err != nil || d.Binary {
		return nil, nil, err
	}
	return ix.At(d.File.Blob, d.OffsetOf(line, col))
}

// Card is what is shown of a symbol where the pointer rests.
func (v *Visit) Card(id symbol.ID, release string) (symbol.Card, error) {
	ix, err := v.known()
	if err != nil {
		return symbol.Card{}, err
	}
	return ix.Card(id, release)
}

// A ReferenceLine is a use of a name with the line on which it stands.
type ReferenceLine struct {
	symbol.Reference
	Text []byte // decoded, without "\n"; must not be changed
	Col  int    // 1-based byte of Text at which the name begins
}

// References yields the uses of a name in a release, in path order, until yield
// returns false. of is the symbol that is meant, nil if that is not known.
func (v *Visit) References(ctx context.Context, name string, of *symbol.ID, release string, yield func(ReferenceLine) bool) (symbol.Report, error) {
	ix, err := v.known()
	if err != nil {
		return symbol.Report{}, err
	}
	var text *content.Text
	var failed error
	report, err := ix.References(ctx, name, of, release, v.mayUse, func(r symbol.Reference) bool {
		if text == nil || text.Blob() != r.Blob {
			if text, failed = v.source.content.Text(r.Blob); failed != nil {
				return false
			}
		}
		whole := text.Bytes()
		start := min(r.Start, len(whole))
		col := start - bytes.LastIndexByte(whole[:start], '\n')
		return yield(ReferenceLine{r, text.Line(r.Line), col})
	})
	return report, errors.Join(failed, err)
}

// mayUse yields the files of a release in which a name stands, in path order,
// and behind them those that are too large to tell.
func (v *Visit) mayUse(ctx context.Context, release, name string, yield func(deposit.Place, deposit.Digest) bool) error {
	files, err := v.Files(ctx, release)
	if err != nil {
		return err
	}
	last, more := "", true
	put := func(p deposit.Place) bool {
		if p.Path == last {
			return true
		}
		last = p.Path
		i, ok := slices.BinarySearchFunc(files, p.Path, func(f deposit.File, path string) int { return strings.Compare(f.Path, path) })
		if ok {
			more = yield(p, files[i].Blob)
		}
		return more
	}
	query := `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(name) + `" case:yes release:` + release
	report, err := v.source.Search(ctx, query, func(h search.Hit) bool { return put(h.Place) })
	if err != nil || !more {
		return err
	}
	for _, f := range report.NotSearched {
		if f.Why == search.WhyTooLarge && !put(f.Place) {
			break
		}
	}
	return nil
}

// Callers yields the functions of a release that call a symbol, in path order.
func (v *Visit) Callers(ctx context.Context, of symbol.ID, release string, yield func(symbol.Caller) bool) (symbol.Report, error) {
	ix, err := v.known()
	if err != nil {
		return symbol.Report{}, err
	}
	return ix.Callers(ctx, of, release, v.mayUse, yield)
}

// Callees lists what a function calls, in the order of the first calls.
func (v *Visit) Callees(ctx context.Context, of symbol.ID, release string) ([]symbol.Callee, error) {
	ix, err := v.known()
	if err != nil {
		return nil, err
	}
	return ix.Callees(ctx, of, release)
}

// Includes lists what a file includes or imports.
func (v *Visit) Includes(ctx context.Context, p deposit.Place) ([]symbol.Inclusion, error) {
	ix, err := v.known()
	if err != nil {
		return nil, err
	}
	return ix.Includes(ctx, p)
}

// Includers lists who includes or imports a file, in path order.
func (v *Visit) Includers(ctx context.Context, p deposit.Place) ([]symbol.Inclusion, error) {
	ix, err := v.known()
	if err != nil {
		return nil, err
	}
	return ix.Includers(ctx, p)
}

// Members lists what belongs to a type.
func (v *Visit) Members(ctx context.Context, of symbol.ID, release string) ([]symbol.TypeMember, error) {
	ix, err := v.known()
	if err != nil {
		return nil, err
	}
	return ix.Members(ctx, of, release)
}

// Counterparts lists what a symbol may be in another release, the likeliest first.
func (v *Visit) Counterparts(ctx context.Context, of symbol.Found, release string) ([]symbol.Counterpart, error) {
	ix, err := v.known()
	if err != nil {
		return nil, err
	}
	return ix.In(ctx, of, release)
}

// SymbolGaps lists the texts of a release whose symbols are not all known.
func (v *Visit) SymbolGaps(ctx context.Context, release string) ([]symbol.Gap, error) {
	ix, err := v.known()
	if err != nil {
		return nil, err
	}
	return ix.Gaps(ctx, release)
}

// RecordReferences records that the uses of a name, or what calls it, were asked for.
func (v *Visit) RecordReferences(ctx context.Context, what, name, release string) error {
	return v.RecordSearch(ctx, what+" "+name+" release:"+release)
}
