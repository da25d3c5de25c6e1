package window

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

// patience is how long one thing may take on a busy machine with software GL
// before the test says what it was waiting for.
const patience = 90 * time.Second

// A desktop is a display with a window manager and one program on it.
type desktop struct {
	t       *testing.T
	name    string // for screenshots
	trace   *os.File
	display string
	dir     string // HOME, room, bundles
	bin     string
	lines   chan string
	seen    []string
	cmd     *exec.Cmd
	stderr  string // file of its standard error
}

func newDesktop(t *testing.T, name, size string) *desktop {
	t.Helper()
	d := &desktop{t: t, name: name, dir: t.TempDir(), bin: binaries(t), lines: make(chan string, 4096)}
	d.display = startDisplay(t, size)
	for _, dir := range []string{"config", "cache"} {
		if err := os.Mkdir(d.path(dir), 0o700); err != nil {
			t.Fatal(err)
		}
	}
	fifo := d.path("trace")
	if err := syscall.Mkfifo(fifo, 0o600); err != nil {
		t.Fatal(err)
	}
	// Read-write, so that neither end waits for the other to open.
	f, err := os.OpenFile(fifo, os.O_RDWR, 0)
	if err != nil {
		t.Fatal(err)
	}
	d.trace = f
	done := make(chan struct{})
	go func() {
		defer close(done)
		for s := bufio.NewScanner(f); s.Scan() && s.Text() != endOfTrace; {
			d.lines <- s.Text()
		}
	}()
	t.Cleanup(func() {
		fmt.Fprintln(f, endOfTrace)
		<-done
		f.Close()
	})
	return d
}

// endOfTrace lets the reader of the trace go at the end of a test.
const endOfTrace = "the test is over"

// binaries finds the programs under test.
func binaries(t *testing.T) string {
	t.Helper()
	dir := os.Getenv("VITRINE_BIN_DIR")
	if dir == "" {
		dir = "../../build"
	}
	dir, err := filepath.Abs(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"vitrine", "vitrinectl"} {
		if _, err := os.Stat(filepath.Join(dir, name)); err != nil {
			t.Fatalf("%v; run packaging/build first", err)
		}
	}
	return dir
}

// undecorated leaves windows without a title, at the corner of the screen, so
// that a place in the window is that place on the screen.
const undecorated = `<?xml version="1.0"?>
<openbox_config xmlns="http://openbox.org/3.4/rc">
  <applications>
    <application class="*"><decor>no</decor><position force="yes"><x>0</x><y>0</y></position></application>
  </applications>
</openbox_config>
`

// startDisplay starts Xvfb on a free display and a window manager in it.
func startDisplay(t *testing.T, size string) string {
	t.Helper()
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	x := exec.Command("Xvfb", "-displayfd", "3", "-screen", "0", size+"x24", "-nolisten", "tcp")
	x.ExtraFiles = []*os.File{w}
	if err := x.Start(); err != nil {
		t.Fatal(err)
	}
	w.Close()
	t.Cleanup(func() { stop(x) })
	number, err := bufio.NewReader(r).ReadString('\n')
	if err != nil {
		t.Fatalf("Xvfb gave no display: %v", err)
	}
	r.Close()
	display := ":" + strings.TrimSpace(number)
	// The window manager says itself when it is ready: it then runs this.
	fifo := filepath.Join(t.TempDir(), "ready")
	if err := syscall.Mkfifo(fifo, 0o600); err != nil {
		t.Fatal(err)
	}
	ready, err := os.OpenFile(fifo, os.O_RDWR, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer ready.Close()
	config := filepath.Join(filepath.Dir(fifo), "rc.xml")
	if err := os.WriteFile(config, []byte(undecorated), 0o600); err != nil {
		t.Fatal(err)
	}
	wm := exec.Command("openbox", "--config-file", config, "--startup", "sh -c 'echo ready >"+fifo+"'")
	wm.Env = append(os.Environ(), "DISPLAY="+display)
	if err := wm.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { stop(wm) })
	if err := ready.SetReadDeadline(time.Now().Add(patience)); err != nil {
		t.Fatal(err)
	}
	if _, err := bufio.NewReader(ready).ReadString('\n'); err != nil {
		t.Fatalf("the window manager did not start: %v", err)
	}
	return display
}

func stop(cmd *exec.Cmd) {
	if cmd.ProcessState != nil {
		return
	}
	_ = cmd.Process.Kill() // it may have gone by itself
	_ = cmd.Wait()
}

func (d *desktop) path(elem ...string) string {
	return filepath.Join(append([]string{d.dir}, elem...)...)
}

func (d *desktop) env() []string {
	return append(os.Environ(), "DISPLAY="+d.display, "HOME="+d.dir, "VITRINE_HOME="+d.path("room"),
		"XDG_CONFIG_HOME="+d.path("config"), "XDG_CACHE_HOME="+d.path("cache"), "VITRINE_TRACE="+d.path("trace"),
		"SSH_AUTH_SOCK=", "WAYLAND_DISPLAY=", "LIBGL_ALWAYS_SOFTWARE=1")
}

// start runs vitrine and returns when its window shows the screen.
func (d *desktop) start(screen string, args ...string) {
	d.t.Helper()
	if first := d.launch(args...); first != screen {
		d.until("screen " + screen)
	}
}

// launch runs vitrine and returns its first screen when that has a window.
func (d *desktop) launch(args ...string) (first string) {
	d.t.Helper()
	d.cmd = exec.Command(filepath.Join(d.bin, "vitrine"), args...)
	d.cmd.Env, d.cmd.Dir = d.env(), d.dir
	d.cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true} // its visits die with it
	d.stderr = d.path("stderr")
	f, err := os.OpenFile(d.stderr, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		d.t.Fatal(err)
	}
	d.cmd.Stderr = f
	err = d.cmd.Start()
	f.Close() // the program has its own now
	if err != nil {
		d.t.Fatal(err)
	}
	cmd, gone := d.cmd, make(chan struct{})
	go func() {
		defer close(gone)
		// Behind all that the program said, in the same pipe.
		fmt.Fprintln(d.trace, "exited", cmd.Wait())
	}()
	d.t.Cleanup(func() {
		_ = syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) // it may have gone by itself
		<-gone
	})
	d.t.Cleanup(d.explain) // before the program is ended
	first = d.until("screen")
	d.tool("search", "--sync", "--onlyvisible", "--name", "Vitrine", "windowactivate", "--sync")
	return first
}

// explain tells what was on the screen when a test failed.
func (d *desktop) explain() {
	if !d.t.Failed() {
		return
	}
	d.picture("failed")
	d.t.Logf("the program said:\n  %s", strings.Join(d.seen[max(0, len(d.seen)-30):], "\n  "))
	d.t.Logf("standard error:\n%s", d.complaints())
}

func (d *desktop) complaints() string {
	b, err := os.ReadFile(d.stderr)
	if err != nil {
		return err.Error()
	}
	return string(b)
}

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
	timeout := time.NewTimer(patience)
	defer timeout.Stop()
	for {
		select {
		case line := <-d.lines:
			d.seen = append(d.seen, line)
			if rest, found := strings.CutPrefix(line, want); found && (rest == "" || rest[0] == ' ') && ok(strings.TrimSpace(rest)) {
				return strings.TrimSpace(rest)
			}
			if how, gone := strings.CutPrefix(line, "exited "); gone {
				d.t.Fatalf("waiting for %q%s the program ended: %s", want, also, how)
			}
			if strings.HasPrefix(line, "error ") && !strings.HasPrefix(want, "error") {
				d.t.Fatalf("waiting for %q%s the program showed: %s", want, also, line)
			}
		case <-timeout.C:
			d.t.Fatalf("waited %v for %q%s", patience, want, also)
		}
	}
}

// tool runs xdotool.
func (d *desktop) tool(args ...string) {
	d.t.Helper()
	ctx, cancel := context.WithTimeout(d.t.Context(), patience)
	defer cancel()
	cmd := exec.CommandContext(ctx, "xdotool", args...)
	cmd.Env = append(os.Environ(), "DISPLAY="+d.display)
	if out, err := cmd.CombinedOutput(); err != nil {
		d.t.Fatalf("xdotool %s: %v\n%s", strings.Join(args, " "), err, out)
	}
}

func (d *desktop) key(keys ...string) { d.tool(append([]string{"key", "--delay", "30"}, keys...)...) }
func (d *desktop) write(text string)  { d.tool("type", "--delay", "15", text) }

func (d *desktop) click(x, y int) {
	d.tool("mousemove", fmt.Sprint(x), fmt.Sprint(y), "click", "1")
}

// drag presses at one point and lets go at another, by way of the middle.
func (d *desktop) drag(x1, y1, x2, y2 int) {
	d.tool("mousemove", fmt.Sprint(x1), fmt.Sprint(y1), "mousedown", "1",
		"mousemove", fmt.Sprint((x1+x2)/2), fmt.Sprint((y1+y2)/2),
		"mousemove", fmt.Sprint(x2), fmt.Sprint(y2), "mouseup", "1")
}

// shot saves the screen for people once what was waited for is painted.
func (d *desktop) shot(name string) {
	d.t.Helper()
	d.until("painted")
	d.picture(name)
}

// picture saves the screen as it is, where VITRINE_SHOTS says. A display may
// still be at work on what a program painted, so the screen is taken until two
// pictures in a row are the same.
func (d *desktop) picture(name string) {
	dir := os.Getenv("VITRINE_SHOTS")
	if dir == "" {
		return
	}
	path := filepath.Join(dir, d.name+"-"+name+".png")
	var before []byte
	for range 20 {
		cmd := exec.Command("scrot", "-o", path)
		cmd.Env = append(os.Environ(), "DISPLAY="+d.display)
		if out, err := cmd.CombinedOutput(); err != nil {
			d.t.Logf("screenshot: %v\n%s", err, out)
			return
		}
		now, err := os.ReadFile(path)
		if err != nil {
			d.t.Log(err)
			return
		}
		if bytes.Equal(now, before) {
			return
		}
		before = now
	}
}

// kill ends the program as a power cut would.
func (d *desktop) kill() {
	d.t.Helper()
	if err := syscall.Kill(-d.cmd.Process.Pid, syscall.SIGKILL); err != nil {
		d.t.Fatal(err)
	}
	d.until("exited")
}

// leave closes the room by its shortcut and expects a clean end.
func (d *desktop) leave() {
	d.t.Helper()
	d.key("ctrl+q")
	d.until("closed")
	if how := d.until("exited"); how != "<nil>" {
		d.t.Fatalf("the program ended with %s\n%s", how, d.complaints())
	}
}
