package code

import (
	"context"
	"fmt"
	"unicode"
	"unicode/utf8"
)

// MaxHiddenLines bounds what HiddenLines returns: behind it a list helps no
// reader, and a binary-like file would fill memory.
const MaxHiddenLines = 10_000

// labels are the names in common use (Unicode's aliases, Trojan Source's paper)
// of single characters; ranges are in hiddenRange.
var labels = map[rune]string{
	0x7F: "DEL", 0x85: "NEL", 0xA0: "NBSP", 0xAD: "SHY",
	0x034F: "CGJ", 0x061C: "ALM",
	0x115F: "HCF", 0x1160: "HJF", 0x1680: "OGSP", 0x17B4: "KIVA", 0x17B5: "KIVAA",
	0x180B: "FVS1", 0x180C: "FVS2", 0x180D: "FVS3", 0x180E: "MVS", 0x180F: "FVS4",
	0x2000: "NQSP", 0x2001: "MQSP", 0x2002: "ENSP", 0x2003: "EMSP", 0x2004: "3MSP", 0x2005: "4MSP",
	0x2006: "6MSP", 0x2007: "FSP", 0x2008: "PSP", 0x2009: "THSP", 0x200A: "HSP",
	0x200B: "ZWSP", 0x200C: "ZWNJ", 0x200D: "ZWJ", 0x200E: "LRM", 0x200F: "RLM",
	0x2028: "LSEP", 0x2029: "PSEP",
	0x202A: "LRE", 0x202B: "RLE", 0x202C: "PDF", 0x202D: "LRO", 0x202E: "RLO", 0x202F: "NNBSP",
	0x205F: "MMSP", 0x2060: "WJ", 0x2061: "FA", 0x2062: "IT", 0x2063: "IS", 0x2064: "IP",
	0x2066: "LRI", 0x2067: "RLI", 0x2068: "FSI", 0x2069: "PDI",
	0x206A: "ISS", 0x206B: "ASS", 0x206C: "IAFS", 0x206D: "AAFS", 0x206E: "NADS", 0x206F: "NODS",
	0x2800: "BRSP", 0x3000: "IDSP", 0x3164: "HF", 0xFEFF: "BOM", 0xFFA0: "HHF",
	0xFFF9: "IAA", 0xFFFA: "IAS", 0xFFFB: "IAT", 0xFFFC: "OBJ", 0xFFFD: "REPL",
}

// c0 names the control characters 0x00 to 0x1F.
var c0 = [32]string{
	"NUL", "SOH", "STX", "ETX", "EOT", "ENQ", "ACK", "BEL", "BS", "TAB", "LF", "VT", "FF", "CR", "SO", "SI",
	"DLE", "DC1", "DC2", "DC3", "DC4", "NAK", "SYN", "ETB", "CAN", "EM", "SUB", "ESC", "FS", "GS", "RS", "US",
}

// HiddenName tells whether r is a character that draws nothing, moves others, or
// looks like an ordinary space, and the label of the box drawn in its place: its
// usual abbreviation ("RLO", "ZWSP", "ESC"), else its code point ("U+2065").
// A tab is not hidden; a carriage return is, where it does not end a line.
func HiddenName(r rune) (label string, hidden bool) {
	switch {
	case r == '\t' || r >= ' ' && r < 0x7F:
		return "", false
	case r >= 0 && r < ' ':
		return c0[r], true
	}
	if l, ok := labels[r]; ok {
		return l, true
	}
	switch {
	case r > 0x7F && r < 0xA0: // C1 controls
		return codePoint(r), true
	case r >= 0xFE00 && r <= 0xFE0F:
		return fmt.Sprintf("VS%d", r-0xFE00+1), true
	case r >= 0xE0100 && r <= 0xE01EF:
		return fmt.Sprintf("VS%d", r-0xE0100+17), true
	case r > 0xE0020 && r < 0xE007F: // tag characters carry invisible ASCII
		return "TAG " + string(r-0xE0000), true
	case r >= 0xE0000 && r <= 0xE0FFF, // the other default-ignorables of plane 14
		r == 0x2065, r >= 0xFFF0 && r <= 0xFFF8, // reserved as default-ignorable
		r&0xFFFE == 0xFFFE, r >= 0xFDD0 && r <= 0xFDEF, // noncharacters
		r < 0 || r > unicode.MaxRune,
		unicode.In(r, unicode.Cc, unicode.Cf, unicode.Zs, unicode.Zl, unicode.Zp, unicode.Other_Default_Ignorable_Code_Point):
		return codePoint(r), true
	}
	return "", false
}

func codePoint(r rune) string { return fmt.Sprintf("U+%04X", r) }

// HiddenIn counts the hidden characters of one decoded line, its own line ending
// left out.
func HiddenIn(line []byte) int {
	line = body(line)
	n := 0
	for i := 0; i < len(line); {
		i += plainPrefix(line[i:])
		if i == len(line) {
			break
		}
		r, size := utf8.DecodeRune(line[i:])
		if _, hidden := HiddenName(r); hidden {
			n++
		}
		i += size
	}
	return n
}

// HiddenLines lists, in order, the lines that hold hidden characters: at most
// MaxHiddenLines of them. When ctx ends it returns what it has and ctx's error.
func HiddenLines(ctx context.Context, src Source) ([]int, error) {
	var lines []int
	scanned := 0
	for n := 1; n <= src.Lines() && len(lines) < MaxHiddenLines; n++ {
		line := src.Line(n)
		if scanned += len(line) + 1; scanned > pollBytes {
			scanned = 0
			if err := ctx.Err(); err != nil {
				return lines, err
			}
		}
		if HiddenIn(line) > 0 {
			lines = append(lines, n)
		}
	}
	return lines, ctx.Err()
}

// pollBytes is how much text is read between two looks at a context: about a
// tenth of a millisecond.
const pollBytes = 64 << 10

// body is the line without the carriage return that belongs to its ending.
func body(line []byte) []byte {
	if n := len(line); n > 0 && line[n-1] == '\r' {
		return line[:n-1]
	}
	return line
}

// plainPrefix counts the leading bytes that are printable ASCII: one cell each.
func plainPrefix(b []byte) int {
	for i, c := range b {
		if c < ' ' || c > '~' {
			return i
		}
	}
	return len(b)
}
