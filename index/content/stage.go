package content

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// ErrBusy is wrapped by the error of a build while another process builds the
// same folder: what it makes can be opened when it ends.
var ErrBusy = errors.New("being built by another process")

// A Staged is a folder that appears whole or not at all: it is filled beside
// its final place, made durable, and renamed. The folders of a deposit's
// workspace that can be rebuilt, content and index, are made this way.
type Staged struct {
	dir  string // final place
	tmp  string // where it is filled
	lock *os.File
}

// Stage begins to build the folder dir. It removes what an earlier, killed build of
// dir left, and refuses with [ErrBusy] while another process is building it.
func Stage(dir string) (*Staged, error) {
	return begin(dir, func(parent, base string) (string, error) { return os.MkdirTemp(parent, base+".tmp-") })
}

// Resume is Stage for a build that can go on where an earlier one was ended by
// [Staged.Leave] or killed: what that filled is in [Staged.Path] again. The
// caller must be able to tell what of it is whole.
func Resume(dir string) (*Staged, error) {
	return begin(dir, func(parent, base string) (string, error) {
		tmp := filepath.Join(parent, base+".part")
		if err := os.Mkdir(tmp, 0o700); err != nil && !errors.Is(err, fs.ErrExist) {
			return "", err
		}
		return tmp, nil
	})
}

func begin(dir string, folder func(parent, base string) (string, error)) (*Staged, error) {
	dir = filepath.Clean(dir)
	parent, base := filepath.Split(dir)
	if parent == "" {
		parent = "."
	}
	if err := os.MkdirAll(parent, 0o700); err != nil {
		return nil, fmt.Errorf("workspace folder: %w", err)
	}
	lock, err := lockFile(dir + ".lock")
	if err != nil {
		return nil, fmt.Errorf("%s is %w; wait for it to end (%w)", dir, ErrBusy, err)
	}
	s := &Staged{dir: dir, lock: lock}
	if err := s.removeLeftovers(parent, base); err != nil {
		return nil, errors.Join(err, lock.Close())
	}
	if s.tmp, err = folder(parent, base); err != nil {
		return nil, errors.Join(fmt.Errorf("workspace folder: %w", err), lock.Close())
	}
	return s, nil
}

func (s *Staged) removeLeftovers(parent, base string) error {
	entries, err := os.ReadDir(parent)
	if err != nil {
		return fmt.Errorf("workspace folder: %w", err)
	}
	for _, e := range entries {
		if strings.HasPrefix(e.Name(), base+".tmp-") {
			if err := os.RemoveAll(filepath.Join(parent, e.Name())); err != nil {
				return fmt.Errorf("remains of an earlier build: %w", err)
			}
		}
	}
	return nil
}

// Path is the folder to fill.
func (s *Staged) Path() string { return s.tmp }

// Publish makes the files durable and puts the folder in its final place. An
// older folder there is replaced; a crash in between leaves none, never a mixture.
func (s *Staged) Publish() error {
	err := filepath.WalkDir(s.tmp, func(path string, e fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		return syncPath(path)
	})
	if err != nil {
		return errors.Join(fmt.Errorf("write %s: %w", s.dir, err), s.Discard())
	}
	old := s.dir + ".tmp-old" // a leftover by its name, if we are killed now
	if err := os.Rename(s.dir, old); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return errors.Join(fmt.Errorf("replace %s: %w", s.dir, err), s.Discard())
	}
	if err := os.Rename(s.tmp, s.dir); err != nil {
		return errors.Join(fmt.Errorf("write %s: %w", s.dir, err), s.Discard())
	}
	if err := syncPath(filepath.Dir(s.dir)); err != nil {
		return errors.Join(fmt.Errorf("write %s: %w", s.dir, err), s.lock.Close())
	}
	return errors.Join(os.RemoveAll(old), s.lock.Close())
}

// Leave ends the build and keeps what was filled, for [Resume].
func (s *Staged) Leave() error { return s.lock.Close() }

// Discard removes what was filled so far.
func (s *Staged) Discard() error {
	return errors.Join(os.RemoveAll(s.tmp), s.lock.Close())
}

func syncPath(path string) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	return errors.Join(f.Sync(), f.Close())
}
