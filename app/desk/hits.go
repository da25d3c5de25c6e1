package desk

import (
	"bytes"
	"path"
	"slices"
	"unicode/utf8"

	"vitrine/index/deposit"
	"vitrine/index/search"
	"vitrine/viewer/code"
	"vitrine/viewer/panel"
	"vitrine/viewer/style"
)

const (
	// maxHits is how many lines of a search are kept, about 6 MB: nobody reads more,
	// and a search for "e" in a kernel has tens of millions. The rest is counted.
	maxHits = 20_000
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
	all    bool   // hits are of several releases
	at     int    // the hit last opened
	more   string // why these are not all hits: said in a row behind them
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
		if i < len(s.rows) && s.rows[i].hit >= 0 { // the first click has folded, or shown more, already
			s.openRow(i, false)
		}
	}
	s.list.OnFold = s.fold
}

func (s *hitList) empty() {
	s.hits, s.groups, s.rows, s.at, s.more = nil, nil, nil, -1, ""
	s.list.Empty = ""
	s.list.SetLength(0)
}

// fileOf is the group of a hit, and where in it the hit stands, from 0.
func (s *hitList) fileOf(hit int) (g hitGroup, n int) {
	i := s.groupOf(hit)
	if i < 0 {
		return hitGroup{}, 0
	}
	return s.groups[i], hit - s.groups[i].from
}

// groupOf is the index of a hit's group, -1 if there is no such hit.
func (s *hitList) groupOf(hit int) int {
	i, ok := slices.BinarySearchFunc(s.groups, hit, func(g hitGroup, hit int) int {
		switch {
		case g.to <= hit:
			return -1
		case g.from > hit:
			return 1
		}
		return 0
	})
	if !ok {
		return -1
	}
	return i
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
	row      int // at which it begins
	folded   bool
	all      bool // every line is shown, not the first few
}

// Kinds of rows besides a hit's index.
const (
	rowFile = -1
	rowMore = -2
	rowEnd  = -3 // behind the last group
)

type hitRow struct {
	group int
	hit   int // index into hits, or a kind
}

// grow adds the hits from index from on, which cost as much as they are: hits come
// in path order, so a file's stand together, and rows before stay as they are.
func (s *hitList) grow(from int) {
	first := max(0, len(s.groups)-1) // the group that may go on
	for i := from; i < len(s.hits); i++ {
		if n := len(s.groups); n > 0 && s.groups[n-1].place == s.hits[i].place {
			s.groups[n-1].to = i + 1
			continue
		}
		s.groups = append(s.groups, hitGroup{place: s.hits[i].place, from: i, to: i + 1})
	}
	if from <= fewHits && len(s.hits) > fewHits {
		s.flatten() // the files of before show fewer lines now
		return
	}
	s.lay(first)
	s.list.SetLength(len(s.rows))
}

// flatten lists the rows anew; the selection stays on what it was on.
func (s *hitList) flatten() {
	at := s.list.Selected()
	was := hitRow{hit: rowEnd}
	if at >= 0 && at < len(s.rows) {
		was = s.rows[at]
	}
	s.lay(0)
	s.list.SetLength(len(s.rows))
	if was.hit == rowEnd {
		return
	}
	g := s.groups[was.group]
	to := g.row
	if !g.folded && was.hit != rowFile {
		n := firstLines // a row that told of more is where the first of these is now
		if was.hit >= 0 {
			n = was.hit - g.from
		}
		to = min(g.row+1+n, s.endOf(was.group)-1)
	}
	if to != at {
		s.list.Select(to)
	}
}

// lay lists the rows of the groups from one on.
func (s *hitList) lay(first int) {
	if first == 0 {
		s.rows = s.rows[:0]
	} else {
		s.rows = s.rows[:s.groups[first].row]
	}
	few := len(s.hits) <= fewHits
	for g := first; g < len(s.groups); g++ {
		group := &s.groups[g]
		group.row = len(s.rows)
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
	if s.more != "" {
		s.rows = append(s.rows, hitRow{hit: rowEnd})
	}
}

// endOf is the row behind a group's last one.
func (s *hitList) endOf(g int) int {
	if g+1 < len(s.groups) {
		return s.groups[g+1].row
	}
	n := len(s.rows)
	if s.more != "" {
		n--
	}
	return n
}

// rowOf finds the row of a hit, unfolding what hides it; -1 if there is no such hit.
func (s *hitList) rowOf(hit int) int {
	g := s.groupOf(hit)
	if g < 0 {
		return -1
	}
	row := s.groups[g].row + 1 + hit - s.groups[g].from
	if row >= s.endOf(g) || s.rows[row].hit != hit {
		s.groups[g].folded, s.groups[g].all = false, true
		s.flatten()
	}
	return row
}

func (s *hitList) row(i int) panel.Row {
	r := s.rows[i]
	if r.hit == rowEnd {
		return panel.Row{Fold: panel.Flat, Text: []panel.Span{{Text: s.more, Tone: panel.ToneWarn, Size: style.TextSecondary}}}
	}
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
			row.Marks = s.r.files.marks(g.place.Path)
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
	case rowEnd:
	default:
		s.show(row.hit, keepFocus)
	}
}
