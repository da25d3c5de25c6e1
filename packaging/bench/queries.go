package main

import (
	"bytes"
	_ "embed"
	"errors"
	"fmt"
	"math/rand/v2"
	"regexp"
	"strings"
	"unicode/utf8"

	"vitrine/index/search"
)

// A sample is one thing to look for, in no tool's language: a literal or an
// RE2 regexp, of one line.
type sample struct {
	class  string
	text   string
	regexp bool
	fold   bool
}

// ours is the sample in our query language, for a release or, when it is "", all.
func (s sample) ours(release string) (*search.Query, error) {
	text := `"` + strings.ReplaceAll(s.text, `"`, `\"`) + `"`
	if s.regexp {
		text = "/" + strings.ReplaceAll(s.text, "/", `\/`) + "/"
	}
	if release != "" {
		text += ` release:"` + release + `"`
	}
	if s.fold {
		return search.Parse("case:no " + text)
	}
	return search.Parse("case:yes " + text)
}

// pattern is the sample as a regexp that every tool knows.
func (s sample) pattern() string {
	if s.regexp {
		return s.text
	}
	return regexp.QuoteMeta(s.text)
}

func (s sample) String() string {
	text := s.text
	if s.regexp {
		text = "/" + text + "/"
	}
	if s.fold {
		text += " (any case)"
	}
	return text
}

//go:embed queries.txt
var tuned string

// tunedSamples are those of queries.txt, on which the search was tuned.
func tunedSamples() ([]sample, error) {
	var all []sample
	for n, line := range strings.Split(strings.TrimSuffix(tuned, "\n"), "\n") {
		if line == "" || line[0] == '#' {
			continue
		}
		class, text, ok := strings.Cut(line, "\t")
		if !ok {
			return nil, fmt.Errorf("queries.txt:%d: no tab between class and query", n+1)
		}
		s := sample{class: class, text: text}
		if s.text, ok = strings.CutPrefix(s.text, "(?i)"); ok {
			s.fold = true
		}
		if len(s.text) > 2 && strings.HasPrefix(s.text, "/") && strings.HasSuffix(s.text, "/") {
			s.text, s.regexp = s.text[1:len(s.text)-1], true
		}
		all = append(all, s)
	}
	return all, nil
}

// A drawer draws samples at random from the texts of a corpus, so that nothing
// is tuned to a list.
type drawer struct {
	r    *rand.Rand
	text func() ([]byte, error) // one of them
}

var words = regexp.MustCompile(`[A-Za-z_][A-Za-z0-9_]+`)

// The classes that are drawn, and how.
var drawn = []struct {
	class string
	make  func(d *drawer, line string, word []int) (text string, isRegexp, ok bool)
}{
	{"word", func(_ *drawer, line string, w []int) (string, bool, bool) { return line[w[0]:w[1]], false, true }},
	{"3 letters", func(d *drawer, line string, w []int) (string, bool, bool) { return d.part(line[w[0]:w[1]], 3, 3) }},
	{"substring", func(d *drawer, line string, w []int) (string, bool, bool) { return d.part(line[w[0]:w[1]], 4, 9) }},
	{"phrase", func(d *drawer, line string, w []int) (string, bool, bool) {
		end := min(w[0]+6+d.r.IntN(30), len(line))
		text := strings.TrimRight(line[w[0]:end], " ")
		return text, false, end > w[1] && len(text) > w[1]-w[0]
	}},
	{"regexp", func(d *drawer, line string, w []int) (string, bool, bool) {
		word := line[w[0]:w[1]]
		if len(word) < 5 {
			return "", false, false
		}
		at := 1 + d.r.IntN(len(word)-2)
		q := regexp.QuoteMeta
		switch d.r.IntN(6) {
		case 0:
			return word[:at] + "[a-zA-Z_]" + word[at+1:], true, true
		case 1:
			return word[:at] + "[a-z_]+" + word[len(word)-1:], true, true
		case 2:
			return "(" + word + "|" + word[at:] + "x)", true, true
		case 3:
			return "^[ \t]*" + word, true, true
		case 4:
			return word[:max(at, 3)] + "[0-9]*[^a-z0-9]", true, true
		}
		rest := strings.TrimSpace(line[w[1]:])
		if len(rest) < 4 || len(rest) > 200 {
			return "", false, false
		}
		return word + ".*" + q(rest[len(rest)-3:]) + "$", true, true
	}},
}

func (d *drawer) part(word string, least, most int) (string, bool, bool) {
	if len(word) <= least {
		return "", false, false
	}
	n := min(least+d.r.IntN(most-least+1), len(word)-1)
	at := d.r.IntN(len(word) - n + 1)
	return word[at : at+n], false, true
}

// maxTries bounds how often a line is drawn that nothing can be made of; a
// corpus without a single word is no corpus.
const maxTries = 10_000

// maxWord is the longest word, in bytes, of which a sample is made: data that
// stands in text is nothing that people look for, and too long for a query.
const maxWord = 100

// draw makes n samples, classes in turn, every third for any case.
func (d *drawer) draw(n int) ([]sample, error) {
	var all []sample
	for tries := 0; len(all) < n; tries++ {
		if tries > maxTries*n {
			return nil, errors.New("the corpus has no words to search for")
		}
		line, err := d.line()
		if err != nil {
			return nil, err
		}
		at := words.FindAllStringIndex(line, -1)
		if len(at) == 0 {
			continue
		}
		c, word := drawn[len(all)%len(drawn)], at[d.r.IntN(len(at))]
		if word[1]-word[0] > maxWord {
			continue
		}
		text, isRegexp, ok := c.make(d, line, word)
		if !ok || text == "" || strings.ContainsAny(text, "\\\r\x00") && !isRegexp {
			continue
		}
		all = append(all, sample{class: c.class, text: text, regexp: isRegexp, fold: len(all)%3 == 2})
	}
	return all, nil
}

// line draws a line of ASCII text; of a file that has none it is "".
func (d *drawer) line() (string, error) {
	text, err := d.text()
	if err != nil || len(text) == 0 {
		return "", err
	}
	at := d.r.IntN(len(text))
	line := text[bytes.LastIndexByte(text[:at], '\n')+1:]
	if end := bytes.IndexByte(line, '\n'); end >= 0 {
		line = line[:end]
	}
	for _, c := range line {
		if c >= utf8.RuneSelf || c < ' ' && c != '\t' {
			return "", nil
		}
	}
	return string(line), nil
}
