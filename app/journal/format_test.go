package journal

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// countingSalt gives 0101…, 0202…, so that the example has known bytes.
type countingSalt struct{ n byte }

func (s *countingSalt) Read(b []byte) (int, error) {
	s.n++
	for i := range b {
		b[i] = s.n
	}
	return len(b), nil
}

func example(t *testing.T) []byte {
	t.Helper()
	path := filepath.Join(t.TempDir(), "journal")
	f, err := os.OpenFile(path, os.O_RDWR|os.O_APPEND|os.O_CREATE, 0o600)
	if err != nil {
		t.Fatal(err)
	}
	at := time.Date(2026, 5, 1, 9, 0, 0, 0, time.UTC)
	j, _, err := open(path, f, func() time.Time { at = at.Add(time.Second); return at }, new(countingSalt))
	if err != nil {
		t.Fatal(err)
	}
	for _, body := range []any{note{"first remark"}, note{"<b> \u2028 \"ü\""}, nil} {
		if _, err := j.Append("note", body); err != nil {
			t.Fatal(err)
		}
	}
	if err := j.Close(); err != nil {
		t.Fatal(err)
	}
	return read(t, path)
}

// TestExample: the vectors that other readers can be held against, and the
// lines of the package comment, are what this program writes.
func TestExample(t *testing.T) {
	got, want := example(t), read(t, "testdata/example.jsonl")
	if !bytes.Equal(got, want) {
		t.Fatalf("got\n%swant\n%s", got, want)
	}
	doc := string(read(t, "doc.go"))
	first, _, _ := strings.Cut(string(want), "\n")
	shown := strings.NewReplacer("\n//\t", "", "\n// ", "").Replace(doc)
	if !strings.Contains(shown, first) {
		t.Errorf("the package comment does not show\n%s", first)
	}
	// The digests, from the text alone.
	const salt = "0101010101010101010101010101010101010101010101010101010101010101"
	raw, err := hex.DecodeString(salt)
	if err != nil {
		t.Fatal(err)
	}
	commitment := sha256.Sum256(append(raw, `{"text":"first remark"}`...))
	header := `{"commitment":"` + hex.EncodeToString(commitment[:]) + `","kind":"note","n":1,"prev":"` + strings.Repeat("0", 64) + `","time":"2026-05-01T09:00:01.000000Z","v":1}`
	if !strings.Contains(shown, header) {
		t.Errorf("the package comment does not show the header\n%s", header)
	}
	hash := sha256.Sum256([]byte(header))
	line := `{"body":{"text":"first remark"},"commitment":"` + hex.EncodeToString(commitment[:]) + `","hash":"` + hex.EncodeToString(hash[:]) +
		`","kind":"note","n":1,"prev":"` + strings.Repeat("0", 64) + `","salt":"` + salt + `","time":"2026-05-01T09:00:01.000000Z","v":1}`
	if line != first {
		t.Errorf("by the package comment\n%s\nas written\n%s", line, first)
	}
}

// TestRefusedLines: by number, with the reason.
func TestRefusedLines(t *testing.T) {
	lines := strings.SplitAfter(string(example(t)), "\n")
	for name, c := range map[string]struct{ text, want string }{
		"newer version":   {strings.Replace(lines[1], `"v":1`, `"v":2`, 1), "format version 2"},
		"unknown member":  {strings.Replace(lines[1], `"v":1`, `"v":1,"x":0`, 1), "unknown field"},
		"case variant":    {strings.Replace(lines[1], `"kind"`, `"Kind"`, 1), "not written as"},
		"repeated member": {strings.Replace(lines[1], `"kind"`, `"kind":"note","kind"`, 1), "not written as"},
		"space":           {strings.Replace(lines[1], `"v":1`, `"v": 1`, 1), "not written as"},
		"CRLF":            {strings.Replace(lines[1], "\n", "\r\n", 1), "not written as"},
		"entry left out":  {lines[2], "numbered 3, entry 2"},
		"entry repeated":  {lines[0], "numbered 1, entry 2"},
		"empty line":      {"\n", "not an entry"},
		"null":            {"null\n", "format version 0"},
		"array":           {"[]\n", "not an entry"},
		"two on a line":   {strings.TrimSuffix(lines[1], "\n") + lines[2], "not written as"},
		"upper-case hex":  {strings.Replace(lines[1], `"salt":"02`, `"salt":"0A`, 1), "lower-case"},
		"no such time":    {strings.Replace(lines[1], `2026-05-01`, `2026-02-30`, 1), "time"},
		"no salt":         {strings.Replace(lines[1], `"salt":"`+strings.Repeat("02", 32)+`",`, "", 1), "only one of"},
	} {
		if c.text == lines[1] {
			t.Fatalf("%s: nothing changed", name)
		}
		path := filepath.Join(t.TempDir(), "journal")
		if err := os.WriteFile(path, []byte(lines[0]+c.text), 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := Verify(path); err == nil || !strings.Contains(err.Error(), c.want) || !strings.Contains(err.Error(), "entry 2") {
			t.Errorf("%s: %v, want entry 2 and %q", name, err, c.want)
		}
	}
}

func TestOpenRefuses(t *testing.T) {
	dir := t.TempDir()
	for path, want := range map[string]string{
		dir:                                   "cannot open journal",
		filepath.Join(dir, "none", "journal"): "cannot open journal",
		os.DevNull:                            "not a regular file",
	} {
		if _, _, err := Open(path); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %q", path, err, want)
		}
	}
	if _, err := Verify(filepath.Join(dir, "none")); err == nil {
		t.Error("a journal that is not there was verified")
	}
}

// FuzzJournal: what is accepted is, entry by entry, what would be written, and
// the chain is whole.
func FuzzJournal(f *testing.F) {
	f.Add([]byte{})
	f.Fuzz(func(t *testing.T, data []byte) {
		c := chain{path: "fuzz"}
		var again []byte
		n := int64(0)
		for e, err := range c.entries(bytes.NewReader(data), int64(len(data))) {
			if err != nil {
				return
			}
			if n++; e.N != n {
				t.Fatalf("entry %d is numbered %d", n, e.N)
			}
			again = append(again, e.encode()...)
		}
		if int64(len(again)) != c.end || !bytes.Equal(again, data[:c.end]) {
			t.Fatalf("accepted %q, which is written %q", data[:c.end], again)
		}
		if bytes.IndexByte(data[c.end:], '\n') >= 0 {
			t.Fatalf("a terminated line was passed over: %q", data[c.end:])
		}
	})
}

// FuzzLine is FuzzJournal for one line, whatever went before it.
func FuzzLine(f *testing.F) {
	f.Add([]byte("{}\n"), int64(1), make([]byte, 32))
	f.Fuzz(func(t *testing.T, text []byte, n int64, prev []byte) {
		if len(prev) != 32 {
			return
		}
		e, err := parseEntry(text, n, [32]byte(prev))
		if err == nil && !bytes.Equal(e.encode(), text) {
			t.Fatalf("accepted %q, which is written %q", text, e.encode())
		}
	})
}
