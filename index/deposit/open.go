package deposit

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"os"
	"path"
	"path/filepath"
	"slices"
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

// packDir is the folder of its one pack.
func packDir(source string) string { return gitDir(source) + "/objects/pack" }

// A Deposit is an admitted deposit in a workspace, opened for reading. What it
// gives was hashed again on the way and is what the manifest names. Its methods
// may be called from several goroutines.
type Deposit struct {
	digest   Digest
	manifest *Manifest
	root     *os.Root
	folder   string // where root is, absolute
	all      []Release
	blobs    []Object // of all releases, in the order of their first place
	byDigest map[Digest]blobAt
	releases map[string][]File
	places   map[Digest][]placeAt
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
		objects := d.manifest.Sources[i].Objects
		for k := range objects {
			o := &objects[k]
			if _, twice := d.byDigest[o.SHA256]; !twice && o.Kind == kindNameBlob {
				d.byDigest[o.SHA256] = blobAt{i, o}
			}
		}
	}
	r, err := d.NewReader()
	if err != nil {
		return err
	}
	return errors.Join(d.loadReleases(r), r.Close())
}

func (d *Deposit) loadReleases(r *Reader) error {
	budget := int64(math.MaxInt64) // admission has counted
	d.all = d.manifest.Releases()
	var n int32
	for i := range d.manifest.Sources {
		for _, release := range d.manifest.Sources[i].Releases {
			err := checkTag(r.stores[i], release)
			var files []File
			if err == nil {
				files, err = walkRelease(context.Background(), sourceReader{r, i}, release.Tree, &budget)
			}
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
