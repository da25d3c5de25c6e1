package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"golang.org/x/term"

	"vitrine/app/room"
	"vitrine/index/search"
)

func indexCommand() *cobra.Command {
	var trust trustFlag
	var limits []string
	c := &cobra.Command{
		Use:   "index DEPOSIT --trust ALLOWED_SIGNERS",
		Short: "Verify a deposit and build its text index",
		Long: `Verifies a deposit in full and builds what search needs anew, whatever is there. A
later search or symbol command believes what it finds in the workspace as far as it
is whole in itself; only a visit compares it with what its journal says.`,
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			s, err := openSource(cmd.Context(), args[0], trust, limits, true, newStepper())
			if err != nil {
				return err
			}
			return s.Close()
		},
	}
	trustFlags(c, &trust)
	limitFlags(c, &limits)
	return c
}

func searchCommand() *cobra.Command {
	var trust trustFlag
	var limits []string
	var helpQuery bool
	c := &cobra.Command{
		Use:   "search DEPOSIT QUERY --trust ALLOWED_SIGNERS",
		Short: "Print every line of a deposit that a query matches",
		Long: `Prints release:path:line:col: text for every matching line, in path order; without
the release where the query has release:NAME. The column is the first hit's, from
1, in bytes of the file. A hit in a binary file is release:path:offset: text, with
the offset in bytes as 0x and hex, and a file that is a hit without a line is
release:path. Exit status: 0 found, 1 nothing found, 2 failed. Files that could not
be searched are counted on stderr.

A query is words and "literals with (punctuation" that stand on one line in any
order, or /regexp/ (RE2), joined by AND, OR, NOT and parentheses; filters such as
case:yes, path:GLOB and release:NAME narrow it, and sym:NAME finds where a name is
defined. --help-query tells all of it.

The deposit's signature is checked each time. It is verified in full and indexed
when that has not been done before under the same trust and limits; then its
private, verified copy is searched.`,
		Args: func(cmd *cobra.Command, args []string) error {
			if helpQuery {
				return nil
			}
			return cobra.ExactArgs(2)(cmd, args)
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			if helpQuery {
				_, err := fmt.Fprint(cmd.OutOrStdout(), search.Language())
				return err
			}
			q, err := search.Parse(args[1])
			if err != nil {
				return pointAt(args[1], err)
			}
			return lists(cmd.Context(), args[0], trust, limits, func(s *room.Source, steps *stepper, out *bufio.Writer) (int, error) {
				if q.AsksSymbols() {
					if err := steps.derives(cmd.Context(), "symbols", s.BuildSymbols); err != nil {
						return 0, err
					}
				}
				n, err := printHits(cmd.Context(), s, args[1], q.Release() == "", out)
				return n, pointAt(args[1], err)
			})
		},
	}
	trustFlags(c, &trust)
	limitFlags(c, &limits)
	c.Flags().BoolVar(&helpQuery, "help-query", false, "tell the query language and end")
	return c
}

// pointAt shows the query with a caret under the character that is wrong.
func pointAt(query string, err error) error {
	var se *search.SyntaxError
	if !errors.As(err, &se) || se.Offset > len(query) {
		return err
	}
	column := len([]rune(query[:se.Offset]))
	return fmt.Errorf("query: %s\n  %s\n  %s^", se.Msg, query, strings.Repeat(" ", column))
}

// printHits writes a row for each line. A terminal gets what could drive it
// made visible; a file or pipe gets the line's exact text.
func printHits(ctx context.Context, s *room.Source, query string, all bool, out *bufio.Writer) (int, error) {
	screen := term.IsTerminal(int(os.Stdout.Fd()))
	n := 0
	var failed error
	report, err := s.Search(ctx, query, func(h search.Hit) bool {
		n++
		row := make([]byte, 0, 256)
		if all {
			row = append(append(row, h.Place.Release...), ':')
		}
		row = append(row, h.Place.Path...)
		switch h.Kind {
		case search.HitLine:
			row = fmt.Appendf(row, ":%d:%d: %s", h.Line, h.Column, h.Text)
		case search.HitBytes:
			row = fmt.Appendf(row, ":%#x: %s", h.Span.From, h.Text)
		}
		if screen {
			row = []byte(line(string(row)))
		}
		_, failed = out.Write(append(row, '\n'))
		return failed == nil
	})
	if len(report.NotSearched) > 0 && err == nil {
		fmt.Fprintf(os.Stderr, "vitrinectl: not searched: %s\n", reasons(report))
	}
	return n, errors.Join(err, failed)
}

// reasons counts what was not searched, by why.
func reasons(r search.Report) string {
	count := make(map[string]int)
	for _, n := range r.NotSearched {
		count[n.Why]++
	}
	var out []string
	for _, why := range slices.Sorted(maps.Keys(count)) {
		out = append(out, fmt.Sprintf("%d %s", count[why], why))
	}
	return strings.Join(out, ", ")
}

// lists opens a deposit and prints to standard output what list finds there; when it counts
// nothing, that is errNothing.
func lists(ctx context.Context, dir string, trust trustFlag, limits []string, list func(*room.Source, *stepper, *bufio.Writer) (int, error)) error {
	steps := newStepper()
	s, err := openSource(ctx, dir, trust, limits, false, steps)
	if err != nil {
		return err
	}
	out := bufio.NewWriterSize(os.Stdout, 64<<10)
	n, err := list(s, steps, out)
	if err = errors.Join(err, out.Flush(), s.Close()); err == nil && n == 0 {
		return errNothing
	}
	return err
}

// openSource gives a verified, indexed deposit. With full set the deposit is
// verified again even if an earlier run imported it.
func openSource(ctx context.Context, dir string, trust trustFlag, limits []string, full bool, steps *stepper) (*room.Source, error) {
	t, err := trust.load()
	if err != nil {
		return nil, err
	}
	l, err := limitsOf(limits)
	if err != nil {
		return nil, err
	}
	cfg, err := room.DefaultConfig()
	if err != nil {
		return nil, err
	}
	start := time.Now()
	var phase string
	s, err := room.OpenTrusted(ctx, cfg, room.Trusted{Deposit: dir, Trust: t, Limits: l, Full: full}, printStep(steps), func(st room.IndexState) {
		if st.Phase != phase && phase != "" {
			steps.finished(strings.ToLower(phase), "", time.Since(start))
			start = time.Now()
		}
		phase = st.Phase
		steps.running(strings.ToLower(phase), st.Done, st.Total)
	})
	if err == nil && phase != "" {
		steps.finished(strings.ToLower(phase), "", time.Since(start))
	}
	return s, err
}
