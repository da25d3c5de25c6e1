package lex

import (
	"bytes"
	"fmt"
	"testing"
)

// check holds what must be true of any text.
func check(l *Lang, text []byte) error {
	s := NewScanner(l, text)
	b, n := NewMapBuilder(s), NewNesting(s)
	b.spacing = 0
	end, line := int32(0), int32(1)
	var tokens []Token
	for t := s.Next(); t.Kind != EOF; t = s.Next() {
		if t.Start < end || t.End <= t.Start || int(t.End) > len(text) {
			return fmt.Errorf("token %+v after one that ends at %d", t, end)
		}
		line += int32(bytes.Count(text[end:t.Start], newline))
		if t.Line != line {
			return fmt.Errorf("token %+v is on line %d", t, line)
		}
		line += int32(bytes.Count(text[t.Start:t.End], newline))
		end = t.End
		b.Add(t)
		n.Add(t)
		tokens = append(tokens, t)
		if len(tokens) > len(text) {
			return fmt.Errorf("more tokens than bytes")
		}
	}
	m := b.Map()
	st := n.Structure()
	at := 0
	for r := range m.Regions(0, len(text)) {
		if r.Start != at || r.End <= r.Start {
			return fmt.Errorf("region %+v after one that ends at %d", r, at)
		}
		at = r.End
	}
	if at != len(text) {
		return fmt.Errorf("regions end at %d of %d", at, len(text))
	}
	if err := checkRestarts(l, text, m, tokens); err != nil {
		return err
	}
	return checkStructure(text, st)
}

// checkRestarts scans from restart points: the tokens must be the whole scan's.
func checkRestarts(l *Lang, text []byte, m *Map, tokens []Token) error {
	step := 1 + len(m.restarts)/50
	for i := 0; i < len(m.restarts); i += step {
		r := m.restarts[i]
		if r.offset > 0 && text[r.offset-1] != '\n' {
			return fmt.Errorf("restart point %d is no line start", r.offset)
		}
		if reg, ok := m.At(int(r.offset)); ok && reg.Start < int(r.offset) && reg.Kind != Code {
			return fmt.Errorf("restart point %d is within %+v", r.offset, reg)
		}
		if at, line := m.Restart(int(r.offset)); at != int(r.offset) || line != int(r.line) {
			return fmt.Errorf("Restart(%d) = %d, %d", r.offset, at, line)
		}
		s := new(Scanner)
		s.ResetAt(l, text, int(r.offset), int(r.line))
		k := 0
		for k < len(tokens) && tokens[k].Start < r.offset {
			k++
		}
		for t := s.Next(); ; t = s.Next() {
			if t.Kind == EOF {
				if k != len(tokens) {
					return fmt.Errorf("from %d %d tokens of %d", r.offset, k, len(tokens))
				}
				break
			}
			if k >= len(tokens) || tokens[k] != t {
				return fmt.Errorf("from restart point %d: token %+v, from the start %+v", r.offset, t, tokens[min(k, len(tokens)-1)])
			}
			k++
		}
	}
	return nil
}

func checkStructure(text []byte, st *Structure) error {
	last := bytes.Count(text, newline) + 1
	for i := range st.Len() {
		b := st.Block(i)
		if b.Head > b.Open || b.Open >= b.Close || b.Close > len(text) || b.HeadLine > b.OpenLine || b.OpenLine > b.CloseLine || b.CloseLine > last || b.Parent >= i {
			return fmt.Errorf("block %d: %+v", i, b)
		}
		if i > 0 && st.Block(i-1).Open > b.Open {
			return fmt.Errorf("block %d opens before the one before it", i)
		}
	}
	for line := 1; line <= last; line += 1 + last/100 {
		for _, b := range st.Enclosing(line) {
			if line < b.OpenLine || line > b.CloseLine {
				return fmt.Errorf("line %d is not in %+v", line, b)
			}
		}
	}
	for at := 0; at < len(text); at += 1 + len(text)/100 {
		for _, c := range st.Conditions(at) {
			if at < c.Start || at >= c.End {
				return fmt.Errorf("offset %d is not under %+v", at, c)
			}
		}
	}
	prev := Fold{}
	for _, f := range st.Folds() {
		if f.First >= f.Last || f.Last > last || f.First < prev.First {
			return fmt.Errorf("fold %+v after %+v of %d lines", f, prev, last)
		}
		prev = f
	}
	return nil
}

func FuzzLex(f *testing.F) {
	for _, c := range cases {
		for i, l := range languages {
			if l.id == c.lang {
				f.Add(uint8(i), []byte(c.text))
			}
		}
	}
	f.Fuzz(func(t *testing.T, lang uint8, text []byte) {
		l := languages[int(lang)%len(languages)]
		if err := check(l, text); err != nil {
			t.Fatalf("%s: %v\n%q", l.id, err, text)
		}
	})
}
