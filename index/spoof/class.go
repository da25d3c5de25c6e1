package spoof

import (
	"fmt"
	"strings"
	"unicode"
)

// A Class is a way of not being what one seems. The most dangerous come first.
type Class uint8

// The classes.
const (
	None      Class = iota
	Bidi            // changes the order in which its surroundings are shown (UAX #9)
	LookAlike       // a word that can be taken for another
	Invisible       // draws nothing
	Control         // a control code that texts have no use for
	Space           // looks like a blank or a line's end and is another character
	Broken          // no character: what could not be decoded, noncharacters, placeholders
	classes
)

// Classes are all but None, the most dangerous first.
func Classes() []Class { return []Class{Bidi, LookAlike, Invisible, Control, Space, Broken} }

// String is the class's name as a query has it.
func (c Class) String() string {
	return [classes]string{"none", "bidi", "look-alike", "invisible", "control", "space", "broken"}[c]
}

// Deceives reports whether code with such a character may do something else than it shows;
// the other classes are mostly carelessness.
func (c Class) Deceives() bool { return c == Bidi || c == LookAlike || c == Invisible }

// labels are the names in common use (Unicode's aliases, Trojan Source's paper)
// of single characters; those of ranges are made by Hidden.
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

// Hidden gives the class of a character that draws nothing, moves others, or looks
// like an ordinary space, and its label: its usual abbreviation ("RLO", "ZWSP",
// "ESC"), else its code point ("U+2065"). Any other has the class None and no label. A
// tab is not hidden; a line feed and a carriage return are, where they end no line.
func Hidden(r rune) (label string, c Class) {
	switch {
	case r == '\t' || r >= ' ' && r < 0x7F:
		return "", None
	case r >= 0 && r < ' ':
		return c0[r], Control
	}
	if c = hiddenClass(r); c == None {
		return "", None
	}
	if l, ok := labels[r]; ok {
		return l, c
	}
	switch {
	case r >= 0xFE00 && r <= 0xFE0F:
		return fmt.Sprintf("VS%d", r-0xFE00+1), c
	case r >= 0xE0100 && r <= 0xE01EF:
		return fmt.Sprintf("VS%d", r-0xE0100+17), c
	case r > 0xE0020 && r < 0xE007F: // tag characters carry invisible ASCII
		return "TAG " + string(r-0xE0000), c
	}
	return CodePoint(r), c
}

func hiddenClass(r rune) Class {
	switch {
	case unicode.Is(unicode.Bidi_Control, r):
		return Bidi
	case unicode.Is(unicode.Cc, r):
		return Control
	case r == 0x2800, unicode.In(r, unicode.Zs, unicode.Zl, unicode.Zp):
		return Space
	case r == 0xFFFC, r == 0xFFFD, r&0xFFFE == 0xFFFE, r >= 0xFDD0 && r <= 0xFDEF, r < 0, r > unicode.MaxRune:
		return Broken
	case ignorable(r), r >= 0xE0000 && r <= 0xE0FFF: // default-ignorables, some of them reserved
		return Invisible
	case unicode.Is(unicode.Cf, r):
		return Invisible
	}
	return None
}

// ignorable is the property Default_Ignorable_Code_Point, as DerivedCoreProperties.txt
// makes it.
func ignorable(r rune) bool {
	if r < 0xAD {
		return false
	}
	switch {
	case r >= 0xFFF9 && r <= 0xFFFB, r >= 0x13430 && r <= 0x13440, // annotations and hieroglyphs' joiners are drawn
		unicode.Is(unicode.Prepended_Concatenation_Mark, r):
		return false
	case r == 0x2065, r >= 0xFFF0 && r <= 0xFFF8, r >= 0xE0000 && r <= 0xE0FFF:
		return true
	}
	return unicode.In(r, unicode.Cf, unicode.Variation_Selector, unicode.Other_Default_Ignorable_Code_Point)
}

// CodePoint writes a character as "U+041D".
func CodePoint(r rune) string { return fmt.Sprintf("U+%04X", r) }

// Ranges are the hidden characters of a class, and for LookAlike all that read as one of
// ASCII, as pairs of first and last.
func Ranges(c Class) (pairs []rune) {
	for r := rune(0); r <= unicode.MaxRune; r++ {
		if r == 0xD800 { // surrogates stand in no text
			r = 0xE000
		}
		in := false
		if c == LookAlike {
			in = r >= 0x80 && hiddenClass(r) == None && isASCII(prototype(r))
		} else if _, have := Hidden(r); have == c {
			in = r != '\n' && r != '\r'
		}
		switch n := len(pairs); {
		case !in:
		case n > 0 && pairs[n-1] == r-1:
			pairs[n-1] = r
		default:
			pairs = append(pairs, r, r)
		}
	}
	return pairs
}

func isASCII(s string) bool {
	return s != "" && strings.IndexFunc(s, func(r rune) bool { return r >= 0x80 }) < 0
}
