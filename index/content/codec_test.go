package content

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/japanese"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/unicode"

	"vitrine/index/deposit"
)

// peers are the encodings as x/text writes them, with characters that they
// have, of every length, and bytes that are no character whatever follows.
var peers = []struct {
	encoding Encoding
	peer     encoding.Encoding
	runes    string
	invalid  string
}{
	{UTF8, unicode.UTF8, "é߀😀\ufeff\u200b中", ""},
	{BrokenUTF8, unicode.UTF8, "é߀😀\ufeff\u200b中", "\xff\xc0\x80"},
	{UTF16LE, unicode.UTF16(unicode.LittleEndian, unicode.IgnoreBOM), "é߀😀\ufeff中", ""},
	{UTF16BE, unicode.UTF16(unicode.BigEndian, unicode.IgnoreBOM), "é߀😀\ufeff中", ""},
	{Latin1, charmap.ISO8859_1, "é\u0085ß\u00a0", ""},
	{Windows1252, charmap.Windows1252, "é€“", "\x81"},
	{Windows1251, charmap.Windows1251, "пРЁ№", "\x98"},
	{KOI8R, charmap.KOI8R, "пРЁ─", ""},
	{GB18030, simplifiedchinese.GB18030, "中€丂﨩é😀\u0600", "\xff"},
	{ShiftJIS, japanese.ShiftJIS, "日本ソ表ｱ、", "\xff\xa0"},
	{EUCJP, japanese.EUCJP, "日本ソ表ｱ丂", "\xff"},
}

// TestOffsetsAgreeWithWhatWasEncoded makes texts character by character, with
// invalid bytes between, and compares text, lines and every translation of a position.
func TestOffsetsAgreeWithWhatWasEncoded(t *testing.T) {
	type char struct {
		r         rune
		raw, size int // where and how long
	}
	for _, p := range peers {
		r := rand.New(rand.NewPCG(1, uint64(p.encoding)))
		runes := []rune("ab \n\n\r\t\\~" + p.runes)
		for i := range 400 {
			var raw []byte
			var chars []char
			length := r.IntN(40)
			if i == 0 { // past several marks
				length = 3 * markEvery
			}
			for range length {
				c := runes[r.IntN(len(runes))]
				b, err := p.peer.NewEncoder().Bytes([]byte(string(c)))
				if err != nil {
					t.Fatalf("%s has no %q: %v", p.encoding, c, err)
				}
				if p.invalid != "" && r.IntN(8) == 0 {
					n := r.IntN(len(p.invalid))
					c, b = utf8.RuneError, []byte(p.invalid[n:n+1])
				}
				chars = append(chars, char{c, len(raw), len(b)})
				raw = append(raw, b...)
			}
			x := DecodeAs(deposit.Digest{}, raw, p.encoding)
			if x.Encoding() != p.encoding && !(p.encoding == BrokenUTF8 && utf8.Valid(raw)) {
				t.Fatalf("%q: decoded as %s, not %s", raw, x.Encoding(), p.encoding)
			}
			line, col, lineRaw, text := 1, 1, 0, []byte(nil)
			at := func(raw, inside int) {
				t.Helper()
				if got := x.Offset(line, col); got != int64(raw) {
					t.Fatalf("%s, text %d: Offset(%d, %d) = %d, want %d", p.encoding, i, line, col, got, raw)
				}
				if l, c := x.Position(int64(raw + inside)); l != line || c != col {
					t.Fatalf("%s, text %d: Position(%d+%d) = %d:%d, want %d:%d", p.encoding, i, raw, inside, l, c, line, col)
				}
			}
			for _, c := range chars {
				for inside := range c.size {
					at(c.raw, inside)
				}
				if got := x.RawColumn(line, col); got != c.raw-lineRaw+1 {
					t.Fatalf("%s: RawColumn(%d, %d) = %d, want %d", p.encoding, line, col, got, c.raw-lineRaw+1)
				}
				for inside := 1; inside < utf8.RuneLen(c.r); inside++ {
					if got := x.Offset(line, col+inside); got != int64(c.raw) {
						t.Fatalf("%s: Offset(%d, %d) inside a character = %d, want %d", p.encoding, line, col+inside, got, c.raw)
					}
				}
				text = utf8.AppendRune(text, c.r)
				col += utf8.RuneLen(c.r)
				if c.r == '\n' {
					line, col, lineRaw = line+1, 1, c.raw+c.size
				}
			}
			if !bytes.Equal(x.Bytes(), text) {
				t.Fatalf("%s: %q is %q, want %q", p.encoding, raw, x.Bytes(), text)
			}
			if len(raw) > 0 {
				at(len(raw), 0)
			}
		}
	}
}

// checkMapping holds what must be true of any bytes in any encoding.
func checkMapping(t *testing.T, x *Text) {
	t.Helper()
	if !utf8.Valid(x.Bytes()) {
		t.Fatalf("%s: decoded text is not valid UTF-8", x.Encoding())
	}
	if x.Encoding() == Binary {
		return
	}
	covered := int64(0)
	for line := 1; line <= x.Lines(); line++ {
		text := x.Line(line)
		for col := 1; col <= len(text)+1; col++ {
			if col <= len(text) && !utf8.RuneStart(text[col-1]) {
				continue
			}
			raw := x.Offset(line, col)
			if raw < covered || raw > covered+4 {
				t.Fatalf("%s: Offset(%d, %d) = %d after %d", x.Encoding(), line, col, raw, covered)
			}
			if l, c := x.Position(raw); (l != line || c != col) && raw != x.Size() {
				t.Fatalf("%s: Position(Offset(%d, %d)) = %d:%d", x.Encoding(), line, col, l, c)
			}
			covered = raw
		}
	}
	if x.Size()-covered > 2 {
		t.Fatalf("%s: the text ends at %d of %d", x.Encoding(), covered, x.Size())
	}
}

// TestNothingIsHidden: of any bytes, none is dropped, and in all encodings but
// UTF-16 none hides a line end.
func TestNothingIsHidden(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 6))
	for range 60 {
		raw := make([]byte, r.IntN(300))
		for i := range raw {
			raw[i] = byte(r.Uint32())
			if r.IntN(6) == 0 {
				raw[i] = '\n'
			}
		}
		for _, e := range Encodings() {
			x := DecodeAs(deposit.Digest{}, raw, e)
			checkMapping(t, x)
			if e != Binary && !e.wide() && bytes.Count(x.Bytes(), []byte{'\n'}) != bytes.Count(raw, []byte{'\n'}) {
				t.Fatalf("%s: %q has other line ends as %q", e, raw, x.Bytes())
			}
		}
	}
}

// TestTablesAgreeWithThePeer compares every sequence of two bytes.
func TestTablesAgreeWithThePeer(t *testing.T) {
	for _, p := range peers[8:] {
		next := p.encoding.step()
		for lead := 0x80; lead < 0x100; lead++ {
			for trail := range 0x100 {
				raw := []byte{byte(lead), byte(trail)}
				want, err := p.peer.NewDecoder().Bytes(raw)
				if err != nil {
					t.Fatal(err)
				}
				var got []byte
				for rest := raw; len(rest) > 0; {
					c, n := next(rest)
					got = utf8.AppendRune(got, c)
					rest = rest[n:]
				}
				// What is no character is one U+FFFD for each byte here; x/text
				// takes some leads together with what follows.
				if !bytes.Contains(want, []byte("\ufffd")) && !bytes.Equal(got, want) {
					t.Errorf("%s: %x is %q, want %q", p.encoding, raw, got, want)
				}
				if bytes.Contains(want, []byte("\ufffd")) != bytes.Contains(got, []byte("\ufffd")) {
					t.Errorf("%s: %x is %q, x/text has %q", p.encoding, raw, got, want)
				}
			}
		}
	}
}

func TestChoices(t *testing.T) {
	raw := []byte("\xcf\xf0\xe8\xe2\xe5\xf2, \xec\xe8\xf0\n")
	x := textOf(raw)
	if x.Encoding() != Windows1251 || string(x.Bytes()) != "Привет, мир\n" {
		t.Fatalf("recognised as %s: %q", x.Encoding(), x.Bytes())
	}
	chosen := Choices{x.Blob(): Latin1}
	if x := chosen.Decode(x.Blob(), raw); x.Encoding() != Latin1 || !strings.HasPrefix(string(x.Bytes()), "Ïðèâåò") {
		t.Errorf("chosen Latin-1, got %s: %q", x.Encoding(), x.Bytes())
	}
	if x := chosen.Decode(deposit.Digest{1}, raw); x.Encoding() != Windows1251 {
		t.Errorf("another blob is %s", x.Encoding())
	}
	for _, c := range []struct {
		raw       string
		choose, e Encoding
	}{{"a\xff", UTF8, BrokenUTF8}, {"é", UTF8, UTF8}, {"é", BrokenUTF8, UTF8}, {"a", Binary, Binary}, {"a\x00", UTF8, UTF8}} {
		if x := DecodeAs(deposit.Digest{}, []byte(c.raw), c.choose); x.Encoding() != c.e {
			t.Errorf("%q chosen as %s is %s, want %s", c.raw, c.choose, x.Encoding(), c.e)
		}
	}
}

func ExampleParseEncoding() {
	e, _ := ParseEncoding("cp1251")
	fmt.Println(e)
	// Output: windows-1251
}
