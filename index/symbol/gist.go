package symbol

import (
	"context"
	"fmt"
	"math"
	"math/bits"
	"strings"
	"sync"
)

// A search reads few of the names: most are passed over by what is kept of each in 16
// bytes of memory, their gist, and of each group in 104. They are made when a release
// is prepared, by reading all names once, a quarter of a second for the four million of
// Linux.
//
// A gist tells which letters are in the name's first half and which in the second,
// so that most names are passed over that have a query's letters in another order;
// which letters begin words, and some of which follow each other: from both, more
// than what the name can score.

// maxGists bounds the names that have gists, and with them the memory, to some
// 150 MB: twice Linux. Names behind them are read, if their group's letters are the query's.
const maxGists = 8 << 20

const (
	halfBits  = 28 // letters, digits, any other byte
	beginBits = 25 // letters but for the rarest, these, digits, any other byte
	pairBits  = 64 - beginBits
	pairWords = 13 // of bits of halfBits by halfBits pairs, then beginBits, then a byte
)

// A gist is what is kept of a name.
type gist struct {
	letters uint64 // of the first half, of the second, and the length
	joins   uint64 // letters that begin words, pairs
}

// maxGistLength is where lengths end in gists; few names are longer.
const maxGistLength = 1<<(64-2*halfBits) - 1

// A sheet has the letters of the gists of a group by columns: each bit of theirs for all
// names at once, so that a few steps tell for all of them.
type sheet [64]uint32

// set writes the letters of name k.
func (s *sheet) set(k int, letters uint64) {
	for ; letters != 0; letters &= letters - 1 {
		s[bits.TrailingZeros64(letters)] |= 1 << k
	}
}

// length is that of name k, up to maxGistLength.
func (s *sheet) length(k int) (n int) {
	for i := 2 * halfBits; i < len(s); i++ {
		n |= int(s[i]>>k&1) << (i - 2*halfBits)
	}
	return n
}

// A groupGist has a bit for each pair of bytes that follow each other in a
// name of the group, a bit for each that begins a word, and the shortest length.
type groupGist [pairWords]uint64

// The places in the last word of a groupGist.
const (
	groupBegins = halfBits*halfBits - 64*(pairWords-1)
	groupLength = 56
)

// A trait is what a byte does to gists.
type trait struct{ half, begin uint8 }

var traits = func() (all [256]trait) {
	begins := uint8(0)
	for i := range all {
		c := lower(byte(i))
		switch t := &all[i]; {
		case c == byte(i) && 'a' <= c && c <= 'z':
			t.half, t.begin = c-'a', begins
			if strings.IndexByte("jqxz", c) >= 0 {
				t.begin = beginBits - 3
			} else {
				begins++
			}
		case isDigit(c):
			t.half, t.begin = halfBits-2, beginBits-2
		default:
			t.half, t.begin = halfBits-1, beginBits-1
		}
	}
	for c := 'a'; c <= 'z'; c++ {
		all[c-'a'+'A'] = all[c]
	}
	return all
}()

// pairOf is the bit of a group's gist for two bytes, and that of a name's.
func pairOf(a, b byte) (exact uint, some uint64) {
	n := uint(traits[a].half)*halfBits + uint(traits[b].half)
	return n, 1 << (beginBits + uint32(n)*2654435761>>16%pairBits)
}

// A gister makes the gists of names of which each begins as the one before
// ends to.
type gister struct {
	known   int // bytes of the last name for which these are told
	letters [maxFuzzyName + 1]uint32
	joins   [maxFuzzyName + 1]uint64
}

// gist is the gist of a name that shares so much with the one before. Its pairs
// are added to those of the group.
func (p *gister) gist(key []byte, shared int, g *groupGist) gist {
	n := min(len(key), maxFuzzyName)
	for k := min(p.known, shared); k < n; k++ {
		c, last := key[k], byte('_')
		joins := p.joins[k]
		if k > 0 {
			last = key[k-1]
			exact, some := pairOf(last, c)
			g[exact/64] |= 1 << (exact % 64)
			joins |= some
		}
		if begins(last, c) {
			joins |= 1 << traits[c].begin
		}
		p.joins[k+1] = joins
		p.letters[k+1] = p.letters[k] | 1<<traits[c].half
	}
	p.known = n
	var second uint32
	for _, c := range key[n/2 : n] {
		second |= 1 << traits[c].half
	}
	length := min(n, maxGistLength)
	last := &g[pairWords-1]
	*last |= p.joins[n] & (1<<beginBits - 1) << groupBegins
	if shortest := int(*last >> groupLength); shortest == 0 || length < shortest {
		*last = *last&(1<<groupLength-1) | uint64(length)<<groupLength
	}
	return gist{uint64(p.letters[n/2]) | uint64(second)<<halfBits | uint64(length)<<(2*halfBits), p.joins[n]}
}

// begins reports whether a byte gets points for beginning a word, or is no letter,
// which few letters may begin with, too.
func begins(last, c byte) bool { return bonusOf(last, c) > 0 || !isLetter(c) }

// gists are those of a table's names. What nearly all searches look at stands together.
type gists struct {
	letters []sheet  // of each group
	joins   []uint64 // of each name; groupKeys for each group, though the last may have fewer
	groups  []groupGist
}

// readGists makes them, by reading the table.
func readGists(ctx context.Context, t *table) (*gists, error) {
	n := min(t.groups, maxGists/groupKeys)
	p := &gists{letters: make([]sheet, n), joins: make([]uint64, n*groupKeys), groups: make([]groupGist, n)}
	count, workers := blocks(n)
	groups := make([]group, workers)
	err := eachBlock(ctx, count, workers, func(w, i int) error {
		first := i * searchGroups
		return p.read(t, &groups[w], first, min(searchGroups, n-first))
	})
	if err != nil {
		return nil, err
	}
	return p, nil
}

func (p *gists) read(t *table, g *group, first, n int) error {
	rows, err := t.rowsFrom(first, n)
	if err != nil {
		return err
	}
	for i := range n {
		if err := g.open(t, rows[i*rowSize:(i+2)*rowSize]); err != nil {
			return err
		}
		var pr gister
		at := first + i
		for k := 0; g.next(); k++ {
			one := pr.gist(g.key, g.shared, &p.groups[at])
			p.letters[at].set(k, one.letters)
			p.joins[at*groupKeys+k] = one.joins
		}
		if g.bad {
			return fmt.Errorf("%s %w", t.file.Path(), errRecord)
		}
	}
	return nil
}

// A making is gists that are made beside questions.
type making struct {
	begun sync.Once
	done  chan struct{} // closed when the others tell what came of it
	gists *gists
	err   error

	stop context.CancelFunc
	life context.Context
	work sync.WaitGroup
}

func newMaking() *making {
	m := &making{done: make(chan struct{})}
	m.life, m.stop = context.WithCancel(context.Background())
	return m
}

// begin makes the gists of a table, unless that is begun.
func (m *making) begin(t *table) {
	m.begun.Do(func() {
		m.work.Go(func() {
			m.gists, m.err = readGists(m.life, t)
			close(m.done)
		})
	})
}

// wait gives them when they are made, or the error of ctx.
func (m *making) wait(ctx context.Context, t *table) (*gists, error) {
	m.begin(t)
	select {
	case <-m.done:
		return m.gists, m.err
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// end stops the making, before what it reads is closed.
func (m *making) end() {
	m.stop()
	m.begun.Do(func() {}) // none begins any more
	m.work.Wait()
}

// A sieve passes names over by their gists, for one pattern.
type sieve struct {
	few    bool    // letters must follow each other or begin words
	halves []uint8 // by letter, the column of the first half
	begins []uint64
	pairs  []uint64 // of each letter and the one before; none of the first
	exact  []uint
	points []int // for beginning a word: none for what is no letter

	open []uint64 // pairs that the group has
}

func newSieve(p *pattern) *sieve {
	s := &sieve{few: len(p.folded) <= fewLetters}
	for i, c := range p.folded {
		t := traits[c]
		s.halves = append(s.halves, t.half)
		s.begins = append(s.begins, 1<<t.begin)
		var exact uint
		var some uint64
		if i > 0 {
			exact, some = pairOf(p.folded[i-1], c)
		}
		s.exact, s.pairs = append(s.exact, exact), append(s.pairs, some)
		points := 0
		if isLetter(c) {
			points = pointWord
		}
		s.points = append(s.points, points)
	}
	s.open = make([]uint64, len(s.pairs))
	return s
}

// group prepares for the names of a group. It gives what most and length would, of
// the best of them.
func (s *sieve) group(g *groupGist) (most, length int) {
	var joins uint64 // as if of a name that has all
	for i := 1; i < len(s.pairs); i++ {
		s.open[i] = 0
		if n := s.exact[i]; g[n/64]>>(n%64)&1 != 0 {
			s.open[i] = s.pairs[i]
			joins |= s.pairs[i]
		}
	}
	last := g[pairWords-1]
	return s.most(joins | last>>groupBegins&(1<<beginBits-1)), int(last >> groupLength)
}

// within has a bit for each name of a group that can have the letters in order: so many
// in the first half, and the others in the second.
func (s *sieve) within(sheet *sheet) (names uint32) {
	var first [maxQuery + 1]uint32 // of so many letters
	first[0] = math.MaxUint32
	n := len(s.halves)
	for i, column := range s.halves {
		first[i+1] = first[i] & sheet[column]
	}
	names = first[n]
	second := uint32(math.MaxUint32)
	for i := n - 1; i >= 0 && second != 0; i-- {
		second &= sheet[halfBits+s.halves[i]]
		names |= first[i] & second
	}
	return names
}

// most is the most that a name with these letters and joins can score, which are
// within; 0 if a pattern of few letters does not match.
func (s *sieve) most(joins uint64) int {
	n := len(s.begins)
	joined, first := true, joins&s.begins[0] != 0
	score := n * (pointLetter + pointCase)
	if first {
		score += s.points[0]
	}
	for i := 1; i < n; i++ {
		begins := joins&s.begins[i] != 0
		first = first && begins
		switch {
		case joins&s.open[i] != 0:
			score += pointNext
		case begins:
			joined = false
			score += s.points[i] - lessGap
		default:
			joined = false
			score -= lessGap
		}
	}
	if s.few && !joined && !first {
		return 0
	}
	return score
}
