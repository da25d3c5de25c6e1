package room

import (
	"bytes"
	"context"
	"errors"
	"testing"
)

// TestLexicalIsScannedOnce: who asks later gets what was found, and one who gives up
// leaves the scan to the next.
func TestLexicalIsScannedOnce(t *testing.T) {
	v := enterSample(t, testConfig(t), "M. Okafor")
	p := placeOf("4.2.1", "engine/unpack/zip.c")
	d, err := v.Open(context.Background(), p)
	if err != nil {
		t.Fatal(err)
	}
	gone, cancel := context.WithCancel(context.Background())
	cancel()
	if _, _, err := d.Lexical(gone); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: %v", err)
	}
	regions, structure, err := d.Lexical(context.Background())
	if err != nil || regions == nil || structure.Len() == 0 {
		t.Fatalf("%s: %v, %v, %v", p.Path, regions, structure, err)
	}
	if again, _, err := d.Lexical(gone); again != regions || err != nil {
		t.Errorf("asked again: %v", err)
	}
}

// TestInertIsKnownAfterTheScan: before it nobody waits, behind it comments and strings are told.
func TestInertIsKnownAfterTheScan(t *testing.T) {
	v := enterSample(t, testConfig(t), "M. Okafor")
	d, err := v.Open(context.Background(), placeOf("4.2.1", "engine/unpack/zip.c"))
	if err != nil {
		t.Fatal(err)
	}
	if _, known := d.Inert(1, 1); known {
		t.Error("it is known before the scan")
	}
	if _, _, err := d.Lexical(context.Background()); err != nil {
		t.Fatal(err)
	}
	comments, code := 0, 0
	for n := 1; n <= d.Text.Lines(); n++ {
		line := d.Text.Line(n)
		inert, known := d.Inert(n, 1)
		if !known && len(line) > 0 {
			t.Errorf("line %d is not known", n)
		}
		switch {
		case bytes.HasPrefix(line, []byte("/*")) || bytes.HasPrefix(line, []byte(" *")):
			if comments++; !inert {
				t.Errorf("line %d, a comment: %s", n, line)
			}
		case bytes.HasPrefix(line, []byte("#include")) || bytes.HasPrefix(line, []byte("static ")):
			if code++; inert {
				t.Errorf("line %d, no comment: %s", n, line)
			}
		}
	}
	if comments == 0 || code == 0 {
		t.Errorf("%d comments, %d lines of code looked at", comments, code)
	}
}
