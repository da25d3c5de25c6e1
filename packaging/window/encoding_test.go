package window

import (
	"strings"
	"testing"
)

// TestSearchForSymbolsAndEncoding: a name is searched for where it is defined, and the
// file's encoding is set by hand and recognised again, from the keyboard alone.
func TestSearchForSymbolsAndEncoding(t *testing.T) {
	d := newDesktop(t, "encoding", "1280x800")
	d.start("certificate", "--sample", "--theme", "light", "--size", "1280x800")
	d.key("Return")
	d.until("symbols ready")
	d.until("idle")

	d.key("ctrl+shift+f")
	d.until("focus side")
	d.write("sym:is_space")
	if found := d.answered("hits", "sym:is_space"); found != "1 1 sym:is_space" {
		t.Fatalf("it finds %q", found)
	}
	d.shot("1-hits")
	d.key("Return")
	if opened := d.until("open"); !strings.HasSuffix(opened, " engine/unpack/pdf_decode.c") {
		t.Fatalf("opened %q", opened)
	}
	d.caret(32)
	d.until("idle")

	encoding := func(keys ...string) string {
		d.command("view.encoding")
		d.until("action view.encoding")
		d.key(keys...)
		return d.until("encoding")
	}
	if to := encoding("Down", "Down", "Down", "Down", "Return"); to != "Latin-1" {
		t.Errorf("it is read as %q", to)
	}
	d.until("idle")
	d.shot("2-by-hand")
	if to := encoding("Home", "Return"); to != "UTF-8" {
		t.Errorf("undone, it is read as %q", to)
	}
	d.until("idle")
	d.leave()
}
