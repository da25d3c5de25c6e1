package symbol

import (
	"cmp"
	"path"
	"slices"
	"strings"
)

// A meaning is what an import means: a file of the release, or those of a folder.
type meaning struct {
	to     int32 // number of the file, or of the folder's first; nothing if there is none
	folder bool
	sure   bool // no other file or folder of the release can be meant
}

// nothing is the number of no file.
const nothing = -1

// resolve finds what an import of a file means in the release, as the package
// comment says.
func (t *tree) resolve(from int32, lang string, im Import) meaning {
	at := path.Dir(t.files[from].Path)
	switch f := family(lang); {
	case f == "go":
		return t.packageMeant(at, im.Path)
	case f == "js":
		return t.moduleMeant(at, im.Path)
	case dotted[f] && !strings.ContainsAny(im.Path, "/"):
		return t.unitMeant(at, lang, im.Path)
	}
	written := path.Clean(strings.ReplaceAll(im.Path, "\\", "/"))
	if !im.System {
		if to := t.find(path.Join(at, written)); to >= 0 {
			return meaning{to: to, sure: true}
		}
	}
	return t.ending(at, written)
}

// ending is the file whose path ends with what is written; of several the one
// in the nearest folder, then the one with the shortest path.
func (t *tree) ending(at, written string) meaning {
	for strings.HasPrefix(written, "../") {
		written = written[3:]
	}
	var found []int32
	for _, i := range t.stems[stem(written)] {
		if endsWith(t.files[i].Path, written) {
			found = append(found, i)
		}
	}
	return t.nearest(at, found)
}

// endsWith reports whether a path is, or ends with the segments, tail.
func endsWith(file, tail string) bool {
	return strings.HasSuffix(file, tail) && (len(file) == len(tail) || file[len(file)-len(tail)-1] == '/')
}

// nearest chooses one of several files.
func (t *tree) nearest(at string, found []int32) meaning {
	if len(found) == 0 {
		return meaning{to: nothing}
	}
	best := slices.MinFunc(found, func(a, b int32) int {
		p, q := t.files[a].Path, t.files[b].Path
		return cmp.Or(shared(at, q)-shared(at, p), len(p)-len(q), cmp.Compare(p, q))
	})
	return meaning{to: best, sure: len(found) == 1}
}

// shared is how many folders a folder and a path have in common.
func shared(dir, file string) int {
	n := 0
	for i := 0; i < min(len(dir), len(file)) && dir[i] == file[i]; i++ {
		if dir[i] == '/' || i+1 == len(dir) && i+1 < len(file) && file[i+1] == '/' {
			n++
		}
	}
	return n
}

// packageMeant is the folder of a Go import: the path's own end that is a
// folder, the longest, or the folder that ends with the path.
func (t *tree) packageMeant(at, written string) meaning {
	var best []string
	score := -1
	for _, dir := range t.folders[strings.ToLower(path.Base(written))] {
		s := -1
		switch {
		case endsWith(written, dir):
			s = len(dir)
		case endsWith(dir, written):
			s = len(written)
		}
		if s > score {
			best, score = nil, s
		}
		if s >= 0 && s == score {
			best = append(best, dir)
		}
	}
	return t.oneFolder(at, best)
}

func (t *tree) oneFolder(at string, dirs []string) meaning {
	if len(dirs) == 0 {
		return meaning{to: nothing}
	}
	dir := slices.MinFunc(dirs, func(a, b string) int {
		return cmp.Or(shared(at, b+"/")-shared(at, a+"/"), len(a)-len(b), cmp.Compare(a, b))
	})
	return meaning{to: t.firstIn(dir), folder: true, sure: len(dirs) == 1}
}

// moduleEndings are what a module's name can lack, in the order they are tried.
var moduleEndings = []string{"", ".ts", ".tsx", ".d.ts", ".js", ".jsx", ".mjs", ".cjs", ".mts", ".cts", "/index.ts", "/index.tsx", "/index.js", "/index.jsx"}

// moduleMeant is the file of a JavaScript module that is named by its path.
func (t *tree) moduleMeant(at, written string) meaning {
	if !strings.HasPrefix(written, ".") {
		return meaning{to: nothing} // a package: it is not in the release, or in a folder of its own
	}
	p := path.Join(at, written)
	for _, e := range moduleEndings {
		if to := t.find(p + e); to >= 0 {
			return meaning{to: to, sure: true}
		}
	}
	for _, e := range []string{".js", ".mjs", ".jsx"} { // what TypeScript is compiled to
		if s, ok := strings.CutSuffix(p, e); ok {
			for _, e := range []string{".ts", ".tsx", ".mts"} {
				if to := t.find(s + e); to >= 0 {
					return meaning{to: to, sure: true}
				}
			}
		}
	}
	return meaning{to: nothing}
}

// unitMeant is the file or folder of a dotted name: of the whole, or without its
// last one or two names, which then are members.
func (t *tree) unitMeant(at, lang, written string) meaning {
	dots := len(written) - len(strings.TrimLeft(written, "."))
	names := unitNames(written)
	for len(names) > 0 && (names[0] == "crate" || names[0] == "self" || names[0] == "super") {
		names = names[1:]
	}
	if dots > 0 && family(lang) == "python" {
		for range dots - 1 {
			at = path.Dir(at)
		}
		for k := len(names); k >= max(0, len(names)-1); k-- {
			p := path.Join(append([]string{at}, names[:k]...)...)
			for _, e := range []string{".py", ".pyi", "/__init__.py"} {
				if to := t.find(p + e); to >= 0 {
					return meaning{to: to, sure: true}
				}
			}
		}
		return meaning{to: nothing}
	}
	for k := len(names); k > 0 && k >= len(names)-2; k-- {
		if m := t.unit(at, names[:k]); m.to != nothing {
			return m
		}
	}
	return meaning{to: nothing}
}

// unit is the file, or else the folder, of a dotted name.
func (t *tree) unit(at string, names []string) meaning {
	last := names[len(names)-1]
	tail := path.Join(names...)
	var found []int32
	consider := func(key, tail string) {
		for _, i := range t.stems[key] {
			p := t.files[i].Path
			if endsWith(strings.TrimSuffix(p, path.Ext(p)), tail) {
				found = append(found, i)
			}
		}
	}
	consider(strings.ToLower(last), tail)
	if len(found) == 0 {
		consider("__init__", tail+"/__init__")
		consider("mod", tail+"/mod")
	}
	if len(found) > 0 {
		return t.nearest(at, found)
	}
	var dirs []string
	for _, dir := range t.folders[strings.ToLower(last)] {
		if endsWith(dir, tail) {
			dirs = append(dirs, dir)
		}
	}
	return t.oneFolder(at, dirs)
}
