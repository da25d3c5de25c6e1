package desk

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"time"

	"vitrine/viewer/words"

	"vitrine/index/deposit"
	"vitrine/index/symbol"
	"vitrine/viewer/fuzzy"
	"vitrine/viewer/panel"
)

// quickOpen is the palette that opens a file by a few letters of its path; asked
// says what else can be typed into it.
type quickOpen struct {
	r         *roomScreen
	palette   *panel.Palette
	ranking   *slot
	preparing *slot
	reading   *slot

	paths   []string     // of the release shown, in the tree's order
	names   *fuzzy.Names // of paths; nil until they are prepared
	ask     asked
	asked   time.Time // when
	found   *fuzzy.Ranking
	sought  fuzzy.Query
	of      *fileSymbols // of the file in front of "@"
	symbols []symbolHit
	// The path that was selected among those for some letters: an "@" typed behind them
	// is about it.
	chosen, chosenFor string
	early             bool           // Enter came before the answer to what was typed
	recent            map[string]int // path → rank of its last reading, 0 newest
	open              map[string]bool
}

// fileSymbols are a file's, read for quick open.
type fileSymbols struct {
	place deposit.Place
	list  []symbol.Symbol
	err   error
}

// maxQuick is how many paths quick open lists: more than anyone scrolls.
const maxQuick = 200

// rankStep is how many names are looked at, in less than a millisecond, until it is
// asked whether more was typed meanwhile.
const rankStep = 1024

func newQuickOpen(r *roomScreen) *quickOpen {
	q := &quickOpen{r: r, ranking: r.d.board.slot(), reading: r.d.board.slot(), preparing: &slot{board: r.d.board, quiet: true}}
	q.palette = panel.NewPalette(r.d.look)
	q.palette.SetPlaceHolder(words.T("File name, or a few letters of its path"))
	q.palette.SetHints([]panel.Hint{{Key: "↵", Text: words.T("open")}, {Key: ":", Text: words.T("line")}, {Key: "@", Text: words.T("symbol")}, {Key: "#", Text: words.T("all symbols")}, {Key: ">", Text: words.T("actions")}, {Key: "?", Text: words.T("all of these")}})
	q.palette.Row = q.row
	q.palette.OnQuery = q.query
	q.palette.OnSelect = q.selected
	q.palette.OnOpen = func(i int, _ bool) { q.pick(i) }
	q.palette.OnClose = func() { q.stop(); r.focusCode() }
	return q
}

func (q *quickOpen) stop() {
	q.ranking.stop()
	q.reading.stop()
}

// show opens the palette empty: what was read last comes first.
func (q *quickOpen) show() { q.showWith("") }

// quickly is show for the command palette, without whose ">" this is what is meant.
func (r *roomScreen) quickly(text string) { r.quick.showWith(text) }

func (q *quickOpen) showWith(text string) {
	q.r.closeStage()
	q.early = false
	q.recent, q.open = map[string]int{}, map[string]bool{}
	for i, path := range q.r.readLately() {
		q.recent[path] = i
	}
	for _, t := range q.r.openFiles() {
		q.open[t.doc.Place.Path] = true
	}
	q.found = nil // recent files are others now
	q.palette.Show(q.r.d.win.Canvas(), text)
}

// readLately are paths in the order of their last reading, the newest first. The file
// that is shown comes last: nobody opens it to get there.
func (r *roomScreen) readLately() []string {
	var out, shown []string
	for _, p := range r.recent {
		if t := r.current(); t != nil && t.doc.Place.Path == p.Path {
			shown = append(shown, p.Path)
		} else {
			out = append(out, p.Path)
		}
	}
	return append(out, shown...)
}

// listed prepares the paths of the release that is shown now, and asks again what was
// asked before they were known.
func (q *quickOpen) listed() {
	files := q.r.listed[q.r.release]
	paths := make([]string, len(files))
	for i, f := range files {
		paths[i] = f.Path
	}
	q.paths, q.names, q.found = paths, nil, nil
	simple(q.preparing, func(context.Context) (*fuzzy.Names, error) {
		names := fuzzy.Of(paths)
		names.Share = shared
		return names, nil
	}, func(n *fuzzy.Names, _ error) {
		q.names = n
		if q.palette.Showing() {
			q.query(q.palette.Text())
		}
	})
}

// A ranked is what was found for letters of a path, and of a symbol of the first.
type ranked struct {
	files   *fuzzy.Ranking
	of      *fileSymbols
	took    time.Duration
	literal bool // a path has the "@" that was typed
}

func (q *quickOpen) query(text string) {
	q.ask, q.asked = parseAsked(text), time.Now()
	switch q.ask.mode {
	case '>':
		q.leave(func() { q.r.d.commands.showWith(text) })
	case '#', '@':
		q.leave(func() { q.r.finder.show(text) })
	case ':':
		q.stop()
		q.palette.SetNote("")
		q.palette.SetEmpty(words.T("No file is open."))
		n := 0
		if q.r.current() != nil {
			n = 1
		}
		q.palette.SetLength(n)
	case '?':
		q.stop()
		q.palette.SetNote("")
		q.palette.SetLength(len(prefixes))
	default:
		q.rank(text)
	}
}

// leave goes on in another box.
func (q *quickOpen) leave(where func()) {
	q.stop()
	q.palette.Hide()
	where()
}

func (q *quickOpen) rank(text string) {
	if q.names == nil {
		q.found, q.symbols = nil, nil
		q.palette.SetNote("")
		q.palette.SetEmpty(words.T("The files are being listed …"))
		q.palette.SetLength(0)
		return
	}
	q.palette.SetEmpty(words.T("No path has these letters in this order. ? says what else can be typed."))
	names, paths, ask, before, of := q.names, q.paths, q.ask, q.found, q.of
	bonus := q.bonus(ask.path == "" && !ask.ofFile)
	chosen := ""
	if q.chosenFor == ask.path {
		chosen = q.chosen
	}
	visit, release := q.r.visit, q.r.release
	simple(q.ranking, func(ctx context.Context) (v ranked, err error) {
		began := time.Now()
		defer func() { v.took = time.Since(began) }()
		if ask.ofFile {
			if whole := names.Rank(ctx, fuzzy.Parse(text), maxQuick, bonus, nil); whole != nil && whole.Total > 0 {
				v.files, v.literal = whole, true
				return v, ctx.Err()
			}
		}
		v.files = names.Rank(ctx, fuzzy.Parse(ask.path), maxQuick, bonus, before)
		if !ask.ofFile || v.files == nil || v.files.Total == 0 {
			return v, ctx.Err()
		}
		place := deposit.Place{Release: release, Path: chosen}
		if chosen == "" {
			place.Path = paths[v.files.Best[0].Index]
		}
		if of != nil && of.place == place {
			v.of = of
			return v, ctx.Err()
		}
		v.of = &fileSymbols{place: place}
		o, err := visit.Outline(ctx, place)
		if err != nil {
			v.of.err = err
			return v, ctx.Err()
		}
		v.of.list = o.Symbols
		return v, ctx.Err()
	}, func(v ranked, err error) {
		if err != nil {
			return // more was typed, or the window is about to close
		}
		q.answer(text, v)
	})
	q.ranking.await(soon)
}

// bonus is what paths are better for having been read: all of it while nothing is typed.
func (q *quickOpen) bonus(all bool) map[int]int {
	out := map[int]int{}
	for path, age := range q.recent {
		if i, ok := q.names.Find(path); ok {
			out[i] = readWorth
			if all {
				out[i] = maxQuick - age
			}
		}
	}
	return out
}

// readWorth is how much better a file read lately is among those that match: less than
// the beginning of a word.
const readWorth = 6

func (q *quickOpen) answer(text string, v ranked) {
	q.symbols, q.of = nil, v.of
	if v.literal {
		q.ask = asked{mode: askFile, path: text}
	}
	if !q.ask.ofFile {
		q.found, q.sought = v.files, fuzzy.Parse(q.ask.path)
		q.palette.SetNote(words.T("%s of %s · %s", grouped(int64(v.files.Total)), grouped(int64(len(q.paths))), millis(v.took)))
		q.palette.SetLength(len(v.files.Best))
		q.r.d.trace.say("quick", v.files.Total, text)
		q.r.d.trace.say("ranked", v.took.Microseconds(), text)
		q.r.d.trace.after("listed-for", q.asked, v.files.Total, text)
	} else {
		n := 0
		switch {
		case v.of == nil:
		case v.of.err != nil:
			q.palette.SetEmpty(sentence(v.of.err))
		default:
			n = q.sortSymbols()
			q.palette.SetEmpty(words.T("No symbol of %s has these letters in this order.", v.of.place.Path))
		}
		q.palette.SetNote(plural(n, "symbol", "symbols"))
		q.palette.SetLength(len(q.symbols) + q.above())
		q.r.d.trace.say("quick", n, text)
	}
	if q.early {
		q.early = false
		q.pick(q.above())
	}
}

// above is how many rows stand above the symbols: the file's name.
func (q *quickOpen) above() int {
	if q.ask.ofFile && q.of != nil && q.of.err == nil {
		return 1
	}
	return 0
}

// sortSymbols takes the file's symbols in their order, or the best first once letters are
// typed, definitions before what only announces them, and returns how many match.
func (q *quickOpen) sortSymbols() int {
	sought := fuzzy.Parse(q.ask.symbol)
	type match struct{ at, score int }
	var found []match
	for i, s := range q.of.list {
		if score, ok := sought.Score(s.Name); ok {
			found = append(found, match{i, score})
		}
	}
	slices.SortStableFunc(found, func(a, b match) int {
		x, y := q.of.list[a.at], q.of.list[b.at]
		return cmp.Or(b.score-a.score, order(x.Kind == symbol.Prototype)-order(y.Kind == symbol.Prototype), x.Line-y.Line)
	})
	for _, m := range found[:min(len(found), maxSymbols)] {
		s := q.of.list[m.at]
		q.symbols = append(q.symbols, symbolHit{Symbol: s, place: q.of.place, hits: sought.Hits(s.Name)})
	}
	return len(found)
}

func (q *quickOpen) selected(i int) {
	if q.ask.mode == askFile && !q.ask.ofFile && q.found != nil && i >= 0 && i < len(q.found.Best) {
		q.chosen, q.chosenFor = q.paths[q.found.Best[i].Index], q.ask.path
	}
}

func (q *quickOpen) pick(i int) {
	if q.early = q.ask.mode == askFile && (q.ranking.running() || q.names == nil); q.early {
		return // the rows are still those of fewer letters: the answer opens its first
	}
	switch {
	case q.ask.mode == ':':
		t := q.r.current()
		if t == nil {
			return
		}
		if at, ok := t.offsetIn(strings.TrimPrefix(q.palette.Text(), ":")); ok {
			q.palette.Hide()
			to := t.placeOf(at)
			q.r.goTo(t, target{line: to.Line, col: to.Col})
		} else if q.ask.line > 0 {
			q.palette.Hide()
			q.r.goTo(t, target{line: q.ask.line, col: max(q.ask.col, 1)})
		}
	case q.ask.mode == '?':
		if i >= 0 && i < len(prefixes) {
			q.showWith(prefixes[i].text)
		}
	case q.ask.ofFile:
		if i -= q.above(); i >= 0 && i < len(q.symbols) {
			q.palette.Hide()
			q.r.openSymbol(q.symbols[i].place, q.symbols[i].Symbol, false)
		}
	case q.found != nil && i >= 0 && i < len(q.found.Best):
		q.palette.Hide()
		path := q.paths[q.found.Best[i].Index]
		q.r.openAt(deposit.Place{Release: q.r.release, Path: path}, target{line: q.ask.line, col: max(q.ask.col, 1)})
	}
}

// goToLine asks for a line of the open file: quick open with its colon typed.
func (r *roomScreen) goToLine() {
	if r.current() != nil && !r.staged() {
		r.quick.showWith(":")
	}
}
