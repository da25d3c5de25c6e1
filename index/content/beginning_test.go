package content

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"

	"github.com/klauspost/compress/s2"

	"vitrine/index/deposit"
)

// texts are of the kinds that an encoder takes different ways for.
func beginningTexts() map[string][]byte {
	r := rand.New(rand.NewPCG(3, 4))
	noise := make([]byte, 200_000)
	for i := range noise {
		noise[i] = byte(r.IntN(256))
	}
	var log bytes.Buffer
	for i := range 20_000 {
		fmt.Fprintf(&log, "2026-11-26 12:%02d:%02d.%03d worker %d: request %x took %d ms\n", i/60%60, i%60, r.IntN(1000), r.IntN(8), r.Uint64(), r.IntN(500))
	}
	return map[string][]byte{
		"empty": nil, "short": []byte("hello\n"), "noise": noise, "log": log.Bytes(),
		"zeros": make([]byte, 300_000), "repeated": bytes.Repeat([]byte("abcdefg"), 50_000), "far": slicesJoin(noise[:100_000], noise[:100_000]),
	}
}

func slicesJoin(a, b []byte) []byte { return append(bytes.Clone(a), b...) }

// TestExpandIsTheBeginning: what a block that is cut off says so far is how the whole begins.
func TestExpandIsTheBeginning(t *testing.T) {
	for name, raw := range beginningTexts() {
		for _, encode := range []func(dst, src []byte) []byte{s2.Encode, s2.EncodeBetter, s2.EncodeBest, s2.EncodeSnappy} {
			block := encode(nil, raw)
			_, head := binary.Uvarint(block)
			for _, n := range []int{0, 1, 100, 4096, 65_536, 100_001, len(raw)} {
				n = min(n, len(raw))
				need := min(len(block), int(blockOf(n)))
				got, err := expand(make([]byte, 0, n), block[head:need])
				if err != nil || !bytes.Equal(got, raw[:n]) {
					t.Fatalf("%s, %d bytes: %d are given, %v", name, n, len(got), err)
				}
			}
		}
	}
}

func TestExpandTakesAnything(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 6))
	for range 20_000 {
		src := make([]byte, r.IntN(40))
		for i := range src {
			src[i] = byte(r.IntN(256))
		}
		if got, _ := expand(make([]byte, 0, 100), src); len(got) > 100 {
			t.Fatalf("%x gives %d bytes", src, len(got))
		}
	}
}

func TestBeginningAndVerified(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "content")
	w, err := Create(dir, deposit.Digest{1})
	if err != nil {
		t.Fatal(err)
	}
	raw := beginningTexts()["log"]
	if err := errors.Join(w.Add(raw), w.Publish()); err != nil {
		t.Fatal(err)
	}
	s, err := Open(dir, deposit.Digest{1})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	blob := deposit.Digest(sha256.Sum256(raw))
	got, e, err := s.Beginning(blob, 5000)
	if err != nil || e != UTF8 || !bytes.Equal(got, raw[:5000]) {
		t.Errorf("beginning: %d bytes, %v, %v", len(got), e, err)
	}
	if got, e, err := s.With(Choices{blob: KOI8R}).Beginning(blob, 1<<30); err != nil || e != KOI8R || !bytes.Equal(got, raw) {
		t.Errorf("all of it as chosen: %d bytes, %v, %v", len(got), e, err)
	}
	told := int64(0)
	if all, err := s.Verified(t.Context(), blob, func(done, total int64) { told = done }); err != nil || !bytes.Equal(all, raw) || told != int64(len(raw)) {
		t.Errorf("verified: %d bytes, told %d, %v", len(all), told, err)
	}
	gone, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := s.Verified(gone, blob, func(int64, int64) {}); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: %v", err)
	}

	// One byte in the middle is another: the beginning cannot know, the whole does.
	name := filepath.Join(dir, chunkName(0))
	data, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	at := bytes.LastIndex(data[:len(data)/2], []byte("took"))
	if at < 0 {
		t.Fatal("no literal in the block: the test shows nothing")
	}
	data[at] ^= 1
	if err := os.WriteFile(name, data, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, _, err := s.Beginning(blob, 1000); err != nil {
		t.Errorf("the beginning: %v", err)
	}
	if _, err := s.Verified(t.Context(), blob, func(int64, int64) {}); !errors.Is(err, ErrDamaged) {
		t.Errorf("of damaged bytes: %v", err)
	}
}
