package main

import (
	"os"
	"runtime/debug"

	"github.com/spf13/cobra"

	"vitrine/app/confine"
	"vitrine/app/room"
)

// admissionMemory bounds the address space of the admission child: a kernel
// tree's pack is verified in under a quarter of it, and a machine with 8 GiB
// keeps half for the rest.
const admissionMemory = 4 << 30

// saveMemory lets the collector run when half as much again is in use as after
// its last run. A verification keeps a table of all objects and hardly makes
// garbage, so it costs little.
func saveMemory() { debug.SetGCPercent(50) }

// admitCommand is the child's side of room.Admit; people use `deposit verify`.
func admitCommand() *cobra.Command {
	return &cobra.Command{
		Use:    "admit",
		Short:  "Serve one admission on standard input and output",
		Hidden: true,
		Args:   cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if err := (confine.Bound{Memory: admissionMemory, NoCore: true}).Apply(); err != nil {
				return err
			}
			saveMemory()
			return room.ServeAdmission(cmd.Context(), os.Stdin, os.Stdout)
		},
	}
}
