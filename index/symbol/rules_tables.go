package symbol

import (
	"bytes"

	"vitrine/index/lex"
)

func init() {
	for id, v := range vocabularies {
		rules[id] = func(r *reader) { readWords(r, v) }
	}
}

// vocabularies are the languages for which a table of words is enough.
var vocabularies = map[string]*vocabulary{
	"kotlin": {joins: ".", imports: words("import"), skip: words("class"), words: map[string]wordRule{
		"fun": {kind: Function}, "class": {kind: Class}, "interface": {kind: Interface}, "object": {kind: Class}, "val": {kind: Constant}, "var": {kind: Variable},
		"typealias": {kind: Type}, "package": {kind: Module, starts: true}}},
	"scala": {joins: ".", imports: words("import"), skip: words("class object"), words: map[string]wordRule{
		"def": {kind: Function}, "class": {kind: Class}, "trait": {kind: Interface}, "object": {kind: Class}, "val": {kind: Constant}, "var": {kind: Variable},
		"type": {kind: Type}, "enum": {kind: Enum}, "package": {kind: Module, starts: true}}},
	"swift": {joins: ".", imports: words("import"), words: map[string]wordRule{
		"func": {kind: Function}, "class": {kind: Class}, "struct": {kind: Struct}, "enum": {kind: Enum}, "protocol": {kind: Interface}, "actor": {kind: Class},
		"let": {kind: Constant}, "var": {kind: Variable}, "typealias": {kind: Type}, "associatedtype": {kind: Type}, "macro": {kind: Macro, starts: true}},
		extra: swiftExtra},
	"php": {separator: "::", imports: words("use"), joins: `\`, words: map[string]wordRule{
		"function": {kind: Function}, "class": {kind: Class}, "interface": {kind: Interface}, "trait": {kind: Interface}, "enum": {kind: Enum},
		"const": {kind: Constant}, "namespace": {kind: Module, starts: true}}, extra: phpExtra},
	"ruby": {suffixes: true, separator: "::", joins: ".:", imports: words("require require_relative load"), words: map[string]wordRule{
		"def": {kind: Function}, "class": {kind: Class, starts: true}, "module": {kind: Module, starts: true}}, extra: rubyExtra},
	"perl": {separator: "::", declares: true, imports: words("use require"), words: map[string]wordRule{
		"sub": {kind: Function, starts: true}, "package": {kind: Module, starts: true}}, joins: ":'"},
	"lua":   {joins: ".:", words: map[string]wordRule{"function": {kind: Function}}, extra: luaExtra},
	"shell": {imports: words("source"), dashes: true, words: map[string]wordRule{"function": {kind: Function, starts: true}}, extra: shellExtra},
	"powershell": {fold: true, dashes: true, joins: ":", separator: ".", words: map[string]wordRule{
		"function": {kind: Function, starts: true}, "filter": {kind: Function, starts: true}, "class": {kind: Class, starts: true}, "enum": {kind: Enum, starts: true}}},
	"pascal": {fold: true, joins: ".", imports: words("uses"), words: map[string]wordRule{
		"procedure": {kind: Function}, "function": {kind: Function}, "constructor": {kind: Function}, "destructor": {kind: Function},
		"unit": {kind: Module, starts: true}, "program": {kind: Module, starts: true}, "property": {kind: Field}}, extra: pascalExtra},
	"protobuf": {imports: words("import"), words: map[string]wordRule{
		"message": {kind: Struct, starts: true}, "enum": {kind: Enum, starts: true}, "service": {kind: Interface, starts: true}, "rpc": {kind: Function, starts: true},
		"package": {kind: Module, starts: true}}, joins: "."},
	"yara":  {imports: words("import include"), words: map[string]wordRule{"rule": {kind: Function}}},
	"sql":   {fold: true, joins: ".", extra: sqlExtra},
	"cmake": {fold: true, extra: cmakeExtra},
	"make":  {extra: makeExtra},
	"asm":   {extra: labelExtra},
	"nasm":  {extra: labelExtra},
}

// swiftExtra takes "init(" and "deinit {", and the cases of enums.
func swiftExtra(w *wordReader) bool {
	switch {
	case w.t.Kind != lex.Ident:
	case w.word() == "init" && w.begins(), w.word() == "deinit" && w.begins():
		d, name := w.begin(), w.t
		w.advance()
		w.found(Method, d, name, name.Start)
		return true
	case w.word() == "case" && w.begins():
		// An enumerator: a name and no ":" behind it.
		d, head := w.begin(), w.t.Start
		w.advance()
		name := w.t
		if name.Kind != lex.Ident || name.First {
			return true
		}
		i := int(name.End)
		for i < len(w.text) && w.text[i] == ' ' {
			i++
		}
		if i < len(w.text) && (w.text[i] == '\n' || w.text[i] == '=' || w.text[i] == ',' || w.text[i] == '(' && !w.lineHas(':', name.End)) {
			w.found(Enumerator, d, name, head)
		}
		return true
	}
	return false
}

// lineHas reports whether the last byte of the line is c.
func (w *wordReader) lineHas(c byte, from int32) bool {
	line := w.text[from:min(len(w.text), int(from)+maxLine)]
	if n := bytes.IndexByte(line, '\n'); n >= 0 {
		line = line[:n]
	}
	line = bytes.TrimRight(line, " \t\r")
	return len(line) > 0 && line[len(line)-1] == c
}

// phpExtra takes define('NAME', …), properties, and the cases of enums.
func phpExtra(w *wordReader) bool {
	if w.t.Kind != lex.Ident || w.qualified() {
		return false
	}
	switch w.word() {
	case "define":
		d, head := w.begin(), w.t.Start
		w.advance()
		if w.takeByte('(') && w.t.Kind == lex.String && w.t.End-w.t.Start > 2 {
			name := w.t
			name.Start, name.End = name.Start+1, name.End-1
			w.advance()
			w.found(Constant, d, name, head)
		}
		return true
	case "public", "private", "protected", "var", "readonly", "static":
		if !w.begins() {
			return false
		}
		d, head := w.begin(), w.t.Start
		for n := 0; n < 6 && w.t.Kind == lex.Ident && w.text[w.t.Start] != '$'; n++ {
			switch w.word() {
			case "function", "const", "class":
				return false
			}
			w.advance()
			w.takeByte('?')
			w.takeByte('$')
			if w.prev.Kind == lex.Punct && w.text[w.prev.Start] == '$' {
				break
			}
		}
		if w.t.Kind == lex.Ident {
			name := w.t
			if w.text[name.Start] == '$' {
				name.Start++
			}
			w.advance()
			w.found(Field, d, name, head)
		}
		return true
	}
	return false
}

// rubyExtra takes constants and attr_accessor.
func rubyExtra(w *wordReader) bool {
	if w.t.Kind != lex.Ident || !w.begins() || w.qualified() {
		return false
	}
	switch w.word() {
	case "attr_accessor", "attr_reader", "attr_writer":
		d, head := w.begin(), w.t.Start
		w.advance()
		for w.takeByte(':') && w.t.Kind == lex.Ident {
			name := w.t
			w.advance()
			w.found(Field, d, name, head)
			if !w.takeByte(',') {
				break
			}
		}
		return true
	}
	if b := w.text[w.t.Start]; b >= 'A' && b <= 'Z' {
		i := int(w.t.End)
		for i < len(w.text) && w.text[i] == ' ' {
			i++
		}
		if i+1 < len(w.text) && w.text[i] == '=' && w.text[i+1] != '=' && w.text[i+1] != '~' && w.text[i+1] != '>' {
			d, name := w.begin(), w.t
			w.advance()
			w.found(Constant, d, name, name.Start)
			return true
		}
	}
	return false
}

// luaExtra takes "name = function".
func luaExtra(w *wordReader) bool {
	if w.t.Kind != lex.Ident || !w.begins() {
		return false
	}
	switch w.word() {
	case "function", "local", "return", "if", "for", "while":
		return false
	}
	d := w.begin()
	name, ok := w.name()
	if !ok || !w.at('=') {
		return true
	}
	w.advance()
	if w.word() == "function" {
		head := w.t.Start
		w.advance()
		w.found(Function, d, name, head)
	}
	return true
}

// shellExtra takes "name() {" and, at the start of a line, "NAME=".
func shellExtra(w *wordReader) bool {
	if w.t.Kind != lex.Ident || !w.begins() || w.word() == "function" {
		return false
	}
	d := w.begin()
	name, ok := w.name()
	if !ok {
		return false
	}
	if w.at('(') && w.t.Start-name.End < 2 {
		w.advance()
		if w.at(')') {
			w.advance()
			w.found(Function, d, name, name.Start)
		}
	}
	return true
}

// pascalExtra takes "TName = class", "TName = record" and their like.
func pascalExtra(w *wordReader) bool {
	if w.t.Kind != lex.Ident || !w.t.First {
		return false
	}
	switch w.key() {
	case "type":
		w.inTypes = true
		return false
	case "var", "const", "procedure", "function", "begin", "implementation", "constructor", "destructor":
		w.inTypes = false
		return false
	}
	if !w.inTypes {
		return false
	}
	d, name := w.begin(), w.t
	w.advance()
	if w.at('<') {
		w.angles()
	}
	if !w.at('=') {
		return true
	}
	w.advance()
	if w.key() == "packed" {
		w.advance()
	}
	kind := Type
	switch w.key() {
	case "class", "object":
		kind = Class
	case "record":
		kind = Struct
	case "interface":
		kind = Interface
	}
	if w.at('(') {
		kind = Enum
	}
	w.found(kind, d, name, name.Start)
	return true
}

// sqlModifiers stand between "create" and what is created.
var sqlModifiers = words(`or replace temp temporary global local unlogged unique materialized external recursive constraint clustered nonclustered
	fulltext spatial public private editionable noneditionable force aggregate`)

// sqlExtra takes "create … kind name".
func sqlExtra(w *wordReader) bool {
	if w.t.Kind != lex.Ident || w.key() != "create" || w.qualified() {
		return false
	}
	d, head := w.begin(), w.t.Start
	w.advance()
	for n := 0; n < 8 && w.t.Kind == lex.Ident; n++ {
		kind := Kind(0)
		switch w.key() {
		case "table", "view", "type", "domain":
			kind = Struct
		case "function", "procedure", "trigger":
			kind = Function
		case "index", "sequence", "synonym", "event":
			kind = Variable
		case "package", "schema", "database":
			kind = Module
		}
		if kind == 0 && !sqlModifiers[w.key()] {
			return true
		}
		w.advance()
		if kind == 0 {
			continue
		}
		for w.t.Kind == lex.Ident {
			switch w.key() {
			case "if", "not", "exists", "body", "concurrently":
				w.advance()
				continue
			}
			break
		}
		name, ok := w.name()
		if ok {
			w.found(kind, d, name, head)
		}
		return true
	}
	return true
}

// cmakeExtra takes function(name …), macro(name …), set(NAME …), option(NAME …).
func cmakeExtra(w *wordReader) bool {
	if w.t.Kind != lex.Ident || !w.t.First {
		return false
	}
	kind := Kind(0)
	switch w.key() {
	case "function":
		kind = Function
	case "macro":
		kind = Macro
	case "option", "set":
		kind = Variable
	case "add_executable", "add_library", "add_custom_target":
		kind = Variable
	default:
		return false
	}
	d, head := w.begin(), w.t.Start
	w.advance()
	if !w.takeByte('(') || w.t.Kind != lex.Ident {
		return true
	}
	name := w.t
	w.advance()
	w.found(kind, d, name, head)
	return true
}

// makeExtra takes targets and variables: lines of a makefile are looked at as
// text, as make itself does.
func makeExtra(w *wordReader) bool {
	if !w.t.First || w.t.Kind != lex.Ident && w.t.Kind != lex.Punct {
		return false
	}
	line := w.text[w.t.Start:]
	if n := bytes.IndexByte(line, '\n'); n >= 0 {
		line = line[:n]
	}
	tab := w.t.Start > 0 && w.text[w.t.Start-1] == '\t'
	if tab || len(line) > 4096 {
		return false
	}
	at := w.t.Start
	for _, p := range []string{"export ", "override ", "define "} {
		if bytes.HasPrefix(line, []byte(p)) {
			line, at = line[len(p):], at+int32(len(p))
			if p == "define " {
				return w.makeName(line, at, len(bytes.TrimSpace(line)), Macro)
			}
		}
	}
	for i, c := range line {
		switch {
		case c == '=':
			n := i
			for n > 0 && (line[n-1] == ':' || line[n-1] == '+' || line[n-1] == '?' || line[n-1] == '!' || line[n-1] == ' ' || line[n-1] == '\t') {
				n--
			}
			return w.makeName(line, at, n, Variable)
		case c == ':' && (i+1 == len(line) || line[i+1] != '='):
			if i+2 < len(line) && line[i+1] == ':' && line[i+2] == '=' {
				continue
			}
			return w.makeName(line, at, len(bytes.TrimRight(line[:i], " \t")), Function)
		case c == '#' || c == '(' && i > 0 && line[i-1] != '$':
			return false
		}
	}
	return false
}

func (w *wordReader) makeName(line []byte, at int32, n int, kind Kind) bool {
	if n == 0 || kind != Function && bytes.IndexByte(line[:n], ' ') >= 0 || bytes.IndexByte(line[:n], '%') >= 0 {
		return false
	}
	d := w.begin()
	head, lineNumber := w.t.Start, w.t.Line
	from := 0
	for i := 0; i <= n; i++ { // several targets
		if i < n && line[i] != ' ' && line[i] != '\t' {
			continue
		}
		if i > from && bytes.IndexByte(line[from:i], '$') < 0 {
			name := lex.Token{Kind: lex.Ident, Start: at + int32(from), End: at + int32(i), Line: lineNumber}
			w.found(kind, d, name, head)
		}
		from = i + 1
	}
	for !w.end() && w.t.Line == lineNumber {
		w.advance()
	}
	return true
}

// labelExtra takes an assembler's labels, macros and constants.
func labelExtra(w *wordReader) bool {
	if w.t.Kind == lex.Directive && string(w.s.DirectiveName(w.t)) == "define" {
		d, head := w.begin(), w.t.Start
		w.advance()
		if w.t.Kind == lex.Ident && w.t.InDirective {
			name := w.t
			w.advance()
			w.found(Macro, d, name, head)
		}
		return true
	}
	if w.t.InDirective {
		w.advance()
		return true
	}
	if !w.t.First || w.t.Kind != lex.Ident {
		return false
	}
	d, name := w.begin(), w.t
	w.advance()
	switch {
	case w.at(':'):
		w.advance()
		w.found(Function, d, name, name.Start)
	case w.t.First:
	case w.at('(') && linkage(w.text[name.Start:name.End]):
		w.advance()
		if w.t.Kind == lex.Ident {
			w.found(Function, d, w.t, name.Start)
		}
	case equalFold(w.text[w.t.Start:w.t.End], "proc"), equalFold(w.text[w.t.Start:w.t.End], "macro"), equalFold(w.text[w.t.Start:w.t.End], "equ"):
		kind := Function
		switch w.text[w.t.Start] | 0x20 {
		case 'm':
			kind = Macro
		case 'e':
			kind = Constant
		}
		w.found(kind, d, name, name.Start)
	case w.t.Kind == lex.Ident && (string(w.text[name.Start:name.End]) == ".macro" || string(w.text[name.Start:name.End]) == "ENTRY"):
		w.found(Macro, d, w.t, name.Start)
	}
	return true
}

// linkage reports whether a macro begins a function, in the Linux kernel.
func linkage(b []byte) bool {
	return bytes.HasPrefix(b, []byte("SYM_")) && bytes.Contains(b, []byte("START")) || string(b) == "ENTRY"
}

func equalFold(b []byte, s string) bool { return bytes.EqualFold(b, []byte(s)) }
