package deposit

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

// The modes of tree entries. 0100664 occurs in histories that git wrote before
// 2005 and is read as 0100644.
const (
	modeTree      = 0o040000
	modeFile      = 0o100644
	modeFileGroup = 0o100664
	modeExec      = 0o100755
	modeLink      = 0o120000
	modeSubmodule = 0o160000
)

// A treeEntry is one line of a tree. Its name aliases the tree's bytes.
type treeEntry struct {
	mode uint32
	name []byte
	id   ID
}

// kind is the kind of object an entry must name. A submodule names a commit of
// another repository, and so nothing here.
func (e *treeEntry) kind() kind {
	switch e.mode {
	case modeTree:
		return kindTree
	case modeSubmodule:
		return 0
	}
	return kindBlob
}

// A treeScanner goes through a raw tree and refuses what git would not write,
// in any tree of the history: names that lead elsewhere or are .git to some
// file system, names twice, another order than git's, unknown modes. What is
// shown to people is held to more by checkPathName.
type treeScanner struct {
	rest  []byte
	last  treeEntry
	first bool
	count int64
	most  int64 // entries that a tree may have; 0 where that was looked at before
	// files holds the names of non-directories that begin the present name,
	// to find a file and a directory of one name, which need not be adjacent.
	files [][]byte
}

func (t *treeScanner) reset(data []byte) {
	t.rest, t.first, t.count, t.files = data, true, 0, t.files[:0]
}

// next reads the next entry; ok is false at the end and after an error.
func (t *treeScanner) next() (e treeEntry, ok bool, err error) {
	if len(t.rest) == 0 {
		return e, false, nil
	}
	if t.count++; t.most > 0 && t.count > t.most {
		return e, false, overLimit("it has more than %d entries", t.most)
	}
	i := 0
	for ; i < len(t.rest) && t.rest[i] != ' '; i++ {
		c := t.rest[i]
		if c < '0' || c > '7' || i == 0 && c == '0' || i >= 6 {
			return e, false, errors.New("an entry's mode is not octal digits")
		}
		e.mode = e.mode<<3 | uint32(c-'0')
	}
	if i == len(t.rest) {
		return e, false, errors.New("it ends within a mode")
	}
	t.rest = t.rest[i+1:]
	n := bytes.IndexByte(t.rest, 0)
	if n < 0 || len(t.rest) < n+1+len(e.id) {
		return e, false, errors.New("it ends within an entry")
	}
	e.name = t.rest[:n]
	copy(e.id[:], t.rest[n+1:])
	t.rest = t.rest[n+1+len(e.id):]
	switch e.mode {
	case modeFileGroup:
		e.mode = modeFile
	case modeTree, modeFile, modeExec, modeLink, modeSubmodule:
	default:
		return e, false, fmt.Errorf("entry %.100q has the mode %o, which git does not use", e.name, e.mode)
	}
	if err := checkEntryName(e.name); err != nil {
		return e, false, err
	}
	if err := t.checkOrder(&e); err != nil {
		return e, false, err
	}
	return e, true, nil
}

func (t *treeScanner) checkOrder(e *treeEntry) error {
	if !t.first {
		switch c := compareEntries(&t.last, e); {
		case bytes.Equal(t.last.name, e.name):
			return fmt.Errorf("it has %.100q twice", e.name)
		case c > 0:
			return fmt.Errorf("%.100q stands after %.100q, which is not git's order", e.name, t.last.name)
		}
	}
	for len(t.files) > 0 && !bytes.HasPrefix(e.name, t.files[len(t.files)-1]) {
		t.files = t.files[:len(t.files)-1]
	}
	if e.mode == modeTree {
		if len(t.files) > 0 && bytes.Equal(t.files[len(t.files)-1], e.name) {
			return fmt.Errorf("it has %.100q as a file and as a directory", e.name)
		}
	} else {
		t.files = append(t.files, e.name)
	}
	t.last, t.first = *e, false
	return nil
}

// compareEntries is git's order: bytes, a directory's name ending with '/'.
func compareEntries(a, b *treeEntry) int {
	n := min(len(a.name), len(b.name))
	if c := bytes.Compare(a.name[:n], b.name[:n]); c != 0 {
		return c
	}
	after := func(e *treeEntry) int {
		switch {
		case len(e.name) > n:
			return int(e.name[n])
		case e.mode == modeTree:
			return '/'
		}
		return 0
	}
	return after(a) - after(b)
}

// checkEntryName refuses names that are not one step down.
func checkEntryName(name []byte) error {
	switch {
	case len(name) == 0:
		return errors.New("an entry has an empty name")
	case len(name) > maxName:
		return fmt.Errorf("an entry's name has %d bytes, at most %d", len(name), maxName)
	case bytes.IndexByte(name, '/') >= 0:
		return fmt.Errorf("the name %.100q holds a slash", name)
	case string(name) == "." || string(name) == "..":
		return fmt.Errorf("an entry is named %q", name)
	case isDotGit(name):
		return fmt.Errorf("the name %.100q is .git to some file systems", name)
	}
	return nil
}

// isDotGit reports whether a name means .git, or a path through .git, on a Unix,
// HFS+ or NTFS file system, as git's fsck, is_hfs_dotgit and is_ntfs_dotgit say.
func isDotGit(name []byte) bool {
	if len(name) < 4 {
		return false
	}
	for part := range strings.SplitSeq(string(name), `\`) {
		for _, short := range []string{".git", "git~1"} {
			if len(part) < len(short) || !strings.EqualFold(part[:len(short)], short) {
				continue
			}
			if rest := strings.TrimLeft(part[len(short):], " ."); rest == "" || rest[0] == ':' {
				return true
			}
		}
	}
	// Git takes a name to end where it is no UTF-8; no name holds a NUL.
	text, _, _ := strings.Cut(strings.ToValidUTF8(string(name), "\x00"), "\x00")
	return strings.EqualFold(strings.Map(dropIgnoredByHFS, text), ".git")
}

// dropIgnoredByHFS removes the characters HFS+ ignores in names.
func dropIgnoredByHFS(r rune) rune {
	switch {
	case r >= 0x200c && r <= 0x200f, r >= 0x202a && r <= 0x202e, r >= 0x206a && r <= 0x206f, r == 0xfeff:
		return -1
	}
	return r
}

// checkPathName refuses names of a release's files that cannot be shown,
// searched and written to JSON as they are: other encodings than UTF-8,
// control characters and line breaks, and those that turn the direction of
// writing, so that a path could look like another.
func checkPathName(name []byte) error {
	if !utf8.Valid(name) {
		return fmt.Errorf("the name %.100q is not UTF-8; rename it before sealing", name)
	}
	for _, r := range string(name) {
		if unicode.IsControl(r) || r == 0x2028 || r == 0x2029 || unicode.Is(unicode.Bidi_Control, r) {
			return fmt.Errorf("the name %.100q holds the control character %U; rename it before sealing", name, r)
		}
	}
	return nil
}
