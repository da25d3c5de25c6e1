package deposit

import (
	"bytes"
	"crypto/sha256"
	"errors"
	"fmt"
	"os"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"vitrine/index/seal"
)

// The names of a deposit's files and what the signature is for.
const (
	ManifestFile  = "manifest.json"
	SignatureFile = "manifest.json.sig"
	Namespace     = "deposit@vitrine"

	format        = "vitrine-deposit"
	formatVersion = 1

	kindNameBlob = "blob"
	kindNameTree = "tree"
)

// A Manifest says what a deposit holds. Its SHA-256 identifies the deposit.
type Manifest struct {
	Format  string `json:"format"`
	Version int    `json:"version"`
	Title   string `json:"title"`
	Vendor  string `json:"vendor"`
	// Sealed is an RFC 3339 time in UTC, in whole seconds.
	Sealed string `json:"sealed"`
	// Predecessor is "" or the digest of the manifest this one continues.
	Predecessor string   `json:"predecessor"`
	Sources     []Source `json:"sources"`
}

// A Source is one repository, as a git bundle beside the manifest.
type Source struct {
	Name     string    `json:"name"`
	Bundle   string    `json:"bundle"`
	SHA256   Digest    `json:"sha256"`
	Size     int64     `json:"size"`
	Releases []Release `json:"releases"`
	// Objects are all blobs and trees of the bundle, each once, sorted by
	// git id.
	Objects []Object `json:"objects"`
}

// A Release is a tag of a source: the commit it comes to and its tree. Release
// names are unique in a deposit; they stand in the order of sealing, oldest
// first.
type Release struct {
	Name   string `json:"name"`
	Commit ID     `json:"commit"`
	Tree   ID     `json:"tree"`
}

// An Object is a blob or a tree: its git id, which names it, and the SHA-256
// of its content, which binds it. Size is in bytes.
type Object struct {
	Git    ID     `json:"git"`
	Kind   string `json:"kind"`
	SHA256 Digest `json:"sha256"`
	Size   int64  `json:"size"`
}

// Releases returns the releases of all sources, in the manifest's order.
func (m *Manifest) Releases() []Release {
	var all []Release
	for i := range m.Sources {
		all = append(all, m.Sources[i].Releases...)
	}
	return all
}

// encode returns the canonical bytes of a manifest that passes check.
func (m *Manifest) encode() ([]byte, error) {
	if err := m.check(); err != nil {
		return nil, err
	}
	data, err := seal.Canonical(m)
	if err != nil {
		return nil, err
	}
	if len(data) > MaxManifest {
		return nil, fmt.Errorf("the manifest would have %d bytes, more than %d; seal fewer releases", len(data), MaxManifest)
	}
	return data, nil
}

// decodeManifest accepts exactly the bytes that encode writes.
func decodeManifest(data []byte) (*Manifest, error) {
	var m Manifest
	if err := seal.Decode(data, MaxManifest, &m); err != nil {
		return nil, fmt.Errorf("%s: %w", ManifestFile, err)
	}
	if err := m.check(); err != nil {
		return nil, fmt.Errorf("%s: %w", ManifestFile, err)
	}
	return &m, nil
}

// ReadManifest reads a deposit's manifest WITHOUT verifying anything: neither
// who signed it nor that the folder holds what it says. It is for showing what
// a deposit claims to be; Admit and Verify are what can be relied on.
func ReadManifest(dir string) (*Manifest, Digest, error) {
	root, err := os.OpenRoot(dir)
	if err != nil {
		return nil, Digest{}, fmt.Errorf("opening the deposit: %w", err)
	}
	data, err := readWhole(root, ManifestFile, MaxManifest)
	if err := errors.Join(err, root.Close()); err != nil {
		return nil, Digest{}, err
	}
	m, err := decodeManifest(data)
	if err != nil {
		return nil, Digest{}, err
	}
	return m, sha256.Sum256(data), nil
}

// check holds the rules of the format that canonical JSON does not.
func (m *Manifest) check() error {
	switch {
	case m.Format != format:
		return fmt.Errorf("format is %q, want %q", m.Format, format)
	case m.Version > formatVersion:
		return fmt.Errorf("format version %d is newer than this program, which reads version %d; use a newer Vitrine", m.Version, formatVersion)
	case m.Version != formatVersion:
		return fmt.Errorf("format version %d does not exist", m.Version)
	case m.Predecessor != "":
		return fmt.Errorf("the deposit continues another (%.16s…), which format version %d does not support", m.Predecessor, formatVersion)
	case len(m.Sources) == 0 || len(m.Sources) > maxSources:
		return fmt.Errorf("%d sources, want 1 to %d", len(m.Sources), maxSources)
	}
	if err := checkText("title", m.Title); err != nil {
		return err
	}
	if err := checkText("vendor", m.Vendor); err != nil {
		return err
	}
	at, err := time.Parse(time.RFC3339, m.Sealed)
	if err != nil || at.UTC().Format(time.RFC3339) != m.Sealed {
		return fmt.Errorf("sealed is %q, want a time like 2026-01-31T12:00:00Z", m.Sealed)
	}
	sources, releases := map[string]bool{}, map[string]bool{}
	for i := range m.Sources {
		s := &m.Sources[i]
		if sources[s.Name] {
			return fmt.Errorf("source %q twice", s.Name)
		}
		sources[s.Name] = true
		if err := s.check(releases); err != nil {
			return fmt.Errorf("source %q: %w", s.Name, err)
		}
	}
	if len(releases) > maxReleases {
		return fmt.Errorf("%d releases, at most %d", len(releases), maxReleases)
	}
	return nil
}

func (s *Source) check(releases map[string]bool) error {
	if err := checkSourceName(s.Name); err != nil {
		return err
	}
	if s.Bundle != s.Name+".bundle" {
		return fmt.Errorf("its bundle is %q, want %q", s.Bundle, s.Name+".bundle")
	}
	if s.Size <= 0 {
		return fmt.Errorf("bundle of %d bytes", s.Size)
	}
	if len(s.Releases) == 0 {
		return errors.New("no releases")
	}
	for _, r := range s.Releases {
		if err := checkReleaseName(r.Name); err != nil {
			return err
		}
		if releases[r.Name] {
			return fmt.Errorf("release %q twice", r.Name)
		}
		releases[r.Name] = true
	}
	if len(s.Objects) == 0 {
		return errors.New("no objects")
	}
	for i := range s.Objects {
		o := &s.Objects[i]
		switch {
		case o.Kind != kindNameBlob && o.Kind != kindNameTree:
			return fmt.Errorf("object %s is a %q, want blob or tree", o.Git, o.Kind)
		case o.Size < 0:
			return fmt.Errorf("object %s has %d bytes", o.Git, o.Size)
		case i > 0 && bytes.Compare(s.Objects[i-1].Git[:], o.Git[:]) >= 0:
			return fmt.Errorf("object %s stands out of order or twice", o.Git)
		}
	}
	return nil
}

// checkText admits what can be shown on a certificate without deceiving:
// visible characters and single spaces between them.
func checkText(what, s string) error {
	if s == "" || len(s) > maxNameBytes || !utf8.ValidString(s) || strings.TrimSpace(s) != s {
		return fmt.Errorf("%s %.40q: want 1 to %d bytes of UTF-8 without space around them", what, s, maxNameBytes)
	}
	for _, r := range s {
		if !unicode.IsPrint(r) {
			return fmt.Errorf("%s %.40q holds the invisible character %U", what, s, r)
		}
	}
	return nil
}

// checkSourceName admits names that are the same file name everywhere.
func checkSourceName(s string) error {
	if s == "" || len(s) > 64 {
		return fmt.Errorf("source name %.70q: want 1 to 64 characters", s)
	}
	for i, c := range []byte(s) {
		letter := 'a' <= c && c <= 'z' || '0' <= c && c <= '9'
		if !letter && (i == 0 || !strings.ContainsRune("._-", rune(c))) {
			return fmt.Errorf("source name %q: want lower-case letters, digits and (not first) . _ -", s)
		}
	}
	return nil
}

// checkReleaseName holds git-check-ref-format's rules for refs/tags/NAME and
// admits visible characters only.
func checkReleaseName(s string) error {
	if err := checkText("release name", s); err != nil {
		return err
	}
	bad := strings.ContainsAny(s, " ~^:?*[\\\x7f") || strings.Contains(s, "..") || strings.Contains(s, "@{") ||
		strings.HasPrefix(s, "-") || strings.HasSuffix(s, ".") || s == "@"
	for part := range strings.SplitSeq(s, "/") {
		bad = bad || part == "" || strings.HasPrefix(part, ".") || strings.HasSuffix(part, ".lock")
	}
	if bad {
		return fmt.Errorf("release name %q is not a name git allows for a tag", s)
	}
	return nil
}
