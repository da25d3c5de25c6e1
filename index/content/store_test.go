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

func makeStore(t *testing.T, blobs ...[]byte) string {
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
	data, err := os.ReadFile(filepath.Join(dir, dataName))
	if err != nil || hex.EncodeToString(data) != "061468656c6c6f0a" {
		t.Errorf("content.dat is %x, %v", data, err)
	}
	want := "76697472696e6520636f6e74656e7420310a" +
		strings.Repeat("aa", 32) + "0000000000000001" +
		"5891b5b522d5df086d0ff0b110fbd9d21bb4fc7163af34d08286a2e846f6be03" +
		"0000000000000000" + "0000000000000008" + "0000000000000006" + "00"
	idx, err := os.ReadFile(filepath.Join(dir, indexName))
	if err != nil || len(idx) != 115+32 || hex.EncodeToString(idx[:115]) != want {
		t.Errorf("content.idx is %x, %v", idx, err)
	}
}

// TestFlippedByte changes every byte of a small store in turn: it is refused,
// or the blob that it belongs to is, by name; nothing else than the true bytes is given.
func TestFlippedByte(t *testing.T) {
	blobs := [][]byte{nil, []byte("hello\n"), []byte("caf\xe9, caf\xe9, caf\xe9\n")}
	dir := makeStore(t, blobs...)
	for _, name := range []string{indexName, dataName} {
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
			if refused != 1 {
				t.Errorf("%s, byte %d flipped: %d blobs refused, want 1", name, i, refused)
			}
			if err := s.Close(); err != nil {
				t.Error(err)
			}
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
	if err := os.WriteFile(filepath.Join(dir, indexName), []byte("vitrine content 2\nwhatever"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := Open(dir, filled(0xaa)); err == nil || !strings.Contains(err.Error(), "content 2") {
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
	w := &Writer{of: filled(1), records: []record{{digest: filled(2), stored: 1}, {digest: filled(3), at: 1, stored: 5, size: 4}}}
	f.Add(w.index())
	f.Fuzz(func(t *testing.T, data []byte) {
		m, records, err := parseIndex(data)
		if err != nil {
			return
		}
		if again := (&Writer{of: m, records: records}).index(); !bytes.Equal(again, data) {
			t.Errorf("accepted %x, which is written as %x", data, again)
		}
	})
}
