package deposit

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"hash"
	"hash/crc32"
	"runtime"
	"strconv"
	"sync"
	"sync/atomic"

	"github.com/pjbgf/sha1cd"
)

// maxWorkers bounds the memory of resolving: each holds up to smallFamily.
const maxWorkers = 8

// smallFamily is how much a family of deltas may need (see pack.peaks) to be
// resolved beside others; larger ones wait for each other.
const smallFamily = 64 << 20

// A visitor is called with every object of a pack once, from several
// goroutines. data is valid during the call.
type visitor func(w *worker, i int32, id ID, k kind, data []byte) error

// resolve computes every object of the pack, its id and its CRC-32: each base
// first and then, depth first, what are deltas of it, so that nothing is
// inflated twice. done counts objects.
//
// Deltas whose base is named by id are picked up when an object with that id
// appears; those left over have a base that is not in the pack, or is made of
// themselves.
func (p *pack) resolve(ctx context.Context, done *atomic.Int64, visit visitor) error {
	var roots []int32
	for i := range p.entries {
		if !p.entries[i].kind.isObject() {
			continue
		}
		if p.peak[i] > p.limits.MaxLive {
			return overLimit("the object at offset %d of the pack and its deltas need %d bytes at once, more than the limit of %d",
				p.entries[i].offset, p.peak[i], p.limits.MaxLive)
		}
		roots = append(roots, int32(i))
	}
	workers := min(runtime.GOMAXPROCS(0), maxWorkers)
	if len(p.refs) > 0 {
		// What rests on what is found out on the way, and with it what it
		// needs: one worker has the whole of MaxLive.
		workers = 1
	}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	var (
		next  atomic.Int64
		count atomic.Int64
		big   sync.Mutex
		wait  sync.WaitGroup
		first firstError
	)
	for range workers {
		wait.Go(func() {
			w := newWorker(p.limits)
			w.p, w.visit = p, visit
			for ctx.Err() == nil {
				k := next.Add(1) - 1
				if k >= int64(len(roots)) {
					break
				}
				root := roots[k]
				large := p.peak[root] > smallFamily
				if large {
					big.Lock()
				}
				n, err := w.family(ctx, root, done)
				if large {
					w.garbage += int64(cap(w.raw) + cap(w.delta))
					w.raw, w.delta = nil, nil
					big.Unlock()
				}
				count.Add(n)
				if err != nil {
					first.set(p.entries[w.at].offset, err)
					cancel()
				}
			}
		})
	}
	wait.Wait()
	if first.err != nil {
		return first.err
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	return p.unresolved(count.Load())
}

// unresolved explains what resolve left over.
func (p *pack) unresolved(count int64) error {
	left := int64(len(p.entries)) - count
	if left == 0 {
		return nil
	}
	for i := range p.entries {
		if e := &p.entries[i]; e.kind == refDelta && len(p.waiting[p.refs[e.base]]) > 0 {
			return fmt.Errorf("%d objects of the pack rest on what it lacks or on themselves, the first at offset %d on %s",
				left, e.offset, p.refs[e.base])
		}
	}
	return fmt.Errorf("%d objects of the pack were not reached", left)
}

// firstError keeps the error that lies first in the pack, so that the same
// damage gives the same sentence.
type firstError struct {
	mu  sync.Mutex
	at  int64
	err error
}

func (f *firstError) set(at int64, err error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	late := errors.Is(err, context.Canceled) && f.err != nil
	if f.err == nil || !late && (at < f.at || errors.Is(f.err, context.Canceled)) {
		f.at, f.err = at, err
	}
}

// A worker resolves families of deltas and holds what it reuses for that.
type worker struct {
	p     *pack
	visit visitor
	at    int32 // the entry in work
	live  int64 // bytes of the objects on the stack and in work
	// garbage counts the bytes of large objects that were let go.
	garbage int64

	in    inflater
	raw   []byte
	delta []byte
	pool  [][]byte
	sha1  hash.Hash
	head  []byte
	scan  treeScanner
	edges []edge // of the object in work
	names int64  // how often it names another
	from  naming // where it stands
}

func newWorker(limits Limits) *worker {
	return &worker{sha1: sha1cd.New(), scan: treeScanner{most: limits.MaxEntries}}
}

// A frame is an object some of whose deltas are still to be resolved.
type frame struct {
	entry   int32
	depth   int
	data    []byte
	waiting []int32 // refDelta entries still to do
	child   int32   // the next of the others
}

// family resolves a root and all that rest on it, without recursion. It
// returns the number of objects.
func (w *worker) family(ctx context.Context, root int32, done *atomic.Int64) (int64, error) {
	w.at, w.live = root, 0
	k := w.p.entries[root].kind
	data := w.alloc(w.p.entries[root].result)
	if err := w.inflate(root, data); err != nil {
		return 0, w.where(root, err)
	}
	var stack []frame
	var n int64
	push := func(i int32, depth int, data []byte) error {
		id, err := w.object(i, k, data)
		if err != nil {
			return err
		}
		n++
		done.Add(1)
		f := frame{entry: i, depth: depth, data: data, child: w.p.entries[i].child}
		if len(w.p.refs) > 0 {
			f.waiting = w.p.waiting[id]
			delete(w.p.waiting, id)
		}
		if f.child == none && len(f.waiting) == 0 {
			w.free(data)
			return nil
		}
		stack = append(stack, f)
		return nil
	}
	if err := push(root, 0, data); err != nil {
		return n, w.where(root, err)
	}
	for len(stack) > 0 {
		if err := ctx.Err(); err != nil {
			return n, err
		}
		f := &stack[len(stack)-1]
		i, last := w.next(f)
		if i == none {
			w.free(f.data)
			stack = stack[:len(stack)-1]
			continue
		}
		depth, base := f.depth+1, f.data
		if last {
			stack = stack[:len(stack)-1]
		}
		w.at = i
		data, err := w.apply(i, base, depth)
		if err == nil {
			if last {
				w.free(base)
			}
			err = push(i, depth, data)
		}
		if err != nil {
			return n, w.where(i, err)
		}
	}
	return n, nil
}

// next picks the frame's next delta; last says that it is the final one.
func (w *worker) next(f *frame) (i int32, last bool) {
	heavy := w.p.entries[f.entry].heavy
	if n := len(f.waiting); n > 0 {
		i, f.waiting = f.waiting[n-1], f.waiting[:n-1]
		return i, n == 1 && f.child == none
	}
	for f.child != none {
		i = f.child
		f.child = w.p.entries[i].sibling
		if i != heavy {
			return i, false
		}
	}
	// A frame whose heavy delta was picked is gone from the stack.
	return heavy, heavy != none
}

// apply computes entry i from its base.
func (w *worker) apply(i int32, base []byte, depth int) ([]byte, error) {
	if depth > w.p.limits.MaxDepth {
		return nil, overLimit("its delta chain is longer than %d", w.p.limits.MaxDepth)
	}
	e := &w.p.entries[i]
	if need := w.live + e.size + e.result; need > w.p.limits.MaxLive {
		return nil, overLimit("to resolve it, %d bytes are needed at once, more than the limit of %d", need, w.p.limits.MaxLive)
	}
	w.delta = grow(w.delta, e.size)
	if err := w.inflate(i, w.delta); err != nil {
		return nil, err
	}
	data := w.alloc(e.result)
	return data, applyDelta(data, base, w.delta)
}

// inflate fills dst from entry i and records the entry's CRC-32.
func (w *worker) inflate(i int32, dst []byte) error {
	e := &w.p.entries[i]
	w.raw = grow(w.raw, w.p.end(i)-e.offset)
	if _, err := w.p.r.ReadAt(w.raw, e.offset); err != nil {
		return fmt.Errorf("reading the pack: %w", err)
	}
	e.crc = crc32.ChecksumIEEE(w.raw)
	return w.in.inflate(dst, w.raw[e.head:])
}

// object computes the id of an object and hands it to the visitor.
func (w *worker) object(i int32, k kind, data []byte) (ID, error) {
	id, err := w.id(k, data)
	if err != nil {
		return id, err
	}
	if err := w.visit(w, i, id, k, data); err != nil {
		return id, err
	}
	return id, nil
}

// id computes a git object id and detects the known collision attacks on
// SHA-1, for which plain Sum would return another hash without a word.
func (w *worker) id(k kind, data []byte) (ID, error) {
	w.head = append(w.head[:0], k.String()...)
	w.head = append(w.head, ' ')
	w.head = strconv.AppendInt(w.head, int64(len(data)), 10)
	w.head = append(w.head, 0)
	return sumSHA1(w.sha1, w.head, data)
}

var errCollision = errors.New("its bytes are made for a SHA-1 collision")

func sumSHA1(h hash.Hash, parts ...[]byte) (id ID, err error) {
	h.Reset()
	for _, b := range parts {
		if _, err := h.Write(b); err != nil {
			return id, err
		}
	}
	detector, ok := h.(sha1cd.CollisionResistantHash)
	if !ok {
		return id, errors.New("this SHA-1 does not detect collisions")
	}
	sum, collision := detector.CollisionResistantSum(nil)
	copy(id[:], sum)
	if collision {
		return id, errCollision
	}
	return id, nil
}

func digestOf(data []byte) Digest { return sha256.Sum256(data) }

func (w *worker) where(i int32, err error) error {
	if errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
		return err
	}
	at := w.p.entries[i].offset
	return &fault{object: fmt.Sprintf("offset %d", at), err: fmt.Errorf("the object at offset %d of the pack: %w", at, err)}
}

// Buffers up to poolBytes are kept for the next object, poolSize of them.
const (
	poolBytes = 1 << 20
	poolSize  = 16
)

// garbageBytes is how much of large buffers that were let go may wait for the
// collector. It would otherwise run when as much again is in use, and there is
// no memory for that. Buffers of ordinary files are left to it: with millions of
// objects in the graph it takes a second.
const (
	garbageBytes = 64 << 20
	largeBuffer  = 16 << 20
)

func (w *worker) alloc(n int64) []byte {
	w.live += n
	if w.garbage > garbageBytes && n > largeBuffer {
		w.garbage = 0
		runtime.GC()
	}
	for i, b := range w.pool {
		if int64(cap(b)) >= n && int64(cap(b)) <= 4*n+4096 {
			w.pool[i] = w.pool[len(w.pool)-1]
			w.pool = w.pool[:len(w.pool)-1]
			return b[:n]
		}
	}
	return make([]byte, n, n+min(n/8, 1<<16))
}

func (w *worker) free(b []byte) {
	w.live -= int64(len(b))
	switch {
	case cap(b) > largeBuffer:
		w.garbage += int64(cap(b))
	case cap(b) > poolBytes || cap(b) == 0:
	case len(w.pool) < poolSize:
		w.pool = append(w.pool, b)
	default:
		w.pool[int(w.live)&(poolSize-1)] = b
	}
}
