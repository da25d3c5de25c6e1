package code

import "cmp"

// maxGrown bounds how many selections are remembered to shrink back to: nobody nests
// deeper, and a held key must not fill memory.
const maxGrown = 256

// Expand grows the selection to what is around it: the word, the inside of a string or
// of brackets, those with their marks, the line's text, the line, the lines of the
// brackets, in the end everything. It reports whether there was more to select.
func (v *View) Expand() bool {
	if v.lines == 0 {
		return false
	}
	s := v.Selection()
	best, ok := Range{}, false
	for _, c := range v.wider(s) {
		if c != s && !s.From.Before(c.From) && !c.To.Before(s.To) && (!ok || smaller(c, best)) {
			best, ok = c, true
		}
	}
	if !ok {
		return false
	}
	grown := v.grown
	if len(grown) == 0 || grown[len(grown)-1] != s {
		grown = []Range{s}
	}
	if len(grown) >= maxGrown {
		grown = grown[1:]
	}
	v.goal = -1
	v.moveTo(best.From, best.To)
	v.grown = append(grown, best)
	return true
}

// Shrink takes back one Expand, as long as the selection is still what that left.
func (v *View) Shrink() bool {
	n := len(v.grown)
	if n < 2 || v.grown[n-1] != v.Selection() {
		return false
	}
	grown, to := v.grown[:n-1], v.grown[n-2]
	v.goal = -1
	v.moveTo(to.From, to.To)
	v.grown = grown
	return true
}

// wider lists what a selection may grow to.
func (v *View) wider(s Range) []Range {
	out := []Range{{Pos{1, 1}, v.end(v.lines)}}
	if s.From.Line == s.To.Line {
		n := s.From.Line
		if w, ok := v.WordAt(s.From); ok {
			out = append(out, w)
		}
		out = append(out, v.strings(s)...)
		text := v.text(n)
		from, to := 0, len(text)
		for from < to && blank(text[from]) {
			from++
		}
		for to > from && blank(text[to-1]) {
			to--
		}
		out = append(out, Range{Pos{n, from + 1}, Pos{n, to + 1}})
	}
	last := s.To.Line
	if s.From.Col == 1 && s.To.Col == 1 && last > s.From.Line {
		last-- // whole lines: the next one is not meant
	}
	out = append(out, v.lineRange(s.From.Line, last))
	if open, shut, ok := v.brackets(s); ok {
		// Where the brackets' inside is selected already, what is next is the brackets.
		out = append(out, Range{Pos{open.Line, open.Col + 1}, shut}, Range{open, Pos{shut.Line, shut.Col + 1}}, v.lineRange(open.Line, shut.Line))
	}
	return out
}

func blank(b byte) bool { return b == ' ' || b == '\t' }

// lineRange is whole lines, with the last one's end if there is a line behind.
func (v *View) lineRange(from, to int) Range {
	if to < v.lines {
		return Range{Pos{from, 1}, Pos{to + 1, 1}}
	}
	return Range{Pos{from, 1}, v.end(to)}
}

// strings are the string or comment around a selection within one line: its inside
// between quotes, and all of it.
func (v *View) strings(s Range) []Range {
	var out []Range
	text := v.text(s.From.Line)
	from, to, class := 0, 0, Plain
	for _, t := range v.tokensAt(s.From.Line, 0) {
		if t.Class != class || t.From != to { // neighbours of a class are one: escapes are tokens of their own
			from, class = t.From, t.Class
		}
		to = t.To
		if class != String && class != Comment {
			continue
		}
		if from < 0 || to > len(text) || from > s.From.Col-1 || to < s.To.Col-1 || to <= from {
			continue
		}
		out = append(out, Range{Pos{s.From.Line, from + 1}, Pos{s.From.Line, to + 1}})
		if q := text[from]; class == String && to-from >= 2 && text[to-1] == q && (q == '"' || q == '\'' || q == '`') {
			out = append(out, Range{Pos{s.From.Line, from + 2}, Pos{s.From.Line, to}})
		}
	}
	return out
}

// smaller orders ranges by what they hold: lines first, then bytes of one line.
func smaller(a, b Range) bool {
	size := func(r Range) (lines, bytes int) { return r.To.Line - r.From.Line, r.To.Col - r.From.Col }
	al, ab := size(a)
	bl, bb := size(b)
	if al == bl && al > 0 { // the one that begins later is within the other
		return cmp.Or(b.From.compare(a.From), a.To.compare(b.To)) < 0
	}
	return cmp.Or(cmp.Compare(al, bl), cmp.Compare(ab, bb)) < 0
}
