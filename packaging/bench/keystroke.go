package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	"vitrine/packaging/drive"
)

// What the window is held to, in milliseconds from a key to the frame with the first
// hits: of a source tree as large as a program's, and of Linux.
const (
	keystrokeTarget      = 30
	keystrokeTargetLinux = 100
)

// patience is how long the window may take for one step, a deposit that is not
// indexed yet included.
const patience = 30 * time.Minute

func keystrokeCommand() *cobra.Command {
	b := &keystrokeBench{}
	c := &cobra.Command{
		Use:   "keystroke -- ARGUMENTS OF VITRINE",
		Short: "time a key typed into the search of the real window until its first hits are painted",
		Long: `Starts vitrine on a display of its own (Xvfb, software GL), types words into its search as a person does,
and prints per word how long after each key the first hits were painted: by the window itself, and from
before xdotool was started to press the key. For instance:

	bench keystroke -- --sample
	bench keystroke -- --operator op.pub --policy policy.json DEPOSIT

Programs come from VITRINE_BIN_DIR, else build/; Xvfb, openbox and xdotool from the PATH.`,
		RunE: func(cmd *cobra.Command, args []string) error {
			b.ctx, b.out = cmd.Context(), cmd.OutOrStdout()
			return b.run(args)
		},
	}
	c.Flags().StringSliceVar(&b.words, "words", []string{"return", "memcpy", "int main", "static const", "copyright", "error == null", "unlikely", "zzyx"}, "what to type")
	c.Flags().StringVar(&b.size, "size", "1440x900", "of the window")
	c.Flags().DurationVar(&b.pace, "pace", 120*time.Millisecond, "from one key to the next")
	return c
}

// A keystrokeBench is one run of bench keystroke.
type keystrokeBench struct {
	ctx   context.Context
	out   io.Writer
	words []string
	size  string
	pace  time.Duration

	d    *drive.Display
	last string // the last "hits" that the window told of
}

func (b *keystrokeBench) run(args []string) (err error) {
	dir, err := os.MkdirTemp("", "vitrine-bench-")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	opt := drive.Options{Size: b.size, Dir: dir, Patience: patience, OnLine: func(line string) {
		if strings.HasPrefix(line, "hits ") {
			b.last = line
		}
	}}
	if home := os.Getenv("VITRINE_HOME"); home != "" {
		opt.Env = []string{"VITRINE_HOME=" + home}
	}
	if b.d, err = drive.Open(b.ctx, opt); err != nil {
		return err
	}
	defer b.d.Close()
	if err := b.open(args); err != nil {
		return errors.Join(err, errors.New(b.d.Complaints()))
	}
	return b.measure()
}

// open starts vitrine and goes through to the search.
func (b *keystrokeBench) open(args []string) error {
	if err := b.d.Enter(b.ctx, append([]string{"--size", b.size}, args...)...); err != nil {
		return err
	}
	if err := b.d.Key(b.ctx, "ctrl+shift+f"); err != nil {
		return err
	}
	_, err := b.d.Until(b.ctx, "side search")
	return err
}

// measure types the words.
func (b *keystrokeBench) measure() error {
	w := tabwriter.NewWriter(b.out, 0, 8, 2, ' ', 0)
	fmt.Fprintln(w, "typed\tfirst hits, ms after each key\tfrom outside, ms\tlines")
	var inside, outside []time.Duration
	for _, word := range b.words {
		if err := b.d.Key(b.ctx, "ctrl+a", "BackSpace"); err != nil {
			return err
		}
		var in, out []string
		for i, letter := range word {
			typed := word[:i] + string(letter)
			key := time.Now()
			if err := b.d.Tool(b.ctx, "type", string(letter)); err != nil {
				return err
			}
			own, found, err := b.shown(typed)
			if err != nil {
				return err
			}
			took := time.Since(key)
			if found {
				inside, outside = append(inside, own), append(outside, took)
				in, out = append(in, fmt.Sprint(own.Milliseconds())), append(out, fmt.Sprint(took.Milliseconds()))
			} else {
				in, out = append(in, "none"), append(out, "–")
			}
			time.Sleep(b.pace - time.Since(key))
		}
		hits, err := b.ended(word)
		if err != nil {
			return err
		}
		fmt.Fprintf(w, "%s\t%s\t%s\t%d\n", word, strings.Join(in, " "), strings.Join(out, " "), hits)
	}
	if err := w.Flush(); err != nil {
		return err
	}
	fmt.Fprintf(b.out, "keys %d; first hits painted: median %d, 95 %% within %d, all within %d ms; from outside %d, %d, %d (targets: %d, on Linux %d)\n", len(inside),
		quantile(inside, .5), quantile(inside, .95), quantile(inside, 1), quantile(outside, .5), quantile(outside, .95), quantile(outside, 1), keystrokeTarget, keystrokeTargetLinux)
	return nil
}

// shown waits for the first hits of what is typed, or that there are none.
func (b *keystrokeBench) shown(typed string) (took time.Duration, found bool, err error) {
	for {
		line, err := b.d.Line(b.ctx, "hits of "+typed)
		var ms, n int64
		switch {
		case err != nil:
			return 0, false, err
		case line == "hits 0 0 "+typed, line == "hits error":
			return 0, false, nil
		case !strings.HasSuffix(line, " "+typed):
		default:
			if _, err := fmt.Sscanf(line, "shown %d %d ", &ms, &n); err == nil {
				return time.Duration(ms) * time.Millisecond, true, nil
			}
		}
	}
}

// ended waits for the end of a search, and tells how many lines it found.
func (b *keystrokeBench) ended(typed string) (lines int, err error) {
	for {
		if _, err := fmt.Sscanf(b.last, "hits %d ", &lines); err == nil && strings.HasSuffix(b.last, " "+typed) {
			return lines, nil
		}
		if _, err := b.d.UntilSaid(b.ctx, "hits", " of "+typed, func(rest string) bool { return strings.HasSuffix(rest, " "+typed) }); err != nil {
			return 0, err
		}
	}
}

// quantile is the duration, in milliseconds, within which a share of all are.
func quantile(all []time.Duration, share float64) int64 {
	if len(all) == 0 {
		return 0
	}
	sorted := slices.Sorted(slices.Values(all))
	return sorted[min(int(share*float64(len(sorted))), len(sorted)-1)].Milliseconds()
}
