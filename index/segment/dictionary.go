package segment

import (
	"bytes"
	"encoding/binary"

	"github.com/klauspost/compress/s2"

	"vitrine/index/block"
)

const (
	// pageSize is the most text of a page, in bytes: what is read to look a term up.
	pageSize = 4096

	// groupPages is how many pages stand together: their signature then is 2 MiB
	// while it is made, and a row of it 512 bytes.
	groupPages = 4096

	// unsignedPages is up to how many pages a group has no signature: they are read in
	// less time than it would save.
	unsignedPages = 64

	// signatureRows is how many bits a page has for its trigrams, of which some
	// hundreds differ.
	signatureRows = 4096

	// packing is how many times smaller a page must become to be compressed: of the
	// others, decompressing takes as long as all the rest of a search.
	packing = 3

	// toldAlike is about what s2 takes to say that bytes come again. Trying it on pages
	// of which less than half come again like that, with the term before, is in vain.
	toldAlike = 3

	groupEntry = 8 + 4 + 4 // of the table of groups

	dictionaryMagic = "vitrine dictionary 1\n"
)

// row is the signature's row of a trigram.
func row(a, b, c byte) int {
	return int((uint32(a) | uint32(b)<<8 | uint32(c)<<16) * 0x9E3779B1 >> 20)
}

// A dictionaryWriter writes the terms of a segment, field by field, with what the
// zap segment's automatons say of them.
type dictionaryWriter struct {
	*block.Writer
	page   []byte // begun: "\n", then terms, each with "\n"
	last   int    // where the latest of them begins
	alike  int    // bytes that terms have in common with those before them, less what telling so takes
	values []byte // of its terms
	start  uint64 // what the first of them is relative to
	base   uint64 // the address of the latest list of documents

	group uint64 // where it begins
	table []byte // where its pages begin, relative to that
	pages int
	bits  []uint64 // its signature: signatureRows × groupPages/64
	out   []byte
	s2    []byte // what a page becomes

	trailer []byte
	groups  []byte // of the field
}

func createDictionary(path string) (*dictionaryWriter, error) {
	f, err := block.Create(path)
	if err != nil {
		return nil, err
	}
	return &dictionaryWriter{Writer: f}, nil
}

func (w *dictionaryWriter) add(term []byte, value uint64) error {
	if len(w.page)+len(term)+1 > pageSize {
		if err := w.endPage(); err != nil {
			return err
		}
	}
	if len(w.page) == 0 {
		w.page, w.start, w.alike = append(w.page, '\n'), w.base, 0
	} else if n := commonLen(w.page[w.last:], term); n > toldAlike {
		w.alike += n - toldAlike
	}
	w.last = len(w.page)
	w.page = append(append(w.page, term...), '\n')
	if p := Posting(value); p.single() {
		w.values = binary.AppendUvarint(w.values, uint64(p.doc())<<1|1)
	} else {
		w.values = binary.AppendUvarint(w.values, (value-w.base)<<1)
		w.base = value
	}
	return nil
}

func (w *dictionaryWriter) endPage() error {
	if w.bits == nil {
		w.bits = make([]uint64, signatureRows*groupPages/64)
		w.s2 = make([]byte, s2.MaxEncodedLen(pageSize))
	}
	if w.pages == 0 {
		w.group = w.Written()
	}
	p, column, bit := w.page, w.pages/64, uint64(1)<<(w.pages%64)
	for i := 2; i < len(p); i++ {
		w.bits[row(p[i-2], p[i-1], p[i])*(groupPages/64)+column] |= bit
	}
	w.table = binary.BigEndian.AppendUint32(w.table, uint32(w.Written()-w.group))
	first := p[1 : 1+bytes.IndexByte(p[1:], '\n')]
	text, packed := p, uint64(0)
	if 2*w.alike > len(p) {
		if s := s2.EncodeBetter(w.s2, p); packing*len(s) <= len(p) {
			text, packed = s, 1
		}
	}
	out := binary.AppendUvarint(w.out[:0], uint64(len(first)))
	out = append(out, first...)
	out = binary.AppendUvarint(out, w.start)
	out = binary.AppendUvarint(out, uint64(len(text))<<1|packed)
	out = append(append(out, text...), w.values...)
	_, err := w.Write(out)
	w.out, w.page, w.values = out, w.page[:0], w.values[:0]
	if w.pages++; err == nil && w.pages == groupPages {
		err = w.endGroup()
	}
	return err
}

func (w *dictionaryWriter) endGroup() error {
	w.groups = binary.BigEndian.AppendUint64(w.groups, w.group)
	w.groups = binary.BigEndian.AppendUint32(w.groups, uint32(w.pages))
	w.groups = binary.BigEndian.AppendUint32(w.groups, uint32(w.Written()-w.group))
	out := binary.BigEndian.AppendUint32(w.table, uint32(w.Written()-w.group))
	if w.pages > unsignedPages {
		columns := (w.pages + 63) / 64
		for r := range signatureRows {
			for _, x := range w.bits[r*(groupPages/64):][:columns] {
				out = binary.LittleEndian.AppendUint64(out, x)
			}
		}
	}
	clear(w.bits)
	_, err := w.Write(out)
	w.pages, w.table = 0, out[:0]
	return err
}

// endField ends the terms of a field.
func (w *dictionaryWriter) endField(name string) error {
	if len(w.page) > 0 {
		if err := w.endPage(); err != nil {
			return err
		}
	}
	if w.pages > 0 {
		if err := w.endGroup(); err != nil {
			return err
		}
	}
	w.trailer = append(append(w.trailer, byte(len(name))), name...)
	w.trailer = binary.BigEndian.AppendUint32(w.trailer, uint32(len(w.groups)/groupEntry))
	w.trailer = append(w.trailer, w.groups...)
	w.groups, w.base = nil, 0
	return nil
}

// finish writes the documents' names and what leads to all.
func (w *dictionaryWriter) finish(ids []ID, fields int) error {
	at := w.Written()
	for _, id := range ids {
		if _, err := w.Write(id[:]); err != nil {
			return err
		}
	}
	head := append([]byte{byte(fields)}, w.trailer...)
	head = binary.BigEndian.AppendUint64(head, at)
	head = binary.BigEndian.AppendUint32(head, uint32(len(ids)))
	head = binary.BigEndian.AppendUint32(head, uint32(len(head)))
	if _, err := w.Write(append(head, dictionaryMagic...)); err != nil {
		return err
	}
	return w.Finish()
}
