package content

import (
	"slices"
	"testing"

	"vitrine/index/deposit"
)

func TestEnds(t *testing.T) {
	for text, c := range map[string]struct {
		ends Ends
		name string
		odd  []int
		crlf bool
	}{
		"":                   {name: "none"},
		"a":                  {name: "none"},
		"a\nb\n":             {ends: Ends{LF: 2}, name: "LF"},
		"a\r\nb":             {ends: Ends{CRLF: 1}, name: "CRLF"},
		"a\r\nb\n\nc":        {ends: Ends{LF: 2, CRLF: 1}, name: "mixed", odd: []int{1}, crlf: true},
		"a\r\n\r\nb\nc\r\nd": {ends: Ends{LF: 1, CRLF: 3}, name: "mixed", odd: []int{3}},
		"a\rb\n":             {ends: Ends{LF: 1, CR: 1}, name: "LF"},
		"a\r\r\nb\r":         {ends: Ends{CRLF: 1, CR: 2}, name: "CRLF"},
		"\n\r\n":             {ends: Ends{LF: 1, CRLF: 1}, name: "mixed", odd: []int{1}},
	} {
		x := Decode(deposit.Digest{}, []byte(text))
		odd, crlf := x.OddEnds(100)
		if x.Ends() != c.ends || x.LineEnding() != c.name || !slices.Equal(odd, c.odd) || crlf != c.crlf {
			t.Errorf("%q: %+v, %s, odd %v crlf %v", text, x.Ends(), x.LineEnding(), odd, crlf)
		}
		if x.Ends().Mixed() != (len(c.odd) > 0 || c.ends.CR > 0) {
			t.Errorf("%q: mixed is %v", text, x.Ends().Mixed())
		}
	}
	if odd, _ := Decode(deposit.Digest{}, []byte("a\r\nb\r\nc\nd\ne\nf\n")).OddEnds(1); len(odd) != 1 {
		t.Errorf("more than asked for: %v", odd)
	}
}

// TestLost: the byte behind each replacement is told, and a real one is none.
func TestLost(t *testing.T) {
	text := DecodeAs(deposit.Digest{}, []byte("ok\na\xc3(\xff \xef\xbf\xbd\n"), UTF8)
	line := text.Line(2)
	for off, want := range map[int]int{1: 0xc3, 5: 0xff, 9: -1, 0: -1, 99: -1, -1: -1} {
		b, ok := text.Lost(2, off)
		if ok != (want >= 0) || ok && int(b) != want {
			t.Errorf("%q, byte %d: %#x %v, want %#x", line, off, b, ok, want)
		}
	}
	if _, ok := DecodeAs(deposit.Digest{}, []byte("\xd8\x00\x00a"), UTF16BE).Lost(1, 0); ok {
		t.Error("an unpaired surrogate is said to be one byte")
	}
}
