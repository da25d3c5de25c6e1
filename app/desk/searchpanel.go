package desk

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"vitrine/viewer/words"

	"fyne.io/fyne/v2"

	"vitrine/app/room"
	"vitrine/index/deposit"
	"vitrine/index/search"
	"vitrine/viewer/panel"
	"vitrine/viewer/style"
)

// searchPanel searches the deposit while the query is typed. What it cannot
// show – a cut result, files that were not searched – it says.
type searchPanel struct {
	body    fyne.CanvasObject
	field   *panel.Field
	scope   *panel.Segmented
	chips   *fyne.Container // the filters of what is typed
	pieces  []search.Piece  // that they are for
	past    *queryHistory
	kept    *keptSearches
	filters *filterPicker
	problem fyne.CanvasObject
	where   *panel.Line  // the query with the wrong character marked
	what    *panel.Label // what is wrong with it
	summary *panel.Line
	help    fyne.CanvasObject // how to ask, while nothing is asked
	bar     *panel.Progress
	pause   *panel.IconButton
	meter   fyne.CanvasObject // bar and pause
	foot    *panel.Banner
	hitList

	searching *slot
	most      int    // so many lines are kept
	query     string // as given to room, with the scope
	listed    string // the query that the hits are of: the one before until the first hit comes
	recorded  string // the query last recorded
	early     bool   // Enter came before the first hit
	asked     time.Time
	counted   sum  // what has been found so far
	done      bool // the search has ended
	report    search.Report
	took      time.Duration
	byName    bool // files were searched for by name, before the index was there
	lacking   bool // it was asked before the symbols were all there
}

// A sum is how many lines were found, and in how many files.
type sum struct{ lines, files int }

// After the first hits, more than a screen has, a search rests as long as another key may
// well follow: the processors are for the window then, which shows these.
const (
	firstHits = 200
	rest      = 150 * time.Millisecond
)

// countStep is how many lines beyond those that are kept are counted in a file until that
// is told.
const countStep = 4096

func newSearchPanel(r *roomScreen) *searchPanel {
	s := &searchPanel{searching: r.d.board.slot(), most: maxHits}
	s.setup(r, s.openHit)
	s.meant = s.record
	l := r.d.look
	fold := panel.NewIconButton(l, "collapse", words.T("Fold all files"), "", s.foldAll)
	language := panel.NewIconButton(l, "info", words.T("How to search"), "", s.showLanguage)
	s.past, s.kept, s.filters = newQueryHistory(s), newKeptSearches(s), newFilterPicker(s)
	clock := panel.NewIconButton(l, "clock", words.T("Earlier and kept searches"), words.T("Ctrl+R"), s.past.show)
	filter := panel.NewIconButton(l, "filter", words.T("Add a filter"), "", s.filters.show)
	header := panel.NewHeader(l, words.T("Search"), clock, filter, language, fold)
	s.field = panel.NewField(l)
	s.field.SetPlaceHolder(words.T(`Words, "literal text", /regexp/, path:*.c`))
	s.field.SetToggles([]panel.Toggle{{Text: words.T("Aa"), Tip: words.T("Match case (without it, capitals decide)")}})
	s.field.OnChanged = func(string) { s.run() }
	s.field.OnToggle = func(int, bool) { s.run() }
	s.field.OnSubmit = func(string) { s.submit() }
	s.field.OnDown = func() {
		if s.past.at >= 0 { // on the way back
			s.past.step(-1)
			return
		}
		s.intoList()
	}
	s.field.OnUp = func() {
		if s.field.Text() == "" || s.past.at >= 0 {
			s.past.step(1)
		}
	}
	s.list.OnSecondary = s.hitMenu
	s.chips = panel.Flow(6)
	s.chips.Hide()
	s.field.OnCancel = s.cancel
	s.scope = panel.NewSegmented(l, []string{words.T("This release"), words.T("All releases")}, 0, func(int) { s.run() })
	if len(r.releases) < 2 {
		s.scope.Hide() // there is nothing to choose
	}
	s.where, s.what = panel.NewLine(l), panel.NewLabel(l, "")
	s.what.TextSize, s.what.Tone = style.TextSecondary, panel.ToneDanger
	s.problem = panel.VBox(2, s.where, s.what)
	s.problem.Hide()
	s.summary = panel.NewLine(l)
	s.bar = panel.NewProgress(l)
	s.pause = panel.NewIconButton(l, "pause", words.T("Pause indexing, or go on"), "", r.turnIndexing)
	s.meter = panel.HBox(style.Gap2, panel.Grow(s.bar), s.pause)
	s.meter.Hide()
	s.list.OnKey = func(e *fyne.KeyEvent) bool {
		if e.Name == fyne.KeyUp && s.list.Selected() <= 0 {
			s.focus()
			return true
		}
		return false
	}
	s.foot = panel.NewBanner(l, panel.BannerStyle{})
	s.foot.Hide()
	s.help = queryHelp(l)
	top := panel.VBox(style.Gap2, s.field, s.chips, s.scope, s.problem, panel.VBox(6, s.summary, s.meter), s.help)
	s.body = panel.NewSurface(l, panel.GroundChrome, panel.EdgeRight, panel.VBox(0,
		header,
		panel.Pad(0, 12, 8, 12, top),
		panel.Grow(s.list),
		s.foot,
	))
	s.hint()
	return s
}

// queryHelp shows the language of queries by example.
func queryHelp(l *panel.Look) fyne.CanvasObject {
	var rows []fyne.CanvasObject
	for _, e := range [][2]string{
		{words.T(`memcpy len`), words.T("both on one line, in any order")},
		{words.T(`"if (n > max)"`), words.T("this text as it stands")},
		{`/free\(\w+\)/`, words.T("a regular expression (RE2)")},
		{words.T(`malloc AND NOT free`), words.T("both, or not, in one file; also OR ( )")},
		{`comment:TODO`, words.T("in comments; also code: and string:")},
		{`sym:parse_header`, words.T("where a name is defined")},
		{`file:crypt`, words.T("files by their names")},
		{words.T(`path:*.c -path:tests/**`), words.T("only in some files, not in others")},
		{`new-in:NAME`, words.T("what a release brought; also release:, gone-in:")},
		{`char:bidi`, words.T("characters that hide; also char:U+202E")},
		{`case:yes`, words.T("capitals count; without it a capital asks for it")},
	} {
		example := panel.NewLabel(l, e[0])
		example.Mono, example.NoWrap, example.TextSize = true, true, style.TextSecondary
		rows = append(rows, panel.HTop(style.Gap2,
			panel.Sized(180, 0, example),
			panel.Grow(panel.NewNote(l, e[1]))))
	}
	return panel.Pad(style.Gap2, 0, 0, 0, panel.VBox(6, rows...))
}

func (s *searchPanel) focus() {
	s.r.d.focus("side", s.field.Focusable())
}

// look searches for a text as it stands.
func (s *searchPanel) look(text string) { s.lookFor(`"` + strings.ReplaceAll(text, `"`, `\"`) + `"`) }

// lookIn prepares a search of one file, or of what is below a folder with a slash at its end.
func (s *searchPanel) lookIn(path string) { s.lookFor("path:" + globOf(path) + " ") }

func (s *searchPanel) lookFor(query string) {
	s.r.showSide("search")
	s.field.SetText(query)
	s.focus()
	s.run()
}

func (s *searchPanel) releaseChanged() {
	s.scope.Refresh()
	if !s.all && s.field.Text() != "" && s.query != s.compose() {
		s.run()
	}
}

// indexChanged shows how far the index is, and runs what waited for it.
func (s *searchPanel) indexChanged() {
	if s.r.index.Ready {
		s.meter.Hide()
		s.run()
		return
	}
	if s.r.index.Names && !s.byName {
		s.byName = true
		s.run()
	}
	s.waiting()
}

// waiting shows how far the index is, and what can be found without it.
func (s *searchPanel) waiting() {
	if s.r.index.Err != nil {
		s.meter.Hide()
		s.summary.Set(panel.Span{Text: words.T("There is no text index: %s", s.r.index.Err.Error()), Tone: panel.ToneDanger})
		return
	}
	var share float32
	if s.r.index.Total > 0 {
		share = float32(s.r.index.Done) / float32(s.r.index.Total)
	}
	tone, icon := panel.ToneAccent, "pause"
	if s.r.paused {
		tone, icon = panel.ToneWarn, "play"
	}
	s.bar.Set(share, tone)
	s.pause.SetIcon(icon)
	s.meter.Show()
	text := words.T("The search starts by itself when it is ready.")
	switch {
	case s.total() > 0:
		text = words.T("So far %s by name.", plural(len(s.groups), "file", "files"))
	case s.r.index.Names:
		text = words.T("Until it is ready, file: finds names.")
	}
	if left := s.r.pace.String(); left != "" {
		text = left + ". " + text
	}
	s.summary.Set(panel.Span{Text: s.r.indexText() + ".", Bold: true}, panel.Span{Text: text, Tone: panel.ToneDim, Gap: 6})
	s.body.Refresh()
}

// compose is the typed query with what the controls add at its end, so that
// offsets of errors stay.
func (s *searchPanel) compose() string {
	q := s.field.Text()
	s.all = s.scope.Selected() == 1
	for _, own := range []string{"release:", "new-in:", "gone-in:"} {
		s.all = s.all || strings.Contains(q, own)
	}
	if s.field.Toggled(toggleCase) && !strings.Contains(q, "case:") {
		q += " case:yes"
	}
	if !s.all {
		q += s.ownScope()
	}
	return q
}

// ownScope is what the panel adds to a query of the release that is shown.
func (s *searchPanel) ownScope() string { return " release:" + quotedValue(s.r.release) }

// found is what the work hands over at its end.
type found struct {
	report search.Report
	took   time.Duration
}

// run starts the search for what is typed now; the one before is dropped.
func (s *searchPanel) run() {
	began, typed := time.Now(), s.field.Text()
	s.early = false
	s.past.at = -1
	s.showChips()
	s.problem.Hide()
	if strings.TrimSpace(typed) == "" {
		s.help.Show()
	} else {
		s.help.Hide()
	}
	s.body.Refresh()
	s.field.SetError("")
	if strings.TrimSpace(typed) == "" {
		s.searching.stop()
		s.clear()
		s.hint()
		return
	}
	if !s.r.index.Ready && !s.r.index.Names {
		s.clear()
		s.waiting()
		s.r.d.trace.say("hits", "waiting")
		return
	}
	s.query = s.compose()
	s.lacking = !s.r.named.Ready
	query, most, fresh := s.query, s.most, true
	begin := func() (first bool) {
		if first = fresh; first {
			fresh = false
			s.clear()
			s.listed = query
			s.pages.read = func(ctx context.Context, p deposit.Place, from, n int) ([]searchHit, error) {
				return s.r.again(ctx, query, p, from, n)
			}
		}
		return first
	}
	start(s.searching, func(ctx context.Context, emit func(finding)) (found, error) {
		began := time.Now()
		var n sum
		var last deposit.Place
		beyond := 0 // lines of the last file that were found since that was told
		tell := func() {
			if beyond > 0 {
				emit(finding{hit: searchHit{place: last}, beyond: beyond, so: n})
				beyond = 0
			}
		}
		defer tell()
		report, err := s.r.visit.Search(ctx, query, func(h search.Hit) bool {
			if h.Place != last {
				tell()
				n.files, last = n.files+1, h.Place
			}
			if n.lines++; n.lines <= most {
				emit(finding{hit: keep(h), so: n})
			} else if beyond++; beyond == countStep {
				tell()
			}
			if n.lines == firstHits {
				select {
				case <-time.After(rest):
				case <-ctx.Done():
				}
			}
			return true
		})
		return found{report, time.Since(began)}, err
	}, func(all []finding) {
		first := begin()
		s.add(all)
		if first {
			s.r.d.trace.shown(began, s.total(), typed)
		}
		s.late()
	}, func(f found, err error) {
		begin()
		s.done, s.report, s.took = true, f.report, f.took
		if err != nil {
			s.lacking = false
			s.wrong(typed, err)
			return
		}
		if s.lacking = s.lacking && lacksSymbols(f.report); s.lacking && s.r.named.Ready {
			s.run() // they came meanwhile
			return
		}
		s.counted = sum{f.report.Lines, f.report.Files}
		s.summarise()
		s.footer()
		s.r.d.trace.say("hits", s.counted.lines, s.counted.files, typed)
		s.late()
	})
	if began.Sub(s.asked) > 4*soon { // keys that come in a row have a frame in common
		s.searching.await(soon)
	}
	s.asked = began
}

// soon is how long a key waits for its first hits, to be painted with them: half of
// the time that a frame has.
const soon = 8 * time.Millisecond

// cancel stops what is under way; a search that has ended is left.
func (s *searchPanel) cancel() {
	if !s.searching.running() {
		s.r.escape()
		return
	}
	s.searching.stop()
	s.early, s.done, s.report.Stopped = false, true, true
	if s.listed != s.query {
		s.clear()
		s.done, s.report.Stopped = true, true
	}
	s.summarise()
	s.r.d.trace.say("hits", "stopped")
}

// add takes in what was found since the last time.
func (s *searchPanel) add(all []finding) {
	s.change(len(s.groups)-1, func() {
		for _, f := range all {
			s.counted = f.so
			if n := len(s.groups); n >= maxHitFiles && s.groups[n-1].place != f.hit.place {
				s.more = words.T("These are the first %s. A word or a path more leaves fewer.", plural(n, "file", "files"))
				continue
			}
			n := f.beyond
			if n == 0 {
				s.hits = append(s.hits, f.hit)
				n = 1
			}
			s.extend(f.hit.place, n)
		}
	})
	s.summarise()
}

// A finding is a hit, or how many more there are in a file; and how many so far.
type finding struct {
	hit    searchHit
	beyond int
	so     sum
}

func (s *searchPanel) clear() {
	s.empty()
	s.listed = ""
	s.done, s.report, s.counted = false, search.Report{}, sum{}
	if s.foot.Visible() {
		s.foot.Hide()
		s.body.Refresh() // the list gets its place
	}
	s.r.forgetHits()
}

func (s *searchPanel) hint() {
	s.summary.Set(panel.Span{Text: words.T("Every word must stand on the line, in any order."), Tone: panel.ToneDim})
	s.list.Empty = ""
	s.list.Refresh()
}

// wrong shows an error; one of the query's syntax at its character.
func (s *searchPanel) wrong(typed string, err error) {
	s.listed = "" // it is not to be recorded
	s.r.d.trace.say("hits", "error")
	s.r.d.trace.say("error", err)
	var syntax *search.SyntaxError
	if !errors.As(err, &syntax) {
		s.where.Hide()
		s.what.SetText(sentence(err))
		s.problem.Show()
		s.summary.Set()
		s.body.Refresh()
		return
	}
	at := min(max(syntax.Offset, 0), len(typed))
	_, n := utf8.DecodeRuneInString(typed[at:])
	mark := typed[at : at+n]
	if mark == "" || mark == " " {
		mark = "␣"
	}
	mono := func(text string, tone panel.Tone, bold bool) panel.Span {
		return panel.Span{Text: text, Tone: tone, Bold: bold, Mono: true, Size: style.TextSecondary}
	}
	s.where.Set(mono(typed[:at], panel.ToneDim, false), mono(mark, panel.ToneDanger, true), mono(typed[min(at+n, len(typed)):], panel.ToneDim, false))
	s.where.Show()
	s.what.SetText(words.T("Character %d: ", utf8.RuneCountInString(typed[:at])+1) + syntax.Msg)
	s.problem.Show()
	s.summary.Set()
	s.body.Refresh()
}

func (s *searchPanel) summarise() {
	if !s.r.index.Ready {
		s.waiting()
		return
	}
	lines, files := plural(s.counted.lines, "line", "lines"), plural(s.counted.files, "file", "files")
	spans := []panel.Span{{Text: words.T("%s in %s", lines, files), Bold: true}}
	switch {
	case !s.done:
		spans = append(spans, panel.Span{Text: words.T("searching …"), Tone: panel.ToneDim, Gap: 10})
	case s.lacking:
		spans = []panel.Span{{Text: words.T("%s so far", lines), Bold: true}, {Text: s.symbolsMissing(), Tone: panel.ToneWarn, Gap: 10}}
		s.list.Empty = ""
		s.list.Refresh()
	case s.report.Stopped:
		spans = append(spans, panel.Span{Text: words.T("stopped: there may be more"), Tone: panel.ToneWarn, Gap: 10})
	case s.total() == 0:
		where := "in " + s.r.release
		if s.all {
			where = words.T("in any release")
		}
		spans = []panel.Span{{Text: words.T("No line matches"), Bold: true}, {Text: where + " · " + millis(s.took), Tone: panel.ToneDim, Gap: 6}}
		s.list.Empty = words.T("Fewer words find more; All releases looks further.")
		if s.all || len(s.r.releases) < 2 {
			s.list.Empty = words.T("Fewer words find more.")
		}
		s.list.Refresh()
	default:
		text := millis(s.took)
		if s.more != "" {
			text += words.T(" · the first %s are listed", grouped(int64(s.total())))
		}
		spans = append(spans, panel.Span{Text: text, Tone: panel.ToneDim, Gap: 10})
	}
	s.summary.Set(spans...)
}

// symbolsMissing is why a search with sym: has not found all.
func (s *searchPanel) symbolsMissing() string {
	if s.r.named.Err != nil {
		return words.T("There is no symbol index, so sym: finds nothing.")
	}
	return words.T("%s. Runs again when complete.", s.r.symbolText())
}

// footer says what was not looked into.
func (s *searchPanel) footer() {
	n := len(s.report.NotSearched)
	if n == 0 {
		s.foot.Hide()
		s.body.Refresh()
		return
	}
	why := map[string]int{}
	var order []string
	for _, f := range s.report.NotSearched {
		w := fmt.Sprint(f.Why)
		if why[w] == 0 {
			order = append(order, w)
		}
		why[w]++
	}
	var parts []string
	for _, w := range order {
		parts = append(parts, grouped(int64(why[w]))+" "+w)
	}
	s.foot.Set(panel.BannerStyle{Tone: panel.ToneWarn, Icon: "info", Bold: words.T("Not searched: %s", plural(n, "file", "files")), Text: strings.Join(parts, ", "),
		Links: []panel.Action{{Label: words.T("Show"), Do: s.showNotSearched}}})
	s.foot.Show()
	s.body.Refresh()
}

// lacksSymbols reports whether a search did not look into texts because their symbols
// are not indexed yet.
func lacksSymbols(r search.Report) bool {
	return slices.ContainsFunc(r.NotSearched, func(n search.NotSearched) bool { return n.Why == search.WhyNotIndexed })
}

// symbolsChanged says how far the symbols are where they are missed, and searches again
// when they are there.
func (s *searchPanel) symbolsChanged() {
	switch {
	case !s.lacking || !s.done:
	case s.r.named.Ready:
		s.run()
	default:
		s.summarise()
		s.footer()
	}
}

// showLanguage shows all of the query language.
func (s *searchPanel) showLanguage() {
	l := s.r.d.look
	lines := strings.Split(room.QueryLanguage(), "\n")
	list := panel.NewList(l, style.HeightRow)
	list.Row = func(i int) panel.Row {
		return panel.Row{Fold: panel.Flat, Text: []panel.Span{{Text: lines[i], Mono: true, Size: style.TextSecondary}}}
	}
	list.SetLength(len(lines))
	list.Select(0)
	var dialog *panel.Dialog
	ok := panel.NewButton(l, panel.Primary, words.T("Close"), func() { dialog.Hide() })
	dialog = panel.NewDialog(l, panel.DialogStyle{Title: words.T("How to search"), Icon: "info", Width: 760}, panel.Sized(0, 480, list), ok)
	dialog.Show(s.r.d.win.Canvas())
	panel.Focus(s.r.d.win.Canvas(), list)
}

func (s *searchPanel) showNotSearched() {
	l := s.r.d.look
	files := s.report.NotSearched
	list := panel.NewList(l, style.HeightRow)
	list.Row = func(i int) panel.Row {
		f := files[i]
		return panel.Row{Fold: panel.Flat, Icon: "doc", IconTone: panel.ToneDim, Text: []panel.Span{{Text: f.Place.Path}},
			Right: []panel.Span{{Text: fmt.Sprintf("%s · %s · %s", f.Place.Release, f.Why, bytesOf(f.Size)), Tone: panel.ToneDim, Size: style.TextSecondary}}}
	}
	list.SetLength(len(files))
	list.Select(0)
	var dialog *panel.Dialog
	list.OnOpen = func(i int) {
		dialog.Hide()
		s.r.openAt(files[i].Place, target{})
	}
	ok := panel.NewButton(l, panel.Primary, words.T("Close"), func() { dialog.Hide() })
	dialog = panel.NewDialog(l, panel.DialogStyle{Title: words.T("Not searched: %s", plural(len(files), "file", "files")), Icon: "info", Tone: panel.ToneWarn, Width: 640},
		panel.VBox(8, panel.NewNote(l, words.T("Their bytes are in the deposit and can be opened; binary files show as hex.")), panel.Sized(0, min(320, float32(len(files))*style.HeightRow+4), list)), ok)
	dialog.Show(s.r.d.win.Canvas())
	panel.Focus(s.r.d.win.Canvas(), list)
}

// late does what Enter asked for before there was an answer.
func (s *searchPanel) late() {
	if s.early {
		s.early = false
		s.submit()
	}
}

// submit records the query and opens the first hit, or the next.
func (s *searchPanel) submit() {
	switch {
	case s.searching.running() && s.listed != s.query:
		s.early = true // the hits are still those of fewer letters
	case s.total() == 0:
		s.record()
	default:
		s.step(1)
	}
}

// record puts the query into the journal, once in a row: searches are recorded
// when run or opened, not per key.
func (s *searchPanel) record() {
	query := s.listed
	if query == "" || query == s.recorded {
		return
	}
	s.recorded = query
	durable(s.r.recording, func(ctx context.Context) (nothing, error) {
		return nothing{}, s.r.visit.RecordSearch(ctx, query)
	}, func(_ nothing, err error) {
		if err != nil {
			s.recorded = ""
			s.r.d.fail(words.T("The search was not recorded."), err)
		}
		s.r.showStatus()
	})
}

func (s *searchPanel) intoList() {
	if s.rows() == 0 {
		return
	}
	if s.list.Selected() < 0 {
		s.list.Select(min(1, s.rows()-1))
	}
	s.r.d.focus("side", s.list)
}

// step opens the next or previous hit; the keyboard stays where it is.
func (s *searchPanel) step(by int) {
	n := s.total()
	if n == 0 {
		return
	}
	to := s.at + by
	if s.at < 0 && by < 0 || to < 0 {
		to = n - 1
	}
	s.openHit(to%n, true)
}

func (s *searchPanel) openHit(i int, keepFocus bool) {
	s.at = i
	s.record()
	if row := s.rowOf(i); row >= 0 {
		s.list.Select(row)
	}
	s.withHit(i, func(h searchHit) {
		all, current := s.marksIn(i)
		g, n := s.fileOf(i)
		here, inFile := n+1, g.to-g.from
		s.r.openAt(h.place, target{line: h.line, col: h.col, hits: all, hit: current, keepFocus: keepFocus,
			note: words.T("Hit %s of %s here, %s in all", grouped(int64(here)), grouped(int64(inFile)), s.inAll())})
	})
}

// inAll is how many lines there are, as far as that is known.
func (s *searchPanel) inAll() string {
	n := grouped(int64(max(s.counted.lines, s.total())))
	if !s.done || s.report.Stopped {
		n += words.T(" so far")
	}
	return n
}
