package room

import (
	"context"
	"fmt"
	"maps"
	"sort"

	"vitrine/app/journal"
	"vitrine/index/content"
	"vitrine/index/deposit"
)

// maxChosen bounds the files whose encodings are set by hand in one journal: a reviewer
// does some dozens, and each is read by every search.
const maxChosen = 1000

// An encodingRecord is the body of an entry of kind "encoding": how a file's bytes are
// shown and searched from then on, wherever they stand. The last one counts.
type encodingRecord struct {
	Place    deposit.Place  `json:"place"` // where the reviewer saw it
	Blob     deposit.Digest `json:"blob"`
	Encoding string         `json:"encoding,omitempty"` // none: the one that is recognised, again
}

// Encodings lists what can be chosen for a file, in the order of a menu.
func Encodings() []content.Encoding { return content.Encodings() }

// SetEncoding records in which encoding the reviewer wants a document's file shown and
// searched, in this visit and later ones. The document itself stays as it is: open it
// again.
func (v *Visit) SetEncoding(ctx context.Context, d *Document, e content.Encoding) error {
	return v.encode(ctx, encodingRecord{d.Place, d.File.Blob, e.String()})
}

// RecogniseEncoding records that what SetEncoding did for a document's file is undone.
func (v *Visit) RecogniseEncoding(ctx context.Context, d *Document) error {
	return v.encode(ctx, encodingRecord{d.Place, d.File.Blob, ""})
}

func (v *Visit) encode(ctx context.Context, r encodingRecord) error {
	v.mu.Lock()
	defer v.mu.Unlock()
	c, err := r.apply(v.chosen())
	if err != nil {
		return err
	}
	return v.locked(ctx, kindEncoding, r, func(journal.Entry) error {
		v.choose(c)
		return nil
	})
}

// apply gives the choices after a record. Those before stay as they are: a search may be
// under way with them.
func (r encodingRecord) apply(c content.Choices) (content.Choices, error) {
	c = maps.Clone(c)
	if r.Encoding == "" {
		delete(c, r.Blob)
		return c, nil
	}
	e, err := content.ParseEncoding(r.Encoding)
	if err != nil {
		return nil, err
	}
	if c == nil {
		c = content.Choices{}
	}
	if c[r.Blob] = e; len(c) > maxChosen {
		return nil, fmt.Errorf("the encodings of %d files are set by hand, and no more can be: let some be recognised again", maxChosen)
	}
	return c, nil
}

// readEncoding learns what an entry of a journal says.
func readEncoding(c content.Choices, e journal.Entry) (content.Choices, error) {
	if e.Kind != kindEncoding || e.Body == nil {
		return c, nil
	}
	var r encodingRecord
	if err := e.Decode(&r); err != nil {
		return c, err
	}
	c, err := r.apply(c)
	if err != nil {
		return c, fmt.Errorf("journal entry %d: %w", e.N, err)
	}
	return c, nil
}

func (s *Source) chosen() content.Choices {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.choices
}

func (s *Source) choose(c content.Choices) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.choices = c
}

// text decodes a document's bytes as was chosen, or else recognised.
func (d *Document) text(raw []byte, c content.Choices) {
	blob := d.File.Blob
	if _, d.Chosen = c[blob]; d.Chosen {
		d.indexed = content.Decode(blob, raw)
		d.Recognised = d.indexed.Encoding()
		d.Text = c.Decode(blob, raw)
		return
	}
	d.Text = content.Decode(blob, raw)
	d.Recognised = d.Text.Encoding()
}

// asIndexed is the text in which symbols were found: the recognised one.
func (d *Document) asIndexed() *content.Text {
	if d.indexed != nil {
		return d.indexed
	}
	return d.Text
}

// OffsetOf is where a line's byte column, both from 1, lies in the text in which symbols
// are found.
func (d *Document) OffsetOf(line, col int) int {
	if d.indexed != nil {
		line, col = d.indexed.Position(d.Text.Offset(line, col))
	}
	return d.asIndexed().Start(line) + col - 1
}

// PositionOf is the line and byte column, both from 1, of such an offset.
func (d *Document) PositionOf(offset int) (line, col int) {
	line, col = positionIn(d.asIndexed(), offset)
	if d.indexed != nil {
		return d.Text.Position(d.indexed.Offset(line, col))
	}
	return line, col
}

func positionIn(t *content.Text, offset int) (line, col int) {
	offset = min(max(offset, 0), len(t.Bytes()))
	line = sort.Search(t.Lines(), func(i int) bool { return t.Start(i+2) > offset }) + 1
	if n := t.Lines(); line > n && n > 0 && t.Bytes()[len(t.Bytes())-1] != '\n' {
		line = n // the end of a last line without one
	}
	return line, offset - t.Start(line) + 1
}
