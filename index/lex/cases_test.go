package lex

import (
	"embed"
	"fmt"
	"strings"
	"testing"
)

// The cases are texts with their regions marked: strings «», comments ‹›,
// directives ⟦⟧. A line "--" parts cases. A new case needs no code.
//
//go:embed testdata/cases
var caseFiles embed.FS

type regionCase struct {
	lang, name, text string
	want             []Region
}

var cases = func() (cs []regionCase) {
	files, err := caseFiles.ReadDir("testdata/cases")
	if err != nil {
		panic(err)
	}
	for _, f := range files {
		data, err := caseFiles.ReadFile("testdata/cases/" + f.Name())
		if err != nil {
			panic(err)
		}
		for i, marked := range strings.Split(string(data), "\n--\n") {
			lang := strings.TrimSuffix(f.Name(), ".txt")
			c := regionCase{lang: lang, name: fmt.Sprint(lang, " ", i+1)}
			c.text, c.want = unmark(marked)
			cs = append(cs, c)
		}
	}
	return cs
}()

// unmark takes the marks out of a text.
func unmark(marked string) (string, []Region) {
	kinds := map[rune]RegionKind{'«': InString, '‹': InComment, '⟦': InDirective}
	var text strings.Builder
	var open, rs []Region
	add := func(r Region, end int) {
		if r.Start < end {
			rs = append(rs, Region{r.Start, end, r.Kind})
		}
	}
	for _, c := range marked {
		at, n := text.Len(), len(open)
		switch c {
		case '«', '‹', '⟦':
			if n > 0 { // within a directive
				add(open[n-1], at)
			}
			open = append(open, Region{Start: at, Kind: kinds[c]})
		case '»', '›', '⟧':
			add(open[n-1], at)
			open = open[:n-1]
			if n > 1 {
				open[n-2].Start = at
			}
		default:
			text.WriteRune(c)
		}
	}
	for _, r := range open { // to the end
		add(r, text.Len())
	}
	return text.String(), rs
}

func TestCases(t *testing.T) {
	tried := map[string]bool{}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			l := ByID(c.lang)
			if l == nil {
				t.Fatalf("no language %s", c.lang)
			}
			var got []Region
			for r := range NewMap(l, []byte(c.text)).Regions(0, len(c.text)) {
				if r.Kind != Code {
					got = append(got, r)
				}
			}
			for i := range max(len(got), len(c.want)) {
				if i >= len(got) || i >= len(c.want) || got[i] != c.want[i] {
					t.Fatalf("region %d differs\ngot  %s\nwant %s", i+1, remark(c.text, got), remark(c.text, c.want))
				}
			}
			if err := check(l, []byte(c.text)); err != nil {
				t.Error(err)
			}
		})
		tried[c.lang] = true
	}
	for _, l := range languages {
		if !tried[l.id] {
			t.Errorf("no case of %s", l.id)
		}
	}
}

// remark puts the marks back.
func remark(text string, rs []Region) string {
	var b strings.Builder
	at := 0
	for _, r := range rs {
		pair := []rune([]string{"", "‹›", "«»", "⟦⟧"}[r.Kind])
		b.WriteString(text[at:r.Start] + string(pair[0]) + text[r.Start:r.End] + string(pair[1]))
		at = r.End
	}
	return b.String() + text[at:]
}
