package deposit

import (
	"bytes"
	"errors"
	"fmt"
	"io"

	"github.com/klauspost/compress/zlib"
)

// kind is the type of a pack entry (gitformat-pack(5)); the first four are
// also the kinds of objects.
type kind uint8

const (
	kindCommit kind = 1
	kindTree   kind = 2
	kindBlob   kind = 3
	kindTag    kind = 4
	ofsDelta   kind = 6
	refDelta   kind = 7
)

var kindNames = [8]string{"type 0", "commit", "tree", "blob", "tag", "type 5", "ofs-delta", "ref-delta"}

func (k kind) String() string { return kindNames[k&7] }

func (k kind) isObject() bool { return k >= kindCommit && k <= kindTag }

const (
	packHeader  = 12 // "PACK", version, number of objects
	packTrailer = 20 // SHA-1 of all before it
	// minEntry is the shortest entry: one byte of header and eight of zlib
	// with nothing in it.
	minEntry = 9
	// maxEntryHeader is the longest header: size in 10 bytes, base in 20.
	maxEntryHeader = 30
)

// header is what stands before an entry's zlib stream.
type header struct {
	kind   kind
	size   int64 // inflated: of the object, or of the delta
	ofs    int64 // ofsDelta: how far back the base begins
	ref    ID    // refDelta: the base's id
	length int   // bytes of the header itself
}

// readHeader reads an entry's header.
func readHeader(r io.ByteReader) (header, error) {
	var h header
	next := func() (byte, error) {
		b, err := r.ReadByte()
		if err == nil {
			h.length++
		} else if err == io.EOF {
			err = io.ErrUnexpectedEOF
		}
		return b, err
	}
	b, err := next()
	if err != nil {
		return h, err
	}
	h.kind = kind(b >> 4 & 7)
	h.size = int64(b & 15)
	for shift := uint(4); b&0x80 != 0; shift += 7 {
		if shift > 53 {
			return h, errors.New("its size has too many digits")
		}
		if b, err = next(); err != nil {
			return h, err
		}
		h.size |= int64(b&0x7f) << shift
	}
	switch h.kind {
	case ofsDelta:
		if b, err = next(); err != nil {
			return h, err
		}
		h.ofs = int64(b & 0x7f)
		for b&0x80 != 0 {
			if h.ofs > 1<<48 {
				return h, errors.New("the distance to its base has too many digits")
			}
			if b, err = next(); err != nil {
				return h, err
			}
			h.ofs = (h.ofs+1)<<7 | int64(b&0x7f)
		}
		if h.ofs == 0 {
			return h, errors.New("it is a delta of itself")
		}
	case refDelta:
		for i := range h.ref {
			if h.ref[i], err = next(); err != nil {
				return h, err
			}
		}
	default:
		if !h.kind.isObject() {
			return h, fmt.Errorf("it has %s, which git does not define", h.kind)
		}
	}
	return h, nil
}

// appendHeader is the inverse of readHeader.
func appendHeader(dst []byte, h header) []byte {
	b := byte(h.kind)<<4 | byte(h.size&15)
	for rest := h.size >> 4; ; rest >>= 7 {
		if rest == 0 {
			dst = append(dst, b)
			break
		}
		dst = append(dst, b|0x80)
		b = byte(rest & 0x7f)
	}
	switch h.kind {
	case ofsDelta:
		var buf [10]byte
		i := len(buf) - 1
		buf[i] = byte(h.ofs & 0x7f)
		for rest := h.ofs >> 7; rest > 0; rest >>= 7 {
			rest--
			i--
			buf[i] = 0x80 | byte(rest&0x7f)
		}
		dst = append(dst, buf[i:]...)
	case refDelta:
		dst = append(dst, h.ref[:]...)
	}
	return dst
}

// An inflater inflates one zlib stream after another.
type inflater struct {
	src bytes.Reader
	z   io.ReadCloser
}

// stream returns a reader of the zlib stream that r begins with. With an
// io.ByteReader that flate knows (bufio.Reader, bytes.Reader) it reads not one
// byte beyond the stream.
func (in *inflater) stream(r io.Reader) (io.Reader, error) {
	if in.z == nil {
		z, err := zlib.NewReader(r)
		if err != nil {
			return nil, inflateError(err)
		}
		in.z = z
		return z, nil
	}
	reset, ok := in.z.(zlib.Resetter)
	if !ok {
		return nil, errors.New("the zlib reader cannot be reset")
	}
	if err := reset.Reset(r, nil); err != nil {
		return nil, inflateError(err)
	}
	return in.z, nil
}

// inflate fills dst with the stream that src is. The stream must have exactly
// len(dst) bytes and fill src; its checksum is checked.
func (in *inflater) inflate(dst, src []byte) error {
	in.src.Reset(src)
	z, err := in.stream(&in.src)
	if err != nil {
		return err
	}
	if _, err := io.ReadFull(z, dst); err != nil {
		return inflateError(err)
	}
	if err := atEnd(z); err != nil {
		return err
	}
	if in.src.Len() != 0 {
		return fmt.Errorf("%d bytes follow its compressed data", in.src.Len())
	}
	return nil
}

// atEnd checks that a stream has no more bytes, which also makes it compare
// its checksum.
func atEnd(z io.Reader) error {
	var one [1]byte
	switch n, err := io.ReadFull(z, one[:]); {
	case n > 0:
		return errors.New("it inflates to more than it declares")
	case err != io.EOF:
		return inflateError(err)
	}
	return nil
}

func inflateError(err error) error {
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		return errors.New("its compressed data ends early")
	}
	return fmt.Errorf("its compressed data is damaged: %w", err)
}
