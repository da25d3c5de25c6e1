package room

import (
	"fmt"
	"slices"
	"testing"
)

// TestQueriesOutliveTheVisit: the last searches come back in the next visit, each once.
func TestQueriesOutliveTheVisit(t *testing.T) {
	cfg := testConfig(t)
	v := enterSample(t, cfg, "")
	if got := v.Queries(); len(got) != 0 {
		t.Fatalf("a first visit knows %q", got)
	}
	var want []string
	for i := range maxQueries + 10 {
		q := fmt.Sprint("query ", i)
		if i == 30 {
			q = "query 25" // again
		}
		if err := v.RecordSearch(t.Context(), q); err != nil {
			t.Fatal(err)
		}
		want = append([]string{q}, slices.DeleteFunc(want, func(w string) bool { return w == q })...)
	}
	want = want[:maxQueries]
	if got := v.Queries(); !slices.Equal(got, want) {
		t.Fatalf("got %q\nwant %q", got, want)
	}
	if err := v.Close(); err != nil {
		t.Fatal(err)
	}
	v = enterSample(t, cfg, "")
	defer v.Close()
	if got := v.Queries(); !slices.Equal(got, want) {
		t.Errorf("the next visit knows %q\nwant %q", got, want)
	}
}
