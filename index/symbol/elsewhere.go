package symbol

import (
	"cmp"
	"context"
	"path"
	"slices"
)

// A Counterpart is a symbol of another release that may be the same.
type Counterpart struct {
	Found
	SamePath  bool
	SameBytes bool // of the whole file
	Resolved  bool // no other symbol of the release can be it
}

// In lists what a symbol may be in another release, the likeliest first: of the
// same name and scope and of a kind that can be the same thing; at the same path,
// then in a file of the same name, then elsewhere. The first is resolved if it is
// the only one at its path, or the only one there is.
func (ix *Index) In(ctx context.Context, of Found, release string) ([]Counterpart, error) {
	t, err := ix.tree(ctx, release)
	if err != nil {
		return nil, err
	}
	var v *view // of the same path, which is where it is likeliest
	if file := t.find(of.Place.Path); file != nothing {
		v = new(view)
		if err := ix.look(ctx, v, t, file, of.Lang); err != nil {
			return nil, err
		}
	}
	j, err := ix.judge(ctx, t, of.Name, v, of.Lang)
	if err != nil {
		return nil, err
	}
	var out []Counterpart
	for _, f := range j.found {
		if sameThing(&f.Found, &of) && family(f.Lang) == family(of.Lang) {
			out = append(out, Counterpart{Found: f.Found, SamePath: f.Place.Path == of.Place.Path, SameBytes: f.Blob == of.Blob})
		}
	}
	sameName := func(c *Counterpart) bool { return path.Base(c.Place.Path) == path.Base(of.Place.Path) }
	slices.SortStableFunc(out, func(a, b Counterpart) int {
		return cmp.Or(
			later(!a.SamePath, !b.SamePath),
			later(a.Kind != of.Kind, b.Kind != of.Kind),
			later(a.SameBytes && a.N != of.N, b.SameBytes && b.N != of.N),
			later(!sameName(&a), !sameName(&b)),
			cmp.Compare(shared(path.Dir(of.Place.Path), b.Place.Path), shared(path.Dir(of.Place.Path), a.Place.Path)),
			cmp.Compare(a.Place.Path, b.Place.Path),
			a.N-b.N,
		)
	})
	if len(out) > 0 && j.all == len(j.found) {
		first, rest := &out[0], out[1:]
		first.Resolved = first.SameBytes && first.N == of.N ||
			!slices.ContainsFunc(rest, func(c Counterpart) bool { return c.Kind == first.Kind && c.SamePath == first.SamePath })
	}
	return out, nil
}
