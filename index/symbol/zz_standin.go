package symbol

import (
	"vitrine/index/lex"
)

// Uses stands in.
func Uses(l *lex.Lang, text []byte, name string) []Use { return nil }
