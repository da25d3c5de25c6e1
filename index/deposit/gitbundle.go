package deposit

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
)

// A gitBundle is a git bundle that somebody made, opened for sealing. Unlike
// those of deposits it may have any refs.
type gitBundle struct {
	objects
	pack *io.SectionReader
	refs map[string]ID
}

const (
	// maxForeignRefs is how many refs a bundle to be sealed may have: those of
	// large projects have some thousands of tags and, mirrored, 100,000 refs of
	// merge requests.
	maxForeignRefs   = 1 << 18
	maxForeignHeader = maxForeignRefs * 128
)

// openBundle opens a bundle, of which it reads the header.
func openBundle(path string, limits Limits) (_ *gitBundle, err error) {
	root, err := os.OpenRoot(filepath.Dir(path))
	if err != nil {
		return nil, fmt.Errorf("opening it: %w", pathless(err))
	}
	f, size, err := openRegular(root, filepath.Base(path))
	if err := errors.Join(err, root.Close()); err != nil {
		return nil, err
	}
	b := &gitBundle{objects: newObjects(limits)}
	b.files = append(b.files, f)
	header, err := splitBundle(f, size, maxForeignHeader)
	if err == nil {
		b.refs, err = parseForeignHeader(header)
	}
	if err != nil {
		return nil, errors.Join(err, b.close())
	}
	at := int64(len(header))
	b.pack = io.NewSectionReader(f, at, size-at)
	return b, nil
}

// parseForeignHeader reads the refs of a bundle's header as git writes it.
func parseForeignHeader(header []byte) (map[string]ID, error) {
	rest, ok := strings.CutPrefix(string(header), bundleSignature)
	if !ok {
		return nil, notVersion2(header)
	}
	refs := map[string]ID{}
	for line := range strings.Lines(rest) {
		line = strings.TrimSuffix(line, "\n")
		if line == "" {
			break
		}
		if line[0] == '-' {
			return nil, fmt.Errorf("it rests on the commit %.40s, which it does not hold: make a bundle of the whole history (git bundle create FILE --all)", line[1:])
		}
		hex, name, ok := strings.Cut(line, " ")
		var id ID
		if err := id.UnmarshalText([]byte(hex)); err != nil || !ok || len(line) > maxHeaderLine {
			return nil, fmt.Errorf("the bundle's header has the line %.60q, want an id and a ref", line)
		}
		if _, twice := refs[name]; twice {
			return nil, fmt.Errorf("the bundle has the ref %.200q twice", name)
		}
		if len(refs) == maxForeignRefs {
			return nil, fmt.Errorf("the bundle has more than %d refs", maxForeignRefs)
		}
		refs[name] = id
	}
	return refs, nil
}

func (b *gitBundle) load(ctx context.Context, done, total *atomic.Int64) error {
	return b.addPack(ctx, b.pack, b.pack.Size(), done, total)
}

func (b *gitBundle) tag(name string) (ID, error) {
	id, ok := b.refs[tagPrefix+name]
	if !ok {
		return ID{}, fmt.Errorf("the bundle has no tag %q", name)
	}
	return id, nil
}
