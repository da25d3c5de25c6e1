package desk

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"vitrine/index/deposit"
	"vitrine/viewer/code"
)

// TestHitsGrowAsIfListedAnew: however the hits come in, and whatever is folded or
// selected meanwhile, the rows are those of all hits at once, and the selection stays
// on what it was on.
func TestHitsGrowAsIfListedAnew(t *testing.T) {
	_, r := enter(t)
	rnd := rand.New(rand.NewPCG(1, 2))
	for round := range 30 {
		var s hitList
		s.setup(r, func(int, bool) {})
		s.list.Resize(fyne.NewSize(400, 300))
		file, line := 0, 0
		for range 1 + rnd.IntN(12) {
			from := len(s.hits)
			for range rnd.IntN(1 + 40*(round%3)) {
				if line++; rnd.IntN(4) == 0 {
					file, line = file+1, 1
				}
				s.hits = append(s.hits, searchHit{place: deposit.Place{Release: "1", Path: fmt.Sprint("f", file)}, line: line, text: "x"})
			}
			if rnd.IntN(5) == 0 {
				s.more = "there are more"
			}
			was := selectedHit(&s)
			s.grow(from)
			if got := selectedHit(&s); was != "" && got != was {
				t.Fatalf("growing moved the selection from %q to %q", was, got)
			}
			if s.rows() == 0 {
				continue
			}
			i := rnd.IntN(s.rows())
			switch rnd.IntN(4) {
			case 0:
				s.openRow(i, true)
			case 1:
				s.list.Select(i)
			case 2:
				if r, _ := s.rowAt(i); r.hit >= 0 && s.groupOf(r.hit) >= 0 {
					was := selectedHit(&s)
					s.putAround(r.group, hitContext{hit: r.hit, before: make([]string, rnd.IntN(3)), behind: make([]string, rnd.IntN(3))})
					if got := selectedHit(&s); was != "" && got != was {
						t.Fatalf("lines around a hit moved the selection from %q to %q", was, got)
					}
				}
			}
			if got, want := allRows(&s), plainRows(&s); !slices.Equal(got, want) {
				t.Fatalf("grown %v\nat once %v", got, want)
			}
			for g := range s.groups {
				if r, _ := s.rowAt(s.groups[g].row); r.group != g || r.hit != rowFile {
					t.Fatalf("group %d begins at %v", g, r)
				}
			}
		}
		if len(s.hits) == 0 {
			continue
		}
		hit := rnd.IntN(len(s.hits))
		if row := s.rowOf(hit); row < 0 || allRows(&s)[row] != (hitRow{s.groupOf(hit), hit, 0}) {
			t.Fatalf("hit %d is said to be in row %d of %v", hit, row, allRows(&s))
		}
		if g, n := s.fileOf(hit); g.from+n != hit || g.place != s.hits[hit].place {
			t.Fatalf("hit %d is said to be %d of %v", hit, n, g)
		}
		if last, _ := s.rowAt(s.rows() - 1); (last.hit == rowEnd) != (s.more != "") {
			t.Fatalf("the last row is %v, there are more: %q", last, s.more)
		}
	}
}

// allRows is what each row shows, as it is reckoned.
func allRows(s *hitList) (out []hitRow) {
	for i := range s.rows() {
		r, ok := s.rowAt(i)
		if !ok {
			return nil
		}
		out = append(out, r)
	}
	return out
}

// plainRows are the rows listed one after the other.
func plainRows(s *hitList) (out []hitRow) {
	for g, group := range s.groups {
		out = append(out, hitRow{g, rowFile, 0})
		if group.folded {
			continue
		}
		n := group.to - group.from
		if len(s.hits) > fewHits && !group.all && n > firstLines+1 {
			n = firstLines
		}
		for i := group.from; i < group.from+n; i++ {
			before, behind := 0, 0
			for _, c := range s.around {
				if c.hit == i {
					before, behind = len(c.before), len(c.behind)
				}
			}
			for k := -before; k <= behind; k++ {
				out = append(out, hitRow{g, i, k})
			}
		}
		if n < group.to-group.from {
			out = append(out, hitRow{g, rowMore, 0})
		}
	}
	if s.more != "" {
		out = append(out, hitRow{hit: rowEnd})
	}
	return out
}

// selectedHit names what is selected: a file, or the hit, unless it stands for hits
// that are not listed.
func selectedHit(s *hitList) string {
	i := s.list.Selected()
	r, ok := s.rowAt(i)
	if !ok || r.hit == rowEnd || r.hit == rowMore {
		return ""
	}
	g := s.groups[r.group]
	if r.hit >= 0 && r.hit-g.from >= firstLines {
		return "" // it may be hidden when there are many
	}
	return fmt.Sprint(g.place.Path, r.hit, r.off)
}

// TestSearchReachesWhatItDoesNotKeep: of hits beyond those that are kept the list knows
// how many each file has, and reads them again where they are looked at.
func TestSearchReachesWhatItDoesNotKeep(t *testing.T) {
	s, r := enter(t)
	r.pickSide("search")
	p := r.search
	test.Type(p.field.Focusable(), "e")
	s.idle()
	all, groups, hits := p.counted, slices.Clone(p.groups), slices.Clone(p.hits)
	if len(hits) != all.lines || p.more != "" || len(groups) != all.files {
		t.Fatalf("%d hits of %+v", len(hits), all)
	}
	p.most = 10
	p.run()
	s.idle()
	if p.counted != all || len(p.hits) != 10 || p.total() != all.lines || !slices.Equal(p.groups, groups) {
		t.Fatalf("counted %+v, kept %d of %d; want %+v and 10", p.counted, len(p.hits), p.total(), all)
	}
	for i := range p.groups {
		p.groups[i].all = true
	}
	p.change(0, func() {})
	for at := 0; at < p.rows(); at += 8 {
		p.list.Select(at) // which paints
		s.ui.until(t, "the lines on screen", func() bool { return !p.pages.posted && !p.pages.reading.running() })
		from, to := p.list.Shown()
		for i := from; i < to; i++ {
			row, _ := p.rowAt(i)
			if row.hit < 0 {
				continue
			}
			h, ok := p.known(row.hit)
			want := hits[row.hit]
			if !ok || h.place != want.place || h.line != want.line || h.text != want.text || !slices.Equal(h.ranges, want.ranges) {
				t.Fatalf("row %d shows %+v, want %+v", i, h, want)
			}
		}
		if at > 400 {
			at += 3000
		}
	}
	p.pages.forget()
	p.at = -1
	p.step(-1) // the last of all
	s.idle()
	last := hits[len(hits)-1]
	if at := r.current(); at == nil || at.doc.Place != last.place || at.view.Caret().Line != last.line {
		t.Errorf("before the first hit comes %+v, want %+v", at.doc.Place, last)
	}
	p.step(-1)
	s.idle()
	if at, want := r.current(), hits[len(hits)-2]; at.doc.Place != want.place || at.view.Caret().Line != want.line {
		t.Errorf("before the last hit comes %+v, want %+v", at.doc.Place, want)
	}
}

// TestHitPagesAreBounded: however much is looked at, little of it is kept.
func TestHitPagesAreBounded(t *testing.T) {
	var p hitPages
	for i := range 5000 {
		p.take(pageOf{i, i % 7}, make([]searchHit, 1+i*31%hitPage))
		if p.kept > maxPageHits+maxPagesRead*hitPage || len(p.loaded) != len(p.used) {
			t.Fatalf("%d hits in %d pages are kept", p.kept, len(p.used))
		}
		if _, ok := p.loaded[pageOf{i, i % 7}]; !ok {
			t.Fatal("what was read last is gone")
		}
	}
}

// TestLinesAroundAHit: Space shows the lines around a hit as they are in the file, is
// recorded as opening it, and hides them again.
func TestLinesAroundAHit(t *testing.T) {
	s, r := enter(t)
	r.pickSide("search")
	p := r.search
	p.field.SetText("decode_ascii85(")
	s.idle()
	before := r.visit.Entries()
	row := p.rowOf(0)
	p.list.Select(row)
	rows := p.rows()
	p.list.TypedKey(&fyne.KeyEvent{Name: fyne.KeySpace})
	s.idle()
	if got := r.visit.Entries(); got != before+2 { // the search, the file
		t.Errorf("%d entries on %d", got, before)
	}
	if len(r.open) != 0 {
		t.Error("a tab was opened")
	}
	c := p.aroundIn(0, 1)
	if len(c) != 1 || p.rows() != rows+len(c[0].before)+len(c[0].behind) {
		t.Fatalf("%d rows, there were %d: %+v", p.rows(), rows, c)
	}
	p.list.TypedKey(&fyne.KeyEvent{Name: fyne.KeyReturn})
	s.idle()
	text := r.current().doc.Text
	if got := p.list.Selected(); got != p.rowOf(0) {
		t.Errorf("row %d is selected, the hit is in %d", got, p.rowOf(0))
	}
	for off := -len(c[0].before); off <= len(c[0].behind); off++ {
		i := p.rowOf(0) + off
		row := p.row(i)
		want := string(text.Line(p.hits[0].line + off))
		shown := ""
		for _, span := range row.Text {
			shown += span.Text
		}
		if strings.TrimSpace(shown) != strings.TrimSpace(want) || row.Gutter != fmt.Sprint(p.hits[0].line+off) {
			t.Errorf("line %s shows %q, want %q", row.Gutter, shown, want)
		}
	}
	p.list.TypedKey(&fyne.KeyEvent{Name: fyne.KeyLeft})
	if p.rows() != rows || len(p.around) != 0 {
		t.Errorf("%d rows, there were %d", p.rows(), rows)
	}
	p.list.TypedKey(&fyne.KeyEvent{Name: fyne.KeyLeft})
	if r, _ := p.rowAt(p.list.Selected()); r.hit != rowFile {
		t.Errorf("Left leads to %+v", r)
	}
}

// TestSearchEnterBeforeTheAnswer: Enter that comes before the hits opens the first of
// them, not one of what was typed before.
func TestSearchEnterBeforeTheAnswer(t *testing.T) {
	s, r := enter(t)
	r.pickSide("search")
	r.search.field.SetText("decode_ascii85(")
	s.idle()
	r.search.listed = "the" // as if the hits were still those of another query
	answer := make(chan struct{})
	simple(r.search.searching, func(context.Context) (nothing, error) { <-answer; return nothing{}, nil }, func(nothing, error) {
		r.search.listed = r.search.query
		r.search.late()
	})
	r.search.submit()
	if r.search.at >= 0 || !r.search.early {
		t.Error("Enter did not wait for the answer")
	}
	close(answer)
	s.idle()
	if at := r.current(); at == nil || !strings.Contains(at.view.TextIn(lineOf(at)), "decode_ascii85(") {
		t.Fatalf("Enter opened %v:\n%s", at, s.trace.String())
	}
}

func lineOf(t *tab) code.Range {
	n := t.view.Caret().Line
	return code.Range{From: code.Pos{Line: n, Col: 1}, To: code.Pos{Line: n, Col: len(t.doc.Text.Line(n)) + 1}}
}

// TestSearchStops: Escape ends a search that is under way, which is told, and only
// the next one leaves for the code.
func TestSearchStops(t *testing.T) {
	s, r := enter(t)
	s.open(r, sampleFile, 1)
	r.pickSide("search")
	r.search.field.SetText("decode")
	s.idle()
	simple(r.search.searching, func(ctx context.Context) (nothing, error) { // as if it went on
		<-ctx.Done()
		return nothing{}, ctx.Err()
	}, func(nothing, error) {})
	r.search.cancel()
	s.idle()
	if !r.search.report.Stopped || s.said("hits stopped") != 1 {
		t.Errorf("it was not stopped:\n%s", s.trace.String())
	}
	before := s.said("focus code")
	r.search.cancel()
	if s.said("focus code") != before+1 {
		t.Error("the second Escape does not lead to the code")
	}
}

// TestSearchOpenedWhileItCounts: a hit that is opened while the search goes on is
// recorded with the query it is of.
func TestSearchOpenedWhileItCounts(t *testing.T) {
	s, r := enter(t)
	r.pickSide("search")
	test.Type(r.search.field.Focusable(), "decode")
	s.ui.until(t, "a hit", func() bool { return len(r.search.hits) > 0 && strings.HasPrefix(r.search.listed, "decode ") })
	before := r.visit.Entries()
	r.search.query = "decode_" // as if more had been typed, whose hits are not there yet
	r.search.openHit(0, true)
	s.idle()
	if got := r.visit.Entries(); got != before+2 { // the search, the file
		t.Errorf("%d entries, want the search and the opened file on %d", got, before)
	}
	if !strings.HasPrefix(r.search.recorded, "decode release:") {
		t.Errorf("recorded was %q", r.search.recorded)
	}
}

// TestHitsLookedAtShareATab: going from hit to hit leaves one tab, in place of the
// last, and no tab that was opened on purpose goes; a file that the reader goes into
// stays.
func TestHitsLookedAtShareATab(t *testing.T) {
	s, r := enter(t)
	kept := s.open(r, "README.md", 1)
	r.pickSide("search")
	test.Type(r.search.field.Focusable(), "static")
	s.idle()
	if len(r.search.groups) < 3 {
		t.Fatalf("too few files:\n%s", s.trace.String())
	}
	for _, g := range r.search.groups[:3] {
		r.search.openHit(g.from, true)
		s.idle()
		if at := r.current(); at.doc.Place != g.place || !at.passing {
			t.Fatalf("%v is shown, passing: %v; want %v", at.doc.Place, at.passing, g.place)
		}
		if len(r.open) != 2 || r.open[0] != kept {
			t.Fatalf("%d tabs", len(r.open))
		}
	}
	stays := r.current()
	stays.view.TypedKey(&fyne.KeyEvent{Name: fyne.KeyDown})
	r.search.openHit(r.search.groups[0].from, true)
	s.idle()
	if len(r.open) != 3 || stays.passing || !r.current().passing {
		t.Errorf("%d tabs after the reader went into one; it passes: %v", len(r.open), stays.passing)
	}
	r.search.openHit(r.search.groups[0].from, false)
	s.idle()
	if r.current().passing {
		t.Error("Enter on a hit does not keep its file")
	}
}
