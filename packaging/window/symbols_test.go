package window

import (
	"strings"
	"testing"
)

// TestSymbols: a name is found by letters, followed to its definition, its uses
// and its callers, and back again, from the keyboard alone.
func TestSymbols(t *testing.T) {
	for _, theme := range []string{"dark", "light"} {
		t.Run(theme, func(t *testing.T) {
			d := newDesktop(t, "symbols-"+theme, "1280x800")
			d.start("certificate", "--sample", "--theme", theme, "--size", "1280x800")
			d.key("Return")
			d.until("symbols ready")
			d.until("idle")

			d.key("ctrl+t")
			d.until("symbol")
			d.write("isdelim")
			if found := d.answered("symbol", "isdelim"); strings.HasPrefix(found, "0 ") {
				t.Fatalf("isdelim finds %q", found)
			}
			d.shot("1-palette")
			d.key("Return")
			if opened := d.until("open"); !strings.HasSuffix(opened, " engine/unpack/pdf_decode.c") {
				t.Fatalf("opened %q", opened)
			}
			d.caret(37)
			d.until("outline")
			d.until("idle")

			// Two lines below it calls is_space, which stands five lines above it.
			d.key("Down", "Down", "F12")
			if got := d.until("definition"); got != "1 is_space" {
				t.Fatalf("F12 is about %q", got)
			}
			d.caret(32)
			d.shot("2-definition")
			d.key("alt+Left")
			d.caret(39)
			d.key("alt+Right")
			d.caret(32)

			d.key("shift+F12")
			if got := d.until("uses"); got != "5 1 is_space" {
				t.Fatalf("the uses are %q", got)
			}
			d.until("idle")
			d.shot("3-uses")
			d.key("Down", "Return") // the second of them, the call
			d.caret(39)
			d.until("focus code")

			d.key("ctrl+alt+h")
			if got := d.until("tree"); !strings.HasSuffix(got, " Callers is_space") || strings.HasPrefix(got, "0 ") {
				t.Fatalf("the tree is %q", got)
			}
			d.until("idle")
			d.key("Down", "Right")
			if got := d.until("tree"); !strings.HasSuffix(got, " Callers is_delimiter") {
				t.Fatalf("below the first caller is %q", got)
			}
			d.until("idle")
			d.shot("4-tree")
			d.key("Down", "Return")
			d.until("caret")
			d.until("focus code")
			d.key("alt+Left")
			d.caret(39)

			d.key("alt+F1")
			if got := d.until("card"); got != "is_space" {
				t.Fatalf("the card is of %q", got)
			}
			d.shot("5-card")
			d.key("Escape", "ctrl+shift+o")
			d.until("symbol")
			d.shot("6-outline")
			d.key("Escape")
			d.leave()
		})
	}
}
