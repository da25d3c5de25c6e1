package search

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"
)

func TestLanguageNamesEverything(t *testing.T) {
	text := Language()
	for _, name := range slices.Concat(filters, operators, regionNames[inCode:], []string{"char:", "hex:", "sym:", "bidi", "invisible"}) {
		if !strings.Contains(text, name) {
			t.Errorf("nothing is said of %s", name)
		}
	}
	for line := range strings.Lines(text) {
		if strings.HasPrefix(line, "//") || utf8.RuneCountInString(line) > 91 {
			t.Errorf("line %q", line)
		}
	}
	if strings.Contains(text, "SHA256SUMS") || !strings.HasPrefix(text, "A query is") {
		t.Errorf("begins with %.40q", text)
	}
}

// TestRealLanguages goes through package lex.
func TestRealLanguages(t *testing.T) {
	b := build(t, one(map[string]string{
		"a.c":      "#define X \"free\" // free it\nfree(x); /* free\n free */ char *s = \"free\";\n",
		"b.go":     "package b\n\nvar s = `free // x`\n",
		"c.py":     "# free\nprint('''free\n  free''')\n",
		"tool":     "#!/bin/sh\nfree # free\n",
		"note.txt": "free\n",
		"free.bin": "\x00free",
	}))
	for query, want := range map[string]string{
		"code:free":                          "a.c:2 tool:2",
		"comment:free":                       "a.c:1 a.c:2 a.c:3 c.py:1 tool:2",
		"string:free":                        "a.c:1 a.c:3 b.go:3 c.py:2 c.py:3",
		"string:/^.free.$/":                  "a.c:1 a.c:3",
		"comment:/^/ string:free":            "a.c:1 a.c:3",
		"code:/free/ AND NOT string:/e/":     "tool:2",
		`comment:/free\n free/ multi:yes`:    "a.c:2",
		"free lang:c":                        "a.c:1 a.c:2 a.c:3",
		"free lang:shell lang:go":            "b.go:3 tool:2",
		"free -lang:c -lang:python":          "b.go:3 note.txt:1 tool:2",
		"file:free binary:yes OR comment:it": "a.c:1 free.bin:0",
	} {
		var got []string
		q, err := Parse(query)
		if err != nil {
			t.Fatalf("%s: %v", query, err)
		}
		report, err := b.Search(context.Background(), q, func(h Hit) bool {
			got = append(got, fmt.Sprintf("%s:%d", h.Place.Path, h.Line))
			return true
		})
		if err != nil || strings.Join(got, " ") != want {
			t.Errorf("%s\n got %s, %v\nwant %s", query, got, err, want)
		}
		for _, n := range report.NotSearched {
			if n.Place.Path == "note.txt" && n.Why != WhyLanguage || n.Place.Path == "a.c" {
				t.Errorf("%s: %s is listed: %s", query, n.Place.Path, n.Why)
			}
		}
	}
	q, err := Parse("free é lang:klingon")
	if err != nil {
		t.Fatal(err)
	}
	_, err = b.Search(context.Background(), q, func(Hit) bool { return true })
	if s := new(SyntaxError); !errors.As(err, &s) || s.Offset != 13 || s.Character != 13 {
		t.Errorf("got %v", err)
	}
}

// TestAcrossLines: what begins on a line and ends on a later one, in encodings
// whose bytes are not those of the text.
func TestAcrossLines(t *testing.T) {
	text := "x\r\nnaïve (\r\n  café)\r\nx"
	latin := strings.NewReplacer("ï", "\xef", "é", "\xe9").Replace(text)
	b := build(t, one(map[string]string{"latin1": latin, "utf16": utf16BE(text), "utf8": text, "unaligned": "\u212a\n" + text}))
	got := b.rows(t, `/\(\s+caf.\)/ ï multi:yes`)
	want := []string{
		"1.0:latin1:2:3:naïve (\r [[2 4] [7 9]] 5-6",
		"1.0:unaligned:3:3:naïve (\r [[2 4] [7 9]] 9-11",
		"1.0:utf16:2:5:naïve (\r [[2 4] [7 9]] 12-14",
		"1.0:utf8:2:3:naïve (\r [[2 4] [7 9]] 5-7",
	}
	if !slices.Equal(got, want) {
		t.Errorf(" got %q\nwant %q", got, want)
	}
	got = b.rows(t, `/\((?s:.)*\)/ path:utf* multi:yes`)
	want = []string{
		"1.0:utf16:2:13:naïve (\r [[7 9]] 20-40",
		"1.0:utf8:2:8:naïve (\r [[7 9]] 10-21",
	}
	if !slices.Equal(got, want) {
		t.Errorf(" got %q\nwant %q", got, want)
	}
	for query, lines := range map[string]int{
		`/^x/ path:utf8 multi:yes`:             2,
		`/\Ax/ path:utf8 multi:yes`:            1,
		`/x\z/ path:utf8 multi:yes`:            1,
		`/x.$/ path:utf8 multi:yes`:            1, // "." is the "\r"
		`/(?-s)e.*x/ path:utf8 multi:yes`:      0,
		`/\r\n/ path:utf8 multi:yes`:           3,
		`/\r\n/ path:utf8`:                     0,
		`/$/ path:utf8 multi:yes`:              4,
		`/na(?s:.)*x/ caf path:utf8 multi:yes`: 0, // it begins on another line
	} {
		if got := b.rows(t, query); len(got) != lines {
			t.Errorf("%s: %q", query, got)
		}
	}
}

// TestLongTextEqualsShort: what is long is matched another way, which must not show.
func TestLongTextEqualsShort(t *testing.T) {
	long := strings.Repeat("int f(void); été_x ", 2*longText/20)
	for _, expr := range []string{`f`, `\bf\b`, `[a-z]+`, `(?i)T.`, `;?`, `x*`, `é|t\b`, `^int|_x $`, `\w\W`, `(;| )( |é)`, `(a|t)+?`} {
		for _, words := range []bool{false, true} {
			q, err := Parse("/" + expr + "/" + map[bool]string{true: " word:yes"}[words])
			if err != nil {
				t.Fatal(err)
			}
			f := q.groups[0].terms[0].re
			got := f.appendAll(context.Background(), nil, []byte(long), maxMatches)
			m := f.in([]byte(long[:longText-1]))
			for i := range min(len(got), maxMatches/4) {
				want, ok := m.next(context.Background())
				if !ok {
					break // of the few in the text, this one is in its second half
				}
				if want != got[i] {
					t.Fatalf("%s, whole words %v: match %d is %v, in short text %v", expr, words, i, got[i], want)
				}
			}
			if whole := f.whole; whole != nil {
				for i, want := range whole.FindAllStringIndex(long, maxMatches) {
					if got[i] != [2]int{want[0], want[1]} {
						t.Fatalf("%s: match %d is %v, of package regexp %v", expr, i, got[i], want)
					}
				}
			}
		}
	}
}

// blocked knows one language, whose texts take until somebody lets go.
type blocked struct {
	testLanguages
	reached, letGo chan struct{}
}

func (b blocked) Parts(ctx context.Context, language string, text []byte) parts {
	close(b.reached)
	<-b.letGo
	return b.testLanguages.Parts(ctx, language, text)
}

// TestCancelledSearchDoesNotWait: a search ends when it is told to, also while a
// worker is busy with something that cannot be interrupted; closing waits for that.
func TestCancelledSearchDoesNotWait(t *testing.T) {
	b := build(t, one(map[string]string{"a.c": "// x\n"}))
	slow := blocked{reached: make(chan struct{}), letGo: make(chan struct{})}
	b.languages = slow
	q, err := Parse("comment:x")
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	go func() {
		<-slow.reached
		cancel()
	}()
	report, err := b.Search(ctx, q, func(Hit) bool { t.Error("a hit"); return true })
	if !errors.Is(err, context.Canceled) || !report.Stopped {
		t.Errorf("%+v, %v", report, err)
	}
	close(slow.letGo)
}

// TestBinaryFiles: hits carry the offset of the byte.
func TestBinaryFiles(t *testing.T) {
	wide := "V\x00e\x00r\x00s\x00i\x00o\x00n\x00"
	b := build(t, one(map[string]string{
		"a.exe": "MZ\x90\x00\x03\x01Version 1\x00\x01" + wide + "\x01Ver\x00MZ\x90MZ\x90",
		"b.txt": "MZ version\n",
		"c.bin": "\x00\x00version",
		"d.bin": "\x00",
	}))
	for query, want := range map[string][]string{
		"version":            {"b.txt:1:3"},
		"version binary:yes": {"a.exe:0:6 Version 1 [[0 7]]", "a.exe:0:17 Version [[0 7]]", "b.txt:1:3", "c.bin:0:2 version [[0 7]]"},
		"ver /n$/ binary:yes word:no case:no path:*.exe": {"a.exe:0:17 Version [[0 3] [6 7]]"},
		"hex:4d5A90":                        {"a.exe:0:0 4d 5a 90 00 03 01 56 65 72 73 69 6f 6e 20 31 00 [[0 8]]", "a.exe:0:36 4d 5a 90 4d 5a 90 [[0 8]]", "a.exe:0:39 4d 5a 90 [[0 8]]"},
		"hex:4d5A90 AND NOT hex:03":         nil,
		"hex:00 AND NOT version path:d.bin": {"d.bin:0:0 00 [[0 2]]"},
		"NOT version binary:yes":            {"d.bin:0:0 d.bin []"},
	} {
		q, err := Parse(query)
		if err != nil {
			t.Fatalf("%s: %v", query, err)
		}
		var got []string
		report, err := b.Search(context.Background(), q, func(h Hit) bool {
			row := fmt.Sprintf("%s:%d:%d", h.Place.Path, h.Line, h.Span.From)
			if h.Kind != HitLine {
				row += fmt.Sprintf(" %s %v", h.Text, h.Matches)
			}
			got = append(got, row)
			return true
		})
		if err != nil || !slices.Equal(got, want) {
			t.Errorf("%s\n got %q, %v\nwant %q", query, got, err, want)
		}
		if strings.Contains(query, "binary:yes") && len(report.NotSearched) > 0 {
			t.Errorf("%s: not searched: %v", query, report.NotSearched)
		}
	}
}

// TestWholeWords: what overlaps a match that is not one may be one.
func TestWholeWords(t *testing.T) {
	b := build(t, one(map[string]string{"f": "xa-a-a\naé a\na_ a1 \u0301a a\u0301\n(a)\na\n—a—\n"}))
	for query, want := range map[string][]string{
		`a-a word:yes`:          {"1.0:f:1:4:xa-a-a [[3 6]] 3-6"},
		`/a-a/ word:yes`:        {"1.0:f:1:4:xa-a-a [[3 6]] 3-6"},
		`a word:yes path:f -a-`: nil,
		`"-" word:yes`:          nil,
		`"(" word:yes`:          nil,
		`") " word:yes`:         nil,
		`é`:                     {"1.0:f:2:2:aé a [[1 3]] 8-10"},
	} {
		if got := b.rows(t, query); !slices.Equal(got, want) {
			t.Errorf("%s\n got %q\nwant %q", query, got, want)
		}
	}
	for _, query := range []string{`a word:yes`, `/a/ word:yes`} {
		var lines []string
		for _, r := range b.rows(t, query) {
			lines = append(lines, strings.Split(r, ":")[2])
		}
		if got := strings.Join(lines, " "); got != "1 2 4 5 6" {
			t.Errorf("%s: lines %s", query, got)
		}
	}
}
