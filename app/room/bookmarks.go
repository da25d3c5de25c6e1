package room

import (
	"errors"
	"fmt"
	"io/fs"
	"os"

	"vitrine/index/seal"
)

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
	bookmarksVersion = 1
	maxBookmarksFile = MaxBookmarks * (4096 + 4*MaxBookmarkText)
)

type bookmarksFile struct {
	Version int        `json:"version"`
	Deposit string     `json:"deposit"`
	List    []Bookmark `json:"list"`
}

// Bookmarks reads the reviewer's bookmarks at this deposit. A file that cannot be used is
// put aside, so that nothing is written over it, and the error says so.
func (v *Visit) Bookmarks() ([]Bookmark, error) {
	path := v.beside("bookmarks.json")
	b, err := readSmall(path, maxBookmarksFile)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	var f bookmarksFile
	if err == nil {
		err = seal.Decode(b, maxBookmarksFile, &f)
	}
	switch {
	case err != nil:
	case f.Version != bookmarksVersion:
		err = fmt.Errorf("its version is %d, and this program knows %d", f.Version, bookmarksVersion)
	case f.Deposit != v.cert.Digest:
		err = errors.New("it is that of another deposit")
	case len(f.List) > MaxBookmarks:
		err = fmt.Errorf("it has more than %d bookmarks", MaxBookmarks)
	default:
		return f.List, nil
	}
	if aside := os.Rename(path, path+".unread"); aside != nil {
		return nil, fmt.Errorf("the bookmarks cannot be read: %w", errors.Join(err, aside))
	}
	return nil, fmt.Errorf("the bookmarks cannot be read and were put aside as bookmarks.json.unread: %w", err)
}

// SaveBookmarks keeps the bookmarks, whole or not at all. Nothing is recorded: they are
// no part of the review.
func (v *Visit) SaveBookmarks(list []Bookmark) error {
	if len(list) > MaxBookmarks {
		return fmt.Errorf("%d bookmarks are kept at most: take one away first", MaxBookmarks)
	}
	return v.saveBeside("bookmarks.json", bookmarksFile{bookmarksVersion, v.cert.Digest, list}, maxBookmarksFile)
}
