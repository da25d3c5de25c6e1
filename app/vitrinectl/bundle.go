package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"vitrine/app/bundle"
	"vitrine/app/room"
)

func bundleCommand() *cobra.Command {
	return group("bundle", "Export, verify and show signed bundles", exportCommand(), bundleVerifyCommand(), bundleShowCommand())
}

// A visitFlag says which visit is meant.
type visitFlag struct {
	policy, operator, reviewer string
	sample                     bool
}

func (f *visitFlag) add(c *cobra.Command) {
	c.Flags().StringVar(&f.policy, "policy", "", "policy file, signed by the operator")
	c.Flags().StringVar(&f.operator, "operator", "", "operator's public key file (default: "+strings.Join(room.OperatorPlaces(), ", ")+")")
	c.Flags().StringVar(&f.reviewer, "reviewer", "", "reviewer's name, as in the policy")
}

// enter admits the deposit and enters the room.
func (f *visitFlag) enter(ctx context.Context, deposits []string, steps *stepper) (*room.Visit, error) {
	cfg, err := room.DefaultConfig()
	if err != nil {
		return nil, err
	}
	cfg.Operator = f.operator
	req := room.Request{Policy: f.policy}
	switch {
	case f.sample && (len(deposits) > 0 || f.policy != ""):
		return nil, errors.New("the built-in sample has its own policy: give --sample, or --policy FILE and a deposit, not both")
	case f.sample:
		req = room.SampleRequest()
	case len(deposits) == 1:
		req.Deposit = deposits[0]
	default:
		return nil, errors.New("which deposit? name its folder")
	}
	a, err := room.Admit(ctx, cfg, req, func(s room.Step) {
		if s.Finished {
			steps.finished(s.Title, s.Note, s.Elapsed)
			return
		}
		steps.running(s.Title, s.Done, s.Total)
	})
	if err != nil {
		return nil, err
	}
	v, err := room.Enter(ctx, a, f.reviewer)
	if err != nil {
		return nil, errors.Join(err, a.Close())
	}
	if n := v.JournalNotice(); n != "" {
		steps.finished("Journal", n, 0)
	}
	return v, nil
}

func exportCommand() *cobra.Command {
	var f visitFlag
	var key, out string
	var opt room.ExportOptions
	c := &cobra.Command{
		Use:   "export --policy FILE --reviewer NAME --key FILE --out ZIP DEPOSIT",
		Short: "Sign what may leave of a review and write it as a bundle",
		Args:  cobra.MaximumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) (err error) {
			v, err := f.enter(cmd.Context(), args, newStepper())
			if err != nil {
				return err
			}
			defer func() { err = errors.Join(err, v.Close()) }()
			if opt.Key, err = reviewerKey(v, key); err != nil {
				return err
			}
			d, err := v.Draft(cmd.Context(), opt)
			if err != nil {
				return err
			}
			var pass []byte
			if opt.Key.Encrypted {
				if pass, err = askPassphrase(cmd.Context())(opt.Key.Path); err != nil {
					return err
				}
			}
			r, err := v.Export(cmd.Context(), d, pass, out)
			if err != nil {
				return err
			}
			printReceipt(cmd.OutOrStdout(), r)
			return nil
		},
	}
	f.add(c)
	c.Flags().BoolVar(&f.sample, "sample", false, "the built-in sample deposit")
	c.Flags().StringVar(&key, "key", "", keyHelp("the reviewer"))
	c.Flags().StringVar(&out, "out", "", "bundle to write")
	c.Flags().BoolVar(&opt.IncludeSource, "include-source", false, "quote the annotated lines")
	mustRequire(c, "key")
	mustRequire(c, "out")
	return c
}

func printReceipt(out io.Writer, r *room.Receipt) {
	fmt.Fprintf(out, "bundle    %s\nsha256    %s\nhead      %s (entry %d)\n", line(r.Path), r.SHA256, r.Head.Hash, r.Head.N)
	fmt.Fprintf(out, "key       %s\n", r.AllowedSigners)
	fmt.Fprintln(out, "Anyone who has that line, from you and not from the bundle, in a file allowed_signers verifies it with:")
	for _, c := range r.Commands {
		fmt.Fprintln(out, "  "+line(c))
	}
}

func bundleVerifyCommand() *cobra.Command {
	var trust trustFlag
	c := &cobra.Command{
		Use:   "verify ZIP --trust ALLOWED_SIGNERS",
		Short: "Check a bundle's bytes, sums, signature and statements",
		Args:  cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			trusted, err := trust.reviewers()
			if err != nil {
				return err
			}
			r, err := bundle.Verify(args[0], trusted, time.Now())
			if err != nil {
				return err
			}
			printBundle(cmd.OutOrStdout(), "verified", r)
			return nil
		},
	}
	c.Flags().StringVar(&trust.signers, "trust", "", "allowed_signers file with the reviewers' keys")
	c.Flags().StringVar(&trust.revoked, "revoked", "", revokedHelp)
	mustRequire(c, "trust")
	return c
}

func bundleShowCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "show ZIP",
		Short: "Print what a bundle says, unverified",
		Args:  cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			r, err := bundle.Show(args[0])
			if err != nil {
				return err
			}
			fmt.Fprintln(cmd.OutOrStdout(), "UNVERIFIED: this is what the bundle says of itself; `vitrinectl bundle verify` checks it.")
			printBundle(cmd.OutOrStdout(), "says", r)
			return nil
		},
	}
}

func printBundle(out io.Writer, word string, r *bundle.Report) {
	s := r.Statement
	fmt.Fprintf(out, "%-9s %s\n", word, r.Digest)
	if r.Verified {
		fmt.Fprintf(out, "signed by %s %s\n", line(r.Principal), r.Fingerprint)
	} else {
		fmt.Fprintf(out, "key       %s\n", r.Fingerprint)
	}
	fmt.Fprintf(out, "reviewer  %s\n", line(strings.TrimSpace(s.Reviewer.Name+" "+s.Reviewer.Organisation)))
	fmt.Fprintf(out, "files     %d\n", len(r.Files))
	for _, a := range r.Annotations {
		where := ""
		if len(a.Locations) > 0 {
			l := a.Locations[0]
			where = fmt.Sprintf("%s %s:%d", l.Place.Release, l.Place.Path, l.FromLine)
		}
		text, _, _ := strings.Cut(a.Text, "\n")
		fmt.Fprintf(out, "%-9s %-8s %s  %s\n", a.ID, a.Kind, line(where), line(text))
	}
}
