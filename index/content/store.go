package content

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/klauspost/compress/s2"

	"vitrine/index/deposit"
)

const (
	// MaxText is the largest blob that is shown or searched as text. Decoding can
	// double it and the line table adds to that; the largest source file seen in
	// the wild (a generated register header of Linux) has a third of it.
	MaxText = 64 << 20

	// maxIndex bounds content.idx, which is read whole: 16 million blobs, two
	// hundred times what Linux has in a release.
	maxIndex = 16 << 20 * recordSize
)

// ErrTooLarge is wrapped by the error of [Store.Text] for a blob over MaxText.
var ErrTooLarge = errors.New("too large to be shown as text")

// ErrDamaged is wrapped by the error of reading a blob that is not the one that
// was stored. The store can be built again from the deposit.
var ErrDamaged = errors.New("damaged in the content store")

// A Store gives blobs by digest. It may be used by several goroutines.
type Store struct {
	manifest deposit.Digest
	file     *os.File
	records  []record // ascending by digest
}

// A record is one line of content.idx.
type record struct {
	digest           deposit.Digest
	at, stored, size int64
	encoding         Encoding
}

// An Info is what the store knows of a blob without reading it.
type Info struct {
	Blob     deposit.Digest
	Size     int64 // bytes
	Encoding Encoding
}

// Open opens the store at dir, which must belong to the deposit whose manifest
// has the digest want. Its index is verified whole, each blob when it is read.
func Open(dir string, want deposit.Digest) (*Store, error) {
	s, err := open(dir, want)
	if err != nil {
		return nil, fmt.Errorf("content store %s: %w", dir, err)
	}
	return s, nil
}

func open(dir string, want deposit.Digest) (*Store, error) {
	name := filepath.Join(dir, indexName)
	info, err := os.Stat(name)
	if err != nil {
		return nil, err
	}
	if info.Size() > maxIndex {
		return nil, fmt.Errorf("%s has %d bytes, more than the limit of %d", indexName, info.Size(), maxIndex)
	}
	data, err := os.ReadFile(name)
	if err != nil {
		return nil, err
	}
	s := new(Store)
	if s.manifest, s.records, err = parseIndex(data); err != nil {
		return nil, fmt.Errorf("%s %w; build it again", indexName, err)
	}
	if s.manifest != want {
		return nil, fmt.Errorf("belongs to the deposit with manifest %s, not %s", s.manifest, want)
	}
	if s.file, err = os.Open(filepath.Join(dir, dataName)); err != nil {
		return nil, err
	}
	var end int64
	for _, r := range s.records {
		end = max(end, r.at+r.stored)
	}
	if info, err = s.file.Stat(); err == nil && info.Size() != end {
		err = fmt.Errorf("%s has %d bytes, its index says %d; build it again", dataName, info.Size(), end)
	}
	if err != nil {
		return nil, errors.Join(err, s.file.Close())
	}
	return s, nil
}

// parseIndex reads content.idx; the errors continue a sentence that begins
// with the file's name.
func parseIndex(data []byte) (manifest deposit.Digest, records []record, err error) {
	const head = len(magic) + sha256.Size + 8
	switch {
	case !bytes.HasPrefix(data, []byte(magic)):
		if bytes.HasPrefix(data, []byte(magicPrefix)) {
			line, _, _ := strings.Cut(string(data[:min(len(data), 40)]), "\n")
			return manifest, nil, fmt.Errorf("is of another version (%q) than this program's (%q)", line, strings.TrimSpace(magic))
		}
		return manifest, nil, errors.New("does not begin as a content index")
	case len(data) < head+sha256.Size || (len(data)-head-sha256.Size)%recordSize != 0:
		return manifest, nil, fmt.Errorf("is cut off at %d bytes", len(data))
	}
	body, sum := data[:len(data)-sha256.Size], data[len(data)-sha256.Size:]
	if got := sha256.Sum256(body); !bytes.Equal(got[:], sum) {
		return manifest, nil, errors.New("does not match its own checksum")
	}
	copy(manifest[:], body[len(magic):])
	n := (len(body) - head) / recordSize
	if got := binary.BigEndian.Uint64(body[head-8:]); got != uint64(n) {
		return manifest, nil, fmt.Errorf("counts %d blobs but lists %d", got, n)
	}
	records = make([]record, n)
	for i := range records {
		b := body[head+i*recordSize:]
		r := &records[i]
		copy(r.digest[:], b)
		r.at = int64(binary.BigEndian.Uint64(b[32:]))
		r.stored = int64(binary.BigEndian.Uint64(b[40:]))
		r.size = int64(binary.BigEndian.Uint64(b[48:]))
		r.encoding = Encoding(b[56])
		if i > 0 && bytes.Compare(records[i-1].digest[:], r.digest[:]) >= 0 {
			return manifest, nil, fmt.Errorf("lists blob %s out of order", r.digest)
		}
		const most = 1 << 40 // beyond any deposit; keeps the sums below from overflowing
		if r.encoding >= encodings || uint64(r.at) > most || uint64(r.stored) > most || uint64(r.size) > most {
			return manifest, nil, fmt.Errorf("describes blob %s impossibly", r.digest)
		}
	}
	return manifest, records, nil
}

// Close closes the store's file.
func (s *Store) Close() error { return s.file.Close() }

// Manifest is the digest of the manifest of the deposit that the store belongs to.
func (s *Store) Manifest() deposit.Digest { return s.manifest }

// Blobs lists what the store holds, ascending by digest.
func (s *Store) Blobs() []Info {
	out := make([]Info, len(s.records))
	for i, r := range s.records {
		out[i] = Info{r.digest, r.size, r.encoding}
	}
	return out
}

// Info tells what is known of a blob; false if the store does not hold it.
func (s *Store) Info(blob deposit.Digest) (Info, bool) {
	r, ok := s.find(blob)
	return Info{r.digest, r.size, r.encoding}, ok
}

func (s *Store) find(blob deposit.Digest) (record, bool) {
	i, ok := slices.BinarySearchFunc(s.records, blob, func(r record, d deposit.Digest) int {
		return bytes.Compare(r.digest[:], d[:])
	})
	if !ok {
		return record{}, false
	}
	return s.records[i], true
}

// Text is the blob as text. A binary blob gives a Text without lines, one over
// MaxText an error that wraps [ErrTooLarge].
func (s *Store) Text(blob deposit.Digest) (*Text, error) {
	if r, ok := s.find(blob); ok && r.size > MaxText {
		return nil, fmt.Errorf("blob %s has %d bytes, over the limit of %d: %w", blob, r.size, MaxText, ErrTooLarge)
	}
	raw, err := s.Raw(blob)
	if err != nil {
		return nil, err
	}
	return Decode(blob, raw), nil
}

// Raw is the blob as it was deposited, hashed again on this read.
func (s *Store) Raw(blob deposit.Digest) ([]byte, error) {
	r, ok := s.find(blob)
	if !ok {
		return nil, fmt.Errorf("blob %s is not in the content store", blob)
	}
	block := make([]byte, r.stored)
	if _, err := s.file.ReadAt(block, r.at); err != nil {
		return nil, fmt.Errorf("blob %s cannot be read from the content store: %w", blob, err)
	}
	// The length is compared before anything of that length is allocated.
	n, err := s2.DecodedLen(block)
	if err != nil {
		return nil, corrupt(blob, err)
	}
	if int64(n) != r.size {
		return nil, corrupt(blob, fmt.Errorf("its block says %d bytes, the index %d", n, r.size))
	}
	raw, err := s2.Decode(nil, block)
	if err != nil {
		return nil, corrupt(blob, err)
	}
	if got := deposit.Digest(sha256.Sum256(raw)); got != blob {
		return nil, corrupt(blob, fmt.Errorf("its bytes hash to %s", got))
	}
	return raw, nil
}

func corrupt(blob deposit.Digest, why error) error {
	return fmt.Errorf("blob %s is %w: %w", blob, ErrDamaged, why)
}
