package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"time"

	"vitrine/app/room"
)

// maxStderr is how much of a visit's stderr is kept for the chooser's banner.
const maxStderr = 64 << 10

// visit runs this program again for one visit and waits for its end. It is not
// killed when the chooser goes: a visit finishes its writes.
func visit(_ context.Context, f flags, req room.Request) (again bool, err error) {
	self, err := os.Executable()
	if err != nil {
		return false, fmt.Errorf("find this program: %w", err)
	}
	cmd := exec.Command(self, arguments(f, req)...)
	cmd.Env = withCache(os.Environ())
	said := &tail{}
	cmd.Stdout, cmd.Stderr = os.Stdout, io.MultiWriter(os.Stderr, said)
	err = cmd.Run()
	var exit *exec.ExitError
	switch {
	case err == nil:
		return false, nil
	case errors.As(err, &exit) && exit.ExitCode() == statusAgain:
		return true, nil
	case errors.As(err, &exit) && exit.ExitCode() < 0:
		return false, fmt.Errorf("it was ended from outside (%s); what it had acknowledged is on disk", exit)
	case errors.As(err, &exit) && lastLines(said.String()) != "":
		return false, errors.New(strings.TrimPrefix(lastLines(said.String()), "vitrine: "))
	}
	return false, fmt.Errorf("the visit's process: %w", err)
}

// withCache has Fyne forget what was off the screen for a few seconds instead
// of a minute: paging through a big file otherwise holds hundreds of megabytes
// of textures. Fyne reads it when the program starts, so only a visit's process
// can be told.
func withCache(env []string) []string {
	const name = "FYNE_CACHE="
	for _, e := range env {
		if strings.HasPrefix(e, name) {
			return env
		}
	}
	return append(env, name+"5s")
}

// tail keeps the last bytes written to it.
type tail struct{ b []byte }

func (t *tail) Write(p []byte) (int, error) {
	t.b = append(t.b, p...)
	if len(t.b) > maxStderr {
		t.b = append([]byte(nil), t.b[len(t.b)-maxStderr:]...)
	}
	return len(p), nil
}

func (t *tail) String() string { return string(t.b) }

// haveDisplay tries the X server before the toolkit does, which would end the
// program with a stack of its own. The form is host:display.screen.
func haveDisplay(display string) error {
	if display == "" {
		return errors.New("there is no display (DISPLAY is not set); without one, run the journey headless: vitrinectl tour")
	}
	host, number, ok := strings.Cut(display, ":")
	number, _, _ = strings.Cut(number, ".")
	n, err := strconv.Atoi(number)
	if !ok || err != nil || n < 0 || n > 59535 {
		return fmt.Errorf("DISPLAY=%s names no X display", display)
	}
	tries := [][2]string{{"unix", "/tmp/.X11-unix/X" + number}, {"unix", "@/tmp/.X11-unix/X" + number}}
	if host != "" && host != "unix" {
		tries = [][2]string{{"tcp", net.JoinHostPort(host, strconv.Itoa(6000+n))}}
		if strings.HasPrefix(host, "/") {
			tries = [][2]string{{"unix", display}, {"unix", host}}
		}
	}
	var last error
	for _, t := range tries {
		c, err := net.DialTimeout(t[0], t[1], 5*time.Second)
		if err == nil {
			return c.Close()
		}
		last = err
	}
	return fmt.Errorf("the display %s does not answer: %w", display, last)
}
