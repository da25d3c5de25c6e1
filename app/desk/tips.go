package desk

import (
	"slices"
	"strings"

	"vitrine/viewer/words"

	"vitrine/viewer/panel"
)

// tips are a line above the status bar that tells a newcomer, on the sample, what to try
// next; doing it goes on to the next. They cover nothing, and once ended they come only
// when asked for.
type tips struct {
	d      *Desk
	banner *panel.Banner
	done   []string // actions that were done
	on     bool
}

// A tip is about an action; doing it, by whatever way, is enough.
type tip struct {
	id   string // of the action
	bold string // with KEY for the action's key
	text string
}

var allTips = []tip{
	{"file.open", words.Key("KEY opens a file"), words.Key("by a few letters of its path: try pdfdec")},
	{"symbol.definition", words.Key("KEY goes to a definition"), words.Key("of the name at the caret; a few lines are shown before you leave")},
	{"go.back", words.Key("KEY goes back"), words.Key("to where you came from, through every jump")},
	{"search.deposit", words.Key("KEY searches everything"), words.Key("in all files of the release; hits come while you type")},
	{"go.hidden", words.Key("KEY goes to a hidden character"), words.Key("unpack/pdf_decode.c has some: each is drawn in a box")},
	{"note.begin", words.Key("KEY writes a note"), words.Key("about the selected lines; it stays in the journal")},
	{"export.open", words.Key("KEY shows what would leave"), words.Key("byte for byte, before it is signed; the receipt says how to verify it")},
}

func newTips(d *Desk) *tips {
	t := &tips{d: d, banner: panel.NewBanner(d.look, panel.BannerStyle{}), done: d.app.Preferences().StringList(settingTips)}
	t.banner.Hide()
	return t
}

// ended is what is remembered when nothing is to be told any more.
const ended = "ended"

// begin shows the tips that are left, on the sample.
func (t *tips) begin() {
	if !slices.Contains(t.done, ended) {
		t.on = true
		t.show()
	}
}

// again shows all tips from the first.
func (t *tips) again() {
	t.on = true
	t.remember(nil)
	t.show()
}

func (t *tips) remember(done []string) {
	t.done = done
	t.d.app.Preferences().SetStringList(settingTips, done)
}

// did notes that an action was done.
func (t *tips) did(id string) {
	if !t.on || slices.Contains(t.done, id) || !slices.ContainsFunc(allTips, func(one tip) bool { return one.id == id }) {
		return
	}
	t.remember(append(t.done, id))
	t.show()
}

// next is the number of the first tip whose action was not done, len(allTips) for none.
func (t *tips) next() int {
	for i, one := range allTips {
		if !slices.Contains(t.done, one.id) {
			return i
		}
	}
	return len(allTips)
}

func (t *tips) end() {
	t.on = false
	t.remember([]string{ended})
	t.hide()
	t.d.toast(panel.ToneDim, "info", words.T("Tips are in the Help menu"), words.T("when you want them again."))
}

func (t *tips) hide() {
	focused := t.d.win.Canvas().Focused() == t.banner
	t.banner.Hide()
	t.d.win.Content().Refresh()
	if s, ok := t.d.screen.(interface{ focusCode() }); ok && focused {
		s.focusCode()
	}
	t.d.trace.say("tip")
}

func (t *tips) show() {
	i := t.next()
	if i == len(allTips) {
		t.end()
		return
	}
	one := allTips[i]
	key := t.d.actionsByID()[one.id].key.String()
	t.banner.Set(panel.BannerStyle{
		Tone: panel.ToneAccent, Icon: "info", Bold: strings.ReplaceAll(words.T(one.bold), "KEY", key), Text: words.T(one.text),
		Links: []panel.Action{
			{Label: words.T("Next tip (%d of %d)", i+1, len(allTips)), Do: func() { t.did(one.id) }},
			{Label: words.T("No more tips"), Do: t.end},
		},
	})
	t.banner.Show()
	t.d.win.Content().Refresh()
	t.d.trace.say("tip", one.id)
}
