package desk

import (
	"vitrine/viewer/panel"
	"vitrine/viewer/words"
)

func (r *roomScreen) symbolsChanged() {
	r.showStatus()
	r.finder.symbolsChanged()
	r.symbols.symbolsChanged()
	r.search.symbolsChanged()
}

// symbolText is how far the symbols are, "" when they are all there.
func (r *roomScreen) symbolText() string {
	switch {
	case r.named.Err != nil:
		return words.T("No symbols")
	case r.named.Ready:
		return ""
	case r.named.Total == 0:
		return words.T("Symbols: waiting for the text index")
	}
	text := words.T("Symbols: %s", percent(r.named.Done, r.named.Total))
	if r.paused {
		text += words.T(", paused")
	}
	return text
}

// noSymbols says, where something needs the symbol index, that it is not there;
// false when it is.
func (r *roomScreen) noSymbols(what string) bool {
	if r.named.Ready {
		return false
	}
	text := words.T("%s works when they are indexed.", what)
	if r.named.Err != nil {
		text = sentence(r.named.Err)
	}
	r.d.trace.say("symbols", "waiting")
	r.d.toast(panel.ToneWarn, "info", r.symbolText()+".", text)
	return true
}

// symbolItem is the status bar's word on symbols; nothing when all is well.
func (r *roomScreen) symbolItem() (it panel.StatusItem, ok bool) {
	it = panel.StatusItem{ID: "symbols", Icon: "symbols", IconTone: panel.ToneAccent, Text: words.T("Symbols"), Tone: panel.ToneDim, Right: true}
	switch {
	case r.named.Ready, !r.index.Ready:
		return it, false
	case r.named.Err != nil:
		it.Icon, it.IconTone, it.Tone, it.Text, it.Tip = "warn", panel.ToneDanger, panel.ToneDanger, words.T("No symbols"), r.named.Err.Error()
	case r.named.Total > 0:
		it.Text = words.T("Symbols %s", percent(r.named.Done, r.named.Total))
	}
	if r.named.Err == nil {
		r.pauseItem(&it)
	}
	return it, true
}
