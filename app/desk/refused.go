package desk

import (
	"fyne.io/fyne/v2"

	"vitrine/viewer/words"

	"vitrine/app/room"
	"vitrine/viewer/panel"
	"vitrine/viewer/style"
)

func (a *admission) cancelled() {
	a.refusal(panel.ToneWarn, words.T("Admission was cancelled."), []fyne.CanvasObject{
		panel.NewLabel(a.d.look, words.T("Nothing of the deposit became visible. What was checked is forgotten.")),
	})
}

// refused shows why there is no certificate: what is wrong, what to do about it
// here, and what to tell the vendor.
func (a *admission) refused(err error) {
	a.d.trace.say("error", err)
	l := a.d.look
	r, judged := room.RefusalOf(err)
	if !judged {
		a.refusal(panel.ToneDanger, words.T("The deposit was not admitted."), []fyne.CanvasObject{panel.NewLabel(l, sentence(err))})
		return
	}
	var parts []fyne.CanvasObject
	for _, p := range r.Problems {
		parts = append(parts, panel.HTop(style.Gap2, panel.NewIcon(l, "warn", panel.ToneDanger, 16), panel.Grow(panel.NewLabel(l, asSentence(p)))))
	}
	if r.More > 0 {
		parts = append(parts, panel.NewNote(l, words.T("And %s more.", plural(r.More, "problem", "problems"))))
	}
	below := []fyne.CanvasObject{panel.VBox(style.Gap1, heading(l, words.T("What to do")), panel.NewLabel(l, r.Advice))}
	if r.Letter != "" {
		below = append(below, panel.VBox(6, heading(l, words.T("What to tell the vendor")), a.d.letter(r.Letter)))
	}
	if r.Checked != "" {
		parts = append(parts, panel.NewNote(l, words.T("Checked: %s.", r.Checked)))
	}
	a.refusal(panel.ToneDanger, words.T("The deposit was refused."), []fyne.CanvasObject{panel.VBox(style.Gap2, parts...)}, below...)
}

func (a *admission) refusal(tone panel.Tone, bold string, reasons []fyne.CanvasObject, below ...fyne.CanvasObject) {
	l := a.d.look
	a.draw(room.Step{}, true)
	a.cancel.SetLabel(words.T("Choose another deposit"))
	a.bottom.Refresh()
	a.d.trace.say("screen", "refused")
	retry := panel.NewButton(l, panel.Primary, words.T("Try again"), a.begin)
	back := panel.NewButton(l, panel.Secondary, words.T("Choose another deposit"), a.d.another)
	where := a.req.Deposit
	if a.req.Sample {
		where = words.T("Built-in sample")
	}
	parts := append([]fyne.CanvasObject{panel.NewBanner(l, panel.BannerStyle{Tone: tone, Icon: "warn", Bold: bold})}, reasons...)
	visible := words.T("Nothing of it; nothing was imported either.")
	if a.steps[a.titles[len(a.titles)-1]].Finished {
		visible = words.T("Nothing of it. The private copy that was checked stays on this workstation, unopened.")
	}
	parts = append(parts, panel.NewRule(l), fact(l, words.T("Deposit"), where, false), fact(l, words.T("Visible"), visible, false))
	for _, b := range below {
		parts = append(parts, panel.NewRule(l), b)
	}
	a.set(panel.NewCard(l, panel.CardStyle{Stripe: tone, Striped: true}, panel.Pad(20, 28, 24, 28, panel.VBox(style.Gap3, parts...))),
		panel.HBox(style.Gap3, panel.Spacer(), back, retry))
	a.first = retry
	a.d.focus("certificate", retry)
}
