package content

import (
	"context"
	"crypto/sha256"
	"encoding/binary"
	"fmt"

	"github.com/klauspost/compress/s2"

	"vitrine/index/deposit"
)

// MaxShown is the largest blob that is given whole to a screen. Offsets of a text have
// 32 bits, and the worst grows to three times its blob.
const MaxShown = 1 << 30

// Beginning gives the first n bytes of a blob, or all if it has fewer, without reading
// the rest, and the encoding in which the blob is shown. A digest is of the whole:
// nothing says yet that these are the blob's bytes. Who shows them says so, and reads the
// whole with [Store.Verified].
func (s *Store) Beginning(blob deposit.Digest, n int) ([]byte, Encoding, error) {
	_, r, in, ok := s.table.find(blob)
	if !ok {
		return nil, Binary, unknown(blob)
	}
	e := r.encoding
	if chosen, ok := s.choices[blob]; ok {
		e = chosen
	}
	n = int(min(int64(n), r.size))
	block := make([]byte, min(r.stored, blockOf(n)))
	if _, err := s.files[in].ReadAt(block, r.at); err != nil {
		return nil, e, fmt.Errorf("blob %s cannot be read from the content store: %w", blob, err)
	}
	out := make([]byte, 0, n)
	size, head := binary.Uvarint(block)
	if head <= 0 || int64(size) != r.size {
		return nil, e, corrupt(blob, fmt.Errorf("its block says %d bytes, the index %d", size, r.size))
	}
	out, err := expand(out, block[head:])
	if err != nil {
		return nil, e, corrupt(blob, err)
	}
	return out, e, nil
}

// blockOf is how many bytes of a block are enough for n of the blob: as many as s2 ever
// makes of so many, and the head of a literal that goes on behind them.
func blockOf(n int) int64 { return int64(s2.MaxEncodedLen(n)) + 8 }

// expand decodes an s2 block, without its length, until dst is full or the block has
// ended or is cut off. The format is Snappy's, with repeated offsets
// (github.com/klauspost/compress/s2, README, "Format").
func expand(dst, src []byte) ([]byte, error) {
	offset := 0
	for len(dst) < cap(dst) && len(src) > 0 {
		tag, rest := src[0], src[1:]
		length := 0
		number := func(n int) (v int, ok bool) { // of n bytes, little-endian
			if len(rest) < n {
				return 0, false
			}
			for i := n - 1; i >= 0; i-- {
				v = v<<8 | int(rest[i])
			}
			rest = rest[n:]
			return v, true
		}
		ok := true
		switch tag & 3 {
		case 0: // literal
			if length = int(tag >> 2); length >= 60 {
				length, ok = number(length - 59)
			}
			length++
			if !ok {
				return dst, nil
			}
			take := min(length, len(rest), cap(dst)-len(dst))
			dst = append(dst, rest[:take]...)
			src = rest[take:]
			if take < length {
				return dst, nil
			}
			continue
		case 1:
			low, ok := number(1)
			if !ok {
				return dst, nil
			}
			length = int(tag>>2) & 7
			if at := int(tag&0xe0)<<3 | low; at > 0 {
				offset = at
			} else if length >= 5 { // repeated offset, long
				more, ok := number(length - 4)
				if !ok {
					return dst, nil
				}
				length = more + []int{4, 1 << 8, 1 << 16}[length-5]
			}
			length += 4
		case 2:
			offset, ok = number(2)
			length = int(tag>>2) + 1
		case 3:
			offset, ok = number(4)
			length = int(tag>>2) + 1
		}
		if !ok {
			return dst, nil
		}
		src = rest
		if offset <= 0 || offset > len(dst) {
			return nil, fmt.Errorf("refers to %d bytes before byte %d", offset, len(dst))
		}
		for length = min(length, cap(dst)-len(dst)); length > 0; {
			n := min(length, offset)
			from := len(dst) - offset
			dst = append(dst, dst[from:from+n]...)
			length -= n
		}
	}
	return dst, nil
}

// hashStep is how much is hashed between two looks at a context: some milliseconds.
const hashStep = 4 << 20

// Verified is [Store.Raw] for a large blob, with what the store recognised it to be: it ends
// with ctx, and tells of bytes hashed.
func (s *Store) Verified(ctx context.Context, blob deposit.Digest, progress func(done, total int64)) ([]byte, error) {
	_, r, in, ok := s.table.find(blob)
	if !ok {
		return nil, unknown(blob)
	}
	raw, err := r.decode(nil, s.files[in])
	if err != nil {
		return nil, err
	}
	h := sha256.New()
	for at := 0; at < len(raw); at += hashStep {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		h.Write(raw[at:min(at+hashStep, len(raw))])
		progress(int64(min(at+hashStep, len(raw))), r.size)
	}
	if got := deposit.Digest(h.Sum(nil)); got != blob {
		return nil, corrupt(blob, fmt.Errorf("its bytes hash to %s", got))
	}
	return raw, nil
}
