package desk

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"
	"github.com/dlclark/regexp2/v2"

	"vitrine/app/room"
	"vitrine/viewer/colour"
	"vitrine/viewer/style"
)

// ctl is the admission child, built once for all tests of this package.
var ctl string

func TestMain(m *testing.M) { os.Exit(buildAndRun(m)) }

func buildAndRun(m *testing.M) int {
	dir, err := os.MkdirTemp("", "desk-test-")
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	defer os.RemoveAll(dir)
	ctl = filepath.Join(dir, "vitrinectl")
	build := exec.Command("go", "build", "-o", ctl, "vitrine/app/vitrinectl")
	build.Env = append(os.Environ(), "CGO_ENABLED=0")
	if out, err := build.CombinedOutput(); err != nil {
		fmt.Fprintf(os.Stderr, "build vitrinectl: %v\n%s", err, out)
		return 1
	}
	stopClocks()
	freeMemory = func() {}
	return m.Run()
}

// stopClocks has grammars take as long as they take.
func stopClocks() {
	regexp2.SetTimeoutCheckPeriod(time.Hour) // chroma's 250 ms for a match never pass
	still := time.Unix(1, 0)
	colour.Now = func() time.Time { return still }
}

// A uiQueue stands for the UI thread: the test's goroutine runs what was
// posted, in order, when it chooses.
type uiQueue struct {
	mu   sync.Mutex
	q    []func()
	some chan struct{} // holds one token while q may have something
}

func newQueue() *uiQueue { return &uiQueue{some: make(chan struct{}, 1)} }

func (u *uiQueue) post(f func()) {
	u.mu.Lock()
	u.q = append(u.q, f)
	u.mu.Unlock()
	select {
	case u.some <- struct{}{}:
	default:
	}
}

// drain runs what is there and reports whether there was anything.
func (u *uiQueue) drain() bool {
	u.mu.Lock()
	q := u.q
	u.q = nil
	u.mu.Unlock()
	for _, f := range q {
		f()
	}
	return len(q) > 0
}

// until runs the UI thread's work until cond holds.
func (u *uiQueue) until(t *testing.T, what string, cond func() bool) {
	t.Helper()
	deadline := time.After(2 * time.Minute) // a failure's bound, not a wait
	for {
		u.drain()
		if cond() {
			return
		}
		select {
		case <-u.some:
		case <-deadline:
			t.Fatalf("waited in vain for %s", what)
		}
	}
}

// A stage is a desk under test: a real window of the test driver, a real visit.
type stage struct {
	*Desk
	t     *testing.T
	ui    *uiQueue
	trace bytes.Buffer
	cfg   room.Config
}

func newStage(t *testing.T) *stage {
	t.Helper()
	t.Cleanup(forget)
	s := &stage{t: t, ui: newQueue()}
	s.cfg = room.Config{Home: filepath.Join(t.TempDir(), "home"), Ctl: ctl, User: "M. Okafor"}
	return s
}

func (s *stage) options() Options {
	return Options{Config: s.cfg, Palette: style.Dark, Size: fyne.NewSize(1280, 800), Trace: &s.trace, Dispatch: s.ui.post}
}

// idle waits until no task is under way.
func (s *stage) idle() {
	s.t.Helper()
	s.ui.until(s.t, "idle", func() bool { return s.board.busy == 0 })
}

// enter walks through admission into the room of the built-in sample.
func enter(t *testing.T) (*stage, *roomScreen) {
	t.Helper()
	s := newStage(t)
	app := test.NewTempApp(t)
	app.Preferences().SetStringList(settingTips, []string{ended})
	s.Desk = Visit(app, s.options(), room.Request{Sample: true})
	s.idle()
	a, ok := s.screen.(*admission)
	if !ok || a.admitted == nil {
		t.Fatalf("the sample was not admitted:\n%s", s.trace.String())
	}
	a.enterRoom()
	s.idle()
	r, ok := s.screen.(*roomScreen)
	if !ok {
		t.Fatalf("not in the room:\n%s", s.trace.String())
	}
	s.ui.until(t, "the desk as the last visit left it", func() bool { return r.restored })
	t.Cleanup(func() {
		closed := false
		s.board.finish(s.screen.leave, func(err error) {
			closed = true
			if err != nil {
				t.Errorf("leaving: %v", err)
			}
		})
		s.ui.until(t, "the window to close", func() bool { return closed })
	})
	return s, r
}

// said counts the trace's lines that begin so.
func (s *stage) said(prefix string) int {
	n := 0
	for line := range strings.Lines(s.trace.String()) {
		if strings.HasPrefix(line, prefix) {
			n++
		}
	}
	return n
}
