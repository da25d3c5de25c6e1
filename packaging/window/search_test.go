package window

import "testing"

// TestSearchAsItIsTyped: hits of what is typed are painted while the typing goes on and
// the search is under way, and the hits that one looks at lie in the way of nobody.
func TestSearchAsItIsTyped(t *testing.T) {
	d := newDesktop(t, "search", "1280x800")
	d.start("certificate", "--sample", "--theme", "light", "--size", "1280x800")
	d.key("Return")
	d.until("index ready")
	d.openFile("lzw.c")
	d.key("ctrl+shift+f")
	d.until("side search")
	for _, word := range []string{"return", "static int"} {
		d.key("ctrl+a")
		d.tool("type", "--delay", "1", word)
		d.answered("shown", word)
	}
	d.key("Return")
	first := d.until("open")
	for d.until("caret") != "" { // hit by hit, until another file comes
		d.key("F4")
		if d.until("open") != first {
			break
		}
	}
	d.until("idle")
	d.shot("1-hits")
	d.key("ctrl+a")
	d.tool("type", "static AND") // wrong with its last letter only
	d.until("error")
	d.shot("2-error")
	d.key("Escape")
	d.until("focus code")
	d.leave()
}
