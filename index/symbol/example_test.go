package symbol

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestWorkedExample holds the package comment's bytes against the writer.
func TestWorkedExample(t *testing.T) {
	doc, err := os.ReadFile("doc.go")
	if err != nil {
		t.Fatal(err)
	}
	b := build(t, one(map[string]string{"a/x.c": "int f(void) { return 0; }\nint K;\n"}))
	o, _, err := b.Outline(sha256.Sum256([]byte("int f(void) { return 0; }\nint K;\n")))
	if err != nil || len(o.Symbols) != 2 {
		t.Fatalf("%+v, %v", o, err)
	}
	names, err := os.ReadFile(filepath.Join(b.dir, namesName))
	if err != nil {
		t.Fatal(err)
	}
	blobs, err := os.ReadFile(filepath.Join(b.dir, blobsName))
	if err != nil {
		t.Fatal(err)
	}
	edges, err := os.ReadFile(filepath.Join(b.dir, edgesName))
	if err != nil {
		t.Fatal(err)
	}
	var said strings.Builder // the hex of the worked example, without what is said beside it
	_, example, _ := strings.Cut(string(doc), "Worked example:")
	for line := range strings.Lines(example) {
		if bytes, ok := strings.CutPrefix(line, "//\t"); ok {
			bytes, _, _ = strings.Cut(strings.ReplaceAll(bytes, "  ", " "), "   ")
			for _, f := range strings.Fields(bytes) {
				if _, err := hex.DecodeString(f); err == nil {
					said.WriteString(f)
				}
			}
		}
	}
	for what, data := range map[string][]byte{
		"the chunk": appendChunk(nil, o.Symbols), "group": names[:len(names)-tailSize-2*rowSize], "rows": names[len(names)-tailSize-2*rowSize:],
		"edges": edges,
		"entry": append(append([]byte{}, blobs[:40]...), blobs[44:]...),
	} {
		if want := fmt.Sprintf("%x", data); !strings.Contains(said.String(), want) {
			t.Errorf("%s is not in the package comment: %s", what, want)
		}
	}
}
