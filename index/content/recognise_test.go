package content

import (
	"bytes"
	"compress/gzip"
	"context"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/japanese"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/unicode"
)

// written is what people wrote, and in which encodings they would have.
var written = []struct {
	language string
	as       map[Encoding]encoding.Encoding
}{
	{"russian", map[Encoding]encoding.Encoding{Windows1251: charmap.Windows1251, KOI8R: charmap.KOI8R}},
	{"german", map[Encoding]encoding.Encoding{Windows1252: charmap.Windows1252, Latin1: charmap.ISO8859_1}},
	{"french", map[Encoding]encoding.Encoding{Windows1252: charmap.Windows1252, Latin1: charmap.ISO8859_1}},
	{"chinese", map[Encoding]encoding.Encoding{GB18030: simplifiedchinese.GBK}},
	{"japanese", map[Encoding]encoding.Encoding{ShiftJIS: japanese.ShiftJIS, EUCJP: japanese.EUCJP}},
}

var everywhere = map[Encoding]encoding.Encoding{
	UTF8:    unicode.UTF8,
	UTF16LE: unicode.UTF16(unicode.LittleEndian, unicode.IgnoreBOM), UTF16BE: unicode.UTF16(unicode.BigEndian, unicode.IgnoreBOM),
}

// slices cuts n pieces of these sizes, in characters, out of a language's text.
func slicesOf(t *testing.T, r *rand.Rand, language string, n, least, most int) (out []string) {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("testdata", "texts", language+".txt"))
	if err != nil {
		t.Fatal(err)
	}
	runes := []rune(string(data))
	for len(out) < n {
		size := least + r.IntN(most-least+1)
		at := r.IntN(len(runes) - size)
		s := string(runes[at : at+size])
		if utf8.RuneCountInString(s) != len(s) { // not ASCII alone
			out = append(out, s)
		}
	}
	return out
}

// inSource puts a text where source files have theirs.
func inSource(s string) string {
	return "#include <stdio.h>\n\n/* " + strings.ReplaceAll(s, "\n", "\n * ") + " */\n" +
		"static int twice(int x)\n{\n\tif (x < 0)\n\t\treturn -1;\n\treturn 2 * x; // [x] {y} | ~z\n}\n"
}

// TestRecognise draws texts at random, alone and as comments in source. Of a
// line or more nothing may be mistaken; of a word or two a few may.
func TestRecognise(t *testing.T) {
	r := rand.New(rand.NewPCG(7, 8))
	for _, c := range []struct {
		name                  string
		n, least, most, wrong int
	}{{"lines", 300, 40, 300, 0}, {"words", 300, 8, 20, 9}} {
		for _, w := range written {
			texts := slicesOf(t, r, w.language, c.n, c.least, c.most)
			for _, as := range []map[Encoding]encoding.Encoding{w.as, everywhere} {
				for want, peer := range as {
					wrong := 0
					for i, s := range texts {
						if i%2 == 0 || want.wide() { // which is told by the ASCII in it
							s = inSource(s)
						}
						raw, err := encoding.ReplaceUnsupported(peer.NewEncoder()).Bytes([]byte(s))
						if err != nil {
							t.Fatal(err)
						}
						raw = bytes.ReplaceAll(raw, []byte{0x1a}, []byte{'?'}) // what it replaces with
						x := textOf(raw)
						same := x.Encoding() == want ||
							want == Windows1252 && x.Encoding() == Latin1 && !strings.ContainsFunc(s, func(r rune) bool { return r > 0xff })
						if utf8.Valid(raw) && !want.wide() {
							same = x.Encoding() == UTF8
						}
						if !same {
							wrong++
							if wrong <= 3 {
								t.Logf("%s in %s is taken for %s: %q", w.language, want, x.Encoding(), s)
							}
						}
					}
					if wrong > c.wrong {
						t.Errorf("%s: %d of %d texts in %s, %s, are mistaken", c.name, wrong, len(texts), w.language, want)
					}
				}
			}
		}
	}
}

// TestBinaryStaysBinary takes executables, archives and pictures of this
// machine. What begins with text, by git's rule and ours, is left out.
func TestBinaryStaysBinary(t *testing.T) {
	var some [][]byte
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	exe, err := os.ReadFile(self)
	if err != nil {
		t.Fatal(err)
	}
	some = append(some, exe)
	r := rand.New(rand.NewPCG(9, 10))
	for i := range 400 { // compressed, of all sizes
		var z bytes.Buffer
		w := gzip.NewWriter(&z)
		at := r.IntN(len(exe) - 20000)
		if _, err := w.Write(exe[at : at+50*i]); err != nil {
			t.Fatal(err)
		}
		if err := w.Close(); err != nil {
			t.Fatal(err)
		}
		some = append(some, z.Bytes(), z.Bytes()[10:]) // and without a header that tells
	}
	for range 200 { // numbers of two bytes, small and any
		b := make([]byte, 2*(4+r.IntN(500)))
		for i := 0; i < len(b); i += 2 {
			b[i] = byte(r.Uint32())
			if r.IntN(2) == 0 {
				b[i+1] = byte(r.Uint32N(4))
			}
		}
		some = append(some, b)
	}
	pictures, err := filepath.Glob("/usr/share/icons/*/*/*/*.png")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range pictures[:min(len(pictures), 200)] {
		b, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		some = append(some, b)
	}
	texts := 0
	for _, b := range some {
		if e := recognise(b); e != Binary && len(b) > 64 {
			texts++
			t.Logf("%d bytes, %x…, are taken for %s", len(b), b[:16], e)
		}
	}
	if texts > 2 {
		t.Errorf("%d of %d binary files are taken for text", texts, len(some))
	}
}

// TestGoIsUTF8: the files that the go command compiles are UTF-8 by definition.
func TestGoIsUTF8(t *testing.T) {
	root, err := exec.CommandContext(context.Background(), "go", "env", "GOROOT").Output()
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	err = filepath.WalkDir(filepath.Join(strings.TrimSpace(string(root)), "src"), func(path string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() && e.Name() == "testdata" {
			return cmpErr(err, e)
		}
		if filepath.Ext(path) != ".go" || e.IsDir() {
			return nil
		}
		raw, err := os.ReadFile(path)
		if got := recognise(raw); err == nil && got != UTF8 {
			t.Errorf("%s is taken for %s", path, got)
		}
		n++
		return err
	})
	if err != nil || n == 0 {
		t.Errorf("%d files, %v", n, err)
	}
}

func cmpErr(err error, e fs.DirEntry) error {
	if err == nil && e.IsDir() {
		return fs.SkipDir
	}
	return err
}

// BenchmarkRecognise: what is UTF-8 must cost no more than one pass over memory.
func BenchmarkRecognise(b *testing.B) {
	ascii := bytes.Repeat([]byte("static int twice(int x) { return 2 * x; }\n"), 25000)
	russian, err := os.ReadFile(filepath.Join("testdata", "texts", "russian.txt"))
	if err != nil {
		b.Fatal(err)
	}
	legacy, err := encoding.ReplaceUnsupported(charmap.Windows1251.NewEncoder()).Bytes(bytes.Repeat(russian, 500))
	if err != nil {
		b.Fatal(err)
	}
	for name, raw := range map[string][]byte{"ascii": ascii, "utf-8": bytes.Repeat(russian, 500), "windows-1251": legacy} {
		b.Run(name, func(b *testing.B) {
			b.SetBytes(int64(len(raw)))
			for b.Loop() {
				runtime.KeepAlive(recognise(raw))
			}
		})
		b.Run("decode "+name, func(b *testing.B) {
			b.SetBytes(int64(len(raw)))
			for b.Loop() {
				runtime.KeepAlive(fmt.Sprint(len(textOf(raw).Bytes())))
			}
		})
	}
}
