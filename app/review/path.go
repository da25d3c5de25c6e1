package review

import (
	"fmt"
	"strings"
	"unicode/utf8"
)

// QuotePath writes a path of a git tree as text that survives JSON: as it is
// when it is valid UTF-8 without control characters and does not begin with a
// double quote, otherwise as git prints it under core.quotePath: in double
// quotes, with \" and \\ and every byte outside printable ASCII as \ooo.
// Different paths give different texts.
func QuotePath(raw string) string {
	plain := utf8.ValidString(raw) && !strings.HasPrefix(raw, `"`)
	for i := 0; plain && i < len(raw); i++ {
		plain = raw[i] >= 0x20 && raw[i] != 0x7f
	}
	if plain {
		return raw
	}
	var b strings.Builder
	b.WriteByte('"')
	for i := 0; i < len(raw); i++ {
		switch c := raw[i]; {
		case c == '"' || c == '\\':
			b.WriteByte('\\')
			b.WriteByte(c)
		case c < 0x20 || c >= 0x7f:
			fmt.Fprintf(&b, `\%03o`, c)
		default:
			b.WriteByte(c)
		}
	}
	b.WriteByte('"')
	return b.String()
}

// UnquotePath is the inverse of QuotePath: the bytes of the path in the tree.
func UnquotePath(text string) (string, error) {
	if !strings.HasPrefix(text, `"`) {
		return text, nil
	}
	if len(text) < 2 || !strings.HasSuffix(text, `"`) {
		return "", fmt.Errorf("path %q has no closing quote", text)
	}
	in := text[1 : len(text)-1]
	var b strings.Builder
	for i := 0; i < len(in); i++ {
		if in[i] != '\\' {
			b.WriteByte(in[i])
			continue
		}
		switch rest := in[i+1:]; {
		case rest != "" && (rest[0] == '"' || rest[0] == '\\'):
			b.WriteByte(rest[0])
			i++
		case len(rest) >= 3 && rest[0] >= '0' && rest[0] <= '3' && octal(rest[1]) && octal(rest[2]):
			b.WriteByte((rest[0]-'0')<<6 | (rest[1]-'0')<<3 | (rest[2] - '0'))
			i += 3
		default:
			return "", fmt.Errorf("path %q has an unknown escape at byte %d", text, i+1)
		}
	}
	return b.String(), nil
}

func octal(c byte) bool { return c >= '0' && c <= '7' }
