package spoof

import (
	_ "embed"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"sync"

	"golang.org/x/text/unicode/norm"
)

//go:embed tables.txt
var tablesText string

// A tableSet is tables.txt, read.
type tableSet struct {
	version string
	alike   map[rune]string
	scripts []scripted
	codes   []string // of scripts, by bit
	emoji   [][2]rune
}

type scripted struct {
	from, to rune
	set      Scripts
}

// tables are read when first asked for, within a few milliseconds.
var tables = sync.OnceValue(func() *tableSet {
	t, err := parseTables(tablesText)
	if err != nil {
		panic("spoof: tables.txt: " + err.Error()) // it is embedded, and tests read it
	}
	return t
})

// Version is that of Unicode in tables.txt: "15.0.0".
func Version() string { return tables().version }

func parseTables(text string) (*tableSet, error) {
	t := &tableSet{alike: map[rune]string{}}
	section := ""
	for line := range strings.Lines(text) {
		line, _, _ = strings.Cut(line, "#")
		line = strings.TrimSpace(line)
		switch {
		case line == "":
			continue
		case line[0] == '[':
			section = strings.Trim(line, "[]")
			if v, ok := strings.CutPrefix(section, "unicode "); ok {
				t.version = v
			}
			continue
		}
		var err error
		switch section {
		case "alike":
			err = t.addAlike(line)
		case "scripts":
			err = t.addScripts(line)
		case "emoji":
			var r []rune
			if r, err = hexes(line, " "); err == nil && len(r) == 2 {
				t.emoji = append(t.emoji, [2]rune{r[0], r[1]})
			}
		}
		if err != nil {
			return nil, fmt.Errorf("%q: %w", line, err)
		}
	}
	return t, nil
}

func (t *tableSet) addAlike(line string) error {
	to, from, _ := strings.Cut(line, ": ")
	proto, err := hexes(to, "+")
	if err != nil {
		return err
	}
	sources, err := hexes(from, " ")
	for _, r := range sources {
		t.alike[r] = string(proto)
	}
	return err
}

func (t *tableSet) addScripts(line string) error {
	f := strings.Fields(line)
	if len(f) != 3 {
		return fmt.Errorf("%d fields", len(f))
	}
	span, err := hexes(f[0]+" "+f[1], " ")
	if err != nil {
		return err
	}
	set, err := t.set(f[2])
	t.scripts = append(t.scripts, scripted{span[0], span[1], set})
	return err
}

func hexes(s, sep string) (out []rune, err error) {
	for f := range strings.SplitSeq(s, sep) {
		n, err := strconv.ParseInt(f, 16, 32)
		if err != nil {
			return nil, err
		}
		out = append(out, rune(n))
	}
	return out, nil
}

// isEmoji reports whether a character beyond ASCII is one of emoji.
func isEmoji(r rune) bool {
	_, ok := slices.BinarySearchFunc(tables().emoji, r, func(e [2]rune, r rune) int {
		switch {
		case e[1] < r:
			return -1
		case e[0] > r:
			return 1
		}
		return 0
	})
	return ok
}

// prototype is what one character looks like: itself, decomposed, when it is like no other.
func prototype(r rune) string {
	if to, ok := tables().alike[r]; ok {
		return to
	}
	s := string(r)
	if d := norm.NFD.String(s); d != s {
		return mapped(d)
	}
	return s
}

func mapped(decomposed string) string {
	var b strings.Builder
	for _, r := range decomposed {
		if to, ok := tables().alike[r]; ok {
			b.WriteString(to)
		} else {
			b.WriteRune(r)
		}
	}
	return b.String()
}
