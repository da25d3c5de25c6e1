package lex

import "bytes"

func specShell(t *table) {
	t.add(escaped('\\'), wordComment("#", " \t\n;&|()`"), literal("'", quote{close: "'", multi: true}),
		literal(`"`, quote{close: `"`, esc: '\\', multi: true, interp: "$(", shut: ')'}),
		literal(`$'`, quote{close: "'", esc: '\\', multi: true}),
		rule{"$", func(s *Scanner, at int) (int, Kind) { // $#, $', $name
			if end := s.identifier(at + 1); end > at+1 {
				return end, Ident
			}
			if hasPrefix(s.text, at, "$#") {
				return at + 2, Punct
			}
			return 0, EOF
		}},
		rule{"<<<", func(s *Scanner, at int) (int, Kind) { return at + 3, Punct }},
		rule{"<<", func(s *Scanner, at int) (int, Kind) {
			if bytes.Contains(s.text[s.lineStartBefore(at):at], []byte("((")) {
				return 0, EOF // $((1<<n))
			}
			i, indent := at+2, ""
			if hasPrefix(s.text, i, "-") {
				i, indent = i+1, "\t"
			}
			i = s.blanks(i)
			if hasPrefix(s.text, i, `\`) {
				i++
			}
			if end := s.announced(i, "", false); end > 0 {
				s.pending[len(s.pending)-1].indent = indent
				return end, String
			}
			return 0, EOF
		}})
}

// escaped makes the rule for an escape outside of strings.
func escaped(esc byte) rule {
	return rule{string(esc), func(s *Scanner, at int) (int, Kind) {
		if at+1 < len(s.text) && s.text[at+1] != '\n' && s.text[at+1] != '\r' {
			return at + 2, Punct
		}
		return 0, EOF
	}}
}

// wordComment is a lineComment that must follow one of the bytes.
func wordComment(open, after string) rule {
	return rule{open, func(s *Scanner, at int) (int, Kind) {
		if at > 0 && bytes.IndexByte([]byte(after), s.text[at-1]) < 0 {
			return 0, EOF
		}
		return s.restOfLine(at), Comment
	}}
}

func specPowerShell(t *table) {
	t.words("$")
	t.add(escaped('`'), blockComment("<#", "#>"), wordComment("#", " \t\n;|(){},="),
		hereString('"'), hereString('\''),
		literal(`"`, quote{close: `"`, esc: '`', doubled: true, multi: true, interp: "$(", shut: ')'}),
		literal("'", quote{close: "'", doubled: true, multi: true}))
}

// hereString is @"…"@, whose text stands on lines of its own.
func hereString(q byte) rule {
	return rule{"@" + string(q), func(s *Scanner, at int) (int, Kind) {
		i := s.blanks(at + 2)
		if hasPrefix(s.text, i, "\r") {
			i++
		}
		if !hasPrefix(s.text, i, "\n") {
			return 0, EOF
		}
		return s.until(i, "\n"+string(q)+"@"), String
	}}
}

func specCMake(t *table) {
	t.add(escaped('\\'),
		rule{"#[", func(s *Scanner, at int) (int, Kind) { return s.longBracket(at + 1), Comment }},
		lineComment("#"), literal(`"`, multiQuote),
		rule{"[", func(s *Scanner, at int) (int, Kind) { return s.longBracket(at), String }})
}

// longBracket is the end of [==[ … ]==] of Lua and CMake at i, 0 if it is none.
func (s *Scanner) longBracket(i int) int {
	j := i + 1
	for j < len(s.text) && s.text[j] == '=' {
		j++
	}
	if j >= len(s.text) || s.text[j] != '[' || j-i > maxFence {
		return 0
	}
	return s.until(j+1, "]"+string(s.text[i+1:j])+"]")
}

func specLua(t *table) {
	t.add(rule{"--[", func(s *Scanner, at int) (int, Kind) { return s.longBracket(at + 2), Comment }},
		lineComment("--"), literal(`"`, plainQuote), literal("'", singleQuote),
		rule{"[", func(s *Scanner, at int) (int, Kind) { return s.longBracket(at), String }})
}

func specMake(t *table) {
	q := quote{close: `"`, esc: '\\', lenient: true}
	t.add(escaped('\\'), splicedComment("#"), literal(`"`, q), literal("'", quote{close: "'", lenient: true}),
		rule{"$", func(s *Scanner, at int) (int, Kind) {
			for _, p := range []string{"$$#", "$$", "$#"} {
				if hasPrefix(s.text, at, p) {
					return at + len(p), Punct
				}
			}
			return 0, EOF
		}})
}
