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

	"github.com/spf13/cobra"
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
	root := &cobra.Command{
		Use:           "vitrinectl",
		Short:         "Seal, admit, search and verify what a reading room holds",
		SilenceUsage:  true,
		SilenceErrors: true,
	}
	root.CompletionOptions.HiddenDefaultCmd = true
	root.AddCommand(depositCommand(), policyCommand(), indexCommand(), searchCommand(), journalCommand(), bundleCommand(), tourCommand(), admitCommand())
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

// visible keeps control characters of a deposit's own names from driving the
// terminal.
func visible(s string) string {
	return strings.Map(func(r rune) rune {
		if (r < ' ' && r != '\n' && r != '\t') || r >= 0x7f && r < 0xa0 || r >= 0x202a && r <= 0x202e || r >= 0x2066 && r <= 0x2069 {
			return '\ufffd'
		}
		return r
	}, s)
}
