package deposit

import (
	"bytes"
	"compress/zlib"
	"fmt"
	"slices"
	"strings"
)

// A mutation is one kind of change that a hostile vendor may make.
type mutation struct {
	name string
	make func(m *mutant)
}

// oddNames are names for files: good ones, and those that must not pass.
var oddNames = []string{
	"a", "z.c", "größe", "日本", "with space", "-x", "%2e%2e", "a:b", `a\b`, "…", ".gitignore", "git~2", "CON", "a.", "\u200bx", strings.Repeat("n", 255),
	"", ".", "..", ".git", ".GIT", "git~1", ".g\u200cit", ".git ", "a/b", "/abs", "../x", "a\nb", "a\x1b[2Jb", "a\x7f", "a\u202eb", "\xff\xfe", "gr\xf6\xdfe",
}

var oddModes = []string{"100644", "100755", "120000", "40000", "160000", "100664", "100600", "0100644", "777", "", "100644x", "170000"}

// tree changes the lines of some tree.
func tree(change func(m *mutant, lines []line) []line) func(*mutant) {
	return func(m *mutant) {
		a := m.some(kindTree)
		if lines := treeLines(a.data); len(lines) > 0 {
			a.data = treeOf(change(m, lines))
		}
	}
}

// words changes the text of some commit or tag.
func words(k kind, change func(m *mutant, text string) string) func(*mutant) {
	return func(m *mutant) {
		a := m.some(k)
		// Another mutation may have been here before.
		whole := strings.HasPrefix(string(a.data), map[kind]string{kindCommit: "tree ", kindTag: "object "}[k])
		for _, part := range map[kind][]string{kindCommit: {"\nauthor ", "\n\n"}, kindTag: {"\ntag "}}[k] {
			whole = whole && strings.Index(string(a.data), part) >= 45
		}
		if whole {
			a.data = []byte(change(m, string(a.data)))
		}
	}
}

// spoil changes a byte or more, or how many there are.
func (m *mutant) spoil(data []byte) []byte {
	data = bytes.Clone(data)
	if len(data) == 0 {
		return []byte{byte(m.Uint32())}
	}
	at := m.IntN(len(data))
	switch m.IntN(5) {
	case 0:
		return data[:at]
	case 1:
		return slices.Insert(data, at, byte(m.Uint32()))
	case 2:
		return slices.Delete(data, at, at+1)
	}
	data[at] ^= 1 << m.IntN(8)
	return data
}

// one changes one entry of the pack.
func one(change func(m *mutant, e *packed) bool) func(*mutant) {
	return func(m *mutant) {
		which := m.IntN(len(m.atoms))
		m.entry = func(i int, e *packed) bool { return i != which%len(m.atoms) || change(m, e) }
	}
}

var mutations = []mutation{
	// What the objects say.
	{"content of a file", func(m *mutant) { a := m.some(kindBlob); a.data = m.spoil(a.data) }},
	{"a large file", func(m *mutant) { m.some(kindBlob).data = bytes.Repeat([]byte("large\n"), 1<<m.IntN(14)) }},
	{"a file like another", func(m *mutant) { m.some(kindBlob).data = m.some(kindBlob, kindTree).data }},
	{"bytes of a tree", func(m *mutant) { a := m.some(kindTree); a.data = m.spoil(a.data) }},
	{"a name", tree(func(m *mutant, l []line) []line {
		l[m.IntN(len(l))].name = oddNames[m.IntN(len(oddNames))]
		return sorted(l)
	})},
	{"a name out of order", tree(func(m *mutant, l []line) []line { l[m.IntN(len(l))].name = oddNames[m.IntN(len(oddNames))]; return l })},
	{"a mode", tree(func(m *mutant, l []line) []line {
		l[m.IntN(len(l))].mode = oddModes[m.IntN(len(oddModes))]
		return sorted(l)
	})},
	{"an entry less", tree(func(m *mutant, l []line) []line { at := m.IntN(len(l)); return slices.Delete(l, at, at+1) })},
	{"an entry more", tree(func(m *mutant, l []line) []line {
		return sorted(append(l, line{oddModes[m.IntN(5)], fmt.Sprint("more", m.IntN(9)), m.any()}))
	})},
	{"a folder more", tree(func(m *mutant, l []line) []line { return sorted(append(l, line{"40000", "more", m.some(kindTree).id})) })},
	{"a submodule", tree(func(m *mutant, l []line) []line {
		return sorted(append(l, line{"160000", "module", ID{byte(m.Uint32())}}))
	})},
	{"an entry twice", tree(func(m *mutant, l []line) []line { at := m.IntN(len(l)); return slices.Insert(l, at, l[at]) })},
	{"entries exchanged", tree(func(m *mutant, l []line) []line {
		a, b := m.IntN(len(l)), m.IntN(len(l))
		l[a].id, l[b].id = l[b].id, l[a].id
		return l
	})},
	{"another order", tree(func(m *mutant, l []line) []line {
		m.Shuffle(len(l), func(i, k int) { l[i], l[k] = l[k], l[i] })
		return l
	})},
	{"a lost object", tree(func(m *mutant, l []line) []line { l[m.IntN(len(l))].id[3]++; return l })},
	{"bytes of a commit", func(m *mutant) { a := m.some(kindCommit); a.data = m.spoil(a.data) }},
	{"a commit's tree", words(kindCommit, func(m *mutant, s string) string { return "tree " + m.some(kindTree).id.String() + s[45:] })},
	{"a commit's tree that is none", words(kindCommit, func(m *mutant, s string) string { return "tree " + m.any().String() + s[45:] })},
	{"a parent more", words(kindCommit, func(m *mutant, s string) string {
		return s[:46] + "parent " + m.root().String() + "\n" + s[46:]
	})},
	{"a parent that is none", words(kindCommit, func(m *mutant, s string) string {
		return s[:46] + "parent " + m.some(kindBlob, kindTree).id.String() + "\n" + s[46:]
	})},
	{"no parents", words(kindCommit, func(m *mutant, s string) string { return s[:46] + s[strings.Index(s, "author "):] })},
	{"another message", words(kindCommit, func(m *mutant, s string) string {
		return s[:strings.Index(s, "\n\n")] + []string{"", "\n", "\n\n", "\n\n\x00\xff\u202e", "\nencoding ISO-8859-1\n\n\xf6\n", "\ngpgsig -----\n x\n\nm\n"}[m.IntN(6)]
	})},
	{"bytes of a tag", func(m *mutant) { a := m.some(kindTag); a.data = m.spoil(a.data) }},
	{"what a tag names", words(kindTag, func(m *mutant, s string) string {
		a := m.some(kindCommit, kindBlob, kindTree)
		k := []kind{a.kind, a.kind, kindCommit, kindTag}[m.IntN(4)]
		return fmt.Sprintf("object %s\ntype %s\n%s", a.id, k, s[strings.Index(s, "tag "):])
	})},
	{"tags of tags", func(m *mutant) {
		r := &m.refs[2+m.IntN(len(m.refs)-2)]
		k := kindCommit
		for _, a := range m.atoms {
			if a.id == r.id {
				k = a.kind
			}
		}
		for i := range 1 + m.IntN(11) {
			r.id = m.add(kindTag, fmt.Appendf(nil, "object %s\ntype %s\ntag %d\ntagger A <a@example.org> 0 +0000\n\nm\n", r.id, k, i))
			k = kindTag
		}
	}},
	// The refs.
	{"another release", func(m *mutant) {
		m.refs = append(m.refs, ref{fmt.Sprint(tagPrefix, "extra", m.IntN(9)), m.some(kindCommit).id})
		m.refs[0].id = m.refs[len(m.refs)-1].id
		m.refs[1].id = m.refs[0].id
	}},
	{"a release less", func(m *mutant) { m.refs = m.refs[:max(3, len(m.refs)-1)]; m.headAtLast() }},
	{"releases exchanged", func(m *mutant) {
		a, b := 2+m.IntN(len(m.refs)-2), 2+m.IntN(len(m.refs)-2)
		m.refs[a].id, m.refs[b].id = m.refs[b].id, m.refs[a].id
		m.headAtLast()
	}},
	{"a ref's name", func(m *mutant) {
		m.refs[m.IntN(len(m.refs))].name = []string{tagPrefix + "new", tagPrefix + "ünï", tagPrefix + "../../x", tagPrefix + "a\x1bb", "refs/heads/x", "HEAD", tagPrefix, tagPrefix + "v1"}[m.IntN(8)]
	}},
	{"what a ref names", func(m *mutant) { m.refs[m.IntN(len(m.refs))].id = m.any() }},
	// The pack.
	{"another packing", func(m *mutant) {
		m.Shuffle(len(m.atoms), func(i, k int) { m.atoms[i], m.atoms[k] = m.atoms[k], m.atoms[i] })
	}},
	{"another compression", func(m *mutant) {
		level := m.IntN(10)
		m.entry = func(i int, e *packed) bool { e.compressed = again(e.compressed, level); return true }
	}},
	{"an entry less in the pack", one(func(*mutant, *packed) bool { return false })},
	{"an entry twice in the pack", func(m *mutant) {
		a := *m.some(kindBlob, kindTree)
		m.packed = func(p *packBuilder) { p.object(a.kind, a.data) }
	}},
	{"a stowaway", func(m *mutant) {
		m.unpruned = m.IntN(4) > 0
		m.add([]kind{kindBlob, kindBlob, kindTree}[m.IntN(3)], nil)
	}},
	{"a size", one(func(m *mutant, e *packed) bool { e.header.size = max(0, e.header.size+int64(m.IntN(5))-2); return true })},
	{"a large size", one(func(m *mutant, e *packed) bool { e.header.size = 1 << m.IntN(52); return true })},
	{"a kind", one(func(m *mutant, e *packed) bool { e.header.kind = kind(m.IntN(8)); return true })},
	{"a base", one(func(m *mutant, e *packed) bool {
		e.header.ofs += int64(m.IntN(40)) - 20
		e.header.ref[0] ^= 1
		return true
	})},
	{"a delta", func(m *mutant) {
		m.entry = func(i int, e *packed) bool {
			if !e.header.kind.isObject() && m.IntN(4) == 0 {
				d := m.spoil(inflated(e.compressed))
				e.compressed, e.header.size = deflated(d), int64(len(d))
			}
			return true
		}
	}},
	{"compressed bytes", one(func(m *mutant, e *packed) bool { e.compressed = m.spoil(e.compressed); return true })},
	{"bytes of the pack", func(m *mutant) { m.body = m.spoil }},
	{"the number of objects", func(m *mutant) { m.body = func(b []byte) []byte { b[8+m.IntN(4)] += byte(m.IntN(3)); return b } }},
	{"bytes behind the pack", func(m *mutant) { m.body = func(b []byte) []byte { return append(b, make([]byte, 1+m.IntN(40))...) } }},
	{"bytes of the header", func(m *mutant) { m.header = m.spoil }},
	// The manifest.
	{"an object of the manifest", func(m *mutant) {
		m.manifest = func(f *forgery) {
			if len(f.source.Objects) == 0 {
				return
			}
			o := &f.source.Objects[m.IntN(len(f.source.Objects))]
			switch m.IntN(4) {
			case 0:
				o.SHA256[m.IntN(32)]++
			case 1:
				o.Size += int64(m.IntN(3)) - 1
			case 2:
				o.Kind = []string{"blob", "tree", "commit"}[m.IntN(3)]
			case 3:
				o.Git[19]++
			}
		}
	}},
	{"a release of the manifest", func(m *mutant) {
		m.manifest = func(f *forgery) {
			if len(f.source.Releases) == 0 {
				return
			}
			r := &f.source.Releases[m.IntN(len(f.source.Releases))]
			*[]*ID{&r.Commit, &r.Tree}[m.IntN(2)] = m.any()
		}
	}},
}

// root is a commit without parents.
func (m *mutant) root() ID {
	for _, a := range m.atoms {
		if a.kind == kindCommit && !bytes.Contains(a.data, []byte("\nparent ")) {
			return a.id
		}
	}
	return m.some(kindTree).id
}

// headAtLast makes HEAD and main what the last release is.
func (m *mutant) headAtLast() {
	objects := map[ID]atom{}
	for _, a := range m.atoms {
		objects[a.id] = a
	}
	m.refs[0].id = releaseOf(objects, m.refs[len(m.refs)-1]).Commit
	m.refs[1].id = m.refs[0].id
}

func inflated(compressed []byte) []byte {
	z, err := zlib.NewReader(bytes.NewReader(compressed))
	if err != nil {
		return nil
	}
	var b bytes.Buffer
	if _, err := b.ReadFrom(z); err != nil {
		return nil
	}
	return b.Bytes()
}

// again compresses with another level, in several blocks.
func again(compressed []byte, level int) []byte {
	var b bytes.Buffer
	z, err := zlib.NewWriterLevel(&b, level)
	if err != nil {
		return compressed
	}
	data := inflated(compressed)
	half := len(data) / 2
	z.Write(data[:half])
	z.Flush()
	z.Write(data[half:])
	z.Close()
	return b.Bytes()
}
