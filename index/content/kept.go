package content

import (
	"math/rand/v2"
	"sync"
	"sync/atomic"
)

const (
	// leastKept and mostKept bound the texts in memory, keptShare is the part of the
	// machine's memory that they may take between the two: a reviewer's day is searches
	// through the same texts, and reading them from a store takes three times as long as
	// looking through them. Linux is 1.3 GB, most deposits are smaller than the least.
	leastKept = 192 << 20
	mostKept  = 2 << 30
	keptShare = 16

	// shelfSize is what is taken, and given up, at once: texts of some hundred files. A text
	// of more than half of it has one of its own.
	shelfSize = 4 << 20

	// maxPart is the part of all that one text may take: a larger one would take the place
	// of too many.
	maxPart = 16

	// maxTries is how many shelves are tried to make room.
	maxTries = 8

	// oneIn is how many texts are read for one that takes the place of others, once there
	// is no room: the others need no memory of their own.
	oneIn = 8
)

// keptBytes is how much of a machine with so much memory the texts may take; of which the
// memory is not known, it is 0.
func keptBytes(memory uint64) int64 {
	return min(max(int64(memory/keptShare), leastKept), mostKept)
}

// A keptText is a text in memory, as it was recognised.
type keptText struct {
	encoding  Encoding
	raw, text []byte
	marks     []mark
	on        *shelf
}

func (k keptText) size() int {
	n := len(k.raw)
	if k.encoding != UTF8 {
		n += len(k.text)
	}
	return n
}

// A shelf is memory for texts, outside of the heap: there the garbage collector would let
// the program grow to twice as much before it looks for what is not needed. Nothing on it
// is moved, and it is cleared only when nobody has taken a text from it.
type shelf struct {
	room  []byte
	used  int
	rows  []int
	taken atomic.Int64 // texts that are in use
}

// A keeper keeps texts by their row in the table. What must go is drawn by lot: searches
// go through texts in the same order again and again, so that the oldest is the next to
// be wanted.
type keeper struct {
	mu      sync.RWMutex
	limit   int64
	size    int   // of most shelves
	taken   int64 // bytes of all shelves
	shelves []*shelf
	open    *shelf // the one that is being filled, or nil
	at      map[int]keptText
	full    bool // there was no room for another shelf
	closed  bool
}

func newKeeper(limit int64) *keeper {
	return &keeper{limit: limit, size: shelfSize, at: make(map[int]keptText)}
}

// take gives a text, which stays where it is until it is given back.
func (k *keeper) take(row int) (keptText, bool) {
	k.mu.RLock()
	defer k.mu.RUnlock()
	t, ok := k.at[row]
	if ok {
		t.on.taken.Add(1)
	}
	return t, ok
}

func (t keptText) giveBack() { t.on.taken.Add(-1) }

// admits decides whether a text of so many bytes is to be kept.
func (k *keeper) admits(size int64) bool {
	if size > k.limit/maxPart {
		return false
	}
	k.mu.RLock()
	defer k.mu.RUnlock()
	return !k.full || rand.IntN(oneIn) == 0
}

// put keeps a copy of a text.
func (k *keeper) put(row int, t keptText) {
	k.mu.Lock()
	defer k.mu.Unlock()
	n := t.size()
	if _, ok := k.at[row]; ok || int64(n) > k.limit/maxPart || k.closed {
		return // another reader was quicker, or it grew
	}
	s := k.shelf(n)
	if s == nil {
		return
	}
	t.on, t.raw = s, s.copy(t.raw)
	if t.encoding == UTF8 {
		t.text = t.raw
	} else {
		t.text = s.copy(t.text)
	}
	s.rows = append(s.rows, row)
	k.at[row] = t
}

func (s *shelf) copy(b []byte) []byte {
	to := s.room[s.used : s.used+len(b) : s.used+len(b)]
	copy(to, b)
	s.used += len(b)
	return to
}

// shelf is one with room for n bytes, or nil.
func (k *keeper) shelf(n int) *shelf {
	if n > k.size/2 {
		return k.newShelf(n)
	}
	if k.open == nil || k.open.used+n > len(k.open.room) {
		k.open = k.newShelf(k.size)
	}
	return k.open
}

// newShelf takes memory, or the place of other texts; nil if that cannot be had now.
func (k *keeper) newShelf(size int) *shelf {
	for range maxTries {
		if k.taken+int64(size) <= k.limit {
			room, err := takeMemory(size)
			if err != nil { // there is no more than this
				k.full, k.limit = true, k.taken
				return nil
			}
			s := &shelf{room: room}
			k.shelves = append(k.shelves, s)
			k.taken += int64(size)
			return s
		}
		k.full = true
		if len(k.shelves) == 0 {
			return nil
		}
		i, last := rand.IntN(len(k.shelves)), len(k.shelves)-1
		s := k.shelves[i]
		if s == k.open || s.taken.Load() > 0 { // nobody takes more while k.mu is held
			continue
		}
		for _, row := range s.rows {
			delete(k.at, row)
		}
		if s.rows, s.used = s.rows[:0], 0; len(s.room) == size {
			return s
		}
		k.shelves[i] = k.shelves[last]
		k.shelves = k.shelves[:last]
		k.taken -= int64(len(s.room))
		giveMemory(s.room)
	}
	return nil
}

// close gives the memory back. No text may be in use.
func (k *keeper) close() {
	k.mu.Lock()
	defer k.mu.Unlock()
	for _, s := range k.shelves {
		giveMemory(s.room)
	}
	k.shelves, k.open, k.taken, k.closed = nil, nil, 0, true
	clear(k.at)
}
