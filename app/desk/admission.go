package desk

import (
	"context"
	"time"

	"vitrine/viewer/words"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"vitrine/app/room"
	"vitrine/viewer/panel"
	"vitrine/viewer/style"
)

// admission shows the steps of an admission as they go, then the certificate
// or the reason why there is none.
type admission struct {
	d       *Desk
	req     room.Request
	root    fyne.CanvasObject
	stepper *panel.Stepper
	steps   map[string]room.Step // by title
	titles  []string
	current string // title of the step under way
	elapsed *panel.Line
	since   time.Time
	took    time.Duration
	cancel  *panel.Button
	bottom  *fyne.Container // cancel and elapsed
	right   *fyne.Container
	alert   *panel.Banner
	admit   *slot
	enter   *slot
	clock   *slot

	admitted *room.Admission // until a visit takes it over
	who      func() string   // the reviewer chosen
	first    fyne.Focusable  // what takes the focus on the certificate
	button   *panel.Button
}

const (
	stepsWidth = 354
	cardWidth  = 800
)

func newAdmission(d *Desk, req room.Request) *admission {
	a := &admission{d: d, req: req, titles: room.Steps(), admit: d.board.slot(), enter: d.board.slot(), clock: &slot{board: d.board, quiet: true}}
	l := d.look
	title := panel.NewTitle(l, words.T("Admitting the deposit"))
	lead := panel.NewNote(l, words.T("Nothing can be read before every check has passed."))
	a.stepper = panel.NewStepper(l)
	a.elapsed = panel.NewLine(l)
	a.cancel = panel.NewButton(l, panel.Link, words.T("Cancel"), a.stop)
	a.bottom = panel.HBox(style.Gap2, a.cancel, panel.Spacer(), a.elapsed)
	left := panel.NewSurface(l, panel.GroundChrome, panel.EdgeRight, panel.Pad(28, 24, 24, 32, panel.VBox(style.Gap1,
		title, lead,
		panel.Pad(style.Gap4, 0, 0, 0, a.stepper),
		panel.Spacer(),
		a.bottom,
	)))
	a.alert = panel.NewBanner(l, panel.BannerStyle{})
	a.right = container.NewStack()
	a.root = container.New(columns{{least: 300, most: stepsWidth + 46, share: .34}, {}}, left, a.right)
	return a
}

func (a *admission) name() string            { return "admission" }
func (a *admission) body() fyne.CanvasObject { return a.root }
func (a *admission) unsaved() string         { return "" }

func (a *admission) leave() error {
	if a.admitted == nil {
		return nil
	}
	return a.admitted.Close()
}

func (a *admission) menus() []menu {
	return []menu{
		{words.T("File"), []action{
			{id: "room.another", label: words.T("Choose another deposit"), icon: "files", do: a.d.another},
			{id: "app.leave", label: words.T("Quit"), key: chord{fyne.KeyQ, ctrl}, do: a.d.close, rule: true},
		}},
		{words.T("View"), a.d.themes()},
		a.d.helpMenu(),
	}
}

func (a *admission) regions() []region {
	return []region{
		{"certificate", func() []fyne.Focusable {
			if a.first != nil {
				return []fyne.Focusable{a.first}
			}
			return nil
		}},
		{"steps", one(a.cancel)},
	}
}

func (a *admission) entered() {
	a.d.foot.Hide()
	a.d.bar.SetField("", "")
	a.d.bar.SetRight(panel.ToneFaint, words.T("Not in the room yet"))
	a.begin()
}

// begin starts the admission, for the first time or again.
func (a *admission) begin() {
	a.steps, a.current, a.since = map[string]room.Step{}, a.titles[0], time.Now()
	a.cancel.SetLabel(words.T("Cancel"))
	a.draw(room.Step{}, false)
	a.showRequest()
	tick(a.clock, 100*time.Millisecond, a.showElapsed)
	a.d.focus("steps", a.cancel)
	start(a.admit, func(ctx context.Context, emit func(room.Step)) (*room.Admission, error) {
		return room.Admit(ctx, a.d.cfg, a.req, emit)
	}, a.progress, a.done)
}

func (a *admission) progress(steps []room.Step) {
	for _, s := range steps {
		a.steps[s.Title] = s
		a.current = s.Title
		if s.Finished {
			for i, t := range a.titles {
				if t == s.Title && i+1 < len(a.titles) {
					a.current = a.titles[i+1]
				}
			}
		}
	}
	a.draw(room.Step{}, false)
}

// draw shows the steps; failed marks the one under way.
func (a *admission) draw(_ room.Step, failed bool) {
	var out []panel.Step
	found := false // a step told what is wrong
	for _, s := range a.steps {
		found = found || s.Problems > 0
	}
	for _, t := range a.titles {
		s, known := a.steps[t]
		row := panel.Step{Name: t, Note: s.Note, State: panel.Waiting}
		switch {
		case known && s.Problems > 0:
			row.State, row.Time, row.Note = panel.Failed, seconds(s.Elapsed), plural(s.Problems, "problem", "problems")
		case known && s.Finished && s.Before:
			row.State, row.Time = panel.Done, "earlier"
		case known && s.Finished:
			row.State, row.Time = panel.Done, seconds(s.Elapsed)
		case t == a.current && failed && !found:
			row.State = panel.Failed
		case t == a.current && failed:
		case t == a.current:
			row.State = panel.Running
			if s.Total > 0 {
				row.Fraction = float32(s.Done) / float32(s.Total)
				row.Time = percent(s.Done, s.Total)
			}
		}
		out = append(out, row)
	}
	a.stepper.Set(out)
}

func percent(done, total int64) string {
	if total <= 0 {
		return ""
	}
	return grouped(min(100, done*100/total)) + " %"
}

func (a *admission) showElapsed() {
	a.foot(words.T("%s so far", seconds(time.Since(a.since))))
}

// foot is the time at the bottom, beside a button whose label changes.
func (a *admission) foot(elapsed string) {
	a.elapsed.Set(panel.Span{Text: elapsed, Tone: panel.ToneDim, Size: style.TextSecondary})
	a.bottom.Refresh()
}

// showRequest fills the right side while there is nothing verified to show.
func (a *admission) showRequest() {
	l := a.d.look
	what := [][2]string{{words.T("Deposit"), a.req.Deposit}, {words.T("Policy"), a.req.Policy}}
	if a.req.Sample {
		what = [][2]string{{words.T("Deposit"), words.T("Built-in sample")}, {words.T("Policy"), words.T("Built in, pinned by its digest")}}
	}
	rows := []fyne.CanvasObject{
		panel.HBox(style.Gap3, panel.Center(panel.NewIcon(l, "shield", panel.ToneFaint, 28)), panel.Grow(panel.VBox(2,
			panel.NewTitle(l, words.T("Checking")),
			panel.NewNote(l, words.T("A process of its own reads the deposit; this window only hears how far it is.")),
		))),
		panel.NewRule(l),
	}
	for _, w := range what {
		rows = append(rows, fact(l, w[0], w[1], false))
	}
	a.set(panel.NewCard(l, panel.CardStyle{}, panel.Pad(24, 28, 24, 28, panel.VBox(style.Gap3, rows...))))
}

// set shows a card at the right, scrolled where the window is small, and below it
// what is to be done next, which stays in sight.
func (a *admission) set(card fyne.CanvasObject, below ...fyne.CanvasObject) {
	a.first = nil
	scroll := panel.NewScroll(newCardColumn(card))
	a.right.Objects = []fyne.CanvasObject{scroll}
	if len(below) > 0 {
		next := container.New(cardColumn{margin: style.Gap3}, below...)
		a.right.Objects = []fyne.CanvasObject{container.NewBorder(nil, next, nil, nil, scroll)}
	}
	a.right.Refresh()
}

func (a *admission) done(adm *room.Admission, err error) {
	a.clock.stop()
	a.took = time.Since(a.since)
	a.foot(seconds(a.took))
	if err != nil {
		a.refused(err)
		return
	}
	a.admitted = adm
	a.cancel.SetLabel(words.T("Choose another deposit"))
	a.bottom.Refresh()
	a.showCertificate(adm.Certificate())
}

// again checks everything, also what was checked when the deposit was admitted
// first.
func (a *admission) again() {
	if a.enter.running() || a.admitted == nil {
		return
	}
	adm := a.admitted
	a.admitted = nil
	if err := adm.Close(); err != nil {
		a.refused(err)
		return
	}
	a.req.Full = true
	a.begin()
}

// stop cancels a running admission, or goes back to the chooser.
func (a *admission) stop() {
	if a.admit.running() {
		a.admit.stop()
		a.clock.stop()
		a.cancelled()
		return
	}
	a.d.another()
}

// fact is a caption with a value beside it.
func fact(l *panel.Look, caption, value string, mono bool) fyne.CanvasObject {
	v := panel.NewLabel(l, value)
	v.Mono = mono
	return panel.HTop(0, factOf(l, caption), panel.Grow(v))
}

// factOf is the caption, on a line with the first of the value.
func factOf(l *panel.Look, caption string) fyne.CanvasObject {
	c := panel.NewLabel(l, caption)
	c.Tone, c.NoWrap = panel.ToneDim, true
	return panel.Sized(factCaption, 0, c)
}

// factCaption leaves a fingerprint room on one line of the card.
const factCaption = 112

func newCardColumn(o ...fyne.CanvasObject) fyne.CanvasObject {
	return container.New(cardColumn{margin: cardMargin}, o...)
}

// cardColumn centres cards of the design's width and stacks them.
type cardColumn struct{ margin float32 }

const cardMargin = 28

func (cardColumn) width(of float32) float32 { return max(420, min(cardWidth, of-2*40)) }

func (k cardColumn) MinSize(o []fyne.CanvasObject) fyne.Size {
	h := float32(2 * cardMargin)
	for _, one := range o {
		if one.Visible() {
			h += one.MinSize().Height + 22
		}
	}
	return fyne.NewSize(500, h-22)
}

func (k cardColumn) Layout(o []fyne.CanvasObject, size fyne.Size) {
	w, y := k.width(size.Width), k.margin
	x := max(40, float32(int((size.Width-w)/2)))
	for _, one := range o {
		if !one.Visible() {
			continue
		}
		one.Resize(fyne.NewSize(w, one.Size().Height))
		h := one.MinSize().Height
		one.Move(fyne.NewPos(x, y))
		one.Resize(fyne.NewSize(w, h))
		y += h + 22
	}
}

// enterRoom makes the visit; entering is its first record.
func (a *admission) enterRoom() {
	if a.enter.running() || a.admitted == nil {
		return
	}
	a.button.Disable()
	who := a.who()
	adm := a.admitted
	durable(a.enter, func(ctx context.Context) (*room.Visit, error) { return room.Enter(ctx, adm, who) }, func(v *room.Visit, err error) {
		a.button.Enable()
		if err != nil {
			a.d.trace.say("error", err)
			a.alert.Set(panel.BannerStyle{Tone: panel.ToneDanger, Icon: "warn", Bold: words.T("You are not in the room."), Text: sentence(err)})
			a.alert.Show()
			a.right.Refresh()
			return
		}
		a.admitted = nil
		a.d.show(newRoom(a.d, v))
		if a.req.Sample {
			a.d.tips.begin()
		}
	})
}
