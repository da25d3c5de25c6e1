package review

import (
	"os/exec"
	"strings"
	"testing"

	"vitrine/index/content"
	"vitrine/index/deposit"
)

var paths = []string{"a.c", "dir/b c.h", "größe/文.c", "caf\xe9.c", `"quoted"`, `back\slash`, "tab\tand\nline", "del\x7f", "\x01\xff\\\"", "ends\""}

func TestQuotePath(t *testing.T) {
	seen := map[string]string{}
	for _, p := range paths {
		q := QuotePath(p)
		if back, err := UnquotePath(q); err != nil || back != p {
			t.Errorf("%q became %q and %q (%v)", p, q, back, err)
		}
		if other, ok := seen[q]; ok {
			t.Errorf("%q and %q both became %q", p, other, q)
		}
		seen[q] = p
	}
	if got := QuotePath("caf\xe9.c"); got != `"caf\351.c"` {
		t.Errorf("QuotePath gives %s", got)
	}
	for _, bad := range []string{`"`, `"open`, `"\x"`, `"\40"`, `"\400"`, `"trailing\"`} {
		if got, err := UnquotePath(bad); err == nil {
			t.Errorf("%s was read as %q", bad, got)
		}
	}
}

// git, the oracle, quotes the paths that are quoted here in a form that reads
// back to the same path.
func TestGitQuotes(t *testing.T) {
	dir := t.TempDir()
	git := func(stdin string, args ...string) string {
		t.Helper()
		c := exec.Command("git", append([]string{"-C", dir}, args...)...)
		c.Stdin = strings.NewReader(stdin)
		out, err := c.Output()
		if err != nil {
			t.Fatalf("git %v: %v", args, err)
		}
		return string(out)
	}
	git("", "init", "-q")
	blob := strings.TrimSpace(git("x", "hash-object", "-w", "--stdin"))
	for _, p := range []string{"caf\xe9.c", "\x02\xfe\\\""} {
		tree := strings.TrimSpace(git("100644 blob "+blob+"\t"+p+"\x00", "mktree", "-z"))
		if got := strings.TrimSuffix(git("", "ls-tree", "--name-only", tree), "\n"); got != QuotePath(p) {
			t.Errorf("git prints %s, QuotePath %s", got, QuotePath(p))
		}
	}
}

func FuzzUnquotePath(f *testing.F) {
	for _, p := range paths {
		f.Add(p)
		f.Add(QuotePath(p))
	}
	f.Fuzz(func(t *testing.T, s string) {
		if back, err := UnquotePath(QuotePath(s)); err != nil || back != s {
			t.Fatalf("%q came back as %q (%v)", s, back, err)
		}
		if raw, err := UnquotePath(s); err == nil && checkPath(s) == nil && QuotePath(raw) != s {
			t.Fatalf("%q is accepted beside %q", s, QuotePath(raw))
		}
	})
}

func TestAt(t *testing.T) {
	raw := []byte("int größe;\n\tx = \"日本\";\n")
	text := content.Decode(deposit.Digest{7}, raw)
	place := deposit.Place{Release: "v1", Path: "caf\xe9.c"}
	// From "größe" (byte column 5) to the closing quote after 日本 (byte column 13).
	l := At(text, place, 1, 5, 2, 13)
	want := Location{
		Span:     deposit.Span{Blob: deposit.Digest{7}, From: 4, To: 13 + 12},
		Place:    deposit.Place{Release: "v1", Path: `"caf\351.c"`},
		FromLine: 1, FromColumn: 5, ToLine: 2, ToColumn: 9,
	}
	if l != want {
		t.Errorf("got  %+v\nwant %+v", l, want)
	}
	if got := string(raw[l.Span.From:l.Span.To]); got != "größe;\n\tx = \"日本" {
		t.Errorf("the span is %q", got)
	}
	if l.RawPlace() != place {
		t.Errorf("the place came back as %+v", l.RawPlace())
	}
	if all := At(text, place, 1, 1, 99, 1); all.Span.To != int64(len(raw)) || all.ToLine != 3 || all.ToColumn != 1 {
		t.Errorf("everything is %+v", all)
	}
	empty := At(content.Decode(deposit.Digest{8}, nil), place, 1, 1, 1, 1)
	if empty.Span.To != 0 || !empty.Lines() {
		t.Errorf("the empty file is %+v", empty)
	}
	bin := At(content.Decode(deposit.Digest{9}, []byte("\x7fELF\x00\x00")), place, 1, 1, 1, 1)
	if bin.Lines() || bin.Span.From != 0 || bin.Span.To != 6 {
		t.Errorf("a binary is %+v", bin)
	}
	for _, l := range []Location{l, empty, bin} {
		if err := l.Validate(); err != nil {
			t.Error(err)
		}
	}
}
