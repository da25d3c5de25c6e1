package content

import (
	"bytes"
	"sort"
	"sync"
	"unicode/utf8"

	"vitrine/index/deposit"
)

// A Text is a blob as it is shown: decoded, in lines. It is immutable and may
// be used by several goroutines.
type Text struct {
	blob     deposit.Digest
	encoding Encoding
	raw      []byte
	text     []byte // raw itself for UTF8
	marks    []mark

	once   sync.Once
	starts []uint32 // offset in text of each line's first byte

	ending sync.Once
	ends   Ends
}

// Decode shows raw, the bytes of the blob with this digest, as text, in the
// encoding that is recognised. It trusts the caller that the two belong
// together, and keeps raw: do not change it afterwards. Blobs over [MaxText]
// are the caller's to refuse.
func Decode(blob deposit.Digest, raw []byte) *Text {
	return newText(blob, raw, recognise(raw))
}

// DecodeAs is Decode in an encoding that a person chose. UTF8 becomes
// BrokenUTF8 when raw is not valid.
func DecodeAs(blob deposit.Digest, raw []byte, e Encoding) *Text {
	if (e == UTF8 || e == BrokenUTF8) && utf8.Valid(raw) {
		e = UTF8
	} else if e == UTF8 {
		e = BrokenUTF8
	}
	return newText(blob, raw, e)
}

func newText(blob deposit.Digest, raw []byte, e Encoding) *Text {
	t := &Text{blob: blob, encoding: e, raw: raw}
	t.text, t.marks = decode(e, raw)
	return t
}

// Blob is the SHA-256 of the raw bytes.
func (t *Text) Blob() deposit.Digest { return t.blob }

// Encoding is how the raw bytes were decoded.
func (t *Text) Encoding() Encoding { return t.encoding }

// Bytes is the whole text as valid UTF-8, empty for a binary blob. It must not be changed.
func (t *Text) Bytes() []byte { return t.text }

// Raw is the blob's bytes. They must not be changed.
func (t *Text) Raw() []byte { return t.raw }

// Size is the number of raw bytes.
func (t *Text) Size() int64 { return int64(len(t.raw)) }

// index computes the line table.
func (t *Text) index() {
	t.once.Do(func() {
		n := bytes.Count(t.text, []byte{'\n'}) + 1
		t.starts = make([]uint32, 0, n)
		for at := 0; at < len(t.text); {
			t.starts = append(t.starts, uint32(at))
			i := bytes.IndexByte(t.text[at:], '\n')
			if i < 0 {
				break
			}
			at += i + 1
		}
	})
}

// Lines is the number of lines; an empty blob and a binary one have none.
func (t *Text) Lines() int {
	t.index()
	return len(t.starts)
}

// Line is line n, 1-based, without its "\n"; a "\r" before it stays. A line
// that does not exist is nil. The bytes must not be changed.
func (t *Text) Line(n int) []byte {
	t.index()
	if n < 1 || n > len(t.starts) {
		return nil
	}
	end := len(t.text)
	if n < len(t.starts) {
		end = int(t.starts[n]) - 1
	} else if t.text[end-1] == '\n' {
		end--
	}
	start := int(t.starts[n-1])
	return t.text[start:end:end]
}

// Lost tells for which byte of the blob U+FFFD stands at 0-based byte off of a line; false
// where the blob has that character, or where it stands for more than one byte.
func (t *Text) Lost(line, off int) (b byte, ok bool) {
	next := t.encoding.step()
	if next == nil || t.encoding.wide() || off < 0 || off >= len(t.Line(line)) {
		return 0, false
	}
	at := t.rawOffset(t.Start(line) + off)
	r, n := next(t.raw[at:])
	return t.raw[at], r == utf8.RuneError && n == 1
}

// Start is the offset in Bytes of a line's first byte; of a line behind the last, their
// number.
func (t *Text) Start(line int) int {
	t.index()
	switch {
	case line > len(t.starts):
		return len(t.text)
	case line < 1:
		return 0
	}
	return int(t.starts[line-1])
}

// LineEnding is "LF", "CRLF", "mixed", or "none" when no line is ended.
func (t *Text) LineEnding() string {
	switch e := t.Ends(); {
	case e.LF+e.CRLF == 0:
		return "none"
	case e.CRLF == 0:
		return "LF"
	case e.LF == 0:
		return "CRLF"
	}
	return "mixed"
}

// Offset is the raw byte offset of a 1-based line and column (a byte column of
// the decoded line). One column past the line's end is its "\n" or the end of
// the blob; line Lines()+1, column 1 is the end of a text that ends with "\n".
// Anything further out is moved to the nearest of these, and a column inside
// a character to its first byte.
func (t *Text) Offset(line, col int) int64 {
	t.index()
	if line < 1 || len(t.starts) == 0 {
		return 0
	}
	if line > len(t.starts) {
		return t.Size()
	}
	col = min(max(col-1, 0), len(t.Line(line)))
	return int64(t.rawOffset(int(t.starts[line-1]) + col))
}

// Position is the inverse of [Text.Offset]: the 1-based line and column of the
// character that holds raw byte offset raw. Offsets outside the blob are moved
// to its nearest end.
func (t *Text) Position(raw int64) (line, col int) {
	t.index()
	if len(t.starts) == 0 {
		return 1, 1
	}
	at := t.textOffset(int(min(max(raw, 0), t.Size())))
	if at == len(t.text) && t.text[at-1] == '\n' {
		return len(t.starts) + 1, 1
	}
	line = sort.Search(len(t.starts), func(i int) bool { return int(t.starts[i]) > at })
	return line, at - int(t.starts[line-1]) + 1
}

// RawColumn is the 1-based column of the same place in raw bytes, which is what
// git grep --column prints for files that are not UTF-16.
func (t *Text) RawColumn(line, col int) int {
	return int(t.Offset(line, col)-t.Offset(line, 1)) + 1
}

// Span is the blob's bytes between two positions, the second exclusive.
func (t *Text) Span(fromLine, fromCol, toLine, toCol int) deposit.Span {
	from, to := t.Offset(fromLine, fromCol), t.Offset(toLine, toCol)
	return deposit.Span{Blob: t.blob, From: from, To: max(from, to)}
}
