package main

import (
	"io"
	"strings"
)

// muffler passes on what is logged, but for two complaints of Fyne's that mean
// nothing to whoever sees them: that it cannot follow the theme of a desktop
// without D-Bus (this program has its own themes and wants no bus), and that
// the settings were empty when it read them in the middle of being written (it
// reads them once more at the end). A complaint is a line of what, one of why
// and one of where; each is one Write.
type muffler struct {
	to     io.Writer
	inOne  bool   // the line before belonged to such a complaint
	unsure []byte // a line whose next one decides
}

func (m *muffler) Write(line []byte) (int, error) {
	s := string(line)
	begins := strings.Contains(s, "Fyne error:  failed to watch theme settings")
	goesOn := m.inOne && (strings.Contains(s, "   Cause: ") || strings.Contains(s, "   At: "))
	half := len(m.unsure) > 0 && strings.HasSuffix(s, "   Cause: EOF\n")
	m.inOne = begins || goesOn || half
	if m.inOne {
		m.unsure = nil
		return len(line), nil
	}
	if strings.HasSuffix(s, "Fyne error:  Preferences load error:\n") {
		m.unsure = append(m.unsure, line...)
		return len(line), nil
	}
	if _, err := m.to.Write(append(m.unsure, line...)); err != nil {
		return 0, err
	}
	m.unsure = nil
	return len(line), nil
}
