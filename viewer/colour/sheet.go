package colour

import (
	"slices"
	"sort"
	"strings"

	"github.com/alecthomas/chroma/v2"

	"vitrine/viewer/code"
)

// A sheet gathers the tokens of some lines.
type sheet struct {
	text     Text
	from, to int // lines
	emit     func(Slice)
	known    *sheet // what was told of these lines before

	at        int // offset up to which there are tokens
	line, col int // the same
	lines     [][]code.Token
	told      int // lines
	reached   int // the last line that got tokens
}

func newSheet(t Text, from, to int, emit func(Slice)) *sheet {
	return &sheet{text: t, from: from, to: to, emit: emit, lines: make([][]code.Token, to-from+1)}
}

// begin sets the place where the next token begins, forgetting what a stretch that is
// made again has given behind it.
func (s *sheet) begin(at int) {
	s.at = at
	s.line = lineAt(s.text, at)
	s.col = at - s.text.Start(s.line)
	for n := max(s.line, s.from); n <= s.reached; n++ {
		row, keep := &s.lines[n-s.from], 0
		for n == s.line && keep < len(*row) && (*row)[keep].To <= s.col {
			keep++
		}
		*row = (*row)[:keep]
	}
}

// lineAt is the line in which an offset lies.
func lineAt(t Text, at int) int {
	return max(sort.Search(t.Lines(), func(i int) bool { return t.Start(i+1) > at }), 1)
}

// add places a token behind the one before.
func (s *sheet) add(t chroma.Token) {
	class := classOf(t.Type)
	rest := t.Value
	for rest != "" {
		piece, after, ends := strings.Cut(rest, "\n")
		if piece != "" {
			s.put(len(piece), class)
			s.col += len(piece)
		}
		if !ends {
			break
		}
		rest = after
		if s.line >= s.text.Lines() {
			s.col++ // the last "\n"
			break
		}
		s.line++
		s.col = 0
	}
	s.at = s.text.Start(s.line) + s.col
}

func (s *sheet) put(n int, class code.Class) {
	if class == code.Plain || s.line < s.from || s.line > s.to {
		return
	}
	s.reached = s.line
	row := &s.lines[s.line-s.from]
	if k := len(*row); k > 0 && (*row)[k-1].To == s.col && (*row)[k-1].Class == class {
		(*row)[k-1].To += n
		return
	}
	*row = append(*row, code.Token{From: s.col, To: s.col + n, Class: class})
}

// commit tells of the lines that are complete.
func (s *sheet) commit() {
	whole := min(s.line, s.to+1) - s.from // lines before the one under way
	if s.at >= len(s.text.Bytes()) {
		whole = s.to + 1 - s.from
	}
	s.tell(whole)
	if i := s.line - s.from; s.col > longLine && i >= s.told && i < len(s.lines) && len(s.lines[i]) > 1 && s.known == nil {
		sofar := s.lines[i][:len(s.lines[i])-1] // the last one may grow
		s.emit(Slice{From: s.line, Lines: [][]code.Token{sofar[:len(sofar):len(sofar)]}})
	}
}

// flush tells of all.
func (s *sheet) flush() { s.tell(len(s.lines)) }

func (s *sheet) tell(n int) {
	if n = min(n, len(s.lines)); n <= s.told {
		return
	}
	from := s.told
	s.told = n
	if s.known != nil {
		for from < n && slices.Equal(s.lines[from], s.known.lines[from]) {
			from++
		}
		for n > from && slices.Equal(s.lines[n-1], s.known.lines[n-1]) {
			n--
		}
	}
	if from < n {
		s.emit(Slice{From: s.from + from, Lines: slices.Clone(s.lines[from:n])})
	}
}
