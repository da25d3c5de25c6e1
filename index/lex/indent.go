package lex

// indentGroup is the group of blocks made by indentation.
const indentGroup = 'i'

// maxColumns bounds the indentation that is told apart.
const maxColumns = 1 << 12

// indent opens a block at a ":" that ends a line.
func (n *Nesting) indent(t Token) {
	top := len(n.stack) - 1
	if top >= 0 && n.stack[top].group != indentGroup || len(n.stack) >= maxDepth {
		return
	}
	end := n.s.blanks(int(t.End))
	if end < len(n.s.text) && n.s.text[end] != '\n' && n.s.text[end] != '\r' && n.s.text[end] != '#' {
		return
	}
	col := n.headColumns(n.head)
	n.open(indentGroup, Indented, t)
	n.stack[len(n.stack)-1].col = col
}

// indentation closes the blocks that a line's first token is not indented under.
func (n *Nesting) indentation(t Token) {
	if top := len(n.stack) - 1; top >= 0 && n.stack[top].group != indentGroup {
		if w := string(n.s.Bytes(t)); w != "def" && w != "class" {
			return // within brackets
		}
		for top >= n.floor && n.stack[top].group != indentGroup { // one was never closed
			n.pop(t.Start, t.Line-1)
			top--
		}
	}
	col := n.s.columns(t)
	for top := len(n.stack) - 1; top >= n.floor && n.stack[top].group == indentGroup && col <= n.stack[top].col; top-- {
		n.pop(n.prev.End, n.lastLine())
	}
	n.head = mark{}
}

// headColumns is the indentation of the line a statement starts on.
func (n *Nesting) headColumns(h mark) int32 {
	i := int(h.at)
	for i > 0 && n.s.text[i-1] != '\n' && int(h.at)-i < maxColumns {
		i--
	}
	return columns(n.s.text[i:h.at])
}

func (s *Scanner) columns(t Token) int32 { return columns(s.text[s.lineStart:t.Start]) }

// columns measures indentation, tabs to eight as Python has it.
func columns(indent []byte) int32 {
	col := int32(0)
	for _, c := range indent {
		switch {
		case c == '\t':
			col = col&^7 + 8
		case c == '\f':
			col = 0
		default:
			col++
		}
		if col >= maxColumns {
			break
		}
	}
	return col
}
