package code

import (
	"slices"
	"unicode/utf8"
)

// A Suspect is a character that can be seen and is not what it seems, such as a Cyrillic
// letter in a Latin name. It is drawn in a box, as large as fits, with its Tag behind it.
type Suspect struct {
	Off int    // of its first byte in the line, 0-based
	Tag string // what it is, in few letters ("Cyr"); "" in the midst of several
}

// SetSuspects replaces the look-alikes of each line, which must be in order.
func (v *View) SetSuspects(lines map[int][]Suspect) {
	if len(lines) == 0 && len(v.suspects) == 0 {
		return
	}
	v.suspects = lines
	clear(v.maps)
	v.goal, v.widest = -1, 0
	v.reorder()
	v.changed()
}

// SuspectsOn are the look-alikes of a line.
func (v *View) SuspectsOn(line int) []Suspect { return v.suspects[line] }

// suspect finds the look-alike that starts at a byte.
func (m *cellMap) suspect(off int) (tag string, ok bool) {
	i, ok := slices.BinarySearchFunc(m.suspects, off, func(s Suspect, off int) int { return s.Off - off })
	if !ok {
		return "", false
	}
	return m.suspects[i].Tag, true
}

// alike is the box of a look-alike.
func (g *glyphs) alike(r rune, tag string) glyph {
	b := g.of(r)
	if b.how != boxed { // whatever can be drawn is in its own box already
		b = box(string(r))
	}
	if b.alike = true; tag != "" {
		b.label += " " + tag
		b.cells += 1 + utf8.RuneCountInString(tag)
	}
	return b
}
