package code

import (
	"errors"
	"regexp/syntax"
	"strings"
	"unicode/utf8"

	"vitrine/viewer/words"
)

// A PatternError says what is wrong with a text to find, for a person, and where: At is
// the byte in the pattern at which it goes wrong.
type PatternError struct {
	At   int
	Text string // a sentence that tells the place too
}

func (e *PatternError) Error() string { return e.Text }

// patternError turns what regexp says into a sentence and a place. RE2 has no look-around
// and no back references: that is said in so many words.
func patternError(pattern string, err error) error {
	var e *syntax.Error
	if !errors.As(err, &e) {
		return &PatternError{Text: words.T("This cannot be found: %s.", err.Error())}
	}
	at := 0
	if i := strings.LastIndex(pattern, e.Expr); i >= 0 {
		at = i
	}
	what := ""
	switch e.Code {
	case syntax.ErrMissingParen:
		at = openParen(pattern)
		what = words.T("This parenthesis is not closed")
	case syntax.ErrUnexpectedParen:
		at = extraParen(pattern)
		what = words.T("This parenthesis closes nothing")
	case syntax.ErrMissingBracket:
		what = words.T("This bracket is not closed")
	case syntax.ErrInvalidCharRange:
		what = words.T("The range %s is upside down", e.Expr)
	case syntax.ErrMissingRepeatArgument:
		what = words.T("%s has nothing before it to repeat", e.Expr)
	case syntax.ErrInvalidRepeatOp:
		what = words.T("%s repeats what is repeated already", e.Expr)
	case syntax.ErrInvalidRepeatSize:
		what = words.T("It cannot be repeated so often: %s. The limit is 1000", e.Expr)
	case syntax.ErrTrailingBackslash:
		at = len(pattern) - 1
		what = words.T(`A \ at the end stands for nothing; \\ finds one`)
	case syntax.ErrInvalidEscape:
		what = words.T("%s is not known", e.Expr)
		if len(e.Expr) == 2 && e.Expr[1] >= '1' && e.Expr[1] <= '9' {
			what = words.T("Back references such as %s are not known here (RE2)", e.Expr)
		}
	case syntax.ErrInvalidPerlOp:
		what = words.T("%s is not known", e.Expr)
		if strings.HasPrefix(e.Expr, "(?=") || strings.HasPrefix(e.Expr, "(?!") || strings.HasPrefix(e.Expr, "(?<") {
			what = words.T("Looking ahead or behind is not known here (RE2)")
		}
	case syntax.ErrInvalidCharClass, syntax.ErrInvalidNamedCapture:
		what = words.T("%s is not known", e.Expr)
	case syntax.ErrInvalidUTF8:
		what = words.T("The expression is no UTF-8")
	default: // too large, nested too deep
		what = words.T("The expression is too large")
	}
	return &PatternError{At: at, Text: words.T("%s, at character %d.", what, utf8.RuneCountInString(pattern[:at])+1)}
}

// openParen is the innermost "(" that is not closed.
func openParen(pattern string) int {
	open, _ := parens(pattern)
	if len(open) == 0 {
		return 0
	}
	return open[len(open)-1]
}

// extraParen is the first ")" that closes nothing.
func extraParen(pattern string) int {
	_, extra := parens(pattern)
	return max(extra, 0)
}

// parens goes through an expression and leaves escapes and classes out.
func parens(pattern string) (open []int, extra int) {
	class := -1 // where it began
	for i := 0; i < len(pattern); i++ {
		switch c := pattern[i]; {
		case c == '\\':
			i++
		case class >= 0:
			if c == ']' && i > class+1 && !(i == class+2 && pattern[class+1] == '^') {
				class = -1
			}
		case c == '[':
			class = i
		case c == '(':
			open = append(open, i)
		case c == ')' && len(open) == 0:
			return open, i
		case c == ')':
			open = open[:len(open)-1]
		}
	}
	return open, -1
}
