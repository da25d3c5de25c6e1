package desk

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"vitrine/viewer/words"

	"vitrine/app/room"
	"vitrine/index/deposit"
	"vitrine/index/symbol"
	"vitrine/viewer/fuzzy"
	"vitrine/viewer/panel"
	"vitrine/viewer/style"
)

// maxSymbols is how many symbols the palette lists: more than anyone scrolls.
const maxSymbols = 200

// symbolSearch is the palette that goes to a symbol by letters of its name: of
// the release, or behind "@" of the open file. Words like kind:macro and
// path:engine narrow it.
type symbolSearch struct {
	r       *roomScreen
	palette *panel.Palette
	slot    *slot
	rows    []symbolHit
	head    string // said above the rows: why they are not all
	early   bool   // Enter came before the answer to what was typed
}

// A symbolHit is a row of the palette.
type symbolHit struct {
	symbol.Symbol
	place deposit.Place
	hits  [][2]int // of the name
	depth int
}

func newSymbolSearch(r *roomScreen) *symbolSearch {
	q := &symbolSearch{r: r, slot: r.d.board.slot()}
	q.palette = panel.NewPalette(r.d.look)
	q.palette.SetPlaceHolder(words.T("Symbol name, or scope.name; @ for this file"))
	q.palette.SetHints([]panel.Hint{{Key: "↵", Text: words.T("open")}, {Key: "@", Text: words.T("this file")}, {Key: "kind:", Text: words.T("function, type, macro …")}, {Key: "path:", Text: words.T("folder")}, {Key: words.T("Esc"), Text: words.T("back")}})
	q.palette.Row = q.row
	q.palette.OnQuery = q.query
	q.palette.OnOpen = func(i int, _ bool) { q.pick(i) }
	q.palette.OnClose = func() { q.slot.stop(); r.focusCode() }
	return q
}

func (q *symbolSearch) show(text string) {
	q.r.closeStage()
	q.early = false
	q.palette.Show(q.r.d.win.Canvas(), text)
}

// symbolsChanged asks again what was asked too early.
func (q *symbolSearch) symbolsChanged() {
	if q.palette.Showing() && !strings.HasPrefix(q.palette.Text(), "@") {
		q.query(q.palette.Text())
	}
}

// A symbolFilter is what was typed, taken apart.
type symbolFilter struct {
	name, path, release string
	kinds               []symbol.Kind
	unknown             string // a word that is no kind
}

func parseSymbols(text string) symbolFilter {
	var f symbolFilter
	var names []string
	for word := range strings.FieldsSeq(text) {
		key, value, ok := strings.Cut(word, ":")
		switch {
		case ok && key == "kind":
			kinds := kindsNamed(value)
			if kinds == nil && value != "" {
				f.unknown = value
			}
			f.kinds = append(f.kinds, kinds...)
		case ok && key == "path":
			f.path = value
		case ok && key == "release":
			f.release = value
		default:
			names = append(names, word)
		}
	}
	f.name = strings.Join(names, "")
	return f
}

type symbolAnswer struct {
	rows []symbolHit
	note string
	head string
}

func (q *symbolSearch) query(text string) {
	r := q.r
	text = strings.TrimPrefix(text, "#") // quick open's sign for this box
	if rest, ok := strings.CutPrefix(text, "@"); ok {
		q.inFile(rest, text)
		return
	}
	f := parseSymbols(text)
	if f.unknown != "" {
		q.answer(text, symbolAnswer{head: words.T("There is no kind %s: function, type, struct, field, macro, constant, variable …", f.unknown)})
		return
	}
	if !r.named.Ready {
		q.inTabs(f, text)
		return
	}
	if f.release == "" {
		f.release = r.release
	} else if f.release == "all" {
		f.release = ""
	} else if !slices.Contains(r.releases, f.release) {
		q.answer(text, symbolAnswer{head: words.T("There is no release %s", f.release)})
		return
	}
	if f.name == "" {
		q.answer(text, symbolAnswer{head: words.T("Letters of a name find it: in order, not all of them")})
		return
	}
	simple(q.slot, func(ctx context.Context) (symbolAnswer, error) {
		began := time.Now()
		hits, err := r.visit.FindSymbols(ctx, room.SymbolQuery{Text: f.name, Release: f.release, Kinds: f.kinds, Folder: f.path, Limit: maxSymbols})
		a := symbolAnswer{rows: make([]symbolHit, len(hits.List))}
		for i, h := range hits.List {
			a.rows[i] = symbolHit{Symbol: h.Symbol, place: h.Place, hits: lettered(h.Matches)}
		}
		a.note = plural(len(hits.List), "symbol", "symbols") + " · " + millis(time.Since(began))
		// With a filter More counts names that the filter leaves out, too.
		if len(hits.List) == maxSymbols || hits.More && len(f.kinds) == 0 && f.path == "" && f.release == "" {
			a.note = "first " + a.note
		}
		if err != nil || len(hits.List) > 0 {
			return a, err
		}
		gaps, err := r.visit.SymbolGaps(ctx, f.release)
		if len(gaps) > 0 {
			a.head = words.T("No symbol matches; of %s not all symbols are known", plural(len(gaps), "file", "files"))
		}
		return a, err
	}, func(a symbolAnswer, err error) {
		if err != nil {
			r.d.trace.say("error", err)
			a = symbolAnswer{head: sentence(err)}
		}
		q.answer(text, a)
	})
	q.slot.await(soon)
}

// inTabs answers from the open files while there is no index, and says so.
func (q *symbolSearch) inTabs(f symbolFilter, text string) {
	q.slot.stop()
	a := symbolAnswer{head: words.T("%s – results are incomplete: only the open files so far", q.r.symbolText())}
	sought := fuzzy.Parse(f.name)
	for _, t := range q.r.openFiles() {
		for _, s := range t.outline.symbols() {
			if len(f.kinds) > 0 && !slices.Contains(f.kinds, s.Kind) {
				continue
			}
			if f.path != "" && !strings.HasPrefix(t.doc.Place.Path, strings.Trim(f.path, "/")+"/") {
				continue
			}
			if hits := sought.Hits(s.Name); (hits != nil || sought.Empty()) && len(a.rows) < maxSymbols {
				a.rows = append(a.rows, symbolHit{Symbol: s, place: t.doc.Place, hits: hits})
			}
		}
	}
	q.answer(text, a)
}

// inFile lists the symbols of the open file, in their order, or the best first
// once letters are typed.
func (q *symbolSearch) inFile(name, text string) {
	q.slot.stop()
	t := q.r.current()
	switch {
	case t == nil:
		q.answer(text, symbolAnswer{head: words.T("No file is open")})
		return
	case t.outlining.running():
		q.answer(text, symbolAnswer{head: words.T("The file is being read …")})
		return
	case t.outline == nil || len(t.outline.rows) == 0:
		q.answer(text, symbolAnswer{head: t.noOutline()})
		return
	}
	f := parseSymbols(name)
	place, o := t.doc.Place, t.outline
	simple(q.slot, func(ctx context.Context) (symbolAnswer, error) { return o.find(ctx, f, place) }, func(a symbolAnswer, err error) {
		if err != nil {
			return // more was typed, or the window is about to close
		}
		q.answer(text, a)
	})
	q.slot.await(soon)
}

// maxOutlined is how many symbols of a file are listed while no letter is typed: a header made
// by a program has hundreds of thousands.
const maxOutlined = 5000

// find lists symbols in their order, or the best first once letters are typed.
func (o *outline) find(ctx context.Context, f symbolFilter, place deposit.Place) (a symbolAnswer, err error) {
	sought := fuzzy.Parse(f.name)
	type match struct{ row, score int }
	var found []match
	for i := range o.rows {
		if i%rankStep == 0 && ctx.Err() != nil {
			return a, ctx.Err()
		}
		row := &o.rows[i]
		if len(f.kinds) > 0 && !slices.Contains(f.kinds, row.Kind) {
			continue
		}
		if score, ok := sought.Score(row.Name); ok {
			found = append(found, match{i, score})
		}
	}
	a.note = fmt.Sprintf("%s of %s", grouped(int64(len(found))), grouped(int64(len(o.rows))))
	most := maxOutlined
	if !sought.Empty() {
		most = maxSymbols
		slices.SortStableFunc(found, func(a, b match) int { return b.score - a.score })
	}
	if o.truncated {
		a.head = words.T("The file has more symbols than are kept: results are incomplete")
	}
	if len(found) > most {
		found = found[:most]
		if a.note = "first " + grouped(int64(most)) + " of " + a.note; sought.Empty() && a.head == "" {
			a.head = words.T("These are the first; letters find the others")
		}
	}
	for _, m := range found {
		row := &o.rows[m.row]
		h := symbolHit{Symbol: row.Symbol, place: place, depth: row.depth}
		if !sought.Empty() {
			h.hits = sought.Hits(row.Name)
			h.depth = 0
		}
		a.rows = append(a.rows, h)
	}
	return a, nil
}

func (q *symbolSearch) answer(text string, a symbolAnswer) {
	if !q.palette.Showing() && !q.early {
		return
	}
	q.rows, q.head = a.rows, a.head
	q.palette.SetNote(a.note)
	q.palette.SetEmpty(words.T("No symbol matches. Fewer letters find more; release:all looks in every release."))
	q.palette.SetLength(len(q.rows) + q.above())
	q.r.d.trace.say("symbol", len(q.rows), text)
	if q.early {
		q.early = false
		q.pick(q.above())
	}
}

// above is how many rows stand above the symbols.
func (q *symbolSearch) above() int {
	if q.head != "" {
		return 1
	}
	return 0
}

func (q *symbolSearch) row(i int) panel.Row {
	if i -= q.above(); i < 0 {
		return panel.Row{Kind: panel.HeadingRow, Fold: panel.Flat, Icon: "info", IconTone: panel.ToneWarn, Text: []panel.Span{{Text: q.head}}}
	}
	h := q.rows[i]
	look := lookOf(h.Kind)
	row := panel.Row{Fold: panel.Flat, Badge: look.letter, BadgeTone: look.tone, Depth: h.depth,
		Text: mono(accented(panel.Span{Text: h.Name, Hits: h.hits})), Tip: h.Signature}
	row.Text = append(row.Text, scopeText(h.Scope)...)
	where := placeText(h.place.Path, h.Line, 46)
	if t := q.r.current(); t != nil && t.doc.Place == h.place {
		where = "line " + grouped(int64(h.Line))
	}
	row.Right = []panel.Span{{Text: where, Tone: panel.ToneDim, Size: style.TextSecondary}}
	if h.place.Release != q.r.release {
		row.Chips = []panel.ChipStyle{{Text: h.place.Release, Tone: panel.ToneAccent}}
	}
	if len(h.Conditions) > 0 {
		row.Chips = append(row.Chips, panel.ChipStyle{Text: words.T("#if"), Tone: panel.ToneKeyword})
	}
	return row
}

func (q *symbolSearch) pick(i int) {
	if q.early = q.slot.running(); q.early {
		return // the rows are still those of fewer letters: the answer opens its first
	}
	if i -= q.above(); i < 0 || i >= len(q.rows) {
		return
	}
	q.palette.Hide()
	q.r.openSymbol(q.rows[i].place, q.rows[i].Symbol, false)
}
