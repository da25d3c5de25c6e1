package deposit

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"
)

// A bundle's header, version 2 (gitformat-bundle(5)): the signature line, one
// "ID NAME" line for each ref, an empty line; then the pack. Prerequisites
// (lines that begin with '-') belong to incremental deposits, which this
// version of the format does not have.
const bundleSignature = "# v2 git bundle\n"

// maxBundleHeader bounds what is read before the pack begins.
const maxBundleHeader = maxRefs * maxHeaderLine

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

func bundleHeader(refs []ref) []byte {
	var b bytes.Buffer
	b.WriteString(bundleSignature)
	for _, r := range refs {
		fmt.Fprintf(&b, "%s %s\n", r.id, r.name)
	}
	b.WriteByte('\n')
	return b.Bytes()
}

// splitBundle reads a bundle's header, as bytes up to and with the empty line.
func splitBundle(r io.ReaderAt, size int64) ([]byte, error) {
	var header []byte
	for int64(len(header)) < min(size, maxBundleHeader) {
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
	return nil, errors.New("the bundle's header does not end")
}

// parseBundleHeader accepts exactly what bundleHeader writes.
func parseBundleHeader(header []byte) ([]ref, error) {
	rest, ok := strings.CutPrefix(string(header), bundleSignature)
	if !ok {
		return nil, fmt.Errorf("the bundle does not begin with %q", bundleSignature)
	}
	var refs []ref
	for {
		line, after, ok := strings.Cut(rest, "\n")
		if !ok {
			return nil, errors.New("the bundle's header does not end")
		}
		rest = after
		if line == "" {
			break
		}
		if line[0] == '-' {
			return nil, fmt.Errorf("the bundle has the prerequisite %.42q; this version reads whole bundles only", line)
		}
		if len(refs) == maxRefs {
			return nil, fmt.Errorf("the bundle has more than %d refs", maxRefs)
		}
		id, name, ok := strings.Cut(line, " ")
		r := ref{name: name}
		if !ok || len(line) > maxHeaderLine {
			return nil, fmt.Errorf("the bundle's header has the line %.60q, want an id and a ref", line)
		}
		if err := r.id.UnmarshalText([]byte(id)); err != nil {
			return nil, fmt.Errorf("the bundle's header line %.60q: %w", line, err)
		}
		refs = append(refs, r)
	}
	if rest != "" {
		return nil, errors.New("the bundle's header goes on after its empty line")
	}
	return refs, nil
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
			return fmt.Errorf("release %s: %w", r.Name, err)
		}
		if commit.id != r.Commit || tree.id != r.Tree {
			return fmt.Errorf("release %s: the bundle's tag leads to commit %s and tree %s, the manifest says %s and %s",
				r.Name, commit.id, tree.id, r.Commit, r.Tree)
		}
	}
	return nil
}
