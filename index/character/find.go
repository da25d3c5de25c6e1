package character

import (
	"context"
	"strings"
	"sync"
	"unicode/utf8"

	"vitrine/index/content"
	"vitrine/index/lex"
	"vitrine/index/spoof"
)

// MaxFindings bounds the places of one text that are listed: nobody goes through more, and a
// dump of a terminal has millions. What is beyond is counted.
const MaxFindings = 10_000

// Counts is how often each class was found.
type Counts struct {
	Of    [7]uint32 // by spoof.Class
	Lines uint32    // on which there is anything
}

// Any reports whether there is anything.
func (c Counts) Any() bool { return c.Lines > 0 }

// Deceives reports whether there is anything by which code may do something else than it shows.
func (c Counts) Deceives() bool {
	for _, class := range spoof.Classes() {
		if class.Deceives() && c.Of[class] > 0 {
			return true
		}
	}
	return false
}

// Total is the number of all findings.
func (c Counts) Total() (n int) {
	for _, of := range c.Of {
		n += int(of)
	}
	return n
}

// A Finding is one hidden character or one word, where it stands.
type Finding struct {
	Line, Col int // 1-based; Col in bytes of the decoded line
	Text      string
	Class     spoof.Class
	why       spoof.Finding
}

// Label is what is drawn for the finding: "RLO", or the word.
func (f Finding) Label() string {
	if f.Class == spoof.LookAlike {
		return f.Text
	}
	label, _ := spoof.Hidden(f.why.Rune)
	return label
}

// Explain tells in a sentence what the finding is.
func (f Finding) Explain() string {
	if f.Class != spoof.LookAlike {
		return spoof.Describe(f.why.Rune)
	}
	text := f.why.Explain(f.Text)
	if f.why.Why == spoof.Twin {
		text = "Looks the same as the " + strings.TrimSuffix(f.other(), ".") + ", and is not."
	}
	return text
}

// other names the word of which this is the twin, by what differs.
func (f Finding) other() string {
	for _, r := range f.why.Twin {
		if r >= utf8.RuneSelf {
			return "word " + f.why.Twin + ", written with " + spoof.Describe(r)
		}
	}
	return "word " + f.why.Twin
}

// Suspects are the characters of a look-alike that make it one, as byte columns of the line,
// 1-based, each with what it is: see [spoof.Describe] and [spoof.Tag].
func (f Finding) Suspects() (list []Suspect) {
	if f.Class != spoof.LookAlike {
		return nil
	}
	found := spoof.Suspects(f.Text)
	for i, s := range found {
		x := Suspect{Col: f.Col + s.At, Size: s.Size, What: spoof.Describe(s.Rune)}
		if i+1 == len(found) || found[i+1].At != s.At+s.Size || spoof.Tag(found[i+1].Rune) != spoof.Tag(s.Rune) {
			x.Tag = spoof.Tag(s.Rune)
		}
		list = append(list, x)
	}
	return list
}

// A Suspect is a character of a look-alike. Of several of one kind beside each other the
// last has the Tag.
type Suspect struct {
	Col, Size int
	Tag, What string
}

// Describe tells what a character that is drawn as a box is; "" of an ordinary one.
func Describe(s string) string {
	r, _ := utf8.DecodeRuneInString(s)
	if _, class := spoof.Hidden(r); class == spoof.None {
		return ""
	}
	return spoof.Describe(r)
}

// In goes through a text that stands at a path, and lists at most MaxFindings of what it
// finds; counts is of all. When ctx ends it returns what it has, and ctx's error.
func In(ctx context.Context, path string, t *content.Text) (list []Finding, counts Counts, err error) {
	line, start, last := 1, 0, 0
	b := t.Bytes()
	each(path, b, func(f spoof.Finding) bool {
		counts.Of[f.Class]++
		for line < t.Lines() && t.Start(line+1) <= f.From {
			line++
			start = t.Start(line)
		}
		if line != last {
			last = line
			counts.Lines++
			err = ctx.Err()
		}
		if len(list) < MaxFindings {
			list = append(list, Finding{Line: line, Col: f.From - start + 1, Text: string(b[f.From:f.To]), Class: f.Class, why: f})
		}
		return err == nil
	})
	return list, counts, err
}

// count is In for who wants numbers.
func count(ctx context.Context, path string, b []byte) (c Counts, err error) {
	end := 0 // of the line of the finding before
	each(path, b, func(f spoof.Finding) bool {
		c.Of[f.Class]++
		if f.From >= end {
			c.Lines++
			for end = f.From; end < len(b) && b[end] != '\n'; end++ {
			}
			end++
			err = ctx.Err()
		}
		return err == nil
	})
	return c, err
}

// each finds what is in a text. Its language is looked at when a word depends on it.
func each(path string, b []byte, yield func(spoof.Finding) bool) {
	if spoof.Plain(b) {
		return
	}
	t := spoof.Text{Bytes: b}
	if l := lex.Detect(path, b); l != nil {
		regions := sync.OnceValue(func() *lex.Map { return lex.NewMap(l, b) })
		t.Code = func(from, to int) bool { return regions().Within(lex.AllCode, from, to) }
	}
	t.Findings(yield)
}
