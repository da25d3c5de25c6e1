package lex

import "bytes"

func specPerl(t *table) {
	t.page = ended
	t.words("@")
	t.part['@'] = false
	t.looksBack("/?<#=", "return", "and", "or", "not", "if", "unless", "while", "until", "x", "lt", "gt", "le", "ge",
		"eq", "ne", "cmp", "split", "grep", "map", "join", "push", "unshift", "print", "die", "when")
	t.add(
		rule{"=", func(s *Scanner, at int) (int, Kind) {
			if end, ok := s.pod(at); ok && s.first {
				return end, Comment
			}
			return 0, EOF
		}},
		endMark("__END__"), endMark("__DATA__"), lineComment("#"), specialVariable(),
		literal(`"`, multiQuote), literal("'", quote{close: "'", esc: '\\', multi: true}), literal("`", quote{close: "`", esc: '\\', multi: true}),
		rule{"/", func(s *Scanner, at int) (int, Kind) {
			if s.value() {
				if hasPrefix(s.text, at, "//") { // defined or
					return at + 2, Punct
				}
				return 0, EOF
			}
			return s.letters(s.delimited(at)), String
		}},
		rule{"<<", func(s *Scanner, at int) (int, Kind) {
			if s.prev.Kind == Number {
				return 0, EOF
			}
			i := at + 2
			if b := s.blanks(i); hasPrefix(s.text, b, `"`) {
				i = b
			}
			if end := s.announced(i, "~", true); end > 0 {
				return end, String
			}
			return 0, EOF
		}})
	for _, w := range []string{"qq", "qw", "qr", "qx", "q", "m", "tr", "s", "y"} {
		t.add(quoteWord(w))
	}
}

// quoteWord makes the rule for q{…}, s/…/…/ and such. It looks back on its own
// line only.
func quoteWord(w string) rule {
	parts := 1
	switch w {
	case "s", "y", "tr":
		parts = 2
	}
	return rule{w, func(s *Scanner, at int) (int, Kind) {
		i := at + len(w)
		if i >= len(s.text) || s.tab.part[s.text[i]] || s.named(at) {
			return 0, EOF
		}
		spaced := s.blanks(i)
		if spaced >= len(s.text) || spaced > i && s.text[spaced] == '#' {
			return 0, EOF
		}
		i = spaced
		if c := s.text[i]; (s.bound(at) || w != "y" && w[0] != 'q' && spaced == at+len(w) && (c == ',' || c == '@')) && c > ' ' && !isLetter(c) {
			// after "=~" any delimiter will do, and "m,a," is usual
		} else if c <= ' ' || isLetter(c) || isDigit(c) || bytes.IndexByte([]byte("=,;)}]>$@"), c) >= 0 && (c != '=' || parts == 1 || hasPrefix(s.text, i, "=>") || spaced > at+len(w)) {
			return 0, EOF
		}
		open := s.text[i]
		i = s.delimited(i)
		if parts == 2 && i < len(s.text) {
			if partner(open) == open {
				i = s.delimited(i - 1)
			} else {
				for i < len(s.text) && s.text[i] <= ' ' {
					i++
				}
				if i < len(s.text) {
					i = s.delimited(i)
				}
			}
		}
		return s.letters(i), String
	}}
}

// bound reports whether "=~" or "!~" stands before i.
func (s *Scanner) bound(i int) bool {
	return bytes.HasSuffix(bytes.TrimRight(s.text[s.lineStartBefore(i):i], " \t"), []byte("~"))
}

// named reports whether the word at i is a name: $s, ->s, -s $file, sub s, {s}.
func (s *Scanner) named(i int) bool {
	line := s.text[s.lineStartBefore(i):i]
	if n := len(line); n > 0 {
		switch line[n-1] {
		case '$', '@', '%', '&', '-', ':', '{':
			return line[n-1] != '{' || hasPrefix(s.text, s.identifier(i), "}")
		}
	}
	line = bytes.TrimRight(line, " \t")
	return bytes.HasSuffix(line, []byte("->")) || bytes.HasSuffix(line, []byte("sub"))
}

// lineStartBefore is the start of the line of i, or 64 bytes before it.
func (s *Scanner) lineStartBefore(i int) int {
	from := max(0, i-64)
	if n := bytes.LastIndexByte(s.text[from:i], '\n'); n >= 0 {
		return from + n + 1
	}
	return from
}
