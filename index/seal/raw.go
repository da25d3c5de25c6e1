package seal

import (
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"slices"
	"strconv"
	"unicode/utf16"
	"unicode/utf8"
)

// raw appends the canonical form of a JSON text, for instance one that a
// json.Marshaler wrote. encoding/json checks the grammar; what it would let
// pass or alter – duplicate members, half surrogates, bytes that are not UTF-8
// – is refused here.
func (w *writer) raw(data []byte, depth int) error {
	if !json.Valid(data) {
		return errors.New("not JSON")
	}
	s := &scanner{data: data}
	return s.value(w, depth)
}

// A scanner walks a JSON text that is known to be grammatical.
type scanner struct {
	data []byte
	at   int
}

// peek returns the next byte that is no white space.
func (s *scanner) peek() byte {
	for {
		switch c := s.data[s.at]; c {
		case ' ', '\t', '\n', '\r':
			s.at++
		default:
			return c
		}
	}
}

// take consumes c if it comes next.
func (s *scanner) take(c byte) bool {
	if s.peek() != c {
		return false
	}
	s.at++
	return true
}

func (s *scanner) value(w *writer, depth int) error {
	if depth > maxDepth {
		return fmt.Errorf("nested deeper than %d", maxDepth)
	}
	switch s.peek() {
	case '{':
		return s.object(w, depth)
	case '[':
		s.at++
		w.out = append(w.out, '[')
		for first := true; !s.take(']'); first = false {
			if !first {
				s.take(',')
				w.out = append(w.out, ',')
			}
			if err := s.value(w, depth+1); err != nil {
				return err
			}
		}
		w.out = append(w.out, ']')
		return nil
	case '"':
		text, err := s.text()
		if err != nil {
			return err
		}
		return w.text(text)
	}
	start := s.at
	for s.at < len(s.data) && !slices.Contains([]byte(" \t\r\n,]}"), s.data[s.at]) {
		s.at++
	}
	switch token := string(s.data[start:s.at]); token {
	case "true", "false", "null":
		w.out = append(w.out, token...)
		return nil
	default:
		return w.numeral(token)
	}
}

func (s *scanner) object(w *writer, depth int) error {
	type member struct {
		name string
		form []byte
	}
	var members []member
	s.at++
	for first := true; !s.take('}'); first = false {
		if !first {
			s.take(',')
			s.peek()
		}
		name, err := s.text()
		if err != nil {
			return err
		}
		s.take(':')
		one := new(writer)
		if err := one.text(name); err != nil {
			return err
		}
		one.out = append(one.out, ':')
		if err := s.value(one, depth+1); err != nil {
			return err
		}
		members = append(members, member{name, one.out})
	}
	slices.SortFunc(members, func(a, b member) int { return compareUTF16(a.name, b.name) })
	w.out = append(w.out, '{')
	for i, m := range members {
		if i > 0 {
			if m.name == members[i-1].name {
				return fmt.Errorf("two members named %q", excerpt(m.name))
			}
			w.out = append(w.out, ',')
		}
		w.out = append(w.out, m.form...)
	}
	w.out = append(w.out, '}')
	return nil
}

// text reads the string that begins at the quotation mark.
func (s *scanner) text() (string, error) {
	s.at++
	var b []byte
	for {
		switch c := s.data[s.at]; c {
		case '"':
			s.at++
			return string(b), nil
		case '\\':
			var err error
			if b, err = s.escape(b); err != nil {
				return "", err
			}
		default:
			b = append(b, c)
			s.at++
		}
	}
}

// escape appends what the escape that begins here stands for.
func (s *scanner) escape(b []byte) ([]byte, error) {
	c := s.data[s.at+1]
	if c != 'u' {
		s.at += 2
		if i := slices.Index([]byte(`bfnrt`), c); i >= 0 {
			c = "\b\f\n\r\t"[i]
		}
		return append(b, c), nil
	}
	r := s.unit()
	if utf16.IsSurrogate(r) {
		if s.data[s.at] != '\\' || s.data[s.at+1] != 'u' {
			return nil, fmt.Errorf("half a surrogate pair, \\u%04x", r)
		}
		if r = utf16.DecodeRune(r, s.unit()); r == utf8.RuneError {
			return nil, errors.New("two escapes that are no surrogate pair")
		}
	}
	return utf8.AppendRune(b, r), nil
}

// unit reads \uXXXX.
func (s *scanner) unit() rune {
	var r rune
	for _, c := range s.data[s.at+2 : s.at+6] {
		switch {
		case c <= '9':
			c -= '0'
		default:
			c = c | 0x20 - 'a' + 10
		}
		r = r<<4 | rune(c)
	}
	s.at += 6
	return r
}

// numeral writes a JSON number. One written without fraction and exponent is
// meant as a whole number, and refused if a double would alter it.
func (w *writer) numeral(token string) error {
	f, err := strconv.ParseFloat(token, 64)
	if err != nil || math.IsInf(f, 0) {
		return fmt.Errorf("number %s is beyond what JSON carries", excerpt(token))
	}
	start := len(w.out)
	if err := w.number(f); err != nil {
		return err
	}
	whole := !slices.ContainsFunc([]byte(token), func(c byte) bool { return c == '.' || c == 'e' || c == 'E' })
	if whole && token != "-0" && string(w.out[start:]) != token {
		return fmt.Errorf("whole number %s would be altered, it is beyond ±(2^53-1)", excerpt(token))
	}
	return nil
}
