package segment

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"sort"
	"strings"
	"sync"

	zap "github.com/blevesearch/zapx/v17"
	"github.com/klauspost/compress/s2"

	"vitrine/index/block"
)

// A Segment is an open segment. It may be used by several goroutines.
type Segment struct {
	lists      *block.File // the zap segment
	dictionary *block.File
	fields     map[string][]group
	ids        uint64 // where they are in dictionary
	docs       int
}

// A group is what [dictionaryWriter] calls so.
type group struct {
	at     uint64
	pages  int
	before int    // pages in the groups before
	length uint64 // of the pages
}

func (g group) table() uint64     { return g.at + g.length }
func (g group) signature() uint64 { return g.table() + uint64(g.pages+1)*4 }
func (g group) columns() int      { return (g.pages + 63) / 64 }

// Open maps the segment that [Merge] wrote to folder under name. digests gives the
// verified content of a file of the folder: those in which the digests of blocks are.
// What is read later and is not what Merge wrote is an error, which wraps
// [block.ErrDamaged] wherever a digest tells.
func Open(folder, name string, digests func(name string) ([]byte, error)) (_ *Segment, err error) {
	s := new(Segment)
	defer func() {
		if err != nil {
			err = errors.Join(err, s.Close())
		}
	}()
	open := func(name string) (*block.File, error) {
		list, err := digests(name + block.Suffix)
		if err != nil {
			return nil, err
		}
		return block.Open(filepath.Join(folder, name), list)
	}
	if s.lists, err = open(name + zapSuffix); err != nil {
		return nil, err
	}
	if s.dictionary, err = open(name + dictionarySuffix); err != nil {
		return nil, err
	}
	if err := s.load(); err != nil {
		return nil, fmt.Errorf("%s: %w", s.dictionary.Path(), err)
	}
	return s, nil
}

// load reads the trailer of the dictionary.
func (s *Segment) load() error {
	const tail = 4 + len(dictionaryMagic)
	size := s.dictionary.Len()
	if size < uint64(tail) {
		return errFormat
	}
	end, err := s.dictionary.Bytes(size-uint64(tail), uint64(tail))
	if err != nil {
		return err
	}
	n := uint64(binary.BigEndian.Uint32(end))
	if string(end[4:]) != dictionaryMagic || n < 1+12 || n > size-uint64(tail) {
		return errFormat
	}
	head, err := s.dictionary.Bytes(size-uint64(tail)-n, n)
	if err != nil {
		return err
	}
	rest := head[len(head)-12:]
	s.ids, s.docs = binary.BigEndian.Uint64(rest), int(binary.BigEndian.Uint32(rest[8:]))
	if err := s.dictionary.Within(s.ids, uint64(s.docs)*uint64(len(ID{}))); err != nil {
		return err
	}
	fields := int(head[0])
	head = head[1 : len(head)-12]
	s.fields = make(map[string][]group, fields)
	for range fields {
		if len(head) < 1 || len(head) < 1+int(head[0])+4 {
			return errFormat
		}
		name := string(head[1 : 1+head[0]])
		head = head[1+len(name):]
		groups := uint64(binary.BigEndian.Uint32(head))
		if head = head[4:]; groups > uint64(len(head)/groupEntry) {
			return errFormat
		}
		before := 0
		for range groups {
			g := group{at: binary.BigEndian.Uint64(head), pages: int(binary.BigEndian.Uint32(head[8:])), before: before, length: uint64(binary.BigEndian.Uint32(head[12:]))}
			head = head[groupEntry:]
			if g.pages == 0 || g.pages > groupPages || before%groupPages != 0 || g.at > size {
				return errFormat
			}
			need := g.signature() - g.at
			if g.pages > unsignedPages {
				need += uint64(g.columns()) * 8 * signatureRows
			}
			if err := s.dictionary.Within(g.at, need); err != nil {
				return err
			}
			before += g.pages
			s.fields[name] = append(s.fields[name], g)
		}
	}
	if len(head) > 0 {
		return errFormat
	}
	return nil
}

// Close unmaps the segment. No call may be under way.
func (s *Segment) Close() error {
	var errs []error
	for _, m := range []*block.File{s.lists, s.dictionary} {
		if m != nil {
			errs = append(errs, m.Close())
		}
	}
	return errors.Join(errs...)
}

// Verify compares the whole segment with its digests, a GB in about a second.
func (s *Segment) Verify(ctx context.Context) error {
	return errors.Join(s.lists.Verify(ctx), s.dictionary.Verify(ctx))
}

// Docs is the number of documents.
func (s *Segment) Docs() int { return s.docs }

// IDs lists the documents by number.
func (s *Segment) IDs() ([]ID, error) {
	b, err := s.dictionary.Bytes(s.ids, uint64(s.docs)*uint64(len(ID{})))
	if err != nil {
		return nil, err
	}
	out := make([]ID, s.docs)
	for i := range out {
		copy(out[i][:], b[i*len(ID{}):])
	}
	return out, nil
}

// A Posting says where the documents of a term are listed: what the automaton of a
// zap segment has as its value.
type Posting uint64

func (p Posting) single() bool {
	return uint64(p)&zap.FSTValEncodingMask == zap.FSTValEncoding1Hit
}

func (p Posting) doc() uint32 {
	n, _ := zap.FSTValDecode1Hit(uint64(p))
	return uint32(n)
}

// A page is a page's record, taken apart.
type page struct {
	first  []byte // its first term
	base   uint64 // what its first value is relative to
	text   []byte
	packed bool // text is compressed
	values []byte
}

// page reads page n of a group.
func (s *Segment) page(g group, n int) (p page, err error) {
	bad := func() (page, error) {
		return page{}, fmt.Errorf("%s, page %d of the group at %d: %w", s.dictionary.Path(), n, g.at, errFormat)
	}
	table, err := s.dictionary.Bytes(g.table()+uint64(n)*4, 8)
	if err != nil {
		return page{}, err
	}
	from, to := uint64(binary.BigEndian.Uint32(table)), uint64(binary.BigEndian.Uint32(table[4:]))
	if from > to || to > g.length {
		return bad()
	}
	rest, err := s.dictionary.Bytes(g.at+from, to-from)
	if err != nil {
		return page{}, err
	}
	var numbers [3]uint64 // length of first, base, length of text and whether it is packed
	for i := range numbers {
		v, k := binary.Uvarint(rest)
		if k <= 0 {
			return bad()
		}
		if i == 2 {
			p.packed = v&1 != 0
			v >>= 1
		}
		if i != 1 && v > uint64(len(rest)-k) {
			return bad()
		}
		numbers[i], rest = v, rest[k:]
		if i == 0 {
			p.first, rest = rest[:v], rest[v:]
		}
	}
	p.base = numbers[1]
	p.text, p.values = rest[:numbers[2]], rest[numbers[2]:]
	return p, nil
}

// first is the number of the first page of all of which the first term is past what
// isBefore accepts.
func (s *Segment) first(groups []group, isBefore func(term []byte) bool) (n int, err error) {
	n = sort.Search(pages(groups), func(i int) bool {
		p, e := s.page(groups[i/groupPages], i%groupPages)
		if e != nil {
			err = e
			return true
		}
		return !isBefore(p.first)
	})
	return n, err
}

func pages(groups []group) int {
	if len(groups) == 0 {
		return 0
	}
	last := groups[len(groups)-1]
	return last.before + last.pages
}

// Find looks a term up; false when no document has it.
func (s *Segment) Find(field string, term []byte) (p Posting, ok bool, err error) {
	pattern := make([]byte, 0, len(term)+2)
	pattern = append(append(append(pattern, '\n'), term...), '\n')
	err = s.Each(context.Background(), field, pattern, func(_ []byte, found Posting) bool {
		p, ok = found, true
		return false
	})
	return p, ok, err
}

// span narrows the pages of a field to those that can have pattern for its beginning.
func (s *Segment) span(groups []group, pattern []byte) (from, to int, err error) {
	to = pages(groups)
	if len(pattern) < 2 || pattern[0] != '\n' {
		return 0, to, nil
	}
	prefix := bytes.TrimSuffix(pattern[1:], []byte{'\n'})
	whole := len(prefix) < len(pattern)-1
	if from, err = s.first(groups, func(t []byte) bool { return bytes.Compare(t, prefix) <= 0 }); err != nil {
		return 0, 0, err
	}
	to, from = from, max(from-1, 0)
	if !whole {
		to, err = s.first(groups, func(t []byte) bool { return bytes.Compare(t, prefix) < 0 || bytes.HasPrefix(t, prefix) })
	}
	return from, to, err
}

// Pages is how many pages Each would read for pattern, each in some µs.
func (s *Segment) Pages(field string, pattern []byte) (n int, err error) {
	groups := s.fields[field]
	from, to, err := s.span(groups, pattern)
	var mask [groupPages / 64]uint64
	for err == nil && from < to {
		g := groups[from/groupPages]
		if err = s.mask(mask[:g.columns()], g, pattern); err != nil {
			break
		}
		for end := min(to, g.before+g.pages); from < end; from++ {
			n += int(mask[(from-g.before)/64] >> ((from - g.before) % 64) & 1)
		}
	}
	return n, err
}

// Each calls visit for each term that pattern is found in, in byte order, until visit
// returns false. A "\n" in pattern, which is not empty, is the beginning or the end of a
// term. The bytes of a term are visit's only until it returns.
func (s *Segment) Each(ctx context.Context, field string, pattern []byte, visit func(term []byte, p Posting) bool) error {
	return s.EachOf(ctx, field, pattern, Part{0, 1}, visit)
}

// A Part is one of several, from 0 on.
type Part struct{ N, Of int }

// EachOf is Each for one part of the terms, so that several goroutines can share them.
func (s *Segment) EachOf(ctx context.Context, field string, pattern []byte, part Part, visit func(term []byte, p Posting) bool) error {
	return s.each(ctx, field, pattern, part, newFinder(pattern).before, visit)
}

// EachIn calls visit as EachOf does, but for the terms that find leads to: it gets terms
// with "\n" between them and gives the place of a byte of the first that is wanted, from
// the beginning of a term on, or -1.
func (s *Segment) EachIn(ctx context.Context, field string, part Part, find func(terms []byte, at int) int, visit func(term []byte, p Posting) bool) error {
	return s.each(ctx, field, []byte{'\n'}, part, func(text []byte, at int) int {
		if at+1 == len(text) {
			return -1 // behind the last one
		}
		i := find(text[:len(text)-1], at+1)
		if i < 0 {
			return -1
		}
		return bytes.LastIndexByte(text[:min(i, len(text)-1)], '\n')
	}, visit)
}

// each calls visit for each term before which find finds the "\n", in text from one on.
func (s *Segment) each(ctx context.Context, field string, pattern []byte, part Part, find func(text []byte, at int) int, visit func(term []byte, p Posting) bool) error {
	groups := s.fields[field]
	from, to, err := s.span(groups, pattern)
	if err != nil {
		return err
	}
	var mask [groupPages / 64]uint64
	text := texts.Get().(*[pageSize]byte)
	defer texts.Put(text)
	for from < to {
		g := groups[from/groupPages]
		end := min(to, g.before+g.pages)
		if err := s.mask(mask[:g.columns()], g, pattern); err != nil {
			return err
		}
		for ; from < end; from++ {
			n := from - g.before
			if mask[n/64]&(1<<(n%64)) == 0 || from/16%part.Of != part.N {
				continue
			}
			if err := ctx.Err(); err != nil {
				return err
			}
			p, err := s.page(g, n)
			if err != nil {
				return err
			}
			goOn, err := p.visit(text[:], find, visit)
			if err != nil {
				return fmt.Errorf("%s, page %d of the group at %d: %w", s.dictionary.Path(), n, g.at, err)
			}
			if !goOn {
				return nil
			}
		}
	}
	return nil
}

// texts are for the text of pages.
var texts = sync.Pool{New: func() any { return new([pageSize]byte) }}

// mask finds the pages of a group that the signature lets pass.
func (s *Segment) mask(out []uint64, g group, pattern []byte) error {
	for i := range out {
		out[i] = ^uint64(0)
	}
	if g.pages <= unsignedPages {
		return nil
	}
	n := uint64(len(out)) * 8
	for i := 2; i < len(pattern); i++ {
		b, err := s.dictionary.Bytes(g.signature()+uint64(row(pattern[i-2], pattern[i-1], pattern[i]))*n, n)
		if err != nil {
			return err
		}
		for k := range out {
			out[k] &= binary.LittleEndian.Uint64(b[8*k:])
		}
	}
	return nil
}

// visit calls f for each term of the page that find finds; buf is for its text if that is
// packed.
func (p page) visit(buf []byte, find func(text []byte, at int) int, f func(term []byte, p Posting) bool) (goOn bool, err error) {
	text := p.text
	if p.packed {
		if n, err := s2.DecodedLen(text); err != nil || n > len(buf) {
			return false, errors.Join(errFormat, err)
		}
		if text, err = s2.Decode(buf, text); err != nil {
			return false, errors.Join(errFormat, err)
		}
	}
	if len(text) < 2 || text[0] != '\n' || text[len(text)-1] != '\n' {
		return false, errFormat
	}
	passed := 0 // the term behind text[passed], a "\n", has its value next
	for at := 0; ; {
		start := find(text, at) // the "\n" before the term
		if start < 0 || start+1 == len(text) {
			return true, nil // the last "\n" is found by a pattern of only that
		}
		end := start + 1 + bytes.IndexByte(text[start+1:], '\n')
		var found Posting
		for skip := bytes.Count(text[passed:start], []byte{'\n'}); skip >= 0; skip-- {
			v, k := binary.Uvarint(p.values)
			if k <= 0 {
				return false, errFormat
			}
			p.values = p.values[k:]
			if v&1 != 0 {
				found = Posting(zap.FSTValEncode1Hit(v>>1, zap.NormBits1Hit))
			} else {
				p.base += v >> 1
				found = Posting(p.base)
			}
		}
		if !f(text[start+1:end:end], found) {
			return false, nil
		}
		at, passed = end, end
	}
}

// A finder finds a pattern by its rarest byte, of which there are so few in a page that
// this is several times quicker than bytes.Index.
type finder struct {
	pattern []byte
	rarest  int // its place in pattern
}

// byFrequency has the bytes of terms, the rarest first, as they are in Linux. What is
// not here is rarer.
const byFrequency = "jzqkywx9v8h7b65g34pu2f1ml0dnoactirse_\n"

func newFinder(pattern []byte) finder {
	f := finder{pattern: pattern}
	for i, c := range pattern {
		if strings.IndexByte(byFrequency, c) < strings.IndexByte(byFrequency, pattern[f.rarest]) {
			f.rarest = i
		}
	}
	return f
}

// before is where the "\n" is before the first term with the pattern from at on, or -1.
func (f finder) before(text []byte, at int) int {
	i := f.in(text, at)
	if i >= 0 && f.pattern[0] != '\n' {
		i = bytes.LastIndexByte(text[:i], '\n')
	}
	return i
}

// in is the first place of the pattern in text from at on, or -1.
func (f finder) in(text []byte, at int) int {
	for {
		from := at + f.rarest
		if from >= len(text) {
			return -1
		}
		i := bytes.IndexByte(text[from:], f.pattern[f.rarest])
		if i < 0 || at+i+len(f.pattern) > len(text) {
			return -1
		}
		if at += i; string(text[at:at+len(f.pattern)]) == string(f.pattern) {
			return at
		}
		at++
	}
}

// Or adds the documents of a term to a set, in which those of the segment begin with
// number base.
func (s *Segment) Or(p Posting, set *Set, base int) error {
	if p.single() {
		if int(p.doc()) >= s.docs || !set.addRange(base+int(p.doc()), base+int(p.doc())+1) {
			return fmt.Errorf("%s: document %d of %d: %w", s.lists.Path(), p.doc(), s.docs, errFormat)
		}
		return nil
	}
	at := uint64(p)
	head, err := s.lists.Bytes(at, min(3*binary.MaxVarintLen64, s.lists.Len()-min(at, s.lists.Len())))
	if err != nil {
		return err
	}
	var v [3]uint64 // frequencies, locations, length
	used := 0
	for i := range v {
		n := 0
		if v[i], n = binary.Uvarint(head[used:]); n <= 0 {
			return fmt.Errorf("%s: list at %d: %w", s.lists.Path(), at, errFormat)
		}
		used += n
	}
	list, err := s.lists.Bytes(at+uint64(used), v[2])
	if err != nil {
		return err
	}
	if !set.orList(list, base, s.docs) {
		return fmt.Errorf("%s: list at %d: %w", s.lists.Path(), at, errFormat)
	}
	return nil
}

// Files are the names of the files of the segment with this name.
func Files(name string) []string {
	out := []string{name + zapSuffix, name + dictionarySuffix, name + zapSuffix + block.Suffix, name + dictionarySuffix + block.Suffix}
	slices.Sort(out)
	return out
}
