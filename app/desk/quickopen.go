package desk

import (
	"context"
	"fmt"
	"path"
	"strings"
	"time"

	"vitrine/index/deposit"
	"vitrine/viewer/panel"
	"vitrine/viewer/style"
)

// quickOpen is the palette that opens a file by a few letters of its path. A
// leading or trailing ":123" goes to a line.
type quickOpen struct {
	r       *roomScreen
	palette *panel.Palette
	ranking *slot
	paths   []string // of the release shown
	hits    []quickHit
	line    int
	early   bool           // Enter came before the answer to what was typed
	goTo    bool           // ":123": a line of the open file
	recent  map[string]int // path → rank of its last opening, 0 newest
	open    map[string]bool
}

func newQuickOpen(r *roomScreen) *quickOpen {
	q := &quickOpen{r: r, ranking: r.d.board.slot()}
	q.palette = panel.NewPalette(r.d.look)
	q.palette.SetPlaceHolder("File name, a few letters of its path, or :line")
	q.palette.SetHints([]panel.Hint{{Key: "↵", Text: "open"}, {Key: ":", Text: "line"}, {Key: "Esc", Text: "back"}})
	q.palette.Row = q.row
	q.palette.OnQuery = q.query
	q.palette.OnOpen = func(i int, _ bool) { q.pick(i) }
	q.palette.OnClose = func() { q.ranking.stop(); r.focusCode() }
	return q
}

// show opens the palette empty: what was opened last comes first.
func (q *quickOpen) show() { q.showWith("") }

func (q *quickOpen) showWith(text string) {
	q.r.closeStage()
	q.early = false
	q.readPaths()
	q.recent, q.open = map[string]int{}, map[string]bool{}
	for _, t := range q.r.allTabs() {
		older := 0
		for _, o := range q.r.allTabs() {
			if o.used > t.used {
				older++
			}
		}
		q.recent[t.doc.Place.Path] = older
		q.open[t.doc.Place.Path] = true
	}
	q.palette.Show(q.r.d.win.Canvas(), text)
	q.query(text)
}

// readPaths takes the paths of the release shown, if they are known already.
func (q *quickOpen) readPaths() {
	files := q.r.listed[q.r.release]
	q.paths = make([]string, len(files))
	for i, f := range files {
		q.paths[i] = f.Path
	}
}

// listed asks again what was asked before the files of the release were known.
func (q *quickOpen) listed() {
	if q.palette.Showing() && !q.goTo {
		q.readPaths()
		q.query(q.palette.Text())
	}
}

type ranked struct {
	hits  []quickHit
	total int
	took  time.Duration
}

func (q *quickOpen) query(text string) {
	pattern, line := splitLine(text)
	q.line, q.goTo = line, strings.HasPrefix(text, ":") && q.r.current() != nil
	if q.goTo {
		q.ranking.stop()
		q.hits = nil
		q.palette.SetNote("")
		q.palette.SetLength(1)
		return
	}
	if q.r.listed[q.r.release] == nil {
		q.hits = nil
		q.palette.SetNote("")
		q.palette.SetEmpty("The files are being listed …")
		q.palette.SetLength(0)
		return
	}
	q.palette.SetEmpty("No path has these letters in this order.")
	paths, recent := q.paths, q.recent
	simple(q.ranking, func(ctx context.Context) (ranked, error) {
		began := time.Now()
		hits, total := rank(ctx, paths, pattern, recent)
		return ranked{hits, total, time.Since(began)}, ctx.Err()
	}, func(v ranked, err error) {
		if err != nil {
			return // the window is about to close
		}
		q.hits = v.hits
		q.palette.SetNote(fmt.Sprintf("%s of %s · %s", grouped(int64(v.total)), grouped(int64(len(paths))), millis(v.took)))
		q.palette.SetLength(len(q.hits))
		q.r.d.trace.say("quick", v.total, text)
		if q.early {
			q.pick(0)
		}
	})
	q.ranking.await(soon)
}

func (q *quickOpen) row(i int) panel.Row {
	if q.goTo {
		t := q.r.current()
		last := t.shown().Lines()
		text := "Type a line number"
		if q.line > 0 {
			text = "Go to line " + grouped(int64(min(q.line, last)))
		}
		return panel.Row{Fold: panel.Flat, Icon: "target", IconTone: panel.ToneAccent, Text: []panel.Span{{Text: text}},
			Right: []panel.Span{{Text: path.Base(t.doc.Place.Path) + " has " + plural(last, "line", "lines"), Tone: panel.ToneDim, Size: style.TextSecondary}}}
	}
	h := q.hits[i]
	icon, tone := fileIcon(h.Path)
	base := strings.LastIndexByte(h.Path, '/') + 1
	name := panel.Span{Text: h.Path[base:], Hits: clipHits(h.Hits, base, len(h.Path))}
	row := panel.Row{Fold: panel.Flat, Icon: icon, IconTone: tone, Text: accented(name), Tip: h.Path}
	if base > 0 {
		dir := panel.Span{Text: h.Path[:base-1], Tone: panel.ToneDim, Hits: clipHits(h.Hits, 0, base-1)}
		for k, s := range accented(dir) {
			if k == 0 {
				s.Gap = 10
			}
			row.Text = append(row.Text, s)
		}
	}
	row.Marks = q.r.files.marks(h.Path)
	note := ""
	if q.open[h.Path] {
		note = "open"
	}
	if q.line > 0 {
		note = strings.TrimPrefix(note+" · line "+grouped(int64(q.line)), " · ")
	}
	if note != "" {
		row.Right = []panel.Span{{Text: note, Tone: panel.ToneDim, Size: style.TextSecondary}}
	}
	return row
}

// clipHits are the ranges within [from, to), counted from there.
func clipHits(hits [][2]int, from, to int) [][2]int {
	var out [][2]int
	for _, h := range hits {
		a, b := max(h[0], from), min(h[1], to)
		if a < b {
			out = append(out, [2]int{a - from, b - from})
		}
	}
	return out
}

// accented turns matched letters into runs of accent colour.
func accented(s panel.Span) []panel.Span {
	var out []panel.Span
	at := 0
	put := func(to int, hit bool) {
		if to <= at {
			return
		}
		p := panel.Span{Text: s.Text[at:to], Tone: s.Tone}
		if hit {
			p.Tone, p.Bold = panel.ToneAccent, true
		}
		out = append(out, p)
		at = to
	}
	for _, h := range s.Hits {
		put(h[0], false)
		put(h[1], true)
	}
	put(len(s.Text), false)
	return out
}

func (q *quickOpen) pick(i int) {
	if q.goTo {
		if q.line > 0 {
			q.palette.Hide()
			q.r.goTo(q.r.current(), target{line: q.line, col: 1})
		}
		return
	}
	if q.early = q.ranking.running(); q.early {
		return // the rows are still those of fewer letters: the answer opens its first
	}
	if i < 0 || i >= len(q.hits) {
		return
	}
	q.palette.Hide()
	q.r.openAt(deposit.Place{Release: q.r.release, Path: q.hits[i].Path}, target{line: q.line, col: 1})
}

// goToLine asks for a line of the open file: quick open with its colon typed.
func (r *roomScreen) goToLine() {
	if r.current() != nil && !r.staged() {
		r.quick.showWith(":")
	}
}
