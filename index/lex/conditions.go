package lex

import (
	"bytes"
	"slices"
	"sort"
	"strings"
)

const (
	// maxBranches bounds the branches of #if kept, 36 bytes each.
	maxBranches = 1 << 17
	// maxIfs bounds how deep #if nests; the C standard asks for 63. Deeper ones
	// are counted only.
	maxIfs = 128
	// maxElifs bounds the earlier conditions of a chain that an #else denies in
	// words, and maxCondition the bytes of each.
	maxElifs     = 8
	maxCondition = 1 << 10
)

// conditions follow the #if lines of a text.
type conditions struct {
	branches []branch
	ifs      []ifFrame
	deeper   int // #ifs beyond maxIfs
	deads    int // of ifs, those in a branch that does not count
}

// A branch is the text from an #if, #elif or #else to the next of its chain.
type branch struct {
	start, end   int32 // from the directive on
	textAt       int32 // the condition
	textEnd      int32
	line         int32
	endLine      int32 // the last line of the branch
	parent, prev int32 // the branch around the chain, and the one before in it; -1
	kind         branchKind
}

type branchKind uint8

const (
	branchIf branchKind = iota
	branchIfdef
	branchIfndef
	branchElse
)

type ifFrame struct {
	branch int32 // the current one, -1 if it is not kept
	start  int32
	taken  bool // a branch has counted for nesting
	dead   bool // the current one does not
	floor  int  // of the nesting around it
	over   int
	head   mark
	saved  []entry // what the branch that counts left open
}

// directive follows the branches.
func (n *Nesting) directive(t Token) {
	name := n.s.DirectiveName(t)
	switch string(name) {
	case "if":
		n.pushIf(t, branchIf)
	case "ifdef":
		n.pushIf(t, branchIfdef)
	case "ifndef":
		n.pushIf(t, branchIfndef)
	case "elif", "elsif", "elseif":
		n.nextBranch(t, branchIf)
	case "elifdef":
		n.nextBranch(t, branchIfdef)
	case "elifndef":
		n.nextBranch(t, branchIfndef)
	case "else":
		n.nextBranch(t, branchElse)
	case "endif":
		n.popIf(t.Start, t.Line-1)
	}
}

func (n *Nesting) pushIf(t Token, k branchKind) {
	if len(n.ifs) >= maxIfs {
		n.deeper++
		return
	}
	parent := int32(-1)
	if len(n.ifs) > 0 {
		parent = n.ifs[len(n.ifs)-1].branch
	}
	b := n.branch(t, k, parent, -1)
	f := ifFrame{branch: b, start: t.Start, floor: n.floor, over: n.over, head: n.head}
	n.ifs = append(n.ifs, f)
	switch string(n.condition(t)) {
	case "0", "false":
		n.enterDead()
	default:
		n.ifs[len(n.ifs)-1].taken = true
	}
}

// condition is the text after the directive's name.
func (n *Nesting) condition(t Token) []byte {
	return bytes.TrimSpace(n.s.text[t.End:n.s.lineEnd(int(t.End))])
}

func (n *Nesting) branch(t Token, k branchKind, parent, prev int32) int32 {
	if len(n.branches) >= maxBranches {
		n.truncated = true
		return -1
	}
	n.branches = append(n.branches, branch{start: t.Start, line: t.Line, parent: parent, prev: prev, kind: k,
		textAt: t.End, textEnd: int32(n.s.lineEnd(int(t.End)))})
	return int32(len(n.branches) - 1)
}

func (n *Nesting) nextBranch(t Token, k branchKind) {
	if n.deeper > 0 || len(n.ifs) == 0 {
		return
	}
	f := &n.ifs[len(n.ifs)-1]
	prev, parent := f.branch, int32(-1)
	if prev >= 0 {
		n.branches[prev].end, n.branches[prev].endLine = t.Start, t.Line-1
		parent = n.branches[prev].parent
	}
	n.leaveBranch(t)
	f.branch = n.branch(t, k, parent, prev)
	f.start = t.Start
	if f.taken {
		n.enterDead()
	} else {
		f.taken = true
	}
}

// leaveBranch sets the nesting to what it was at the #if: what a branch that
// counts has opened is kept for the #endif.
func (n *Nesting) leaveBranch(t Token) {
	f := &n.ifs[len(n.ifs)-1]
	if f.dead {
		n.leaveDead(t.Start, t.Line-1)
		return
	}
	cut := len(n.stack)
	for cut > n.floor && n.stack[cut-1].at >= f.start {
		cut--
	}
	f.saved = append(f.saved, n.stack[cut:]...)
	n.stack = n.stack[:cut]
	f.head, n.head = n.head, f.head
	f.over, n.over = n.over, f.over
}

func (n *Nesting) enterDead() {
	f := &n.ifs[len(n.ifs)-1]
	f.dead = true
	n.deads++
	n.floor = len(n.stack)
	if f.taken {
		return
	}
	f.head, f.over = n.head, n.over
}

// leaveDead forgets what a branch that does not count has left open.
func (n *Nesting) leaveDead(at, line int32) {
	f := &n.ifs[len(n.ifs)-1]
	for len(n.stack) > n.floor {
		n.pop(at, line)
	}
	f.dead = false
	n.deads--
	n.floor = f.floor
	n.head, n.over = f.head, f.over
}

func (n *Nesting) popIf(at, line int32) {
	if n.deeper > 0 {
		n.deeper--
		return
	}
	if len(n.ifs) == 0 {
		return
	}
	f := &n.ifs[len(n.ifs)-1]
	if f.branch >= 0 {
		n.branches[f.branch].end, n.branches[f.branch].endLine = at, line
	}
	if f.dead {
		n.leaveDead(at, line)
	}
	n.stack = append(n.stack, f.saved...)
	n.ifs = n.ifs[:len(n.ifs)-1]
}

func (n *Nesting) endConditions(end int32) {
	n.deeper = 0
	for len(n.ifs) > 0 {
		n.popIf(end, n.s.line)
	}
}

// A Condition is what must hold for a piece of a text to be compiled.
type Condition struct {
	Text  string // "defined(X)", "!defined(X)", "A > 1", of an #else "!(A > 1)"
	Line  int    // of the directive that begins the branch
	Start int    // its offset
	End   int    // the offset of the directive that ends the branch
}

// Conditions are the conditions that enclose the offset, outermost first. A
// directive's own line is within the branch that it begins.
func (st *Structure) Conditions(offset int) []Condition {
	i := st.branchAt(offset)
	var cs []Condition
	for ; i >= 0; i = int(st.branches[i].parent) {
		b := st.branches[i]
		cs = append(cs, Condition{st.conditionText(b), int(b.line), int(b.start), int(b.end)})
	}
	slices.Reverse(cs)
	return cs
}

// branchAt is the innermost branch around the offset, -1 if there is none. The
// branches are in order of their start.
func (st *Structure) branchAt(offset int) int {
	i := sort.Search(len(st.branches), func(i int) bool { return int(st.branches[i].start) > offset }) - 1
	for i >= 0 && int(st.branches[i].end) <= offset {
		i = int(st.branches[i].parent) // those before it in its chain ended earlier still
	}
	return i
}

// conditionText is the condition in words, with that of earlier branches denied.
func (st *Structure) conditionText(b branch) string {
	var parts []string
	if b.kind != branchElse {
		parts = append(parts, st.plainCondition(b))
	}
	for p, k := b.prev, 0; p >= 0; p, k = st.branches[p].prev, k+1 {
		if k == maxElifs {
			parts = append(parts, "…")
			break
		}
		parts = append(parts, deny(st.plainCondition(st.branches[p])))
	}
	slices.Reverse(parts)
	return strings.Join(parts, " && ")
}

func (st *Structure) plainCondition(b branch) string {
	text := st.text[b.textAt:b.textEnd]
	if len(text) > maxCondition {
		text = text[:maxCondition]
	}
	words := strings.Join(strings.Fields(strings.ReplaceAll(withoutComments(string(text)), "\\\n", " ")), " ")
	switch b.kind {
	case branchIfdef:
		return "defined(" + words + ")"
	case branchIfndef:
		return "!defined(" + words + ")"
	}
	return words
}

func deny(c string) string {
	switch {
	case strings.HasPrefix(c, "!defined(") && strings.Count(c, "(") == 1 && strings.HasSuffix(c, ")"):
		return c[1:]
	case strings.HasPrefix(c, "defined(") && strings.Count(c, "(") == 1 && strings.HasSuffix(c, ")"):
		return "!" + c
	}
	return "!(" + c + ")"
}

func withoutComments(s string) string {
	for {
		i := strings.Index(s, "/*")
		if j := strings.Index(s, "//"); j >= 0 && (i < 0 || j < i) {
			return s[:j]
		}
		if i < 0 {
			return s
		}
		j := strings.Index(s[i:], "*/")
		if j < 0 {
			return s[:i]
		}
		s = s[:i] + " " + s[i+j+2:]
	}
}
