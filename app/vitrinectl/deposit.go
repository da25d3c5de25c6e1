package main

import (
	"fmt"
	"path/filepath"
	"time"

	"github.com/spf13/cobra"
	"golang.org/x/crypto/ssh"

	"vitrine/index/deposit"
)

func depositCommand() *cobra.Command {
	return group("deposit", "Seal, verify and show deposits", sealCommand(), verifyCommand(), showCommand())
}

func sealCommand() *cobra.Command {
	var o deposit.SealOptions
	var in deposit.Input
	var key, sealed string
	c := &cobra.Command{
		Use:   "seal --repo DIR --release TAG… --key FILE --out DIR",
		Short: "Make a signed deposit of a git repository's releases",
		Args:  cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if o.Title == "" {
				abs, err := filepath.Abs(in.Repo)
				if err != nil {
					return err
				}
				o.Title = filepath.Base(abs)
			}
			o.Inputs = []deposit.Input{in}
			o.Sealed = time.Now()
			if sealed != "" {
				var err error
				if o.Sealed, err = time.Parse(time.RFC3339, sealed); err != nil {
					return fmt.Errorf("--sealed: %w; write it like 2026-05-09T16:20:00Z", err)
				}
			}
			return withSigner(cmd.Context(), key, func(signer ssh.Signer) error {
				o.Signer = signer
				m, err := deposit.Seal(cmd.Context(), o, printStep(newStepper()))
				if err != nil {
					return err
				}
				return printManifest(cmd, o.Out, m)
			})
		},
	}
	f := c.Flags()
	f.StringVar(&in.Repo, "repo", "", "git repository to read")
	f.StringArrayVar(&in.Releases, "release", nil, "tag to seal as a release, oldest first; repeat it")
	f.StringVar(&o.Since, "since", "", "deposit that this one continues, or the folder of those that it continues")
	f.StringVar(&key, "key", "", keyHelp("the vendor"))
	f.StringVar(&o.Out, "out", "", "deposit folder to make")
	f.StringVar(&o.Title, "title", "", "name of the product (default: the repository's folder)")
	f.StringVar(&o.Vendor, "vendor", "unnamed vendor", "name of the vendor")
	f.StringVar(&sealed, "sealed", "", "time of sealing, RFC 3339 (default: now)")
	for _, name := range []string{"repo", "release", "key", "out"} {
		mustRequire(c, name)
	}
	return c
}

// mustRequire marks a flag required; an unknown name is a slip of ours.
func mustRequire(c *cobra.Command, name string) {
	if err := c.MarkFlagRequired(name); err != nil {
		panic(err)
	}
}

func verifyCommand() *cobra.Command {
	var trust trustFlag
	c := &cobra.Command{
		Use:   "verify DIR --trust ALLOWED_SIGNERS",
		Short: "Check signature, digests, every object and the manifest against the trees",
		Args:  cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			t, err := trust.load()
			if err != nil {
				return err
			}
			a, err := deposit.Verify(cmd.Context(), args[0], t, deposit.Limits{}, printStep(newStepper()))
			if err != nil {
				return err
			}
			out := cmd.OutOrStdout()
			fmt.Fprintf(out, "verified  %s\n", a.Digest)
			if a.Pinned {
				fmt.Fprintln(out, "trusted   by its pinned digest")
			} else {
				fmt.Fprintf(out, "signed by %s %s\n", visible(a.Signer), a.Fingerprint)
			}
			fmt.Fprintf(out, "objects   %d\n", a.Objects)
			printSignatures(out, a)
			for _, w := range a.Warnings {
				fmt.Fprintln(out, "warning  ", visible(w))
			}
			return nil
		},
	}
	trustFlags(c, &trust)
	return c
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
		for _, r := range s.Releases {
			fmt.Fprintf(out, "release   %-20s commit %s  tree %s\n", visible(r.Name), r.Commit, r.Tree)
		}
	}
	return nil
}

// printStep shows deposit's steps as they go.
func printStep(s *stepper) func(deposit.Step) {
	return func(st deposit.Step) {
		if st.Finished {
			s.finished(st.Name, st.Note, st.Elapsed)
			return
		}
		s.running(st.Name, st.Done, st.Total)
	}
}
