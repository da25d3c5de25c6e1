package content

import (
	"bytes"
	"crypto/sha256"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"unicode/utf16"
	"unicode/utf8"

	"vitrine/index/deposit"
)

func textOf(raw []byte) *Text { return Decode(deposit.Digest(sha256.Sum256(raw)), raw) }

func utf16Of(s string, big bool) []byte {
	var out []byte
	for _, u := range utf16.Encode([]rune(s)) {
		if big {
			out = append(out, byte(u>>8), byte(u))
		} else {
			out = append(out, byte(u), byte(u>>8))
		}
	}
	return out
}

func TestDecode(t *testing.T) {
	long := strings.Repeat("x", binaryProbe)
	for _, c := range []struct {
		name     string
		raw      string
		encoding Encoding
		text     string
		lines    []string
		ending   string
	}{
		{"empty", "", UTF8, "", nil, "none"},
		{"no newline at the end", "a\nb", UTF8, "a\nb", []string{"a", "b"}, "LF"},
		{"newline at the end", "a\nb\n", UTF8, "a\nb\n", []string{"a", "b"}, "LF"},
		{"empty lines", "\n\n", UTF8, "\n\n", []string{"", ""}, "LF"},
		{"CRLF keeps its CR", "a\r\nb\r\n", UTF8, "a\r\nb\r\n", []string{"a\r", "b\r"}, "CRLF"},
		{"mixed endings", "a\r\nb\n", UTF8, "a\r\nb\n", []string{"a\r", "b"}, "mixed"},
		{"a lone CR is no line end", "a\rb", UTF8, "a\rb", []string{"a\rb"}, "none"},
		{"UTF-8 with mark", "\xef\xbb\xbfa", UTF8, "\ufeffa", []string{"\ufeffa"}, "none"},
		{"Latin-1", "caf\xe9\n\xff", Latin1, "café\nÿ", []string{"café", "ÿ"}, "LF"},
		{"NUL early", "a\x00b\n", Binary, "", nil, "none"},
		{"NUL late", long + "\x00\n", UTF8, long + "\x00\n", []string{long + "\x00"}, "LF"},
		{"UTF-16LE", "\xff\xfea\x00\n\x00\xe9\x00", UTF16LE, "\ufeffa\né", []string{"\ufeffa", "é"}, "LF"},
		{"UTF-16BE", "\xfe\xff\x00a\x00\n\xd8\x3d\xde\x00", UTF16BE, "\ufeffa\n😀", []string{"\ufeffa", "😀"}, "LF"},
		{"UTF-16 with a lone surrogate and an odd byte", "\xff\xfe\x00\xd8a\x00b", UTF16LE, "\ufeff\ufffda\ufffd", []string{"\ufeff\ufffda\ufffd"}, "none"},
		{"windows-1252", "\x93caf\xe9\x94", Windows1252, "“café”", []string{"“café”"}, "none"},
		{"UTF-8 with a broken byte", "für Größe\xff\n", BrokenUTF8, "für Größe\ufffd\n", []string{"für Größe\ufffd"}, "LF"},
		{"UTF-16LE without mark", "a\x00b\x00\r\x00\n\x00", UTF16LE, "ab\r\n", []string{"ab\r"}, "CRLF"},
		{"UTF-16BE without mark", "\x044\x040\x00.\x00\n", UTF16BE, "да.\n", []string{"да."}, "LF"},
		{"text with a NUL is not UTF-16", "comment-null = \"null\" # \x00\nok", Binary, "", nil, "none"},
		{"numbers are not UTF-16", "\x01\x00\x02\x00\x03\x00\x04\x00", Binary, "", nil, "none"},
		{"few controls are text", long[:1000] + "\x01\xe9", Latin1, long[:1000] + "\x01é", []string{long[:1000] + "\x01é"}, "none"},
		{"many controls are not", "\x01\x02\x03\xe9\xff", Binary, "", nil, "none"},
		{"UTF-32BE is binary", "\x00\x00\xfe\xff\x00\x00\x00a", Binary, "", nil, "none"},
		{"UTF-32LE is binary", "\xff\xfe\x00\x00a\x00\x00\x00", Binary, "", nil, "none"},
	} {
		t.Run(c.name, func(t *testing.T) {
			x := textOf([]byte(c.raw))
			var lines []string
			for n := 1; n <= x.Lines(); n++ {
				lines = append(lines, string(x.Line(n)))
			}
			if x.Encoding() != c.encoding || string(x.Bytes()) != c.text || !slices.Equal(lines, c.lines) || x.LineEnding() != c.ending {
				t.Errorf("got %v %q %q %s", x.Encoding(), x.Bytes(), lines, x.LineEnding())
			}
			if x.Line(0) != nil || x.Line(x.Lines()+1) != nil {
				t.Error("a line outside the text is not nil")
			}
		})
	}
}

// randomRaw makes bytes of every encoding, valid and not.
func randomRaw(r *rand.Rand) []byte {
	runes := []rune("ab \n\n\r\té߀😀\ufeff\u200b中")
	var s strings.Builder
	for range r.IntN(40) {
		s.WriteRune(runes[r.IntN(len(runes))])
	}
	var raw []byte
	switch r.IntN(4) {
	case 0:
		raw = []byte(s.String())
	case 1:
		raw = append([]byte{0xff, 0xfe}, utf16Of(s.String(), false)...)
	case 2:
		raw = append([]byte{0xfe, 0xff}, utf16Of(s.String(), true)...)
	default:
		for range r.IntN(40) {
			raw = append(raw, "ab\n\r\xe9\xff\x80"[r.IntN(7)])
		}
	}
	for range r.IntN(3) { // damage: other encodings, odd bytes, lone surrogates
		if len(raw) > 2 {
			i := 2 + r.IntN(len(raw)-2)
			raw = append(raw[:i], raw[i+1:]...)
		}
	}
	return raw
}

func TestSpanIsTheBytesSeen(t *testing.T) {
	raw := append([]byte{0xff, 0xfe}, utf16Of("int x;\nint café;\n", false)...)
	x := textOf(raw)
	s := x.Span(2, 5, 2, 5+len("café"))
	if got, want := raw[s.From:s.To], utf16Of("café", false); !bytes.Equal(got, want) || s.Blob != x.Blob() {
		t.Errorf("span %v is %q, want %q", s, got, want)
	}
	if s := x.Span(2, 5, 1, 1); s.From != s.To {
		t.Errorf("a span backwards is %v, want an empty one", s)
	}
	if s := x.Span(1, 1, 99, 99); s.From != 0 || s.To != x.Size() {
		t.Errorf("a span over everything is %v", s)
	}
}

func TestUTF16RoundTrip(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	for range 2000 {
		raw := append([]byte{0xfe, 0xff}, utf16Of(string(randomRaw(r)), true)...)
		x := textOf(raw)
		if got := utf16Of(string(x.Bytes()), true); !bytes.Equal(got, raw) {
			t.Fatalf("%q decodes to %q, which encodes to %q", raw, x.Bytes(), got)
		}
	}
}

func FuzzDecode(f *testing.F) {
	f.Add([]byte("a\nb"))
	f.Fuzz(func(t *testing.T, raw []byte) {
		if len(raw) > 8<<10 {
			return // what the mapping does there it does here; trying every position takes minutes
		}
		x := textOf(raw)
		if !utf8.Valid(x.Bytes()) {
			t.Fatal("decoded text is not valid UTF-8")
		}
		n := 0
		for l := 1; l <= x.Lines(); l++ {
			n += len(x.Line(l)) + 1
		}
		if d := n - len(x.Bytes()); d < 0 || d > 1 {
			t.Fatalf("lines cover %d bytes of %d", n, len(x.Bytes()))
		}
		checkMapping(t, x)
		for _, e := range Encodings() {
			checkMapping(t, DecodeAs(x.Blob(), raw, e))
		}
	})
}

func TestEncodingNames(t *testing.T) {
	got := fmt.Sprint(UTF8, UTF16LE, UTF16BE, Latin1, Binary, Encoding(99))
	if want := "UTF-8 UTF-16LE UTF-16BE Latin-1 binary encoding 99"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	for _, e := range Encodings() {
		if got, err := ParseEncoding(strings.ToUpper(e.String())); err != nil || got != e {
			t.Errorf("%s is parsed as %v, %v", e, got, err)
		}
	}
	if e, err := ParseEncoding("GBK"); err != nil || e != GB18030 {
		t.Errorf("GBK is %v, %v", e, err)
	}
	if _, err := ParseEncoding("UTF-7"); err == nil || !strings.Contains(err.Error(), "windows-1251") {
		t.Errorf("an unknown name: %v", err)
	}
}
