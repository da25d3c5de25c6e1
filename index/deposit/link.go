package deposit

import (
	"bytes"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"slices"

	"vitrine/index/seal"
)

// A link is one deposit of a chain: the folder, opened, and its manifest. A
// deposit that continues no other is a chain of one.
type link struct {
	name      string // of the folder among those of the chain; "" when it is alone
	root      *os.Root
	raw       []byte // manifest.json, until it is decoded and kept
	signature []byte
	digest    Digest
	manifest  *Manifest // nil until somebody trusted vouches for its bytes

	signer, fingerprint string
	pinned              bool
	doubt               error // why the key is not trusted today
}

// in names the link in front of an error, when there are several.
func (l *link) in(err error) error {
	if err == nil || l.name == "" {
		return err
	}
	return inFile(l.name, err)
}

// openLinks opens the deposit that a folder is, or those that lie in it, each
// in a folder of its own and nothing beside them.
func openLinks(dir string) ([]*link, error) {
	root, err := os.OpenRoot(dir)
	if err != nil {
		return nil, because(CauseReading, fmt.Errorf("opening the deposit: %w", err))
	}
	if _, err := root.Lstat(ManifestFile); !errors.Is(err, fs.ErrNotExist) {
		// One that cannot be read is met again, with its reason.
		return []*link{{root: root}}, nil
	}
	links, err := listLinks(root)
	if err := errors.Join(err, root.Close()); err != nil {
		return nil, errors.Join(err, closeLinks(links))
	}
	return links, nil
}

func listLinks(root *os.Root) (links []*link, err error) {
	entries, err := readFolder(root, maxLinks)
	if err != nil {
		return nil, err
	}
	if len(entries) == 0 || !slices.ContainsFunc(entries, fs.DirEntry.IsDir) {
		return nil, &ownFailure{fmt.Errorf("the folder is no deposit: it has no %s, and no folders of deposits that continue each other", ManifestFile)}
	}
	if len(entries) > maxLinks {
		return nil, fmt.Errorf("the folder holds more than %d deposits", maxLinks)
	}
	for _, e := range entries {
		if !e.IsDir() {
			return links, because(CauseCopy, fmt.Errorf("the folder of deposits holds %q, which is not the folder of a deposit", e.Name()))
		}
		sub, err := root.OpenRoot(e.Name())
		if err != nil {
			return links, fmt.Errorf("opening the deposit %s: %w", e.Name(), pathless(err))
		}
		links = append(links, &link{name: e.Name(), root: sub})
	}
	return links, nil
}

// readFolder lists a folder, up to one entry more than the limit.
func readFolder(root *os.Root, limit int) ([]fs.DirEntry, error) {
	dir, err := root.Open(".")
	if err != nil {
		return nil, fmt.Errorf("listing the deposit: %w", err)
	}
	entries, err := dir.ReadDir(limit + 1)
	if err == io.EOF {
		err = nil
	}
	if err := errors.Join(err, dir.Close()); err != nil {
		return nil, fmt.Errorf("listing the deposit: %w", err)
	}
	slices.SortFunc(entries, func(a, b fs.DirEntry) int { return bytes.Compare([]byte(a.Name()), []byte(b.Name())) })
	return entries, nil
}

func closeLinks(links []*link) error {
	var errs []error
	for _, l := range links {
		errs = append(errs, l.root.Close())
	}
	return errors.Join(errs...)
}

// checkSignature holds the signature against the manifest's bytes and finds
// out who made it; whether that is enough, establish decides.
func (l *link) checkSignature(trust Trust) (err error) {
	if l.raw, err = readWhole(l.root, ManifestFile, MaxManifest); err != nil {
		return err
	}
	if l.signature, err = readWhole(l.root, SignatureFile, seal.MaxSignature); err != nil {
		return err
	}
	l.digest = sha256.Sum256(l.raw)
	sig, err := seal.ParseSignature(l.signature)
	if err != nil {
		return inFile(SignatureFile, because(CauseCopy, err))
	}
	if err := sig.Verify(bytes.NewReader(l.raw), Namespace); err != nil {
		return inFile(SignatureFile, because(CauseCopy, fmt.Errorf("it does not fit %s: %w", ManifestFile, err)))
	}
	l.fingerprint = seal.Fingerprint(sig.Key)
	l.pinned = slices.Contains(trust.Pinned, l.digest)
	l.doubt = errors.New("no keys are trusted")
	if trust.Signers != nil {
		l.signer, l.doubt = trust.Signers.Find(sig.Key, Namespace, trust.At)
	}
	if trust.Revoked.Has(sig.Key) {
		l.doubt = seal.ErrRevoked
	}
	if l.doubt != nil {
		l.signer = ""
	}
	return nil
}

// vouched reports whether the link's own key or digest is trusted.
func (l *link) vouched() bool { return l.doubt == nil || l.pinned }

// establish parses the manifests whose bytes somebody vouches for: a trusted
// key, a pinned digest, or a manifest so established that continues this very
// one. So a key that has expired since does not end a chain.
func establish(links []*link) error {
	byDigest := make(map[Digest]*link, len(links))
	var todo []*link
	for _, l := range links {
		if same := byDigest[l.digest]; same != nil {
			return because(CauseCopy, fmt.Errorf("%s and %s are the same deposit, with the manifest %s; remove one of them", same.name, l.name, l.digest))
		}
		byDigest[l.digest] = l
		if l.vouched() {
			todo = append(todo, l)
		}
	}
	for len(todo) > 0 {
		l := todo[0]
		todo = todo[1:]
		if l.manifest != nil {
			continue
		}
		var err error
		if l.manifest, err = decodeManifest(l.raw); err != nil {
			return l.in(err)
		}
		if before := byDigest[l.manifest.predecessor()]; before != nil {
			todo = append(todo, before)
		}
	}
	for _, l := range links {
		if l.manifest == nil && errors.Is(l.doubt, seal.ErrRevoked) {
			return l.in(because(CauseRevoked, fmt.Errorf("the deposit is signed by the key %s, which is revoked", l.fingerprint)))
		}
		if l.manifest == nil {
			return l.in(because(CauseUntrusted, fmt.Errorf("the deposit is signed by %s, which is not trusted: %w", l.fingerprint, l.doubt)))
		}
	}
	return nil
}

// inOrder sorts links, oldest first, and refuses what is no one chain.
func inOrder(links []*link) ([]*link, error) {
	var first *link
	next := make(map[Digest]*link, len(links))
	here := make(map[Digest]bool, len(links))
	for _, l := range links {
		here[l.digest] = true
	}
	for _, l := range links {
		before := l.manifest.predecessor()
		switch other := next[before]; {
		case before.IsZero() && first != nil:
			return nil, fmt.Errorf("neither %s nor %s continues another deposit: they are not one chain", first.name, l.name)
		case before.IsZero():
			first = l
		case !here[before]:
			return nil, l.in(because(CauseCopy, fmt.Errorf("it continues the deposit with the manifest %s, which is not here; put that deposit and this one as folders into one folder and open that", before)))
		case other != nil:
			return nil, fmt.Errorf("%s and %s both continue the deposit with the manifest %s: the chain forks", other.name, l.name, before)
		default:
			next[before] = l
		}
	}
	// Digests cannot name each other in a circle, so there is a first.
	var chain []*link
	for l := first; l != nil; l = next[l.digest] {
		chain = append(chain, l)
	}
	if len(chain) != len(links) {
		return nil, errors.New("the deposits continue each other in a circle")
	}
	return chain, checkSuccession(chain)
}

// checkSuccession holds the manifests of a chain against each other.
func checkSuccession(chain []*link) error {
	releases := map[string]*link{}
	sources := map[string]bool{}
	count := 0
	for i, l := range chain {
		// RFC 3339 in UTC and whole seconds sorts as text.
		if i > 0 && l.manifest.Sealed < chain[i-1].manifest.Sealed {
			return l.in(fmt.Errorf("it says that it was sealed at %s, before the deposit that it continues (%s)", l.manifest.Sealed, chain[i-1].manifest.Sealed))
		}
		for k := range l.manifest.Sources {
			s := &l.manifest.Sources[k]
			if !sources[s.Name] && len(s.Prerequisites) > 0 {
				return l.in(fmt.Errorf("source %q rests on commits of earlier deposits, but none of these has that source", s.Name))
			}
			sources[s.Name] = true
			for _, r := range s.Releases {
				if other := releases[r.Name]; other != nil {
					return l.in(fmt.Errorf("release %q is in %s already", r.Name, other.name))
				}
				releases[r.Name] = l
				count++
			}
		}
	}
	if count > maxReleases || len(sources) > maxSources {
		return fmt.Errorf("the deposits have %d releases of %d sources, at most %d and %d", count, len(sources), maxReleases, maxSources)
	}
	return nil
}

// predecessor is the digest of the manifest this one continues, or zero, which
// no manifest has.
func (m *Manifest) predecessor() Digest {
	var d Digest
	if m.Predecessor != "" && d.UnmarshalText([]byte(m.Predecessor)) != nil {
		return Digest{} // check refuses it
	}
	return d
}

// checkFolder refuses a folder that holds anything but what the manifest names.
func (l *link) checkFolder() error {
	names := map[string]bool{ManifestFile: true, SignatureFile: true}
	for i := range l.manifest.Sources {
		names[l.manifest.Sources[i].Bundle] = true
	}
	for _, d := range l.manifest.Documents {
		names[d.Name] = true
	}
	// One name more than there may be is enough to refuse.
	entries, err := readFolder(l.root, len(names))
	if err != nil {
		return err
	}
	for _, e := range entries {
		if !names[e.Name()] {
			return because(CauseCopy, fmt.Errorf("the deposit holds %q, which its manifest does not name", e.Name()))
		}
		if !e.Type().IsRegular() {
			return because(CauseCopy, fmt.Errorf("%s is not an ordinary file", e.Name()))
		}
	}
	return nil
}

// checkDocument reads a document and compares its digest.
func (l *link) checkDocument(d Document) ([]byte, error) {
	data, err := readWhole(l.root, d.Name, MaxDocument)
	if err != nil {
		return nil, err
	}
	if int64(len(data)) != d.Size {
		return nil, inFile(d.Name, because(CauseCopy, fmt.Errorf("it has %d bytes, the manifest says %d", len(data), d.Size)))
	}
	if sum := digestOf(data); sum != d.SHA256 {
		return nil, inFile(d.Name, because(CauseCopy, fmt.Errorf("its SHA-256 is %s, the manifest says %s", sum, d.SHA256)))
	}
	return data, nil
}
