package bom

import (
	"crypto/sha256"
	"fmt"
	"path"
	"regexp"
	"strings"

	"vitrine/index/deposit"
)

// A Grade says how surely something of a component was found.
type Grade int

// The grades, worst first; the package comment says what each means.
const (
	None Grade = iota
	ByName
	ByPath
	ByDigest
)

// String is the grade as a list shows it.
func (g Grade) String() string {
	return [...]string{"not found", "by name", "by path", "by digest"}[g]
}

// A Found is a component and what of it the release has.
type Found struct {
	Component
	Grade Grade
	// Where is the path at which something was found, of a file or, by name, of
	// a directory.
	Where string
	// Of the files that the bill lists for the component: how many have these
	// bytes, how many stand at their path (Differ of them with other bytes than
	// the bill says), and how many are not there.
	Digest, Path, Differ, Missing int
}

// A Comparison is a bill beside a release.
type Comparison struct {
	Bill  *Bill
	Found []Found // as the bill has its components
	// Files is how many files the release has.
	Files int
	// NeverMentioned are paths of the release, sorted, that nothing in the bill
	// mentions. It is empty when ListsFiles is false: a bill without files
	// says nothing about them.
	NeverMentioned []string
	ListsFiles     bool
}

// Count is how many components were found at this grade.
func (c *Comparison) Count(g Grade) int {
	n := 0
	for i := range c.Found {
		if c.Found[i].Grade == g {
			n++
		}
	}
	return n
}

var noBytes = deposit.Digest(sha256.Sum256(nil))

// A shelf is a release's files, to be looked up.
type shelf struct {
	files     []deposit.File
	path      map[string]int
	blob      map[deposit.Digest]int  // its first path
	dir       map[string]string       // folded name of a directory → its first path
	mentioned []bool                  // by path
	sums      map[deposit.Digest]bool // mentioned digests
	named     map[string]bool         // directories found by name
}

// modeSubmodule is a submodule's: a name without content.
const modeSubmodule = 0o160000

func newShelf(files []deposit.File) *shelf {
	s := &shelf{
		files: files, path: make(map[string]int, len(files)), blob: make(map[deposit.Digest]int, len(files)),
		dir: map[string]string{}, mentioned: make([]bool, len(files)),
		sums: map[deposit.Digest]bool{}, named: map[string]bool{},
	}
	seen := map[string]bool{}
	for i, f := range files {
		s.path[f.Path] = i
		if f.Mode == modeSubmodule {
			continue
		}
		if _, ok := s.blob[f.Blob]; !ok {
			s.blob[f.Blob] = i
		}
		for dir := path.Dir(f.Path); dir != "." && !seen[dir]; dir = path.Dir(dir) {
			seen[dir] = true
			name := fold(path.Base(dir))
			if old, ok := s.dir[name]; !ok || len(dir) < len(old) {
				s.dir[name] = dir
			}
		}
	}
	return s
}

// Compare holds a bill against the files of a release.
func Compare(b *Bill, files []deposit.File) *Comparison {
	s := newShelf(files)
	c := &Comparison{Bill: b, Files: len(files), ListsFiles: b.Lists, Found: make([]Found, 0, len(b.Components))}
	for i := range b.Components {
		c.Found = append(c.Found, s.find(&b.Components[i]))
	}
	for _, f := range b.Files {
		s.look(f)
	}
	if !c.ListsFiles {
		return c
	}
	for i, f := range files {
		if !s.mentioned[i] && !s.sums[f.Blob] && !s.below(f.Path) {
			c.NeverMentioned = append(c.NeverMentioned, f.Path)
		}
	}
	return c
}

// find looks for a component, as the package comment says.
func (s *shelf) find(c *Component) Found {
	f := Found{Component: *c}
	better := func(g Grade, where string) {
		if g > f.Grade {
			f.Grade, f.Where = g, where
		}
	}
	for _, d := range c.SHA256 {
		s.sums[d] = true
		if i, ok := s.blob[d]; ok && d != noBytes {
			better(ByDigest, s.files[i].Path)
		}
	}
	for _, file := range c.Files {
		i, grade := s.look(file)
		switch grade {
		case ByDigest:
			f.Digest++
		case ByPath:
			f.Path++
			if !file.SHA256.IsZero() && file.SHA256 != s.files[i].Blob {
				f.Differ++
			}
		default:
			f.Missing++
			continue
		}
		better(grade, s.files[i].Path)
	}
	for _, name := range names(c) {
		if dir, ok := s.dir[name]; ok {
			s.named[dir] = true
			better(ByName, dir)
			break
		}
	}
	return f
}

// look finds a file of the bill, and marks it mentioned.
func (s *shelf) look(f File) (at int, grade Grade) {
	at, here := s.path[f.Path]
	if here {
		s.mentioned[at] = true
		here = s.files[at].Mode != modeSubmodule
	}
	if f.SHA256.IsZero() {
		if here {
			return at, ByPath
		}
		return -1, None
	}
	s.sums[f.SHA256] = true
	i, same := s.blob[f.SHA256]
	switch {
	case f.SHA256 == noBytes: // says nothing, but where it stands
	case here && s.files[at].Blob == f.SHA256:
		return at, ByDigest
	case same:
		return i, ByDigest
	}
	if here {
		return at, ByPath
	}
	return -1, None
}

// below reports whether a path lies in or below a directory found by name.
func (s *shelf) below(p string) bool {
	for dir := path.Dir(p); dir != "."; dir = path.Dir(dir) {
		if s.named[dir] {
			return true
		}
	}
	return false
}

// majorVersion is how the name of a Go module's second version and later ends.
var majorVersion = regexp.MustCompile(`^v[0-9]+$`)

// names are how a component's directory may be called, folded.
func names(c *Component) []string {
	whole := strings.TrimRight(c.Name, "/")
	if dir, base := path.Split(whole); dir != "" && majorVersion.MatchString(base) {
		whole = strings.TrimRight(dir, "/")
	}
	name := fold(path.Base(whole))
	if name == "" || name == "-" {
		return nil
	}
	if c.Version == "" {
		return []string{name}
	}
	return []string{name, name + "-" + fold(c.Version)}
}

// fold takes away what spellings of one name differ in.
func fold(s string) string {
	return strings.Map(func(r rune) rune {
		if r == '_' || r == '.' || r == ' ' {
			return '-'
		}
		return r
	}, strings.ToLower(s))
}

// Evidence says in a few words what the grade rests on.
func (f *Found) Evidence() string {
	var parts []string
	if f.Where != "" {
		parts = append(parts, f.Where)
	}
	if n := len(f.Files); n > 0 {
		parts = append(parts, fmt.Sprintf("%d of %d files", f.Digest+f.Path, n))
	}
	if f.Differ > 0 {
		parts = append(parts, fmt.Sprintf("%d with other bytes than the bill says", f.Differ))
	}
	return strings.Join(parts, " · ")
}
