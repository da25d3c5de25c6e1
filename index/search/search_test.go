package search

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
	"unicode/utf16"

	"vitrine/index/content"
	"vitrine/index/deposit"
	"vitrine/index/segment"
)

func utf16BE(s string) string {
	out := "\xfe\xff"
	for _, u := range utf16.Encode([]rune(s)) {
		out += string([]byte{byte(u >> 8), byte(u)})
	}
	return out
}

func TestEncodings(t *testing.T) {
	b := build(t, one(map[string]string{
		"latin1":  "x\nna\xefve caf\xe9\n",
		"utf16":   utf16BE("x\nnaïve café"),
		"utf8":    "x\nnaïve café\n",
		"bom":     "\xef\xbb\xbfcafé\n",
		"crlf":    "café\r\nx\r\n",
		"binary":  "café\x00",
		"empty":   "",
		"newline": "\n",
	}))
	got := b.rows(t, "CAFÉ case:no")
	want := []string{
		"1.0:bom:1:4:\ufeffcafé [[3 8]] 3-8",
		"1.0:crlf:1:1:café\r [[0 5]] 0-5",
		"1.0:latin1:2:7:naïve café [[7 12]] 8-12",
		"1.0:utf16:2:13:naïve café [[7 12]] 18-26",
		"1.0:utf8:2:8:naïve café [[7 12]] 9-14",
	}
	if !slices.Equal(got, want) {
		t.Errorf(" got %q\nwant %q", got, want)
	}
	if got := b.rows(t, `/^x$/`); len(got) != 2 {
		t.Errorf("a CR is part of the line, but /^x$/ found %q", got)
	}
	if got := b.rows(t, `/^x\r$/`); len(got) != 1 {
		t.Errorf("got %q", got)
	}
	if got := b.rows(t, `/^$/`); !slices.Equal(got, []string{"1.0:newline:1:1: [[0 0]] 0-0"}) {
		t.Errorf("got %q", got)
	}
}

func TestFoldingOfUnequalLengths(t *testing.T) {
	b := build(t, one(map[string]string{"f": "\u212a \u212ax ſaK\nsak\nx\n"}))
	want := []string{"1.0:f:1:10:\u212a \u212ax ſaK [[9 13]] 9-13", "1.0:f:2:1:sak [[0 3]] 14-17"}
	for _, q := range []string{"sak", "/sak/", "/ſa\u212a/ case:no", "\"SAK\" case:no"} {
		if got := b.rows(t, q); !slices.Equal(got, want) {
			t.Errorf("%s\n got %q\nwant %q", q, got, want)
		}
	}
}

func TestReportSaysWhatWasNotSearched(t *testing.T) {
	big := strings.Repeat("needle\n", content.MaxText/7+1)
	c := one(map[string]string{"a/bin": "\x00needle", "a/big": big, "a/link": "needle", "a/mod": "", "a/text": "needle\n", "b/bin": "\x00"})
	c.modes = map[string]uint32{"a/link": 0o120000, "a/mod": 0o160000, "a/text": 0o100755}
	b := build(t, c)
	q, err := Parse("needle path:a/**")
	if err != nil {
		t.Fatal(err)
	}
	report, err := b.Search(context.Background(), q, func(Hit) bool { return true })
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, n := range report.NotSearched {
		got = append(got, fmt.Sprintf("%s %d %s", n.Place.Path, n.Size, n.Why))
	}
	want := []string{fmt.Sprintf("a/big %d too large", len(big)), "a/bin 7 binary", "a/link 0 symbolic link", "a/mod 0 submodule, which is not part of the deposit"}
	if !slices.Equal(got, want) || report.Files != 1 || report.Lines != 1 || report.Stopped {
		t.Errorf("got %q, %d files, %d lines\nwant %q", got, report.Files, report.Lines, want)
	}
}

func TestUnknownRelease(t *testing.T) {
	b := build(t, one(map[string]string{"a": "x\n"}))
	q, err := Parse("x release:2.0")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := b.Search(context.Background(), q, func(Hit) bool { return true }); err == nil || !strings.Contains(err.Error(), "1.0") {
		t.Errorf("got %v", err)
	}
}

// TestBlobsOutsideTheIndex: over-long words, and more words than a batch takes,
// are searched all the same.
func TestBlobsOutsideTheIndex(t *testing.T) {
	const words = 500
	files := map[string]string{"long": strings.Repeat("q", 3*maxWord) + "needle" + strings.Repeat("q", maxWord) + "\n"}
	for i := range words + 10 {
		files["many"] += fmt.Sprintf("w%d\n", i)
	}
	files["many"] += "needle\n"
	for i := range 30 {
		files[fmt.Sprint("other", i)] = fmt.Sprintf("other needles%d\n", i)
	}
	b := buildWith(t, one(files), words, segment.MaxRuns)
	if n := b.unindexed.GetCardinality(); n != 2 {
		t.Errorf("%d blobs are outside the index, want 2", n)
	}
	for query, want := range map[string]int{"needle": 32, "/needleq/": 1, "w77": 1, "w1 ": 1 + 10 + 100, "other": 30, "needles29": 1} {
		if n := len(b.rows(t, query)); n != want {
			t.Errorf("%s: %d hits, want %d", query, n, want)
		}
	}
}

func TestLongLine(t *testing.T) {
	line := strings.Repeat("int f(void); ", 80000) // 1 MB
	b := build(t, one(map[string]string{"min.js": line + "last_word", "x": "int\n"}))
	want := fmt.Sprintf("1.0:min.js:1:%d:", len(line)+1)
	for _, q := range []string{"last_word", `"; last"`, `/last_\w+$/`, `/LAST.word/ case:no`, `/l[a-z]st_/`} {
		got := b.rows(t, q)
		off := 0
		if q == `"; last"` {
			off = 2
		}
		if len(got) != 1 || off == 0 && !strings.HasPrefix(got[0], want) {
			t.Errorf("%s: %d hits, %.40q, want %s", q, len(got), got, want)
		}
	}
}

func TestEmptyDeposit(t *testing.T) {
	for _, files := range []map[string]string{{}, {"bin": "\x00"}, {"empty": ""}} {
		if got := build(t, one(files)).rows(t, "/x*/"); got != nil {
			t.Errorf("%q in %q", got, files)
		}
	}
}

func TestStopsWhenTold(t *testing.T) {
	files := map[string]string{}
	for i := range 300 {
		files[fmt.Sprintf("%03d", i)] = strings.Repeat("needle\n", 1000)
	}
	b := build(t, one(files))
	q, err := Parse("needle")
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	report, err := b.Search(context.Background(), q, func(h Hit) bool { n++; return n < 1500 })
	if err != nil || n != 1500 || report.Lines != 1500 || report.Files != 2 || !report.Stopped {
		t.Errorf("%d hits, %+v, %v", n, report, err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	n = 0
	report, err = b.Search(ctx, q, func(h Hit) bool {
		if n++; n == 10 {
			cancel()
		}
		return true
	})
	if !errors.Is(err, context.Canceled) || !report.Stopped || n != 10 {
		t.Errorf("%d hits, %+v, %v", n, report, err)
	}
	if _, err := b.Search(ctx, q, func(Hit) bool { t.Error("a hit after the end"); return true }); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
}

// TestCancelInsideOneRegexp: a regexp reads one line of 9 MB through a reader
// that ends soon after the search is cancelled, and the search then says so
// instead of calling the line unmatched.
func TestCancelInsideOneRegexp(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	r := &interruptible{ctx: ctx, text: []byte(strings.Repeat("ab ", 3<<20))}
	const before = 100_000
	for range before {
		if _, _, err := r.ReadRune(); err != nil {
			t.Fatal(err)
		}
	}
	cancel()
	more := 0
	for {
		if _, _, err := r.ReadRune(); err != nil {
			break
		}
		more++
	}
	if more > 4096 {
		t.Errorf("%d more characters were read after the search was cancelled", more)
	}

	// It takes some fifty times as long to read and to search it.
	b := build(t, one(map[string]string{"f": strings.Repeat("ab ", 20<<20)}))
	q, err := Parse(`/(a|b| )*[^a-z ]x/`)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel = context.WithTimeout(context.Background(), 2*time.Millisecond)
	defer cancel()
	if _, err = b.Search(ctx, q, func(Hit) bool { return true }); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("a cancelled search gave %v", err)
	}
}

// TestSameBlobInManyReleases: what is verified once is delivered for each release, with few hits and with many.
func TestSameBlobInManyReleases(t *testing.T) {
	few, many := "needle\n", strings.Repeat("needle\n", maxKept+100)
	c := &corpus{names: []string{"b", "a", "c"}, files: map[string]map[string]string{
		"b": {"few": few, "many": many, "mixed": few},
		"a": {"few": few, "many": many, "mixed": "needle needle\n"},
		"c": {"few": few, "many": many, "mixed": few},
	}}
	var got []string
	for _, r := range build(t, c).rows(t, "needle") {
		parts := strings.Split(r, ":")
		if k := parts[0] + ":" + parts[1]; len(got) == 0 || got[len(got)-1] != k {
			got = append(got, k)
		}
	}
	if want := "[b:few a:few c:few b:many a:many c:many b:mixed a:mixed c:mixed]"; fmt.Sprint(got) != want {
		t.Errorf("got %v, want %s", got, want)
	}
	if n := len(build(t, c).rows(t, "needle path:many")); n != 3*(maxKept+100) {
		t.Errorf("%d hits", n)
	}
}

func TestSpansAreTheBytesOfTheBlob(t *testing.T) {
	text := utf16BE("one\nsome nádel here\n")
	b := build(t, one(map[string]string{"f": text}))
	q, err := Parse("NÁDEL case:no")
	if err != nil {
		t.Fatal(err)
	}
	_, err = b.Search(context.Background(), q, func(h Hit) bool {
		if h.Span.Blob != deposit.Digest(sha256.Sum256([]byte(text))) || text[h.Span.From:h.Span.To] != utf16BE("nádel")[2:] {
			t.Errorf("span %v", h.Span)
		}
		return true
	})
	if err != nil {
		t.Fatal(err)
	}
}

// TestConcurrentSearches shares one index, and one query, between goroutines.
func TestConcurrentSearches(t *testing.T) {
	files := map[string]string{}
	for i := range 200 {
		files[fmt.Sprintf("%03d", i)] = fmt.Sprintf("needle word%d\nK\n", i)
	}
	b := build(t, one(files))
	for _, query := range []string{"needle", "word1", "/ne+dle w.*7$/", "/k/"} {
		want := b.rows(t, query)
		q, err := Parse(query)
		if err != nil {
			t.Fatal(err)
		}
		var wg sync.WaitGroup
		for range 4 {
			wg.Go(func() {
				var got []string
				_, err := b.Search(context.Background(), q, func(h Hit) bool { got = append(got, row(h)); return true })
				if err != nil || !slices.Equal(got, want) {
					t.Errorf("%s: %d hits, want %d, %v", query, len(got), len(want), err)
				}
			})
		}
		wg.Wait()
	}
}
