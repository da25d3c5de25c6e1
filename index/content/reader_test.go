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
	s.kept.limit = 16 << 10 // a part of them
	s = s.With(Choices{sha256.Sum256(blobs[2]): Windows1251})
	var readers sync.WaitGroup
	for n := range 4 {
		readers.Go(func() {
			r, rnd := s.NewReader(n%2 == 0), rand.New(rand.NewPCG(uint64(n), 1))
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
	var size int64
	for _, k := range s.kept.slots {
		size += k.size()
	}
	if len(s.kept.slots) == 0 || len(s.kept.at) != len(s.kept.slots) || size != s.kept.size || size > s.kept.limit {
		t.Errorf("%d texts of %d bytes are kept, %d are counted, with a limit of %d", len(s.kept.slots), size, s.kept.size, s.kept.limit)
	}
	if _, err := s.NewReader(true).Text(sha256.Sum256([]byte("nowhere"))); err == nil {
		t.Error("a text that the store has not is given")
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
