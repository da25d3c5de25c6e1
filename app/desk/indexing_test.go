package desk

import (
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2/test"

	"vitrine/app/room"
)

// TestPace: the rate settles, and a new task begins anew.
func TestPace(t *testing.T) {
	var p pace
	at := time.Unix(0, 0)
	see := func(seconds float64, of string, done, total int64) string {
		p.see(at.Add(time.Duration(seconds*float64(time.Second))), of, done, total)
		return p.String()
	}
	for _, c := range []struct {
		seconds     float64
		of          string
		done, total int64
		want        string
	}{
		{0, "Words", 0, 100e6, ""},
		{0.5, "Words", 5e6, 100e6, ""}, // too soon to tell
		{1, "Words", 10e6, 100e6, "10.0 MB/s, 9 s left"},
		{2, "Words", 30e6, 100e6, "13.0 MB/s, 5 s left"},
		{2.1, "Words", 99e6, 100e6, "13.0 MB/s, 5 s left"},
		{3, "Symbols", 0, 900e6, ""},
		{4, "Symbols", 1e6, 900e6, "1.0 MB/s, 15 min left"},
		{5, "Symbols", 1e6, 9000e6, ""}, // another task
		{6, "Symbols", 2e6, 9000e6, "1.0 MB/s, 2 h 29 min left"},
		{7, "Symbols", 3e6, 900000e6, ""},
		{8, "Symbols", 4e6, 900000e6, "1.0 MB/s, more than a day left"},
		{9, "Symbols", 900000e6, 900000e6, ""},
	} {
		if got := see(c.seconds, c.of, c.done, c.total); got != c.want {
			t.Errorf("after %g s, %s %d of %d: %q, want %q", c.seconds, c.of, c.done, c.total, got, c.want)
		}
	}
}

// TestPauseIndexing: the status bar, the menu and the search say that it is paused, and
// it goes on when it is told to.
func TestPauseIndexing(t *testing.T) {
	s, r := enter(t)
	r.pickSide("search")
	if r.building() {
		t.Fatal("something is still built")
	}
	r.turnIndexing() // there is nothing to pause
	if r.paused {
		t.Error("it is paused when all is built")
	}
	r.index = room.IndexState{Names: true, Phase: "Words", Done: 43, Total: 100}
	r.turnIndexing()
	if it := r.indexItem(); !r.paused || it.Text != "Indexing 43 %, paused" || it.Tip != "Go on with indexing" {
		t.Errorf("the status bar says %+v", it)
	}
	if !r.search.meter.Visible() || r.indexText() != "Paused 43 %" {
		t.Errorf("the search says %q", r.indexText())
	}
	test.Type(r.search.field.Focusable(), "file:decode")
	s.idle()
	if len(r.search.hits) == 0 {
		t.Error("nothing is found by name")
	}
	ready := s.said("index ready")
	r.turnIndexing()
	s.idle()
	if r.paused || s.said("index paused") != 1 || s.said("index ready") != ready+1 || !r.named.Ready || r.search.meter.Visible() {
		t.Errorf("it does not go on:\n%s", s.trace.String())
	}
	if strings.Contains(r.indexItem().Text, "paused") {
		t.Errorf("the status bar says %+v", r.indexItem())
	}
}
