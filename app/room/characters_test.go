package room

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"vitrine/index/character"
	"vitrine/index/spoof"
)

// TestCharacters: the sample's comment that runs backwards is found, told with its line, and
// told again by the next visit, which does not look for it.
func TestCharacters(t *testing.T) {
	cfg := testConfig(t)
	v := enterSample(t, cfg, "Ada Lovelace")
	releases := v.Releases()
	last := releases[len(releases)-1]
	if _, err := v.Characters(t.Context(), last); !errors.Is(err, ErrIndexNotReady) {
		t.Errorf("before: %v", err)
	}
	if err := v.BuildCharacters(t.Context(), func(DerivedState) {}); !errors.Is(err, ErrIndexNotReady) {
		t.Errorf("without content: %v", err)
	}
	if err := v.BuildIndex(t.Context(), func(IndexState) {}); err != nil {
		t.Fatal(err)
	}
	look := func(v *Visit) (out []string) {
		known, err := v.Characters(t.Context(), last)
		if err != nil || known.Pending > 0 {
			t.Fatalf("%+v, %v", known, err)
		}
		err = v.Occurrences(t.Context(), known.Files, func(f OccurrenceFile) bool {
			for _, o := range f.Found {
				out = append(out, f.Place.Path+" "+o.Class.String()+" "+o.Label()+" "+o.Excerpt[o.From:o.To])
				if o.Class == spoof.Bidi && !strings.Contains(o.Excerpt, "‹"+o.Label()+"›") {
					t.Errorf("the excerpt is %q", o.Excerpt)
				}
			}
			return true
		})
		if err != nil {
			t.Fatal(err)
		}
		return out
	}
	steps := 0
	if err := v.BuildCharacters(t.Context(), func(st DerivedState) { steps++ }); err != nil || !v.CharacterState().Ready || steps < 2 {
		t.Fatalf("%d steps, %+v, %v", steps, v.CharacterState(), err)
	}
	found := look(v)
	if !strings.Contains(strings.Join(found, "\n"), " bidi ") {
		t.Errorf("found %q", found)
	}
	known, err := v.Characters(t.Context(), last)
	if err != nil {
		t.Fatal(err)
	}
	d, err := v.Open(t.Context(), known.Files[0].Place)
	if err != nil {
		t.Fatal(err)
	}
	if _, counts, err := v.CharactersIn(t.Context(), d); err != nil || counts != known.Files[0].Counts {
		t.Errorf("the open file has %+v, %v; listed %+v", counts, err, known.Files[0].Counts)
	}
	if err := v.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := v.Characters(t.Context(), last); err == nil {
		t.Error("characters are told after the visit")
	}

	v = enterSample(t, cfg, "Ada Lovelace")
	if err := v.BuildIndex(t.Context(), func(IndexState) {}); err != nil {
		t.Fatal(err)
	}
	steps = 0
	if err := v.BuildCharacters(t.Context(), func(st DerivedState) { steps++ }); err != nil || steps != 1 {
		t.Errorf("%d steps to open it, %v", steps, err)
	}
	if again := look(v); strings.Join(again, "\n") != strings.Join(found, "\n") {
		t.Errorf("found %q, before %q", again, found)
	}
	dir := filepath.Join(v.source.dir, charactersDir)
	if err := v.Close(); err != nil {
		t.Fatal(err)
	}

	// What was changed meanwhile is not believed.
	name := filepath.Join(dir, "counts")
	data, err := os.ReadFile(name)
	if err != nil || len(data) == 0 {
		t.Fatalf("%d bytes, %v", len(data), err)
	}
	data[len(data)-1] ^= 1
	if err := os.WriteFile(name, data, 0o600); err != nil {
		t.Fatal(err)
	}
	v = enterSample(t, cfg, "Ada Lovelace")
	if err := v.BuildIndex(t.Context(), func(IndexState) {}); err != nil {
		t.Fatal(err)
	}
	if err := v.BuildCharacters(t.Context(), func(DerivedState) {}); err != nil {
		t.Fatal(err)
	}
	if again := look(v); strings.Join(again, "\n") != strings.Join(found, "\n") {
		t.Errorf("damaged, it finds %q", again)
	}
	if err := v.Close(); err != nil {
		t.Fatal(err)
	}
}

func TestExcerpt(t *testing.T) {
	for _, c := range []struct {
		line, text  string
		col         int
		want, marks string
	}{
		{"\tif (a\u202eb) x;\r", "\u202e", 7, "if (a‹RLO›b) x;", "‹RLO›"},
		{"sayНello()", "sayНello", 1, "sayНello()", "sayНello"},
		{strings.Repeat(" ", 30) + "a\u202e", "\u202e", 32, "a‹RLO›", "‹RLO›"},
		{strings.Repeat("é", 100) + "\x1b" + strings.Repeat("ü", 200), "\x1b", 201, "… " + strings.Repeat("é", 12) + "‹ESC›" + strings.Repeat("ü", 80), "‹ESC›"},
	} {
		text, from, to := excerpt([]byte(c.line), character.Finding{Line: 1, Col: c.col, Text: c.text})
		if text != c.want || text[from:to] != c.marks {
			t.Errorf("%q: %q, marks %q", c.line, text, text[from:to])
		}
	}
}
