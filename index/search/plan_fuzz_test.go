package search

import (
	"bytes"
	"context"
	"regexp"
	"strings"
	"testing"
)

// FuzzPlan holds what the planner asks of a document against package regexp: what has a
// line that a regexp matches must pass all of it, or it would be missed.
func FuzzPlan(f *testing.F) {
	for _, expr := range []string{
		`foo`, `(foo|bar)_?[a-z]+\(`, `^#define [A-Z_]+ 0x`, `[0-9]{6,}`, `static (inline )?int [a-z_]+init\(`, `\bTODO\b.*fix`, `a b`, `x->y`, `é+[k-s]`,
		`(?i)K[ſs]t?`, `[^a]b*c$`, `(a|b|)c?d{2,3}`, `\w+\.\pL`, `(ab c|d ef)+ g`, `(?:a b){2}`, `b [cd]e`, `int (f|g)`,
	} {
		for _, text := range []string{
			"static int foo_init(void);\n", "x->y = foo_bar(123456789);\n#define A_B 0x12\n", "TODO: a b c fix\nKst kſT \u212as\n", "ab c gab cab c g\nd ef g\n",
			"é k\nint f int go\n", "\tb ce  b de\nb c\n",
		} {
			f.Add(expr, false, text)
			f.Add(expr, true, text)
		}
	}
	f.Fuzz(func(t *testing.T, expr string, fold bool, text string) {
		if strings.ContainsAny(expr, "\n/") || strings.Contains(expr, `\`) && strings.HasSuffix(expr, `\`) {
			return // the query would be another one
		}
		yesOrNo := map[bool]string{true: "no", false: "yes"}[fold]
		q, err := Parse("/" + expr + "/ case:" + yesOrNo)
		if err != nil || len(q.groups) != 1 || len(q.groups[0].terms) != 1 {
			return
		}
		term := q.groups[0].terms[0]
		flags := ""
		if fold {
			flags = "(?i)"
		}
		std, err := regexp.Compile(flags + expr)
		if err != nil {
			return
		}
		text = strings.ToValidUTF8(text, "\ufffd")
		words, boundaries := dictionaryOf(text)
		if strings.Contains(words, strings.Repeat("x", maxWord)) || len(text) > 1<<14 {
			return
		}
		for line := range bytes.Lines([]byte(text)) {
			if line = bytes.TrimSuffix(line, []byte("\n")); !std.Match(line) {
				continue
			}
			if term.re.appendAll(context.Background(), nil, line, 1) == nil {
				t.Fatalf("%q is not found in %q", expr, line)
			}
			folded := foldString(string(line))
			if a := q.groups[0].anchors; len(a) > 0 && !containsAny(folded, a) {
				t.Fatalf("%q: of the anchors %q, none is in %q", expr, a, line)
			}
			for _, set := range term.sets {
				if !mayHave(set, words, boundaries) {
					t.Fatalf("%q: %q is asked of %q, in which %q matches", expr, set, text, line)
				}
			}
			if w := term.word; w != nil {
				a := w.automatons.Get().(*automaton)
				if !containsAny(words, w.strings()) || a.line(context.Background(), []byte(words), 0) < 0 {
					t.Fatalf("%q: no word of %q has the part of which a match is, though %q matches", expr, text, line)
				}
				w.automatons.Put(a)
			}
		}
	})
}

func (w *wordPart) strings() (out []string) {
	for _, p := range w.patterns {
		out = append(out, string(p))
	}
	return out
}

func containsAny(s string, of []string) bool {
	for _, o := range of {
		if strings.Contains(s, o) {
			return true
		}
	}
	return false
}

// dictionaryOf lists the words of a text, and what stands between them, as the package
// comment says; each with a "\n" before and one behind all.
func dictionaryOf(text string) (words, boundaries string) {
	word := regexp.MustCompile(`[A-Za-z0-9_\x{80}-\x{10ffff}]+`)
	words, boundaries = "\n", "\n"
	for line := range strings.Lines(foldString(text)) {
		last := []int(nil)
		for _, at := range word.FindAllStringIndex(line, -1) {
			w := line[at[0]:at[1]]
			words += w + "\n"
			if last != nil {
				gap := line[last[1]:at[0]]
				next := w[:1]
				if gap == " " {
					next = w[:min(2, len(w))]
				}
				if len(gap) <= maxBoundary {
					boundaries += line[last[1]-1:last[1]] + gap + next + "\n"
				}
			}
			last = at
		}
	}
	return words, boundaries
}

// mayHave reports whether what the planner asks of one of the literals is there.
func mayHave(set []string, words, boundaries string) bool {
	for _, literal := range set {
		all := true
		for _, r := range runsOf(literal) {
			all = all && strings.Contains(words, string(r.pattern()))
		}
		for _, b := range boundariesOf(literal) {
			all = all && strings.Contains(boundaries, b)
		}
		if all {
			return true
		}
	}
	return false
}
