package spoof

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

func everyRune(each func(r rune)) {
	for r := rune(0); r <= unicode.MaxRune; r++ {
		if r < 0xD800 || r >= 0xE000 {
			each(r)
		}
	}
}

// randomText is of characters that have something to them.
func randomText(rng *rand.Rand, n int) string {
	pools := []string{"abcHIl10mrn_", "аАсСеоОрхуЖшНК", "αβσορΔΩπ", "中文変数ラベルひら한글", "éèößæıſﬁＡｓ𝐬K", "\u200b\u200d\u202e\u2066\u2069\u00ad\ufeff\ufe0f", " \t\n\r(){};=.\"'/*", "\u0301\u0308\u0327\u05b0", "😀❤👩\u20e3", "\x00\x1b\x7f\x0c\u00a0\u2028", "\xff\xc3\xe2\x80", "ǃʼ‘’\u037e"}
	var b strings.Builder
	for range n {
		p := pools[rng.IntN(len(pools))]
		at := rng.IntN(len(p))
		for at > 0 && !utf8.RuneStart(p[at]) {
			at--
		}
		_, size := utf8.DecodeRuneInString(p[at:])
		b.WriteString(p[at : at+size])
	}
	return b.String()
}

// notIdempotent are the characters whose prototypes in confusables.txt 15.0.0 are composed,
// and look like something else once they are decomposed. ICU 72 gives the same skeletons.
const notIdempotent = "\u01c4\u01c5\u01c6\u048b\u321d\ufba4\ufba5\ufbb0\ufbb1\ufe81\ufe82\ufef5\ufef6"

// TestSkeletonIsIdempotent: the UTS asks for it of the data; so a skeleton's skeleton is itself.
func TestSkeletonIsIdempotent(t *testing.T) {
	everyRune(func(r rune) {
		s := Skeleton(string(r))
		if again := Skeleton(s); (again != s) != strings.ContainsRune(notIdempotent, r) {
			t.Errorf("%U: %+q, then %+q", r, s, again)
		}
	})
	rng := rand.New(rand.NewPCG(1, 2))
	for range 20_000 {
		s := strings.ToValidUTF8(randomText(rng, 12), "")
		if once := Skeleton(s); Skeleton(once) != once {
			t.Fatalf("%+q: %+q, then %+q", s, once, Skeleton(once))
		}
	}
}

// slowSkeleton is the definition, read from the table's text by itself: character by
// character, each looked for from the table's start.
func slowSkeleton(s string) string {
	var lines []string
	_, body, _ := strings.Cut(tablesText, "[alike]")
	body, _, _ = strings.Cut(body, "[scripts]")
	lines = strings.Split(strings.TrimSpace(body), "\n")[1:]
	var out []rune
	for _, r := range norm.NFD.String(s) {
		if ignorable(r) {
			continue
		}
		hex := fmt.Sprintf(" %X ", r)
		i := slices.IndexFunc(lines, func(l string) bool {
			_, from, _ := strings.Cut(l, ":")
			return strings.Contains(from+" ", hex)
		})
		if i < 0 {
			out = append(out, r)
			continue
		}
		to, _, _ := strings.Cut(lines[i], ":")
		proto, err := hexes(to, "+")
		if err != nil {
			panic(err)
		}
		out = append(out, proto...)
	}
	return norm.NFD.String(string(out))
}

func TestSkeletonAgainstItsDefinition(t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 4))
	for range 300 {
		s := strings.ToValidUTF8(randomText(rng, 8), "")
		if got, want := Skeleton(s), slowSkeleton(s); got != want {
			t.Fatalf("%+q: %+q, want %+q", s, got, want)
		}
	}
	for s, want := range map[string]string{"sayНello": "sayHello", "раураӀ": "paypal", "modern": "rnodern", "ﬁnd": "find"} {
		if got := Skeleton(s); got != want {
			t.Errorf("%s: %s, want %s", s, got, want)
		}
	}
}

// TestASCIISkeleton: the quick way for ASCII words is the same.
func TestASCIISkeleton(t *testing.T) {
	for c := range 128 {
		if wordByte[c] {
			w := []byte{'a', byte(c), 'z'}
			if got, want := string(asciiSkeleton(nil, w)), Skeleton(string(w)); got != want {
				t.Errorf("%q: %q, want %q", w, got, want)
			}
		}
	}
}

// TestPlain holds the eight bytes at a time against each byte by itself.
func TestPlain(t *testing.T) {
	slow := func(b []byte) int {
		for i, c := range b {
			if !(c >= ' ' && c < 0x7F || c == '\t' || c == '\n' || c == '\r' && (i+1 == len(b) || b[i+1] == '\n')) {
				return i
			}
		}
		return len(b)
	}
	for c := range 256 {
		for at := range 80 {
			for _, fill := range []string{"a", "\n", "~", " "} {
				b := bytes.Repeat([]byte(fill), 80)
				b[at] = byte(c)
				if got, want := plain(b), slow(b); got != want {
					t.Fatalf("byte %02x at %d among %q: %d, want %d", c, at, fill, got, want)
				}
			}
		}
	}
}

// TestHiddenIsComplete holds the labels against Unicode's own tables: whatever draws
// nothing or reorders must have a box.
func TestHiddenIsComplete(t *testing.T) {
	seen := map[string]rune{}
	everyRune(func(r rune) {
		label, c := Hidden(r)
		must := unicode.In(r, unicode.Cc, unicode.Cf, unicode.Zs, unicode.Zl, unicode.Zp, unicode.Bidi_Control, unicode.Join_Control,
			unicode.Other_Default_Ignorable_Code_Point, unicode.Variation_Selector, unicode.Noncharacter_Code_Point) && r != ' ' && r != '\t'
		if must && c == None {
			t.Errorf("%U is drawn as if it were visible", r)
		}
		if (c == Bidi) != unicode.Is(unicode.Bidi_Control, r) {
			t.Errorf("%U has the class %v", r, c)
		}
		if c == None {
			return
		}
		if label == "" || len(label) > 8 {
			t.Errorf("%U has the label %q", r, label)
		}
		if other, ok := seen[label]; ok {
			t.Errorf("%U and %U share the label %q", other, r, label)
		}
		seen[label] = r
	})
	for r, want := range map[rune]string{
		0: "NUL", '\r': "CR", 0x1B: "ESC", 0x7F: "DEL", 0x9B: "U+009B", 0x200B: "ZWSP", 0x202E: "RLO", 0xFE0F: "VS16", 0xE0100: "VS17",
		0xE0041: "TAG A", 0xE007F: "U+E007F", 0x3164: "HF", 0x2065: "U+2065", 0xFFFF: "U+FFFF", 0x1D173: "U+1D173",
	} {
		if got, c := Hidden(r); c == None || got != want {
			t.Errorf("%U is %q, %v; want %q", r, got, c, want)
		}
	}
	for _, r := range "\t a~é中Привет→א\u0301" {
		if got, c := Hidden(r); c != None {
			t.Errorf("%U is %v, %q", r, c, got)
		}
	}
}

// slowFindings finds what is hidden one character after the other, and words by cutting
// the text at each character that belongs to none.
func slowHidden(t Text) (out []Finding) {
	for at := 0; at < len(t.Bytes); {
		r, size := utf8.DecodeRune(t.Bytes[at:])
		if _, c := Hidden(r); c != None && r != '\n' && !t.usual(at, size, r) &&
			!(r == '\r' && (at+1 == len(t.Bytes) || t.Bytes[at+1] == '\n')) {
			out = append(out, Finding{From: at, To: at + size, Class: c, Rune: r})
		}
		at += size
	}
	return out
}

func checkFindings(t *testing.T, text []byte) {
	code := Text{Bytes: text, Code: func(from, to int) bool { return from%3 > 0 }}
	var hidden []Finding
	last := -1
	for f := range code.Findings {
		if f.From < 0 || f.To > len(text) || f.From >= f.To || f.From < last || (f.Class == LookAlike) != (f.Why != Innocent) {
			t.Fatalf("%q: %+v", text, f)
		}
		last = f.From
		if f.Class != LookAlike {
			hidden = append(hidden, f)
			continue
		}
		word := string(text[f.From:f.To])
		if f.Explain(word) == "" || f.Why != Twin && len(Suspects(word)) == 0 {
			t.Fatalf("%q: %+q is a finding for no reason: %+v", text, word, f)
		}
		if f.Why == Twin && (f.Twin == word || Skeleton(f.Twin) != Skeleton(word)) {
			t.Fatalf("%q: %+q is no twin of %+q", text, word, f.Twin)
		}
		for _, s := range Suspects(word) {
			if string(s.Rune) != word[s.At:s.At+s.Size] {
				t.Fatalf("%q: suspect %+v of %+q", text, s, word)
			}
		}
	}
	if want := slowHidden(code); !slices.Equal(hidden, want) {
		t.Fatalf("%q: hidden %+v\nwant %+v", text, hidden, want)
	}
}

func TestFindings(t *testing.T) {
	rng := rand.New(rand.NewPCG(5, 6))
	for i := range 20_000 {
		checkFindings(t, []byte(randomText(rng, i%60)))
	}
	checkFindings(t, []byte(strings.Repeat("а", 3*maxWord)))
	checkFindings(t, []byte(strings.Repeat("a", 3*maxWord)+"Н"+strings.Repeat("\u200b", 3*maxWord)))
}

func FuzzFindings(f *testing.F) {
	f.Add([]byte("sayНello(\u202e) say\u200bHello"))
	f.Add([]byte("\ufeff❤\ufe0f\x0c\r\r\n"))
	f.Fuzz(checkFindings)
}

// TestScripts has the examples of UTS #39, table 1.
func TestScripts(t *testing.T) {
	for s, single := range map[string]bool{"Circle": true, "СігсӀе": true, "Сirсlе": false, "Circ1e": true, "C𝗂𝗋𝖼𝗅𝖾": true, "𝖢𝗂𝗋𝖼𝗅𝖾": true, "〆切": true, "ねガ": true} {
		if got := !Resolve(s).empty(); got != single {
			t.Errorf("%s is of one script: %v", s, got)
		}
	}
	for s, want := range map[string]bool{"Circle中文": true, "ラベルAひら": true, "한글ABC": true, "ab한글ラ": false, "aЖ": false} {
		if got := highlyRestrictive(s); got != want {
			t.Errorf("%s is highly restrictive: %v", s, got)
		}
	}
	if v := Version(); v != "15.0.0" {
		t.Errorf("tables of Unicode %s: say so in the package comment", v)
	}
}

// TestRanges: what char: queries mean by a class is what is found.
func TestRanges(t *testing.T) {
	for _, c := range Classes() {
		pairs := Ranges(c)
		in := func(r rune) bool {
			for pair := range slices.Chunk(pairs, 2) {
				if pair[0] <= r && r <= pair[1] {
					return true
				}
			}
			return false
		}
		for _, r := range "\x00\x1b\u00a0\u202e\u200b\ufffd\uffffаoН\r\n\t ж中" {
			_, have := Hidden(r)
			want := have == c && r != '\r' && r != '\n' || c == LookAlike && (r == 'а' || r == 'Н')
			if in(r) != want {
				t.Errorf("%U is %v: %v", r, c, in(r))
			}
		}
	}
}

// BenchmarkValid is what to compare BenchmarkPlain with: Go's own look at each byte.
func BenchmarkValid(b *testing.B) {
	text := bytes.Repeat([]byte("\tif (entry->flags & CL_SCAN_ARCHIVE) { /* look inside */\n\t\treturn scan_archive(entry);\n\t}\n\n"), 10_000)
	b.SetBytes(int64(len(text)))
	for b.Loop() {
		if !utf8.Valid(text) {
			b.Fatal("not valid")
		}
	}
}

func BenchmarkPlain(b *testing.B) {
	text := bytes.Repeat([]byte("\tif (entry->flags & CL_SCAN_ARCHIVE) { /* look inside */\n\t\treturn scan_archive(entry);\n\t}\n\n"), 10_000)
	b.SetBytes(int64(len(text)))
	for b.Loop() {
		if !Plain(text) {
			b.Fatal("not plain")
		}
	}
}
