// Package drive runs the real program in a real window as a person would: on an
// X server of its own (Xvfb, software GL) with a window manager, by the keys and
// the mouse of xdotool. It knows what the program says of itself in VITRINE_TRACE
// (app/desk/trace.go), so that it waits for what happened and never sleeps.
//
// The tests of packaging/window, the gallery, the random walk and the benchmarks
// of the window stand on it. Xvfb, openbox, xdotool and scrot come from the PATH.
package drive

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"syscall"
	"time"
)

// Options say what is driven, and where.
type Options struct {
	Size     string        // of the display in pixels, such as "1280x800"
	Scale    string        // pixels of the display for one of the design's; "": 1
	Dir      string        // a folder that exists and is this run's: HOME and what the program keeps
	Bin      string        // the folder of vitrine and vitrinectl; "": Binaries
	Patience time.Duration // the longest wait for one thing
	Env      []string      // beyond what Dir says
	OnLine   func(string)  // is told each line of the trace, when it is waited for
}

// Display is a desktop with at most one program on it.
type Display struct {
	opt   Options
	name  string // ":99"
	bin   string
	trace *os.File // both ends of the pipe, so that neither waits for the other
	lines chan string
	read  chan struct{} // closed when the trace is read no more

	owned   []*exec.Cmd // X server and window manager
	program *exec.Cmd
	waited  chan struct{} // closed when the program has gone
}

// endOfTrace ends the reader of the trace: the pipe stays open for writers to come.
const endOfTrace = "the driver has left"

// keptLines is how many lines of the trace wait to be read: a person's hour.
const keptLines = 1 << 14

// Binaries is the folder of the programs: VITRINE_BIN_DIR, else build below root.
func Binaries(root string) (string, error) {
	dir := os.Getenv("VITRINE_BIN_DIR")
	if dir == "" {
		dir = filepath.Join(root, "build")
	}
	dir, err := filepath.Abs(dir)
	if err != nil {
		return "", err
	}
	for _, name := range []string{"vitrine", "vitrinectl"} {
		if _, err := os.Stat(filepath.Join(dir, name)); err != nil {
			return "", fmt.Errorf("%w; run packaging/build first", err)
		}
	}
	return dir, nil
}

// Open starts a display. Close ends it.
func Open(ctx context.Context, opt Options) (d *Display, err error) {
	d = &Display{opt: opt, bin: opt.Bin, lines: make(chan string, keptLines), read: make(chan struct{})}
	if d.bin == "" {
		if d.bin, err = Binaries("."); err != nil {
			return nil, err
		}
	}
	if d.opt.Patience == 0 {
		d.opt.Patience = 90 * time.Second
	}
	defer func() {
		if err != nil {
			d.end()
		}
	}()
	if err := d.startServer(); err != nil {
		return nil, err
	}
	if err := d.startManager(ctx); err != nil {
		return nil, err
	}
	for _, dir := range []string{"config", "cache"} {
		if err := os.MkdirAll(d.Path(dir), 0o700); err != nil {
			return nil, err
		}
	}
	fifo := d.Path("trace")
	if err := syscall.Mkfifo(fifo, 0o600); err != nil {
		return nil, err
	}
	if d.trace, err = os.OpenFile(fifo, os.O_RDWR, 0); err != nil {
		return nil, err
	}
	go func() {
		defer close(d.read)
		for s := bufio.NewScanner(d.trace); s.Scan() && s.Text() != endOfTrace; {
			d.lines <- s.Text()
		}
	}()
	return d, nil
}

// Path names a file of this run.
func (d *Display) Path(elem ...string) string {
	return filepath.Join(append([]string{d.opt.Dir}, elem...)...)
}

// Name is the display's, as DISPLAY has it.
func (d *Display) Name() string { return d.name }

// Bin is the folder of the programs.
func (d *Display) Bin() string { return d.bin }

// SetBin takes the programs from another folder.
func (d *Display) SetBin(dir string) { d.bin = dir }

func (d *Display) startServer() error {
	r, w, err := os.Pipe()
	if err != nil {
		return err
	}
	defer r.Close()
	x := exec.Command("Xvfb", "-displayfd", "3", "-screen", "0", d.opt.Size+"x24", "-nolisten", "tcp")
	x.ExtraFiles = []*os.File{w}
	err = x.Start()
	w.Close()
	if err != nil {
		return err
	}
	d.owned = append(d.owned, x)
	number, err := bufio.NewReader(r).ReadString('\n')
	if err != nil {
		return fmt.Errorf("no display from Xvfb: %w", err)
	}
	d.name = ":" + strings.TrimSpace(number)
	return nil
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

// startManager starts the window manager, which says itself when it is ready: it
// runs a command of ours then.
func (d *Display) startManager(ctx context.Context) error {
	dir, err := os.MkdirTemp("", "vitrine-drive-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	fifo, config := filepath.Join(dir, "ready"), filepath.Join(dir, "rc.xml")
	if err := syscall.Mkfifo(fifo, 0o600); err != nil {
		return err
	}
	ready, err := os.OpenFile(fifo, os.O_RDWR, 0)
	if err != nil {
		return err
	}
	defer ready.Close()
	if err := os.WriteFile(config, []byte(undecorated), 0o600); err != nil {
		return err
	}
	wm := exec.Command("openbox", "--config-file", config, "--startup", "sh -c 'echo ready >"+fifo+"'")
	wm.Env = append(os.Environ(), "DISPLAY="+d.name)
	if err := wm.Start(); err != nil {
		return err
	}
	d.owned = append(d.owned, wm)
	if err := ready.SetReadDeadline(time.Now().Add(d.opt.Patience)); err != nil {
		return err
	}
	if _, err := bufio.NewReader(ready).ReadString('\n'); err != nil {
		return fmt.Errorf("the window manager did not start: %w", err)
	}
	return ctx.Err()
}

// Env is the program's environment: its own HOME, display and trace.
func (d *Display) Env() []string {
	env := append(os.Environ(), "DISPLAY="+d.name, "HOME="+d.opt.Dir, "VITRINE_HOME="+d.Path("room"),
		"XDG_CONFIG_HOME="+d.Path("config"), "XDG_CACHE_HOME="+d.Path("cache"), "VITRINE_TRACE="+d.Path("trace"),
		"SSH_AUTH_SOCK=", "WAYLAND_DISPLAY=", "LIBGL_ALWAYS_SOFTWARE=1")
	if d.opt.Scale != "" {
		env = append(env, "FYNE_SCALE="+d.opt.Scale)
	}
	return append(env, d.opt.Env...)
}

// Launch runs vitrine with its standard error in the file stderr, waits for its
// first screen, whose name it returns, and gives its window the keyboard. The
// program before has gone by then.
func (d *Display) Launch(ctx context.Context, args ...string) (first string, err error) {
	v := exec.Command(filepath.Join(d.bin, "vitrine"), args...)
	v.Env, v.Dir = d.Env(), d.opt.Dir
	v.SysProcAttr = &syscall.SysProcAttr{Setpgid: true} // its visits die with it
	f, err := os.OpenFile(d.Path("stderr"), os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		return "", err
	}
	v.Stderr = f
	err = v.Start()
	f.Close() // the program has its own now
	if err != nil {
		return "", err
	}
	waited := make(chan struct{})
	d.program, d.waited = v, waited
	go func() {
		defer close(waited)
		fmt.Fprintln(d.trace, "exited", v.Wait()) // behind all that the program said, in the same pipe
	}()
	if first, err = d.Until(ctx, "screen"); err != nil {
		return "", err
	}
	return first, d.Tool(ctx, "search", "--sync", "--onlyvisible", "--name", "Vitrine", "windowactivate", "--sync")
}

// Pid is the program's process.
func (d *Display) Pid() int { return d.program.Process.Pid }

// Complaints is what the programs wrote to their standard error.
func (d *Display) Complaints() string {
	b, err := os.ReadFile(d.Path("stderr"))
	if err != nil {
		return err.Error()
	}
	return string(b)
}

// Kill ends the program and its visits as a power cut would. They write nothing afterwards.
func (d *Display) Kill() error {
	group := d.program.Process.Pid
	if err := syscall.Kill(-group, syscall.SIGKILL); err != nil {
		return err
	}
	for deadline := time.Now().Add(d.opt.Patience); living(group); {
		if time.Now().After(deadline) {
			return fmt.Errorf("processes of group %d live on", group)
		}
		runtime.Gosched()
	}
	return nil
}

// living reports whether a process of a group still runs (pgrp and state of proc(5)): one
// that was killed may be in the middle of a call to the system.
func living(group int) bool {
	stats, _ := filepath.Glob("/proc/[0-9]*/stat") // the pattern is right
	for _, stat := range stats {
		b, err := os.ReadFile(stat)
		if err != nil {
			continue // it has gone
		}
		_, rest, _ := strings.Cut(string(b), ") ") // the name may have blanks
		var state string
		var parent, of int
		if n, _ := fmt.Sscan(rest, &state, &parent, &of); n == 3 && of == group && state != "Z" && state != "X" {
			return true
		}
	}
	return false
}

// Until waits for a line of the trace that begins with the words of want and
// returns the rest of it.
func (d *Display) Until(ctx context.Context, want string) (string, error) {
	return d.UntilSaid(ctx, want, "", func(string) bool { return true })
}

// UntilSaid is Until for a line whose rest is as asked; also says in an error
// what that is.
func (d *Display) UntilSaid(ctx context.Context, want, also string, ok func(rest string) bool) (string, error) {
	deadline := time.Now().Add(d.opt.Patience)
	for {
		line, err := d.line(ctx, deadline, fmt.Sprintf("%q%s", want, also), strings.HasPrefix(want, "error"), strings.HasPrefix(want, "exited"))
		if err != nil {
			return "", err
		}
		if rest, found := strings.CutPrefix(line, want); found && (rest == "" || rest[0] == ' ') && ok(strings.TrimSpace(rest)) {
			return strings.TrimSpace(rest), nil
		}
	}
}

// Line waits for the next line of the trace; what says in an error what for.
func (d *Display) Line(ctx context.Context, what string) (string, error) {
	return d.line(ctx, time.Now().Add(d.opt.Patience), what, false, false)
}

// line is the next line. One that tells of an error on the screen, or of the
// program's end, is an error to who did not wait for it.
func (d *Display) line(ctx context.Context, deadline time.Time, what string, wrong, gone bool) (string, error) {
	timeout := time.NewTimer(time.Until(deadline))
	defer timeout.Stop()
	select {
	case line := <-d.lines:
		if d.opt.OnLine != nil {
			d.opt.OnLine(line)
		}
		if how, found := strings.CutPrefix(line, "exited "); found && !gone {
			return "", fmt.Errorf("waiting for %s the program ended: %s", what, how)
		}
		if strings.HasPrefix(line, "error ") && !wrong {
			return "", fmt.Errorf("waiting for %s the program showed: %s", what, line)
		}
		return line, nil
	case <-timeout.C:
		return "", fmt.Errorf("waited %v for %s", d.opt.Patience, what)
	case <-ctx.Done():
		return "", ctx.Err()
	}
}

// Drain takes what the program has said since, without waiting.
func (d *Display) Drain() []string {
	var out []string
	for {
		select {
		case line := <-d.lines:
			if d.opt.OnLine != nil {
				d.opt.OnLine(line)
			}
			out = append(out, line)
		default:
			return out
		}
	}
}

// Close ends the program, if it still runs, and the display.
func (d *Display) Close() {
	if d.program != nil {
		_ = d.Kill() // it may have gone by itself
		<-d.waited
	}
	d.end()
}

func (d *Display) end() {
	if d.trace != nil {
		for done := false; !done; {
			select { // the reader may wait for room
			case <-d.lines:
			default:
				done = true
			}
		}
		fmt.Fprintln(d.trace, endOfTrace)
		for done := false; !done; {
			select {
			case <-d.lines:
			case <-d.read:
				done = true
			}
		}
		d.trace.Close()
	}
	for _, cmd := range slices.Backward(d.owned) {
		_ = cmd.Process.Kill() // it may have gone by itself
		_ = cmd.Wait()
	}
}

// errNoPicture is for a display that never came to rest.
var errNoPicture = errors.New("the picture changes all the time")
