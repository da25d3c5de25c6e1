package spoof_test

import (
	"bytes"
	"fmt"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"

	"vitrine/index/lex"
	"vitrine/index/spoof"
)

// codeOf tells which parts of a text are code.
func codeOf(name string, text []byte) func(from, to int) bool {
	l := lex.Detect(name, text)
	if l == nil {
		return nil
	}
	m := lex.NewMap(l, text)
	return func(from, to int) bool { return m.Within(lex.AllCode, from, to) }
}

var escape = regexp.MustCompile(`\\u\{([0-9A-F]+)\}`)

func unescape(text []byte) []byte {
	return escape.ReplaceAllFunc(text, func(m []byte) []byte {
		n, err := strconv.ParseInt(string(m[3:len(m)-1]), 16, 32)
		if err != nil {
			panic(err)
		}
		return []byte(string(rune(n)))
	})
}

// TestCases holds the findings of each file of testdata against its list: the classes of the
// published Trojan Source samples, and what must not be found.
func TestCases(t *testing.T) {
	names, err := filepath.Glob("testdata/*.txt")
	if err != nil || len(names) < 5 {
		t.Fatalf("%d files of cases, %v", len(names), err)
	}
	for _, name := range names {
		a, err := txtar.ParseFile(name)
		if err != nil {
			t.Fatal(err)
		}
		var got, want []string
		for _, f := range a.Files {
			if f.Name == "want" {
				want = strings.Split(strings.TrimSpace(string(unescape(f.Data))), "\n")
				continue
			}
			got = append(got, list(f.Name, unescape(f.Data))...)
		}
		if g, w := strings.Join(got, "\n"), strings.Join(want, "\n"); g != w {
			t.Errorf("%s: found\n%s\nwant\n%s", name, g, w)
		}
	}
}

func list(name string, b []byte) (out []string) {
	text := spoof.Text{Bytes: b, Code: codeOf(name, b)}
	for f := range text.Findings {
		what, _ := spoof.Hidden(f.Rune)
		if f.Class == spoof.LookAlike {
			what = string(b[f.From:f.To]) + " " + [...]string{"", "mixed", "reads", "letter", "twin " + f.Twin}[f.Why]
		}
		out = append(out, fmt.Sprintf("%s:%d %s %s", name, 1+bytes.Count(b[:f.From], []byte("\n")), f.Class, what))
	}
	return out
}

func TestReading(t *testing.T) {
	for _, c := range []struct{ word, reading, suspects, explained string }{
		{"sayНello", "sayHello", "Н", "Mixes Latin and Cyrillic; reads as sayHello."},
		{"mаin", "main", "а", "Mixes Latin and Cyrillic; reads as main."},
		{"сору", "copy", "сору", "Is Cyrillic throughout; reads as copy."},
		{"environmentǃ", "environment!", "ǃ", "Reads as environment!, but is another word."},
		{"fooЖ", "fooЖ", "Ж", "Mixes Latin and Cyrillic; reads as fooЖ."},
	} {
		var f spoof.Finding
		for f = range (spoof.Text{Bytes: []byte(c.word), Code: func(int, int) bool { return true }}).Findings {
		}
		if f.To-f.From != len(c.word) {
			t.Errorf("%s: found %+v", c.word, f)
		}
		if got := spoof.Reading(c.word); got != c.reading {
			t.Errorf("%s reads as %s", c.word, got)
		}
		var s []rune
		for _, x := range spoof.Suspects(c.word) {
			if string(x.Rune) != c.word[x.At:x.At+x.Size] {
				t.Errorf("%s: suspect %+v", c.word, x)
			}
			s = append(s, x.Rune)
		}
		if string(s) != c.suspects {
			t.Errorf("%s: suspects %q", c.word, string(s))
		}
		if got := f.Explain(c.word); got != c.explained {
			t.Errorf("%s: %s", c.word, got)
		}
	}
	for r, want := range map[rune]string{
		'Н':    "CYRILLIC CAPITAL LETTER EN U+041D, looks like Latin H",
		0x202E: "RIGHT-TO-LEFT OVERRIDE U+202E",
		0x1C3:  "LATIN LETTER RETROFLEX CLICK U+01C3, looks like !",
		0x1B:   "ESC U+001B",
		0x200B: "ZERO WIDTH SPACE U+200B",
		0xA0:   "NO-BREAK SPACE U+00A0",
		'Ж':    "CYRILLIC CAPITAL LETTER ZHE U+0416",
	} {
		if got := spoof.Describe(r); got != want {
			t.Errorf("%U: %s, want %s", r, got, want)
		}
	}
	for r, want := range map[rune]string{'Н': "Cyr", 'ο': "Grk", 'ǃ': "U+01C3", 'Ｈ': "U+FF28"} {
		if got := spoof.Tag(r); got != want {
			t.Errorf("%c: %s, want %s", r, got, want)
		}
	}
}
