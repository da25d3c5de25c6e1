package character

import (
	"context"
	"fmt"
	"runtime"
	"sync"

	"vitrine/index/content"
	"vitrine/index/deposit"
)

// maxReaders bounds the goroutines that read texts: each has one of up to twice
// content.MaxText in memory.
const maxReaders = 4

// releases is what a survey needs of a deposit; it is *deposit.Deposit, and in tests a table.
type releases interface {
	Digest() deposit.Digest
	Releases() []deposit.Release
	Files(ctx context.Context, release string) ([]deposit.File, error)
}

// A Survey counts what is in the texts of a deposit. It may be asked while it runs, by
// several goroutines.
type Survey struct {
	deposit releases
	content *content.Store

	mu          sync.Mutex
	found       map[deposit.Digest]Counts // of texts in which there is anything
	done        map[deposit.Digest]bool   // texts that were looked at
	bytes, size int64
	whole       bool
}

// NewSurvey makes a survey in which nothing was looked at.
func NewSurvey(d releases, c *content.Store) *Survey {
	return &Survey{deposit: d, content: c, found: map[deposit.Digest]Counts{}, done: map[deposit.Digest]bool{}}
}

// A text is a blob that is looked at, as a file of a name.
type text struct {
	blob deposit.Digest
	path string
	size int64
}

// Run goes through what was not looked at yet. When ctx ends, what was is kept, and
// another Run goes on. progress, which may be nil, is called with bytes of text, by one
// goroutine at a time. A text that cannot be read ends it.
func (s *Survey) Run(ctx context.Context, progress func(done, total int64)) error {
	rest, err := s.rest(ctx)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	next := make(chan text)
	var readers sync.WaitGroup
	for range min(runtime.GOMAXPROCS(0), maxReaders, max(len(rest), 1)) {
		readers.Go(func() {
			r := s.content.NewReader(false)
			defer r.Close()
			for t := range next {
				if err := s.look(ctx, r, t, progress); err != nil {
					cancel(err)
					return
				}
			}
		})
	}
feed:
	for _, t := range rest {
		select {
		case next <- t:
		case <-ctx.Done():
			break feed
		}
	}
	close(next)
	readers.Wait()
	if err := context.Cause(ctx); err != nil {
		return err
	}
	s.mu.Lock()
	s.whole = true
	s.mu.Unlock()
	return nil
}

// rest lists the texts that were not looked at, each at its first place.
func (s *Survey) rest(ctx context.Context) (out []text, err error) {
	if s.deposit.Digest() != s.content.Manifest() {
		return nil, fmt.Errorf("the content store belongs to the deposit with manifest %s, not %s", s.content.Manifest(), s.deposit.Digest())
	}
	seen := map[deposit.Digest]bool{}
	var size int64
	for _, r := range s.deposit.Releases() {
		files, err := s.deposit.Files(ctx, r.Name)
		if err != nil {
			return nil, err
		}
		for _, f := range files {
			if seen[f.Blob] || !isRegular(f.Mode) {
				continue
			}
			seen[f.Blob] = true
			info, ok := s.content.Info(f.Blob)
			if !ok {
				return nil, fmt.Errorf("%s: blob %s is not in the content store", f.Path, f.Blob)
			}
			if unlooked(info) != "" {
				continue
			}
			size += info.Size
			s.mu.Lock()
			done := s.done[f.Blob]
			s.mu.Unlock()
			if !done {
				out = append(out, text{f.Blob, f.Path, info.Size})
			}
		}
	}
	s.mu.Lock()
	s.size = size
	s.mu.Unlock()
	return out, nil
}

func isRegular(mode uint32) bool { return mode&0o170000 == 0o100000 }

// unlooked is why a blob is not looked at; "" when it is.
func unlooked(info content.Info) string {
	switch {
	case info.Encoding == content.Binary:
		return "binary"
	case info.Size > content.MaxText:
		return "too large"
	}
	return ""
}

func (s *Survey) look(ctx context.Context, r *content.Reader, t text, progress func(done, total int64)) error {
	text, err := r.Text(t.blob)
	if err != nil {
		return err
	}
	c, err := count(ctx, t.path, text.Bytes())
	if err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.done[t.blob] = true
	if c.Any() {
		s.found[t.blob] = c
	}
	s.bytes += t.size
	if progress != nil {
		progress(s.bytes, s.size)
	}
	return nil
}

// Counts is what was found in a blob; false if it was not looked at yet.
func (s *Survey) Counts(blob deposit.Digest) (Counts, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.found[blob], s.done[blob]
}
