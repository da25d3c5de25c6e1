package deposit

import (
	"bytes"
	"errors"
	"fmt"
	"iter"
	"sync"
	"sync/atomic"
)

// A graph is which object names which, and what each is: the tables that
// connectivity, manifest and sealing need once the packs are resolved. It is
// filled from several goroutines.
type graph struct {
	shards [1 << shardBits]shard
	// cut holds the commits whose parents are not followed. It is filled before
	// they are added.
	cut map[ID]bool
	// most, when set, is how many objects may be there or be named: those that
	// are there, since what is named and is not there is refused in the end,
	// and namedBeyond. A few bytes of a delta name an object, which costs 200.
	most, nodes atomic.Int64
	// mayName, when set, is how many edges there may be.
	mayName, edges atomic.Int64
}

// namedBeyond is how many objects may be named that are not there, before that
// is refused without finding out which.
const namedBeyond = 1 << 20

var errNamed = overLimit("with it, more than %d objects are named that are not there", namedBeyond)

const shardBits = 4

type shard struct {
	mu    sync.Mutex
	byID  map[ID]uint32
	nodes []node
}

// A nodeRef finds a node: its shard in the low bits, its place there above.
type nodeRef uint32

// An edge is a nodeRef and the kind of object that is named, in the low two
// bits.
type edge uint32

func (e edge) node() nodeRef { return nodeRef(e >> 2) }
func (e edge) kind() kind    { return kind(e&3) + 1 }

// A node is an object; kind 0 means that it was named and is not there.
type node struct {
	id      ID
	kind    kind
	reached bool
	held    bool   // by an earlier deposit, when one is sealed that continues it
	cut     bool   // a commit whose parents are not followed
	form    form   // what a blob begins like
	pack    uint16 // which of the packs, or loose
	// signature is the entry of a commit or tag in the verification's table.
	signature uint16
	entry     int32
	size      int64
	sum       Digest // of blobs and trees
	edges     []edge
}

// sealed reports whether the object goes into the bundle that is being sealed.
func (n *node) sealed() bool { return n.reached && !n.held }

// leads are the edges that are followed.
func (n *node) leads() []edge {
	if n.cut && len(n.edges) > 0 {
		return n.edges[:1] // the tree
	}
	return n.edges
}

func newGraph() *graph {
	g := &graph{cut: map[ID]bool{}}
	for i := range g.shards {
		g.shards[i].byID = map[ID]uint32{}
	}
	return g
}

// intern returns the node of an id, making it when it is new.
func (g *graph) intern(id ID) nodeRef {
	at := uint32(id[19]) & (1<<shardBits - 1)
	s := &g.shards[at]
	s.mu.Lock()
	defer s.mu.Unlock()
	i, ok := s.byID[id]
	if !ok {
		i = uint32(len(s.nodes))
		s.nodes = append(s.nodes, node{id: id})
		s.byID[id] = i
		g.nodes.Add(1)
	}
	return nodeRef(i<<shardBits | at)
}

// at returns a node. It must not be called while the graph is being filled.
func (g *graph) at(r nodeRef) *node {
	return &g.shards[r&(1<<shardBits-1)].nodes[r>>shardBits]
}

// lookup returns the node of an object that is there, or nil.
func (g *graph) lookup(id ID) *node {
	s := &g.shards[uint32(id[19])&(1<<shardBits-1)]
	i, ok := s.byID[id]
	if !ok || s.nodes[i].kind == 0 {
		return nil
	}
	return &s.nodes[i]
}

// each calls fn with every object that is there, in no order.
func (g *graph) each(fn func(*node) error) error {
	for i := range g.shards {
		nodes := g.shards[i].nodes
		for k := range nodes {
			if nodes[k].kind != 0 {
				if err := fn(&nodes[k]); err != nil {
					return err
				}
			}
		}
	}
	return nil
}

// packOf is the pack in which an object was found first.
func (g *graph) packOf(id ID) uint16 {
	s := &g.shards[uint32(id[19])&(1<<shardBits-1)]
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.nodes[s.byID[id]].pack
}

// all gives every object that is there, in no order.
func (g *graph) all() iter.Seq[*node] {
	return func(yield func(*node) bool) {
		for i := range g.shards {
			nodes := g.shards[i].nodes
			for k := range nodes {
				if nodes[k].kind != 0 && !yield(&nodes[k]) {
					return
				}
			}
		}
	}
}

// add enters an object: it is parsed for what it names, and blobs and trees
// are hashed with SHA-256. It reports whether the object was new; of objects
// that occur more than once, the first in the first pack stays. One that cannot
// be parsed to its end is entered all the same, with what it names before that.
func (g *graph) add(w *worker, pack uint16, entry int32, id ID, k kind, data []byte) (nodeRef, bool, error) {
	n := node{id: id, kind: k, pack: pack, entry: entry, size: int64(len(data))}
	w.edges = w.edges[:0]
	var err error
	switch k {
	case kindBlob:
		n.sum, n.form = digestOf(data), formOf(data)
	case kindTree:
		n.sum = digestOf(data)
		err = g.treeEdges(w, data)
	case kindCommit:
		n.cut = g.cut[id]
		err = g.commitEdges(w, data)
	case kindTag:
		err = g.tagEdges(w, data)
	}
	if err != nil {
		err = about(k, id, fmt.Errorf("%s %s: %w", k, id, err))
	}
	if may := g.mayName.Load(); g.edges.Add(int64(len(w.edges))) > may && may > 0 {
		return 0, false, overLimit("%s %s: with it, the objects name others more than %d times", k, id, may)
	}
	if len(w.edges) > 0 {
		n.edges = append(make([]edge, 0, len(w.edges)), w.edges...)
	}
	r := g.intern(id)
	s := &g.shards[r&(1<<shardBits-1)]
	s.mu.Lock()
	defer s.mu.Unlock()
	at := &s.nodes[r>>shardBits]
	if at.kind == 0 {
		*at = n
		return r, true, err
	}
	if at.pack == pack {
		at.entry = min(at.entry, entry)
	}
	return r, false, err
}

func (g *graph) edge(w *worker, id ID, k kind) error {
	w.edges = append(w.edges, edge(g.intern(id)<<2)|edge(k-1))
	if most := g.most.Load(); most > 0 && g.nodes.Load() > most {
		return errNamed
	}
	return nil
}

func (g *graph) treeEdges(w *worker, data []byte) error {
	w.scan.reset(data)
	for {
		e, ok, err := w.scan.next()
		if err != nil || !ok {
			return err
		}
		if k := e.kind(); k != 0 {
			if err := g.edge(w, e.id, k); err != nil {
				return err
			}
		}
	}
}

// commitEdges reads a commit's first lines: tree, then parents.
func (g *graph) commitEdges(w *worker, data []byte) error {
	tree, rest, ok, err := idLine(data, "tree ")
	if err != nil {
		return err
	}
	if !ok {
		return errors.New("it does not begin with its tree")
	}
	if err := g.edge(w, tree, kindTree); err != nil {
		return err
	}
	for {
		var parent ID
		if parent, rest, ok, err = idLine(rest, "parent "); err != nil {
			return err
		}
		if !ok {
			break
		}
		if err := g.edge(w, parent, kindCommit); err != nil {
			return err
		}
	}
	if !bytes.HasPrefix(rest, []byte("author ")) {
		return errors.New("its author does not follow its tree and parents")
	}
	return nil
}

// tagEdges reads an annotated tag's first lines: what it names, its kind, and
// that a name follows.
func (g *graph) tagEdges(w *worker, data []byte) error {
	target, rest, ok, err := idLine(data, "object ")
	if err != nil {
		return err
	}
	line, rest, found := bytes.Cut(rest, []byte("\n"))
	name, isType := bytes.CutPrefix(line, []byte("type "))
	if !ok || !found || !isType {
		return errors.New("it does not begin with what it tags")
	}
	// Neither git nor go-git reads one without.
	if !bytes.HasPrefix(rest, []byte("tag ")) || !bytes.Contains(rest, []byte("\n")) {
		return errors.New("its name does not follow what it tags")
	}
	for k := kindCommit; k <= kindTag; k++ {
		if string(name) == k.String() {
			return g.edge(w, target, k)
		}
	}
	return fmt.Errorf("it tags a %.20q", name)
}

// idLine reads a line of a key and an id; ok is false when another key stands
// there.
func idLine(data []byte, key string) (id ID, rest []byte, ok bool, err error) {
	rest, ok = bytes.CutPrefix(data, []byte(key))
	if !ok {
		return id, data, false, nil
	}
	if len(rest) < 41 || rest[40] != '\n' {
		return id, nil, false, fmt.Errorf("its line %q does not hold an object id", key)
	}
	if err := id.UnmarshalText(rest[:40]); err != nil { // lower-case, as git writes it
		return id, nil, false, fmt.Errorf("its line %q does not hold an object id", key)
	}
	return id, rest[41:], true, nil
}

// A missing is an object that is named and not there, or is another kind.
type missing struct {
	from, to *node
	want     kind
}

func (m *missing) Error() string {
	switch m.to.kind {
	case 0:
		return fmt.Sprintf("%s %s names %s %s, which is not there", m.from.kind, m.from.id, m.want, m.to.id)
	case m.want:
		return fmt.Sprintf("%s %s names %s %s, which only a later bundle holds", m.from.kind, m.from.id, m.want, m.to.id)
	}
	return fmt.Sprintf("%s %s names %s as a %s, but it is a %s", m.from.kind, m.from.id, m.to.id, m.want, m.to.kind)
}

// reach marks all that an object leads to in the packs up to one and counts what
// is new. What is missing there goes to lack, which may end it with an error.
func (g *graph) reach(from *node, upTo uint16, lack func(*missing) error) (int64, error) {
	if from.reached {
		return 0, nil
	}
	from.reached = true
	n := int64(1)
	for todo := []*node{from}; len(todo) > 0; {
		at := todo[len(todo)-1]
		todo = todo[:len(todo)-1]
		for _, e := range at.leads() {
			to := g.at(e.node())
			if to.kind != e.kind() || to.pack > upTo {
				if err := lack(&missing{at, to, e.kind()}); err != nil {
					return n, err
				}
				continue
			}
			if !to.reached {
				to.reached = true
				n++
				todo = append(todo, to)
			}
		}
	}
	return n, nil
}

// peel follows annotated tags to a commit.
func (g *graph) peel(id ID) (commit, tree *node, err error) {
	at := g.lookup(id)
	if at == nil {
		return nil, nil, fmt.Errorf("object %s is not there", id)
	}
	for range maxTagDepth {
		if at.kind != kindTag {
			break
		}
		if len(at.edges) == 0 {
			return nil, nil, fmt.Errorf("the tag %s says not what it tags", at.id)
		}
		e := at.edges[0]
		to := g.at(e.node())
		if to.kind != e.kind() {
			return nil, nil, &missing{at, to, e.kind()}
		}
		at = to
	}
	if at.kind != kindCommit {
		return nil, nil, fmt.Errorf("%s leads to the %s %s, not to a commit", id, at.kind, at.id)
	}
	if len(at.edges) == 0 {
		return nil, nil, fmt.Errorf("the commit %s has no tree", at.id)
	}
	e := at.edges[0]
	if tree = g.at(e.node()); tree.kind != kindTree {
		return nil, nil, &missing{at, tree, kindTree}
	}
	return at, tree, nil
}
