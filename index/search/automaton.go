package search

import (
	"bytes"
	"context"
	"encoding/binary"
	"regexp/syntax"
	"slices"
	"unicode/utf8"
)

// automatonBytes bounds the states of an automaton. When it is reached, they are made
// anew, which few regexps come to: it is some ten thousand states.
const automatonBytes = 4 << 20

// An automaton is a machine under way: deterministic, its states made as texts need them.
// Every character costs one look into a table, once the states are there. It is for one
// goroutine.
//
// A state is a place in the table, and stands for the threads of the machine, in the order of preference, before what they
// assert of the next character is known. So it tells the matches that end before a
// character only on the way over it.
type automaton struct {
	*machine
	ids    map[string]int32
	states []string
	table  []int32 // per state and class: twice the next state, plus 1 if a match ended; 0 is not known
	dead   int32   // the state from which there is no match
	begins [2][4]int32
	size   int // of the states, in bytes
	limit  int // of size
	life   int // how often the states were forgotten

	idle     int32     // the state at the beginning of a line; -1 if that is not known
	stay     [256]byte // 1 for what leaves it there, a "\n" included
	idleLife int       // of these; from 1 on

	seen    []uint32 // per instruction, the step in which it was reached
	now     uint32
	threads []uint32
	key     []byte
}

// A state's key: the neighbour before, 1 if a match may begin still, and the
// threads, four bytes each.
const keyHead = 2

func newAutomaton(m *machine) *automaton {
	a := &automaton{machine: m, limit: automatonBytes, seen: make([]uint32, len(m.prog.Inst))}
	a.forget()
	return a
}

func (a *automaton) forget() {
	a.life++
	a.idle = -1
	a.ids, a.states, a.table, a.size, a.begins = map[string]int32{}, nil, nil, 0, [2][4]int32{}
	a.states = append(a.states, "")
	a.table = append(a.table, make([]int32, a.width())...)
	a.dead = a.state([]byte{byte(otherChar), 0})
}

// state is the state with this key.
func (a *automaton) state(key []byte) int32 {
	if len(key) == keyHead && key[1] == 0 {
		key[0] = byte(otherChar)
	}
	if id, ok := a.ids[string(key)]; ok {
		return id
	}
	const perState = 96 // of map and slices
	more := perState + 2*len(key) + 4*a.width()
	if a.size+more > a.limit && len(a.states) > 2 {
		key = slices.Clone(key)
		a.forget()
	}
	a.size += more
	id := int32(len(a.table))
	s := string(key)
	a.ids[s] = id
	a.states = append(a.states, s)
	a.table = append(a.table, make([]int32, a.width())...)
	return id
}

// begin is the state behind the character r. With search, a match may begin anywhere;
// else only there.
func (a *automaton) begin(r rune, search bool) int32 {
	k, n := a.before(r), 0
	if search {
		n = 1
	}
	if a.begins[n][k] == 0 {
		key := []byte{byte(k), byte(n)}
		if !search {
			key = binary.BigEndian.AppendUint32(key, uint32(a.prog.Start))
		}
		id := a.state(key) // which may forget all others
		a.begins[n][k] = id
	}
	return a.begins[n][k]
}

// step makes the entry of the table for a state and a class.
func (a *automaton) step(state int32, class uint16) int32 {
	key := a.states[int(state)/a.width()]
	next := a.samples[class]
	assertions := syntax.EmptyOpContext(neighbours[key[0]], next)
	search := key[1] == 1 && !(a.start && neighbour(key[0]) != noChar)
	a.tick()
	a.threads = a.threads[:0]
	matched := false
	for at := keyHead; at < len(key) && (!matched || a.longest); at += 4 {
		matched = a.follow(binary.BigEndian.Uint32([]byte(key[at:at+4])), assertions) || matched
	}
	if search && !matched {
		matched = a.follow(uint32(a.prog.Start), assertions)
	}
	a.key = append(a.key[:0], byte(a.before(next)), 0)
	if search && !matched && !a.start {
		a.key[1] = 1
	}
	a.tick()
	for _, pc := range a.threads {
		out := a.prog.Inst[pc].Out
		if int(class) < len(a.samples)-1 && a.accepts[pc][class] && a.seen[out] != a.now {
			a.seen[out] = a.now
			a.key = binary.BigEndian.AppendUint32(a.key, out)
		}
	}
	life := a.life
	to := 2 * a.state(a.key)
	if matched {
		to++
	}
	if a.life == life { // else the state is no more
		a.table[int(state)+int(class)] = to
	}
	return to
}

// next is the entry of the table for a state and a class, made where it is not there
// yet; 0 when ctx ends before that.
func (a *automaton) next(ctx context.Context, state int32, class uint16) int32 {
	to := a.table[int(state)+int(class)]
	if to == 0 && ctx.Err() == nil {
		to = a.step(state, class)
	}
	return to
}

// tick makes all instructions unseen.
func (a *automaton) tick() {
	if a.now++; a.now == 0 { // after four thousand million steps
		clear(a.seen)
		a.now = 1
	}
}

// follow adds the instructions that take characters to the threads, the preferred ones
// first. It reports whether there is a match, which ends all that is less preferred.
func (a *automaton) follow(pc uint32, assertions syntax.EmptyOp) bool {
	for a.seen[pc] != a.now {
		a.seen[pc] = a.now
		i := &a.prog.Inst[pc]
		switch i.Op {
		case syntax.InstAlt, syntax.InstAltMatch:
			if a.follow(i.Out, assertions) {
				if !a.longest {
					return true
				}
				a.follow(i.Arg, assertions)
				return true
			}
			pc = i.Arg
		case syntax.InstCapture, syntax.InstNop:
			pc = i.Out
		case syntax.InstEmptyWidth:
			if syntax.EmptyOp(i.Arg)&^assertions != 0 {
				return false
			}
			pc = i.Out
		case syntax.InstMatch:
			return true
		case syntax.InstFail:
			return false
		default:
			a.threads = append(a.threads, pc)
			return false
		}
	}
	return false
}

// betweenAsking is how many bytes are read between two looks at the
// context: a tenth of a millisecond's worth.
const betweenAsking = 64 << 10

// rest finds out what leaves the automaton as it is at the beginning of a line.
func (a *automaton) rest() {
	a.stay = [256]byte{}
	idle := a.begin(-1, true)
	life := a.life
	a.idle = idle
	for b := range utf8.RuneSelf {
		class := a.bytes[b]
		if b == '\n' {
			class = a.end()
		}
		to := a.table[int(idle)+int(class)]
		if to == 0 {
			if to = a.step(idle, class); a.life != life {
				break // there is no room for as many states; a.idle is none
			}
		}
		if to == 2*idle || b == '\n' && to&1 == 0 {
			a.stay[b] = 1
		}
	}
	a.idleLife = a.life
}

// pass is the place from at on, but not from end on, that does not leave the automaton at
// rest: nothing depends on the byte before, so that this takes a fifth of the time.
func (a *automaton) pass(text []byte, at, end int) int {
	stay := &a.stay
	for ; at+8 <= end; at += 8 {
		b := text[at : at+8 : at+8]
		if stay[b[0]]&stay[b[1]]&stay[b[2]]&stay[b[3]]&stay[b[4]]&stay[b[5]]&stay[b[6]]&stay[b[7]] == 0 {
			break
		}
	}
	for at < end && stay[text[at]] != 0 {
		at++
	}
	return at
}

// line is where a match ends, or a byte before that, on the first line from at on that
// has one; -1 if there is none, and when ctx ends. at must be the beginning of a line.
func (a *automaton) line(ctx context.Context, text []byte, at int) int {
	if a.idleLife != a.life {
		a.rest()
	}
	state, ask := a.begin(-1, true), min(len(text), at+betweenAsking)
	for i := at; i < len(text) || i > at && text[i-1] != '\n'; {
		// Nearly all is done here.
		for i < ask {
			if state == a.idle {
				if i = a.pass(text, i, ask); i == ask {
					break
				}
			} else if state == a.dead {
				n := bytes.IndexByte(text[i:ask], '\n')
				if n < 0 {
					i = ask
					break
				}
				i += n
			}
			to := a.table[int(state)+int(a.inLine[text[i]])]
			if to == 0 || to&1 != 0 {
				break
			}
			state = to >> 1
			i++
		}
		class, w := a.end(), 1
		if i < len(text) && text[i] != '\n' {
			var r rune
			r, w = utf8.DecodeRune(text[i:])
			class = a.classOf(r)
		}
		to := a.next(ctx, state, class)
		if to == 0 {
			return -1
		}
		if to&1 != 0 {
			return i
		}
		if i == len(text) {
			break
		}
		i += w
		if state = to >> 1; class == a.end() {
			state = a.begin(-1, true)
		}
		if i >= ask {
			if ask = min(len(text), i+betweenAsking); ctx.Err() != nil {
				return -1
			}
		}
	}
	return -1
}

// forward is where the first match that begins at or after at ends; -1 if there is
// none, and when ctx ends.
func (a *automaton) forward(ctx context.Context, text []byte, at int) int {
	before := rune(-1)
	if at > 0 {
		before, _ = utf8.DecodeLastRune(text[:at])
	}
	state, last, ask := a.begin(before, true), -1, min(len(text), at+betweenAsking)
	for i := at; state != a.dead; {
		// Nearly all is done here.
		for i < ask && state != a.dead {
			to := a.table[int(state)+int(a.bytes[text[i]])]
			if to == 0 {
				break
			}
			if to&1 != 0 {
				last = i
			}
			state = to >> 1
			i++
		}
		if state == a.dead {
			break
		}
		class, w := a.end(), 0
		if i < len(text) {
			var r rune
			r, w = utf8.DecodeRune(text[i:])
			class = a.classOf(r)
		}
		to := a.next(ctx, state, class)
		if to == 0 {
			return -1
		}
		if to&1 != 0 {
			last = i
		}
		if w == 0 {
			break
		}
		state = to >> 1
		if i += w; i >= ask {
			if ask = min(len(text), i+betweenAsking); ctx.Err() != nil {
				return -1
			}
		}
	}
	return last
}

// backward is, of the reverse of a regexp, where its longest match that ends at end
// begins, but not before from; -1 if there is none, and when ctx ends.
func (a *automaton) backward(ctx context.Context, text []byte, from, end int) int {
	after := rune(-1)
	if end < len(text) {
		after, _ = utf8.DecodeRune(text[end:])
	}
	state, last, ask := a.begin(after, false), -1, end-betweenAsking
	for i := end; state != a.dead; {
		class, w := a.end(), 0
		if i > 0 {
			if b := text[i-1]; b < utf8.RuneSelf {
				class, w = a.bytes[b], 1
			} else {
				var r rune
				r, w = utf8.DecodeLastRune(text[:i])
				class = a.classOf(r)
			}
		}
		to := a.next(ctx, state, class)
		if to == 0 {
			return -1
		}
		if to&1 != 0 {
			last = i
		}
		if i <= from {
			break
		}
		state = to >> 1
		if i -= w; i < ask {
			if ask = i - betweenAsking; ctx.Err() != nil {
				return -1
			}
		}
	}
	return last
}
