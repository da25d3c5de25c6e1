package window

import (
	"context"
	"strings"
	"testing"
	"time"
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
	if at := d.again("ctrl+backslash", "pane"); at != "2 2" {
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

	if at := d.again("ctrl+1", "pane"); at != "1 2" {
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
	if at := d.again("ctrl+2", "pane"); at != "2 2" {
		t.Errorf("after the kill Ctrl+2 leads to pane %s", at)
	}
	d.shot("3-again") // TestEveryAction closes panes and brings tabs back
	d.kill()
}

// again presses a key until it is answered, as a person does: on a busy display a key was
// seen to come to nothing just after the window had painted, and why is still to be found.
func (d *desktop) again(key, want string) string {
	d.t.Helper()
	for range 3 {
		d.key(key)
		ctx, cancel := context.WithTimeout(d.t.Context(), 20*time.Second)
		rest, err := d.Until(ctx, want)
		cancel()
		if err == nil {
			return rest
		}
		d.t.Logf("%s came to nothing: %v", key, err)
	}
	d.t.Fatalf("%s comes to nothing", key)
	return ""
}
