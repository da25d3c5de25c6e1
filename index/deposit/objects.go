package deposit

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"sync/atomic"
)

// An origin is what a source is sealed from: a repository, a git bundle, or
// folders and archives.
type origin interface {
	// load reads, verifies and hashes all objects. done counts them, total
	// says how many there are.
	load(ctx context.Context, done, total *atomic.Int64) error
	// tag finds what a release's tag names.
	tag(name string) (ID, error)
	// all gives the objects, once they are loaded.
	all() *objects
	close() error
}

// objects are those of an origin: in packs, which are read where they lie, and
// loose ones.
type objects struct {
	limits Limits
	// partial says that git may have left objects out of this clone. It is no
	// reason to refuse: whether any is missed, sealing finds out.
	partial bool

	files   []*os.File
	packs   []*pack
	nodes   [][]nodeRef // of each pack's entries
	graph   *graph
	chains  []*chainReader
	worker  *worker // hashes what is in no pack
	loosely func(ID) (kind, []byte, error)
}

// looseObjects stands for a pack in the nodes of loose objects.
const looseObjects = 1<<16 - 1

func newObjects(limits Limits) objects {
	return objects{limits: limits, graph: newGraph(false), worker: newWorker(limits)}
}

func (o *objects) all() *objects { return o }

func (o *objects) close() error {
	var errs []error
	for _, f := range o.files {
		errs = append(errs, f.Close())
	}
	return errors.Join(errs...)
}

// addPack reads, verifies and hashes what a pack holds.
func (o *objects) addPack(ctx context.Context, r io.ReaderAt, size int64, done, total *atomic.Int64) error {
	var scanned atomic.Int64
	p, err := scanPack(ctx, r, size, o.limits, &scanned)
	if err != nil {
		return err
	}
	total.Add(int64(len(p.entries)))
	number := uint16(len(o.packs))
	nodes := make([]nodeRef, len(p.entries))
	o.packs, o.nodes = append(o.packs, p), append(o.nodes, nodes)
	o.chains = append(o.chains, newChainReader(r, packLayout{p, o.graph, number}, o.limits))
	o.chains[number].elsewhere = o.object
	return p.resolve(ctx, done, func(w *worker, i int32, id ID, k kind, data []byte) (err error) {
		nodes[i], _, err = o.graph.add(w, number, i, id, k, data)
		return err
	})
}

// object reads an object from where the graph found it.
func (o *objects) object(id ID) (kind, []byte, error) {
	n := o.graph.lookup(id)
	switch {
	case n == nil:
		return 0, nil, errors.New("it is not there")
	case n.pack == looseObjects:
		return o.loosely(id)
	}
	return o.chains[n.pack].at(o.packs[n.pack].entries[n.entry].offset)
}

// cutOff notes where a history ends before its beginning: lines of commit ids,
// as in git's file "shallow". It comes before the objects.
func (o *objects) cutOff(lines []byte) error {
	for line := range strings.Lines(string(lines)) {
		var id ID
		if err := id.UnmarshalText([]byte(strings.TrimSuffix(line, "\n"))); err != nil {
			return fmt.Errorf("its list of commits at which the history is cut off: %w", err)
		}
		o.graph.cut[id] = true
	}
	return nil
}

// reach marks all that a release's tag leads to.
func (o *objects) reach(tag *node) error {
	err := o.graph.reach(tag)
	var lack *missing
	if errors.As(err, &lack) {
		err = o.lacks(tag)
	}
	if err != nil && o.partial {
		return fmt.Errorf("%w; the repository is a partial clone: make a full clone first", err)
	}
	return err
}

// maxLacking is how many of the missing objects are listed: enough to see what
// they are.
const maxLacking = 20

// lacks lists the objects that a tag leads to and that are not there, or are
// something else.
func (o *objects) lacks(tag *node) error {
	from, told := map[*node]*node{tag: nil}, map[*node]bool{}
	var first error
	var named []string
	count := 0
	for todo := []*node{tag}; len(todo) > 0; todo = todo[1:] {
		for _, e := range todo[0].leads() {
			to := o.graph.at(e.node())
			_, seen := from[to]
			if to.kind == e.kind() {
				if !seen && to.kind != kindBlob {
					from[to] = todo[0]
					todo = append(todo, to)
				}
				continue
			}
			if told[to] {
				continue
			}
			told[to] = true
			if !seen {
				from[to] = todo[0]
			}
			if count++; count > maxLacking {
				continue
			}
			lack := &missing{todo[0], to, e.kind()}
			path := o.pathTo(from, to)
			if first == nil {
				first = lack
				if path != "" {
					first = fmt.Errorf("%s: %w", path, lack)
				}
			}
			named = append(named, strings.TrimPrefix(fmt.Sprintf("%s %s %s", path, lack.want, to.id), " "))
		}
	}
	if count > maxLacking {
		named = append(named, fmt.Sprintf("and %d more", count-maxLacking))
	}
	if count > 1 {
		return fmt.Errorf("%d objects are missing: %s", count, strings.Join(named, ", "))
	}
	return first
}

// pathTo is the path under which an object was met, with the commit's id in
// front unless it is the release's own; "" when it is no commit's file.
func (o *objects) pathTo(from map[*node]*node, to *node) string {
	var names []string
	at := to
	for ; from[at] != nil && from[at].kind == kindTree; at = from[at] {
		name, ok := nameIn(graphTrees{o.graph, o.object}, from[at].id, at.id)
		if !ok {
			return ""
		}
		names = append(names, name)
	}
	slices.Reverse(names)
	path := strings.Join(names, "/")
	commit := from[at]
	if commit == nil || path == "" || from[commit] == nil || from[commit].kind != kindCommit {
		return path
	}
	return commit.id.String() + ":" + path
}
