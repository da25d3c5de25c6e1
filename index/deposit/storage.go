package deposit

import (
	"errors"
	"os"
	"path/filepath"
	"strings"

	"github.com/go-git/go-billy/v5"
	"github.com/go-git/go-billy/v5/osfs"
	"github.com/go-git/go-git/v5/plumbing/cache"
	"github.com/go-git/go-git/v5/storage/filesystem"
)

// storageCache is how many bytes of objects a storage keeps, to apply deltas
// to. Three times as much reads Linux no faster.
const storageCache = 16 << 20

// openStorage opens a repository, of which dir is the absolute path, to be read
// through go-git by one goroutine.
func openStorage(dir string) *filesystem.Storage {
	bound := readOnly{osfs.New(dir, osfs.WithBoundOS(), osfs.WithDeduplicatePath(false))}
	return filesystem.NewStorageWithOptions(bound, cache.NewObjectLRU(storageCache), filesystem.Options{KeepDescriptors: true})
}

// readOnly is a file system that refuses to be changed, so that a reader of
// a repository cannot leave anything in it.
type readOnly struct{ billy.Filesystem }

var errReadOnly = errors.New("the repository is only read")

func (readOnly) Create(string) (billy.File, error)           { return nil, errReadOnly }
func (readOnly) Rename(string, string) error                 { return errReadOnly }
func (readOnly) Remove(string) error                         { return errReadOnly }
func (readOnly) MkdirAll(string, os.FileMode) error          { return errReadOnly }
func (readOnly) Symlink(string, string) error                { return errReadOnly }
func (readOnly) TempFile(string, string) (billy.File, error) { return nil, errReadOnly }

// Open takes names within the repository and, as go-git asks for a pack again
// whose descriptor it has, the names of its open files, which are absolute.
func (r readOnly) Open(name string) (billy.File, error) {
	return r.Filesystem.Open(strings.TrimPrefix(name, r.Root()+string(filepath.Separator)))
}

func (r readOnly) OpenFile(name string, flag int, perm os.FileMode) (billy.File, error) {
	if flag&(os.O_WRONLY|os.O_RDWR|os.O_APPEND|os.O_CREATE|os.O_TRUNC) != 0 {
		return nil, errReadOnly
	}
	return r.Filesystem.OpenFile(name, flag, perm)
}
