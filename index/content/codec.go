package content

import (
	"math/bits"
	"sync"
	"unicode/utf8"

	"encoding/binary"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/japanese"
	"golang.org/x/text/encoding/simplifiedchinese"
)

// A step takes the first character of raw, which is not empty, and tells how
// many bytes it stands for, at least one. What is no character is U+FFFD: a
// byte that begins none, alone, so that the byte after it is never hidden.
//
// A step is all that an encoding is: text, lines and the translation of
// positions follow from repeating it.
type step func(raw []byte) (r rune, n int)

// step is nil for UTF8, whose text is the bytes themselves, and for Binary.
func (e Encoding) step() step {
	switch e {
	case BrokenUTF8:
		return utf8.DecodeRune
	case UTF16LE:
		return func(raw []byte) (rune, int) { return step16(raw, binary.LittleEndian.Uint16) }
	case UTF16BE:
		return func(raw []byte) (rune, int) { return step16(raw, binary.BigEndian.Uint16) }
	case Latin1:
		return func(raw []byte) (rune, int) { return rune(raw[0]), 1 }
	case Windows1252:
		return func(raw []byte) (rune, int) { return charmap.Windows1252.DecodeByte(raw[0]), 1 }
	case Windows1251:
		return func(raw []byte) (rune, int) { return charmap.Windows1251.DecodeByte(raw[0]), 1 }
	case KOI8R:
		return func(raw []byte) (rune, int) { return charmap.KOI8R.DecodeByte(raw[0]), 1 }
	case GB18030:
		return gb18030().step
	case ShiftJIS:
		return shiftJIS().step
	case EUCJP:
		return eucJP().step
	}
	return nil
}

// step16 takes one character of UTF-16; an unpaired surrogate and a last odd
// byte are U+FFFD.
func step16(raw []byte, unit func([]byte) uint16) (rune, int) {
	if len(raw) < 2 {
		return utf8.RuneError, 1
	}
	r := rune(unit(raw))
	switch {
	case r < 0xd800 || r > 0xdfff:
		return r, 2
	case r < 0xdc00 && len(raw) >= 4:
		if low := rune(unit(raw[2:])); low&0xfc00 == 0xdc00 {
			return 0x10000 + (r-0xd800)<<10 + (low - 0xdc00), 4
		}
	}
	return utf8.RuneError, 2
}

// A multibyte is an encoding with characters of one, two and more bytes, as
// tables that were read out of package x/text: its decoders keep no count of
// the bytes behind a character.
type multibyte struct {
	decoder *encoding.Decoder
	longest int
	one     [128]rune       // by the byte - 0x80; 0 where it is no character
	two     [1 << 15]uint16 // by both bytes - 0x8000; all are below U+10000
}

var (
	gb18030  = sync.OnceValue(func() *multibyte { return tables(simplifiedchinese.GB18030, 4) })
	shiftJIS = sync.OnceValue(func() *multibyte { return tables(japanese.ShiftJIS, 2) })
	eucJP    = sync.OnceValue(func() *multibyte { return tables(japanese.EUCJP, 3) })
)

func tables(e encoding.Encoding, longest int) *multibyte {
	m := &multibyte{decoder: e.NewDecoder(), longest: longest}
	for a := range 128 {
		lead := byte(0x80 + a)
		m.one[a] = m.ask([]byte{lead})
		for b := 0; m.one[a] == 0 && b < 256; b++ {
			m.two[a<<8|b] = uint16(m.ask([]byte{lead, byte(b)}))
		}
	}
	return m
}

// ask decodes raw, 0 if that is not exactly one character. The decoders of
// multibyte encodings without escape sequences have no state: several
// goroutines may ask.
func (m *multibyte) ask(raw []byte) rune {
	var dst [2 * utf8.UTFMax]byte
	n, used, err := m.decoder.Transformer.Transform(dst[:], raw, true)
	r, size := utf8.DecodeRune(dst[:n])
	if err != nil || used != len(raw) || size != n || r == utf8.RuneError {
		return 0
	}
	return r
}

func (m *multibyte) step(raw []byte) (rune, int) {
	a := raw[0]
	if a < utf8.RuneSelf {
		return rune(a), 1
	}
	if r := m.one[a-0x80]; r != 0 {
		return r, 1
	}
	if len(raw) > 1 {
		if r := m.two[int(a-0x80)<<8|int(raw[1])]; r != 0 {
			return rune(r), 2
		}
	}
	if m.longest > 2 && len(raw) >= m.longest {
		if r := m.ask(raw[:m.longest]); r != 0 {
			return r, m.longest
		}
	}
	return utf8.RuneError, 1
}

// asciiLen is the number of bytes below 0x80 at the beginning of b.
func asciiLen(b []byte) int {
	const high = 0x8080808080808080
	n := 0
	for ; n+8 <= len(b); n += 8 {
		if h := binary.LittleEndian.Uint64(b[n:]) & high; h != 0 {
			return n + bits.TrailingZeros64(h)/8
		}
	}
	for n < len(b) && b[n] < utf8.RuneSelf {
		n++
	}
	return n
}
