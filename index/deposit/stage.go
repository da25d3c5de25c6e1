package deposit

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// A stage is a new folder in which a deposit or an import is prepared. It is
// locked as long as its process lives, which tells those that a killed one left
// from those at work.
type stage struct {
	path string
	lock *os.File
}

// The names of stages begin with these. Deposits are sealed into folders that
// belong to the user, who has nothing else of this name.
const (
	admitPrefix = ".admit-"
	sealPrefix  = ".vitrine-seal-"
)

// newStage makes a stage in parent, after removing those there that were left.
// Where the file system has no locks nothing is removed.
func newStage(parent, prefix string) (s *stage, err error) {
	// Nobody else removes between the making of a stage and its locking.
	all, err := os.Open(parent)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, all.Close()) }()
	if lockFolder(all, true) == nil {
		if err := removeLeft(parent, prefix); err != nil {
			return nil, fmt.Errorf("removing what was left unfinished: %w", err)
		}
	}
	path, err := os.MkdirTemp(parent, prefix)
	if err != nil {
		return nil, err
	}
	lock, err := os.Open(path)
	if err != nil {
		return nil, errors.Join(err, os.RemoveAll(path))
	}
	// A lock that is not to be had here is not to be had by who would remove.
	_ = lockFolder(lock, false)
	return &stage{path, lock}, nil
}

// removeLeft removes the stages that nobody has locked.
func removeLeft(parent, prefix string) error {
	entries, err := os.ReadDir(parent)
	if err != nil {
		return err
	}
	for _, e := range entries {
		if !e.IsDir() || !strings.HasPrefix(e.Name(), prefix) {
			continue
		}
		path := filepath.Join(parent, e.Name())
		f, err := os.Open(path)
		if err != nil {
			continue // somebody else's
		}
		if lockFolder(f, false) == nil {
			err = os.RemoveAll(path)
		}
		if err := errors.Join(err, f.Close()); err != nil {
			return err
		}
	}
	return nil
}

// remove removes the stage with what it holds, unless it got its final name.
func (s *stage) remove() error {
	return errors.Join(os.RemoveAll(s.path), s.lock.Close())
}
