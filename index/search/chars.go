package search

import (
	"fmt"
	"regexp/syntax"
	"slices"
	"strconv"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"

	"vitrine/index/spoof"
)

// A namedChar is a character that cannot be seen, or not for what it is.
type namedChar struct {
	r     rune
	names string // abbreviation or alias, then its name in Unicode, separated by commas
}

// bidi are the characters that change the order in which text is shown:
// Unicode's property Bidi_Control (UAX #9).
var bidi = []namedChar{
	{0x061c, "ALM,ARABIC LETTER MARK"},
	{0x200e, "LRM,LEFT-TO-RIGHT MARK"},
	{0x200f, "RLM,RIGHT-TO-LEFT MARK"},
	{0x202a, "LRE,LEFT-TO-RIGHT EMBEDDING"},
	{0x202b, "RLE,RIGHT-TO-LEFT EMBEDDING"},
	{0x202c, "PDF,POP DIRECTIONAL FORMATTING"},
	{0x202d, "LRO,LEFT-TO-RIGHT OVERRIDE"},
	{0x202e, "RLO,RIGHT-TO-LEFT OVERRIDE"},
	{0x2066, "LRI,LEFT-TO-RIGHT ISOLATE"},
	{0x2067, "RLI,RIGHT-TO-LEFT ISOLATE"},
	{0x2068, "FSI,FIRST STRONG ISOLATE"},
	{0x2069, "PDI,POP DIRECTIONAL ISOLATE"},
}

// zeroWidth are characters without a width of their own.
var zeroWidth = []namedChar{
	{0x00ad, "SHY,SOFT HYPHEN"},
	{0x034f, "CGJ,COMBINING GRAPHEME JOINER"},
	{0x115f, "HCF,HANGUL CHOSEONG FILLER"},
	{0x1160, "HJF,HANGUL JUNGSEONG FILLER"},
	{0x180e, "MVS,MONGOLIAN VOWEL SEPARATOR"},
	{0x200b, "ZWSP,ZERO WIDTH SPACE"},
	{0x200c, "ZWNJ,ZERO WIDTH NON-JOINER"},
	{0x200d, "ZWJ,ZERO WIDTH JOINER"},
	{0x2060, "WJ,WORD JOINER"},
	{0x2061, "FUNCTION APPLICATION"},
	{0x2062, "INVISIBLE TIMES"},
	{0x2063, "INVISIBLE SEPARATOR"},
	{0x2064, "INVISIBLE PLUS"},
	{0x3164, "HF,HANGUL FILLER"},
	{0xfeff, "BOM,ZERO WIDTH NO-BREAK SPACE"},
	{0xffa0, "HWHF,HALFWIDTH HANGUL FILLER"},
}

// spaces are blanks other than space and tab, and separators of lines other
// than "\n".
var spaces = []namedChar{
	{0x00a0, "NBSP,NO-BREAK SPACE"},
	{0x1680, "OGHAM SPACE MARK"},
	{0x2000, "EN QUAD"},
	{0x2001, "EM QUAD"},
	{0x2002, "ENSP,EN SPACE"},
	{0x2003, "EMSP,EM SPACE"},
	{0x2004, "THREE-PER-EM SPACE"},
	{0x2005, "FOUR-PER-EM SPACE"},
	{0x2006, "SIX-PER-EM SPACE"},
	{0x2007, "FIGURE SPACE"},
	{0x2008, "PUNCTUATION SPACE"},
	{0x2009, "THSP,THIN SPACE"},
	{0x200a, "HSP,HAIR SPACE"},
	{0x2028, "LSEP,LINE SEPARATOR"},
	{0x2029, "PSEP,PARAGRAPH SEPARATOR"},
	{0x202f, "NNBSP,NARROW NO-BREAK SPACE"},
	{0x205f, "MMSP,MEDIUM MATHEMATICAL SPACE"},
	{0x2800, "BRAILLE PATTERN BLANK"},
	{0x3000, "IDSP,IDEOGRAPHIC SPACE"},
}

// controls are the control codes that source has no use for: all but "\t",
// "\n" and "\r", which have names all the same. Names are those of Unicode's
// NameAliases.txt; the second block of them goes by number only but for NEL.
var controls = []namedChar{
	{0x00, "NUL,NULL"}, {0x01, "SOH,START OF HEADING"}, {0x02, "STX,START OF TEXT"}, {0x03, "ETX,END OF TEXT"},
	{0x04, "EOT,END OF TRANSMISSION"}, {0x05, "ENQ,ENQUIRY"}, {0x06, "ACK,ACKNOWLEDGE"}, {0x07, "BEL,ALERT"},
	{0x08, "BS,BACKSPACE"}, {0x0b, "VT,LINE TABULATION"}, {0x0c, "FF,FORM FEED"}, {0x0e, "SO,SHIFT OUT"},
	{0x0f, "SI,SHIFT IN"}, {0x10, "DLE,DATA LINK ESCAPE"}, {0x11, "DC1,DEVICE CONTROL ONE"},
	{0x12, "DC2,DEVICE CONTROL TWO"}, {0x13, "DC3,DEVICE CONTROL THREE"}, {0x14, "DC4,DEVICE CONTROL FOUR"},
	{0x15, "NAK,NEGATIVE ACKNOWLEDGE"}, {0x16, "SYN,SYNCHRONOUS IDLE"}, {0x17, "ETB,END OF TRANSMISSION BLOCK"},
	{0x18, "CAN,CANCEL"}, {0x19, "EOM,END OF MEDIUM"}, {0x1a, "SUB,SUBSTITUTE"}, {0x1b, "ESC,ESCAPE"},
	{0x1c, "FS,INFORMATION SEPARATOR FOUR"}, {0x1d, "GS,INFORMATION SEPARATOR THREE"},
	{0x1e, "RS,INFORMATION SEPARATOR TWO"}, {0x1f, "US,INFORMATION SEPARATOR ONE"}, {0x7f, "DEL,DELETE"},
	{0x85, "NEL,NEXT LINE"},
}

// ordinary have names, and belong to no class.
var ordinary = []namedChar{
	{0x09, "HT,TAB,CHARACTER TABULATION"}, {0x0d, "CR,CARRIAGE RETURN"}, {0xfffd, "REPLACEMENT CHARACTER"},
}

// charClasses are the names that stand for any one of several characters, as
// pairs of first and last, which package spoof knows. Few of what draws nothing has a name of
// its own.
var charClasses = sync.OnceValue(func() map[string][]rune {
	invisible, space, control := spoof.Ranges(spoof.Invisible), spoof.Ranges(spoof.Space), spoof.Ranges(spoof.Control)
	bidi, broken, alike := spoof.Ranges(spoof.Bidi), spoof.Ranges(spoof.Broken), spoof.Ranges(spoof.LookAlike)
	return map[string][]rune{
		"bidi":       bidi,
		"zero-width": invisible,
		"space":      space,
		"control":    control,
		"broken":     broken,
		"invisible":  slices.Concat(bidi, invisible, space, control),
		"look-alike": alike,
		"confusable": alike,
	}
})

// charNamed gives the characters of a name, as pairs of first and last. Case,
// and whether blanks, "-" or "_" stand between words, do not matter.
func charNamed(name string) ([]rune, error) {
	key := charKey(name)
	for class, set := range charClasses() {
		if charKey(class) == key {
			return set, nil
		}
	}
	if digits, ok := strings.CutPrefix(strings.ToUpper(name), "U+"); ok {
		n, err := strconv.ParseUint(digits, 16, 32)
		switch {
		case err != nil || n > unicode.MaxRune || !utf8.ValidRune(rune(n)):
			return nil, fmt.Errorf("%s is no character; write U+ and its number in hex, up to U+10FFFF", name)
		case n == '\n':
			return nil, fmt.Errorf("%s ends every line and stands on none", name)
		}
		return []rune{rune(n), rune(n)}, nil
	}
	for _, list := range [][]namedChar{bidi, zeroWidth, spaces, controls, ordinary} {
		for _, c := range list {
			for n := range strings.SplitSeq(c.names, ",") {
				if charKey(n) == key {
					return []rune{c.r, c.r}, nil
				}
			}
		}
	}
	return nil, fmt.Errorf("no character is known here as %q; write U+ and its number in hex, or a class: bidi, zero-width, space, control, invisible, broken, look-alike", name)
}

func charKey(name string) string {
	return strings.Map(func(r rune) rune {
		if r == ' ' || r == '-' || r == '_' {
			return -1
		}
		return unicode.ToUpper(r)
	}, name)
}

// charRegexp matches one character of the set, in any case of the query.
func charRegexp(set []rune) (*syntax.Regexp, error) {
	var expr strings.Builder
	expr.WriteByte('[')
	for pair := range slices.Chunk(set, 2) {
		fmt.Fprintf(&expr, `\x{%x}-\x{%x}`, pair[0], pair[1])
	}
	expr.WriteByte(']')
	return syntax.Parse(expr.String(), syntax.Perl)
}
