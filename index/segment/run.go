package segment

import (
	"bufio"
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"
	"hash"
	"io"
	"math/bits"
	"os"
	"path/filepath"

	"vitrine/index/block"
)

const (
	runMagic = "vitrine run 1\n"

	// MaxTerm is the longest term in bytes: some fit a block of the dictionary.
	MaxTerm = 1024

	// maxFields bounds the fields of a segment; a search index has two.
	maxFields = 16
)

// errFormat is the error of a file that is as it was written, or was never checked,
// and cannot be read.
var errFormat = errors.New("is not what this program writes")

// A Run is a file with the terms of some documents in sequence, sorted: what one
// worker made of its share, durable so that it need not be made again.
type Run struct {
	Path     string
	From, To uint32 // the documents, To exclusive
}

// WriteRun writes what a has into a file of folder and makes it durable. of stands
// for the list of documents that is being inverted.
func (a *Accumulator) WriteRun(ctx context.Context, folder string, of [32]byte) (_ Run, err error) {
	r := Run{Path: filepath.Join(folder, fmt.Sprintf("run-%08x-%08x", a.from, a.doc)), From: a.from, To: a.doc}
	tmp := r.Path + ".tmp"
	f, err := os.OpenFile(tmp, os.O_CREATE|os.O_TRUNC|os.O_WRONLY, 0o600)
	if err != nil {
		return Run{}, err
	}
	w := &runWriter{sum: sha256.New()}
	w.out = bufio.NewWriterSize(io.MultiWriter(f, w.sum), 1<<16)
	err = a.write(ctx, w, of)
	if err == nil {
		err = w.out.Flush()
	}
	if err == nil {
		_, err = f.Write(w.sum.Sum(nil))
	}
	if err == nil {
		err = f.Sync()
	}
	if err = errors.Join(err, f.Close()); err != nil {
		return Run{}, errors.Join(err, os.Remove(tmp))
	}
	if err := os.Rename(tmp, r.Path); err != nil {
		return Run{}, err
	}
	return r, syncFolder(folder)
}

func syncFolder(path string) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	return errors.Join(f.Sync(), f.Close())
}

type runWriter struct {
	out *bufio.Writer
	sum hash.Hash
	buf []byte
}

func (a *Accumulator) write(ctx context.Context, w *runWriter, of [32]byte) error {
	w.buf = append(w.buf, runMagic...)
	w.buf = append(w.buf, of[:]...)
	w.buf = binary.BigEndian.AppendUint32(w.buf, a.from)
	w.buf = binary.BigEndian.AppendUint32(w.buf, a.doc)
	w.buf = append(w.buf, byte(len(a.fields)))
	for i := range a.fields {
		f := &a.fields[i]
		sorted, err := f.sort(ctx, a.from)
		if err != nil {
			return err
		}
		var last []byte
		one, other := new([KeyLen]byte), new([KeyLen]byte)
		for k, n := range sorted.order {
			if k%1024 == 0 {
				if err := ctx.Err(); err != nil {
					return err
				}
			}
			b := f.bytes(n, one)
			shared := commonLen(last, b)
			last, one, other = b, other, one
			w.buf = appendUvarint(w.buf, uint32(shared))
			w.buf = appendUvarint(w.buf, uint32(len(b)-shared))
			w.buf = append(w.buf, b[shared:]...)
			list := sorted.documents(n)
			w.buf = appendUvarint(w.buf, uint32(len(list)))
			next := a.from
			for _, d := range list {
				w.buf = appendUvarint(w.buf, d-next)
				next = d + 1
			}
			if len(w.buf) > 1<<15 {
				if _, err := w.out.Write(w.buf); err != nil {
					return err
				}
				w.buf = w.buf[:0]
			}
		}
		w.buf = append(w.buf, 0, 0) // the empty term ends the field
	}
	_, err := w.out.Write(w.buf)
	return err
}

// commonLen is how many bytes two terms have in common at their beginning.
func commonLen(a, b []byte) int {
	n := min(len(a), len(b))
	i := 0
	for ; i+8 <= n; i += 8 {
		if x := binary.LittleEndian.Uint64(a[i:]) ^ binary.LittleEndian.Uint64(b[i:]); x != 0 {
			return i + bits.TrailingZeros64(x)/8
		}
	}
	for i < n && a[i] == b[i] {
		i++
	}
	return i
}

// appendUvarint is binary.AppendUvarint, quicker for the numbers of one byte, which most are.
func appendUvarint(b []byte, v uint32) []byte {
	if v < 0x80 {
		return append(b, byte(v))
	}
	return binary.AppendUvarint(b, uint64(v))
}

// A runReader reads a run from its beginning. What it gives is to be trusted only
// after end, which compares the digest.
type runReader struct {
	Run
	at   cursor
	of   [32]byte
	left int // fields that were not yet read

	file io.ReadCloser
	sum  hash.Hash
	body int64  // bytes that were not yet read, without the digest
	mem  []byte // what buf is a part of
	buf  []byte // was read and not yet used

}

// runBuffer is how much of a run is read at once; the buffers of all runs that are
// merged are in memory together.
const runBuffer = 1 << 16

// OpenRuns lists the finished runs of a folder for these documents, by the first of
// them, and removes everything else there. Their digests were not yet looked at.
func OpenRuns(folder string, of [32]byte, docs int) ([]Run, error) {
	entries, err := os.ReadDir(folder) // sorted, as are the names
	if err != nil {
		return nil, err
	}
	var out []Run
	end := uint32(0)
	for _, e := range entries {
		path := filepath.Join(folder, e.Name())
		r, err := openRun(path)
		good := err == nil && r.of == of && r.From >= end && int64(r.To) <= int64(docs) && filepath.Base(path) == fmt.Sprintf("run-%08x-%08x", r.From, r.To)
		if err == nil {
			err = r.file.Close()
		}
		if good && err == nil {
			out, end = append(out, r.Run), r.To
			continue
		}
		if err := os.RemoveAll(path); err != nil {
			return nil, err
		}
	}
	return out, nil
}

func openRun(path string) (*runReader, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	info, err := f.Stat()
	var r *runReader
	if err == nil {
		r, err = newRunReader(f, info.Size())
	}
	if err != nil {
		return nil, errors.Join(fmt.Errorf("%s: %w", path, err), f.Close())
	}
	r.Path = path
	return r, nil
}

func newRunReader(f io.ReadCloser, size int64) (*runReader, error) {
	head := make([]byte, len(runMagic)+32+4+4+1)
	if size < int64(len(head)+sha256.Size) {
		return nil, errFormat
	}
	if _, err := io.ReadFull(f, head); err != nil {
		return nil, err
	}
	if !bytes.HasPrefix(head, []byte(runMagic)) {
		return nil, errFormat
	}
	r := &runReader{file: f, sum: sha256.New(), body: size - int64(len(head)) - sha256.Size, mem: make([]byte, runBuffer)}
	r.sum.Write(head)
	rest := head[len(runMagic):]
	r.of = [32]byte(rest)
	r.From, r.To = binary.BigEndian.Uint32(rest[32:]), binary.BigEndian.Uint32(rest[36:])
	if r.left = int(rest[40]); r.left > maxFields || r.From > r.To {
		return nil, errFormat
	}
	r.at = cursor{from: r.From, advance: func() (bool, error) {
		ok, err := r.next()
		if err != nil {
			err = &DamagedRun{r.Path, err}
		}
		return ok, err
	}}
	return r, nil
}

// fill makes n bytes available, at most runBuffer, or all that is left.
func (r *runReader) fill(n int) error {
	if len(r.buf) >= n || r.body == 0 {
		return nil
	}
	have := copy(r.mem, r.buf)
	want := int(min(int64(len(r.mem)-have), r.body))
	if _, err := io.ReadFull(r.file, r.mem[have:have+want]); err != nil {
		return err
	}
	r.sum.Write(r.mem[have : have+want])
	r.body -= int64(want)
	r.buf = r.mem[:have+want]
	return nil
}

// next reads the next term of the field and its documents; false ends the field.
func (r *runReader) next() (bool, error) {
	if err := r.fill(3*binary.MaxVarintLen64 + MaxTerm); err != nil {
		return false, err
	}
	shared, err := r.uvarint()
	if err != nil {
		return false, err
	}
	n, err := r.uvarint()
	if err != nil {
		return false, err
	}
	if shared == 0 && n == 0 {
		if r.left--; r.left < 0 {
			return false, errFormat
		}
		r.at.term = r.at.term[:0]
		return false, nil
	}
	if shared > uint64(len(r.at.term)) || n > MaxTerm-shared || n > uint64(len(r.buf)) {
		return false, errFormat
	}
	if n == 0 || shared < uint64(len(r.at.term)) && r.buf[0] <= r.at.term[shared] {
		return false, errFormat // not after the term before
	}
	r.at.term = append(r.at.term[:shared], r.buf[:n]...)
	r.buf = r.buf[n:]
	r.at.head = headOf(r.at.term)
	count, err := r.uvarint()
	if err != nil {
		return false, err
	}
	if count == 0 || count > uint64(r.To-r.From) {
		return false, errFormat
	}
	r.at.docs = r.at.docs[:0]
	at := uint64(r.From)
	for n := int(count); n > 0; n-- {
		if len(r.buf) < binary.MaxVarintLen64 {
			if err := r.fill(runBuffer); err != nil {
				return false, err
			}
		}
		gap, err := r.uvarint()
		if err != nil {
			return false, err
		}
		if gap >= uint64(r.To)-at {
			return false, errFormat
		}
		r.at.docs = append(r.at.docs, uint32(at+gap))
		at += gap + 1
	}
	return true, nil
}

func (r *runReader) uvarint() (uint64, error) {
	if len(r.buf) > 0 && r.buf[0] < 0x80 {
		v := r.buf[0]
		r.buf = r.buf[1:]
		return uint64(v), nil
	}
	v, n := binary.Uvarint(r.buf)
	if n <= 0 {
		return 0, errFormat
	}
	r.buf = r.buf[n:]
	return v, nil
}

func (r *runReader) cursor() *cursor { return &r.at }
func (r *runReader) close() error    { return r.file.Close() }

// end, after the last field, tells whether the run is the one that was written.
func (r *runReader) end() error {
	var want [sha256.Size]byte
	if _, err := io.ReadFull(r.file, want[:]); err != nil || r.left != 0 || len(r.buf) > 0 || r.body > 0 || !bytes.Equal(want[:], r.sum.Sum(nil)) {
		return &DamagedRun{r.Path, fmt.Errorf("%s %w", r.Path, block.ErrDamaged)}
	}
	return nil
}
