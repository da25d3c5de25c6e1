package lex

// Languages with braces and C's comments, but no preprocessor.

var (
	multiQuote  = quote{close: `"`, esc: '\\', multi: true}
	singleQuote = quote{close: "'", esc: '\\'}
)

func cComments(t *table) { t.add(lineComment("//"), blockComment("/*", "*/")) }

func nestedComments(t *table) { t.add(lineComment("//"), nestedComment("/*", "*/")) }

// backticked makes the rule for names in backticks.
func backticked() rule {
	q := quote{close: "`", lenient: true}.build()
	return rule{"`", func(s *Scanner, at int) (int, Kind) { return s.quoted(q, at+1), Ident }}
}

func specJava(t *table) {
	cComments(t)
	t.words("$")
	t.add(literal(`"""`, quote{close: `"""`, esc: '\\', multi: true}), literal(`"`, plainQuote), apostrophe())
}

func specGo(t *table) {
	cComments(t)
	t.add(literal("`", quote{close: "`", multi: true}), literal(`"`, plainQuote), apostrophe())
}

func specProto(t *table) {
	cComments(t)
	t.add(literal(`"`, plainQuote), literal("'", singleQuote))
}

func specKotlin(t *table) {
	nestedComments(t)
	t.add(literal(`"""`, quote{close: `"""`, multi: true, greedy: true, interp: "${", shut: '}'}),
		literal(`"`, quote{close: `"`, esc: '\\', interp: "${", shut: '}'}), apostrophe(), backticked())
}

func specScala(t *table) {
	nestedComments(t)
	t.words("$")
	t.add(literal(`"""`, quote{close: `"""`, multi: true, greedy: true}), literal(`"`, plainQuote), tick(), backticked())
	long := quote{close: `"""`, multi: true, greedy: true, interp: "${", shut: '}'}.build()
	short := quote{close: `"`, esc: '\\', interp: "${", shut: '}'}.build()
	t.prefixed(`"`, func(s *Scanner, start, end int) (int, Kind) { // s"…", f"…", or another's
		if hasPrefix(s.text, end, `"""`) {
			return s.quoted(long, end+3), String
		}
		return s.quoted(short, end+1), String
	})
}

func specSwift(t *table) {
	nestedComments(t)
	t.words("$")
	for _, pounds := range []string{"###", "##", "#", ""} {
		q := quote{close: `"""` + pounds, multi: true, esc: '\\', interp: `\` + pounds + "(", shut: ')'}
		if pounds != "" {
			q.esc = 0
		}
		t.add(literal(pounds+`"""`, q))
		q.close, q.multi = `"`+pounds, false
		t.add(literal(pounds+`"`, q))
	}
	t.add(rule{"#/", func(s *Scanner, at int) (int, Kind) { return s.until(at+2, "/#"), String }})
	t.add(backticked())
	hashOnly(t, "if", "elseif", "else", "endif")
}

func specRust(t *table) {
	nestedComments(t)
	t.add(literal(`"`, multiQuote), tick())
	text := multiQuote.build()
	t.prefixed(`"'#`, func(s *Scanner, start, end int) (int, Kind) {
		switch string(s.text[start:end]) {
		case "b", "c":
			switch s.text[end] {
			case '"':
				return s.quoted(text, end+1), String
			case '\'':
				return s.tickEnd(end), String
			}
		case "r", "br", "cr":
			return s.rustRaw(end)
		}
		return 0, EOF
	})
}

// rustRaw reads r"…", r#"…"# and the raw identifier r#name.
func (s *Scanner) rustRaw(i int) (int, Kind) {
	start := i
	for i < len(s.text) && s.text[i] == '#' {
		i++
	}
	if i >= len(s.text) || i-start > maxFence {
		return 0, EOF
	}
	switch {
	case s.text[i] == '"':
		return s.until(i+1, `"`+string(s.text[start:i])), String
	case i == start+1 && isLetter(s.text[i]):
		return s.identifier(i), Ident
	}
	return 0, EOF
}

// tick makes the rule for 'c' in languages where 'name is something else.
func tick() rule {
	return rule{"'", func(s *Scanner, at int) (int, Kind) {
		if end := s.tickEnd(at); end > 0 {
			return end, String
		}
		if end := s.identifier(at + 1); end > at+1 {
			return end, Punct // a lifetime, a label, a symbol
		}
		return 0, EOF
	}}
}

// maxEscape is longer than any escape in a character: '\u{10FFFF}'.
const maxEscape = 16

// tickEnd is the end of the character literal at i, 0 if it is none.
func (s *Scanner) tickEnd(i int) int {
	text := s.text
	i++
	if i >= len(text) || text[i] == '\n' {
		return 0
	}
	if text[i] == '\\' {
		for j := i + 2; j < len(text) && j < i+maxEscape && text[j] != '\n'; j++ {
			if text[j] == '\'' {
				return j + 1
			}
		}
		return 0
	}
	if text[i] == '\'' {
		return 0
	}
	for i++; i < len(text) && text[i]&0xc0 == 0x80; i++ { // the rest of the rune
	}
	if i < len(text) && text[i] == '\'' {
		return i + 1
	}
	return 0
}
