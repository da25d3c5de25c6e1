package content

import (
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"
	"io/fs"
	"math"
	"os"
	"path/filepath"
	"sync/atomic"

	"vitrine/index/deposit"
)

// MaxText is the largest blob that is shown or searched as text. Decoding can
// triple it and the line table adds to that; the largest source file seen in
// the wild (a generated register header of Linux) has a third of it.
const MaxText = 64 << 20

// ErrTooLarge is wrapped by the error of [Store.Text] for a blob over MaxText.
var ErrTooLarge = errors.New("too large to be shown as text")

// ErrDamaged is wrapped by the error of reading a blob that is not the one that
// was stored. After [Distrust] the store can be built again from the deposit.
var ErrDamaged = errors.New("damaged in the content store")

// A Store gives blobs by digest. It may be used by several goroutines.
type Store struct {
	table   *table
	files   []*os.File // of table.chunks
	choices Choices
	hashed  []atomic.Uint64 // a bit per row that was hashed since it was built or opened
	kept    *keeper
}

// An Info is what the store knows of a blob without reading it.
type Info struct {
	Blob     deposit.Digest
	Size     int64 // bytes
	Encoding Encoding
	Chosen   bool // by a person, by [Store.With]: what was derived before may differ
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

// OpenBuilt is Open for who has just built the store, in this process: all blobs were
// hashed then, so that no [Reader] does it again.
func OpenBuilt(dir string, want deposit.Digest) (*Store, error) {
	s, err := Open(dir, want)
	if err != nil {
		return nil, err
	}
	for i := range s.hashed {
		s.hashed[i].Store(math.MaxUint64)
	}
	return s, nil
}

// HashAgain makes every [Reader] hash what it reads, once more, as after Open: whoever has
// built what is made of the store, right behind it, goes on for hours.
func (s *Store) HashAgain() {
	for i := range s.hashed {
		s.hashed[i].Store(0)
	}
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
	if s.table, err = parseIndex(data); err != nil {
		return nil, fmt.Errorf("%s %w; build it again", indexName, err)
	}
	if s.table.manifest != want {
		return nil, fmt.Errorf("belongs to the deposit with manifest %s, not %s", s.table.manifest, want)
	}
	s.hashed, s.kept = make([]atomic.Uint64, (s.table.len()+63)/64), newKeeper(keptBytes(machineMemory()))
	if err := s.openChunks(dir); err != nil {
		return nil, errors.Join(err, s.Close())
	}
	return s, nil
}

func (s *Store) openChunks(dir string) error {
	for _, c := range s.table.chunks {
		f, err := os.Open(filepath.Join(dir, chunkName(c.number)))
		if err != nil {
			return err
		}
		s.files = append(s.files, f)
		info, err := f.Stat()
		if err != nil {
			return err
		}
		if info.Size() != c.size {
			return fmt.Errorf("%s has %d bytes, its index says %d; build it again", chunkName(c.number), info.Size(), c.size)
		}
	}
	return nil
}

// Distrust makes the next Open of dir fail, so that it is built again; what is
// whole is taken over then. A store that is open stays open.
func Distrust(dir string) error {
	if err := os.Remove(filepath.Join(dir, indexName)); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("content store: %w", err)
	}
	return nil
}

// With is the same store, in which these blobs are decoded as a person chose.
// It shares the files, and what is in memory: closing either closes both.
func (s *Store) With(c Choices) *Store {
	with := *s
	with.choices = c
	return &with
}

// Close closes the store's files. No Reader may be in use.
func (s *Store) Close() error {
	s.kept.close()
	var errs []error
	for _, f := range s.files {
		errs = append(errs, f.Close())
	}
	return errors.Join(errs...)
}

// Manifest is the digest of the manifest of the deposit that the store belongs to.
func (s *Store) Manifest() deposit.Digest { return s.table.manifest }

// Digest stands for all that the store says of its blobs, wherever in it they lie: it
// is the SHA-256 of the manifest's digest and, per blob, ascending, its digest, 8 bytes
// length and 1 encoding as in content.idx. Who wrote it down elsewhere notices when the
// store was replaced by another that is whole in itself; one that was built again has
// the same.
func (s *Store) Digest() deposit.Digest {
	h := sha256.New()
	h.Write(s.table.manifest[:])
	for i := range s.table.len() {
		r, _, _ := s.table.row(i)
		h.Write(r.digest[:])
		h.Write(append(binary.BigEndian.AppendUint64(nil, uint64(r.size)), byte(r.encoding)))
	}
	return deposit.Digest(h.Sum(nil))
}

// Blobs lists what the store holds, ascending by digest.
func (s *Store) Blobs() []Info {
	out := make([]Info, s.table.len())
	for i := range out {
		r, _, _ := s.table.row(i)
		out[i] = s.info(r)
	}
	return out
}

// Info tells what is known of a blob; false if the store does not hold it.
func (s *Store) Info(blob deposit.Digest) (Info, bool) {
	_, r, _, ok := s.table.find(blob)
	if !ok {
		return Info{}, false
	}
	return s.info(r), true
}

func (s *Store) info(r record) Info {
	i := Info{Blob: r.digest, Size: r.size, Encoding: r.encoding}
	if e, ok := s.choices[r.digest]; ok {
		i.Encoding, i.Chosen = e, true
		if e == UTF8 && r.encoding != UTF8 && r.encoding != Binary {
			i.Encoding = BrokenUTF8
		}
	}
	return i
}

// Text is the blob as text. A binary blob gives a Text without lines, one over
// MaxText an error that wraps [ErrTooLarge].
func (s *Store) Text(blob deposit.Digest) (*Text, error) {
	if _, r, _, ok := s.table.find(blob); ok && r.size > MaxText {
		return nil, tooLarge(r)
	}
	raw, err := s.Raw(blob)
	if err != nil {
		return nil, err
	}
	return s.choices.Decode(blob, raw), nil
}

// Raw is the blob as it was deposited, hashed again on this read.
func (s *Store) Raw(blob deposit.Digest) ([]byte, error) {
	_, r, in, ok := s.table.find(blob)
	if !ok {
		return nil, unknown(blob)
	}
	return r.read(s.files[in])
}

func unknown(blob deposit.Digest) error {
	return fmt.Errorf("blob %s is not in the content store", blob)
}

func tooLarge(r record) error {
	return fmt.Errorf("blob %s has %d bytes, over the limit of %d: %w", r.digest, r.size, MaxText, ErrTooLarge)
}
