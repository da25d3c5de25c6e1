package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"golang.org/x/crypto/ssh"

	"vitrine/index/deposit"
)

const sealExample = `  # tags of a repository
  vitrinectl deposit seal --repo engine --release v1.0 --release v1.1 --key vendor --out deposit

  # two repositories: a --release belongs to what stands before it
  vitrinectl deposit seal --repo engine --release v1.1 --repo rules --release rules-1.1=v1.1 --key vendor --out deposit

  # what is in no repository: a folder, and an archive whose files are all below one folder
  vitrinectl deposit seal --source engine --folder 1.0=engine-1.0/ --archive 1.1=engine-1.1.tar.gz --strip 1 --key vendor --out deposit

  # what is new since an earlier deposit
  vitrinectl deposit seal --since deposit --repo engine --release v1.2 --key vendor --out update`

func sealCommand() *cobra.Command {
	var o deposit.SealOptions
	var in inputs
	var key, date string
	var shipped func(context.Context, *deposit.SealOptions) error
	c := &cobra.Command{
		Use:   "seal {--repo DIR --release TAG… | --folder RELEASE=DIR | --archive RELEASE=FILE}… --key FILE --out DIR",
		Short: "Make a signed deposit of releases: of git repositories, bundles, folders or archives",
		Long: `Makes a signed deposit. What is sealed stands in this order: each --repo or
--bundle, followed by its tags, oldest first; each folder or archive with the
name that its release gets. A tag whose name another release has already is
given as RELEASE=TAG. Every repository and every bundle is a source of its
own; folders and archives that follow each other are the releases of one source.
--source names the source that the next of these begins.

Repositories may be bare, packed in any way, and shallow; the deposit says where
a history is cut off. Sealing the same twice gives the same bytes when the time
is given by --date or in SOURCE_DATE_EPOCH.`,
		Example: sealExample,
		Args:    cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			var err error
			if o.Inputs, err = in.finish(o.Title); err != nil {
				return err
			}
			if o.Title == "" {
				if o.Title, err = defaultTitle(o.Inputs[0]); err != nil {
					return err
				}
			}
			if o.Sealed, err = sealingTime(date); err != nil {
				return err
			}
			if err := shipped(cmd.Context(), &o); err != nil {
				return err
			}
			var found *deposit.Admission
			o.Found = func(a *deposit.Admission) { found = a }
			return withSigner(cmd.Context(), key, func(signer ssh.Signer) error {
				o.Signer = signer
				m, err := deposit.Seal(cmd.Context(), o, printStep(newStepper()))
				var refusal *deposit.Refusal
				if errors.As(err, &refusal) {
					printRefusal(cmd.OutOrStdout(), refusal)
				}
				if err != nil {
					return err
				}
				if err := printManifest(cmd, o.Out, m); err != nil {
					return err
				}
				printFound(cmd.OutOrStdout(), found)
				return nil
			})
		},
	}
	shipped = artifactFlags(c)
	f := c.Flags()
	in.add(c)
	f.StringVar(&o.Since, "since", "", "deposit that this one continues, or the folder of those that it continues")
	f.StringVar(&key, "key", "", keyHelp("the vendor"))
	f.StringVar(&o.Out, "out", "", "deposit folder to make")
	f.StringVar(&o.Title, "title", "", "name of the product (default: the first repository's folder)")
	f.StringVar(&o.Vendor, "vendor", "unnamed vendor", "name of the vendor")
	f.StringVar(&date, "date", "", "time of sealing, RFC 3339 (default: SOURCE_DATE_EPOCH, or now)")
	f.StringVar(&date, "sealed", "", "what --date was called")
	if err := f.MarkHidden("sealed"); err != nil {
		panic(err)
	}
	for _, name := range []string{"key", "out"} {
		mustRequire(c, name)
	}
	return c
}

// sealingTime is the time that a deposit states.
func sealingTime(date string) (time.Time, error) {
	if date != "" {
		t, err := time.Parse(time.RFC3339, date)
		if err != nil {
			return t, fmt.Errorf("--date: %w; write it like 2026-05-09T16:20:00Z", err)
		}
		return t, nil
	}
	epoch := os.Getenv("SOURCE_DATE_EPOCH")
	if epoch == "" {
		return time.Now(), nil
	}
	n, err := strconv.ParseInt(epoch, 10, 64)
	if err != nil || n < 0 {
		return time.Time{}, fmt.Errorf("SOURCE_DATE_EPOCH is %q, want seconds since 1970", epoch)
	}
	return time.Unix(n, 0), nil
}

func defaultTitle(in deposit.Input) (string, error) {
	path := cmp.Or(in.Repo, in.Bundle)
	if path == "" {
		return in.Name, nil
	}
	abs, err := filepath.Abs(path)
	name := filepath.Base(abs)
	for _, suffix := range []string{".git", ".bundle"} {
		if cut := strings.TrimSuffix(name, suffix); cut != "" {
			name = cut
		}
	}
	return name, err
}
