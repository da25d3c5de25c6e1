package desk

import (
	"strings"

	"vitrine/viewer/words"

	"vitrine/viewer/panel"
)

// A queryHistory goes back through the searches that the journal tells of, and lists those
// that are kept.
type queryHistory struct {
	s       *searchPanel
	palette *panel.Palette
	at      int      // of what is in the field, -1 for what was typed
	typed   string   // that
	list    []string // as they were when going back began
	rows    []pastQuery
}

// A pastQuery is one that was asked before, or is kept.
type pastQuery struct {
	query string
	kept  int // index of a kept one, -1 of another
}

func newQueryHistory(s *searchPanel) *queryHistory {
	h := &queryHistory{s: s, at: -1, palette: panel.NewPalette(s.r.d.look)}
	h.palette.SetPlaceHolder(words.T("Searches of this deposit: those you keep, then the last ones"))
	h.palette.SetEmpty(words.T("No search was recorded yet: Enter in the field, or a hit that is opened, records one."))
	h.palette.SetHints([]panel.Hint{{Key: "↵", Text: words.T("searches again")}, {Key: words.T("Ctrl+↵"), Text: words.T("keeps it, or lets it go")}, {Key: words.T("Esc"), Text: words.T("closes")}})
	h.palette.Row = func(i int) panel.Row {
		row := h.rows[i]
		if row.kept < 0 {
			return panel.Row{Fold: panel.Flat, Icon: "clock", IconTone: panel.ToneDim, Text: []panel.Span{{Text: row.query, Mono: true}}}
		}
		out := panel.Row{Fold: panel.Flat, Icon: "!ribbon", IconTone: panel.ToneAccent, Tip: row.query, Text: []panel.Span{{Text: s.kept.list[row.kept].Name, Bold: true}}}
		if out.Text[0].Text != row.query {
			out.Text = append(out.Text, panel.Span{Text: row.query, Mono: true, Tone: panel.ToneDim, Gap: 12})
		}
		return out
	}
	h.palette.OnQuery = func(text string) {
		h.find(strings.ToLower(strings.TrimSpace(text)))
		h.palette.SetLength(len(h.rows))
	}
	h.palette.OnOpen = func(i int, keeping bool) {
		switch row := h.rows[i]; {
		case !keeping:
			h.s.ask(row.query)
		case row.kept < 0:
			h.s.kept.ask(row.query)
		default:
			h.s.kept.drop(row.kept)
		}
	}
	h.palette.OnClose = s.focus
	return h
}

// find lists the queries with such a text: those that are kept, then those recorded.
func (h *queryHistory) find(text string) {
	h.rows = nil
	has := func(s string) bool { return strings.Contains(strings.ToLower(s), text) }
	kept := map[string]bool{}
	for i, k := range h.s.kept.list {
		kept[k.Query] = true
		if has(k.Name) || has(k.Query) {
			h.rows = append(h.rows, pastQuery{k.Query, i})
		}
	}
	for _, q := range h.queries() {
		if has(q) && !kept[q] {
			h.rows = append(h.rows, pastQuery{q, -1})
		}
	}
}

func (h *queryHistory) show() {
	h.s.r.showSide("search")
	h.palette.Show(h.s.r.d.win.Canvas(), "")
}

// queries are those recorded, as they are typed: without what the panel adds for the
// release that is shown.
func (h *queryHistory) queries() []string {
	all := h.s.r.visit.Queries()
	out := make([]string, 0, len(all))
	seen := map[string]bool{}
	for _, q := range all {
		if q = strings.TrimSuffix(q, h.s.ownScope()); !seen[q] {
			seen[q] = true
			out = append(out, q)
		}
	}
	return out
}

// step puts the query before, or the one after, into the field.
func (h *queryHistory) step(back int) {
	if h.at < 0 {
		h.typed, h.list = h.s.field.Text(), h.queries()
		if len(h.list) > 0 && h.list[0] == h.typed {
			h.at = 0 // it is the last one: the one before is meant
		}
	}
	to := max(-1, min(h.at+back, len(h.list)-1))
	if to == h.at && back > 0 || h.at < 0 && to < 0 {
		return
	}
	text := h.typed
	if to >= 0 {
		text = h.list[to]
	}
	h.s.ask(text)
	h.at = to // which a change of the text forgets
	h.s.r.d.trace.say("recalled", to+1, text)
}
