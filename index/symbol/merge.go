package symbol

import (
	"bytes"
	"context"
	"errors"
	"path/filepath"
	"slices"

	"vitrine/index/block"
	"vitrine/index/deposit"
)

// A merger makes one index of segments, of each of which it takes some blobs.
type merger struct {
	segments []*segment
	take     map[deposit.Digest]source
}

// A source says where the record of a blob is.
type source struct{ segment, number int }

// add takes of s, whose files it verifies and then owns, the blobs that are
// wanted and not taken yet, and reports whether there are any. A blob whose
// language would be told by another name is none. The only error is ctx's: then
// nothing is known of s.
func (m *merger) add(ctx context.Context, s *segment, blobs []wanted) (used bool, err error) {
	if s.verify(ctx) == nil && m.choose(s, blobs) {
		m.segments = append(m.segments, s)
		return true, nil
	}
	// It was only read: nothing is lost when closing it fails.
	_ = s.close()
	return false, ctx.Err()
}

func (m *merger) choose(s *segment, blobs []wanted) bool {
	used := false
	for _, w := range blobs {
		if _, ok := m.take[w.blob]; ok {
			continue
		}
		n, ok, err := s.find(w.blob)
		if err != nil || !ok {
			continue
		}
		r, _, err := s.record(n)
		if err != nil || r.base != base(w.path) {
			continue
		}
		m.take[w.blob] = source{len(m.segments), n}
		used = true
	}
	return used
}

func (m *merger) close() error {
	var errs []error
	for _, s := range m.segments {
		errs = append(errs, s.close())
	}
	return errors.Join(errs...)
}

// A taken is a blob and where its record is.
type taken struct {
	blob deposit.Digest
	source
}

// write writes the index, which is the same whatever the segments are. It has one key of
// each in memory.
func (m *merger) write(ctx context.Context, dir string, d releases) error {
	all := make([]taken, 0, len(m.take))
	for blob, s := range m.take {
		all = append(all, taken{blob, s})
	}
	slices.SortFunc(all, func(a, b taken) int { return bytes.Compare(a.blob[:], b.blob[:]) })
	numbers := make([][]uint32, len(m.segments))
	for i, s := range m.segments {
		numbers[i] = slices.Repeat([]uint32{gone}, s.count())
	}
	for n, t := range all {
		numbers[t.segment][t.number] = uint32(n)
	}
	entries := make([]entry, len(all))
	if err := m.copyRecords(ctx, filepath.Join(dir, recordsName), all, entries); err != nil {
		return err
	}
	if err := writeEntries(dir, entries); err != nil {
		return err
	}
	for i, name := range tableNames {
		tables := make([]*table, len(m.segments))
		for k, s := range m.segments {
			tables[k] = s.tables[i]
		}
		if err := mergeTables(ctx, filepath.Join(dir, name), tables, numbers); err != nil {
			return err
		}
	}
	if err := m.writeEdges(ctx, filepath.Join(dir, edgesName), d); err != nil {
		return err
	}
	return block.WriteSums(dir, headLine(), d.Digest())
}

// copyRecords writes the records and the entries of all blobs in their order.
func (m *merger) copyRecords(ctx context.Context, path string, all []taken, entries []entry) (err error) {
	out, err := block.Create(path)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, out.Close()) }()
	for n, t := range all {
		if err := ctx.Err(); err != nil {
			return err
		}
		s := m.segments[t.segment]
		e, err := s.entry(t.number)
		if err != nil {
			return err
		}
		data, err := s.raw(e)
		if err != nil {
			return err
		}
		e.at = out.Written()
		if _, err := out.Write(data); err != nil {
			return err
		}
		entries[n] = e
	}
	return out.Finish()
}
