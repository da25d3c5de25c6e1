package review

import (
	"unicode/utf8"

	"vitrine/index/content"
	"vitrine/index/deposit"
)

// At is the location of a selection in t, seen at place, whose Path is as the
// tree has it. Lines and columns are those of a screen: 1-based, columns in
// bytes of the decoded line, the end exclusive. Positions outside the text are
// moved to its nearest end, as [content.Text.Offset] does. A binary blob has no
// lines: the location is the whole of it.
func At(t *content.Text, place deposit.Place, fromLine, fromColumn, toLine, toColumn int) Location {
	place.Path = QuotePath(place.Path)
	if t.Encoding() == content.Binary {
		return Location{Span: deposit.Span{Blob: t.Blob(), To: t.Size()}, Place: place}
	}
	l := Location{Span: t.Span(fromLine, fromColumn, toLine, toColumn), Place: place}
	l.FromLine, l.FromColumn = seen(t, l.Span.From)
	l.ToLine, l.ToColumn = seen(t, l.Span.To)
	return l
}

// seen is the line and the column, in code points, of a raw offset.
func seen(t *content.Text, raw int64) (line, column int) {
	line, col := t.Position(raw)
	text := t.Line(line)
	return line, utf8.RuneCount(text[:min(col-1, len(text))]) + 1
}

// RawPlace is where the location was seen with the path as the tree has it,
// which is how deposit and content name files.
func (l Location) RawPlace() deposit.Place {
	p, err := UnquotePath(l.Place.Path)
	if err != nil {
		p = l.Place.Path // not from At or a valid record: names no file
	}
	return deposit.Place{Release: l.Place.Release, Path: p}
}

// Lines reports whether the location has lines and columns; one in a binary
// blob has not.
func (l Location) Lines() bool { return l.FromLine != 0 }
