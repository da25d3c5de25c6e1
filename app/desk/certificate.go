package desk

import (
	"strings"

	"vitrine/viewer/words"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"vitrine/app/room"
	"vitrine/viewer/panel"
	"vitrine/viewer/style"
)

// showCertificate is the second half of admission: what was established, how
// to check it without us, and who enters.
func (a *admission) showCertificate(c room.Certificate) {
	l := a.d.look
	a.d.trace.say("screen", "certificate")
	rule := func() fyne.CanvasObject { return panel.NewRule(l) }
	parts := []fyne.CanvasObject{
		panel.HBox(20,
			panel.Center(panel.NewIcon(l, "shield", panel.ToneOk, 36)),
			panel.Grow(panel.VBox(2, panel.NewTitle(l, c.Title), panel.NewNote(l, deposited(c)))),
			panel.Center(panel.NewChip(l, panel.ChipStyle{Icon: "check", Text: words.T("Verified"), Tone: panel.ToneOk})),
		),
		rule(),
		panel.VBox(style.Gap1, certificateFacts(l, c)...),
		a.checked(c),
		rule(),
		releaseTable(l, c.Releases),
	}
	if len(c.Warnings) > 0 {
		rows := []fyne.CanvasObject{heading(l, plural(len(c.Warnings), "thing to know", "things to know"))}
		for _, w := range c.Warnings {
			rows = append(rows, panel.NewBanner(l, panel.BannerStyle{Tone: panel.ToneWarn, Icon: "warn", Bold: w.Fact, Text: w.Detail, Whole: true}))
		}
		parts = append(parts, rule(), panel.VBox(6, rows...))
	}
	parts = append(parts, rule(), panel.VBox(6, heading(l, words.T("Check it yourself")), a.d.command(c.Check)))
	card := panel.NewCard(l, panel.CardStyle{Stripe: panel.ToneOk, Striped: true}, panel.Pad(20, 28, 20, 28, panel.VBox(12, parts...)))

	a.button = panel.NewButton(l, panel.Primary, words.T("Enter the room"), a.enterRoom)
	a.button.SetIcon("arrow")
	a.alert = panel.NewBanner(l, panel.BannerStyle{})
	a.alert.Hide()
	who, first := a.reviewerChoice(c)
	note := words.T("Entering is recorded in the journal.")
	line := panel.NewLine(l, panel.Span{Text: note, Tone: panel.ToneDim})
	a.set(card, a.alert, container.New(enterRow{fyne.MeasureText(note, style.TextBody, fyne.TextStyle{}).Width + 2}, who, line, a.button))
	a.first = first
	if first == nil {
		a.first = a.button
	}
	a.d.focus("certificate", a.button)
}

func deposited(c room.Certificate) string {
	return words.T("Deposited by %s · sealed %s", c.Vendor, c.Sealed.UTC().Format(words.T("2 January 2006, 15:04 UTC")))
}

func certificateFacts(l *panel.Look, c room.Certificate) []fyne.CanvasObject {
	key := c.Fingerprint
	if c.Signer != "" && key != "" {
		key += "   " + c.Signer
	}
	if key == "" {
		key = words.T("none: trusted by the manifest's digest")
	}
	rows := []fyne.CanvasObject{
		fact(l, words.T("Vendor key"), key, c.Fingerprint != ""),
		fact(l, words.T("Manifest"), inFours(c.Digest), true),
	}
	for _, b := range c.Bundles {
		rows = append(rows, fact(l, words.T("Bundle"), fours(b.Digest)+"   "+b.Name+", "+bytesOf(b.Size), true))
	}
	if c.Commits != "" {
		rows = append(rows, fact(l, words.T("History"), c.Commits, false))
	}
	if c.Documents > 0 {
		rows = append(rows, fact(l, words.T("Documents"), words.T("%s of the releases, listed by digest and not shown as text", plural(int(c.Documents), "PDF or office file", "PDF and office files")), false))
	}
	policy := c.PolicyTitle
	if !c.NotAfter.IsZero() {
		policy += words.T(", until %s", c.NotAfter.UTC().Format(words.T("2 January 2006")))
	}
	return append(rows, fact(l, words.T("Policy"), policy, false), fact(l, words.T("Operator"), c.Operator, strings.HasPrefix(c.Operator, "SHA256:")))
}

// checked says how much was checked and when, and offers to do it again when that
// was not now.
func (a *admission) checked(c room.Certificate) fyne.CanvasObject {
	l := a.d.look
	when := c.Verified.UTC().Format(words.T("2 January 2006, 15:04 UTC"))
	if !c.Reopened {
		return fact(l, words.T("Checked"), c.Checked+", "+when, false)
	}
	again := panel.NewButton(l, panel.Link, words.T("Check everything again"), a.again)
	text := panel.NewLabel(l, words.T("%s, on %s. Now: signature, key, manifest; every file again when it is read.", c.Checked, when))
	return panel.HTop(0, factOf(l, words.T("Checked")), panel.Grow(text), again)
}

// inFours writes a whole digest in groups that can be read aloud.
func inFours(hex string) string {
	var b strings.Builder
	for i := 0; i < len(hex); i += 4 {
		if i > 0 {
			b.WriteByte(' ')
		}
		b.WriteString(hex[i:min(i+4, len(hex))])
	}
	return b.String()
}

// fours writes the beginning of a digest in groups that can be read aloud.
func fours(hex string) string {
	var b strings.Builder
	for i := 0; i+4 <= len(hex) && i < 32; i += 4 {
		b.WriteString(hex[i:i+4] + " ")
	}
	return b.String() + "…"
}

// releaseTable lists the releases, newest first.
func releaseTable(l *panel.Look, releases []room.ReleaseLine) fyne.CanvasObject {
	names := float32(90)
	for _, r := range releases {
		names = max(names, min(240, fyne.MeasureText(r.Name, style.TextBody, fyne.TextStyle{Bold: true}).Width+style.Gap4))
	}
	t := panel.NewTable(l, []panel.Column{
		{Title: words.T("Release"), Width: names, Bold: true}, {Title: words.T("Commit"), Width: 105, Mono: true}, {Title: words.T("Tree"), Width: 105, Mono: true},
		{Title: words.T("Files"), Width: 70}, {Title: words.T("Changed"), Width: 70}, {Title: words.T("Signature")},
	})
	var rows [][]panel.Span
	for i := len(releases) - 1; i >= 0; i-- {
		r := releases[i]
		changed := "–"
		if r.Changed >= 0 {
			changed = grouped(int64(r.Changed))
		}
		rows = append(rows, []panel.Span{{Text: r.Name}, {Text: short(r.Commit)}, {Text: short(r.Tree)}, {Text: grouped(int64(r.Files))}, {Text: changed}, signatureCell(r)})
	}
	t.SetRows(rows)
	return t
}

// signatureCell is what the vendor signed of a release, in a word or two.
func signatureCell(r room.ReleaseLine) panel.Span {
	tone := panel.ToneDim
	if strings.HasPrefix(r.Signed, "bad") {
		tone = panel.ToneDanger
	}
	return panel.Span{Text: r.Signed, Tone: tone}
}

func short(id string) string { return id[:min(len(id), 8)] }

// command is a line to be run elsewhere, with a button that copies it.
func (d *Desk) command(line string) fyne.CanvasObject {
	return d.passage(line, words.T("The command is on the clipboard."), 4, panel.HBox)
}

// letter is a text to be passed on, with a button that copies it.
func (d *Desk) letter(text string) fyne.CanvasObject {
	return d.passage(text, words.T("The text is on the clipboard."), style.Gap2, panel.HTop)
}

func (d *Desk) passage(text, copied string, pad float32, beside func(float32, ...fyne.CanvasObject) *fyne.Container) fyne.CanvasObject {
	shown := panel.NewLabel(d.look, text)
	shown.Mono, shown.TextSize, shown.Tone = true, style.TextCaption, panel.ToneDim
	button := panel.NewIconButton(d.look, "copy", words.T("Copy"), "", func() {
		d.app.Clipboard().SetContent(text)
		d.toast(panel.ToneOk, "check", words.T("Copied."), copied)
	})
	edges := panel.EdgeTop | panel.EdgeRight | panel.EdgeBottom | panel.EdgeLeft
	return panel.NewSurface(d.look, panel.GroundField, edges, panel.Pad(pad, 4, pad, 12, beside(style.Gap2, panel.Grow(shown), button)))
}

// reviewerChoice is who enters: chosen from the policy, or a name where any
// reviewer may practise.
func (a *admission) reviewerChoice(c room.Certificate) (fyne.CanvasObject, fyne.Focusable) {
	l := a.d.look
	switch {
	case c.AnyReviewer:
		f := panel.NewField(l)
		f.SetIcon("user")
		f.SetPlaceHolder(words.T("Your name, as it will stand in the record"))
		f.SetText(a.d.cfg.User)
		f.OnSubmit = func(string) { a.enterRoom() }
		a.who = f.Text
		return f, f.Focusable()
	case len(c.Reviewers) > 1:
		s := panel.NewSelect(l, c.Reviewers, 0, nil)
		a.who = func() string { return c.Reviewers[max(0, s.Selected())] }
		return s, s
	}
	name := ""
	if len(c.Reviewers) == 1 {
		name = c.Reviewers[0]
	}
	a.who = func() string { return name }
	return panel.NewLine(l, panel.Span{Text: words.T("Reviewer"), Tone: panel.ToneDim}, panel.Span{Text: name, Bold: true, Gap: 10}), nil
}

// enterRow lays out reviewer, note and the button that enters. The note is as wide as it
// must be, the reviewer has the rest, at most what a name needs.
type enterRow struct{ note float32 }

func (enterRow) MinSize(o []fyne.CanvasObject) fyne.Size {
	return fyne.NewSize(400, max(o[0].MinSize().Height, 34))
}

func (r enterRow) Layout(o []fyne.CanvasObject, size fyne.Size) {
	who, note, button := o[0], o[1], o[2]
	const most, least, buttonWidth = 300, 120, 168
	whoWidth := max(least, min(most, size.Width-r.note-buttonWidth-40))
	place(who, 0, whoWidth, size.Height)
	place(note, whoWidth+20, size.Width-whoWidth-buttonWidth-40, size.Height)
	place(button, size.Width-buttonWidth, buttonWidth, size.Height)
}

// place centres o in a row of height h.
func place(o fyne.CanvasObject, x, w, h float32) {
	oh := min(o.MinSize().Height, h)
	o.Move(fyne.NewPos(x, float32(int((h-oh)/2))))
	o.Resize(fyne.NewSize(w, oh))
}
