package fuzzy

import (
	"math/bits"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// What finding a letter is worth: see the package comment.
const (
	letterWorth = 1
	baseWorth   = 1
	rowWorth    = 7
	startWorth  = 8
	gapCost     = 4
)

const (
	// maxPiece bounds a piece's letters, which are numbered by the bits of a word. Longer
	// ones are pasted and not typed: what is beyond is not looked at.
	maxPiece = 63
	// maxPieces bounds what one name costs.
	maxPieces = 8
	// maxName bounds what is looked at of a name; git stops at 4 KiB itself.
	maxName = 4096
)

// A Query is what was typed, prepared. The zero Query matches every name.
type Query struct {
	pieces []piece
	need   uint64 // the characters that a name must have
}

// A piece is letters without a space between them.
type piece struct {
	text string
	n    int             // letters
	at   [128]uint64     // bit i of at[c]: letter i is c, in either case
	wide map[rune]uint64 // the same for letters beyond ASCII
}

// Parse takes apart what was typed. A backslash counts as a slash: paths are pasted from
// build logs, too.
func Parse(typed string) Query {
	var q Query
	for text := range strings.FieldsSeq(typed) {
		if len(q.pieces) == maxPieces {
			break
		}
		p := piece{text: strings.ReplaceAll(text, `\`, "/")}
		for _, r := range p.text {
			if p.n == maxPiece {
				break
			}
			r = unicode.ToLower(r)
			bit := uint64(1) << p.n
			p.n++
			q.need |= sign(r)
			if r >= utf8.RuneSelf {
				if p.wide == nil {
					p.wide = map[rune]uint64{}
				}
				p.wide[r] |= bit
				continue
			}
			p.at[r] |= bit
			if 'a' <= r && r <= 'z' {
				p.at[r-'a'+'A'] |= bit
			}
		}
		q.pieces = append(q.pieces, p)
	}
	return q
}

// Empty reports whether nothing was typed.
func (q Query) Empty() bool { return len(q.pieces) == 0 }

// narrows reports whether every name that q finds is found by old too.
func (q Query) narrows(old Query) bool {
	if len(old.pieces) > len(q.pieces) {
		return false
	}
	for i := range old.pieces {
		if !strings.HasPrefix(q.pieces[i].text, old.pieces[i].text) {
			return false
		}
	}
	return true
}

// Score is how well the query fits a name; ok is false when it does not at all. Scores
// of different queries cannot be compared.
func (q Query) Score(name string) (score int, ok bool) {
	name = name[:min(len(name), maxName)]
	base := strings.LastIndexByte(name, '/') + 1
	for i := range q.pieces {
		var s state
		s.begin()
		s.run(&q.pieces[i], name, 0, base)
		one, ok := s.result(&q.pieces[i])
		if !ok {
			return 0, false
		}
		score += one
	}
	return score, true
}

// sign is a character's bit in a set of them; all that is rare in names shares one.
func sign(r rune) uint64 {
	switch {
	case 'a' <= r && r <= 'z':
		return 1 << (r - 'a')
	case 'A' <= r && r <= 'Z':
		return 1 << (r - 'A')
	case '0' <= r && r <= '9':
		return 1 << (26 + r - '0')
	case r > ' ' && r < '0':
		return 1 << (36 + (r-' ')%16)
	}
	return 1 << 63
}

// signs is the set of a name's characters.
func signs(name string) (set uint64) {
	for _, r := range name {
		set |= sign(unicode.ToLower(r))
	}
	return set
}

// beginsWord reports whether a word of s begins at byte i.
func beginsWord(s string, i int) bool {
	if i == 0 {
		return true
	}
	before, here := s[i-1], s[i]
	if before < utf8.RuneSelf && here < utf8.RuneSelf {
		return separates(rune(before)) || 'a' <= before && before <= 'z' && 'A' <= here && here <= 'Z'
	}
	b, _ := utf8.DecodeLastRuneInString(s[:i])
	h, _ := utf8.DecodeRuneInString(s[i:])
	return separates(b) || unicode.IsLower(b) && unicode.IsUpper(h)
}

func separates(r rune) bool {
	switch r {
	case '/', '_', '-', '.', ' ', ':':
		return true
	}
	return false
}

// A state is how well the first letters of a piece are found in the beginning of a
// name. Letters are counted: [k] is about the first k of them.
type state struct {
	best [maxPiece + 1]int32 // anywhere
	last [maxPiece + 1]int32 // letter k being the name's last character so far, where hot has bit k
	seen uint64              // bit k: best[k] holds
	hot  uint64
}

func (s *state) begin() {
	s.best[0] = 0
	s.seen, s.hot = 1, 0
}

// letters is which of the piece's letters a character is, in the bits of a state.
func (p *piece) letters(name string, i int) (set uint64, size int) {
	if c := name[i]; c < utf8.RuneSelf {
		return p.at[c], 1
	}
	r, size := utf8.DecodeRuneInString(name[i:])
	if r = unicode.ToLower(r); r < utf8.RuneSelf {
		return p.at[r], size
	}
	return p.wide[r], size
}

// run goes on through name from byte from; the base name begins at base.
func (s *state) run(p *piece, name string, from, base int) {
	for i := from; i < len(name); {
		var set uint64
		size := 1
		if c := name[i]; c < utf8.RuneSelf {
			set = p.at[c]
		} else {
			set, size = p.letters(name, i)
		}
		// Letter k+1 of the piece is found here if the k before it are found already.
		if set &= s.seen; set == 0 {
			s.hot = 0
			i += size
			continue
		}
		worth := int32(letterWorth)
		if i >= base {
			worth += baseWorth
		}
		if beginsWord(name, i) {
			worth += startWorth
		}
		hot := uint64(0)
		for set != 0 { // the later letters first: they build on what was before this character
			k := bits.Len64(set) - 1
			set &^= 1 << k
			v := s.best[k] - gapCost
			if s.hot>>k&1 == 1 {
				v = max(v, s.last[k]+rowWorth)
			}
			v += worth
			next := uint64(1) << (k + 1)
			s.last[k+1] = v
			hot |= next
			if s.seen&next == 0 || v > s.best[k+1] {
				s.best[k+1] = v
				s.seen |= next
			}
		}
		s.hot = hot
		i += size
	}
}

func (s *state) result(p *piece) (score int, ok bool) {
	return int(s.best[p.n]), s.seen>>p.n&1 == 1
}

// Hits are the byte ranges of name in which the query is found, sorted and apart; nil
// when it is not.
func (q Query) Hits(name string) [][2]int {
	name = name[:min(len(name), maxName)]
	base := strings.LastIndexByte(name, '/') + 1
	var all [][2]int
	for i := range q.pieces {
		hits := q.pieces[i].trace(name, base)
		if hits == nil {
			return nil
		}
		all = append(all, hits...)
	}
	slices.SortFunc(all, func(a, b [2]int) int { return a[0] - b[0] })
	out := all[:0]
	for _, h := range all {
		if n := len(out); n > 0 && h[0] <= out[n-1][1] {
			out[n-1][1] = max(out[n-1][1], h[1])
			continue
		}
		out = append(out, h)
	}
	return out
}

// trace is the best way to find a piece, a range for each letter, in order.
func (p *piece) trace(name string, base int) [][2]int {
	type step struct {
		s    state
		i, n int // the character behind which this is the state
	}
	steps := []step{{}}
	steps[0].s.begin()
	for i := 0; i < len(name); {
		_, size := p.letters(name, i)
		s := steps[len(steps)-1].s
		s.run(p, name[:i+size], i, base)
		steps = append(steps, step{s, i, size})
		i += size
	}
	end := &steps[len(steps)-1].s
	if _, ok := end.result(p); !ok {
		return nil
	}
	hits := make([][2]int, p.n)
	at, inRow := len(steps)-1, false
	for k := p.n; k > 0; k-- {
		// The letter's place: right here when it is in a row with the next, else the last
		// character at which its best score came up.
		if !inRow {
			want := steps[at].s.best[k]
			for steps[at].s.hot>>k&1 == 0 || steps[at].s.last[k] != want {
				at--
			}
		}
		here, before := &steps[at], &steps[at-1].s
		hits[k-1] = [2]int{here.i, here.i + here.n}
		inRow = before.hot>>(k-1)&1 == 1 && before.last[k-1]+rowWorth >= before.best[k-1]-gapCost
		at--
	}
	return hits
}
