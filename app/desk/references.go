package desk

import (
	"bytes"
	"context"
	"time"
	"unicode/utf8"

	"vitrine/viewer/words"

	"fyne.io/fyne/v2"

	"vitrine/app/room"
	"vitrine/index/symbol"
	"vitrine/viewer/code"
	"vitrine/viewer/panel"
	"vitrine/viewer/style"
)

// usesPart lists the uses of a name, each with what it is to the name, and
// whether it is of the symbol meant or only has its name.
type usesPart struct {
	body    fyne.CanvasObject
	title   *panel.Line
	which   *panel.Segmented
	summary *panel.Line
	stop    *panel.IconButton
	foot    *panel.Banner
	hitList

	slot   *slot
	asked  *usesOf
	every  []searchHit // whatever is chosen to be shown
	sures  int         // of them, those of the symbol meant
	known  symbol.Found
	sure   bool // known is what was asked for
	done   bool
	halted bool // by the reader
	report symbol.Report
	took   time.Duration
}

// maxUses is how many uses are listed: each is classified, which takes longer than
// to find it, and nobody reads more.
const maxUses = 5000

// usesOf is what was asked: the uses of the name at a place.
type usesOf struct {
	doc  *room.Document
	at   code.Pos
	name string
}

func newUsesPart(r *roomScreen) *usesPart {
	s := &usesPart{slot: r.d.board.slot()}
	s.setup(r, s.openHit)
	l := r.d.look
	s.title, s.summary = panel.NewLine(l), panel.NewLine(l)
	s.which = panel.NewSegmented(l, []string{words.T("All"), words.T("Resolved"), words.T("Name match")}, 0, func(int) { s.choose() })
	s.stop = panel.NewIconButton(l, "x", words.T("Stop"), "", s.halt)
	fold := panel.NewIconButton(l, "collapse", words.T("Fold all files"), "", s.foldAll)
	s.foot = panel.NewBanner(l, panel.BannerStyle{})
	s.foot.Hide()
	s.stop.Hide()
	s.body = panel.VBox(0,
		panel.Pad(0, 12, 6, 12, panel.VBox(6, panel.HBox(4, panel.Grow(s.title), s.stop, fold), s.which, s.summary)),
		panel.Grow(s.list),
		s.foot,
	)
	s.list.Empty = words.T("Shift+F12 on a name lists its uses here.")
	return s
}

// references lists the uses of the word at the caret.
func (r *roomScreen) references() {
	t, word, name := r.word()
	if t == nil {
		return
	}
	if name == "" {
		r.d.toast(panel.ToneWarn, "info", words.T("No name"), words.T("stands at the caret."))
		return
	}
	r.symbols.show(partUses)
	r.symbols.uses.run(&usesOf{t.doc, word.From, name})
	r.symbols.focus()
}

// symbolsChanged asks what came before the index.
func (s *usesPart) symbolsChanged() {
	if s.asked == nil || s.done || s.slot.running() {
		return
	}
	s.run(s.asked)
}

// A usesPiece is what the work hands over: the symbol meant, or a use.
type usesPiece struct {
	of   *symbol.Found
	sure bool
	hit  searchHit
}

type usesEnd struct {
	report symbol.Report
	took   time.Duration
}

func (s *usesPart) run(q *usesOf) {
	s.sures = 0
	s.asked, s.every, s.report, s.done, s.halted, s.sure = q, nil, symbol.Report{}, false, false, false
	s.known = symbol.Found{}
	s.empty()
	s.foot.Hide()
	s.showTitle()
	if !s.r.named.Ready {
		s.slot.stop()
		s.summary.Set(panel.Span{Text: s.r.symbolText() + ".", Bold: true}, panel.Span{Text: words.T("It starts by itself when they are ready."), Tone: panel.ToneDim, Gap: 6})
		s.r.d.trace.say("uses", "waiting")
		return
	}
	s.stop.Show()
	r, release := s.r, q.doc.Place.Release
	start(s.slot, func(ctx context.Context, emit func(usesPiece)) (usesEnd, error) {
		began := time.Now()
		if err := r.visit.RecordUses(ctx, q.name, release); err != nil {
			return usesEnd{}, err
		}
		list, _, err := r.visit.Definitions(ctx, question(q.doc, q.at))
		if err != nil {
			return usesEnd{}, err
		}
		var of *symbol.ID
		if c := meant(list, q.doc, q.at); c != nil {
			if c.Resolved {
				of = &c.ID
			}
			emit(usesPiece{of: &c.Found, sure: c.Resolved})
		}
		n := 0
		report, err := r.visit.ReferenceLines(ctx, q.name, of, release, func(l room.ReferenceLine) bool {
			if n++; n > maxUses {
				return false
			}
			emit(usesPiece{hit: keepUse(l)})
			return true
		})
		return usesEnd{report, time.Since(began)}, err
	}, func(pieces []usesPiece) {
		from := len(s.hits)
		for _, p := range pieces {
			if p.of != nil {
				s.known, s.sure = *p.of, p.sure
				s.showTitle()
				continue
			}
			s.every = append(s.every, p.hit)
			if !p.hit.doubt {
				s.sures++
			}
			if s.chosen(p.hit) {
				s.add(p.hit)
			}
		}
		s.grow(from)
		s.summarise()
	}, func(e usesEnd, err error) {
		s.done, s.report, s.took = true, e.report, e.took
		s.stop.Hide()
		if err != nil {
			r.d.trace.say("uses", "error")
			r.d.trace.say("error", err)
			s.summary.Set(panel.Span{Text: sentence(err), Tone: panel.ToneDanger})
			return
		}
		s.summarise()
		s.footer()
		if s.list.Selected() < 0 && s.rows() > 1 {
			s.list.Select(1) // Enter opens the first use
		}
		r.showStatus()
		r.d.trace.say("uses", len(s.every), len(s.groups), q.name)
	})
	s.summarise()
}

// add appends a hit; uses of one class on one line are one row.
func (s *usesPart) add(h searchHit) {
	if n := len(s.hits); n > 0 {
		last := &s.hits[n-1]
		if last.place == h.place && last.line == h.line && last.class == h.class && last.doubt == h.doubt && len(last.text) == len(h.text) {
			last.ranges, last.marks = append(last.ranges, h.ranges...), append(last.marks, h.marks...)
			return
		}
	}
	s.hits = append(s.hits, h)
}

func (s *usesPart) chosen(h searchHit) bool {
	switch s.which.Selected() {
	case 1:
		return !h.doubt
	case 2:
		return h.doubt
	}
	return true
}

// choose shows the uses of one sort.
func (s *usesPart) choose() {
	s.empty()
	for _, h := range s.every {
		if s.chosen(h) {
			s.add(h)
		}
	}
	s.grow(0)
	s.summarise()
}

// halt stops the search; what was found stays, and is said to be a part.
func (s *usesPart) halt() {
	if !s.slot.running() {
		return
	}
	s.slot.stop()
	s.done, s.halted = true, true
	s.stop.Hide()
	s.summarise()
	s.r.d.trace.say("uses", "stopped")
}

// farHit is how many bytes of a line are shown ahead of a use: more do not fit beside what
// it is said to be.
const farHit = 28

// keepUse cuts a use to what is shown.
func keepUse(l room.ReferenceLine) searchHit {
	n := l.End - l.Start
	from, to := code.Pos{Line: l.Line, Col: l.Col}, code.Pos{Line: l.Line, Col: l.Col + n}
	h := searchHit{place: l.Place, line: l.Line, col: l.Col, ranges: []code.Range{{From: from, To: to}}, class: usageWords[l.Class], doubt: !l.Resolved}
	text := bytes.TrimRight(l.Text, "\r")
	at := min(len(text)-len(bytes.TrimLeft(text, " \t")), l.Col-1)
	if l.Col-1-at > farHit { // it would be cut off at the right
		at = l.Col - 1 - farHit/2
		for at > 0 && !utf8.RuneStart(text[at]) {
			at--
		}
		h.text = "…"
	}
	end := min(len(text), at+maxHitText)
	for end < len(text) && end > at && !utf8.RuneStart(text[end]) {
		end--
	}
	before := len(h.text)
	h.text += string(text[at:end])
	if a, b := max(l.Col-1-at+before, 0), min(l.Col-1+n-at+before, len(h.text)); a < b {
		h.marks = [][2]int{{a, b}}
	}
	return h
}

func (s *usesPart) showTitle() {
	spans := []panel.Span{{Text: s.asked.name, Bold: true, Mono: true}}
	if s.known.Name != "" {
		look := lookOf(s.known.Kind)
		word := look.word
		if !s.sure {
			word = words.T("perhaps the %s", word)
		}
		spans = append(spans, panel.Span{Text: words.T("%s in %s", word, placeText(s.known.Place.Path, s.known.Line, 34)), Tone: panel.ToneDim, Size: style.TextSecondary, Gap: 10})
	}
	s.title.Set(spans...)
}

func (s *usesPart) summarise() {
	sure, files := s.sures, len(s.groups)
	doubt := len(s.every) - sure
	spans := []panel.Span{{Text: plural(len(s.every), "use", "uses"), Bold: true}}
	spans = append(spans, panel.Span{Text: words.T("%s resolved, %s · %s", grouped(int64(sure)), plural(doubt, nameMatch, "name matches"), plural(files, "file", "files")), Tone: panel.ToneDim, Gap: 8})
	switch {
	case s.halted:
		spans = append(spans, panel.Span{Text: words.T("stopped: there may be more"), Tone: panel.ToneWarn, Gap: 8})
	case !s.done:
		spans = append(spans, panel.Span{Text: words.T("searching …"), Tone: panel.ToneDim, Gap: 8})
	case s.report.Stopped:
		spans = append(spans, panel.Span{Text: words.T("the first of more"), Tone: panel.ToneWarn, Gap: 8})
	case len(s.every) == 0:
		spans = []panel.Span{{Text: words.T("No use"), Bold: true}, {Text: words.T("of %s in %s", s.asked.name, s.asked.doc.Place.Release), Tone: panel.ToneDim, Gap: 6}}
		s.list.Empty = words.T("The text search also looks into comments and strings.")
		s.list.Refresh()
	default:
		spans = append(spans, panel.Span{Text: millis(s.took), Tone: panel.ToneDim, Gap: 8})
	}
	s.summary.Set(spans...)
}

// footer says what was not classified.
func (s *usesPart) footer() {
	n := len(s.report.NotRead)
	if n == 0 {
		s.foot.Hide()
		return
	}
	s.foot.Set(panel.BannerStyle{Tone: panel.ToneWarn, Icon: "info", Bold: words.T("Not read: %s", plural(n, "file", "files")), Text: words.T("no known language, or too big."),
		Links: []panel.Action{{Label: words.T("Search the text"), Do: func() { s.r.search.look(s.asked.name) }}}})
	s.foot.Show()
	s.r.symbols.body.Refresh()
}

// stepHits goes on in the list that is shown: uses, or hits of a search.
func (r *roomScreen) stepHits(by int) {
	uses := r.symbols.uses
	if len(uses.hits) > 0 && (r.search.total() == 0 || r.shownSide == "symbols" && r.symbols.parts.Selected() == partUses) {
		uses.step(by)
		return
	}
	r.search.step(by)
}

// step opens the next use or the one before, round and round.
func (s *usesPart) step(by int) {
	if n := len(s.hits); n > 0 {
		at := s.at + by
		if s.at < 0 && by < 0 {
			at = n - 1
		}
		s.openHit((at+n)%n, true)
	}
}

func (s *usesPart) openHit(i int, keep bool) {
	s.at = i
	h := s.hits[i]
	if row := s.rowOf(i); row >= 0 {
		s.list.Select(row)
	}
	all, current := s.marksIn(i)
	s.r.openAt(h.place, target{line: h.line, col: h.col, hits: all, hit: current, keepFocus: keep})
}
