package main

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"golang.org/x/crypto/ssh"

	"vitrine/app/evidence"
	"vitrine/app/room"
	"vitrine/index/deposit"
	"vitrine/index/seal"
)

func attestCommand() *cobra.Command {
	var trust trustFlag
	var s evidence.Statement
	var artifact, rebuilt, key, out string
	c := &cobra.Command{
		Use:   "attest DEPOSIT --trust ALLOWED_SIGNERS --release R --artifact NAME --rebuilt FILE --toolchain TEXT|@FILE --key KEY --by NAME --out FILE",
		Short: "Sign what came out when a shipped file was built from the deposit",
		Long: `Compares a file that you built with the artifact that the deposit lists, and signs
what came out: who built, with which toolchain, whether the bytes are identical.
Writes FILE and FILE.sig. Texts are given as they are or, with @, as a file's name.`,
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			for _, name := range []string{out, out + ".sig"} {
				if _, err := os.Lstat(name); !errors.Is(err, fs.ErrNotExist) {
					return fmt.Errorf("%s is there already; build evidence is never replaced, choose another name", name)
				}
			}
			t, err := trust.load()
			if err != nil {
				return err
			}
			links, err := deposit.IdentifyLinks(args[0], t)
			if err != nil {
				return err
			}
			listed, digest, err := findArtifact(links, s.Release, artifact)
			if err != nil {
				return err
			}
			for _, text := range []*string{&s.Toolchain, &s.Environment, &s.Differences} {
				if *text, err = textOrFile(*text); err != nil {
					return err
				}
			}
			built, err := hashFile(cmd.Context(), newStepper(), s.Release, rebuilt)
			if err != nil {
				return err
			}
			s.Deposit, s.Artifact, s.Rebuilt = digest, evidence.FileOf(listed), evidence.FileOf(built)
			return withSigner(cmd.Context(), key, func(signer ssh.Signer) error {
				return writeEvidence(cmd.OutOrStdout(), s, signer, out)
			})
		},
	}
	trustFlags(c, &trust)
	f := c.Flags()
	f.StringVar(&s.Release, "release", "", "release that the artifact is of")
	f.StringVar(&artifact, "artifact", "", "name of the artifact, as the deposit lists it")
	f.StringVar(&rebuilt, "rebuilt", "", "the file that you built")
	f.StringVar(&s.Toolchain, "toolchain", "", "compilers and tools with their versions: TEXT or @FILE")
	f.StringVar(&s.Environment, "environment", "", "machine and commands: TEXT or @FILE")
	f.StringVar(&s.Differences, "differences", "", "why bytes differ, where they do: TEXT or @FILE")
	f.StringVar(&s.By.Name, "by", "", "your name")
	f.StringVar(&s.By.Organisation, "organisation", "", "your organisation")
	f.StringVar(&key, "key", "", keyHelp("yours"))
	f.StringVar(&out, "out", "", "evidence file to write, as NAME.json; the signature goes to NAME.json.sig")
	for _, name := range []string{"release", "artifact", "rebuilt", "toolchain", "key", "by", "out"} {
		mustRequire(c, name)
	}
	return c
}

// findArtifact finds what a deposit lists, and in which manifest.
func findArtifact(links []deposit.Link, release, name string) (deposit.Artifact, deposit.Digest, error) {
	for _, l := range links {
		for _, a := range l.Manifest.Artifacts {
			if a.Release == release && a.Name == name {
				return a, l.Digest, nil
			}
		}
	}
	return deposit.Artifact{}, deposit.Digest{}, fmt.Errorf("the deposit lists no artifact %q of a release %q; `vitrinectl deposit show` prints what it lists", name, release)
}

// maxTextFile is more than evidence takes: it says the limit itself.
const maxTextFile = 64 << 10

// textOrFile is a text, or with @ in front that of a file.
func textOrFile(s string) (string, error) {
	name, ok := strings.CutPrefix(s, "@")
	if !ok {
		return s, nil
	}
	data, err := seal.ReadFile(name, maxTextFile)
	if err != nil {
		return "", err
	}
	return strings.TrimRight(strings.ReplaceAll(string(data), "\r\n", "\n"), "\n"), nil
}

func writeEvidence(out io.Writer, s evidence.Statement, signer ssh.Signer, path string) error {
	data, sig, err := evidence.Sign(s, time.Now(), signer)
	if err != nil {
		return err
	}
	// The signature first: evidence without one is refused, so that a crash
	// between the two leaves nothing that works.
	if err := room.WriteNew(path+".sig", sig); err != nil {
		return err
	}
	if err := room.WriteNew(path, data); err != nil {
		return errors.Join(err, os.Remove(path+".sig"))
	}
	made, err := evidence.Parse(data)
	if err != nil {
		return err
	}
	fmt.Fprintf(out, "evidence  %s\nsigned by %s\n", line(path), seal.Fingerprint(signer.PublicKey()))
	fmt.Fprintln(out, line(made.Result()+"."))
	return nil
}

func evidenceCommand() *cobra.Command {
	var trust trustFlag
	var dir string
	c := &cobra.Command{
		Use:   "verify EVIDENCE --trust ALLOWED_SIGNERS",
		Short: "Check signed build evidence, and with --deposit that the deposit lists what it says",
		Args:  cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			t, err := trust.load()
			if err != nil {
				return err
			}
			data, err := seal.ReadFile(args[0], evidence.MaxSize)
			if err != nil {
				return err
			}
			sig, err := seal.ReadFile(args[0]+".sig", seal.MaxSignature)
			if err != nil {
				return fmt.Errorf("the signature, which lies beside it: %w", err)
			}
			var who, fingerprint string
			s, err := evidence.Open(data, sig, func(key ssh.PublicKey) error {
				if t.Signers == nil {
					return errors.New("give --trust an allowed_signers file with the builders' keys")
				}
				fingerprint = seal.Fingerprint(key)
				var err error
				who, err = t.Signers.Revoke(t.Revoked).Find(key, evidence.Namespace, t.At)
				return err
			})
			if err != nil {
				return fmt.Errorf("%s: %w", filepath.Base(args[0]), err)
			}
			if dir != "" {
				links, err := deposit.IdentifyLinks(dir, t)
				if err == nil {
					err = s.Fits(links)
				}
				if err != nil {
					return err
				}
			}
			printEvidence(cmd.OutOrStdout(), s, who, fingerprint, dir != "")
			return nil
		},
	}
	trustFlags(c, &trust)
	c.Flags().StringVar(&dir, "deposit", "", "deposit that the evidence should be about; its signature is checked with the same --trust and --pin")
	return c
}

func printEvidence(out io.Writer, s *evidence.Statement, who, fingerprint string, held bool) {
	fmt.Fprintf(out, "verified  signed by %s %s at %s\n", line(who), fingerprint, s.At)
	fmt.Fprintf(out, "deposit   %s\n", s.Deposit)
	fmt.Fprintf(out, "listed    %s %s  sha256:%s\n", line(s.Release), line(s.Artifact.Name), s.Artifact.SHA256)
	fmt.Fprintf(out, "rebuilt   %s  sha256:%s\n", line(s.Rebuilt.Name), s.Rebuilt.SHA256)
	for _, t := range []struct{ what, text string }{{"toolchain", s.Toolchain}, {"built by", s.Environment}, {"differs", s.Differences}} {
		if t.text != "" {
			fmt.Fprintf(out, "%-9s %s\n", t.what, strings.ReplaceAll(visible(t.text), "\n", "\n          "))
		}
	}
	fmt.Fprintln(out, line(s.Result()+"."))
	if !held {
		fmt.Fprintln(out, "Whether the deposit lists that file was not looked at; --deposit does.")
	}
}
