package room

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"time"

	"vitrine/index/content"
	"vitrine/index/deposit"
	"vitrine/index/search"
	"vitrine/index/symbol"
)

// Folders of a deposit's workspace that are derived from it.
const contentDir, indexDir = "content", "index"

// A Source is a verified deposit with what is derived from it: decoded content
// and the text index. It needs no reviewer; a Visit is a Source plus the record.
type Source struct {
	deposit *deposit.Deposit
	dir     string // workspace folder of this deposit
	expects *checkpoints

	building sync.Mutex      // one build at a time: a paused one may still be ending
	reading  sync.Mutex      // of reader
	reader   *deposit.Reader // until the content store is open

	mu         sync.Mutex
	early      *search.Index // names of files, until there is an index
	state      IndexState
	content    *content.Store
	index      *search.Index
	symbols    derived[*symbol.Index]
	characters characters
	choices    content.Choices

	configs configs
}

type source = Source // what a Visit embeds

// An IndexState tells how far the text index is.
type IndexState struct {
	Ready       bool
	Names       bool   // files can be searched for by name
	Phase       string // "Content", then "Words"
	Done, Total int64  // bytes
	Err         error  // why there will be none
	Notice      string // sentences for the reviewer, one a line, when what was found was not as expected
}

// OpenSource opens a deposit that was admitted to the workspace. It takes d over.
func OpenSource(cfg Config, d *deposit.Deposit) *Source {
	return &Source{deposit: d, dir: filepath.Join(cfg.workspace(), d.Digest().String())}
}

// Releases gives the names of the releases, oldest first.
func (s *Source) Releases() []string {
	var names []string
	for _, r := range s.deposit.Releases() {
		names = append(names, r.Name)
	}
	return names
}

// Files lists a release's files in byte order of their paths.
func (s *Source) Files(ctx context.Context, release string) ([]deposit.File, error) {
	return s.deposit.Files(ctx, release)
}

// IndexState tells how far the text index is.
func (s *Source) IndexState() IndexState {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.state
}

// BuildIndex opens the content store and the text index, building what is
// missing. Until it returns files are read from the deposit itself, and Search finds them
// by their names, once these are listed. A cancelled ctx ends it, and another call goes on
// from there.
func (s *Source) BuildIndex(ctx context.Context, progress func(IndexState)) error {
	s.building.Lock()
	defer s.building.Unlock()
	s.mu.Lock()
	ready := s.index != nil
	s.mu.Unlock()
	if ready {
		return nil
	}
	report := func(phase string) func(done, total int64) {
		return func(done, total int64) {
			s.mu.Lock()
			st := IndexState{Names: s.early != nil, Phase: phase, Done: done, Total: total}
			s.state = st
			s.mu.Unlock()
			progress(st)
		}
	}
	c, ix, notice, err := s.openIndex(ctx, report)
	s.mu.Lock()
	defer s.mu.Unlock()
	switch {
	case ctx.Err() != nil && err != nil:
		return err // it is to go on
	case err != nil:
		s.state = IndexState{Err: err, Names: s.early != nil}
		return err
	}
	s.content, s.index = c, ix
	err = s.closeReader()
	s.state, s.early = IndexState{Ready: true, Names: true, Notice: notice}, nil
	return err
}

func (s *Source) openIndex(ctx context.Context, report func(string) func(done, total int64)) (c *content.Store, ix *search.Index, notice string, err error) {
	// Files are hashed when they are read, but an index that another user could
	// have changed might hide lines. Where the system does not tell who may
	// write, the room has to see to it.
	if err := deposit.Private(s.dir); err != nil && runtime.GOOS != "windows" {
		return nil, nil, "", fmt.Errorf("what was derived from the deposit may not be this user's: %w; or remove %s, which is made anew", err, s.dir)
	}
	contentPath, indexPath := filepath.Join(s.dir, contentDir), filepath.Join(s.dir, indexDir)
	openContent := content.Open
	c, notice, err = openPart(ctx, s.expects, contentDir,
		func() (*content.Store, error) { return openContent(contentPath, s.deposit.Digest()) },
		func(fresh bool) error {
			if fresh { // what it takes over it holds against the deposit
				if err := content.Distrust(contentPath); err != nil {
					return err
				}
			}
			if err := s.listNames(ctx, report("Content")); err != nil {
				return err
			}
			err := content.Build(ctx, contentPath, s.deposit, report("Content"), s.olderContent()...)
			if err == nil {
				openContent = content.OpenBuilt
			}
			return err
		})
	if err != nil {
		return nil, nil, "", err
	}
	ix, other, err := openPart(ctx, s.expects, indexDir,
		func() (*search.Index, error) { return search.Open(indexPath, s.deposit, c) },
		func(fresh bool) error {
			if err := s.listNames(ctx, report("Words")); err != nil {
				return err
			}
			before := s.indexBefore()
			if fresh {
				if err := removeParts(indexPath); err != nil {
					return err
				}
				before = ""
			}
			return search.BuildOn(ctx, indexPath, before, s.deposit, c, report("Words"))
		})
	if err != nil {
		return nil, nil, "", errors.Join(err, c.Close())
	}
	c.HashAgain()
	return c, ix, strings.TrimSpace(notice + "\n" + other), nil
}

// listNames makes files found by their names before there is an index.
func (s *Source) listNames(ctx context.Context, report func(done, total int64)) error {
	s.mu.Lock()
	listed := s.early != nil
	s.mu.Unlock()
	if listed {
		return nil
	}
	ix, err := search.Early(ctx, s.deposit)
	if err != nil {
		return err
	}
	s.mu.Lock()
	s.early = ix
	s.mu.Unlock()
	report(0, 0)
	return nil
}

// olderContent lists where the stores of the deposits that this one continues
// are, if they are here.
func (s *Source) olderContent() (dirs []string) {
	for _, l := range s.deposit.Links() {
		if l.Digest == s.deposit.Digest() {
			continue
		}
		if dir := s.beside(l.Digest); dir != "" {
			dirs = append(dirs, filepath.Join(dir, contentDir))
		}
	}
	return dirs
}

// indexBefore is the folder of the index of the deposit that this one continues,
// or "".
func (s *Source) indexBefore() string {
	links := s.deposit.Links()
	if len(links) < 2 {
		return ""
	}
	before := links[len(links)-2].Digest
	dir := s.beside(before)
	if dir == "" {
		return ""
	}
	dir = filepath.Join(dir, indexDir)
	if s.expects.altered(before, indexDir, func() (deposit.Digest, error) { return search.DigestOf(dir) }) {
		return ""
	}
	return dir
}

// beside is where another deposit of the workspace lies; "" where that folder
// may not be this user's.
func (s *Source) beside(d deposit.Digest) string {
	dir := filepath.Join(filepath.Dir(s.dir), d.String())
	if err := deposit.Private(dir); err != nil && runtime.GOOS != "windows" {
		return ""
	}
	return dir
}

// busyPause is how often it is looked whether another visit, which builds the
// same folder, has ended.
const busyPause = 200 * time.Millisecond

// openOrBuild opens what is derived from the deposit, building it when it is
// missing or damaged. While another visit builds it, it waits for that.
func openOrBuild[T any](ctx context.Context, open func() (T, error), build func() error) (T, error) {
	for {
		if v, err := open(); err == nil {
			return v, nil
		}
		err := build()
		if err == nil {
			return open()
		}
		if !errors.Is(err, content.ErrBusy) {
			var none T
			return none, err
		}
		select {
		case <-time.After(busyPause):
		case <-ctx.Done():
			var none T
			return none, ctx.Err()
		}
	}
}

// Search yields every hit in path order, until hit returns false. What is wrong with
// the query is a *search.SyntaxError. While the index is built, it finds files by their
// names, and the report lists all others.
func (s *Source) Search(ctx context.Context, query string, hit func(search.Hit) bool) (search.Report, error) {
	q, err := search.Parse(query)
	if err != nil {
		return search.Report{}, err
	}
	return s.ask(q, func(ix *search.Index, q *search.Query) (search.Report, error) { return ix.Search(ctx, q, hit) })
}

// SearchAt is Search in one place.
func (s *Source) SearchAt(ctx context.Context, query string, at deposit.Place, hit func(search.Hit) bool) (search.Report, error) {
	q, err := search.Parse(query)
	if err != nil {
		return search.Report{}, err
	}
	return s.ask(q.At(at), func(ix *search.Index, q *search.Query) (search.Report, error) { return ix.Search(ctx, q, hit) })
}

// ask has the index there is asked a query, and turns damage that is found into a sentence.
func (s *Source) ask(q *search.Query, ask func(*search.Index, *search.Query) (search.Report, error)) (search.Report, error) {
	s.mu.Lock()
	ix, st := s.index, s.state
	if ix == nil {
		ix = s.early
	}
	q = q.WithChoices(s.choices)
	s.mu.Unlock()
	if ix == nil {
		if st.Err != nil {
			return search.Report{}, fmt.Errorf("there is no text index: %w", st.Err)
		}
		return search.Report{}, ErrIndexNotReady
	}
	if q.AsksSymbols() {
		if known := s.searchSymbols(); known != nil {
			q = q.WithSymbols(known)
		}
	}
	r, err := ask(ix, q)
	for damaged, distrust := range map[error]func() error{
		content.ErrDamaged: func() error { return content.Distrust(filepath.Join(s.dir, contentDir)) },
		search.ErrDamaged:  func() error { return os.RemoveAll(filepath.Join(s.dir, indexDir)) },
	} {
		if !errors.Is(err, damaged) {
			continue
		}
		// It is built anew by whoever opens it next; what is open stays open.
		if failed := distrust(); failed != nil {
			return r, errors.Join(err, failed)
		}
		err = fmt.Errorf("%w; open the deposit again, which builds it anew", err)
	}
	return r, err
}

// QueryLanguage tells how to search, as plain text in lines.
func QueryLanguage() string { return search.Language() }

// Close closes what is open. No call may be under way.
func (s *Source) Close() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	var errs []error
	if s.index != nil {
		errs = append(errs, s.index.Close()) // first: what a cancelled search left asks the symbols
	}
	errs = append(errs, s.closeSymbols())
	if s.content != nil {
		errs = append(errs, s.content.Close())
	}
	errs = append(errs, s.closeReader())
	return errors.Join(append(errs, s.deposit.Close())...)
}

// A Trusted names a deposit for someone who has keys to trust and needs no
// visit: the people who seal and run the room.
type Trusted struct {
	Deposit string // its folder
	Trust   deposit.Trust
	Limits  deposit.Limits
	Full    bool // verify it again, also what was before, and index it anew
}

// OpenTrusted opens a deposit. Its signature is checked each time; the whole is
// verified and imported unless that was done before under the same trust and
// limits. Then the index is opened, or built; with Full set it is built anew,
// which mends what was damaged since.
func OpenTrusted(ctx context.Context, cfg Config, t Trusted, step func(deposit.Step), indexing func(IndexState)) (*Source, error) {
	s, err := OpenUnindexed(ctx, cfg, t, step)
	if err != nil {
		return nil, err
	}
	if t.Full {
		if err := errors.Join(os.RemoveAll(filepath.Join(s.dir, indexDir)), os.RemoveAll(filepath.Join(s.dir, contentDir)), os.RemoveAll(filepath.Join(s.dir, symbolsDir)), os.RemoveAll(filepath.Join(s.dir, charactersDir))); err != nil {
			return nil, errors.Join(fmt.Errorf("clear the old text index: %w", err), s.Close())
		}
	}
	if err := s.BuildIndex(ctx, indexing); err != nil {
		return nil, errors.Join(err, s.Close())
	}
	return s, nil
}

// OpenUnindexed is OpenTrusted for who searches nothing: content and text index
// stay as they are.
func OpenUnindexed(ctx context.Context, cfg Config, t Trusted, step func(deposit.Step)) (*Source, error) {
	if err := cfg.prepare(); err != nil {
		return nil, err
	}
	admitted, err := t.reopen(ctx, cfg)
	if errors.Is(err, deposit.ErrNotAdmitted) {
		admitted, err = deposit.Admit(ctx, t.Deposit, cfg.workspace(), t.Trust, t.Limits, step)
	}
	if err != nil {
		return nil, err
	}
	d, err := deposit.Open(cfg.workspace(), admitted.Digest)
	if err != nil {
		return nil, err
	}
	return OpenSource(cfg, d), nil
}

// reopen gives an earlier admission that holds under this trust and these
// limits; nobody is told of its steps, since none is made.
func (t Trusted) reopen(ctx context.Context, cfg Config) (*deposit.Admission, error) {
	if t.Full {
		return nil, deposit.ErrNotAdmitted
	}
	return deposit.Reopen(ctx, t.Deposit, cfg.workspace(), t.Trust, t.Limits, nil)
}
