// Command bench measures Vitrine beside the tools that reviewers know.
//
//	go run ./packaging/bench search [--linux] [DIR…]
//	go run ./packaging/bench parity [DIR…] [--repo REPOSITORY --tag TAG…]
//	go run ./packaging/bench deposit [REPOSITORY]
//	go run ./packaging/bench symbols PATH…
//	go run ./packaging/bench ask DIR
//	go run ./packaging/bench keystroke -- ARGUMENTS OF VITRINE
//	go run ./packaging/bench view [SCRIPT…]
//	go run ./packaging/bench idle -- ARGUMENTS OF VITRINE
//
// It knows the public face of index, viewer/code, and the command lines of git, rg, codesearch, zoekt and ctags. Its
// figures are of one machine and one run after a warm-up; only their ratios travel.
package main

import (
	"context"
	"fmt"
	"os"
	"os/signal"

	"github.com/spf13/cobra"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	root := &cobra.Command{Use: "bench", Short: "measure Vitrine beside stock tools", SilenceUsage: true}
	root.AddCommand(searchCommand(), parityCommand(), depositCommand(), symbolsCommand(), askCommand(), keystrokeCommand(), viewCommand(), idleCommand(), stageCommand(), measureCommand(), corpusCommand(), openCommand())
	if err := root.ExecuteContext(ctx); err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}
