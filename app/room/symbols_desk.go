package room

import (
	"bytes"
	"context"
	"errors"

	"vitrine/index/lex"
	"vitrine/index/symbol"
)

// What a window asks besides: places of a text, and lines around what is found.

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
	chosen := v.chosen()
	var d Document
	var failed error
	report, err := v.References(ctx, name, of, release, func(r symbol.Reference) bool {
		if d.Text == nil || d.Text.Blob() != r.Blob {
			var raw []byte
			if raw, failed = c.Raw(r.Blob); failed != nil {
				return false
			}
			d.File.Blob = r.Blob
			d.text(raw, chosen)
		}
		line, col := r.Line, 0
		if d.Chosen {
			line, col = d.PositionOf(r.Start)
		} else {
			whole := d.Text.Bytes()
			start := min(r.Start, len(whole))
			col = start - bytes.LastIndexByte(whole[:start], '\n')
		}
		return yield(ReferenceLine{r, d.Text.Line(line), col})
	})
	return report, errors.Join(failed, err)
}
