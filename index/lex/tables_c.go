package lex

// C and what took its lexis over.

func cPreprocessor(t *table) {
	hash(t, "error", "warning")
	t.add(angled(), splicedComment("//"), blockComment("/*", "*/"))
	t.dotNumbers = true
}

var (
	plainQuote = quote{close: `"`, esc: '\\'}
	charQuote  = quote{close: "'", esc: '\\', lenient: true}
)

func specC(t *table) {
	cPreprocessor(t)
	t.words("$")
	t.add(literal(`"`, plainQuote), apostrophe())
	t.tickNumbers = true // C23
	t.prefixed(`"'`, cPrefix)
}

func specCPP(t *table) { specC(t) }

func specObjC(t *table) {
	specC(t)
	t.add(literal(`@"`, plainQuote))
	t.tickNumbers = false
}

var plain, char = plainQuote.build(), charQuote.build()

// cPrefix reads L"…", u8'…', and C++'s R"x(…)x".
func cPrefix(s *Scanner, start, end int) (int, Kind) {
	word := string(s.text[start:end])
	quote := s.text[end]
	switch word {
	case "L", "u", "U", "u8":
		if quote == '"' {
			return s.quoted(plain, end+1), String
		}
		return s.quoted(char, end+1), String
	case "R", "LR", "uR", "UR", "u8R":
		if quote == '"' && s.lang.id != "c" {
			return s.rawString(end + 1), String
		}
	}
	return 0, EOF
}

// maxRawDelimiter is the longest word before "(" of a raw string: [lex.string]
// of the C++ standard.
const maxRawDelimiter = 16

// rawString is the end of the C++ raw string whose delimiter is at i.
func (s *Scanner) rawString(i int) int {
	for j := i; j < len(s.text) && j <= i+maxRawDelimiter; j++ {
		switch s.text[j] {
		case '(':
			return s.until(j+1, ")"+string(s.text[i:j])+`"`)
		case ' ', ')', '\\', '\t', '\n', '"':
			return 0
		}
	}
	return 0
}
