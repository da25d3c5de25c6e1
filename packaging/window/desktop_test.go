package window

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"vitrine/packaging/drive"
)

// A desktop is a display with a window manager and one program on it, for one test.
type desktop struct {
	*drive.Display
	t    *testing.T
	name string // for screenshots
	bin  string
	seen []string
}

func newDesktop(t *testing.T, name, size string) *desktop {
	t.Helper()
	d := &desktop{t: t, name: name}
	var err error
	if d.bin, err = drive.Binaries("../.."); err != nil {
		t.Fatal(err)
	}
	d.Display, err = drive.Open(t.Context(), drive.Options{Size: size, Dir: t.TempDir(), Bin: d.bin,
		OnLine: func(line string) { d.seen = append(d.seen, line) }})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		d.explain() // before the program is ended
		d.Close()
	})
	return d
}

func (d *desktop) path(elem ...string) string { return d.Path(elem...) }

func (d *desktop) must(err error) {
	d.t.Helper()
	if err != nil {
		d.t.Fatal(err)
	}
}

// start runs vitrine and returns when its window shows the screen.
func (d *desktop) start(screen string, args ...string) {
	d.t.Helper()
	if first := d.launch(args...); first != screen {
		d.until("screen " + screen)
	}
}

// launch runs vitrine and returns its first screen when that has a window.
func (d *desktop) launch(args ...string) string {
	d.t.Helper()
	d.SetBin(d.bin)
	first, err := d.Launch(d.t.Context(), args...)
	d.must(err)
	return first
}

// explain tells what was on the screen when a test failed.
func (d *desktop) explain() {
	if !d.t.Failed() {
		return
	}
	d.picture("failed")
	d.t.Logf("the program said:\n  %s", strings.Join(d.seen[max(0, len(d.seen)-30):], "\n  "))
	d.t.Logf("standard error:\n%s", d.Complaints())
}

func (d *desktop) complaints() string { return d.Complaints() }

// until waits for a line of the trace that begins with want and returns the rest.
func (d *desktop) until(want string) string {
	d.t.Helper()
	return d.untilSaid(want, "", func(string) bool { return true })
}

// answered waits for the answer to what was typed: each letter has one of its
// own, on a slow machine, and only the last is meant.
func (d *desktop) answered(want, typed string) string {
	d.t.Helper()
	return d.untilSaid(want, " to "+typed, func(rest string) bool { return strings.HasSuffix(rest, " "+typed) })
}

// caret waits until the caret stands in a line: where it stood before, and
// passed on the way, is told too.
func (d *desktop) caret(line int) {
	d.t.Helper()
	d.untilSaid("caret", fmt.Sprintf(" in line %d", line), func(rest string) bool { return strings.HasPrefix(rest, fmt.Sprintf("%d:", line)) })
}

// untilSaid is until for a line whose rest is as asked.
func (d *desktop) untilSaid(want, also string, ok func(rest string) bool) string {
	d.t.Helper()
	rest, err := d.UntilSaid(d.t.Context(), want, also, ok)
	d.must(err)
	return rest
}

func (d *desktop) tool(args ...string) { d.t.Helper(); d.must(d.Tool(d.t.Context(), args...)) }
func (d *desktop) key(keys ...string)  { d.t.Helper(); d.must(d.Key(d.t.Context(), keys...)) }
func (d *desktop) write(text string)   { d.t.Helper(); d.must(d.Type(d.t.Context(), text)) }
func (d *desktop) click(x, y int)      { d.t.Helper(); d.must(d.Click(d.t.Context(), x, y)) }
func (d *desktop) drag(x1, y1, x2, y2 int) {
	d.t.Helper()
	d.must(d.Drag(d.t.Context(), x1, y1, x2, y2))
}

// shot saves the screen for people once what was waited for is painted.
func (d *desktop) shot(name string) {
	d.t.Helper()
	d.until("painted")
	d.picture(name)
}

// picture saves the screen as it is, where VITRINE_SHOTS says.
func (d *desktop) picture(name string) {
	dir := os.Getenv("VITRINE_SHOTS")
	if dir == "" {
		return
	}
	if err := d.Picture(context.Background(), filepath.Join(dir, d.name+"-"+name+".png")); err != nil {
		d.t.Log(err)
	}
}

// kill ends the program as a power cut would.
func (d *desktop) kill() {
	d.t.Helper()
	d.must(d.Kill())
	d.until("exited")
}

// leave closes the room by its shortcut and expects a clean end.
func (d *desktop) leave() {
	d.t.Helper()
	d.key("ctrl+q")
	d.until("closed")
	if how := d.until("exited"); how != "<nil>" {
		d.must(errors.New("the program ended with " + how + "\n" + d.complaints()))
	}
}
