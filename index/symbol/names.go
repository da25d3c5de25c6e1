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

// importKeys are the words under which an import is looked up: the name of the
// file, or of the unit and of the two around it, one of which may be the file's
// or the folder's.
func importKeys(lang, written string) []string {
	if !dotted[family(lang)] {
		return []string{stem(written)}
	}
	parts := unitNames(written)
	var out []string
	for i := len(parts) - 1; i >= 0 && len(out) < maxImportKeys; i-- {
		out = append(out, strings.ToLower(parts[i]))
	}
	return out
}

// maxImportKeys are enough: what is imported is a unit, a name within one, or a
// member of that.
const maxImportKeys = 3

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

// pathKeys are the words by which an import can mean the file: its name, and
// where imports can name packages, that of its folder.
func pathKeys(lang, file string) []string {
	keys := []string{stem(file)}
	if dir := path.Dir(file); dir != "." && family(lang) != "c" {
		keys = append(keys, strings.ToLower(path.Base(dir)))
	}
	return keys
}
