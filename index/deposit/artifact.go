package deposit

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"vitrine/index/seal"
)

// copyChunk is how much of an artifact is hashed between two looks at the
// context: a tenth of a second on a slow medium.
const copyChunk = 1 << 20

// ReadArtifact hashes a file, which may be larger than memory, as an artifact of
// a release: its name, digest and size. Only ordinary files are read; a pipe or
// a device is refused before it is opened. progress is called on the caller's
// goroutine; it may be nil.
func ReadArtifact(ctx context.Context, release, file string, progress func(done, total int64)) (_ Artifact, err error) {
	a := Artifact{Name: filepath.Base(file), Release: release}
	// What a link leads to is what is shipped, under the link's name.
	real, err := filepath.EvalSymlinks(file)
	if err != nil {
		return a, fmt.Errorf("reading %s: %w", file, pathless(err))
	}
	root, err := os.OpenRoot(filepath.Dir(real))
	if err != nil {
		return a, fmt.Errorf("reading %s: %w", file, pathless(err))
	}
	f, size, err := openRegular(root, filepath.Base(real))
	if err := errors.Join(err, root.Close()); err != nil {
		return a, err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	sum := sha256.New()
	for {
		if err := ctx.Err(); err != nil {
			return a, err
		}
		n, err := io.CopyN(sum, f, copyChunk)
		a.Size += n
		if progress != nil {
			progress(a.Size, max(size, a.Size))
		}
		if err == io.EOF {
			break
		}
		if err != nil {
			return a, fmt.Errorf("reading %s: %w", file, pathless(err))
		}
	}
	if a.Size != size {
		return a, fmt.Errorf("reading %s: it had %d bytes and has %d now; wait until it is written, then try again", file, size, a.Size)
	}
	a.SHA256 = Digest(sum.Sum(nil))
	return a, nil
}

// ReadBuild reads build instructions from a text file, as an Artifact has them.
func ReadBuild(file string) (string, error) {
	data, err := seal.ReadFile(file, maxBuild)
	if err != nil {
		return "", fmt.Errorf("build instructions: %w", err)
	}
	text := strings.TrimRight(strings.ReplaceAll(string(data), "\r\n", "\n"), "\n")
	if !isPlainText(text) {
		return "", fmt.Errorf("build instructions: %s is not UTF-8 text without control characters", file)
	}
	return text, nil
}

// IdentifyLinks checks the signatures of the manifests, and that the folders hold
// what they name, and gives the deposits that continue each other, oldest first.
// Bundles and objects are not looked at: artifacts are bound by the signed
// manifest alone, so this is all that a file need be compared with.
func IdentifyLinks(dir string, trust Trust) ([]Link, error) {
	v := &verification{ctx: context.Background(), trust: trust, limits: DefaultLimits()}
	err := v.identify(dir)
	if err == nil {
		err = v.checkReleasesNamed()
	}
	if err := errors.Join(err, v.close()); err != nil {
		return nil, err
	}
	links := make([]Link, 0, len(v.links))
	for _, l := range v.links {
		links = append(links, Link{l.digest, l.manifest})
	}
	return links, nil
}

// Artifacts are those that deposits which continue each other list, in their
// order.
func Artifacts(links []Link) []Artifact {
	var all []Artifact
	for _, l := range links {
		all = append(all, l.Manifest.Artifacts...)
	}
	return all
}

// A Standing says how a file stands to the artifacts that are listed.
type Standing string

// The standings. The bytes count: a file that was renamed is still the artifact.
const (
	IsArtifact     Standing = "listed"  // its name and its bytes are listed together
	IsRenamed      Standing = "renamed" // its bytes are listed, under another name
	HasOtherBytes  Standing = "differs" // its name is listed, for other bytes
	IsNoneOfListed Standing = "unlisted"
)

// A Match is a file, compared with what a deposit lists.
type Match struct {
	File     Artifact // Name, SHA256 and Size of the file
	Standing Standing
	// Listed are the artifacts that Standing speaks of: those with these bytes,
	// or those with this name.
	Listed []Artifact
	// Wanted is the release that was asked for, "" for any.
	Wanted string
	// Elsewhere is an artifact of another release than Wanted with these bytes.
	Elsewhere *Artifact
}

// Same reports whether the file is what was asked for, byte for byte.
func (m Match) Same() bool { return m.Standing == IsArtifact || m.Standing == IsRenamed }

// MatchArtifact finds a file among the artifacts that are listed, of one release or,
// with "", of any.
func MatchArtifact(listed []Artifact, release string, file Artifact) Match {
	m := Match{File: file, Standing: IsNoneOfListed, Wanted: release}
	var named []Artifact
	exact := 0
	for i := range listed {
		a := &listed[i]
		same := a.SHA256 == file.SHA256 && a.Size == file.Size
		switch {
		case release != "" && a.Release != release:
			if same && m.Elsewhere == nil {
				m.Elsewhere = a
			}
		case same && a.Name == file.Name:
			m.Standing = IsArtifact
			m.Listed = slices.Insert(m.Listed, exact, *a)
			exact++
		case same:
			if m.Standing != IsArtifact {
				m.Standing = IsRenamed
			}
			m.Listed = append(m.Listed, *a)
		case a.Name == file.Name:
			named = append(named, *a)
		}
	}
	if m.Standing == IsNoneOfListed && len(named) > 0 {
		m.Standing, m.Listed = HasOtherBytes, named
	}
	return m
}

// String is the sentence that says it to a person.
func (m Match) String() string {
	elsewhere := ""
	if m.Elsewhere != nil && !m.Same() {
		elsewhere = fmt.Sprintf("; it is what release %s lists as %s", m.Elsewhere.Release, m.Elsewhere.Name)
	}
	switch m.Standing {
	case IsArtifact:
		return fmt.Sprintf("%s is what %s (SHA-256 %s)", m.File.Name, theyList(m.Listed, m.File.Name), m.File.SHA256)
	case IsRenamed:
		return fmt.Sprintf("%s is what release %s lists under the name %s (SHA-256 %s)", m.File.Name, m.Listed[0].Release, m.Listed[0].Name, m.File.SHA256)
	case HasOtherBytes:
		a := m.Listed[len(m.Listed)-1] // the newest, which one most likely has
		return fmt.Sprintf("%s has the name of the artifact of %s but other bytes: it has SHA-256 %s (%d bytes), the manifest says %s (%d bytes)%s",
			m.File.Name, releasesOf(m.Listed, m.File.Name), m.File.SHA256, m.File.Size, a.SHA256, a.Size, elsewhere)
	}
	if m.Wanted != "" {
		return fmt.Sprintf("%s is not what release %s lists: it has SHA-256 %s%s", m.File.Name, m.Wanted, m.File.SHA256, elsewhere)
	}
	return fmt.Sprintf("%s is not what any release lists: it has SHA-256 %s", m.File.Name, m.File.SHA256)
}

// releasesOf names the releases of the artifacts with a name.
func releasesOf(listed []Artifact, name string) string {
	var names []string
	for _, a := range listed {
		if a.Name == name {
			names = append(names, a.Release)
		}
	}
	if len(names) == 1 {
		return "release " + names[0]
	}
	return "releases " + strings.Join(names, ", ")
}

// theyList is releasesOf with its verb.
func theyList(listed []Artifact, name string) string {
	s := releasesOf(listed, name)
	if strings.HasPrefix(s, "releases ") {
		return s + " list"
	}
	return s + " lists"
}
