package code

import (
	"context"
	"errors"
	"fmt"
	"math/rand"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"
)

func TestFind(t *testing.T) {
	src := text{"buf_put32(out, 0);", "  Buf_Put32(BUF_PUT32)\r", "", "xbuf buf bufx aaa", "größe GRÖSSE Größe", "a.b a+b", "xa-a-a", "k\u212a\u017fK"}
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
		{"\u212a", FindOptions{}, "8:1-2 8:2-5 8:7-8"},
		{"k", FindOptions{}, "8:1-2 8:2-5 8:7-8"},
		{"sk", FindOptions{}, "8:5-8"},
		{"buf", FindOptions{In: []Range{{Pos{1, 2}, Pos{2, 14}}}}, "2:3-6"},
		{"buf", FindOptions{In: []Range{{Pos{1, 1}, Pos{1, 4}}, {Pos{2, 4}, Pos{2, 16}}, {Pos{4, 1}, Pos{4, 8}}}}, "1:1-4 2:13-16 4:2-5"},
		{"^ *b", FindOptions{Regexp: true, In: []Range{{Pos{2, 2}, Pos{9, 1}}}}, ""},
		{"x", FindOptions{In: []Range{}}, ""},
		{"", FindOptions{}, ""},
		{"nowhere", FindOptions{}, ""},
	} {
		found, err := Find(t.Context(), src, c.pattern, c.opt)
		if err != nil {
			t.Errorf("%q %+v: %v", c.pattern, c.opt, err)
		}
		var got []string
		for _, h := range found.Hits {
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
	for _, re := range []bool{false, true} {
		found, err := Find(t.Context(), text{strings.Repeat("ab", 2*MaxHits)}, "a", FindOptions{Regexp: re})
		if err != nil || len(found.Hits) != MaxHits || found.Total != 2*MaxHits || found.More {
			t.Errorf("got %d hits of %d, %v; want %d of all", len(found.Hits), found.Total, err, MaxHits)
		}
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if found, err := Find(ctx, text{strings.Repeat("x", 1<<20)}, "a", FindOptions{}); !errors.Is(err, context.Canceled) || !found.More {
		t.Errorf("a cancelled search says %v", err)
	}
}

// TestFindReadsBack: every hit of a case-insensitive literal is the literal.
func TestFindReadsBack(t *testing.T) {
	src := text{"Foo foo fOO\tfoo", strings.Repeat("foo", 50), "föö foo"}
	found, err := Find(t.Context(), src, "FOO", FindOptions{})
	if err != nil || len(found.Hits) != 4+50+1 || found.Total != len(found.Hits) {
		t.Fatalf("got %d hits, %v", len(found.Hits), err)
	}
	for _, h := range found.Hits {
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
		found, err := Find(t.Context(), src, pattern, FindOptions{Case: sensitive, Word: word, Regexp: re})
		if err != nil {
			return
		}
		last := Pos{1, 1}
		for _, h := range found.Hits {
			if h.From.Before(last) || !h.From.Before(h.To) || h.From.Line != h.To.Line || h.To.Col-1 > len(body(src.Line(h.To.Line))) {
				t.Fatalf("hit %v of %q in %q, behind %v", h, pattern, s, last)
			}
			last = h.To
		}
	})
}

// TestFoldedIsRegexps: the quick search in any case finds what the general one does.
func TestFoldedIsRegexps(t *testing.T) {
	rng := rand.New(rand.NewSource(1))
	letters := []string{"a", "A", "b", "B", "k", "K", "s", "S", "_", " ", "\u212a", "\u017f", "é", "\xff"}
	word := func(n int) string {
		var b strings.Builder
		for range n {
			b.WriteString(letters[rng.Intn(len(letters))])
		}
		return b.String()
	}
	for range 3000 {
		src, pattern := text{word(rng.Intn(30)), word(rng.Intn(30))}, word(1+rng.Intn(3))
		if !utf8.ValidString(pattern) {
			continue
		}
		got, err := Find(t.Context(), src, pattern, FindOptions{})
		if err != nil {
			t.Fatal(err)
		}
		want, err := Find(t.Context(), src, regexp.QuoteMeta(pattern), FindOptions{Regexp: true})
		if err != nil || !slices.Equal(got.Hits, want.Hits) {
			t.Fatalf("%q in %q: %v, want %v (%v)", pattern, src, got.Hits, want.Hits, err)
		}
	}
}

func TestPatternErrors(t *testing.T) {
	for _, c := range []struct {
		pattern string
		at      int
		says    string
	}{
		{"a(b(c)", 1, "parenthesis is not closed, at character 2"},
		{"é(b", 2, "at character 2."},
		{"a)", 1, "closes nothing, at character 2"},
		{`\)[)]a)`, 6, "closes nothing, at character 7"},
		{"ab[cd", 2, "bracket is not closed, at character 3"},
		{"*a", 0, "nothing before it to repeat, at character 1"},
		{"x[z-a]", 2, "upside down, at character 3"},
		{"a{2000}", 1, "The limit is 1000"},
		{`a\`, 1, "at the end stands for nothing"},
		{`(a)\1`, 3, "Back references"},
		{"a(?=b)", 1, "Looking ahead or behind is not known here"},
		{"a(?!b)", 1, "Looking ahead or behind is not known here"},
		{`\y`, 0, "is not known"},
		{"a**", 1, "repeats what is repeated"},
	} {
		_, err := Find(t.Context(), text{"x"}, c.pattern, FindOptions{Regexp: true})
		var e *PatternError
		if !errors.As(err, &e) || e.At != c.at || !strings.Contains(e.Text, c.says) {
			t.Errorf("%q says %v, want %q at %d", c.pattern, err, c.says, c.at)
		}
	}
}
