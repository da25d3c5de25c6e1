package symbol

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"math"
	"path"

	"vitrine/index/block"
)

// edgesName is the file of an index that a part does not have: what the imports
// of each file of each release mean. To know which files a file of Linux can see,
// 3,000 others have to be asked what they import.
const edgesName = "edges"

const (
	edgeRow  = 4 // where a file's edges begin
	edgeTail = 8 // where the rows begin
)

// An edge is an import that means files of the release.
type edge struct {
	n int32 // number of the import in its file
	meaning
}

// appendEdges writes those of the file from, ascending by n.
func appendEdges(dst []byte, from int32, edges []edge) []byte {
	last := edge{meaning: meaning{to: from}}
	for _, e := range edges {
		dst = binary.AppendUvarint(dst, uint64(e.n-last.n)<<2|bit(e.folder)<<1|bit(e.sure))
		dst = binary.AppendVarint(dst, int64(e.to)-int64(last.to))
		last = e
	}
	return dst
}

// eachEdge reads those of the file from, of a release with so many files.
func eachEdge(data []byte, from int32, files int, visit func(edge)) error {
	last := edge{meaning: meaning{to: from}}
	for len(data) > 0 {
		var v uint64
		var d int64
		a, b := 1, 1
		if len(data) >= 2 && data[0] < 0x80 && data[1] < 0x80 {
			v, d = uint64(data[0]), unzigzag(uint64(data[1]))
		} else {
			v, a = binary.Uvarint(data)
			d, b = binary.Varint(data[max(a, 0):])
		}
		if a <= 0 || b <= 0 || v>>2 > maxImportList || d < -math.MaxInt32 || d > math.MaxInt32 {
			return errRecord
		}
		data = data[a+b:]
		to, n := int64(last.to)+d, int64(last.n)+int64(v>>2)
		if to < 0 || to >= int64(files) || n >= maxImportList {
			return errRecord
		}
		last = edge{int32(n), meaning{to: int32(to), folder: v&2 != 0, sure: v&1 != 0}}
		visit(last)
	}
	return nil
}

// writeEdges resolves all imports of all releases.
func (m *merger) writeEdges(ctx context.Context, path string, d releases) (err error) {
	out, err := block.Create(path)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, out.Close()) }()
	var rows, buf []byte
	for _, r := range d.Releases() {
		files, err := d.Files(ctx, r.Name)
		if err != nil {
			return err
		}
		t := newTree(r.Name, files)
		for i, f := range files {
			if err := ctx.Err(); err != nil {
				return err
			}
			if out.Written() > maxBody {
				return fmt.Errorf("what the files of all releases import takes more than %d bytes", uint64(maxBody))
			}
			rows = binary.BigEndian.AppendUint32(rows, uint32(out.Written()))
			s, ok := m.take[f.Blob]
			if !ok || !isRegular(f.Mode) {
				continue
			}
			edges, err := t.edgesOf(int32(i), m.segments[s.segment], s.number)
			if err != nil {
				return err
			}
			buf = appendEdges(buf[:0], int32(i), edges)
			if _, err := out.Write(buf); err != nil {
				return err
			}
		}
	}
	end := out.Written()
	rows = binary.BigEndian.AppendUint32(rows, uint32(end))
	rows = binary.BigEndian.AppendUint64(rows, end)
	if _, err := out.Write(rows); err != nil {
		return err
	}
	return out.Finish()
}

// edgesOf resolves the imports of a file, whose blob has a number in s.
func (t *tree) edgesOf(file int32, s *segment, number int) ([]edge, error) {
	r, e, err := s.record(number)
	if err != nil {
		return nil, err
	}
	imports, err := r.importList()
	if err != nil {
		return nil, damaged("blob "+e.blob.Short(), err)
	}
	var edges []edge
	for n, im := range imports {
		if m := t.resolve(file, e.lang, im); m.to != nothing {
			edges = append(edges, edge{int32(n), m})
		}
	}
	return edges, nil
}

// A graph gives the edges of the files of all releases. It may be used by several
// goroutines.
type graph struct {
	file  *block.File
	rows  uint64 // where they are
	files int    // of all releases
}

func openGraph(f *block.File, files int) (*graph, error) {
	size := f.Len()
	if size < edgeTail {
		return nil, fmt.Errorf("%s %w", f.Path(), errRecord)
	}
	tail, err := f.Bytes(size-edgeTail, edgeTail)
	if err != nil {
		return nil, err
	}
	g := &graph{f, binary.BigEndian.Uint64(tail), files}
	if g.rows > size || size-g.rows != uint64(files+1)*edgeRow+edgeTail {
		return nil, fmt.Errorf("%s %w", f.Path(), errRecord)
	}
	return g, nil
}

// of visits the edges of a file of the tree.
func (g *graph) of(t *tree, file int32, visit func(edge)) error {
	row, err := g.file.Bytes(g.rows+uint64(t.base+int(file))*edgeRow, 2*edgeRow)
	if err != nil {
		return err
	}
	at, end := uint64(binary.BigEndian.Uint32(row)), uint64(binary.BigEndian.Uint32(row[edgeRow:]))
	if end < at || end > g.rows {
		return fmt.Errorf("%s %w", g.file.Path(), errRecord)
	}
	data, err := g.file.Bytes(at, end-at)
	if err == nil {
		if err = eachEdge(data, file, len(t.files), visit); err != nil {
			err = fmt.Errorf("%s %w", g.file.Path(), err)
		}
	}
	return err
}

// A view is what a file can name: the files that its imports mean, and in C
// and its kin those that they include in turn. Its memory is used again.
type view struct {
	t     *tree
	file  int32
	dir   string // its folder
	deep  bool
	steps []uint32 // imports that lead to each file, plus one; 0 for none
	queue []int32
}

// has reports whether a file is in view, and by how many imports.
func (v *view) has(file int32) (steps int, ok bool) {
	if file < 0 || int(file) >= len(v.steps) || v.steps[file] == 0 {
		return 0, false
	}
	return int(v.steps[file]) - 1, true
}

// look makes v the view of a file in a language.
func (ix *Index) look(ctx context.Context, v *view, t *tree, file int32, lang string) error {
	deep := family(lang) == "c"
	if v.t == t && v.file == file && v.deep == deep {
		return nil
	}
	if v.t != t {
		*v = view{steps: make([]uint32, len(t.files))}
	}
	for _, f := range v.queue {
		v.steps[f] = 0
	}
	v.t, v.file, v.dir, v.deep = t, file, path.Dir(t.files[file].Path), deep
	v.steps[file], v.queue = 1, append(v.queue[:0], file)
	for i := 0; i < len(v.queue) && (deep || i == 0); i++ {
		steps := v.steps[v.queue[i]] + 1
		if i%256 == 0 && ctx.Err() != nil {
			return v.forget(ctx.Err())
		}
		err := ix.graph.of(t, v.queue[i], func(e edge) {
			switch {
			case !e.folder:
				v.add(e.to, steps)
			case i == 0: // no package is included in turn
				for _, to := range t.inFolder(e.to) {
					v.add(to, steps)
				}
			}
		})
		if err != nil {
			return v.forget(err)
		}
	}
	return nil
}

func (v *view) add(file int32, steps uint32) {
	if v.steps[file] == 0 {
		v.steps[file] = steps
		v.queue = append(v.queue, file)
	}
}

// forget leaves nothing of a view that was not finished.
func (v *view) forget(err error) error {
	*v = view{}
	return err
}
