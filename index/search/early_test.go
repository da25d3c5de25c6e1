package search

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
)

// TestEarly: files are found by their names, and all else is listed.
func TestEarly(t *testing.T) {
	c := &corpus{names: []string{"1", "2"}, files: map[string]map[string]string{
		"1": {"a.c": "x", "b/scan.c": "y", "link": "a.c"},
		"2": {"a.c": "x", "b/scan.h": "z"},
	}, modes: map[string]uint32{"link": 0o120000}}
	ix, err := Early(t.Context(), c)
	if err != nil {
		t.Fatal(err)
	}
	defer ix.Close()
	for _, q := range []struct{ query, want, not string }{
		{"file:scan", "1:b/scan.c 2:b/scan.h", ""},
		{"file:/^a/ release:2", "2:a.c", ""},
		{"file:scan AND NOT file:.h", "1:b/scan.c", ""},
		{"file:scan new-in:2", "2:b/scan.h", ""},
		{"x release:2", "", "2:a.c 2:b/scan.h"},
		{"x file:scan", "", "1:b/scan.c 2:b/scan.h"},
		{"x OR file:scan release:1", "1:b/scan.c", "1:a.c 1:b/scan.c 1:link"},
		{"NOT x release:1 path:*.c", "", "1:a.c 1:b/scan.c"},
		{"hex:00 binary:yes path:a.c release:1", "", "1:a.c"},
		{"sym:x path:a.c release:1", "", "1:a.c"},
		{"file:scan lang:c", "", "1:b/scan.c 2:b/scan.h"},
		{"file:nothing", "", ""},
	} {
		parsed, err := Parse(q.query)
		if err != nil {
			t.Fatalf("%s: %v", q.query, err)
		}
		var got, not []string
		report, err := ix.Search(context.Background(), parsed, func(h Hit) bool {
			got = append(got, h.Place.Release+":"+h.Place.Path)
			if h.Kind != HitFile {
				t.Errorf("%s: a hit of kind %d", q.query, h.Kind)
			}
			return true
		})
		if err != nil {
			t.Fatalf("%s: %v", q.query, err)
		}
		for _, n := range report.NotSearched {
			not = append(not, n.Place.Release+":"+n.Place.Path)
			if n.Why != WhyEarly && n.Place.Path != "link" || n.Size != 1 && n.Place.Path != "link" {
				t.Errorf("%s: %+v", q.query, n)
			}
		}
		slices.Sort(got)
		slices.Sort(not)
		if fmt.Sprint(got) != fmt.Sprint(strings.Fields(q.want)) || fmt.Sprint(not) != fmt.Sprint(strings.Fields(q.not)) {
			t.Errorf("%s\n got %s, not %s\nwant %s, not %s", q.query, got, not, q.want, q.not)
		}
	}
}
