package deposit

import (
	"bytes"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"sync"

	"github.com/go-git/go-git/v5/plumbing"
	"github.com/go-git/go-git/v5/plumbing/object"
	"github.com/go-git/go-git/v5/storage/filesystem"
)

// A Reader reads objects of a Deposit, by source through the pack itself and,
// for what is not found that way, through a go-git storage. It is for one
// goroutine; open one for each.
type Reader struct {
	deposit *Deposit
	mu      sync.Mutex // turns wrong use into waiting: go-git's storage breaks under it
	stores  []*filesystem.Storage
	packs   []*packReader // nil until the source is read, or where it has none
	opened  []bool
}

// NewReader returns a Reader, which the caller closes.
func (d *Deposit) NewReader() (*Reader, error) {
	r := &Reader{deposit: d, packs: make([]*packReader, len(d.sources)), opened: make([]bool, len(d.sources))}
	for _, s := range d.sources {
		if err := d.checkFolder(gitDir(s.name)); err != nil {
			return nil, fmt.Errorf("source %s: %w", s.name, err)
		}
		r.stores = append(r.stores, openStorage(filepath.Join(d.folder, filepath.FromSlash(gitDir(s.name)))))
	}
	return r, nil
}

// What Admit writes below a repository's folder.
var (
	importedFolder = regexp.MustCompile(`^(/refs|/objects|/objects/pack)?$`)
	importedFile   = regexp.MustCompile(`^/(HEAD|config|packed-refs|shallow|objects/pack/pack-[0-9a-f]{40}\.(pack|idx))$`)
)

// checkFolder refuses a repository with anything that Admit did not write:
// go-git would look for objects in alternates, wherever they are, and without
// end in those that name themselves.
func (d *Deposit) checkFolder(dir string) error {
	return fs.WalkDir(d.root.FS(), dir, func(path string, e fs.DirEntry, err error) error {
		if err != nil {
			return fmt.Errorf("%s: %w", path, pathless(err))
		}
		name := strings.TrimPrefix(path, dir)
		if e.IsDir() && importedFolder.MatchString(name) || e.Type().IsRegular() && importedFile.MatchString(name) {
			return nil
		}
		return fmt.Errorf("the workspace holds %s, which no admission wrote; admit the deposit again into an empty workspace", path)
	})
}

// Close frees what the reader keeps.
func (r *Reader) Close() error {
	r.mu.Lock()
	defer r.mu.Unlock()
	var errs []error
	for _, s := range r.stores {
		errs = append(errs, s.Close())
	}
	for _, p := range r.packs {
		if p != nil {
			errs = append(errs, p.close())
		}
	}
	r.stores, r.packs = nil, nil
	return errors.Join(errs...)
}

// Blob returns the content of a blob, after comparing its SHA-256. The slice
// is the caller's.
func (r *Reader) Blob(blob Digest) ([]byte, error) {
	at, ok := r.deposit.byDigest[blob]
	if !ok {
		return nil, fmt.Errorf("the deposit has no blob %s", blob.Short())
	}
	return r.read(at.source, at.object)
}

var errOtherBytes = errors.New("the workspace holds other bytes than were admitted; admit the deposit again into an empty workspace")

// read returns an object that the manifest names.
func (r *Reader) read(source int, o *Object) ([]byte, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.stores == nil {
		return nil, errors.New("the reader is closed")
	}
	if data := r.readPacked(source, o); data != nil {
		return data, nil
	}
	encoded, data, err := readObject(r.stores[source], plumbing.Hash(o.Git), o.Size)
	if err == nil && (encoded.Type().String() != o.Kind || Digest(sha256.Sum256(data)) != o.SHA256) {
		err = errOtherBytes
	}
	if err != nil {
		return nil, fmt.Errorf("%s %s: %w", o.Kind, o.Git, err)
	}
	if o.Size > garbageBytes {
		runtime.GC() // go-git made several copies
	}
	return data, nil
}

// readPacked is read by way of the pack; nil if that does not lead to the
// object. Then go-git is asked, which says what is wrong.
func (r *Reader) readPacked(source int, o *Object) []byte {
	if !r.opened[source] {
		r.opened[source] = true
		p, err := openPackReader(r.deposit.root, packDir(r.deposit.sources[source].name))
		if err != nil {
			return nil
		}
		r.packs[source] = p
	}
	if r.packs[source] == nil {
		return nil
	}
	k, data, err := r.packs[source].read(o.Git, o.Size)
	if err != nil || k.String() != o.Kind || digestOf(data) != o.SHA256 {
		return nil
	}
	return data
}

// anySize makes readObject believe what a commit or tag says of its size.
const anySize = -1

// readObject reads an object of this size. Nothing says yet that it is the
// one that was asked for: go-git does not look.
func readObject(store *filesystem.Storage, id plumbing.Hash, size int64) (plumbing.EncodedObject, []byte, error) {
	encoded, err := store.EncodedObject(plumbing.AnyObject, id)
	if err != nil {
		return nil, nil, err
	}
	if size == anySize {
		size = min(encoded.Size(), DefaultLimits().MaxObject)
	}
	if encoded.Size() != size {
		return nil, nil, errOtherBytes
	}
	content, err := encoded.Reader()
	if err != nil {
		return nil, nil, err
	}
	data := make([]byte, size)
	_, err = io.ReadFull(content, data)
	return encoded, data, errors.Join(err, content.Close())
}

// readRefs reads what all refs of a repository lead to. To ask go-git for one
// takes it as long.
func readRefs(store *filesystem.Storage) (map[plumbing.ReferenceName]plumbing.Hash, error) {
	all, err := store.IterReferences()
	if err != nil {
		return nil, fmt.Errorf("its refs: %w", err)
	}
	refs := map[plumbing.ReferenceName]plumbing.Hash{}
	return refs, all.ForEach(func(r *plumbing.Reference) error {
		refs[r.Name()] = r.Hash()
		return nil
	})
}

// checkTag follows a release's tag to the commit and the tree that the
// manifest gives it. Commits and tags are bound by their ids alone.
func checkTag(store *filesystem.Storage, refs map[plumbing.ReferenceName]plumbing.Hash, r Release) error {
	id, ok := refs[plumbing.ReferenceName(tagPrefix+r.Name)]
	if !ok {
		return fmt.Errorf("its tag is gone: %w", errOtherBytes)
	}
	for range maxTagDepth + 1 {
		encoded, data, err := readObject(store, id, anySize)
		if err != nil {
			return fmt.Errorf("object %s: %w", id, err)
		}
		// What is decoded is what was hashed.
		read := &plumbing.MemoryObject{}
		read.SetType(encoded.Type())
		if _, err := read.Write(data); err != nil {
			return err
		}
		if read.Hash() != id {
			return fmt.Errorf("%s %s: %w", read.Type(), id, errOtherBytes)
		}
		if read.Type() == plumbing.CommitObject {
			var commit object.Commit
			if err := commit.Decode(read); err != nil {
				return fmt.Errorf("commit %s: %w", id, err)
			}
			if ID(id) != r.Commit || ID(commit.TreeHash) != r.Tree {
				break
			}
			return nil
		}
		var tag object.Tag
		if err := tag.Decode(read); err != nil {
			return fmt.Errorf("tag %s: %w", id, err)
		}
		id = tag.Target
	}
	return fmt.Errorf("its tag does not lead to commit %s with tree %s: %w", r.Commit, r.Tree, errOtherBytes)
}

// object finds what the manifest says of a git id.
func (s *Source) object(id ID, kind string) (*Object, error) {
	i, ok := slices.BinarySearchFunc(s.Objects, id, func(o Object, id ID) int { return bytes.Compare(o.Git[:], id[:]) })
	if !ok || s.Objects[i].Kind != kind {
		return nil, fmt.Errorf("%s %s is not in the manifest", kind, id)
	}
	return &s.Objects[i], nil
}

// A sourceReader reads the trees of one source for a lister.
type sourceReader struct {
	reader *Reader
	source int
}

func (s sourceReader) find(id ID, kind string) (*Object, error) {
	objects := s.reader.deposit.sources[s.source].objects
	i, ok := slices.BinarySearchFunc(objects, id, func(o *Object, id ID) int { return bytes.Compare(o.Git[:], id[:]) })
	if !ok || objects[i].Kind != kind {
		return nil, fmt.Errorf("%s %s is not in the manifest", kind, id)
	}
	return objects[i], nil
}

func (s sourceReader) tree(id ID) ([]byte, error) {
	o, err := s.find(id, kindNameTree)
	if err != nil {
		return nil, err
	}
	return s.reader.read(s.source, o)
}

func (s sourceReader) blob(id ID) (Digest, int64, error) {
	o, err := s.find(id, kindNameBlob)
	if err != nil {
		return Digest{}, 0, err
	}
	return o.SHA256, o.Size, nil
}
