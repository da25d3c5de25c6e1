package deposit

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// small admits a deposit of one release with deltas, two by offset or one by id,
// and gives its workspace.
func small(t *testing.T, byID bool) (string, Digest) {
	t.Helper()
	dir := forge(t, func(f *forgery) {
		long := bytes.Repeat([]byte("int a;\n"), 9)
		at := f.pack.object(kindBlob, long)
		one, two := append(bytes.Clone(long), "one\n"...), append(bytes.Clone(long), "two\n"...)
		f.pack.ofs(at, deltaOf(long, one))
		if byID {
			f.pack.ref(idOf(kindBlob, long), deltaOf(long, two))
		} else {
			f.pack.ofs(at, deltaOf(long, two))
		}
		tree := treeLine("100644", "a", f.name(kindBlob, long))
		tree = append(tree, treeLine("100755", "b", f.name(kindBlob, one))...)
		f.commit(f.add(kindTree, append(tree, treeLine("100644", "c", f.name(kindBlob, two))...)))
	}, nil)
	workspace := t.TempDir()
	a, err := Admit(t.Context(), dir, workspace, vendorTrust(t), Limits{}, nil)
	if err != nil {
		t.Fatal(err)
	}
	return workspace, a.Digest
}

// readAll opens a deposit and reads all files of all releases, by path.
func readAll(workspace string, digest Digest) (files map[string]string, err error) {
	d, err := Open(workspace, digest)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, d.Close()) }()
	r, err := d.NewReader()
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, r.Close()) }()
	files = map[string]string{}
	for _, release := range d.Releases() {
		listed, err := d.Files(context.Background(), release.Name)
		if err != nil {
			return nil, err
		}
		for _, f := range listed {
			data, err := r.Blob(f.Blob)
			if err != nil {
				return nil, fmt.Errorf("%s: %w", f.Path, err)
			}
			files[release.Name+":"+f.Path] = fmt.Sprintf("%o %s", f.Mode, data)
		}
	}
	return files, nil
}

// stillSame reads a workspace that was changed: an error, or what was admitted.
func stillSame(t *testing.T, workspace string, digest Digest, how string, want map[string]string) error {
	t.Helper()
	got, err := readAll(workspace, digest)
	if err != nil {
		return err
	}
	if len(got) != len(want) {
		t.Errorf("%s: %d files are read, %d were admitted", how, len(got), len(want))
	}
	for name, data := range want {
		if got[name] != data {
			t.Errorf("%s: %s is read as other bytes than were admitted", how, name)
		}
	}
	return nil
}

// TestEveryBitOfAWorkspace changes each bit of what an admission left, the
// index with a checksum that fits: an error, or what was admitted, and never
// more than 2 GiB.
func TestEveryBitOfAWorkspace(t *testing.T) {
	if unraced(t) {
		return
	}
	workspace, digest := small(t, true)
	want, err := readAll(workspace, digest)
	if err != nil {
		t.Fatal(err)
	}
	for name, original := range snapshot(t, filepath.Join(workspace, digest.String())) {
		info, err := os.Stat(name)
		if err != nil {
			t.Fatal(err)
		}
		if info.IsDir() || filepath.Base(name) == admissionFile { // which is for people
			continue
		}
		refused := 0
		for bit := range 8 * len(original) {
			changed := []byte(original)
			changed[bit/8] ^= 1 << (bit % 8)
			if body := len(changed) - packTrailer; filepath.Ext(name) == ".idx" && bit/8 < body {
				changed = withTrailer(changed[:body])
			}
			if err := rewrite(name, changed); err != nil {
				t.Fatal(err)
			}
			if stillSame(t, workspace, digest, fmt.Sprintf("%s with bit %d changed", filepath.Base(name), bit), want) != nil {
				refused++
			}
		}
		if err := rewrite(name, []byte(original)); err != nil {
			t.Fatal(err)
		}
		t.Logf("%s: %d of %d changes were refused", filepath.Base(name), refused, 8*len(original))
	}
}

// TestForgedIndex gives a workspace's pack other indexes than its own. Its deltas
// are by offset: one by id, whose base an index says to be the delta itself, sends
// go-git round until its stack is full, as the package comment warns.
func TestForgedIndex(t *testing.T) {
	if unraced(t) {
		return
	}
	workspace, digest := small(t, false)
	want, err := readAll(workspace, digest)
	if err != nil {
		t.Fatal(err)
	}
	found, err := filepath.Glob(filepath.Join(workspace, "*", "git", "*", "objects", "pack", "*.idx"))
	if err != nil || len(found) != 1 {
		t.Fatalf("the indexes are %v (%v)", found, err)
	}
	original, err := os.ReadFile(found[0])
	if err != nil {
		t.Fatal(err)
	}
	const fan = 8
	n := int(binary.BigEndian.Uint32(original[fan+4*255:]))
	ids := fan + 4*256
	crcs := ids + 20*n
	offsets := crcs + 4*n
	set := func(at int, v uint32) func([]byte) []byte {
		return func(b []byte) []byte { binary.BigEndian.PutUint32(b[at:], v); return b }
	}
	for name, forge := range map[string]func(b []byte) []byte{
		"the offsets exchanged": func(b []byte) []byte {
			first, last := binary.BigEndian.Uint32(b[offsets:]), binary.BigEndian.Uint32(b[offsets+4*n-4:])
			return set(offsets, last)(set(offsets+4*n-4, first)(b))
		},
		"all at one offset": func(b []byte) []byte {
			for i := range n {
				copy(b[offsets+4*i:], b[offsets:offsets+4])
			}
			return b
		},
		"the ids turned round": func(b []byte) []byte {
			for i := range n / 2 {
				one, two := b[ids+20*i:ids+20*i+20], b[ids+20*(n-1-i):ids+20*(n-i)]
				saved := bytes.Clone(one)
				copy(one, two)
				copy(two, saved)
			}
			return b
		},
		"an offset beyond the pack":  set(offsets, 1<<30),
		"an offset of the far table": set(offsets, 1<<31),
		"an offset before the pack":  set(offsets, 0),
		"4 billion objects":          set(fan+4*255, 1<<32-1),
		"a million objects":          set(fan+4*255, 1<<20),
		"4 billion objects of each": func(b []byte) []byte {
			return append(b[:fan:fan], append(bytes.Repeat([]byte{0xff}, 1024), b[ids:]...)...)
		},
		"no objects":                  func(b []byte) []byte { return append(b[:fan:fan], append(make([]byte, 1024), b[ids:]...)...) },
		"a table that falls":          set(fan, 1<<20),
		"version 3":                   set(4, 3),
		"version 1":                   func(b []byte) []byte { return b[8:] },
		"nothing":                     func([]byte) []byte { return nil },
		"the tables alone":            func(b []byte) []byte { return b[:ids] },
		"a megabyte behind the table": func(b []byte) []byte { return append(b, make([]byte, 1<<20)...) },
		"a pack of another name":      func(b []byte) []byte { b[len(b)-1]++; return b },
	} {
		t.Run(name, func(t *testing.T) {
			forged := forge(slices.Clone(original[:len(original)-packTrailer]))
			if err := os.WriteFile(found[0], withTrailer(forged), 0o600); err != nil {
				t.Fatal(err)
			}
			err := stillSame(t, workspace, digest, name, want)
			t.Logf("%.200v", err)
			if err != nil && strings.ContainsAny(err.Error(), "\x00\x1b") {
				t.Error("the sentence holds control characters")
			}
		})
	}
}
