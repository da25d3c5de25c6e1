package segment

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"path/filepath"

	index "github.com/blevesearch/bleve_index_api"
)

// What is added to a segment's name for its files.
const (
	zapSuffix        = ".zap"
	dictionarySuffix = ".dictionary"
)

// MaxRuns is how many runs can become one segment: all are open at once, each with a
// buffer of 64 KiB.
const MaxRuns = 256

// Name is the name of segment n, as bleve numbers its files.
func Name(n uint64) string { return fmt.Sprintf("%012x", n) }

// Merge writes the segment of some documents, those of which the terms are in sources,
// in this order and without a gap, to folder under name. Each run is verified on the way;
// one that is damaged is named by the error, a [*DamagedRun].
func Merge(ctx context.Context, folder, name string, fields []string, ids []ID, from []Source) (err error) {
	if len(from) > MaxRuns {
		return fmt.Errorf("%d runs for one segment are over the limit of %d", len(from), MaxRuns)
	}
	m := &merger{fields: fields}
	defer func() { err = errors.Join(err, m.close()) }()
	next := uint32(0)
	for i, r := range from {
		first, to := r.Span()
		if i == 0 {
			m.base, next = first, first
		}
		if first != next {
			return fmt.Errorf("what has documents %d to %d does not follow on %d", first, to, next)
		}
		next = to
		in, err := r.open(len(fields))
		if in != nil {
			m.from = append(m.from, in)
		}
		if err != nil {
			return err
		}
	}
	if int(next-m.base) != len(ids) {
		return fmt.Errorf("the runs have %d documents of %d", next-m.base, len(ids))
	}
	path := filepath.Join(folder, name)
	if m.lists, err = createZap(ctx, path+zapSuffix, ids); err != nil {
		return err
	}
	if m.dictionary, err = createDictionary(path + dictionarySuffix); err != nil {
		return err
	}
	for _, f := range fields {
		if err := m.field(ctx, f); err != nil {
			return err
		}
	}
	for _, r := range m.from {
		if err := r.end(); err != nil {
			return err
		}
	}
	if err := m.dictionary.finish(ids, len(fields)); err != nil {
		return err
	}
	return m.lists.finish()
}

// A DamagedRun is the error for a run that is not what was written. Without it, its
// documents can be inverted again.
type DamagedRun struct {
	Path string
	err  error
}

func (e *DamagedRun) Error() string { return fmt.Sprintf("%s: %v", e.Path, e.err) }
func (e *DamagedRun) Unwrap() error { return e.err }

type merger struct {
	fields     []string
	from       []reader
	base       uint32 // the first document
	lists      *zapWriter
	dictionary *dictionaryWriter

	heap  []*cursor // those with a term, the least first
	docs  []uint32
	arena []byte // the terms that are handed over to the automaton
}

// close ends what was left open by an error; after success there is nothing.
func (m *merger) close() error {
	var errs []error
	for _, r := range m.from {
		errs = append(errs, r.close())
	}
	if m.lists != nil {
		errs = append(errs, m.lists.abandon(), m.lists.Close())
	}
	if m.dictionary != nil {
		errs = append(errs, m.dictionary.Close())
	}
	return errors.Join(errs...)
}

func (m *merger) field(ctx context.Context, name string) error {
	if err := m.lists.begin(name, index.IndexField|index.SkipFreqNorm); err != nil {
		return err
	}
	m.heap = m.heap[:0]
	for _, r := range m.from {
		c := r.cursor()
		ok, err := c.advance()
		if err != nil {
			return err
		}
		if ok {
			m.heap = append(m.heap, c)
		}
	}
	for i := len(m.heap)/2 - 1; i >= 0; i-- {
		m.down(i)
	}
	for n := 0; len(m.heap) > 0; n++ {
		if n%1024 == 0 {
			if err := ctx.Err(); err != nil {
				return err
			}
		}
		if err := m.term(); err != nil {
			return err
		}
	}
	return errors.Join(m.dictionary.endField(name), m.lists.end(ctx))
}

// term writes the least term with its documents in all runs.
func (m *merger) term() error {
	if cap(m.arena)-len(m.arena) < MaxTerm {
		m.arena = make([]byte, 0, 64<<10)
	}
	start := len(m.arena)
	m.arena = append(m.arena, m.heap[0].term...)
	term := m.arena[start:len(m.arena):len(m.arena)]
	m.docs = m.docs[:0]
	for len(m.heap) > 0 && bytes.Equal(m.heap[0].term, term) {
		c := m.heap[0]
		for _, d := range c.docs {
			m.docs = append(m.docs, d-m.base)
		}
		ok, err := c.advance()
		if err != nil {
			return err
		}
		if !ok {
			last := len(m.heap) - 1
			m.heap[0] = m.heap[last]
			m.heap = m.heap[:last]
		}
		m.down(0)
	}
	value, err := m.lists.add(m.docs)
	if err != nil {
		return err
	}
	if err := m.lists.insert(term, value); err != nil {
		return err
	}
	return m.dictionary.add(term, value)
}

// down restores the order of the heap below i: by term, then by document, so that the
// documents of a term come in order.
func (m *merger) down(i int) {
	for {
		least := i
		for _, c := range [...]int{2*i + 1, 2*i + 2} {
			if c < len(m.heap) && m.less(c, least) {
				least = c
			}
		}
		if least == i {
			return
		}
		m.heap[i], m.heap[least] = m.heap[least], m.heap[i]
		i = least
	}
}

func (m *merger) less(i, j int) bool {
	a, b := m.heap[i], m.heap[j]
	if a.head != b.head {
		return a.head < b.head
	}
	if c := bytes.Compare(a.term, b.term); c != 0 {
		return c < 0
	}
	return a.from < b.from
}
