package deposit

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
)

// openRegular opens a file of a folder that must be an ordinary file: not a
// symbolic link, a device or a pipe, nor one that was exchanged meanwhile.
func openRegular(root *os.Root, name string) (*os.File, int64, error) {
	before, err := root.Lstat(name)
	if err != nil {
		return nil, 0, fmt.Errorf("%s: %w", name, pathless(err))
	}
	if !before.Mode().IsRegular() {
		return nil, 0, because(CauseCopy, fmt.Errorf("%s is not an ordinary file", name))
	}
	f, err := root.Open(name)
	if err != nil {
		return nil, 0, fmt.Errorf("%s: %w", name, pathless(err))
	}
	now, err := f.Stat()
	if err == nil && !os.SameFile(before, now) {
		err = errors.New("it was exchanged while it was opened")
	}
	if err != nil {
		return nil, 0, fmt.Errorf("%s: %w", name, errors.Join(err, f.Close()))
	}
	return f, now.Size(), nil
}

// readWhole reads an ordinary file of at most limit bytes.
func readWhole(root *os.Root, name string, limit int64) ([]byte, error) {
	f, size, err := openRegular(root, name)
	if err != nil {
		return nil, err
	}
	if size > limit {
		return nil, errors.Join(fmt.Errorf("%s has %d bytes, at most %d are read", name, size, limit), f.Close())
	}
	data := make([]byte, size)
	_, err = io.ReadFull(f, data)
	if err := errors.Join(err, f.Close()); err != nil {
		return nil, fmt.Errorf("reading %s: %w", name, err)
	}
	return data, nil
}

// pathless drops the operation and path of a PathError, which the sentence
// around it already gives.
func pathless(err error) error {
	var p *os.PathError
	if errors.As(err, &p) {
		return p.Err
	}
	return err
}

// createFile writes a new file durably, through write.
func createFile(path string, mode os.FileMode, write func(io.Writer) error) error {
	f, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, mode)
	if err != nil {
		return err
	}
	err = write(f)
	if err == nil {
		err = f.Sync()
	}
	return errors.Join(err, f.Close())
}

// createBytes writes a new file of these bytes durably.
func createBytes(path string, data []byte, mode os.FileMode) error {
	return createFile(path, mode, func(w io.Writer) error {
		_, err := w.Write(data)
		return err
	})
}

// syncDir makes the names in a folder durable.
func syncDir(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}

// syncTree makes the names in a folder and all below it durable.
func syncTree(dir string) error {
	return filepath.WalkDir(dir, func(path string, d os.DirEntry, err error) error {
		if err != nil || !d.IsDir() {
			return err
		}
		return syncDir(path)
	})
}
