package search

import (
	"slices"
	"strings"
	"unicode"
)

// String is the query in one form of several that mean the same: with the
// parentheses that are needed, then the filters. Parse reads it back.
func (q *Query) String() string {
	var p printer
	p.node(q, q.root, opOr)
	for _, f := range []struct {
		name  string
		paths []pathFilter
	}{{"path:", q.scope.paths}, {"-path:", q.scope.without}} {
		for _, path := range f.paths {
			if path.re != nil {
				p.word(f.name + "/" + path.text + "/")
			} else {
				p.word(f.name + quote(path.text, strings.HasPrefix(path.text, "/")))
			}
		}
	}
	p.names("lang:", q.scope.languages)
	p.names("-lang:", q.scope.otherThan)
	p.names("release:", q.scope.releases)
	for _, f := range []struct {
		name string
		of   *named
	}{{"new-in:", q.scope.newIn}, {"gone-in:", q.scope.goneIn}} {
		if f.of != nil {
			p.names(f.name, []named{*f.of})
		}
	}
	p.flag("case:", !q.fold, q.caseSet)
	p.flag("word:", true, q.words)
	p.flag("multi:", true, q.multi)
	p.flag("binary:", true, q.binary)
	return p.out.String()
}

type printer struct {
	out strings.Builder
	// glued is set behind a "(", and open behind a word with a "(" of its own,
	// which would take a ")" that follows it.
	glued, open bool
}

func (p *printer) word(s string) {
	if p.out.Len() > 0 && !p.glued {
		p.out.WriteByte(' ')
	}
	p.out.WriteString(s)
	p.glued, p.open = false, false
}

func (p *printer) flag(name string, yes, given bool) {
	switch {
	case given && yes:
		p.word(name + "yes")
	case given:
		p.word(name + "no")
	}
}

func (p *printer) names(filter string, names []named) {
	if len(names) == 0 {
		return
	}
	var list []string
	for _, n := range names {
		list = append(list, quote(n.text, strings.Contains(n.text, ",")))
	}
	p.word(filter + strings.Join(list, ","))
}

// node prints n where an operator of precedence of may stand beside it.
func (p *printer) node(q *Query, n *node, of op) {
	needed := n.op == opOr && of != opOr || n.op == opAnd && of == opNot
	if needed {
		p.word("(")
		p.glued = true
	}
	switch n.op {
	case opGroup:
		for _, w := range q.groups[n.group].written {
			p.term(w)
		}
	case opNot:
		p.word("NOT")
		p.node(q, n.kids[0], opNot)
	default:
		for i, kid := range n.kids {
			if i > 0 {
				p.word([...]string{opAnd: "AND", opOr: "OR"}[n.op])
			}
			p.node(q, kid, n.op)
		}
	}
	if needed {
		p.glued = !p.open
		p.word(")")
	}
}

func (p *printer) term(w written) {
	prefix := regionNames[w.in]
	switch w.kind {
	case regexpKind:
		p.word(prefix + "/" + w.text + "/")
		return
	case charKind:
		prefix += "char:"
	case hexKind:
		prefix += "hex:"
	}
	text := quote(w.text, special(w))
	p.word(prefix + text)
	p.open = text[0] != '"' && strings.ContainsAny(text, "()")
}

// special reports whether a term's text would be read as something else without quotes.
func special(w written) bool {
	if strings.ContainsAny(w.text, `()`) || w.text[0] == '/' || w.in == inName && strings.ContainsAny(w.text, "*?") {
		return true
	}
	if w.kind != literalKind {
		return false
	}
	p := parser{src: w.text}
	begins := slices.ContainsFunc(filters, p.begins) || slices.ContainsFunc(regionNames[inCode:], p.begins)
	return begins || slices.ContainsFunc([]string{"char:", "hex:"}, p.begins) || p.operator() != ""
}

// quote puts s in quotes where it must or is told to. Text that ends with a
// backslash cannot stand in quotes, and was not read from there.
func quote(s string, told bool) string {
	if strings.HasSuffix(s, `\`) || !told && s[0] != '"' && s[0] != ':' && !strings.ContainsFunc(s, unicode.IsSpace) {
		return s
	}
	return `"` + strings.ReplaceAll(s, `"`, `\"`) + `"`
}
