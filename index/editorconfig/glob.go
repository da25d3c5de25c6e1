package editorconfig

import (
	"regexp"
	"strconv"
	"strings"
)

// A glob is the name of a section, as a regular expression, which takes time as the path
// is long, whatever the glob.
type glob struct {
	re     *regexp.Regexp
	ranges []numbers // of the groups, in order
}

// numbers is a range of whole numbers, both ends included.
type numbers struct{ from, to int }

var numeric = regexp.MustCompile(`^([+-]?\d+)\.\.([+-]?\d+)$`)

// newGlob reads a section's name, nil for none that can be meant.
//
// Without a slash it is about a file's name in any folder below, with one about the path
// from the folder of the .editorconfig.
func newGlob(name string) *glob {
	if name == "" || len(name) > maxGlob {
		return nil
	}
	switch i := strings.Index(name, "/"); {
	case i < 0:
		name = "**/" + name
	case i == 0:
		name = name[1:]
	}
	g := &glob{}
	var err error
	if g.re, err = regexp.Compile(`(?s)^(?:` + g.translate(name) + `)$`); err != nil {
		return nil
	}
	return g
}

// matches reports whether a path below the folder is meant.
func (g *glob) matches(name string) bool {
	m := g.re.FindStringSubmatch(name)
	if m == nil {
		return false
	}
	for i, r := range g.ranges {
		if m[i+1] == "" { // of an alternative that was not taken
			continue
		}
		if n, err := strconv.Atoi(m[i+1]); err != nil || n < r.from || n > r.to {
			return false
		}
	}
	return true
}

// translate makes a regular expression of a glob.
func (g *glob) translate(s string) string {
	var out strings.Builder
	balanced, open := balancedBraces(s), 0
	for i := 0; i < len(s); {
		rest := s[i:]
		switch c := s[i]; {
		case i == 0 && strings.HasPrefix(rest, "**/"):
			out.WriteString(`(?:.*/)?`)
			i += 3
		case strings.HasPrefix(rest, "/**/"):
			out.WriteString(`(?:/|/.*/)`)
			i += 4
		case strings.HasPrefix(rest, "**"):
			out.WriteString(`.*`)
			i += 2
		case c == '*':
			out.WriteString(`[^/]*`)
			i++
		case c == '?':
			out.WriteString(`[^/]`)
			i++
		case c == '[':
			n := g.class(&out, rest)
			i += n
		case c == '{':
			i += g.brace(&out, rest, balanced, &open)
		case c == '}' && open > 0:
			open--
			out.WriteString(`)`)
			i++
		case c == ',' && open > 0:
			out.WriteString(`|`)
			i++
		case c == '\\' && len(rest) > 1:
			n := 2
			for n < len(rest) && rest[n]&0xc0 == 0x80 { // all of a letter
				n++
			}
			out.WriteString(regexp.QuoteMeta(rest[1:n]))
			i += n
		default:
			n := 1
			for n < len(rest) && rest[n]&0xc0 == 0x80 {
				n++
			}
			out.WriteString(regexp.QuoteMeta(rest[:n]))
			i += n
		}
	}
	return out.String()
}

// class translates what s begins with, [seq] or [!seq], and tells how long that is. What
// is not shut, or has a slash in it, is the bracket itself.
func (g *glob) class(out *strings.Builder, s string) int {
	end := -1
	for i := 1; i < len(s) && end < 0 && s[i] != '/'; i++ {
		switch {
		case s[i] == '\\':
			i++
		case s[i] == ']' && i > 1:
			end = i
		}
	}
	if end < 0 {
		out.WriteString(`\[`)
		return 1
	}
	in := s[1:end]
	out.WriteString(`[`)
	if in[0] == '!' && len(in) > 1 {
		out.WriteString(`^/`)
		in = in[1:]
	}
	for i := 0; i < len(in); i++ {
		switch in[i] {
		case '\\':
			if i++; i < len(in) {
				out.WriteString(regexp.QuoteMeta(in[i : i+1]))
			}
		case '[', ']', '^', '&', '~':
			out.WriteString(`\` + in[i:i+1])
		default:
			out.WriteByte(in[i])
		}
	}
	out.WriteString(`]`)
	return end + 1
}

// brace translates what s begins with: {a,b}, of which it opens the group, or {1..3}. What
// has neither a comma nor a range is the braces themselves.
func (g *glob) brace(out *strings.Builder, s string, balanced bool, open *int) int {
	comma, end := false, -1
	depth := 0
	for i := 0; i < len(s) && end < 0; i++ {
		switch s[i] {
		case '\\':
			i++
		case '{':
			depth++
		case ',':
			comma = comma || depth == 1
		case '}':
			if depth--; depth == 0 {
				end = i
			}
		}
	}
	if end > 0 && !comma {
		if m := numeric.FindStringSubmatch(s[1:end]); m != nil {
			from, err := strconv.Atoi(m[1])
			to, err2 := strconv.Atoi(m[2])
			if err == nil && err2 == nil {
				g.ranges = append(g.ranges, numbers{min(from, to), max(from, to)})
				out.WriteString(`([+-]?\d+)`)
				return end + 1
			}
		}
		out.WriteString(`\{` + g.translate(s[1:end]) + `\}`)
		return end + 1
	}
	if end < 0 || !balanced {
		out.WriteString(`\{`)
		return 1
	}
	*open++
	out.WriteString(`(?:`)
	return 1
}

// balancedBraces reports whether every brace has its partner.
func balancedBraces(s string) bool {
	depth := 0
	for i := 0; i < len(s); i++ {
		switch s[i] {
		case '\\':
			i++
		case '{':
			depth++
		case '}':
			if depth--; depth < 0 {
				return false
			}
		}
	}
	return depth == 0
}
