// Package block keeps files of which no byte is believed before it was compared
// with a digest, and folders of them. An index opens at once, however large it
// is, and damage in it is an error instead of a wrong answer.
//
// It knows nothing of what the files hold; it imports nothing of ours.
//
// # Format
//
// A file NAME is verified in blocks of 4096 bytes, of which the last may be
// shorter. Beside it stands NAME.blocks: the file's length in 8 bytes,
// big-endian, and the SHA-256 of each block.
//
// A folder has a list SHA256SUMS, made of lines that end in "\n":
//
//	a head, which names the format and its version
//	"<hex>  manifest", the digest of what the folder was made from
//	"<SHA-256>  <name>" for each other file but those with a .blocks file,
//	in byte order of names; names of files in folders have "/"
//	"<SHA-256>  above", of all lines before
//
// Worked example: the folder with head "example 1" for the manifest 32 times
// 0xaa, and in it one file "a" of the three bytes "abc". Then a.blocks is
//
//	0000000000000003                                            length 3
//	ba7816bf8f01cfea414140de5dae2223
//	b00361a396177a9cb410ff61f20015ad                            SHA-256 of "abc"
//
// and SHA256SUMS is
//
//	example 1
//	aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa  manifest
//	e13dee54bfc1b26042c1fec4b1d8ef2054b22fa1ab1263adce665eb013f829d5  a.blocks
//	6ce69ddc10b6ea6ded0f8bd878ac00152c7fc34d269c56774f9dec548d3080a4  above
package block

import (
	"bufio"
	"context"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"
	"os"
	"sync/atomic"
)

// Size is what is verified at once, in bytes: a page of memory, because that is
// what the system reads, and hashing one takes 2 to 10 µs.
const Size = 4096

// Suffix is added to a file's name for the digests of its blocks.
const Suffix = ".blocks"

// ErrDamaged is wrapped by the error of reading a file that is not the one that
// was written.
var ErrDamaged = errors.New("is not the file that was built")

// A Writer writes a file and the digests of its blocks.
type Writer struct {
	path    string
	file    *os.File
	buf     *bufio.Writer
	at      uint64
	block   []byte // begun
	digests []byte
}

// Create begins a file, which must not exist.
func Create(path string) (*Writer, error) {
	f, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return nil, err
	}
	return &Writer{path: path, file: f, buf: bufio.NewWriterSize(f, 1<<18), block: make([]byte, 0, Size)}, nil
}

// Written is the number of bytes so far.
func (w *Writer) Written() uint64 { return w.at }

func (w *Writer) Write(p []byte) (int, error) {
	w.at += uint64(len(p))
	for rest := p; len(rest) > 0; {
		n := min(len(rest), Size-len(w.block))
		w.block = append(w.block, rest[:n]...)
		rest = rest[n:]
		if len(w.block) == Size {
			w.endBlock()
		}
	}
	return w.buf.Write(p)
}

func (w *Writer) endBlock() {
	sum := sha256.Sum256(w.block)
	w.digests = append(w.digests, sum[:]...)
	w.block = w.block[:0]
}

// Finish closes the file and writes the digests beside it.
func (w *Writer) Finish() error {
	if len(w.block) > 0 {
		w.endBlock()
	}
	if err := errors.Join(w.buf.Flush(), w.Close()); err != nil {
		return err
	}
	list := binary.BigEndian.AppendUint64(make([]byte, 0, 8+len(w.digests)), w.at)
	return os.WriteFile(w.path+Suffix, append(list, w.digests...), 0o600)
}

// Close gives the file up, as it is and without digests; after Finish it does nothing.
func (w *Writer) Close() error {
	if w.file == nil {
		return nil
	}
	err := w.file.Close()
	w.file = nil
	return err
}

// A File is in memory, mapped, and hands out only bytes that were verified. It
// may be used by several goroutines.
type File struct {
	path    string
	data    []byte
	digests []byte
	checked []atomic.Uint64 // a bit per block
}

// Open maps a file. digests is the content of its .blocks file, which the
// caller has verified.
func Open(path string, digests []byte) (_ *File, err error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	// The mapping stays when the file is closed.
	defer func() { err = errors.Join(err, f.Close()) }()
	info, err := f.Stat()
	if err != nil {
		return nil, err
	}
	size := info.Size()
	blocks := (size + Size - 1) / Size
	if int64(len(digests)) != 8+blocks*sha256.Size || binary.BigEndian.Uint64(digests) != uint64(size) {
		return nil, fmt.Errorf("%s, of %d bytes, %w", path, size, ErrDamaged)
	}
	m := &File{path: path, digests: digests[8:], checked: make([]atomic.Uint64, (blocks+63)/64)}
	if size > 0 { // nothing cannot be mapped
		if m.data, err = mapFile(f, int(size)); err != nil {
			return nil, fmt.Errorf("%s: %w", path, err)
		}
	}
	return m, nil
}

// Len is the length of the file.
func (f *File) Len() uint64 { return uint64(len(f.data)) }

// Path is where the file is.
func (f *File) Path() string { return f.path }

// Within is an error, which wraps [ErrDamaged], unless there are n bytes from at on.
// It does not look at them: it is for what a file says of its own parts, before they
// are read.
func (f *File) Within(at, n uint64) error {
	if at > f.Len() || n > f.Len()-at {
		return fmt.Errorf("%s has %d bytes, not %d from %d on: it %w", f.path, f.Len(), n, at, ErrDamaged)
	}
	return nil
}

// Bytes are n verified bytes from at on. They must not be changed, nor used
// after Close.
func (f *File) Bytes(at, n uint64) ([]byte, error) {
	if err := f.Within(at, n); err != nil || n == 0 {
		return nil, err
	}
	for b := at / Size; b <= (at+n-1)/Size; b++ {
		if f.checked[b/64].Load()&(1<<(b%64)) != 0 {
			continue
		}
		block := f.data[b*Size : min((b+1)*Size, f.Len())]
		if sha256.Sum256(block) != [sha256.Size]byte(f.digests[b*sha256.Size:]) {
			return nil, fmt.Errorf("%s, block %d, %w", f.path, b, ErrDamaged)
		}
		f.checked[b/64].Or(1 << (b % 64))
	}
	return f.data[at : at+n : at+n], nil
}

// Verify compares all of the file with its digests, a GB in about a second.
func (f *File) Verify(ctx context.Context) error {
	const step = 256 * Size // a millisecond's worth between two looks at ctx
	for at := uint64(0); at < f.Len(); at += step {
		if err := ctx.Err(); err != nil {
			return err
		}
		if _, err := f.Bytes(at, min(step, f.Len()-at)); err != nil {
			return err
		}
	}
	return nil
}

// Close unmaps the file. No call may be under way.
func (f *File) Close() error {
	if f.data == nil {
		return nil
	}
	err := unmap(f.data)
	f.data = nil
	return err
}
