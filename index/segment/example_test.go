package segment

import (
	"bytes"
	"context"
	"encoding/hex"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestWorkedExample holds the package comment against the writer: every line there
// that begins with bytes in hex is compared with the files, in order.
func TestWorkedExample(t *testing.T) {
	folder := t.TempDir()
	a := NewAccumulator(1, 0)
	for _, words := range []string{"int k", "int"} {
		for w := range strings.FieldsSeq(words) {
			a.Add(0, []byte(w))
		}
		a.End()
	}
	run, err := a.WriteRun(context.Background(), folder, ID{})
	if err != nil {
		t.Fatal(err)
	}
	ids := []ID{ID(bytes.Repeat([]byte{0xaa}, 32)), ID(bytes.Repeat([]byte{0xbb}, 32))}
	if err := Merge(context.Background(), folder, Name(1), []string{"w"}, ids, []Source{run}); err != nil {
		t.Fatal(err)
	}
	source, err := os.ReadFile("doc.go")
	if err != nil {
		t.Fatal(err)
	}
	for heading, path := range map[string]string{
		"The run:":        run.Path,
		"The dictionary:": filepath.Join(folder, Name(1)+dictionarySuffix),
		"The zap segment": filepath.Join(folder, Name(1)+zapSuffix),
	} {
		data, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		_, text, found := strings.Cut(string(source), "// "+heading)
		if !found {
			t.Fatalf("the comment has no %q", heading)
		}
		_, text, _ = strings.Cut(text, "//\n")
		text, _, _ = strings.Cut(text, "//\n")
		text, _, _ = strings.Cut(text, "package ")
		var want []byte
		for line := range strings.Lines(text) {
			digits, _, _ := strings.Cut(strings.TrimLeft(line, "/\t"), "  ")
			b, err := hex.DecodeString(strings.ReplaceAll(strings.TrimSpace(digits), " ", ""))
			if err != nil {
				t.Fatalf("%s %v", line, err)
			}
			want = append(want, b...)
		}
		if !bytes.Contains(data, want) || len(want) < 20 {
			t.Errorf("%s the comment has\n%x\nthe file\n%x", heading, want, data)
		}
	}
}
