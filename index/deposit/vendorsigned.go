package deposit

import (
	"bytes"
	"fmt"
	"sync"
)

// maxSignatureFacts bounds how many different things are remembered of
// signatures. A history has a few hundred signers; in one that was made to have
// a stranger for each commit, those after these are counted without their ids.
const maxSignatureFacts = 4096

// A signatureTable keeps what was found of each signature, so that a node needs
// two bytes for it. It is filled from several goroutines.
type signatureTable struct {
	mu     sync.Mutex
	number map[Signature]uint16
	facts  []Signature
}

func (t *signatureTable) intern(s Signature) uint16 {
	t.mu.Lock()
	defer t.mu.Unlock()
	n, ok := t.number[s]
	if !ok && len(t.facts) >= maxSignatureFacts {
		s.Signer, s.Why = "", ""
		n, ok = t.number[s]
	}
	if !ok {
		if t.number == nil {
			t.number = map[Signature]uint16{}
		}
		n = uint16(len(t.facts))
		t.number[s], t.facts = n, append(t.facts, s)
	}
	return n
}

// noteSignature judges the signature of an object that was just added.
func (v *verification) noteSignature(g *graph, at nodeRef, k kind, data []byte) {
	switch k {
	case kindCommit:
		g.sign(at, v.signatures.intern(v.trust.judge(takeCommit(data))))
	case kindTag:
		g.sign(at, v.signatures.intern(v.trust.judge(takeTag(data))))
	}
}

// sign notes which signature a commit or tag has.
func (g *graph) sign(r nodeRef, fact uint16) {
	s := &g.shards[r&(1<<shardBits-1)]
	s.mu.Lock()
	defer s.mu.Unlock()
	s.nodes[r>>shardBits].signature = fact
}

// countSignatures counts the commits of a part by their signatures.
func (v *verification) countSignatures(g *graph, number uint16) error {
	c := &v.admission.Commits
	return g.each(func(n *node) error {
		if n.kind != kindCommit || n.pack != number {
			return nil
		}
		switch v.signatures.facts[n.signature].State { // noted with every commit
		case SignatureValid:
			c.Valid++
		case SignatureUnknown:
			c.Unknown++
		case SignatureBad:
			c.Bad++
		default:
			c.None++
		}
		return v.ctx.Err()
	})
}

// releaseSignatures says what is signed of the release that was admitted last:
// its tag, if it is an annotated one, and its commit.
func (v *verification) releaseSignatures(s *verified, p *part) error {
	r := &v.admission.Releases[len(v.admission.Releases)-1]
	commit := s.graph.lookup(r.Commit)
	r.Tag, r.CommitSignature = Signature{State: SignatureNone}, v.signatures.facts[commit.signature]
	for _, tag := range p.header.refs {
		n := s.graph.lookup(tag.id)
		if tag.name != tagPrefix+r.Name || n.kind != kindTag {
			continue
		}
		r.Tag = v.signatures.facts[n.signature]
		_, data, err := s.object(n.id)
		if err != nil {
			return fmt.Errorf("release %s: its tag: %w", r.Name, err)
		}
		// A signed tag put under the name of another release would say of old
		// source that it is new.
		if name := tagName(data); r.Tag.State == SignatureValid && name != r.Name {
			r.Tag.State, r.Tag.Why = SignatureBad, firstBytes(fmt.Sprintf("it signs a tag named %q", name))
		}
	}
	return nil
}

// tagName is the name that an annotated tag gives itself.
func tagName(data []byte) string {
	header, _, _ := bytes.Cut(data, []byte("\n\n"))
	for line := range bytes.Lines(header) {
		if name, ok := bytes.CutPrefix(line, []byte("tag ")); ok {
			return string(bytes.TrimSuffix(name, []byte("\n")))
		}
	}
	return ""
}

// warnOfSignatures sums up what a reader should know of the vendor's
// signatures, what is bad before all other warnings.
func (v *verification) warnOfSignatures() {
	a := v.admission
	var bad, unknown, unsigned []string
	var first Signature
	for _, r := range a.Releases {
		switch r.Tag.State {
		case SignatureUnknown:
			unknown = append(unknown, r.Name)
		case SignatureNone:
			unsigned = append(unsigned, r.Name)
		}
		for _, s := range []Signature{r.Tag, r.CommitSignature} {
			if s.State == SignatureBad {
				bad = append(bad, r.Name)
				if len(bad) == 1 {
					first = s
				}
				break
			}
		}
	}
	var grave []string
	if len(bad) > 0 {
		grave = append(grave, fmt.Sprintf("the signature of %s is bad. It proves nothing, or something was altered since: %s",
			ofReleases(bad), first.Why))
	}
	if a.Commits.Bad > 0 {
		grave = append(grave, fmt.Sprintf("%d of the commits carry a bad signature. They were altered since, or their key was revoked or not valid then", a.Commits.Bad))
	}
	if len(unknown) > 0 {
		grave = append(grave, fmt.Sprintf("the tag of %s is signed by a key that is not known here, which proves nothing", ofReleases(unknown)))
	}
	if len(unsigned) > 0 {
		grave = append(grave, fmt.Sprintf("the tag of %s is not signed", ofReleases(unsigned)))
	}
	a.Warnings = append(grave, a.Warnings...)
}

// ofReleases names one release, or how many there are and the first.
func ofReleases(names []string) string {
	if len(names) == 1 {
		return "release " + names[0]
	}
	return fmt.Sprintf("%d releases, the first of them %s,", len(names), names[0])
}
