package symbol

import (
	"context"

	"vitrine/index/deposit"
	"vitrine/index/lex"
)

// A Caller is a function that calls another.
type Caller struct {
	// Function is the one around the calls; nil for calls outside of any.
	Function *Found
	Place    deposit.Place
	Blob     deposit.Digest
	Uses     []Use
	Resolved bool // all of them are calls of the symbol that was asked for
}

// Callers yields the functions of a release that call a symbol, in path order,
// until yield returns false. A name that is used without being called, as where
// a function is put into a table, counts too: Class tells it.
func (ix *Index) Callers(ctx context.Context, of ID, release string, from Candidates, yield func(Caller) bool) (Report, error) {
	s, err := ix.Symbol(of, release)
	if err != nil {
		return Report{}, err
	}
	return ix.references(ctx, s.Name, &of, release, from, func(f *usedFile) bool {
		for _, c := range callersIn(f) {
			if !yield(c) {
				return false
			}
		}
		return true
	})
}

// callersIn groups the uses of a file by the function around them.
func callersIn(f *usedFile) []Caller {
	var out []Caller
	at := map[int]int{}
	for i, u := range f.uses {
		switch u.Class {
		case Definition, Declaration, Include:
			continue
		}
		n := enclosing(f.outline, u.Start)
		k, ok := at[n]
		if !ok {
			k = len(out)
			at[n] = k
			c := Caller{Place: f.place, Blob: f.blob, Resolved: true}
			if n >= 0 {
				c.Function = &Found{Symbol: f.outline.Symbols[n], ID: ID{f.blob, n}, Place: f.place, Places: 1}
			}
			out = append(out, c)
		}
		out[k].Uses = append(out[k].Uses, u)
		out[k].Resolved = out[k].Resolved && f.resolved[i]
	}
	return out
}

// A Callee is a name that a function calls.
type Callee struct {
	Name string
	Uses []Use // the calls
	// Candidates are what it may mean; none if the release does not define it.
	Candidates []Candidate
	Resolved   bool // the first of them is what is called
	All        int  // how many definitions of the name there are
}

// maxCallees bounds the names that a function calls; the longest function of
// Linux calls 400.
const maxCallees = 2000

// Callees lists what a function of a release calls, in the order of the first calls.
func (ix *Index) Callees(ctx context.Context, of ID, release string) ([]Callee, error) {
	s, err := ix.Symbol(of, release)
	if err != nil {
		return nil, err
	}
	l := lex.ByID(s.Lang)
	t, err := ix.tree(ctx, release)
	if err != nil || l == nil || s.Places == 0 {
		return nil, err
	}
	text, err := ix.content.Text(of.Blob)
	if err != nil {
		return nil, err
	}
	o, _, err := ix.Outline(of.Blob)
	if err != nil {
		return nil, err
	}
	file := t.find(s.Place.Path)
	if file == nothing {
		return nil, nil
	}
	v := new(view)
	if err := ix.look(ctx, v, t, file, s.Lang); err != nil {
		return nil, err
	}
	var out []Callee
	at := map[string]int{}
	for _, u := range callsIn(l, text.Bytes(), s.Symbol) {
		k, ok := at[u.Name]
		if !ok {
			if len(out) == maxCallees {
				break
			}
			k = len(out)
			at[u.Name] = k
			out = append(out, Callee{Name: u.Name})
		}
		out[k].Uses = append(out[k].Uses, u)
	}
	for i := range out {
		c := &out[i]
		j, err := ix.judge(ctx, t, c.Name, v, s.Lang)
		if err != nil {
			return nil, err
		}
		c.All = j.all
		u, _ := usageAt(l, text.Bytes(), c.Uses[0].Start)
		u.name, u.scope = c.Name, scopeAt(o, c.Uses[0].Start)
		if c.Candidates, err = j.definitions(v, s.Lang, u); err != nil {
			return nil, err
		}
		c.Resolved = len(c.Candidates) > 0 && c.Candidates[0].Resolved
	}
	return out, nil
}

// callsIn are the calls in a definition, of functions and of macros.
func callsIn(l *lex.Lang, text []byte, s Symbol) []Use {
	var out []Use
	for u := range UsesIn(l, text, s.BodyStart, s.BodyEnd) {
		if (u.Class == Call || u.Class == MacroUse) && u.Start != s.Start {
			out = append(out, u)
		}
	}
	return out
}
