package deposit

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path"
	"path/filepath"
	"slices"

	"github.com/go-git/go-git/v5/storage/filesystem"
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
	folder   string // where root is, absolute
	all      []Release
	blobs    []Object // of all releases, in the order of their first place
	byDigest map[Digest]blobAt
	releases map[string][]File
	places   map[Digest][]placeAt
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

// A placeAt is a Place in eight bytes.
type placeAt struct{ release, file int32 }

// Open opens the deposit with this manifest digest that Admit put into the
// workspace. It reads the trees of all releases, so that paths and places are
// known from then on.
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
		byDigest: map[Digest]blobAt{}, releases: map[string][]File{}, places: map[Digest][]placeAt{},
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
	r, err := d.NewReader()
	if err != nil {
		return err
	}
	return errors.Join(d.loadReleases(r), r.Close())
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
	// The digest says that these bytes are the canonical ones that were
	// admitted, so the cheaper parser suffices.
	m := new(Manifest)
	if err := json.Unmarshal(data, m); err != nil {
		return Link{}, fmt.Errorf("%s: %w", name, err)
	}
	if err := m.check(); err != nil {
		return Link{}, fmt.Errorf("%s: %w", name, err)
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
	for i := range d.sources {
		objects := d.sources[i].objects
		slices.SortFunc(objects, func(a, b *Object) int { return bytes.Compare(a.Git[:], b.Git[:]) })
		for _, o := range objects {
			if _, twice := d.byDigest[o.SHA256]; !twice && o.Kind == kindNameBlob {
				d.byDigest[o.SHA256] = blobAt{i, o}
			}
		}
	}
}

func (d *Deposit) loadReleases(r *Reader) error {
	listers := make([]*lister, len(d.sources))
	for k := range listers {
		listers[k] = newLister(sourceReader{r, k})
	}
	for _, l := range d.links {
		for i := range l.Manifest.Sources {
			s := &l.Manifest.Sources[i]
			k := slices.IndexFunc(d.sources, func(c source) bool { return c.name == s.Name })
			for _, release := range s.Releases {
				if err := d.loadRelease(r.stores[k], listers[k], release); err != nil {
					return fmt.Errorf("release %s: %w", release.Name, err)
				}
			}
		}
	}
	return nil
}

func (d *Deposit) loadRelease(store *filesystem.Storage, l *lister, release Release) error {
	if err := checkTag(store, release); err != nil {
		return err
	}
	files, err := l.list(release.Tree, 1)
	if err != nil {
		return err
	}
	n := int32(len(d.all))
	d.all = append(d.all, release)
	d.releases[release.Name] = files
	for k, f := range files {
		if f.Mode == modeSubmodule {
			continue
		}
		if d.places[f.Blob] == nil {
			d.blobs = append(d.blobs, *d.byDigest[f.Blob].object)
		}
		d.places[f.Blob] = append(d.places[f.Blob], placeAt{n, int32(k)})
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
func (d *Deposit) Releases() []Release { return slices.Clone(d.all) }

// Close ends the use of the deposit; its Readers are closed for themselves.
func (d *Deposit) Close() error { return d.root.Close() }

// Files lists a release in byte order of paths. The slice is shared: it must
// not be changed.
func (d *Deposit) Files(ctx context.Context, release string) ([]File, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	files, ok := d.releases[release]
	if !ok {
		return nil, fmt.Errorf("the deposit has no release %q", release)
	}
	return files, nil
}

// Blobs are the distinct blobs of all releases, in the order of their first
// place: release by release, path by path.
func (d *Deposit) Blobs() []Object { return slices.Clone(d.blobs) }

// Places are the paths at which a blob occurs, in the order of releases and
// then of paths; none when no release has it.
func (d *Deposit) Places(blob Digest) []Place {
	at := d.places[blob]
	places := make([]Place, len(at))
	for i, p := range at {
		name := d.all[p.release].Name
		places[i] = Place{Release: name, Path: d.releases[name][p.file].Path}
	}
	return places
}
