package character

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"

	"vitrine/index/block"
	"vitrine/index/content"
	"vitrine/index/deposit"
	"vitrine/index/spoof"
)

const (
	countsName = "counts"
	rules      = 1 // of package spoof, as it tells what is a finding
)

// head is the first line of an index's list. Other rules or tables find other things.
func head() string {
	return fmt.Sprintf("vitrine characters 1, rules %d, Unicode %s", rules, spoof.Version())
}

// rowSize is the bytes of a text in the file.
var rowSize = 32 + 4*(len(spoof.Classes())+1)

// Write writes the index to the folder dir, replacing what is there. The survey must have
// run to its end.
func (s *Survey) Write(dir string) (err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if !s.whole {
		return errors.New("character index: not all texts were looked at")
	}
	staged, err := content.Stage(dir)
	if err != nil {
		return err
	}
	if err := s.fill(staged.Path()); err != nil {
		return errors.Join(fmt.Errorf("character index: %w", err), staged.Discard())
	}
	return staged.Publish()
}

func (s *Survey) fill(dir string) error {
	var b []byte
	for _, blob := range slices.SortedFunc(maps.Keys(s.found), func(x, y deposit.Digest) int { return bytes.Compare(x[:], y[:]) }) {
		c := s.found[blob]
		b = append(b, blob[:]...)
		for _, class := range spoof.Classes() {
			b = binary.BigEndian.AppendUint32(b, c.Of[class])
		}
		b = binary.BigEndian.AppendUint32(b, c.Lines)
	}
	if err := os.WriteFile(filepath.Join(dir, countsName), b, 0o600); err != nil {
		return err
	}
	return block.WriteSums(dir, head(), s.deposit.Digest())
}

// An Index is what a survey found in the whole of a deposit. It may be used by several
// goroutines.
type Index struct {
	digest deposit.Digest
	found  map[deposit.Digest]Counts
}

// Open opens the index at dir of the deposit whose manifest has the digest want. It is
// verified whole, and in memory then.
func Open(dir string, want deposit.Digest) (*Index, error) {
	ix, err := open(dir, want)
	if err != nil {
		return nil, fmt.Errorf("character index %s: %w", dir, err)
	}
	return ix, nil
}

func open(dir string, want deposit.Digest) (*Index, error) {
	sums, err := block.ReadSums(dir, head())
	if err != nil {
		return nil, err
	}
	if sums.Manifest != want {
		return nil, fmt.Errorf("belongs to the deposit with manifest %x, not %s", sums.Manifest, want)
	}
	if err := sums.Check(); err != nil {
		return nil, err
	}
	b, err := sums.Read(countsName)
	if err != nil {
		return nil, err
	}
	ix := &Index{digest: sums.Digest, found: make(map[deposit.Digest]Counts, len(b)/rowSize)}
	for ; len(b) >= rowSize; b = b[rowSize:] {
		var c Counts
		for i, class := range spoof.Classes() {
			c.Of[class] = binary.BigEndian.Uint32(b[32+4*i:])
		}
		c.Lines = binary.BigEndian.Uint32(b[rowSize-4:])
		ix.found[deposit.Digest(b[:32])] = c
	}
	if len(b) > 0 {
		return nil, fmt.Errorf("%s %w", countsName, block.ErrDamaged)
	}
	return ix, nil
}

// Digest is the SHA-256 of the index's list of files, and with it of all of them.
func (ix *Index) Digest() deposit.Digest { return ix.digest }

// Close is for symmetry with what has files open.
func (ix *Index) Close() error { return nil }

// Counts is what was found in a blob; nothing was in one that the index does not have.
func (ix *Index) Counts(blob deposit.Digest) (Counts, bool) { return ix.found[blob], true }
