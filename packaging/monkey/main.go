// Monkey presses keys, clicks, drags, scrolls and resizes the real window at random
// and at speed, as long as it is told, and says what came of it.
//
//	monkey --minutes 10 --seed 7 -- --sample
//	monkey --minutes 10 --home DIR -- --operator op.pub --policy policy.json DEPOSIT
//
// A run is named by its seed. It fails when the program dies, when it writes anything to
// its standard error (a panic, a data race of a binary built with -race, a complaint of
// Fyne), when it stops answering, or when its memory grows by more than --growth
// megabytes from the end of the warm-up to the end of the run, in one visit; both are the
// least of several readings, after a rest; mapped files do not count, and little that waits
// for the collector (GOGC is 20): it is what the program holds. It never leaves the room of
// its own: Ctrl+Q is not among its keys, and after a visit that a menu ended the time
// begins again.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"time"

	"github.com/spf13/cobra"

	"vitrine/packaging/drive"
)

// patience is how long the window may take to answer on a busy machine, the
// indexing of a large deposit included.
const patience = 20 * time.Minute

// batch is how many acts go to the window between two looks at how it is.
const batch = 60

// batchesToAnswer is how many batches go to the window between two questions to it, and
// prompt how long it may take to answer: several programs may share the processor.
const (
	batchesToAnswer = 4
	prompt          = 2 * time.Minute
)

// maxWidth and maxHeight are the display; minWidth and minHeight the smallest window tried.
const (
	maxWidth, maxHeight = 1920, 1080
	minWidth, minHeight = 800, 560
)

func main() {
	m := &monkey{}
	c := &cobra.Command{
		Use: "monkey [flags] -- ARGUMENTS OF VITRINE", Short: "random keys, clicks, scrolls and resizes in the real window",
		SilenceUsage: true, SilenceErrors: true,
		RunE: func(cmd *cobra.Command, args []string) error {
			m.out, m.args = cmd.OutOrStdout(), args
			return m.run(cmd.Context())
		},
	}
	c.Flags().Uint64Var(&m.seed, "seed", 1, "of the random acts")
	c.Flags().Float64Var(&m.minutes, "minutes", 10, "how long")
	c.Flags().StringVar(&m.home, "home", "", "the room's folder, which is kept: a large deposit is indexed once")
	c.Flags().IntVar(&m.growth, "growth", 50, "how many megabytes the memory may grow by; 0: any, as with -race")
	if err := c.ExecuteContext(context.Background()); err != nil {
		fmt.Fprintln(os.Stderr, "monkey:", err)
		os.Exit(1)
	}
}

type monkey struct {
	out     io.Writer
	args    []string
	seed    uint64
	minutes float64
	growth  int
	home    string

	d      *drive.Display
	r      *rand.Rand
	acts   int
	visits int
	errors map[string]int // that the screen showed
	recent []string       // the last acts

	window        string // as xdotool names it
	width, height int    // of it, as it was last asked for
	focused       bool   // the window has told where the keyboard is
}

func (m *monkey) run(ctx context.Context) (err error) {
	dir, err := os.MkdirTemp("", "vitrine-monkey-")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	m.r, m.errors = rand.New(rand.NewPCG(m.seed, 0)), map[string]int{}
	opt := drive.Options{Size: fmt.Sprintf("%dx%d", maxWidth, maxHeight), Dir: dir, Patience: patience, Env: []string{"GOGC=20", "FYNE_CACHE=5s"}} // the cache is as the chooser gives it to a visit
	if m.home != "" {
		if m.home, err = filepath.Abs(m.home); err != nil {
			return err
		}
		opt.Env = append(opt.Env, "VITRINE_HOME="+m.home)
	}
	m.d, err = drive.Open(ctx, opt)
	if err != nil {
		return err
	}
	defer m.d.Close()
	if err := m.enter(ctx); err != nil {
		return err
	}
	begin := time.Now()
	before, after, err := m.stretch(ctx)
	for range mostVisits {
		if !errors.Is(err, errEnded) {
			break
		}
		before, after, err = m.stretch(ctx)
	}
	if err != nil {
		return err
	}
	fmt.Fprintf(m.out, "seed %d: %d acts in %.1f minutes, %d visits; memory %d MB after the warm-up, %d MB at the end\n",
		m.seed, m.acts, time.Since(begin).Minutes(), m.visits, before>>20, after>>20)
	for _, text := range slices.Sorted(maps.Keys(m.errors)) {
		fmt.Fprintf(m.out, "  the screen showed %d times: %s\n", m.errors[text], text)
	}
	if grown := (after - before) >> 20; m.growth > 0 && grown > int64(m.growth) {
		return fmt.Errorf("the memory grew by %d MB, %d are allowed", grown, m.growth)
	}
	return nil
}

// mostVisits bounds how often a visit that a menu ended is begun again.
const mostVisits = 5

// errEnded is for a visit that was not long enough to tell how it grows.
var errEnded = errors.New("a menu ended each visit before its time; another seed has luck")

// stretch acts for the time asked for and reads the memory after a third of it, when caches
// are full and every screen was made once, and at the end: both of one visit, as another one
// begins with nothing.
func (m *monkey) stretch(ctx context.Context) (before, after int64, err error) {
	total, begin, visit := time.Duration(m.minutes*float64(time.Minute)), time.Now(), m.visits
	for _, step := range []struct {
		until time.Duration
		read  *int64
	}{{total / 3, &before}, {total, &after}} {
		if err := m.until(ctx, begin.Add(step.until)); err != nil {
			return 0, 0, err
		}
		if *step.read, err = m.memory(ctx); err != nil {
			return 0, 0, err
		}
		if m.visits != visit {
			return 0, 0, errEnded
		}
	}
	return before, after, nil
}

// enter starts a visit, goes into the room once everything is indexed, and fills it.
func (m *monkey) enter(ctx context.Context) error {
	m.visits++
	m.width, m.height = 1280, 800
	if err := m.d.Enter(ctx, append([]string{"--size", "1280x800"}, m.args...)...); err != nil {
		return m.fault(err)
	}
	var err error
	if m.window, err = m.d.Window(ctx); err != nil {
		return m.fault(err)
	}
	return m.fill(ctx)
}

// everyText is a query that no index narrows, so that every text is read, and kept as far as
// the program's own bound allows; hardly any has a hit.
const everyText = "%&?!%&?!"

// fill has the program keep what it keeps at most, so that it is not taken for growth: the
// texts of the deposit, and more open files than there may be. Each takes the place of
// another one afterwards.
func (m *monkey) fill(ctx context.Context) error {
	if err := m.d.Key(ctx, "ctrl+shift+f"); err != nil {
		return err
	}
	if err := m.d.Type(ctx, everyText); err != nil {
		return err
	}
	if _, err := m.d.UntilSaid(ctx, "hits", " for "+everyText, func(rest string) bool { return strings.HasSuffix(rest, " "+everyText) }); err != nil {
		return m.fault(err)
	}
	for letter := 'a'; letter <= 'z'; letter++ {
		if err := m.d.Key(ctx, "ctrl+p", string(letter), "Return"); err != nil {
			return err
		}
		if err := m.answers(ctx); err != nil {
			return err
		}
	}
	return nil
}

// hung is the error of a window that does not answer: with a picture of it, and with what
// the program was doing, which it tells when it is ended so.
func (m *monkey) hung(ctx context.Context) error {
	picture := filepath.Join(os.TempDir(), fmt.Sprintf("vitrine-monkey-%d.png", m.seed))
	err := m.d.Picture(ctx, picture)
	if err := syscall.Kill(m.d.Pid(), syscall.SIGQUIT); err != nil {
		return m.fault(err)
	}
	_, gone := m.d.Until(ctx, "exited")
	return m.fault(errors.Join(fmt.Errorf("the window has not answered for %v; it is seen in %s", prompt, picture), err, gone))
}

// fault is an error with what the program complained of and what was done last.
func (m *monkey) fault(err error) error {
	return fmt.Errorf("seed %d, after %d acts: %w\nthe last acts:\n  %s\nstandard error:\n%s", m.seed, m.acts, err, strings.Join(m.recent, "\n  "), m.d.Complaints())
}

// until acts until a time, or until the visit ends.
func (m *monkey) until(ctx context.Context, end time.Time) error {
	batches := 0
	for visit := m.visits; visit == m.visits && time.Now().Before(end); {
		script := make([]string, 0, batch)
		for range batch {
			script = append(script, m.act())
		}
		m.recent = script
		m.acts += batch
		failed := m.d.Script(ctx, script) // as when there is no window any more to act on
		if err := m.look(ctx); err != nil {
			return err
		}
		if batches++; batches%batchesToAnswer == 0 || failed != nil {
			if err := m.answers(ctx); err != nil {
				return err
			}
		}
	}
	return nil
}

// answers asks the window for something whose answer it tells: where the keyboard is, once
// what may lie over the room is closed.
func (m *monkey) answers(ctx context.Context) error {
	m.focused = false
	deadline := time.Now().Add(prompt)
	for visit := m.visits; !m.focused && visit == m.visits; {
		if time.Now().After(deadline) {
			return m.hung(ctx)
		}
		// Without a window it fails, and the program tells that it has gone. What an act that
		// failed in the middle left held is let go: with Ctrl, F6 would be another key.
		_ = m.d.Script(ctx, []string{"windowactivate " + m.window, "keyup Control_L keyup Alt_L keyup Shift_L mouseup 1", "key --delay 30 Escape Escape Escape F6"})
		for i := 0; i < 20 && !m.focused && visit == m.visits; i++ {
			select {
			case <-time.After(50 * time.Millisecond):
			case <-ctx.Done():
				return ctx.Err()
			}
			if err := m.look(ctx); err != nil {
				return err
			}
		}
	}
	return nil
}

// look sees how the window is: that it answers, what it showed, what it complained of.
func (m *monkey) look(ctx context.Context) error {
	gone := false
	for _, line := range m.d.Drain() {
		if how, ok := strings.CutPrefix(line, "exited "); ok {
			if how != "<nil>" && how != "exit status 3" { // 3: another deposit is wanted
				return m.fault(errors.New("the program ended: " + how))
			}
			gone = true
		}
		if text, ok := strings.CutPrefix(line, "error "); ok {
			m.errors[text]++
		}
		if strings.HasPrefix(line, "focus ") {
			m.focused = true
		}
	}
	if text := strings.TrimSpace(m.d.Complaints()); text != "" {
		return m.fault(errors.New("the program complained"))
	}
	if gone {
		return m.enter(ctx)
	}
	return ctx.Err()
}

// memory is the least that the program has of several readings. The same few keys come
// before each: Fyne forgets what is out of sight when it paints, and the collector runs when
// there is something new.
func (m *monkey) memory(ctx context.Context) (int64, error) {
	least := int64(0)
	for range 20 {
		if err := m.answers(ctx); err != nil {
			return 0, err
		}
		if err := m.d.Script(ctx, []string{"key --delay 30 ctrl+p", "type --delay 30 main", "key --delay 30 Escape Escape F6"}); err != nil {
			return 0, err
		}
		select {
		case <-time.After(2 * time.Second): // what is freed goes back to the system by and by
		case <-ctx.Done():
			return 0, ctx.Err()
		}
		if err := m.look(ctx); err != nil {
			return 0, err
		}
		n, err := m.d.Memory()
		if err != nil {
			return 0, m.fault(err)
		}
		if least == 0 || n < least {
			least = n
		}
	}
	return least, nil
}

// keys are pressed as they are, letters are typed into what is focused.
var keys = strings.Fields(`Up Down Left Right Prior Next Home End Return Escape Tab shift+Tab space BackSpace Delete
	F1 F3 shift+F3 F4 shift+F4 F6 shift+F6 F10 F12 shift+F12 alt+F12 alt+shift+F12 alt+F1 ctrl+F12
	ctrl+p ctrl+shift+p ctrl+f ctrl+g ctrl+t ctrl+shift+o ctrl+shift+f ctrl+shift+e ctrl+shift+y ctrl+shift+m ctrl+shift+a ctrl+b
	ctrl+m ctrl+Return ctrl+e ctrl+c ctrl+a ctrl+w ctrl+Tab ctrl+shift+Tab ctrl+Prior ctrl+Next ctrl+shift+h ctrl+shift+l ctrl+shift+i
	ctrl+Up ctrl+Down ctrl+Left ctrl+Right ctrl+Home ctrl+End alt+Left alt+Right alt+Prior alt+Next ctrl+alt+h ctrl+alt+j
	shift+Up shift+Down shift+Left shift+Right shift+Prior shift+Next shift+Home shift+End ctrl+shift+Left ctrl+shift+Right
	shift+alt+Up shift+alt+Down shift+alt+Left shift+alt+Right ctrl+shift+bracketleft ctrl+shift+bracketright ctrl+shift+backslash
	ctrl+plus ctrl+minus ctrl+0 ctrl+backslash ctrl+1 ctrl+2 ctrl+F2 F2 shift+F2 ctrl+shift+t ctrl+k alt+z
	a b c e i m n r s t x 0 1 2 period slash colon at greater quotedbl parenleft parenright asterisk`)

// act is one random act, as a line for xdotool.
func (m *monkey) act() string {
	x, y := m.r.IntN(m.width), m.r.IntN(m.height)
	switch n := m.r.IntN(100); {
	case n < 60:
		return "key --delay 2 " + keys[m.r.IntN(len(keys))]
	case n < 75:
		return fmt.Sprintf("mousemove %d %d click --delay 2 --repeat %d 1", x, y, 1+m.r.IntN(3)/2)
	case n < 78:
		return fmt.Sprintf("mousemove %d %d click 3", x, y)
	case n < 90:
		return fmt.Sprintf("mousemove %d %d click --delay 2 --repeat %d %d", x, y, 1+m.r.IntN(12), 4+m.r.IntN(2))
	case n < 96:
		return fmt.Sprintf("mousemove %d %d mousedown 1 mousemove %d %d mousemove %d %d mouseup 1", x, y, (x+m.width/2)/2, (y+m.height/2)/2, m.r.IntN(m.width), m.r.IntN(m.height))
	case n < 98:
		m.width, m.height = minWidth+m.r.IntN(maxWidth-minWidth), minHeight+m.r.IntN(maxHeight-minHeight)
		// By its name: a window that xdotool searched for is sent all later keys of the script
		// past the X server, without its keyboard focus, its modifiers and its grabs.
		return fmt.Sprintf("windowsize %s %d %d windowmove %s 0 0", m.window, m.width, m.height, m.window)
	}
	return fmt.Sprintf("mousemove %d %d", x, y)
}
