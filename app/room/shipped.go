package room

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/crypto/ssh"

	"vitrine/app/evidence"
	"vitrine/app/policy"
	"vitrine/app/review"
	"vitrine/assets/sample"
	"vitrine/index/deposit"
	"vitrine/index/seal"
)

// A Shipped is an artifact and what this visit found out about it.
type Shipped struct {
	deposit.Artifact
	Checked  *review.Checked   // the last file compared with it, nil when none was
	Evidence []review.Evidence // in the order it was taken
}

// Shipped lists the artifacts of all releases with what the journal says of them.
func (v *Visit) Shipped() []Shipped {
	v.reading.RLock()
	checks, built := v.state.Checks(), v.state.Evidence()
	v.reading.RUnlock()
	var all []Shipped
	at := map[[2]string]int{}
	for _, a := range v.Artifacts() {
		at[[2]string{a.Release, a.Name}] = len(all)
		all = append(all, Shipped{Artifact: a})
	}
	for i := range checks {
		if k, ok := at[[2]string{checks[i].Release, checks[i].Artifact}]; ok {
			all[k].Checked = &checks[i]
		}
	}
	for _, e := range built {
		if k, ok := at[[2]string{e.Statement.Release, e.Statement.Artifact.Name}]; ok {
			all[k].Evidence = append(all[k].Evidence, e)
		}
	}
	return all
}

// HasShipped reports whether there is anything to look at: artifacts, or bills
// of materials.
func (s *Source) HasShipped() bool {
	for _, l := range s.deposit.Links() {
		if len(l.Manifest.Artifacts)+len(l.Manifest.Documents) > 0 {
			return true
		}
	}
	return false
}

// Bills are the bills of materials of a release; see Source.Bills.
func (v *Visit) Bills(ctx context.Context, release string) ([]Bill, error) {
	if err := v.allowed(); err != nil {
		return nil, err
	}
	return v.source.Bills(ctx, release)
}

// Medium is the folder in which to look for files to check, "" when none is
// known: the built-in sample brings some, which are unpacked beside it.
func (v *Visit) Medium() (string, error) {
	if v.deposit.Digest() != sample.ManifestDigest {
		return "", nil
	}
	return unpack(v.cfg, sample.ManifestDigest.String()+"-medium", sample.Medium)
}

// A FileCheck is what became of CheckFile. Artifact is the one that Sentence is
// about.
type FileCheck struct {
	Same     bool
	Meant    bool // Artifact is the one that was meant, not another one or another release's
	Sentence string
	Artifact deposit.Artifact
}

// CheckFile hashes a file from a medium, compares it with what the deposit lists
// and records the outcome. The file is compared with all artifacts; when it is
// none and has the name of none, it is said of the one that was meant. One that
// cannot be read, or whose reading is cancelled, leaves no record.
func (v *Visit) CheckFile(ctx context.Context, meant deposit.Artifact, path string, progress func(done, total int64)) (FileCheck, error) {
	if err := v.allowed(); err != nil {
		return FileCheck{}, err
	}
	file, err := deposit.ReadArtifact(ctx, "", path, progress)
	if err != nil {
		return FileCheck{}, err
	}
	listed := v.Artifacts()
	m := deposit.MatchArtifact(listed, "", file)
	about := meant
	if len(m.Listed) > 0 {
		about = m.Listed[0]
		for _, a := range m.Listed {
			if a.Release == meant.Release && a.Name == meant.Name {
				about = a
			}
		}
		m.Listed = []deposit.Artifact{about}
	}
	body := review.Check{
		File: printable(file.Name), SHA256: file.SHA256, Size: file.Size,
		Release: about.Release, Artifact: about.Name, Standing: m.Standing,
	}
	if err := body.Validate(); err != nil {
		return FileCheck{}, err
	}
	m.File.Name = body.File
	if err := v.act(ctx, review.EntryChecked, body, nil); err != nil {
		return FileCheck{}, err
	}
	return FileCheck{Same: m.Same(), Meant: about.Release == meant.Release && about.Name == meant.Name, Sentence: m.String() + ".", Artifact: about}, nil
}

// printable is a file's name as it can be recorded and shown: a medium's names
// may hold anything.
func printable(name string) string {
	name = strings.Map(func(r rune) rune {
		if unicode.IsPrint(r) {
			return r
		}
		return utf8.RuneError
	}, strings.ToValidUTF8(name, "\ufffd"))
	if len(name) > review.MaxName {
		name = strings.ToValidUTF8(name[:review.MaxName], "")
	}
	return name
}

// TakeEvidence reads build evidence NAME.json and its NAME.json.sig from a
// medium, verifies it against the keys that the policy names and records it,
// with its signature. Evidence about another deposit is refused.
func (v *Visit) TakeEvidence(ctx context.Context, path string) (review.Evidence, error) {
	var taken review.Evidence
	if err := v.allowed(); err != nil {
		return taken, err
	}
	path = strings.TrimSuffix(path, ".sig")
	data, err := seal.ReadFile(path, evidence.MaxSize)
	if err != nil {
		return taken, fmt.Errorf("the build evidence: %w", err)
	}
	signature, err := seal.ReadFile(path+".sig", seal.MaxSignature)
	if err != nil {
		return taken, fmt.Errorf("the build evidence's signature, which lies beside it: %w", err)
	}
	body := review.Built{Statement: string(data), Signature: string(signature)}
	st, err := evidence.Open(data, signature, func(key ssh.PublicKey) error {
		who, role, err := v.policy.Builder(key)
		body.Signer, body.Role, body.Fingerprint = who.Name, string(role), seal.Fingerprint(key)
		return err
	})
	if err != nil {
		return taken, fmt.Errorf("%s: %w", filepath.Base(path), err)
	}
	if err := st.Fits(v.deposit.Links()); err != nil {
		return taken, fmt.Errorf("%s: %w", filepath.Base(path), err)
	}
	v.mu.Lock()
	defer v.mu.Unlock()
	if _, err := v.state.CheckBuilt(body); err != nil {
		return taken, err
	}
	if err := v.locked(ctx, review.EntryBuilt, body, nil); err != nil {
		return taken, err
	}
	all := v.state.Evidence()
	if len(all) == 0 {
		return taken, errors.New("the build evidence was recorded and is not there") // the fold has it, or failed
	}
	return all[len(all)-1], nil
}

// VendorsOwn reports whether evidence is the vendor's word on its own build.
func VendorsOwn(e review.Evidence) bool { return e.Role == string(policy.Vendor) }
