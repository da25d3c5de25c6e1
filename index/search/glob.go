package search

import (
	"errors"
	"regexp"
	"strings"
	"unicode/utf8"
)

// A glob matches paths: "*" within a segment, "**" across segments, "?" one
// character, "[a-z]" and "[!a-z]" one of some, "\" before any of these itself.
type glob struct {
	re   *regexp.Regexp
	base bool // matches the last segment only
}

func (g glob) match(path string) bool {
	if g.base {
		path = path[strings.LastIndexByte(path, '/')+1:]
	}
	return g.re.MatchString(path)
}

// compileGlob: a glob without a slash is for the last segment, one that ends
// with a slash for all that is below, a slash in front changes nothing else.
func compileGlob(s string) (glob, error) {
	g := glob{base: !strings.Contains(s, "/")}
	s = strings.TrimPrefix(s, "/")
	if strings.HasSuffix(s, "/") {
		s += "**"
	}
	if s == "" {
		return g, errors.New("the pattern names no path")
	}
	var re strings.Builder
	re.WriteString(`(?s)\A`)
	for i := 0; i < len(s); {
		rest := s[i:]
		_, w := utf8.DecodeRuneInString(rest)
		switch {
		case strings.HasPrefix(rest, "**/") && (i == 0 || s[i-1] == '/'):
			re.WriteString(`(?:.*/)?`)
			w = 3
		case strings.HasPrefix(rest, "**"):
			re.WriteString(`.*`)
			w = 2
		case rest[0] == '*':
			re.WriteString(`[^/]*`)
		case rest[0] == '?':
			re.WriteString(`[^/]`)
		case rest[0] == '[':
			n, err := appendClass(&re, rest)
			if err != nil {
				return g, err
			}
			w = n
		case rest[0] == '\\' && len(rest) > 1:
			_, n := utf8.DecodeRuneInString(rest[1:])
			re.WriteString(regexp.QuoteMeta(rest[1 : 1+n]))
			w = 1 + n
		default:
			re.WriteString(regexp.QuoteMeta(rest[:w]))
		}
		i += w
	}
	re.WriteString(`\z`)
	compiled, err := regexp.Compile(re.String())
	if err != nil {
		return g, errors.New("the character class is not understood")
	}
	g.re = compiled
	return g, nil
}

// appendClass translates the class that s begins with and returns its length.
func appendClass(re *strings.Builder, s string) (int, error) {
	end := strings.IndexByte(s[min(2, len(s)):], ']')
	if end < 0 {
		return 0, errors.New(`the "[" is not closed; before a bracket that is meant itself, write a backslash`)
	}
	end += 2
	body := s[1:end]
	if strings.Contains(body, "/") {
		return 0, errors.New("a character class cannot hold a slash")
	}
	negated := body[0] == '!' || body[0] == '^'
	if negated {
		body = body[1:]
	}
	if body == "" {
		return 0, errors.New("the character class is empty")
	}
	body = strings.NewReplacer(`\`, `\\`, `[`, `\[`, `]`, `\]`, `^`, `\^`).Replace(body)
	if negated {
		re.WriteString("[^/" + body + "]")
	} else {
		re.WriteString("[" + body + "]")
	}
	return end + 1, nil
}
