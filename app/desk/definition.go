package desk

import (
	"context"

	"vitrine/viewer/words"

	"vitrine/app/room"
	"vitrine/index/deposit"
	"vitrine/index/symbol"
	"vitrine/viewer/code"
	"vitrine/viewer/panel"
	"vitrine/viewer/style"
)

// word is the word at the caret of the open file.
func (r *roomScreen) word() (t *tab, word code.Range, name string) {
	if t = r.current(); t == nil || t.doc.Binary {
		return nil, word, ""
	}
	word, ok := t.view.WordAt(t.view.Caret())
	if !ok {
		return t, word, ""
	}
	return t, word, t.view.TextIn(word)
}

// A meaning is what a name may mean where it stands.
type meaning struct {
	list    []symbol.Candidate
	all     int
	files   []deposit.Place // of an include: what it means
	include string          // as written
	sure    bool            // nothing else than the one file can be meant
}

// goToDefinition goes to what the word at the caret means; where that is not
// one thing, it lists what it may be. With choose it always lists.
func (r *roomScreen) goToDefinition(choose bool) {
	t, word, name := r.word()
	if t == nil {
		return
	}
	if name == "" {
		r.d.toast(panel.ToneWarn, "info", words.T("No name"), words.T("stands at the caret."))
		return
	}
	r.define(t, word, name, choose)
}

func (r *roomScreen) define(t *tab, word code.Range, name string, choose bool) {
	if r.noSymbols(words.T("Go to definition")) {
		return
	}
	r.ask(t, word, name, func(m meaning) {
		if m.include != "" {
			r.d.trace.say("definition", len(m.files), m.include)
			r.showFiles(t, word, m)
			return
		}
		r.d.trace.say("definition", len(m.list), name)
		if one, ok := r.one(t, word, m.list); ok && !choose {
			r.openSymbol(one.Place, one.Symbol, false)
			return
		}
		r.chooseDefinition(t, word, name, m)
	})
}

// ask finds what a word of the file shown may mean, and shows it if that file is still shown.
func (r *roomScreen) ask(t *tab, word code.Range, name string, show func(meaning)) {
	simple(r.defining, r.meaningAt(t, word), func(m meaning, err error) {
		if err != nil {
			r.d.fail(words.T("The definition of %s was not found.", name), err)
			return
		}
		if t == r.current() {
			show(m)
		}
	})
}

// meaningAt is the work of finding what a word of a file may mean.
func (r *roomScreen) meaningAt(t *tab, word code.Range) func(context.Context) (meaning, error) {
	at := word.From
	doc, written, include := t.doc, symbol.Import{}, false
	if t.outline != nil {
		written, include = importAt(t.outline.imports, doc.OffsetOf(at.Line, at.Col))
	}
	return func(ctx context.Context) (m meaning, err error) {
		if include {
			return r.included(ctx, doc.Place, written)
		}
		m.list, m.all, err = r.visit.Definitions(ctx, question(doc, at))
		return m, err
	}
}

// question asks what stands at a place of a document.
func question(doc *room.Document, at code.Pos) symbol.Question {
	return symbol.Question{From: doc.Place, Offset: doc.OffsetOf(at.Line, at.Col)}
}

// importAt is the include or import around an offset.
func importAt(imports []symbol.Import, offset int) (symbol.Import, bool) {
	for _, im := range imports {
		if im.Start <= offset && offset < im.End {
			return im, true
		}
	}
	return symbol.Import{}, false
}

// included is what an include or import of a file means.
func (r *roomScreen) included(ctx context.Context, p deposit.Place, im symbol.Import) (meaning, error) {
	m := meaning{include: im.Path}
	all, err := r.visit.Includes(ctx, p)
	for _, in := range all {
		if in.Start == im.Start {
			m.files, m.sure = in.To, in.Sure
		}
	}
	return m, err
}

// one is the definition to jump to without asking: the only one, or the only
// one that is resolved and is no mere declaration. The name's own place is none.
func (r *roomScreen) one(t *tab, word code.Range, list []symbol.Candidate) (symbol.Candidate, bool) {
	var others, sure, bodies []symbol.Candidate
	for _, c := range list {
		if isHere(t, word, c.Found) {
			continue
		}
		others = append(others, c)
		if c.Resolved {
			sure = append(sure, c)
			if c.Kind != symbol.Prototype {
				bodies = append(bodies, c)
			}
		}
	}
	for _, l := range [][]symbol.Candidate{bodies, sure, others} {
		if len(l) == 1 {
			return l[0], true
		}
		if len(l) > 1 {
			break
		}
	}
	return symbol.Candidate{}, false
}

// isHere reports whether a symbol's name is the word.
func isHere(t *tab, word code.Range, f symbol.Found) bool {
	return f.Place == t.doc.Place && f.Line == word.From.Line && f.Start == t.doc.OffsetOf(word.From.Line, word.From.Col)
}

// chooseDefinition lists definitions at the word: what is resolved apart from
// what has the same name.
func (r *roomScreen) chooseDefinition(t *tab, word code.Range, name string, m meaning) {
	var rows []panel.Row
	var to []int // per row, the candidate
	head := func(text string) {
		kind := panel.HeadingRow
		if len(rows) > 0 {
			kind = panel.RuleRow
		}
		rows, to = append(rows, panel.Row{Kind: kind, Fold: panel.Flat, Text: []panel.Span{{Text: text}}}), append(to, -1)
	}
	for pass := range 2 {
		first := true
		for i, c := range m.list {
			if c.Resolved != (pass == 0) {
				continue
			}
			if first {
				head([]string{words.T("Resolved"), words.T("Name match – the same name, perhaps another thing")}[pass])
				first = false
			}
			rows, to = append(rows, r.candidateRow(t, word, c)), append(to, i)
		}
	}
	if len(m.list) < m.all {
		head(words.T("%s more are not listed: %s has %s", grouped(int64(m.all-len(m.list))), name, plural(m.all, "definition", "definitions")))
	}
	if len(m.list) == 0 {
		r.d.look.Toast(panel.ToastStyle{Tone: panel.ToneWarn, Icon: "info", Bold: words.T("No definition of %s", name), Text: words.T("is known in %s.", t.doc.Place.Release),
			Links: []panel.Action{{Label: words.T("Search the text"), Do: func() { r.search.look(name) }}}})
		return
	}
	at, height := t.view.Place(word.From)
	panel.ShowPeek(r.d.look, r.d.win.Canvas(), at, height, panel.Peek{Rows: rows, OnOpen: func(i int) {
		if to[i] >= 0 {
			r.openSymbol(m.list[to[i]].Place, m.list[to[i]].Symbol, false)
		}
	}})
}

// inOtherReleases lists what the name at the caret is in the other releases.
func (r *roomScreen) inOtherReleases() {
	t, word, name := r.word()
	if t == nil || name == "" || r.noSymbols("The same symbol in another release") {
		return
	}
	doc, releases := t.doc, r.releases
	simple(r.defining, func(ctx context.Context) ([]symbol.Counterpart, error) {
		list, _, err := r.visit.Definitions(ctx, question(doc, word.From))
		if err != nil || len(list) == 0 {
			return nil, err
		}
		var out []symbol.Counterpart
		for i := len(releases) - 1; i >= 0; i-- {
			if releases[i] == doc.Place.Release {
				continue
			}
			in, err := r.visit.SymbolIn(ctx, list[0].Found, releases[i])
			if err != nil {
				return nil, err
			}
			out = append(out, in[:min(len(in), mostLikely)]...)
		}
		return out, nil
	}, func(list []symbol.Counterpart, err error) {
		if err != nil || t != r.current() {
			r.d.fail(words.T("%s was not found in other releases.", name), err)
			return
		}
		r.d.trace.say("elsewhere", len(list), name)
		if len(list) == 0 {
			r.d.toast(panel.ToneWarn, "info", name, words.T("is in no other release, as far as names tell."))
			return
		}
		var rows []panel.Row
		for _, c := range list {
			look := lookOf(c.Kind)
			note := words.T("changed file")
			switch {
			case c.SameBytes:
				note = words.T("same file")
			case !c.Resolved:
				note = words.T(nameMatch)
			}
			rows = append(rows, panel.Row{Fold: panel.Flat, Badge: look.letter, BadgeTone: look.tone, Tip: c.Signature,
				Text:  []panel.Span{{Text: c.Place.Release, Bold: true}, {Text: c.Signature, Mono: true, Gap: 10}},
				Right: []panel.Span{{Text: note, Tone: panel.ToneDim, Size: style.TextCaption}, {Text: placeText(c.Place.Path, c.Line, 32), Tone: panel.ToneDim, Size: style.TextSecondary, Gap: 10}}})
		}
		at, height := t.view.Place(word.From)
		panel.ShowPeek(r.d.look, r.d.win.Canvas(), at, height, panel.Peek{Rows: rows, OnOpen: func(i int) { r.openSymbol(list[i].Place, list[i].Symbol, false) }})
	})
}

// mostLikely is how many counterparts of one release are listed.
const mostLikely = 3

func (r *roomScreen) candidateRow(t *tab, word code.Range, c symbol.Candidate) panel.Row {
	look := lookOf(c.Kind)
	why := words.T(reasonWords[c.Reason])
	if isHere(t, word, c.Found) {
		why = "here"
	}
	return panel.Row{Fold: panel.Flat, Badge: look.letter, BadgeTone: look.tone, Tip: c.Signature,
		Text: []panel.Span{{Text: c.Signature, Mono: true}},
		Right: []panel.Span{{Text: why, Tone: panel.ToneDim, Size: style.TextCaption},
			{Text: placeText(c.Place.Path, c.Line, 36), Tone: panel.ToneDim, Size: style.TextSecondary, Gap: 10}}}
}

// showFiles goes to the file that an include means, or lists what it may mean.
func (r *roomScreen) showFiles(t *tab, word code.Range, m meaning) {
	switch len(m.files) {
	case 0:
		r.d.toast(panel.ToneWarn, "info", m.include, words.T("is not a file of %s.", t.doc.Place.Release))
	case 1:
		r.openAt(m.files[0], target{})
	default:
		rows := []panel.Row{{Kind: panel.HeadingRow, Fold: panel.Flat, Text: []panel.Span{{Text: words.T("%s may be", m.include)}}}}
		for _, p := range m.files {
			icon, tone := fileIcon(p.Path)
			rows = append(rows, panel.Row{Fold: panel.Flat, Icon: icon, IconTone: tone, Text: []panel.Span{{Text: p.Path}}})
		}
		at, height := t.view.Place(word.From)
		panel.ShowPeek(r.d.look, r.d.win.Canvas(), at, height, panel.Peek{Rows: rows, OnOpen: func(i int) { r.openAt(m.files[i-1], target{}) }})
	}
}
