package search

import (
	"context"
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"slices"
	"strings"
	"testing"

	"vitrine/index/segment"
)

// inverted lists the terms that a text has, by field.
func inverted(t *testing.T, text string, most int) (fields [2][]string) {
	t.Helper()
	a := segment.NewAccumulator(len(fieldNames), 0)
	if err := newWords(a).invert(context.Background(), []byte(text), most); err != nil {
		t.Fatal(err)
	}
	a.End()
	runs, store := t.TempDir(), t.TempDir()
	run, err := a.WriteRun(context.Background(), runs, [32]byte{})
	if err != nil {
		t.Fatal(err)
	}
	if err := segment.Merge(context.Background(), store, segment.Name(1), fieldNames, make([]segment.ID, 1), []segment.Source{run}); err != nil {
		t.Fatal(err)
	}
	s, err := segment.Open(store, segment.Name(1), func(name string) ([]byte, error) { return os.ReadFile(store + "/" + name) })
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	for i, f := range fieldNames {
		err := s.Each(context.Background(), f, []byte("\n"), func(term []byte, _ segment.Posting) bool {
			fields[i] = append(fields[i], string(term))
			return true
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	return fields
}

// TestInvert compares with the package comment, read slowly.
func TestInvert(t *testing.T) {
	slowly := func(text string) (fields [2][]string) {
		words, boundaries := map[string]bool{}, map[string]bool{}
		before := -1
		for i := 0; i < len(text); {
			if !isWordByte(text[i]) {
				i++
				continue
			}
			j := i
			for j < len(text) && isWordByte(text[j]) {
				j++
			}
			words[text[i:j]] = true
			if before >= 0 && i-before-1 <= maxBoundary && !strings.Contains(text[before:i], "\n") {
				boundaries[text[before:boundaryEnd([]byte(text), before, i, j)]] = true
			}
			before, i = j-1, j
		}
		if slices.ContainsFunc(slices.Collect(maps.Keys(words)), func(w string) bool { return len(w) > maxWord }) {
			return [2][]string{{unindexed}}
		}
		return [2][]string{slices.Sorted(maps.Keys(words)), slices.Sorted(maps.Keys(boundaries))}
	}
	r := rand.New(rand.NewPCG(5, 6))
	texts := []string{"", "a", " ", "a b", "\n", "é", "a\nb", "a \n b", "a\x00\x00b", strings.Repeat("a", 16) + " " + strings.Repeat("a", 17) + " " + strings.Repeat("a", 15) + "b"}
	for _, n := range []int{63, 64, 65, 127, 128, betweenChecks - 1, betweenChecks, betweenChecks + 1, maxWord, maxWord + 1} {
		texts = append(texts, strings.Repeat("x", min(n, maxWord)), strings.Repeat("x.", n), strings.Repeat(".", n)+"x", strings.Repeat("y \n", n), strings.Repeat(".", n)+strings.Repeat("z", n/8)+".z")
	}
	texts = append(texts, strings.Repeat("x", maxWord+1), "a b "+strings.Repeat("x", maxWord+1)+" c")
	for range 300 {
		var b strings.Builder
		for range r.IntN(400) {
			switch r.IntN(9) {
			case 0:
				b.WriteString(strings.Repeat("\n", r.IntN(3)))
			case 1, 2, 3:
				b.WriteString([]string{" ", "(", "\t", " = ", "    ", "->", "::", "\x00", "`", "{", "[", "/", ":", "^", "@"}[r.IntN(15)])
			case 4:
				b.WriteString(strings.Repeat([]string{"é", "漢", "q"}[r.IntN(3)], r.IntN(12)))
			default:
				fmt.Fprintf(&b, "%.*s", 1+r.IntN(30), []string{"the_quick_brown_fox_jumps_over_the_lazy_dog", "0123456789abcdef", "_", "azaz09"}[r.IntN(4)])
			}
		}
		texts = append(texts, b.String())
	}
	for _, text := range texts {
		got, want := inverted(t, text, blobWords), slowly(text)
		for i, f := range fieldNames {
			if !slices.Equal(got[i], want[i]) {
				t.Errorf("%s of %.200q:\n%q, want\n%q", f, text, got[i], want[i])
			}
		}
	}
	if got := inverted(t, "a b c", 2); !slices.Equal(got[0], []string{unindexed}) || len(got[1]) > 0 {
		t.Errorf("too many words: %q", got)
	}
}

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
