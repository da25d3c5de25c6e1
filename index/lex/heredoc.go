package lex

import "bytes"

// maxHeredocs bounds the heredocs announced on one line.
const maxHeredocs = 16

// A heredoc is a string that starts on the next line and ends with a line that
// is its word.
type heredoc struct {
	word   []byte
	indent string // what the last line may be indented by
}

// announce notes a heredoc. The body is read at the next newline.
func (s *Scanner) announce(word []byte, indent string) {
	if len(s.pending) < maxHeredocs {
		s.pending = append(s.pending, heredoc{word, indent})
	}
}

// heredocBodies is the token of the bodies that start at pos, all of them.
func (s *Scanner) heredocBodies() (Token, bool) {
	start, i := s.pos, s.pos
	for _, h := range s.pending {
		i = s.heredocEnd(h, i)
	}
	s.pending = s.pending[:0]
	if i == start {
		return Token{}, false
	}
	first, prev := s.first, s.prev
	s.first = false
	t := s.emit(String, start, i)
	// The word's line is over, and the statement was on the line before.
	s.first, s.prev = first, prev
	return t, true
}

// heredocEnd is the offset behind the line that ends the heredoc, before its newline.
func (s *Scanner) heredocEnd(h heredoc, i int) int {
	for i < len(s.text) {
		end, next := len(s.text), len(s.text)
		if n := bytes.IndexByte(s.text[i:], '\n'); n >= 0 {
			end, next = i+n, i+n+1
		}
		line := bytes.TrimSuffix(s.text[i:end], []byte("\r"))
		if bytes.Equal(bytes.TrimLeft(line, h.indent), h.word) {
			return end
		}
		i = next
	}
	return len(s.text)
}
