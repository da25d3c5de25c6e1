package symbol

import (
	"encoding/binary"
	"errors"
	"fmt"
	"slices"

	"github.com/klauspost/compress/s2"
)

const (
	// chunkSymbols is how many symbols are packed together: few enough that one
	// is found in microseconds, enough that packing pays.
	chunkSymbols = 128

	// chunkBytes ends a chunk early: a text of long signatures must not make
	// large ones.
	chunkBytes = 64 << 10

	// maxField bounds each text of a symbol: longer names and signatures are not
	// what anybody wrote by hand, and would be read for every hit.
	maxField = 1024

	// maxFieldConditions bounds the conditions of a symbol: headers nest ten deep.
	maxFieldConditions = 64

	// maxChunk is what a chunk can have before it is packed, for a reader that
	// believes nothing: a full one and then the largest symbol.
	maxChunk = chunkBytes + (4+maxFieldConditions)*(maxField+10) + 100

	// maxImportList bounds the imports of a text.
	maxImportList = 1 << 14
)

// errRecord is the error of bytes that their digest says are as written, or of
// a test's.
var errRecord = errors.New("is not what this program writes; build the symbol index again")

// Flags of an entry.
const (
	flagTruncated = 1 << iota // a limit left something out
	flagUnread                // the text was not read at all
)

// A recordWriter packs outlines into records. Its memory is used again.
type recordWriter struct{ raw, dir, body []byte }

// append packs what was found in a text under the name base. It changes the
// outline: texts are cut and symbols sorted by their place.
func (w *recordWriter) append(dst []byte, base string, o *Outline) []byte {
	tidy(o)
	dst = appendText(dst, base)
	dst = binary.AppendUvarint(dst, uint64(len(o.Imports)))
	if len(o.Imports) > 0 {
		w.raw = appendImports(w.raw[:0], o.Imports)
		packed := s2.Encode(nil, w.raw)
		dst = binary.AppendUvarint(dst, uint64(len(packed)))
		dst = append(dst, packed...)
	}
	w.dir, w.body = w.dir[:0], w.body[:0]
	for rest := o.Symbols; len(rest) > 0; {
		n := 0
		w.raw = w.raw[:0]
		var last Symbol
		for n < len(rest) && n < chunkSymbols && len(w.raw) < chunkBytes {
			w.raw = appendSymbol(w.raw, &last, &rest[n])
			last = rest[n]
			n++
		}
		packed := s2.Encode(nil, w.raw)
		w.dir = binary.AppendUvarint(w.dir, uint64(n))
		w.dir = binary.AppendUvarint(w.dir, uint64(len(packed)))
		w.body = append(w.body, packed...)
		rest = rest[n:]
	}
	dst = append(dst, w.dir...)
	dst = append(dst, 0) // no more chunks
	return append(dst, w.body...)
}

// tidy brings an outline within the limits of a record.
func tidy(o *Outline) {
	cut := func(s *string) {
		if len(*s) > maxField {
			*s, o.Truncated = (*s)[:maxField], true
		}
	}
	if len(o.Imports) > maxImportList {
		o.Imports, o.Truncated = o.Imports[:maxImportList], true
	}
	for i := range o.Imports {
		cut(&o.Imports[i].Path)
	}
	for i := range o.Symbols {
		s := &o.Symbols[i]
		cut(&s.Name)
		cut(&s.Scope)
		if len(s.Signature) > maxField { // it may be cut
			s.Signature = s.Signature[:maxField]
		}
		if len(s.Conditions) > maxFieldConditions {
			s.Conditions, o.Truncated = s.Conditions[:maxFieldConditions], true
		}
		for j := range s.Conditions {
			if len(s.Conditions[j]) > maxField {
				s.Conditions = slices.Clone(s.Conditions)
				cut(&s.Conditions[j])
			}
		}
	}
	byPlace := func(a, b Symbol) int { return a.Start - b.Start }
	if !slices.IsSortedFunc(o.Symbols, byPlace) {
		slices.SortStableFunc(o.Symbols, byPlace)
	}
}

func appendImports(dst []byte, imports []Import) []byte {
	last := Import{}
	for _, im := range imports {
		dst = appendShared(dst, last.Path, im.Path)
		dst = binary.AppendVarint(dst, int64(im.Start-last.Start))
		dst = binary.AppendVarint(dst, int64(im.End-im.Start))
		system := 0
		if im.System {
			system = 1
		}
		dst = binary.AppendVarint(dst, int64((im.Line-last.Line)<<1|system))
		last = im
	}
	return dst
}

// appendSymbol writes s as it differs from the one before it.
func appendSymbol(dst []byte, last, s *Symbol) []byte {
	dst = append(dst, byte(s.Kind))
	dst = appendShared(dst, last.Name, s.Name)
	dst = appendShared(dst, last.Scope, s.Scope)
	dst = appendShared(dst, last.Signature, s.Signature)
	for _, n := range [...]int{
		s.Start - last.Start, s.End - s.Start, s.Line - last.Line,
		s.Start - s.BodyStart, s.BodyEnd - s.End,
		s.DocEnd - s.DocStart,
	} {
		dst = binary.AppendVarint(dst, int64(n))
	}
	if s.DocEnd != s.DocStart {
		dst = binary.AppendVarint(dst, int64(s.BodyStart-s.DocEnd))
	}
	if slices.Equal(s.Conditions, last.Conditions) {
		return append(dst, 0)
	}
	dst = binary.AppendUvarint(dst, uint64(len(s.Conditions))+1)
	for _, c := range s.Conditions {
		dst = appendText(dst, c)
	}
	return dst
}

func appendText(dst []byte, s string) []byte {
	return append(binary.AppendUvarint(dst, uint64(len(s))), s...)
}

// appendShared writes s as what it begins with of last, and the rest.
func appendShared(dst []byte, last, s string) []byte {
	n := 0
	for n < min(len(last), len(s)) && last[n] == s[n] {
		n++
	}
	return appendText(binary.AppendUvarint(dst, uint64(n)), s[n:])
}

// A stored is a record that is read: its parts are unpacked when asked for.
type stored struct {
	base    string // file name by which the language was told
	imports int
	packed  []byte // imports
	chunks  []chunk
	symbols int
}

type chunk struct {
	first, n, size int
	packed         []byte
}

func parseRecord(data []byte) (*stored, error) {
	in := decoder{data: data}
	r := &stored{base: in.text(maxField)}
	r.imports = in.number(maxImportList)
	if r.imports > 0 {
		r.packed = in.take(in.number(len(in.data)))
	}
	for {
		n := in.number(chunkSymbols)
		if n == 0 {
			break
		}
		r.chunks = append(r.chunks, chunk{first: r.symbols, n: n, size: in.number(len(data))})
		r.symbols += n
	}
	for i := range r.chunks {
		r.chunks[i].packed = in.take(r.chunks[i].size)
	}
	if in.bad || len(in.data) > 0 {
		return nil, errRecord
	}
	return r, nil
}

func unpack(packed []byte, most int) ([]byte, error) {
	n, err := s2.DecodedLen(packed)
	if err != nil || n > most {
		return nil, errRecord
	}
	raw, err := s2.Decode(make([]byte, n), packed)
	if err != nil {
		return nil, errRecord
	}
	return raw, nil
}

// symbol unpacks symbol n.
func (r *stored) symbol(n int) (Symbol, error) {
	i, ok := slices.BinarySearchFunc(r.chunks, n, func(c chunk, n int) int {
		switch {
		case n < c.first:
			return 1
		case n >= c.first+c.n:
			return -1
		}
		return 0
	})
	if !ok {
		return Symbol{}, errRecord
	}
	c := r.chunks[i]
	symbols, err := c.unpack(nil, n-c.first+1)
	if err != nil {
		return Symbol{}, err
	}
	return symbols[n-c.first], nil
}

// unpack adds the first n symbols of the chunk to dst.
func (c chunk) unpack(dst []Symbol, n int) ([]Symbol, error) {
	raw, err := unpack(c.packed, maxChunk)
	if err != nil {
		return nil, err
	}
	in := decoder{data: raw}
	var last Symbol
	for range n {
		s := Symbol{Kind: Kind(in.byte())}
		s.Name = in.shared(last.Name)
		s.Scope = in.shared(last.Scope)
		s.Signature = in.shared(last.Signature)
		s.Start = last.Start + in.signed()
		s.End = s.Start + in.signed()
		s.Line = last.Line + in.signed()
		s.BodyStart = s.Start - in.signed()
		s.BodyEnd = s.End + in.signed()
		if doc := in.signed(); doc != 0 {
			s.DocEnd = s.BodyStart - in.signed()
			s.DocStart = s.DocEnd - doc
		}
		s.Conditions = last.Conditions
		if k := in.number(maxFieldConditions + 1); k > 0 {
			s.Conditions = nil
			for range k - 1 {
				s.Conditions = append(s.Conditions, in.text(maxField))
			}
		}
		if in.bad || s.Kind < Function || s.Kind > Module || !s.possible() {
			return nil, errRecord
		}
		dst = append(dst, s)
		last = s
	}
	return dst, nil
}

// possible reports whether the offsets can be those of a text.
func (s *Symbol) possible() bool {
	for _, at := range [...]int{s.Start, s.End, s.BodyStart, s.BodyEnd, s.DocStart, s.DocEnd, s.Line} {
		if at < 0 || at > maxOffset {
			return false
		}
	}
	return s.Start <= s.End && s.BodyStart <= s.BodyEnd && s.DocStart <= s.DocEnd
}

// maxOffset is beyond every offset of a decoded text, which is at most twice as
// long as content.MaxText.
const maxOffset = 1 << 28

// outline unpacks all.
func (r *stored) outline() (*Outline, error) {
	o := new(Outline)
	var err error
	if o.Imports, err = r.importList(); err != nil {
		return nil, err
	}
	for _, c := range r.chunks {
		if o.Symbols, err = c.unpack(o.Symbols, c.n); err != nil {
			return nil, err
		}
	}
	return o, nil
}

func (r *stored) importList() ([]Import, error) {
	if r.imports == 0 {
		return nil, nil
	}
	raw, err := unpack(r.packed, r.imports*(maxField+40))
	if err != nil {
		return nil, err
	}
	in := decoder{data: raw}
	var last Import
	var out []Import
	for range r.imports {
		im := Import{Path: in.shared(last.Path)}
		im.Start = last.Start + in.signed()
		im.End = im.Start + in.signed()
		line := in.signed()
		im.System, im.Line = line&1 != 0, last.Line+line>>1
		if in.bad || im.Start < 0 || im.End < im.Start || im.End > maxOffset || im.Line < 0 || im.Line > maxOffset {
			return nil, errRecord
		}
		out = append(out, im)
		last = im
	}
	return out, nil
}

// A decoder takes numbers and texts off data. After the first that is not
// possible, bad is set and all are zero.
type decoder struct {
	data []byte
	bad  bool
}

func (r *decoder) byte() byte {
	b := r.take(1)
	if len(b) == 0 {
		return 0
	}
	return b[0]
}

func (r *decoder) number(most int) int {
	v, n := binary.Uvarint(r.data)
	if n <= 0 || v > uint64(most) {
		r.bad, r.data = true, nil
		return 0
	}
	r.data = r.data[n:]
	return int(v)
}

func (r *decoder) signed() int {
	v, n := binary.Varint(r.data)
	if n <= 0 || v > 2*maxOffset || v < -2*maxOffset {
		r.bad, r.data = true, nil
		return 0
	}
	r.data = r.data[n:]
	return int(v)
}

func (r *decoder) take(n int) []byte {
	if n > len(r.data) {
		r.bad, r.data = true, nil
		return nil
	}
	out := r.data[:n:n]
	r.data = r.data[n:]
	return out
}

func (r *decoder) text(most int) string { return string(r.take(r.number(most))) }

func (r *decoder) shared(last string) string {
	n := r.number(len(last))
	rest := r.take(r.number(maxField - n))
	if n == len(last) && len(rest) == 0 {
		return last
	}
	return last[:n] + string(rest)
}

func damaged(what string, err error) error { return fmt.Errorf("%s: its record %w", what, err) }
