package desk

import (
	"context"

	"vitrine/viewer/words"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"vitrine/app/review"
	"vitrine/app/room"
	"vitrine/viewer/panel"
	"vitrine/viewer/style"
)

// shippedFile is one artifact: what the manifest says of it, what a file from a
// medium turned out to be, and who says to have rebuilt it.
type shippedFile struct {
	s    *shippedScreen
	body fyne.CanvasObject

	title    *panel.Line
	of       *panel.Line
	content  *fyne.Container // facts, instructions and evidence
	card     *panel.Card     // the sentence about the last file
	verdict  *panel.Label
	sentence *panel.Label

	check, take, cancel *panel.Button
	bar                 *panel.Progress
	note                *panel.Label
	alert               *panel.Label

	artifact *room.Shipped
	hashing  *slot
	taking   *slot
	off      context.CancelFunc // calls the hashing off
}

func newShippedFile(s *shippedScreen) *shippedFile {
	f := &shippedFile{s: s, hashing: s.r.d.board.slot(), taking: s.r.d.board.slot()}
	l := s.r.d.look
	f.title, f.of = panel.NewLine(l), panel.NewLine(l)
	f.verdict, f.sentence = heading(l, ""), panel.NewNote(l, "")
	f.card = panel.NewCard(l, panel.CardStyle{}, panel.Pad(12, 16, 12, 16, panel.VBox(4, f.verdict, f.sentence)))
	f.card.Hide()
	f.content = panel.VBox(style.Gap3)
	middle := panel.VBox(0,
		panel.NewSurface(l, panel.GroundChrome, panel.EdgeBottom, panel.Sized(0, style.HeightHeader-1, panel.Pad(0, 14, 0, 14, panel.HBox(style.Gap2, panel.Grow(f.title), f.of)))),
		panel.Grow(panel.NewScroll(panel.Pad(16, 20, 20, 20, f.content))))

	f.check = panel.NewButton(l, panel.Primary, words.T("Check a file …"), f.s.chooseFile)
	f.take = panel.NewButton(l, panel.Secondary, words.T("Take build evidence …"), f.s.chooseEvidence)
	f.cancel = panel.NewButton(l, panel.Secondary, words.T("Cancel"), func() { f.callOff() })
	f.bar = panel.NewProgress(l)
	f.note = panel.NewNote(l, "")
	f.alert = panel.NewLabel(l, "")
	f.alert.Tone = panel.ToneDanger
	right := panel.NewSurface(l, panel.GroundChrome, panel.EdgeLeft, panel.NewScroll(panel.Pad(16, 16, 16, 16, panel.VBox(style.Gap3,
		panel.NewTitle(l, words.T("Compare")),
		panel.NewNote(l, words.T("A file from a medium is hashed and compared, byte for byte. What came out is recorded in the journal.")),
		f.check, f.bar, f.note, f.cancel, f.alert,
		panel.NewRule(l),
		panel.NewNote(l, words.T("Build evidence is NAME.json with NAME.json.sig: who rebuilt the file, with which toolchain, identical or not. It is verified against the keys that the policy names.")),
		f.take,
		panel.VBox(4,
			panel.NewHints(l, []panel.Hint{{Key: words.T("Ctrl+O"), Text: words.T("checks a file")}}),
			panel.NewHints(l, []panel.Hint{{Key: words.T("Ctrl+Shift+O"), Text: words.T("takes evidence")}}),
			panel.NewHints(l, []panel.Hint{{Key: words.T("Esc"), Text: words.T("goes back to the code")}})),
	))))
	f.body = container.New(columns{{}, {least: 240, most: checksWidth, share: .34}}, middle, right)
	f.idle()
	return f
}

// idle is the right side while nothing is hashed.
func (f *shippedFile) idle() {
	f.off = nil
	f.check.Enable()
	f.take.Enable()
	f.bar.Hide()
	f.note.Hide()
	f.cancel.Hide()
	f.alert.Hide()
	f.body.Refresh()
}

func (f *shippedFile) stop() {
	if f.off != nil {
		f.off()
	}
	f.hashing.stop()
	f.taking.stop()
	f.idle()
}

// callOff ends the hashing, if there is any; the task then says so itself.
func (f *shippedFile) callOff() bool {
	if f.off == nil {
		return false
	}
	f.off()
	return true
}

func (f *shippedFile) refuse(err error) {
	f.s.r.d.trace.say("error", err)
	f.alert.SetText(sentence(err))
	f.alert.Show()
	f.body.Refresh()
}

// show shows an artifact; the sentence of another one goes.
func (f *shippedFile) show(a *room.Shipped) {
	l := f.s.r.d.look
	if f.artifact == nil || f.artifact.Release != a.Release || f.artifact.Name != a.Name {
		f.card.Hide()
		f.alert.Hide()
	}
	f.artifact = a
	f.title.Set(panel.Span{Text: a.Name, Bold: true})
	f.of.Set(panel.Span{Text: words.T("release %s", a.Release), Tone: panel.ToneDim})
	parts := []fyne.CanvasObject{f.card, panel.VBox(style.Gap1,
		digestFact(l, "SHA-256", a.SHA256.String()),
		fact(l, words.T("Size"), grouped(a.Size)+" bytes", false),
		fact(l, words.T("Last check"), lastCheck(a.Checked), false),
	)}
	parts = append(parts, panel.NewRule(l), heading(l, words.T("Who rebuilt it")))
	if len(a.Evidence) == 0 {
		parts = append(parts, panel.NewNote(l, words.T("Nobody yet, that is known here.")))
	}
	for _, e := range a.Evidence[max(0, len(a.Evidence)-maxEvidence):] {
		parts = append(parts, evidenceCard(l, e))
	}
	if n := len(a.Evidence) - maxEvidence; n > 0 {
		parts = append(parts, panel.NewNote(l, words.T("%s in the journal.", plural(n, "older one is", "older ones are"))))
	}
	if a.Build != "" {
		text := panel.NewLabel(l, a.Build)
		text.Mono, text.TextSize = true, style.TextCaption // 80 columns fit
		edges := panel.EdgeTop | panel.EdgeRight | panel.EdgeBottom | panel.EdgeLeft
		parts = append(parts, panel.NewRule(l), heading(l, words.T("How to build it, says the vendor")),
			panel.NewSurface(l, panel.GroundField, edges, panel.Pad(10, 12, 10, 12, text)))
	}
	f.content.Objects = parts
	f.content.Refresh()
	f.body.Refresh()
}

// digestFact is a fact whose digest stands on one line.
func digestFact(l *panel.Look, caption, digest string) fyne.CanvasObject {
	v := panel.NewLabel(l, digest)
	v.Mono, v.TextSize = true, style.TextCaption
	return panel.HBox(0, factOf(l, caption), panel.Grow(v))
}

// maxEvidence bounds the cards that are drawn: a screen, and some to scroll.
const maxEvidence = 20

func lastCheck(c *review.Checked) string {
	if c == nil {
		return words.T("none in this journal")
	}
	what := words.T("other bytes than listed")
	if c.Same() {
		what = "identical"
	}
	return words.T("%s: %s · %s · journal entry %s", c.File, what, c.At.Format(words.T("2 January 2006, 15:04 MST")), grouped(c.Entry))
}

// evidenceCard is one piece of build evidence.
func evidenceCard(l *panel.Look, e review.Evidence) fyne.CanvasObject {
	st := e.Statement
	chip := panel.ChipStyle{Icon: "check", Text: words.T("Identical"), Tone: panel.ToneOk}
	if !st.Identical {
		chip = panel.ChipStyle{Icon: "x", Text: words.T("Other bytes"), Tone: panel.ToneWarn}
	}
	who := []panel.Span{{Text: st.By.Name, Bold: true}}
	if st.By.Organisation != "" {
		who = append(who, panel.Span{Text: st.By.Organisation, Tone: panel.ToneDim, Gap: 8})
	}
	signer := e.Signer
	if signer == "" {
		signer = words.T("a key without a name")
	}
	rows := []fyne.CanvasObject{
		panel.HBox(style.Gap2, panel.Grow(panel.NewLine(l, who...)), panel.NewChip(l, chip)),
		fact(l, words.T("Signed by"), signer+", "+e.Role, false),
		digestFact(l, words.T("Key"), e.Fingerprint),
		fact(l, words.T("Toolchain"), st.Toolchain, false),
	}
	if st.Environment != "" {
		rows = append(rows, fact(l, words.T("Built"), st.Environment, false))
	}
	if !st.Identical {
		rows = append(rows, digestFact(l, "SHA-256", st.Rebuilt.SHA256.String()))
	}
	if st.Differences != "" {
		rows = append(rows, fact(l, words.T("Differences"), st.Differences, false))
	}
	rows = append(rows, fact(l, words.T("Signed at"), st.At, false))
	if room.VendorsOwn(e) {
		own := panel.NewNote(l, words.T("This is the vendor's own word on what it ships: a claim, no second opinion."))
		own.Tone = panel.ToneWarn
		rows = append(rows, own)
	}
	return panel.NewCard(l, panel.CardStyle{}, panel.Pad(12, 16, 12, 16, panel.VBox(style.Gap1, rows...)))
}

// canCheck reports whether an artifact is selected and nothing is under way.
func (s *shippedScreen) canCheck() bool {
	return s.selected().artifact != nil && s.file.off == nil && !s.file.taking.running()
}

// from is the folder in which to look for files.
func (s *shippedScreen) from() string {
	if s.start == "" {
		dir, err := s.r.visit.Medium()
		if err != nil {
			s.r.d.fail(words.T("The sample's medium cannot be unpacked."), err)
		}
		s.start = dir
	}
	return s.start
}

// chooseFile asks for the file to compare.
func (s *shippedScreen) chooseFile() {
	if s.canCheck() {
		pickPath(s.r.d, pick{Title: words.T("Choose the file to check"), Start: s.from()}, s.checkFile)
	}
}

// checkFile hashes and compares a file.
func (s *shippedScreen) checkFile(path string) {
	row, f := s.selected(), s.file
	if row.artifact == nil || f.off != nil {
		return
	}
	s.start = path
	meant := row.artifact.Artifact
	off, callOff := context.WithCancel(context.Background())
	f.stop()
	f.off = callOff
	f.card.Hide()
	f.check.Disable()
	f.take.Disable()
	f.bar.Set(0, panel.ToneAccent)
	f.note.SetText(words.T("Hashing …"))
	for _, o := range []fyne.CanvasObject{f.bar, f.note, f.cancel} {
		o.Show()
	}
	f.body.Refresh()
	s.r.d.focus("detail", f.cancel)
	start(f.hashing, func(ctx context.Context, emit func([2]int64)) (room.FileCheck, error) {
		ctx, cancel := context.WithCancel(ctx)
		defer cancel()
		defer context.AfterFunc(off, cancel)()
		return s.r.visit.CheckFile(ctx, meant, path, func(done, total int64) { emit([2]int64{done, total}) })
	}, func(all [][2]int64) {
		last := all[len(all)-1]
		f.bar.Set(float32(last[0])/float32(max(1, last[1])), panel.ToneAccent)
		f.note.SetText(words.T("%s of %s", bytesOf(last[0]), bytesOf(last[1])))
	}, func(c room.FileCheck, err error) {
		called := off.Err() != nil
		callOff()
		f.idle()
		s.r.d.focus("detail", f.check)
		switch {
		case err != nil && called:
			f.note.SetText(words.T("Called off. Nothing was recorded."))
			f.note.Show()
			f.body.Refresh()
		case err != nil:
			f.refuse(err)
		default:
			s.checked(c)
		}
	})
}

// checked shows what came out.
func (s *shippedScreen) checked(c room.FileCheck) {
	f := s.file
	s.load()
	s.choose(c.Artifact.Release, c.Artifact.Name)
	style, word, told := panel.CardStyle{Stripe: panel.ToneOk, Striped: true}, words.T("Identical, byte for byte"), "same"
	if c.Same && !c.Meant { // an older release's file would look right otherwise
		style.Stripe, word = panel.ToneWarn, words.T("Identical, but to another artifact than the one selected")
	}
	if !c.Same {
		style.Stripe, word, told = panel.ToneDanger, words.T("Not what is listed"), "other"
	}
	f.card.Set(style)
	f.verdict.SetText(word)
	f.sentence.SetText(c.Sentence)
	f.card.Show()
	f.body.Refresh()
	s.r.showStatus()
	s.r.d.trace.say("checked", c.Artifact.Name, told)
}

// chooseEvidence asks for build evidence.
func (s *shippedScreen) chooseEvidence() {
	if s.canCheck() {
		pickPath(s.r.d, pick{Title: words.T("Choose build evidence: NAME.json, its signature beside it"), Ext: ".json", Start: s.from()}, s.takeEvidence)
	}
}

// takeEvidence verifies and records it. Once begun it is not called off.
func (s *shippedScreen) takeEvidence(path string) {
	s.start = path
	f := s.file
	f.alert.Hide()
	durable(f.taking, func(ctx context.Context) (review.Evidence, error) {
		return s.r.visit.TakeEvidence(ctx, path)
	}, func(e review.Evidence, err error) {
		f.take.Enable()
		if err != nil {
			f.refuse(err)
			return
		}
		s.load()
		s.choose(e.Statement.Release, e.Statement.Artifact.Name)
		s.r.showStatus()
		told := "other"
		if e.Statement.Identical {
			told = "same"
		}
		s.r.d.trace.say("evidence", e.Statement.Artifact.Name, told)
		s.r.d.focus("detail", f.take)
	})
	f.take.Disable()
}
