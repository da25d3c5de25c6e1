package code

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
)

func TestFind(t *testing.T) {
	src := text{"buf_put32(out, 0);", "  Buf_Put32(BUF_PUT32)\r", "", "xbuf buf bufx aaa", "größe GRÖSSE Größe", "a.b a+b", "xa-a-a"}
	for _, c := range []struct {
		pattern string
		opt     FindOptions
		want    string // line:from-to, 1-based byte columns
	}{
		{"buf_put32", FindOptions{Case: true}, "1:1-10"},
		{"buf_put32", FindOptions{}, "1:1-10 2:3-12 2:13-22"},
		{"buf", FindOptions{Case: true, Word: true}, "4:6-9"},
		{"buf", FindOptions{Word: true}, "4:6-9"},
		{"a-a", FindOptions{Case: true, Word: true}, "7:4-7"},
		{"a-a", FindOptions{Word: true}, "7:4-7"},
		{"aa", FindOptions{Case: true}, "4:15-17"},
		{"größe", FindOptions{}, "5:1-8 5:17-24"},
		{"a.b", FindOptions{}, "6:1-4"},
		{"a.b", FindOptions{Regexp: true}, "6:1-4 6:5-8"},
		{"^ *b", FindOptions{Regexp: true}, "1:1-2 2:1-4"},
		{`\)$`, FindOptions{Regexp: true}, "2:22-23"},
		{"x*", FindOptions{Regexp: true}, "4:1-2 4:13-14 7:1-2"},
		{"B|out", FindOptions{Regexp: true, Case: true}, "1:11-14 2:3-4 2:13-14"},
		{"", FindOptions{}, ""},
		{"nowhere", FindOptions{}, ""},
	} {
		hits, err := Find(t.Context(), src, c.pattern, c.opt)
		if err != nil {
			t.Errorf("%q %+v: %v", c.pattern, c.opt, err)
		}
		var got []string
		for _, h := range hits {
			got = append(got, fmt.Sprintf("%d:%d-%d", h.From.Line, h.From.Col, h.To.Col))
		}
		if strings.Join(got, " ") != c.want {
			t.Errorf("%q %+v: got %v, want %s", c.pattern, c.opt, got, c.want)
		}
	}
}

func TestFindRefuses(t *testing.T) {
	for _, p := range []string{"(", "a)(b", strings.Repeat("x", MaxPattern+1)} {
		if _, err := Find(t.Context(), text{"x"}, p, FindOptions{Regexp: true}); err == nil {
			t.Errorf("pattern %.10q is taken", p)
		}
	}
}

func TestFindIsBounded(t *testing.T) {
	hits, err := Find(t.Context(), text{strings.Repeat("ab", 2*MaxHits)}, "a", FindOptions{})
	if err != nil || len(hits) != MaxHits {
		t.Errorf("got %d hits, %v; want %d", len(hits), err, MaxHits)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := Find(ctx, text{strings.Repeat("x", 1<<20)}, "a", FindOptions{}); !errors.Is(err, context.Canceled) {
		t.Errorf("a cancelled search says %v", err)
	}
}

// TestFindReadsBack: every hit of a case-insensitive literal is the literal.
func TestFindReadsBack(t *testing.T) {
	src := text{"Foo foo fOO\tfoo", strings.Repeat("foo", 50), "föö foo"}
	hits, err := Find(t.Context(), src, "FOO", FindOptions{})
	if err != nil || len(hits) != 4+50+1 {
		t.Fatalf("got %d hits, %v", len(hits), err)
	}
	for _, h := range hits {
		if s := src[h.From.Line-1][h.From.Col-1 : h.To.Col-1]; !strings.EqualFold(s, "foo") {
			t.Errorf("%v is %q", h, s)
		}
	}
}

// FuzzFind: whatever pattern and text, hits are in order, apart, not empty, and in the text.
func FuzzFind(f *testing.F) {
	f.Add("a|b", "xa\nby\r", true, false, true)
	f.Add("É", "é\xffÉ", false, true, false)
	f.Add(`\b`, "a b", true, true, true)
	f.Fuzz(func(t *testing.T, pattern, s string, sensitive, word, re bool) {
		src := text(strings.Split(s, "\n"))
		hits, err := Find(t.Context(), src, pattern, FindOptions{sensitive, word, re})
		if err != nil {
			return
		}
		last := Pos{1, 1}
		for _, h := range hits {
			if h.From.Before(last) || !h.From.Before(h.To) || h.From.Line != h.To.Line || h.To.Col-1 > len(body(src.Line(h.To.Line))) {
				t.Fatalf("hit %v of %q in %q, behind %v", h, pattern, s, last)
			}
			last = h.To
		}
	})
}
