package lex

func specPHP(t *table) {
	t.words("$")
	t.page = phpPage
	t.add(phpComment("//"), phpComment("#"), blockComment("/*", "*/"), phpClose(), phpHeredoc(),
		literal(`"`, quote{close: `"`, esc: '\\', multi: true, interp: "{$", shut: '}'}),
		literal("'", quote{close: "'", esc: '\\', multi: true}), literal("`", quote{close: "`", esc: '\\', multi: true}))
}

func specSQL(t *table) {
	t.part['$'] = true
	text := quote{close: "'", doubled: true, multi: true, sql: true}
	t.add(lineComment("--"), blockComment("/*", "*/"),
		rule{"#", func(s *Scanner, at int) (int, Kind) { // MySQL
			if !s.first {
				return 0, EOF
			}
			return s.restOfLine(at), Comment
		}},
		literal("'", text), literal(`"`, quote{close: `"`, doubled: true, multi: true}), backticked(),
		rule{"$", func(s *Scanner, at int) (int, Kind) { // PostgreSQL's $word$ … $word$
			end := s.identifier(at + 1)
			if !hasPrefix(s.text, end, "$") || end-at > maxFence || isDigit(s.text[at+1]) {
				return 0, EOF
			}
			return s.until(end+1, string(s.text[at:end+1])), String
		}})
	escapes := quote{close: "'", esc: '\\', doubled: true, multi: true}.build()
	t.prefixed("'", func(s *Scanner, start, end int) (int, Kind) {
		if end == start+1 && s.text[start]|0x20 == 'e' {
			return s.quoted(escapes, end+1), String
		}
		return 0, EOF
	})
}

func specPascal(t *table) {
	t.add(rule{"{$", func(s *Scanner, at int) (int, Kind) { return s.until(at, "}"), Directive }},
		rule{"(*$", func(s *Scanner, at int) (int, Kind) { return s.until(at+2, "*)"), Directive }},
		lineComment("//"), blockComment("{", "}"), blockComment("(*", "*)"),
		literal("'''", quote{close: "'''", multi: true}), literal("'", quote{close: "'", doubled: true}))
}

// specAsm is for GNU's assembler, and Go's and ARM's: "#" and "@" begin a
// comment only before a space, or where no preprocessor line can be.
func specAsm(t *table) {
	t.words("$._")
	t.add(rule{"#", func(s *Scanner, at int) (int, Kind) {
		rest := s.text[at+1 : min(len(s.text), at+3)]
		switch {
		case len(rest) == 0 || rest[0] <= ' ' || rest[0] == '#' || rest[0] == '=':
		case len(rest) == 2 && rest[0] == '-' && !isDigit(rest[1]) && !isLetter(rest[1]) && rest[1] != '(': // a ruler, not #-4
		default:
			return 0, EOF
		}
		if s.first && s.directiveName(at) {
			return 0, EOF
		}
		return s.restOfLine(at), Comment
	}})
	hash(t, "error", "warning")
	t.add(angled(), splicedComment("//"), blockComment("/*", "*/"),
		rule{"@", func(s *Scanner, at int) (int, Kind) {
			if at+1 < len(s.text) && s.text[at+1] > ' ' && s.text[at+1] != '@' {
				return 0, EOF
			}
			return s.restOfLine(at), Comment
		}},
		rule{";", func(s *Scanner, at int) (int, Kind) { // elsewhere it parts instructions
			if !s.first {
				return 0, EOF
			}
			return s.restOfLine(at), Comment
		}},
		literal(`"`, plainQuote),
		rule{"'", func(s *Scanner, at int) (int, Kind) { return s.tickEnd(at), String }})
}

// directiveName reports whether what follows "#" is a name of the preprocessor's.
func (s *Scanner) directiveName(at int) bool {
	i := s.blanks(at + 1)
	switch string(s.text[i:s.identifier(i)]) {
	case "define", "undef", "include", "if", "ifdef", "ifndef", "elif", "else", "endif", "error", "warning", "pragma", "line":
		return true
	}
	return false
}

func specNasm(t *table) {
	t.words("$._@?")
	t.add(lineComment(";"), literal(`"`, quote{close: `"`}), literal("'", quote{close: "'", lenient: true}),
		literal("`", quote{close: "`", esc: '\\', lenient: true}))
}

func specYARA(t *table) {
	cComments(t)
	t.words("$")
	t.looksBack("/", "matches", "and", "or", "not")
	t.add(slash(), literal(`"`, plainQuote))
}
