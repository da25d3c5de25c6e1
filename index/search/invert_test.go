package search

import (
	"slices"
	"testing"
)

// TestBoundariesOf: what a text has of boundaries, as patterns, whatever stands around it.
func TestBoundariesOf(t *testing.T) {
	for literal, want := range map[string][]string{
		"word":               nil,
		"->next":             nil, // the word before is not known
		"f(":                 nil,
		"int foo":            {"\nt fo\n"},
		"int f":              {"\nt f"}, // f may go on
		"int f(":             {"\nt f\n"},
		"out of memory":      {"\nt of\n", "\nf me\n"},
		"for (i = 0":         {"\nr (i\n", "\ni = 0\n"},
		"a\tb":               {"\na\tb\n"},
		"a  bc":              {"\na  b\n"},
		"a.bc d":             {"\na.b\n", "\nc d"},
		"a\nb c":             {"\nb c"},
		"x       y":          nil, // longer than is kept
		"é b":                {"\n\xa9 b"},
		"b é":                {"\nb é\n"},
		"static int x = 10;": {"\nc in\n", "\nt x\n", "\nx = 1\n"},
	} {
		if got := boundariesOf(literal); !slices.Equal(got, want) {
			t.Errorf("%q: %q, want %q", literal, got, want)
		}
	}
}
