package room

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"vitrine/index/deposit"
	"vitrine/index/search"
	"vitrine/index/symbol"
)

// TestSymbolsComeLast: before they are ready a question says so, and the outline of
// a file is there already; afterwards all is answered, and nothing once the visit ended.
func TestSymbolsComeLast(t *testing.T) {
	v := enterSample(t, testConfig(t), "Ada Lovelace")
	place := sampleFile(t, v, ".c")
	ask := func() error {
		_, err := v.FindSymbols(t.Context(), SymbolQuery{Text: "a", Limit: 10})
		return err
	}
	if err := ask(); !errors.Is(err, ErrSymbolsNotReady) || !strings.Contains(err.Error(), "symbols: not begun") {
		t.Errorf("before: %v", err)
	}
	early, err := v.Outline(t.Context(), place)
	if err != nil || len(early.Symbols) == 0 {
		t.Errorf("the outline before: %v, %v", early, err)
	}
	if err := v.BuildSymbols(t.Context(), func(DerivedState) {}); !errors.Is(err, ErrIndexNotReady) {
		t.Errorf("without content: %v", err)
	}
	if err := v.BuildIndex(t.Context(), func(IndexState) {}); err != nil {
		t.Fatal(err)
	}
	said := ""
	if err := v.BuildSymbols(t.Context(), func(st DerivedState) {
		if !st.Ready && said == "" {
			said = st.String()
			if err := ask(); !errors.Is(err, ErrSymbolsNotReady) || !strings.Contains(err.Error(), " %") {
				t.Errorf("meanwhile: %v", err)
			}
		}
	}); err != nil {
		t.Fatal(err)
	}
	if said != "0 %" || v.SymbolState().String() != "complete" {
		t.Errorf("it said %q, then %q", said, v.SymbolState())
	}
	late, err := v.Outline(t.Context(), place)
	if err != nil || len(late.Symbols) != len(early.Symbols) {
		t.Errorf("the outline after: %v, %v", late, err)
	}
	name := late.Symbols[0].Name
	hits, err := v.FindSymbols(t.Context(), SymbolQuery{Text: name, Release: place.Release, Limit: 10})
	if err != nil || len(hits.List) == 0 || hits.List[0].Name != name {
		t.Errorf("%s: %+v, %v", name, hits, err)
	}
	list, _, err := v.Definitions(t.Context(), symbol.Question{Name: name, From: place, Offset: late.Symbols[0].Start})
	if err != nil || len(list) == 0 || list[0].Place != place || !list[0].Resolved {
		t.Fatalf("%s: %+v, %v", name, list, err)
	}
	uses := 0
	if _, err := v.References(t.Context(), name, &list[0].ID, place.Release, func(r symbol.Reference) bool { uses++; return true }); err != nil || uses == 0 {
		t.Errorf("%d uses of %s, %v", uses, name, err)
	}
	if err := v.Close(); err != nil {
		t.Fatal(err)
	}
	if err := ask(); err == nil || !strings.Contains(err.Error(), "the visit has ended") {
		t.Errorf("after the visit: %v", err)
	}
}

// TestDamagedSymbols: what cannot be believed is removed, and made anew.
func TestDamagedSymbols(t *testing.T) {
	cfg := testConfig(t)
	v := enterSample(t, cfg, "Ada Lovelace")
	if err := v.BuildIndex(t.Context(), func(IndexState) {}); err != nil {
		t.Fatal(err)
	}
	if err := v.BuildSymbols(t.Context(), func(DerivedState) {}); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(v.source.dir, symbolsDir, "records")
	if err := v.Close(); err != nil {
		t.Fatal(err)
	}
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	for i := range data {
		data[i] ^= 1
	}
	if err := os.WriteFile(path, data, 0o600); err != nil {
		t.Fatal(err)
	}
	d, err := deposit.Open(cfg.workspace(), SampleDigest())
	if err != nil {
		t.Fatal(err)
	}
	s := OpenSource(cfg, d)
	defer s.Close()
	if err := s.BuildIndex(t.Context(), func(IndexState) {}); err != nil {
		t.Fatal(err)
	}
	if err := s.BuildSymbols(t.Context(), func(DerivedState) {}); err != nil {
		t.Fatal(err)
	}
	_, err = s.FindSymbols(t.Context(), SymbolQuery{Text: "a", Limit: 10})
	if err == nil || !strings.Contains(err.Error(), "open the deposit again") {
		t.Errorf("got %v", err)
	}
	if _, err := os.Stat(path); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("it is still there: %v", err)
	}
}

func sampleFile(t *testing.T, v *Visit, ending string) deposit.Place {
	t.Helper()
	releases := v.Releases()
	release := releases[len(releases)-1]
	files, err := v.Files(t.Context(), release)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		if strings.HasSuffix(f.Path, ending) {
			return deposit.Place{Release: release, Path: f.Path}
		}
	}
	t.Fatalf("no %s file in the sample", ending)
	return deposit.Place{}
}

// TestTooLargeForReferences: texts that the search for a name had to leave out
// are candidates, so that they are listed as not read; binary files are none.
func TestTooLargeForReferences(t *testing.T) {
	v := enterSample(t, testConfig(t), "Ada Lovelace")
	place := sampleFile(t, v, ".c")
	binary := sampleFile(t, v, ".h")
	var got []deposit.Place
	err := v.source.tooLarge(t.Context(), search.Report{NotSearched: []search.NotSearched{
		{Place: binary, Why: search.WhyBinary}, {Place: place, Why: search.WhyTooLarge},
	}}, func(p deposit.Place, blob deposit.Digest) bool {
		if blob.IsZero() {
			t.Errorf("%s without bytes", p.Path)
		}
		got = append(got, p)
		return true
	})
	if err != nil || len(got) != 1 || got[0] != place {
		t.Errorf("%v, %v", got, err)
	}
}
