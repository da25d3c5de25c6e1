package journal

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

type note struct {
	Text string `json:"text"`
}

// collect reads all entries, failing the test on any error.
func collect(t *testing.T, j *Journal) []Entry {
	t.Helper()
	var all []Entry
	for e, err := range j.Entries() {
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, e)
	}
	return all
}

func mustOpen(t *testing.T, path string) (*Journal, Opened) {
	t.Helper()
	j, opened, err := Open(path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := j.Close(); err != nil {
			t.Error(err)
		}
	})
	return j, opened
}

// filled makes a journal of n notes at a new path and closes it.
func filled(t *testing.T, n int) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "journal")
	j, _ := mustOpen(t, path)
	for i := range n {
		if _, err := j.Append("note", note{fmt.Sprintf("remark %d <&> \u2028 \" ü\n", i+1)}); err != nil {
			t.Fatal(err)
		}
	}
	if err := j.Close(); err != nil {
		t.Fatal(err)
	}
	return path
}

func read(t *testing.T, path string) []byte {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

func TestAppendAndReopen(t *testing.T) {
	path := filepath.Join(t.TempDir(), "journal")
	j, opened := mustOpen(t, path)
	if opened != (Opened{}) || j.Head() != (Head{Hash: strings.Repeat("0", 64)}) {
		t.Fatalf("new journal: %+v, head %+v", opened, j.Head())
	}
	var want []Entry
	for _, body := range []any{note{"one"}, nil, []int{1, 2}, "text", map[string]any{"a": 1.5}} {
		e, err := j.Append("note", body)
		if err != nil {
			t.Fatal(err)
		}
		want = append(want, e)
	}
	if j.Head() != want[4].Head() || want[4].N != 5 {
		t.Fatalf("head %+v after %+v", j.Head(), want[4])
	}
	if err := j.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := j.Append("note", 1); err == nil || !strings.Contains(err.Error(), "closed") {
		t.Errorf("append to a closed journal: %v", err)
	}
	j, opened = mustOpen(t, path)
	if opened != (Opened{Entries: 5}) {
		t.Errorf("reopened: %+v", opened)
	}
	got := collect(t, j)
	if len(got) != 5 {
		t.Fatalf("%d entries", len(got))
	}
	for i := range got {
		if a, b := string(got[i].encode()), string(want[i].encode()); a != b {
			t.Errorf("entry %d: got %s want %s", i+1, a, b)
		}
	}
	var n note
	if err := got[0].Decode(&n); err != nil || n.Text != "one" {
		t.Errorf("body: %+v, %v", n, err)
	}
	if err := got[0].Decode(&struct{ Other int }{}); err == nil {
		t.Error("a body with an unknown member was decoded")
	}
	report, err := Verify(path, want[2].Head(), want[4].Head())
	if err != nil || report.Entries != 5 || report.Head != want[4].Head() || report.UnterminatedTail != 0 {
		t.Errorf("verify: %+v, %v", report, err)
	}
	if info, err := os.Stat(path); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("mode %v, %v", info.Mode(), err)
	}
}

// TestSecondOpener: one process, one journal; the kernel's lock also holds
// between two opens of the same process.
func TestSecondOpener(t *testing.T) {
	path := filled(t, 1)
	j, _ := mustOpen(t, path)
	if _, _, err := Open(path); err == nil || !strings.Contains(err.Error(), "another visit") {
		t.Fatalf("second opener: %v", err)
	}
	if _, err := Verify(path); err != nil {
		t.Errorf("verify beside the writer: %v", err)
	}
	if err := j.Close(); err != nil {
		t.Fatal(err)
	}
	mustOpen(t, path)
}

// TestEveryFlippedByteRefused: whichever byte of a journal changes, the entry
// it belongs to is named, by Open and by Verify, and the file stays as it is.
func TestEveryFlippedByteRefused(t *testing.T) {
	path := filled(t, 2)
	good := read(t, path)
	f, err := os.OpenFile(path, os.O_RDWR, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := f.Close(); err != nil {
			t.Error(err)
		}
	}()
	put := func(at int, b byte) {
		if _, err := f.WriteAt([]byte{b}, int64(at)); err != nil {
			t.Fatal(err)
		}
	}
	entry := int64(1)
	for i, was := range good {
		for _, mask := range []byte{1, 2, 4, 8, 16, 32, 64, 128, 255} {
			put(i, was^mask)
			_, err := Verify(path)
			var damage *DamageError
			if !errors.As(err, &damage) || damage.Entry != entry {
				t.Fatalf("byte %d (%q) changed to %q: %v, want entry %d refused", i, was, was^mask, err, entry)
			}
			if mask != 1 && mask != 255 {
				continue // Open reads as Verify does
			}
			if _, _, err := Open(path); !errors.As(err, &damage) || damage.Entry != entry {
				t.Fatalf("byte %d changed: Open: %v", i, err)
			}
		}
		changed := bytes.Clone(good)
		changed[i] ^= 255
		if !bytes.Equal(read(t, path), changed) {
			t.Fatalf("byte %d changed: Open altered the file it refused", i)
		}
		put(i, was)
		if was == '\n' {
			entry++
		}
	}
	mustOpen(t, path)
}

// TestTruncatedAnywhereOpens: a crash may leave any part of what was being
// written; every entry whose newline is there is kept, the rest moved aside,
// reported and recorded.
func TestTruncatedAnywhereOpens(t *testing.T) {
	short := filepath.Join(t.TempDir(), "journal")
	quick := memoryDir(t)
	first, _ := mustOpen(t, short)
	for range 2 {
		if _, err := first.Append("n", 0); err != nil {
			t.Fatal(err)
		}
	}
	good := read(t, short)
	for cut := range len(good) + 1 {
		path := filepath.Join(quick, fmt.Sprint(cut), "journal")
		if err := os.Mkdir(filepath.Dir(path), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, good[:cut], 0o600); err != nil {
			t.Fatal(err)
		}
		whole := bytes.LastIndexByte(good[:cut], '\n') + 1
		entries, tail := bytes.Count(good[:cut], []byte("\n")), good[whole:cut]
		j, opened := mustOpen(t, path)
		if opened.Entries != int64(entries) {
			t.Fatalf("cut at %d: %+v, want %d entries", cut, opened, entries)
		}
		if !bytes.HasPrefix(read(t, path), good[:whole]) {
			t.Fatalf("cut at %d: acknowledged bytes are gone", cut)
		}
		all := collect(t, j)
		if len(tail) == 0 {
			if opened.MovedAside != "" || len(all) != entries {
				t.Fatalf("cut at %d, on a line's end: %+v", cut, opened)
			}
			continue
		}
		if got := read(t, opened.MovedAside); !bytes.Equal(got, tail) {
			t.Fatalf("cut at %d: moved aside %q, want %q", cut, got, tail)
		}
		if want := path + ".tail-" + opened.TailDigest[:8]; opened.MovedAside != want {
			t.Fatalf("cut at %d: tail at %s, want %s", cut, opened.MovedAside, want)
		}
		var rec Tail
		if len(all) != entries+1 || all[entries].Kind != KindTail {
			t.Fatalf("cut at %d: %d entries, the tail is not recorded", cut, len(all))
		}
		if err := all[entries].Decode(&rec); err != nil || rec.Digest != opened.TailDigest || rec.Size != int64(len(tail)) || rec.File != filepath.Base(opened.MovedAside) {
			t.Fatalf("cut at %d: recorded %+v, %v", cut, rec, err)
		}
		if _, err := j.Append("note", note{"goes on"}); err != nil {
			t.Fatalf("cut at %d: %v", cut, err)
		}
		if _, err := Verify(path); err != nil {
			t.Fatalf("cut at %d: %v", cut, err)
		}
	}
}

// memoryDir is a temporary folder in memory where the machine has such, for a
// test of some thousand fsyncs.
func memoryDir(t *testing.T) string {
	t.Helper()
	dir, err := os.MkdirTemp("/dev/shm", "journal")
	if err != nil {
		return t.TempDir()
	}
	t.Cleanup(func() {
		if err := os.RemoveAll(dir); err != nil {
			t.Error(err)
		}
	})
	return dir
}

// TestWithheldBody: without salt and body the chain still holds, and the body
// cannot be had; with one of the two it is refused.
func TestWithheldBody(t *testing.T) {
	path := filled(t, 3)
	j, _ := mustOpen(t, path)
	all := collect(t, j)
	if err := j.Close(); err != nil {
		t.Fatal(err)
	}
	withheld := all[1]
	withheld.Salt, withheld.Body = nil, nil
	text := append(append(all[0].encode(), withheld.encode()...), all[2].encode()...)
	if err := os.WriteFile(path, text, 0o600); err != nil {
		t.Fatal(err)
	}
	report, err := Verify(path, all[2].Head())
	if err != nil || report.Entries != 3 || report.Withheld != 1 {
		t.Fatalf("%+v, %v", report, err)
	}
	j, _ = mustOpen(t, path)
	if err := collect(t, j)[1].Decode(&note{}); !errors.Is(err, ErrWithheld) {
		t.Errorf("body of a withheld entry: %v", err)
	}
	half := bytes.Replace(text, []byte(`"body":`+string(all[0].Body)+`,`), nil, 1)
	if err := os.WriteFile(filepath.Join(t.TempDir(), "x"), half, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := parseEntry(half[:bytes.IndexByte(half, '\n')+1], 1, [32]byte{}); err == nil || !strings.Contains(err.Error(), "only one of") {
		t.Errorf("salt without body: %v", err)
	}
}

// TestCutAtTheEnd: a chain does not show entries missing at its end; a head
// that is known from elsewhere does.
func TestCutAtTheEnd(t *testing.T) {
	path := filled(t, 3)
	report, err := Verify(path)
	if err != nil {
		t.Fatal(err)
	}
	good := read(t, path)
	short := good[:bytes.LastIndexByte(good[:len(good)-1], '\n')+1]
	if err := os.WriteFile(path, short, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := Verify(path); err != nil {
		t.Fatalf("a chain cut on a line's end should hold: %v", err)
	}
	if _, err := Verify(path, report.Head); err == nil || !strings.Contains(err.Error(), "entry 3") {
		t.Errorf("missing head: %v", err)
	}
}

func TestRefusedBeforeWriting(t *testing.T) {
	path := filepath.Join(t.TempDir(), "journal")
	j, _ := mustOpen(t, path)
	for name, c := range map[string]struct {
		kind string
		body any
		want string
	}{
		"no kind":       {"", 1, "kind"},
		"capital":       {"Note", 1, "kind"},
		"quote":         {`no"te`, 1, "kind"},
		"long kind":     {strings.Repeat("k", 65), 1, "kind"},
		"no JSON":       {"note", func() {}, "unsupported type"},
		"too long":      {"note", strings.Repeat("x", MaxLine), "at most"},
		"not UTF-8":     {"note", note{"bad \xff byte"}, "UTF-8"},
		"also slashes":  {"note", note{`\\` + "\xff"}, "UTF-8"},
		"broken inside": {"note", json.RawMessage(`{"a":`), "JSON"},
	} {
		if _, err := j.Append(c.kind, c.body); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, want an error with %q", name, err, c.want)
		}
	}
	if len(read(t, path)) != 0 {
		t.Fatal("something was written")
	}
	for _, text := range []string{"\ufffd", `\ufffd`, `\\ufffd`, strings.Repeat(`\`, 5) + "ufffd"} {
		e, err := j.Append("note", note{text})
		var n note
		if err != nil || e.Decode(&n) != nil || n.Text != text {
			t.Errorf("%q: %v, got %q", text, err, n.Text)
		}
	}
	// The longest line that is taken is read again; one byte more is not taken.
	e, err := j.Append("note", "")
	if err != nil {
		t.Fatal(err)
	}
	room := MaxLine - len(e.encode())
	if _, err := j.Append("note", strings.Repeat("x", room+1)); err == nil {
		t.Error("a line one byte too long was taken")
	}
	if _, err := j.Append("note", strings.Repeat("x", room)); err != nil {
		t.Error(err)
	}
	if _, err := Verify(path); err != nil {
		t.Error(err)
	}
}

func TestOverlongLine(t *testing.T) {
	path := filled(t, 1)
	good := read(t, path)
	for _, extra := range []int{-1, 0, 1} { // around the bound
		line := append(bytes.Repeat([]byte("x"), MaxLine-1+extra), '\n')
		if err := os.WriteFile(path, append(bytes.Clone(good), line...), 0o600); err != nil {
			t.Fatal(err)
		}
		_, err := Verify(path)
		if over := err != nil && strings.Contains(err.Error(), "longer than"); err == nil || over != (extra > 0) {
			t.Errorf("line of %d bytes: %v", len(line), err)
		}
	}
	long := append(bytes.Clone(good), bytes.Repeat([]byte("x"), 3*MaxLine)...)
	if err := os.WriteFile(path, append(bytes.Clone(long), '\n'), 0o600); err != nil {
		t.Fatal(err)
	}
	var damage *DamageError
	if _, _, err := Open(path); !errors.As(err, &damage) || damage.Entry != 2 || !strings.Contains(err.Error(), "longer than") {
		t.Errorf("overlong line: %v", err)
	}
	if err := os.WriteFile(path, long, 0o600); err != nil {
		t.Fatal(err)
	}
	if report, err := Verify(path); err != nil || report.UnterminatedTail != 3*MaxLine {
		t.Errorf("overlong tail: %+v, %v", report, err)
	}
	_, opened := mustOpen(t, path)
	if len(read(t, opened.MovedAside)) != 3*MaxLine {
		t.Error("the overlong tail was not moved whole")
	}
}

func TestClockGoesBack(t *testing.T) {
	path := filepath.Join(t.TempDir(), "journal")
	j, _ := mustOpen(t, path)
	at := time.Date(2026, 5, 1, 9, 0, 0, 123456789, time.FixedZone("", 7200))
	for range 3 {
		j.now = func() time.Time { return at }
		if _, err := j.Append("note", 1); err != nil {
			t.Fatal(err)
		}
		at = at.Add(-time.Hour)
	}
	if _, err := Verify(path); err != nil {
		t.Error(err)
	}
	j.now = func() time.Time { return time.Date(12000, 1, 1, 0, 0, 0, 0, time.UTC) }
	if _, err := j.Append("note", 1); err == nil {
		t.Error("year 12000 was taken")
	}
}

// TestZerosBehind: where a file system gave the file its length before its
// bytes, zeros stand behind the last newline, or in a newline's place.
func TestZerosBehind(t *testing.T) {
	good := read(t, filled(t, 2))
	for name, c := range map[string]struct {
		keep    int
		entries int64
	}{"behind the newline": {len(good), 2}, "in its place": {len(good) - 1, 1}} {
		path := filepath.Join(t.TempDir(), "journal")
		if err := os.WriteFile(path, append(bytes.Clone(good[:c.keep]), make([]byte, 5000)...), 0o600); err != nil {
			t.Fatal(err)
		}
		if _, opened := mustOpen(t, path); opened.Entries != c.entries || opened.MovedAside == "" {
			t.Errorf("%s: %+v", name, opened)
		}
	}
}

// TestVerifyWantsAFile: a device has no size and would pass for a journal
// without entries; a pipe would be waited for.
func TestVerifyWantsAFile(t *testing.T) {
	for _, path := range []string{os.DevNull, t.TempDir()} {
		if r, err := Verify(path); err == nil || !strings.Contains(err.Error(), "not a regular file") {
			t.Errorf("%s: %+v, %v", path, r, err)
		}
	}
}

// TestRead gives what was appended, and ends with what a reader of it says.
func TestRead(t *testing.T) {
	var kinds []string
	err := Read("testdata/example.jsonl", func(e Entry) error {
		kinds = append(kinds, e.Kind)
		return nil
	})
	if err != nil || len(kinds) != 3 {
		t.Errorf("read %q, %v", kinds, err)
	}
	enough := errors.New("enough")
	if err := Read("testdata/example.jsonl", func(Entry) error { return enough }); !errors.Is(err, enough) {
		t.Errorf("got %v", err)
	}
	if err := Read("testdata", func(Entry) error { return nil }); err == nil {
		t.Error("a folder is a journal")
	}
}
