package desk

import (
	"strconv"
	"strings"
)

// An asked is what was typed into quick open, taken apart:
//
//	pe.c           a file
//	pe.c:120       a line of it, and with :120:8 a column too
//	pe.c@scan      a symbol of it
//	:120           a line of the open file
//	@scan          a symbol of the open file
//	#scan          a symbol of the release
//	>wrap          an action
//	?              what can be typed
type asked struct {
	mode      rune   // askFile, or what it begins with
	path      string // letters of a path
	symbol    string // letters of a symbol, behind "@"
	ofFile    bool   // there is an "@" behind a path
	line, col int    // 0: none
}

const askFile = 'f'

func parseAsked(typed string) asked {
	if typed != "" {
		switch c := rune(typed[0]); c {
		case '>', '#', '@', '?':
			return asked{mode: c}
		case ':':
			a := asked{mode: c}
			_, a.line, a.col = splitLine(typed)
			return a
		}
	}
	a := asked{mode: askFile}
	a.path, a.line, a.col = splitLine(typed)
	if path, symbol, ok := strings.Cut(typed, "@"); ok && a.line == 0 {
		a.path, a.symbol, a.ofFile = path, symbol, true
	}
	return a
}

// splitLine takes a trailing ":123" or ":123:4" from what was typed; a colon without a
// number behind it is about to get one.
func splitLine(typed string) (before string, line, col int) {
	before, n, ok := trailingNumber(typed)
	if !ok {
		return typed, 0, 0
	}
	if first, m, ok := trailingNumber(before); ok && m > 0 {
		return first, m, n
	}
	return before, n, 0
}

// trailingNumber takes ":123", or a colon alone, from the end.
func trailingNumber(s string) (before string, n int, ok bool) {
	i := strings.LastIndexByte(s, ':')
	if i < 0 {
		return s, 0, false
	}
	if s[i+1:] == "" {
		return s[:i], 0, true
	}
	n, err := strconv.Atoi(s[i+1:])
	if err != nil || n < 1 {
		return s, 0, false
	}
	return s[:i], n, true
}
