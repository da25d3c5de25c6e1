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

// TestOffsetsAgreeWithAWalk compares the mapping with one that steps through
// the text character by character and cuts the raw bytes itself.
func TestOffsetsAgreeWithAWalk(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for i := range 20000 {
		raw := randomRaw(r)
		x := textOf(raw)
		if x.Encoding() == Binary {
			continue
		}
		line, col, at := 1, 1, 0
		check := func() {
			t.Helper()
			if got := x.Offset(line, col); got != int64(at) {
				t.Fatalf("%d: %q %v: Offset(%d, %d) = %d, want %d", i, raw, x.Encoding(), line, col, got, at)
			}
			if l, c := x.Position(int64(at)); l != line || c != col {
				t.Fatalf("%d: %q %v: Position(%d) = %d:%d, want %d:%d", i, raw, x.Encoding(), at, l, c, line, col)
			}
		}
		lineStart := 0
		for text := x.Bytes(); len(text) > 0; {
			check()
			if got := x.RawColumn(line, col); got != at-lineStart+1 {
				t.Fatalf("%d: RawColumn(%d, %d) = %d, want %d", i, line, col, got, at-lineStart+1)
			}
			c, w := utf8.DecodeRune(text)
			width := x.Encoding().rawWidth(c, w)
			for inside := 1; inside < width && at+inside < len(raw); inside++ {
				if l, c := x.Position(int64(at + inside)); l != line || c != col {
					t.Fatalf("%d: %q: Position(%d) inside a character = %d:%d, want %d:%d", i, raw, at+inside, l, c, line, col)
				}
			}
			for inside := 1; inside < w; inside++ {
				if got := x.Offset(line, col+inside); got != int64(at) {
					t.Fatalf("%d: %q: Offset(%d, %d) inside a character = %d, want %d", i, raw, line, col+inside, got, at)
				}
			}
			at = min(at+width, len(raw))
			text = text[w:]
			col += w
			if c == '\n' {
				line, col, lineStart = line+1, 1, at
			}
		}
		check()
	}
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
		for at := range raw {
			line, col := x.Position(int64(at))
			if back := x.Offset(line, col); x.Encoding() != Binary && (back > int64(at) || int64(at)-back > 3) {
				t.Fatalf("Position(%d) = %d:%d, whose Offset is %d", at, line, col, back)
			}
		}
	})
}

func TestEncodingNames(t *testing.T) {
	got := fmt.Sprint(UTF8, UTF16LE, UTF16BE, Latin1, Binary, Encoding(9))
	if want := "UTF-8 UTF-16LE UTF-16BE Latin-1 binary encoding 9"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}
