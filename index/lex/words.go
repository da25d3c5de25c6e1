package lex

import (
	"bytes"
	"strings"
)

// blocks are the words that open and close blocks in a language. A closing word
// closes the innermost block of its group.
type blocks struct {
	open  map[string]byte
	close map[string]byte
	start map[string]bool // words that open or close only where a statement starts
	fold  bool            // upper and lower case are the same
}

const (
	// maxWord is longer than any word that opens or closes a block.
	maxWord = 16
	// maxPeek is how far is looked ahead to tell what a word does.
	maxPeek = 256
)

// word opens or closes a block.
func (n *Nesting) word(t Token) {
	b := &n.s.lang.blocks
	w := n.s.Bytes(t)
	if len(w) > maxWord {
		return
	}
	if b.fold {
		var buf [maxWord]byte
		w = lower(buf[:0], w)
	}
	shuts, closes := b.close[string(w)]
	group, opens := b.open[string(w)]
	if !closes && !opens || n.s.member(t) || b.start[string(w)] && !n.starts(t) {
		return
	}
	before, after := n.around(t)
	switch n.s.lang.id {
	case "ruby":
		if before == ':' || after == ':' || opens && !n.rubyOpens(w, t) {
			return
		}
	case "pascal":
		if opens && !n.pascalOpens(w, t) {
			return
		}
	case "sql":
		if !n.sqlCounts(w, t) {
			return
		}
	case "cmake":
		if after != '(' && after != ' ' {
			return
		}
	}
	if closes {
		n.shut(shuts, t)
		n.head = mark{t.Start, t.Line}
	}
	if opens {
		n.open(group, Words, t)
	}
}

func lower(dst, w []byte) []byte {
	for _, c := range w {
		if 'A' <= c && c <= 'Z' {
			c |= 0x20
		}
		dst = append(dst, c)
	}
	return dst
}

// around are the bytes before and after a word, 0 at the text's ends. A "::"
// before is none.
func (n *Nesting) around(t Token) (before, after byte) {
	if t.Start > 0 {
		before = n.s.text[t.Start-1]
		if t.Start > 1 && before == ':' && n.s.text[t.Start-2] == ':' {
			before = 0
		}
	}
	if int(t.End) < len(n.s.text) {
		after = n.s.text[t.End]
	}
	return before, after
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
		case ';', '=', '(', '{', '|', '&', '!', '`':
			return true
		case ')', '}', '@', '-': // of shell's case, of Make's recipes; in Ruby a modifier follows
			return n.s.lang.id != "ruby"
		}
	case Ident:
		switch string(n.s.Bytes(n.prev)) {
		case "then", "do", "else", "begin", "time", "if", "while", "until":
			return true
		}
	}
	return false
}

// peek is what follows the token, without white space before it.
func (n *Nesting) peek(t Token) []byte {
	return bytes.TrimLeft(n.s.text[t.End:min(len(n.s.text), int(t.End)+maxPeek)], " \t\r\n")
}

// followed reports whether text begins with one of the words, in upper or lower case.
func followed(text []byte, words ...string) bool {
	for _, w := range words {
		if len(text) >= len(w) && strings.EqualFold(string(text[:len(w)]), w) {
			return true
		}
	}
	return false
}

// rubyOpens tells the "do" of "while x do" and "def f(x) = y", which open nothing.
func (n *Nesting) rubyOpens(w []byte, t Token) bool {
	switch string(w) {
	case "do":
		if top := len(n.stack) - 1; top >= 0 && n.stack[top].group == 'e' && n.stack[top].line == t.Line {
			opener := n.s.text[n.stack[top].at:t.Start]
			for _, loop := range []string{"while ", "until ", "for "} {
				if bytes.HasPrefix(opener, []byte(loop)) {
					return false
				}
			}
		}
	case "def":
		line, _, _ := bytes.Cut(n.peek(t), newline)
		if i := bytes.Index(line, []byte(" = ")); i >= 0 {
			head := line[:i]
			open := bytes.IndexByte(head, '(')
			return open < 0 && bytes.IndexByte(head, ' ') >= 0 || open >= 0 && !bytes.HasSuffix(head, []byte(")"))
		}
	}
	return true
}

// pascalOpens tells "class;", "class of" and "class(X);", and the section
// "interface" of a unit.
func (n *Nesting) pascalOpens(w []byte, t Token) bool {
	switch string(w) {
	case "class", "object", "interface":
		if n.prev.Kind != Punct || n.s.text[n.prev.Start] != '=' {
			return false
		}
		rest := n.peek(t)
		if bytes.HasPrefix(rest, []byte("(")) {
			rest = bytes.TrimLeft(rest[bytes.IndexByte(rest, ')')+1:], " \t\r\n")
		}
		return !followed(rest, ";", "of ")
	}
	return true
}

// sqlCounts tells "end if" and "begin transaction" from the words of blocks.
func (n *Nesting) sqlCounts(w []byte, t Token) bool {
	rest := n.peek(t)
	switch string(w) {
	case "end":
		return !followed(rest, "if", "loop", "while", "repeat", "for")
	case "begin":
		return !followed(rest, ";", "tran", "work")
	case "case":
		return n.prev.Kind != Ident || !bytes.EqualFold(n.s.Bytes(n.prev), []byte("end"))
	}
	return true
}
