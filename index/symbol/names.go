package symbol

import (
	"path"
	"strings"
)

// separators stand between the names of a scope and of a dotted import.
const separators = ".:/\\#>$"

// lastName is the last name of a scope: "b" of "a::b" and "a.b".
func lastName(scope string) string {
	scope = strings.TrimRight(scope, separators)
	return scope[strings.LastIndexAny(scope, separators)+1:]
}

// families are languages whose texts name each other's symbols. A language that
// is not here is one by itself.
var families = map[string]string{
	"c": "c", "cpp": "c", "objc": "c", "asm": "c", "nasm": "c",
	"java": "java", "kotlin": "java", "scala": "java",
	"javascript": "js", "typescript": "js",
}

func family(lang string) string {
	if f, ok := families[lang]; ok {
		return f
	}
	return lang
}

// dotted are the families whose imports name units, not files.
var dotted = map[string]bool{"java": true, "csharp": true, "python": true, "rust": true, "php": true, "perl": true, "swift": true, "pascal": true, "lua": true}

// unitNames are the names of a dotted import.
func unitNames(written string) []string {
	return strings.FieldsFunc(written, func(r rune) bool { return strings.ContainsRune(separators+"{}*, \t\"'", r) })
}

// stem is the name of a file without folders and endings, in lower case.
func stem(file string) string {
	s := strings.ToLower(path.Base(strings.ReplaceAll(file, "\\", "/")))
	if i := strings.IndexByte(s, '.'); i > 0 {
		s = s[:i]
	}
	return s
}
