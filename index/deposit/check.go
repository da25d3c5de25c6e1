package deposit

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"
	"sync/atomic"
	"unicode"
)

// packLayout finds entries of a resolved pack.
type packLayout struct {
	p      *pack
	g      *graph
	number uint16 // of the pack in the graph
}

func (l packLayout) find(id ID) (int64, bool) {
	n := l.g.lookup(id)
	if n == nil || n.pack != l.number {
		return 0, false
	}
	return l.p.entries[n.entry].offset, true
}

func (l packLayout) end(offset int64) (int64, bool) {
	i, found := slices.BinarySearchFunc(l.p.entries, offset, func(e entry, at int64) int { return cmp.Compare(e.offset, at) })
	if !found {
		return 0, false
	}
	return l.p.end(int32(i)), true
}

// checkObjects holds the blobs and trees of a pack against the manifest.
func (v *verification) checkObjects(s *verified, p *part) error {
	v.counts.Listed += int64(len(p.source.Objects))
	for i := range p.source.Objects {
		o := &p.source.Objects[i]
		n := s.graph.lookup(o.Git)
		var err error
		switch {
		case n == nil || n.pack != p.number:
			err = &fault{object: o.Kind + " " + o.Git.String(), err: fmt.Errorf("%s %s of the manifest is not in the bundle", o.Kind, o.Git)}
		case n.kind.String() != o.Kind:
			err = about(n.kind, n.id, fmt.Errorf("%s is a %s in the bundle and a %s in the manifest", o.Git, n.kind, o.Kind))
		case n.size != o.Size:
			err = s.named(n, about(n.kind, n.id, fmt.Errorf("%s %s has %d bytes, the manifest says %d", o.Kind, o.Git, n.size, o.Size)))
		case n.sum != o.SHA256:
			err = s.named(n, about(n.kind, n.id, fmt.Errorf("%s %s has the SHA-256 %s, the manifest says %s", o.Kind, o.Git, n.sum, o.SHA256)))
		}
		if err := v.fault(p, int64(i), err); err != nil {
			return err
		}
	}
	for n := range s.graph.all() {
		if err := v.ctx.Err(); err != nil {
			return err
		}
		if n.pack != p.number || n.kind != kindBlob && n.kind != kindTree {
			continue
		}
		if _, err := p.source.object(n.id, n.kind.String()); err != nil {
			err := s.named(n, about(n.kind, n.id, fmt.Errorf("%s %s is in the bundle, but the manifest does not name it", n.kind, n.id)))
			if err := v.fault(p, p.pack.entries[n.entry].offset, err); err != nil {
				return err
			}
		}
	}
	return nil
}

// named adds to an error the path of the object in the first release that
// has it, when one has.
func (s *verified) named(n *node, err error) error {
	if s.sought++; s.sought > 2*maxProblems || s.paths == nil {
		return err // nobody will read so many
	}
	if path, release, ok := s.paths.find(n.id); ok {
		return &fault{path: path, release: release, err: err}
	}
	return err
}

// checkTrees holds refs, releases and paths together: every release leads to
// objects that are there, nothing else is there, and every path can be shown.
func (v *verification) checkTrees() error {
	if !slices.ContainsFunc(v.sources, func(s *verified) bool { return !s.broken }) {
		return nil // there is nothing to look at
	}
	var done, total atomic.Int64
	for _, l := range v.links {
		total.Add(int64(len(l.manifest.Releases())))
	}
	return v.report.run(StepTrees, "releases", &done, &total, func() error {
		budget := v.limits.MaxFiles
		// In the order of the chain: what a part leads to in earlier parts is
		// reached by then.
		for _, l := range v.links {
			for _, s := range v.sources {
				for _, p := range s.parts {
					if p.link != l || s.broken {
						continue
					}
					if err := v.checkPartTrees(s, p, &budget, &done); err != nil {
						return err
					}
				}
			}
		}
		return nil
	})
}

// Where problems of a part stand in its report: after those of its objects.
const (
	atRefs = math.MaxInt64 - 2 + iota
	atReach
	atPaths
)

func (v *verification) checkPartTrees(s *verified, p *part, budget *int64, done *atomic.Int64) error {
	err := checkRefs(s.graph, p.header.refs, p.source.Releases)
	if err == nil {
		err = checkPrerequisites(s.graph, p)
	}
	if err == nil {
		err = checkShallow(s.graph, p)
	}
	if err := v.fault(p, atRefs, err); err != nil {
		return err
	}
	if err := v.checkReached(s, p); err != nil {
		return err
	}
	known := v.problems.count() > 0
	trees := keepTrees(graphTrees{s.graph, s.object}, maxKeptTrees)
	for _, r := range p.source.Releases {
		v.counts.Releases++
		found := finding{source: s, pointers: map[string]ID{}}
		seen := tally{AdmittedRelease: AdmittedRelease{Release: r, Source: s.name}}
		var files []File // those that are asked for
		bad := func(err error) error { return v.fault(p, atPaths, ofRelease(r.Name, err)) }
		err := walkRelease(v.ctx, trees, r.Tree, v.limits.MaxPath, budget, bad, func(file File, e *treeEntry) {
			seen.add(file)
			found.note(file.Path, e)
			if v.sums != nil && v.sums.release == r.Name {
				files = append(files, file)
			}
		})
		if errors.Is(err, errAbsent) && known {
			continue // what leads there said so
		}
		if err != nil {
			if err := v.fault(p, atPaths, ofRelease(r.Name, err)); err != nil {
				return err
			}
			continue
		}
		v.counts.Paths += seen.Files
		if v.problems.count() > 0 {
			continue // there will be no admission
		}
		if seen.Changed, err = s.changed(v.ctx, trees, r); err != nil {
			if err := v.fault(p, atPaths, ofRelease(r.Name, err)); err != nil {
				return err
			}
			continue
		}
		v.admit(&seen)
		if err := v.fault(p, atPaths, v.list(&found)); err != nil {
			return err
		}
		if v.sums != nil && v.sums.release == r.Name {
			slices.SortFunc(files, func(a, b File) int { return strings.Compare(a.Path, b.Path) })
			v.sums.files = files
		}
		if err := v.fault(p, atPaths, v.releaseSignatures(s, p)); err != nil {
			return err
		}
		done.Add(1)
	}
	return nil
}

// checkReached refuses a part whose refs lead to what is not there, or not to
// all that is. Nothing is followed for that: an object's id is a hash of what it
// names, so none can lead to itself, and the refs of a part lead to all of its
// objects when each is named by one of them or by another object of the part.
func (v *verification) checkReached(s *verified, p *part) error {
	for _, r := range p.header.refs {
		from := s.graph.lookup(r.id)
		if from == nil {
			continue // checkRefs said so
		}
		if from.pack > p.number {
			err := fmt.Errorf("%s is %s %s, which only a later bundle holds", r.name, from.kind, from.id)
			if err := v.fault(p, atRefs, err); err != nil {
				return err
			}
			continue
		}
		from.reached = true
	}
	for _, m := range s.graph.lacking(p.number, maxTold) {
		if err := v.ctx.Err(); err != nil {
			return err
		}
		if err := v.fault(p, atReach, s.lacks(m)); err != nil {
			return err
		}
	}
	if v.problems.count() > 0 {
		return nil // what is wrong elsewhere may have hidden the way
	}
	for n := range s.graph.all() {
		if n.pack == p.number && !n.reached && (n.as == 0 || n.by.pack != p.number) {
			err := about(n.kind, n.id, fmt.Errorf("%s %s is in the bundle, but no release leads to it", n.kind, n.id))
			if err := v.fault(p, p.pack.entries[n.entry].offset, err); err != nil {
				return err
			}
		}
	}
	return nil
}

// maxTold is how many missing objects are looked at for a report, which lists
// maxProblems of them.
const maxTold = 1 << 12

// lacks names what is missing by the path at which it would be.
func (s *verified) lacks(m *missing) error {
	return s.named(m.to, &fault{object: fmt.Sprintf("%s %s", m.want, m.to.id), err: m})
}

// checkPrerequisites holds the commits that a bundle says it rests on against
// the manifest and against those that it does rest on. Git asks for them before
// it fetches the bundle onto what came before.
func checkPrerequisites(g *graph, p *part) error {
	if !slices.Equal(p.header.prerequisites, p.source.Prerequisites) {
		return errors.New("the bundle's prerequisites are not those of the manifest")
	}
	rests, err := restsOn(g, p.header.refs, func(n *node) bool { return n.pack == p.number })
	if err != nil {
		return err
	}
	if len(rests) > maxPrerequisites {
		return fmt.Errorf("the bundle rests on %d commits, at most %d", len(rests), maxPrerequisites)
	}
	for _, id := range p.source.Prerequisites {
		if n := g.lookup(id); n == nil || n.pack > p.number {
			return fmt.Errorf("the bundle rests on the commit %s, which no earlier bundle of the source holds", id)
		}
		if _, ok := slices.BinarySearchFunc(rests, id, compareIDs); !ok {
			return fmt.Errorf("the bundle has the prerequisite %s, on which none of its commits and refs rests", id)
		}
	}
	for _, id := range rests {
		if _, ok := slices.BinarySearchFunc(p.source.Prerequisites, id, compareIDs); !ok {
			return fmt.Errorf("the bundle rests on the commit %s, which is none of its prerequisites", id)
		}
	}
	return nil
}

func compareIDs(a, b ID) int { return bytes.Compare(a[:], b[:]) }

// restsOn gives the commits, sorted, that a bundle's commits, tags and refs
// name and that the bundle does not hold.
func restsOn(g *graph, refs []ref, held func(*node) bool) ([]ID, error) {
	found := map[ID]bool{}
	note := func(n *node) {
		if n.kind == kindCommit && !held(n) {
			found[n.id] = true
		}
	}
	err := g.each(func(n *node) error {
		if held(n) && (n.kind == kindCommit || n.kind == kindTag) {
			for _, e := range n.leads() {
				note(g.at(e.node()))
			}
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	for _, r := range refs {
		commit, _, err := g.peel(r.id)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", r.name, err)
		}
		note(commit)
	}
	return slices.SortedFunc(maps.Keys(found), compareIDs), nil
}

// A tally counts the files of a release, keeping none of them.
type tally struct {
	AdmittedRelease
	submodules, links, invisible int
	first                        string // of the invisible, by its path
}

func (t *tally) add(f File) {
	t.Files++
	t.Bytes += f.Size
	if strings.ContainsFunc(f.Path, func(c rune) bool { return !unicode.IsPrint(c) }) {
		if t.invisible++; t.invisible == 1 || f.Path < t.first {
			t.first = f.Path
		}
	}
	switch f.Mode {
	case modeSubmodule:
		t.submodules++
	case modeLink:
		t.links++
	}
}

// admit enters a release that passed.
func (v *verification) admit(t *tally) {
	if t.submodules > 0 {
		v.admission.warn(fmt.Sprintf("release %s names %d submodules, whose content is not part of the deposit", t.Name, t.submodules))
	}
	if t.links > 0 {
		v.admission.warn(fmt.Sprintf("release %s has %d symbolic links; they are shown as links and not followed", t.Name, t.links))
	}
	if t.invisible > 0 {
		v.admission.warn(fmt.Sprintf("release %s has %d paths with invisible characters, the first is %+q", t.Name, t.invisible, t.first))
	}
	v.admission.Releases = append(v.admission.Releases, t.AdmittedRelease)
}

func (a *Admission) warn(sentence string) {
	if len(a.Warnings) < maxWarnings {
		a.Warnings = append(a.Warnings, sentence)
		return
	}
	a.unsaid++
}

// errAbsent: no bundle of the source holds an object of that kind.
var errAbsent = errors.New("it is not in the bundle")

// graphTrees reads the trees of resolved packs.
type graphTrees struct {
	g    *graph
	read func(ID) (kind, []byte, error)
}

func (t graphTrees) tree(id ID) ([]byte, error) {
	if n := t.g.lookup(id); n == nil || n.kind != kindTree {
		return nil, fmt.Errorf("tree %s: %w", id, errAbsent)
	}
	k, data, err := t.read(id)
	if err != nil {
		return nil, fmt.Errorf("tree %s: %w", id, err)
	}
	if n := t.g.lookup(id); n == nil || k != kindTree || digestOf(data) != n.sum {
		return nil, fmt.Errorf("tree %s changed while it was read", id)
	}
	return data, nil
}

func (t graphTrees) blob(id ID) (Digest, int64, error) {
	n := t.g.lookup(id)
	if n == nil || n.kind != kindBlob {
		return Digest{}, 0, fmt.Errorf("blob %s: %w", id, errAbsent)
	}
	return n.sum, n.size, nil
}
