package window

import (
	"strings"
	"testing"
)

// TestPanes: the code is split, tabs are moved by drag and by key, a line is bookmarked,
// and after a power cut the desk is as it was.
func TestPanes(t *testing.T) {
	d := newDesktop(t, "panes", "1280x800")
	start := func() string {
		d.start("certificate", "--sample", "--size", "1280x800")
		d.key("Return")
		d.until("screen room")
		return d.until("restored")
	}
	if back := start(); back != "0 0" {
		t.Fatalf("a first visit found a desk: %q", back)
	}
	d.openFile("pdf_decode.c")
	d.key("ctrl+backslash")
	if at := d.until("pane"); at != "2 2" {
		t.Fatalf("after the split pane %s is active", at)
	}
	d.openFile("lzw.c")
	d.key("ctrl+g")
	d.write("40")
	d.key("Return")
	d.caret(40)
	d.key("ctrl+F2")
	d.until("bookmarks 1")
	d.shot("1-split")

	d.key("ctrl+1")
	if at := d.until("pane"); at != "1 2" {
		t.Fatalf("Ctrl+1 leads to pane %s", at)
	}
	d.openFile("README.md")
	d.drag(500, 47, 330, 47) // before the first one
	if at := d.until("tab"); at != "1 2" {
		t.Fatalf("the tab was dragged to %s", at)
	}
	d.key("ctrl+shift+Next")
	if at := d.until("tab"); at != "2 2" {
		t.Fatalf("the tab was moved to %s", at)
	}
	d.key("alt+Left") // to where the file was asked for
	if opened := d.until("open"); !strings.HasSuffix(opened, "pdf_decode.c") {
		t.Errorf("back leads to %s", opened)
	}
	d.key("F2")
	if opened := d.until("open"); !strings.HasSuffix(opened, "lzw.c") {
		t.Errorf("the bookmark leads to %s", opened)
	}
	d.caret(40)
	d.drag(797, 500, 700, 500) // the line between the panes
	d.until("kept")
	d.shot("2-moved")
	d.kill()

	if back := start(); back != "5 0" {
		t.Fatalf("after the kill the desk has %q tabs, want 5", back)
	}
	d.key("ctrl+2")
	if at := d.until("pane"); at != "2 2" {
		t.Errorf("after the kill Ctrl+2 leads to pane %s", at)
	}
	d.shot("3-again")
	d.key("ctrl+shift+w")
	if at := d.until("pane"); at != "1 1" {
		t.Errorf("after the pane was closed %s is active", at)
	}
	d.key("ctrl+shift+t") // the tab that went with it
	d.until("action file.reopen")
	d.until("open")
	d.leave()
}
