package content

import (
	"crypto/sha256"
	"fmt"

	"vitrine/index/deposit"
)

// A Reader gives text after text to one goroutine that goes through many, such as a
// search. It takes what the store keeps in memory, and hashes only what nobody has read
// since the store was opened.
type Reader struct {
	store *Store
	keep  bool
	raw   []byte
	text  Text
	taken keptText // what text is, if it is one in memory
}

// maxReaderBuffer is the largest buffer that a Reader has between two texts; few are larger.
const maxReaderBuffer = 4 << 20

// NewReader makes a reader, which must be closed. With keep, the store keeps of what is
// read as much as [keptBytes] allow, for all readers.
func (s *Store) NewReader(keep bool) *Reader { return &Reader{store: s, keep: keep} }

// Close ends the use of the text that was given last.
func (r *Reader) Close() {
	if r.taken.on != nil {
		r.taken.giveBack()
		r.taken = keptText{}
	}
}

// Text is [Store.Text], but good until the next call only.
func (r *Reader) Text(blob deposit.Digest) (*Text, error) {
	r.Close()
	s := r.store
	row, rec, in, ok := s.table.find(blob)
	if ok && rec.size > MaxText {
		return nil, tooLarge(rec)
	}
	if !ok {
		return nil, unknown(blob)
	}
	_, chosen := s.choices[blob]
	if !chosen {
		if k, ok := s.kept.take(row); ok {
			r.taken = k
			r.text = Text{blob: blob, encoding: k.encoding, raw: k.raw, text: k.text, marks: k.marks}
			return &r.text, nil
		}
	}
	if cap(r.raw) > maxReaderBuffer {
		r.raw = nil
	}
	raw, err := rec.decode(r.raw[:cap(r.raw)], s.files[in])
	if err != nil {
		return nil, err
	}
	r.raw = raw
	bit := uint64(1) << (row % 64)
	if hashed := &s.hashed[row/64]; hashed.Load()&bit == 0 {
		if err := rec.check(raw); err != nil {
			return nil, err
		}
		hashed.Or(bit)
	}
	if chosen {
		return s.choices.Decode(blob, raw), nil
	}
	// The encoding was recognised when the blob was stored.
	r.text = Text{blob: blob, encoding: rec.encoding, raw: raw}
	r.text.text, r.text.marks = decode(rec.encoding, raw)
	if r.keep && s.kept.admits(rec.size) {
		s.kept.put(row, keptText{encoding: rec.encoding, raw: raw, text: r.text.text, marks: r.text.marks})
	}
	return &r.text, nil
}

func (r record) check(raw []byte) error {
	if got := deposit.Digest(sha256.Sum256(raw)); got != r.digest {
		return corrupt(r.digest, fmt.Errorf("its bytes hash to %s", got))
	}
	return nil
}
