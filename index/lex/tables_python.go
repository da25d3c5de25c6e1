package lex

func specPython(t *table) {
	t.add(lineComment("#"))
	// Two quotes, short and long, plain and with {…}.
	var qs [2][2][2]*quote
	for i, c := range []string{`"`, `'`} {
		for long, close := range []string{c, c + c + c} {
			q := quote{close: close, esc: '\\', multi: long == 1, named: true}
			qs[i][long][0] = q.build()
			q.interp, q.shut, q.braces, q.format = "{", '}', true, true
			qs[i][long][1] = q.build()
		}
	}
	read := func(s *Scanner, at, format int) (int, Kind) {
		c := s.text[at]
		i := 0
		if c == '\'' {
			i = 1
		}
		if at+2 < len(s.text) && s.text[at+1] == c && s.text[at+2] == c {
			return s.quoted(qs[i][1][format], at+3), String
		}
		return s.quoted(qs[i][0][format], at+1), String
	}
	for _, c := range []string{`"`, `'`} {
		t.add(rule{c, func(s *Scanner, at int) (int, Kind) { return read(s, at, 0) }})
	}
	t.prefixed(`"'`, func(s *Scanner, start, end int) (int, Kind) {
		if end-start > 2 {
			return 0, EOF
		}
		format := 0
		for _, c := range s.text[start:end] {
			switch c | 0x20 {
			case 'f', 't': // PEP 498, PEP 750
				format = 1
			case 'r', 'b', 'u':
			default:
				return 0, EOF
			}
		}
		return read(s, end, format)
	})
}
