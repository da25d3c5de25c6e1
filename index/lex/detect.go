package lex

import (
	"bytes"
	"path"
	"regexp"
	"slices"
	"strings"
)

// detectBytes is how much of a text is looked at to tell its language: a header
// file's first classes and a script's first line stand within.
const detectBytes = 64 << 10

// Detect tells the language of a file by its name, by its "#!" line, and where
// an extension belongs to several languages by its text. It is nil if the
// language is not known. Of the path only the base name counts; text may be
// the beginning only.
func Detect(file string, text []byte) *Lang {
	if len(text) > detectBytes {
		text = text[:detectBytes]
	}
	l, several := byName(file)
	switch {
	case several != nil:
		return several(text)
	case l != nil:
		return l
	}
	return byInterpreter[interpreter(text)]
}

// ByName is the language that [Detect] finds whatever is in the file, if it is sure.
// Otherwise the text tells: by what it begins with, or which of several it is.
func ByName(file string) (l *Lang, sure bool) {
	l, several := byName(file)
	return l, l != nil && several == nil
}

// byName finds a language by the name of a file, or what finds it in the text.
func byName(file string) (l *Lang, several func(text []byte) *Lang) {
	base := strings.ToLower(path.Base(strings.ReplaceAll(file, "\\", "/")))
	if l := byFile[base]; l != nil {
		return l, nil
	}
	for ext := range suffixes(base) {
		if several, ok := ambiguous[ext]; ok {
			return nil, several
		}
		if l := byExtension[ext]; l != nil {
			return l, nil
		}
	}
	return nil, nil
}

// suffixes are the endings of a name from each dot on, the longest first. A
// ".in" of a template is no ending.
func suffixes(base string) func(func(string) bool) {
	return func(yield func(string) bool) {
		base = strings.TrimSuffix(base, ".in")
		for i := 1; i < len(base); i++ {
			if base[i] == '.' && !yield(base[i:]) {
				return
			}
		}
	}
}

var byFile, byExtension, byInterpreter = index()

func index() (files, extensions, interpreters map[string]*Lang) {
	files, extensions, interpreters = map[string]*Lang{}, map[string]*Lang{}, map[string]*Lang{}
	for _, l := range languages {
		for _, f := range l.files {
			files[f] = l
		}
		for _, e := range l.extensions {
			extensions[e] = l
		}
		for _, i := range l.interpreters {
			interpreters[i] = l
		}
	}
	return
}

// interpreter is the program that "#!" names, without folder, version and env.
func interpreter(text []byte) string {
	text = bytes.TrimPrefix(text, []byte("\uFEFF"))
	if !bytes.HasPrefix(text, []byte("#!")) {
		return ""
	}
	line, _, _ := bytes.Cut(text[2:min(len(text), 256)], newline)
	for _, w := range strings.Fields(string(line)) {
		w = path.Base(w)
		if w == "env" || strings.HasPrefix(w, "-") || strings.Contains(w, "=") {
			continue
		}
		return strings.TrimRight(strings.TrimSuffix(w, ".exe"), "0123456789.")
	}
	return ""
}

// ambiguous extensions are decided by the text.
var ambiguous = map[string]func([]byte) *Lang{
	".h":   header,
	".m":   objectiveC,
	".inc": included,
	".ts":  typescript,
}

var (
	cppHeader  = regexp.MustCompile(`(?m)^[ \t]*(?:class[ \t]+(?:[A-Za-z_]\w*[ \t]+)?[A-Za-z_]\w*[ \t]*(?:final[ \t]*)?[:{;\r\n]|template[ \t]*<|namespace[ \t\w:]*(?:\{|$)|using[ \t]+\w|(?:public|private|protected)[ \t]*:|virtual[ \t]|constexpr[ \t]|#[ \t]*include[ \t]*<(?:string|vector|map|memory|iostream|cstdint|cstddef|cstdlib|cstring|algorithm|functional|utility|string_view|optional|array|set|list|unordered_map|atomic|mutex|thread|type_traits)>)|\bstd::|\boperator[ \t]*(?:[-+*/=<>!\[]|\(\))`)
	objcHeader = regexp.MustCompile(`(?m)^[ \t]*(?:@(?:interface|protocol|class|property|end|import)\b|#[ \t]*import[ \t]*[<"])`)
	ifCpp      = regexp.MustCompile(`(?ms)^[ \t]*#[ \t]*(?:ifdef[ \t]+__cplusplus|if[ \t]+defined[ \t]*\(?[ \t]*__cplusplus).*?^[ \t]*#[ \t]*(?:endif|else)`)
)

// header decides what a .h is: C++ if it says so outside "#ifdef __cplusplus",
// comments and strings, Objective-C likewise, else C.
func header(text []byte) *Lang {
	code := onlyCode(byID["cpp"], text)
	if bytes.Contains(code, []byte("__cplusplus")) {
		code = ifCpp.ReplaceAll(code, nil)
	}
	// The expressions are slow and of one line: they see those lines only that
	// begin as they do.
	cpp := false
	for line := range bytes.Lines(code) {
		begin := bytes.TrimLeft(line, " \t")
		directive := hasPrefix(begin, 0, "#")
		if (hasPrefix(begin, 0, "@") || directive && bytes.Contains(begin, []byte("import"))) && objcHeader.Match(line) {
			return byID["objc"]
		}
		if !cpp && (directive && bytes.Contains(begin, []byte("include")) || hasAnyPrefix(begin, cppBegins) ||
			bytes.Contains(line, []byte("std::")) || bytes.Contains(line, []byte("operator"))) {
			cpp = cppHeader.Match(line)
		}
	}
	if cpp {
		return byID["cpp"]
	}
	return byID["c"]
}

// cppBegins are the beginnings of cppHeader's lines.
var cppBegins = []string{"class", "template", "namespace", "using", "public", "private", "protected", "virtual", "constexpr"}

func hasAnyPrefix(line []byte, prefixes []string) bool {
	return slices.ContainsFunc(prefixes, func(p string) bool { return hasPrefix(line, 0, p) })
}

// onlyCode blanks comments and strings, but for what is included.
func onlyCode(l *Lang, text []byte) []byte {
	code := bytes.Clone(text)
	s := NewScanner(l, text)
	for t := s.Next(); t.Kind != EOF; t = s.Next() {
		if t.Kind == Comment || t.Kind == String && !t.InDirective {
			for i := t.Start; i < t.End; i++ {
				if code[i] != '\n' {
					code[i] = ' '
				}
			}
		}
	}
	return code
}

var (
	objcText   = regexp.MustCompile(`(?m)^[ \t]*(?:@(?:interface|implementation|protocol|class|import)\b|#[ \t]*(?:import|include|define|if)|//|/\*)`)
	pascalText = regexp.MustCompile(`(?mi)^[ \t]*(?:\{\$|procedure\b|function\b|const\b|type\b|begin\b)`)
	cText      = regexp.MustCompile(`(?m)^[ \t]*(?:#[ \t]*(?:define|include|if|ifdef|ifndef)\b|/\*|//)|[;,{][ \t]*$`)
)

// objectiveC decides what a .m is: the language's words or C's, or a language not known here.
func objectiveC(text []byte) *Lang {
	if objcText.Match(text) {
		return byID["objc"]
	}
	return nil
}

// included decides what a .inc is.
func included(text []byte) *Lang {
	switch {
	case bytes.Contains(text, []byte("<?php")):
		return byID["php"]
	case pascalText.Match(text) && !bytes.Contains(text, []byte("#define")) && !bytes.Contains(text, []byte("#include")):
		return byID["pascal"]
	case cText.Match(text):
		return byID["c"]
	}
	return nil
}

// typescript tells a .ts from Qt's translations.
func typescript(text []byte) *Lang {
	if bytes.HasPrefix(bytes.TrimSpace(text), []byte("<")) {
		return nil
	}
	return byID["typescript"]
}
