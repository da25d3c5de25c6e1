package main

import (
	"bytes"
	"context"
	"encoding/json"
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

	"vitrine/packaging/drive"
)

// A viewScript is something that people do to the window and that has to be quick.
type viewScript struct {
	name, about string
	run         func(*viewBench) error
}

// viewScripts are what bench view runs, in this order.
var viewScripts = []viewScript{
	{"draw", "three-line scrolls and page jumps, beside widget.List and widget.TextGrid", (*viewBench).draw},
	{"tree", "a tree of 84,000 files and a list of 1,000,000 hits, beside widget.List", (*viewBench).tree},
	{"memory", "1,200 page jumps", (*viewBench).memory},
	{"open", "files of all kinds until their first text, places in a long one until their colours", (*viewBench).open},
	{"quick", "keys typed into quick open over 100,000 paths", (*viewBench).quick},
}

func viewCommand() *cobra.Command {
	b := &viewBench{}
	var about strings.Builder
	for _, s := range viewScripts {
		fmt.Fprintf(&about, "\n  %-8s %s", s.name, s.about)
	}
	c := &cobra.Command{
		Use:   "view [SCRIPT…]",
		Short: "time what people do in the code view, in a real window",
		Long: `Opens windows on a display of its own (Xvfb, software GL) and times, in them, what people do, on text
that it makes itself. A frame is timed from the event to the end of the swap that shows it. Scripts, all when none is named:
` + about.String() + `

Xvfb, openbox and xdotool come from the PATH.`,
		RunE: func(cmd *cobra.Command, args []string) error {
			b.ctx, b.out = cmd.Context(), cmd.OutOrStdout()
			return b.run(args)
		},
	}
	c.Flags().IntVar(&b.rounds, "rounds", 3, "interleaved rounds")
	c.Flags().StringVar(&b.profile, "profile", "", "folder for profiles of the processor's time and of allocations")
	return c
}

// viewScreen has room for 80 rows.
const viewScreen = "1600x1700"

// A viewBench is one run of bench view.
type viewBench struct {
	ctx     context.Context
	d       *drive.Display
	out     io.Writer
	rounds  int
	profile string
}

func (b *viewBench) run(names []string) (err error) {
	for _, n := range names {
		if !slices.ContainsFunc(viewScripts, func(s viewScript) bool { return s.name == n }) {
			return fmt.Errorf("no script is called %q", n)
		}
	}
	dir, err := os.MkdirTemp("", "vitrine-bench-")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	opt := drive.Options{Size: viewScreen, Dir: dir, Patience: patience}
	if opt.Bin, err = drive.Binaries("."); err != nil {
		opt.Bin = dir // the scripts that need the program say so
	}
	if b.d, err = drive.Open(b.ctx, opt); err != nil {
		return err
	}
	defer b.d.Close()
	for _, s := range viewScripts {
		if len(names) > 0 && !slices.Contains(names, s.name) {
			continue
		}
		if err := s.run(b); err != nil {
			return fmt.Errorf("%s: %w", s.name, err)
		}
	}
	return nil
}

// stageLimit is how long one window may take: the longest plan, of 1,200 pages, takes a
// minute where the machine is busy, and one that stands still would be waited for all night.
const stageLimit = 10 * time.Minute

// stage runs one subject in a window and a process of its own.
func (b *viewBench) stage(p stagePlan) (s *staged, err error) {
	if b.profile != "" {
		if p.Profile, err = filepath.Abs(b.profile); err != nil {
			return nil, err
		}
	}
	ctx, cancel := context.WithTimeoutCause(b.ctx, stageLimit, fmt.Errorf("its window has not ended within %v", stageLimit))
	defer cancel()
	c, err := stageProcess(ctx, b.d, p)
	if err != nil {
		return nil, err
	}
	var out bytes.Buffer
	c.Stdout, c.Stderr = &out, os.Stderr
	if err := c.Run(); err != nil {
		return nil, fmt.Errorf("%s: %w", p.Subject, errors.Join(err, context.Cause(ctx)))
	}
	s = &staged{}
	return s, json.Unmarshal(out.Bytes(), s)
}

// stageProcess is this program as the process of one window, which lives no longer than ctx
// and than this process.
func stageProcess(ctx context.Context, d *drive.Display, p stagePlan) (*exec.Cmd, error) {
	self, err := os.Executable()
	if err != nil {
		return nil, err
	}
	plan, err := json.Marshal(p)
	if err != nil {
		return nil, err
	}
	c := exec.CommandContext(ctx, self, "stage", string(plan))
	c.Env, c.SysProcAttr = d.Env(), &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	c.Cancel = func() error { return c.Process.Signal(syscall.SIGQUIT) } // it tells where it stood
	c.WaitDelay = 10 * time.Second
	return c, nil
}

// interleaved runs the subjects in turn, in so many rounds as are asked for.
func (b *viewBench) interleaved(subjects []string, plan func(subject string) stagePlan) (map[string]*staged, error) {
	all := map[string]*staged{}
	for range b.rounds {
		for _, subject := range subjects {
			s, err := b.stage(plan(subject))
			if err != nil {
				return nil, err
			}
			if all[subject] == nil {
				all[subject] = &staged{}
			}
			all[subject].add(s)
		}
	}
	return all, nil
}

// What drawing is held to: a whole frame beside that of a list of plain rows, how many
// times quicker than a text grid, and what a page may allocate and 1,200 of them keep.
const (
	scrollTarget = 1.0
	pageTarget   = 0.8
	gridTarget   = 20
	allocTarget  = 1.0 // MB
	growthTarget = 120 // MB
	manyPages    = 1200
)

// draw times scrolling and paging, in rounds of each subject in turn.
func (b *viewBench) draw() error {
	subjects := []string{"code", "list", "grid"}
	all, err := b.interleaved(subjects, func(subject string) stagePlan {
		p := stagePlan{Subject: subject, Scrolls: 120, Pages: 60}
		if subject == "grid" {
			p.Scrolls, p.Pages = 6, 4 // each takes a good part of a second
		}
		return p
	})
	if err != nil {
		return err
	}
	w := tabwriter.NewWriter(b.out, 0, 8, 2, ' ', 0)
	fmt.Fprintf(w, "80 rows of 160 columns, %d rounds\tframe, ms: p50\tp95\tmax\tprocessor, ms: p50\tp95\tallocated, kB\n", b.rounds)
	for _, subject := range subjects {
		for _, k := range []string{"scroll", "page"} {
			f := all[subject].frames(k)
			fmt.Fprintf(w, "%s %s\t%.1f\t%.1f\t%.1f\t%.1f\t%.1f\t%.0f\n", subject, k, at(f, .5, frame.wall), at(f, .95, frame.wall), at(f, 1, frame.wall),
				at(f, .5, frame.cpu), at(f, .95, frame.cpu), at(f, .5, frame.kB))
		}
	}
	if err := w.Flush(); err != nil {
		return err
	}
	for _, k := range []struct {
		name   string
		target float64
	}{{"scroll", scrollTarget}, {"page", pageTarget}} {
		code, list, grid := all["code"].frames(k.name), all["list"].frames(k.name), all["grid"].frames(k.name)
		fmt.Fprintf(b.out, "%s: of a list's frame p50 %.2f, p95 %.2f (target %.1f); processor %.2f, %.2f; a grid's takes %.0f times as long (target %d)\n", k.name,
			at(code, .5, frame.wall)/at(list, .5, frame.wall), at(code, .95, frame.wall)/at(list, .95, frame.wall), k.target,
			at(code, .5, frame.cpu)/at(list, .5, frame.cpu), at(code, .95, frame.cpu)/at(list, .95, frame.cpu),
			at(grid, .5, frame.wall)/at(code, .5, frame.wall), gridTarget)
	}
	fmt.Fprintf(b.out, "allocated for a page: %.2f MB (target %.1f)\n\n", at(all["code"].frames("page"), .5, frame.kB)/1e3, allocTarget)
	return nil
}

// memory pages through the text for long and tells what is kept.
func (b *viewBench) memory() error {
	s, err := b.stage(stagePlan{Subject: "code", Pages: manyPages})
	if err != nil {
		return err
	}
	fmt.Fprintf(b.out, "%d pages: resident %.0f MB at first, %.0f at most, %.0f in the end (growth %+.0f, target %d); heap %.0f and %.0f MB\n\n",
		manyPages, s.First.Resident, s.Peak, s.Last.Resident, s.Peak-s.First.Resident, growthTarget, s.First.Heap, s.Last.Heap)
	return nil
}

// A stagePlan is what a window's process is to do.
type stagePlan struct {
	Subject        string // code, list, grid; or empty, until it is killed
	Scrolls, Pages int
	Profile        string // folder, or none
}

// staged is what it found.
type staged struct {
	Scroll, Page []frame
	First, Last  memory
	Peak         float64 // resident, MB
}

func (s *staged) frames(kind string) []frame {
	if kind == "page" {
		return s.Page
	}
	return s.Scroll
}

func (s *staged) add(t *staged) {
	s.Scroll, s.Page = append(s.Scroll, t.Scroll...), append(s.Page, t.Page...)
}

// A frame is the cost of one event, from it to the end of the swap that shows it.
type frame struct {
	Wall, CPU time.Duration // CPU: of all threads, also those that draw
	Allocated uint64        // bytes
}

func (f frame) wall() float64 { return f.Wall.Seconds() * 1e3 }
func (f frame) cpu() float64  { return f.CPU.Seconds() * 1e3 }
func (f frame) kB() float64   { return float64(f.Allocated) / 1e3 }

// memory is what a process holds, in MB.
type memory struct{ Resident, Heap float64 }

// at is the figure within which a share of the frames are.
func at(frames []frame, share float64, of func(frame) float64) float64 {
	if len(frames) == 0 {
		return 0
	}
	var all []float64
	for _, f := range frames {
		all = append(all, of(f))
	}
	slices.Sort(all)
	return all[min(int(share*float64(len(all))), len(all)-1)]
}
