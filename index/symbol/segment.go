package symbol

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"sort"

	"vitrine/index/block"
	"vitrine/index/deposit"
	"vitrine/index/lex"
)

// The files of an index and of a part; see the package comment.
const (
	blobsName   = "blobs"
	recordsName = "records"
	namesName   = "names"
	scopesName  = "scopes"
)

var tableNames = [...]string{namesName, scopesName}

// head is the first line of SHA256SUMS. foundBy counts the changes of what is
// extracted: an index that was made by other rules is made anew.
const (
	foundBy = 2
	head    = "vitrine symbols 1"
)

func headLine() string { return fmt.Sprintf("%s, rules %d", head, foundBy) }

const (
	entrySize = sha256.Size + 8 + 4 + 4 + langSize + 1
	langSize  = 15
)

// An entry is what is known of a blob without its record.
type entry struct {
	blob    deposit.Digest
	at      uint64
	length  uint32
	symbols uint32
	lang    string // "" if it is not known
	flags   byte
}

func (e *entry) append(dst []byte) []byte {
	dst = append(dst, e.blob[:]...)
	dst = binary.BigEndian.AppendUint64(dst, e.at)
	dst = binary.BigEndian.AppendUint32(dst, e.length)
	dst = binary.BigEndian.AppendUint32(dst, e.symbols)
	var lang [langSize]byte
	copy(lang[:], e.lang)
	return append(append(dst, lang[:]...), e.flags)
}

// A segment is an index as its files tell it: without places.
type segment struct {
	blobs, records *block.File
	edges          *block.File // nil in a part
	tables         [len(tableNames)]*table
	manifest       deposit.Digest
	digest         deposit.Digest // of SHA256SUMS
}

func openSegment(dir string) (_ *segment, err error) {
	sums, err := block.ReadSums(dir, headLine())
	if err != nil {
		return nil, err
	}
	if err := sums.Check(); err != nil {
		return nil, err
	}
	s := &segment{manifest: sums.Manifest, digest: sums.Digest}
	defer func() {
		if err != nil {
			err = errors.Join(err, s.close())
		}
	}()
	if s.blobs, err = sums.Open(blobsName); err != nil {
		return nil, err
	}
	if s.blobs.Len()%entrySize != 0 {
		return nil, fmt.Errorf("%s %w", blobsName, errRecord)
	}
	if s.records, err = sums.Open(recordsName); err != nil {
		return nil, err
	}
	if slices.Contains(sums.Names(), edgesName+block.Suffix) {
		if s.edges, err = sums.Open(edgesName); err != nil {
			return nil, err
		}
	}
	for i, name := range tableNames {
		f, err := sums.Open(name)
		if err != nil {
			return nil, err
		}
		if s.tables[i], err = openTable(f); err != nil {
			return nil, errors.Join(err, f.Close())
		}
	}
	return s, nil
}

func (s *segment) names() *table  { return s.tables[0] }
func (s *segment) scopes() *table { return s.tables[1] }

// files are those that are open.
func (s *segment) files() (out []*block.File) {
	for _, f := range []*block.File{s.blobs, s.records, s.edges} {
		if f != nil {
			out = append(out, f)
		}
	}
	for _, t := range s.tables {
		if t != nil {
			out = append(out, t.file)
		}
	}
	return out
}

func (s *segment) close() error {
	var errs []error
	for _, f := range s.files() {
		errs = append(errs, f.Close())
	}
	return errors.Join(errs...)
}

// verify compares all bytes with their digests.
func (s *segment) verify(ctx context.Context) error {
	for _, f := range s.files() {
		if err := f.Verify(ctx); err != nil {
			return err
		}
	}
	return nil
}

func (s *segment) count() int { return int(s.blobs.Len() / entrySize) }

func (s *segment) entry(n int) (entry, error) {
	b, err := s.blobs.Bytes(uint64(n)*entrySize, entrySize)
	if err != nil {
		return entry{}, err
	}
	e := entry{
		at:      binary.BigEndian.Uint64(b[sha256.Size:]),
		length:  binary.BigEndian.Uint32(b[sha256.Size+8:]),
		symbols: binary.BigEndian.Uint32(b[sha256.Size+12:]),
		lang:    string(bytes.TrimRight(b[entrySize-langSize-1:entrySize-1], "\x00")),
		flags:   b[entrySize-1],
	}
	copy(e.blob[:], b)
	return e, nil
}

// lang is the language of a blob.
func (s *segment) lang(n int) (string, error) {
	b, err := s.blobs.Bytes(uint64(n)*entrySize+entrySize-langSize-1, langSize)
	if err != nil {
		return "", err
	}
	b = bytes.TrimRight(b, "\x00")
	if l := lex.ByID(string(b)); l != nil {
		return l.ID(), nil // as there are thousands, none of them anew
	}
	return string(b), nil
}

// find is the number of a blob.
func (s *segment) find(blob deposit.Digest) (int, bool, error) {
	var failed error
	n := sort.Search(s.count(), func(i int) bool {
		b, err := s.blobs.Bytes(uint64(i)*entrySize, sha256.Size)
		if err != nil {
			failed = err
			return true
		}
		return bytes.Compare(b, blob[:]) >= 0
	})
	if failed != nil || n == s.count() {
		return 0, false, failed
	}
	e, err := s.entry(n)
	return n, err == nil && e.blob == blob, err
}

func (s *segment) raw(e entry) ([]byte, error) { return s.records.Bytes(e.at, uint64(e.length)) }

func (s *segment) record(n int) (*stored, entry, error) {
	e, err := s.entry(n)
	if err != nil {
		return nil, e, err
	}
	data, err := s.raw(e)
	if err != nil {
		return nil, e, err
	}
	r, err := parseRecord(data)
	if err == nil && r.symbols != int(e.symbols) {
		err = errRecord
	}
	if err != nil {
		return nil, e, damaged("blob "+e.blob.Short(), err)
	}
	return r, e, nil
}

// A segmentWriter collects what was found in some texts, and writes a segment.
type segmentWriter struct {
	dir     string
	records *block.Writer
	pack    *recordWriter
	buf     []byte
	entries []entry
	keys    [len(tableNames)]map[string][]posting
}

func newSegmentWriter(dir string) (*segmentWriter, error) {
	w, err := block.Create(filepath.Join(dir, recordsName))
	if err != nil {
		return nil, err
	}
	pack, err := newRecordWriter()
	if err != nil {
		return nil, errors.Join(err, w.Close())
	}
	s := &segmentWriter{dir: dir, records: w, pack: pack}
	for i := range s.keys {
		s.keys[i] = map[string][]posting{}
	}
	return s, nil
}

// add takes over the outline.
func (w *segmentWriter) add(blob deposit.Digest, base, lang string, o *Outline, flags byte) error {
	w.buf = w.pack.append(w.buf[:0], base, o)
	if o.Truncated {
		flags |= flagTruncated
	}
	e := entry{blob: blob, at: w.records.Written(), length: uint32(len(w.buf)), symbols: uint32(len(o.Symbols)), lang: lang, flags: flags}
	if _, err := w.records.Write(w.buf); err != nil {
		return err
	}
	number := uint32(len(w.entries))
	w.entries = append(w.entries, e)
	put := func(table int, key string, n int, kind Kind) {
		list := w.keys[table][key]
		if key == "" || table != 0 && len(list) > 0 && list[len(list)-1].blob == number {
			return // of scopes, the blob is what is looked for
		}
		w.keys[table][key] = append(list, posting{number, uint32(n), kind})
	}
	for i, s := range o.Symbols {
		put(0, s.Name, i, s.Kind)
		put(1, lastName(s.Scope), i, 0)
	}
	return nil
}

func (w *segmentWriter) finish(manifest deposit.Digest) error {
	if err := w.records.Finish(); err != nil {
		return err
	}
	order := make([]int, len(w.entries))
	for i := range order {
		order[i] = i
	}
	slices.SortFunc(order, func(a, b int) int { return bytes.Compare(w.entries[a].blob[:], w.entries[b].blob[:]) })
	number := make([]uint32, len(order))
	sorted := make([]entry, len(order))
	for n, i := range order {
		number[i] = uint32(n)
		sorted[n] = w.entries[i]
	}
	if err := writeEntries(w.dir, sorted); err != nil {
		return err
	}
	for i, name := range tableNames {
		if err := writeKeys(filepath.Join(w.dir, name), w.keys[i], number); err != nil {
			return err
		}
	}
	return block.WriteSums(w.dir, headLine(), manifest)
}

func (w *segmentWriter) close() error { return w.records.Close() }

func writeEntries(dir string, entries []entry) (err error) {
	out, err := block.Create(filepath.Join(dir, blobsName))
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, out.Close()) }()
	var buf []byte
	for i := range entries {
		buf = entries[i].append(buf[:0])
		if _, err := out.Write(buf); err != nil {
			return err
		}
	}
	return out.Finish()
}

func writeKeys(path string, keys map[string][]posting, number []uint32) (err error) {
	out, err := createTable(path)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, out.out.Close()) }()
	sorted := make([][]byte, 0, len(keys))
	for k := range keys {
		sorted = append(sorted, []byte(k))
	}
	slices.SortFunc(sorted, compareKeys)
	for _, k := range sorted {
		list := keys[string(k)]
		for i := range list {
			list[i].blob = number[list[i].blob]
		}
		slices.SortFunc(list, comparePostings)
		if err := out.add(k, list); err != nil {
			return err
		}
	}
	return out.finish()
}
