package desk

import (
	"fmt"
	"path/filepath"

	"vitrine/viewer/words"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"vitrine/app/room"
	"vitrine/viewer/panel"
	"vitrine/viewer/style"
)

// showReceipt says what was written and how a stranger verifies it with stock
// tools.
func (e *exportScreen) showReceipt(rc *room.Receipt) {
	e.receipt = rc
	r, l := e.r, e.r.d.look
	commands := []fyne.CanvasObject{heading(l, words.T("Verified anywhere, with stock tools")),
		panel.NewNote(l, words.T("allowed_signers holds the last line; hand it over by another way than the bundle."))}
	for _, c := range rc.Commands {
		commands = append(commands, r.d.command(c))
	}
	commands = append(commands, panel.NewCaption(l, words.T("Line for allowed_signers")), r.d.command(rc.AllowedSigners))
	again := panel.NewButton(l, panel.Secondary, words.T("Export again"), func() {
		r.closeExport()
		r.openExport()
	})
	back := panel.NewButton(l, panel.Primary, words.T("Back to the room"), func() { e.escape() })
	card := panel.NewCard(l, panel.CardStyle{Stripe: panel.ToneOk, Striped: true}, panel.Pad(20, 28, 24, 28, panel.VBox(12,
		panel.HBox(20, panel.Center(panel.NewIcon(l, "shield", panel.ToneOk, 36)),
			panel.Grow(panel.VBox(2, panel.NewTitle(l, words.T("The bundle is signed")), panel.NewNote(l, words.T("Written, read back and verified. The journal has both the intent and the outcome.")))),
			panel.Center(panel.NewChip(l, panel.ChipStyle{Icon: "check", Text: words.T("Verified"), Tone: panel.ToneOk}))),
		panel.NewRule(l),
		panel.VBox(style.Gap1,
			fact(l, words.T("File"), filepath.Base(rc.Path), false),
			fact(l, words.T("Folder"), filepath.Dir(rc.Path), false),
			fact(l, "SHA-256", inFours(rc.SHA256), true),
			fact(l, words.T("Deposit"), inFours(rc.Deposit), true),
			fact(l, words.T("Signed by"), rc.Principal, false),
			fact(l, words.T("Journal head"), "entry "+fmt.Sprint(rc.Head.N)+", "+short(rc.Head.Hash), true),
			fact(l, words.T("Slip"), words.T("%s, beside it: print it and keep it apart from the bundle", filepath.Base(rc.Slip)), false),
		),
		panel.NewRule(l),
		panel.VBox(6, commands...),
	)))
	next := container.New(cardColumn{margin: style.Gap3}, panel.HBox(style.Gap3, panel.Grow(panel.Sized(1, 1, panel.NewLine(l))), again, back))
	e.stage.Objects = []fyne.CanvasObject{container.NewBorder(nil, next, nil, nil, panel.NewScroll(newCardColumn(card)))} // what is next stays in sight
	e.stage.Refresh()
	r.showStatus()
	r.d.trace.say("screen", "receipt")
	r.d.trace.say("signed", rc.Path)
	r.d.focus("receipt", back)
}
