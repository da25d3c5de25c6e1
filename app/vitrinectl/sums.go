package main

import (
	"bufio"
	"fmt"

	"github.com/spf13/cobra"

	"vitrine/index/deposit"
)

func exportSumsCommand() *cobra.Command {
	var trust trustFlag
	var release string
	c := &cobra.Command{
		Use:   "export-sums DEPOSIT --release NAME --trust ALLOWED_SIGNERS",
		Short: "Print the SHA-256 of each file of a release, for sha256sum -c",
		Long: `Verifies the deposit and prints the SHA-256 and path of each file of a release, as
sha256sum does, so that anybody can compare a checkout of the same release:

  git clone deposit/engine.bundle engine
  git -C engine checkout v1.1
  (cd engine && sha256sum -c --strict ../SHA256SUMS)

Symbolic links and submodules have no sum, since sha256sum would follow them.
They are named on standard error.`,
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			t, err := trust.load()
			if err != nil {
				return err
			}
			files, err := deposit.VerifyRelease(cmd.Context(), args[0], release, t, deposit.Limits{}, printStep(newStepper()))
			if err != nil {
				return err
			}
			out := bufio.NewWriter(cmd.OutOrStdout())
			for _, f := range files {
				if !f.IsFile() {
					fmt.Fprintf(cmd.ErrOrStderr(), "no sum    %s, a %s\n", line(f.Path), f.Kind())
					continue
				}
				if _, err := out.WriteString(f.SumsLine()); err != nil {
					return err
				}
			}
			return out.Flush()
		},
	}
	trustFlags(c, &trust)
	c.Flags().StringVar(&release, "release", "", "release whose files are summed")
	mustRequire(c, "release")
	return c
}
