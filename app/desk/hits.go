package desk

import (
	"bytes"
	"cmp"
	"path"
	"slices"
	"unicode/utf8"

	"vitrine/index/deposit"
	"vitrine/index/search"
	"vitrine/viewer/code"
	"vitrine/viewer/panel"
	"vitrine/viewer/style"
	"vitrine/viewer/words"
)

const (
	// maxHits is how many lines of a search are kept as they come, about 6 MB: so many
	// are looked through without a wait. The others are read again where they are looked at.
	maxHits = 20_000
	// maxHitFiles bounds the files listed, about 20 MB: as many as three kernels have.
	maxHitFiles = 300_000
	// maxHitText is how much of a line is kept around its first match.
	maxHitText = 400
	// maxHitMarks bounds the matches kept of one line.
	maxHitMarks = 32
	// maxFileMarks bounds the lines of a file that are marked in its code, around a hit.
	maxFileMarks = 20_000
	// dumpRow is how many bytes of a binary file are a row of its dump.
	dumpRow = 16
	// fewHits are all shown; with more, each file shows its first ones.
	fewHits    = 60
	firstLines = 4
)

// A hitList is lines of files, grouped by file, in a list whose groups fold. The
// text search has one, and the uses of a name.
//
// It knows every file and how many lines are found in it, and keeps the first lines;
// of the others it reads those on screen (hitpages.go). So rows are not kept but
// reckoned: a group knows at which one it begins.
type hitList struct {
	r      *roomScreen
	list   *panel.List
	hits   []searchHit // the first ones
	groups []hitGroup
	height int // rows of all groups
	pages  hitPages
	around []hitContext // lines shown around hits, by hit
	all    bool         // hits are of several releases
	at     int          // the hit last opened
	more   string       // why these are not all hits: said in a row behind them
	// show opens a hit; keep leaves the keyboard where it is.
	show func(i int, keep bool)
	// meant is called when a hit was looked at beyond its line; nil: not at all.
	meant func()
}

// setup makes the list.
func (s *hitList) setup(r *roomScreen, show func(i int, keep bool)) {
	s.r, s.at, s.show = r, -1, show
	s.pages.reading, s.pages.jumping, s.pages.looking = r.d.board.slot(), r.d.board.slot(), r.d.board.slot()
	s.list = panel.NewList(r.d.look, style.HeightRow)
	s.list.Row = s.row
	s.list.OnOpen = func(i int) { s.openRow(i, false) }
	s.list.OnClick = func(i int) { s.openRow(i, true) }
	s.list.OnSpace = func(i int) { s.lookRound(i) }
	s.list.OnDouble = func(i int) {
		if r, ok := s.rowAt(i); ok && r.hit >= 0 { // the first click has folded, or shown more, already
			s.openRow(i, false)
		}
	}
	s.list.OnFold = s.fold
	s.list.Name = func(i int) string {
		if r, ok := s.rowAt(i); ok && r.hit == rowFile {
			return path.Base(s.groups[r.group].place.Path)
		}
		return ""
	}
	s.list.Around = func(i int) int {
		if r, ok := s.rowAt(i); ok && r.hit != rowFile && r.hit != rowEnd {
			return s.groups[r.group].row
		}
		return -1
	}
}

func (s *hitList) empty() {
	s.hits, s.groups, s.height, s.around, s.at, s.more = nil, nil, 0, nil, -1, ""
	s.pages.forget()
	s.list.Empty = ""
	s.list.SetLength(0)
}

// total is how many hits there are in the files that are listed.
func (s *hitList) total() int {
	if n := len(s.groups); n > 0 {
		return s.groups[n-1].to
	}
	return 0
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

// marksIn are the ranges of the hits in the file of one, as far as they are known, and
// which is that one's first.
func (s *hitList) marksIn(hit int) (all []code.Range, current int) {
	g, _ := s.fileOf(hit)
	for k := max(g.from, hit-maxFileMarks/2); k < min(g.to, hit+maxFileMarks/2); k++ {
		if k == hit {
			current = len(all)
		}
		if h, ok := s.known(k); ok {
			all = append(all, h.ranges...)
		}
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
	bytes     bool         // a place in a binary file: there are no lines around it
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
		out.line, out.bytes = int(h.Span.From/dumpRow)+1, true
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

// A hitRow is what a row shows: a hit, so many lines before or behind it, or a kind.
type hitRow struct {
	group int
	hit   int
	off   int
}

// grow adds the hits from index from on, which cost as much as they are: hits come
// in path order, so a file's stand together, and rows before stay as they are.
func (s *hitList) grow(from int) {
	s.change(len(s.groups)-1, func() {
		for i := from; i < len(s.hits); i++ {
			s.extend(s.hits[i].place, 1)
		}
	})
}

// extend adds n hits in a file, the last one or one behind it.
func (s *hitList) extend(p deposit.Place, n int) {
	if k := len(s.groups); k > 0 && s.groups[k-1].place == p {
		s.groups[k-1].to += n
		return
	}
	s.groups = append(s.groups, hitGroup{place: p, from: s.total(), to: s.total() + n})
}

// change does something that changes the rows, from those of a group on; the selection
// stays on what it was on.
func (s *hitList) change(first int, do func()) {
	at := s.list.Selected()
	was, selected := s.rowAt(at)
	few := s.total() <= fewHits
	do()
	if few != (s.total() <= fewHits) {
		first = 0 // the files of before show fewer lines now, or more
	}
	s.lay(max(0, first))
	s.list.SetLength(s.rows())
	if !selected || was.hit == rowEnd {
		return
	}
	if to := s.place(was); to != at {
		s.list.Select(to)
	}
}

// place is the row of what was in one before, or of what hides it now.
func (s *hitList) place(was hitRow) int {
	g := s.groups[was.group]
	switch {
	case g.folded || was.hit == rowFile:
		return g.row
	case was.hit == rowMore:
		return min(s.rowIn(g, g.from+firstLines, 0), s.endOf(was.group)-1) // where the first of these is now
	}
	return min(s.rowIn(g, was.hit, was.off), s.endOf(was.group)-1)
}

// lay reckons at which rows the groups from one on begin.
func (s *hitList) lay(first int) {
	row := 0
	if first > 0 && first < len(s.groups) {
		row = s.groups[first].row
	}
	for g := first; g < len(s.groups); g++ {
		s.groups[g].row = row
		row += s.rowsOf(s.groups[g])
	}
	s.height = row
}

// shown is how many hits of a group have rows while it is not folded.
func (s *hitList) shown(g hitGroup) int {
	if n := g.to - g.from; s.total() <= fewHits || g.all || n <= firstLines+1 {
		return n
	}
	return firstLines
}

// rowsOf is how many rows a group has.
func (s *hitList) rowsOf(g hitGroup) int {
	if g.folded {
		return 1
	}
	n := s.shown(g)
	rows := 1 + n
	if n < g.to-g.from {
		rows++
	}
	for _, c := range s.aroundIn(g.from, g.from+n) {
		rows += len(c.before) + len(c.behind)
	}
	return rows
}

// rows is how many rows there are.
func (s *hitList) rows() int {
	if s.more != "" {
		return s.height + 1
	}
	return s.height
}

// rowAt is what a row shows; false if there is no such row.
func (s *hitList) rowAt(i int) (hitRow, bool) {
	if i < 0 || i >= s.rows() {
		return hitRow{}, false
	}
	if i >= s.height {
		return hitRow{hit: rowEnd}, true
	}
	n, _ := slices.BinarySearchFunc(s.groups, i+1, func(g hitGroup, row int) int { return cmp.Compare(g.row, row) })
	g := s.groups[n-1]
	if i -= g.row + 1; i < 0 {
		return hitRow{n - 1, rowFile, 0}, true
	}
	shown := s.shown(g)
	for _, c := range s.aroundIn(g.from, g.from+shown) {
		first := c.hit - g.from // row of its first line, were there none around those before
		if i < first {
			break
		}
		if rows := len(c.before) + 1 + len(c.behind); i < first+rows {
			return hitRow{n - 1, c.hit, i - first - len(c.before)}, true
		}
		i -= len(c.before) + len(c.behind)
	}
	if i >= shown {
		return hitRow{n - 1, rowMore, 0}, true
	}
	return hitRow{n - 1, g.from + i, 0}, true
}

// rowIn is the row of a hit of an unfolded group, or of a line around it.
func (s *hitList) rowIn(g hitGroup, hit, off int) int {
	row := g.row + 1 + hit - g.from
	for _, c := range s.aroundIn(g.from, hit) {
		row += len(c.before) + len(c.behind)
	}
	for _, c := range s.aroundIn(hit, hit+1) {
		return row + len(c.before) + max(-len(c.before), min(off, len(c.behind)))
	}
	return row
}

// endOf is the row behind a group's last one.
func (s *hitList) endOf(g int) int {
	if g+1 < len(s.groups) {
		return s.groups[g+1].row
	}
	return s.height
}

// rowOf finds the row of a hit, unfolding what hides it; -1 if there is no such hit.
func (s *hitList) rowOf(hit int) int {
	n := s.groupOf(hit)
	if n < 0 {
		return -1
	}
	if g := s.groups[n]; g.folded || hit-g.from >= s.shown(g) {
		s.change(n, func() { s.groups[n].folded, s.groups[n].all = false, true })
	}
	return s.rowIn(s.groups[n], hit, 0)
}

func (s *hitList) row(i int) panel.Row {
	r, ok := s.rowAt(i)
	if !ok {
		return panel.Row{}
	}
	if r.hit == rowEnd {
		return panel.Row{Fold: panel.Flat, Text: []panel.Span{{Text: s.more, Tone: panel.ToneWarn, Size: style.TextSecondary}}}
	}
	g := s.groups[r.group]
	switch r.hit {
	case rowFile:
		icon, tone := fileIcon(g.place.Path)
		row := panel.Row{Fold: panel.Opened, Icon: icon, IconTone: tone, Pill: grouped(int64(g.to - g.from)), Tip: words.T("%s  in %s", g.place.Path, g.place.Release)}
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
		return panel.Row{Fold: panel.Flat, Gutter: " ", Text: []panel.Span{{Text: words.T("%s more in this file", grouped(int64(g.to-g.from-firstLines))), Tone: panel.ToneAccent, Size: style.TextSecondary}}}
	}
	h, known := s.known(r.hit)
	if !known {
		s.miss(r.group, r.hit)
		return panel.Row{Fold: panel.Flat, Gutter: " ", Text: []panel.Span{{Text: "…", Tone: panel.ToneFaint, Mono: true, Size: style.TextSecondary}}}
	}
	fold, indent := panel.Flat, ""
	for _, c := range s.aroundIn(r.hit, r.hit+1) {
		if r.off != 0 {
			line := c.line(r.off)
			return panel.Row{Fold: panel.Flat, Gutter: grouped(int64(h.line + r.off)), Text: []panel.Span{{Text: line, Mono: true, Tone: panel.ToneDim, Size: style.TextSecondary}}}
		}
		fold, indent = panel.Opened, c.indent
	}
	if fold == panel.Flat && i == s.list.Selected() && h.line > 0 && !h.bytes {
		fold = panel.Closed
	}
	text, marks := slide(h.text, h.marks, int((s.list.Size().Width-hitInset)/hitAdvance))
	return panel.Row{Fold: fold, Gutter: grouped(int64(h.line)), Right: classSpans(h), Text: []panel.Span{
		{Text: indent, Mono: true, Size: style.TextSecondary}, {Text: text, Mono: true, Size: style.TextSecondary, Hits: marks}}}
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

// fold folds a file, or shows the lines around a hit or hides them.
func (s *hitList) fold(i int, open bool) {
	r, ok := s.rowAt(i)
	switch {
	case !ok:
	case r.hit >= 0:
		s.lookAround(r.hit, open)
	default:
		s.change(r.group, func() { s.groups[r.group].folded = !open })
	}
}

func (s *hitList) foldAll() {
	any := false
	for _, g := range s.groups {
		any = any || !g.folded
	}
	s.change(0, func() {
		for i := range s.groups {
			s.groups[i].folded = any
		}
	})
}

func (s *hitList) openRow(i int, keepFocus bool) {
	r, ok := s.rowAt(i)
	if !ok {
		return
	}
	switch r.hit {
	case rowFile:
		s.fold(i, s.groups[r.group].folded)
	case rowMore:
		s.change(r.group, func() { s.groups[r.group].all = true })
	case rowEnd:
	default:
		s.show(r.hit, keepFocus)
	}
}

// lookRound is Space: it shows the lines around a hit, or hides them, and does what
// Enter does elsewhere.
func (s *hitList) lookRound(i int) {
	r, ok := s.rowAt(i)
	if h, known := s.known(r.hit); ok && r.hit >= 0 && !(known && (h.line == 0 || h.bytes)) {
		s.lookAround(r.hit, len(s.aroundIn(r.hit, r.hit+1)) == 0)
		return
	}
	s.openRow(i, false)
}
