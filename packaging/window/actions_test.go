package window

import (
	"bytes"
	"image"
	"image/draw"
	"image/png"
	"os"
	"slices"
	"strings"
	"testing"
)

// A deed is one action, asked for as a person does, and what then happens.
type deed struct {
	id    string
	ready func(*desktop) // brings about what it needs; nil: what the deed before left
	how   func(*desktop) // asks for it; nil: by its key, or from the palette where it has none
	own   bool           // the part that has the keyboard takes the key itself, and no action is told
	then  string         // the line of the trace that tells what it did; "": the picture becomes another
	after func(*desktop) // what a person would do then; nil: Escape
}

// TestEveryAction: each action that the command palette lists in the room does what it is
// for, by real keys and the mouse. An action without a deed fails the test.
func TestEveryAction(t *testing.T) {
	d := newDesktop(t, "actions", "1280x800")
	d.makeKey()
	d.start("certificate", "--sample", "--theme", "dark", "--size", "1280x800")
	d.key("Return")
	d.until("symbols ready")
	d.until("idle")
	d.openFile("lzw.c")
	d.openFile("pdf_decode.c")

	keys := d.offers()
	for id := range keys {
		if !slices.ContainsFunc(deeds, func(e deed) bool { return e.id == id }) && apart[id] == "" {
			t.Errorf("the palette offers %s, and nothing here asks for it", id)
		}
	}
	for _, e := range deeds {
		key, ok := keys[e.id]
		if !ok {
			t.Errorf("%s has a test, and the palette does not list it", e.id)
			continue
		}
		done := t.Run(e.id, func(t *testing.T) {
			d.t = t
			d.does(e, key)
		})
		if d.t = t; !done { // the next one may do better
			d.key("Escape", "Escape", "Escape")
		}
	}
	d.leave()
}

// apart are actions that this test does not ask for, and why.
var apart = map[string]string{
	"app.leave":    "each test here leaves by it, see (*desktop).leave",
	"room.another": "it ends the visit: TestAnother",
	"index.pause":  "the sample is indexed before a key is pressed: TestPauses",
	"index.resume": "as index.pause",
}

// offers reads the palette: the actions by id, and their keys as xdotool names them.
func (d *desktop) offers() map[string]string {
	d.t.Helper()
	d.seen = d.seen[:0]
	d.key("ctrl+shift+p")
	d.until("commands")
	keys := map[string]string{}
	for _, line := range d.seen {
		if rest, ok := strings.CutPrefix(line, "offers "); ok {
			id, key, _ := strings.Cut(rest, " ")
			keys[id] = xkey(key)
		}
	}
	d.key("Escape")
	return keys
}

// xkey is a key as the menus show it, in xdotool's words.
func xkey(shown string) string {
	if shown == "" {
		return ""
	}
	name := strings.TrimSuffix(shown, "+") // of "Ctrl++"
	plus := name != shown
	parts := strings.Split(name, "+")
	if plus {
		parts[len(parts)-1] = "+"
	}
	for i, p := range parts {
		if to, ok := map[string]string{"Ctrl": "ctrl", "Alt": "alt", "Shift": "shift", "Enter": "Return", "Esc": "Escape", "Backspace": "BackSpace", "PgUp": "Prior", "PgDn": "Next",
			"←": "Left", "→": "Right", "↑": "Up", "↓": "Down", "\\": "backslash", "[": "bracketleft", "]": "bracketright", "=": "equal", "-": "minus", "+": "plus",
			",": "comma", ".": "period", "/": "slash", "`": "grave"}[p]; ok {
			parts[i] = to
		} else if len(p) == 1 {
			parts[i] = strings.ToLower(p)
		}
	}
	return strings.Join(parts, "+")
}

// does asks for an action and waits for what it does.
func (d *desktop) does(e deed, key string) {
	d.t.Helper()
	if e.ready != nil {
		e.ready(d)
	}
	var before []byte
	if e.then == "" {
		before = d.pixels()
	}
	d.Drain() // what is said from here on is about it
	switch {
	case e.how != nil:
		e.how(d)
	case key != "":
		d.key(key)
	default:
		d.command(e.id)
	}
	if !e.own {
		d.untilSaid("action", " "+e.id, func(rest string) bool { return rest == e.id })
	}
	if e.then != "" {
		d.until(e.then)
	} else if !d.changes(before) {
		d.t.Errorf("%s leaves the window as it was", e.id)
	}
	if e.after != nil {
		e.after(d)
	} else {
		d.key("Escape")
	}
}

// looks is how many pictures are taken until one differs: each takes a while.
const looks = 60

// changes waits until the window is another than it was.
func (d *desktop) changes(before []byte) bool {
	d.t.Helper()
	for range looks {
		if !bytes.Equal(before, d.pixels()) {
			return true
		}
	}
	return false
}

// command asks for an action from the palette by its id.
func (d *desktop) command(id string) {
	d.t.Helper()
	d.seek(id)
	d.key("Return")
}

// seek types an action's id into the palette and reports whether it is offered now. Where
// the palette also opens files a ">" stands before what is typed.
func (d *desktop) seek(id string) bool {
	d.t.Helper()
	d.key("ctrl+shift+p")
	d.until("commands")
	d.write(id)
	found := d.untilSaid("commands", " to "+id, func(rest string) bool {
		_, typed, _ := strings.Cut(rest, " ")
		return strings.TrimPrefix(typed, ">") == id
	})
	return !strings.HasPrefix(found, "0 ")
}

// menuHeight is the row of menus, with a clock in it that goes by itself.
const menuHeight = 30

// pixels is what the window shows below the row of menus.
func (d *desktop) pixels() []byte {
	d.t.Helper()
	path := d.path("now.png")
	d.must(d.Picture(d.t.Context(), path))
	f, err := os.Open(path)
	d.must(err)
	defer f.Close()
	img, err := png.Decode(f)
	d.must(err)
	b := img.Bounds()
	b.Min.Y += menuHeight
	out := image.NewRGBA(b)
	draw.Draw(out, b, img, b.Min, draw.Src)
	return out.Pix
}
