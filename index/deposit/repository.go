package deposit

import (
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"

	"github.com/go-git/go-git/v5/plumbing"
	"github.com/go-git/go-git/v5/storage/filesystem"
)

// A repository is a user's repository, opened for sealing. It is only read:
// references and configuration through go-git, objects through this package's
// own readers, which verify them and are faster.
type repository struct {
	objects
	root  *os.Root // the git directory
	refs  *filesystem.Storage
	loose []ID
}

// openRepository opens a working tree's .git folder or a bare repository.
func openRepository(dir string, limits Limits) (*repository, error) {
	gitdir, err := findGitDir(dir)
	if err != nil {
		return nil, err
	}
	root, err := os.OpenRoot(gitdir)
	if err != nil {
		return nil, err
	}
	r := &repository{objects: newObjects(limits), root: root, refs: openStorage(gitdir)}
	r.loosely = r.readLoose
	if err := errors.Join(r.checkWhole(), r.readShallow()); err != nil {
		return nil, errors.Join(fmt.Errorf("repository %s: %w", dir, err), root.Close())
	}
	return r, nil
}

// findGitDir returns the absolute path of a repository's git directory.
func findGitDir(dir string) (string, error) {
	abs, err := filepath.Abs(dir)
	if err != nil {
		return "", err
	}
	if info, err := os.Stat(abs); err == nil && !info.IsDir() {
		return "", fmt.Errorf("%s is a file and no repository; bundles and archives are sealed as such", dir)
	}
	dotgit := filepath.Join(abs, ".git")
	switch info, err := os.Lstat(dotgit); {
	case err == nil && info.IsDir():
		return dotgit, nil
	case err == nil:
		return "", fmt.Errorf("%s is not a folder but leads to one elsewhere (a worktree or submodule); seal the repository it belongs to", dotgit)
	case !errors.Is(err, fs.ErrNotExist):
		return "", err
	}
	for _, name := range []string{"HEAD", "objects", "refs"} {
		if _, err := os.Lstat(filepath.Join(abs, name)); err != nil {
			return "", fmt.Errorf("%s is not a git repository: it has neither .git nor %s", dir, name)
		}
	}
	return abs, nil
}

// checkWhole refuses repositories that do not hold all of their own objects,
// or hold them in a form that is not read here.
func (r *repository) checkWhole() error {
	for _, never := range []struct{ file, why string }{
		{"commondir", "it is a linked worktree; seal the main repository"},
		{"info/grafts", "it has grafts, which change history without changing ids; remove info/grafts first"},
		{"objects/info/alternates", "it borrows objects from another repository; run git repack -a -d and remove objects/info/alternates first"},
		{"reftable", "it keeps its references in the reftable format, which is not supported; migrate it to files first"},
	} {
		if info, err := r.root.Lstat(never.file); err == nil && (info.Size() > 0 || info.IsDir()) {
			return errors.New(never.why)
		} else if err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
	}
	config, err := r.refs.Config()
	if err != nil {
		return fmt.Errorf("its config: %w", err)
	}
	for _, option := range config.Raw.Section("extensions").Options {
		switch strings.ToLower(option.Key) {
		case "partialclone":
			r.partial = true
		case "objectformat":
			if !strings.EqualFold(option.Value, "sha1") {
				return fmt.Errorf("its object format is %q; only sha1 is supported", option.Value)
			}
		case "refstorage":
			if !strings.EqualFold(option.Value, "files") {
				return fmt.Errorf("it keeps its references in the format %q; only files is supported", option.Value)
			}
		}
	}
	return nil
}

// readShallow reads where the history of a shallow clone is cut off.
func (r *repository) readShallow() error {
	const line = 41 // an id and a line feed
	if _, err := r.root.Lstat(shallowFile); errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	data, err := readWhole(r.root, shallowFile, maxShallow*line)
	if err != nil {
		return err
	}
	return r.cutOff(data)
}

func (r *repository) close() error { return errors.Join(r.objects.close(), r.root.Close()) }

// tag resolves refs/tags/NAME.
func (r *repository) tag(name string) (ID, error) {
	reference, err := r.refs.Reference(plumbing.ReferenceName(tagPrefix + name))
	if errors.Is(err, plumbing.ErrReferenceNotFound) {
		return ID{}, fmt.Errorf("the repository has no tag %q", name)
	}
	if err != nil {
		return ID{}, fmt.Errorf("tag %q: %w", name, err)
	}
	if reference.Type() != plumbing.HashReference {
		return ID{}, fmt.Errorf("tag %q is a symbolic reference; make it an ordinary tag first", name)
	}
	return ID(reference.Hash()), nil
}

// load reads, verifies and hashes all objects, packed ones first. done counts
// them, total says how many there are.
func (r *repository) load(ctx context.Context, done, total *atomic.Int64) error {
	names, err := r.list("objects/pack")
	if err != nil {
		return err
	}
	var packs []string
	for _, name := range names {
		switch path.Ext(name) {
		case ".promisor":
			r.partial = true
		case ".pack":
			packs = append(packs, "objects/pack/"+name)
		}
	}
	if len(packs) >= looseObjects {
		return fmt.Errorf("%d packs, run git gc first", len(packs))
	}
	if err := r.listLoose(); err != nil {
		return err
	}
	total.Add(int64(len(r.loose)))
	for _, name := range packs {
		if err := r.loadPack(ctx, name, done, total); err != nil {
			return fmt.Errorf("%s: %w", path.Base(name), err)
		}
	}
	return r.loadLoose(ctx, done)
}

func (r *repository) loadPack(ctx context.Context, name string, done, total *atomic.Int64) error {
	f, size, err := openRegular(r.root, name)
	if err != nil {
		return err
	}
	r.files = append(r.files, f)
	return r.addPack(ctx, f, size, done, total)
}

// list returns the names in a folder of the repository, sorted.
func (r *repository) list(dir string) ([]string, error) {
	d, err := r.root.Open(dir)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	names, err := d.Readdirnames(-1)
	if err := errors.Join(err, d.Close()); err != nil {
		return nil, fmt.Errorf("listing %s: %w", dir, err)
	}
	slices.Sort(names)
	return names, nil
}

func (r *repository) listLoose() error {
	folders, err := r.list("objects")
	if err != nil {
		return err
	}
	for _, folder := range folders {
		if len(folder) != 2 {
			continue
		}
		names, err := r.list("objects/" + folder)
		if err != nil {
			return err
		}
		for _, name := range names {
			var id ID
			// Others are temporary files of git.
			if id.UnmarshalText([]byte(folder+name)) == nil {
				r.loose = append(r.loose, id)
			}
		}
	}
	if int64(len(r.loose)) > r.limits.MaxObjects {
		return fmt.Errorf("%d loose objects, run git gc first", len(r.loose))
	}
	return nil
}

func (r *repository) loadLoose(ctx context.Context, done *atomic.Int64) error {
	for i, id := range r.loose {
		if err := ctx.Err(); err != nil {
			return err
		}
		k, data, err := r.readLoose(id)
		if err != nil {
			return fmt.Errorf("loose object %s: %w", id, err)
		}
		if _, _, err := r.graph.add(r.worker, looseObjects, int32(i), id, k, data); err != nil {
			return err
		}
		done.Add(1)
	}
	return nil
}

// readLoose reads objects/xx/…: a zlib stream of "KIND SIZE", NUL and content.
func (r *repository) readLoose(id ID) (kind, []byte, error) {
	w := r.worker
	hex := hex.EncodeToString(id[:])
	raw, err := readWhole(r.root, "objects/"+hex[:2]+"/"+hex[2:], compressBound(r.limits.MaxObject))
	if err != nil {
		return 0, nil, err
	}
	w.in.src.Reset(raw)
	z, err := w.in.stream(&w.in.src)
	if err != nil {
		return 0, nil, err
	}
	var head []byte
	for len(head) == 0 || head[len(head)-1] != 0 {
		if len(head) == 32 {
			return 0, nil, errors.New("its header does not end")
		}
		head = append(head, 0)
		if _, err := io.ReadFull(z, head[len(head)-1:]); err != nil {
			return 0, nil, inflateError(err)
		}
	}
	name, digits, _ := strings.Cut(string(head[:len(head)-1]), " ")
	size, err := strconv.ParseInt(digits, 10, 64)
	k := kind(slices.Index(kindNames[:], name))
	if err != nil || !k.isObject() || size < 0 {
		return 0, nil, fmt.Errorf("its header is %q", head)
	}
	if size > r.limits.MaxObject || size > saturatingMul(int64(len(raw)), maxDeflate) {
		return 0, nil, fmt.Errorf("it declares %d bytes, more than the limit or than it can inflate to", size)
	}
	data := make([]byte, size)
	if _, err := io.ReadFull(z, data); err != nil {
		return 0, nil, inflateError(err)
	}
	if err := atEnd(z); err != nil {
		return 0, nil, err
	}
	if got, err := w.id(k, data); err != nil {
		return 0, nil, err
	} else if got != id {
		return 0, nil, fmt.Errorf("its content has the id %s", got)
	}
	return k, data, nil
}
