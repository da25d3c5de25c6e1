package deposit

import (
	"errors"
	"fmt"
)

// A before is what the deposit that is being sealed continues. Its signatures
// are checked, and that it is one chain; whose keys these are, the one who seals
// knows, and the verification of the whole reads its objects.
type before struct {
	digest  Digest
	commits map[string][]Release // by the source's name
}

// readBefore reads the manifests of the deposits that a folder holds; nil when
// there is none to continue.
func readBefore(dir string) (_ *before, err error) {
	if dir == "" {
		return nil, nil
	}
	links, err := openLinks(dir)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, closeLinks(links)) }()
	for _, l := range links {
		if err := l.checkSignature(Trust{}); err != nil {
			return nil, l.in(err)
		}
		l.pinned = true
	}
	if err := establish(links); err != nil {
		return nil, err
	}
	chain, err := inOrder(links)
	if err != nil {
		return nil, err
	}
	b := &before{digest: chain[len(chain)-1].digest, commits: map[string][]Release{}}
	for _, l := range chain {
		for _, s := range l.manifest.Sources {
			b.commits[s.Name] = append(b.commits[s.Name], s.Releases...)
		}
	}
	return b, nil
}

// hold marks what the earlier deposits hold of a source, which is what their
// releases lead to.
func (b *before) hold(source string, repo *repository) error {
	if b == nil {
		return nil
	}
	for _, r := range b.commits[source] {
		n := repo.graph.lookup(r.Commit)
		if n == nil || n.kind != kindCommit {
			return fmt.Errorf("the repository has no longer the commit %s of the release %s, which was deposited; seal a whole deposit under another source name instead", r.Commit, r.Name)
		}
		if err := repo.reach(n, repo.graph.at(n.edges[0].node())); err != nil {
			return fmt.Errorf("the release %s, which was deposited: %w", r.Name, err)
		}
	}
	return repo.graph.each(func(n *node) error {
		n.held = n.reached
		return nil
	})
}
