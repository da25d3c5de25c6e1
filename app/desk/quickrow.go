package desk

import (
	"path"
	"strings"

	"vitrine/viewer/words"

	"vitrine/viewer/panel"
	"vitrine/viewer/style"
)

// prefixes are what can be typed into quick open, for "?".
var prefixes = []struct{ text, what string }{
	{"", words.Key("a file by letters of its path: pdfdec, unpack/lzw")},
	{":", words.Key("a line of the open file, and a column: :120, :120:8")},
	{"@", words.Key("a symbol of the open file; behind a path, of that file: pe.c@scan")},
	{"#", words.Key("a symbol of the release")},
	{">", words.Key("an action of the menus")},
}

func (q *quickOpen) row(i int) panel.Row {
	switch {
	case q.ask.mode == ':':
		return q.lineRow()
	case q.ask.mode == '?':
		p := prefixes[min(i, len(prefixes)-1)]
		key := p.text
		if key == "" {
			key = "…"
		}
		return panel.Row{Fold: panel.Flat, Badge: key, BadgeTone: panel.ToneAccent, Text: []panel.Span{{Text: words.T(p.what)}}}
	case q.ask.ofFile:
		return q.symbolRow(i)
	case q.found == nil || i >= len(q.found.Best): // the list is woken before it is asked
		return panel.Row{}
	}
	return q.fileRow(q.paths[q.found.Best[i].Index])
}

func (q *quickOpen) lineRow() panel.Row {
	t := q.r.current()
	if row, ok := t.byteRow(q.palette.Text()); ok {
		return row
	}
	last := t.shown().Lines()
	text := words.T("Type a line number")
	if q.ask.line > 0 {
		text = words.T("Go to line %s", grouped(int64(min(q.ask.line, last))))
		if q.ask.col > 0 {
			text += words.T(", column %s", grouped(int64(q.ask.col)))
		}
	}
	return panel.Row{Fold: panel.Flat, Icon: "target", IconTone: panel.ToneAccent, Text: []panel.Span{{Text: text}},
		Right: []panel.Span{{Text: words.T("%s has %s", path.Base(t.doc.Place.Path), plural(last, "line", "lines")), Tone: panel.ToneDim, Size: style.TextSecondary}}}
}

func (q *quickOpen) fileRow(file string) panel.Row {
	icon, tone := fileIcon(file)
	hits := q.sought.Hits(file)
	base := strings.LastIndexByte(file, '/') + 1
	name := panel.Span{Text: file[base:], Hits: clipHits(hits, base, len(file))}
	row := panel.Row{Fold: panel.Flat, Icon: icon, IconTone: tone, Text: accented(name), Tip: file}
	if base > 0 {
		dir := panel.Span{Text: file[:base-1], Tone: panel.ToneDim, Hits: clipHits(hits, 0, base-1)}
		for k, s := range accented(dir) {
			if k == 0 {
				s.Gap = 10
			}
			row.Text = append(row.Text, s)
		}
	}
	row.Marks = q.r.files.marks(file)
	var note []string
	if q.open[file] {
		note = append(note, "open")
	} else if _, read := q.recent[file]; read {
		note = append(note, words.T("read lately"))
	}
	if q.ask.line > 0 {
		note = append(note, "line "+grouped(int64(q.ask.line)))
	}
	if len(note) > 0 {
		row.Right = []panel.Span{{Text: strings.Join(note, " · "), Tone: panel.ToneDim, Size: style.TextSecondary}}
	}
	return row
}

func (q *quickOpen) symbolRow(i int) panel.Row {
	if i -= q.above(); i < 0 {
		return panel.Row{Kind: panel.HeadingRow, Fold: panel.Flat, Text: []panel.Span{{Text: q.of.place.Path}}}
	}
	if i >= len(q.symbols) {
		return panel.Row{}
	}
	h := q.symbols[i]
	look := lookOf(h.Kind)
	row := panel.Row{Fold: panel.Flat, Badge: look.letter, BadgeTone: look.tone, Text: mono(accented(panel.Span{Text: h.Name, Hits: h.hits})), Tip: h.Signature}
	row.Text = append(row.Text, scopeText(h.Scope)...)
	row.Right = []panel.Span{{Text: words.T("line %s", grouped(int64(h.Line))), Tone: panel.ToneDim, Size: style.TextSecondary}}
	return row
}

// clipHits are the ranges within [from, to), counted from there.
func clipHits(hits [][2]int, from, to int) [][2]int {
	var out [][2]int
	for _, h := range hits {
		a, b := max(h[0], from), min(h[1], to)
		if a < b {
			out = append(out, [2]int{a - from, b - from})
		}
	}
	return out
}

// accented turns matched letters into runs of accent colour.
func accented(s panel.Span) []panel.Span {
	var out []panel.Span
	at := 0
	put := func(to int, hit bool) {
		if to <= at {
			return
		}
		p := s
		p.Text, p.Hits = s.Text[at:to], nil
		if hit {
			p.Tone, p.Bold = panel.ToneAccent, true
		}
		out = append(out, p)
		at = to
	}
	for _, h := range s.Hits {
		put(h[0], false)
		put(h[1], true)
	}
	put(len(s.Text), false)
	return out
}
