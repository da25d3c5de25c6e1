package lex

func specJS(t *table) {
	cComments(t)
	t.words("$")
	t.regexps = true
	t.looksBack("/", "return", "typeof", "instanceof", "in", "of", "new", "delete", "void", "throw",
		"case", "do", "else", "yield", "await", "default", "extends")
	t.add(slash(), literal(`"`, plainQuote), apostrophe(),
		literal("`", quote{close: "`", esc: '\\', multi: true, interp: "${", shut: '}'}))
}
