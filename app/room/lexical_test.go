package room

import (
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
