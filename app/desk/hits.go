package desk

import (
	"bytes"
	"path"
	"unicode/utf8"

	"vitrine/index/deposit"
	"vitrine/index/search"
	"vitrine/viewer/code"
	"vitrine/viewer/panel"
	"vitrine/viewer/style"
)

const (
	// maxHits is how many lines of a search are kept: nobody reads more, and
	// a search for "e" in a kernel has tens of millions.
	maxHits = 5000
	// maxHitText is how much of a line is kept around its first match.
	maxHitText = 400
	// maxHitMarks bounds the matches kept of one line.
	maxHitMarks = 32
	// dumpRow is how many bytes of a binary file are a row of its dump.
	dumpRow = 16
	// fewHits are all shown; with more, each file shows its first ones.
	fewHits    = 60
	firstLines = 4
)

// A hitList is lines of files, grouped by file, in a list whose groups fold. The
// text search has one, and the uses of a name.
type hitList struct {
	r      *roomScreen
	list   *panel.List
	hits   []searchHit
	groups []hitGroup
	rows   []hitRow
	all    bool // hits are of several releases
	at     int  // the hit last opened
	// show opens a hit; keep leaves the keyboard where it is.
	show func(i int, keep bool)
}

// setup makes the list.
func (s *hitList) setup(r *roomScreen, show func(i int, keep bool)) {
	s.r, s.at, s.show = r, -1, show
	s.list = panel.NewList(r.d.look, style.HeightRow)
	s.list.Row = s.row
	s.list.OnOpen = func(i int) { s.openRow(i, false) }
	s.list.OnClick = func(i int) { s.openRow(i, true) }
	s.list.OnDouble = func(i int) {
		if s.rows[i].hit >= 0 { // the first click has folded, or shown more, already
			s.openRow(i, false)
		}
	}
	s.list.OnFold = s.fold
}

func (s *hitList) empty() {
	s.hits, s.groups, s.rows, s.at = nil, nil, nil, -1
	s.list.Empty = ""
	s.list.SetLength(0)
}

// fileOf is the group of a hit, and where in it the hit stands, from 0.
func (s *hitList) fileOf(hit int) (g hitGroup, n int) {
	for _, g := range s.groups {
		if g.from <= hit && hit < g.to {
			return g, hit - g.from
		}
	}
	return hitGroup{}, 0
}

// marksIn are the ranges of all hits in the file of one, and which is that one's first.
func (s *hitList) marksIn(hit int) (all []code.Range, current int) {
	g, _ := s.fileOf(hit)
	for k := g.from; k < g.to; k++ {
		if k == hit {
			current = len(all)
		}
		all = append(all, s.hits[k].ranges...)
	}
	return all, current
}

// A searchHit is one matching line as the panel keeps it.
type searchHit struct {
	place     deposit.Place
	line, col int // line 0: the file as such
	text      string
	marks     [][2]int     // in text
	ranges    []code.Range // in the file
	class     string       // of a use: what it is to the name
	doubt     bool         // of a use: only the name is the same
}

// keep cuts a hit to what is shown; it copies, since hits stay.
func keep(h search.Hit) searchHit {
	out := searchHit{place: h.Place, line: h.Line}
	text := bytes.TrimRight(h.Text, "\r")
	from := len(text) - len(bytes.TrimLeft(text, " \t"))
	matches := h.Matches[:min(len(h.Matches), maxHitMarks)]
	for _, m := range matches {
		from = min(from, m[0])
		if h.Kind == search.HitLine { // else the text is not the file's
			out.ranges = append(out.ranges, code.Range{From: code.Pos{Line: h.Line, Col: m[0] + 1}, To: code.Pos{Line: h.Line, Col: m[1] + 1}})
		}
	}
	out.col = 1
	if h.Kind == search.HitBytes {
		out.line = int(h.Span.From/dumpRow) + 1
	}
	if len(matches) > 0 {
		first := matches[0][0]
		if h.Kind == search.HitLine {
			out.col = first + 1
		}
		if first-from > maxHitText/2 { // the match is far to the right: begin near it
			from = first - maxHitText/4
			for from > 0 && !utf8.RuneStart(text[from]) {
				from--
			}
		}
	}
	to := min(len(text), from+maxHitText)
	for to < len(text) && to > from && !utf8.RuneStart(text[to]) {
		to--
	}
	out.text = string(text[from:to])
	for _, m := range matches {
		a, b := max(m[0]-from, 0), min(m[1]-from, to-from)
		if a < b {
			out.marks = append(out.marks, [2]int{a, b})
		}
	}
	return out
}

// A hitGroup is one file's hits, [from, to) of the panel's.
type hitGroup struct {
	place    deposit.Place
	from, to int
	folded   bool
	all      bool // every line is shown, not the first few
}

// Kinds of rows besides a hit's index.
const (
	rowFile = -1
	rowMore = -2
)

type hitRow struct {
	group int
	hit   int // index into hits, or a kind
}

// regroup adds the hits from index from on to the groups: hits come in path
// order, so a file's stand together.
func (s *hitList) regroup(from int) {
	for i := from; i < len(s.hits); i++ {
		if n := len(s.groups); n > 0 && s.groups[n-1].place == s.hits[i].place {
			s.groups[n-1].to = i + 1
			continue
		}
		s.groups = append(s.groups, hitGroup{place: s.hits[i].place, from: i, to: i + 1})
	}
}

// flatten lists the rows.
func (s *hitList) flatten() {
	s.rows = s.rows[:0]
	few := len(s.hits) <= fewHits
	for g, group := range s.groups {
		s.rows = append(s.rows, hitRow{g, rowFile})
		if group.folded {
			continue
		}
		n := group.to - group.from
		if !few && !group.all && n > firstLines+1 {
			n = firstLines
		}
		for i := group.from; i < group.from+n; i++ {
			s.rows = append(s.rows, hitRow{g, i})
		}
		if n < group.to-group.from {
			s.rows = append(s.rows, hitRow{g, rowMore})
		}
	}
	s.list.SetLength(len(s.rows))
}

// rowOf finds the row of a hit, unfolding what hides it.
func (s *hitList) rowOf(hit int) int {
	for pass := 0; pass < 2; pass++ {
		for i, r := range s.rows {
			if r.hit == hit {
				return i
			}
		}
		for g := range s.groups {
			if s.groups[g].from <= hit && hit < s.groups[g].to {
				s.groups[g].folded, s.groups[g].all = false, true
			}
		}
		s.flatten()
	}
	return -1
}

func (s *hitList) row(i int) panel.Row {
	r := s.rows[i]
	g := s.groups[r.group]
	switch r.hit {
	case rowFile:
		icon, tone := fileIcon(g.place.Path)
		row := panel.Row{Fold: panel.Opened, Icon: icon, IconTone: tone, Pill: grouped(int64(g.to - g.from)), Tip: g.place.Path + "  in " + g.place.Release}
		if g.folded {
			row.Fold = panel.Closed
		}
		row.Text = []panel.Span{{Text: path.Base(g.place.Path), Bold: true}}
		if dir := path.Dir(g.place.Path); dir != "." {
			row.Text = append(row.Text, panel.Span{Text: dir, Tone: panel.ToneDim, Gap: 8})
		}
		if s.all {
			row.Chips = []panel.ChipStyle{{Text: g.place.Release, Tone: panel.ToneAccent}}
		}
		if g.place.Release == s.r.release {
			row.Marks = s.r.files.marked[s.r.files.blobs[g.place.Path]]
		}
		return row
	case rowMore:
		return panel.Row{Fold: panel.Flat, Gutter: " ", Text: []panel.Span{{Text: grouped(int64(g.to-g.from-firstLines)) + " more in this file", Tone: panel.ToneAccent, Size: style.TextSecondary}}}
	}
	h := s.hits[r.hit]
	text, marks := slide(h.text, h.marks, int((s.list.Size().Width-hitInset)/hitAdvance))
	return panel.Row{Fold: panel.Flat, Gutter: grouped(int64(h.line)), Right: classSpans(h), Text: []panel.Span{{Text: text, Mono: true, Size: style.TextSecondary, Hits: marks}}}
}

const (
	hitInset   = 105 // of a row: gutter and margins
	hitAdvance = 7.2 // of a character of a hit's text
)

// slide leaves out the beginning of a line whose first match would be out of
// sight in a list of width characters.
func slide(text string, marks [][2]int, width int) (string, [][2]int) {
	const more = "…"
	if len(marks) == 0 || width < 8 || marks[0][1] <= width {
		return text, marks
	}
	cut := max(0, marks[0][0]-width/3)
	for cut > 0 && !utf8.RuneStart(text[cut]) {
		cut--
	}
	out := make([][2]int, 0, len(marks))
	for _, m := range marks {
		out = append(out, [2]int{m[0] - cut + len(more), m[1] - cut + len(more)})
	}
	return more + text[cut:], out
}

func (s *hitList) fold(i int, open bool) {
	s.groups[s.rows[i].group].folded = !open
	s.flatten()
}

func (s *hitList) foldAll() {
	any := false
	for _, g := range s.groups {
		any = any || !g.folded
	}
	for i := range s.groups {
		s.groups[i].folded = any
	}
	s.flatten()
}

func (s *hitList) openRow(i int, keepFocus bool) {
	if i < 0 || i >= len(s.rows) {
		return
	}
	row := s.rows[i]
	switch row.hit {
	case rowFile:
		s.fold(i, s.groups[row.group].folded)
	case rowMore:
		s.groups[row.group].all = true
		s.flatten()
	default:
		s.show(row.hit, keepFocus)
	}
}
