package code

// A guide is the indentation guide of the block that the caret is in: cell of its
// column, and the lines that it goes through.
type guide struct {
	cell, from, to int
	line, change   int // of the caret, and of the stage, when it was found
}

// guideLines is how many lines are looked at on each side of the caret for the
// ends of its block: more than a window shows.
const guideLines = 4000

// caretGuide finds the guide that stands out.
func (v *View) caretGuide() guide {
	g := &v.guide
	if g.line == v.caret.Line && g.change == v.stage.changes {
		return *g
	}
	line := v.caret.Line
	*g = guide{line: line, change: v.stage.changes, from: line, to: line}
	depth := v.depthAt(line)
	if next := v.depthAt(line + 1); next > depth { // on the line that opens it
		depth = next
	}
	if depth < 2*v.guides {
		return *g
	}
	g.cell = depth/v.guides*v.guides - v.guides
	reach := func(step int) int {
		at := line
		for n := line + step; n >= 1 && n <= v.lines && n != line+step*guideLines; n += step {
			if depth, blank := indentOf(body(v.src.Line(n)), v.glyphs.tab); !blank {
				if depth <= g.cell {
					break
				}
				at = n
			}
		}
		return at
	}
	g.from, g.to = reach(-1), reach(1)
	return *g
}

// depthAt is the indent of a line in cells; that of what is around a blank one.
func (v *View) depthAt(line int) int {
	if line < 1 || line > v.lines {
		return 0
	}
	depth, blank := indentOf(body(v.src.Line(line)), v.glyphs.tab)
	if blank {
		return min(v.depthNear(line, -1), v.depthNear(line, 1))
	}
	return depth
}
