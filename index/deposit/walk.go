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

// A pathFinder finds a path that leads to an object, for a sentence about it.
// It goes through the trees of the releases one after the other, breadth first,
// as far as it must and never twice.
type pathFinder struct {
	g     *graph
	r     treeReader
	roots []Release
	from  map[nodeRef]nodeRef // what was met, and in which tree
	of    map[nodeRef]string  // roots that were begun, and their releases
	todo  []nodeRef
}

func newPathFinder(s *verified) *pathFinder {
	p := &pathFinder{
		g: s.graph, r: graphTrees{s.graph, s.object},
		from: map[nodeRef]nodeRef{}, of: map[nodeRef]string{},
	}
	for _, part := range s.parts {
		p.roots = append(p.roots, part.source.Releases...)
	}
	return p
}

// find gives the path of an object in the first release that has it.
func (p *pathFinder) find(id ID) (path, release string, ok bool) {
	to, ok := p.g.ref(id)
	for ok && !p.met(to) {
		ok = p.step()
	}
	if !ok {
		return "", "", false
	}
	var names []string
	length := 0
	at := to
	for {
		tree, below := p.from[at]
		if !below {
			break
		}
		if length <= maxPath { // no release may have more; its end is enough
			name, ok := nameIn(p.r, p.g.at(tree).id, p.g.at(at).id)
			if !ok {
				return "", "", false
			}
			names, length = append(names, name), length+len(name)
			if length > maxPath {
				names = append(names, "…")
			}
		}
		at = tree
	}
	slices.Reverse(names)
	return strings.Join(names, "/"), p.of[at], len(names) > 0
}

func (p *pathFinder) met(r nodeRef) bool {
	_, below := p.from[r]
	_, root := p.of[r]
	return below || root
}

// step looks through a tree, or begins with the next release; it reports
// whether there was one.
func (p *pathFinder) step() bool {
	if len(p.todo) == 0 {
		if len(p.roots) == 0 {
			return false
		}
		r, ok := p.g.ref(p.roots[0].Tree)
		if ok && !p.met(r) {
			p.of[r], p.todo = p.roots[0].Name, append(p.todo, r)
		}
		p.roots = p.roots[1:]
		return true
	}
	dir := p.todo[0]
	p.todo = p.todo[1:]
	data, err := p.r.tree(p.g.at(dir).id)
	if err != nil {
		return true // others may lead there
	}
	var scan treeScanner
	scan.reset(data)
	for {
		e, ok, err := scan.next()
		if err != nil || !ok {
			return true
		}
		to, ok := p.g.ref(e.id)
		if !ok || e.kind() == 0 || p.met(to) {
			continue
		}
		p.from[to] = dir
		if p.g.at(to).kind == kindTree {
			p.todo = append(p.todo, to)
		}
	}
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
