package fuzzy

import (
	"cmp"
	"context"
	"runtime"
	"slices"
	"strings"
)

// Names are names prepared to be asked for by a few letters at every key. They do not
// change, and may be asked by several goroutines at once.
type Names struct {
	// Share, if set, runs f for each of n parts at once: this package starts no goroutine.
	Share func(n int, f func(part int))

	folders []folder
	files   []file           // by folder, and in a folder in the order given
	at      map[string]int32 // folder → its number
}

// A folder is what names have in common up to their last slash.
type folder struct {
	name     string // with its slash
	signs    uint64
	from, to int // its files
}

type file struct {
	name   string
	signs  uint64
	at     int32 // in the list given to Of
	folder int32
}

// Of prepares names.
func Of(names []string) *Names {
	n := &Names{files: make([]file, len(names)), at: map[string]int32{}}
	in := make([]int32, len(names))
	for i, name := range names {
		dir := name[:strings.LastIndexByte(name, '/')+1]
		f, ok := n.at[dir]
		if !ok {
			f = int32(len(n.folders))
			n.at[dir] = f
			n.folders = append(n.folders, folder{name: dir, signs: signs(dir[:min(len(dir), maxName)])})
		}
		in[i] = f
		n.folders[f].to++ // its files, so far
	}
	end := 0
	for i := range n.folders {
		f := &n.folders[i]
		files := f.to
		f.from, f.to = end, end
		end += files
	}
	for i, name := range names {
		f := &n.folders[in[i]]
		n.files[f.to] = file{name, signs(name[min(len(f.name), maxName):min(len(name), maxName)]), int32(i), in[i]}
		f.to++
	}
	return n
}

// Len is how many names there are.
func (n *Names) Len() int { return len(n.files) }

// Find is the number of a name in the list given to Of.
func (n *Names) Find(name string) (index int, ok bool) {
	f, ok := n.at[name[:strings.LastIndexByte(name, '/')+1]]
	if !ok {
		return 0, false
	}
	for i := n.folders[f].from; i < n.folders[f].to; i++ {
		if n.files[i].name == name {
			return int(n.files[i].at), true
		}
	}
	return 0, false
}

// A Match is a name that a query finds, by its number in the list given to Of.
type Match struct{ Index, Score int }

// A Ranking is what a query finds.
type Ranking struct {
	Best  []Match // the best first, at most as many as were asked for
	Total int     // all that match

	names *Names
	query Query
	found []int32 // numbers of files that match, ascending; nil: all
}

// Rank finds the names that match and the best of them, at most most. bonus, by number,
// is added to a name's score: what the reader had open comes first among equals. before,
// if not nil, is an earlier ranking of the same names: where the query only has more
// letters, no more than what that one found is looked at. After ctx has ended the result
// is nil.
func (n *Names) Rank(ctx context.Context, q Query, most int, bonus map[int]int, before *Ranking) *Ranking {
	r := &Ranking{names: n, query: q}
	most = max(most, 1)
	if q.Empty() {
		return r.all(most, bonus)
	}
	var among []int32
	if before != nil && before.names == n && before.found != nil && q.narrows(before.query) {
		among = before.found
	}
	length := len(n.files)
	if among != nil {
		length = len(among)
	}
	parts := make([]part, 1)
	if length > worthSharing && n.Share != nil {
		parts = make([]part, runtime.GOMAXPROCS(0))
	}
	run := func(i int) {
		parts[i] = part{n: n, q: &q, most: most, bonus: bonus, among: among, from: length * i / len(parts), to: length * (i + 1) / len(parts)}
		parts[i].run(ctx)
	}
	if len(parts) == 1 {
		run(0)
	} else {
		n.Share(len(parts), run)
	}
	if ctx.Err() != nil {
		return nil
	}
	found := 0
	for i := range parts {
		found += len(parts[i].found)
	}
	r.Total = found
	r.found = make([]int32, 0, found)
	var best []hit
	for i := range parts {
		r.found = append(r.found, parts[i].found...)
		best = append(best, parts[i].best...)
	}
	slices.SortFunc(best, hit.compare)
	r.take(best, most)
	return r
}

// worthSharing is how many names are divided among the processors: fewer are ranked
// before another one would have begun.
const worthSharing = 4096

// all is the ranking of no letters: those with a bonus, then the names in their order.
func (r *Ranking) all(most int, bonus map[int]int) *Ranking {
	r.Total = len(r.names.files)
	for i, b := range bonus {
		r.Best = append(r.Best, Match{i, b})
	}
	slices.SortFunc(r.Best, func(a, b Match) int { return cmp.Or(b.Score-a.Score, a.Index-b.Index) })
	r.Best = r.Best[:min(len(r.Best), most)]
	for i := 0; i < r.Total && len(r.Best) < most; i++ {
		if _, has := bonus[i]; !has {
			r.Best = append(r.Best, Match{Index: i})
		}
	}
	return r
}

func (r *Ranking) take(best []hit, most int) {
	for _, h := range best[:min(len(best), most)] {
		r.Best = append(r.Best, Match{int(h.file.at), h.score})
	}
}

// A hit is a file that matches while the best are sought.
type hit struct {
	file  *file
	score int
	base  int // length of the base name
}

func (h hit) compare(o hit) int {
	if h.score != o.score { // nearly always: the names are not touched
		return o.score - h.score
	}
	if d := cmp.Or(h.base-o.base, len(h.file.name)-len(o.file.name)); d != 0 {
		return d
	}
	return cmp.Or(strings.Compare(h.file.name, o.file.name), int(h.file.at-o.file.at))
}

// A part is a share of the names and what is found in it.
type part struct {
	n        *Names
	q        *Query
	most     int
	bonus    map[int]int
	among    []int32
	from, to int

	found []int32
	best  []hit
	full  bool // the first most of best are sorted, and all others so far were worse
}

// askEvery is how many names are looked at, in less than a millisecond, until it is asked
// whether anybody still wants the answer.
const askEvery = 1024

func (p *part) run(ctx context.Context) {
	in, known := int32(-1), false
	var start, s [maxPieces]state // of each piece: behind the folder, and in the name
	need := p.q.need
	var favoured uint64 // numbers with a bonus, by their last bits: few names need the map
	for at := range p.bonus {
		favoured |= 1 << (at % 64)
	}
	p.best = make([]hit, 0, 2*p.most)
	for i := p.from; i < p.to; i++ {
		if i%askEvery == 0 && ctx.Err() != nil {
			return
		}
		at := i
		if p.among != nil {
			at = int(p.among[i])
		}
		f := &p.n.files[at]
		dir := &p.n.folders[f.folder]
		if need&^(dir.signs|f.signs) != 0 {
			continue
		}
		if f.folder != in {
			in, known = f.folder, false
		}
		if !known {
			known = true
			for k := range p.q.pieces {
				start[k].begin()
				start[k].run(&p.q.pieces[k], dir.name[:min(len(dir.name), maxName)], 0, len(dir.name))
			}
		}
		name := f.name[:min(len(f.name), maxName)]
		score, fits := 0, true
		for k := range p.q.pieces {
			one := &p.q.pieces[k]
			s[k].take(&start[k], one.n)
			s[k].run(one, name, min(len(dir.name), maxName), len(dir.name))
			v, ok := s[k].result(one)
			if !ok {
				fits = false
				break
			}
			score += v
		}
		if !fits {
			continue
		}
		p.found = append(p.found, int32(at))
		if favoured>>(f.at%64)&1 == 1 {
			score += p.bonus[int(f.at)]
		}
		p.keep(hit{f, score, len(f.name) - len(dir.name)})
	}
	p.sort()
}

// keep adds a hit, unless there are enough better ones.
func (p *part) keep(h hit) {
	if p.full && h.compare(p.best[p.most-1]) >= 0 {
		return
	}
	if p.best = append(p.best, h); len(p.best) == 2*p.most {
		p.sort()
	}
}

func (p *part) sort() {
	slices.SortFunc(p.best, hit.compare)
	p.full = len(p.best) >= p.most
	p.best = p.best[:min(len(p.best), p.most)]
}

// take makes s what o is about a piece of n letters.
func (s *state) take(o *state, n int) {
	copy(s.best[:n+1], o.best[:n+1])
	copy(s.last[:n+1], o.last[:n+1])
	s.seen, s.hot = o.seen, o.hot
}
