package content

import (
	"bytes"
	"fmt"
	"unicode/utf8"
)

// An Encoding says how the bytes of a blob are shown as text.
type Encoding uint8

// The encodings; their numbers are part of the store's format.
const (
	UTF8 Encoding = iota
	UTF16LE
	UTF16BE
	Latin1
	Binary
)

// binaryProbe is how far git looks for a NUL before it calls a file text
// (buffer_is_binary in git's xdiff-interface.c).
const binaryProbe = 8000

func (e Encoding) String() string {
	switch e {
	case UTF8:
		return "UTF-8"
	case UTF16LE:
		return "UTF-16LE"
	case UTF16BE:
		return "UTF-16BE"
	case Latin1:
		return "Latin-1"
	case Binary:
		return "binary"
	}
	return fmt.Sprintf("encoding %d", uint8(e))
}

// detect applies the rules of the package comment. FF FE 00 00 is the mark of
// UTF-32LE, which is left binary rather than shown as UTF-16 full of NULs.
func detect(raw []byte) Encoding {
	switch {
	case bytes.HasPrefix(raw, []byte{0xff, 0xfe}) && !bytes.HasPrefix(raw, []byte{0xff, 0xfe, 0, 0}):
		return UTF16LE
	case bytes.HasPrefix(raw, []byte{0xfe, 0xff}):
		return UTF16BE
	case bytes.IndexByte(raw[:min(len(raw), binaryProbe)], 0) >= 0:
		return Binary
	case utf8.Valid(raw):
		return UTF8
	}
	return Latin1
}

// decode returns raw as UTF-8; for UTF8 the result is raw itself. Binary has
// no text.
func decode(e Encoding, raw []byte) []byte {
	switch e {
	case UTF8:
		return raw
	case Latin1:
		return decodeLatin1(raw)
	case UTF16LE, UTF16BE:
		return decodeUTF16(raw, e == UTF16BE)
	}
	return nil
}

func decodeLatin1(raw []byte) []byte {
	n := len(raw)
	for _, b := range raw {
		n += int(b >> 7)
	}
	out := make([]byte, 0, n)
	for _, b := range raw {
		if b < utf8.RuneSelf {
			out = append(out, b)
		} else {
			out = append(out, 0xc0|b>>6, 0x80|b&0x3f)
		}
	}
	return out
}

func decodeUTF16(raw []byte, big bool) []byte {
	unit := func(i int) rune {
		if big {
			return rune(raw[i])<<8 | rune(raw[i+1])
		}
		return rune(raw[i+1])<<8 | rune(raw[i])
	}
	out := make([]byte, 0, len(raw)/2+len(raw)/8)
	i := 0
	for ; i+1 < len(raw); i += 2 {
		r := unit(i)
		switch {
		case r < 0xd800 || r > 0xdfff:
		case r < 0xdc00 && i+3 < len(raw) && unit(i+2)&0xfc00 == 0xdc00:
			r = 0x10000 + (r-0xd800)<<10 + (unit(i+2) - 0xdc00)
			i += 2
		default:
			r = utf8.RuneError // an unpaired surrogate
		}
		out = utf8.AppendRune(out, r)
	}
	if i < len(raw) {
		out = utf8.AppendRune(out, utf8.RuneError) // the odd byte at the end
	}
	return out
}

// rawWidth is the number of raw bytes behind one decoded character. The odd
// last byte of UTF-16 counts as two; callers clamp to the size of the blob.
func (e Encoding) rawWidth(r rune, size int) int {
	switch e {
	case Latin1:
		return 1
	case UTF16LE, UTF16BE:
		if r > 0xffff {
			return 4
		}
		return 2
	}
	return size
}
