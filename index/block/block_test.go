package block

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func folder(t *testing.T, files map[string][]byte) string {
	t.Helper()
	dir := t.TempDir()
	for name, data := range files {
		w, err := Create(filepath.Join(dir, name))
		if err != nil {
			t.Fatal(err)
		}
		for _, part := range [][]byte{data[:len(data)/3], data[len(data)/3:]} {
			if _, err := w.Write(part); err != nil {
				t.Fatal(err)
			}
		}
		if err := w.Finish(); err != nil {
			t.Fatal(err)
		}
	}
	if err := WriteSums(dir, "example 1", [32]byte(bytes.Repeat([]byte{0xaa}, 32))); err != nil {
		t.Fatal(err)
	}
	return dir
}

// TestWorkedExample holds the package comment against the writer.
func TestWorkedExample(t *testing.T) {
	dir := folder(t, map[string][]byte{"a": []byte("abc")})
	got, err := os.ReadFile(filepath.Join(dir, "a.blocks"))
	if want := "0000000000000003ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"; err != nil || fmt.Sprintf("%x", got) != want {
		t.Errorf("a.blocks %x, %v", got, err)
	}
	list, err := os.ReadFile(filepath.Join(dir, SumsName))
	if err != nil {
		t.Fatal(err)
	}
	want := "example 1\n" + strings.Repeat("aa", 32) + "  manifest\n" + exampleSum + "  a.blocks\n" + exampleAbove + "  above\n"
	if string(list) != want {
		t.Errorf("got\n%s", list)
	}
}

const (
	exampleSum   = "e13dee54bfc1b26042c1fec4b1d8ef2054b22fa1ab1263adce665eb013f829d5"
	exampleAbove = "6ce69ddc10b6ea6ded0f8bd878ac00152c7fc34d269c56774f9dec548d3080a4"
)

// TestFlippedByte: a changed byte is refused when it is read, others are not
// held responsible.
func TestFlippedByte(t *testing.T) {
	for _, size := range []int{0, 1, Size, 3*Size + 17} {
		data := bytes.Repeat([]byte("0123456789"), size/10+1)[:size]
		dir := folder(t, map[string][]byte{"f": data})
		read := func(at, n uint64) ([]byte, error) {
			s, err := ReadSums(dir, "example 1")
			if err != nil {
				return nil, err
			}
			if err := s.Check(); err != nil {
				return nil, err
			}
			f, err := s.Open("f")
			if err != nil {
				return nil, err
			}
			got, err := f.Bytes(at, n)
			return bytes.Clone(got), errors.Join(err, f.Close())
		}
		if got, err := read(0, uint64(size)); err != nil || !bytes.Equal(got, data) {
			t.Fatalf("%d bytes: %v", size, err)
		}
		if _, err := read(1, uint64(size)); !errors.Is(err, ErrDamaged) {
			t.Errorf("past the end of %d bytes: %v", size, err)
		}
		for at := 0; at < size; at += 1001 {
			bad := bytes.Clone(data)
			bad[at] ^= 4
			if err := os.WriteFile(filepath.Join(dir, "f"), bad, 0o600); err != nil {
				t.Fatal(err)
			}
			if _, err := read(uint64(at), 1); !errors.Is(err, ErrDamaged) {
				t.Errorf("byte %d of %d flipped: %v", at, size, err)
			}
			if other := (uint64(at) + 2*Size) % uint64(size); other/Size != uint64(at)/Size {
				if _, err := read(other, 1); err != nil {
					t.Errorf("byte %d is not to blame: %v", other, err)
				}
			}
		}
	}
}

// whole opens the file "f", of these bytes when its digests were taken.
func whole(t *testing.T, data []byte, damage ...int) *File {
	t.Helper()
	dir := folder(t, map[string][]byte{"f": data})
	bad := bytes.Clone(data)
	for _, at := range damage {
		bad[at] ^= 4
	}
	if err := os.WriteFile(filepath.Join(dir, "f"), bad, 0o600); err != nil {
		t.Fatal(err)
	}
	s, err := ReadSums(dir, "example 1")
	if err != nil {
		t.Fatal(err)
	}
	f, err := s.Open("f")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := f.Close(); err != nil {
			t.Error(err)
		}
	})
	return f
}

// TestVerify: no block is left out, whatever was read before.
func TestVerify(t *testing.T) {
	for _, size := range []int{0, 1, Size, 256 * Size, 256*Size + 1, 700*Size + 17} {
		data := bytes.Repeat([]byte("0123456789"), size/10+1)[:size]
		if err := whole(t, data).Verify(t.Context()); err != nil {
			t.Errorf("%d bytes: %v", size, err)
		}
		for _, at := range []int{0, size / 2, size - 1} {
			if size == 0 {
				continue
			}
			f := whole(t, data, at)
			if other := (at + 2*Size) % size; other/Size != at/Size {
				if _, err := f.Bytes(uint64(other), 1); err != nil {
					t.Errorf("byte %d is not to blame: %v", other, err)
				}
			}
			if err := f.Verify(t.Context()); !errors.Is(err, ErrDamaged) {
				t.Errorf("byte %d of %d flipped: %v", at, size, err)
			}
		}
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := whole(t, []byte("abc")).Verify(ctx); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: %v", err)
	}
}

// TestWithin: only lengths count, also where a sum of them would not fit 64 bits.
func TestWithin(t *testing.T) {
	f := whole(t, make([]byte, 10), 3)
	const most = math.MaxUint64
	for _, c := range []struct {
		at, n uint64
		good  bool
	}{
		{0, 0, true}, {0, 10, true}, {10, 0, true}, {4, 6, true},
		{0, 11, false}, {11, 0, false}, {4, 7, false}, {4, most, false}, {most, 4, false}, {most, most, false},
	} {
		err := f.Within(c.at, c.n)
		if good := err == nil; good != c.good || !good && !errors.Is(err, ErrDamaged) {
			t.Errorf("%d bytes from %d on, of 10: %v", c.n, c.at, err)
		}
	}
}

// TestNames: a file with digests beside it is listed as these.
func TestNames(t *testing.T) {
	dir := folder(t, map[string][]byte{"b": nil})
	if err := os.MkdirAll(filepath.Join(dir, "a", "c"), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "a", "c", "d"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := WriteSums(dir, "example 1", [32]byte{}); err != nil {
		t.Fatal(err)
	}
	s, err := ReadSums(dir, "example 1")
	if err != nil {
		t.Fatal(err)
	}
	if got := strings.Join(s.Names(), " "); got != "a/c/d b.blocks" {
		t.Errorf("got %s", got)
	}
}

func TestSumsRefuse(t *testing.T) {
	for name, change := range map[string]func(dir string) error{
		"another version": func(dir string) error {
			return os.WriteFile(filepath.Join(dir, SumsName), []byte("example 2\n"), 0o600)
		},
		"checksum": func(dir string) error {
			list, err := os.ReadFile(filepath.Join(dir, SumsName))
			list[20] ^= 1
			return errors.Join(err, os.WriteFile(filepath.Join(dir, SumsName), list, 0o600))
		},
		"does not list": func(dir string) error { return os.WriteFile(filepath.Join(dir, "extra"), nil, 0o600) },
		"0 of the 1": func(dir string) error {
			return errors.Join(os.Remove(filepath.Join(dir, "a")), os.Remove(filepath.Join(dir, "a.blocks")))
		},
		"is not the file": func(dir string) error {
			return os.WriteFile(filepath.Join(dir, "a.blocks"), make([]byte, 40), 0o600)
		},
	} {
		dir := folder(t, map[string][]byte{"a": []byte("abc")})
		if err := change(dir); err != nil {
			t.Fatal(err)
		}
		s, err := ReadSums(dir, "example 1")
		if err == nil {
			err = s.Check()
		}
		if err == nil {
			_, err = s.Open("a")
		}
		if err == nil || !strings.Contains(err.Error(), name) {
			t.Errorf("%s: got %v", name, err)
		}
	}
}
