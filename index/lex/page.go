package lex

import "bytes"

// phpPage is the text of a page up to and with the next "<?php", "<?=" or "<?".
func phpPage(s *Scanner) (Token, bool) {
	s.page = false
	if s.pos >= len(s.text) {
		return Token{}, false
	}
	return s.emit(Text, s.pos, s.phpOpen(s.pos)), true
}

// phpOpen is the end of the tag that opens PHP at i or later.
func (s *Scanner) phpOpen(i int) int {
	for {
		n := bytes.Index(s.text[i:], []byte("<?"))
		if n < 0 {
			return len(s.text)
		}
		i += n + 2
		switch rest := s.text[i:]; {
		case len(rest) >= 3 && bytes.EqualFold(rest[:3], []byte("php")):
			return i + 3
		case len(rest) > 0 && rest[0] == '=':
			return i + 1
		case len(rest) > 0 && rest[0] <= ' ':
			return i
		}
	}
}

// phpClose is "?>" and the page up to the next PHP.
func phpClose() rule {
	return rule{"?>", func(s *Scanner, at int) (int, Kind) {
		s.frames = s.frames[:0]
		return s.phpOpen(at + 2), Text
	}}
}

// phpComment is a line comment, which "?>" ends too.
func phpComment(open string) rule {
	return rule{open, func(s *Scanner, at int) (int, Kind) {
		if hasPrefix(s.text, at, "#[") {
			return 0, EOF // an attribute
		}
		end := s.restOfLine(at)
		if n := bytes.Index(s.text[at:end], []byte("?>")); n >= 0 {
			end = at + n
		}
		return end, Comment
	}}
}

// phpHeredoc is <<<WORD … WORD in one: what follows the last word is code.
func phpHeredoc() rule {
	return rule{"<<<", func(s *Scanner, at int) (int, Kind) {
		i := s.blanks(at + 3)
		quoted := i < len(s.text) && (s.text[i] == '"' || s.text[i] == '\'')
		if quoted {
			i++
		}
		end := s.identifier(i)
		if end == i {
			return 0, EOF
		}
		word := s.text[i:end]
		i = s.restOfLine(end)
		for i < len(s.text) {
			n := bytes.IndexByte(s.text[i:], '\n')
			if n < 0 {
				break
			}
			i = s.blanks(i + n + 1)
			if bytes.HasPrefix(s.text[i:], word) && s.identifier(i) == i+len(word) {
				return i + len(word), String
			}
		}
		return len(s.text), String
	}}
}

// blanks is the end of the spaces and tabs at i.
func (s *Scanner) blanks(i int) int {
	for i < len(s.text) && (s.text[i] == ' ' || s.text[i] == '\t') {
		i++
	}
	return i
}

// identifier is the end of the letters and digits at i.
func (s *Scanner) identifier(i int) int {
	for i < len(s.text) && (isLetter(s.text[i]) || isDigit(s.text[i])) {
		i++
	}
	return i
}

// ended reads what follows __END__ in Perl and Ruby: text, in Perl with its
// documentation as comments.
func ended(s *Scanner) (Token, bool) {
	if s.pos >= len(s.text) {
		return Token{}, false
	}
	if end, ok := s.pod(s.pos); ok {
		return s.emit(Comment, s.pos, end), true
	}
	i := s.pos
	for s.lang.id == "perl" {
		n := bytes.Index(s.text[i:], []byte("\n="))
		if n < 0 {
			break
		}
		i += n + 1
		if _, ok := s.pod(i); ok {
			return s.emit(Text, s.pos, i), true
		}
	}
	return s.emit(Text, s.pos, len(s.text)), true
}

// pod is the end of the documentation that starts with the line at i.
func (s *Scanner) pod(i int) (int, bool) {
	if s.lang.id != "perl" || i+1 >= len(s.text) || s.text[i] != '=' || !isLetter(s.text[i+1]) || i > 0 && s.text[i-1] != '\n' {
		return 0, false
	}
	end := s.until(i, "\n=cut")
	return s.restOfLine(end), true
}

// endMark makes the rule for a line that ends the program.
func endMark(word string) rule {
	return rule{word, func(s *Scanner, at int) (int, Kind) {
		if at != s.lineStart || s.restOfLine(at) != at+len(word) {
			return 0, EOF
		}
		s.page = true
		return at + len(word), Ident
	}}
}
