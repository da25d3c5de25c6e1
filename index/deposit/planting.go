package deposit

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
)

// A planting makes git's trees of paths that come in any order. It holds the
// names, not the content: that goes to put at once.
type planting struct {
	put    func(kind, []byte) (ID, error)
	limits Limits
	trunk  *branch
	left   int64 // files and folders that may still come
	bytes  int64 // of content, so far
	buf    bytes.Buffer
}

// A branch is a folder in the making.
type branch struct {
	leaves   map[string]treeEntry // without their names
	branches map[string]*branch
}

func newPlanting(limits Limits, put func(kind, []byte) (ID, error)) *planting {
	return &planting{put: put, limits: limits, trunk: &branch{}, left: min(limits.MaxFiles, maxPlanted)}
}

// maxPlanted bounds the files and folders of one folder or archive, whose names
// are held in memory: Linux has 90,000.
const maxPlanted = 1 << 20

// steps checks a path and takes it apart. What is refused here would be refused
// by the verification too, which could name no file of a folder or archive.
func (p *planting) steps(path string) ([]string, error) {
	if len(path) > maxPath {
		return nil, fmt.Errorf("a path has %d bytes, at most %d", len(path), maxPath)
	}
	names := strings.Split(path, "/")
	if len(names)-1 > maxPathDepth {
		return nil, fmt.Errorf("%.100q is more than %d directories deep", path, maxPathDepth)
	}
	for i, name := range names {
		if isDotGit([]byte(name)) {
			where := strings.Join(names[:i+1], "/")
			return nil, fmt.Errorf("it holds %q, the folder of a git repository: seal that repository itself, or the files without %[1]q", where)
		}
		if err := errors.Join(checkEntryName([]byte(name)), checkPathName([]byte(name))); err != nil {
			return nil, fmt.Errorf("%.200q: %w", path, err)
		}
	}
	return names, nil
}

// enter makes the folders of these names and returns the last.
func (p *planting) enter(names []string) (*branch, error) {
	at := p.trunk
	for i, name := range names {
		if _, ok := at.leaves[name]; ok {
			return nil, fmt.Errorf("%q is a file and a folder", strings.Join(names[:i+1], "/"))
		}
		next := at.branches[name]
		if next == nil {
			if p.left--; p.left < 0 {
				return nil, fmt.Errorf("it has more than %d files and folders", min(p.limits.MaxFiles, maxPlanted))
			}
			if at.branches == nil {
				at.branches = map[string]*branch{}
			}
			next = &branch{}
			at.branches[name] = next
		}
		at = next
	}
	return at, nil
}

// add enters a file whose content was put.
func (p *planting) add(path string, mode uint32, id ID) error {
	names, err := p.steps(path)
	if err != nil {
		return err
	}
	last := names[len(names)-1]
	in, err := p.enter(names[:len(names)-1])
	if err != nil {
		return err
	}
	if _, ok := in.leaves[last]; ok {
		return fmt.Errorf("it holds %q twice", path)
	}
	if in.branches[last] != nil {
		return fmt.Errorf("%q is a file and a folder", path)
	}
	if p.left--; p.left < 0 {
		return fmt.Errorf("it has more than %d files and folders", min(p.limits.MaxFiles, maxPlanted))
	}
	if in.leaves == nil {
		in.leaves = map[string]treeEntry{}
	}
	in.leaves[last] = treeEntry{mode: mode, id: id}
	return nil
}

// find returns a file that was added.
func (p *planting) find(path string) (treeEntry, bool) {
	at := p.trunk
	names := strings.Split(path, "/")
	for _, name := range names[:len(names)-1] {
		if at = at.branches[name]; at == nil {
			return treeEntry{}, false
		}
	}
	e, ok := at.leaves[names[len(names)-1]]
	return e, ok
}

// content puts a file of exactly this size.
func (p *planting) content(path string, mode uint32, size int64, r io.Reader) error {
	switch {
	case size > p.limits.MaxObject:
		return fmt.Errorf("%.200q has %d bytes, more than the limit of %d for one file", path, size, p.limits.MaxObject)
	case p.bytes+size > p.limits.MaxInflated:
		return fmt.Errorf("its files have more than %d bytes together", p.limits.MaxInflated)
	}
	p.bytes += size
	const keep = 16 << 20 // a buffer that is not let go
	if p.buf.Cap() > keep {
		p.buf = bytes.Buffer{}
	}
	p.buf.Reset()
	switch n, err := io.Copy(&p.buf, io.LimitReader(r, size+1)); {
	case err != nil:
		return fmt.Errorf("%.200q: %w", path, pathless(err))
	case n != size:
		return fmt.Errorf("%.200q has not the %d bytes that it should have; it may have changed while it was read", path, size)
	}
	id, err := p.put(kindBlob, p.buf.Bytes())
	if err != nil {
		return fmt.Errorf("%.200q: %w", path, err)
	}
	return p.add(path, mode, id)
}

// link adds a symbolic link, which is kept as one: nothing follows it.
func (p *planting) link(path, target string) error {
	if target == "" || len(target) > maxPath || strings.Contains(target, "\x00") {
		return fmt.Errorf("the symbolic link %.200q leads to %.200q, which is no path", path, target)
	}
	return p.content(path, modeLink, int64(len(target)), strings.NewReader(target))
}

// root puts the trees and returns the first.
func (p *planting) root() (ID, error) {
	id, any, err := p.tree(p.trunk)
	if err == nil && !any {
		err = errors.New("it holds no files")
	}
	return id, err
}

// tree puts a folder and those in it, to at most maxPathDepth; any says that it
// holds a file.
func (p *planting) tree(b *branch) (id ID, any bool, err error) {
	entries := make([]treeEntry, 0, len(b.leaves)+len(b.branches))
	for name, e := range b.leaves {
		e.name = []byte(name)
		entries = append(entries, e)
	}
	for _, name := range slices.Sorted(maps.Keys(b.branches)) { // the order of the pack
		id, any, err := p.tree(b.branches[name])
		if err != nil {
			return id, false, err
		}
		if any {
			entries = append(entries, treeEntry{mode: modeTree, name: []byte(name), id: id})
		}
	}
	if len(entries) == 0 {
		return ID{}, false, nil
	}
	slices.SortFunc(entries, func(a, b treeEntry) int { return compareEntries(&a, &b) })
	var data []byte
	for _, e := range entries {
		data = fmt.Appendf(data, "%o %s\x00", e.mode, e.name)
		data = append(data, e.id[:]...)
	}
	id, err = p.put(kindTree, data)
	return id, true, err
}
