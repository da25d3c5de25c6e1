package symbol

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"

	"vitrine/index/deposit"
	"vitrine/index/lex"
)

// A Question is what a name means, and where it is asked.
type Question struct {
	Name string
	// Release is where definitions are looked for. It can be "" when From says it.
	Release string
	// From is the file in which the name stands; the zero Place when it is asked
	// from nowhere.
	From deposit.Place
	// Offset is where it stands, in bytes of the decoded text; -1 if it is not
	// known. With it, Name can be "".
	Offset int
}

// A Candidate is a definition that a name may mean.
type Candidate struct {
	Found
	// Resolved says that nothing else in sight can be meant, by the rule of the
	// package comment; else it is a match of the name.
	Resolved bool
	Reason   Reason
}

// ErrNoName is returned for an offset at which no name stands.
var ErrNoName = errors.New("no name stands there")

// Definitions lists the definitions of a name: first what is resolved, then by
// likelihood. all is how many there are in the release; the list ends at
// maxCandidates, and then nothing in it is resolved.
func (ix *Index) Definitions(ctx context.Context, q Question) (list []Candidate, all int, err error) {
	if q.Release == "" {
		q.Release = q.From.Release
	}
	t, err := ix.tree(ctx, q.Release)
	if err != nil {
		return nil, 0, err
	}
	file, lang, u, err := ix.ask(t, q)
	if err != nil {
		return nil, 0, err
	}
	j, err := ix.judge(ctx, t, u.name)
	if err != nil {
		return nil, 0, err
	}
	list, err = j.definitions(ctx, file, lang, u)
	return list, j.all, err
}

func (j *judge) definitions(ctx context.Context, file int32, lang string, u usage) ([]Candidate, error) {
	found, err := j.in(ctx, file, lang, u)
	if err != nil {
		return nil, err
	}
	var sure map[int]bool
	if j.all <= maxCandidates && file >= 0 {
		sure = meant(found, u)
	}
	order := make([]int, len(found))
	for i := range order {
		order[i] = i
	}
	slices.SortFunc(order, func(a, b int) int {
		p, q := &found[a], &found[b]
		return cmp.Or(
			later(!sure[a], !sure[b]),
			later(sure[a] && p.Kind == Prototype, sure[b] && q.Kind == Prototype),
			later(!p.fits, !q.fits),
			cmp.Compare(likelihood(p.reason), likelihood(q.reason)),
			later(p.Kind == Prototype, q.Kind == Prototype),
			cmp.Compare(p.distance, q.distance),
			cmp.Compare(rank(p.Kind), rank(q.Kind)),
			cmp.Compare(p.Place.Path, q.Place.Path),
			cmp.Compare(p.N, q.N),
		)
	})
	out := make([]Candidate, len(order))
	for n, i := range order {
		out[n] = Candidate{found[i].Found, sure[i], found[i].reason}
	}
	return out, nil
}

// likelihood orders reasons: a body counts as its prototype does, before it.
func likelihood(r Reason) Reason {
	if r == Linked {
		return Included
	}
	return r
}

// later orders false before true.
func later(a, b bool) int {
	switch {
	case a == b:
		return 0
	case a:
		return 1
	}
	return -1
}

// rank orders kinds by how likely somebody asks for them.
func rank(k Kind) int {
	switch k {
	case Function, Method, Class, Struct, Union, Interface, Enum, Type:
		return 0
	case Macro, Constant, Enumerator, Variable, Module:
		return 1
	case Prototype:
		return 2
	}
	return 3 // fields
}

// ask reads the place of a question.
func (ix *Index) ask(t *tree, q Question) (file int32, lang string, u usage, err error) {
	u = usage{name: q.Name, args: -1, offset: -1}
	if q.From.Path == "" || q.From.Release != t.release {
		return -1, "", u, nil
	}
	if file = t.find(q.From.Path); file < 0 {
		return 0, "", u, fmt.Errorf("release %s has no file %s", t.release, q.From.Path)
	}
	blob := t.files[file].Blob
	n, ok, err := ix.find(blob)
	if err != nil {
		return 0, "", u, err
	}
	if !ok { // binary
		return -1, "", u, nil
	}
	o, lang, err := ix.outline(n)
	if err != nil {
		return 0, "", u, err
	}
	if q.Offset < 0 {
		return file, lang, u, nil
	}
	text, err := ix.content.Text(blob)
	if err != nil {
		return 0, "", u, err
	}
	at, ok := usageAt(lex.ByID(lang), text.Bytes(), q.Offset)
	if !ok {
		return 0, "", u, ErrNoName
	}
	if q.Name != "" && at.name != q.Name {
		return file, lang, u, nil
	}
	at.scope = scopeAt(o, q.Offset)
	return file, lang, at, nil
}

// scopeAt is the scope in which the text at an offset stands, as a member of
// what is defined around it.
func scopeAt(o *Outline, offset int) string {
	scope, size := "", 0
	for _, i := range around(o, offset) {
		s := &o.Symbols[i]
		if n := s.BodyEnd - s.BodyStart; size == 0 || n <= size {
			scope, size = s.Scope, n
			switch thing(s.Kind) {
			case Type, Module:
				scope = within(s, o)
			}
		}
	}
	return scope
}

// within is the scope of what is in a symbol, joined as its language does.
func within(s *Symbol, o *Outline) string {
	if s.Scope == "" {
		return s.Name
	}
	for i := range o.Symbols { // some member says how
		if m := o.Symbols[i].Scope; len(m) > len(s.Scope)+len(s.Name) && m[:len(s.Scope)] == s.Scope && m[len(m)-len(s.Name):] == s.Name {
			return m
		}
	}
	return s.Scope + "." + s.Name
}
