package content

import (
	"bytes"
	"crypto/sha256"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"sync"
	"testing"

	"vitrine/index/deposit"
)

// TestReader: what a reader gives is what the store gives, in whatever order, from memory
// or not, to several at once, and with what a person chose.
func TestReader(t *testing.T) {
	blobs := [][]byte{nil, []byte("plain\ntext\n"), []byte("caf\xe9 cr\xe8me br\xfbl\xe9e\n"), {0xff, 0xfe, 'a', 0, '\n', 0}, []byte("bin\x00ary")}
	for i := range 40 {
		blobs = append(blobs, bytes.Repeat(fmt.Appendf(nil, "line %d é\n", i), 10+i))
	}
	s := storeOf(t, blobs)
	s.kept.limit, s.kept.size = 16<<10, 1<<10 // a part of them, some on shelves of their own
	s = s.With(Choices{sha256.Sum256(blobs[2]): Windows1251})
	var readers sync.WaitGroup
	for n := range 4 {
		readers.Go(func() {
			r, rnd := s.NewReader(n%2 == 0), rand.New(rand.NewPCG(uint64(n), 1))
			defer r.Close()
			for range 400 {
				raw := blobs[rnd.IntN(len(blobs))]
				blob := deposit.Digest(sha256.Sum256(raw))
				got, err := r.Text(blob)
				if err != nil {
					t.Error(err)
					return
				}
				want, err := s.Text(blob)
				if err != nil {
					t.Error(err)
					return
				}
				if got.Blob() != blob || got.Encoding() != want.Encoding() || !bytes.Equal(got.Bytes(), want.Bytes()) ||
					got.Size() != want.Size() || got.Lines() != want.Lines() || got.Offset(1, 5) != want.Offset(1, 5) {
					t.Errorf("%.20q: %s %.20q, want %s %.20q", raw, got.Encoding(), got.Bytes(), want.Encoding(), want.Bytes())
				}
			}
		})
	}
	readers.Wait()
	rows, size := 0, int64(0)
	for _, on := range s.kept.shelves {
		if rows += len(on.rows); on.used > len(on.room) || on.taken.Load() != 0 {
			t.Errorf("a shelf of %d bytes has %d, and %d texts of it are in use", len(on.room), on.used, on.taken.Load())
		}
		size += int64(len(on.room))
	}
	if rows == 0 || rows != len(s.kept.at) || size != s.kept.taken || size > s.kept.limit {
		t.Errorf("%d texts stand on %d shelves of %d bytes, %d are known", rows, len(s.kept.shelves), size, len(s.kept.at))
	}
	if _, err := s.NewReader(true).Text(sha256.Sum256([]byte("nowhere"))); err == nil {
		t.Error("a text that the store has not is given")
	}
}

// TestTakenStays: a text that is in use keeps its place, whatever else is read.
func TestTakenStays(t *testing.T) {
	var blobs [][]byte
	for i := range 100 {
		blobs = append(blobs, bytes.Repeat([]byte{'a' + byte(i%26), '\n'}, 200+i))
	}
	s := storeOf(t, blobs)
	s.kept.limit, s.kept.size = 10<<10, 2<<10
	first := deposit.Digest(sha256.Sum256(blobs[0]))
	holder, reader := s.NewReader(true), s.NewReader(true)
	defer holder.Close()
	defer reader.Close()
	for range 2 { // so that it is kept
		if _, err := holder.Text(first); err != nil {
			t.Fatal(err)
		}
	}
	text, err := holder.Text(first)
	if err != nil || holder.taken.on == nil {
		t.Fatalf("it is not kept, %v", err)
	}
	for range 20 {
		for _, raw := range blobs[1:] {
			if _, err := reader.Text(sha256.Sum256(raw)); err != nil {
				t.Fatal(err)
			}
		}
	}
	if !bytes.Equal(text.Bytes(), blobs[0]) {
		t.Errorf("a text that is in use became %.20q", text.Bytes())
	}
}

// TestKeptBytes: what texts may take follows the machine, between two bounds.
func TestKeptBytes(t *testing.T) {
	for memory, want := range map[uint64]int64{0: 192 << 20, 2 << 30: 192 << 20, 8 << 30: 512 << 20, 1 << 40: 2 << 30} {
		if got := keptBytes(memory); got != want {
			t.Errorf("with %d MB of memory: %d MB, want %d", memory>>20, got>>20, want>>20)
		}
	}
}

// TestReaderNoticesDamage: nothing is kept, or given, that is not what was stored.
func TestReaderNoticesDamage(t *testing.T) {
	raw := []byte("int main(void) { return 0; }\n")
	s := storeOf(t, [][]byte{raw})
	name := s.files[0].Name()
	data, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	data[bytes.IndexByte(data, '{')]++
	if err := os.WriteFile(filepath.Clean(name), data, 0o600); err != nil {
		t.Fatal(err)
	}
	r := s.NewReader(true)
	defer r.Close()
	for range 2 {
		if _, err := r.Text(sha256.Sum256(raw)); !errors.Is(err, ErrDamaged) {
			t.Fatalf("a changed byte gives %v", err)
		}
	}
}

func storeOf(t *testing.T, blobs [][]byte) *Store {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "content")
	w, err := Create(dir, deposit.Digest{})
	if err != nil {
		t.Fatal(err)
	}
	for _, raw := range blobs {
		if err := w.Add(raw); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Publish(); err != nil {
		t.Fatal(err)
	}
	s, err := Open(dir, deposit.Digest{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	return s
}
