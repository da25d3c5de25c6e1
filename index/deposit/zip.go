package deposit

import (
	"archive/zip"
	"errors"
	"fmt"
	"io"
	"io/fs"
)

const (
	// maxZipDirectory bounds what is read of a zip file before its first entry:
	// the directory at its end, which is held in memory and has some 100 bytes
	// for each.
	maxZipDirectory = maxPlanted * 128
	zipEncrypted    = 1 // a flag
)

// zip plants the files of a zip archive.
func (u *unpacking) zip(r io.ReaderAt, size int64) error {
	bounded := &boundedReaderAt{r, maxZipDirectory}
	z, err := zip.NewReader(bounded, size)
	// What Go calls an insecure path is refused here, by its name.
	if err != nil && !errors.Is(err, zip.ErrInsecurePath) {
		return fmt.Errorf("its directory: %w", err)
	}
	bounded.left = -1
	if len(z.File) > maxEntries {
		return fmt.Errorf("it has more than %d entries", maxEntries)
	}
	for _, f := range z.File {
		if err := u.ctx.Err(); err != nil {
			return err
		}
		if err := u.zipEntry(f); err != nil {
			return err
		}
	}
	return nil
}

func (u *unpacking) zipEntry(f *zip.File) error {
	mode := f.Mode()
	path, err := u.path(f.Name, mode.IsDir())
	if err != nil || path == "" {
		return err
	}
	switch {
	case mode.IsDir():
		return u.enterAll(path)
	case f.Flags&zipEncrypted != 0:
		return fmt.Errorf("%q is encrypted", path)
	case f.Method != zip.Store && f.Method != zip.Deflate:
		return fmt.Errorf("%q is compressed by the method %d, which is not supported; make the zip file with deflate", path, f.Method)
	case !mode.IsRegular() && mode&fs.ModeSymlink == 0:
		return fmt.Errorf("%q is %s; a release holds files, folders and symbolic links", path, special(mode))
	case mode&fs.ModeSymlink != 0 && (f.UncompressedSize64 == 0 || f.UncompressedSize64 > maxPath):
		return fmt.Errorf("the symbolic link %q has %d bytes, want 1 to %d", path, f.UncompressedSize64, maxPath)
	}
	if f.UncompressedSize64 > uint64(u.limits.MaxObject) {
		return fmt.Errorf("%q has %d bytes, more than the limit of %d for one file", path, f.UncompressedSize64, u.limits.MaxObject)
	}
	content, err := f.Open()
	if err != nil {
		return fmt.Errorf("%q: %w", path, err)
	}
	gitMode := uint32(modeLink)
	if mode.IsRegular() {
		gitMode = fileMode(mode)
	}
	err = u.content(path, gitMode, int64(f.UncompressedSize64), content)
	return errors.Join(err, content.Close())
}

// A boundedReaderAt fails when it has given so many bytes; a negative number
// is no bound.
type boundedReaderAt struct {
	r    io.ReaderAt
	left int64
}

func (b *boundedReaderAt) ReadAt(buf []byte, at int64) (int, error) {
	n, err := b.r.ReadAt(buf, at)
	if b.left >= 0 {
		if b.left -= int64(n); b.left <= 0 {
			return 0, fmt.Errorf("it has more than %d bytes", maxZipDirectory)
		}
	}
	return n, err
}
