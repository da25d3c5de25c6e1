package content

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"vitrine/index/deposit"
)

// A Writer fills a store blob by blob. It ends with Publish or Discard, of
// which the first to be called counts.
type Writer struct {
	staged  *Staged
	of      deposit.Digest
	current *chunkWriter // nil between two chunks
	chunks  []chunk
	seen    map[deposit.Digest]bool
	ended   bool
}

// Create begins the store at dir for the deposit whose manifest has this digest.
func Create(dir string, manifest deposit.Digest) (*Writer, error) {
	staged, err := Stage(dir)
	if err != nil {
		return nil, err
	}
	return &Writer{staged: staged, of: manifest, seen: make(map[deposit.Digest]bool)}, nil
}

// Add stores one blob; adding it again does nothing.
func (w *Writer) Add(raw []byte) error {
	return w.AddHashed(sha256.Sum256(raw), raw)
}

// AddHashed is Add for who knows the digest of the blob.
func (w *Writer) AddHashed(digest deposit.Digest, raw []byte) error {
	if w.seen[digest] {
		return nil
	}
	if err := w.add(digest, raw); err != nil {
		return fmt.Errorf("content store: %w", err)
	}
	w.seen[digest] = true
	return nil
}

func (w *Writer) add(digest deposit.Digest, raw []byte) (err error) {
	if w.current == nil {
		if w.current, err = newChunk(w.staged.Path(), len(w.chunks)); err != nil {
			return err
		}
	}
	if err := w.current.add(digest, raw); err != nil {
		return err
	}
	if w.current.raw < chunkBytes {
		return nil
	}
	return w.endChunk()
}

func (w *Writer) endChunk() error {
	if w.current == nil {
		return nil
	}
	c, err := w.current.finish()
	w.current = nil
	w.chunks = append(w.chunks, c)
	return err
}

// Publish completes the store and puts it in its place.
func (w *Writer) Publish() error {
	if w.ended {
		return errors.New("content store: already ended")
	}
	w.ended = true
	err := w.endChunk()
	if err == nil {
		err = os.WriteFile(filepath.Join(w.staged.Path(), indexName), appendIndex(w.of, w.chunks), 0o600)
	}
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
	var err error
	if w.current != nil {
		err = w.current.abandon()
	}
	return errors.Join(err, w.staged.Discard())
}
