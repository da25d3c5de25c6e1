package deposit

import (
	"context"
	"errors"
	"fmt"
	"io"
	"sync/atomic"
)

// A before is what the deposit that is being sealed continues. Its signatures
// are checked, and that it is one chain; whose keys these are, the one who seals
// knows, and the verification of the whole reads its objects.
type before struct {
	digest  Digest
	links   []*link              // oldest first
	sources map[string][]*Source // by name, oldest first
}

// readBefore reads the manifests of the deposits that a folder holds; nil when
// there is none to continue.
func readBefore(dir string) (_ *before, err error) {
	if dir == "" {
		return nil, nil
	}
	b := &before{sources: map[string][]*Source{}}
	if b.links, err = openLinks(dir); err != nil {
		return nil, err
	}
	if err := b.read(); err != nil {
		return nil, errors.Join(err, b.close())
	}
	return b, nil
}

func (b *before) read() (err error) {
	for _, l := range b.links {
		if err := l.checkSignature(Trust{}); err != nil {
			return l.in(err)
		}
		l.pinned = true
	}
	if err := establish(b.links); err != nil {
		return err
	}
	chain, err := inOrder(b.links)
	if err != nil {
		return err
	}
	b.links, b.digest = chain, chain[len(chain)-1].digest
	for _, l := range chain {
		for i := range l.manifest.Sources {
			s := &l.manifest.Sources[i]
			b.sources[s.Name] = append(b.sources[s.Name], s)
		}
	}
	return nil
}

func (b *before) close() error {
	if b == nil {
		return nil
	}
	return closeLinks(b.links)
}

// of gives what the earlier deposits say of a source.
func (b *before) of(source string) []*Source {
	if b == nil {
		return nil
	}
	return b.sources[source]
}

// cut notes where the earlier deposits cut the history of a source off.
func (b *before) cut(source string, o *objects) {
	for _, s := range b.of(source) {
		for _, id := range s.Shallow {
			o.graph.cut[id] = true
		}
	}
}

// load reads the objects of a source from the earlier deposits themselves, for
// an input that does not have them.
func (b *before) load(ctx context.Context, source string, o *objects, done, total *atomic.Int64) error {
	return b.bundles(source, func(l *link, name string) error { return l.loadBundle(ctx, name, o, done, total) })
}

// bundles visits the earlier bundles of a source, oldest first.
func (b *before) bundles(source string, visit func(l *link, name string) error) error {
	if len(b.of(source)) == 0 {
		return nil
	}
	for _, l := range b.links {
		for i := range l.manifest.Sources {
			if s := &l.manifest.Sources[i]; s.Name == source {
				if err := visit(l, s.Bundle); err != nil {
					return l.in(fmt.Errorf("%s: %w", s.Bundle, err))
				}
			}
		}
	}
	return nil
}

func (l *link) loadBundle(ctx context.Context, name string, o *objects, done, total *atomic.Int64) error {
	f, size, err := openRegular(l.root, name)
	if err != nil {
		return err
	}
	o.files = append(o.files, f)
	header, err := splitBundle(f, size, maxBundleHeader)
	if err != nil {
		return err
	}
	at := int64(len(header))
	return o.addPack(ctx, io.NewSectionReader(f, at, size-at), size-at, done, total)
}

// hold marks what the earlier deposits hold of a source: what their releases
// lead to, the blobs and trees that their manifests name, and the tags that their
// bundles do.
func (b *before) hold(source string, o *objects) error {
	for _, s := range b.of(source) {
		for _, r := range s.Releases {
			n := o.graph.lookup(r.Commit)
			if n == nil || n.kind != kindCommit {
				return fmt.Errorf("the repository has no longer the commit %s of the release %s, which was deposited; seal a whole deposit under another source name instead", r.Commit, r.Name)
			}
			if err := o.reach(n); err != nil {
				return fmt.Errorf("the release %s, which was deposited: %w", r.Name, err)
			}
		}
	}
	err := o.graph.each(func(n *node) error {
		n.held = n.reached
		return nil
	})
	for _, s := range b.of(source) {
		for i := range s.Objects {
			if n := o.graph.lookup(s.Objects[i].Git); n != nil {
				n.held = true // also where a shallow clone does not lead to it
			}
		}
	}
	return errors.Join(err, b.bundles(source, func(l *link, name string) error { return l.holdTags(name, o) }))
}

// holdTags marks the annotated tags through which a bundle's refs lead; those
// that the input has no longer, nothing leads to.
func (l *link) holdTags(name string, o *objects) error {
	f, size, err := openRegular(l.root, name)
	if err != nil {
		return err
	}
	data, err := splitBundle(f, size, maxBundleHeader)
	if err := errors.Join(err, f.Close()); err != nil {
		return err
	}
	header, err := parseBundleHeader(data)
	if err != nil {
		return err
	}
	for _, r := range header.refs {
		n := o.graph.lookup(r.id)
		for range maxTagDepth {
			if n == nil || n.kind != kindTag || n.held || len(n.edges) == 0 {
				break
			}
			n.held = true
			n = o.graph.at(n.edges[0].node())
		}
	}
	return nil
}
