package room

import (
	"errors"
	"fmt"
	"io/fs"
	"os"

	"vitrine/index/seal"
)

// A besideList is a list of the reviewer's own in a file beside the journal, in the form of
// RFC 8785: bookmarks, searches kept under a name. It is no part of the review: neither the
// journal nor a bundle has it.
type besideList[T any] struct {
	Version int    `json:"version"`
	Deposit string `json:"deposit"`
	List    []T    `json:"list"`
}

const besideVersion = 1

// readList reads a list of at most so many entries from a file of at most so many bytes. One
// that cannot be used is put aside, so that nothing is written over it, and the error says so.
func readList[T any](v *Visit, name, what string, most, bytes int) ([]T, error) {
	path := v.beside(name)
	b, err := readSmall(path, bytes)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	var f besideList[T]
	if err == nil {
		err = seal.Decode(b, bytes, &f)
	}
	switch {
	case err != nil:
	case f.Version != besideVersion:
		err = fmt.Errorf("its version is %d, and this program knows %d", f.Version, besideVersion)
	case f.Deposit != v.cert.Digest:
		err = errors.New("it is that of another deposit")
	case len(f.List) > most:
		err = fmt.Errorf("it has more than %d entries", most)
	default:
		return f.List, nil
	}
	if aside := os.Rename(path, path+".unread"); aside != nil {
		return nil, fmt.Errorf("the %s cannot be read: %w", what, errors.Join(err, aside))
	}
	return nil, fmt.Errorf("the %s cannot be read and were put aside as %s.unread: %w", what, name, err)
}

// saveList keeps a list, whole or not at all.
func saveList[T any](v *Visit, name string, list []T, bytes int) error {
	return v.saveBeside(name, besideList[T]{besideVersion, v.cert.Digest, list}, bytes)
}
