package symbol

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"vitrine/index/deposit"
)

// A TypeMember is a symbol that belongs to a type.
type TypeMember struct {
	Found
	Resolved bool // it is in sight of the type's own file; else its scope has the same name
}

// maxMembers bounds the members of a type.
const maxMembers = 10000

// Members lists what belongs to a type, or to a module, in a release: fields,
// methods, enumerators and types within, in the order of files, the type's own
// first, and of places.
func (ix *Index) Members(ctx context.Context, of ID, release string) ([]TypeMember, error) {
	s, err := ix.Symbol(of, release)
	if err != nil {
		return nil, err
	}
	t, err := ix.tree(ctx, release)
	if err != nil || s.Places == 0 {
		return nil, err
	}
	own, _, err := ix.Outline(of.Blob)
	if err != nil {
		return nil, err
	}
	scope := within(&s.Symbol, own)
	list, err := ix.scopes().get(s.Name)
	if err != nil {
		return nil, err
	}
	var out []TypeMember
	for _, p := range list {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		if int(p.blob) >= ix.count() {
			return nil, fmt.Errorf("%s %w", scopesName, errRecord)
		}
		o, lang, err := ix.outline(int(p.blob))
		if err != nil {
			return nil, err
		}
		e, err := ix.entry(int(p.blob))
		if err != nil {
			return nil, err
		}
		if family(lang) != family(s.Lang) {
			continue
		}
		place, places := ix.place(e.blob, release)
		if places == 0 {
			continue
		}
		for i := range o.Symbols {
			m := &o.Symbols[i]
			if m.Scope != scope || len(out) == maxMembers {
				continue
			}
			if e.blob == of.Blob && thing(s.Kind) == Type && (s.Kind == Struct || s.Kind == Union || s.Kind == Enum) && m.Kind != Method && (m.Start < s.BodyStart || m.Start >= s.BodyEnd) {
				continue // another type of the name in the same file
			}
			out = append(out, TypeMember{Found{Symbol: *m, ID: ID{e.blob, i}, Lang: lang, Place: place, Places: places}, e.blob == of.Blob})
		}
	}
	if err := ix.resolveMembers(ctx, t, s, out); err != nil {
		return nil, err
	}
	slices.SortStableFunc(out, func(a, b TypeMember) int {
		return cmp.Or(later(a.Blob != of.Blob, b.Blob != of.Blob), cmp.Compare(a.Place.Path, b.Place.Path), a.Start-b.Start)
	})
	return out, nil
}

// resolveMembers looks whether members in other files can be the type's.
func (ix *Index) resolveMembers(ctx context.Context, t *tree, s Found, list []TypeMember) error {
	j, err := ix.judge(ctx, t, s.Name, nil, "")
	if err != nil {
		return err
	}
	v := new(view)
	known := map[string]bool{}
	for i := range list {
		m := &list[i]
		if m.Resolved {
			continue
		}
		sure, ok := known[m.Place.Path]
		if !ok {
			if file := t.find(m.Place.Path); file != nothing && j.all == len(j.found) {
				u := usage{name: s.Name, args: -1, offset: -1}
				if err := ix.look(ctx, v, t, file, m.Lang); err != nil {
					return err
				}
				seen, _ := j.sights(v, m.Lang)
				fits, err := j.fitting(file, m.Lang, u)
				if err != nil {
					return err
				}
				for _, k := range j.meant(seen, fits, u) {
					sure = sure || j.found[k].ID == s.ID
				}
			}
			known[m.Place.Path] = sure
		}
		m.Resolved = sure
	}
	return nil
}

// place is the first place of a blob in a release, and how many it has there.
func (ix *Index) place(blob deposit.Digest, release string) (first deposit.Place, n int) {
	for _, p := range ix.places.of(blob) {
		if release == "" || p.Release == release {
			if n++; n == 1 {
				first = p
			}
		}
	}
	return first, n
}
