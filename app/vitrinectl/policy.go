package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"golang.org/x/crypto/ssh"

	"vitrine/app/policy"
	"vitrine/app/room"
	"vitrine/index/deposit"
	"vitrine/index/seal"
)

// maxPublicKey bounds a public key file: one line, the longest RSA key in use
// has under 4 KiB.
const maxPublicKey = 16 << 10

func policyCommand() *cobra.Command {
	return group("policy", "Sign and show the room's rules", policySignCommand(), policyShowCommand())
}

func policySignCommand() *cobra.Command {
	var p policy.Policy
	var vendors, developers, reviewers, operators, deposits, revoked, keyrings, limits []string
	var key, out string
	c := &cobra.Command{
		Use:   "sign --title TEXT --vendor NAME=KEY.pub --reviewer NAME=KEY.pub --operator NAME=KEY.pub --deposit DIR --from DATE --to DATE --key FILE --out FILE",
		Short: "Write a policy and sign it as the operator",
		Args:  cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			var err error
			for _, group := range []struct {
				from []string
				to   *[]policy.Party
			}{{vendors, &p.Vendors}, {developers, &p.Developers}, {reviewers, &p.Reviewers}, {operators, &p.Operators}} {
				if *group.to, err = parties(group.from); err != nil {
					return err
				}
			}
			for _, d := range deposits {
				_, digest, err := deposit.ReadManifest(d)
				if err != nil {
					return fmt.Errorf("--deposit %s: %w", d, err)
				}
				p.Deposits = append(p.Deposits, digest)
			}
			if p.Limits, err = limitsOf(limits); err != nil {
				return err
			}
			if p.NotBefore, err = moment(p.NotBefore, false); err != nil {
				return fmt.Errorf("--from: %w", err)
			}
			if p.NotAfter, err = moment(p.NotAfter, true); err != nil {
				return fmt.Errorf("--to: %w", err)
			}
			if p.Revoked, err = fingerprints(revoked); err != nil {
				return fmt.Errorf("--revoked: %w", err)
			}
			certificates, err := readKeyrings(keyrings)
			if err != nil {
				return err
			}
			p.OpenPGP = certificates.Armored()
			return withSigner(cmd.Context(), key, func(signer ssh.Signer) error {
				return writePolicy(cmd, &p, signer, out)
			})
		},
	}
	f := c.Flags()
	f.StringVar(&p.Title, "title", "", "what the visit is for")
	f.StringArrayVar(&vendors, "vendor", nil, "NAME=KEY.pub, or NAME (ORGANISATION)=KEY.pub; repeat it")
	f.StringArrayVar(&developers, "developer", nil, "NAME=KEY.pub, who signs the vendor's tags and commits with SSH; repeat it")
	f.StringArrayVar(&reviewers, "reviewer", nil, "NAME=KEY.pub; repeat it")
	f.StringArrayVar(&operators, "operator", nil, "NAME=KEY.pub; repeat it")
	f.StringArrayVar(&deposits, "deposit", nil, "deposit folder the policy admits; repeat it")
	f.StringArrayVar(&limits, "limit", nil, "NAME=NUMBER: what a deposit may ask of the machine, such as maxObject=2G; repeat it")
	f.StringArrayVar(&revoked, "revoked", nil, "KEY.pub or SHA256:…, a key whose signatures count no more; repeat it")
	f.StringArrayVar(&keyrings, "keyring", nil, "OpenPGP certificates of those who sign the vendor's tags and commits; repeat it")
	f.BoolVar(&p.AnyReviewer, "any-reviewer", false, "a practice room: any key may sign as reviewer")
	f.StringVar(&p.NotBefore, "from", "", "first day of the visit, 2026-05-11, or a time, RFC 3339")
	f.StringVar(&p.NotAfter, "to", "", "last day of the visit, inclusive, or a time")
	f.StringVar(&key, "key", "", keyHelp("the operator"))
	f.StringVar(&out, "out", "", "policy file to write; the signature goes to FILE.sig")
	for _, name := range []string{"title", "deposit", "from", "to", "key", "out"} {
		mustRequire(c, name)
	}
	return c
}

// parties reads NAME=KEY.pub; the name may end in an organisation in brackets.
func parties(flags []string) ([]policy.Party, error) {
	out := []policy.Party{}
	for _, f := range flags {
		name, path, ok := strings.Cut(f, "=")
		if !ok || name == "" {
			return nil, fmt.Errorf("%q is not NAME=KEY.pub", f)
		}
		key, err := readPublicKey(path)
		if err != nil {
			return nil, fmt.Errorf("the public key of %s: %w", name, err)
		}
		p := policy.Party{Name: strings.TrimSpace(name), Key: strings.TrimSpace(string(ssh.MarshalAuthorizedKey(key)))}
		if who, org, ok := strings.Cut(p.Name, "("); ok {
			p.Name, p.Organisation = strings.TrimSpace(who), strings.TrimSuffix(strings.TrimSpace(org), ")")
		}
		out = append(out, p)
	}
	return out, nil
}

func readPublicKey(path string) (ssh.PublicKey, error) {
	b, err := seal.ReadFile(path, maxPublicKey)
	if err != nil {
		return nil, err
	}
	key, _, err := seal.ParseKey(strings.TrimSpace(string(b)))
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return key, nil
}

// fingerprints reads keys that are named by file or fingerprint, and sorts them.
func fingerprints(names []string) ([]string, error) {
	out := []string{}
	for _, name := range names {
		if _, err := seal.ParseFingerprint(name); err == nil {
			out = append(out, name)
			continue
		}
		key, err := readPublicKey(name)
		if err != nil {
			return nil, err
		}
		out = append(out, seal.Fingerprint(key))
	}
	slices.Sort(out)
	return slices.Compact(out), nil
}

// moment reads a day or a time; a last day lasts until its end.
func moment(s string, last bool) (string, error) {
	if t, err := time.Parse(time.DateOnly, s); err == nil {
		if last {
			t = t.Add(24*time.Hour - time.Second)
		}
		return t.UTC().Format(time.RFC3339), nil
	}
	t, err := time.Parse(time.RFC3339, s)
	if err != nil {
		return "", fmt.Errorf("%q is neither a day like 2026-05-11 nor a time like 2026-05-11T09:00:00Z", s)
	}
	return t.UTC().Format(time.RFC3339), nil
}

func writePolicy(cmd *cobra.Command, p *policy.Policy, signer ssh.Signer, out string) error {
	for _, name := range []string{out, out + ".sig"} {
		if _, err := os.Lstat(name); !errors.Is(err, fs.ErrNotExist) {
			return fmt.Errorf("%s is there already; a signed policy is never replaced, choose another name", name)
		}
	}
	data, sig, err := policy.Sign(p, signer)
	if err != nil {
		return err
	}
	// The signature first: a policy without one is refused, so that a crash
	// between the two leaves nothing that could be taken for a policy.
	if err := room.WriteNew(out+".sig", sig); err != nil {
		return err
	}
	if err := room.WriteNew(out, data); err != nil {
		return err
	}
	abs, err := filepath.Abs(out)
	if err != nil {
		return err
	}
	fmt.Fprintf(cmd.OutOrStdout(), "policy    %s\nsigned by %s\n", line(abs), seal.Fingerprint(signer.PublicKey()))
	return nil
}

func policyShowCommand() *cobra.Command {
	var operator string
	c := &cobra.Command{
		Use:   "show FILE [--operator KEY.pub]",
		Short: "Print a policy, verified when the operator's key is given",
		Args:  cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			out := cmd.OutOrStdout()
			var p *policy.Policy
			if operator != "" {
				key, err := room.OperatorKey(operator)
				if err != nil {
					return err
				}
				if p, err = policy.Open(args[0], key, time.Now()); err != nil {
					return err
				}
				fmt.Fprintf(out, "verified  signed by %s\n", seal.Fingerprint(key))
			} else {
				data, err := seal.ReadFile(args[0], policy.MaxPolicy)
				if err != nil {
					return err
				}
				if p, err = policy.Parse(data); err != nil {
					return err
				}
				fmt.Fprintln(out, "UNVERIFIED: this is what the file says; give --operator to check its signature.")
			}
			printPolicy(cmd, p)
			return nil
		},
	}
	c.Flags().StringVar(&operator, "operator", "", "operator's public key file")
	return c
}

func printPolicy(cmd *cobra.Command, p *policy.Policy) {
	out := cmd.OutOrStdout()
	fmt.Fprintf(out, "title     %s\nperiod    %s to %s\n", visible(p.Title), p.NotBefore, p.NotAfter)
	for _, d := range p.Deposits {
		fmt.Fprintf(out, "deposit   %s\n", d)
	}
	for _, g := range []struct {
		role  string
		party []policy.Party
	}{{"vendor", p.Vendors}, {"developer", p.Developers}, {"reviewer", p.Reviewers}, {"operator", p.Operators}} {
		for _, q := range g.party {
			fmt.Fprintf(out, "%-9s %s %s\n", g.role, visible(strings.TrimSpace(q.Name+" "+q.Organisation)), q.Key)
		}
	}
	for _, f := range p.Revoked {
		fmt.Fprintf(out, "revoked   %s\n", f)
	}
	for _, block := range p.OpenPGP {
		if k, err := seal.ParseKeyring([]byte(block)); err == nil { // as the policy was read
			for _, name := range k.Names() {
				fmt.Fprintf(out, "openpgp   %s\n", line(name))
			}
		}
	}
	for name, value := range p.Limits.All() {
		if value > 0 {
			fmt.Fprintf(out, "limit     %s %d\n", name, value)
		}
	}
	if p.AnyReviewer {
		fmt.Fprintln(out, "reviewer  anyone: a practice room")
	}
}
