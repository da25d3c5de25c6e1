package deposit

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"iter"
	"math/bits"
	"slices"
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
	// notes says that what trees name is noted on what they name and not kept:
	// a long history has hundreds of edges for each object. So all that a
	// verification asks can be answered, but reach cannot follow it.
	notes bool
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
	odd   map[uint32]*[kindTag + 1]naming // nodes named as several kinds: as each by whom
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
	as        kinds  // as what others name it
	by        naming // the first of those, when there is one
	size      int64
	sum       Digest // of blobs and trees
	edges     []edge
}

// kinds is a set of kinds.
type kinds uint8

func (s kinds) has(k kind) bool { return s&(1<<k) != 0 }

// A naming is a place at which others are named: an entry of a pack.
type naming struct {
	pack  uint16
	entry int32
}

func (n naming) before(other naming) bool {
	return n.pack < other.pack || n.pack == other.pack && n.entry < other.entry
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

// newGraph makes a graph that keeps what trees name, or notes it.
func newGraph(notes bool) *graph {
	g := &graph{cut: map[ID]bool{}, notes: notes}
	for i := range g.shards {
		g.shards[i].byID = map[ID]uint32{}
	}
	return g
}

func (g *graph) shardOf(id ID) (s *shard, at nodeRef) {
	at = nodeRef(id[19]) & (1<<shardBits - 1)
	return &g.shards[at], at
}

// intern returns the place of an id in a locked shard, making it when it is new.
func (s *shard) intern(g *graph, id ID) uint32 {
	i, ok := s.byID[id]
	if !ok {
		i = uint32(len(s.nodes))
		s.nodes = append(s.nodes, node{id: id})
		s.byID[id] = i
		g.nodes.Add(1)
	}
	return i
}

// intern returns the node of an id, making it when it is new.
func (g *graph) intern(id ID) nodeRef {
	s, at := g.shardOf(id)
	s.mu.Lock()
	defer s.mu.Unlock()
	return nodeRef(s.intern(g, id))<<shardBits | at
}

// name returns the node of an id, noting that it is named.
func (g *graph) name(id ID, k kind, by naming) nodeRef {
	s, at := g.shardOf(id)
	s.mu.Lock()
	defer s.mu.Unlock()
	i := s.intern(g, id)
	s.note(i, k, by)
	return nodeRef(i)<<shardBits | at
}

// note notes on a node of a locked shard that it is named.
func (s *shard) note(i uint32, k kind, by naming) {
	n := &s.nodes[i]
	odd := s.odd[i]
	if n.as&^(1<<k) != 0 && odd == nil { // the second kind
		if s.odd == nil {
			s.odd = map[uint32]*[kindTag + 1]naming{}
		}
		odd = new([kindTag + 1]naming)
		s.odd[i] = odd
		odd[bits.TrailingZeros8(uint8(n.as))] = n.by
	}
	if odd != nil && (!n.as.has(k) || by.before(odd[k])) {
		odd[k] = by
	}
	if n.as == 0 || by.before(n.by) {
		n.by = by
	}
	n.as |= 1 << k
}

// lacking gives what a pack's objects are the first to name and that no pack up
// to it holds, or not as what it is named; the first most of them in the order
// of their places there, and none twice.
func (g *graph) lacking(pack uint16, most int) []*missing {
	type lack struct {
		missing
		by naming
	}
	var lacks []lack
	for at := range g.shards {
		s := &g.shards[at]
		for i := range s.nodes {
			n := &s.nodes[i]
			for k := kindCommit; k <= kindTag; k++ {
				by := n.by
				if odd := s.odd[uint32(i)]; odd != nil {
					by = odd[k]
				}
				if n.as.has(k) && by.pack == pack && (n.kind != k || n.pack > pack) {
					lacks = append(lacks, lack{missing{to: n, want: k}, by})
					break
				}
			}
		}
	}
	slices.SortFunc(lacks, func(a, b lack) int {
		return cmp.Or(cmp.Compare(a.by.entry, b.by.entry), compareIDs(a.to.id, b.to.id))
	})
	lacks = lacks[:min(len(lacks), most)]
	from := map[naming]*node{}
	for _, l := range lacks {
		from[l.by] = nil
	}
	for n := range g.all() {
		by := naming{n.pack, n.entry}
		if _, ok := from[by]; ok {
			from[by] = n
		}
	}
	told := make([]*missing, len(lacks))
	for i := range lacks {
		lacks[i].from = from[lacks[i].by]
		told[i] = &lacks[i].missing
	}
	return told
}

// ref returns the node of an id that is there or was named.
func (g *graph) ref(id ID) (nodeRef, bool) {
	s, at := g.shardOf(id)
	i, ok := s.byID[id]
	return nodeRef(i)<<shardBits | at, ok
}

// at returns a node. It must not be called while the graph is being filled.
func (g *graph) at(r nodeRef) *node {
	return &g.shards[r&(1<<shardBits-1)].nodes[r>>shardBits]
}

// lookup returns the node of an object that is there, or nil.
func (g *graph) lookup(id ID) *node {
	s, _ := g.shardOf(id)
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
	s, _ := g.shardOf(id)
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
	w.edges, w.names, w.from = w.edges[:0], 0, naming{pack, entry}
	var err error
	switch k {
	case kindBlob:
		n.sum, n.form = digestOf(data), formOf(data)
	case kindTree:
		n.sum = digestOf(data)
		err = g.treeEdges(w, data)
	case kindCommit:
		n.cut = g.cut[id]
		err = g.commitEdges(w, data, n.cut)
	case kindTag:
		err = g.tagEdges(w, data)
	}
	if err != nil {
		err = about(k, id, fmt.Errorf("%s %s: %w", k, id, err))
	}
	if may := g.mayName.Load(); g.edges.Add(w.names) > may && may > 0 {
		return 0, false, overLimit("%s %s: with it, the objects name others more than %d times", k, id, may)
	}
	if len(w.edges) > 0 {
		n.edges = append(make([]edge, 0, len(w.edges)), w.edges...)
	}
	s, place := g.shardOf(id)
	s.mu.Lock()
	defer s.mu.Unlock()
	i := s.intern(g, id)
	r, at := nodeRef(i)<<shardBits|place, &s.nodes[i]
	if at.kind == 0 {
		n.as, n.by = at.as, at.by
		*at = n
		return r, true, err
	}
	if at.pack == pack {
		at.entry = min(at.entry, entry)
	}
	return r, false, err
}

// edge enters that the object in work names another. One that is not followed
// is kept and not noted.
func (g *graph) edge(w *worker, id ID, k kind, followed bool) error {
	w.names++
	var to nodeRef
	if followed && g.notes {
		to = g.name(id, k, w.from)
	} else {
		to = g.intern(id)
	}
	w.edges = append(w.edges, edge(to<<2)|edge(k-1))
	return g.tooMany()
}

func (g *graph) tooMany() error {
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
		k := e.kind()
		switch {
		case k == 0: // a submodule
		case g.notes:
			w.names++
			g.name(e.id, k, w.from)
			err = g.tooMany()
		default:
			err = g.edge(w, e.id, k, true)
		}
		if err != nil {
			return err
		}
	}
}

// commitEdges reads a commit's first lines: tree, then parents, which are not
// followed where the history is cut off.
func (g *graph) commitEdges(w *worker, data []byte, cut bool) error {
	tree, rest, ok, err := idLine(data, "tree ")
	if err != nil {
		return err
	}
	if !ok {
		return errors.New("it does not begin with its tree")
	}
	if err := g.edge(w, tree, kindTree, true); err != nil {
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
		if err := g.edge(w, parent, kindCommit, !cut); err != nil {
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
			return g.edge(w, target, k, true)
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

// reach marks all that an object leads to. What is missing there ends it.
func (g *graph) reach(from *node) error {
	if from.reached {
		return nil
	}
	from.reached = true
	for todo := []*node{from}; len(todo) > 0; {
		at := todo[len(todo)-1]
		todo = todo[:len(todo)-1]
		for _, e := range at.leads() {
			to := g.at(e.node())
			if to.kind != e.kind() {
				return &missing{at, to, e.kind()}
			}
			if !to.reached {
				to.reached = true
				todo = append(todo, to)
			}
		}
	}
	return nil
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
