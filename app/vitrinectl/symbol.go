package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"golang.org/x/term"

	"vitrine/app/room"
	"vitrine/index/deposit"
	"vitrine/index/symbol"
)

// symbolFlags are what is asked about a symbol.
type symbolFlags struct {
	fuzzy, refs, outline, calls, callers, members, includes, includers bool

	kinds         []string
	release, from string
	path          string
	most          int
}

func symbolCommand() *cobra.Command {
	var trust trustFlag
	var limits []string
	var f symbolFlags
	c := &cobra.Command{
		Use:   "symbol DEPOSIT NAME --trust ALLOWED_SIGNERS",
		Short: "Find where a name is defined, used and called in a deposit",
		Long: `Prints release:path:line: kind name  signature for every definition of NAME, the
likeliest first. With --from PATH they are judged from that file: "=" before a
row says that nothing else in sight can be meant, "?" that only the name is the
same. The same marks stand before references and calls.

  --fuzzy      names with the letters of NAME in order, best first; "Type.name"
  --refs       every use of NAME in code, with its class
  --calls      what the function NAME calls; --callers what calls it
  --members    what belongs to the type NAME
  --outline    NAME is a path: what the file defines
  --includes   NAME is a path: what it includes; --includers who includes it

Without --release the newest release is asked, by --fuzzy all. Exit status: 0
found, 1 nothing found, 2 failed.`,
		Args: cobra.ExactArgs(2),
		RunE: func(cmd *cobra.Command, args []string) error {
			return lists(cmd.Context(), args[0], trust, limits, func(s *room.Source, steps *stepper, out *bufio.Writer) (int, error) {
				return askSymbols(cmd.Context(), s, args[1], f, steps, out)
			})
		},
	}
	trustFlags(c, &trust)
	limitFlags(c, &limits)
	fl := c.Flags()
	fl.BoolVar(&f.fuzzy, "fuzzy", false, "find names by letters in order")
	fl.BoolVar(&f.refs, "refs", false, "list the uses")
	fl.BoolVar(&f.outline, "outline", false, "list what the file at the path NAME defines")
	fl.BoolVar(&f.calls, "calls", false, "list what the function calls")
	fl.BoolVar(&f.callers, "callers", false, "list what calls the function")
	fl.BoolVar(&f.members, "members", false, "list what belongs to the type")
	fl.BoolVar(&f.includes, "includes", false, "list what the file at the path NAME includes")
	fl.BoolVar(&f.includers, "includers", false, "list who includes the file at the path NAME")
	fl.StringSliceVar(&f.kinds, "kind", nil, "with --fuzzy: only these kinds, as they are printed")
	fl.StringVar(&f.path, "path", "", "with --fuzzy: only below this folder")
	fl.StringVar(&f.release, "release", "", "the release to ask")
	fl.StringVar(&f.from, "from", "", "the file from which the name is looked at")
	fl.IntVar(&f.most, "most", 50, "with --fuzzy: how many to print")
	c.MarkFlagsMutuallyExclusive("fuzzy", "refs", "outline", "calls", "callers", "members", "includes", "includers")
	return c
}

// kindNames are the kinds as they are printed.
var kindNames = map[symbol.Kind]string{
	symbol.Function: "function", symbol.Prototype: "prototype", symbol.Method: "method", symbol.Class: "class",
	symbol.Struct: "struct", symbol.Union: "union", symbol.Interface: "interface", symbol.Enum: "enum", symbol.Type: "type",
	symbol.Field: "field", symbol.Enumerator: "enumerator", symbol.Macro: "macro", symbol.Constant: "constant",
	symbol.Variable: "variable", symbol.Module: "module",
}

var usageNames = map[symbol.Usage]string{
	symbol.Definition: "definition", symbol.Declaration: "declaration", symbol.Call: "call", symbol.TypeUse: "type",
	symbol.Member: "member", symbol.MacroUse: "macro", symbol.Include: "include", symbol.Other: "other",
}

// A symbolPrinter writes rows and counts them.
type symbolPrinter struct {
	out    *bufio.Writer
	screen bool
	n      int
	err    error
}

func (p *symbolPrinter) row(format string, args ...any) bool {
	text := fmt.Sprintf(format, args...)
	if p.screen {
		text = line(text)
	}
	p.n++
	_, p.err = p.out.WriteString(text + "\n")
	return p.err == nil
}

func at(p deposit.Place, lineNo int) string {
	return fmt.Sprintf("%s:%s:%d:", p.Release, p.Path, lineNo)
}

func described(s *symbol.Symbol) string {
	name := s.Name
	if s.Scope != "" {
		name = s.Scope + " › " + name
	}
	text := fmt.Sprintf("%s %s  %s", kindNames[s.Kind], name, s.Signature)
	if len(s.Conditions) > 0 {
		text += "  [#if " + strings.Join(s.Conditions, " && ") + "]"
	}
	return text
}

func mark(resolved bool) string {
	if resolved {
		return "= "
	}
	return "? "
}

func askSymbols(ctx context.Context, s *room.Source, name string, f symbolFlags, steps *stepper, out *bufio.Writer) (int, error) {
	err := steps.derives(ctx, "symbols", s.BuildSymbols)
	if err != nil {
		return 0, err
	}
	p := &symbolPrinter{out: out, screen: term.IsTerminal(int(os.Stdout.Fd()))}
	releases := s.Releases()
	release := f.release
	if release == "" && !f.fuzzy {
		release = releases[len(releases)-1]
	}
	if release != "" && !slices.Contains(releases, release) {
		return 0, fmt.Errorf("the deposit has no release %q; it has %s", release, strings.Join(releases, ", "))
	}
	place := deposit.Place{Release: release, Path: name}
	switch {
	case f.fuzzy:
		err = printFuzzy(ctx, s, name, release, f, p)
	case f.outline:
		err = printOutline(ctx, s, place, p)
	case f.includes, f.includers:
		err = printInclusions(ctx, s, place, f.includers, p)
	default:
		err = printSymbol(ctx, s, name, release, f, p)
	}
	if err == nil {
		err = warnGaps(ctx, s, release)
	}
	return p.n, errors.Join(err, p.err)
}

// warnGaps says what is not known, so that a short list is not taken for a whole one.
func warnGaps(ctx context.Context, s *room.Source, release string) error {
	gaps, err := s.SymbolGaps(ctx, release)
	if len(gaps) > 0 {
		fmt.Fprintf(os.Stderr, "vitrinectl: of %d files not all symbols are known, as of %s\n", len(gaps), line(gaps[0].Place.Path))
	}
	return err
}

func printFuzzy(ctx context.Context, s *room.Source, name, release string, f symbolFlags, p *symbolPrinter) error {
	q := room.SymbolQuery{Text: name, Release: release, Folder: f.path, Limit: f.most}
	for _, k := range f.kinds {
		found := false
		for kind, text := range kindNames {
			if text == k {
				q.Kinds, found = append(q.Kinds, kind), true
			}
		}
		if !found {
			return fmt.Errorf("there is no kind %q; use one that is printed, as function, struct or macro", k)
		}
	}
	hits, err := s.FindSymbols(ctx, q)
	for _, h := range hits.List {
		p.row("%s %s", at(h.Place, h.Line), described(&h.Symbol))
	}
	if hits.More {
		fmt.Fprintln(os.Stderr, "vitrinectl: there are more; --most prints them, --kind and --path narrow them")
	}
	return err
}

func printOutline(ctx context.Context, s *room.Source, place deposit.Place, p *symbolPrinter) error {
	o, err := s.Outline(ctx, place)
	if err != nil {
		return err
	}
	for i := range o.Symbols {
		p.row("%s %s", at(place, o.Symbols[i].Line), described(&o.Symbols[i]))
	}
	return nil
}

func printInclusions(ctx context.Context, s *room.Source, place deposit.Place, includers bool, p *symbolPrinter) error {
	ask := s.Includes
	if includers {
		ask = s.Includers
	}
	list, err := ask(ctx, place)
	for _, in := range list {
		to := "not in this release"
		if len(in.To) > 0 {
			to = in.To[0].Path
		}
		if len(in.To) > 1 {
			to += fmt.Sprintf(" and %d more", len(in.To)-1)
		}
		p.row("%s%s %s → %s", mark(in.Sure), at(in.From, in.Line), in.Path, to)
	}
	return err
}

// printSymbol prints definitions, or what is asked about the first of them.
func printSymbol(ctx context.Context, s *room.Source, name, release string, f symbolFlags, p *symbolPrinter) error {
	q := symbol.Question{Name: name, Release: release, Offset: -1}
	if f.from != "" {
		q.From = deposit.Place{Release: release, Path: f.from}
	}
	list, all, err := s.Definitions(ctx, q)
	if err != nil {
		return err
	}
	if len(list) == 0 {
		if f.refs {
			return printReferences(ctx, s, name, nil, release, p)
		}
		return nil
	}
	first := list[0].Found
	switch {
	case f.refs:
		of := &first.ID
		if len(list) > 1 && !list[0].Resolved && f.from == "" {
			of = nil // which of them is not said
		}
		return printReferences(ctx, s, name, of, release, p)
	case f.calls:
		callees, err := s.Callees(ctx, first.ID, release)
		for _, c := range callees {
			if len(c.Candidates) == 0 {
				p.row("? %s %s  not defined in this release", at(first.Place, c.Uses[0].Line), c.Name)
				continue
			}
			d := c.Candidates[0]
			p.row("%s%s %s → %s %s", mark(c.Resolved), at(first.Place, c.Uses[0].Line), c.Name, at(d.Place, d.Line), described(&d.Symbol))
		}
		return err
	case f.callers:
		_, err := s.Callers(ctx, first.ID, release, func(c symbol.Caller) bool {
			by := "outside of functions"
			if c.Function != nil {
				by = described(&c.Function.Symbol)
			}
			return p.row("%s%s %s by %s", mark(c.Resolved), at(c.Place, c.Uses[0].Line), usageNames[c.Uses[0].Class], by)
		})
		return err
	case f.members:
		members, err := s.Members(ctx, first.ID, release)
		for _, m := range members {
			p.row("%s%s %s", mark(m.Resolved), at(m.Place, m.Line), described(&m.Symbol))
		}
		return err
	}
	for _, c := range list {
		m := ""
		if f.from != "" {
			m = mark(c.Resolved)
		}
		p.row("%s%s %s", m, at(c.Place, c.Line), described(&c.Symbol))
	}
	if all > len(list) {
		fmt.Fprintf(os.Stderr, "vitrinectl: %d of %d definitions are listed\n", len(list), all)
	}
	return nil
}

func printReferences(ctx context.Context, s *room.Source, name string, of *symbol.ID, release string, p *symbolPrinter) error {
	report, err := s.References(ctx, name, of, release, func(r symbol.Reference) bool {
		return p.row("%s%s %s", mark(r.Resolved), at(r.Place, r.Line), usageNames[r.Class])
	})
	if n := len(report.NotRead); n > 0 {
		fmt.Fprintf(os.Stderr, "vitrinectl: %d files in which the name stands are in no known language, as %s\n", n, line(report.NotRead[0].Path))
	}
	return err
}
