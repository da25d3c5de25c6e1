package spoof

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// A Reason is why a word is a LookAlike; the package comment defines them.
type Reason uint8

// The reasons.
const (
	Innocent Reason = iota
	Mixed
	Reads
	Letter
	Twin
)

// isWord reports whether a character can stand in an identifier (UAX #31, ID_Continue).
func isWord(r rune) bool {
	if r < utf8.RuneSelf {
		return wordByte[r]
	}
	return unicode.In(r, unicode.L, unicode.Mn, unicode.Mc, unicode.Nd, unicode.Nl, unicode.Pc, unicode.Other_ID_Start, unicode.Other_ID_Continue)
}

// A letter is a character of a word that is more than its bytes.
type letter struct {
	r        rune
	at, size int
	scripts  Scripts
	alike    bool // it reads as ASCII, and that is no custom
	formula  bool // it stands for a quantity
}

// isFormula: the letters of mathematics are Greek, or variants of Latin ones that Unicode has
// for it.
func isFormula(r rune) bool {
	return r >= 0x370 && r <= 0x3FF && r != 0x37E || r >= 0x1F00 && r <= 0x1FFF || r == 0x2126 || r >= 0x1D400 && r <= 0x1D7FF
}

// distinct are the letters of formulas that confusables.txt has for Latin ones (y and o) and
// no font draws so.
func distinct(r rune) bool { return r == 'γ' || r == 'σ' }

// european are letters of living alphabets of Europe; ſ is none any more.
func european(r rune) bool { return r >= 0xC0 && r <= 0x17F && r != 'ſ' }

// A chunk is what of a word stands between two "_".
type chunk struct {
	letters []letter // beyond ASCII, without what draws nothing
	count   int      // of letters, ASCII too
	ascii   int      // of these
	scripts Scripts  // resolved, without formulas
	reads   bool     // all of letters read as ASCII
	alike   int
	text    string
}

// chunks takes a word apart.
func chunks(word string, each func(at int, c chunk)) {
	at := 0
	for part := range strings.SplitSeq(word, "_") {
		if c := newChunk(part); len(c.letters) > 0 {
			each(at, c)
		}
		at += len(part) + 1
	}
}

func newChunk(s string) chunk {
	c := chunk{text: s, scripts: Scripts{^uint64(0), ^uint64(0), ^uint64(0)}, reads: true}
	for _, r := range s {
		if unicode.IsLetter(r) {
			c.count++
			if r < utf8.RuneSelf {
				c.ascii++
			}
		}
	}
	before := rune(0)
	for at, r := range s {
		if r < utf8.RuneSelf {
			if before = r; c.ascii > 0 && unicode.IsLetter(r) {
				c.scripts = c.scripts.and(ScriptsOf(r))
			}
			continue
		}
		size := utf8.RuneLen(r)
		if r == utf8.RuneError || ignorable(r) {
			continue
		}
		l := letter{r: r, at: at, size: size, scripts: ScriptsOf(r)}
		reads := isASCII(prototype(r))
		behind, _ := utf8.DecodeRuneInString(s[at+size:])
		alone := !unicode.IsLetter(before) && !unicode.IsLetter(behind)
		l.formula = isFormula(r) && (!reads || alone || c.count <= 2 || distinct(r))
		l.alike = reads && !l.formula && !european(r)
		c.reads = c.reads && (l.alike || reads && european(r))
		if l.alike {
			c.alike++
		}
		if !l.formula {
			c.scripts = c.scripts.and(l.scripts)
		}
		c.letters = append(c.letters, l)
		before = r
	}
	return c
}

// judge tells why a chunk is a finding in code, and in prose.
func (c *chunk) judge() (code, prose Reason) {
	if c.scripts.empty() && c.ascii > 0 && c.reads && c.alike > 0 {
		prose = Mixed
	}
	if c.scripts.empty() && !highlyRestrictive(c.text) {
		return Mixed, prose
	}
	if c.alike == 0 {
		return Innocent, prose
	}
	for _, l := range c.letters {
		switch p := prototype(l.r); {
		case !l.alike:
		case !wordByte[p[0]]: // it passes for an operator
			return Letter, prose
		case c.ascii > 0 && (l.scripts.Has("Latn") || l.scripts.full()):
			return Letter, prose
		}
	}
	first := c.letters[0].scripts
	switch {
	case c.ascii > 0 || !c.reads:
	case c.count > 1 && (first.Has("Latn") || first.full()):
		return Letter, prose
	case c.count > 1 || first.Has("Cyrl"):
		return Reads, prose
	}
	return Innocent, prose
}

// judge is the first reason that a word of its own, without its surroundings, gives.
func judge(word string) (code, prose Reason) {
	chunks(word, func(_ int, c chunk) {
		inCode, inProse := c.judge()
		if code == Innocent {
			code = inCode
		}
		if prose == Innocent {
			prose = inProse
		}
	})
	return code, prose
}

// A Suspect is a character of a word that makes it a LookAlike.
type Suspect struct {
	At, Size int // bytes of the word
	Rune     rune
}

// Suspects are the characters of a word to look at: those that read as ASCII, else those
// of another script than Latin, else all beyond ASCII. What draws nothing is no suspect.
func Suspects(word string) []Suspect {
	pick := func(want func(c *chunk, l *letter) bool) (out []Suspect) {
		chunks(word, func(at int, c chunk) {
			for i := range c.letters {
				if l := &c.letters[i]; want(&c, l) {
					out = append(out, Suspect{at + l.at, l.size, l.r})
				}
			}
		})
		return out
	}
	if s := pick(func(c *chunk, l *letter) bool { return l.alike }); s != nil {
		return s
	}
	if s := pick(func(c *chunk, l *letter) bool {
		return c.scripts.empty() && !l.formula && !l.scripts.Has("Latn") && !l.scripts.full()
	}); s != nil {
		return s
	}
	return pick(func(*chunk, *letter) bool { return true })
}

// Explain tells a reviewer why a word is a finding, in one sentence.
func (f Finding) Explain(word string) string {
	reading := Reading(word)
	switch f.Why {
	case Mixed:
		return "Mixes " + scriptsIn(word) + "; reads as " + reading + "."
	case Reads:
		return "Is " + scriptsIn(word) + " throughout; reads as " + reading + "."
	case Letter:
		return "Reads as " + reading + ", but is another word."
	case Twin:
		return "Looks the same as another word here, and is not."
	}
	return ""
}

func scriptsIn(word string) string {
	var names []string
	seen := map[string]bool{"": true}
	for _, r := range word {
		if n := scriptName(r); !seen[n] {
			seen[n] = true
			names = append(names, n)
		}
	}
	if len(names) > 1 {
		return strings.Join(names[:len(names)-1], ", ") + " and " + names[len(names)-1]
	}
	return strings.Join(names, "")
}
