package search

import (
	_ "embed"
	"strings"
)

//go:embed doc.go
var packageComment string

// Language is the query language as the package comment has it: plain text, in
// lines of at most 90 characters.
func Language() string {
	_, text, _ := strings.Cut(packageComment, "// # Queries\n//\n")
	text, _, _ = strings.Cut(text, "// # ")
	var out strings.Builder
	for line := range strings.Lines(text) {
		line = strings.TrimPrefix(strings.TrimPrefix(line, "//"), " ")
		out.WriteString(strings.ReplaceAll(line, "\t", "    "))
	}
	return strings.TrimSpace(out.String()) + "\n"
}
