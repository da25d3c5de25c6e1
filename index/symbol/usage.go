package symbol

import (
	"bytes"
	"strings"
	"unicode"
	"unicode/utf8"

	"vitrine/index/lex"
)

// A use of a name, as what stands around it tells.
type usage struct {
	name      string
	qualifier string // "a" of a.name, a->name and a::name
	qualified bool   // also by something that is no name, as f().name
	call      bool
	args      int    // of a call; -1 when they cannot be counted
	scope     string // of the definition around it
	offset    int    // -1 if it is not known
}

// maxArguments bounds how far the end of a call is looked for, in bytes.
const maxArguments = 16 << 10

// usageAt reads what stands around an offset of a text: the name there, or the
// one that ends there. It is not told apart from words in comments. Without a
// language (nil) arguments are not counted.
func usageAt(l *lex.Lang, text []byte, offset int) (usage, bool) {
	if offset < 0 || offset > len(text) {
		return usage{}, false
	}
	from, to := offset, offset
	for from > 0 {
		r, n := utf8.DecodeLastRune(text[:from])
		if !wordRune(r) {
			break
		}
		from -= n
	}
	for to < len(text) {
		r, n := utf8.DecodeRune(text[to:])
		if !wordRune(r) {
			break
		}
		to += n
	}
	if from == to || to-from > maxField {
		return usage{}, false
	}
	u := usage{name: string(text[from:to]), args: -1, offset: from}
	before := bytes.TrimRight(text[max(0, from-maxField):from], " \t\r\n")
	for _, mark := range []string{"->", "::", "?.", "."} {
		rest, ok := bytes.CutSuffix(before, []byte(mark))
		if !ok || mark == "." && bytes.HasSuffix(before, []byte("..")) {
			continue
		}
		rest = bytes.TrimRight(rest, " \t\r\n")
		i := len(rest)
		for i > 0 {
			r, n := utf8.DecodeLastRune(rest[:i])
			if !wordRune(r) {
				break
			}
			i -= n
		}
		u.qualified, u.qualifier = true, string(rest[i:])
		break
	}
	after := bytes.TrimLeft(text[to:min(len(text), to+maxArguments)], " \t")
	if bytes.HasPrefix(after, []byte("(")) {
		if u.call = true; l != nil {
			u.args = countArguments(l, after)
		}
	}
	return u, true
}

func wordRune(r rune) bool {
	return r == '_' || r == '$' || r != utf8.RuneError && (unicode.IsLetter(r) || unicode.IsDigit(r))
}

// countArguments counts what stands between commas from "(" to its ")"; -1 when
// that is not found.
func countArguments(l *lex.Lang, text []byte) int {
	s := lex.NewScanner(l, text)
	depth, n, some := 0, 0, false
	for {
		t := s.Next()
		if t.Kind == lex.EOF {
			return -1
		}
		if t.Kind == lex.Comment {
			continue
		}
		c := text[t.Start]
		if t.Kind != lex.Punct {
			c = 0
		}
		switch c {
		case '(', '[', '{':
			if depth++; depth > 1 {
				some = true
			}
		case ')', ']', '}':
			if depth--; depth == 0 {
				if some {
					n++
				}
				return n
			}
		case ',':
			if depth == 1 {
				n++
				some = false // a comma before ")" begins no argument
			}
		default:
			some = true
		}
	}
}

// takes reports whether a function with the signature can be called with n
// arguments; true if that cannot be told.
func takes(s *Symbol, l *lex.Lang, n int) bool {
	if n < 0 {
		return true
	}
	i := nameIn(s.Signature, s.Name)
	if i < 0 {
		return true
	}
	rest := strings.TrimLeft(s.Signature[i+len(s.Name):], " \t")
	if !strings.HasPrefix(rest, "(") {
		return true // type parameters, a macro without arguments, a variable
	}
	least, most, ok := parameters(rest)
	return !ok || least <= n && n <= most
}

// nameIn finds a name as a word.
func nameIn(text, name string) int {
	for at := 0; ; {
		i := strings.Index(text[at:], name)
		if i < 0 || name == "" {
			return -1
		}
		i += at
		before, _ := utf8.DecodeLastRuneInString(text[:i])
		after, _ := utf8.DecodeRuneInString(text[i+len(name):])
		if (i == 0 || !wordRune(before)) && !wordRune(after) {
			return i
		}
		at = i + 1
	}
}

// parameters counts those between "(" and its ")": the least and the most
// arguments that go with them.
func parameters(text string) (least, most int, ok bool) {
	const many = 1 << 20
	depth := 0
	var list []string
	from := 1
	for i, c := range []byte(text) {
		switch c {
		case '(', '[', '{', '<':
			depth++
		case ')', ']', '}', '>':
			if c == '>' && (text[i-1] == '-' || text[i-1] == '=') {
				continue
			}
			depth--
		case ',':
			if depth == 1 {
				list = append(list, text[from:i])
				from = i + 1
			}
		}
		if depth == 0 {
			list = append(list, text[from:i])
			break
		}
	}
	if depth != 0 {
		return 0, 0, false // cut
	}
	for k, p := range list {
		p = strings.TrimSpace(p)
		switch {
		case p == "" || p == "void":
		case k == 0 && (p == "self" || p == "cls" || p == "&self" || p == "&mut self" || p == "mut self" || strings.HasPrefix(p, "self:")):
		case strings.Contains(p, "...") || strings.HasPrefix(p, "*") || strings.HasPrefix(p, "params ") || strings.HasPrefix(p, "vararg "):
			most = many
		case strings.ContainsAny(p, "=?"):
			most++
		default:
			least++
			most++
		}
	}
	return least, most, true
}
