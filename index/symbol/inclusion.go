package symbol

import (
	"cmp"
	"context"
	"fmt"
	"slices"

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
	o, _, err := ix.Outline(t.files[file].Blob)
	if err != nil {
		return nil, err
	}
	edges, err := ix.edgesOf(t, file)
	if err != nil {
		return nil, err
	}
	out := make([]Inclusion, len(o.Imports))
	for i, im := range o.Imports {
		out[i] = Inclusion{Import: im, From: p}
	}
	for _, e := range edges {
		in := &out[e.n]
		in.To, in.Sure = append(in.To, deposit.Place{Release: p.Release, Path: t.files[e.to].Path}), e.sure
	}
	return out, nil
}

// Includers lists who includes or imports a file, in path order.
func (ix *Index) Includers(ctx context.Context, p deposit.Place) ([]Inclusion, error) {
	t, file, err := ix.fileOf(ctx, p)
	if err != nil {
		return nil, err
	}
	n, err := ix.number(t.files[file].Blob)
	if err != nil {
		return nil, err
	}
	e, err := ix.entry(n)
	if err != nil {
		return nil, err
	}
	from := map[int32]bool{}
	for _, key := range pathKeys(e.lang, p.Path) {
		list, err := ix.imports().get(key)
		if err != nil {
			return nil, err
		}
		for _, at := range list {
			if int(at.blob) >= ix.count() {
				return nil, fmt.Errorf("%s %w", importsName, errRecord)
			}
			e, err := ix.entry(int(at.blob))
			if err != nil {
				return nil, err
			}
			for _, place := range ix.deposit.Places(e.blob) {
				if place.Release == p.Release {
					if f := t.find(place.Path); f >= 0 {
						from[f] = true
					}
				}
			}
		}
	}
	var out []Inclusion
	for f := range from {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		edges, err := ix.edgesOf(t, f)
		if err != nil {
			return nil, err
		}
		for _, e := range edges {
			if e.to != file {
				continue
			}
			o, _, err := ix.Outline(t.files[f].Blob)
			if err != nil {
				return nil, err
			}
			out = append(out, Inclusion{
				Import: o.Imports[e.n], From: deposit.Place{Release: p.Release, Path: t.files[f].Path},
				To: []deposit.Place{p}, Sure: e.sure,
			})
		}
	}
	slices.SortFunc(out, func(a, b Inclusion) int {
		return cmp.Or(cmp.Compare(a.From.Path, b.From.Path), a.Start-b.Start)
	})
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
