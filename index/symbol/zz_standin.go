package symbol

import (
	"context"

	"vitrine/index/lex"
)

// Extract stands in.
func Extract(_ context.Context, l *lex.Lang, text []byte) (*Outline, error) { return &Outline{}, nil }

// Uses stands in.
func Uses(l *lex.Lang, text []byte, name string) []Use { return nil }
