package content

import (
	"fmt"
	"slices"
	"strings"
)

// An Encoding says how the bytes of a blob are shown as text.
type Encoding uint8

// The encodings; their numbers are part of the store's format.
const (
	UTF8 Encoding = iota // valid: the text is the bytes themselves
	UTF16LE
	UTF16BE
	Latin1
	Binary     // no text
	BrokenUTF8 // UTF-8 with bytes that are not, each shown as U+FFFD
	Windows1252
	Windows1251
	KOI8R
	GB18030 // with it GBK and GB 2312, which are parts of it
	ShiftJIS
	EUCJP

	encodings // their number
)

var encodingNames = [encodings]string{
	UTF8: "UTF-8", UTF16LE: "UTF-16LE", UTF16BE: "UTF-16BE", Latin1: "Latin-1", Binary: "binary",
	BrokenUTF8: "UTF-8 with invalid bytes", Windows1252: "windows-1252", Windows1251: "windows-1251",
	KOI8R: "KOI8-R", GB18030: "GB18030", ShiftJIS: "Shift_JIS", EUCJP: "EUC-JP",
}

func (e Encoding) String() string {
	if e >= encodings {
		return fmt.Sprintf("encoding %d", uint8(e))
	}
	return encodingNames[e]
}

// Encodings lists what a person may choose for a file, in the order of a menu.
// UTF-8 with invalid bytes is not chosen: it is what UTF-8 becomes where it is invalid.
func Encodings() []Encoding {
	return []Encoding{UTF8, UTF16LE, UTF16BE, Latin1, Windows1252, Windows1251, KOI8R, GB18030, ShiftJIS, EUCJP, Binary}
}

// ParseEncoding finds a choice by its name, in letters of either case, or by
// another name that is usual for it.
func ParseEncoding(name string) (Encoding, error) {
	var names []string
	for _, e := range Encodings() {
		if strings.EqualFold(name, e.String()) {
			return e, nil
		}
		names = append(names, e.String())
	}
	aliases := []struct {
		names string
		e     Encoding
	}{
		{"utf8", UTF8}, {"utf16le", UTF16LE}, {"utf16be", UTF16BE}, {"latin1 iso-8859-1", Latin1},
		{"cp1252", Windows1252}, {"cp1251", Windows1251}, {"koi8r", KOI8R}, {"gbk gb2312 cp936", GB18030},
		{"sjis shift-jis cp932", ShiftJIS}, {"eucjp", EUCJP},
	}
	for _, a := range aliases {
		if slices.Contains(strings.Fields(a.names), strings.ToLower(name)) {
			return a.e, nil
		}
	}
	return 0, fmt.Errorf("%q is no encoding that files are shown in; choose one of %s", name, strings.Join(names, ", "))
}

// wide reports whether the encoding has units of two bytes. In all others
// a byte below 0x80 at the beginning of a character is that ASCII character.
func (e Encoding) wide() bool { return e == UTF16LE || e == UTF16BE }
