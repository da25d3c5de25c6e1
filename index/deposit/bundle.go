package deposit

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"
)

// A bundle's header, version 2 (gitformat-bundle(5)): the signature line, one
// "-ID" for each prerequisite, "ID NAME" for each ref, an empty line; then the
// pack. Git writes a commit's subject after a prerequisite, for people; here
// nothing is written and nothing accepted.
const bundleSignature = "# v2 git bundle\n"

// maxBundleHeader bounds what is read before the pack begins.
const maxBundleHeader = maxRefs*maxHeaderLine + maxPrerequisites*64

// A bundle is what a bundle's header says.
type bundle struct {
	prerequisites []ID // sorted
	refs          []ref
}

type ref struct {
	name string
	id   ID
}

// The refs of a source's bundle in order: HEAD and refs/heads/main, both at
// the last release's commit so that a clone checks something out, and a tag
// for each release.
const (
	headRef   = "HEAD"
	mainRef   = "refs/heads/main"
	tagPrefix = "refs/tags/"
)

func (h bundle) encode() []byte {
	var b bytes.Buffer
	b.WriteString(bundleSignature)
	for _, id := range h.prerequisites {
		fmt.Fprintf(&b, "-%s\n", id)
	}
	for _, r := range h.refs {
		fmt.Fprintf(&b, "%s %s\n", r.id, r.name)
	}
	b.WriteByte('\n')
	return b.Bytes()
}

// splitBundle reads a bundle's header, as bytes up to and with the empty line,
// of at most about limit.
func splitBundle(r io.ReaderAt, size, limit int64) ([]byte, error) {
	var header []byte
	for int64(len(header)) < min(size, limit) {
		chunk := make([]byte, min(size-int64(len(header)), 4096))
		if _, err := r.ReadAt(chunk, int64(len(header))); err != nil {
			return nil, fmt.Errorf("reading the bundle: %w", err)
		}
		from := max(len(header)-1, 0)
		header = append(header, chunk...)
		if i := bytes.Index(header[from:], []byte("\n\n")); i >= 0 {
			return header[:from+i+2], nil
		}
	}
	if size > maxBundleHeader {
		return nil, fmt.Errorf("the bundle's header has more than %d bytes, enough for %d refs and %d prerequisites", maxBundleHeader, maxRefs, maxPrerequisites)
	}
	return nil, errors.New("the bundle's header does not end")
}

// parseBundleHeader accepts exactly what encode writes.
func parseBundleHeader(header []byte) (bundle, error) {
	var h bundle
	rest, ok := strings.CutPrefix(string(header), bundleSignature)
	if !ok {
		return h, notVersion2(header)
	}
	for {
		line, after, ok := strings.Cut(rest, "\n")
		if !ok {
			return h, errors.New("the bundle's header does not end")
		}
		rest = after
		if line == "" {
			break
		}
		var err error
		if line[0] == '-' {
			err = h.addPrerequisite(line)
		} else {
			err = h.addRef(line)
		}
		if err != nil {
			return h, err
		}
	}
	if rest != "" {
		return h, errors.New("the bundle's header goes on after its empty line")
	}
	return h, nil
}

func (h *bundle) addPrerequisite(line string) error {
	var id ID
	if err := id.UnmarshalText([]byte(line[1:])); err != nil {
		return fmt.Errorf("the bundle's header has the line %.60q, want a prerequisite without a subject", line)
	}
	n := len(h.prerequisites)
	switch {
	case len(h.refs) > 0:
		return fmt.Errorf("the bundle's prerequisite %s stands after its refs", id)
	case n == maxPrerequisites:
		return fmt.Errorf("the bundle has more than %d prerequisites", maxPrerequisites)
	case n > 0 && bytes.Compare(h.prerequisites[n-1][:], id[:]) >= 0:
		return fmt.Errorf("the bundle's prerequisite %s stands out of order or twice", id)
	}
	h.prerequisites = append(h.prerequisites, id)
	return nil
}

func (h *bundle) addRef(line string) error {
	if len(h.refs) == maxRefs {
		return fmt.Errorf("the bundle has more than %d refs", maxRefs)
	}
	id, name, ok := strings.Cut(line, " ")
	r := ref{name: name}
	if !ok || len(line) > maxHeaderLine {
		return fmt.Errorf("the bundle's header has the line %.60q, want an id and a ref", line)
	}
	if err := r.id.UnmarshalText([]byte(id)); err != nil {
		return fmt.Errorf("the bundle's header line %.60q: %w", line, err)
	}
	h.refs = append(h.refs, r)
	return nil
}

// notVersion2 says what a bundle's first line is instead.
func notVersion2(header []byte) error {
	line, _, _ := bytes.Cut(header, []byte("\n"))
	if bytes.HasPrefix(line, []byte("# v")) && bytes.HasSuffix(line, []byte(" git bundle")) {
		return fmt.Errorf("the bundle begins with %.40q; a deposit has bundles of version 2 with SHA-1 objects only", line)
	}
	return fmt.Errorf("the bundle does not begin with %q", bundleSignature)
}

// checkRefs holds a bundle's refs against the releases it must have: exactly
// the names expected, each leading to the commit and tree of the manifest.
func checkRefs(g *graph, refs []ref, releases []Release) error {
	if len(releases) == 0 {
		return errors.New("no releases")
	}
	want := []string{headRef, mainRef}
	for _, r := range releases {
		want = append(want, tagPrefix+r.Name)
	}
	for i, name := range want {
		if i >= len(refs) || refs[i].name != name {
			return fmt.Errorf("the bundle's ref %d is not %s, as the manifest's releases ask", i+1, name)
		}
	}
	if len(refs) > len(want) {
		return fmt.Errorf("the bundle has the ref %.200q, which belongs to no release", refs[len(want)].name)
	}
	last := releases[len(releases)-1].Commit
	if refs[0].id != last || refs[1].id != last {
		return fmt.Errorf("the bundle's HEAD and main are not the last release's commit %s", last)
	}
	for i, r := range releases {
		commit, tree, err := g.peel(refs[i+2].id)
		if err != nil {
			return ofRelease(r.Name, err)
		}
		if commit.id != r.Commit || tree.id != r.Tree {
			return ofRelease(r.Name, fmt.Errorf("the bundle's tag leads to commit %s and tree %s, the manifest says %s and %s",
				commit.id, tree.id, r.Commit, r.Tree))
		}
	}
	return nil
}
