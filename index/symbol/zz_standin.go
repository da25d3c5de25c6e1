package symbol

import (
	"context"

	"vitrine/index/lex"
)

// Uses stands in for the classification of uses until extraction has it: names
// in code, calls by the "(" behind them.
func Uses(l *lex.Lang, text []byte, name string) []Use {
	var out []Use
	scan := lex.NewScanner(l, text)
	before := byte(0)
	open := false // the last token is the use at the end of out
	for t := scan.Next(); t.Kind != lex.EOF; t = scan.Next() {
		if t.Kind == lex.Comment {
			continue
		}
		if open && t.Kind == lex.Punct && text[t.Start] == '(' {
			out[len(out)-1].Class = Call
		}
		open = t.Kind == lex.Ident && string(text[t.Start:t.End]) == name
		if open {
			u := Use{Name: name, Class: Other, Start: int(t.Start), End: int(t.End), Line: int(t.Line)}
			if before == '.' || before == '>' {
				u.Class = Member
			}
			out = append(out, u)
		}
		before = text[t.End-1]
	}
	o, err := Extract(context.Background(), l, text)
	if err != nil {
		return out
	}
	for i := range out {
		for _, s := range o.Symbols {
			if s.Start == out[i].Start {
				if out[i].Class = Definition; s.Kind == Prototype {
					out[i].Class = Declaration
				}
			}
		}
	}
	return out
}
