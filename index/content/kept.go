package content

import (
	"math/rand/v2"
	"sync"
)

const (
	// keptBytes bounds the texts in memory: some tens of seconds of typing in a search
	// field ask for the same ones, and most deposits are smaller than this.
	keptBytes = 192 << 20

	// keptSlot is what a text takes beside its bytes: slot, map and rounding.
	keptSlot = 256

	// oneIn is how many texts are read for one that takes the place of others, once there
	// is no room: the others need no memory of their own.
	oneIn = 8
)

// A keptText is a text in memory, as it was recognised.
type keptText struct {
	encoding  Encoding
	raw, text []byte
	marks     []mark
}

func (k keptText) size() int64 {
	n := cap(k.raw) + 8*cap(k.marks) + keptSlot
	if k.encoding != UTF8 {
		n += cap(k.text)
	}
	return int64(n)
}

// A keeper keeps texts by their row in the table. What must go is drawn by lot: searches
// go through texts in the same order again and again, so that the oldest is the next to
// be wanted.
type keeper struct {
	mu    sync.RWMutex
	limit int64
	size  int64
	slots []slot
	at    map[int]int // slots by row
}

type slot struct {
	row int
	keptText
}

func newKeeper(limit int64) *keeper { return &keeper{limit: limit, at: make(map[int]int)} }

func (k *keeper) get(row int) (keptText, bool) {
	k.mu.RLock()
	defer k.mu.RUnlock()
	i, ok := k.at[row]
	if !ok {
		return keptText{}, false
	}
	return k.slots[i].keptText, true
}

// admits decides whether a blob of so many bytes is to be kept.
func (k *keeper) admits(size int64) bool {
	if size > k.limit/16 {
		return false // it would take the place of too many
	}
	k.mu.RLock()
	defer k.mu.RUnlock()
	return k.size+size+keptSlot <= k.limit || rand.IntN(oneIn) == 0
}

func (k *keeper) put(row int, t keptText) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if _, ok := k.at[row]; ok {
		return // another reader was quicker
	}
	k.at[row] = len(k.slots)
	k.slots = append(k.slots, slot{row, t})
	for k.size += t.size(); k.size > k.limit; {
		k.remove(rand.IntN(len(k.slots)))
	}
}

func (k *keeper) remove(i int) {
	last := len(k.slots) - 1
	k.size -= k.slots[i].size()
	delete(k.at, k.slots[i].row)
	if i != last {
		k.slots[i] = k.slots[last]
		k.at[k.slots[i].row] = i
	}
	k.slots[last] = slot{}
	k.slots = k.slots[:last]
}
