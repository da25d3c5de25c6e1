package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"vitrine/app/room"
	"vitrine/index/bom"
	"vitrine/index/deposit"
	"vitrine/index/seal"
)

func artifactCommand() *cobra.Command {
	return group("artifact", "Compare shipped files and bills of materials with a deposit", artifactCheckCommand(), artifactBomCommand(), attestCommand(), evidenceCommand())
}

// artifactFlags adds what a deposit may list of shipped files to the command
// that seals, and gives the function that puts it into the options.
func artifactFlags(c *cobra.Command) func(context.Context, *deposit.SealOptions) error {
	var artifacts, builds, bills []string
	f := c.Flags()
	f.StringArrayVar(&artifacts, "artifact", nil, "RELEASE=FILE: a file shipped of a release; it is hashed, not deposited; repeat it")
	f.StringArrayVar(&builds, "build", nil, "RELEASE=TEXTFILE: how to build the artifacts of a release, for people; repeat it")
	f.StringArrayVar(&bills, "sbom", nil, "RELEASE=FILE: a bill of materials, SPDX or CycloneDX JSON, to deposit; repeat it")
	return func(ctx context.Context, o *deposit.SealOptions) error {
		steps := newStepper()
		for _, arg := range artifacts {
			release, file, err := ofRelease("--artifact", arg)
			if err != nil {
				return err
			}
			a, err := hashFile(ctx, steps, release, file)
			if err != nil {
				return fmt.Errorf("--artifact: %w", err)
			}
			if slices.ContainsFunc(o.Artifacts, func(b deposit.Artifact) bool { return b.Release == a.Release && b.Name == a.Name }) {
				return fmt.Errorf("--artifact: release %s has two files of the name %s", release, a.Name)
			}
			o.Artifacts = append(o.Artifacts, a)
		}
		for _, arg := range builds {
			release, file, err := ofRelease("--build", arg)
			if err != nil {
				return err
			}
			text, err := deposit.ReadBuild(file)
			if err != nil {
				return fmt.Errorf("--build: %w", err)
			}
			found := false
			for i := range o.Artifacts {
				if o.Artifacts[i].Release == release {
					o.Artifacts[i].Build, found = text, true
				}
			}
			if !found {
				return fmt.Errorf("--build: no --artifact is of release %s", release)
			}
		}
		for _, arg := range bills {
			release, file, err := ofRelease("--sbom", arg)
			if err != nil {
				return err
			}
			data, err := seal.ReadFile(file, deposit.MaxDocument)
			if err == nil {
				_, err = bom.Parse(data) // what nobody could read had better not be signed
			}
			if err != nil {
				return fmt.Errorf("--sbom: %s: %w", file, err)
			}
			o.Documents = append(o.Documents, deposit.DocumentInput{Release: release, File: file})
		}
		return nil
	}
}

// printShipped prints what a manifest lists of shipped files, and its documents.
func printShipped(out io.Writer, m *deposit.Manifest) {
	for _, a := range m.Artifacts {
		fmt.Fprintf(out, "artifact  %s %s  sha256:%s  %s\n", visible(a.Release), visible(a.Name), a.SHA256, bytesOf(a.Size))
	}
	for _, d := range m.Documents {
		fmt.Fprintf(out, "document  %s %s  sha256:%s  %s, %s\n", visible(d.Release), d.Name, d.SHA256, d.Kind, bytesOf(d.Size))
	}
}

// ofRelease splits RELEASE=FILE.
func ofRelease(flag, arg string) (release, file string, err error) {
	release, file, ok := strings.Cut(arg, "=")
	if !ok || release == "" || file == "" {
		return "", "", fmt.Errorf("%s %q: write RELEASE=FILE, as in %s 1.5.0=build/engine.deb", flag, arg, flag)
	}
	return release, file, nil
}

// hashFile hashes a file of any size, with progress on a terminal.
func hashFile(ctx context.Context, steps *stepper, release, file string) (deposit.Artifact, error) {
	start := time.Now()
	a, err := deposit.ReadArtifact(ctx, release, file, func(done, total int64) { steps.running("hashing "+filepath.Base(file), done, total) })
	if err == nil {
		steps.finished("hashed "+a.Name, bytesOf(a.Size), time.Since(start))
	}
	return a, err
}

func artifactCheckCommand() *cobra.Command {
	var trust trustFlag
	var release string
	c := &cobra.Command{
		Use:   "check DEPOSIT --trust ALLOWED_SIGNERS FILE…",
		Short: "Say whether files from a medium are what the deposit's releases list",
		Long: `Hashes each file and says whether it is what the signed manifest lists. The
manifest's signature is checked; bundles and objects are not looked at, for the
manifest alone binds what is shipped. Exit status: 0 if every file is listed, byte
for byte.`,
		Args: cobra.MinimumNArgs(2),
		RunE: func(cmd *cobra.Command, args []string) error {
			listed, err := listedArtifacts(args[0], trust, release)
			if err != nil {
				return err
			}
			steps, other := newStepper(), 0
			for _, file := range args[1:] {
				a, err := hashFile(cmd.Context(), steps, "", file)
				if err != nil {
					return err
				}
				m := deposit.MatchArtifact(listed, release, a)
				if !m.Same() {
					other++
				}
				fmt.Fprintln(cmd.OutOrStdout(), line(m.String()))
			}
			if other > 0 {
				return fmt.Errorf("%d of %d files are not what the deposit lists", other, len(args)-1)
			}
			return nil
		},
	}
	trustFlags(c, &trust)
	c.Flags().StringVar(&release, "release", "", "the release that the files should be of (default: any)")
	return c
}

// listedArtifacts is what the signed manifests of a deposit list.
func listedArtifacts(dir string, trust trustFlag, release string) ([]deposit.Artifact, error) {
	t, err := trust.load()
	if err != nil {
		return nil, err
	}
	links, err := deposit.IdentifyLinks(dir, t)
	if err != nil {
		return nil, err
	}
	listed := deposit.Artifacts(links)
	if len(listed) == 0 {
		return nil, errors.New("this deposit lists no shipped artifacts")
	}
	if release != "" && !slices.ContainsFunc(listed, func(a deposit.Artifact) bool { return a.Release == release }) {
		return nil, fmt.Errorf("this deposit lists no shipped artifacts of a release %q", release)
	}
	return listed, nil
}

func artifactBomCommand() *cobra.Command {
	var trust trustFlag
	var release string
	var limits []string
	c := &cobra.Command{
		Use:   "bom DEPOSIT --trust ALLOWED_SIGNERS --release R",
		Short: "Compare a release's bill of materials with its files",
		Long: `Prints the components of the release's bills of materials with how surely each was
found among the deposited files – by digest, by path, by name (of a directory: a
guess) or not found – and then the files that no entry mentions.

The deposit is verified in full when that has not been done before under the same
trust and limits.`,
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) (err error) {
			t, err := trust.load()
			if err != nil {
				return err
			}
			l, err := limitsOf(limits)
			if err != nil {
				return err
			}
			cfg, err := room.DefaultConfig()
			if err != nil {
				return err
			}
			s, err := room.OpenUnindexed(cmd.Context(), cfg, room.Trusted{Deposit: args[0], Trust: t, Limits: l}, printStep(newStepper()))
			if err != nil {
				return err
			}
			defer func() { err = errors.Join(err, s.Close()) }()
			bills, err := s.Bills(cmd.Context(), release)
			if err != nil {
				return err
			}
			if len(bills) == 0 {
				return fmt.Errorf("this deposit has no bill of materials of release %s", release)
			}
			for _, b := range bills {
				if b.Err != nil {
					return fmt.Errorf("%s: %w", b.Document.Name, b.Err)
				}
				printBill(cmd.OutOrStdout(), b)
			}
			return nil
		},
	}
	trustFlags(c, &trust)
	limitFlags(c, &limits)
	c.Flags().StringVar(&release, "release", "", "release whose bill of materials is meant")
	mustRequire(c, "release")
	return c
}

func printBill(out io.Writer, b room.Bill) {
	c := b.Comparison
	fmt.Fprintf(out, "bill      %s  %s  sha256:%s\n", b.Document.Name, c.Bill.Format, b.Document.SHA256)
	if c.Bill.Subject != "" {
		fmt.Fprintf(out, "subject   %s\n", line(c.Bill.Subject))
	}
	fmt.Fprintf(out, "components %d: %d by digest, %d by path, %d by name, %d not found\n",
		len(c.Found), c.Count(bom.ByDigest), c.Count(bom.ByPath), c.Count(bom.ByName), c.Count(bom.None))
	for i := range c.Found {
		f := &c.Found[i]
		row := fmt.Sprintf("%-10s %-30s %s", f.Grade, line(strings.TrimSpace(f.Name+" "+f.Version)), line(f.Evidence()))
		fmt.Fprintln(out, strings.TrimRight(row, " "))
	}
	if !c.ListsFiles {
		fmt.Fprintln(out, "The bill lists no files: which files it does not mention cannot be said.")
		return
	}
	fmt.Fprintf(out, "never mentioned: %d of %d files\n", len(c.NeverMentioned), c.Files)
	for _, p := range c.NeverMentioned {
		fmt.Fprintln(out, "  "+line(p))
	}
}
