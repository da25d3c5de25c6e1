package search

import (
	"context"

	"github.com/RoaringBitmap/roaring/v2"

	"vitrine/index/content"
	"vitrine/index/deposit"
)

// A seen is a place in the query's scope, and what is to be done about it.
type seen struct {
	file, release, code int32
	do                  action
}

// An action is how a place is searched.
type action uint8

const (
	readText action = iota
	readBinary
	nameOnly // its path alone makes the query true
)

// A truth is what is known of a query, or a part of it, before a file is read.
type truth int

const (
	unknown truth = iota
	no
	yes
)

// plan lists the tasks in order, and in report what is not searched.
func (ix *Index) plan(ctx context.Context, q *Query, report *Report) ([]*task, error) {
	releases, err := q.inDeposit(ix.releases)
	if err != nil {
		return nil, err
	}
	if err := ix.checkLanguages(q); err != nil {
		return nil, err
	}
	scope, chosen := make([]uint64, (ix.docs+63)/64), roaring.New()
	places := make([]seen, 0, ix.places) // growing it would take longer than all the rest
	inText, inBinary := q.judge("")
	for i, f := range ix.files {
		if i%256 == 0 {
			if err := ctx.Err(); err != nil {
				return nil, err
			}
		}
		if !q.scope.wantsPath(f.path) {
			continue
		}
		if q.names {
			inText, inBinary = q.judge(f.path)
		}
		if inText == no && inBinary == no {
			continue
		}
		for _, p := range f.places {
			if !releases.wants(p, f.places) {
				continue
			}
			s := seen{file: int32(i), release: int32(p.release), code: int32(p.code)}
			known, why := inBinary, ix.unreadable(q, p)
			switch text, byHand := ix.isText(q, p.code); {
			case text:
				known = inText
				switch n := p.code - codeBlob; {
				case !q.content && q.scope.anyLanguage():
					s.do = nameOnly
				case byHand:
					chosen.Add(uint32(n))
				default:
					scope[n/64] |= 1 << (n % 64)
				}
			case why == "":
				s.do = readBinary
			default:
				s.do = nameOnly
			}
			if known == no || s.do != readText && !ix.mayBe(q, f.path, why) {
				continue
			}
			if why == WhyEarly && !q.scope.anyLanguage() {
				known = unknown
			}
			if why != "" && (q.content || why == WhyEarly && known == unknown) {
				report.NotSearched = append(report.NotSearched, ix.notSearched(s, why))
			}
			if s.do != nameOnly || known == yes {
				places = append(places, s)
			}
		}
	}
	candidates, err := ix.candidates(ctx, q, roaring.FromDense(scope, false))
	if err != nil {
		return nil, err
	}
	candidates.Or(chosen)
	return ix.tasks(places, candidates), nil
}

// tasks makes tasks of the places that can have hits, and lets the same bytes at
// a path be searched once.
func (ix *Index) tasks(places []seen, candidates *roaring.Bitmap) (out []*task) {
	first := 0 // of this path
	for _, s := range places {
		if s.do == readText && !candidates.Contains(uint32(s.code-codeBlob)) {
			continue
		}
		t := &task{seen: s}
		if len(out) > 0 && out[first].file != s.file {
			first = len(out)
		}
		if s.do != nameOnly {
			for _, earlier := range out[min(first, len(out)):] {
				if earlier.code == s.code && earlier.same == nil {
					t.same, earlier.repeated = earlier, true
				}
			}
			t.own = t.same == nil
		}
		out = append(out, t)
	}
	return out
}

// judge tells what a path alone says about the query, for a file that is text
// and for one that is not.
func (q *Query) judge(path string) (inText, inBinary truth) {
	group := func(text bool) func(g *group) truth {
		return func(g *group) truth {
			switch {
			case g.hex != nil && text || !q.named(g, path):
				return no
			case g.onlyNames():
				return yes
			}
			return unknown
		}
	}
	return q.truth(q.root, group(true)), q.truth(q.root, group(false))
}

func (q *Query) truth(n *node, group func(*group) truth) truth {
	if n.op == opGroup {
		return group(q.groups[n.group])
	}
	all, some := true, false // yes, as far as it goes
	none := true             // no
	for _, kid := range n.kids {
		is := q.truth(kid, group)
		all, some, none = all && is == yes, some || is == yes, none && is == no
		if n.op == opAnd && is == no {
			return no
		}
	}
	if n.op == opNot {
		all, none = none, all
	}
	switch {
	case all || n.op == opOr && some:
		return yes
	case none:
		return no
	}
	return unknown
}

// unreadable tells why the query does not look into a place, "" if it does.
func (ix *Index) unreadable(q *Query, p placeOf) string {
	switch p.code {
	case codeLink:
		return WhyLink
	case codeSubmodule:
		return WhySubmodule
	}
	switch text, _ := ix.isText(q, p.code); {
	case ix.early:
		return WhyEarly
	case text:
		return ""
	}
	info, _ := ix.info(q, p.code-codeBlob)
	switch {
	case info.Encoding != content.Binary || q.readsBinary() && info.Size > content.MaxText:
		return WhyTooLarge
	case !q.readsBinary() || q.regions:
		return WhyBinary
	}
	return ""
}

// mayBe reports whether a place that is not read as text may be of a language
// that the query wants. Of a text that is too large for more than its name it may.
func (ix *Index) mayBe(q *Query, path, why string) bool {
	if q.scope.anyLanguage() {
		return true
	}
	id := ix.languages.Language(path, nil)
	return q.scope.wantsLanguage(id) || id == "" && why == WhyTooLarge || why == WhyEarly
}

func (ix *Index) checkLanguages(q *Query) error {
	for _, list := range [][]named{q.scope.languages, q.scope.otherThan} {
		for _, n := range list {
			if !ix.languages.Known(n.text) {
				return syntaxError(q.source, n.at, "no language is known here as %q", n.text)
			}
		}
	}
	return nil
}

func (ix *Index) size(n int) int64 {
	if n >= ix.docs {
		return ix.others[n-ix.docs].Size
	}
	info, _ := ix.content.Info(ix.blobs[n])
	return info.Size
}

func (ix *Index) notSearched(s seen, why string) NotSearched {
	out := NotSearched{Place: deposit.Place{Release: ix.releases[s.release], Path: ix.files[s.file].path}, Why: why}
	if n := int(s.code) - codeBlob; n >= 0 {
		out.Size = ix.size(n)
	}
	return out
}
