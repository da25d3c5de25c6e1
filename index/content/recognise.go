package content

import (
	"bytes"
	"unicode"
	"unicode/utf8"
)

const (
	// binaryProbe is how far git looks for a NUL before it calls a file text
	// (buffer_is_binary in git's xdiff-interface.c).
	binaryProbe = 8000

	// maxEvidence is how many bytes over 0x7f are weighed, the first ones. A few
	// dozen decide; the limit keeps a book in one file from being weighed six times.
	maxEvidence = 1024

	// fewestUnits is the shortest UTF-16 without a mark; shorter ones are as
	// likely a pair of numbers.
	fewestUnits = 4

	// manyUnits are as many as decide without regard to the script. Fewer bytes
	// with a NUL among them can be ideographs and rare letters by accident.
	manyUnits = 64
)

// recognise applies the rules of the package comment. It depends on nothing
// but raw, so that all who decode a blob see the same. ASCII and UTF-8 cost
// one pass at the speed of memory.
func recognise(raw []byte) Encoding {
	probe := raw[:min(len(raw), binaryProbe)]
	switch {
	case bytes.HasPrefix(raw, []byte{0xff, 0xfe, 0, 0}):
		return Binary // the mark of UTF-32LE, not of UTF-16 full of NULs
	case bytes.HasPrefix(raw, []byte{0xff, 0xfe}):
		return UTF16LE
	case bytes.HasPrefix(raw, []byte{0xfe, 0xff}):
		return UTF16BE
	case bytes.IndexByte(probe, 0) >= 0:
		return unmarked16(raw)
	case utf8.Valid(raw):
		return UTF8
	case controls(probe)*50 > len(probe):
		return Binary
	case mostlyUTF8(raw):
		return BrokenUTF8
	}
	return byCost(raw)
}

// controls counts bytes that no text has: in random ones they are one of eleven.
func controls(b []byte) (n int) {
	for _, c := range b {
		if c < ' ' && !bytes.ContainsRune([]byte("\a\b\t\n\v\f\r\x1b"), rune(c)) || c == 0x7f {
			n++
		}
	}
	return n
}

// mostlyUTF8 reports whether at least two characters over U+007F are whole for
// each byte that belongs to none. Other encodings make such sequences by accident only.
func mostlyUTF8(raw []byte) bool {
	whole, broken := 0, 0
	for at := asciiLen(raw); at < len(raw); at += asciiLen(raw[at:]) {
		r, n := utf8.DecodeRune(raw[at:])
		if r == utf8.RuneError && n == 1 {
			broken++
		} else {
			whole++
		}
		at += n
	}
	return whole >= 2*broken
}

// unmarked16 tells the byte order of UTF-16 without a mark, or Binary. Every
// unit of the probe must be of an assigned character that is shown, and one in
// 200 an ASCII one, as blanks and line ends are: read in the wrong order,
// those are letters of other scripts. ASCII text with a NUL in it reads as
// ideographs, but both bytes of most are ASCII then; of true ones, of few. In
// a short text three of four are Latin, Greek or Cyrillic.
func unmarked16(raw []byte) Encoding {
	if len(raw)%2 != 0 || len(raw) < 2*fewestUnits {
		return Binary
	}
	best, most := Binary, 0
	for _, e := range []Encoding{UTF16LE, UTF16BE} {
		if ascii, units := plain16(e, raw[:min(len(raw), binaryProbe)]); ascii*200 >= units && ascii > most {
			best, most = e, ascii
		}
	}
	return best
}

// plain16 counts characters, and those in ASCII; 0 if this is no text.
func plain16(e Encoding, probe []byte) (ascii, all int) {
	next := e.step()
	pairs, alphabetic := 0, 0
	for at := 0; at < len(probe); all++ {
		r, n := next(probe[at:])
		cut := at+n == len(probe) && len(probe) == binaryProbe // perhaps half of a pair
		if !unicode.IsGraphic(r) && r != '\n' && r != '\r' && r != '\t' && r != '\f' || r == utf8.RuneError && !cut {
			return 0, all
		}
		if r < utf8.RuneSelf {
			ascii++
		} else if lead, trail := r>>8, r&0xff; lead >= ' ' && lead < 0x7f && trail >= ' ' && trail < 0x7f {
			pairs++
		}
		if r < 0x530 {
			alphabetic++
		}
		at += n
	}
	if pairs*2 > all || all < manyUnits && alphabetic*4 < all*3 {
		return 0, all
	}
	return ascii, all
}

// byCost tells which legacy encoding explains the bytes over 0x7f in the
// fewest bits. Of equals the first is taken, and Latin-1 is what windows-1252
// is called when no byte makes a difference.
func byCost(raw []byte) Encoding {
	best, least := Windows1252, 0
	part := evidence(raw)
	for i, m := range models {
		if c := m.weigh(part); i == 0 || c < least {
			best, least = m.encoding, c
		}
	}
	if best != Windows1252 {
		return best
	}
	for _, b := range raw {
		if b >= 0x80 && b < 0xa0 {
			return Windows1252
		}
	}
	return Latin1
}

// evidence is the beginning of raw with at most maxEvidence bytes over 0x7f.
func evidence(raw []byte) []byte {
	at := asciiLen(raw)
	for n := 0; at < len(raw) && n < maxEvidence; n++ {
		at++
		at += asciiLen(raw[at:])
	}
	return raw[:at]
}

// A glyph is a character over U+007F, and what stands around it.
type glyph struct {
	r      rune
	raw    []byte // its bytes
	before rune   // the character before, 0 at the beginning
	after  byte   // the byte after, 0 at the end
	run    int    // number of characters over U+007F directly before
}

// weigh sums what the characters over U+007F cost.
func (m *model) weigh(raw []byte) int {
	next := m.encoding.step()
	total, end, run := m.prior, 0, 0
	var last rune
	for at := asciiLen(raw); at < len(raw); {
		r, size := next(raw[at:])
		g := glyph{r: r, raw: raw[at : at+size]}
		if at > end {
			run, last = 0, rune(raw[at-1])
		}
		g.before, g.run = last, run
		at += size
		if at < len(raw) {
			g.after = raw[at]
		}
		if r == utf8.RuneError && m.encoding != Windows1252 { // which takes what no other explains
			total += costInvalid
		} else {
			total += m.cost(g)
		}
		end, run, last = at, run+1, r
		at += asciiLen(raw[at:])
	}
	return total
}
