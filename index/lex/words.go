package lex

import "bytes"

// blocks are the words that open and close blocks in a language. A closing word
// closes the innermost block of its group.
type blocks struct {
	open  map[string]byte
	close map[string]byte
	start string // words that open only where a statement starts, each between spaces
	fold  bool   // upper and lower case are the same
}

// maxWord is longer than any word that opens or closes a block.
const maxWord = 16

// word opens or closes a block.
func (n *Nesting) word(t Token) {
	w := n.s.Bytes(t)
	b := &n.s.lang.blocks
	if len(w) > maxWord || n.s.member(t) {
		return
	}
	if b.fold {
		var buf [maxWord]byte
		for i, c := range w {
			if 'A' <= c && c <= 'Z' {
				c |= 0x20
			}
			buf[i] = c
		}
		w = buf[:len(w)]
	}
	if g, ok := b.close[string(w)]; ok {
		if !n.starts(t) && bytes.Contains([]byte(b.start), w) {
			return
		}
		n.shut(g, t)
		if _, ok := b.open[string(w)]; !ok {
			return
		}
	}
	g, ok := b.open[string(w)]
	if !ok || n.restricted(b, w) && !n.starts(t) || !n.opensBlock(w, t) {
		return
	}
	n.open(g, Words, t)
}

func (n *Nesting) restricted(b *blocks, w []byte) bool {
	i := bytes.Index([]byte(b.start), w)
	return i > 0 && b.start[i-1] == ' ' && i+len(w) < len(b.start) && b.start[i+len(w)] == ' '
}

// starts reports whether a statement, or the right side of an assignment,
// starts at the token.
func (n *Nesting) starts(t Token) bool {
	if t.First {
		return true
	}
	switch n.prev.Kind {
	case Punct:
		switch n.s.text[n.prev.Start] {
		case ';', '=', '(', '{', '|', '&', '!', '`', '}', '@', '-':
			return true
		}
	case Ident:
		switch string(n.s.Bytes(n.prev)) {
		case "then", "do", "else", "begin", "return":
			return true
		}
	}
	return false
}

// opensBlock tells uses of a word that open nothing: Pascal's "class;" and
// "class of", "end if" of SQL.
func (n *Nesting) opensBlock(w []byte, t Token) bool {
	switch n.s.lang.id {
	case "pascal":
		switch string(w) {
		case "class", "object", "interface":
			if n.prev.Kind != Punct || n.s.text[n.prev.Start] != '=' {
				return false
			}
			rest := n.s.text[t.End:min(len(n.s.text), int(t.End)+256)]
			rest = bytes.TrimLeft(rest, " \t\r\n")
			if bytes.HasPrefix(rest, []byte("(")) {
				rest = bytes.TrimLeft(rest[max(bytes.IndexByte(rest, ')'), 0)+1:], " \t\r\n")
			}
			return !bytes.HasPrefix(rest, []byte(";")) && !bytes.HasPrefix(bytes.ToLower(rest[:min(3, len(rest))]), []byte("of "))
		}
	case "sql":
		return n.prev.Kind != Ident || !bytes.EqualFold(n.s.Bytes(n.prev), []byte("end"))
	}
	return true
}
