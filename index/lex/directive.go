package lex

// hash makes the rule for preprocessor lines: "#" first on a line. Names that
// are followed by free text make the rest of the line a Text token.
func hash(t *table, free ...string) {
	t.directives = true
	t.add(rule{"#", func(s *Scanner, at int) (int, Kind) {
		if !s.first {
			return 0, EOF
		}
		i := at + 1
		for i < len(s.text) && (s.text[i] == ' ' || s.text[i] == '\t') {
			i++
		}
		start := i
		for i < len(s.text) && isLetter(s.text[i]) {
			i++
		}
		s.directive = true
		name := s.text[start:i]
		for _, f := range free {
			if string(name) == f {
				s.free = true
			}
		}
		if len(name) == 0 {
			i = at + 1 // "# 12 "file.c"", or the null directive
		}
		return i, Directive
	}})
}

// angled makes the rule for <file> of an include.
func angled() rule {
	return rule{"<", func(s *Scanner, at int) (int, Kind) {
		if !s.directive || s.prev.Kind != Directive {
			return 0, EOF
		}
		switch string(s.DirectiveName(s.prev)) {
		case "include", "include_next", "import":
		default:
			return 0, EOF
		}
		for i := at + 1; i < len(s.text) && s.text[i] != '\n'; i++ {
			if s.text[i] == '>' {
				return i + 1, String
			}
		}
		return 0, EOF
	}}
}

// hashOnly is hash for a language in which "#" begins other things too.
func hashOnly(t *table, names ...string) {
	t.directives = true
	t.add(rule{"#", func(s *Scanner, at int) (int, Kind) {
		end := s.identifier(at + 1)
		for _, n := range names {
			if s.first && string(s.text[at+1:end]) == n {
				s.directive = true
				return end, Directive
			}
		}
		return 0, EOF
	}})
}
