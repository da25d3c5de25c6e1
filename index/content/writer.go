package content

import (
	"bufio"
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"

	"github.com/klauspost/compress/s2"

	"vitrine/index/deposit"
)

const (
	magic       = "vitrine content 1\n"
	magicPrefix = "vitrine content "
	dataName    = "content.dat"
	indexName   = "content.idx"
	recordSize  = sha256.Size + 8 + 8 + 8 + 1
)

// A Writer fills a store. It ends with Publish or Discard, of which the first
// to be called counts.
type Writer struct {
	staged  *Staged
	of      deposit.Digest
	file    *os.File
	buf     *bufio.Writer
	block   []byte
	at      int64
	records []record
	seen    map[deposit.Digest]bool
	ended   bool
}

// Create begins the store at dir for the deposit whose manifest has this digest.
func Create(dir string, manifest deposit.Digest) (*Writer, error) {
	staged, err := Stage(dir)
	if err != nil {
		return nil, err
	}
	f, err := os.OpenFile(filepath.Join(staged.Path(), dataName), os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return nil, errors.Join(fmt.Errorf("content store: %w", err), staged.Discard())
	}
	return &Writer{
		staged: staged, of: manifest, file: f,
		buf:  bufio.NewWriterSize(f, 1<<20),
		seen: make(map[deposit.Digest]bool),
	}, nil
}

// Add stores one blob; adding it again does nothing.
func (w *Writer) Add(raw []byte) error {
	digest := deposit.Digest(sha256.Sum256(raw))
	if w.seen[digest] {
		return nil
	}
	room := s2.MaxEncodedLen(len(raw))
	if room < 0 {
		return fmt.Errorf("content store: blob %s has %d bytes, more than one s2 block can hold", digest, len(raw))
	}
	if cap(w.block) < room {
		w.block = make([]byte, room)
	}
	block := s2.Encode(w.block[:room], raw)
	if _, err := w.buf.Write(block); err != nil {
		return fmt.Errorf("content store: %w", err)
	}
	w.records = append(w.records, record{
		digest: digest, at: w.at, stored: int64(len(block)), size: int64(len(raw)), encoding: recognise(raw),
	})
	w.seen[digest] = true
	w.at += int64(len(block))
	return nil
}

// Publish completes the store and puts it in its place.
func (w *Writer) Publish() error {
	if w.ended {
		return errors.New("content store: already ended")
	}
	err := errors.Join(w.buf.Flush(), w.file.Close())
	if err == nil {
		err = os.WriteFile(filepath.Join(w.staged.Path(), indexName), w.index(), 0o600)
	}
	w.ended = true
	if err != nil {
		return errors.Join(fmt.Errorf("content store: %w", err), w.staged.Discard())
	}
	return w.staged.Publish()
}

// Discard removes the unfinished store; after Publish it does nothing.
func (w *Writer) Discard() error {
	if w.ended {
		return nil
	}
	w.ended = true
	return errors.Join(w.file.Close(), w.staged.Discard())
}

func (w *Writer) index() []byte {
	slices.SortFunc(w.records, func(a, b record) int { return bytes.Compare(a.digest[:], b.digest[:]) })
	out := make([]byte, 0, len(magic)+len(w.records)*recordSize+128)
	out = append(out, magic...)
	out = append(out, w.of[:]...)
	out = binary.BigEndian.AppendUint64(out, uint64(len(w.records)))
	for _, r := range w.records {
		out = append(out, r.digest[:]...)
		out = binary.BigEndian.AppendUint64(out, uint64(r.at))
		out = binary.BigEndian.AppendUint64(out, uint64(r.stored))
		out = binary.BigEndian.AppendUint64(out, uint64(r.size))
		out = append(out, byte(r.encoding))
	}
	sum := sha256.Sum256(out)
	return append(out, sum[:]...)
}
