package deposit

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"path"
	"path/filepath"
	"slices"

	"github.com/go-git/go-git/v5/plumbing"
)

// Where a workspace folder keeps what Admit imported. Beside these lie content/
// and index/, which belong to other packages.
const (
	admissionFile  = "admission.json"
	gitFolder      = "git"
	chainFolder    = "chain"
	documentFolder = "documents"
)

// linkFiles are the files of a deposit's manifest and signature: those of the
// last in a chain stand in front.
func linkFiles(digest Digest, last bool) (manifest, signature string) {
	if last {
		return ManifestFile, SignatureFile
	}
	name := path.Join(chainFolder, digest.String())
	return name + ".json", name + ".json.sig"
}

// documentFile is the file of a deposit's document.
func documentFile(digest Digest, name string) string {
	return path.Join(documentFolder, digest.String(), name)
}

// gitDir is the folder of one source's objects: a bare repository that git
// and go-git can read.
func gitDir(source string) string { return path.Join(gitFolder, source+".git") }

// packDir is the folder of its one pack.
func packDir(source string) string { return gitDir(source) + "/objects/pack" }

// A Deposit is an admitted deposit in a workspace, opened for reading. What it
// gives was hashed again on the way and is what the manifest names. Its methods
// may be called from several goroutines.
type Deposit struct {
	digest   Digest
	links    []Link   // oldest first
	sources  []source // by name, in the order of their first link
	root     *os.Root
	folder   string    // where root is, absolute
	releases []sourced // in the manifests' order
	byDigest map[Digest]blobAt
	lists    chan *lister // holds the one lister while nobody uses it
	reader   *Reader      // the lister's
}

// A Link is one deposit of those that continue each other.
type Link struct {
	Digest   Digest
	Manifest *Manifest // verified; it must not be changed
}

// A source is what the deposits of a chain have under one name.
type source struct {
	name string
	// objects are those of all links, sorted by git id.
	objects []*Object
}

type blobAt struct {
	source int
	object *Object
}

// A sourced release is one and the number of its source.
type sourced struct {
	Release
	source int
}

// Open opens the deposit with this manifest digest that Admit put into the
// workspace. It follows the tags of all releases to their trees; the trees are
// read by the methods that need them.
func Open(workspace string, digest Digest) (*Deposit, error) {
	// go-git needs an absolute folder.
	workspace, err := filepath.Abs(workspace)
	if err != nil {
		return nil, fmt.Errorf("opening the workspace: %w", err)
	}
	top, err := os.OpenRoot(workspace)
	if err != nil {
		return nil, fmt.Errorf("opening the workspace: %w", err)
	}
	root, err := top.OpenRoot(digest.String())
	if err := errors.Join(err, top.Close()); err != nil {
		return nil, fmt.Errorf("deposit %s is not in the workspace: %w", digest.Short(), pathless(err))
	}
	d := &Deposit{
		digest: digest, root: root, folder: filepath.Join(workspace, digest.String()),
		lists: make(chan *lister, 1),
	}
	if err := d.load(); err != nil {
		return nil, errors.Join(fmt.Errorf("deposit %s in the workspace: %w", digest.Short(), err), d.Close())
	}
	return d, nil
}

func (d *Deposit) load() error {
	for at := d.digest; len(d.links) == 0 || !at.IsZero(); {
		if len(d.links) == maxLinks {
			return fmt.Errorf("more than %d deposits continue each other", maxLinks)
		}
		l, err := d.loadLink(at)
		if err != nil {
			return err
		}
		d.links = append(d.links, l)
		at = l.Manifest.predecessor()
	}
	slices.Reverse(d.links)
	d.join()
	var err error
	if d.reader, err = d.NewReader(); err != nil {
		return err
	}
	d.lists <- newLister(d.reader)
	return d.loadReleases()
}

func (d *Deposit) loadLink(digest Digest) (Link, error) {
	name, _ := linkFiles(digest, digest == d.digest)
	data, err := readWhole(d.root, name, MaxManifest)
	if err != nil {
		return Link{}, err
	}
	if sum := digestOf(data); sum != digest {
		return Link{}, fmt.Errorf("%s has the digest %s; admit the deposit again into an empty workspace", name, sum)
	}
	m, err := decodeManifest(data)
	if err != nil {
		return Link{}, err
	}
	return Link{digest, m}, nil
}

// join puts together what the links have under one name.
func (d *Deposit) join() {
	at := map[string]int{}
	for _, l := range d.links {
		for i := range l.Manifest.Sources {
			s := &l.Manifest.Sources[i]
			k, ok := at[s.Name]
			if !ok {
				k = len(d.sources)
				at[s.Name] = k
				d.sources = append(d.sources, source{name: s.Name})
			}
			for o := range s.Objects {
				d.sources[k].objects = append(d.sources[k].objects, &s.Objects[o])
			}
		}
	}
	count := 0
	for _, s := range d.sources {
		count += len(s.objects)
		compare := func(a, b *Object) int { return bytes.Compare(a.Git[:], b.Git[:]) }
		if !slices.IsSortedFunc(s.objects, compare) { // those of one manifest are
			slices.SortFunc(s.objects, compare)
		}
	}
	d.byDigest = make(map[Digest]blobAt, count)
	for i, s := range d.sources {
		for _, o := range s.objects {
			if o.Kind != kindNameBlob {
				continue
			}
			if _, twice := d.byDigest[o.SHA256]; !twice {
				d.byDigest[o.SHA256] = blobAt{i, o}
			}
		}
	}
}

// loadReleases follows the releases' tags.
func (d *Deposit) loadReleases() error {
	tags := make([]map[plumbing.ReferenceName]plumbing.Hash, len(d.sources))
	for k, store := range d.reader.stores {
		var err error
		if tags[k], err = readRefs(store); err != nil {
			return fmt.Errorf("source %s: %w", d.sources[k].name, err)
		}
	}
	for _, l := range d.links {
		for i := range l.Manifest.Sources {
			s := &l.Manifest.Sources[i]
			k := slices.IndexFunc(d.sources, func(c source) bool { return c.name == s.Name })
			for _, r := range s.Releases {
				if err := checkTag(d.reader.stores[k], tags[k], r); err != nil {
					return fmt.Errorf("release %s: %w", r.Name, err)
				}
				d.releases = append(d.releases, sourced{r, k})
			}
		}
	}
	return nil
}

// Digest is the digest of the deposit's manifest, which identifies it.
func (d *Deposit) Digest() Digest { return d.digest }

// Manifest is the verified manifest that Digest names: of several deposits that
// continue each other, the last one's. It must not be changed.
func (d *Deposit) Manifest() *Manifest { return d.links[len(d.links)-1].Manifest }

// Links are the deposits that continue each other, oldest first; often it is
// just one.
func (d *Deposit) Links() []Link { return slices.Clone(d.links) }

// Document reads a document of the deposit with this manifest digest, after
// comparing its SHA-256.
func (d *Deposit) Document(link Digest, name string) ([]byte, error) {
	for _, l := range d.links {
		for _, doc := range l.Manifest.Documents {
			if l.Digest != link || doc.Name != name {
				continue
			}
			data, err := readWhole(d.root, documentFile(link, name), MaxDocument)
			if err == nil && digestOf(data) != doc.SHA256 {
				err = fmt.Errorf("%s: %w", name, errOtherBytes)
			}
			return data, err
		}
	}
	return nil, fmt.Errorf("the deposit %s has no document %q", link.Short(), name)
}

// Releases are the releases of all sources, in the manifests' order: those of
// the oldest deposit first.
func (d *Deposit) Releases() []Release {
	all := make([]Release, len(d.releases))
	for i, r := range d.releases {
		all[i] = r.Release
	}
	return all
}

// Close ends the use of the deposit; its Readers are closed for themselves.
func (d *Deposit) Close() error {
	if d.reader == nil {
		return d.root.Close()
	}
	return errors.Join(d.reader.Close(), d.root.Close())
}

// Files lists a release in byte order of paths. It reads the release's trees
// unless it was among the last that were asked for; one that is not what was
// admitted is an error, which names it. The slice is shared: it must not be
// changed.
func (d *Deposit) Files(ctx context.Context, release string) ([]File, error) {
	for _, r := range d.releases {
		if r.Name == release {
			return listed(ctx, d, func(l *lister) ([]File, error) { return l.files(ctx, r) })
		}
	}
	return nil, fmt.Errorf("the deposit has no release %q", release)
}

// Blobs are the distinct blobs of all releases, in the order of their first
// place: release by release, path by path. It reads the trees of all releases.
func (d *Deposit) Blobs(ctx context.Context) ([]Object, error) {
	return listed(ctx, d, func(l *lister) ([]Object, error) { return l.blobs(ctx, d.releases) })
}

// Places are the paths at which a blob occurs, in the order of releases and
// then of paths; none when no release has it. It reads the trees of all releases.
func (d *Deposit) Places(ctx context.Context, blob Digest) ([]Place, error) {
	return listed(ctx, d, func(l *lister) (places []Place, err error) {
		if _, known := d.byDigest[blob]; !known {
			return nil, nil
		}
		for _, r := range d.releases {
			files, err := l.list(ctx, r)
			if err != nil {
				return nil, err
			}
			for _, f := range files {
				if f.Blob == blob && f.Mode != modeSubmodule {
					places = append(places, Place{Release: r.Name, Path: f.Path})
				}
			}
		}
		return places, nil
	})
}

// listed has the lister, which is for one goroutine, do something in turn.
func listed[T any](ctx context.Context, d *Deposit, do func(*lister) (T, error)) (none T, err error) {
	if err := ctx.Err(); err != nil {
		return none, err
	}
	select {
	case l := <-d.lists:
		defer func() { d.lists <- l }()
		return do(l)
	case <-ctx.Done():
		return none, ctx.Err()
	}
}
