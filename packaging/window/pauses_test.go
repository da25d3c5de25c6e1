package window

import (
	"bytes"
	"fmt"
	"testing"
)

// manyFiles of a megabyte take seconds to index, and the keys that pause it a fraction of
// one: a busy machine makes both slower.
const manyFiles = 60

// TestPauses: indexing is paused from the palette, stands still, and goes on until all is
// known.
func TestPauses(t *testing.T) {
	d := newDesktop(t, "pauses", "1280x800")
	for f := range manyFiles {
		d.put(fmt.Sprintf("parts/%02d.c", f), functionsOfC(f), 0o644)
	}
	visit := d.seal("--title", "Many functions", "--source", "parts", "--folder", "1.0=parts")
	d.start("certificate", append([]string{"--size", "1280x800"}, visit...)...)
	d.until("idle")
	d.key("Return")
	d.until("index building")
	d.command("index.pause")
	d.until("action index.pause")
	d.until("index paused")
	d.until("idle") // nothing is at work
	d.shot("1-paused")
	if !d.isOffered("index.resume") || d.isOffered("index.pause") {
		t.Error("paused, the palette offers to pause")
	}
	d.command("index.resume")
	d.until("action index.resume")
	d.until("survey ready")
	d.until("idle")
	if d.isOffered("index.pause") || d.isOffered("index.resume") {
		t.Error("with all known the palette offers to pause, or to go on")
	}
	d.leave()
}

// isOffered asks the palette whether an action can be done now.
func (d *desktop) isOffered(id string) bool {
	d.t.Helper()
	offered := d.seek(id)
	d.key("Escape")
	return offered
}

// functionsOfC is a megabyte of functions whose names no other file has.
func functionsOfC(file int) []byte {
	var b bytes.Buffer
	for n := file * 10_000; b.Len() < 1<<20; n++ {
		fmt.Fprintf(&b, "/* adds what it is given */\nstatic int add_%d(unsigned long value_%d)\n{\n\treturn add_%d(value_%d + count_%d);\n}\n\n", n, n%977, n-1, n%977, n%5003)
	}
	return b.Bytes()
}
