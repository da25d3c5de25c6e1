package lex

import "bytes"

// A BlockKind says what makes a block.
type BlockKind uint8

const (
	Brackets     BlockKind = iota // ( ), [ ], { }
	Words                         // begin … end, if … fi
	Indented                      // Python: what is indented under a line that ends in ":"
	CommentBlock                  // a comment of several lines, or line comments below each other
)

// A Block is a piece of a text that belongs together, of two lines or more.
type Block struct {
	Kind                          BlockKind
	Head                          int // offset where the statement starts that the block is part of: its header
	Open, Close                   int // offsets of the opening bracket or word, and behind the closing one
	HeadLine, OpenLine, CloseLine int // 1-based
	Parent                        int // index of the block around it, -1 if there is none
}

const (
	// maxBlocks bounds the blocks kept, 32 bytes each: ten times more than the
	// largest source file has. Later ones are left out (Truncated).
	maxBlocks = 1 << 18
	// maxDepth bounds the brackets that are followed, as the branches of each #if
	// may leave that many open. Deeper ones are counted only.
	maxDepth = 1024
	// maxMend is how many open brackets are given up to find the one that a
	// closing bracket belongs to. Otherwise the closing one is ignored.
	maxMend = 32
)

type blk struct {
	head, open, close             int32
	headLine, openLine, closeLine int32
	parent                        int32
	kind                          BlockKind
	uncounted                     bool
}

// A Nesting follows the blocks of a text while it is scanned. Of the branches
// of an "#if" the first counts, or the one after "#if 0": brackets of the others
// nest within their branch only, so that braces may be unbalanced in each. What
// stands on directive lines does not nest.
type Nesting struct {
	s         *Scanner
	blocks    []blk
	stack     []entry
	over      int  // open brackets beyond maxDepth
	floor     int  // entries below are not closed: a branch that does not count
	head      mark // start of the statement in progress
	prev      Token
	comment   int32 // index of the line comments in progress, -1
	truncated bool

	conditions
}

type entry struct {
	group byte // the opening bracket, or a letter for words
	block int32
	at    int32 // offset
	line  int32
	col   int32 // Indented: columns of the header
	head  mark  // the statement around it
}

type mark struct{ at, line int32 } // line 0: none

// NewNesting returns a nesting that must be given each token of s.
func NewNesting(s *Scanner) *Nesting {
	return &Nesting{s: s, comment: -1}
}

// Depth is the number of blocks that are open, of one line or more.
func (n *Nesting) Depth() int { return len(n.stack) + n.over }

// Innermost gives the offsets of the innermost open block's opening bracket or
// word and of its header; false if no block is open, or too many are.
func (n *Nesting) Innermost() (open, head int, ok bool) {
	top := len(n.stack) - 1
	if top < 0 || n.over > 0 {
		return 0, 0, false
	}
	e := n.stack[top]
	if e.head.line == 0 {
		return int(e.at), int(e.at), true
	}
	return int(e.at), int(e.head.at), true
}

// Statement is the offset at which the statement in progress starts, which is
// the header of a block that opens next; false between statements.
func (n *Nesting) Statement() (start int, ok bool) { return int(n.head.at), n.head.line > 0 }

// Uncounted reports whether the last token stands in a branch of an "#if" that
// does not count for nesting.
func (n *Nesting) Uncounted() bool { return n.deads > 0 }

// Add takes the next token.
func (n *Nesting) Add(t Token) {
	if t.Kind == Comment {
		n.addComment(t)
		return
	}
	n.endComments()
	if t.Kind == Directive && t.InDirective {
		n.directive(t)
	}
	if t.InDirective || t.Kind == Directive || t.Kind == EOF {
		return
	}
	l := n.s.lang
	if l.indents && t.First {
		n.indentation(t)
	}
	if l.newlines && t.First && n.endsStatement(t) {
		n.head = mark{}
	}
	if n.head.line == 0 {
		n.head = mark{t.Start, t.Line}
	}
	switch t.Kind {
	case Punct:
		switch c := n.s.text[t.Start]; c {
		case '{', '(', '[':
			n.open(c, Brackets, t)
		case '}':
			n.shut('{', t)
			n.head = mark{}
		case ')':
			n.shut('(', t)
		case ']':
			n.shut('[', t)
		case ';':
			n.head = mark{}
		case ',':
			if l.newlines && len(n.stack) > 0 && n.stack[len(n.stack)-1].group == '{' {
				n.head = mark{}
			}
		case ':':
			if l.indents {
				n.indent(t)
			} else if n.label() {
				n.head = mark{}
			}
		}
	case Ident:
		if l.blocks.open != nil {
			n.word(t)
		}
	}
	n.prev = t
}

// label reports whether the statement in progress was only "public:" or "case x:".
func (n *Nesting) label() bool {
	switch string(n.headWord()) {
	case "public", "private", "protected", "default", "case", "signals", "slots":
		return true
	}
	return false
}

// headWord is the word that the statement in progress starts with, if it is no
// longer than maxWord.
func (n *Nesting) headWord() []byte {
	rest := n.s.text[n.head.at:min(len(n.s.text), int(n.head.at)+maxWord)]
	for i, c := range rest {
		if !isLetter(c) {
			return rest[:i]
		}
	}
	return nil
}

// endsStatement reports whether the newline before t ended a statement.
func (n *Nesting) endsStatement(t Token) bool {
	switch n.prev.Kind {
	case Punct:
		switch n.s.text[n.prev.Start] {
		case ')', ']', '}', ';':
		default:
			return false
		}
	case EOF:
		return true
	}
	if t.Kind == Punct {
		switch n.s.text[t.Start] {
		case '@', '#', '~', '!', '$', '(', '[':
			return true
		}
		return false
	}
	return true
}

func (n *Nesting) open(group byte, kind BlockKind, t Token) {
	if len(n.stack) >= maxDepth {
		n.over++
		return
	}
	head := n.head
	if head.line == 0 {
		head = mark{t.Start, t.Line}
	}
	e := entry{group: group, at: t.Start, line: t.Line, head: n.head, block: n.add(blk{head: head.at, headLine: head.line, open: t.Start, openLine: t.Line, kind: kind})}
	n.stack = append(n.stack, e)
	n.head = mark{}
}

// add keeps a block and returns its index, or -1.
func (n *Nesting) add(b blk) int32 {
	if len(n.blocks) >= maxBlocks {
		n.truncated = true
		return -1
	}
	b.parent, b.uncounted = -1, n.deads > 0
	if top := len(n.stack) - 1; top >= 0 {
		b.parent = n.stack[top].block
	}
	n.blocks = append(n.blocks, b)
	return int32(len(n.blocks) - 1)
}

// shut closes the innermost block of the group and what it left open.
func (n *Nesting) shut(group byte, t Token) {
	if n.over > 0 {
		n.over--
		return
	}
	for i := len(n.stack) - 1; i >= n.floor && i >= len(n.stack)-maxMend; i-- {
		if n.stack[i].group != group {
			continue
		}
		for len(n.stack) > i+1 {
			n.pop(t.Start, t.Line)
		}
		n.pop(t.End, t.Line)
		return
	}
}

// pop ends the innermost block. One that stands on a line is forgotten: then
// no later one has been kept.
func (n *Nesting) pop(end, line int32) {
	top := len(n.stack) - 1
	e := n.stack[top]
	n.stack = n.stack[:top]
	n.head = e.head
	n.end(e.block, end, line)
}

func (n *Nesting) end(i, end, line int32) {
	if i < 0 {
		return
	}
	b := &n.blocks[i]
	b.close, b.closeLine = end, line
	if int(i) == len(n.blocks)-1 && b.headLine >= line {
		n.blocks = n.blocks[:i]
	}
}

// addComment makes a block of a comment of several lines, and of line comments
// below each other.
func (n *Nesting) addComment(t Token) {
	last := t.Line + int32(lines(n.s.text[t.Start:t.End]))
	if n.comment >= 0 {
		b := &n.blocks[n.comment]
		if t.First && t.Line == b.closeLine+1 && last == t.Line && n.s.text[b.open] == n.s.text[t.Start] {
			b.close, b.closeLine = t.End, t.Line
			return
		}
		n.endComments()
	}
	if !t.First && last == t.Line {
		return
	}
	i := n.add(blk{kind: CommentBlock, head: t.Start, headLine: t.Line, open: t.Start, openLine: t.Line, close: t.End, closeLine: last})
	if last == t.Line {
		n.comment = i
	}
}

func (n *Nesting) endComments() {
	if i := n.comment; i >= 0 {
		n.comment = -1
		n.end(i, n.blocks[i].close, n.blocks[i].closeLine)
	}
}

func lines(b []byte) int { return bytes.Count(b, newline) }

// Structure completes the nesting at the end of the text.
func (n *Nesting) Structure() *Structure {
	n.endComments()
	end := int32(len(n.s.text))
	line := n.s.line
	n.endConditions(end)
	for len(n.stack) > 0 {
		if n.stack[len(n.stack)-1].group == indentGroup {
			n.pop(n.prev.End, n.lastLine())
		} else {
			n.pop(end, line)
		}
	}
	return &Structure{text: n.s.text, blocks: n.blocks, branches: n.branches, truncated: n.truncated || n.s.truncated}
}

// lastLine is the line on which the last token ends.
func (n *Nesting) lastLine() int32 {
	return n.prev.Line + int32(lines(n.s.text[n.prev.Start:n.prev.End]))
}
