package desk

import (
	"context"
	"fmt"
	"runtime/debug"
	"strings"
	"time"

	"vitrine/viewer/words"

	"vitrine/app/room"
	"vitrine/viewer/panel"
)

// buildIndex opens or builds content and text index, and the symbols after them; reading
// goes on meanwhile.
func (r *roomScreen) buildIndex() {
	r.d.trace.say("index", "building")
	start(r.indexing, func(ctx context.Context, emit func(room.IndexState)) (nothing, error) {
		return nothing{}, r.visit.BuildIndex(ctx, emit)
	}, func(states []room.IndexState) {
		r.index = states[len(states)-1]
		r.pace.see(time.Now(), r.index.Phase, r.index.Done, r.index.Total)
		r.showStatus()
		r.search.indexChanged()
	}, func(_ nothing, err error) {
		r.index = r.visit.IndexState()
		r.index.Err = err
		r.built("index", r.index.Notice, words.T("There is no text index."), err)
		if err == nil {
			r.buildSymbols()
		}
		r.showStatus()
		r.search.indexChanged()
	})
}

// buildSymbols opens or builds the symbol index, which comes after the text index.
func (r *roomScreen) buildSymbols() {
	r.d.trace.say("symbols", "building")
	start(r.naming, func(ctx context.Context, emit func(room.DerivedState)) (nothing, error) {
		return nothing{}, r.visit.BuildSymbols(ctx, emit)
	}, func(states []room.DerivedState) {
		r.named = states[len(states)-1]
		r.pace.see(time.Now(), words.T("Symbols"), r.named.Done, r.named.Total)
		r.symbolsChanged()
	}, func(_ nothing, err error) {
		r.named = r.visit.SymbolState()
		r.named.Err = err
		r.built("symbols", r.named.Notice, words.T("There is no symbol index."), err)
		r.symbolsChanged()
		r.settle()
		r.buildCharacters()
	})
}

// built tells how the building of an index has ended: what was not as expected of it, or
// what there is not.
func (r *roomScreen) built(name, notice, lacking string, err error) {
	if err != nil {
		r.d.trace.say(name, "failed")
		r.d.fail(lacking, err)
		return
	}
	r.d.trace.say(name, "ready")
	r.notice(notice)
}

// settle gives back to the system what building and opening the indexes took: a room in
// which somebody reads makes hardly any garbage, and would keep it all day.
func (r *roomScreen) settle() {
	simple(&slot{board: r.d.board, quiet: true}, func(context.Context) (nothing, error) {
		freeMemory()
		return nothing{}, nil
	}, func(nothing, error) {})
}

// freeMemory walks through all that is kept. Tests have other things of the toolkit's in
// memory than one room, and do without.
var freeMemory = debug.FreeOSMemory

// notice tells what was not as expected of an index; it stays until it is closed.
func (r *roomScreen) notice(text string) {
	for line := range strings.Lines(text) {
		r.d.look.Toast(panel.ToastStyle{Tone: panel.ToneWarn, Icon: "journal", Bold: words.T("Index"), Text: strings.TrimSpace(line)})
	}
}

// building reports whether something is still to be indexed.
func (r *roomScreen) building() bool {
	texts, names, seen := r.index.Ready, r.named.Ready || r.named.Err != nil, r.surveyed.Ready || r.surveyed.Err != nil
	return r.index.Err == nil && !(texts && names && seen)
}

// turnIndexing pauses indexing, or goes on with it. What was done is kept.
func (r *roomScreen) turnIndexing() {
	if !r.building() {
		return
	}
	r.paused = !r.paused
	r.pace = pace{}
	switch {
	case r.paused:
		r.indexing.stop()
		r.naming.stop()
		r.surveying.stop()
		r.d.trace.say("index", "paused")
	case r.index.Ready && (r.named.Ready || r.named.Err != nil):
		r.buildCharacters()
	case r.index.Ready:
		r.buildSymbols()
	default:
		r.buildIndex()
	}
	r.symbolsChanged()
	if !r.index.Ready {
		r.search.indexChanged()
	}
}

// indexText is how far the text index is.
func (r *roomScreen) indexText() string {
	text := words.T("Indexing")
	if r.paused {
		text = words.T("Paused")
	}
	if r.index.Total > 0 {
		text += " " + percent(r.index.Done, r.index.Total)
	}
	return text
}

// A pace is how fast a task goes.
type pace struct {
	of    string // the task
	at    time.Time
	done  int64
	total int64
	rate  float64 // bytes a second; 0 while it is not known
}

// pacing is how long a rate is measured: less jumps, more is late.
const pacing = time.Second

// see learns how far a task is. A rate that was measured counts for more than the last
// second's, since files differ.
func (p *pace) see(now time.Time, of string, done, total int64) {
	if p.of != of || done < p.done || total != p.total {
		*p = pace{of: of, at: now, done: done, total: total}
		return
	}
	took := now.Sub(p.at)
	if took < pacing {
		return
	}
	rate := float64(done-p.done) / took.Seconds()
	if p.rate > 0 {
		rate = 0.7*p.rate + 0.3*rate
	}
	p.at, p.done, p.rate = now, done, rate
}

// String is the rate and the time that is left: "12 MB/s, 40 s left".
func (p *pace) String() string {
	if p.rate < 1 || p.total <= p.done {
		return ""
	}
	left := time.Duration(float64(p.total-p.done) / p.rate * float64(time.Second))
	text := words.T("less than a second")
	switch {
	case left > 24*time.Hour:
		text = words.T("more than a day")
	case left >= time.Hour:
		text = words.T("%d h %02d min", int(left.Hours()), int(left.Minutes())%60)
	case left >= time.Minute:
		text = fmt.Sprintf("%d min", int((left + 30*time.Second).Minutes()))
	case left >= time.Second:
		text = fmt.Sprintf("%d s", int(left.Round(time.Second).Seconds()))
	}
	return words.T("%s/s, %s left", bytesOf(int64(p.rate)), text)
}
