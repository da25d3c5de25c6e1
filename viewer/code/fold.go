package code

import (
	"bytes"
	"cmp"
	"context"
	"slices"
	"sort"
)

// A Fold is a range of lines that can be folded away behind its first one, which
// stays: lines From+1 up to and including To.
type Fold struct{ From, To int }

// MaxFolds bounds the folds of a text: those behind are left out.
const MaxFolds = 1 << 18

// SetFolds tells what can be folded. What is folded stays so where a fold begins at
// the same line. Of folds that begin at one line the longest counts.
func (v *View) SetFolds(folds []Fold) {
	v.folds = v.folds[:0]
	for _, f := range folds {
		if f.From >= 1 && f.From < f.To && f.To <= v.lines && len(v.folds) < MaxFolds {
			v.folds = append(v.folds, f)
		}
	}
	slices.SortFunc(v.folds, func(a, b Fold) int { return cmp.Or(cmp.Compare(a.From, b.From), cmp.Compare(b.To, a.To)) })
	v.folds = slices.CompactFunc(v.folds, func(a, b Fold) bool { return a.From == b.From })
	folded := len(v.shut) > 0
	for line := range v.shut {
		if _, ok := v.foldFrom(line); !ok {
			delete(v.shut, line)
		}
	}
	if folded {
		v.refold()
	} else {
		v.changed() // chevrons
	}
}

// FoldAway folds blocks away of a text whose folds are not known yet, as Folded gave
// them. SetFolds opens again what it does not confirm.
func (v *View) FoldAway(folds []Fold) {
	for _, f := range folds {
		v.shut[f.From] = true
	}
	v.SetFolds(folds)
}

// Folded lists what is folded away, at most most: what stands inside other such blocks
// comes last, since nobody sees it.
func (v *View) Folded(most int) (out []Fold) {
	if len(v.shut) == 0 {
		return nil
	}
	var inner []Fold
	reach := 0
	for _, f := range v.folds {
		switch {
		case !v.shut[f.From]:
		case f.From <= reach:
			inner = append(inner, f)
		default:
			reach = f.To
			out = append(out, f)
		}
	}
	out = append(out, inner...)
	return out[:min(len(out), most)]
}

// foldFrom is the fold that begins at a line.
func (v *View) foldFrom(line int) (Fold, bool) {
	i := sort.Search(len(v.folds), func(i int) bool { return v.folds[i].From >= line })
	if i == len(v.folds) || v.folds[i].From != line {
		return Fold{}, false
	}
	return v.folds[i], true
}

// folded lists the lines that are folded away, in order.
func (v *View) folded() (out []lineSpan) {
	if len(v.shut) == 0 {
		return nil
	}
	for _, f := range v.folds {
		if !v.shut[f.From] {
			continue
		}
		if n := len(out); n > 0 && f.From <= out[n-1].to {
			out[n-1].to = max(out[n-1].to, f.To)
			continue
		}
		out = append(out, lineSpan{f.From + 1, f.To})
	}
	return out
}

// refold shows what is folded now. The caret does not stay in what is not shown.
func (v *View) refold() {
	v.reorder()
	if head := v.rows.head(v.caret.Line); head != v.caret.Line {
		v.goal = -1
		v.moveTo(v.end(head), v.end(head))
	}
	v.overviewChanged()
	if v.OnFold != nil {
		v.OnFold()
	}
}

// Fold folds the innermost block around the caret that is not folded yet.
func (v *View) Fold() {
	line := v.caret.Line
	best := Fold{}
	for _, f := range v.folds[:sort.Search(len(v.folds), func(i int) bool { return v.folds[i].From > line })] {
		if f.To >= line && !v.shut[f.From] { // they are in order: the last is the innermost
			best = f
		}
	}
	if best.From > 0 {
		v.shut[best.From] = true
		v.refold()
	}
}

// Unfold opens what is folded at the caret.
func (v *View) Unfold() {
	if v.shut[v.caret.Line] {
		delete(v.shut, v.caret.Line)
		v.refold()
	}
}

// Toggle folds or opens the block that begins at a line.
func (v *View) Toggle(line int) {
	if _, ok := v.foldFrom(line); !ok {
		return
	}
	if v.shut[line] {
		delete(v.shut, line)
	} else {
		v.shut[line] = true
	}
	v.refold()
}

// FoldAll folds every block, UnfoldAll none.
func (v *View) FoldAll() {
	for _, f := range v.folds {
		v.shut[f.From] = true
	}
	v.refold()
}

// UnfoldAll opens everything.
func (v *View) UnfoldAll() {
	if len(v.shut) > 0 {
		clear(v.shut)
		v.refold()
	}
}

// FoldLevel folds the blocks that have exactly level-1 others around them, but not
// those around the caret.
func (v *View) FoldLevel(level int) {
	var around []int // ends
	for _, f := range v.folds {
		for len(around) > 0 && around[len(around)-1] < f.From {
			around = around[:len(around)-1]
		}
		around = append(around, f.To)
		if len(around) == level && (v.caret.Line <= f.From || v.caret.Line > f.To) {
			v.shut[f.From] = true
		}
	}
	v.refold()
}

// open brings a line into sight.
func (v *View) open(line int) {
	if v.rows.shows(line) {
		return
	}
	for _, f := range v.folds {
		if f.From >= line {
			break
		}
		if f.To >= line {
			delete(v.shut, f.From)
		}
	}
	v.refold()
}

// Foldable reports whether the text has blocks to fold, and whether any is folded.
func (v *View) Foldable() (blocks, folded bool) { return len(v.folds) > 0, len(v.shut) > 0 }

// IndentFolds are the folds of a text of which nothing is known: a line and those
// behind it that are indented deeper, blank ones between them too. When ctx ends it
// returns what it has and ctx's error.
func IndentFolds(ctx context.Context, src Source, tab int) ([]Fold, error) {
	type block struct{ line, depth int }
	var out []Fold
	var around []block
	last, scanned := 0, 0 // the last line that is not blank
	shut := func(depth int) {
		for n := len(around); n > 0 && around[n-1].depth >= depth; n-- {
			if b := around[n-1]; last > b.line && len(out) < MaxFolds {
				out = append(out, Fold{b.line, last})
			}
			around = around[:n-1]
		}
	}
	for n := 1; n <= src.Lines() && len(out) < MaxFolds; n++ {
		line := body(src.Line(n))
		if scanned += min(len(line), maxIndent) + 1; scanned > pollBytes {
			scanned = 0
			if err := ctx.Err(); err != nil {
				return out, err
			}
		}
		depth, blank := indentOf(line, tab)
		if blank {
			continue
		}
		shut(depth)
		around = append(around, block{n, depth})
		last = n
	}
	shut(0)
	slices.SortFunc(out, func(a, b Fold) int { return cmp.Compare(a.From, b.From) })
	return out, nil
}

// indentOf is the width in cells of a line's leading blanks, and whether it is
// nothing but blanks.
func indentOf(line []byte, tab int) (cells int, blank bool) {
	for _, c := range line[:min(len(line), maxIndent)] {
		switch c {
		case ' ':
			cells++
		case '\t':
			cells += tab - cells%tab
		default:
			return cells, false
		}
	}
	return cells, len(line) <= maxIndent
}

// IndentStep is the step by which a text is indented, in cells: the most frequent
// increase from one line to the next, of at most 2,000 lines; fallback where there
// is none.
func IndentStep(src Source, tab, fallback int) int {
	var seen [maxTab + 1]int
	was := 0
	for n := 1; n <= min(src.Lines(), 2000); n++ {
		line := body(src.Line(n))
		depth, blank := indentOf(line, tab)
		if blank || bytes.HasPrefix(bytes.TrimLeft(line, " \t"), []byte{'*'}) { // the lines of a comment
			continue
		}
		if by := depth - was; by > 1 && by <= maxTab {
			seen[by]++
		}
		was = depth
	}
	best := fallback
	for by, n := range seen {
		if n > 0 && (seen[best] == 0 || n > seen[best]) {
			best = by
		}
	}
	return best
}

// maxTab is the widest distance of tab stops.
const maxTab = 16

// SetTabs sets the distance of tab stops and of indentation guides in cells, from 1
// to 16. It is TabWidth for both in a new view.
func (v *View) SetTabs(tab, guides int) {
	tab, guides = min(max(tab, 1), maxTab), min(max(guides, 1), maxTab)
	if tab == v.glyphs.tab && guides == v.guides {
		return
	}
	v.glyphs.tab, v.guides = tab, guides
	clear(v.maps)
	v.goal, v.widest = -1, 0
	v.sketchAfresh()
	v.reorder()
	v.changed()
}
