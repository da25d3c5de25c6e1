package symbol

// The points of a match. A letter that begins a word counts as much as two that
// follow each other, so that "kma" finds k_m_a before xkmay.
const (
	pointLetter  = 16
	pointWord    = 8 // at the beginning of a word
	pointCamel   = 7 // at a capital within one
	pointNext    = 6 // behind the letter matched before
	pointCase    = 1 // written as in the query
	pointFirst   = 8 // for the first letter, if it begins the name
	lessGap      = 3 // a gap
	lessGapMore  = 1 // and each byte of it
	maxQuery     = 64
	maxFuzzyName = 256 // a longer name is matched in its beginning
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

// within reports whether the letters of the pattern are in the name in order.
func (p *pattern) within(name []byte) bool {
	i := 0
	for _, c := range name {
		if lower(c) == p.folded[i] {
			if i++; i == len(p.folded) {
				return true
			}
		}
	}
	return false
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
					score = 0
					if k == 0 {
						score = pointFirst
					}
				} else {
					score, from = run, at
					if k > 0 && prev[k-1] > none && prev[k-1]+pointNext > score {
						score, from = prev[k-1]+pointNext, int16(k-1)
					}
				}
				if score > none {
					score += pointLetter + s.bonus[k]
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
		var b int16
		switch {
		case !isLetter(last) && isLetter(c):
			b = pointWord
		case isUpper(c) && !isUpper(last), isDigit(c) && !isDigit(last):
			b = pointCamel
		}
		s.bonus[i] = b
		last = c
	}
}

func isUpper(c byte) bool  { return 'A' <= c && c <= 'Z' }
func isDigit(c byte) bool  { return '0' <= c && c <= '9' }
func isLetter(c byte) bool { return c >= 0x80 || 'a' <= lower(c) && lower(c) <= 'z' || isDigit(c) }
