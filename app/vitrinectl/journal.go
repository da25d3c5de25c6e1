package main

import (
	"fmt"

	"github.com/spf13/cobra"

	"vitrine/app/journal"
)

func journalCommand() *cobra.Command {
	return group("journal", "Check journals", &cobra.Command{
		Use:   "verify FILE",
		Short: "Check every entry of a journal and print its head",
		Args:  cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			r, err := journal.Verify(args[0])
			if err != nil {
				return err
			}
			fmt.Fprintf(cmd.OutOrStdout(), "unbroken  %d entries\nhead      %s\n", r.Entries, r.Head.Hash)
			if r.UnterminatedTail > 0 {
				fmt.Fprintf(cmd.OutOrStdout(), "note      %d bytes after the last entry were never acknowledged; the next visit moves them aside\n", r.UnterminatedTail)
			}
			return nil
		},
	})
}
