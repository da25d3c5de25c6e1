package deposit

import (
	"context"
	"fmt"
)

// A lister lists what is below the trees of releases that were admitted, when
// it is asked for. Every tree is hashed on the way. It is for one goroutine at
// a time.
type lister struct {
	reader *Reader
	trees  []*keptTrees // by source
	recent []listing    // the one asked for last at the end
	most   int          // files that recent may hold
}

// A listing is the files of one release.
type listing struct {
	release string
	files   []File
}

// maxKeptFiles is how many files of the releases asked for last are kept: those of
// three kernels, which take some 30 MB. One release is kept however large it is.
const maxKeptFiles = 1 << 18

func newLister(r *Reader) *lister {
	l := &lister{reader: r, most: maxKeptFiles}
	for k := range r.stores {
		l.trees = append(l.trees, keepTrees(sourceReader{r, k}, maxKeptTrees/len(r.stores)))
	}
	return l
}

// files lists a release and keeps the list. The slice is shared.
func (l *lister) files(ctx context.Context, r sourced) ([]File, error) {
	for i, known := range l.recent {
		if known.release == r.Name {
			copy(l.recent[i:], l.recent[i+1:])
			l.recent[len(l.recent)-1] = known
			return known.files, nil
		}
	}
	files, err := l.list(ctx, r)
	if err != nil {
		return nil, err
	}
	l.recent = append(l.recent, listing{r.Name, files})
	kept := 0
	for _, known := range l.recent {
		kept += len(known.files)
	}
	for kept > l.most && len(l.recent) > 1 {
		kept -= len(l.recent[0].files)
		l.recent[0] = listing{} // or the array behind would hold on to it
		l.recent = l.recent[1:]
	}
	return files, nil
}

// list gives the files of a release in byte order of paths, which is the order
// of git's trees, entered as they stand.
func (l *lister) list(ctx context.Context, r sourced) (files []File, err error) {
	w := descent{ctx: ctx, trees: l.trees[r.source], enter: func(ID) bool { return true }}
	w.file = func(dir string, e *treeEntry) error {
		f := File{Path: dir + string(e.name), Mode: e.mode}
		if e.mode != modeSubmodule {
			var err error
			if f.Blob, f.Size, err = w.trees.blob(e.id); err != nil {
				return at(f.Path, err)
			}
		}
		files = append(files, f)
		return nil
	}
	if err := w.below(r.Tree, "", 1); err != nil {
		return nil, fmt.Errorf("release %s: %w", r.Name, err)
	}
	return files, nil
}

// blobs gives the distinct blobs of releases in the order of their first place.
// A tree that was entered once has no more of them.
func (l *lister) blobs(ctx context.Context, releases []sourced) (blobs []Object, err error) {
	known := map[Digest]bool{}
	entered := make([]map[ID]bool, len(l.trees))
	for k := range entered {
		entered[k] = map[ID]bool{}
	}
	for _, r := range releases {
		trees := entered[r.source]
		w := descent{ctx: ctx, trees: l.trees[r.source]}
		w.enter = func(tree ID) bool {
			first := !trees[tree]
			trees[tree] = true
			return first
		}
		w.file = func(dir string, e *treeEntry) error {
			if e.mode == modeSubmodule {
				return nil
			}
			o, err := sourceReader{l.reader, r.source}.find(e.id, kindNameBlob)
			if err != nil {
				return at(dir+string(e.name), err)
			}
			if !known[o.SHA256] {
				known[o.SHA256] = true
				blobs = append(blobs, *o)
			}
			return nil
		}
		if err := w.below(r.Tree, "", 1); err != nil {
			return nil, fmt.Errorf("release %s: %w", r.Name, err)
		}
	}
	return blobs, nil
}

// A descent goes through the trees below one of a source, in their order.
type descent struct {
	ctx   context.Context
	trees *keptTrees
	enter func(tree ID) bool                   // whether to look into it
	file  func(dir string, e *treeEntry) error // what is no tree
}

// below visits what is below a tree, which is at dir. Admission has looked at
// all of it, so that what is refused here was changed since.
func (w *descent) below(tree ID, dir string, deep int) error {
	if !w.enter(tree) {
		return nil
	}
	if err := w.ctx.Err(); err != nil {
		return err
	}
	if deep > maxPathDepth+1 {
		return at(dir, fmt.Errorf("tree %s: it lies deeper than was admitted", tree))
	}
	// A sourceReader gives bytes that stay as they are, kept or not.
	data, err := w.trees.tree(tree)
	if err != nil {
		return at(dir, err)
	}
	var scan treeScanner
	scan.reset(data)
	for {
		e, ok, err := scan.next()
		if err != nil {
			return at(dir, fmt.Errorf("tree %s: %w", tree, err))
		}
		if !ok {
			return nil
		}
		if e.mode == modeTree {
			err = w.below(e.id, dir+string(e.name)+"/", deep+1)
		} else {
			err = w.file(dir, &e)
		}
		if err != nil {
			return err
		}
	}
}
