package search

import (
	"encoding/binary"
	"regexp/syntax"
	"slices"
	"sort"
	"unicode"
	"unicode/utf8"
)

const (
	// maxClasses bounds the kinds of characters that a regexp tells apart; ordinary ones
	// have ten. One with more is left to package regexp.
	maxClasses = 256

	// maxIntervals bounds the work of finding them: \pL has 1300 intervals.
	maxIntervals = 20_000
)

// A machine is a regexp, or its reverse, as package regexp compiles it, with the
// characters that it does not tell apart taken together. It is immutable.
type machine struct {
	prog    *syntax.Prog
	longest bool // of all matches, not the one that package regexp prefers
	looks   syntax.EmptyOp
	start   bool        // a match begins at the text's beginning only
	bytes   [256]uint16 // classes; of what is not ASCII, one that leads nowhere
	inLine  [256]uint16 // the same, but the "\n" leads nowhere either
	from    []rune      // where the intervals begin
	class   []uint16    // of these
	samples []rune      // a character per class; the last is -1, the text's end
	accepts [][]bool    // per instruction, the classes that it takes; nil for others
}

// newMachine returns nil for what has too many classes.
func newMachine(re *syntax.Regexp, longest bool) (*machine, error) {
	prog, err := syntax.Compile(re.Simplify())
	if err != nil {
		return nil, err
	}
	m := &machine{prog: prog, longest: longest, start: prog.StartCond()&syntax.EmptyBeginText != 0}
	if !m.classify() {
		return nil, nil
	}
	return m, nil
}

// classify finds the classes: intervals in which all instructions take the same.
func (m *machine) classify() bool {
	bounds := map[rune]bool{0: true, '\n': true, '\n' + 1: true, utf8.RuneSelf: true}
	add := func(lo, hi rune) { bounds[lo], bounds[hi+1] = true, true }
	for _, r := range "09AZ__az" { // what \b tells apart
		bounds[r], bounds[r+1] = true, true
	}
	distinct := map[string]*syntax.Inst{}
	keys := make([]string, len(m.prog.Inst))
	for pc := range m.prog.Inst {
		i := &m.prog.Inst[pc]
		switch i.Op {
		case syntax.InstEmptyWidth:
			m.looks |= syntax.EmptyOp(i.Arg)
			continue
		case syntax.InstRune, syntax.InstRune1, syntax.InstRuneAny, syntax.InstRuneAnyNotNL:
		default:
			continue
		}
		key := string(rune(i.Op)) + string(rune(i.Arg)) + runeKey(i.Rune)
		keys[pc] = key
		if distinct[key] != nil {
			continue
		}
		distinct[key] = i
		if len(i.Rune) == 1 {
			r := i.Rune[0]
			add(r, r)
			for o := unicode.SimpleFold(r); o != r; o = unicode.SimpleFold(o) {
				add(o, o)
			}
		}
		for n := 0; n+1 < len(i.Rune); n += 2 {
			add(i.Rune[n], i.Rune[n+1])
		}
		if len(bounds) > maxIntervals {
			return false
		}
	}
	for r := range bounds {
		m.from = append(m.from, r)
	}
	slices.Sort(m.from)
	names := make([]string, 0, len(distinct))
	for key := range distinct {
		names = append(names, key)
	}
	if len(names)*len(m.from) > 100*maxIntervals {
		return false
	}
	// Of each interval: what its characters are to \b and (?m)$, and who takes them.
	signature := make([]byte, len(names)+1)
	seen := map[string]uint16{}
	taken := map[string][]bool{}
	for _, r := range m.from {
		signature[0] = byte(neighbourOf(r))
		for n, key := range names {
			signature[n+1] = 0
			if distinct[key].MatchRune(r) {
				signature[n+1] = 1
			}
		}
		c, ok := seen[string(signature)]
		if !ok {
			if c = uint16(len(seen)); c == maxClasses {
				return false
			}
			seen[string(signature)] = c
			m.samples = append(m.samples, r)
			for n, key := range names {
				taken[key] = append(taken[key], signature[n+1] == 1)
			}
		}
		m.class = append(m.class, c)
	}
	m.samples = append(m.samples, -1)
	for b := range m.bytes {
		if m.bytes[b] = m.nowhere(); b < utf8.RuneSelf {
			m.bytes[b] = m.classOf(rune(b))
		}
	}
	m.inLine = m.bytes
	m.inLine['\n'] = m.nowhere()
	m.accepts = make([][]bool, len(keys))
	for pc, key := range keys {
		m.accepts[pc] = taken[key]
	}
	return true
}

func runeKey(runes []rune) string {
	var out []byte
	for _, r := range runes {
		out = binary.BigEndian.AppendUint32(out, uint32(r))
	}
	return string(out)
}

func (m *machine) classOf(r rune) uint16 {
	return m.class[sort.Search(len(m.from), func(i int) bool { return m.from[i] > r })-1]
}

// end is the class of the text's end.
func (m *machine) end() uint16 { return uint16(len(m.samples) - 1) }

// nowhere is the class of which a table has no entries: so it takes no look at a byte to
// know that it is special.
func (m *machine) nowhere() uint16 { return uint16(len(m.samples)) }

// width is that of a table's rows.
func (m *machine) width() int { return len(m.samples) + 1 }

// A neighbour is what a character is to assertions such as \b and (?m)^.
type neighbour byte

const (
	otherChar neighbour = iota
	wordChar
	lineChar
	noChar
)

var neighbours = [...]rune{otherChar: ' ', wordChar: 'a', lineChar: '\n', noChar: -1}

func neighbourOf(r rune) neighbour {
	switch {
	case r < 0:
		return noChar
	case r == '\n':
		return lineChar
	case syntax.IsWordChar(r):
		return wordChar
	}
	return otherChar
}

// before is the kind of a character as far as the regexp looks.
func (m *machine) before(r rune) neighbour {
	k := neighbourOf(r)
	const word = syntax.EmptyWordBoundary | syntax.EmptyNoWordBoundary
	switch {
	case k == wordChar && m.looks&word == 0,
		k == lineChar && m.looks&syntax.EmptyBeginLine == 0,
		k == noChar && m.looks&(syntax.EmptyBeginLine|syntax.EmptyBeginText) == 0:
		return otherChar
	}
	return k
}

// reverse is the regexp of the texts that re matches, read from their ends.
func reverse(re *syntax.Regexp) *syntax.Regexp {
	out := *re
	out.Sub = make([]*syntax.Regexp, len(re.Sub))
	for i, sub := range re.Sub {
		out.Sub[i] = reverse(sub)
	}
	out.Sub0, out.Rune0 = [1]*syntax.Regexp{}, [2]rune{}
	switch re.Op {
	case syntax.OpConcat:
		slices.Reverse(out.Sub)
	case syntax.OpLiteral:
		out.Rune = slices.Clone(re.Rune)
		slices.Reverse(out.Rune)
	case syntax.OpBeginText:
		out.Op = syntax.OpEndText
	case syntax.OpEndText:
		out.Op = syntax.OpBeginText
	case syntax.OpBeginLine:
		out.Op = syntax.OpEndLine
	case syntax.OpEndLine:
		out.Op = syntax.OpBeginLine
	}
	return &out
}
