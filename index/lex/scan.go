package lex

import "bytes"

// A Scanner reads the tokens of a text. It allocates nothing per token. The
// zero Scanner is not usable; a Scanner is not safe for concurrent use.
type Scanner struct {
	lang *Lang
	tab  *table
	text []byte

	pos       int
	line      int32
	lineStart int
	first     bool // nothing but white space since a newline that stood in code
	directive bool // on a preprocessor line
	free      bool // the rest of the line is free text
	page      bool // outside the language: before <?php, after __END__
	truncated bool

	frames  []frame   // the interpolations that pos stands in
	pending []heredoc // heredocs announced on this line
	prev    Token     // the last token but comments, without line and flags; EOF at the start of a statement
	comment int       // where the last comment ended
	barren  [2]int    // before here a lenient quote, a regexp has found no end: do not look again
	safe    bool      // the last token's line start is a restart point

	condition int // JS: open parentheses since "if (", "while (" and such, the outermost
	condEnd   int // the offset of the ")" that closed it
}

// A frame is an interpolation: code within a string.
type frame struct {
	quote *quote
	depth int32 // open brackets since it began
}

// NewScanner returns a scanner that starts at a text's beginning.
func NewScanner(l *Lang, text []byte) *Scanner {
	s := new(Scanner)
	s.Reset(l, text)
	return s
}

// Reset starts over with another text, keeping what was allocated.
func (s *Scanner) Reset(l *Lang, text []byte) {
	s.ResetAt(l, text, 0, 1)
}

// ResetAt starts at a restart point of text, which is on the given line: its
// tokens are those that a scan of the whole text gives from there.
func (s *Scanner) ResetAt(l *Lang, text []byte, restart, line int) {
	truncated := len(text) > MaxText
	if truncated {
		text = text[:MaxText]
	}
	*s = Scanner{
		lang: l, tab: l.table(), text: text, truncated: truncated,
		pos: restart, line: int32(line), lineStart: restart, first: true,
		frames: s.frames[:0], pending: s.pending[:0], condEnd: -1,
		page: l.pages && restart == 0,
	}
	if restart == 0 && hasPrefix(text, 0, byteOrderMark) {
		s.pos = len(byteOrderMark)
	}
}

const byteOrderMark = "\uFEFF"

// Lang is the language of the scanner's tables.
func (s *Scanner) Lang() *Lang { return s.lang }

// Bytes is a token's text, a slice of the scanned one.
func (s *Scanner) Bytes(t Token) []byte { return s.text[t.Start:t.End] }

// LineStart is the offset at which the line of the last token starts, if that
// token is First.
func (s *Scanner) LineStart() int { return s.lineStart }

// Restart reports whether the line start before the last token is a restart
// point: the token is First, and the line starts outside comment, string and
// directive with nothing pending.
func (s *Scanner) Restart() bool { return s.safe }

// Truncated reports whether the text was longer than MaxText.
func (s *Scanner) Truncated() bool { return s.truncated }

// DirectiveName is the name in a Directive token: "define" of "#  define".
func (s *Scanner) DirectiveName(t Token) []byte {
	return bytes.TrimLeft(s.text[t.Start:t.End], "#%{$(* \t")
}

// Next returns the next token, EOF at the end and ever after.
func (s *Scanner) Next() Token {
	s.safe = false
	if s.page {
		if t, ok := s.tab.page(s); ok {
			return t
		}
	}
	text, class := s.text, &s.tab.class
	for s.pos < len(text) {
		at := s.pos
		c := text[at]
		k := class[c]
		switch {
		case k == classSpace:
			s.pos++
			continue
		case k == classNewline:
			if t, ok := s.newline(); ok {
				return t
			}
			continue
		}
		if s.first {
			s.safe = s.restartable(c)
		}
		if s.free {
			s.free = false
			return s.emit(Text, at, s.lineEnd(at))
		}
		if k&classRule != 0 {
			for i := range s.tab.rules[c] {
				r := &s.tab.rules[c][i]
				if !hasPrefix(text, at, r.open) {
					continue
				}
				if end, kind := r.scan(s, at); end > at {
					return s.emit(kind, at, end)
				}
			}
		}
		switch k & classOnly {
		case classIdent:
			end := at + 1
			part := &s.tab.part
			for end < len(text) && part[text[end]] {
				end++
			}
			if end < len(text) && class[text[end]]&classPrefixed != 0 && s.tab.prefix != nil {
				if e, kind := s.tab.prefix(s, at, end); e > end {
					return s.emit(kind, at, e)
				}
			}
			return s.emit(Ident, at, end)
		case classDigit:
			return s.emit(Number, at, s.number(at))
		case classOpen:
			if n := len(s.frames); n > 0 {
				s.frames[n-1].depth++
			}
			if s.tab.regexps {
				s.openParen(c)
			}
		case classClose:
			if n := len(s.frames); n > 0 {
				f := &s.frames[n-1]
				if f.depth == 0 && c == f.quote.shut {
					return s.resume(at, at+1)
				}
				if f.depth > 0 {
					f.depth--
				}
			}
			if s.tab.regexps {
				s.closeParen(c, at)
			}
		default:
			if c == ':' {
				if n := len(s.frames); n > 0 && s.frames[n-1].depth == 0 && s.frames[n-1].quote.format {
					return s.resume(at, at+1)
				}
			}
		}
		return s.emit(Punct, at, at+1)
	}
	return Token{Kind: EOF, Start: int32(len(text)), End: int32(len(text)), Line: s.line}
}

// emit makes the token and moves behind it.
func (s *Scanner) emit(k Kind, at, end int) Token {
	if end > len(s.text) {
		end = len(s.text)
	}
	first, line := s.first, s.line
	s.pos = end
	s.first = false
	if k >= String {
		s.count(at, end)
	}
	if k != Comment { // field by field: a copy of the whole costs more than all else here
		s.prev.Kind, s.prev.Start, s.prev.End = k, int32(at), int32(end)
	} else {
		s.comment = end
	}
	return Token{Start: int32(at), End: int32(end), Line: line, Kind: k, First: first, InDirective: s.directive}
}

// count keeps the line number over a token that may hold newlines.
func (s *Scanner) count(at, end int) {
	s.line += int32(bytes.Count(s.text[at:end], newline))
}

var newline = []byte("\n")

// newline steps over a newline that stands in code. It returns the body of a
// heredoc when one was announced on the line.
func (s *Scanner) newline() (Token, bool) {
	last := s.pos - 1
	if last > 0 && s.text[last] == '\r' {
		last--
	}
	// In a comment that ends here a "\" is text.
	continued := last >= s.comment && last >= 0 && s.text[last] == '\\'
	s.pos++
	s.line++
	s.lineStart = s.pos
	s.first = !continued
	s.free = s.free && continued
	if continued {
		return Token{}, false
	}
	s.directive = false
	if s.tab.newlineEnds {
		s.prev = Token{}
	}
	for n := len(s.frames); n > 0 && !s.frames[n-1].quote.multi; n-- {
		s.frames = s.frames[:n-1] // its string cannot reach here: broken source
	}
	if len(s.pending) > 0 {
		return s.heredocBodies()
	}
	return Token{}, false
}

// restartable reports whether a scan from the start of this line, whose first
// byte is c, would go on as this one does.
func (s *Scanner) restartable(c byte) bool {
	if len(s.frames) > 0 || s.directive || s.free || s.condition > 0 || max(s.barren[0], s.barren[1]) > s.lineStart || len(s.pending) > 0 {
		return false
	}
	if s.tab.lookBack == nil || s.prev.Kind == EOF {
		return true
	}
	return s.tab.lookBack[c>>5]&(1<<(c&31)) == 0 || !s.value()
}

// lineEnd is the offset of the newline that ends the logical line.
func (s *Scanner) lineEnd(i int) int {
	for {
		n := bytes.IndexByte(s.text[i:], '\n')
		if n < 0 {
			return len(s.text)
		}
		i += n
		end := i
		if end > 0 && s.text[end-1] == '\r' {
			end--
		}
		if end == 0 || s.text[end-1] != '\\' {
			return end
		}
		i++
	}
}

// number is the end of the number at i: digits, letters, one "." before digits,
// signs of exponents, and separators.
func (s *Scanner) number(i int) int {
	text, part := s.text, &s.tab.part
	hex := i+1 < len(text) && text[i] == '0' && (text[i+1]|0x20) == 'x'
	for i++; i < len(text); i++ {
		c := text[i]
		switch {
		case part[c] && c != '$':
			exp := (c|0x20) == 'e' && !hex || (c|0x20) == 'p' && hex
			if exp && i+2 < len(text) && (text[i+1] == '+' || text[i+1] == '-') && isDigit(text[i+2]) {
				i++
			}
		case c == '.' && i+1 < len(text) && (isDigit(text[i+1]) || s.tab.dotNumbers && text[i+1] != '.'):
		case c == '\'' && s.tab.tickNumbers && i+1 < len(text) && part[text[i+1]]:
		default:
			return i
		}
	}
	return i
}

func isDigit(c byte) bool { return c-'0' < 10 }

func isLetter(c byte) bool { return (c|0x20)-'a' < 26 || c == '_' || c >= 0x80 }

func hasPrefix(text []byte, at int, p string) bool {
	return len(text)-at >= len(p) && string(text[at:at+len(p)]) == p
}
