package symbol

import (
	"context"
	"errors"
	"strings"
	"testing"

	"vitrine/index/lex"
)

// TestLimits says when a limit left something out.
func TestLimits(t *testing.T) {
	many := []byte(strings.Repeat("#define A\n", maxSymbols+1))
	o, err := Extract(context.Background(), lex.ByID("c"), many)
	if err != nil || len(o.Symbols) != maxSymbols || !o.Truncated {
		t.Errorf("%d symbols, truncated %v, %v", len(o.Symbols), o.Truncated, err)
	}
	if o, err := Extract(context.Background(), lex.ByID("c"), many[:1000]); err != nil || o.Truncated {
		t.Errorf("truncated: %v, %v", o.Truncated, err)
	}
}

func TestCancelled(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := Extract(ctx, lex.ByID("c"), []byte(strings.Repeat("int a;\n", askEvery))); !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
}

// TestUnknown gives texts without rules an empty outline.
func TestUnknown(t *testing.T) {
	if o, err := Extract(context.Background(), nil, []byte("int a;")); err != nil || len(o.Symbols) > 0 {
		t.Error(o, err)
	}
	for _, l := range lex.Languages() {
		if rules[l.ID()] == nil {
			t.Errorf("%s has no rules", l.ID())
		}
	}
}

// TestGuard leaves an include guard out of the conditions, and no other.
func TestGuard(t *testing.T) {
	text := "#ifndef X_H\n#define X_H\nint a;\n#ifdef B\nint b;\n#else\nint c;\n#endif\n#endif\n"
	o, err := Extract(context.Background(), lex.ByID("c"), []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, s := range o.Symbols {
		got = append(got, s.Name+":"+strings.Join(s.Conditions, "/"))
	}
	if s := strings.Join(got, " "); s != "X_H: a: b:defined(B) c:!defined(B)" {
		t.Error(s)
	}
}
