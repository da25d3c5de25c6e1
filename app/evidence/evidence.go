package evidence

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"golang.org/x/crypto/ssh"

	"vitrine/index/deposit"
	"vitrine/index/seal"
)

// Namespace is what keys sign evidence for.
const Namespace = "build@vitrine"

const (
	format  = "vitrine-build-evidence"
	version = 1

	maxText = 16 << 10 // bytes of a text: some pages, as of an artifact's build instructions
	maxName = 200      // bytes of a name: a line
	// MaxSize bounds the file: three texts, of which JSON escapes some.
	MaxSize = 128 << 10
	// stamp is the one form of a time.
	stamp = "2006-01-02T15:04:05Z"
)

// A Statement is what evidence says.
type Statement struct {
	Format   string         `json:"format"`
	Version  int            `json:"version"`
	Deposit  deposit.Digest `json:"deposit"`  // of the manifest that lists the artifact
	Release  string         `json:"release"`  // that it is of
	Artifact File           `json:"artifact"` // as the manifest lists it
	Rebuilt  File           `json:"rebuilt"`  // what came out
	// Identical is whether the same bytes came out; it cannot say otherwise.
	Identical   bool   `json:"identical"`
	By          Party  `json:"by"`
	Toolchain   string `json:"toolchain"`
	Environment string `json:"environment"`
	Differences string `json:"differences"`
	At          string `json:"at"`
}

// A File is a name and what is known of the bytes.
type File struct {
	Name   string         `json:"name"`
	SHA256 deposit.Digest `json:"sha256"`
	Size   int64          `json:"size"`
}

// A Party is who built.
type Party struct {
	Name         string `json:"name"`
	Organisation string `json:"organisation"`
}

// FileOf is what evidence says of an artifact.
func FileOf(a deposit.Artifact) File { return File{a.Name, a.SHA256, a.Size} }

// same reports whether two files have the same bytes.
func (f File) same(other File) bool { return f.SHA256 == other.SHA256 && f.Size == other.Size }

// Sign completes a statement – format, version, whether the bytes are identical
// and the time – and signs it. It gives the bytes of NAME.json and NAME.json.sig.
func Sign(s Statement, at time.Time, signer ssh.Signer) (data, signature []byte, err error) {
	s.Format, s.Version, s.At = format, version, at.UTC().Format(stamp)
	s.Identical = s.Artifact.same(s.Rebuilt)
	if err := s.check(); err != nil {
		return nil, nil, fmt.Errorf("the build evidence: %w", err)
	}
	if data, err = seal.Canonical(s); err != nil {
		return nil, nil, err
	}
	signature, err = seal.Sign(bytes.NewReader(data), signer, Namespace)
	if err != nil {
		return nil, nil, fmt.Errorf("sign the build evidence: %w", err)
	}
	return data, signature, nil
}

// Open reads evidence whose signature holds and whose key accept does not
// refuse; before that nothing of it is parsed.
func Open(data, signature []byte, accept func(key ssh.PublicKey) error) (*Statement, error) {
	sig, err := seal.ParseSignature(signature)
	if err != nil {
		return nil, fmt.Errorf("the build evidence's signature: %w", err)
	}
	if err := sig.Verify(bytes.NewReader(data), Namespace); err != nil {
		return nil, fmt.Errorf("the signature does not fit the build evidence: %w", err)
	}
	if err := accept(sig.Key); err != nil {
		return nil, fmt.Errorf("the build evidence is signed by %s, which is not trusted for %s: %w", seal.Fingerprint(sig.Key), Namespace, err)
	}
	return Parse(data)
}

// Parse reads evidence WITHOUT its signature: for what was verified before.
func Parse(data []byte) (*Statement, error) {
	if len(data) > MaxSize {
		return nil, fmt.Errorf("build evidence of %d bytes, at most %d are read", len(data), MaxSize)
	}
	// A later version may have other members; it is to be refused by name, not
	// for them.
	var v struct {
		Format  string `json:"format"`
		Version int    `json:"version"`
	}
	if err := json.Unmarshal(data, &v); err != nil {
		return nil, fmt.Errorf("no build evidence: %w", err)
	}
	if v.Format != format {
		return nil, fmt.Errorf("no build evidence: its format is %.60q, not %q", v.Format, format)
	}
	if v.Version > version {
		return nil, fmt.Errorf("build evidence of version %d, this program reads version %d; use a newer Vitrine", v.Version, version)
	}
	s := new(Statement)
	if err := seal.Decode(data, MaxSize, s); err != nil {
		return nil, fmt.Errorf("build evidence damaged: %w", err)
	}
	if err := s.check(); err != nil {
		return nil, fmt.Errorf("build evidence refused: %w", err)
	}
	return s, nil
}

// check holds a statement to the format.
func (s *Statement) check() error {
	switch {
	case s.Format != format || s.Version != version:
		return fmt.Errorf("format %q version %d, want %q version %d", s.Format, s.Version, format, version)
	case s.Deposit.IsZero():
		return errors.New("it names no deposit")
	case s.Artifact.Size < 0 || s.Rebuilt.Size < 0:
		return errors.New("a file has less than no bytes")
	case s.Identical != s.Artifact.same(s.Rebuilt):
		return fmt.Errorf("it says that identical is %t, but %s was listed and %s was built", s.Identical, s.Artifact.SHA256, s.Rebuilt.SHA256)
	case s.Identical && s.Differences != "":
		return errors.New("it explains differences, but the files are identical")
	case strings.TrimSpace(s.Toolchain) == "":
		return errors.New("it names no toolchain")
	}
	if at, err := time.Parse(stamp, s.At); err != nil || at.Format(stamp) != s.At {
		return fmt.Errorf("time %.40q, want UTC as in 2026-05-11T08:00:00Z", s.At)
	}
	for _, n := range []struct{ what, text string }{
		{"release", s.Release}, {"artifact", s.Artifact.Name}, {"rebuilt file", s.Rebuilt.Name}, {"name of who built", s.By.Name}, {"organisation", s.By.Organisation},
	} {
		if n.text == "" && n.what == "organisation" {
			continue
		}
		if n.text == "" || len(n.text) > maxName || !utf8.ValidString(n.text) || strings.TrimSpace(n.text) != n.text || strings.ContainsFunc(n.text, hidden) {
			return fmt.Errorf("%s %.60q: want 1 to %d bytes of UTF-8 that print, without space around them", n.what, n.text, maxName)
		}
	}
	for _, n := range []struct{ what, text string }{{"toolchain", s.Toolchain}, {"environment", s.Environment}, {"differences", s.Differences}} {
		if len(n.text) > maxText || !utf8.ValidString(n.text) || strings.ContainsFunc(n.text, func(r rune) bool { return r != '\n' && r != '\t' && hidden(r) }) {
			return fmt.Errorf("%s: want at most %d bytes of UTF-8 text without control characters", n.what, maxText)
		}
	}
	return nil
}

func hidden(r rune) bool { return !unicode.IsPrint(r) }

// Fits says why the evidence is not about these deposits, which continue each
// other: one of them has to list the very artifact.
func (s *Statement) Fits(links []deposit.Link) error {
	for _, l := range links {
		if l.Digest != s.Deposit {
			continue
		}
		for _, a := range l.Manifest.Artifacts {
			if a.Release != s.Release || a.Name != s.Artifact.Name {
				continue
			}
			if FileOf(a) != s.Artifact {
				return fmt.Errorf("the build evidence says that %s of release %s is listed with SHA-256 %s, the manifest says %s", a.Name, a.Release, s.Artifact.SHA256, a.SHA256)
			}
			return nil
		}
		return fmt.Errorf("the build evidence is about %s of release %s, which the deposit does not list", s.Artifact.Name, s.Release)
	}
	return fmt.Errorf("the build evidence is about the deposit %s, not this one", s.Deposit)
}

// Result says in a sentence what came out.
func (s *Statement) Result() string {
	who := s.By.Name
	if s.By.Organisation != "" {
		who += " (" + s.By.Organisation + ")"
	}
	if s.Identical {
		return fmt.Sprintf("%s rebuilt %s of release %s, byte for byte", who, s.Artifact.Name, s.Release)
	}
	return fmt.Sprintf("%s rebuilt %s of release %s and got other bytes", who, s.Artifact.Name, s.Release)
}
