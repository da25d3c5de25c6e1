package search

import (
	"context"
	"fmt"
	"strings"
	"sync"
)

// filteredQueries is of how many path filters it is kept which paths they let pass: of what
// somebody types behind one, each key is a query.
const filteredQueries = 4

// A filtered keeps what was found out of paths, by queries before.
type filtered struct {
	mu   sync.Mutex
	kept []filteredPaths // the latest first

	once      sync.Once
	languages []string // per file, as its name alone tells; "" where it does not
}

type filteredPaths struct {
	filters string
	wants   []uint64 // a bit for each file
}

// wantedPaths has a bit for each file whose path the filters let pass.
func (ix *Index) wantedPaths(ctx context.Context, s *scope) ([]uint64, error) {
	filters := s.pathFilters()
	f := &ix.filtered
	f.mu.Lock()
	for _, k := range f.kept {
		if k.filters == filters {
			f.mu.Unlock()
			return k.wants, nil
		}
	}
	f.mu.Unlock()
	wants := make([]uint64, (len(ix.files)+63)/64)
	for i, file := range ix.files {
		if i%256 == 0 {
			if err := ctx.Err(); err != nil {
				return nil, err
			}
		}
		if s.wantsPath(file.path) {
			wants[i/64] |= 1 << (i % 64)
		}
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	f.kept = append([]filteredPaths{{filters, wants}}, f.kept[:min(len(f.kept), filteredQueries-1)]...)
	return wants, nil
}

// pathFilters is all that wantsPath goes by.
func (s *scope) pathFilters() string {
	var out strings.Builder
	for n, list := range [][]pathFilter{s.paths, s.without} {
		for _, f := range list {
			fmt.Fprintf(&out, "%d %t %q\n", n, f.re != nil, f.text)
		}
	}
	return out.String()
}

// languageByName is the language of a file if its name alone tells.
func (ix *Index) languageByName(file int) string {
	f := &ix.filtered
	f.once.Do(func() {
		f.languages = make([]string, len(ix.files))
		for i, file := range ix.files {
			if id, sure := ix.languages.ByName(file.path); sure {
				f.languages[i] = id
			}
		}
	})
	return f.languages[file]
}
