package content

import (
	"sort"
	"unicode/utf8"
)

// A mark pairs an offset in the decoded text with the raw one. Between two
// marks the encoding is stepped through again.
type mark struct{ text, raw uint32 }

// markEvery is the distance of marks in bytes: a translation steps through at
// most about twice as many, a few microseconds, and marks take a hundredth of the text.
const markEvery = 1 << 10

// decode returns raw as valid UTF-8, and marks unless that is raw itself.
// Offsets fit 32 bits because [MaxText] times three, which the worst text
// grows by, does.
func decode(e Encoding, raw []byte) (text []byte, marks []mark) {
	if e == UTF8 {
		return raw, nil
	}
	next := e.step()
	if next == nil {
		return nil, nil
	}
	text = make([]byte, 0, len(raw)+len(raw)/8)
	for at := 0; at < len(raw); {
		if len(text) >= len(marks)*markEvery {
			marks = append(marks, mark{uint32(len(text)), uint32(at)})
		}
		if !e.wide() {
			if n := asciiLen(raw[at:min(len(raw), at+markEvery)]); n > 0 {
				text = append(text, raw[at:at+n]...)
				at += n
				continue
			}
		}
		r, n := next(raw[at:])
		text = utf8.AppendRune(text, r)
		at += n
	}
	return text, marks
}

// rawOffset is the raw offset of the character that holds offset at of the
// text, or of the end.
func (t *Text) rawOffset(at int) int {
	if t.encoding == UTF8 {
		for at > 0 && at < len(t.text) && !utf8.RuneStart(t.text[at]) {
			at--
		}
		return at
	}
	text, raw := t.nearest(func(m mark) bool { return int(m.text) > at })
	next := t.encoding.step()
	for text < at && raw < len(t.raw) {
		r, n := next(t.raw[raw:])
		if text += utf8.RuneLen(r); text > at {
			break
		}
		raw += n
	}
	return raw
}

// textOffset is the inverse of rawOffset.
func (t *Text) textOffset(at int) int {
	if t.encoding == UTF8 {
		return t.rawOffset(at)
	}
	text, raw := t.nearest(func(m mark) bool { return int(m.raw) > at })
	next := t.encoding.step()
	for raw < at {
		r, n := next(t.raw[raw:])
		if raw += n; raw > at {
			break
		}
		text += utf8.RuneLen(r)
	}
	return text
}

// nearest is the last mark that is not after what is sought.
func (t *Text) nearest(after func(mark) bool) (text, raw int) {
	i := sort.Search(len(t.marks), func(i int) bool { return after(t.marks[i]) })
	if i == 0 {
		return 0, 0
	}
	return int(t.marks[i-1].text), int(t.marks[i-1].raw)
}
