package search

import (
	"bytes"
	"context"
	"math/rand/v2"
	"strings"
	"testing"
)

// TestNeedle holds a needle's places against those that are found in folded text, one
// after the other.
func TestNeedle(t *testing.T) {
	r := rand.New(rand.NewPCG(11, 12))
	alphabet := []string{"a", "A", "b", "B", "k", "K", "(", "_", "9", "\n", "é", "É", "\u212a", "中"}
	draw := func(n int) (s string) {
		for range n {
			s += alphabet[r.IntN(len(alphabet))]
		}
		return s
	}
	cases := map[anyCase]int{}
	for range 20_000 {
		text, literal := draw(r.IntN(1<<r.IntN(9))), draw(1+r.IntN(4))
		hay := []byte(text)
		n := newNeedle(literal)
		exact := newCursor(&n, hay, true)
		hold(t, &exact, text, literal)
		lower := foldString(literal)
		m := newNeedle(lower)
		cases[m.anyCase]++
		if m.anyCase == inAnyText || m.anyCase == inASCII && isASCII(hay) {
			inAnyCase := newCursor(&m, hay, false)
			hold(t, &inAnyCase, foldString(strings.ReplaceAll(text, "\u212a", "\u4e2d")), lower) // of the same length
		}
	}
	if len(cases) < 3 {
		t.Errorf("only %v", cases)
	}
}

func hold(t *testing.T, c *cursor, text, literal string) {
	t.Helper()
	for at := 0; at <= len(text); at++ {
		want := strings.Index(text[at:], literal)
		if want >= 0 {
			want += at
		}
		if got := c.next(context.Background(), at); got != want {
			t.Fatalf("%q in %q from %d on: %d, want %d", literal, c.hay, at, got, want)
		}
	}
}

// FuzzNeedle looks for any literal in any text.
func FuzzNeedle(f *testing.F) {
	f.Add([]byte(strings.Repeat("static int Get_foo(void);\n", 20)), "get_", 3)
	f.Add([]byte(strings.Repeat("zq", 100)), "qz", 0)
	f.Add(bytes.Repeat([]byte{'a'}, 95), "aa", 40)
	f.Fuzz(func(t *testing.T, hay []byte, literal string, at int) {
		if literal == "" || at < 0 || at > len(hay) {
			return
		}
		n := newNeedle(literal)
		c := newCursor(&n, hay, true)
		want := strings.Index(string(hay[at:]), literal)
		if want >= 0 {
			want += at
		}
		if got := c.next(context.Background(), at); got != want {
			t.Fatalf("%q from %d on: %d, want %d", literal, at, got, want)
		}
	})
}

// TestIsASCII looks at a byte over 0x7f at every place.
func TestIsASCII(t *testing.T) {
	for n := range 80 {
		b := bytes.Repeat([]byte{0x7f}, n)
		if !isASCII(b) {
			t.Errorf("%d bytes", n)
		}
		for i := range b {
			if b[i] = 0x80; isASCII(b) {
				t.Errorf("%d bytes, the one at %d is not", n, i)
			}
			b[i] = 'a'
		}
	}
}
