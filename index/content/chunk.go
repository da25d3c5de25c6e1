package content

import (
	"bufio"
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"github.com/klauspost/compress/s2"

	"vitrine/index/deposit"
)

const (
	chunkMagic  = "vitrine chunk 2\n"
	chunkTail   = 8 + sha256.Size             // number of records, digest of the table
	chunkRecord = sha256.Size + 8 + 8 + 8 + 1 // as in the package comment

	// chunkBytes is the size of blobs after which a chunk ends: what a killed
	// build loses in each worker, a second's work, and Linux has twenty of them.
	chunkBytes = 64 << 20

	// maxChunks bounds the files that a store has open. Each of the 1000 deposits
	// that may continue each other adds one at least.
	maxChunks = 4096

	// maxStored is beyond any deposit; it keeps sums of lengths from overflowing.
	maxStored = 1 << 40
)

func chunkName(number int) string { return fmt.Sprintf("%04d.dat", number) }

// A record says where in its chunk a blob is.
type record struct {
	digest           deposit.Digest
	at, stored, size int64
	encoding         Encoding
}

// A chunk is a file of a store: blobs and the table of them, complete and
// never changed.
type chunk struct {
	number  int
	size    int64 // of the file
	records []record
}

// A chunkWriter fills a chunk under another name and renames it when all of
// it is on the disk.
type chunkWriter struct {
	chunk
	dir   string
	file  *os.File
	buf   *bufio.Writer
	block []byte
	raw   int64 // bytes of the blobs so far
}

func newChunk(dir string, number int) (*chunkWriter, error) {
	if number >= maxChunks {
		return nil, fmt.Errorf("more than %d files, which is too much for one store", maxChunks)
	}
	f, err := os.OpenFile(filepath.Join(dir, chunkName(number)+".tmp"), os.O_CREATE|os.O_TRUNC|os.O_WRONLY, 0o600)
	if err != nil {
		return nil, err
	}
	c := &chunkWriter{chunk: chunk{number: number, size: int64(len(chunkMagic))}, dir: dir, file: f, buf: bufio.NewWriterSize(f, 1<<20)}
	if _, err := c.buf.WriteString(chunkMagic); err != nil {
		return nil, errors.Join(err, c.abandon())
	}
	return c, nil
}

// add appends a blob, which the caller has hashed.
func (c *chunkWriter) add(digest deposit.Digest, raw []byte) error {
	room := s2.MaxEncodedLen(len(raw))
	if room < 0 {
		return fmt.Errorf("blob %s has %d bytes, more than one s2 block can hold", digest, len(raw))
	}
	if cap(c.block) < room {
		c.block = make([]byte, room)
	}
	block := s2.Encode(c.block[:room], raw)
	if _, err := c.buf.Write(block); err != nil {
		return err
	}
	c.records = append(c.records, record{digest, c.size, int64(len(block)), int64(len(raw)), recognise(raw)})
	c.size += int64(len(block))
	c.raw += int64(len(raw))
	return nil
}

func (c *chunkWriter) finish() (chunk, error) {
	table := appendTable(nil, c.records)
	_, err := c.buf.Write(table)
	c.size += int64(len(table))
	if err == nil {
		err = c.buf.Flush()
	}
	if err == nil {
		err = c.file.Sync()
	}
	if err != nil {
		return chunk{}, errors.Join(err, c.abandon())
	}
	if err := c.file.Close(); err != nil {
		return chunk{}, err
	}
	name := filepath.Join(c.dir, chunkName(c.number))
	return c.chunk, os.Rename(name+".tmp", name)
}

func (c *chunkWriter) abandon() error {
	return errors.Join(c.file.Close(), os.Remove(c.file.Name()))
}

func appendRecord(out []byte, r record) []byte {
	out = append(out, r.digest[:]...)
	out = binary.BigEndian.AppendUint64(out, uint64(r.at))
	out = binary.BigEndian.AppendUint64(out, uint64(r.stored))
	out = binary.BigEndian.AppendUint64(out, uint64(r.size))
	return append(out, byte(r.encoding))
}

func parseRecord(b []byte) (r record, ok bool) {
	copy(r.digest[:], b)
	at, stored, size := binary.BigEndian.Uint64(b[32:]), binary.BigEndian.Uint64(b[40:]), binary.BigEndian.Uint64(b[48:])
	r.at, r.stored, r.size, r.encoding = int64(at), int64(stored), int64(size), Encoding(b[56])
	return r, r.encoding < encodings && at <= maxStored && stored <= maxStored && size <= maxStored
}

// appendTable writes the end of a chunk.
func appendTable(out []byte, records []record) []byte {
	for _, r := range records {
		out = appendRecord(out, r)
	}
	out = binary.BigEndian.AppendUint64(out, uint64(len(records)))
	sum := sha256.Sum256(out)
	return append(out, sum[:]...)
}

// checkChunk reads a chunk through, believing nothing: each blob is hashed and
// its encoding recognised again. It is how a chunk is taken over from an earlier
// build. One with a blob of more than largest bytes, which the deposit does not
// have, is refused before so much is allocated.
func checkChunk(ctx context.Context, dir string, number int, largest int64) (c chunk, err error) {
	f, err := os.Open(filepath.Join(dir, chunkName(number)))
	if err != nil {
		return chunk{}, err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	info, err := f.Stat()
	if err != nil {
		return chunk{}, err
	}
	c = chunk{number: number, size: info.Size()}
	end, err := c.readTable(f)
	if err != nil {
		return chunk{}, err
	}
	at := int64(len(chunkMagic))
	for _, r := range c.records {
		if err := ctx.Err(); err != nil {
			return chunk{}, err
		}
		if r.at != at || r.stored > end-at {
			return chunk{}, fmt.Errorf("blob %s is not behind the one before", r.digest)
		}
		if r.size > largest {
			return chunk{}, fmt.Errorf("blob %s has %d bytes, more than any that is sought", r.digest, r.size)
		}
		at += r.stored
		raw, err := r.read(f)
		if err != nil {
			return chunk{}, err
		}
		if recognise(raw) != r.encoding {
			return chunk{}, fmt.Errorf("blob %s is of another encoding", r.digest)
		}
	}
	if at != end {
		return chunk{}, errors.New("there is more than its table says")
	}
	return c, nil
}

// readTable reads the records and returns where they begin.
func (c *chunk) readTable(f io.ReaderAt) (begin int64, err error) {
	magic, tail := make([]byte, len(chunkMagic)), make([]byte, chunkTail)
	if c.size < int64(len(magic)+len(tail)) {
		return 0, fmt.Errorf("is cut off at %d bytes", c.size)
	}
	if _, err := f.ReadAt(magic, 0); err != nil {
		return 0, err
	}
	if string(magic) != chunkMagic {
		return 0, errors.New("does not begin as a chunk of this version")
	}
	if _, err := f.ReadAt(tail, c.size-chunkTail); err != nil {
		return 0, err
	}
	n := binary.BigEndian.Uint64(tail)
	if most := uint64(min(c.size, maxIndex)) / chunkRecord; n > most {
		return 0, fmt.Errorf("counts %d blobs in %d bytes", n, c.size)
	}
	begin = c.size - chunkTail - int64(n)*chunkRecord
	if begin < int64(len(magic)) {
		return 0, fmt.Errorf("counts %d blobs in %d bytes", n, c.size)
	}
	table := make([]byte, c.size-sha256.Size-begin)
	if _, err := f.ReadAt(table, begin); err != nil {
		return 0, err
	}
	if sum := sha256.Sum256(table); !bytes.Equal(sum[:], tail[8:]) {
		return 0, errors.New("its table does not match its checksum")
	}
	c.records = make([]record, n)
	for i := range c.records {
		r, ok := parseRecord(table[i*chunkRecord:])
		if !ok {
			return 0, fmt.Errorf("describes blob %s impossibly", r.digest)
		}
		c.records[i] = r
	}
	return begin, nil
}

// read gives the blob's bytes, hashed.
func (r record) read(f io.ReaderAt) ([]byte, error) {
	raw, err := r.decode(nil, f)
	if err == nil {
		err = r.check(raw)
	}
	if err != nil {
		return nil, err
	}
	return raw, nil
}

// decode gives the blob's bytes, in dst where they fit into it.
func (r record) decode(dst []byte, f io.ReaderAt) ([]byte, error) {
	block := blocks.take(r.stored)
	defer blocks.give(block)
	if _, err := f.ReadAt(*block, r.at); err != nil {
		return nil, fmt.Errorf("blob %s cannot be read from the content store: %w", r.digest, err)
	}
	// The length is compared before anything of that length is allocated.
	n, err := s2.DecodedLen(*block)
	if err != nil {
		return nil, corrupt(r.digest, err)
	}
	if int64(n) != r.size {
		return nil, corrupt(r.digest, fmt.Errorf("its block says %d bytes, the index %d", n, r.size))
	}
	raw, err := s2.Decode(dst, *block)
	if err != nil {
		return nil, corrupt(r.digest, err)
	}
	return raw, nil
}

func corrupt(blob deposit.Digest, why error) error {
	return fmt.Errorf("blob %s is %w: %w", blob, ErrDamaged, why)
}
