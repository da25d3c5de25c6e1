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
// maxCandidates.
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
	v := ix.takeView()
	defer ix.keepView(v)
	if file == nothing {
		v = nil
	} else if err := ix.look(ctx, v, t, file, lang); err != nil {
		return nil, 0, err
	}
	j, err := ix.judge(ctx, t, u.name, v, lang)
	if err != nil {
		return nil, 0, err
	}
	if j.scoped && u.offset >= 0 {
		o, _, err := ix.Outline(t.files[file].Blob)
		if err != nil {
			return nil, 0, err
		}
		u.scope = scopeAt(o, u.offset)
	}
	list, err = j.definitions(v, lang, u)
	return list, j.all, err
}

// takeView is the view that was looked at last, for one goroutine.
func (ix *Index) takeView() *view {
	ix.mu.Lock()
	defer ix.mu.Unlock()
	v := ix.last
	ix.last = nil
	if v == nil {
		v = new(view)
	}
	return v
}

func (ix *Index) keepView(v *view) {
	ix.mu.Lock()
	defer ix.mu.Unlock()
	ix.last = v
}

func (j *judge) definitions(v *view, lang string, u usage) ([]Candidate, error) {
	seen, fits, sure := make([]sight, len(j.found)), make([]bool, len(j.found)), make([]bool, len(j.found))
	if v == nil {
		for i := range j.found {
			seen[i].reason, fits[i] = SameRelease, true
		}
	} else {
		var whole bool
		var err error
		seen, whole = j.sights(v, lang)
		if fits, err = j.fitting(v.file, lang, u); err != nil {
			return nil, err
		}
		if whole {
			for _, i := range j.meant(seen, fits, u) {
				sure[i] = true
			}
		}
	}
	order := make([]int, len(j.found))
	for i := range order {
		order[i] = i
	}
	slices.SortFunc(order, func(a, b int) int {
		p, q := &j.found[a], &j.found[b]
		return cmp.Or(
			later(!sure[a], !sure[b]),
			later(sure[a] && p.Kind == Prototype, sure[b] && q.Kind == Prototype),
			later(!fits[a], !fits[b]),
			cmp.Compare(likelihood(seen[a].reason), likelihood(seen[b].reason)),
			later(p.Kind == Prototype, q.Kind == Prototype),
			cmp.Compare(seen[a].distance, seen[b].distance),
			cmp.Compare(rank(p.Kind), rank(q.Kind)),
			cmp.Compare(p.file, q.file),
			cmp.Compare(p.N, q.N),
		)
	})
	out := make([]Candidate, len(order))
	for n, i := range order {
		out[n] = Candidate{j.found[i].Found, sure[i], seen[i].reason}
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

// ask reads the place of a question: the file, if it is asked from one, its
// language, and what stands there, but for the scope.
func (ix *Index) ask(t *tree, q Question) (file int32, lang string, u usage, err error) {
	u = usage{name: q.Name, args: -1, offset: -1}
	if q.From.Path == "" || q.From.Release != t.release {
		return nothing, "", u, nil
	}
	if file = t.find(q.From.Path); file == nothing {
		return 0, "", u, fmt.Errorf("release %s has no file %s", t.release, q.From.Path)
	}
	blob := t.files[file].Blob
	n, ok, err := ix.find(blob)
	if err != nil {
		return 0, "", u, err
	}
	if !ok { // binary
		return nothing, "", u, nil
	}
	e, err := ix.entry(n)
	if err != nil || q.Offset < 0 {
		return file, e.lang, u, err
	}
	text, err := ix.content.NewReader(true).Text(blob)
	if err != nil {
		return 0, "", u, err
	}
	at, ok := usageAt(lex.ByID(e.lang), text.Bytes(), q.Offset)
	if !ok {
		return 0, "", u, ErrNoName
	}
	if q.Name != "" && at.name != q.Name {
		return file, e.lang, u, nil
	}
	return file, e.lang, at, nil
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
