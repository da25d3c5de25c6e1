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
			if len(s.rows) == 0 {
				continue
			}
			i := rnd.IntN(len(s.rows))
			switch rnd.IntN(3) {
			case 0:
				s.openRow(i, true)
			case 1:
				s.list.Select(i)
			}
			rows := slices.Clone(s.rows)
			if s.lay(0); !slices.Equal(rows, s.rows) {
				t.Fatalf("grown %v\nat once %v", rows, s.rows)
			}
			for g := range s.groups {
				if r := s.rows[s.groups[g].row]; r.group != g || r.hit != rowFile {
					t.Fatalf("group %d begins at %v", g, r)
				}
			}
		}
		if len(s.hits) == 0 {
			continue
		}
		hit := rnd.IntN(len(s.hits))
		if row := s.rowOf(hit); row < 0 || s.rows[row].hit != hit {
			t.Fatalf("hit %d is said to be in row %d of %v", hit, row, s.rows)
		}
		if g, n := s.fileOf(hit); g.from+n != hit || g.place != s.hits[hit].place {
			t.Fatalf("hit %d is said to be %d of %v", hit, n, g)
		}
		if last := s.rows[len(s.rows)-1]; (last.hit == rowEnd) != (s.more != "") {
			t.Fatalf("the last row is %v, there are more: %q", last, s.more)
		}
	}
}

// selectedHit names what is selected: a file, or the hit, unless it stands for hits
// that are not listed.
func selectedHit(s *hitList) string {
	i := s.list.Selected()
	if i < 0 || s.rows[i].hit == rowEnd || s.rows[i].hit == rowMore {
		return ""
	}
	g := s.groups[s.rows[i].group]
	if s.rows[i].hit >= 0 && s.rows[i].hit-g.from >= firstLines {
		return "" // it may be hidden when there are many
	}
	return fmt.Sprint(g.place.Path, s.rows[i].hit)
}

// TestSearchCountsWhatItDoesNotList: hits beyond those that are kept are counted to
// the end, and the list says that it is not all.
func TestSearchCountsWhatItDoesNotList(t *testing.T) {
	s, r := enter(t)
	r.pickSide("search")
	test.Type(r.search.field.Focusable(), "e")
	s.idle()
	all := r.search.counted
	if len(r.search.hits) != all.lines || r.search.more != "" || len(r.search.groups) != all.files {
		t.Fatalf("%d hits of %+v", len(r.search.hits), all)
	}
	r.search.most = 10
	r.search.run()
	s.idle()
	if r.search.counted != all || len(r.search.hits) != 10 {
		t.Errorf("counted %+v and kept %d; want %+v and 10", r.search.counted, len(r.search.hits), all)
	}
	if last := r.search.rows[len(r.search.rows)-1]; last.hit != rowEnd || r.search.more == "" {
		t.Errorf("the list ends with %v and says %q", last, r.search.more)
	}
	r.search.list.Select(len(r.search.rows) - 1)
	r.search.list.Open() // it is nothing to open
	s.idle()
	if len(r.open) != 0 {
		t.Errorf("%v was opened", r.current().doc.Place)
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
