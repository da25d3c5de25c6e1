package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"vitrine/index/deposit"
)

func verifyCommand() *cobra.Command {
	var trust trustFlag
	var limits []string
	var asJSON bool
	c := &cobra.Command{
		Use:   "verify DIR --trust ALLOWED_SIGNERS",
		Short: "Check signature, digests, every object and the manifest against the trees",
		Long: `Checks everything, each time: signature, digests, every object of every bundle, the manifest against
the trees. DIR is a deposit, or a folder of deposits that continue each other. What is wrong is listed
with file, object and path; the exit status is the verdict.`,
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			saveMemory()
			t, err := trust.load()
			if err != nil {
				return err
			}
			l, err := limitsOf(limits)
			if err != nil {
				return err
			}
			a, err := deposit.Verify(cmd.Context(), args[0], t, l, printStep(newStepper()))
			var refusal *deposit.Refusal
			errors.As(err, &refusal)
			switch out := cmd.OutOrStdout(); {
			case asJSON && (err == nil || refusal != nil):
				return errors.Join(printJSON(out, a, refusal), err)
			case refusal != nil:
				printRefusal(out, refusal)
				return err
			case err != nil:
				return err
			default:
				printAdmission(out, a)
				return nil
			}
		},
	}
	trustFlags(c, &trust)
	limitFlags(c, &limits)
	c.Flags().BoolVar(&asJSON, "json", false, "print the report as JSON")
	return c
}

func printJSON(out io.Writer, a *deposit.Admission, r *deposit.Refusal) error {
	e := json.NewEncoder(out)
	e.SetIndent("", "  ")
	return e.Encode(struct {
		Admitted *deposit.Admission `json:"admitted"`
		Refused  *deposit.Refusal   `json:"refused"`
	}{a, r})
}

func printAdmission(out io.Writer, a *deposit.Admission) {
	fmt.Fprintf(out, "verified  %s\n", a.Digest)
	if a.Pinned {
		fmt.Fprintln(out, "trusted   by its pinned digest")
	} else {
		fmt.Fprintf(out, "signed by %s %s\n", visible(a.Signer), a.Fingerprint)
	}
	printCounts(out, a.Counts)
	printSignatures(out, a)
	printFound(out, a)
}

// printRefusal lists what is wrong; the verdict's sentence comes with the exit.
func printRefusal(out io.Writer, r *deposit.Refusal) {
	if r.Counts == (deposit.Counts{}) && len(r.Problems) == 1 {
		return // the sentence says it all
	}
	fmt.Fprintf(out, "REFUSED   %s\n", r.Digest)
	printCounts(out, r.Counts)
	for _, p := range r.Problems {
		fmt.Fprintln(out, "problem  ", line(p.String()))
	}
	if r.More > 0 {
		fmt.Fprintf(out, "problem   and %d more\n", r.More)
	}
	for _, w := range r.Warnings {
		fmt.Fprintln(out, "warning  ", visible(w))
	}
}

// printCounts says what was checked.
func printCounts(out io.Writer, c deposit.Counts) {
	fmt.Fprintf(out, "checked   %d signatures, %d bundles of %s\n", c.Deposits, c.Bundles, bytesOf(c.Bytes))
	fmt.Fprintf(out, "objects   %d: %d commits, %d trees, %d blobs, %d tags; %d deltas, %s inflated\n",
		c.Objects(), c.Commits, c.Trees, c.Blobs, c.Tags, c.Deltas, bytesOf(c.Inflated))
	fmt.Fprintf(out, "manifest  %d objects, %d releases with %d paths\n", c.Listed, c.Releases, c.Paths)
}
