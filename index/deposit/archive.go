package deposit

import (
	"archive/tar"
	"bufio"
	"bytes"
	"compress/bzip2"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"
)

// The first bytes of archives and of what they are compressed with.
var (
	magicGzip     = []byte("\x1f\x8b")
	magicBzip2    = []byte("BZh")
	magicZstd     = []byte("\x28\xb5\x2f\xfd")
	magicXz       = []byte("\xfd7zXZ\x00")
	magicEmptyZip = []byte("PK\x05\x06")
)

// maxZstdWindow is how far back a zstd stream may refer, all of which is held
// in memory: what zstd itself takes without being asked to.
const maxZstdWindow = 128 << 20

// archive plants the files of an archive, which its content tells, not its name.
func (p *planting) archive(ctx context.Context, path string, strip int) error {
	root, err := os.OpenRoot(filepath.Dir(path))
	if err != nil {
		return fmt.Errorf("archive %s: %w", path, pathless(err))
	}
	f, size, err := openRegular(root, filepath.Base(path))
	if err := errors.Join(err, root.Close()); err != nil {
		return fmt.Errorf("archive %w", err)
	}
	err = p.unpack(ctx, f, size, strip)
	if err := errors.Join(err, f.Close()); err != nil {
		return fmt.Errorf("archive %s: %w", path, err)
	}
	return nil
}

// unpack tells what an archive is and plants its files.
func (p *planting) unpack(ctx context.Context, r io.ReaderAt, size int64, strip int) error {
	u := &unpacking{planting: p, ctx: ctx, strip: strip}
	u.most = min(p.limits.MaxInflated, ratioAllowance+saturatingMul(size, p.limits.MaxRatio))
	p.limits.MaxInflated = u.most
	begin := make([]byte, min(size, 8))
	if _, err := r.ReadAt(begin, 0); err != nil && !errors.Is(err, io.EOF) {
		return pathless(err)
	}
	in := bufio.NewReaderSize(&ctxReader{ctx, io.NewSectionReader(r, 0, size)}, 256<<10)
	switch {
	case bytes.HasPrefix(begin, magicZip), bytes.HasPrefix(begin, magicEmptyZip):
		return u.zip(r, size)
	case bytes.HasPrefix(begin, magicXz):
		return errors.New("it is compressed with xz, which is not supported; compress it with gzip or zstd instead")
	case bytes.HasPrefix(begin, magicGzip):
		z, err := gzip.NewReader(in)
		if err != nil {
			return fmt.Errorf("its gzip stream: %w", err)
		}
		return errors.Join(u.tar(z), z.Close())
	case bytes.HasPrefix(begin, magicZstd):
		z, err := zstd.NewReader(in, zstd.WithDecoderConcurrency(1), zstd.WithDecoderMaxWindow(maxZstdWindow))
		if err != nil {
			return fmt.Errorf("its zstd stream: %w", err)
		}
		defer z.Close()
		return u.tar(z)
	case bytes.HasPrefix(begin, magicBzip2):
		return u.tar(bzip2.NewReader(in))
	}
	return u.tar(in)
}

// An unpacking is one run over an archive.
type unpacking struct {
	*planting
	ctx   context.Context
	strip int
	most  int64 // bytes that the archive may unpack to
}

// tar plants the files of a tar stream.
func (u *unpacking) tar(r io.Reader) error {
	bounded := &boundedReader{r, u.most}
	t := tar.NewReader(bounded)
	for n := 0; ; n++ {
		if err := u.ctx.Err(); err != nil {
			return err
		}
		content := bounded.left
		h, err := t.Next()
		switch {
		case n == 0 && (errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, tar.ErrHeader)):
			return errors.New("it is no archive that is read here, or an empty or cut off one: want tar, tar.gz, tar.bz2, tar.zst or zip")
		case err == io.EOF && content-bounded.left < tarEnd:
			return errors.New("it is cut off: the mark at an archive's end is missing")
		case err == io.EOF:
			return u.tail(bounded)
		case err != nil:
			return fmt.Errorf("entry %d: %w", n+1, err)
		}
		if n == maxEntries {
			return fmt.Errorf("it has more than %d entries", maxEntries)
		}
		if err := u.tarEntry(h, t); err != nil {
			return err
		}
	}
}

// tarEnd is the mark at the end of a tar file: two blocks of zeros. Padding
// before it has less than one block.
const tarEnd = 1024

// maxEntries bounds the entries of an archive, of which there may be some that
// are no files: folders, and comments of tar.
const maxEntries = 4 * maxPlanted

func (u *unpacking) tarEntry(h *tar.Header, content io.Reader) error {
	if h.Typeflag == tar.TypeXGlobalHeader {
		return nil // a comment, which git archive writes
	}
	path, err := u.path(h.Name, h.Typeflag == tar.TypeDir)
	if err != nil || path == "" {
		return err
	}
	switch h.Typeflag {
	case tar.TypeReg, tar.TypeGNUSparse:
		return u.content(path, fileMode(h.FileInfo().Mode()), h.Size, content)
	case tar.TypeDir:
		return u.enterAll(path)
	case tar.TypeSymlink:
		return u.link(path, h.Linkname)
	case tar.TypeLink:
		target, err := u.path(h.Linkname, false)
		if err != nil {
			return err
		}
		e, ok := u.find(target)
		if !ok {
			return fmt.Errorf("%q is a link to %q, which the archive does not hold before it", path, h.Linkname)
		}
		return u.add(path, e.mode, e.id)
	case tar.TypeFifo:
		return fmt.Errorf("%q is a pipe; a release holds files, folders and symbolic links", path)
	case tar.TypeChar, tar.TypeBlock:
		return fmt.Errorf("%q is a device; a release holds files, folders and symbolic links", path)
	}
	return fmt.Errorf("%q is of the type %q, which is not read here", path, h.Typeflag)
}

// tail reads what is behind the archive's end: the padding, and with it what
// its compression has as a checksum.
func (u *unpacking) tail(r io.Reader) error {
	buf := make([]byte, scanBuffer)
	for {
		n, err := r.Read(buf)
		if len(bytes.Trim(buf[:n], "\x00")) > 0 {
			return errors.New("something follows the end of the archive; join what was appended into one archive")
		}
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return fmt.Errorf("behind its last entry: %w", err)
		}
	}
}

// path makes a path in the release of an entry's name; "" means that nothing is
// left of a folder's.
func (u *unpacking) path(name string, isFolder bool) (string, error) {
	path := strings.TrimPrefix(name, "./")
	if isFolder {
		path = strings.TrimSuffix(path, "/")
		if path == "" || path == "." {
			return "", nil
		}
	}
	switch {
	case strings.HasPrefix(path, "/"):
		return "", fmt.Errorf("it holds the absolute path %.200q", name)
	case strings.Contains(path, `\`):
		return "", fmt.Errorf("it holds the path %.200q with a backslash, which is a folder's end to some and a name's part to others", name)
	}
	names, err := u.steps(path)
	if err != nil {
		return "", err
	}
	if len(names) > u.strip {
		return strings.Join(names[u.strip:], "/"), nil
	}
	if isFolder {
		return "", nil
	}
	return "", fmt.Errorf("%q would lose its name, when %d folders are taken off the front", name, u.strip)
}

// enterAll makes the folders of a path that was checked.
func (p *planting) enterAll(path string) error {
	_, err := p.enter(strings.Split(path, "/"))
	return err
}

// A boundedReader fails when it has given so many bytes.
type boundedReader struct {
	r    io.Reader
	left int64
}

func (b *boundedReader) Read(buf []byte) (int, error) {
	n, err := b.r.Read(buf)
	if b.left -= int64(n); b.left < 0 {
		return 0, errors.New("it unpacks to more bytes than the limits allow")
	}
	return n, err
}
