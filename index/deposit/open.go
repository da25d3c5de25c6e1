package deposit

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"os"
	"path"
	"slices"
	"sync"
)

// Where a workspace folder keeps what Admit imported. Beside these lie content/
// and index/, which belong to other packages.
const (
	admissionFile = "admission.json"
	gitFolder     = "git"
)

// gitDir is the folder of one source's objects: a bare repository that git
// and go-git can read.
func gitDir(source string) string { return path.Join(gitFolder, source+".git") }

// A Deposit is an admitted deposit in a workspace, opened for reading. What it
// gives was hashed again on the way and is what the manifest names. Its methods
// may be called from several goroutines.
type Deposit struct {
	digest   Digest
	manifest *Manifest
	root     *os.Root
	sources  []*openSource
	all      []Release
	blobs    []Object // of all releases, in the order of their first place
	byDigest map[Digest]blobAt
	releases map[string][]File
	places   map[Digest][]placeAt
}

// An openSource is the imported pack of one source.
type openSource struct {
	source *Source
	pack   *os.File
	index  *packIndex
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
	top, err := os.OpenRoot(workspace)
	if err != nil {
		return nil, fmt.Errorf("opening the workspace: %w", err)
	}
	root, err := top.OpenRoot(digest.String())
	if err := errors.Join(err, top.Close()); err != nil {
		return nil, fmt.Errorf("deposit %s is not in the workspace: %w", digest.Short(), pathless(err))
	}
	d := &Deposit{
		digest: digest, root: root,
		byDigest: map[Digest]blobAt{}, releases: map[string][]File{}, places: map[Digest][]placeAt{},
	}
	if err := d.load(); err != nil {
		return nil, errors.Join(fmt.Errorf("deposit %s in the workspace: %w", digest.Short(), err), d.Close())
	}
	return d, nil
}

func (d *Deposit) load() error {
	data, err := readWhole(d.root, ManifestFile, MaxManifest)
	if err != nil {
		return err
	}
	if sum := Digest(sha256.Sum256(data)); sum != d.digest {
		return fmt.Errorf("%s has the digest %s; admit the deposit again into an empty workspace", ManifestFile, sum)
	}
	// The digest says that these bytes are the canonical ones that were
	// admitted, so the cheaper parser suffices.
	d.manifest = new(Manifest)
	if err := json.Unmarshal(data, d.manifest); err != nil {
		return fmt.Errorf("%s: %w", ManifestFile, err)
	}
	if err := d.manifest.check(); err != nil {
		return fmt.Errorf("%s: %w", ManifestFile, err)
	}
	for i := range d.manifest.Sources {
		if err := d.loadSource(&d.manifest.Sources[i]); err != nil {
			return fmt.Errorf("source %s: %w", d.manifest.Sources[i].Name, err)
		}
	}
	return d.loadReleases()
}

func (d *Deposit) loadSource(s *Source) error {
	pack, size, err := openRegular(d.root, packPath(s)+".pack")
	if err != nil {
		return err
	}
	open := &openSource{source: s, pack: pack}
	d.sources = append(d.sources, open)
	data, err := readWhole(d.root, packPath(s)+".idx", indexFixed+(indexEach+8)*hardMaxObjects)
	if err != nil {
		return err
	}
	if open.index, err = readIndex(data, size); err != nil {
		return err
	}
	for i := range s.Objects {
		o := &s.Objects[i]
		if o.Kind != kindNameBlob {
			continue
		}
		if _, twice := d.byDigest[o.SHA256]; !twice {
			d.byDigest[o.SHA256] = blobAt{len(d.sources) - 1, o}
		}
	}
	return nil
}

func (d *Deposit) loadReleases() error {
	reader, err := d.NewReader()
	if err != nil {
		return err
	}
	defer reader.Close()
	budget := int64(math.MaxInt64) // admission has counted
	d.all = d.manifest.Releases()
	var n int32
	for i, s := range d.sources {
		for _, release := range s.source.Releases {
			files, err := walkRelease(context.Background(), sourceReader{reader, i}, release.Tree, &budget)
			if err != nil {
				return fmt.Errorf("release %s: %w", release.Name, err)
			}
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
			n++
		}
	}
	return nil
}

// Digest is the digest of the deposit's manifest, which identifies it.
func (d *Deposit) Digest() Digest { return d.digest }

// Manifest is the verified manifest; it must not be changed.
func (d *Deposit) Manifest() *Manifest { return d.manifest }

// Releases are the releases of all sources in the manifest's order.
func (d *Deposit) Releases() []Release { return slices.Clone(d.all) }

// Close ends the use of the deposit and of its Readers.
func (d *Deposit) Close() error {
	errs := []error{d.root.Close()}
	for _, s := range d.sources {
		errs = append(errs, s.pack.Close())
	}
	return errors.Join(errs...)
}

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

// A Reader reads objects of a Deposit. It is for one goroutine; open one for
// each.
type Reader struct {
	deposit *Deposit
	mu      sync.Mutex // turns wrong use into waiting rather than into wrong bytes
	chains  []*chainReader
}

// NewReader returns a Reader. It becomes useless when the deposit is closed.
func (d *Deposit) NewReader() (*Reader, error) {
	r := &Reader{deposit: d}
	for _, s := range d.sources {
		// Admission allowed these objects, with whatever limits it had.
		limits := DefaultLimits()
		for i := range s.source.Objects {
			limits.MaxObject = max(limits.MaxObject, s.source.Objects[i].Size)
		}
		r.chains = append(r.chains, newChainReader(s.pack, s.index, limits))
	}
	return r, nil
}

// Close frees what the reader keeps.
func (r *Reader) Close() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.chains = nil
}

// Blob returns the content of a blob, after comparing its SHA-256. The slice
// is the caller's.
func (r *Reader) Blob(blob Digest) ([]byte, error) {
	at, ok := r.deposit.byDigest[blob]
	if !ok {
		return nil, fmt.Errorf("the deposit has no blob %s", blob.Short())
	}
	data, err := r.read(at.source, at.object)
	return bytes.Clone(data), err
}

// read returns an object that the manifest names, shared with the cache.
func (r *Reader) read(source int, o *Object) ([]byte, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.chains == nil {
		return nil, errors.New("the reader is closed")
	}
	kind, data, err := r.chains[source].object(o.Git)
	if err != nil {
		return nil, fmt.Errorf("%s %s: %w", o.Kind, o.Git, err)
	}
	if kind.String() != o.Kind || Digest(sha256.Sum256(data)) != o.SHA256 {
		return nil, fmt.Errorf("%s %s: the workspace holds other bytes than were admitted; admit the deposit again into an empty workspace", o.Kind, o.Git)
	}
	return data, nil
}

// object finds what the manifest says of a git id.
func (s *Source) object(id ID, kind string) (*Object, error) {
	i, ok := slices.BinarySearchFunc(s.Objects, id, func(o Object, id ID) int { return bytes.Compare(o.Git[:], id[:]) })
	if !ok || s.Objects[i].Kind != kind {
		return nil, fmt.Errorf("%s %s is not in the manifest", kind, id)
	}
	return &s.Objects[i], nil
}

// A sourceReader reads the trees of one source for walkRelease.
type sourceReader struct {
	reader *Reader
	source int
}

func (s sourceReader) tree(id ID) ([]byte, error) {
	o, err := s.reader.deposit.sources[s.source].source.object(id, kindNameTree)
	if err != nil {
		return nil, err
	}
	return s.reader.read(s.source, o)
}

func (s sourceReader) blob(id ID) (Digest, int64, error) {
	o, err := s.reader.deposit.sources[s.source].source.object(id, kindNameBlob)
	if err != nil {
		return Digest{}, 0, err
	}
	return o.SHA256, o.Size, nil
}
