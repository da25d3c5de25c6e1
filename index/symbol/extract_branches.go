package symbol

import (
	"bytes"

	"vitrine/index/lex"
)

// directive takes a token of a preprocessor line: macros, includes, and the
// branches of #if. Each branch is read; for the nesting behind #endif the first
// counts. Within a statement only the first is read.
func (s *statements) directive(t lex.Token) {
	if t.Kind != lex.Directive {
		return
	}
	switch name := s.s.DirectiveName(t); string(name) {
	case "define":
		if s.zeros == 0 {
			s.define(t)
		}
	case "include", "include_next", "import", "using":
		if s.skipped == 0 {
			s.include(t)
		}
	case "if", "ifdef", "ifndef":
		s.n.Add(t)
		s.region++
		s.begin(t, string(name))
	case "elif", "else", "elifdef", "elifndef":
		s.n.Add(t)
		s.region++
		s.alternative(t, string(name))
	case "endif":
		s.n.Add(t)
		s.region++
		s.endif()
	}
}

func (s *statements) define(t lex.Token) {
	name := s.s.Next()
	if name.Kind != lex.Ident || !name.InDirective {
		return
	}
	end, sig := name.End, name.End
	line := s.text[name.End:]
	if n := bytes.IndexByte(line, '\n'); n >= 0 {
		line = line[:n]
	}
	sig += int32(len(bytes.TrimRight(line, "\\ \t\r")))
	if len(bytes.TrimSpace(line)) > 0 {
		end = s.logicalEnd(name.End)
	}
	doc, docEnd := s.leading(t.Start)
	s.add(record{kind: Macro, start: name.Start, end: name.End, line: name.Line, body: t.Start, bodyEnd: end,
		sig: t.Start, sigEnd: sig, doc: doc, docEnd: docEnd})
}

// logicalEnd is where the line ends that goes on with "\", without white space.
func (s *statements) logicalEnd(i int32) int32 {
	at := int(i)
	for {
		n := bytes.IndexByte(s.text[at:], '\n')
		if n < 0 {
			return int32(len(bytes.TrimRight(s.text, " \t\r\n")))
		}
		line := bytes.TrimRight(s.text[at:at+n], "\r")
		if len(line) == 0 || line[len(line)-1] != '\\' {
			end := at + len(bytes.TrimRight(line, " \t"))
			return int32(end)
		}
		at += n + 1
	}
}

func (s *statements) include(t lex.Token) {
	p := s.s.Next()
	if p.Kind != lex.String || p.End-p.Start < 3 || !p.InDirective {
		return
	}
	s.imported(p.Start+1, p.End-1, s.text[p.Start] == '<', p.Line)
}

func (s *statements) position() position {
	p := position{top: s.top, brace: s.brace, level: s.level, equals: s.equals, saved: s.saved}
	if len(s.toks) > 0 {
		p.toks = append(p.toks, s.toks...)
	}
	return p
}

func (s *statements) restore(p position) {
	s.top, s.brace, s.level, s.equals, s.saved = p.top, p.brace, p.level, p.equals, p.saved
	s.toks = append(s.toks[:0], p.toks...)
	s.long, s.kr, s.local = false, false, false
}

func (s *statements) begin(t lex.Token, name string) {
	if len(s.ifs) >= maxIfs {
		s.deeper++
		return
	}
	if s.c && s.top.kind != inBody && s.bare() && !s.oldStyle() {
		s.fresh() // a macro's use without ";"
	}
	b := branches{within: len(s.toks) > 0}
	if s.skipped > 0 {
		b.skip, b.taken = true, true
		s.skipped++
		s.ifs = append(s.ifs, b)
		return
	}
	if !b.within {
		b.before = s.position()
	}
	never := false
	if name == "if" {
		cond := s.text[t.End:s.logicalEnd(t.End)]
		cond, _, _ = bytes.Cut(cond, []byte("/*"))
		switch string(bytes.TrimSpace(cond)) {
		case "0", "false":
			never = true
		}
	}
	b.skip, b.counts, b.taken = never, !never, !never
	if never {
		s.skipped++
		s.zeros++
	}
	b.zero = never
	s.ifs = append(s.ifs, b)
}

func (s *statements) alternative(t lex.Token, name string) {
	if s.deeper > 0 || len(s.ifs) == 0 {
		return
	}
	b := &s.ifs[len(s.ifs)-1]
	s.unskip(b)
	if s.skipped > 0 {
		s.skipped++
		return
	}
	if b.counts {
		if !b.within {
			b.first = s.position()
		}
		b.counts = false
	}
	b.skip = b.within && b.taken
	if !b.within && b.taken {
		s.restore(b.before)
	}
	if !b.taken {
		b.taken, b.counts = true, true
	}
	if b.skip {
		s.skipped++
	}
}

// unskip leaves a branch.
func (s *statements) unskip(b *branches) {
	if b.skip {
		s.skipped--
	}
	if b.zero {
		s.zeros--
		b.zero = false
	}
}

func (s *statements) endif() {
	if s.deeper > 0 {
		s.deeper--
		return
	}
	if len(s.ifs) == 0 {
		return
	}
	b := &s.ifs[len(s.ifs)-1]
	s.unskip(b)
	if !b.counts && b.taken && !b.within && b.first.top != nil && s.skipped == 0 {
		s.restore(b.first)
	}
	s.ifs = s.ifs[:len(s.ifs)-1]
}
