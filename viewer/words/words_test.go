package words

import (
	"slices"
	"testing"
)

func TestT(t *testing.T) {
	t.Cleanup(func() { current.Store(nil) })
	for _, c := range []struct {
		message, want string
		args          []any
	}{
		{"100 % of it", "100 % of it", nil},
		{"Go to line %d", "Go to line 7", []any{7}},
	} {
		if got := T(c.message, c.args...); got != c.want {
			t.Errorf("T(%q) is %q, want %q", c.message, got, c.want)
		}
	}
	Translate(map[string]string{"%d of %d": "von %[2]d: %[1]d"})
	if got := T("%d of %d", 3, 9); got != "von 9: 3" {
		t.Errorf("translated it is %q", got)
	}
	if got := T("Not translated"); got != "Not translated" {
		t.Errorf("what has no translation is %q", got)
	}
}

func TestCatalogue(t *testing.T) {
	all, err := Catalogue()
	if err != nil {
		t.Fatal(err)
	}
	if !slices.IsSorted(all) || len(slices.Compact(slices.Clone(all))) != len(all) {
		t.Error("the catalogue is not sorted, or has a message twice")
	}
	if err := Use("xx"); err == nil {
		t.Error("a language that is not there is taken")
	}
	if err := Use(English); err != nil {
		t.Error(err)
	}
}
