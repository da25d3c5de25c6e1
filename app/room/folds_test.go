package room

import (
	"fmt"
	"testing"

	"vitrine/index/content"
	"vitrine/index/deposit"
)

// TestFolds: a block's closing line stays in view, where another may begin.
func TestFolds(t *testing.T) {
	for _, c := range []struct{ path, text, want string }{
		{"a.c", "int f(void)\n{\n\tif (x) {\n\t\ty();\n\t} else {\n\t\tz();\n\t}\n}\n/* one\n * two\n */\n", "[{1 7} {3 4} {5 6} {9 11}] true"},
		{"a.py", "def f():\n    if x:\n        y()\n    z()\n\ng()\n", "[{1 4} {2 3}] true"},
		{"a.unknown", "x\n  y\n", "[] false"},
	} {
		d := &Document{Place: deposit.Place{Path: c.path}, Text: content.Decode(deposit.Digest{}, []byte(c.text))}
		folds, known := d.Folds()
		if got := fmt.Sprint(folds, known); got != c.want {
			t.Errorf("%s has the folds %s, want %s", c.path, got, c.want)
		}
	}
}
