package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	"vitrine/packaging/drive"
)

// idleTarget is how much more processor an idle room may take than an empty window.
const idleTarget = 1.2

func idleCommand() *cobra.Command {
	b := &idleBench{}
	c := &cobra.Command{
		Use:   "idle -- ARGUMENTS OF VITRINE",
		Short: "what the room costs while nobody does anything, beside an empty window of Fyne",
		Long: `Opens a file in vitrine and, on the same display, an empty window of the same toolkit, waits until both have come
to rest, and counts for a while what either takes: processor time, and how often its threads gave up the processor. Build
both alike, or the figures say nothing: this bench with -tags x11,release,no_metadata,no_animations,migrated_fynedo.`,
		RunE: func(cmd *cobra.Command, args []string) error {
			b.out = cmd.OutOrStdout()
			if len(args) == 0 {
				args = []string{"--sample"}
			}
			return b.run(cmd.Context(), args)
		},
	}
	c.Flags().DurationVar(&b.wait, "for", time.Minute, "how long to count")
	c.Flags().StringVar(&b.file, "file", "pdf_decode", "what to type into quick open")
	return c
}

// An idleBench is one run of bench idle.
type idleBench struct {
	out  io.Writer
	wait time.Duration
	file string
}

func (b *idleBench) run(ctx context.Context, args []string) (err error) {
	dir, err := os.MkdirTemp("", "vitrine-bench-")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	d, err := drive.Open(ctx, drive.Options{Size: "1280x800", Dir: dir, Patience: patience})
	if err != nil {
		return err
	}
	defer d.Close()
	if err := b.open(ctx, d, args); err != nil {
		return errors.Join(err, errors.New(d.Complaints()))
	}
	empty, err := stageProcess(ctx, d, stagePlan{Subject: "empty"})
	if err != nil {
		return err
	}
	if err := empty.Start(); err != nil {
		return err
	}
	defer func() { _ = empty.Wait() }() // killed
	defer func() { _ = empty.Process.Kill() }()
	rest := func(t time.Duration) error {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(t):
			return nil
		}
	}
	if err := rest(min(b.wait, 15*time.Second)); err != nil { // Fyne cleans its caches, windows settle
		return err
	}
	names, pids := []string{"vitrine", "an empty window"}, []int{d.Pid(), empty.Process.Pid}
	var before, after [2]idleCost
	for i, pid := range pids {
		if before[i], err = costOf(pid); err != nil {
			return err
		}
	}
	if err := rest(b.wait); err != nil {
		return err
	}
	for i, pid := range pids {
		if after[i], err = costOf(pid); err != nil {
			return err
		}
	}
	w := tabwriter.NewWriter(b.out, 0, 8, 2, ' ', 0)
	fmt.Fprintf(w, "idle for %v\tprocessor, ms\tgave the processor up\tlost it\tthreads\n", b.wait)
	for i, n := range names {
		fmt.Fprintf(w, "%s\t%d\t%d\t%d\t%d\n", n, (after[i].cpu - before[i].cpu).Milliseconds(), after[i].gave-before[i].gave, after[i].lost-before[i].lost, after[i].threads)
	}
	if err := w.Flush(); err != nil {
		return err
	}
	fmt.Fprintf(b.out, "processor %.2f times an empty window's (target %.1f), gave up %.2f times as often\n",
		float64(after[0].cpu-before[0].cpu)/float64(after[1].cpu-before[1].cpu), idleTarget, float64(after[0].gave-before[0].gave)/float64(after[1].gave-before[1].gave))
	return nil
}

// open goes through to a file.
func (b *idleBench) open(ctx context.Context, d *drive.Display, args []string) error {
	if err := d.Enter(ctx, append([]string{"--size", "1280x800"}, args...)...); err != nil {
		return err
	}
	if err := d.Key(ctx, "ctrl+p"); err != nil {
		return err
	}
	if err := d.Tool(ctx, "type", b.file); err != nil {
		return err
	}
	if _, err := d.Until(ctx, "painted"); err != nil {
		return err
	}
	if err := d.Key(ctx, "Return"); err != nil {
		return err
	}
	if _, err := d.Until(ctx, "open"); err != nil {
		return err
	}
	_, err := d.Until(ctx, "painted")
	return err
}

// idleCost is what a process has taken so far, all its threads together.
type idleCost struct {
	cpu        time.Duration
	gave, lost int // voluntary and involuntary context switches
	threads    int
}

// costOf reads /proc (proc(5)): user and system time in ticks of which a second has
// 100 on every Linux that Go runs on, and each thread's switches.
func costOf(pid int) (c idleCost, err error) {
	proc := filepath.Join("/proc", strconv.Itoa(pid))
	stat, err := os.ReadFile(filepath.Join(proc, "stat"))
	if err != nil {
		return c, err
	}
	fields := strings.Fields(string(stat[bytes.LastIndexByte(stat, ')')+1:]))
	for _, f := range fields[11:13] {
		ticks, err := strconv.Atoi(f)
		if err != nil {
			return c, err
		}
		c.cpu += time.Duration(ticks) * 10 * time.Millisecond
	}
	threads, err := filepath.Glob(filepath.Join(proc, "task", "*", "status"))
	if err != nil {
		return c, err
	}
	c.threads = len(threads)
	for _, t := range threads {
		b, err := os.ReadFile(t)
		if err != nil {
			continue // it ended meanwhile
		}
		for line := range strings.Lines(string(b)) {
			name, value, _ := strings.Cut(line, ":")
			n, err := strconv.Atoi(strings.TrimSpace(value))
			switch {
			case err != nil:
			case name == "voluntary_ctxt_switches":
				c.gave += n
			case name == "nonvoluntary_ctxt_switches":
				c.lost += n
			}
		}
	}
	return c, nil
}
