package room

import "fmt"

// A Bookmark is a line that the reviewer wants to come back to. It belongs to the file's
// path and not to one release: in another one it is where the same text stands.
//
// Bookmarks are the reviewer's own, on this workstation: they are in bookmarks.json beside
// the journal, and neither in the journal nor in a bundle.
type Bookmark struct {
	Path    string `json:"path"`
	Line    int    `json:"line"`    // from 1, as it was last seen
	Text    string `json:"text"`    // of the line, without space around it, at most MaxBookmarkText bytes
	Name    string `json:"name"`    // by the reviewer, may be empty
	Release string `json:"release"` // in which it was made
}

// MaxBookmarks bounds the bookmarks at a deposit: more is no list for people.
// MaxBookmarkText bounds what is kept of a line, and a name.
const (
	MaxBookmarks    = 500
	MaxBookmarkText = 200
)

const (
	bookmarksName    = "bookmarks.json"
	maxBookmarksFile = MaxBookmarks * (4096 + 4*MaxBookmarkText)
)

// Bookmarks reads the reviewer's bookmarks at this deposit. A file that cannot be used is
// put aside, so that nothing is written over it, and the error says so.
func (v *Visit) Bookmarks() ([]Bookmark, error) {
	return readList[Bookmark](v, bookmarksName, "bookmarks", MaxBookmarks, maxBookmarksFile)
}

// SaveBookmarks keeps the bookmarks, whole or not at all. Nothing is recorded: they are
// no part of the review.
func (v *Visit) SaveBookmarks(list []Bookmark) error {
	if len(list) > MaxBookmarks {
		return fmt.Errorf("%d bookmarks are kept at most: take one away first", MaxBookmarks)
	}
	return saveList(v, bookmarksName, list, maxBookmarksFile)
}
