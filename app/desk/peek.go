package desk

import (
	"context"
	"path"
	"strconv"
	"strings"

	"vitrine/viewer/words"

	"fyne.io/fyne/v2"

	"vitrine/app/room"
	"vitrine/index/deposit"
	"vitrine/index/symbol"
	"vitrine/viewer/code"
	"vitrine/viewer/panel"
	"vitrine/viewer/style"
)

// maxPeeked is how many uses are looked at in place; the panel lists more.
const maxPeeked = 200

// A peek shows a definition or a use below the line it was asked from, in a view of its
// own: the code around stays where it is.
type peek struct {
	r      *roomScreen
	aside  *panel.Aside
	name   string
	from   *tab        // in which it was asked
	places []peekPlace // one for each row of the list
	more   bool        // there are others, which are not listed
	at     int
	shown  *tab // that belongs to no pane
	slot   *slot
}

// A peekPlace is where a peek leads; one that only names the file of those below it leads nowhere.
type peekPlace struct {
	place deposit.Place
	to    target
	row   panel.Row
}

// peekDefinition shows what the word at the caret means without leaving the line.
func (r *roomScreen) peekDefinition() {
	r.peekAt(words.T("Peek definition"), func(t *tab, word code.Range, name string) {
		r.ask(t, word, name, func(m meaning) {
			if m.include != "" {
				name = path.Base(m.include)
			}
			places, first := r.peekMeanings(t, word, m)
			if len(places) == 0 {
				r.d.toast(panel.ToneWarn, "info", words.T("No definition of %s", name), words.T("is known in %s.", t.doc.Place.Release))
				return
			}
			r.peek(&peek{r: r, from: t, name: name, places: places, more: len(m.list) < m.all}, word, first)
		})
	})
}

// peekMeanings are the places that a name, or an include, may mean, and the likeliest of them.
func (r *roomScreen) peekMeanings(t *tab, word code.Range, m meaning) (places []peekPlace, first int) {
	for _, p := range m.files {
		icon, tone := fileIcon(p.Path)
		places = append(places, peekPlace{place: p, to: target{line: 1, col: 1},
			row: panel.Row{Fold: panel.Flat, Icon: icon, IconTone: tone, Text: []panel.Span{{Text: path.Base(p.Path)}}, Right: rightPath(p.Path, 0), Tip: p.Path}})
	}
	one, sure := r.one(t, word, m.list)
	for i, c := range m.list {
		if sure && c.ID == one.ID {
			first = i
		}
		look := lookOf(c.Kind)
		row := panel.Row{Fold: panel.Flat, Badge: look.letter, BadgeTone: look.tone, Tip: c.Place.Path + ":" + c.Signature,
			Text: []panel.Span{{Text: path.Base(c.Place.Path)}, {Text: grouped(int64(c.Line)), Tone: panel.ToneDim, Mono: true, Size: style.TextCaption, Gap: 8}}}
		if !c.Resolved {
			row.Right = []panel.Span{{Text: words.T(nameMatch), Tone: panel.ToneWarn, Italic: true, Size: style.TextCaption}}
		}
		if isHere(t, word, c.Found) {
			row.Right = []panel.Span{{Text: words.T("here"), Tone: panel.ToneDim, Size: style.TextCaption}}
		}
		places = append(places, peekPlace{place: c.Place, to: named(c.Symbol), row: row})
	}
	return places, first
}

func rightPath(file string, line int) []panel.Span {
	text := shortPath(path.Dir(file), 24)
	if line > 0 {
		text = placeText(file, line, 24)
	}
	return []panel.Span{{Text: text, Tone: panel.ToneDim, Size: style.TextCaption}}
}

// peekReferences shows the uses of the word at the caret without leaving the line.
func (r *roomScreen) peekReferences() {
	r.peekAt(words.T("Peek references"), func(t *tab, word code.Range, name string) {
		doc, release := t.doc, t.doc.Place.Release
		simple(r.defining, func(ctx context.Context) (u peekedUses, err error) {
			if err := r.visit.RecordUses(ctx, name, release); err != nil {
				return u, err
			}
			list, _, err := r.visit.Definitions(ctx, question(doc, word.From))
			if err != nil {
				return u, err
			}
			var of *symbol.ID
			if c := meant(list, doc, word.From); c != nil && c.Resolved {
				of = &c.ID
			}
			report, err := r.visit.ReferenceLines(ctx, name, of, release, func(l room.ReferenceLine) bool { return u.add(l, doc.Place) })
			u.more = u.more || report.Stopped
			return u, err
		}, func(u peekedUses, err error) {
			places := u.places()
			switch {
			case err != nil:
				r.d.fail(words.T("The uses of %s were not found.", name), err)
			case t != r.current():
			case len(places) == 0:
				r.d.toast(panel.ToneWarn, "info", words.T("No use of %s", name), words.T("is known in %s.", release))
			default:
				r.peek(&peek{r: r, from: t, name: name, places: places, more: u.more}, word, nearest(places, t, word))
			}
		})
	})
}

// peekedUses gathers uses: those of the reader's own file come first, however many others
// come before it by their paths.
type peekedUses struct {
	own, others []peekPlace
	seen        int
	more        bool
}

// add takes a use and reports whether another one is wanted.
func (u *peekedUses) add(l room.ReferenceLine, own deposit.Place) bool {
	to := &u.others
	if l.Place == own {
		to = &u.own
	}
	if len(*to) < maxPeeked {
		*to = append(*to, peekUse(l))
	} else {
		u.more = true
	}
	u.seen++
	return u.seen < maxUses
}

// places are the uses, below the names of their files.
func (u *peekedUses) places() []peekPlace {
	var out []peekPlace
	last := deposit.Place{}
	for _, p := range append(u.own, u.others...) {
		if p.place != last {
			last = p.place
			kind := panel.HeadingRow
			if len(out) > 0 {
				kind = panel.RuleRow
			}
			out = append(out, peekPlace{row: panel.Row{Kind: kind, Fold: panel.Flat, Text: []panel.Span{{Text: shortPath(last.Path, 40)}}, Tip: last.Path}})
		}
		out = append(out, p)
	}
	return out
}

// peekUse is a use as the list of a peek shows it.
func peekUse(l room.ReferenceLine) peekPlace {
	from, to := code.Pos{Line: l.Line, Col: l.Col}, code.Pos{Line: l.Line, Col: l.Col + l.End - l.Start}
	h := keepUse(l)
	row := panel.Row{Fold: panel.Flat, Tip: strings.TrimSpace(h.text), Gutter: strconv.Itoa(l.Line),
		Text: []panel.Span{{Text: strings.TrimSpace(h.text), Mono: true, Size: style.TextSecondary}}}
	if h.doubt {
		row.Right = []panel.Span{{Text: words.T(nameMatch), Tone: panel.ToneWarn, Italic: true, Size: style.TextCaption}}
	}
	return peekPlace{place: l.Place, to: target{line: from.Line, col: from.Col, to: to, hits: []code.Range{{From: from, To: to}}}, row: row}
}

// nearest is the first use behind the word, or else one that stands elsewhere than it.
func nearest(places []peekPlace, t *tab, word code.Range) int {
	other := -1
	for i, p := range places {
		here := p.place == t.doc.Place
		if p.place.Path == "" || here && p.to.line == word.From.Line && p.to.col == word.From.Col {
			continue
		}
		if here && p.to.line > word.From.Line {
			return i
		}
		if other < 0 {
			other = i
		}
	}
	if other < 0 { // the word is the only use: its row stands below its file's name
		return len(places) - 1
	}
	return other
}

// peekAt asks about the word at the caret.
func (r *roomScreen) peekAt(what string, ask func(t *tab, word code.Range, name string)) {
	t, word, name := r.word()
	if t == nil {
		return
	}
	if name == "" {
		r.d.toast(panel.ToneWarn, "info", words.T("No name"), words.T("stands at the caret."))
		return
	}
	if !r.noSymbols(what) {
		ask(t, word, name)
	}
}

// peek shows places below the line of a word.
func (r *roomScreen) peek(k *peek, word code.Range, first int) {
	rows := make([]panel.Row, len(k.places))
	for i, p := range k.places {
		rows[i] = p.row
	}
	if k.count() == 1 {
		rows = nil
	}
	t := k.from
	k.at, k.slot, k.aside = -1, r.d.board.slot(), panel.NewAside(r.d.look, rows)
	k.aside.OnSelect = k.show
	k.aside.OnOpen = k.go_
	k.aside.OnClose = k.stop
	prefs := r.d.app.Preferences()
	k.aside.Height = rememberedSpan(prefs, settingPeek, 0)
	k.aside.OnResized = func(height float32) {
		prefs.SetFloat(settingPeek, float64(height))
		r.d.trace.say("peek-height", int(height))
		if r.d.win.Canvas().Focused() == nil { // the mouse has taken it
			k.focus()
		}
	}
	r.peeked = k
	t.view.Reveal(word.From.Line)
	k.aside.Show(r.d.win.Canvas(), func() (at fyne.Position, size fyne.Size, top, bottom float32) {
		view := fyne.CurrentApp().Driver().AbsolutePositionForObject(t.view)
		at, height := t.view.Place(word.From)
		return fyne.NewPos(view.X, at.Y), fyne.NewSize(t.view.Size().Width, height), view.Y, view.Y + t.view.Size().Height
	})
	r.d.trace.say("peek", k.count(), k.name)
	if k.aside.Focusable() != nil {
		k.focus()
	}
	k.aside.Select(first)
	if k.at < 0 { // of one place there is no list
		k.show(first)
	}
}

// peeking reports whether a peek is shown.
func (r *roomScreen) peeking() bool { return r.peeked != nil && r.peeked.aside.Showing() }

// focus gives the keyboard to the list, or to the view where there is none.
func (k *peek) focus() {
	if l := k.aside.Focusable(); l != nil {
		k.r.d.focus("peek", l)
	} else if k.shown != nil {
		k.r.d.focus("peek", k.shown.view)
	}
}

// count is how many places there are, ordinal which of them row i is.
func (k *peek) count() int { return k.ordinal(len(k.places) - 1) }

func (k *peek) ordinal(row int) (n int) {
	for _, p := range k.places[:row+1] {
		if p.place.Path != "" {
			n++
		}
	}
	return n
}

// show reads the file of a place, unless it is the one that is shown, and goes there.
func (k *peek) show(i int) {
	if i == k.at || i < 0 || i >= len(k.places) || k.places[i].place.Path == "" {
		return
	}
	k.at = i
	p := k.places[i]
	where := placeText(p.place.Path, max(p.to.line, 1), 60)
	if n := k.count(); n > 1 {
		where += "   " + grouped(int64(k.ordinal(i))) + " of " + grouped(int64(n))
	}
	if k.more {
		where += words.T(", there are more")
	}
	k.aside.SetTitle(k.name, where)
	if k.shown != nil && k.shown.doc.Place == p.place {
		k.slot.stop()
		k.stand(p)
		return
	}
	for _, t := range k.r.allTabs() { // what is open is not opened again
		if t.asleep == nil && t.doc.Place == p.place && !t.doc.Beginning {
			k.slot.stop()
			k.take(opened{doc: t.doc, hex: t.hexed, layout: t.layout}, p)
			return
		}
	}
	simple(k.slot, func(ctx context.Context) (opened, error) {
		doc, err := k.r.visit.Open(ctx, p.place)
		if err != nil {
			return opened{}, err
		}
		return opened{doc: doc, layout: k.r.layoutOf(ctx, doc)}, nil
	}, func(o opened, err error) {
		if err != nil {
			k.aside.Close()
			k.r.d.fail(words.T("%s cannot be opened.", path.Base(p.place.Path)), err)
			return
		}
		k.take(o, p)
	})
}

// take makes a view of a file and shows it.
func (k *peek) take(o opened, p peekPlace) {
	if k.shown != nil {
		k.shown.stop()
	}
	t := k.r.newTab(o)
	v := t.view
	v.OnCaret, v.OnLeave, v.OnFocus, v.OnMark, v.OnGutter, v.OnSecondary, v.OnPoint, v.OnFollow, v.OnFold = nil, nil, nil, nil, nil, nil, nil, nil, nil
	v.OnShown, v.OnStale = t.shownLines, nil // no minimap
	v.OnKey = k.key
	v.OnDouble = func(code.Pos) { k.go_() }
	k.shown = t
	k.r.marks(t)
	k.r.colour(t)
	k.r.findFolds(t)
	k.aside.SetContent(v)
	k.stand(p)
	if k.count() == 1 {
		k.focus()
	}
}

// stand goes to a place in the file that is shown: a few lines below the upper edge, since
// what is defined goes on downwards.
func (k *peek) stand(p peekPlace) {
	t, g := k.shown, p.to
	from := code.Pos{Line: max(g.line, 1), Col: max(g.col, 1)}
	to, hits := from, g.hits
	if g.until > 0 && !t.doc.Binary {
		from.Line, from.Col = t.doc.PositionOf(g.from)
		to = from
		hits = []code.Range{{From: from, To: code.Pos{Line: from.Line, Col: from.Col + g.until - g.from}}}
	}
	t.view.SetHits(hits, 0)
	t.view.Select(code.Range{From: from, To: to})
	t.view.Lead(from.Line, peekAbove)
	k.r.d.trace.say("peeked", from.Line, p.place.Path)
}

// peekAbove is how many lines are shown above the place.
const peekAbove = 2

// key is what a peek does with keys that its view has no use for.
func (k *peek) key(e *fyne.KeyEvent) {
	switch e.Name {
	case fyne.KeyEscape:
		k.aside.Close()
	case fyne.KeyReturn, fyne.KeyEnter, fyne.KeyF12:
		k.go_()
	case fyne.KeyF4:
		by := 1
		if k.r.d.shifted() {
			by = -1
		}
		n := len(k.places)
		for i := (k.at + by + n) % n; i != k.at; i = (i + by + n) % n {
			if k.places[i].place.Path != "" {
				k.aside.Select(i)
				return
			}
		}
	}
}

// go_ leaves for the place that is shown.
func (k *peek) go_() {
	p := k.places[max(k.at, 0)]
	k.aside.Close()
	k.r.openAt(p.place, p.to)
}

// stop ends what goes on for the peek.
func (k *peek) stop() {
	k.slot.stop()
	if k.shown != nil {
		k.shown.stop()
	}
	k.r.d.trace.say("peek")
}
