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
	"vitrine/index/character"
	"vitrine/index/spoof"
)

func charactersCommand() *cobra.Command {
	var trust trustFlag
	var limits, classes []string
	var release string
	c := &cobra.Command{
		Use:   "characters DEPOSIT --trust ALLOWED_SIGNERS",
		Short: "Print where characters are not what they seem",
		Long: `Prints path:line:col: CLASS LABEL EXPLANATION for every character of a release that
draws nothing, reorders what stands around it or passes for another one, and for every
word in code that looks like another word. The column is counted from 1, in bytes of
the text as UTF-8. Exit status: 0 found, 1 nothing found, 2 failed. Files that could
not be looked at are counted on stderr.

The classes are bidi, look-alike, invisible, control, space and broken. What is no
finding, such as Cyrillic words in a comment, is told in the package comment of
index/spoof.

The deposit's signature is checked each time; it is verified in full and its texts
are gone through when that has not been done before under the same trust and limits.`,
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			wanted, err := classesNamed(classes)
			if err != nil {
				return err
			}
			return lists(cmd.Context(), args[0], trust, limits, func(s *room.Source, steps *stepper, out *bufio.Writer) (int, error) {
				return printCharacters(cmd.Context(), s, release, wanted, out, steps)
			})
		},
	}
	trustFlags(c, &trust)
	limitFlags(c, &limits)
	c.Flags().StringVar(&release, "release", "", "the release to look at (default the last one)")
	c.Flags().StringSliceVar(&classes, "class", nil, "only these classes")
	return c
}

func classesNamed(names []string) (out []spoof.Class, err error) {
	all := spoof.Classes()
	if len(names) == 0 {
		return all, nil
	}
	for _, n := range names {
		i := slices.IndexFunc(all, func(c spoof.Class) bool { return c.String() == n })
		if i < 0 {
			return nil, fmt.Errorf("there is no class %q; there are %s", n, strings.Trim(fmt.Sprint(all), "[]"))
		}
		out = append(out, all[i])
	}
	return out, nil
}

func printCharacters(ctx context.Context, s *room.Source, release string, wanted []spoof.Class, out *bufio.Writer, steps *stepper) (n int, err error) {
	releases := s.Releases()
	if release == "" {
		release = releases[len(releases)-1]
	}
	if !slices.Contains(releases, release) {
		return 0, fmt.Errorf("the deposit has no release %q; it has %s", release, strings.Join(releases, ", "))
	}
	if err := steps.derives(ctx, "characters", s.BuildCharacters); err != nil {
		return 0, err
	}
	known, err := s.Characters(ctx, release)
	if err != nil {
		return 0, err
	}
	files := slices.DeleteFunc(known.Files, func(f character.File) bool {
		return !slices.ContainsFunc(wanted, func(c spoof.Class) bool { return f.Counts.Of[c] > 0 })
	})
	screen := term.IsTerminal(int(os.Stdout.Fd()))
	var failed error
	listed := 0
	err = s.Occurrences(ctx, files, func(f room.OccurrenceFile) bool {
		listed += len(f.Found)
		for _, o := range f.Found {
			if !slices.Contains(wanted, o.Class) {
				continue
			}
			n++
			row := fmt.Sprintf("%s:%d:%d: %s %s %s", f.Place.Path, o.Line, o.Col, o.Class, o.Label(), o.Explain())
			if screen {
				row = line(row)
			}
			if _, failed = out.WriteString(row + "\n"); failed != nil {
				return false
			}
		}
		if more := f.Counts.Total() - len(f.Found); more > 0 {
			fmt.Fprintf(os.Stderr, "vitrinectl: %s has %d more\n", line(f.Place.Path), more)
		}
		return true
	})
	if listed >= room.MaxOccurrences {
		fmt.Fprintf(os.Stderr, "vitrinectl: only the first %d were read; --class narrows them\n", room.MaxOccurrences)
	}
	if len(known.Skipped) > 0 {
		why := map[string]int{}
		for _, f := range known.Skipped {
			why[f.Why]++
		}
		fmt.Fprintf(os.Stderr, "vitrinectl: not looked at: %d binary files, %d too large\n", why["binary"], why["too large"])
	}
	return n, errors.Join(err, failed)
}
