package room

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"vitrine/index/search"
)

// TestSearchForSymbols: sym: finds the lines that the outlines say, and tells which
// files it cannot know.
func TestSearchForSymbols(t *testing.T) {
	v := enterSample(t, testConfig(t), "Ada Lovelace")
	if err := v.BuildIndex(t.Context(), func(IndexState) {}); err != nil {
		t.Fatal(err)
	}
	place := sampleFile(t, v, ".c")
	outline, err := v.Outline(t.Context(), place)
	if err != nil || len(outline.Symbols) == 0 {
		t.Fatalf("the outline: %v, %v", outline, err)
	}
	name := outline.Symbols[0].Name
	ask := func(query string) (hits []search.Hit, why map[string]int) {
		t.Helper()
		why = map[string]int{}
		r, err := v.Search(t.Context(), query, func(h search.Hit) bool {
			hits = append(hits, h)
			return true
		})
		if err != nil {
			t.Fatalf("%s: %v", query, err)
		}
		for _, n := range r.NotSearched {
			why[n.Why]++
		}
		return hits, why
	}
	if hits, why := ask("sym:" + name); len(hits) != 0 || why[search.WhyNotIndexed] == 0 {
		t.Errorf("before symbols are indexed: %d hits, not searched %v", len(hits), why)
	}
	if err := v.BuildSymbols(t.Context(), func(DerivedState) {}); err != nil {
		t.Fatal(err)
	}
	want, got := map[int]bool{}, map[int]bool{}
	for _, s := range outline.Symbols {
		if s.Name == name {
			want[s.Line] = true
		}
	}
	hits, why := ask("sym:" + name + " case:yes path:" + place.Path + " release:" + place.Release)
	for _, h := range hits {
		got[h.Line] = true
		if m := h.Matches[0]; string(h.Text[m[0]:m[1]]) != name {
			t.Errorf("line %d: %q is marked", h.Line, h.Text[m[0]:m[1]])
		}
	}
	if len(got) != len(want) || why[search.WhyNotIndexed] != 0 {
		t.Errorf("%s in lines %v, want %v; not searched: %v", name, got, want, why)
	}
	if _, why := ask("sym:/./"); why[search.WhyNoSymbols] == 0 || why[search.WhyNotIndexed] != 0 {
		t.Errorf("not searched: %v", why)
	}
}

// TestSearchMeetsDamagedSymbols: the symbol index is removed, and not the text index.
func TestSearchMeetsDamagedSymbols(t *testing.T) {
	v := enterSample(t, testConfig(t), "Ada Lovelace")
	if err := v.BuildIndex(t.Context(), func(IndexState) {}); err != nil {
		t.Fatal(err)
	}
	if err := v.BuildSymbols(t.Context(), func(DerivedState) {}); err != nil {
		t.Fatal(err)
	}
	records := filepath.Join(v.source.dir, symbolsDir, "records")
	data, err := os.ReadFile(records)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(records, make([]byte, len(data)), 0o600); err != nil {
		t.Fatal(err)
	}
	_, err = v.Search(t.Context(), "sym:/./", func(search.Hit) bool { return true })
	if err == nil || !strings.Contains(err.Error(), "open the deposit again") {
		t.Fatalf("got %v", err)
	}
	if _, err := os.Stat(records); !os.IsNotExist(err) {
		t.Errorf("the symbol index is still there: %v", err)
	}
	if _, err := os.Stat(filepath.Join(v.source.dir, indexDir, "SHA256SUMS")); err != nil {
		t.Errorf("the text index is gone: %v", err)
	}
}

// TestUsesAreRecordedAsTheirSearch: what the journal says can be asked again.
func TestUsesAreRecordedAsTheirSearch(t *testing.T) {
	v := enterSample(t, testConfig(t), "Ada Lovelace")
	for name, want := range map[string]string{
		"decode":       `"decode" case:yes release:"4.2.1" word:yes`,
		`operator ""x`: `"operator \"\"x" case:yes release:"4.2.1"`,
	} {
		if err := v.RecordUses(t.Context(), name, "4.2.1"); err != nil {
			t.Fatal(err)
		}
		var r searchRecord
		for e, err := range v.journal.Entries() {
			if err != nil {
				t.Fatal(err)
			}
			if e.Kind == kindSearch {
				if err := e.Decode(&r); err != nil {
					t.Fatal(err)
				}
			}
		}
		if r.Query != want {
			t.Errorf("recorded %s, want %s", r.Query, want)
		}
		if _, err := search.Parse(r.Query); err != nil {
			t.Error(err)
		}
	}
}
