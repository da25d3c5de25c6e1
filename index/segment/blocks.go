package segment

import (
	"bufio"
	"context"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"os"
	"sync/atomic"

	"github.com/blevesearch/mmap-go"
)

// blockSize is what is verified at once, in bytes: a page of memory, because that
// is what the system reads, and hashing one takes 2 to 10 µs.
const blockSize = 4096

// ErrDamaged is wrapped by the error of reading a file that is not the one that was
// written. An index can be built again.
var ErrDamaged = errors.New("is not the file that was built")

// A blockWriter writes a file and the digests of its blocks.
type blockWriter struct {
	path    string
	file    *os.File
	buf     *bufio.Writer
	at      uint64
	crc     uint32
	block   []byte // begun
	digests []byte
}

func createBlocks(path string) (*blockWriter, error) {
	f, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return nil, err
	}
	return &blockWriter{path: path, file: f, buf: bufio.NewWriterSize(f, 1<<18), block: make([]byte, 0, blockSize)}, nil
}

func (w *blockWriter) Write(p []byte) (int, error) {
	w.at += uint64(len(p))
	w.crc = crc32.Update(w.crc, crc32.IEEETable, p)
	for rest := p; len(rest) > 0; {
		n := min(len(rest), blockSize-len(w.block))
		w.block = append(w.block, rest[:n]...)
		rest = rest[n:]
		if len(w.block) == blockSize {
			w.endBlock()
		}
	}
	return w.buf.Write(p)
}

func (w *blockWriter) endBlock() {
	sum := sha256.Sum256(w.block)
	w.digests = append(w.digests, sum[:]...)
	w.block = w.block[:0]
}

// finish closes the file and writes the digests beside it.
func (w *blockWriter) finish() error {
	if len(w.block) > 0 {
		w.endBlock()
	}
	if err := errors.Join(w.buf.Flush(), w.file.Close()); err != nil {
		return err
	}
	list := binary.BigEndian.AppendUint64(make([]byte, 0, 8+len(w.digests)), w.at)
	return os.WriteFile(w.path+blocksSuffix, append(list, w.digests...), 0o600)
}

// blocksSuffix is added to a file's name for the digests of its blocks.
const blocksSuffix = ".blocks"

// A mapped is a file in memory of which no byte is handed out before its block was
// compared with the digest. It may be used by several goroutines.
type mapped struct {
	path    string
	data    mmap.MMap
	digests []byte
	checked []atomic.Uint64 // a bit per block
}

// openBlocks maps a file. digests is the content of its .blocks file, which the
// caller has verified.
func openBlocks(path string, digests []byte) (_ *mapped, err error) {
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
	blocks := (size + blockSize - 1) / blockSize
	if size == 0 || int64(len(digests)) != 8+blocks*sha256.Size || binary.BigEndian.Uint64(digests) != uint64(size) {
		return nil, fmt.Errorf("%s, of %d bytes, %w", path, size, ErrDamaged)
	}
	data, err := mmap.Map(f, mmap.RDONLY, 0)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return &mapped{path: path, data: data, digests: digests[8:], checked: make([]atomic.Uint64, (blocks+63)/64)}, nil
}

func (m *mapped) size() uint64 { return uint64(len(m.data)) }

// bytes are n verified bytes from at on. They must not be changed, nor used after close.
func (m *mapped) bytes(at, n uint64) ([]byte, error) {
	if err := m.within(at, n); err != nil || n == 0 {
		return nil, err
	}
	for b := at / blockSize; b <= (at+n-1)/blockSize; b++ {
		if m.checked[b/64].Load()&(1<<(b%64)) != 0 {
			continue
		}
		block := m.data[b*blockSize : min((b+1)*blockSize, m.size())]
		if sha256.Sum256(block) != [sha256.Size]byte(m.digests[b*sha256.Size:]) {
			return nil, fmt.Errorf("%s, block %d, %w", m.path, b, ErrDamaged)
		}
		m.checked[b/64].Or(1 << (b % 64))
	}
	return m.data[at : at+n : at+n], nil
}

// verify compares all blocks.
func (m *mapped) verify(ctx context.Context) error {
	const step = 256 * blockSize
	for at := uint64(0); at < m.size(); at += step {
		if err := ctx.Err(); err != nil {
			return err
		}
		if _, err := m.bytes(at, min(step, m.size()-at)); err != nil {
			return err
		}
	}
	return nil
}

func (m *mapped) close() error { return m.data.Unmap() }

// within is an error unless there are n bytes from at on; it does not look at them.
func (m *mapped) within(at, n uint64) error {
	if at > m.size() || n > m.size()-at {
		return fmt.Errorf("%s: bytes %d to %d of %d: %w", m.path, at, at+n, m.size(), errFormat)
	}
	return nil
}
