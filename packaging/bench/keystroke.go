package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"
)

// What the window is held to, in milliseconds from a key to the frame with the first
// hits: of a source tree as large as a program's, and of Linux.
const (
	keystrokeTarget      = 30
	keystrokeTargetLinux = 100
)

// patience is how long the window may take for one step, a deposit that is not
// indexed yet included.
const patience = 30 * time.Minute

func keystrokeCommand() *cobra.Command {
	b := &keystrokeBench{}
	c := &cobra.Command{
		Use:   "keystroke -- ARGUMENTS OF VITRINE",
		Short: "time a key typed into the search of the real window until its first hits are painted",
		Long: `Starts vitrine on a display of its own (Xvfb, software GL), types words into its search as a person does,
and prints per word how long after each key the first hits were painted: by the window itself, and from
before xdotool was started to press the key. For instance:

	bench keystroke -- --sample
	bench keystroke -- --operator op.pub --policy policy.json DEPOSIT

Programs come from VITRINE_BIN_DIR, else build/; Xvfb, openbox and xdotool from the PATH.`,
		RunE: func(cmd *cobra.Command, args []string) error {
			b.ctx, b.out = cmd.Context(), cmd.OutOrStdout()
			return b.run(args)
		},
	}
	c.Flags().StringSliceVar(&b.words, "words", []string{"return", "memcpy", "int main", "static const", "copyright", "error == null", "unlikely", "zzyx"}, "what to type")
	c.Flags().StringVar(&b.size, "size", "1440x900", "of the window")
	c.Flags().DurationVar(&b.pace, "pace", 120*time.Millisecond, "from one key to the next")
	return c
}

// A keystrokeBench is one run of bench keystroke.
type keystrokeBench struct {
	ctx   context.Context
	out   io.Writer
	words []string
	size  string
	pace  time.Duration

	dir     string
	env     []string
	started []*exec.Cmd
	fifo    *os.File
	trace   *bufio.Scanner // what the window says, by way of the fifo
	last    string         // the last "hits" among it
}

func (b *keystrokeBench) run(args []string) (err error) {
	if b.dir, err = os.MkdirTemp("", "vitrine-bench-"); err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(b.dir)) }()
	var cancel context.CancelFunc
	b.ctx, cancel = context.WithCancel(b.ctx)
	defer func() {
		cancel()
		for _, cmd := range b.started {
			_ = cmd.Wait() // killed
		}
	}()
	if err := b.display(); err != nil {
		return err
	}
	if err := b.open(args); err != nil {
		return err
	}
	return b.measure()
}

// start starts a program that is killed at the end.
func (b *keystrokeBench) start(cmd *exec.Cmd) error {
	if err := cmd.Start(); err != nil {
		return err
	}
	b.started = append(b.started, cmd)
	return nil
}

// display starts a display and a window manager.
func (b *keystrokeBench) display() error {
	r, w, err := os.Pipe()
	if err != nil {
		return err
	}
	defer r.Close()
	x := exec.CommandContext(b.ctx, "Xvfb", "-displayfd", "3", "-screen", "0", b.size+"x24", "-nolisten", "tcp")
	x.ExtraFiles = []*os.File{w}
	err = b.start(x)
	w.Close()
	if err != nil {
		return err
	}
	number, err := bufio.NewReader(r).ReadString('\n')
	if err != nil {
		return fmt.Errorf("no display from Xvfb: %w", err)
	}
	b.env = append(os.Environ(), "DISPLAY=:"+strings.TrimSpace(number), "HOME="+b.dir, "LIBGL_ALWAYS_SOFTWARE=1", "WAYLAND_DISPLAY=")
	wm := exec.CommandContext(b.ctx, "openbox")
	wm.Env = b.env
	return b.start(wm)
}

// open starts vitrine and goes through to the search.
func (b *keystrokeBench) open(args []string) error {
	fifo := filepath.Join(b.dir, "trace")
	if err := syscall.Mkfifo(fifo, 0o600); err != nil {
		return err
	}
	f, err := os.OpenFile(fifo, os.O_RDWR, 0) // so that neither end waits for the other
	if err != nil {
		return err
	}
	b.fifo, b.trace = f, bufio.NewScanner(f)
	bin := os.Getenv("VITRINE_BIN_DIR")
	if bin == "" {
		bin = "build"
	}
	v := exec.CommandContext(b.ctx, filepath.Join(bin, "vitrine"), append([]string{"--size", b.size}, args...)...)
	v.Env = append(slices.Clone(b.env), "VITRINE_TRACE="+fifo)
	if os.Getenv("VITRINE_HOME") == "" {
		v.Env = append(v.Env, "VITRINE_HOME="+filepath.Join(b.dir, "room"))
	}
	v.Stderr = os.Stderr
	if err := b.start(v); err != nil {
		return err
	}
	go func() {
		<-b.ctx.Done()
		f.Close()
	}()
	if _, err := b.until("screen certificate", ""); err != nil {
		return err
	}
	if err := b.press("search", "--sync", "--onlyvisible", "--name", "Vitrine", "windowactivate", "--sync", "key", "Return"); err != nil {
		return err
	}
	for _, step := range []string{"index ready", "symbols ready", "idle"} {
		if _, err := b.until(step, ""); err != nil {
			return err
		}
	}
	if err := b.press("key", "ctrl+shift+f"); err != nil {
		return err
	}
	_, err = b.until("side search", "")
	return err
}

// until reads what the window says until a line begins with want and ends with
// typed, and returns it.
func (b *keystrokeBench) until(want, typed string) (string, error) {
	return b.said(func(line string) bool { return strings.HasPrefix(line, want) && strings.HasSuffix(line, typed) }, want)
}

func (b *keystrokeBench) said(ok func(line string) bool, what string) (string, error) {
	if err := b.fifo.SetReadDeadline(time.Now().Add(patience)); err != nil {
		return "", err
	}
	for b.trace.Scan() {
		line := b.trace.Text()
		if strings.HasPrefix(line, "hits ") {
			b.last = line
		}
		switch {
		case ok(line):
			return line, nil
		case strings.HasPrefix(line, "error "):
			return "", fmt.Errorf("waiting for %q the window showed: %s", what, line)
		}
	}
	return "", fmt.Errorf("waited for %q: %w", what, errors.Join(b.trace.Err(), b.ctx.Err(), io.ErrUnexpectedEOF))
}

// press runs xdotool.
func (b *keystrokeBench) press(args ...string) error {
	x := exec.CommandContext(b.ctx, "xdotool", args...)
	x.Env = b.env
	if out, err := x.CombinedOutput(); err != nil {
		return fmt.Errorf("xdotool %s: %w\n%s", strings.Join(args, " "), err, out)
	}
	return nil
}

// measure types the words.
func (b *keystrokeBench) measure() error {
	w := tabwriter.NewWriter(b.out, 0, 8, 2, ' ', 0)
	fmt.Fprintln(w, "typed\tfirst hits, ms after each key\tfrom outside, ms\tlines")
	var inside, outside []time.Duration
	for _, word := range b.words {
		if err := b.press("key", "ctrl+a", "BackSpace"); err != nil {
			return err
		}
		var in, out []string
		for i, letter := range word {
			typed := word[:i] + string(letter)
			key := time.Now()
			if err := b.press("type", string(letter)); err != nil {
				return err
			}
			own, found, err := b.shown(typed)
			if err != nil {
				return err
			}
			took := time.Since(key)
			if found {
				inside, outside = append(inside, own), append(outside, took)
				in, out = append(in, fmt.Sprint(own.Milliseconds())), append(out, fmt.Sprint(took.Milliseconds()))
			} else {
				in, out = append(in, "none"), append(out, "–")
			}
			time.Sleep(b.pace - time.Since(key))
		}
		hits, err := b.ended(word)
		if err != nil {
			return err
		}
		fmt.Fprintf(w, "%s\t%s\t%s\t%d\n", word, strings.Join(in, " "), strings.Join(out, " "), hits)
	}
	if err := w.Flush(); err != nil {
		return err
	}
	fmt.Fprintf(b.out, "keys %d; first hits painted: median %d, 95 %% within %d, all within %d ms; from outside %d, %d, %d (targets: %d, on Linux %d)\n", len(inside),
		quantile(inside, .5), quantile(inside, .95), quantile(inside, 1), quantile(outside, .5), quantile(outside, .95), quantile(outside, 1), keystrokeTarget, keystrokeTargetLinux)
	return nil
}

// shown waits for the first hits of what is typed, or that there are none.
func (b *keystrokeBench) shown(typed string) (took time.Duration, found bool, err error) {
	var ms, n int64
	_, err = b.said(func(line string) bool {
		if _, err := fmt.Sscanf(line, "shown %d %d ", &ms, &n); err == nil && strings.HasSuffix(line, " "+typed) {
			found = true
		}
		return found || line == "hits 0 0 "+typed || line == "hits error"
	}, "hits of "+typed)
	return time.Duration(ms) * time.Millisecond, found, err
}

// ended waits for the end of a search, and tells how many lines it found.
func (b *keystrokeBench) ended(typed string) (lines int, err error) {
	for s := b.last; ; {
		if _, err := fmt.Sscanf(s, "hits %d ", &lines); err == nil && strings.HasSuffix(s, " "+typed) {
			return lines, nil
		}
		if s, err = b.until("hits", typed); err != nil {
			return 0, err
		}
	}
}

// quantile is the duration, in milliseconds, within which a share of all are.
func quantile(all []time.Duration, share float64) int64 {
	if len(all) == 0 {
		return 0
	}
	sorted := slices.Sorted(slices.Values(all))
	return sorted[min(int(share*float64(len(sorted))), len(sorted)-1)].Milliseconds()
}
