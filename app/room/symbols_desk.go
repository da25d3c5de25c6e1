package room

import (
	"bytes"
	"context"
	"errors"

	"vitrine/index/content"
	"vitrine/index/lex"
	"vitrine/index/symbol"
)

// What a window asks besides: places of a text, and lines around what is found.

// OffsetOf is where a line's byte column, both from 1, lies in the decoded text.
func (d *Document) OffsetOf(line, col int) int {
	at := 0
	for n := 1; n < min(line, d.Text.Lines()+1); n++ {
		at += len(d.Text.Line(n)) + 1
	}
	return at + col - 1
}

// PositionOf is the line and byte column, both from 1, of an offset of the decoded text.
func (d *Document) PositionOf(offset int) (line, col int) {
	text := d.Text.Bytes()
	before := text[:min(max(offset, 0), len(text))]
	return bytes.Count(before, []byte{'\n'}) + 1, len(before) - bytes.LastIndexByte(before, '\n')
}

// Scanned is the id of the language in which the document is read for symbols,
// "" if that is not known.
func (d *Document) Scanned() string {
	if d.Binary {
		return ""
	}
	if l := lex.Detect(d.Place.Path, d.Text.Bytes()); l != nil {
		return l.ID()
	}
	return ""
}

// SymbolsAt lists the symbols whose definition is around a place of a document,
// the outermost first.
func (v *Visit) SymbolsAt(d *Document, line, col int) (ids []symbol.ID, list []symbol.Symbol, err error) {
	list, err = looked(v, func() ([]symbol.Symbol, error) {
		return asked(v.source, func(ix *symbol.Index) (out []symbol.Symbol, err error) {
			ids, out, err = ix.At(d.File.Blob, d.OffsetOf(line, col))
			return out, err
		})
	})
	return ids, list, err
}

// A ReferenceLine is a use of a name with the line on which it stands.
type ReferenceLine struct {
	symbol.Reference
	Text []byte // decoded, without "\n"; must not be changed
	Col  int    // 1-based byte of Text at which the name begins
}

// ReferenceLines is References with the lines.
func (v *Visit) ReferenceLines(ctx context.Context, name string, of *symbol.ID, release string, yield func(ReferenceLine) bool) (symbol.Report, error) {
	v.source.mu.Lock()
	c := v.source.content
	v.source.mu.Unlock()
	var text *content.Text
	var failed error
	report, err := v.References(ctx, name, of, release, func(r symbol.Reference) bool {
		if text == nil || text.Blob() != r.Blob {
			if text, failed = c.Text(r.Blob); failed != nil {
				return false
			}
		}
		whole := text.Bytes()
		start := min(r.Start, len(whole))
		return yield(ReferenceLine{r, text.Line(r.Line), start - bytes.LastIndexByte(whole[:start], '\n')})
	})
	return report, errors.Join(failed, err)
}
