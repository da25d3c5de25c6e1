package deposit

import (
	"bufio"
	"bytes"
	"crypto/sha1"
	"encoding/binary"
	"fmt"
	"io"
	"os"

	"github.com/klauspost/compress/zlib"
	"github.com/pjbgf/sha1cd"
)

// A packWriter makes a pack of whole objects, each once, in the order in which
// they are put.
type packWriter struct {
	file    *os.File
	out     *bufio.Writer
	worker  worker
	seen    map[ID]bool
	deflate *zlib.Writer
	buf     bytes.Buffer
	head    []byte
	limits  Limits
}

func newPackWriter(file *os.File, limits Limits) (*packWriter, error) {
	p := &packWriter{
		file: file, out: bufio.NewWriterSize(file, 1<<20), seen: map[ID]bool{}, limits: limits,
		worker: worker{sha1: sha1cd.New()},
	}
	p.deflate = zlib.NewWriter(&p.buf)
	// The number of objects is known at the end.
	_, err := p.out.Write(append([]byte("PACK\x00\x00\x00\x02"), 0, 0, 0, 0))
	return p, err
}

// put adds an object, if it is new, and returns its id.
func (p *packWriter) put(k kind, data []byte) (ID, error) {
	id, err := p.worker.id(k, data)
	if err != nil || p.seen[id] {
		return id, err
	}
	if int64(len(p.seen)) >= p.limits.MaxObjects {
		return id, fmt.Errorf("there are more than %d files and folders of different content", p.limits.MaxObjects)
	}
	p.seen[id] = true
	p.buf.Reset()
	p.deflate.Reset(&p.buf)
	if _, err := p.deflate.Write(data); err != nil {
		return id, err
	}
	if err := p.deflate.Close(); err != nil {
		return id, err
	}
	p.head = appendHeader(p.head[:0], header{kind: k, size: int64(len(data))})
	if _, err := p.out.Write(p.head); err != nil {
		return id, err
	}
	_, err = p.out.Write(p.buf.Bytes())
	return id, err
}

// finish completes the pack and returns its size.
func (p *packWriter) finish() (int64, error) {
	if err := p.out.Flush(); err != nil {
		return 0, err
	}
	count := binary.BigEndian.AppendUint32(nil, uint32(len(p.seen)))
	if _, err := p.file.WriteAt(count, int64(len("PACK\x00\x00\x00\x02"))); err != nil {
		return 0, err
	}
	size, err := p.file.Seek(0, io.SeekEnd)
	if err != nil {
		return 0, err
	}
	sum := sha1.New()
	if _, err := io.Copy(sum, io.NewSectionReader(p.file, 0, size)); err != nil {
		return 0, err
	}
	_, err = p.file.WriteAt(sum.Sum(nil), size)
	return size + packTrailer, err
}
