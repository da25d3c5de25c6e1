package desk

import (
	"context"
	"slices"

	"vitrine/viewer/words"

	"vitrine/index/deposit"
	"vitrine/index/search"
)

const (
	// hitPage is how many hits of a file are read at once.
	hitPage = 500
	// maxPageHits bounds the hits kept of pages, about 5 MB: some screens around.
	maxPageHits = 16_000
	// maxPagesRead bounds what is read for one screen: no screen has more rows.
	maxPagesRead = 120
)

// hitPages are the hits beyond those that are kept, as they were last looked at. A page is
// some of one file, which the query, asked again in that file alone, finds again: the
// deposit does not change.
type hitPages struct {
	// read gives up to n hits of a file, behind the first from; nil: there are no pages.
	read func(ctx context.Context, p deposit.Place, from, n int) ([]searchHit, error)

	loaded  map[pageOf][]searchHit
	used    []pageOf // the ones used last at the end
	kept    int      // hits in them
	missing []pageOf // wanted by rows on screen
	posted  bool     // they are about to be read

	reading *slot // pages for rows
	jumping *slot // the page of a hit to be opened
	looking *slot // lines around a hit
}

// A pageOf is so many pages behind the beginning of a group.
type pageOf struct{ group, n int }

func (p *hitPages) forget() {
	p.loaded, p.used, p.kept, p.missing = nil, nil, 0, nil
	for _, s := range []*slot{p.reading, p.jumping, p.looking} {
		if s != nil {
			s.stop()
		}
	}
}

func (s *hitList) pageOf(hit int) (pageOf, int) {
	n := s.groupOf(hit)
	at := hit - s.groups[n].from
	return pageOf{n, at / hitPage}, at % hitPage
}

// known is a hit, if it is at hand.
func (s *hitList) known(hit int) (searchHit, bool) {
	if hit >= 0 && hit < len(s.hits) {
		return s.hits[hit], true
	}
	if s.pages.loaded == nil || s.groupOf(hit) < 0 {
		return searchHit{}, false
	}
	p, at := s.pageOf(hit)
	page := s.pages.loaded[p]
	if at >= len(page) {
		return searchHit{}, false
	}
	return page[at], true
}

// miss has a hit read that a row on screen is to show. What one repaint misses is read
// together.
func (s *hitList) miss(group, hit int) {
	p := &s.pages
	page, _ := s.pageOf(hit)
	if _, ok := p.loaded[page]; ok || p.read == nil || len(p.missing) >= maxPagesRead || slices.Contains(p.missing, page) {
		return
	}
	p.missing = append(p.missing, page)
	if !p.posted {
		p.posted = true
		s.r.d.board.post(s.readMissing)
	}
}

func (s *hitList) readMissing() {
	p := &s.pages
	p.posted = false
	if p.reading.running() || len(p.missing) == 0 {
		p.missing = nil // what is still missing then is asked for when these are shown
		return
	}
	want := p.missing
	p.missing = nil
	s.load(p.reading, want, s.list.Refresh)
}

// load reads pages and then does something.
func (s *hitList) load(on *slot, want []pageOf, then func()) {
	read := s.pages.read
	places := make([]deposit.Place, len(want))
	for i, w := range want {
		places[i] = s.groups[w.group].place
	}
	simple(on, func(ctx context.Context) ([][]searchHit, error) {
		var out [][]searchHit
		for i, w := range want {
			page, err := read(ctx, places[i], w.n*hitPage, hitPage)
			if err != nil {
				return out, err
			}
			out = append(out, page)
		}
		return out, nil
	}, func(pages [][]searchHit, err error) {
		for i, page := range pages {
			s.pages.take(want[i], page)
		}
		if err != nil {
			s.r.d.fail(words.T("These lines cannot be read again."), err)
			return
		}
		s.r.d.trace.say("lines", len(pages))
		then()
	})
}

// take keeps a page, and lets go of those not read for longest.
func (p *hitPages) take(at pageOf, page []searchHit) {
	if p.loaded == nil {
		p.loaded = map[pageOf][]searchHit{}
	}
	if _, ok := p.loaded[at]; ok {
		return
	}
	p.loaded[at], p.kept = page, p.kept+len(page)
	p.used = append(p.used, at)
	for p.kept > maxPageHits && len(p.used) > maxPagesRead {
		p.kept -= len(p.loaded[p.used[0]])
		delete(p.loaded, p.used[0])
		p.used = p.used[1:]
	}
}

// withHit does something with a hit, which may have to be read first.
func (s *hitList) withHit(hit int, do func(searchHit)) {
	if h, ok := s.known(hit); ok {
		s.pages.jumping.stop()
		do(h)
		return
	}
	if s.pages.read == nil || s.groupOf(hit) < 0 {
		return
	}
	page, _ := s.pageOf(hit)
	s.load(s.pages.jumping, []pageOf{page}, func() {
		if h, ok := s.known(hit); ok {
			do(h)
		}
	})
}

// again asks a query once more, in one file.
func (r *roomScreen) again(ctx context.Context, query string, at deposit.Place, from, n int) (out []searchHit, err error) {
	i := 0
	_, err = r.visit.SearchAt(ctx, query, at, func(h search.Hit) bool {
		if i++; i > from {
			out = append(out, keep(h))
		}
		return len(out) < n
	})
	return out, err
}
