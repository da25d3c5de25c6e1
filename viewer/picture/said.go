package picture

import (
	"bytes"
	"compress/zlib"
	"encoding/binary"
	"io"
	"strings"
	"unicode"

	"vitrine/viewer/words"
)

const (
	// maxSaid and maxText bound the texts of a picture: more help no reader.
	maxSaid = 32
	maxText = 300 // bytes
	// maxParts bounds the chunks, segments and tags that are looked at.
	maxParts = 4096
)

// said gathers the texts that a file's format has places for.
func said(format string, raw []byte) []Said {
	var s sayings
	switch format {
	case "png":
		s.png(raw)
	case "jpeg":
		s.jpeg(raw)
	case "gif":
		s.gif(raw)
	case "webp":
		s.webp(raw)
	}
	return s
}

type sayings []Said

// add keeps a text as far as it can be shown on one line.
func (s *sayings) add(name string, text []byte) {
	if len(*s) >= maxSaid || len(text) == 0 {
		return
	}
	long := len(text) > maxText
	text = text[:min(len(text), maxText)]
	shown := strings.Map(func(r rune) rune {
		if !unicode.IsPrint(r) {
			return ' '
		}
		return r
	}, strings.ToValidUTF8(string(text), "?"))
	shown = strings.Join(strings.Fields(shown), " ")
	if long {
		shown += " …"
	}
	if shown != "" {
		*s = append(*s, Said{name, shown})
	}
}

// png reads the chunks tEXt, zTXt, iTXt, eXIf and tIME (W3C PNG, third edition, 11.3).
func (s *sayings) png(raw []byte) {
	at := 8
	for range maxParts {
		if at+12 > len(raw) {
			return
		}
		n := int(binary.BigEndian.Uint32(raw[at:]))
		if n < 0 || n > len(raw)-at-12 {
			return
		}
		kind, data := string(raw[at+4:at+8]), raw[at+8:at+8+n]
		at += 12 + n
		name, rest, ok := bytes.Cut(data, []byte{0})
		label := string(name[:min(len(name), 79)])
		switch {
		case kind == "IEND":
			return
		case kind == "eXIf":
			s.exif(data)
		case kind == "tEXt" && ok:
			s.add(label, latin1(rest))
		case kind == "zTXt" && ok && len(rest) > 1:
			s.add(label, latin1(inflated(rest[1:])))
		case kind == "iTXt" && ok && len(rest) > 2:
			packed := rest[0] == 1
			_, rest, _ = bytes.Cut(rest[2:], []byte{0}) // language
			_, text, ok := bytes.Cut(rest, []byte{0})   // translated name
			if packed {
				text = inflated(text)
			}
			if ok {
				s.add(label, text)
			}
		}
	}
}

// inflated is the beginning of what was packed: who packs a gigabyte gets no more.
func inflated(b []byte) []byte {
	r, err := zlib.NewReader(bytes.NewReader(b))
	if err != nil {
		return nil
	}
	out, _ := io.ReadAll(io.LimitReader(r, maxText+1)) // cut off or not, this is what it says
	return out
}

func latin1(b []byte) []byte {
	var out []byte
	for _, c := range b[:min(len(b), maxText+1)] {
		out = append(out, string(rune(c))...)
	}
	return out
}

// jpeg reads the segments COM and APP1 (ITU-T T.81, B.1; Exif 2.3).
func (s *sayings) jpeg(raw []byte) {
	at := 2
	for range maxParts {
		if at+4 > len(raw) || raw[at] != 0xff {
			return
		}
		marker, n := raw[at+1], int(binary.BigEndian.Uint16(raw[at+2:]))
		if marker == 0xff {
			at++
			continue
		}
		if marker == 0xda || marker == 0xd9 || n < 2 || at+2+n > len(raw) {
			return // the picture itself
		}
		data := raw[at+4 : at+2+n]
		at += 2 + n
		if marker == 0xfe {
			s.add(words.T("Comment"), data)
		} else if rest, ok := bytes.CutPrefix(data, []byte("Exif\x00\x00")); ok && marker == 0xe1 {
			s.exif(rest)
		}
	}
}

// gif reads the comments (GIF89a, 24), and says how many pictures there are.
func (s *sayings) gif(raw []byte) {
	if len(raw) < 13 {
		return
	}
	at, frames := 13, 0
	table := func(flags byte) int {
		if flags&0x80 == 0 {
			return 0
		}
		return 3 << (flags&7 + 1)
	}
	at += table(raw[10])
	blocks := func(comment bool) {
		var text []byte
		for at < len(raw) && raw[at] > 0 {
			n := int(raw[at])
			if comment && len(text) <= maxText && at+1+n <= len(raw) {
				text = append(text, raw[at+1:at+1+n]...)
			}
			at += 1 + n
		}
		at++
		s.add(words.T("Comment"), text)
	}
	for range maxParts {
		if at+1 >= len(raw) || raw[at] == 0x3b {
			break
		}
		switch raw[at] {
		case 0x21:
			kind := raw[at+1]
			at += 2
			blocks(kind == 0xfe)
		case 0x2c:
			if at+10 > len(raw) {
				return
			}
			frames++
			at += 10 + table(raw[at+9]) + 1
			blocks(false)
		default:
			return
		}
	}
	if frames > 1 {
		s.add(words.T("Pictures"), []byte(words.T("the first of several is shown")))
	}
}

// webp reads the chunk EXIF (Google, WebP container).
func (s *sayings) webp(raw []byte) {
	at := 12
	for range maxParts {
		if at+8 > len(raw) {
			return
		}
		n := int(binary.LittleEndian.Uint32(raw[at+4:]))
		if n < 0 || n > len(raw)-at-8 {
			return
		}
		if string(raw[at:at+4]) == "EXIF" {
			s.exif(bytes.TrimPrefix(raw[at+8:at+8+n], []byte("Exif\x00\x00")))
		}
		at += 8 + n + n%2
	}
}

// exifNames are tags with a text (Exif 2.3, 4.6.4 and 4.6.5).
var exifNames = map[uint16]string{
	0x010e: words.Key("Description"), 0x010f: words.Key("Make"), 0x0110: words.Key("Camera"), 0x0131: words.Key("Software"), 0x0132: words.Key("Date"), 0x013b: words.Key("Artist"), 0x8298: words.Key("Copyright"),
}

// exif reads the texts of the first directory of a TIFF file (TIFF 6.0, 2), and says
// whether a place on Earth is in it.
func (s *sayings) exif(b []byte) {
	var order binary.ByteOrder
	switch {
	case len(b) < 8:
		return
	case string(b[:2]) == "II":
		order = binary.LittleEndian
	case string(b[:2]) == "MM":
		order = binary.BigEndian
	default:
		return
	}
	at := int(order.Uint32(b[4:]))
	if at < 0 || at+2 > len(b) {
		return
	}
	n := int(order.Uint16(b[at:]))
	for i := range min(n, maxParts) {
		e := at + 2 + 12*i
		if e+12 > len(b) {
			return
		}
		tag, kind, count, from := order.Uint16(b[e:]), order.Uint16(b[e+2:]), int(order.Uint32(b[e+4:])), int(order.Uint32(b[e+8:]))
		if tag == 0x8825 {
			s.add(words.T("Position"), []byte(words.T("the file says where it was taken")))
		}
		name := exifNames[tag]
		if name == "" || kind != 2 || count <= 0 {
			continue
		}
		if count <= 4 {
			from = e + 8
		}
		if from < 0 || count > len(b) || from > len(b)-count {
			continue
		}
		text, _, _ := bytes.Cut(b[from:from+count], []byte{0})
		s.add(name, text)
	}
}
