package journal

import (
	"crypto/rand"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

var errFault = errors.New("injected fault")

// faultyFile fails its operation number at, counted from 1, and works before
// and after.
type faultyFile struct {
	*os.File
	at, ops int
	partial int  // bytes that a failing Write writes all the same
	silent  bool // a failing Write reports no error, only fewer bytes
	failed  string
}

func (f *faultyFile) fails(op string) bool {
	f.ops++
	if f.ops == f.at {
		f.failed = op
		return true
	}
	return false
}

func (f *faultyFile) Write(b []byte) (int, error) {
	if !f.fails("write") {
		return f.File.Write(b)
	}
	n, err := f.File.Write(b[:min(f.partial, len(b))])
	if err == nil && !f.silent {
		err = errFault
	}
	return n, err
}

func (f *faultyFile) ReadAt(b []byte, off int64) (int, error) {
	if f.fails("read") {
		return 0, errFault
	}
	return f.File.ReadAt(b, off)
}

func (f *faultyFile) Stat() (fs.FileInfo, error) {
	if f.fails("stat") {
		return nil, errFault
	}
	return f.File.Stat()
}

func (f *faultyFile) Sync() error {
	if f.fails("sync") {
		return errFault
	}
	return f.File.Sync()
}

func (f *faultyFile) Truncate(size int64) error {
	if f.fails("truncate") {
		return errFault
	}
	return f.File.Truncate(size)
}

// TestEveryOperationFails: whichever operation of a visit fails, and however,
// nothing acknowledged is lost, nothing more is acknowledged by the journal
// whose write failed, and the next opening is clean.
func TestEveryOperationFails(t *testing.T) {
	old := filled(t, 2)
	start := append(read(t, old), `{"body":{"te`...) // a crash left this
	seen := map[string]int{}
	for _, mode := range []faultyFile{{partial: 0}, {partial: 100}, {partial: 1 << 20}, {partial: 100, silent: true}} {
		for at := 1; ; at++ {
			path := filepath.Join(t.TempDir(), "journal")
			if err := os.WriteFile(path, start, 0o600); err != nil {
				t.Fatal(err)
			}
			real, err := os.OpenFile(path, os.O_RDWR|os.O_APPEND, 0)
			if err != nil {
				t.Fatal(err)
			}
			f := &faultyFile{File: real, at: at, partial: mode.partial, silent: mode.silent}
			acknowledged := visit(t, path, f)
			if err := real.Close(); err != nil {
				t.Fatal(err)
			}
			if f.failed == "" {
				break // more than the visit needs
			}
			seen[f.failed]++
			reopened(t, fmt.Sprintf("operation %d, a %s, fails (%+v)", at, f.failed, mode), path, acknowledged)
		}
	}
	for _, op := range []string{"read", "stat", "write", "sync", "truncate"} {
		if seen[op] == 0 {
			t.Errorf("no %s was made to fail: %v", op, seen)
		}
	}
}

// visit opens the journal and appends three notes, through f, and returns the
// texts that were acknowledged.
func visit(t *testing.T, path string, f file) (acknowledged []string) {
	t.Helper()
	j, _, err := open(path, f, time.Now, rand.Reader)
	if err != nil {
		return nil
	}
	failed := false
	for i := range 3 {
		text := fmt.Sprintf("new %d", i)
		_, err := j.Append("note", note{text})
		if err == nil {
			if failed {
				t.Fatal("an entry was taken after one failed")
			}
			acknowledged = append(acknowledged, text)
			continue
		}
		if failed && !strings.Contains(err.Error(), "takes no more entries") {
			t.Fatalf("after the failure: %v", err)
		}
		failed = true
	}
	return acknowledged
}

func reopened(t *testing.T, what, path string, acknowledged []string) {
	t.Helper()
	j, _, err := Open(path)
	if err != nil {
		t.Fatalf("%s: %v", what, err)
	}
	var texts, tails []string
	for e, err := range j.Entries() {
		if err != nil {
			t.Fatalf("%s: %v", what, err)
		}
		if e.Kind == KindTail {
			tails = append(tails, string(e.Body))
			continue
		}
		var n note
		if err := e.Decode(&n); err != nil {
			t.Fatal(err)
		}
		texts = append(texts, n.Text)
	}
	// The entry whose acknowledgement failed may be there or not.
	if len(texts) < 2+len(acknowledged) || len(texts) > 3+len(acknowledged) {
		t.Fatalf("%s: %q, acknowledged were %q", what, texts, acknowledged)
	}
	for i, text := range acknowledged {
		if texts[2+i] != text {
			t.Fatalf("%s: %q, acknowledged were %q", what, texts, acknowledged)
		}
	}
	if len(tails) == 0 || len(tails) > 2 {
		t.Fatalf("%s: tails recorded: %q", what, tails)
	}
	if _, err := j.Append("note", note{"goes on"}); err != nil {
		t.Fatalf("%s: %v", what, err)
	}
	if err := j.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := Verify(path); err != nil {
		t.Fatalf("%s: %v", what, err)
	}
}

// TestCrashWhileMovingTail: between any two steps the bytes are in the journal,
// in the file beside it, or in both, and in the end they are recorded once.
func TestCrashWhileMovingTail(t *testing.T) {
	good := read(t, filled(t, 1))
	tail := []byte(`{"body":`)
	dir := t.TempDir()
	path := filepath.Join(dir, "journal")
	put := func(name string, data []byte) {
		if err := os.WriteFile(name, data, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	put(path, append(good, tail...))
	j, opened := mustOpen(t, path)
	if err := j.Close(); err != nil {
		t.Fatal(err)
	}
	for name, state := range map[string]func(){
		"copied in part":        func() { put(path, append(good, tail...)); put(path+movingMark, tail[:3]) },
		"copied, not cut off":   func() { put(path, append(good, tail...)); put(opened.MovedAside, tail) },
		"cut off, not recorded": func() { put(path, good); put(opened.MovedAside, tail) },
		"short name taken":      func() { put(path, append(good, tail...)); put(opened.MovedAside, []byte("other")) },
	} {
		if err := os.RemoveAll(opened.MovedAside); err != nil {
			t.Fatal(err)
		}
		state()
		for range 2 { // the second time there is nothing left to do
			j, _ := mustOpen(t, path)
			all := collect(t, j)
			if err := j.Close(); err != nil {
				t.Fatal(err)
			}
			recorded := 0
			for _, e := range all {
				var rec Tail
				if e.Kind == KindTail && e.Decode(&rec) == nil && rec.Digest == opened.TailDigest {
					recorded++
					if got := read(t, filepath.Join(dir, rec.File)); string(got) != string(tail) {
						t.Errorf("%s: %s holds %q", name, rec.File, got)
					}
				}
			}
			if recorded != 1 {
				t.Errorf("%s: recorded %d times", name, recorded)
			}
		}
		if strings.HasPrefix(name, "short") && string(read(t, opened.MovedAside)) != "other" {
			t.Errorf("%s: another tail was overwritten", name)
		}
	}
}

// TestChangedUnderneath: what another program wrote into the open journal stops
// it.
func TestChangedUnderneath(t *testing.T) {
	path := filled(t, 1)
	j, _ := mustOpen(t, path)
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_APPEND, 0)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := f.WriteString("x"); err != nil {
		t.Fatal(err)
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := j.Append("note", 1); err == nil || !strings.Contains(err.Error(), "something else changed it") {
		t.Errorf("%v", err)
	}
	if err := os.Truncate(path, 10); err != nil {
		t.Fatal(err)
	}
	for _, err := range j.Entries() {
		if err == nil {
			t.Error("an entry that is gone was read")
		}
	}
}
