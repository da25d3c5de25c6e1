package segment

import (
	"encoding/binary"
	"fmt"
	"io"
	"math/bits"
)

// An automaton writes what leads from the terms of a field to their values, in vellum's
// format (github.com/blevesearch/vellum, version 1), byte for byte as its own builder
// does without sharing of suffixes. A state that is never compared with another is only
// its bytes, which takes a fraction of the time.
type automaton struct {
	to      io.Writer
	buf     []byte
	flushed uint64 // bytes before buf
	terms   uint64

	last   []byte   // the latest term
	outs   []uint64 // of the transition out of each state along it
	states []state  // along it: one more than it has bytes
	ended  []transition
	latest uint64 // address of the state that was written last
}

// A state is on the way of the latest term; its other transitions are in ended, from
// first up to those of the next state.
type state struct {
	first int
	value uint64 // if a term ends here
	final bool
}

type transition struct {
	out, to uint64
	in      byte
}

// What a state's last byte says.
const (
	oneTransition = 1 << 7
	toLatest      = 1 << 6 // of oneTransition: to the state before
	finalState    = 1 << 6 // of others
	mostInByte    = 1<<6 - 1
)

// commonInputs are the inputs of which a state with one transition has the number, from
// 1 on, in its last byte.
const commonInputs = "te/oasripcnw.hlm-du012g=:bf3y5&_4v9678k%?xCDASFIBEjPTzRNM+LOqHG"

var commonInput = func() (numbers [256]byte) {
	for i := range len(commonInputs) {
		numbers[commonInputs[i]] = byte(i + 1)
	}
	return numbers
}()

// automatonBuffer is how many bytes are written at once.
const automatonBuffer = 1 << 18

func newAutomaton(to io.Writer) *automaton {
	a := &automaton{to: to, buf: make([]byte, 0, automatonBuffer+1<<13), states: make([]state, 1, MaxTerm+1), outs: make([]uint64, MaxTerm), latest: 1}
	a.buf = binary.LittleEndian.AppendUint64(a.buf, 1) // version
	a.buf = binary.LittleEndian.AppendUint64(a.buf, 0) // kind
	return a
}

// here is the address of the next byte.
func (a *automaton) here() uint64 { return a.flushed + uint64(len(a.buf)) }

// insert adds a term of at most MaxTerm bytes, which comes after all before it.
func (a *automaton) insert(term []byte, value uint64) error {
	n := 0
	for n < len(term) && n < len(a.last) && term[n] == a.last[n] {
		n++
	}
	if n == len(term) || len(term) > MaxTerm || n < len(a.last) && term[n] < a.last[n] {
		return fmt.Errorf("the term %.40q does not come after %.40q", term, a.last)
	}
	for i := range n {
		common := min(a.outs[i], value)
		more := a.outs[i] - common
		a.outs[i] = common
		value -= common
		if more != 0 {
			a.raise(i+1, more)
		}
	}
	a.end(n)
	a.outs[n] = value
	for i := n + 1; i <= len(term); i++ {
		a.states = append(a.states, state{first: len(a.ended)})
		if i < len(term) {
			a.outs[i] = 0
		}
	}
	a.states[len(term)].final = true
	a.last = append(a.last[:n], term[n:]...)
	a.terms++
	return a.flush(automatonBuffer)
}

// raise adds to all that is to be had from a state on.
func (a *automaton) raise(n int, more uint64) {
	s := &a.states[n]
	if s.final {
		s.value += more
	}
	to := len(a.ended)
	if n+1 < len(a.states) {
		to = a.states[n+1].first
	}
	for i := s.first; i < to; i++ {
		a.ended[i].out += more
	}
	if n < len(a.last) {
		a.outs[n] += more
	}
}

// end writes the states of the latest term but for the first n+1.
func (a *automaton) end(n int) {
	for i := len(a.last); i > n; i-- {
		to := a.write(a.states[i])
		a.ended = append(a.ended[:a.states[i].first], transition{a.outs[i-1], to, a.last[i-1]})
	}
	a.states, a.last = a.states[:n+1], a.last[:n]
}

// write writes the state whose transitions end ended, and gives its address.
func (a *automaton) write(s state) uint64 {
	next := a.ended[s.first:]
	if s.final && len(next) == 0 && s.value == 0 {
		return 0
	}
	if len(next) == 1 && !s.final {
		a.writeOne(next[0])
	} else {
		a.writeMany(s, next)
	}
	a.latest = a.here() - 1
	return a.latest
}

func (a *automaton) writeOne(t transition) {
	last := oneTransition | commonInput[t.in]
	if t.out == 0 && t.to == a.latest {
		last |= toLatest
	} else {
		distance, size := distance(a.here(), t.to), 0
		if t.out != 0 {
			size = packedSize(t.out)
			a.packed(t.out, size)
		}
		a.packed(distance, packedSize(distance))
		a.buf = append(a.buf, byte(packedSize(distance)<<4|size))
	}
	if commonInput[t.in] == 0 {
		a.buf = append(a.buf, t.in)
	}
	a.buf = append(a.buf, last)
}

func (a *automaton) writeMany(s state, next []transition) {
	start := a.here()
	any, far, most := s.value, uint64(0), s.value
	for _, t := range next {
		any |= t.out
		most = max(most, t.out)
		far = max(far, distance(start, t.to))
	}
	outs, distances := 0, 0
	if any != 0 {
		outs = packedSize(most)
		if s.final {
			a.packed(s.value, outs)
		}
		for i := len(next) - 1; i >= 0; i-- {
			a.packed(next[i].out, outs)
		}
	}
	if len(next) > 0 {
		distances = packedSize(far)
	}
	for i := len(next) - 1; i >= 0; i-- {
		a.packed(distance(start, next[i].to), distances)
	}
	for i := len(next) - 1; i >= 0; i-- {
		a.buf = append(a.buf, next[i].in)
	}
	a.buf = append(a.buf, byte(distances<<4|outs))
	last := byte(0)
	switch n := len(next); {
	case 0 < n && n <= mostInByte:
		last = byte(n)
	case n == 256:
		a.buf = append(a.buf, 1) // which would be in the last byte
	default:
		a.buf = append(a.buf, byte(n))
	}
	if s.final {
		last |= finalState
	}
	a.buf = append(a.buf, last)
}

// distance is how a state tells where another is: 0 for the one that is not written, at
// which a term ends and nothing goes on.
func distance(from, to uint64) uint64 {
	if to == 0 {
		return 0
	}
	return from - to
}

// packedSize is the number of bytes of v, at least one.
func packedSize(v uint64) int { return (bits.Len64(v|1) + 7) / 8 }

func (a *automaton) packed(v uint64, size int) {
	a.buf = binary.LittleEndian.AppendUint64(a.buf, v)[:len(a.buf)+size]
}

func (a *automaton) flush(over int) error {
	if len(a.buf) <= over {
		return nil
	}
	_, err := a.to.Write(a.buf)
	a.flushed += uint64(len(a.buf))
	a.buf = a.buf[:0]
	return err
}

// finish writes what is left.
func (a *automaton) finish() error {
	a.end(0)
	root := a.write(a.states[0])
	a.buf = binary.LittleEndian.AppendUint64(a.buf, a.terms)
	a.buf = binary.LittleEndian.AppendUint64(a.buf, root)
	return a.flush(0)
}
