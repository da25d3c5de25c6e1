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
	// Artifacts are what the vendor ships of these releases; the files
	// themselves are not part of the deposit.
	Artifacts []Artifact `json:"artifacts"`
	// Documents lie beside the manifest: bills of materials.
	Documents []Document `json:"documents"`
}

// An Artifact is a file that the vendor ships to customers, made from a release:
// an installer, a package, a firmware image.
type Artifact struct {
	// Name is the file's name, without folders. Release and Name together are
	// unique in the deposit.
	Name    string `json:"name"`
	Release string `json:"release"`
	SHA256  Digest `json:"sha256"`
	Size    int64  `json:"size"`
	// Build says how to make the file from the release, for a person; "" when
	// the vendor does not say.
	Build string `json:"build"`
}

// A Document is a file of the deposit that is no source.
type Document struct {
	// Name is the file's name in the deposit's folder: sbom-RELEASE.json, with
	// what is no letter or digit of RELEASE as '-', or another that ends so.
	Name    string `json:"name"`
	Kind    string `json:"kind"` // KindSPDX or KindCycloneDX
	Release string `json:"release"`
	SHA256  Digest `json:"sha256"`
	Size    int64  `json:"size"`
}

// The kinds of documents: bills of materials, as JSON.
const (
	KindSPDX      = "spdx"
	KindCycloneDX = "cyclonedx"
)

// A Source is one repository, as a git bundle beside the manifest.
type Source struct {
	Name   string `json:"name"`
	Bundle string `json:"bundle"`
	SHA256 Digest `json:"sha256"`
	Size   int64  `json:"size"`
	// Prerequisites are the commits that the bundle rests on and does not
	// hold, sorted: commits of the deposit that this one continues. A source
	// that the predecessor lacks has none.
	Prerequisites []ID `json:"prerequisites"`
	// Shallow are the commits whose parents were not deposited, sorted: where
	// the vendor cut the history off.
	Shallow  []ID      `json:"shallow"`
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

// encode returns the canonical bytes of a manifest that passes check. Lists
// that are empty are written as such.
func (m *Manifest) encode() ([]byte, error) {
	m.fillLists()
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

// fillLists makes lists that are nil empty: a list is never null.
func (m *Manifest) fillLists() {
	m.Artifacts, m.Documents = append([]Artifact{}, m.Artifacts...), append([]Document{}, m.Documents...)
	for i := range m.Sources {
		s := &m.Sources[i]
		s.Prerequisites, s.Shallow = append([]ID{}, s.Prerequisites...), append([]ID{}, s.Shallow...)
		if s.Objects == nil {
			s.Objects = []Object{}
		}
	}
}

// decodeManifest accepts exactly the bytes that encode writes.
func decodeManifest(data []byte) (*Manifest, error) {
	var m Manifest
	if err := seal.Decode(data, MaxManifest, &m); err != nil {
		return nil, inFile(ManifestFile, err)
	}
	if err := m.check(); err != nil {
		return nil, inFile(ManifestFile, err)
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
	case m.Predecessor != "" && m.predecessor().IsZero():
		return fmt.Errorf("predecessor is %.70q, want the digest of a manifest or nothing", m.Predecessor)
	case m.Artifacts == nil || m.Documents == nil:
		return errors.New("a list is null; an empty one is written []")
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
		if m.Predecessor == "" && len(s.Prerequisites) > 0 {
			return fmt.Errorf("source %q has prerequisites, but the deposit continues no other", s.Name)
		}
	}
	if len(releases) > maxReleases {
		return fmt.Errorf("%d releases, at most %d", len(releases), maxReleases)
	}
	if err := m.checkArtifacts(); err != nil {
		return err
	}
	return m.checkDocuments()
}

func (m *Manifest) checkArtifacts() error {
	if len(m.Artifacts) > maxArtifacts {
		return fmt.Errorf("%d artifacts, at most %d", len(m.Artifacts), maxArtifacts)
	}
	seen := map[[2]string]bool{}
	for _, a := range m.Artifacts {
		key := [2]string{a.Release, a.Name}
		switch err := errors.Join(checkText("artifact", a.Name), checkReleaseName(a.Release)); {
		case err != nil:
			return fmt.Errorf("artifact %.60q: %w", a.Name, err)
		case strings.ContainsAny(a.Name, `/\`), a.Name == ".", a.Name == "..":
			return fmt.Errorf("artifact %q: want the name of a file, without folders", a.Name)
		case a.Size < 0:
			return fmt.Errorf("artifact %q has %d bytes", a.Name, a.Size)
		case seen[key]:
			return fmt.Errorf("artifact %q of release %q twice", a.Name, a.Release)
		case len(a.Build) > maxBuild || !isPlainText(a.Build):
			return fmt.Errorf("artifact %q: its build instructions want at most %d bytes of UTF-8 text without control characters", a.Name, maxBuild)
		}
		seen[key] = true
	}
	return nil
}

func (m *Manifest) checkDocuments() error {
	if len(m.Documents) > maxDocuments {
		return fmt.Errorf("%d documents, at most %d", len(m.Documents), maxDocuments)
	}
	seen := map[string]bool{}
	for _, d := range m.Documents {
		switch err := errors.Join(checkDocumentName(d.Name), checkReleaseName(d.Release)); {
		case err != nil:
			return fmt.Errorf("document %.60q: %w", d.Name, err)
		case d.Kind != KindSPDX && d.Kind != KindCycloneDX:
			return fmt.Errorf("document %q is a %.40q, want %s or %s", d.Name, d.Kind, KindSPDX, KindCycloneDX)
		case d.Size <= 0 || d.Size > MaxDocument:
			return fmt.Errorf("document %q has %d bytes, want 1 to %d", d.Name, d.Size, MaxDocument)
		case seen[d.Name]:
			return fmt.Errorf("document %q twice", d.Name)
		}
		seen[d.Name] = true
	}
	return nil
}

// checkDocumentName admits names that are the same file name everywhere and
// cannot be taken for another of the deposit's files.
func checkDocumentName(s string) error {
	base, ok := strings.CutSuffix(s, ".json")
	if !ok || !strings.HasPrefix(s, "sbom-") {
		return errors.New("want a name like sbom-1.5.0.json")
	}
	return checkSourceName(strings.Map(func(r rune) rune {
		if 'A' <= r && r <= 'Z' { // no other letter becomes one of a-z
			return r + 'a' - 'A'
		}
		return r
	}, base))
}

// isPlainText reports whether a text of several lines can be shown as it is.
func isPlainText(s string) bool {
	return utf8.ValidString(s) && !strings.ContainsFunc(s, func(r rune) bool {
		return r != '\n' && r != '\t' && !unicode.IsPrint(r)
	})
}

func (s *Source) check(releases map[string]bool) error {
	if err := checkSourceName(s.Name); err != nil {
		return err
	}
	if s.Bundle != s.Name+".bundle" {
		return fmt.Errorf("its bundle is %q, want %q", s.Bundle, s.Name+".bundle")
	}
	if s.Prerequisites == nil || s.Shallow == nil || s.Objects == nil {
		return errors.New("a list is null; an empty one is written []")
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
	for _, ids := range [][]ID{s.Prerequisites, s.Shallow} {
		for i, id := range ids {
			if i > 0 && bytes.Compare(ids[i-1][:], id[:]) >= 0 {
				return fmt.Errorf("commit %s stands out of order or twice", id)
			}
		}
	}
	if len(s.Prerequisites) > maxPrerequisites || len(s.Shallow) > maxShallow {
		return fmt.Errorf("%d prerequisites and %d cut-off commits, at most %d and %d", len(s.Prerequisites), len(s.Shallow), maxPrerequisites, maxShallow)
	}
	if len(s.Objects) == 0 && len(s.Prerequisites) == 0 {
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
