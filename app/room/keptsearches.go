package room

import "fmt"

// A KeptSearch is a query that the reviewer wants to ask again, under a name. It is kept as
// it is typed, without the release it was asked of: it asks the one that is shown.
//
// Kept searches are the reviewer's own, on this workstation: they are in searches.json
// beside the journal, and neither in the journal nor in a bundle. A query is recorded when
// it is asked, as any other.
type KeptSearch struct {
	Name  string `json:"name"`  // at most MaxSearchName bytes
	Query string `json:"query"` // at most MaxKeptQuery bytes
}

// MaxKeptSearches bounds the searches kept at a deposit: more is no list for people.
const (
	MaxKeptSearches = 100
	MaxSearchName   = 100
	MaxKeptQuery    = 4096
)

const (
	searchesName    = "searches.json"
	maxSearchesFile = MaxKeptSearches * 6 * (MaxSearchName + MaxKeptQuery) // a control character is written as six
)

// KeptSearches reads the searches that the reviewer keeps at this deposit. A file that
// cannot be used is put aside, so that nothing is written over it, and the error says so.
func (v *Visit) KeptSearches() ([]KeptSearch, error) {
	return readList[KeptSearch](v, searchesName, "kept searches", MaxKeptSearches, maxSearchesFile)
}

// SaveKeptSearches keeps the list, whole or not at all. Nothing is recorded.
func (v *Visit) SaveKeptSearches(list []KeptSearch) error {
	if len(list) > MaxKeptSearches {
		return fmt.Errorf("%d searches are kept at most: take one away first", MaxKeptSearches)
	}
	for _, k := range list {
		if len(k.Name) > MaxSearchName || len(k.Query) > MaxKeptQuery {
			return fmt.Errorf("a search that is kept has at most %d bytes, and its name %d", MaxKeptQuery, MaxSearchName)
		}
	}
	return saveList(v, searchesName, list, maxSearchesFile)
}
