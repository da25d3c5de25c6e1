package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime/pprof"
	"slices"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	"vitrine/index/deposit"
	"vitrine/index/search"
	"vitrine/index/symbol"
)

// What an answer about symbols may take, in milliseconds: of a keystroke in the
// search for symbols, of a definition, of the first fiftyUses uses.
const (
	keyTarget        = 16
	definitionTarget = 5
	usesTarget       = 20
	fiftyUses        = 50
)

// askedHits is how many symbols the window's palette asks for.
const askedHits = 200

func askCommand() *cobra.Command {
	b := &askBench{}
	var profile string
	c := &cobra.Command{
		Use:   "ask DIR",
		Short: "time questions about the symbols of a folder: search as it is typed, definitions, uses",
		Long: `Builds the text index and the symbols of the folder, or takes those that an earlier run left with --at, and asks
what a window asks: for symbols, after each letter of names drawn at random and of parts of them; for definitions, at names
in files that were not asked about before; for the uses of names, the first 50 and all. Times are in milliseconds.`,
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			b.ctx, b.out, b.r = cmd.Context(), cmd.OutOrStdout(), rand.New(rand.NewPCG(b.seed, 1))
			return b.run(args[0], profile)
		},
	}
	c.Flags().StringVar(&b.at, "at", "", "folder for the indexes, which are left there; else a temporary one")
	c.Flags().IntVar(&b.random, "random", 60, "names drawn at random for each kind of question")
	c.Flags().Uint64Var(&b.seed, "seed", 1, "of the names")
	c.Flags().StringSliceVar(&b.only, "only", nil, "kinds of questions: search, definitions, uses; all when none is given")
	c.Flags().StringVar(&profile, "profile", "", "file for a profile of the processor's time in questions")
	return c
}

type askBench struct {
	ctx    context.Context
	out    io.Writer
	at     string
	random int
	seed   uint64
	only   []string
	r      *rand.Rand

	c       *corpus
	symbols *symbol.Index
	texts   []deposit.File // those with symbols
}

func (b *askBench) asks(kind string) bool { return len(b.only) == 0 || slices.Contains(b.only, kind) }

func (b *askBench) run(dir, profile string) (err error) {
	at := b.at
	if at == "" {
		if at, err = os.MkdirTemp("", "vitrine-bench-"); err != nil {
			return err
		}
		defer func() { err = errors.Join(err, os.RemoveAll(at)) }()
	}
	if err := b.open(dir, at); err != nil {
		return err
	}
	defer func() { err = errors.Join(err, b.symbols.Close(), b.c.index.Close(), b.c.content.Close()) }()
	if profile != "" {
		f, err := os.Create(profile)
		if err != nil {
			return err
		}
		defer f.Close()
		if err := pprof.StartCPUProfile(f); err != nil {
			return err
		}
		defer pprof.StopCPUProfile()
	}
	w := tabwriter.NewWriter(b.out, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(w, "\tquestions\tmedian\tp95\tslowest\ttarget\tCPU median\tp95\tslowest\tmost CPU\t")
	for _, kind := range []struct {
		name string
		ask  func(w io.Writer) error
	}{{"search", b.search}, {"definitions", b.definitions}, {"uses", b.uses}} {
		if !b.asks(kind.name) {
			continue
		}
		if err := kind.ask(w); err != nil {
			return err
		}
	}
	return w.Flush()
}

// open opens the indexes, building what is missing.
func (b *askBench) open(dir, at string) error {
	if _, err := os.Stat(filepath.Join(at, "tree.json")); errors.Is(err, fs.ErrNotExist) {
		if err := os.MkdirAll(at, 0o700); err != nil {
			return err
		}
		if err := writeCorpus(b.ctx, at, dir, nil); err != nil {
			return err
		}
	}
	c, err := openCorpus(at)
	if err != nil {
		return err
	}
	b.c = c
	place := c.path("symbols")
	if _, err := os.Stat(place); errors.Is(err, fs.ErrNotExist) {
		start, used := time.Now(), processorTime()
		if err := symbol.Build(b.ctx, place, "", c.tree, c.content, nil); err != nil {
			return err
		}
		fmt.Fprintf(b.out, "symbols built in %.1f s, %.1f CPU s\n", time.Since(start).Seconds(), (processorTime() - used).Seconds())
	}
	if err := b.again(); err != nil {
		return err
	}
	for _, f := range c.tree.Lists["HEAD"] {
		if o, lang, err := b.symbols.Outline(f.Blob); err == nil && lang != "" && len(o.Symbols) > 0 {
			b.texts = append(b.texts, f)
		}
	}
	if len(b.texts) == 0 {
		return errors.New("the folder has no symbols")
	}
	n, err := b.symbols.Count()
	fmt.Fprintf(b.out, "%d files, %.1f MB, %d symbols; symbol index ÷ corpus %.4f\n", len(c.tree.Lists["HEAD"]), float64(c.tree.Size)/1e6, n, c.share("symbols"))
	return err
}

// again opens the symbols anew, so that nothing of them is in the program's memory.
func (b *askBench) again() (err error) {
	if b.symbols != nil {
		if err := b.symbols.Close(); err != nil {
			return err
		}
	}
	start := time.Now()
	if b.symbols, err = symbol.Open(b.ctx, b.c.path("symbols"), b.c.tree, b.c.content); err != nil {
		return err
	}
	opened := time.Since(start)
	err = b.symbols.Prepare(b.ctx, "HEAD")
	fmt.Fprintf(b.out, "symbols opened in %.1f ms, prepared in %.1f ms more\n", ms(opened), ms(time.Since(start)-opened))
	return err
}

// A timing is one question. What it used of the processors tells more than what it took,
// where others use them too.
type timing struct {
	what       string
	took, used time.Duration
}

// clocked times a question.
func clocked(what string, ask func() error) (timing, error) {
	start, used := time.Now(), processorTime()
	if err := ask(); err != nil {
		return timing{}, fmt.Errorf("%s: %w", what, err)
	}
	return timing{what, time.Since(start), processorTime() - used}, nil
}

func (b *askBench) row(w io.Writer, name string, all []timing, target float64) {
	if len(all) == 0 {
		return
	}
	var took, used []time.Duration
	for _, t := range all {
		took, used = append(took, t.took), append(used, t.used)
	}
	slices.Sort(took)
	slices.Sort(used)
	slices.SortFunc(all, func(a, b timing) int { return int(b.used - a.used) })
	var slowest []string
	for _, t := range all[:min(3, len(all))] {
		slowest = append(slowest, fmt.Sprintf("%s %.1f", t.what, ms(t.used)))
	}
	goal := ""
	if target > 0 {
		goal = fmt.Sprintf("%.0f", target)
	}
	last := len(all) - 1
	fmt.Fprintf(w, "%s\t%d\t%.2f\t%.2f\t%.2f\t%s\t%.2f\t%.2f\t%.2f\t%s\t\n", name, len(all), ms(took[len(all)/2]), ms(took[last-last/20]), ms(took[last]), goal,
		ms(used[len(all)/2]), ms(used[last-last/20]), ms(used[last]), strings.Join(slowest, ", "))
}

// text draws a text with symbols.
func (b *askBench) text() deposit.File { return b.texts[b.r.IntN(len(b.texts))] }

// drawName draws the name of a symbol.
func (b *askBench) drawName() (string, error) {
	o, _, err := b.symbols.Outline(b.text().Blob)
	if err != nil {
		return "", err
	}
	return o.Symbols[b.r.IntN(len(o.Symbols))].Name, nil
}

// askedQueries are of the kinds that are slow somewhere: common letters together
// and scattered, none that match, beginnings of words, capitals.
var askedQueries = []string{
	"ret", "ste", "tes", "ers", "est", "tre", "rst", "ase", "sat", "eta", "zzq", "qzx", "aeiou", "rets", "tion", "rtsa", "stcrt", "eeee", "tsts",
	"state", "ation", "interr", "sched_cl", "kmallc", "regmapwr", "skbuff", "usbdevreq", "tcpsndmsg", "GFPKERN", "ioctlhand",
	"xyzzynothing", "device_driver_probe_interface", "DCN_BASE", "amdgpuregs", "seterrnos", "rtnl", "ipvs", "x86fpu", "listforeach", "initfn",
}

// search asks after each letter.
func (b *askBench) search(w io.Writer) error {
	f, err := b.symbols.Filter(b.ctx, "HEAD", nil, nil)
	if err != nil {
		return err
	}
	ask := func(f *symbol.Filter, q string) (timing, error) {
		return clocked(q, func() error {
			_, err := b.symbols.Search(b.ctx, q, f, askedHits)
			return err
		})
	}
	first, err := ask(f, "sk")
	if err != nil {
		return err
	}
	b.row(w, "search, the first", []timing{first}, 0)
	queries := map[string][]string{"search, one to three letters": nil, "search, more letters": nil, "search, letters apart": nil}
	for range b.random {
		name, err := b.drawName()
		if err != nil {
			return err
		}
		if k := b.r.IntN(len(name)); b.r.IntN(2) == 0 {
			name = name[k:] // from its middle
		}
		var apart []byte
		for i := range len(name) {
			if b.r.IntN(3) == 0 && len(apart) < 8 {
				apart = append(apart, name[i])
			}
		}
		if len(apart) > 3 {
			queries["search, letters apart"] = append(queries["search, letters apart"], string(bytes.ToLower(apart)))
		}
		for n := 1; n <= min(len(name), 12); n++ {
			class := "search, more letters"
			if n <= 3 {
				class = "search, one to three letters"
			}
			queries[class] = append(queries[class], strings.ToLower(name[:n]))
		}
	}
	queries["search, slow kinds"] = askedQueries
	macros, err := b.symbols.Filter(b.ctx, "HEAD", []symbol.Kind{symbol.Function}, nil)
	if err != nil {
		return err
	}
	folder, err := b.symbols.Filter(b.ctx, "HEAD", nil, func(p string) bool { return strings.HasPrefix(p, b.texts[len(b.texts)/2].Path[:2]) })
	if err != nil {
		return err
	}
	for _, s := range []struct {
		class  string
		filter *symbol.Filter
		note   string
	}{
		{"search, one to three letters", f, ""}, {"search, more letters", f, ""}, {"search, letters apart", f, ""}, {"search, slow kinds", f, ""},
		{"search, slow kinds", macros, ", functions"}, {"search, slow kinds", folder, ", in some folders"},
	} {
		var all []timing
		for _, q := range queries[s.class] {
			t, err := ask(s.filter, q)
			if err != nil {
				return err
			}
			all = append(all, t)
		}
		b.row(w, s.class+s.note, all, keyTarget)
	}
	return nil
}

// definitions asks at names in files.
func (b *askBench) definitions(w io.Writer) error {
	var cold, warm, many []timing
	for range b.random {
		f := b.text()
		text, err := b.c.content.Text(f.Blob)
		if err != nil {
			return err
		}
		uses := identifiers(text.Bytes())
		if len(uses) == 0 {
			continue
		}
		for i := range 4 {
			at := uses[b.r.IntN(len(uses))]
			name := string(text.Bytes()[at[0]:at[1]])
			took, err := clocked(filepath.Base(f.Path)+" "+name, func() error {
				_, _, err := b.symbols.Definitions(b.ctx, symbol.Question{From: deposit.Place{Release: "HEAD", Path: f.Path}, Offset: at[0]})
				return err
			})
			if err != nil {
				return err
			}
			if i == 0 {
				cold = append(cold, took)
			} else {
				warm = append(warm, took)
			}
		}
	}
	names, err := b.manyTimes()
	if err != nil {
		return err
	}
	for _, name := range names {
		n := 0
		t, err := clocked(name, func() (err error) {
			_, n, err = b.symbols.Definitions(b.ctx, symbol.Question{Name: name, From: deposit.Place{Release: "HEAD", Path: b.text().Path}, Offset: -1})
			return err
		})
		if err != nil {
			return err
		}
		t.what = fmt.Sprintf("%s (%d)", name, n)
		many = append(many, t)
	}
	b.row(w, "definitions, the first in a file", cold, definitionTarget)
	b.row(w, "definitions, others in it", warm, definitionTarget)
	b.row(w, "definitions, of names with many", many, definitionTarget)
	return nil
}

// identifiers are where words begin and end; those in comments count too.
func identifiers(text []byte) [][]int { return words.FindAllIndex(text, 1<<16) }

// manyTimes are the names that are defined most, of some.
func (b *askBench) manyTimes() ([]string, error) {
	count := map[string]int{}
	for range 2000 {
		o, _, err := b.symbols.Outline(b.text().Blob)
		if err != nil {
			return nil, err
		}
		for i := range o.Symbols {
			count[o.Symbols[i].Name]++
		}
	}
	var names []string
	for n := range count {
		names = append(names, n)
	}
	slices.SortFunc(names, func(a, b string) int {
		if count[a] != count[b] {
			return count[b] - count[a]
		}
		return strings.Compare(a, b)
	})
	return names[:min(20, len(names))], nil
}

// uses asks for the uses of names: drawn at random, and of those with many.
func (b *askBench) uses(w io.Writer) error {
	var names []string
	for range b.random {
		name, err := b.drawName()
		if err != nil {
			return err
		}
		names = append(names, name)
	}
	common := []string{"kmalloc", "printk", "list_head", "spin_lock_irqsave", "dev_err", "mutex_lock", "device", "EINVAL", "usb_register", "kfree"}
	for _, group := range []struct {
		name  string
		names []string
	}{{"uses of names drawn", names}, {"uses of common names", common}} {
		var first, all []timing
		for _, name := range group.names {
			list, _, err := b.symbols.Definitions(b.ctx, symbol.Question{Name: name, Release: "HEAD", Offset: -1})
			if err != nil {
				return err
			}
			var of *symbol.ID
			if len(list) > 0 {
				of = &list[0].ID
			}
			t, err := b.references(name, of, fiftyUses)
			if err != nil {
				return err
			}
			first = append(first, t)
			if t, err = b.references(name, of, math.MaxInt); err != nil {
				return err
			}
			all = append(all, t)
		}
		b.row(w, group.name+", the first 50", first, usesTarget)
		b.row(w, group.name+", all", all, 0)
	}
	return nil
}

func (b *askBench) references(name string, of *symbol.ID, most int) (timing, error) {
	n := 0
	t, err := clocked(name, func() error {
		_, err := b.symbols.References(b.ctx, name, of, "HEAD", b.candidates, func(symbol.Reference) bool { n++; return n < most })
		return err
	})
	t.what = fmt.Sprintf("%s (%d)", name, n)
	return t, err
}

// candidates asks the text index, as app/room does.
func (b *askBench) candidates(ctx context.Context, release, name string, yield func(deposit.Place, deposit.Digest) bool) error {
	q, err := search.Parse(fmt.Sprintf("%q case:yes release:%q", name, release))
	if words.FindString(name) == name {
		q, err = search.Holding(name, release)
	}
	if err != nil {
		return err
	}
	_, err = b.c.index.Candidates(ctx, q, yield)
	return err
}
