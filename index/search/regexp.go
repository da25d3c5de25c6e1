package search

import (
	"errors"
	"fmt"
	"regexp/syntax"
	"strings"
	"unicode/utf8"
)

// regexpError finds the place of a syntax error, which package syntax tells
// only by quoting.
func regexpError(src string, err error) (at int, msg string) {
	var e *syntax.Error
	if !errors.As(err, &e) {
		return 0, "this regexp is not understood: " + err.Error()
	}
	msg = "this regexp is not understood: " + e.Code.String()
	switch e.Code {
	case syntax.ErrMissingParen, syntax.ErrUnexpectedParen:
		return unmatchedParen(src), msg
	case syntax.ErrLarge, syntax.ErrNestingDepth, syntax.ErrInternalError, syntax.ErrInvalidUTF8:
		return 0, msg
	}
	if e.Expr != "" && e.Expr != src {
		msg += fmt.Sprintf(" in %s", e.Expr)
	}
	return max(strings.Index(src, e.Expr), 0), msg
}

// visitor is told of a character at an offset that stands for itself, inside a
// character class or not, or is a parenthesis of a group.
type visitor func(at int, r rune, class bool)

// walkRegexp visits src, leaving out escapes and the heads of groups.
func walkRegexp(src string, visit visitor) {
	for i := 0; i < len(src); {
		r, w := utf8.DecodeRuneInString(src[i:])
		switch {
		case r == '\\':
			i += visitEscape(src[i:], i, visit)
			continue
		case r == '[':
			i += visitClass(src[i:], i, visit)
			continue
		case r == '(' && strings.HasPrefix(src[i:], "(?"):
			visit(i, r, false)
			end := strings.IndexAny(src[i:], ":)>")
			if end < 0 {
				return
			}
			if src[i+end] == ')' {
				end-- // a flag group closes itself
			}
			i += end + 1
			continue
		}
		visit(i, r, false)
		i += w
	}
}

// visitEscape returns the length of the escape that s begins with. \Q…\E is text.
func visitEscape(s string, at int, visit visitor) int {
	if len(s) < 2 {
		return len(s)
	}
	_, w := utf8.DecodeRuneInString(s[1:])
	switch c := s[1]; {
	case c == 'Q':
		text, _, closed := strings.Cut(s[2:], `\E`)
		for i, r := range text {
			if r != '(' && r != ')' {
				visit(at+2+i, r, false)
			}
		}
		if closed {
			return 2 + len(text) + 2
		}
		return 2 + len(text)
	case (c == 'p' || c == 'P' || c == 'x') && strings.HasPrefix(s[2:], "{"):
		if end := strings.IndexByte(s, '}'); end >= 0 {
			return end + 1
		}
	case c == 'x':
		return min(4, len(s))
	case c == 'p' || c == 'P':
		_, w := utf8.DecodeRuneInString(s[2:])
		return 2 + w
	}
	return 1 + w
}

// visitClass returns the length of the character class that s begins with.
func visitClass(s string, at int, visit visitor) int {
	i := 1
	if strings.HasPrefix(s[i:], "^") {
		i++
	}
	for first := i; i < len(s) && (s[i] != ']' || i == first); {
		if s[i] == '\\' {
			i += visitEscape(s[i:], at+i, func(int, rune, bool) {})
			continue
		}
		if strings.HasPrefix(s[i:], "[:") {
			if end := strings.Index(s[i:], ":]"); end >= 0 {
				i += end + 2
				continue
			}
		}
		r, w := utf8.DecodeRuneInString(s[i:])
		visit(at+i, r, true)
		i += w
	}
	return min(i+1, len(s))
}

// unmatchedParen is the offset of the parenthesis that has no partner.
func unmatchedParen(src string) int {
	var open []int
	at := -1
	walkRegexp(src, func(i int, r rune, class bool) {
		switch {
		case at >= 0 || class:
		case r == '(':
			open = append(open, i)
		case r == ')' && len(open) == 0:
			at = i
		case r == ')':
			open = open[:len(open)-1]
		}
	})
	if at < 0 && len(open) > 0 {
		at = open[len(open)-1]
	}
	return max(at, 0)
}
