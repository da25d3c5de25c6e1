package deposit

import (
	"bytes"
	"encoding/hex"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// A mutant is what a hostile vendor has under the knife: the objects and refs of
// a good deposit. What is changed in it is linked, packed, digested and signed
// as the vendor's own tools would, so that only what is wrong in itself is left
// to find.
type mutant struct {
	*rand.Rand
	atoms []atom
	refs  []ref

	unpruned bool                        // what nothing leads to stays
	packed   func(p *packBuilder)        // adds entries of its own
	entry    func(i int, e *packed) bool // changes an entry; false leaves it out
	body     func([]byte) []byte         // the pack's bytes before its checksum
	header   func([]byte) []byte         // of the bundle
	manifest func(*forgery)              // at last
}

// An atom is an object and the id by which others name it.
type atom struct {
	kind kind
	data []byte
	id   ID
}

// A packed is an atom on its way into a pack.
type packed struct {
	header     header
	compressed []byte
}

// specimen reads the objects and refs of a deposit.
func specimen(t *testing.T, dir string) ([]atom, []ref) {
	t.Helper()
	bundle, err := os.ReadFile(filepath.Join(dir, "product.bundle"))
	if err != nil {
		t.Fatal(err)
	}
	at := bytes.Index(bundle, []byte("\n\n")) + 2
	h, err := parseBundleHeader(bundle[:at])
	if err != nil {
		t.Fatal(err)
	}
	objects := lenient(bundle[at:])
	var atoms []atom
	for id, o := range objects {
		atoms = append(atoms, atom{o.kind, o.data, id})
	}
	slices.SortFunc(atoms, func(a, b atom) int { return bytes.Compare(a.id[:], b.id[:]) })
	return atoms, h.refs
}

func (m *mutant) id(i int) ID { return m.atoms[i].id }

// some picks an atom of one of these kinds.
func (m *mutant) some(kinds ...kind) *atom {
	for {
		if a := &m.atoms[m.IntN(len(m.atoms))]; slices.Contains(kinds, a.kind) {
			return a
		}
	}
}

// any picks the id of some atom.
func (m *mutant) any() ID { return m.id(m.IntN(len(m.atoms))) }

// add adds an object.
func (m *mutant) add(k kind, data []byte) ID {
	m.atoms = append(m.atoms, atom{k, data, idOf(k, data)})
	return idOf(k, data)
}

// link gives every atom its true id, in all that name it. What names itself
// never comes to an end: after some rounds it stays as it is.
func (m *mutant) link() {
	again := true
	for round := 0; again && round < 30; round++ {
		again = false
		for i := range m.atoms {
			a := &m.atoms[i]
			old := a.id
			if a.id = idOf(a.kind, a.data); a.id == old {
				continue
			}
			again = true
			for k := range m.atoms {
				b := &m.atoms[k]
				switch b.kind {
				case kindTree:
					b.data = bytes.ReplaceAll(b.data, old[:], a.id[:])
				case kindCommit, kindTag:
					b.data = bytes.ReplaceAll(b.data, []byte(old.String()), []byte(a.id.String()))
				}
			}
			for k := range m.refs {
				if m.refs[k].id == old {
					m.refs[k].id = a.id
				}
			}
		}
	}
}

// prune drops what the refs do not lead to, and what is there twice.
func (m *mutant) prune() {
	byID := map[ID]*atom{}
	for i := range m.atoms {
		byID[m.atoms[i].id] = &m.atoms[i]
	}
	seen := map[ID]bool{}
	var todo []ID
	for _, r := range m.refs {
		todo = append(todo, r.id)
	}
	for len(todo) > 0 {
		id := todo[len(todo)-1]
		todo = todo[:len(todo)-1]
		if a := byID[id]; a != nil && !seen[id] {
			seen[id] = true
			todo = append(todo, a.named()...)
		}
	}
	var kept []atom
	for _, a := range m.atoms {
		if seen[a.id] {
			kept = append(kept, a)
			seen[a.id] = false
		}
	}
	if len(kept) > 0 {
		m.atoms = kept
	}
}

// named lists the ids in an atom, wherever they stand.
func (a *atom) named() (ids []ID) {
	switch a.kind {
	case kindTree:
		for _, l := range treeLines(a.data) {
			ids = append(ids, l.id)
		}
	case kindCommit, kindTag:
		for _, word := range strings.Fields(string(a.data)) {
			var id ID
			if len(word) == 40 {
				if _, err := hex.Decode(id[:], []byte(word)); err == nil {
					ids = append(ids, id)
				}
			}
		}
	}
	return ids
}

// A line is an entry of a tree, as anyone may write it.
type line struct {
	mode, name string
	id         ID
}

func treeLines(data []byte) (lines []line) {
	for len(data) > 0 {
		head, rest, ok := bytes.Cut(data, []byte{0})
		if !ok || len(rest) < 20 {
			return lines
		}
		mode, name, _ := strings.Cut(string(head), " ")
		lines = append(lines, line{mode, name, ID(rest[:20])})
		data = rest[20:]
	}
	return lines
}

func treeOf(lines []line) (data []byte) {
	for _, l := range lines {
		data = append(data, treeLine(l.mode, l.name, l.id)...)
	}
	return data
}

// sorted puts lines into git's order.
func sorted(lines []line) []line {
	key := func(l line) string {
		if l.mode == "40000" {
			return l.name + "/"
		}
		return l.name
	}
	slices.SortStableFunc(lines, func(a, b line) int { return strings.Compare(key(a), key(b)) })
	return lines
}

// pack packs the atoms, about half of them as deltas of an earlier one.
func (m *mutant) pack() []byte {
	var p packBuilder
	var at []int64
	for i, a := range m.atoms {
		e := packed{header{kind: a.kind, size: int64(len(a.data))}, deflated(a.data)}
		if base := m.IntN(len(m.atoms)); base < i && m.atoms[base].kind == a.kind && at[base] > 0 {
			// git makes no deltas of fewer bytes, and reads none.
			if d := deltaOf(m.atoms[base].data, a.data); len(d) >= minDelta {
				here := int64(packHeader + p.body.Len())
				e = packed{header{kind: ofsDelta, size: int64(len(d)), ofs: here - at[base]}, deflated(d)}
				if m.IntN(3) == 0 {
					e.header.kind, e.header.ref = refDelta, m.id(base)
				}
			}
		}
		at = append(at, 0)
		if m.entry == nil || m.entry(i, &e) {
			at[i] = p.raw(e.header, e.compressed)
		}
	}
	if m.packed != nil {
		m.packed(&p)
	}
	data := p.bytes()
	if m.body != nil {
		data = withTrailer(m.body(data[:len(data)-packTrailer]))
	}
	return data
}

// deltaOf makes a delta of what two objects begin and end with alike.
func deltaOf(base, data []byte) []byte {
	limit := min(len(base), len(data))
	begin, end := 0, 0
	for begin < limit && base[begin] == data[begin] {
		begin++
	}
	for end < limit-begin && base[len(base)-1-end] == data[len(data)-1-end] {
		end++
	}
	var ops [][]byte
	if begin > 0 {
		ops = append(ops, copyFrom(0, begin))
	}
	for middle := data[begin : len(data)-end]; len(middle) > 0; {
		n := min(len(middle), 127)
		ops = append(ops, insert(string(middle[:n])))
		middle = middle[n:]
	}
	if end > 0 {
		ops = append(ops, copyFrom(len(base)-end, end))
	}
	return delta(len(base), len(data), ops...)
}

// forge makes the deposit. What the pack holds, for the manifest, a reader of
// the vendor's finds out, who takes everything as it comes.
func (m *mutant) forge(t *testing.T) string {
	m.link()
	if !m.unpruned {
		m.prune()
	}
	pack := m.pack()
	objects := lenient(pack)
	return forge(t, func(f *forgery) {
		for id, o := range objects {
			f.objects[id], f.kinds[id] = o.data, o.kind
		}
		f.refs = m.refs
		for _, r := range m.refs[min(2, len(m.refs)):] {
			f.source.Releases = append(f.source.Releases, releaseOf(objects, r))
		}
	}, func(f *forgery) {
		f.header = m.header
		f.bundle = func(b []byte) []byte { return append(b[:bytes.Index(b, []byte("\n\n"))+2], pack...) }
		if m.manifest != nil {
			m.manifest(f)
		}
	})
}

// releaseOf follows a ref as far as it goes.
func releaseOf(objects map[ID]atom, r ref) Release {
	release := Release{Name: strings.TrimPrefix(r.name, tagPrefix)}
	id := r.id
	for range 12 {
		o := objects[id]
		if ids := o.named(); o.kind == kindTag && len(ids) > 0 {
			id = ids[0]
		} else if o.kind == kindCommit && len(ids) > 0 {
			release.Commit, release.Tree = id, ids[0]
		}
	}
	return release
}
