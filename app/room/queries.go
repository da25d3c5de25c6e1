package room

import (
	"slices"
	"sync"

	"vitrine/app/journal"
	"vitrine/index/search"
)

// maxQueries is how many searches are offered again: a menu of more is not read.
const maxQueries = 50

// queries are the searches that the reviewer's journal tells of, the last first and each
// once. They need no file of their own: what was searched for is recorded.
type queries struct {
	mu   sync.Mutex
	last []string
}

// read learns what an entry of the journal says.
func (q *queries) read(e journal.Entry) error {
	if e.Kind != kindSearch || e.Body == nil {
		return nil
	}
	var r searchRecord
	if err := e.Decode(&r); err != nil {
		return err
	}
	q.mu.Lock()
	defer q.mu.Unlock()
	last := slices.DeleteFunc(slices.Clone(q.last), func(have string) bool { return have == r.Query })
	last = slices.Insert(last, 0, r.Query)
	q.last = last[:min(len(last), maxQueries)]
	return nil
}

// Queries lists the last searches recorded at this deposit, in this visit and earlier
// ones of the reviewer, the last first and each once.
func (v *Visit) Queries() []string {
	v.queries.mu.Lock()
	defer v.queries.mu.Unlock()
	return v.queries.last
}

// QueryPieces lists the filters and named terms of a query where they stand in its text.
func QueryPieces(query string) []search.Piece { return search.Pieces(query) }

// LanguageByName is the id, for lang:, of the language that a path's name tells; or "".
func LanguageByName(path string) string { return search.LanguageByName(path) }
