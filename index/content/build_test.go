package content

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"

	"vitrine/index/deposit"
)

// A fake is a deposit as far as a build reads it.
type fake struct {
	blobs map[deposit.Digest][]byte
	list  []deposit.Object
	reads atomic.Int64
	fails deposit.Digest // a blob that cannot be read
	open  atomic.Int64
}

func fakeOf(from, to int) *fake {
	f := &fake{blobs: map[deposit.Digest][]byte{}}
	for i := from; i < to; i++ {
		r := rand.New(rand.NewPCG(uint64(i), 1))
		var b bytes.Buffer
		for range r.IntN(60) {
			fmt.Fprintf(&b, "line %d of blob %d\n", r.IntN(1000), i)
		}
		if i%7 == 0 {
			b.WriteString("caf\xe9\n")
		}
		fmt.Fprintln(&b, i)
		d := digestOf(b.Bytes())
		f.blobs[d] = b.Bytes()
		f.list = append(f.list, deposit.Object{SHA256: d, Size: int64(b.Len())})
	}
	return f
}

func (f *fake) Blob(d deposit.Digest) ([]byte, error) {
	f.reads.Add(1)
	if d == f.fails {
		return nil, errors.New("unreadable")
	}
	return bytes.Clone(f.blobs[d]), nil
}

func (f *fake) Close() error { f.open.Add(-1); return nil }

func (f *fake) builder() *builder {
	return &builder{
		manifest: filled(0xaa), blobs: f.list, workers: 3, chunkBytes: 5000,
		open: func() (reader, error) { f.open.Add(1); return f, nil },
	}
}

// check opens the store and reads all of it.
func (f *fake) check(t *testing.T, dir string) *Store {
	t.Helper()
	s, err := Open(dir, filled(0xaa))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	if n := len(s.Blobs()); n != len(f.list) {
		t.Errorf("the store has %d blobs of %d", n, len(f.list))
	}
	for d, want := range f.blobs {
		if raw, err := s.Raw(d); err != nil || !bytes.Equal(raw, want) {
			t.Fatalf("blob %s: %v", d, err)
		}
		if info, _ := s.Info(d); info.Encoding != recognise(want) {
			t.Errorf("blob %s is listed as %s", d, info.Encoding)
		}
	}
	if n := f.open.Load(); n != 0 {
		t.Errorf("%d readers were left open", n)
	}
	if _, err := os.Stat(dir + ".part"); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("the unfinished folder is still there: %v", err)
	}
	return s
}

func TestBuild(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "content")
	f := fakeOf(0, 200)
	b := f.builder()
	var last, total int64
	b.progress = func(done, of int64) {
		if done < last || done > of {
			t.Errorf("progress went from %d to %d of %d", last, done, of)
		}
		last, total = done, of
	}
	if err := b.build(t.Context(), dir, nil); err != nil {
		t.Fatal(err)
	}
	if last != total || total == 0 {
		t.Errorf("progress ended at %d of %d", last, total)
	}
	first := f.check(t, dir)
	// Again: everything is taken over.
	f.reads.Store(0)
	if err := f.builder().build(t.Context(), dir, nil); err != nil {
		t.Fatal(err)
	}
	again := f.check(t, dir)
	if n := f.reads.Load(); n != 0 {
		t.Errorf("%d blobs were read again", n)
	}
	if first.Digest() == (deposit.Digest{}) || first.Digest() != again.Digest() || first.Manifest() != again.Manifest() {
		t.Error("digests are not told, or not the same for the same blobs")
	}
}

func TestBuildOfNothing(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "content")
	f := fakeOf(0, 0)
	if err := f.builder().build(t.Context(), dir, nil); err != nil {
		t.Fatal(err)
	}
	f.check(t, dir)
}

// TestBuildTakesOver: a deposit that continues another reads its new blobs
// only, and one that shares some of another's lists its own only.
func TestBuildTakesOver(t *testing.T) {
	parent := t.TempDir()
	old, dir := filepath.Join(parent, "[old]*", "content"), filepath.Join(parent, "new", "content")
	if err := fakeOf(0, 150).builder().build(t.Context(), old, nil); err != nil {
		t.Fatal(err)
	}
	f := fakeOf(50, 180)
	if err := f.builder().build(t.Context(), dir, []string{filepath.Join(parent, "none"), old}); err != nil {
		t.Fatal(err)
	}
	if n := f.reads.Load(); n != 30 {
		t.Errorf("%d blobs were read, want the 30 new ones", n)
	}
	f.check(t, dir)
	if err := os.RemoveAll(old); err != nil {
		t.Fatal(err)
	}
	f.check(t, dir)
}

// TestBuildDoesNotTakeOverDamage: what was altered is made again, the rest is not.
func TestBuildDoesNotTakeOverDamage(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "content")
	f := fakeOf(0, 200)
	if err := f.builder().build(t.Context(), dir, nil); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(dir, chunkName(1))
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	b[len(b)/3] ^= 1
	if err := os.WriteFile(path, b, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := Distrust(dir); err != nil {
		t.Fatal(err)
	}
	if _, err := Open(dir, filled(0xaa)); err == nil {
		t.Error("a store that is not trusted was opened")
	}
	f.reads.Store(0)
	if err := f.builder().build(t.Context(), dir, nil); err != nil {
		t.Fatal(err)
	}
	f.check(t, dir)
	if n := f.reads.Load(); n == 0 || n > int64(len(f.list)/2) {
		t.Errorf("%d of %d blobs were read again", n, len(f.list))
	}
	if err := Distrust(filepath.Join(dir, "none")); err != nil {
		t.Error(err)
	}
}

// TestBuildStops: cancelled or in error, it leaves no store, and goes on
// where it was.
func TestBuildStops(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "content")
	f := fakeOf(0, 200)
	f.fails = f.list[150].SHA256
	if err := f.builder().build(t.Context(), dir, nil); err == nil || !strings.Contains(err.Error(), "unreadable") {
		t.Fatalf("an unreadable blob: %v", err)
	}
	f.fails = deposit.Digest{}
	ctx, cancel := context.WithCancel(t.Context())
	b := f.builder()
	b.progress = func(done, total int64) {
		if done > total/2 {
			cancel()
		}
	}
	if err := b.build(ctx, dir, nil); !errors.Is(err, context.Canceled) {
		t.Fatalf("cancelled: %v", err)
	}
	if _, err := Open(dir, filled(0xaa)); err == nil {
		t.Error("an unfinished store was opened")
	}
	f.reads.Store(0)
	if err := f.builder().build(t.Context(), dir, nil); err != nil {
		t.Fatal(err)
	}
	f.check(t, dir)
	if n := f.reads.Load(); n > int64(len(f.list)*3/4) {
		t.Errorf("%d of %d blobs were read again", n, len(f.list))
	}
}

func TestBuildIsBusy(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "content")
	s, err := Resume(dir)
	if err != nil {
		t.Fatal(err)
	}
	if err := fakeOf(0, 3).builder().build(t.Context(), dir, nil); !errors.Is(err, ErrBusy) {
		t.Errorf("got %v", err)
	}
	if err := s.Leave(); err != nil {
		t.Fatal(err)
	}
}

// TestMain builds, for TestKilledBuild, a store in a process that can be killed.
func TestMain(m *testing.M) {
	dir := os.Getenv("VITRINE_TEST_BUILD")
	if dir == "" {
		os.Exit(m.Run())
	}
	b := fakeOf(0, 200).builder()
	b.progress = func(done, total int64) { fmt.Println(done) }
	if err := b.build(context.Background(), dir, nil); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// TestKilledBuild kills a build at many moments, told by its progress; the
// next is right, and in the end not much was made twice.
func TestKilledBuild(t *testing.T) {
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	f := fakeOf(0, 200)
	var total int64
	for _, o := range f.list {
		total += o.Size
	}
	r := rand.New(rand.NewPCG(11, 12))
	for range 20 {
		dir := filepath.Join(t.TempDir(), "content")
		for range 1 + r.IntN(3) {
			moment := int64(r.IntN(int(total)))
			cmd := exec.CommandContext(t.Context(), self)
			cmd.Env = append(os.Environ(), "VITRINE_TEST_BUILD="+dir)
			out, err := cmd.StdoutPipe()
			if err != nil {
				t.Fatal(err)
			}
			if err := cmd.Start(); err != nil {
				t.Fatal(err)
			}
			killAt(t, cmd, out, moment)
		}
		f.reads.Store(0)
		if err := f.builder().build(t.Context(), dir, nil); err != nil {
			t.Fatal(err)
		}
		f.check(t, dir)
	}
}

func killAt(t *testing.T, cmd *exec.Cmd, out io.Reader, moment int64) {
	t.Helper()
	var line []byte
	for b := make([]byte, 1); ; {
		if _, err := out.Read(b); err != nil {
			break // it ended, or was killed
		}
		if b[0] != '\n' {
			line = append(line, b[0])
			continue
		}
		done, err := strconv.ParseInt(string(line), 10, 64)
		if err != nil {
			t.Fatal(err)
		}
		if line = nil; done >= moment {
			if err := cmd.Process.Kill(); err != nil && !errors.Is(err, os.ErrProcessDone) {
				t.Fatal(err)
			}
			break
		}
	}
	_, _ = io.Copy(io.Discard, out)
	_ = cmd.Wait() // killed, or done before
}
