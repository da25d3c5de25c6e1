package symbol

import (
	"encoding/binary"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"

	"github.com/klauspost/compress/zstd"
)

const (
	// chunkSymbols is how many symbols are packed together: few enough that one
	// is found in microseconds, enough that packing pays.
	chunkSymbols = 256

	// chunkBytes ends a chunk early: a text of long signatures must not make
	// large ones.
	chunkBytes = 64 << 10

	// maxField bounds each text of a symbol: longer names and signatures are not
	// what anybody wrote by hand, and would be read for every hit.
	maxField = 1024

	// maxFieldConditions bounds the conditions of a symbol: headers nest ten deep.
	maxFieldConditions = 64

	// maxChunk is what a chunk can have before it is packed, for a reader that
	// believes nothing: texts, numbers and conditions of each symbol.
	maxChunk = chunkBytes + 4*maxField + chunkSymbols*(100+maxFieldConditions*(maxField+2))

	// maxPart bounds a text of a record: one of a symbol, and a NUL.
	maxPart = maxField + 1

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
type recordWriter struct {
	raw, dir, body []byte
	zstd           *zstd.Encoder
}

func newRecordWriter() (*recordWriter, error) {
	e, err := zstd.NewWriter(nil, zstd.WithEncoderConcurrency(1), zstd.WithEncoderCRC(false), zstd.WithWindowSize(zstdWindow), zstd.WithLowerEncoderMem(true))
	return &recordWriter{zstd: e}, err
}

// zstdWindow is as far back as a chunk is packed by what was before, in bytes.
const zstdWindow = 128 << 10

// append packs what was found in a text under the name base. It changes the
// outline: texts are cut and symbols sorted by their place.
func (w *recordWriter) append(dst []byte, base string, o *Outline) []byte {
	tidy(o)
	dst = appendText(dst, base)
	dst = binary.AppendUvarint(dst, uint64(len(o.Imports)))
	if len(o.Imports) > 0 {
		w.raw = appendImports(w.raw[:0], o.Imports)
		w.body = w.zstd.EncodeAll(w.raw, w.body[:0])
		dst = binary.AppendUvarint(dst, uint64(len(w.body)))
		dst = append(dst, w.body...)
	}
	w.dir, w.body = w.dir[:0], w.body[:0]
	for rest := o.Symbols; len(rest) > 0; {
		n, size := 0, 0
		for n < len(rest) && n < chunkSymbols && size < chunkBytes {
			size += len(rest[n].Name) + len(rest[n].Scope) + len(rest[n].Signature)
			n++
		}
		w.raw = appendChunk(w.raw[:0], rest[:n])
		before := len(w.body)
		w.body = w.zstd.EncodeAll(w.raw, w.body)
		w.dir = binary.AppendUvarint(w.dir, uint64(n))
		w.dir = binary.AppendUvarint(w.dir, uint64(len(w.body)-before))
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
		if strings.Contains(s.Signature, "\x00") { // which has a meaning in a record
			s.Signature = strings.ReplaceAll(s.Signature, "\x00", " ")
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

// appendChunk writes symbols column by column: what is alike stands together.
func appendChunk(dst []byte, list []Symbol) []byte {
	for i := range list {
		dst = append(dst, byte(list[i].Kind))
	}
	texts := func(of func(s *Symbol) string) {
		last := ""
		for i := range list {
			t := of(&list[i])
			dst = appendShared(dst, last, t)
			last = t
		}
	}
	texts(func(s *Symbol) string { return s.Name })
	texts(func(s *Symbol) string { return s.Scope })
	// A signature is what stands before the name and behind it.
	texts(func(s *Symbol) string { before, _ := cutSignature(s); return before })
	texts(func(s *Symbol) string { _, after := cutSignature(s); return after })
	numbers := func(of func(s, last *Symbol) int) {
		last := new(Symbol)
		for i := range list {
			dst = binary.AppendVarint(dst, int64(of(&list[i], last)))
			last = &list[i]
		}
	}
	numbers(func(s, last *Symbol) int { return s.Start - last.Start })
	numbers(func(s, _ *Symbol) int { return s.End - s.Start - len(s.Name) })
	numbers(func(s, last *Symbol) int { return s.Line - last.Line })
	numbers(func(s, _ *Symbol) int { return s.Start - s.BodyStart })
	numbers(func(s, _ *Symbol) int { return s.BodyEnd - s.End })
	numbers(func(s, _ *Symbol) int { return s.DocEnd - s.DocStart })
	numbers(func(s, _ *Symbol) int {
		if s.DocEnd == s.DocStart {
			return 0
		}
		return s.BodyStart - s.DocEnd
	})
	var last []string
	for i := range list {
		c := list[i].Conditions
		if slices.Equal(c, last) {
			dst = append(dst, 0)
			continue
		}
		dst = binary.AppendUvarint(dst, uint64(len(c))+1)
		for _, t := range c {
			dst = appendText(dst, t)
		}
		last = c
	}
	return dst
}

// cutSignature cuts a signature at the name, which stands between the parts; if
// it does not, and the signature is not empty, before ends in a NUL.
func cutSignature(s *Symbol) (before, after string) {
	if i := nameIn(s.Signature, s.Name); i >= 0 {
		return s.Signature[:i], s.Signature[i+len(s.Name):]
	}
	return s.Signature + "\x00", ""
}

func joinSignature(before, name, after string) string {
	if s, ok := strings.CutSuffix(before, "\x00"); ok {
		return s
	}
	return before + name + after
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

// unzstd unpacks; maxUnpacked bounds what a chunk or list of imports can have.
var unzstd = sync.OnceValues(func() (*zstd.Decoder, error) {
	return zstd.NewReader(nil, zstd.WithDecoderMaxMemory(maxUnpacked), zstd.WithDecoderLowmem(true))
})

const maxUnpacked = 32 << 20

func unpack(buf, packed []byte, most int) ([]byte, error) {
	d, err := unzstd()
	if err != nil {
		return nil, err
	}
	var h zstd.Header
	if err := h.Decode(packed); err != nil || h.HasFCS && h.FrameContentSize > uint64(most) {
		return nil, errRecord
	}
	raw, err := d.DecodeAll(packed, buf[:0])
	if err != nil || len(raw) > most {
		return nil, errRecord
	}
	return raw, nil
}

// symbol unpacks symbol n.
func (r *stored) symbol(n int) (Symbol, error) {
	i := r.chunkOf(n)
	if i < 0 {
		return Symbol{}, errRecord
	}
	raw, err := r.chunks[i].raw(nil)
	if err != nil {
		return Symbol{}, err
	}
	return r.chunks[i].symbol(raw, n)
}

// chunkOf is the number of the chunk with symbol n; -1 if there is none.
func (r *stored) chunkOf(n int) int {
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
		return -1
	}
	return i
}

// raw unpacks the bytes of the chunk, into buf if they fit.
func (c chunk) raw(buf []byte) ([]byte, error) { return unpack(buf, c.packed, maxChunk) }

// symbol reads symbol n of the record, which is in the chunk. It goes through the
// columns as read does, but passes over the others' values.
func (c chunk) symbol(raw []byte, n int) (Symbol, error) {
	at := n - c.first
	in := decoder{data: raw}
	var s Symbol
	kinds := in.take(c.n)
	if in.bad {
		return s, errRecord
	}
	s.Kind = Kind(kinds[at])
	s.Name = in.column(c.n, at)
	s.Scope = in.column(c.n, at)
	before := in.column(c.n, at)
	s.Signature = joinSignature(before, s.Name, in.column(c.n, at))
	s.Start = in.sum(c.n, at)
	s.End = s.Start + len(s.Name) + in.value(c.n, at)
	s.Line = in.sum(c.n, at)
	s.BodyStart = s.Start - in.value(c.n, at)
	s.BodyEnd = s.End + in.value(c.n, at)
	length, gap := in.value(c.n, at), in.value(c.n, at)
	if length != 0 {
		s.DocEnd = s.BodyStart - gap
		s.DocStart = s.DocEnd - length
	}
	for i := range c.n {
		if k := in.number(maxFieldConditions + 1); k > 0 {
			own := i <= at
			if own {
				s.Conditions = nil
			}
			for range k - 1 {
				t := in.take(in.number(maxField))
				if own {
					s.Conditions = append(s.Conditions, string(t))
				}
			}
		}
	}
	if in.bad || len(in.data) > 0 || s.Kind < Function || s.Kind > Module || !s.possible() {
		return Symbol{}, errRecord
	}
	return s, nil
}

// column is the text at a place of n, each of which is written by what it shares
// with the one before.
func (r *decoder) column(n, at int) string {
	var buf []byte
	for range at + 1 {
		buf, _ = r.shared(buf)
	}
	out := string(buf)
	length := len(buf)
	for range n - at - 1 {
		shared := r.number(length)
		rest := r.number(maxPart - shared)
		r.take(rest)
		length = shared + rest
	}
	return out
}

// sum adds up a column of n numbers as far as the one at a place, and value is that one.
func (r *decoder) sum(n, at int) (sum int) {
	for range at + 1 {
		sum += r.signed()
	}
	r.pass(n - at - 1)
	return sum
}

func (r *decoder) value(n, at int) int {
	r.pass(at)
	v := r.signed()
	r.pass(n - at - 1)
	return v
}

// pass passes over n numbers.
func (r *decoder) pass(n int) {
	for i, b := range r.data {
		if n == 0 {
			r.data = r.data[i:]
			return
		}
		n -= int(^b >> 7)
	}
	r.bad, r.data = r.bad || n > 0, nil
}

// read reads all symbols of the chunk into dst.
func (c chunk) read(raw []byte, dst []Symbol) error {
	in := decoder{data: raw}
	each := func(read func(s *Symbol)) {
		for i := range dst {
			read(&dst[i])
		}
	}
	each(func(s *Symbol) { s.Kind = Kind(in.byte()) })
	texts := func(set func(s *Symbol, text string)) {
		var buf []byte
		text := ""
		each(func(s *Symbol) {
			var changed bool
			if buf, changed = in.shared(buf); changed {
				text = string(buf)
			}
			set(s, text)
		})
	}
	texts(func(s *Symbol, t string) { s.Name = t })
	texts(func(s *Symbol, t string) { s.Scope = t })
	texts(func(s *Symbol, t string) { s.Signature = t })
	texts(func(s *Symbol, t string) { s.Signature = joinSignature(s.Signature, s.Name, t) })
	at, line := 0, 0
	each(func(s *Symbol) { at += in.signed(); s.Start = at })
	each(func(s *Symbol) { s.End = s.Start + len(s.Name) + in.signed() })
	each(func(s *Symbol) { line += in.signed(); s.Line = line })
	each(func(s *Symbol) { s.BodyStart = s.Start - in.signed() })
	each(func(s *Symbol) { s.BodyEnd = s.End + in.signed() })
	each(func(s *Symbol) { s.DocEnd = in.signed() })
	each(func(s *Symbol) {
		length, gap := s.DocEnd, in.signed()
		s.DocStart, s.DocEnd = 0, 0
		if length != 0 {
			s.DocEnd = s.BodyStart - gap
			s.DocStart = s.DocEnd - length
		}
	})
	var last []string
	each(func(s *Symbol) {
		if k := in.number(maxFieldConditions + 1); k > 0 {
			last = nil
			for range k - 1 {
				last = append(last, in.text(maxField))
			}
		}
		s.Conditions = last
	})
	bad := in.bad || len(in.data) > 0
	for i := range dst {
		bad = bad || dst[i].Kind < Function || dst[i].Kind > Module || !dst[i].possible()
	}
	if bad {
		return errRecord
	}
	return nil
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
	o.Symbols = make([]Symbol, r.symbols)
	var raw []byte
	for _, c := range r.chunks {
		if raw, err = c.raw(raw); err != nil {
			return nil, err
		}
		if err := c.read(raw, o.Symbols[c.first:c.first+c.n]); err != nil {
			return nil, err
		}
	}
	return o, nil
}

func (r *stored) importList() ([]Import, error) {
	if r.imports == 0 {
		return nil, nil
	}
	raw, err := unpack(nil, r.packed, r.imports*(maxField+40))
	if err != nil {
		return nil, err
	}
	in := decoder{data: raw}
	var last Import
	var out []Import
	var buf []byte
	for range r.imports {
		buf, _ = in.shared(buf)
		im := Import{Path: string(buf)}
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
	if len(r.data) > 0 && r.data[0] < 0x80 && int(r.data[0]) <= most { // nearly always
		v := int(r.data[0])
		r.data = r.data[1:]
		return v
	}
	v, n := binary.Uvarint(r.data)
	if n <= 0 || v > uint64(most) {
		r.bad, r.data = true, nil
		return 0
	}
	r.data = r.data[n:]
	return int(v)
}

func (r *decoder) signed() int {
	if len(r.data) > 0 && r.data[0] < 0x80 {
		v := int(unzigzag(uint64(r.data[0])))
		r.data = r.data[1:]
		return v
	}
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

// shared makes the text that appendShared wrote of the one before, in its
// memory, and tells whether it is another.
func (r *decoder) shared(last []byte) ([]byte, bool) {
	n := r.number(len(last))
	rest := r.take(r.number(maxPart - n))
	if n == len(last) && len(rest) == 0 {
		return last, false
	}
	return append(last[:n], rest...), true
}

func damaged(what string, err error) error { return fmt.Errorf("%s: its record %w", what, err) }
