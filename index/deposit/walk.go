package deposit

import (
	"bytes"
	"context"
	"fmt"
	"slices"
	"strings"
)

// A File is one path of a release. A submodule (mode 0160000) has no blob
// here: Blob is zero and Size 0.
type File struct {
	Path string `json:"path"`
	Blob Digest `json:"blob"`
	Size int64  `json:"size"`
	// Mode is 0100644, 0100755, 0120000 (a symbolic link, whose blob is the
	// target's path) or 0160000.
	Mode uint32 `json:"mode"`
}

// treeReader gives the raw bytes of a tree, checked, and what the manifest or
// the pack knows of an object. The bytes are valid until the next call.
type treeReader interface {
	tree(ID) ([]byte, error)
	blob(ID) (Digest, int64, error)
}

// keptTrees keeps trees that were read, since releases share most of theirs.
type keptTrees struct {
	treeReader
	kept      map[ID][]byte
	left, max int // bytes
}

// maxKeptTrees is how many bytes of trees are kept: those of a kernel's release,
// five times. As many may lie about that were let go.
const maxKeptTrees = 16 << 20

func keepTrees(r treeReader, most int) *keptTrees {
	return &keptTrees{r, map[ID][]byte{}, most, most}
}

func (k *keptTrees) tree(id ID) ([]byte, error) {
	if data, ok := k.kept[id]; ok {
		return data, nil
	}
	data, err := k.treeReader.tree(id)
	if err == nil && len(data) <= k.max {
		if len(data) > k.left {
			// Of a thousand releases, the first have little of the last ones'.
			clear(k.kept)
			k.left = k.max
		}
		k.left -= len(data)
		data = bytes.Clone(data)
		k.kept[id] = data
	}
	return data, err
}

// pathCost is how many bytes of a path cost as much as a file. Linux's paths
// have 35 bytes.
const pathCost = 64

// walkRelease visits the files under a tree, with their entries, in no order. A
// path has at most maxPath bytes. Every file and
// directory costs one of budget, since small trees that name each other make
// more paths than there are atoms, and one for each pathCost bytes of its path,
// since it is the paths that take the memory. Names that cannot be shown go to
// bad, which may end it with an error, and what is below them is left out.
func walkRelease(ctx context.Context, r treeReader, root ID, maxPath int64, budget *int64, bad func(error) error, visit func(File, *treeEntry)) error {
	type directory struct {
		path string
		id   ID
		deep int
	}
	var scan treeScanner
	todo := []directory{{"", root, 0}}
	for len(todo) > 0 {
		if err := ctx.Err(); err != nil {
			return err
		}
		dir := todo[len(todo)-1]
		todo = todo[:len(todo)-1]
		data, err := r.tree(dir.id)
		if err != nil {
			return at(dir.path, err)
		}
		scan.reset(data)
		for {
			e, ok, err := scan.next()
			if err != nil {
				return at(dir.path, fmt.Errorf("tree %s: %w", dir.id, err))
			}
			if !ok {
				break
			}
			if *budget -= 1 + int64(len(dir.path)+len(e.name))/pathCost; *budget < 0 {
				return at(dir.path, overLimit("the releases have more files and directories than the limit allows"))
			}
			if err := checkPathName(e.name); err != nil {
				if err := bad(at(dir.path, fmt.Errorf("tree %s: %w", dir.id, err))); err != nil {
					return err
				}
				continue
			}
			path := dir.path + string(e.name)
			if int64(len(path)) > maxPath {
				return at(dir.path, overLimit("a path has %d bytes, at most %d", len(path), maxPath))
			}
			if e.mode == modeTree {
				if dir.deep == maxPathDepth {
					return at(dir.path, overLimit("more than %d directories deep", maxPathDepth))
				}
				todo = append(todo, directory{path + "/", e.id, dir.deep + 1})
				continue
			}
			f := File{Path: path, Mode: e.mode}
			if e.mode != modeSubmodule {
				if f.Blob, f.Size, err = r.blob(e.id); err != nil {
					return at(path, err)
				}
			}
			visit(f, &e)
		}
	}
	return nil
}

// at says where in a release something went wrong.
func at(path string, err error) error {
	if path == "" {
		return fmt.Errorf("the root directory: %w", err)
	}
	return fmt.Errorf("%s: %w", path, err)
}

// A pathFinder finds a path that leads to an object, for a sentence about it. It
// follows the graph breadth first and reads only the trees on the way. What it
// saw under one root it does not look through again under the next, so that a
// thousand releases cost no more than the graph.
type pathFinder struct {
	g    *graph
	r    treeReader
	from map[*node]*node
}

// under finds a path under root.
func (p *pathFinder) under(root ID, to *node) (string, bool) {
	g, r, from := p.g, p.r, p.from
	start := g.lookup(root)
	if start == nil {
		return "", false
	}
	if _, seen := from[start]; seen {
		return "", false
	}
	from[start] = nil
	for todo := []*node{start}; len(todo) > 0 && from[to] == nil; todo = todo[1:] {
		for _, e := range todo[0].leads() {
			next := g.at(e.node())
			if _, seen := from[next]; !seen {
				from[next] = todo[0]
				todo = append(todo, next)
			}
		}
	}
	var names []string
	length := 0
	for at := to; from[at] != nil; at = from[at] {
		if length > maxPath { // no release may have it; its end is enough
			names = append(names, "…")
			break
		}
		name, ok := nameIn(r, from[at].id, at.id)
		if !ok {
			return "", false
		}
		names, length = append(names, name), length+len(name)
	}
	slices.Reverse(names)
	return strings.Join(names, "/"), len(names) > 0
}

// nameIn finds the name by which a tree names an object, fit to be shown.
func nameIn(r treeReader, tree, id ID) (string, bool) {
	data, err := r.tree(tree)
	if err != nil {
		return "", false
	}
	var scan treeScanner
	scan.reset(data)
	for {
		e, ok, err := scan.next()
		if err != nil || !ok {
			return "", false
		}
		if e.id != id {
			continue
		}
		if checkPathName(e.name) != nil {
			return fmt.Sprintf("%.100q", e.name), true
		}
		return string(e.name), true
	}
}
