package search

import (
	"context"
	"math"
	"slices"
	"strings"

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

// A planner decides what to do about places.
type planner struct {
	*Index
	q                *Query
	report           *Report
	inText, inBinary truth  // of the path that it is at
	others           []seen // to be searched, though no documents
}

// plan says where to look, and in report what is not searched. The tasks come in two
// lists, the second when it is asked for: if it takes time to find out what of many
// documents can be left out, those at the first paths are searched meanwhile. Whoever waits
// for the first hits of something frequent then does not wait for that.
func (ix *Index) plan(ctx context.Context, q *Query, report *Report) (first []*task, rest func() ([]*task, error), err error) {
	releases, err := q.inDeposit(ix.releases)
	if err != nil {
		return nil, nil, err
	}
	if err := ix.checkLanguages(q); err != nil {
		return nil, nil, err
	}
	p := &planner{Index: ix, q: q, report: report}
	p.inText, p.inBinary = q.judge("")
	find := p.everywhere
	if q.names || !q.scope.everywhere() || ix.early || len(q.choices) > 0 {
		if find, err = p.within(ctx, releases); err != nil {
			return nil, nil, err
		}
	}
	quick := &effort{most: ix.quickPages}
	if q.regions || q.definitions {
		quick.most = math.MaxInt // or it would list files as not searched that cannot have hits
	}
	places, docs, err := find(ctx, quick, nil)
	if err != nil {
		return nil, nil, err
	}
	none := func() ([]*task, error) { return nil, nil }
	if quick.spared == 0 {
		return tasks(places), none, nil
	}
	head := firstPaths(places, ix.firstFiles+quick.spared/(2*pagesPerDoc))
	if head == len(places) {
		return tasks(places), none, nil
	}
	behind := places[head].file
	return tasks(places[:head]), func() ([]*task, error) {
		places, _, err := find(ctx, &effort{most: math.MaxInt}, docs)
		for len(places) > 0 && places[0].file < behind {
			places = places[1:]
		}
		return tasks(places), err
	}, nil
}

// An effort bounds how many pages of the dictionaries are read for one part of a query.
type effort struct {
	most   int
	spared int // pages of what would have taken more
}

const (
	// quickPages is read before the first hits are looked for: a fraction of a millisecond's
	// worth.
	quickPages = 128

	// firstFiles is how many files are searched before the rest is found out, beside those
	// that take half as long as finding it out.
	firstFiles = 64
)

// firstPaths is the number of places that are those of so many files.
func firstPaths(places []seen, most int) int {
	files := 0
	for i, s := range places {
		if i > 0 && s.file != places[i-1].file {
			if files++; files == most {
				return i
			}
		}
	}
	return len(places)
}

// A placeFinder lists the places in which a query can have hits, in order, and the documents
// among these: those of within, unless it is nil.
type placeFinder func(ctx context.Context, e *effort, within *roaring.Bitmap) ([]seen, *roaring.Bitmap, error)

// within finds the places of a query that only some are for, going through all of them.
func (p *planner) within(ctx context.Context, releases releaseScope) (placeFinder, error) {
	q := p.q
	scope, chosen := make([]uint64, (p.docs+63)/64), roaring.New()
	if q.scope.at != nil {
		return p.onlyAt(releases), nil
	}
	places := make([]seen, 0, p.places) // growing it would take longer than all the rest
	wants, err := p.wantedPaths(ctx, &q.scope)
	if err != nil {
		return nil, err
	}
	for i := range p.files {
		if i%256 == 0 {
			if err := ctx.Err(); err != nil {
				return nil, err
			}
		}
		if wants[i/64]>>(i%64)&1 == 0 {
			continue
		}
		places = p.wanted(places, i, releases, func(at int, byHand bool) {
			if byHand {
				chosen.Add(uint32(at))
			} else {
				scope[at/64] |= 1 << (at % 64)
			}
		})
	}
	all := roaring.FromDense(scope, false)
	return func(ctx context.Context, e *effort, within *roaring.Bitmap) ([]seen, *roaring.Bitmap, error) {
		if within == nil {
			within = all
		}
		docs, err := p.candidates(ctx, q, within, e)
		if err != nil {
			return nil, nil, err
		}
		docs = roaring.Or(docs, chosen)
		var out []seen
		for _, s := range places {
			if s.do != readText || docs.Contains(uint32(s.code-codeBlob)) {
				out = append(out, s)
			}
		}
		return out, docs, nil
	}, nil
}

// wanted appends the places of a file in which a query may have hits, and calls document
// for those that are texts to be read.
func (p *planner) wanted(places []seen, file int, releases releaseScope, document func(blob int, byHand bool)) []seen {
	q, f := p.q, p.files[file]
	if q.names {
		p.inText, p.inBinary = q.judge(f.path)
	}
	if p.inText == no && p.inBinary == no || p.ofOtherLanguage(file) {
		return places
	}
	for _, at := range f.places {
		if !releases.wants(at, f.places) || q.scope.at != nil && p.releases[at.release] != q.scope.at.Release {
			continue
		}
		s := seen{file: int32(file), release: at.release, code: at.code}
		text, byHand := p.isText(q, at.blob())
		switch {
		case !text:
			if !p.apart(&s) {
				continue
			}
		case p.inText == no:
			continue
		case !q.content && q.scope.anyLanguage():
			s.do = nameOnly
			if p.inText != yes {
				continue
			}
		default:
			document(at.blob(), byHand)
		}
		places = append(places, s)
	}
	return places
}

// onlyAt finds the place of a query that is for one.
func (p *planner) onlyAt(releases releaseScope) placeFinder {
	at := p.q.scope.at
	var places []seen
	i, ok := slices.BinarySearchFunc(p.files, at.Path, func(f pathPlaces, path string) int { return strings.Compare(f.path, path) })
	if ok && p.q.scope.wantsPath(at.Path) {
		places = p.wanted(nil, i, releases, func(int, bool) {})
	}
	return func(context.Context, *effort, *roaring.Bitmap) ([]seen, *roaring.Bitmap, error) {
		return places, roaring.New(), nil
	}
}

// apart decides about a place that is no document's: whether there is anything to do.
func (p *planner) apart(s *seen) bool {
	path, why := p.files[s.file].path, p.unreadable(p.q, placeOf{s.release, s.code})
	if s.do = readBinary; why != "" {
		s.do = nameOnly
	}
	if p.inBinary == no || !p.mayBe(p.q, path, why) {
		return false
	}
	known := p.inBinary
	if why == WhyEarly && !p.q.scope.anyLanguage() {
		known = unknown
	}
	if why != "" && (p.q.content || why == WhyEarly && known == unknown) {
		p.report.NotSearched = append(p.report.NotSearched, p.notSearched(*s, why))
	}
	return s.do != nameOnly || known == yes
}

// ofOtherLanguage reports whether the path alone says that a text is of a language that
// the query does not want.
func (p *planner) ofOtherLanguage(file int) bool {
	if p.q.scope.anyLanguage() {
		return false
	}
	id := p.languageByName(file)
	return id != "" && !p.q.scope.wantsLanguage(id)
}

// tasks makes tasks of places, and lets the same bytes at a path be searched once.
func tasks(places []seen) []*task {
	out := make([]*task, 0, len(places))
	var room []task
	first := make(map[int32]*task) // of this path, by what is there
	file := int32(-1)
	for _, s := range places {
		if len(room) == 0 {
			room = make([]task, min(tasksAtOnce, len(places)-len(out)))
		}
		t := &room[0]
		room, t.seen = room[1:], s
		if s.file != file {
			clear(first)
			file = s.file
		}
		if s.do != nameOnly {
			if earlier := first[s.code]; earlier != nil {
				t.same, earlier.repeated = earlier, true
			} else {
				first[s.code], t.own = t, true
			}
		}
		out = append(out, t)
	}
	return out
}

// tasksAtOnce is for how many tasks memory is taken at once.
const tasksAtOnce = 64

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
	n := p.blob()
	switch p.code {
	case codeLink:
		return WhyLink
	case codeSubmodule:
		return WhySubmodule
	}
	switch text, _ := ix.isText(q, n); {
	case ix.early:
		return WhyEarly
	case text:
		return ""
	}
	info, _ := ix.info(q, n)
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
