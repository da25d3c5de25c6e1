package room

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"vitrine/index/block"
	"vitrine/index/content"
	"vitrine/index/deposit"
	"vitrine/index/lex"
	"vitrine/index/search"
	"vitrine/index/symbol"
)

// symbolsDir is the folder of a deposit's workspace with the symbol index.
const symbolsDir = "symbols"

// ErrSymbolsNotReady is wrapped by what is asked about symbols before
// BuildSymbols has finished: an answer from half an index would hide the rest.
var ErrSymbolsNotReady = errors.New("the symbols are not complete yet")

// SymbolState tells how far the symbol index is.
func (s *Source) SymbolState() DerivedState {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.symbols.state
}

// BuildSymbols opens the symbol index, building it when it is missing or damaged;
// it comes after BuildIndex. A deposit that continues another takes over what was
// found there. Until it returns, outlines are made from the file alone and
// everything else is refused with [ErrSymbolsNotReady].
func (s *Source) BuildSymbols(ctx context.Context, progress func(DerivedState)) error {
	return s.symbols.build(ctx, s, progress, func(c *content.Store, report func(done, total int64)) (*symbol.Index, string, error) {
		dir := filepath.Join(s.dir, symbolsDir)
		ix, notice, err := openPart(ctx, s.expects, symbolsDir,
			func() (*symbol.Index, error) { return symbol.Open(ctx, dir, s.deposit, c) },
			func(fresh bool) error {
				before := s.symbolsBefore()
				if fresh {
					if err := removeParts(dir); err != nil {
						return err
					}
					before = ""
				}
				return symbol.Build(ctx, dir, before, s.deposit, c, report)
			})
		if err != nil {
			return nil, "", err
		}
		releases := s.Releases() // one at least; the last is what people begin with
		if err := ix.Prepare(ctx, releases[len(releases)-1]); err != nil {
			return nil, "", errors.Join(err, ix.Close())
		}
		return ix, notice, nil
	})
}

// symbolsBefore is the symbol index of the newest deposit that this one
// continues; "" if there is none.
func (s *Source) symbolsBefore() string {
	links := s.deposit.Links()
	for i := len(links) - 2; i >= 0; i-- {
		dir := filepath.Join(filepath.Dir(s.dir), links[i].Digest.String(), symbolsDir)
		_, err := os.Stat(dir)
		if err == nil && deposit.Private(filepath.Dir(dir)) == nil &&
			!s.expects.altered(links[i].Digest, symbolsDir, func() (deposit.Digest, error) { return symbol.DigestOf(dir) }) {
			return dir
		}
	}
	return ""
}

// asked gives the index to ask, and turns damage that is found into a sentence.
func asked[T any](s *Source, ask func(*symbol.Index) (T, error)) (T, error) {
	var none T
	s.mu.Lock()
	ix, st := s.symbols.index, s.symbols.state
	s.mu.Unlock()
	if ix == nil {
		if st.Err != nil {
			return none, fmt.Errorf("there is no symbol index: %w", st.Err)
		}
		return none, fmt.Errorf("%w (symbols: %s): ask again when they are", ErrSymbolsNotReady, st)
	}
	v, err := ask(ix)
	var failed error
	switch {
	case errors.Is(err, block.ErrDamaged):
		failed = os.RemoveAll(filepath.Join(s.dir, symbolsDir))
	case errors.Is(err, content.ErrDamaged):
		failed = content.Distrust(filepath.Join(s.dir, contentDir))
	default:
		return v, err
	}
	// It is built anew by whoever opens it next; what is open stays open.
	if failed != nil {
		return v, errors.Join(err, failed)
	}
	return v, fmt.Errorf("%w; open the deposit again, which builds it anew", err)
}

// A SymbolQuery is what symbols are searched for by.
type SymbolQuery struct {
	Text    string        // letters of the name, in order; see [symbol.Index.Search]
	Kinds   []symbol.Kind // none for all
	Release string        // "" for all
	Folder  string        // only in files below it, when it is not ""
	Limit   int
}

// FindSymbols finds symbols by their names, the best first.
func (s *Source) FindSymbols(ctx context.Context, q SymbolQuery) (symbol.Hits, error) {
	if q.Release != "" && !slices.Contains(s.Releases(), q.Release) {
		return symbol.Hits{}, fmt.Errorf("the deposit has no release %q", q.Release)
	}
	return asked(s, func(ix *symbol.Index) (symbol.Hits, error) {
		var match func(string) bool
		if q.Folder != "" {
			below := strings.Trim(q.Folder, "/") + "/"
			match = func(p string) bool { return strings.HasPrefix(p, below) }
		}
		f, err := ix.Filter(ctx, q.Release, q.Kinds, match)
		if err != nil {
			return symbol.Hits{}, err
		}
		return ix.Search(ctx, q.Text, f, q.Limit)
	})
}

// Outline is what a file defines. It is there from the beginning: while the
// index is not, it is made from the file.
func (s *Source) Outline(ctx context.Context, p deposit.Place) (*symbol.Outline, error) {
	f, err := s.locate(ctx, p)
	if err != nil {
		return nil, err
	}
	var d *Document
	if _, chosen := s.chosen()[f.Blob]; chosen {
		if d, err = s.document(ctx, p); err != nil {
			return nil, err
		}
		if d.indexed.Lines() != d.Text.Lines() {
			return new(symbol.Outline), nil // it is of other lines than are shown
		}
	}
	o, err := asked(s, func(ix *symbol.Index) (*symbol.Outline, error) {
		o, _, err := ix.Outline(f.Blob)
		return o, err
	})
	switch {
	case err == nil:
		return o, nil
	case errors.Is(err, symbol.ErrUnknown), f.Size > content.MaxText:
		return new(symbol.Outline), nil
	}
	if d == nil {
		if d, err = s.document(ctx, p); err != nil {
			return nil, err
		}
	}
	if d.Binary {
		return new(symbol.Outline), nil
	}
	text := d.asIndexed().Bytes()
	return symbol.Extract(ctx, lex.Detect(p.Path, text), text)
}

// Definitions lists what a name may mean: what is resolved first, then by
// likelihood; and how many definitions of the name there are.
func (s *Source) Definitions(ctx context.Context, q symbol.Question) (list []symbol.Candidate, all int, err error) {
	list, err = asked(s, func(ix *symbol.Index) (out []symbol.Candidate, err error) {
		out, all, err = ix.Definitions(ctx, q)
		return out, err
	})
	return list, all, err
}

// candidates finds the files in which a name may stand by the text index.
func (s *Source) candidates(ctx context.Context, release, name string, yield func(deposit.Place, deposit.Digest) bool) error {
	q, err := search.Parse(fmt.Sprintf("%s case:yes release:%s", quoted(name), quoted(release)))
	if wordName.MatchString(name) {
		q, err = search.Holding(name, release)
	}
	if err != nil {
		return err
	}
	report, err := s.ask(q, func(ix *search.Index, q *search.Query) (search.Report, error) { return ix.Candidates(ctx, q, yield) })
	if err != nil || report.Stopped {
		return err
	}
	return s.tooLarge(ctx, report, yield)
}

// tooLarge yields the texts that were too large to be searched: the name may
// stand in them, and who asked is told that they were not read.
func (s *Source) tooLarge(ctx context.Context, r search.Report, yield func(deposit.Place, deposit.Digest) bool) error {
	for _, n := range r.NotSearched {
		if n.Why != search.WhyTooLarge {
			continue
		}
		files, err := s.deposit.Files(ctx, n.Place.Release)
		if err != nil {
			return err
		}
		i, ok := slices.BinarySearchFunc(files, n.Place.Path, func(f deposit.File, path string) int { return strings.Compare(f.Path, path) })
		if ok && !yield(n.Place, files[i].Blob) {
			break
		}
	}
	return nil
}

// wordName is what a whole word is for search; other names ("empty?") may not
// stand as words.
var wordName = regexp.MustCompile(`^[A-Za-z0-9_]+$`)

func quoted(s string) string { return `"` + strings.ReplaceAll(s, `"`, `\"`) + `"` }

// References yields the uses of a name in a release, in path order, until yield
// returns false. With a symbol, it tells which are of it.
func (s *Source) References(ctx context.Context, name string, of *symbol.ID, release string, yield func(symbol.Reference) bool) (symbol.Report, error) {
	return asked(s, func(ix *symbol.Index) (symbol.Report, error) {
		return ix.References(ctx, name, of, release, s.candidates, yield)
	})
}

// Callers yields the functions of a release that call a symbol, in path order.
func (s *Source) Callers(ctx context.Context, of symbol.ID, release string, yield func(symbol.Caller) bool) (symbol.Report, error) {
	return asked(s, func(ix *symbol.Index) (symbol.Report, error) {
		return ix.Callers(ctx, of, release, s.candidates, yield)
	})
}

// Callees lists what a function of a release calls, in the order of the calls.
func (s *Source) Callees(ctx context.Context, of symbol.ID, release string) ([]symbol.Callee, error) {
	return asked(s, func(ix *symbol.Index) ([]symbol.Callee, error) { return ix.Callees(ctx, of, release) })
}

// Members lists what belongs to a type in a release.
func (s *Source) Members(ctx context.Context, of symbol.ID, release string) ([]symbol.TypeMember, error) {
	return asked(s, func(ix *symbol.Index) ([]symbol.TypeMember, error) { return ix.Members(ctx, of, release) })
}

// Includes lists what a file includes or imports.
func (s *Source) Includes(ctx context.Context, p deposit.Place) ([]symbol.Inclusion, error) {
	return asked(s, func(ix *symbol.Index) ([]symbol.Inclusion, error) { return ix.Includes(ctx, p) })
}

// Includers lists who includes or imports a file.
func (s *Source) Includers(ctx context.Context, p deposit.Place) ([]symbol.Inclusion, error) {
	return asked(s, func(ix *symbol.Index) ([]symbol.Inclusion, error) { return ix.Includers(ctx, p) })
}

// SymbolIn lists what a symbol may be in another release, the likeliest first.
func (s *Source) SymbolIn(ctx context.Context, of symbol.Found, release string) ([]symbol.Counterpart, error) {
	return asked(s, func(ix *symbol.Index) ([]symbol.Counterpart, error) { return ix.In(ctx, of, release) })
}

// SymbolCard is what is shown of a symbol where the pointer rests.
func (s *Source) SymbolCard(id symbol.ID, release string) (symbol.Card, error) {
	return asked(s, func(ix *symbol.Index) (symbol.Card, error) { return ix.Card(id, release) })
}

// SymbolGaps lists the files of a release whose symbols are not all known.
func (s *Source) SymbolGaps(ctx context.Context, release string) ([]symbol.Gap, error) {
	return asked(s, func(ix *symbol.Index) ([]symbol.Gap, error) { return ix.Gaps(ctx, release) })
}

// closeSymbols closes the index; s.mu is held.
func (s *Source) closeSymbols() error {
	if s.symbols.index == nil {
		return nil
	}
	return s.symbols.index.Close()
}
