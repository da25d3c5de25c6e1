package lex

import "bytes"

// A quote says how a string literal ends and what may stand in it.
type quote struct {
	close   string
	esc     byte   // takes the byte after it along; 0: none
	doubled bool   // a doubled close stands for itself
	multi   bool   // may hold newlines
	lenient bool   // without a close on its line it is no string: an apostrophe in prose
	interp  string // begins an interpolation: "${"; "": none
	shut    byte   // the bracket that ends it
	braces  bool   // a doubled interp stands for itself: {{
	format  bool   // ":" ends the interpolation's code: {x:>10}
	greedy  bool   // of a run of closes the last counts: """a""""
	regexp  bool   // "[…]" hides the close
	named   bool   // \N{…} is one character
	sql     bool   // "\" before the close takes it along if a letter follows: MySQL

	stop [256]bool
}

func (q quote) build() *quote {
	q.stop[q.close[0]] = true
	if q.esc != 0 {
		q.stop[q.esc] = true
	}
	if q.interp != "" {
		q.stop[q.interp[0]] = true
	}
	if !q.multi {
		q.stop['\n'] = true
	}
	if q.regexp {
		q.stop['['] = true
	}
	return &q
}

// literal makes the rule for strings that begin with open.
func literal(open string, q quote) rule {
	b := q.build()
	return rule{open, func(s *Scanner, at int) (int, Kind) {
		return s.quoted(b, at+len(open)), String
	}}
}

// quoted is the end of the string, or of its piece up to an interpolation,
// whose content is at i. It is 0 if a lenient quote has no end.
func (s *Scanner) quoted(q *quote, i int) int {
	text := s.text
	barren := &s.barren[0]
	if q.regexp {
		barren = &s.barren[1]
	}
	if q.lenient && i <= *barren {
		return 0
	}
	for {
		for i < len(text) && !q.stop[text[i]] {
			i++
		}
		if i >= len(text) || text[i] == '\n' && !q.multi {
			if q.lenient {
				*barren = i
				return 0
			}
			return i
		}
		c := text[i]
		switch {
		case q.interp != "" && c == q.interp[0] && hasPrefix(text, i, q.interp):
			n := len(q.interp)
			if q.braces && hasPrefix(text, i+n, q.interp) {
				i += 2 * n
				continue
			}
			if len(s.frames) < maxFrames {
				s.frames = append(s.frames, frame{quote: q})
				return i + n
			}
			i += n
		case c == q.esc:
			i++
			if i < len(text) && text[i] == '\r' && i+1 < len(text) && text[i+1] == '\n' {
				i++
			}
			if q.named && hasPrefix(text, i, "N{") {
				i++
			}
			if i < len(text) {
				i++
			}
		case c == q.close[0] && hasPrefix(text, i, q.close):
			n := len(q.close)
			if q.doubled && hasPrefix(text, i+n, q.close) {
				i += 2 * n
				continue
			}
			if q.sql && text[i-1] == '\\' && i+n < len(text) && (isLetter(text[i+n]) || isDigit(text[i+n])) {
				i += n
				continue
			}
			i += n
			for q.greedy && i < len(text) && text[i] == q.close[0] {
				i++
			}
			return i
		case q.regexp && c == '[':
			i = s.class(i + 1)
		default:
			i++
		}
	}
}

// class is the end of a regexp's character class, or of its line.
func (s *Scanner) class(i int) int {
	for ; i < len(s.text) && s.text[i] != '\n'; i++ {
		switch s.text[i] {
		case ']':
			return i + 1
		case '\\':
			if i+1 < len(s.text) && s.text[i+1] != '\n' {
				i++
			}
		}
	}
	return i
}

// resume leaves an interpolation: the string goes on at i.
func (s *Scanner) resume(at, i int) Token {
	n := len(s.frames) - 1
	q := s.frames[n].quote
	s.frames = s.frames[:n]
	end := s.quoted(q, i)
	if end < i {
		end = i
	}
	return s.emit(String, at, end)
}

// maxFence is the longest run of "#", "=" or quotes that sets off a literal:
// Rust's limit. It bounds what is copied to look for its like.
const maxFence = 255

// until is the end of what stands at i and ends in close, or of the text.
func (s *Scanner) until(i int, close string) int {
	if i > len(s.text) {
		i = len(s.text)
	}
	if n := bytes.Index(s.text[i:], []byte(close)); n >= 0 {
		return i + n + len(close)
	}
	return len(s.text)
}

// lineComment makes the rule for comments that end with the line.
func lineComment(open string) rule {
	return rule{open, func(s *Scanner, at int) (int, Kind) { return s.restOfLine(at), Comment }}
}

// splicedComment is a lineComment that a "\" carries over to the next line.
func splicedComment(open string) rule {
	return rule{open, func(s *Scanner, at int) (int, Kind) { return s.lineEnd(at), Comment }}
}

// restOfLine is the offset of the line's end, before "\r\n" or "\n".
func (s *Scanner) restOfLine(i int) int {
	n := bytes.IndexByte(s.text[i:], '\n')
	if n < 0 {
		return len(s.text)
	}
	if n > 0 && s.text[i+n-1] == '\r' {
		n--
	}
	return i + n
}

// blockComment makes the rule for comments that do not nest.
func blockComment(open, close string) rule {
	return rule{open, func(s *Scanner, at int) (int, Kind) { return s.until(at+len(open), close), Comment }}
}

// nestedComment makes the rule for comments that nest; open and close have two bytes.
func nestedComment(open, close string) rule {
	return rule{open, func(s *Scanner, at int) (int, Kind) {
		depth := 0
		for i := at; i+1 < len(s.text); i++ {
			c, d := s.text[i], s.text[i+1]
			switch {
			case c == open[0] && d == open[1]:
				depth++
				i++
			case c == close[0] && d == close[1]:
				depth--
				i++
				if depth == 0 {
					return i + 1, Comment
				}
			}
		}
		return len(s.text), Comment
	}}
}

// apostrophe makes the rule for 'c' where "don't" is none: right after a word
// that is no keyword, or without a partner on the line, it is a byte of prose.
func apostrophe() rule {
	q := quote{close: "'", esc: '\\', lenient: true}.build()
	return rule{"'", func(s *Scanner, at int) (int, Kind) {
		if p := s.prev; at > 0 && s.tab.part[s.text[at-1]] && int(p.End) == at {
			switch string(s.Bytes(p)) {
			case "return", "case", "else", "in", "of", "do", "typeof", "instanceof", "from", "import", "as", "yield", "await", "default", "throw", "void":
			default:
				return 0, EOF
			}
		}
		return s.quoted(q, at+1), String
	}}
}
