package code

import (
	"bytes"
	"strings"
)

// bracketReach is how much text is looked at, each way, for the partner of the
// bracket at the caret: it is looked for at every step of the caret, and nobody
// sees further. bracketFar is as far as a jump to it looks: a few hundredths of a
// second.
const (
	bracketReach = 64 << 10
	bracketFar   = 8 << 20
)

// The brackets, each opening one with its closing one.
const (
	opening = "([{"
	closing = ")]}"
)

// partnerOf is the bracket that belongs to b, and whether b opens; 0 for no bracket.
func partnerOf(b byte) (partner byte, opens bool) {
	if i := strings.IndexByte(opening, b); i >= 0 {
		return closing[i], true
	}
	if i := strings.IndexByte(closing, b); i >= 0 {
		return opening[i], false
	}
	return 0, false
}

// A pair is the bracket at the caret and its partner: n of at are set. A lone one
// has none for sure.
type pair struct {
	at   [2]Pos
	n    int
	lone bool
}

// pairChanged looks for the bracket at the caret.
func (v *View) pairChanged() {
	v.pair = pair{}
	at, ok := v.bracketAt(v.caret)
	if !ok {
		return
	}
	to, found := v.partner(at, bracketReach)
	switch found {
	case pairFound:
		v.pair = pair{at: [2]Pos{at, to}, n: 2}
	case pairLone:
		v.pair = pair{at: [2]Pos{at}, n: 1, lone: true}
	}
}

// bracketAt is the bracket behind a position, else the one ahead of it.
func (v *View) bracketAt(p Pos) (Pos, bool) {
	if v.lines == 0 {
		return Pos{}, false
	}
	text := v.text(p.Line)
	for _, col := range []int{p.Col, p.Col - 1} {
		if col < 1 || col > len(text) {
			continue
		}
		if b, _ := partnerOf(text[col-1]); b != 0 && !v.inert(Pos{p.Line, col}) {
			return Pos{p.Line, col}, true
		}
	}
	return Pos{}, false
}

// inert reports whether what stands at p is a comment's or a string's, as far as is known.
func (v *View) inert(p Pos) bool {
	if v.Inert != nil {
		if inert, known := v.Inert(p); known {
			return inert
		}
	}
	c := v.ClassAt(p)
	return c == Comment || c == String
}

// What a search for a partner comes to.
type found uint8

const (
	pairUnknown found = iota // too far away, or it cannot be told
	pairFound
	pairLone // there is none
)

// partner is the bracket that belongs to the one at p, within reach bytes. Brackets in
// comments and strings do not count, nor do those of another kind. That there is none
// is said only where comments and strings are known up to the text's end, and no #if on the
// way may have left a bracket out.
func (v *View) partner(p Pos, reach int) (Pos, found) {
	self := v.text(p.Line)[p.Col-1]
	other, opens := partnerOf(self)
	depth, sure := 0, true
	count := func(at Pos, b byte) bool {
		switch {
		case b != self && b != other || v.inert(at):
		case b == self:
			depth++
		default:
			depth--
		}
		return depth == 0
	}
	for n := p.Line; n >= 1 && n <= v.lines; n += step(opens) {
		text := v.text(n)
		if reach -= len(text) + 1; reach < 0 {
			return Pos{}, pairUnknown
		}
		sure = sure && v.lexed(n) && !conditional(text)
		from, to := 0, len(text)
		if n == p.Line && opens {
			from = p.Col - 1
		} else if n == p.Line {
			to = p.Col
		}
		for i := next(text, from, to, opens, self, other); i >= 0; {
			if count(Pos{n, i + 1}, text[i]) {
				return Pos{n, i + 1}, pairFound
			}
			if opens {
				from = i + 1
			} else {
				to = i
			}
			i = next(text, from, to, opens, self, other)
		}
	}
	if sure {
		return Pos{}, pairLone
	}
	return Pos{}, pairUnknown
}

func step(forward bool) int {
	if forward {
		return 1
	}
	return -1
}

// next is the first of two bytes in text[from:to], or the last one; -1 for none.
func next(text []byte, from, to int, forward bool, a, b byte) int {
	if from >= to {
		return -1
	}
	part := text[from:to]
	if forward {
		i, j := bytes.IndexByte(part, a), bytes.IndexByte(part, b)
		if i < 0 || j >= 0 && j < i {
			i = j
		}
		if i < 0 {
			return -1
		}
		return from + i
	}
	if i := max(bytes.LastIndexByte(part, a), bytes.LastIndexByte(part, b)); i >= 0 {
		return from + i
	}
	return -1
}

// conditional reports whether a line is a condition of a preprocessor: either side of it
// may have its own brackets.
func conditional(text []byte) bool {
	text = bytes.TrimLeft(text, " \t")
	if len(text) == 0 || text[0] != '#' {
		return false
	}
	text = bytes.TrimLeft(text[1:], " \t")
	return bytes.HasPrefix(text, []byte("if")) || bytes.HasPrefix(text, []byte("el")) || bytes.HasPrefix(text, []byte("end"))
}

// lexed reports whether it is known what of a line is comment and string.
func (v *View) lexed(n int) bool {
	if v.Inert != nil {
		if _, known := v.Inert(Pos{n, 1}); known || len(v.text(n)) == 0 {
			return true
		}
	}
	block := v.tokens[n/tokenBlock]
	return block != nil && block[n%tokenBlock] != nil
}

// text is a line without its ending, empty outside the text.
func (v *View) text(n int) []byte {
	if v.src == nil || n < 1 || n > v.lines {
		return nil
	}
	return body(v.src.Line(n))
}

// around is the innermost pair of brackets around a range: where the opening one stands
// and where the closing one. Its own brackets do not count as around it.
func (v *View) brackets(r Range) (open, shut Pos, ok bool) {
	reach := bracketFar
	var missing [len(opening)]int // closing brackets passed whose opening ones are to come
	for n := r.From.Line; n >= 1; n-- {
		text := v.text(n)
		if reach -= len(text) + 1; reach < 0 {
			break
		}
		to := len(text)
		if n == r.From.Line {
			to = min(r.From.Col-1, len(text))
		}
		for i := lastBracket(text, to); i >= 0; i = lastBracket(text, i) {
			at := Pos{n, i + 1}
			if v.inert(at) {
				continue
			}
			if k := strings.IndexByte(closing, text[i]); k >= 0 {
				missing[k]++
				continue
			}
			if k := strings.IndexByte(opening, text[i]); missing[k] > 0 {
				missing[k]--
				continue
			}
			shut, f := v.partner(at, bracketFar)
			if f == pairFound && !shut.Before(r.To) {
				return at, shut, true
			}
		}
	}
	return Pos{}, Pos{}, false
}

// lastBracket is the last bracket in text[:to], -1 for none.
func lastBracket(text []byte, to int) int { return bytes.LastIndexAny(text[:to], opening+closing) }

// MatchingBracket is where the partner of the bracket at a position stands, or, with no
// bracket there, the one that opens what is around it.
func (v *View) MatchingBracket(p Pos) (Pos, bool) {
	p = v.clamp(p)
	if at, ok := v.bracketAt(p); ok {
		to, f := v.partner(at, bracketFar)
		return to, f == pairFound
	}
	open, _, ok := v.brackets(Range{p, p})
	return open, ok
}

// GoToBracket moves the caret to the matching bracket, in front of it, and reports
// whether there is one. With extend it selects what lies between, brackets included.
func (v *View) GoToBracket(extend bool) bool {
	if extend {
		return v.selectBrackets()
	}
	to, ok := v.MatchingBracket(v.caret)
	if ok {
		v.press(to, false)
	}
	return ok
}

// selectBrackets selects from the bracket at the caret, or the one around it, to its partner.
func (v *View) selectBrackets() bool {
	from, ok := v.bracketAt(v.caret)
	if !ok {
		if from, _, ok = v.brackets(Range{v.caret, v.caret}); !ok {
			return false
		}
	}
	to, f := v.partner(from, bracketFar)
	if f != pairFound {
		return false
	}
	if to.Before(from) {
		from.Col++
	} else {
		to.Col++
	}
	v.goal = -1
	v.moveTo(from, to)
	v.follow()
	return true
}
