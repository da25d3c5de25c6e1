package main

import (
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"vitrine/index/deposit"
)

func depositCommand() *cobra.Command {
	return group("deposit", "Seal, verify and show deposits", sealCommand(), verifyCommand(), showCommand(), exportSumsCommand())
}

// mustRequire marks a flag required; an unknown name is a slip of ours.
func mustRequire(c *cobra.Command, name string) {
	if err := c.MarkFlagRequired(name); err != nil {
		panic(err)
	}
}

// printFound prints what people should know of a deposit.
func printFound(out io.Writer, a *deposit.Admission) {
	for _, w := range a.Warnings {
		fmt.Fprintln(out, "warning  ", visible(w))
	}
	for i := range a.Releases {
		printListed(out, &a.Releases[i])
	}
}

// printListed prints what of a release is elsewhere, and its documents.
func printListed(out io.Writer, r *deposit.AdmittedRelease) {
	for _, a := range r.NotDeposited {
		fmt.Fprintf(out, "not deposited  %s:%s  %s, %s\n", line(r.Name), line(a.Path), a.Kind, a.Detail)
	}
	if r.NotDepositedMore > 0 {
		fmt.Fprintf(out, "not deposited  %s: and %d files more\n", line(r.Name), r.NotDepositedMore)
	}
	for _, f := range r.Documents {
		fmt.Fprintf(out, "document  %s:%s  sha256:%s  %s\n", line(r.Name), line(f.Path), f.Blob, bytesOf(f.Size))
	}
	if r.DocumentsMore > 0 {
		fmt.Fprintf(out, "document  %s: and %d more\n", line(r.Name), r.DocumentsMore)
	}
}

func trustFlags(c *cobra.Command, t *trustFlag) {
	c.Flags().StringVar(&t.signers, "trust", "", "allowed_signers file with the keys to trust")
	c.Flags().StringVar(&t.revoked, "revoked", "", revokedHelp)
	c.Flags().StringArrayVar(&t.keyrings, "keyring", nil, "OpenPGP certificates of those who sign the vendor's tags and commits; repeat it")
	c.Flags().StringArrayVar(&t.pins, "pin", nil, "manifest digest to trust instead of a key; repeat it")
}

func showCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "show DIR",
		Short: "Print what a deposit says of itself, unverified",
		Args:  cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			m, _, err := deposit.ReadManifest(args[0])
			if err != nil {
				return err
			}
			fmt.Fprintln(cmd.OutOrStdout(), "UNVERIFIED: this is what the deposit says of itself; `vitrinectl deposit verify` checks it.")
			return printManifest(cmd, args[0], m)
		},
	}
}

func printManifest(cmd *cobra.Command, dir string, m *deposit.Manifest) error {
	_, digest, err := deposit.ReadManifest(dir)
	if err != nil {
		return err
	}
	out := cmd.OutOrStdout()
	fmt.Fprintf(out, "title     %s\nvendor    %s\nsealed    %s\nmanifest  %s\n", visible(m.Title), visible(m.Vendor), m.Sealed, digest)
	for _, s := range m.Sources {
		var size int64
		for _, o := range s.Objects {
			size += o.Size
		}
		fmt.Fprintf(out, "source    %s  %s  %s  sha256:%s  %d blobs and trees, %s\n", visible(s.Name), s.Bundle, bytesOf(s.Size), s.SHA256, len(s.Objects), bytesOf(size))
		for _, id := range s.Shallow {
			fmt.Fprintf(out, "cut off   %s\n", id)
		}
		for _, r := range s.Releases {
			fmt.Fprintf(out, "release   %-20s commit %s  tree %s\n", visible(r.Name), r.Commit, r.Tree)
		}
	}
	printShipped(out, m)
	return nil
}

// printStep shows deposit's steps as they go.
func printStep(s *stepper) func(deposit.Step) {
	return func(st deposit.Step) {
		switch {
		case st.Finished && st.Problems > 0:
			s.failed(st.Name, fmt.Sprintf("%s, problems: %d", st.Note, st.Problems), st.Elapsed)
			return
		case st.Finished:
			s.finished(st.Name, st.Note, st.Elapsed)
			return
		}
		s.running(st.Name, st.Done, st.Total)
	}
}
