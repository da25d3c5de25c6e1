package room

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"golang.org/x/crypto/ssh"

	"vitrine/app/bundle"
	"vitrine/app/policy"
	"vitrine/assets/sample"
	"vitrine/index/deposit"
	"vitrine/index/seal"
)

// maxOperatorKey bounds the operator's public key file: one line, the longest
// RSA key in use is under 1 KiB.
const maxOperatorKey = 16 << 10

// A Step is one step of an admission, as far as it has come.
type Step struct {
	Name        string // "policy" or a step of deposit.Admit
	Title       string // for a person
	Note        string
	Done, Total int64
	Finished    bool
	Problems    int  // found by it
	Before      bool // not made now, but when the deposit was admitted first
	Elapsed     time.Duration
}

var steps = []struct{ name, title string }{
	{"policy", "Room policy"},
	{"signature", "Vendor's signature"},
	{"bundle", "Bundle digest"},
	{"objects", "Every object"},
	{"trees", "Manifest against trees"},
	{"import", "Private copy"},
}

// Steps gives the titles of an admission's steps in their order.
func Steps() []string {
	t := make([]string, len(steps))
	for i, s := range steps {
		t[i] = s.title
	}
	return t
}

// titled puts a step of deposit's into words. What deposit reports in two
// parts, reading and checking the objects, is one step to a person.
func titled(s deposit.Step) Step {
	out := Step{Name: s.Name, Done: s.Done, Total: s.Total, Finished: s.Finished, Problems: s.Problems, Elapsed: s.Elapsed}
	for _, t := range steps {
		if t.name == s.Name {
			out.Title = t.title
		}
	}
	if when, ok := strings.CutPrefix(s.Note, deposit.NoteReopened); ok {
		out.Note, out.Before = "Checked "+day(when), true
		return out
	}
	switch s.Name {
	case deposit.StepSignature:
		out.Note = "The signature holds, and is trusted"
	case deposit.StepBundle:
		out.Note = fmt.Sprintf("%s, %s", s.Note, megabytes(s.Done))
		if s.Finished {
			out.Note += ", SHA-256 as stated"
		} else if r := rate(s); r > 0 {
			out.Note += ", " + megabytes(r) + "/s"
		}
	case deposit.StepObjects:
		out.Note = fmt.Sprintf("%s of %s %s", grouped(s.Done), grouped(s.Total), map[string]string{"reading": "read", "checking": "checked"}[s.Note])
		if r := rate(s); r > 0 && !s.Finished {
			out.Note += ", " + grouped(r) + "/s"
		}
		if s.Finished && s.Note == "reading" {
			out.Finished = false
		} else if s.Finished {
			out.Note = fmt.Sprintf("%s of %s, no collision", grouped(s.Done), grouped(s.Total))
		}
	case deposit.StepTrees:
		out.Note = fmt.Sprintf("%d of %d releases", s.Done, s.Total)
	case deposit.StepImport:
		out.Note = "Kept for this workstation; the deposit is not written to"
	}
	return out
}

// rate is how much of a step a second does, 0 while that cannot be told.
func rate(s deposit.Step) int64 {
	if s.Elapsed < 300*time.Millisecond {
		return 0
	}
	return int64(float64(s.Done) / s.Elapsed.Seconds())
}

// day writes a time of RFC 3339 for people.
func day(stamp string) string {
	at, err := time.Parse(time.RFC3339, stamp)
	if err != nil {
		return "before"
	}
	return "on " + at.UTC().Format("2 January 2006, 15:04 UTC")
}

// grouped writes 151212 as 151,212.
func grouped(n int64) string {
	s := strconv.FormatInt(n, 10)
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}

func megabytes(n int64) string {
	if n < 1<<20 {
		return fmt.Sprintf("%.1f KB", float64(n)/1e3)
	}
	if n >= 1e9 {
		return fmt.Sprintf("%.2f GB", float64(n)/1e9)
	}
	return fmt.Sprintf("%.1f MB", float64(n)/1e6)
}

// An Admission is a verified deposit under a valid policy, before anyone has
// entered.
type Admission struct {
	cfg      Config
	policy   *policy.Policy
	operator string // fingerprint, or what stands for it
	facts    *deposit.Admission
	folder   string // where the deposit lies
	deposit  *deposit.Deposit
	releases []ReleaseLine
}

// Admit reads the policy, has the deposit verified by the admission child and
// opens what it imported. The policy comes first: it is the only source of
// keys. On failure nothing of the deposit is open.
func Admit(ctx context.Context, cfg Config, req Request, progress func(Step)) (*Admission, error) {
	start := time.Now()
	at := now()
	a := &Admission{cfg: cfg}
	if err := cfg.prepare(); err != nil {
		return nil, err
	}
	dir := req.Deposit
	var trust deposit.Trust
	if req.Sample {
		p, err := policy.OpenPinned(sample.Policy, sample.PolicySig, sample.PolicyDigest, at)
		if err != nil {
			return nil, fmt.Errorf("the built-in policy: %w", err)
		}
		a.policy, a.operator = p, "built in, pinned by digest"
		trust = deposit.Trust{Pinned: []deposit.Digest{sample.ManifestDigest}, At: at}
		if dir, err = unpackSample(cfg); err != nil {
			return nil, err
		}
	} else {
		key, err := operatorKey(cfg)
		if err != nil {
			return nil, err
		}
		if req.Policy == "" {
			return nil, errors.New("no policy: the room opens a deposit only under a policy file that its operator signed")
		}
		if a.policy, err = policy.Open(req.Policy, key, at); err != nil {
			return nil, err
		}
		a.operator = seal.Fingerprint(key)
		trust = a.policy.DepositTrust(at)
		if dir, err = filepath.Abs(dir); err != nil {
			return nil, fmt.Errorf("the deposit: %w", err)
		}
		if req.Policy, err = filepath.Abs(req.Policy); err != nil {
			return nil, fmt.Errorf("the policy: %w", err)
		}
		req.Deposit = dir // the recent list is read from another folder
	}
	a.folder = dir
	opened := Step{Name: "policy", Title: steps[0].title, Note: a.policy.Title, Done: 1, Total: 1, Finished: true, Elapsed: time.Since(start)}
	progress(opened)

	o := order{
		Deposit: dir, Workspace: cfg.workspace(), Signers: trust.Signers.String(), Pinned: trust.Pinned,
		Revoked: a.policy.Revoked, Keyring: strings.Join(trust.Keyring.Armored(), ""), At: at, Limits: a.policy.Limits, Full: req.Full,
	}
	facts, err := runChild(ctx, cfg.Ctl, o, func(s deposit.Step) { progress(titled(s)) })
	if err != nil {
		return nil, err
	}
	a.facts = facts
	if err := a.policy.PermitsDeposit(facts.Digest); err != nil {
		opened.Problems = 1 // it is known only now which deposit this is
		progress(opened)
		return nil, err
	}
	if a.deposit, err = deposit.Open(cfg.workspace(), facts.Digest); err != nil {
		return nil, err
	}
	if a.releases, err = releaseLines(a.deposit.Releases(), facts.Releases); err != nil {
		return nil, errors.Join(err, a.deposit.Close())
	}
	m := a.deposit.Manifest()
	seen := Recent{Title: m.Title, Vendor: m.Vendor, Deposit: req.Deposit, Policy: req.Policy, Sample: req.Sample, Seen: at}
	if err := remember(cfg, seen); err != nil {
		return nil, errors.Join(err, a.deposit.Close())
	}
	return a, nil
}

// Close gives the deposit back; after Enter the visit does that.
func (a *Admission) Close() error {
	if a.deposit == nil {
		return nil
	}
	d := a.deposit
	a.deposit = nil
	return d.Close()
}

// operatorKey finds the public key this workstation was set up with.
func operatorKey(cfg Config) (ssh.PublicKey, error) {
	if cfg.Operator != "" {
		return OperatorKey(cfg.Operator)
	}
	for _, path := range OperatorPlaces() {
		if _, err := os.Stat(path); !errors.Is(err, fs.ErrNotExist) {
			return OperatorKey(path)
		}
	}
	return nil, fmt.Errorf("this workstation has no operator's public key: put it at %s", strings.Join(OperatorPlaces(), " or "))
}

// OperatorKey reads an operator's public key file: one OpenSSH public key.
func OperatorKey(path string) (ssh.PublicKey, error) {
	b, err := seal.ReadFile(path, maxOperatorKey)
	if err != nil {
		return nil, fmt.Errorf("the operator's public key: %w", err)
	}
	key, _, err := seal.ParseKey(strings.TrimSpace(string(b)))
	if err != nil {
		return nil, fmt.Errorf("the operator's public key %s: %w", path, err)
	}
	return key, nil
}

// A Certificate is what admission established, for a person to read.
type Certificate struct {
	Title, Vendor       string
	Sealed              time.Time
	Digest              string // SHA-256 of manifest.json
	Signer, Fingerprint string
	Pinned              bool      // trusted by its digest, not by a key
	Checked             string    // how much was checked
	Verified            time.Time // when everything was checked
	Reopened            bool      // that was not now
	Bundles             []BundleLine
	Releases            []ReleaseLine // oldest first
	Commits             string        // how many commits are signed; "" without any
	Documents           int64         // PDF and office files of the releases, which are listed and not shown
	Warnings            []Warning
	PolicyTitle         string
	Operator            string // fingerprint of the key that signed the policy
	NotBefore, NotAfter time.Time
	Reviewers           []string // whom the policy names
	AnyReviewer         bool     // a practice room: any key may sign
	Check               string   // the stock command that checks the signature
}

// A BundleLine is one git bundle of the deposit.
type BundleLine struct {
	Name, Digest string
	Size         int64
}

// A ReleaseLine is one release: Changed counts the paths that differ from the
// release before of the same source, -1 for the first.
type ReleaseLine struct {
	Name, Commit, Tree string
	Files, Changed     int
	// Signature says what the vendor signed of it, "tag signed by Ann L." or
	// "unsigned tag"; Signed is the same in a word or two.
	Signature, Signed string
}

// A Warning is something the deposit is accepted with but a reviewer should know.
type Warning struct{ Fact, Detail string }

// Certificate gives the certificate of the admission.
func (a *Admission) Certificate() Certificate {
	m := a.deposit.Manifest()
	c := Certificate{
		Title: m.Title, Vendor: m.Vendor, Digest: a.facts.Digest.String(),
		Signer: a.facts.Signer, Fingerprint: a.facts.Fingerprint, Pinned: a.facts.Pinned, Checked: extent(a.facts.Counts), Reopened: a.facts.Reopened,
		Releases: a.releases,
		Commits:  signedCommits(a.facts.Commits), Documents: a.documents(),
		PolicyTitle: a.policy.Title, Operator: a.operator, AnyReviewer: a.policy.AnyReviewer,
		Check: "ssh-keygen -Y verify -n deposit@vitrine -f allowed_signers -I " + principal(a.facts.Signer) + " -s manifest.json.sig < manifest.json",
	}
	c.Sealed, _ = time.Parse(time.RFC3339, m.Sealed) // verified when the manifest was read
	c.Verified, _ = time.Parse(time.RFC3339, a.facts.Verified)
	c.NotBefore, c.NotAfter = a.policy.Period()
	for _, l := range a.deposit.Links() {
		for _, s := range l.Manifest.Sources {
			c.Bundles = append(c.Bundles, BundleLine{s.Bundle, s.SHA256.String(), s.Size})
		}
	}
	for _, r := range a.policy.Reviewers {
		c.Reviewers = append(c.Reviewers, r.Name)
	}
	if a.facts.Pinned {
		who := "The operator's policy names its manifest, and no vendor."
		if a.facts.Digest == sample.ManifestDigest {
			who = "This deposit ships with the program, which pins its manifest."
		}
		c.Warnings = append(c.Warnings, Warning{"Trusted by its digest, not by a key.", who})
	}
	if a.policy.AnyReviewer {
		c.Warnings = append(c.Warnings, Warning{"Practice room.", "Its policy names no reviewers: any key may sign what leaves."})
	}
	for _, w := range a.facts.Warnings {
		fact, detail, _ := strings.Cut(w, ". ")
		fact = strings.TrimSuffix(fact, ".") + "."
		if first, size := utf8.DecodeRuneInString(fact); first != utf8.RuneError {
			fact = string(unicode.ToUpper(first)) + fact[size:]
		}
		c.Warnings = append(c.Warnings, Warning{fact, detail})
	}
	return c
}

// extent says how much a verification looked at.
func extent(c deposit.Counts) string {
	return fmt.Sprintf("%s objects of %s inflated and hashed, %s compared with the manifest, %s paths of releases walked",
		grouped(c.Objects()), megabytes(c.Inflated), grouped(c.Listed), grouped(c.Paths))
}

// documents counts the files for which a viewer of text is no help.
func (a *Admission) documents() int64 {
	var n int64
	for _, r := range a.facts.Releases {
		n += int64(len(r.Documents)) + r.DocumentsMore
	}
	return n
}

// signedCommits says how many commits the vendor signed.
func signedCommits(c deposit.SignatureCounts) string {
	all := c.Valid + c.Unknown + c.Bad + c.None
	if all == 0 {
		return ""
	}
	words := []string{grouped(all) + " commits"}
	for _, part := range []struct {
		n    int64
		what string
	}{{c.Valid, "signed and valid"}, {c.Unknown, "by an unknown key"}, {c.Bad, "with a bad signature"}, {c.None, "unsigned"}} {
		if part.n > 0 {
			words = append(words, grouped(part.n)+" "+part.what)
		}
	}
	return words[0] + ": " + strings.Join(words[1:], ", ")
}

// principal is the name an allowed_signers line would carry for the signer.
func principal(signer string) string {
	if signer == "" {
		return "vendor"
	}
	return bundle.Slug(signer)
}

// releaseLines joins the releases of the deposit that was opened with what the
// admission found in them.
func releaseLines(releases []deposit.Release, admitted []deposit.AdmittedRelease) ([]ReleaseLine, error) {
	found := make(map[deposit.Release]deposit.AdmittedRelease, len(admitted))
	for _, r := range admitted {
		found[r.Release] = r
	}
	var lines []ReleaseLine
	for _, r := range releases {
		in, ok := found[r]
		if !ok {
			return nil, fmt.Errorf("the admission process did not say what release %s holds; nothing of the deposit was opened", r.Name)
		}
		line := ReleaseLine{Name: r.Name, Commit: r.Commit.String(), Tree: r.Tree.String(), Files: int(in.Files), Changed: int(in.Changed)}
		line.Signature, line.Signed = signatureWords(in.Tag, in.CommitSignature)
		lines = append(lines, line)
	}
	return lines, nil
}
