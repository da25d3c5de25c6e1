// Package editorconfig reads how a project indents its files from its .editorconfig files
// (https://editorconfig.org, specification 0.17): indent_style, indent_size, tab_width,
// root, and the sections' globs. The other properties are about writing.
//
// The files are a vendor's and may mean harm. So there is no error: what is no line of the
// format, or no number, says nothing; and everything has a limit. The reference library
// for Go spells out every number of {1..1000000000}, and reads from the disk; that is why
// this package is here.
package editorconfig

import (
	"bytes"
	"path"
	"strconv"
	"strings"
)

const (
	// Name is what the files are called.
	Name = ".editorconfig"
	// MaxSize bounds a file in bytes. Those of large projects have some kilobytes.
	MaxSize = 64 << 10
	// maxFolders bounds the folders above a file that are looked into.
	maxFolders = 64
	// maxSections bounds those of a file, maxGlob (as the specification does) the bytes of
	// their names.
	maxSections, maxGlob = 500, 4096
	// MaxWidth bounds what is taken for a width, in cells: larger ones are nonsense.
	MaxWidth = 16
)

// An Indent is how a file is indented, in cells; 0 is not said.
type Indent struct {
	Tab  int // distance of tab stops
	Step int // of one level
}

// A File is a parsed .editorconfig.
type File struct {
	root     bool
	sections []section
}

type section struct {
	glob *glob
	sets properties
}

// properties are what sections set, in lower case.
type properties struct{ style, size, tab string }

// Of finds how the file at a path is indented. read gives the file of this package's Name
// at a path, nil where there is none; it is asked from the nearest folder upwards.
func Of(file string, read func(path string) *File) Indent {
	var p properties
	dir := path.Dir(file)
	for range maxFolders {
		if f := read(path.Join(dir, Name)); f != nil {
			p.fill(f.of(strings.TrimPrefix(strings.TrimPrefix(file, dir), "/")))
			if f.root {
				break
			}
		}
		if dir == "." || dir == "/" {
			break
		}
		dir = path.Dir(dir)
	}
	return p.indent()
}

// Parse reads a file.
func Parse(b []byte) *File {
	f := &File{}
	if len(b) > MaxSize {
		return f
	}
	var in *properties // of the section, nil where its properties do not count
	preamble := true
	for line := range bytes.Lines(bytes.TrimPrefix(b, []byte("\ufeff"))) {
		text := string(bytes.TrimSpace(line))
		switch {
		case text == "" || text[0] == '#' || text[0] == ';':
		case text[0] == '[' && text[len(text)-1] == ']':
			preamble, in = false, nil
			if g := newGlob(text[1 : len(text)-1]); g != nil && len(f.sections) < maxSections {
				f.sections = append(f.sections, section{glob: g})
				in = &f.sections[len(f.sections)-1].sets
			}
		default:
			key, value, ok := strings.Cut(text, "=")
			key, value = strings.ToLower(strings.TrimSpace(key)), strings.ToLower(strings.TrimSpace(value))
			switch {
			case !ok:
			case preamble:
				f.root = f.root || key == "root" && value == "true"
			case in != nil:
				in.set(key, value)
			}
		}
	}
	return f
}

func (p *properties) set(key, value string) {
	switch key {
	case "indent_style":
		p.style = value
	case "indent_size":
		p.size = value
	case "tab_width":
		p.tab = value
	}
}

// fill takes what is not set yet.
func (p *properties) fill(o properties) {
	for _, x := range []struct {
		to   *string
		from string
	}{{&p.style, o.style}, {&p.size, o.size}, {&p.tab, o.tab}} {
		if *x.to == "" {
			*x.to = x.from
		}
	}
}

// of is what the sections that match a path below the file's folder set: the last one
// that does counts.
func (f *File) of(name string) (p properties) {
	for _, s := range f.sections {
		if s.glob.matches(name) {
			o := p
			p = s.sets
			p.fill(o)
		}
	}
	return p
}

// indent resolves what is said of several properties: a tab is as wide as a level unless
// it is said, and the other way round for a level that is a tab.
func (p properties) indent() Indent {
	size, tab := width(p.size), width(p.tab)
	if p.size == "tab" || p.style == "tab" && size == 0 && p.size != "unset" {
		size = tab
	}
	if tab == 0 && p.tab != "unset" {
		tab = size
	}
	return Indent{tab, size}
}

func width(s string) int {
	if n, err := strconv.Atoi(s); err == nil && n >= 1 && n <= MaxWidth {
		return n
	}
	return 0
}
