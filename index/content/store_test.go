package content

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"vitrine/index/deposit"
)

func filled(b byte) (d deposit.Digest) {
	for i := range d {
		d[i] = b
	}
	return d
}

func digestOf(raw []byte) deposit.Digest { return sha256.Sum256(raw) }

func makeStore(t testing.TB, blobs ...[]byte) string {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "content")
	w, err := Create(dir, filled(0xaa))
	if err != nil {
		t.Fatal(err)
	}
	for _, b := range blobs {
		if err := w.Add(b); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Publish(); err != nil {
		t.Fatal(err)
	}
	return dir
}

var someBlobs = [][]byte{
	nil, []byte("hello\n"), []byte("caf\xe9\n"), bytes.Repeat([]byte("abc def\n"), 5000), {0, 1, 2, 3},
}

func TestStoreGivesBackEveryBlob(t *testing.T) {
	dir := makeStore(t, append(someBlobs, []byte("hello\n"))...)
	s, err := Open(dir, filled(0xaa))
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	if n := len(s.Blobs()); n != len(someBlobs) {
		t.Errorf("the store lists %d blobs, want %d", n, len(someBlobs))
	}
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			for _, b := range someBlobs {
				raw, err := s.Raw(digestOf(b))
				if err != nil || !bytes.Equal(raw, b) {
					t.Errorf("Raw: %q, %v", raw, err)
				}
				x, err := s.Text(digestOf(b))
				info, ok := s.Info(digestOf(b))
				if err != nil || !ok || x.Encoding() != info.Encoding || x.Size() != info.Size || info.Blob != digestOf(b) {
					t.Errorf("Text and Info of %q disagree: %v", b, err)
				}
			}
		})
	}
	wg.Wait()
	if _, err := s.Raw(filled(1)); err == nil || !strings.Contains(err.Error(), filled(1).String()) {
		t.Errorf("a blob that is not there: %v", err)
	}
	if entries, err := os.ReadDir(filepath.Dir(dir)); err != nil || len(entries) != 2 {
		t.Errorf("beside the store and its lock there is %v, %v", entries, err)
	}
}

// TestWorkedExample holds the package comment against the writer.
func TestWorkedExample(t *testing.T) {
	dir := makeStore(t, []byte("hello\n"))
	record := "5891b5b522d5df086d0ff0b110fbd9d21bb4fc7163af34d08286a2e846f6be03" +
		"0000000000000010" + "0000000000000008" + "0000000000000006" + "00"
	sum := func(s string) string {
		b, err := hex.DecodeString(s)
		if err != nil {
			t.Fatal(err)
		}
		d := sha256.Sum256(b)
		return s + hex.EncodeToString(d[:])
	}
	data, err := os.ReadFile(filepath.Join(dir, "0000.dat"))
	want := "76697472696e65206368756e6b20320a" + "061468656c6c6f0a" + sum(record+"0000000000000001")
	if err != nil || hex.EncodeToString(data) != want {
		t.Errorf("0000.dat is %x, %v, want %s", data, err, want)
	}
	want = sum("76697472696e6520636f6e74656e7420320a" + strings.Repeat("aa", 32) +
		"00000001" + "00000000" + "0000000000000079" +
		"0000000000000001" + "00000000" + record)
	idx, err := os.ReadFile(filepath.Join(dir, indexName))
	if err != nil || hex.EncodeToString(idx) != want {
		t.Errorf("content.idx is %x, %v, want %s", idx, err, want)
	}
}

// TestFlippedByte changes every byte of a small store in turn: it is refused,
// or the blob that it belongs to is, by name; nothing else than the true bytes
// is given. What only a later build reads is noticed by that.
func TestFlippedByte(t *testing.T) {
	blobs := [][]byte{nil, []byte("hello\n"), []byte("caf\xe9, caf\xe9, caf\xe9\n")}
	dir := makeStore(t, blobs...)
	ofBuild := func(i, size int) bool { // the chunk's magic and table
		return i < len(chunkMagic) || i >= size-chunkTail-len(blobs)*chunkRecord
	}
	for _, name := range []string{indexName, "0000.dat"} {
		path := filepath.Join(dir, name)
		good, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		for i := range good {
			bad := bytes.Clone(good)
			bad[i] ^= 1 << (i % 8)
			if err := os.WriteFile(path, bad, 0o600); err != nil {
				t.Fatal(err)
			}
			s, err := Open(dir, filled(0xaa))
			if err != nil {
				continue
			}
			refused := 0
			for _, b := range blobs {
				raw, err := s.Raw(digestOf(b))
				switch {
				case err != nil && strings.Contains(err.Error(), digestOf(b).String()):
					refused++
				case err != nil:
					t.Errorf("%s, byte %d: the error does not name the blob: %v", name, i, err)
				case !bytes.Equal(raw, b):
					t.Errorf("%s, byte %d: %q instead of %q", name, i, raw, b)
				}
			}
			want := 1
			if name != indexName && ofBuild(i, len(good)) {
				want = 0
			}
			if refused != want {
				t.Errorf("%s, byte %d flipped: %d blobs refused, want %d", name, i, refused, want)
			}
			if _, err := checkChunk(t.Context(), dir, 0, 1<<20); err == nil {
				t.Errorf("%s, byte %d flipped: a later build would take it over", name, i)
			}
			if err := s.Close(); err != nil {
				t.Error(err)
			}
		}
		if err := os.WriteFile(path, good, 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := checkChunk(t.Context(), dir, 0, 10); err == nil || !strings.Contains(err.Error(), "more than any") {
			t.Errorf("a chunk with a larger blob than is sought: %v", err)
		}
		for _, cut := range []int{0, 1, len(good) / 2, len(good) - 1} {
			if err := os.WriteFile(path, good[:cut], 0o600); err != nil {
				t.Fatal(err)
			}
			if _, err := Open(dir, filled(0xaa)); err == nil {
				t.Errorf("%s cut to %d bytes was accepted", name, cut)
			}
		}
		if err := os.WriteFile(path, good, 0o600); err != nil {
			t.Fatal(err)
		}
	}
}

func TestOpenRefusesAnotherDeposit(t *testing.T) {
	_, err := Open(makeStore(t), filled(0xbb))
	if err == nil || !strings.Contains(err.Error(), filled(0xaa).String()) {
		t.Errorf("got %v", err)
	}
}

func TestOpenRefusesNewerVersion(t *testing.T) {
	dir := makeStore(t)
	if err := os.WriteFile(filepath.Join(dir, indexName), []byte("vitrine content 3\nwhatever"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := Open(dir, filled(0xaa)); err == nil || !strings.Contains(err.Error(), "content 3") {
		t.Errorf("got %v", err)
	}
}

func TestTooLargeIsSaid(t *testing.T) {
	big := make([]byte, MaxText+1)
	s, err := Open(makeStore(t, big), filled(0xaa))
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	if _, err := s.Text(digestOf(big)); !errors.Is(err, ErrTooLarge) {
		t.Errorf("Text: %v", err)
	}
	if raw, err := s.Raw(digestOf(big)); err != nil || len(raw) != len(big) {
		t.Errorf("Raw: %d bytes, %v", len(raw), err)
	}
}

func TestStoreWithChoices(t *testing.T) {
	raw := []byte("caf\xe9\n")
	s, err := Open(makeStore(t, raw, []byte("hello\n")), filled(0xaa))
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	for _, c := range []struct {
		choose, want Encoding
		text         string
	}{{KOI8R, KOI8R, "cafИ\n"}, {UTF8, BrokenUTF8, "caf\ufffd\n"}, {Binary, Binary, ""}} {
		chosen := s.With(Choices{digestOf(raw): c.choose})
		x, err := chosen.Text(digestOf(raw))
		info, _ := chosen.Info(digestOf(raw))
		if err != nil || string(x.Bytes()) != c.text || x.Encoding() != c.want || info.Encoding != c.want || !info.Chosen {
			t.Errorf("chosen %s: %q, %+v, %v", c.choose, x.Bytes(), info, err)
		}
		if info, _ := chosen.Info(digestOf([]byte("hello\n"))); info.Chosen {
			t.Error("another blob is chosen too")
		}
	}
	if x, err := s.Text(digestOf(raw)); err != nil || x.Encoding() != Latin1 {
		t.Errorf("without the choice: %v", err)
	}
}

func TestStage(t *testing.T) {
	parent := t.TempDir()
	dir := filepath.Join(parent, "content")
	list := func() string {
		entries, err := os.ReadDir(parent)
		if err != nil {
			t.Fatal(err)
		}
		var names []string
		for _, e := range entries {
			names = append(names, e.Name())
		}
		return fmt.Sprint(names)
	}
	if err := os.MkdirAll(filepath.Join(parent, "content.tmp-killed", "sub"), 0o700); err != nil {
		t.Fatal(err)
	}
	s, err := Stage(dir)
	if err != nil {
		t.Fatal(err)
	}
	if got := list(); strings.Contains(got, "killed") {
		t.Errorf("the killed build is still there: %s", got)
	}
	if _, err := Stage(dir); err == nil {
		t.Error("two builds of the same folder at once")
	}
	for i := range 2 { // the second replaces the first
		if err := os.WriteFile(filepath.Join(s.Path(), "f"), fmt.Append(nil, i), 0o600); err != nil {
			t.Fatal(err)
		}
		if err := s.Publish(); err != nil {
			t.Fatal(err)
		}
		if got, err := os.ReadFile(filepath.Join(dir, "f")); err != nil || string(got) != fmt.Sprint(i) {
			t.Errorf("published %q, %v", got, err)
		}
		if s, err = Stage(dir); err != nil {
			t.Fatal(err)
		}
	}
	if err := s.Discard(); err != nil {
		t.Fatal(err)
	}
	if got := list(); got != "[content content.lock]" {
		t.Errorf("left behind: %s", got)
	}
}

func FuzzParseIndex(f *testing.F) {
	f.Add(appendIndex(filled(1), []chunk{
		{number: 0, size: 9, records: []record{{digest: filled(2), stored: 1}, {digest: filled(3), at: 1, stored: 5, size: 4}}},
		{number: 7, size: 9, records: []record{{digest: filled(1), stored: 9}}},
	}))
	f.Fuzz(func(t *testing.T, data []byte) {
		x, err := parseIndex(data)
		if err != nil {
			return
		}
		for i := range x.len() {
			r, in, _ := x.row(i)
			x.chunks[in].records = append(x.chunks[in].records, r)
		}
		if again := appendIndex(x.manifest, x.chunks); !bytes.Equal(again, data) {
			t.Errorf("accepted %x, which is written as %x", data, again)
		}
	})
}

// FuzzChunk: of any bytes a chunk is taken over only if it is as written.
func FuzzChunk(f *testing.F) {
	dir := makeStore(f, []byte("hello\n"), []byte("\xcf\xf0\xe8\xe2\xe5\xf2"))
	good, err := os.ReadFile(filepath.Join(dir, "0000.dat"))
	if err != nil {
		f.Fatal(err)
	}
	f.Add(good)
	f.Fuzz(func(t *testing.T, data []byte) {
		dir := t.TempDir()
		if err := os.WriteFile(filepath.Join(dir, "0000.dat"), data, 0o600); err != nil {
			t.Fatal(err)
		}
		c, err := checkChunk(t.Context(), dir, 0, 1<<20)
		if err != nil {
			return
		}
		if tail := appendTable(nil, c.records); !bytes.HasSuffix(data, tail) {
			t.Errorf("accepted %x, whose table is written as %x", data, tail)
		}
	})
}
