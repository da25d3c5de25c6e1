package main

import (
	"bytes"
	"fmt"
	"io/fs"
	"path"
	"sort"
	"strings"

	"github.com/go-git/go-billy/v5/osfs"
	"github.com/go-git/go-git/v5/config"
	"github.com/go-git/go-git/v5/plumbing"
	"github.com/go-git/go-git/v5/plumbing/cache"
	"github.com/go-git/go-git/v5/plumbing/filemode"
	"github.com/go-git/go-git/v5/plumbing/object"
	"github.com/go-git/go-git/v5/storage/filesystem"
)

const branch = plumbing.ReferenceName("refs/heads/main")

// A repository is a bare one that grows by a commit at a time.
type repository struct {
	store *filesystem.Storage
	files map[string]entry // the newest commit's, by path
	head  plumbing.Hash
}

type entry struct {
	hash plumbing.Hash
	mode filemode.FileMode
}

// writeRepository makes the bare repository dir of the history in src and
// returns the releases' names, oldest first.
func writeRepository(src fs.FS, dir string) ([]string, error) {
	history, err := readHistory(src)
	if err != nil {
		return nil, err
	}
	r := &repository{
		store: filesystem.NewStorage(osfs.New(dir), cache.NewObjectLRUDefault()),
		files: map[string]entry{},
	}
	if err := r.init(); err != nil {
		return nil, err
	}
	var names []string
	for _, rel := range history {
		if err := r.release(src, rel); err != nil {
			return nil, fmt.Errorf("release %s: %w", rel.name, err)
		}
		names = append(names, rel.name)
	}
	return names, r.store.Close()
}

func (r *repository) init() error {
	if err := r.store.Init(); err != nil {
		return err
	}
	c := config.NewConfig()
	c.Core.IsBare = true
	if err := r.store.SetConfig(c); err != nil {
		return err
	}
	return r.store.SetReference(plumbing.NewSymbolicReference(plumbing.HEAD, branch))
}

func (r *repository) release(src fs.FS, rel release) error {
	left, err := releaseFiles(src, rel.name)
	if err != nil {
		return err
	}
	for i, c := range rel.commits {
		var mine []string
		mine, left = c.takes(left)
		if len(mine)+len(c.remove) == 0 {
			return fmt.Errorf("commit %d takes no file", i+1)
		}
		for _, p := range mine {
			data, err := fs.ReadFile(src, path.Join(rel.name, p))
			if err != nil {
				return err
			}
			if err := r.add(p, data); err != nil {
				return err
			}
		}
		for _, p := range c.remove {
			if _, ok := r.files[p]; !ok {
				return fmt.Errorf("commit %d removes %s, which is not there", i+1, p)
			}
			delete(r.files, p)
		}
		if err := r.commit(c); err != nil {
			return err
		}
	}
	if len(left) > 0 {
		return fmt.Errorf("no commit takes %s", strings.Join(left, ", "))
	}
	return r.tag(rel)
}

// add stores one file. Its mode comes from its bytes, so that the result does
// not depend on how the tree was checked out.
func (r *repository) add(name string, data []byte) error {
	o := r.store.NewEncodedObject()
	o.SetType(plumbing.BlobObject)
	w, err := o.Writer()
	if err != nil {
		return err
	}
	if _, err := w.Write(data); err != nil {
		return err
	}
	if err := w.Close(); err != nil {
		return err
	}
	hash, err := r.store.SetEncodedObject(o)
	if err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	e := entry{hash: hash, mode: filemode.Regular}
	if bytes.HasPrefix(data, []byte("#!")) {
		e.mode = filemode.Executable
	}
	if old, ok := r.files[name]; ok && old == e {
		return fmt.Errorf("%s is the same as in the release before", name)
	}
	r.files[name] = e
	return nil
}

// tree stores the files below prefix ("" or "dir/") and returns their tree.
func (r *repository) tree(prefix string) (plumbing.Hash, error) {
	t := &object.Tree{}
	below := map[string]bool{}
	for p, e := range r.files {
		rest, ok := strings.CutPrefix(p, prefix)
		if !ok {
			continue
		}
		if dir, _, deeper := strings.Cut(rest, "/"); deeper {
			below[dir] = true
		} else {
			t.Entries = append(t.Entries, object.TreeEntry{Name: rest, Mode: e.mode, Hash: e.hash})
		}
	}
	for dir := range below {
		hash, err := r.tree(prefix + dir + "/")
		if err != nil {
			return plumbing.ZeroHash, err
		}
		t.Entries = append(t.Entries, object.TreeEntry{Name: dir, Mode: filemode.Dir, Hash: hash})
	}
	sort.Sort(object.TreeEntrySorter(t.Entries))
	return r.put(t)
}

func (r *repository) commit(c commit) error {
	tree, err := r.tree("")
	if err != nil {
		return err
	}
	who := object.Signature{Name: c.author.Name, Email: c.author.Address, When: c.when}
	o := &object.Commit{Author: who, Committer: who, Message: c.text(), TreeHash: tree}
	if !r.head.IsZero() {
		o.ParentHashes = []plumbing.Hash{r.head}
	}
	if r.head, err = r.put(o); err != nil {
		return err
	}
	return r.store.SetReference(plumbing.NewHashReference(branch, r.head))
}

// tag marks the newest commit as the release, by its author, at its time.
func (r *repository) tag(rel release) error {
	last := rel.commits[len(rel.commits)-1]
	hash, err := r.put(&object.Tag{
		Name:       rel.name,
		Tagger:     object.Signature{Name: last.author.Name, Email: last.author.Address, When: last.when},
		Message:    "Marlin Scan Engine " + rel.name + "\n",
		TargetType: plumbing.CommitObject,
		Target:     r.head,
	})
	if err != nil {
		return err
	}
	return r.store.SetReference(plumbing.NewHashReference(plumbing.NewTagReferenceName(rel.name), hash))
}

func (r *repository) put(o interface {
	Encode(plumbing.EncodedObject) error
}) (plumbing.Hash, error) {
	e := r.store.NewEncodedObject()
	if err := o.Encode(e); err != nil {
		return plumbing.ZeroHash, err
	}
	return r.store.SetEncodedObject(e)
}
