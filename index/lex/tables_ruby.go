package lex

import "bytes"

func specRuby(t *table) {
	t.newlineEnds = true
	t.page = ended
	t.words("@")
	t.looksBack("", "return", "and", "or", "not", "if", "unless", "while", "until", "when", "then", "do", "else",
		"elsif", "in", "case", "yield", "begin", "puts", "p", "print", "raise", "ensure", "require", "defined")
	multi := quote{close: `"`, esc: '\\', multi: true, interp: "#{", shut: '}'}
	command := multi
	command.close = "`"
	regexp := quote{close: "/", esc: '\\', multi: true, interp: "#{", shut: '}'}.build()
	t.add(
		rule{"=begin", func(s *Scanner, at int) (int, Kind) {
			if at != s.lineStart {
				return 0, EOF
			}
			return s.restOfLine(s.until(at, "\n=end")), Comment
		}},
		endMark("__END__"), lineComment("#"), specialVariable(),
		literal(`"`, multi), literal("'", quote{close: "'", esc: '\\', multi: true}), literal("`", command),
		rule{"/", func(s *Scanner, at int) (int, Kind) {
			if !s.argument(at) {
				return 0, EOF
			}
			return s.letters(s.quoted(regexp, at+1)), String
		}},
		rule{"%", percentLiteral},
		rule{"?", func(s *Scanner, at int) (int, Kind) { // ?x
			if s.value() || at+1 >= len(s.text) || s.text[at+1] <= ' ' || at+2 < len(s.text) && s.tab.part[s.text[at+2]] {
				return 0, EOF
			}
			return at + 2, String
		}},
		rule{"<<", func(s *Scanner, at int) (int, Kind) {
			if s.argument(at) {
				if end := s.announced(at+2, "~-", true); end > 0 {
					return end, String
				}
			}
			return 0, EOF
		}})
}

// argument reports whether something that begins here is a value rather than
// an operator: none stands before, or a method's name, a space, and no space after.
func (s *Scanner) argument(at int) bool {
	if !s.value() {
		return true
	}
	if s.prev.Kind != Ident || int(s.prev.End) == at || at+1 >= len(s.text) || s.text[at+1] <= ' ' || s.text[at+1] == '=' {
		return false
	}
	return string(s.Bytes(s.prev)) != "def" // def /(other)
}

// percentLiteral is %w[…], %q(…), %r{…} and such.
func percentLiteral(s *Scanner, at int) (int, Kind) {
	i := at + 1
	if i < len(s.text) && bytes.IndexByte([]byte("qQwWiIrsx"), s.text[i]) >= 0 {
		i++
	} else if s.value() {
		return 0, EOF
	}
	if i >= len(s.text) || s.text[i] <= ' ' || s.text[i] == '=' || isLetter(s.text[i]) || isDigit(s.text[i]) || !s.argument(at) {
		return 0, EOF
	}
	return s.letters(s.delimited(i)), String
}

// delimited is the end of what stands between the delimiter at i and its
// partner. Brackets nest.
func (s *Scanner) delimited(i int) int {
	open := s.text[i]
	close := partner(open)
	depth := 1
	for i++; i < len(s.text); i++ {
		switch c := s.text[i]; {
		case c == '\\':
			i++
		case c == close:
			if depth--; depth == 0 {
				return i + 1
			}
		case c == open:
			depth++
		}
	}
	return len(s.text)
}

func partner(c byte) byte {
	switch c {
	case '(':
		return ')'
	case '[':
		return ']'
	case '{':
		return '}'
	case '<':
		return '>'
	}
	return c
}

// specialVariable makes the rule for $', $", $/ and other names that look like
// quotes, and for $name.
func specialVariable() rule {
	return rule{"$", func(s *Scanner, at int) (int, Kind) {
		i := at + 1
		if i >= len(s.text) || s.text[i] <= ' ' {
			return 0, EOF
		}
		if s.text[i] == '#' && i+1 < len(s.text) && (isLetter(s.text[i+1]) || s.text[i+1] == '$' || s.text[i+1] == '{') {
			return i + 1, Punct // $#array
		}
		if end := s.identifier(i); end > i {
			return end, Ident
		}
		switch s.text[i] {
		case '{', '$', '(', '[', ')', '}':
			return 0, EOF
		}
		return i + 1, Ident
	}}
}

// announced reads the word of a heredoc after "<<", its flags first, and gives
// the end of it, or 0 if it is none. A bare word begins with an upper-case letter
// or "_" where bare is set; flags allow the last line to be indented.
func (s *Scanner) announced(i int, flags string, upper bool) int {
	indent := ""
	if i < len(s.text) && bytes.IndexByte([]byte(flags), s.text[i]) >= 0 {
		indent = " \t"
		i++
	}
	if i >= len(s.text) {
		return 0
	}
	switch c := s.text[i]; {
	case c == '"' || c == '\'' || c == '`':
		for j := i + 1; j < len(s.text) && s.text[j] != '\n'; j++ {
			if s.text[j] == c {
				s.announce(s.text[i+1:j], indent)
				return j + 1
			}
		}
	case 'A' <= c && c <= 'Z' || c == '_' || isLetter(c) && !upper:
		end := s.identifier(i)
		s.announce(s.text[i:end], indent)
		return end
	}
	return 0
}
