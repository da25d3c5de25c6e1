package deposit

import (
	"errors"
	"fmt"
)

// A lister lists what is below the trees of one source that were admitted. It
// keeps what it listed, since releases share most of their directories.
type lister struct {
	read  treeReader
	known map[ID][]File // paths are relative to the tree
	left  int           // files that may still be kept
}

// maxKnown is how many files a lister keeps: a kernel's release, twelve times.
const maxKnown = 1 << 20

func newLister(r treeReader) *lister { return &lister{r, map[ID][]File{}, maxKnown} }

// list gives the files below a tree in byte order of their paths, which is the
// order of git's trees, entered as they stand. The slice is shared.
func (l *lister) list(id ID, deep int) ([]File, error) {
	if files, ok := l.known[id]; ok {
		return files, nil
	}
	if deep > maxPathDepth+1 {
		return nil, fmt.Errorf("tree %s: %w", id, errors.New("it lies deeper than was admitted"))
	}
	entries, err := l.entries(id)
	if err != nil {
		return nil, err
	}
	below := make([][]File, len(entries))
	count := 0
	for i, e := range entries {
		if count++; e.Mode != modeTree {
			continue
		}
		if below[i], err = l.list(e.tree, deep+1); err != nil {
			return nil, fmt.Errorf("%s/%w", e.Path, err)
		}
		count += len(below[i]) - 1
	}
	files := make([]File, 0, count)
	for i, e := range entries {
		if e.Mode != modeTree {
			files = append(files, e.File)
		}
		for _, f := range below[i] {
			f.Path = e.Path + "/" + f.Path
			files = append(files, f)
		}
	}
	if l.left -= len(files); l.left >= 0 {
		l.known[id] = files
	}
	return files, nil
}

// A listed is one entry of a tree: a file, or a directory and its tree.
type listed struct {
	File
	tree ID
}

func (l *lister) entries(id ID) ([]listed, error) {
	data, err := l.read.tree(id)
	if err != nil {
		return nil, err
	}
	var scan treeScanner
	scan.reset(data)
	var entries []listed
	for {
		e, ok, err := scan.next()
		if err != nil {
			return nil, fmt.Errorf("tree %s: %w", id, err)
		}
		if !ok {
			return entries, nil
		}
		f := listed{File: File{Path: string(e.name), Mode: e.mode}, tree: e.id}
		if e.mode != modeTree && e.mode != modeSubmodule {
			if f.Blob, f.Size, err = l.read.blob(e.id); err != nil {
				return nil, at(f.Path, err)
			}
		}
		entries = append(entries, f)
	}
}
