//go:build unix

package deposit

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"syscall"
)

// Private refuses a folder in which another user than the one this process runs
// as, or root, could have changed anything, at any depth, or which another could
// have put in its place. What lies below a folder that only its owner may enter
// is out of their reach; elsewhere nothing may be writable for them. Access lists
// do not hide from it: what they allow shows in the group's bits.
func Private(folder string) error {
	folder, err := filepath.Abs(folder)
	if err != nil {
		return err
	}
	// The folders that a link on the way leads through count like those that
	// are named.
	real, err := filepath.EvalSymlinks(folder)
	if err != nil {
		return err
	}
	_, err = reach(folder)
	if err != nil {
		return err
	}
	shut, err := reach(real)
	if err != nil {
		return err
	}
	return filepath.WalkDir(real, func(path string, e fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		info, err := e.Info()
		switch {
		case err != nil:
			return err
		case !info.Mode().IsRegular() && !info.IsDir():
			return fmt.Errorf("%s is neither a file nor a folder", path)
		case !ours(info):
			return fmt.Errorf("%s belongs to another user", path)
		case !shut && info.Mode().Perm()&0o022 != 0:
			return fmt.Errorf("other users may write to %s; take that away (chmod go-w)", path)
		}
		return nil
	})
}

// reach refuses a path on which another user could put another folder in the
// place of one. It reports whether one on it lets nobody else in.
func reach(path string) (shut bool, err error) {
	var above []string
	for dir := filepath.Dir(path); ; dir = filepath.Dir(dir) {
		above = append(above, dir)
		if dir == filepath.Dir(dir) {
			break
		}
	}
	for _, dir := range slices.Backward(above) {
		info, err := os.Stat(dir)
		if err != nil {
			return false, err
		}
		if !ours(info) {
			return false, fmt.Errorf("%s belongs to another user", dir)
		}
		if info.Mode().Perm()&0o077 == 0 {
			return true, nil
		}
		// The sticky bit keeps a folder in its place.
		if info.Mode().Perm()&0o022 != 0 && info.Mode()&fs.ModeSticky == 0 {
			return false, fmt.Errorf("other users may write to %s; take that away (chmod go-w)", dir)
		}
	}
	return false, nil
}

// ours reports whether this user, or root, owns a file.
func ours(info fs.FileInfo) bool {
	st, ok := info.Sys().(*syscall.Stat_t)
	return ok && (st.Uid == uint32(os.Geteuid()) || st.Uid == 0)
}
