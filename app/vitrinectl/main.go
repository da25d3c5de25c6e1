// Command vitrinectl is Vitrine without a screen: for those who seal deposits
// and run the room, and for strangers who verify what left it. It also serves
// the desktop as its admission child.
//
// Exit status: 0 done; 1 a search that found nothing; 2 refused or failed, with
// one sentence on standard error that says what, where and what to do.
package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"strings"
	"syscall"
	"unicode"

	"github.com/spf13/cobra"

	"vitrine/app/confine"
)

const (
	exitNothing = 1
	exitFailed  = 2
)

// errNothing: a search that found nothing; no sentence is due.
var errNothing = errors.New("nothing found")

func main() { os.Exit(run(os.Args[1:])) }

func run(args []string) int {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	// The first signal asks to stop, the second one ends what does not listen.
	defer context.AfterFunc(ctx, stop)()
	if err := (confine.Bound{NoCore: true}).Apply(); err != nil { // it would hold source text and keys
		fmt.Fprintln(os.Stderr, "vitrinectl:", err)
		return exitFailed
	}
	root := &cobra.Command{
		Use:           "vitrinectl",
		Short:         "Seal, admit, search and verify what a reading room holds",
		SilenceUsage:  true,
		SilenceErrors: true,
	}
	root.CompletionOptions.HiddenDefaultCmd = true
	root.AddCommand(depositCommand(), policyCommand(), indexCommand(), searchCommand(), symbolCommand(), charactersCommand(), journalCommand(), bundleCommand(), artifactCommand(), tourCommand(), admitCommand())
	root.SetArgs(args)
	err := root.ExecuteContext(ctx)
	switch {
	case err == nil:
		return 0
	case errors.Is(err, errNothing):
		return exitNothing
	case errors.Is(err, context.Canceled):
		fmt.Fprintln(os.Stderr, "vitrinectl: stopped")
	default:
		fmt.Fprintln(os.Stderr, "vitrinectl:", visible(err.Error()))
	}
	return exitFailed
}

// group makes a command of those below it. On its own, or with a name that none
// of them has, it fails: a script that misspells "verify" has verified nothing.
func group(use, short string, below ...*cobra.Command) *cobra.Command {
	c := &cobra.Command{Use: use, Short: short, Args: cobra.ArbitraryArgs}
	c.AddCommand(below...)
	c.RunE = func(_ *cobra.Command, args []string) error {
		var names []string
		for _, b := range below {
			names = append(names, b.Name())
		}
		if len(args) > 0 {
			return fmt.Errorf("%s has no command %q; it has %s", use, args[0], strings.Join(names, ", "))
		}
		return fmt.Errorf("say what %s is to do: %s", use, strings.Join(names, ", "))
	}
	return c
}

// visible keeps what others wrote – names, titles, matched lines – from driving
// the terminal and from looking like something else on it: control characters
// of both kinds, bytes that are no UTF-8, whatever turns the direction of
// writing or has no width, and line separators become U+FFFD. Line feeds and
// tabs stay.
func visible(s string) string {
	return strings.Map(func(r rune) rune {
		if r == '\n' || r == '\t' || unicode.IsGraphic(r) {
			return r
		}
		return '\ufffd'
	}, s)
}

// line is visible for what has to stay on one line.
func line(s string) string { return strings.ReplaceAll(visible(s), "\n", "\ufffd") }
