package main

import (
	"io"
	"strings"
)

// muffler passes on what is logged, but for one complaint of Fyne's: that it
// cannot follow the theme of a desktop without D-Bus. This program has its own
// themes and wants no bus. A complaint is a line of what, one of why and one of
// where; each is one Write.
type muffler struct {
	to    io.Writer
	inOne bool // the line before belonged to that complaint
}

func (m *muffler) Write(line []byte) (int, error) {
	s := string(line)
	begins := strings.Contains(s, "Fyne error:  failed to watch theme settings")
	goesOn := m.inOne && (strings.Contains(s, "   Cause: ") || strings.Contains(s, "   At: "))
	m.inOne = begins || goesOn
	if m.inOne {
		return len(line), nil
	}
	return m.to.Write(line)
}
