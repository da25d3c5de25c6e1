package lex

import "strings"

var (
	verbatim       = quote{close: `"`, doubled: true, multi: true}
	interpolated   = quote{close: `"`, esc: '\\', interp: "{", shut: '}', braces: true, format: true}
	verbatimInterp = quote{close: `"`, doubled: true, multi: true, interp: "{", shut: '}', braces: true, format: true}
)

func specCSharp(t *table) {
	hash(t, "error", "warning", "region", "endregion")
	cComments(t)
	raw := quote{close: `"""`, multi: true, interp: "{", shut: '}', format: true}
	raw2 := raw
	raw2.interp = "{{"
	t.add(manyQuotes(), literal(`"`, plainQuote), apostrophe(),
		literal(`@"`, verbatim), literal(`$@"`, verbatimInterp), literal(`@$"`, verbatimInterp),
		exactly(literal(`$"""`, raw)), exactly(literal(`$$"""`, raw2)),
		rule{`$$`, func(s *Scanner, at int) (int, Kind) {
			i := at
			for i < len(s.text) && s.text[i] == '$' {
				i++
			}
			if end := s.rawQuotes(i); end > 0 {
				return end, String
			}
			return i, Punct
		}},
		rule{`$""""`, func(s *Scanner, at int) (int, Kind) { return s.rawQuotes(at + 1), String }},
		literal(`$"`, interpolated))
}

// exactly takes the rule only if no further quote follows what opens it.
func exactly(r rule) rule {
	scan := r.scan
	r.scan = func(s *Scanner, at int) (int, Kind) {
		if hasPrefix(s.text, at+len(r.open), `"`) {
			return 0, EOF
		}
		return scan(s, at)
	}
	return r
}

// manyQuotes makes the rule for raw strings: as many quotes at the end as at
// the start, three or more.
func manyQuotes() rule {
	return rule{`"""`, func(s *Scanner, at int) (int, Kind) { return s.rawQuotes(at), String }}
}

func (s *Scanner) rawQuotes(at int) int {
	i := at
	for i < len(s.text) && s.text[i] == '"' {
		i++
	}
	if i-at < 3 {
		return 0
	}
	return s.until(i, strings.Repeat(`"`, min(i-at, maxFence)))
}
