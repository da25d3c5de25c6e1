package room

import (
	"context"
	"errors"
	"os"
	"testing"

	"vitrine/index/search"
)

// TestPausedIndexing: building ends when it is told to, is no failure, goes on from there,
// and finds files by their names meanwhile.
func TestPausedIndexing(t *testing.T) {
	v := enterSample(t, testConfig(t), "Ada Lovelace")
	if err := os.RemoveAll(v.source.dir + "/" + contentDir); err != nil {
		t.Fatal(err)
	}
	place := sampleFile(t, v, ".c")
	names := func() {
		t.Helper()
		hits, report := found(t, v, "file:.c release:"+place.Release)
		if len(hits) == 0 || hits[0].Kind != search.HitFile || len(report.NotSearched) != 0 {
			t.Errorf("by name: %d hits, not searched %v", len(hits), report.NotSearched)
		}
		hits, report = found(t, v, "return release:"+place.Release)
		if files := mustFiles(t, v, place.Release); len(hits) != 0 || len(report.NotSearched) != len(files) || report.NotSearched[0].Why != search.WhyEarly {
			t.Errorf("by text: %d hits, %d of %d files not searched", len(hits), len(report.NotSearched), len(files))
		}
	}
	for _, phase := range []string{"Content", "Words"} {
		ctx, cancel := context.WithCancel(t.Context())
		err := v.BuildIndex(ctx, func(st IndexState) {
			if st.Phase == phase {
				if !st.Names {
					t.Error("names are not there while it is built")
				}
				cancel()
			}
		})
		cancel()
		if !errors.Is(err, context.Canceled) {
			t.Fatalf("%s: %v", phase, err)
		}
		if st := v.IndexState(); st.Ready || st.Err != nil || !st.Names {
			t.Errorf("%s: paused, it is %+v", phase, st)
		}
		names()
	}
	if err := v.BuildIndex(t.Context(), func(IndexState) {}); err != nil {
		t.Fatal(err)
	}
	if hits, _ := found(t, v, "return release:"+place.Release); len(hits) == 0 {
		t.Error("nothing is found at the end")
	}
	ctx, cancel := context.WithCancel(t.Context())
	err := v.BuildSymbols(ctx, func(st DerivedState) { cancel() })
	if st := v.SymbolState(); !errors.Is(err, context.Canceled) || st.Err != nil || st.Ready {
		t.Errorf("symbols: %v, paused it is %+v", err, st)
	}
	if err := v.BuildSymbols(t.Context(), func(DerivedState) {}); err != nil || !v.SymbolState().Ready {
		t.Errorf("symbols: %v", err)
	}
	if err := v.BuildIndex(t.Context(), func(IndexState) {}); err != nil {
		t.Errorf("again: %v", err)
	}
}
