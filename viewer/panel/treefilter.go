package panel

import (
	"bytes"
	"slices"
	"strings"
)

// A filter is what is typed to narrow a tree, and what it leaves.
type filter struct {
	typed string
	words []filterWord
	files []int32        // positions in Tree.files of those that pass, ascending
	below []int32        // per node, the files that pass; nil without a filter
	shut  map[int32]bool // folders closed by hand

	text   []byte  // all files' paths in lower case, each with a slash before and a zero byte behind
	starts []int32 // where each begins, and the end
}

// A filterWord is one condition; see [Tree.SetFilter].
type filterWord struct {
	text    string // lower case, without marks
	pattern bool
	not     bool
	end     string // of a pattern: what stands behind its last star or question mark
	plain   string // of a pattern "plain*end": what is before the only star
	simple  bool   // it is one of these, or "*end"
}

func (f *filter) on() bool { return f.below != nil }

func (f *filter) shows(n int32) bool { return f.below == nil || f.below[n] > 0 }

// forget drops what is known of the paths.
func (f *filter) forget() {
	*f = filter{typed: f.typed}
}

func wordsOf(s string) (out []filterWord) {
	for _, w := range strings.Fields(strings.ToLower(s)) {
		text, not := strings.CutPrefix(w, "!")
		if text == "" {
			continue
		}
		word := filterWord{text: text, not: not}
		if last := strings.LastIndexAny(text, "*?"); last >= 0 {
			word.pattern, word.end = true, text[last+1:]
			if strings.IndexAny(text, "*?/") == last && text[last] == '*' {
				word.plain, word.simple = text[:last], true
			}
		}
		out = append(out, word)
	}
	return out
}

// narrower reports whether what passes words also passes earlier ones: more was
// typed at the end.
func narrower(words, earlier []filterWord) bool {
	if len(earlier) == 0 || len(words) < len(earlier) {
		return false
	}
	for i, e := range earlier {
		w := words[i]
		if e != w && (e.pattern || e.not || w.not || !strings.HasPrefix(w.text, e.text)) {
			return false
		}
	}
	return true
}

// narrow finds what a filter leaves, and how many files these are.
func (t *Tree) narrow(s string) int {
	f := &t.filter
	words := wordsOf(s)
	f.typed = s
	if len(words) == 0 && t.only == nil {
		f.words, f.files, f.below, f.shut = nil, nil, nil, nil
		return len(t.files)
	}
	t.lower()
	if f.on() && narrower(words, f.words) {
		f.files = f.pass(f.files[:0], f.files, words)
	} else {
		f.files = f.first(f.files[:0], words)
	}
	f.words = words
	if t.only != nil {
		f.files = slices.DeleteFunc(f.files, func(i int32) bool { return !t.only(t.nodes[t.files[i]].path) })
	}
	if f.below == nil {
		f.below = make([]int32, len(t.nodes))
	} else {
		clear(f.below)
	}
	for _, i := range f.files {
		f.below[t.files[i]] = 1
	}
	for i := len(t.nodes) - 1; i > 0; i-- {
		f.below[t.nodes[i].parent] += f.below[i]
	}
	return len(f.files)
}

// SetOnly leaves files out that do not pass, whatever the filter is; nil leaves out none. It
// reports whether SetFilter has to be called, since something is left out or was.
func (t *Tree) SetOnly(pass func(path string) bool) (changed bool) {
	changed = pass != nil || t.only != nil
	if t.only = pass; changed {
		t.filter.forget()
	}
	return changed
}

// lower puts the paths side by side in lower case: to go through one text is
// several times as quick as through 80,000.
func (t *Tree) lower() {
	f := &t.filter
	if f.starts != nil {
		return
	}
	size := 0
	for _, n := range t.files {
		size += len(t.nodes[n].path) + 2
	}
	f.text, f.starts = make([]byte, 0, size), make([]int32, 0, len(t.files)+1)
	for _, n := range t.files {
		f.starts = append(f.starts, int32(len(f.text)))
		p := t.nodes[n].path
		f.text = append(f.text, '/')
		from := len(f.text)
		f.text = append(f.text, p...)
		for i, c := range f.text[from:] {
			if c >= 0x80 {
				f.text = append(f.text[:from], strings.ToLower(p)...)
				break
			}
			if 'A' <= c && c <= 'Z' {
				f.text[from+i] = c | 0x20
			}
		}
		f.text = append(f.text, 0)
	}
	f.starts = append(f.starts, int32(len(f.text)))
}

func (f *filter) line(i int32) []byte { return f.text[f.starts[i] : f.starts[i+1]-1] }

// first goes through all paths: for the longest text at once, and for the other
// words through those that have it.
func (f *filter) first(out []int32, words []filterWord) []int32 {
	longest := ""
	for _, w := range words {
		if !w.pattern && !w.not && len(w.text) > len(longest) {
			longest = w.text
		}
	}
	n := int32(len(f.starts) - 1)
	if longest == "" {
		for i := range n {
			out = append(out, i)
		}
		return f.pass(out[:0], out, words)
	}
	find := []byte(longest)
	i := int32(0)
	for at := int32(0); i < n; at = f.starts[i] {
		k := bytes.Index(f.text[at:], find)
		if k < 0 {
			break
		}
		at += int32(k)
		for step := int32(1); f.starts[i+1] <= at; { // it stands in this path, or far from it
			if i+step < n && f.starts[i+step] <= at {
				i, step = i+step, step*2
			} else if step > 1 {
				step = 1
			} else {
				i++
			}
		}
		out = append(out, i)
		i++
	}
	if len(words) == 1 {
		return out
	}
	return f.pass(out[:0], out, words)
}

// pass appends those of some files that pass all words; out may be their beginning.
func (f *filter) pass(out, files []int32, words []filterWord) []int32 {
	for _, i := range files {
		if line := f.line(i); !slices.ContainsFunc(words, func(w filterWord) bool { return w.match(line) == w.not }) {
			out = append(out, i)
		}
	}
	return out
}

// match holds the word, but for its "not", against a path in lower case with a slash
// before it.
func (w filterWord) match(path []byte) bool {
	if !w.pattern {
		return bytes.Contains(path, []byte(w.text))
	}
	if len(path) < len(w.end) || string(path[len(path)-len(w.end):]) != w.end {
		return false
	}
	if !strings.Contains(w.text, "/") {
		name := path[bytes.LastIndexByte(path, '/')+1:]
		if w.simple {
			return len(name) >= len(w.plain)+len(w.end) && string(name[:len(w.plain)]) == w.plain
		}
		return matches(w.text, name)
	}
	if strings.HasPrefix(w.text, "/") {
		return matches(w.text, path)
	}
	for slash := 0; slash >= 0; slash = bytes.IndexByte(path, '/') {
		if path = path[slash+1:]; matches(w.text, path) {
			return true
		}
	}
	return false
}

// matches holds a pattern of *, ** and ? against all of a text. Where it fails it
// goes back to the last star, and when a slash ends what that may be, to the last **.
func matches(pattern string, text []byte) bool {
	type mark struct {
		p, t   int  // behind a star; what that stands for ends before t
		folder bool // and at a slash
	}
	none := mark{p: -1}
	star, deep := none, none
	p, t := 0, 0
	for t < len(text) || p < len(pattern) {
		switch {
		case strings.HasPrefix(pattern[p:], "**"):
			begins := p == 0 || pattern[p-1] == '/'
			p += 2
			folder := begins && strings.HasPrefix(pattern[p:], "/")
			if folder {
				p++ // "**/" is also no folder at all
			}
			deep, star = mark{p, t, folder}, none
			continue
		case p < len(pattern) && pattern[p] == '*':
			p++
			star = mark{p, t, false}
			continue
		case t < len(text) && p < len(pattern) && (pattern[p] == text[t] || pattern[p] == '?' && text[t] != '/'):
			p, t = p+1, t+1
			continue
		}
		switch {
		case star.p >= 0 && star.t < len(text) && text[star.t] != '/':
			star.t++
			p, t = star.p, star.t
		case deep.p >= 0 && deep.t < len(text):
			for deep.t++; deep.folder && deep.t < len(text) && text[deep.t-1] != '/'; {
				deep.t++
			}
			star = none
			p, t = deep.p, deep.t
		default:
			return false
		}
	}
	return true
}

// hits are the ranges of a name, which begins at base of its path, that words of
// the filter found.
func (f *filter) hits(path string, base int) (out [][2]int) {
	if !f.on() {
		return nil
	}
	lower := "/" + strings.ToLower(path)
	if base++; len(lower) != len(path)+1 {
		return nil // other offsets
	}
	for _, w := range f.words {
		if w.pattern || w.not {
			continue
		}
		// The last place is the name's, if any is.
		at := strings.LastIndex(lower, w.text)
		if end := at + len(w.text); at >= 0 && end > base {
			out = append(out, [2]int{max(at, base) - base, end - base})
		}
	}
	slices.SortFunc(out, func(a, b [2]int) int { return a[0] - b[0] })
	for i := 1; i < len(out); {
		if out[i][0] >= out[i-1][1] {
			i++
			continue
		}
		out[i-1][1] = max(out[i-1][1], out[i][1])
		out = slices.Delete(out, i, i+1)
	}
	return out
}
