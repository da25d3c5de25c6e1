package symbol

import (
	"bytes"

	"vitrine/index/lex"
)

// Uses stands in until uses.go comes.
func Uses(l *lex.Lang, text []byte, name string) (out []Use) {
	s := lex.NewScanner(l, text)
	pending := false
	for t := s.Next(); t.Kind != lex.EOF; t = s.Next() {
		if t.Kind == lex.Comment {
			continue
		}
		if pending && t.Kind == lex.Punct && text[t.Start] == '(' {
			out[len(out)-1].Class = Call
		}
		pending = t.Kind == lex.Ident && bytes.Equal(s.Bytes(t), []byte(name))
		if pending {
			out = append(out, Use{Name: name, Class: Other, Start: int(t.Start), End: int(t.End), Line: int(t.Line)})
		}
	}
	return out
}
