package lex

// Some bytes mean one thing after a value and another where a value is due:
// "/" divides or begins a regexp, "<<" shifts or announces a heredoc.

// value reports whether the last token ends a value.
func (s *Scanner) value() bool {
	p := s.prev
	switch p.Kind {
	case Number, String:
		return true
	case Ident:
		return s.member(p) || !s.tab.operators[string(s.text[p.Start:p.End])]
	case Punct:
		switch s.text[p.Start] {
		case ')':
			return int(p.Start) != s.condEnd
		case ']':
			return true
		case '}':
			return !s.tab.regexps // the end of a block more often than of an object
		case '+', '-':
			return p.Start > 0 && s.text[p.Start-1] == s.text[p.Start] // i++ / 2
		}
	}
	return false
}

// member reports whether a "." or "->" stands before the word: obj.return.
func (s *Scanner) member(t Token) bool {
	i := t.Start - 1
	return i >= 0 && s.text[i] == '.' || i > 0 && s.text[i] == '>' && s.text[i-1] == '-'
}

// openParen and closeParen find the end of "if (…)", after which "/" begins a
// regexp. No restart point stands within.
func (s *Scanner) openParen(c byte) {
	if c != '(' {
		return
	}
	if s.condition > 0 {
		s.condition++
		return
	}
	if s.prev.Kind == Ident && !s.member(s.prev) {
		switch string(s.text[s.prev.Start:s.prev.End]) {
		case "if", "while", "for", "with":
			s.condition = 1
		}
	}
}

func (s *Scanner) closeParen(c byte, at int) {
	if c == ')' && s.condition > 0 {
		if s.condition--; s.condition == 0 {
			s.condEnd = at
		}
	}
}

// slash makes the rule for regexps between slashes, in languages that tell
// them from division by what stands before.
func slash() rule {
	q := quote{close: "/", esc: '\\', lenient: true, regexp: true}.build()
	return rule{"/", func(s *Scanner, at int) (int, Kind) {
		if s.value() || at > 0 && s.text[at-1] == '<' || s.prev.Kind == Punct && s.text[s.prev.Start] == '}' && hasPrefix(s.text, at, "/>") { // </b> and <br a={b}/> of JSX
			return 0, EOF
		}
		end := s.quoted(q, at+1)
		if end == 0 {
			return 0, EOF
		}
		return s.letters(end), String
	}}
}

// letters is the end of the letters at i: the flags of a regexp.
func (s *Scanner) letters(i int) int {
	for i < len(s.text) && isLetter(s.text[i]) && s.text[i] < 0x80 {
		i++
	}
	return i
}
