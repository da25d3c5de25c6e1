package desk

import (
	"context"

	"vitrine/app/room"
	"vitrine/viewer/panel"
)

// buildSymbols opens or builds the symbol index, which comes after the text index.
func (r *roomScreen) buildSymbols() {
	r.d.trace.say("symbols", "building")
	start(r.naming, func(ctx context.Context, emit func(room.SymbolState)) (nothing, error) {
		return nothing{}, r.visit.BuildSymbols(ctx, emit)
	}, func(states []room.SymbolState) {
		r.named = states[len(states)-1]
		r.symbolsChanged()
	}, func(_ nothing, err error) {
		r.named = r.visit.SymbolState()
		if err != nil {
			r.named.Err = err
			r.d.trace.say("symbols", "failed")
			r.d.fail("There is no symbol index.", err)
		} else {
			r.d.trace.say("symbols", "ready")
		}
		r.symbolsChanged()
	})
}

func (r *roomScreen) symbolsChanged() {
	r.showStatus()
	r.finder.symbolsChanged()
	r.symbols.symbolsChanged()
}

// symbolText is how far the symbols are, "" when they are all there.
func (r *roomScreen) symbolText() string {
	switch {
	case r.named.Err != nil:
		return "No symbols"
	case r.named.Ready:
		return ""
	case r.named.Total == 0:
		return "Symbols: waiting for the text index"
	}
	return "Symbols: " + percent(r.named.Done, r.named.Total)
}

// noSymbols says, where something needs the symbol index, that it is not there;
// false when it is.
func (r *roomScreen) noSymbols(what string) bool {
	if r.named.Ready {
		return false
	}
	text := what + " works when they are indexed."
	if r.named.Err != nil {
		text = sentence(r.named.Err)
	}
	r.d.trace.say("symbols", "waiting")
	r.d.toast(panel.ToneWarn, "info", r.symbolText()+".", text)
	return true
}

// symbolItem is the status bar's word on symbols; nothing when all is well.
func (r *roomScreen) symbolItem() (it panel.StatusItem, ok bool) {
	it = panel.StatusItem{ID: "symbols", Icon: "symbols", IconTone: panel.ToneAccent, Text: "Symbols", Tone: panel.ToneDim, Right: true}
	switch {
	case r.named.Ready, !r.index.Ready:
		return it, false
	case r.named.Err != nil:
		it.Icon, it.IconTone, it.Tone, it.Text, it.Tip = "warn", panel.ToneDanger, panel.ToneDanger, "No symbols", r.named.Err.Error()
	case r.named.Total > 0:
		it.Text = "Symbols " + percent(r.named.Done, r.named.Total)
	}
	return it, true
}
