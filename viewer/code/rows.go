package code

import "sort"

// rows is the order in which the lines of a text stand on screen: which are
// folded away, and how many rows each of the others takes. Rows are 0-based and
// of equal height.
//
// Without wrapping every line in sight takes one row and all is exact. With it a
// line's rows are known once it was laid out (exact); until then they are guessed
// from its length, and those of lines that nobody looked at from a sample. So a
// question costs O(log n) and a text of five million lines no more memory than a
// sum for each blockLines of them; what it costs is that the number of a row far
// off may change. View's edge keeps what is in view where it is.
type rows struct {
	lines  int
	hidden []lineSpan // folded away, in order, not touching one another
	before []int      // of each span: lines hidden ahead of it; one more for the end

	// Only with wrapping.
	exactly func(line int) int // rows of a line, ≥ 1
	roughly func(line int) int // a guess at them, quick
	sums    []int              // Fenwick tree over the blocks' rows, 1-based
	known   map[int]*rowBlock
	turn    int // counts changes of sums
}

// lineSpan is lines from up to and including to.
type lineSpan struct{ from, to int }

// blockLines is how many lines are summed together: a block is what has to be
// walked through to find a row.
const blockLines = 128

// rowBlock is the rows of a block's lines, 0 for hidden ones.
type rowBlock struct {
	heights [blockLines]int32
	exact   [blockLines]bool
	sum     int
}

// keptBlocks bounds the blocks that are known line by line, about 1.5 MB; what is
// forgotten is guessed again.
const keptBlocks = 2048

// surveyed is how many lines are sampled for a guess at lines nobody looked at.
// Shorter texts are looked at line by line.
const surveyed = 1 << 14

// newRows is the order of so many lines, of which some are hidden. Without
// exactly no line is wrapped.
func newRows(lines int, hidden []lineSpan, exactly, roughly func(int) int) *rows {
	r := &rows{lines: lines, hidden: hidden, before: make([]int, 1, len(hidden)+1), exactly: exactly, roughly: roughly}
	for i, h := range hidden {
		r.before = append(r.before, r.before[i]+h.to-h.from+1)
	}
	if r.wraps() {
		r.known = map[int]*rowBlock{}
		r.survey()
	}
	return r
}

func (r *rows) wraps() bool { return r.exactly != nil }

// survey guesses the rows of every block.
func (r *rows) survey() {
	n := (r.lines + blockLines - 1) / blockLines
	r.sums = make([]int, n+1)
	step := max(1, r.lines/surveyed)
	sampled, of := 0, 0
	for line := 1; step > 1 && line <= r.lines; line += step {
		sampled, of = sampled+r.roughly(line), of+1
	}
	for b := range n {
		first, last := b*blockLines+1, min((b+1)*blockLines, r.lines)
		rows := 0
		switch seen := r.index(last+1) - r.index(first); {
		case step > 1:
			rows = seen * sampled / of
		default:
			for line := first; line <= last; line++ {
				if r.shows(line) {
					rows += r.roughly(line)
				}
			}
		}
		r.sums[b+1] = rows
	}
	for i := 1; i <= n; i++ {
		if up := i + i&-i; up <= n {
			r.sums[up] += r.sums[i]
		}
	}
}

// span is the index of the first hidden span that ends at or behind a line.
func (r *rows) span(line int) int {
	return sort.Search(len(r.hidden), func(i int) bool { return r.hidden[i].to >= line })
}

// shows reports whether a line is not folded away.
func (r *rows) shows(line int) bool {
	i := r.span(line)
	return i == len(r.hidden) || line < r.hidden[i].from
}

// head is the line in sight that stands for a line: itself, or the one behind
// which it is folded away.
func (r *rows) head(line int) int {
	if i := r.span(line); i < len(r.hidden) && line >= r.hidden[i].from {
		return r.hidden[i].from - 1
	}
	return line
}

// next is the line in sight behind a line, prev the one ahead of it; 0 without one.
func (r *rows) next(line int) int {
	line++
	if i := r.span(line); i < len(r.hidden) && line >= r.hidden[i].from {
		line = r.hidden[i].to + 1
	}
	if line > r.lines {
		return 0
	}
	return line
}

func (r *rows) prev(line int) int { return r.head(max(line-1, 0)) }

// index is how many lines in sight stand ahead of a line.
func (r *rows) index(line int) int {
	i := r.span(line)
	n := line - 1 - r.before[i]
	if i < len(r.hidden) && line > r.hidden[i].from {
		n -= line - r.hidden[i].from
	}
	return n
}

// lineAt is the line in sight that has so many ahead of it.
func (r *rows) lineAt(index int) int {
	i := sort.Search(len(r.hidden), func(i int) bool { return r.hidden[i].from-1-r.before[i] > index })
	return index + 1 + r.before[i]
}

// count is the number of all rows.
func (r *rows) count() int {
	if !r.wraps() {
		return r.index(r.lines + 1)
	}
	return r.ahead(len(r.sums) - 1)
}

// ahead is the number of rows in the blocks ahead of block b.
func (r *rows) ahead(b int) int {
	n := 0
	for ; b > 0; b -= b & -b {
		n += r.sums[b]
	}
	return n
}

// grow changes the rows of a block.
func (r *rows) grow(b, by int) {
	if by == 0 {
		return
	}
	r.turn++
	for i := b + 1; i < len(r.sums); i += i & -i {
		r.sums[i] += by
	}
}

// block is a block known line by line.
func (r *rows) block(b int) *rowBlock {
	if k := r.known[b]; k != nil {
		return k
	}
	if len(r.known) >= keptBlocks {
		clear(r.known)
	}
	k := &rowBlock{}
	for i := range min(blockLines, r.lines-b*blockLines) {
		if line := b*blockLines + i + 1; r.shows(line) {
			k.heights[i] = int32(max(r.roughly(line), 1))
			k.sum += int(k.heights[i])
		}
	}
	r.grow(b, k.sum-(r.ahead(b+1)-r.ahead(b)))
	r.known[b] = k
	return k
}

// exact is the number of rows that a line takes, 0 for a hidden one. The numbers of
// the rows behind it may change.
func (r *rows) exact(line int) int {
	if line < 1 || line > r.lines || !r.shows(line) {
		return 0
	}
	if !r.wraps() {
		return 1
	}
	b, i := (line-1)/blockLines, (line-1)%blockLines
	k := r.block(b)
	if !k.exact[i] {
		h := r.exactly(line)
		by := h - int(k.heights[i])
		k.heights[i], k.exact[i] = int32(h), true
		k.sum += by
		r.grow(b, by)
	}
	return int(k.heights[i])
}

// of is the first row of a line, or of the line that stands for it.
func (r *rows) of(line int) int {
	line = r.head(min(max(line, 1), max(r.lines, 1)))
	if !r.wraps() || r.lines == 0 {
		return r.index(line)
	}
	b := (line - 1) / blockLines
	k := r.block(b) // first: it may change what is ahead of no block but those behind
	n := r.ahead(b)
	for i := range line - 1 - b*blockLines {
		n += int(k.heights[i])
	}
	return n
}

// near is about where a line begins, in rows, without a look at it: for marks
// beside a scrollbar.
func (r *rows) near(line int) int {
	line = r.head(min(max(line, 1), max(r.lines, 1)))
	if !r.wraps() || r.lines == 0 {
		return r.index(line)
	}
	b := (line - 1) / blockLines
	from, to := r.ahead(b), r.ahead(b+1)
	return from + (to-from)*(line-1-b*blockLines)/blockLines
}

// at is the line that a row shows, and which of its rows that is; rows outside
// the text are moved into it. The line is exact afterwards.
func (r *rows) at(row int) (line, part int) {
	if r.lines == 0 {
		return 1, 0
	}
	row = min(max(row, 0), r.count()-1)
	if !r.wraps() {
		return r.lineAt(row), 0
	}
	b, step := 0, 1
	for step*2 < len(r.sums) {
		step *= 2
	}
	for ; step > 0; step /= 2 {
		if b+step < len(r.sums) && r.sums[b+step] <= row {
			b += step
			row -= r.sums[b]
		}
	}
	for ; b < len(r.sums)-1; b++ {
		k := r.block(b)
		for i, h := range k.heights {
			if row < int(h) {
				line = b*blockLines + i + 1
				return line, min(row, r.exact(line)-1)
			}
			row -= int(h)
		}
	}
	line = r.head(r.lines) // it is shorter than it was guessed to be
	return line, r.exact(line) - 1
}

// settle makes the lines around one exact, as far as so many rows ahead of it and
// behind it.
func (r *rows) settle(line, ahead, behind int) {
	if !r.wraps() || r.lines == 0 {
		return
	}
	line = r.head(min(max(line, 1), r.lines))
	for l := line; l > 0 && behind >= 0; l = r.next(l) {
		behind -= r.exact(l)
	}
	for l := r.prev(line); l > 0 && ahead > 0; l = r.prev(l) {
		ahead -= r.exact(l)
	}
}
