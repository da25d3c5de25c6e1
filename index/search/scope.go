package search

import (
	"regexp"
	"slices"

	"vitrine/index/deposit"
)

// At is the same query in one place only: it has the hits there that the query has, and
// is answered by reading that file, whatever the index says.
func (q *Query) At(p deposit.Place) *Query {
	at := *q
	at.scope.at = &p
	return &at
}

// A scope is what the filters leave: places, by path, release and language.
type scope struct {
	paths, without       []pathFilter
	releases             []named
	newIn, goneIn        *named
	languages, otherThan []named
	at                   *deposit.Place // only this one; see Query.At
}

// A named is a name in a query that only the deposit can judge.
type named struct {
	text string
	at   int // offset in the query
}

// A pathFilter is the value of path: or -path:.
type pathFilter struct {
	text string
	glob glob
	re   *regexp.Regexp // instead of the glob
}

func (f pathFilter) match(path string) bool {
	if f.re != nil {
		return f.re.MatchString(path)
	}
	return f.glob.match(path)
}

// wantsPath reports whether the path filters let a path pass.
func (s *scope) wantsPath(path string) bool {
	is := func(f pathFilter) bool { return f.match(path) }
	return (len(s.paths) == 0 || slices.ContainsFunc(s.paths, is)) && !slices.ContainsFunc(s.without, is)
}

// wantsLanguage reports whether the language filters let a file of a language
// pass, "" if that is not known.
func (s *scope) wantsLanguage(id string) bool {
	is := func(n named) bool { return n.text == id }
	return (len(s.languages) == 0 || slices.ContainsFunc(s.languages, is)) && !slices.ContainsFunc(s.otherThan, is)
}

func (s *scope) anyLanguage() bool { return len(s.languages)+len(s.otherThan) == 0 }

// everywhere reports whether no filter is given but for the lines.
func (s *scope) everywhere() bool {
	return s.at == nil && len(s.paths)+len(s.without)+len(s.releases) == 0 && s.newIn == nil && s.goneIn == nil && s.anyLanguage()
}

// A releaseScope is a scope's releases by their numbers in one deposit.
type releaseScope struct {
	only          map[int]bool // nil for all
	newIn, goneIn int          // -1 if not asked
}

// inDeposit resolves the names of releases, in the manifest's order.
func (q *Query) inDeposit(releases []string) (releaseScope, error) {
	out := releaseScope{newIn: -1, goneIn: -1}
	number := func(n named) (int, error) {
		i := slices.Index(releases, n.text)
		if i < 0 {
			return 0, syntaxError(q.source, n.at, "the deposit has no release %q; it has %q", n.text, releases)
		}
		return i, nil
	}
	for _, n := range q.scope.releases {
		i, err := number(n)
		if err != nil {
			return out, err
		}
		if out.only == nil {
			out.only = make(map[int]bool)
		}
		out.only[i] = true
	}
	var err error
	if n := q.scope.newIn; n != nil {
		if out.newIn, err = number(*n); err != nil {
			return out, err
		}
	}
	if n := q.scope.goneIn; n != nil {
		if out.goneIn, err = number(*n); err != nil {
			return out, err
		}
	}
	return out, nil
}

// wants reports whether a place is in scope; all are the places of its path.
func (r releaseScope) wants(p placeOf, all []placeOf) bool {
	// same reports whether another release has the same at this path.
	same := func(release int) bool {
		return slices.ContainsFunc(all, func(o placeOf) bool { return int(o.release) == release && o.code == p.code })
	}
	switch {
	case r.only != nil && !r.only[int(p.release)]:
		return false
	case r.newIn >= 0 && (int(p.release) != r.newIn || same(r.newIn-1)):
		return false
	case r.goneIn >= 0 && (int(p.release) != r.goneIn-1 || same(r.goneIn)):
		return false
	}
	return true
}
