package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	"vitrine/index/search"
)

func searchCommand() *cobra.Command {
	b := &searchBench{}
	var linux bool
	c := &cobra.Command{
		Use:   "search [DIR…]",
		Short: "time index and queries beside ripgrep, codesearch and, where it is installed, zoekt",
		Long: `Indexes each folder (the Go toolchain's src when none is given; with --linux, Debian's linux-source-6.1 too)
with each tool as a process of its own, then asks all of them the same queries in turn: those of queries.txt, on which the
search was tuned, and as many drawn at random from the corpus. rg and csearch are timed as processes, since that is
how they are used; zoekt by what it says a search took; vitrine from the call to the last hit, as its window does.`,
		RunE: func(cmd *cobra.Command, dirs []string) error {
			b.ctx, b.out = cmd.Context(), cmd.OutOrStdout()
			return b.run(dirs, linux)
		},
	}
	c.Flags().BoolVar(&linux, "linux", false, "also linux-source-6.1, which is installed through apt where it is missing")
	c.Flags().IntVar(&b.random, "random", 40, "queries drawn at random")
	c.Flags().IntVar(&b.rounds, "rounds", 3, "rounds of each query; the quickest counts")
	c.Flags().Uint64Var(&b.seed, "seed", uint64(time.Now().UnixNano()), "of the random queries")
	return c
}

type searchBench struct {
	ctx            context.Context
	out            io.Writer
	random, rounds int
	seed           uint64
}

func (b *searchBench) run(dirs []string, linux bool) (err error) {
	work, err := os.MkdirTemp("", "vitrine-bench-")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(work)) }()
	if len(dirs) == 0 && !linux {
		src, err := goSource(b.ctx)
		if err != nil {
			return err
		}
		dirs = []string{src}
	}
	if linux {
		dir, err := linuxSource(b.ctx, work)
		if err != nil {
			return err
		}
		dirs = append(dirs, dir)
	}
	for i, dir := range dirs {
		sub := filepath.Join(work, fmt.Sprint(i))
		if err := os.Mkdir(sub, 0o700); err != nil {
			return err
		}
		if dir, err = filepath.Abs(dir); err != nil {
			return err
		}
		if err := b.corpus(dir, sub); err != nil {
			return fmt.Errorf("%s: %w", dir, err)
		}
	}
	return nil
}

const linuxPackage = "linux-source-6.1"

// linuxSource unpacks Debian's kernel source.
func linuxSource(ctx context.Context, work string) (string, error) {
	archive := "/usr/src/" + linuxPackage + ".tar.xz"
	if _, err := os.Stat(archive); err != nil {
		if out, err := exec.CommandContext(ctx, "apt-get", "install", "-y", "--no-install-recommends", linuxPackage).CombinedOutput(); err != nil {
			return "", fmt.Errorf("installing %s: %w\n%s", linuxPackage, err, out)
		}
	}
	if out, err := exec.CommandContext(ctx, "tar", "-C", work, "-xf", archive).CombinedOutput(); err != nil {
		return "", fmt.Errorf("unpacking %s: %w\n%s", archive, err, out)
	}
	return filepath.Join(work, linuxPackage), nil
}

// corpus builds all indexes of a folder and asks all queries.
func (b *searchBench) corpus(dir, work string) error {
	all, err := peers(b.ctx, work, dir)
	if err != nil {
		return err
	}
	w := tabwriter.NewWriter(b.out, 0, 0, 2, ' ', tabwriter.AlignRight)
	self, err := os.Executable()
	if err != nil {
		return err
	}
	at := filepath.Join(work, "vitrine")
	mine, err := measure(b.ctx, []string{self, "corpus", dir, at})
	if err != nil {
		return err
	}
	opened, err := b.open(self, at)
	if err != nil {
		return err
	}
	c, err := openCorpus(at)
	if err != nil {
		return err
	}
	size := float64(c.tree.Size)
	fmt.Fprintf(b.out, "%s: %d files, %.1f MB; opened in %.0f ms with %.0f MB beyond mapped files; seed %d\n\n",
		dir, len(c.tree.Lists["HEAD"]), size/1e6, ms(opened.Took), float64(opened.Memory)/1e6, b.seed)
	fmt.Fprintln(w, "build\tCPU s\twall s\tpeak MB\tsize ÷ corpus\tCPU, ours ÷\twall, ours ÷\t")
	row := func(name string, t cost, share float64) {
		fmt.Fprintf(w, "%s\t%.2f\t%.2f\t%.0f\t%.2f\t%.2f\t%.2f\t\n", name, t.CPU.Seconds(), t.Wall.Seconds(), float64(t.Memory)/1e6,
			share, mine.CPU.Seconds()/t.CPU.Seconds(), mine.Wall.Seconds()/t.Wall.Seconds())
	}
	row("vitrine, index and content", mine, c.share("content")+c.share("index"))
	fmt.Fprintf(w, "of it, without content\t\t\t\t%.2f\t\t\t\n", c.share("index"))
	for _, p := range all {
		if p.index == nil {
			continue
		}
		t, err := measure(b.ctx, p.index)
		if err != nil {
			return errors.Join(err, c.close())
		}
		row(p.name, t, sizeOf(p.at)/size)
	}
	if err := w.Flush(); err != nil {
		return errors.Join(err, c.close())
	}
	fmt.Fprintln(b.out)
	return errors.Join(b.queries(c, all), c.close())
}

// An opening is what it takes to open an index.
type opening struct {
	Took   time.Duration
	Memory int64 // bytes that are no mapped file's
}

// open opens a corpus in a process of its own.
func (b *searchBench) open(self, at string) (o opening, err error) {
	out, err := exec.CommandContext(b.ctx, self, "open", at).Output()
	if err != nil {
		return o, fmt.Errorf("opening the index: %w", err)
	}
	return o, json.Unmarshal(out, &o)
}

func openCommand() *cobra.Command {
	return &cobra.Command{
		Use:    "open DIR",
		Hidden: true,
		Args:   cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			// Twice: the first brings the files into the page cache.
			c, err := openCorpus(args[0])
			if err != nil {
				return err
			}
			if err := errors.Join(c.index.Close(), c.content.Close()); err != nil {
				return err
			}
			c = nil
			runtime.GC()
			before, err := resident()
			if err != nil {
				return err
			}
			start := time.Now()
			if c, err = openCorpus(args[0]); err != nil {
				return err
			}
			o := opening{Took: time.Since(start)}
			after, err := resident()
			if err != nil {
				return err
			}
			o.Memory = max(after-before, 0)
			err = json.NewEncoder(cmd.OutOrStdout()).Encode(o)
			return errors.Join(err, c.index.Close(), c.content.Close())
		},
	}
}

// resident is how much memory of the process lies in no file.
func resident() (int64, error) {
	text, err := os.ReadFile("/proc/self/status")
	if err != nil {
		return 0, err
	}
	for line := range strings.Lines(string(text)) {
		var n int64
		if _, err := fmt.Sscanf(line, "RssAnon: %d kB", &n); err == nil {
			return n << 10, nil
		}
	}
	return 0, errors.New("/proc/self/status has no RssAnon")
}

func corpusCommand() *cobra.Command {
	return &cobra.Command{
		Use:    "corpus DIR OUT",
		Hidden: true,
		Args:   cobra.ExactArgs(2),
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := os.Mkdir(args[1], 0o700); err != nil {
				return err
			}
			return writeCorpus(cmd.Context(), args[1], args[0], nil)
		},
	}
}

// A score gathers the times of queries.
type score struct {
	first, all []time.Duration            // ours
	theirs     map[string][]time.Duration // by peer
}

func (s *score) add(first, all time.Duration, theirs map[string]time.Duration) {
	s.first, s.all = append(s.first, first), append(s.all, all)
	if s.theirs == nil {
		s.theirs = map[string][]time.Duration{}
	}
	for name, t := range theirs {
		s.theirs[name] = append(s.theirs[name], t)
	}
}

// queries asks the tuned and then the random ones.
func (b *searchBench) queries(c *corpus, all []peer) error {
	tuned, err := tunedSamples()
	if err != nil {
		return err
	}
	random, err := c.drawer(b.seed).draw(b.random)
	if err != nil {
		return err
	}
	w := tabwriter.NewWriter(b.out, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprint(w, "query, times in ms\tlines\tfirst 50\tall\t")
	for _, p := range all {
		fmt.Fprintf(w, "%s\t÷ ours\t", p.name)
	}
	fmt.Fprintln(w)
	var total score
	classes := map[string]*score{}
	for i, s := range append(tuned, random...) {
		if i == len(tuned) {
			fmt.Fprintln(w, "drawn at random\t")
		}
		if err := b.query(w, c, all, s, &total, classes); err != nil {
			return err
		}
	}
	for _, name := range slices.Sorted(maps.Keys(classes)) {
		b.sum(w, "geomean, "+name, classes[name], all)
	}
	b.sum(w, "geomean, all with hits", &total, all)
	if len(total.first) > 0 {
		slices.Sort(total.first)
		fmt.Fprintf(w, "p95\t\t%.2f\t\n", ms(total.first[len(total.first)*95/100]))
	}
	return w.Flush()
}

func (b *searchBench) query(w io.Writer, c *corpus, all []peer, s sample, total *score, classes map[string]*score) error {
	q, err := s.ours("")
	if err != nil {
		return fmt.Errorf("%s: %w", s, err)
	}
	first, whole := time.Duration(math.MaxInt64), time.Duration(math.MaxInt64)
	theirs := map[string]time.Duration{}
	found := map[string]int{}
	lines := 0
	for range b.rounds {
		t, _, err := ours(b.ctx, c.index, q, 50)
		if err != nil {
			return fmt.Errorf("%s: %w", s, err)
		}
		first = min(first, t)
		if t, lines, err = ours(b.ctx, c.index, q, math.MaxInt); err != nil {
			return fmt.Errorf("%s: %w", s, err)
		}
		whole = min(whole, t)
		for _, p := range all {
			t, n, err := p.find(s)
			if err != nil {
				return fmt.Errorf("%s: %w", s, err)
			}
			if before, ok := theirs[p.name]; !ok || t < before {
				theirs[p.name] = t
			}
			found[p.name] = n
		}
	}
	fmt.Fprintf(w, "%.40s\t%d\t%.2f\t%.2f\t", strings.ReplaceAll(s.String(), "\t", "⇥"), lines, ms(first), ms(whole))
	for _, p := range all {
		note := ""
		if found[p.name] != lines {
			note = fmt.Sprintf(" (%d lines)", found[p.name])
		}
		fmt.Fprintf(w, "%.1f%s\t%.1f\t", ms(theirs[p.name]), note, float64(theirs[p.name])/float64(whole))
	}
	fmt.Fprintln(w)
	if lines > 0 {
		if classes[s.class] == nil {
			classes[s.class] = new(score)
		}
		classes[s.class].add(first, whole, theirs)
		total.add(first, whole, theirs)
	}
	return nil
}

func (b *searchBench) sum(w io.Writer, name string, s *score, all []peer) {
	fmt.Fprintf(w, "%s\t%d queries\t%.2f\t%.2f\t", name, len(s.all), geomean(s.first), geomean(s.all))
	for _, p := range all {
		fmt.Fprintf(w, "%.1f\t%.1f\t", geomean(s.theirs[p.name]), geomean(s.theirs[p.name])/geomean(s.all))
	}
	fmt.Fprintln(w)
}

// geomean is in milliseconds.
func geomean(all []time.Duration) float64 {
	var sum float64
	for _, d := range all {
		sum += math.Log(float64(d) / 1e6)
	}
	return math.Exp(sum / float64(len(all)))
}

// ours times one search of ours.
func ours(ctx context.Context, ix *search.Index, q *search.Query, limit int) (took time.Duration, lines int, err error) {
	start := time.Now()
	_, err = ix.Search(ctx, q, func(search.Hit) bool { lines++; return lines < limit })
	return time.Since(start), lines, err
}

func ms(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }
