package symbol

import (
	"context"
	"fmt"
	"path"

	"vitrine/index/deposit"
)

// An Inclusion is an include or import in a file.
type Inclusion struct {
	Import
	From deposit.Place
	// To are the files it means: none if the release has no such file, several
	// for a package.
	To   []deposit.Place
	Sure bool // nothing else in the release can be meant
}

// Includes lists what a file includes or imports.
func (ix *Index) Includes(ctx context.Context, p deposit.Place) ([]Inclusion, error) {
	t, file, err := ix.fileOf(ctx, p)
	if err != nil {
		return nil, err
	}
	imports, err := ix.importsOf(t, file)
	if err != nil {
		return nil, err
	}
	out := make([]Inclusion, len(imports))
	for i, im := range imports {
		out[i] = Inclusion{Import: im, From: p}
	}
	bad := false
	err = ix.graph.of(t, file, func(e edge) {
		if bad = bad || int(e.n) >= len(out); bad {
			return
		}
		in := &out[e.n]
		in.Sure = e.sure
		for _, to := range t.meant(e) {
			in.To = append(in.To, deposit.Place{Release: p.Release, Path: t.files[to].Path})
		}
	})
	if err == nil && bad {
		err = fmt.Errorf("%s %w", edgesName, errRecord)
	}
	return out, err
}

// meant are the files that an edge leads to.
func (t *tree) meant(e edge) []int32 {
	if e.folder {
		return t.inFolder(e.to)
	}
	return []int32{e.to}
}

// importsOf reads what a file imports.
func (ix *Index) importsOf(t *tree, file int32) ([]Import, error) {
	n, err := ix.number(t.files[file].Blob)
	if err != nil {
		return nil, err
	}
	r, e, err := ix.record(n)
	if err != nil {
		return nil, err
	}
	list, err := r.importList()
	if err != nil {
		return nil, damaged("blob "+e.blob.Short(), err)
	}
	return list, nil
}

// Includers lists who includes or imports a file, in path order.
func (ix *Index) Includers(ctx context.Context, p deposit.Place) ([]Inclusion, error) {
	t, file, err := ix.fileOf(ctx, p)
	if err != nil {
		return nil, err
	}
	if _, err := ix.number(t.files[file].Blob); err != nil {
		return nil, err
	}
	folder := t.firstIn(path.Dir(p.Path))
	var out []Inclusion
	for from := range int32(len(t.files)) {
		if from%256 == 0 && ctx.Err() != nil {
			return nil, ctx.Err()
		}
		var edges []edge
		err := ix.graph.of(t, from, func(e edge) {
			if e.folder && e.to == folder || !e.folder && e.to == file {
				edges = append(edges, e)
			}
		})
		if err != nil {
			return nil, err
		}
		if len(edges) == 0 {
			continue
		}
		imports, err := ix.importsOf(t, from)
		if err != nil {
			return nil, err
		}
		for _, e := range edges {
			if int(e.n) >= len(imports) {
				return nil, fmt.Errorf("%s %w", edgesName, errRecord)
			}
			out = append(out, Inclusion{
				Import: imports[e.n], From: deposit.Place{Release: p.Release, Path: t.files[from].Path},
				To: []deposit.Place{p}, Sure: e.sure,
			})
		}
	}
	return out, nil
}

func (ix *Index) fileOf(ctx context.Context, p deposit.Place) (*tree, int32, error) {
	t, err := ix.tree(ctx, p.Release)
	if err != nil {
		return nil, 0, err
	}
	file := t.find(p.Path)
	if file < 0 {
		return nil, 0, fmt.Errorf("release %s has no file %s", p.Release, p.Path)
	}
	return t, file, nil
}
