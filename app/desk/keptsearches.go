package desk

import (
	"context"
	"slices"
	"strings"

	"vitrine/viewer/words"

	"vitrine/app/room"
	"vitrine/viewer/panel"
)

// keptSearches are the searches that the reviewer keeps at this deposit under names, and
// the box that asks for one. They are listed with the earlier ones.
type keptSearches struct {
	s       *searchPanel
	list    []room.KeptSearch // by name
	slot    *slot
	palette *panel.Palette
	query   string // that is to be kept
}

func newKeptSearches(s *searchPanel) *keptSearches {
	k := &keptSearches{s: s, slot: s.r.d.board.slot(), palette: panel.NewPalette(s.r.d.look)}
	k.palette.SetPlaceHolder(words.T("A name for this search"))
	k.palette.SetHints([]panel.Hint{{Key: "↵", Text: words.T("keeps it")}, {Key: words.T("Esc"), Text: words.T("closes")}})
	k.palette.Row = func(int) panel.Row {
		label := words.T("Keep as %s", k.name())
		if k.at(k.name()) >= 0 {
			label = words.T("Replace %s", k.name())
		}
		return panel.Row{Fold: panel.Flat, Icon: "!ribbon", IconTone: panel.ToneAccent, Text: []panel.Span{{Text: label}, {Text: k.query, Mono: true, Tone: panel.ToneDim, Gap: 12}}}
	}
	k.palette.OnQuery = func(string) { k.palette.SetLength(1) }
	k.palette.OnOpen = func(int, bool) { k.keep(k.name(), k.query) }
	k.palette.OnClose = s.focus
	return k
}

// ask asks for a name under which a query is kept.
func (k *keptSearches) ask(query string) {
	query = strings.TrimSpace(query)
	if query == "" || len(query) > room.MaxKeptQuery {
		k.s.r.d.toast(panel.ToneWarn, "search", words.T("Nothing is kept:"), words.T("type a search first."))
		return
	}
	k.query = query
	k.palette.Show(k.s.r.d.win.Canvas(), "")
}

// typed is what is in the field of the panel, with what its toggle adds.
func (k *keptSearches) typed() string {
	q := strings.TrimSpace(k.s.field.Text())
	if q != "" && k.s.field.Toggled(toggleCase) && !strings.Contains(q, "case:") {
		q += " case:yes"
	}
	return q
}

// name is what is typed in the box; without any the query is its own name.
func (k *keptSearches) name() string {
	name := strings.TrimSpace(k.palette.Text())
	if name == "" {
		name = k.query
	}
	if len(name) > room.MaxSearchName {
		name = strings.ToValidUTF8(name[:room.MaxSearchName], "")
	}
	return name
}

// at is the index of a name, -1 for none.
func (k *keptSearches) at(name string) int {
	return slices.IndexFunc(k.list, func(have room.KeptSearch) bool { return strings.EqualFold(have.Name, name) })
}

func (k *keptSearches) keep(name, query string) {
	list := slices.Clone(k.list)
	if i := k.at(name); i >= 0 {
		list = slices.Delete(list, i, i+1)
	}
	list = append(list, room.KeptSearch{Name: name, Query: query})
	slices.SortFunc(list, func(a, b room.KeptSearch) int {
		return strings.Compare(strings.ToLower(a.Name), strings.ToLower(b.Name))
	})
	k.save(list, func() {
		k.s.r.d.toast(panel.ToneOk, "check", words.T("Kept as %s.", name), words.T("Ctrl+R lists it."))
	})
}

// drop takes a kept search away.
func (k *keptSearches) drop(i int) {
	name := k.list[i].Name
	k.save(slices.Delete(slices.Clone(k.list), i, i+1), func() {
		k.s.r.d.toast(panel.ToneDim, "info", name, words.T("is not kept any more."))
	})
}

// save takes a changed list once it is on disk.
func (k *keptSearches) save(list []room.KeptSearch, done func()) {
	k.s.focus()
	r := k.s.r
	if !r.restored || k.slot.running() { // not over those that are not read yet
		r.d.toast(panel.ToneWarn, "info", words.T("Not done:"), words.T("the kept searches are being read or written. Once more, please."))
		return
	}
	durable(k.slot, func(context.Context) (nothing, error) {
		return nothing{}, r.visit.SaveKeptSearches(list)
	}, func(_ nothing, err error) {
		if err != nil {
			r.d.fail(words.T("The kept searches are as they were."), err)
			return
		}
		k.list = list
		r.d.trace.say("searches", len(list))
		done()
	})
}
