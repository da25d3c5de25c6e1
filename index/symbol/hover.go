package symbol

import (
	"strings"
)

// A Card is what is shown of a symbol where the pointer rests.
type Card struct {
	Found
	// Comment is the text of the leading comment without its marks, cut at maxComment.
	Comment string
	Cut     bool
}

// maxComment is as much of a comment as a card shows, in bytes; the rest stands
// in the file.
const maxComment = 4 << 10

// Card reads what is shown of a symbol.
func (ix *Index) Card(id ID, release string) (Card, error) {
	f, err := ix.Symbol(id, release)
	if err != nil {
		return Card{}, err
	}
	c := Card{Found: f}
	if f.DocEnd <= f.DocStart {
		return c, nil
	}
	text, err := ix.content.Text(id.Blob)
	if err != nil {
		return Card{}, err
	}
	doc := text.Bytes()
	if f.DocEnd > len(doc) {
		return Card{}, damaged("blob "+id.Blob.Short(), errRecord)
	}
	doc = doc[f.DocStart:f.DocEnd]
	if len(doc) > 2*maxComment {
		doc, c.Cut = doc[:2*maxComment], true
	}
	c.Comment = strings.ToValidUTF8(plain(string(doc)), "")
	if len(c.Comment) > maxComment {
		c.Comment, c.Cut = strings.ToValidUTF8(c.Comment[:maxComment], ""), true
	}
	return c, nil
}

// plain takes the marks off a comment: what begins and ends it, what stands
// before each line, and the indentation that all lines share.
func plain(comment string) string {
	comment = strings.TrimSpace(comment)
	for _, end := range []string{"*/", "*)", "-->", "]]", `"""`, "'''"} {
		if s, ok := strings.CutSuffix(comment, end); ok {
			comment = strings.TrimRight(s, "*")
			break
		}
	}
	var lines []string
	for i, line := range strings.Split(comment, "\n") {
		line = strings.TrimRight(line, " \t\r")
		mark := strings.TrimLeft(line, " \t")
		cut := false
		if i == 0 {
			for _, begin := range []string{"/**", "/*!", "/*", "(*", "<!--", "--[[", `"""`, "'''"} {
				if s, ok := strings.CutPrefix(mark, begin); ok {
					line, cut = strings.TrimLeft(s, "*"), true
					break
				}
			}
		}
		if !cut {
			for _, begin := range []string{"///<", "///", "//!", "//", "##", "#", "--", ";;", ";", "*", "%"} {
				if s, ok := strings.CutPrefix(mark, begin); ok && (s == "" || s[0] == ' ' || s[0] == '\t' || begin[0] != '*') {
					line = s
					break
				}
			}
		}
		lines = append(lines, strings.ReplaceAll(line, "\t", "    "))
	}
	for len(lines) > 0 && strings.TrimSpace(lines[0]) == "" {
		lines = lines[1:]
	}
	for len(lines) > 0 && strings.TrimSpace(lines[len(lines)-1]) == "" {
		lines = lines[:len(lines)-1]
	}
	indent := -1
	for _, l := range lines {
		if n := len(l) - len(strings.TrimLeft(l, " ")); strings.TrimSpace(l) != "" && (indent < 0 || n < indent) {
			indent = n
		}
	}
	for i, l := range lines {
		lines[i] = l[min(max(indent, 0), len(l)):]
	}
	return strings.Join(lines, "\n")
}
