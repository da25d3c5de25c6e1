package desk

import (
	"errors"
	"strings"
	"testing"
	"unicode"
)

func TestRank(t *testing.T) {
	paths := []string{
		"README.md", "engine/core/buf.c", "engine/core/buf.h", "engine/unpack/pdf_decode.c", "engine/unpack/pdf_decode.h",
		"engine/unpack/lzw.c", "tests/fuzz/fuzz_pdf_decode.dict", "tests/unpack/test_pdf_decode.c", "tools/postdeploy.py", "service/HttpServer.go", "src/unicode/tables.go", "mod/example_v1.0.0-unprintable.txt",
		"kernel/sched/core.c", "kernel/sched/core_sched.c", "include/linux/sched.h", "selftests/net/sch_red_core.sh", "include/linux/sched/cond_resched.h", "dts/qcom/sdm845-cheza.dtsi",
	}
	for _, c := range []struct{ typed, first, why string }{
		{"pdfdec", "engine/unpack/pdf_decode.c", "the base name that begins so"},
		{"pd", "engine/unpack/pdf_decode.c", "a base name's beginning before its middle"},
		{"hs", "service/HttpServer.go", "capitals begin words"},
		{"unpack/lzw", "engine/unpack/lzw.c", "folders can be typed"},
		{"unitab", "src/unicode/tables.go", "two words' beginnings before letters scattered in one name"},
		{"buf.h", "engine/core/buf.h", "a row of letters before scattered ones"},
		{"sched", "include/linux/sched.h", "a row of letters before beginnings of words"},
		{"schedcore", "kernel/sched/core.c", "whole words of the path before pieces of a name"},
		{"readme", "README.md", "case does not matter"},
		{"test dec", "tests/unpack/test_pdf_decode.c", "spaces only separate"},
	} {
		hits, total := rank(t.Context(), paths, c.typed, nil)
		if len(hits) == 0 || hits[0].Path != c.first {
			t.Errorf("%q finds %v first, want %s: %s", c.typed, hits, c.first, c.why)
		}
		if total != len(hits) {
			t.Errorf("%q: %d hits of %d, want all", c.typed, len(hits), total)
		}
	}
	if hits, _ := rank(t.Context(), paths, "qqq", nil); len(hits) != 0 {
		t.Errorf("qqq finds %v", hits)
	}
	hits, _ := rank(t.Context(), paths, "", map[string]int{"engine/unpack/lzw.c": 0, "README.md": 1})
	if hits[0].Path != "engine/unpack/lzw.c" || hits[1].Path != "README.md" {
		t.Errorf("nothing typed: %s, %s first, want the recent ones", hits[0].Path, hits[1].Path)
	}
}

func TestRankIsBounded(t *testing.T) {
	paths := make([]string, 3*maxQuick)
	for i := range paths {
		paths[i] = "dir/file" + strings.Repeat("x", i%40)
	}
	hits, total := rank(t.Context(), paths, "fi", nil)
	if len(hits) != maxQuick || total != len(paths) {
		t.Errorf("%d hits of %d, want %d of %d", len(hits), total, maxQuick, len(paths))
	}
}

func TestSplitLine(t *testing.T) {
	for _, c := range []struct {
		typed, pattern string
		line           int
	}{
		{"buf.c", "buf.c", 0}, {"buf.c:12", "buf.c", 12}, {":7", "", 7}, {":", "", 0}, {"buf.c:", "buf.c", 0},
		{"a:b", "a:b", 0}, {"x:-3", "x:-3", 0}, {"x:0", "x:0", 0},
	} {
		if p, n := splitLine(c.typed); p != c.pattern || n != c.line {
			t.Errorf("%q: %q line %d, want %q line %d", c.typed, p, n, c.pattern, c.line)
		}
	}
}

// FuzzFuzzy: what is highlighted spells the pattern, in order, within the path.
func FuzzFuzzy(f *testing.F) {
	for _, s := range [][2]string{{"engine/unpack/pdf_decode.c", "pdfdec"}, {"ÄÖ/straße.c", "ß"}, {"a", "aa"}, {"x/\xff\xfe", "\xff"}, {"İ/i", "i"}} {
		f.Add(s[0], s[1])
	}
	f.Fuzz(func(t *testing.T, path, pattern string) {
		pat := []rune(strings.ToLower(pattern))
		_, hits, ok := fuzzy(path, pat)
		if !ok {
			return
		}
		var spelled []rune
		last := 0
		for _, h := range hits {
			if h[0] < last || h[1] <= h[0] || h[1] > len(path) {
				t.Fatalf("ranges %v of %q", hits, path)
			}
			last = h[1]
			for _, r := range path[h[0]:h[1]] {
				spelled = append(spelled, unicode.ToLower(r))
			}
		}
		if string(spelled) != string(pat) {
			t.Fatalf("%q in %q highlights %q", pattern, path, string(spelled))
		}
	})
}

func TestSentence(t *testing.T) {
	for said, want := range map[string]string{
		"the disk is full":          "The disk is full.",
		"big.bundle: it differs":    "big.bundle: it differs.",
		"journal: entry 3 is wrong": "journal: entry 3 is wrong.",
		"Who are you?":              "Who are you?",
		"":                          "",
	} {
		if got := sentence(errors.New(said)); got != want {
			t.Errorf("%q becomes %q, want %q", said, got, want)
		}
	}
}
