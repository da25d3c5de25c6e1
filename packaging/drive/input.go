package drive

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"time"
)

// Tool runs xdotool.
func (d *Display) Tool(ctx context.Context, args ...string) error {
	return d.run(ctx, nil, args...)
}

// Script runs many commands of xdotool, one a line, in one process.
func (d *Display) Script(ctx context.Context, lines []string) error {
	return d.run(ctx, []byte(strings.Join(lines, "\n")+"\n"), "-")
}

func (d *Display) run(ctx context.Context, input []byte, args ...string) error {
	ctx, cancel := context.WithTimeout(ctx, d.opt.Patience)
	defer cancel()
	cmd := exec.CommandContext(ctx, "xdotool", args...)
	cmd.Env = append(os.Environ(), "DISPLAY="+d.name)
	if input != nil {
		cmd.Stdin = bytes.NewReader(input)
	}
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("xdotool %s: %w\n%s", strings.Join(args, " "), err, out)
	}
	return nil
}

// Window is the window that is in sight, as xdotool names it.
func (d *Display) Window(ctx context.Context) (string, error) {
	cmd := exec.CommandContext(ctx, "xdotool", "search", "--onlyvisible", "--name", "Vitrine")
	cmd.Env = append(os.Environ(), "DISPLAY="+d.name)
	out, err := cmd.Output()
	if err != nil {
		return "", fmt.Errorf("no window of the program is in sight: %w", err)
	}
	name, _, _ := strings.Cut(string(out), "\n")
	return name, nil
}

// Key presses keys, as xdotool names them, one after the other.
func (d *Display) Key(ctx context.Context, keys ...string) error {
	return d.Tool(ctx, append([]string{"key", "--delay", "30"}, keys...)...)
}

// Type types a text.
func (d *Display) Type(ctx context.Context, text string) error {
	return d.Tool(ctx, "type", "--delay", "15", text)
}

// Click presses the first button at a point of the display.
func (d *Display) Click(ctx context.Context, x, y int) error {
	return d.Tool(ctx, "mousemove", fmt.Sprint(x), fmt.Sprint(y), "click", "1")
}

// Drag presses at one point and lets go at another, by way of the middle.
func (d *Display) Drag(ctx context.Context, x1, y1, x2, y2 int) error {
	return d.Tool(ctx, "mousemove", fmt.Sprint(x1), fmt.Sprint(y1), "mousedown", "1",
		"mousemove", fmt.Sprint((x1+x2)/2), fmt.Sprint((y1+y2)/2),
		"mousemove", fmt.Sprint(x2), fmt.Sprint(y2), "mouseup", "1")
}

// pictures is how many are taken at most until two in a row are the same.
const pictures = 20

// Picture saves the screen as a PNG. A display may still be at work on what a
// program painted, so the screen is taken until two pictures in a row are the same.
func (d *Display) Picture(ctx context.Context, path string) error {
	var before []byte
	for range pictures {
		cmd := exec.CommandContext(ctx, "scrot", "-o", path)
		cmd.Env = append(os.Environ(), "DISPLAY="+d.name)
		if out, err := cmd.CombinedOutput(); err != nil {
			return fmt.Errorf("scrot: %w\n%s", err, out)
		}
		now, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		if bytes.Equal(now, before) {
			return nil
		}
		before = now
	}
	return errNoPicture
}

// Memory is the resident memory of the program's own in bytes (RssAnon of proc(5)): without
// the files it maps, which the system drops when it wants the room.
func (d *Display) Memory() (int64, error) {
	b, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", d.Pid()))
	if err != nil {
		return 0, err
	}
	for line := range strings.Lines(string(b)) {
		var kb int64
		if n, _ := fmt.Sscanf(line, "RssAnon: %d kB", &kb); n == 1 {
			return kb << 10, nil
		}
	}
	return 0, fmt.Errorf("the memory of process %d is not told", d.Pid())
}

// Processor is how much processor time the program has used (utime and stime of
// proc(5), in units of a hundredth of a second).
func (d *Display) Processor() (time.Duration, error) {
	b, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", d.Pid()))
	if err != nil {
		return 0, err
	}
	_, rest, _ := strings.Cut(string(b), ") ") // the name may have blanks
	f := strings.Fields(rest)
	var user, system int64
	if len(f) < 13 {
		return 0, fmt.Errorf("the times of process %d are not told", d.Pid())
	}
	if _, err := fmt.Sscan(f[11]+" "+f[12], &user, &system); err != nil {
		return 0, err
	}
	return time.Duration(user+system) * 10 * time.Millisecond, nil
}
