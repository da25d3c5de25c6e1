package deposit

import (
	"bytes"
	"encoding/binary"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/go-git/go-git/v5/plumbing"
	"github.com/go-git/go-git/v5/plumbing/format/idxfile"
	"github.com/pjbgf/sha1cd"
)

// TestHostilePacks gives the reader packs made to harm it. Each must be refused
// with a sentence, before it costs much.
func TestHostilePacks(t *testing.T) {
	base := bytes.Repeat([]byte("0123456789abcdef"), 4096) // 64 KiB
	copies := func(n int) (ops [][]byte) {
		for range n {
			ops = append(ops, copyFrom(0, len(base)))
		}
		return ops
	}
	zeros := deflated(make([]byte, 4<<20))
	var absent ID
	absent[0] = 1
	tests := map[string]struct {
		build  func(p *packBuilder)
		limits Limits
		want   string
	}{
		"reserved type 0":                      {func(p *packBuilder) { p.raw(header{kind: 0, size: 1}, deflated([]byte("x"))) }, Limits{}, "type 0, which git does not define"},
		"reserved type 5":                      {func(p *packBuilder) { p.raw(header{kind: 5, size: 1}, deflated([]byte("x"))) }, Limits{}, "type 5, which git does not define"},
		"declares 10 bytes, inflates to 4 MiB": {func(p *packBuilder) { p.raw(header{kind: kindBlob, size: 10}, zeros) }, Limits{}, "more than it declares"},
		"declares more than it has":            {func(p *packBuilder) { p.raw(header{kind: kindBlob, size: 10}, deflated([]byte("abc"))) }, Limits{}, "ends early"},
		"declares an exabyte":                  {func(p *packBuilder) { p.raw(header{kind: kindBlob, size: 1 << 50}, deflated([]byte("abc"))) }, Limits{}, "more than the limit"},
		"declares what cannot be":              {func(p *packBuilder) { p.raw(header{kind: kindBlob, size: 200 << 20}, deflated([]byte("abc"))) }, Limits{}, "more than the rest of the pack can inflate to"},
		"object above the limit":               {func(p *packBuilder) { p.object(kindBlob, base) }, Limits{MaxObject: 1000}, "more than the limit of 1000"},
		"delta bomb": {func(p *packBuilder) {
			at := p.object(kindBlob, base)
			for range 40 {
				p.ofs(at, delta(len(base), 4096*len(base), copies(4096)...))
			}
		}, Limits{}, "have more bytes than the limits allow"},
		"delta bomb, one object": {func(p *packBuilder) {
			p.ofs(p.object(kindBlob, base), delta(len(base), 20000*len(base), copies(20000)...))
		}, Limits{}, "makes 1310720000 bytes, more than the limit"},
		"delta bomb of deltas": {func(p *packBuilder) {
			at, n := p.object(kindBlob, []byte("0123456789abcdef")), 16
			for range 30 {
				at = p.ofs(at, delta(n, 2*n, copyFrom(0, n), copyFrom(0, n)))
				n *= 2
			}
		}, Limits{}, "the limit"},
		"more at once than the limit": {func(p *packBuilder) {
			at := p.object(kindBlob, base)
			p.ofs(at, delta(len(base), len(base), copies(1)...))
		}, Limits{MaxLive: 100 << 10}, "at once, more than the limit"},
		"more at once than the limit, by ref": {func(p *packBuilder) {
			p.object(kindBlob, base)
			p.ref(idOf(kindBlob, base), delta(len(base), len(base)+1, copyFrom(0, len(base)), insert("x")))
		}, Limits{MaxLive: 100 << 10}, "at once, more than the limit"},
		"too many objects": {func(p *packBuilder) {
			p.object(kindBlob, []byte("a"))
			p.object(kindBlob, []byte("b"))
		}, Limits{MaxObjects: 1}, "declares 2 objects, more than the limit of 1"},
		"count beyond the pack": {func(p *packBuilder) { p.object(kindBlob, []byte("a")); p.count = 1 << 20 }, Limits{}, "do not fit"},
		"count one too many":    {func(p *packBuilder) { p.object(kindBlob, make([]byte, 3)); p.object(kindBlob, base[:40]); p.count = 3 }, Limits{}, "object 3 of 3"},
		"count one too few":     {func(p *packBuilder) { p.object(kindBlob, []byte("a")); p.object(kindBlob, []byte("b")); p.count = 1 }, Limits{}, "stand between the last object of the pack and its checksum"},
		"delta of itself":       {func(p *packBuilder) { p.raw(header{kind: ofsDelta, size: 3, ofs: 0}, deflated([]byte{1, 1, 1})) }, Limits{}, "delta of itself"},
		"delta of the header":   {func(p *packBuilder) { p.ofs(3, delta(1, 1, insert("x"))) }, Limits{}, "where no object does"},
		"delta from before":     {func(p *packBuilder) { p.ofs(-100, delta(1, 1, insert("x"))) }, Limits{}, "where no object does"},
		"delta of the middle":   {func(p *packBuilder) { p.ofs(p.object(kindBlob, base)+1, delta(1, 1, insert("x"))) }, Limits{}, "where no object does"},
		"thin":                  {func(p *packBuilder) { p.ref(absent, delta(1, 1, insert("x"))) }, Limits{}, "1 objects of the pack rest on what it lacks or on themselves"},
		"cycle": {func(p *packBuilder) {
			// Neither can have the id that the other names, and neither is known
			// before the other.
			a, b := idOf(kindBlob, []byte("a")), idOf(kindBlob, []byte("b"))
			p.ref(b, delta(1, 1, insert("a")))
			p.ref(a, delta(1, 1, insert("b")))
		}, Limits{}, "2 objects of the pack rest on what it lacks or on themselves"},
		"wrong base size":        {func(p *packBuilder) { p.ofs(p.object(kindBlob, base), delta(7, 1, insert("x"))) }, Limits{}, "for a base of 7 bytes, but the base has 65536"},
		"wrong base size, ref":   {func(p *packBuilder) { p.object(kindBlob, base); p.ref(idOf(kindBlob, base), delta(7, 1, insert("x"))) }, Limits{}, "for a base of 7 bytes, but the base has 65536"},
		"copies beyond its base": {func(p *packBuilder) { p.ofs(p.object(kindBlob, base), delta(len(base), 10, copyFrom(len(base)-9, 10))) }, Limits{}, "copies from beyond its base"},
		"makes too much":         {func(p *packBuilder) { p.ofs(p.object(kindBlob, base), delta(len(base), 2, insert("xyz"))) }, Limits{}, "makes more bytes than it declares"},
		"makes too little":       {func(p *packBuilder) { p.ofs(p.object(kindBlob, base), delta(len(base), 4, insert("xyz"))) }, Limits{}, "makes fewer bytes than it declares"},
		"reserved instruction":   {func(p *packBuilder) { p.ofs(p.object(kindBlob, base), delta(len(base), 1, []byte{0})) }, Limits{}, "reserved instruction"},
		"instruction cut off":    {func(p *packBuilder) { p.ofs(p.object(kindBlob, base), delta(len(base), 9, []byte{9, 'x'})) }, Limits{}, "its delta ends early"},
		"delta of three bytes":   {func(p *packBuilder) { p.ofs(p.object(kindBlob, []byte("a")), delta(1, 0)) }, Limits{}, "git reads none of fewer than 4"},
		"empty delta":            {func(p *packBuilder) { p.ofs(p.object(kindBlob, base), nil) }, Limits{}, "its delta is empty"},
		"endless size in delta":  {func(p *packBuilder) { p.ofs(p.object(kindBlob, base), bytes.Repeat([]byte{0x80}, 30)) }, Limits{}, "too many digits"},
		"object twice":           {func(p *packBuilder) { p.object(kindBlob, base); p.object(kindBlob, base) }, Limits{}, "is in the pack twice"},
		"object twice, as delta": {func(p *packBuilder) { p.ofs(p.object(kindBlob, base), delta(len(base), len(base), copies(1)...)) }, Limits{}, "is in the pack twice"},
		"chain too long": {func(p *packBuilder) {
			at := p.object(kindBlob, base)
			for i := range 12 {
				at = p.ofs(at, delta(len(base)+i, len(base)+i+1, copyFrom(0, len(base)+i), insert("x")))
			}
		}, Limits{MaxDepth: 10}, "delta chain is longer than 10"},
		"chain too long, by ref": {func(p *packBuilder) {
			data := []byte("x")
			p.object(kindBlob, data)
			for range 12 {
				id, n := idOf(kindBlob, data), len(data)
				data = append(data, 'x')
				p.ref(id, delta(n, n+1, copyFrom(0, n), insert("x")))
			}
		}, Limits{MaxDepth: 10}, "delta chain is longer than 10"},
		"wrong zlib checksum": {func(p *packBuilder) {
			z := deflated([]byte("abc"))
			z[len(z)-1] ^= 1
			p.raw(header{kind: kindBlob, size: 3}, z)
		}, Limits{}, "is damaged"},
		"preset dictionary": {func(p *packBuilder) {
			p.raw(header{kind: kindBlob, size: 1}, []byte{0x78, 0xbb, 1, 2, 3, 4, 5, 6, 7, 8, 9})
		}, Limits{}, "is damaged"},
		"a stream of nothing": {func(p *packBuilder) {
			empty := bytes.Repeat([]byte{0, 0, 0, 0xff, 0xff}, 1<<16)
			p.raw(header{kind: kindBlob, size: 0}, append(append([]byte{0x78, 0x9c}, empty...), 1, 0, 0, 0xff, 0xff, 0, 0, 0, 1))
		}, Limits{}, "compressed"},
		"a tree of nonsense":   {func(p *packBuilder) { p.object(kindTree, []byte("nonsense")) }, Limits{}, "mode is not octal digits"},
		"a commit of nonsense": {func(p *packBuilder) { p.object(kindCommit, []byte("nonsense")) }, Limits{}, "does not begin with its tree"},
		"a tag of nonsense":    {func(p *packBuilder) { p.object(kindTag, []byte("nonsense")) }, Limits{}, "does not begin with what it tags"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			var p packBuilder
			test.build(&p)
			var before, after runtime.MemStats
			data := p.bytes()
			runtime.ReadMemStats(&before)
			_, err := resolvePack(t, data, test.limits)
			runtime.ReadMemStats(&after)
			if err == nil || !strings.Contains(err.Error(), test.want) {
				t.Errorf("got %v, want a sentence with %q", err, test.want)
			}
			if used := after.TotalAlloc - before.TotalAlloc; used > 64<<20 {
				t.Errorf("%d bytes were allocated", used)
			}
		})
	}
}

// family makes a pack of objects of all kinds with long and branching chains
// of both kinds of deltas, some forwards.
func family(seed uint64) (*packBuilder, map[ID]kind) {
	rnd := rand.New(rand.NewPCG(seed, 1))
	var p packBuilder
	type made struct {
		at   int64
		data []byte
	}
	want := map[ID]kind{}
	var all []made
	for i := range 60 {
		if len(all) == 0 || rnd.IntN(5) == 0 {
			data := make([]byte, rnd.IntN(3000))
			for k := range data {
				data[k] = byte(rnd.IntN(4))
			}
			data = binary.BigEndian.AppendUint32(data, uint32(i))
			all = append(all, made{p.object(kindBlob, data), data})
			want[idOf(kindBlob, data)] = kindBlob
			continue
		}
		base := all[rnd.IntN(len(all))]
		if rnd.IntN(2) == 0 {
			base = all[len(all)-1]
		}
		from := rnd.IntN(len(base.data))
		n := 1 + rnd.IntN(len(base.data)-from)
		text := string(binary.BigEndian.AppendUint32(nil, uint32(i)+1000))
		data := append(bytes.Clone(base.data[from:from+n]), text...)
		d := delta(len(base.data), len(data), copyFrom(from, n), insert(text))
		at := int64(0)
		if seed%2 == 0 || rnd.IntN(3) > 0 {
			at = p.ofs(base.at, d)
		} else {
			at = p.ref(idOf(kindBlob, base.data), d)
		}
		all = append(all, made{at, data})
		want[idOf(kindBlob, data)] = kindBlob
	}
	return &p, want
}

// TestResolve compares random packs with what they were made of, and with git.
func TestResolve(t *testing.T) {
	for seed := range uint64(20) {
		p, want := family(seed)
		g, err := resolvePack(t, p.bytes(), Limits{})
		if err != nil {
			t.Fatalf("seed %d: %v", seed, err)
		}
		found := 0
		if err := g.each(func(n *node) error {
			found++
			if want[n.id] != n.kind {
				t.Errorf("seed %d: %s %s was not put in", seed, n.kind, n.id)
			}
			return nil
		}); err != nil {
			t.Fatal(err)
		}
		if found != len(want) {
			t.Errorf("seed %d: %d objects, want %d", seed, found, len(want))
		}
		if seed < 4 {
			path := filepath.Join(t.TempDir(), "x.pack")
			if err := os.WriteFile(path, p.bytes(), 0o600); err != nil {
				t.Fatal(err)
			}
			git(t, filepath.Dir(path), "index-pack", "--strict", path)
		}
	}
}

// TestPeak checks that what the scan says is needed to resolve a pack suffices,
// and that one byte less is refused before anything is resolved.
func TestPeak(t *testing.T) {
	for seed := uint64(0); seed < 40; seed += 2 { // even ones have no ref-deltas
		p, _ := family(seed)
		data := p.bytes()
		found, _ := scanned(t, data)
		most := slices.Max(found.peak)
		if _, err := resolvePack(t, data, Limits{MaxLive: most}); err != nil {
			t.Errorf("seed %d, with the %d bytes it needs: %v", seed, most, err)
		}
		if _, err := resolvePack(t, data, Limits{MaxLive: most - 1}); err == nil || !strings.Contains(err.Error(), "at once") {
			t.Errorf("seed %d, with a byte less: %v", seed, err)
		}
	}
	// A long chain needs two objects and a delta however long it is.
	var p packBuilder
	base := bytes.Repeat([]byte("abcdefgh"), 512)
	at := p.object(kindBlob, base)
	for i := range 1000 {
		at = p.ofs(at, delta(len(base)+i, len(base)+i+1, copyFrom(0, len(base)+i), insert("x")))
	}
	found, _ := scanned(t, p.bytes())
	if limit := int64(3 * (len(base) + 1000)); found.peak[0] > limit {
		t.Errorf("a chain of a thousand needs %d bytes at once, want at most %d", found.peak[0], limit)
	}
}

// TestIndex compares the index written for a pack with the one git writes.
func TestIndex(t *testing.T) {
	p, _ := family(3)
	data := p.bytes()
	dir := t.TempDir()
	path := filepath.Join(dir, "x.pack")
	if err := os.WriteFile(path, data, 0o600); err != nil {
		t.Fatal(err)
	}
	git(t, dir, "index-pack", path)
	want, err := os.ReadFile(filepath.Join(dir, "x.idx"))
	if err != nil {
		t.Fatal(err)
	}
	_, got := indexOf(t, data)
	if !bytes.Equal(got, want) {
		t.Error("the index differs from git's")
	}
}

// indexOf resolves a pack and writes its index.
func indexOf(t testing.TB, data []byte) (map[ID]int64, []byte) {
	t.Helper()
	s, g := scanned(t, data)
	offsets := map[ID]int64{}
	var lines []indexed
	if err := g.each(func(n *node) error {
		offsets[n.id] = s.entries[n.entry].offset
		lines = append(lines, indexed{n.id, s.entries[n.entry].crc, s.entries[n.entry].offset})
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	if err := writeIndex(&out, lines, s.trailer); err != nil {
		t.Fatal(err)
	}
	return offsets, out.Bytes()
}

// TestFarOffsets checks offsets beyond 2 GiB, which have a table of their own.
func TestFarOffsets(t *testing.T) {
	lines := []indexed{{ID{1}, 1, 12}, {ID{2}, 2, 1<<31 - 1}, {ID{3}, 3, 1 << 31}, {ID{4}, 4, 1 << 40}}
	var out bytes.Buffer
	if err := writeIndex(&out, lines, [packTrailer]byte{}); err != nil {
		t.Fatal(err)
	}
	x := decodedIndex(t, out.Bytes())
	for _, line := range lines {
		if at, err := x.FindOffset(plumbing.Hash(line.id)); err != nil || at != line.offset {
			t.Errorf("%s is at %d, want %d (%v)", line.id, at, line.offset, err)
		}
	}
}

// decodedIndex reads an index as the reader of a workspace will.
func decodedIndex(t testing.TB, index []byte) *idxfile.MemoryIndex {
	t.Helper()
	x := idxfile.NewMemoryIndex()
	if err := idxfile.NewDecoder(bytes.NewReader(index)).Decode(x); err != nil {
		t.Fatalf("the index that was written: %v", err)
	}
	return x
}

// TestTruncated cuts a pack everywhere, with its old and with a fitting
// checksum.
func TestTruncated(t *testing.T) {
	p, _ := family(1)
	data := p.bytes()
	for n := 0; n < len(data); n += 64 {
		if _, err := resolvePack(t, data[:n], Limits{}); err == nil {
			t.Errorf("cut at %d bytes it was accepted", n)
		}
		if _, err := resolvePack(t, withTrailer(bytes.Clone(data[:n])), Limits{}); err == nil {
			t.Errorf("cut at %d bytes and given a checksum it was accepted", n)
		}
	}
	if _, err := resolvePack(t, append(bytes.Clone(data), 0), Limits{}); err == nil {
		t.Error("with a byte behind it it was accepted")
	}
	data[5]++
	if _, err := resolvePack(t, data, Limits{}); err == nil || !strings.Contains(err.Error(), "version") {
		t.Errorf("of another version: %v", err)
	}
}

// TestFlippedPack changes every byte of a pack and gives it a checksum that
// fits: it may be refused, or hold three objects again, whose ids the manifest
// would then not know; it must not harm.
func TestFlippedPack(t *testing.T) {
	var p packBuilder
	base := []byte("a base of some length, a base of some length")
	at := p.object(kindBlob, base)
	p.ofs(at, delta(len(base), len(base)+3, copyFrom(0, len(base)), insert("xyz")))
	p.ref(idOf(kindBlob, base), delta(len(base), 4, copyFrom(3, 4)))
	data := p.bytes()
	body := data[:len(data)-packTrailer]
	for i := range body {
		for bit := range 8 {
			flipped := bytes.Clone(body)
			flipped[i] ^= 1 << bit
			g, err := resolvePack(t, withTrailer(flipped), Limits{MaxObject: 1 << 20})
			if err != nil {
				continue
			}
			n := 0
			if err := g.each(func(*node) error { n++; return nil }); err != nil || n != 3 {
				t.Errorf("with bit %d of byte %d changed it holds %d objects, want 3 (%v)", bit, i, n, err)
			}
		}
	}
}

// TestCollision uses the files with one SHA-1 that come with sha1cd.
func TestCollision(t *testing.T) {
	out, err := exec.Command("go", "list", "-m", "-f", "{{.Dir}}", "github.com/pjbgf/sha1cd").Output()
	if err != nil {
		t.Fatal(err)
	}
	dir := filepath.Join(strings.TrimSpace(string(out)), "test", "testdata", "files")
	for _, name := range []string{"shattered-1.pdf", "shattered-2.pdf", "sha-mbles-1.bin", "sha-mbles-2.bin"} {
		data, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil {
			t.Fatal(err)
		}
		if _, err := sumSHA1(sha1cd.New(), data); err != errCollision {
			t.Errorf("%s: %v, want the collision", name, err)
		}
	}
	valid, err := os.ReadFile(filepath.Join(dir, "valid-file.txt"))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := sumSHA1(sha1cd.New(), valid); err != nil {
		t.Errorf("a harmless file: %v", err)
	}
}
