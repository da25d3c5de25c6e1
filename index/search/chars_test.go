package search

import (
	"slices"
	"strings"
	"testing"
	"unicode"

	"golang.org/x/text/unicode/runenames"
)

// TestCharNames holds the table against Unicode's names and properties.
func TestCharNames(t *testing.T) {
	for _, list := range [][]namedChar{bidi, zeroWidth, spaces, controls, ordinary} {
		for _, c := range list {
			name := c.names[strings.LastIndexByte(c.names, ',')+1:]
			if want := runenames.Name(c.r); name != want && want != "<control>" {
				t.Errorf("%U is called %q, Unicode says %q", c.r, name, want)
			}
			for n := range strings.SplitSeq(c.names, ",") {
				for _, spelt := range []string{n, strings.ToLower(n), strings.ReplaceAll(n, " ", "-")} {
					if set, err := charNamed(spelt); err != nil || !slices.Equal(set, []rune{c.r, c.r}) {
						t.Errorf("%q gives %U, %v; want %U", spelt, set, err, c.r)
					}
				}
			}
		}
	}
	in := func(class string) func(rune) bool {
		set, err := charNamed(class)
		if err != nil {
			t.Fatal(err)
		}
		return func(r rune) bool {
			for pair := range slices.Chunk(set, 2) {
				if pair[0] <= r && r <= pair[1] {
					return true
				}
			}
			return false
		}
	}
	isBidi, isSpace, isControl, isInvisible := in("bidi"), in("space"), in("control"), in("Invisible")
	for r := rune(0); r <= unicode.MaxRune; r++ {
		if got, want := isBidi(r), unicode.Is(unicode.Bidi_Control, r); got != want {
			t.Errorf("%U is bidi: %v", r, got)
		}
		if r == ' ' || r == '\t' || r == '\n' || r == '\r' {
			continue
		}
		if unicode.Is(unicode.Z, r) && !isSpace(r) {
			t.Errorf("%U separates and is no space", r)
		}
		if got, want := isControl(r), unicode.IsControl(r); got != want {
			t.Errorf("%U is a control: %v", r, got)
		}
		if (unicode.Is(unicode.Other_Default_Ignorable_Code_Point, r) || unicode.Is(unicode.Variation_Selector, r) && r != 0x180b && r != 0x180c && r != 0x180d && r != 0x180f) && r != 0x17b4 && r != 0x17b5 && !isInvisible(r) && unicode.IsPrint(r) {
			t.Errorf("%U does not show and is not invisible", r)
		}
	}
}

// TestLookAlikes: they are asked for by class.
func TestLookAlikes(t *testing.T) {
	set, err := charNamed("look-alike")
	if err != nil {
		t.Fatal(err)
	}
	for r, want := range map[rune]bool{'Н': true, 'а': true, 'ǃ': true, 'H': false, 'Ж': false, 'é': false, 0x202e: false} {
		in := false
		for pair := range slices.Chunk(set, 2) {
			in = in || pair[0] <= r && r <= pair[1]
		}
		if in != want {
			t.Errorf("%c looks like an ASCII character: %v", r, in)
		}
	}
}

// TestFoldKeepsWords: whole words are looked for in folded text.
func TestFoldKeepsWords(t *testing.T) {
	for r := rune(0); r <= unicode.MaxRune; r++ {
		if isWordRune(r) != isWordRune(foldRune(r)) {
			t.Errorf("%U folds to %U, and only one of them is part of a word", r, foldRune(r))
		}
	}
}
