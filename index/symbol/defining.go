package symbol

import (
	"context"
	"encoding/binary"
	"fmt"
	"math/bits"

	"vitrine/index/deposit"
)

// Wanted says which names are looked for, by themselves and whole.
type Wanted struct {
	Match func(name []byte) bool // may be called by several goroutines

	// Less to look at, unless they are empty.
	Exact  string // no other
	Folded string // of names that are ASCII, only this one, in either case
	Some   string // ASCII that each of them that is ASCII has, in either case
}

// Defining calls yield for each blob that defines or declares a wanted name, in no
// order. What limits left out of a blob is not known: see [Index.Complete].
func (ix *Index) Defining(ctx context.Context, w Wanted, yield func(deposit.Digest)) error {
	blobs := make([]uint64, ix.count()/64+1)
	if w.Exact != "" {
		list, err := ix.names().get(w.Exact)
		if err != nil {
			return err
		}
		if err := mark(blobs, list); err != nil {
			return err
		}
	} else if err := ix.define(ctx, w, blobs); err != nil {
		return err
	}
	for i, word := range blobs {
		for ; word != 0; word &= word - 1 {
			e, err := ix.entry(i*64 + bits.TrailingZeros64(word))
			if err != nil {
				return err
			}
			yield(e.blob)
		}
	}
	return nil
}

func mark(blobs []uint64, list []posting) error {
	for _, p := range list {
		if int(p.blob/64) >= len(blobs) {
			return fmt.Errorf("%s %w", namesName, errRecord)
		}
		blobs[p.blob/64] |= 1 << (p.blob % 64)
	}
	return nil
}

// define looks through all names with several goroutines.
func (ix *Index) define(ctx context.Context, w Wanted, blobs []uint64) error {
	t := ix.names()
	from, to, err := 0, t.groups, error(nil)
	if w.Folded != "" {
		if from, to, err = t.prefixed([]byte(w.Folded)); err != nil {
			return err
		}
	}
	count, workers := blocks(t.groups)
	own := make([][]uint64, workers)
	for w := range own {
		own[w] = make([]uint64, len(blobs))
	}
	err = eachBlock(ctx, count, workers, func(worker, i int) error {
		first := i * searchGroups
		return defineIn(t, w, first, min(searchGroups, t.groups-first), from, to, own[worker])
	})
	for _, marks := range own {
		for i, word := range marks {
			blobs[i] |= word
		}
	}
	return err
}

// once are the bits of a signature that tell what a key has, and notASCII the one for
// what is no letter, digit or "_".
const (
	once     = 1<<38 - 1
	notASCII = 1 << 37
)

// defineIn marks the blobs of the wanted names in n groups; those that are ASCII are in
// the groups between from and to.
func defineIn(t *table, w Wanted, first, n, from, to int, blobs []uint64) error {
	rows, err := t.rowsFrom(first, n)
	if err != nil {
		return err
	}
	mask := signature([]byte(w.Some)) & once
	var g group
	for i := range n {
		row := rows[i*rowSize : (i+2)*rowSize]
		s := binary.BigEndian.Uint64(row)
		if within := from <= first+i && first+i < to; s&notASCII == 0 && (!within || s&mask != mask) {
			continue
		}
		if err := g.open(t, row); err != nil {
			return err
		}
		matched := uint32(0) // a bit per key
		for k := 0; g.next(); k++ {
			if w.Match(g.key) {
				matched |= 1 << k
			}
		}
		if err := g.toPostings(); err != nil {
			return err
		}
		for ; matched != 0; matched >>= 1 {
			if matched&1 == 0 {
				if err := g.skipPostings(); err != nil {
					return err
				}
				continue
			}
			list, err := g.nextPostings()
			if err != nil {
				return err
			}
			if err := mark(blobs, list); err != nil {
				return err
			}
		}
	}
	return nil
}

// Complete calls yield for each blob of which all definitions are known: its language
// has rules here, and no limit left something out.
func (ix *Index) Complete(ctx context.Context, yield func(deposit.Digest)) error {
	for n := range ix.count() {
		if n%1024 == 0 && ctx.Err() != nil {
			return ctx.Err()
		}
		e, err := ix.entry(n)
		if err != nil {
			return err
		}
		if e.flags == 0 && Knows(e.lang) {
			yield(e.blob)
		}
	}
	return nil
}

// Knows reports whether definitions are found in a language, by its id.
func Knows(lang string) bool { return rules[lang] != nil }

// A DefinedName is a definition's name, and where it stands in the decoded text.
type DefinedName struct {
	Text       string
	Start, End int
}

// NamesIn lists what an outline has names of, in its order, for less than the outline
// takes. It tells the language, and whether there is nothing else; see [Index.Complete].
func (ix *Index) NamesIn(blob deposit.Digest) (names []DefinedName, lang string, complete bool, err error) {
	n, err := ix.number(blob)
	if err != nil {
		return nil, "", false, err
	}
	r, e, err := ix.record(n)
	if err != nil {
		return nil, "", false, err
	}
	names = make([]DefinedName, r.symbols)
	for _, c := range r.chunks {
		if err := c.names(names[c.first : c.first+c.n]); err != nil {
			return nil, "", false, damaged("blob "+e.blob.Short(), err)
		}
	}
	return names, e.lang, e.flags == 0 && Knows(e.lang), nil
}

// names reads the names of a chunk and passes over what does not tell their places.
func (c chunk) names(dst []DefinedName) error {
	raw, err := c.raw(nil)
	if err != nil {
		return err
	}
	in := decoder{data: raw}
	in.take(c.n) // kinds
	var name, all []byte
	ends := make([]int, c.n)
	for i := range dst {
		name, _ = in.shared(name)
		all = append(all, name...)
		ends[i] = len(all)
	}
	for range 3 * c.n { // scopes and signatures
		in.number(maxChunk)
		in.take(in.number(len(in.data)))
	}
	text, from, at := string(all), 0, 0 // one for all names
	for i := range dst {
		at += in.signed()
		dst[i] = DefinedName{Text: text[from:ends[i]], Start: at}
		from = ends[i]
	}
	bad := false
	for i := range dst {
		dst[i].End = dst[i].Start + len(dst[i].Text) + in.signed()
		bad = bad || dst[i].Start < 0 || dst[i].End < dst[i].Start || dst[i].End > maxOffset
	}
	if bad || in.bad {
		return errRecord
	}
	return nil
}
