package symbol

import "math/bits"

// The points of a match. A letter gets those of a word's beginning or those of
// following the letter before, whichever are more: what is written together is
// found first, then what begins words.
const (
	pointLetter  = 16
	pointWord    = 8 // at the beginning of a word
	pointCamel   = 7 // at a capital within one
	pointNext    = 8 // behind the letter matched before
	pointCase    = 1 // written as in the query
	lessGap      = 3 // a gap
	lessGapMore  = 1 // and each byte of it
	maxQuery     = 64
	maxFuzzyName = 256 // a longer name is matched in its beginning

	maxScore = maxQuery*(pointLetter+pointCase+pointNext) + pointWord
)

// A pattern is a word of a query, to be matched by a subsequence of a name.
type pattern struct {
	text   []byte // as written
	folded []byte
	mask   uint64
}

func newPattern(text string) *pattern {
	p := &pattern{text: []byte(text), mask: signature([]byte(text))}
	for _, c := range p.text {
		p.folded = append(p.folded, lower(c))
	}
	return p
}

// A scorer has the memory of one goroutine's matching.
type scorer struct {
	bonus      [maxFuzzyName]int16
	prev, best [maxFuzzyName]int16
	from       [][maxFuzzyName]int16 // only when places are asked for
}

const none = -1 << 14

// score is the best score of the pattern in the name, which it is within; with
// places also which bytes matched.
func (s *scorer) score(p *pattern, name []byte, places bool) (int, []int) {
	name = name[:min(len(name), maxFuzzyName)]
	n := len(name)
	s.setBonus(name)
	if places && len(s.from) < len(p.folded) {
		s.from = make([][maxFuzzyName]int16, len(p.folded))
	}
	prev, best := &s.prev, &s.best
	for i, c := range p.folded {
		// run is the best of the letters before, with the gap since; at is where.
		run, at := int16(none), int16(-1)
		if i == 0 {
			run = 0
		}
		for k := range n {
			if i > 0 && k > 0 {
				// The letter before at k-1, or earlier behind a gap.
				if run > none {
					run -= lessGapMore
				}
				if k > 1 && prev[k-2] > none && prev[k-2]-lessGap > run {
					run, at = prev[k-2]-lessGap, int16(k-2)
				}
			}
			score := int16(none)
			if lower(name[k]) == c {
				from := int16(-1)
				if i == 0 {
					score = s.bonus[k]
				} else {
					score, from = run, at
					if score > none {
						score += s.bonus[k]
					}
					if k > 0 && prev[k-1] > none && prev[k-1]+pointNext > score {
						score, from = prev[k-1]+pointNext, int16(k-1)
					}
				}
				if score > none {
					score += pointLetter
					if name[k] == p.text[i] {
						score += pointCase
					}
				}
				if places {
					s.from[i][k] = from
				}
			}
			best[k] = score
		}
		prev, best = best, prev
	}
	end := 0
	for k := range n {
		if prev[k] > prev[end] {
			end = k
		}
	}
	if prev[end] <= none {
		return none, nil // what matches lies behind maxFuzzyName
	}
	total := int(prev[end])
	if !places {
		return total, nil
	}
	out := make([]int, len(p.folded))
	for i, k := len(p.folded)-1, end; i >= 0; i-- {
		out[i] = k
		k = int(s.from[i][k])
	}
	return total, out
}

func (s *scorer) setBonus(name []byte) {
	last := byte('_')
	for i, c := range name {
		s.bonus[i] = bonusOf(last, c)
		last = c
	}
}

func isUpper(c byte) bool  { return 'A' <= c && c <= 'Z' }
func isDigit(c byte) bool  { return '0' <= c && c <= '9' }
func isLetter(c byte) bool { return c >= 0x80 || 'a' <= lower(c) && lower(c) <= 'z' || isDigit(c) }

// A matcher matches one name after the other, of which each begins as the one
// before it ends to: what was found out of the shared beginning is not done again.
type matcher struct {
	p     *pattern
	state [maxFuzzyName + 1]uint8 // letters matched before each byte
	table [256]byte               // lower-case of each byte

	known  int                      // how far state is of the name
	which  [256]uint64              // by lower-case byte, the pattern's letters that it is
	pairs  [maxFuzzyName + 1]uint64 // letters that stand behind the one before them, before each byte
	begins [maxFuzzyName + 1]uint64 // letters that begin words, before each byte
	firsts [maxFuzzyName + 1]uint8  // letters matched at the beginnings of words
	joined [maxFuzzyName + 1]bool   // all were matched following each other
	scored int                      // columns that are
	// By column plus two, and letter: the best score with the letter matched
	// there, and the best of the letter before with the gap since.
	at, run [][maxQuery]int16
	top     [maxFuzzyName + 1]int16 // the best score up to each column
}

func newMatcher(p *pattern) *matcher {
	m := &matcher{p: p, at: make([][maxQuery]int16, maxFuzzyName+2), run: make([][maxQuery]int16, maxFuzzyName+2)}
	for i := range m.table {
		m.table[i] = lower(byte(i))
	}
	for i, c := range p.folded {
		m.which[c] |= 1 << i
	}
	for c := range 2 {
		for i := range m.at[c] {
			m.at[c][i], m.run[c][i] = none, none
		}
	}
	m.top[0] = none
	return m
}

// skip passes over a name that shares so much with the one before.
func (m *matcher) skip(shared int) { m.known, m.scored = min(m.known, shared), min(m.scored, shared) }

// within reports whether the pattern's letters are in the name in order, a few of
// them as fewLetters says. The
// names since the last one were skipped.
func (m *matcher) within(name []byte) bool {
	if len(m.p.folded) <= fewLetters {
		return m.closely(name)
	}
	n := min(len(name), maxFuzzyName)
	matched := m.state[m.known]
	letters := m.p.folded
	pairs, starts := m.pairs[m.known], m.begins[m.known]
	last, before := byte('_'), uint64(0)
	if m.known > 0 {
		last = name[m.known-1]
		before = m.which[m.table[last]]
	}
	for k := m.known; k < n; k++ {
		c := name[k]
		folded := m.table[c]
		if int(matched) < len(letters) && folded == letters[matched] {
			matched++
		}
		is := m.which[folded]
		pairs |= is & (before << 1)
		if is != 0 && bonusOf(last, c) > 0 {
			starts |= is
		}
		m.state[k+1], m.pairs[k+1], m.begins[k+1] = matched, pairs, starts
		last, before = c, is
	}
	m.known = n
	return int(m.state[n]) == len(letters)
}

// most is the most that the last name can score, which the pattern is within: as a
// sieve says it of a gist, and as a sieve does not know it for few letters.
func (m *matcher) most() int {
	n := len(m.p.folded)
	if n <= fewLetters {
		return maxScore
	}
	pairs, starts := m.pairs[m.known], m.begins[m.known]
	next := bits.OnesCount64(pairs)
	words := bits.OnesCount64(starts &^ pairs &^ 1)
	return n*(pointLetter+pointCase) + int(starts&1)*pointWord + next*pointNext + words*(pointWord-lessGap) - (n-1-next-words)*lessGap
}

// fewLetters is up to how many letters a pattern's have to be together or to begin
// words: so few are scattered in every third name of Linux, which nobody means.
const fewLetters = 3

// closely is within for a pattern of few letters: it asks that they are together
// or begin words.
func (m *matcher) closely(name []byte) bool {
	n := min(len(name), maxFuzzyName)
	letters := m.p.folded
	matched, firsts, together := m.state[m.known], m.firsts[m.known], m.joined[m.known]
	last := byte('_')
	if m.known > 0 {
		last = name[m.known-1]
	}
	for k := m.known; k < n; k++ {
		c := name[k]
		folded := m.table[c]
		if int(matched) < len(letters) && folded == letters[matched] {
			matched++
		}
		if int(firsts) < len(letters) && folded == letters[firsts] && begins(last, c) {
			firsts++
		}
		if !together && folded == letters[len(letters)-1] {
			together = m.endsHere(name[:k+1])
		}
		m.state[k+1], m.firsts[k+1], m.joined[k+1] = matched, firsts, together
		last = c
	}
	m.known = n
	return m.joined[n] || int(m.firsts[n]) == len(letters)
}

// endsHere reports whether the text ends with the pattern.
func (m *matcher) endsHere(text []byte) bool {
	at := len(text) - len(m.p.folded)
	if at < 0 {
		return false
	}
	for i, c := range m.p.folded {
		if m.table[text[at+i]] != c {
			return false
		}
	}
	return true
}

// score is that of the last name, which the pattern is within.
func (m *matcher) score(name []byte) int {
	n := min(len(name), maxFuzzyName)
	letters, text := m.p.folded, m.p.text
	for k := m.scored; k < n; k++ {
		before := byte('_')
		if k > 0 {
			before = name[k-1]
		}
		c := name[k]
		folded := m.table[c]
		at, run := &m.at[k+2], &m.run[k+2]
		at1, at2, run1 := &m.at[k+1], &m.at[k], &m.run[k+1]
		// Letters that cannot be matched yet, or no more, have no score.
		for i := range letters {
			if i > int(m.state[k]) {
				at[i], run[i] = none, none
				continue
			}
			score, r := int16(none), int16(none)
			if i > 0 {
				r = max(run1[i]-lessGapMore, at2[i-1]-lessGap)
				r = max(r, none)
			}
			if folded == letters[i] {
				if i == 0 {
					score = bonusOf(before, c)
				} else {
					score = max(r+bonusOf(before, c), at1[i-1]+pointNext)
				}
				if score > none/2 {
					score += pointLetter
					if c == text[i] {
						score += pointCase
					}
				} else {
					score = none
				}
			}
			at[i], run[i] = score, r
		}
		m.top[k+1] = max(m.top[k], at[len(letters)-1])
	}
	m.scored = n
	return int(m.top[n])
}

func bonusOf(last, c byte) int16 {
	switch {
	case !isLetter(last) && isLetter(c):
		return pointWord
	case isUpper(c) && !isUpper(last), isDigit(c) && !isDigit(last):
		return pointCamel
	}
	return 0
}
