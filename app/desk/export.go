package desk

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"strings"

	"vitrine/viewer/words"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"vitrine/app/bundle"
	"vitrine/app/room"
	"vitrine/viewer/code"
	"vitrine/viewer/colour"
	"vitrine/viewer/panel"
	"vitrine/viewer/style"
)

// sumsName is the file that the signature is over.
const sumsName = "SHA256SUMS"

// exportScreen shows exactly what would leave, byte for byte, what stays, and
// signs it.
type exportScreen struct {
	r     *roomScreen
	body  fyne.CanvasObject
	stage *fyne.Container

	lead    *panel.Label
	list    *panel.List
	stays   *panel.List
	held    [][2]string // what stays, and how much
	file    *panel.Line
	size    *panel.Line
	view    *code.View
	checks  *fyne.Container
	source  *panel.Check
	key     *panel.Select
	keyNote *panel.Label
	pass    *panel.Field
	path    *panel.Field
	sign    *panel.Button
	alert   *panel.Label

	draft   *room.Draft
	files   []bundle.File // of the draft, in the order shown
	sums    []string      // short digest of each
	shown   int
	keys    []room.Key
	receipt *room.Receipt

	drafting, listing, signing, colours *slot
	colourist                           *colourist
}

const (
	leavesWidth = 320
	checksWidth = 330
	staysRows   = 5 // kinds of things that stay
)

// openExport shows the export screen in place of side panel and code.
func (r *roomScreen) openExport() {
	if r.export == nil {
		r.closeShipped()
		r.export = newExport(r)
		r.stage(r.export.body)
	}
	r.rail.Select("export")
	r.d.trace.say("screen", "export")
	r.export.findKeys()
	r.d.focus("leaves", r.export.list)
}

// closeExport goes back to the room.
func (r *roomScreen) closeExport() {
	e := r.export
	if e == nil || e.signing.running() {
		return
	}
	e.drafting.stop()
	e.listing.stop()
	e.colours.stop()
	r.export = nil
	r.unstage()
}

func newExport(r *roomScreen) *exportScreen {
	e := &exportScreen{r: r, drafting: r.d.board.slot(), listing: r.d.board.slot(), signing: r.d.board.slot(), colours: r.d.board.slot()}
	l := r.d.look
	e.lead = panel.NewNote(l, "")
	e.list = panel.NewList(l, style.HeightTwoLine)
	e.list.Row = e.row
	e.list.OnSelect = e.show
	e.stays = panel.NewList(l, style.HeightTableRow)
	e.stays.Row = func(i int) panel.Row {
		return panel.Row{Fold: panel.Flat, Icon: "lock", IconTone: panel.TonePrivate, Text: []panel.Span{{Text: e.held[i][0], Tone: panel.ToneDim}}, Right: []panel.Span{{Text: e.held[i][1]}}}
	}
	left := panel.NewSurface(l, panel.GroundChrome, panel.EdgeRight, panel.VBox(0,
		panel.Pad(16, 16, 10, 16, panel.VBox(4, panel.NewTitle(l, words.T("What leaves")), e.lead)),
		panel.Grow(e.list),
		panel.NewSurface(l, panel.GroundChrome, panel.EdgeTop, panel.Pad(12, 6, 10, 2, panel.VBox(style.Gap2, panel.Pad(0, 0, 0, 14, heading(l, words.T("What stays here"))), panel.Sized(0, staysRows*style.HeightTableRow, e.stays)))),
	))

	e.file, e.size = panel.NewLine(l), panel.NewLine(l)
	e.view = code.NewView()
	e.view.OnShown = func(int, int) { e.colourist.shown() }
	r.d.arrange(e.view)
	e.view.SetPalette(l.Palette)
	e.view.SetFont(l.Code)
	e.view.OnKey = r.d.typedKey
	e.view.OnCopy = func(text string) { r.d.app.Clipboard().SetContent(text) } // what leaves is the reviewer's own
	middle := panel.VBox(0,
		panel.NewSurface(l, panel.GroundChrome, panel.EdgeBottom, panel.Sized(0, style.HeightHeader-1, panel.Pad(0, 14, 0, 14, panel.HBox(style.Gap2, panel.Grow(e.file), e.size)))),
		panel.Grow(e.view))

	e.checks = panel.VBox(0) // knows the height of wrapped notes, as a stack does not
	e.source = panel.NewCheck(l, words.T("Include the annotated source lines"), false, func(bool) { e.prepare() })
	e.key = panel.NewSelect(l, nil, -1, func(int) { e.keyChanged() })
	e.keyNote = panel.NewNote(l, "")
	other := panel.NewButton(l, panel.Link, words.T("Another key file …"), e.otherKey)
	e.pass = panel.NewPassword(l)
	e.pass.SetCaption(words.T("Passphrase of the key"))
	e.pass.OnSubmit = func(string) { e.export() }
	e.path = panel.NewField(l)
	e.path.SetCaption(words.T("Write the bundle to"))
	e.path.SetText(r.visit.DefaultBundlePath())
	e.path.OnSubmit = func(string) { e.export() }
	e.sign = panel.NewButton(l, panel.Primary, words.T("Sign"), e.export)
	e.sign.SetIcon("key")
	e.alert = panel.NewLabel(l, "")
	e.alert.Tone = panel.ToneDanger
	e.alert.Hide()
	right := panel.NewSurface(l, panel.GroundChrome, panel.EdgeLeft, panel.NewScroll(panel.Pad(16, 16, 16, 16, panel.VBox(style.Gap3,
		panel.NewTitle(l, words.T("Checks")),
		e.checks,
		e.source,
		panel.NewRule(l),
		panel.VBox(4, panel.NewCaption(l, words.T("Sign as")), e.key, e.keyNote, panel.HBox(0, other, panel.Spacer())),
		e.pass,
		e.path,
		e.sign,
		e.alert,
	))))
	e.stage = container.NewStack(container.New(columns{
		{least: 230, most: leavesWidth, share: .26}, {}, {least: 280, most: checksWidth, share: .27},
	}, left, middle, right))
	e.body = e.stage
	return e
}

func (e *exportScreen) regions() []region {
	if e.receipt != nil {
		return nil
	}
	return []region{
		{"leaves", one(e.list)},
		{"code", one(e.view)},
		{"sign", func() []fyne.Focusable {
			parts := []fyne.Focusable{e.key, e.path.Focusable(), e.source, e.sign}
			if e.pass.Visible() {
				parts = append([]fyne.Focusable{e.pass.Focusable()}, parts...)
			}
			return parts
		}},
	}
}

// escape goes back to the room from anywhere on this screen.
func (e *exportScreen) escape() bool {
	e.r.closeExport()
	e.r.focusCode()
	return true
}

// prepare makes the draft anew: of what is recorded now, signed by the key
// chosen, with or without source.
func (e *exportScreen) prepare() {
	k, ok := e.chosen()
	e.sign.Disable()
	if !ok || !k.Permitted {
		e.noDraft()
		return
	}
	opt := room.ExportOptions{Key: k, IncludeSource: e.source.On()}
	simple(e.drafting, func(ctx context.Context) (*room.Draft, error) {
		return e.r.visit.Draft(ctx, opt)
	}, func(d *room.Draft, err error) {
		if err != nil {
			e.refuse(err)
			return
		}
		e.alert.Hide()
		e.setDraft(d)
	})
}

func signLabel(d *room.Draft) string { return words.T("Sign %d files", len(d.Files)) }

// noDraft is the screen before there is a key: the statement names it, so
// nothing can be shown yet.
func (e *exportScreen) noDraft() {
	e.drafting.stop()
	e.draft = nil
	e.lead.SetText(words.T("Choose the key to sign with, at the right: the statement that leaves names it."))
	e.list.SetLength(0)
	e.list.Empty = words.T("Nothing leaves without a key.")
	e.held = nil
	e.stays.SetLength(0)
	e.view.SetSource(linesIn(nil))
	e.file.Set()
	e.size.Set()
	e.checks.Objects = nil
	e.body.Refresh()
}

func (e *exportScreen) setDraft(d *room.Draft) {
	e.draft, e.sums, e.files = d, nil, nil
	total := 0
	for _, f := range d.Files { // the sums last, as one reads them
		if f.Name != sumsName {
			e.files = append(e.files, f)
		}
	}
	for _, f := range d.Files {
		if f.Name == sumsName {
			e.files = append(e.files, f)
		}
	}
	for _, f := range e.files {
		sum := sha256.Sum256(f.Data)
		e.sums = append(e.sums, fours(hex.EncodeToString(sum[:]))[:10]+"…")
		total += len(f.Data)
	}
	e.lead.SetText(words.T("These %d files and the signature, byte for byte.", len(d.Files)))
	e.list.SetLength(len(e.files) + 1)
	e.held = nil
	held := 0
	for _, h := range d.HeldBack {
		e.held = append(e.held, [2]string{h.What, grouped(int64(h.Count))})
		if h.What == "Private notes" {
			held = h.Count
		}
	}
	text := "all"
	if e.source.On() {
		text = words.T("all but quoted lines")
	}
	e.held = append(e.held, [2]string{words.T("Source text"), text})
	e.stays.SetLength(len(e.held))
	e.checks.Objects = []fyne.CanvasObject{e.checkList(held)}
	e.checks.Refresh()
	e.sign.SetLabel(signLabel(d))
	e.list.Select(max(0, min(e.shown, len(d.Files)-1)))
	e.show(e.list.Selected())
	e.able()
	e.body.Refresh()
	e.r.d.trace.say("draft", len(d.Files), total)
}

func (e *exportScreen) checkList(private int) fyne.CanvasObject {
	l := e.r.d.look
	check := func(icon string, tone panel.Tone, bold, note string) fyne.CanvasObject {
		name := panel.NewLabel(l, bold)
		name.Bold = true
		return panel.HTop(style.Gap2, panel.Pad(2, 0, 0, 0, panel.NewIcon(l, icon, tone, 14)), panel.Grow(panel.VBox(1, name, panel.NewNote(l, note))))
	}
	leaving, back := 0, words.T("No note is private")
	if private > 0 {
		back = plural(private, "private note is held back", "private notes are held back")
	}
	for _, n := range e.r.visit.Annotations() {
		if !n.Private {
			leaving++
		}
	}
	rows := []fyne.CanvasObject{
		check("check", panel.ToneOk, plural(leaving, "annotation leaves", "annotations leave"), back),
		check("check", panel.ToneOk, words.T("Journal unbroken"), words.T("%s entries; the head is in the statement", grouped(e.r.visit.Entries()))),
	}
	if leaving == 0 {
		rows[0] = check("warn", panel.ToneWarn, words.T("No annotation leaves"), words.T("%s. The bundle would say only that you were here.", back))
	}
	if e.source.On() {
		rows = append(rows, check("warn", panel.ToneWarn, words.T("Source text leaves"), words.T("The annotated lines are quoted in the files at the left. Read them.")))
	} else {
		rows = append(rows, check("check", panel.ToneOk, words.T("No source text"), words.T("Places are named by path, lines and digest.")))
	}
	return panel.VBox(10, rows...)
}

func (e *exportScreen) row(i int) panel.Row {
	if e.draft == nil {
		return panel.Row{}
	}
	if i >= len(e.files) {
		return panel.Row{Fold: panel.Flat, Icon: "key", IconTone: panel.ToneDim, Text: []panel.Span{{Text: "SHA256SUMS.*.sig", Bold: true, Tone: panel.ToneDim}},
			Second: []panel.Span{{Text: words.T("over SHA256SUMS, after signing"), Tone: panel.ToneDim}}}
	}
	f := e.files[i]
	return panel.Row{Fold: panel.Flat, Icon: "doc", IconTone: panel.ToneDim, Text: []panel.Span{{Text: f.Name, Bold: true}},
		Second: []panel.Span{{Text: e.sums[i], Mono: true, Tone: panel.ToneDim, Size: style.TextCaption}},
		Right:  []panel.Span{{Text: bytesOf(int64(len(f.Data))), Tone: panel.ToneDim, Size: style.TextSecondary}}}
}

// byteLines shows a file's exact bytes by lines.
type byteLines [][]byte

func (b byteLines) Lines() int        { return len(b) }
func (b byteLines) Line(n int) []byte { return b[n-1] }

func linesIn(data []byte) byteLines {
	lines := bytes.Split(data, []byte("\n"))
	if n := len(lines); n > 1 && len(lines[n-1]) == 0 {
		lines = lines[:n-1]
	}
	return lines
}

func (e *exportScreen) show(i int) {
	if e.draft == nil || i < 0 || i >= len(e.files) {
		return
	}
	e.shown = i
	f := e.files[i]
	src := linesIn(f.Data)
	e.view.SetSource(src)
	e.file.Set(panel.Span{Text: f.Name})
	e.size.Set(panel.Span{Text: words.T("exact bytes · %s", plural(src.Lines(), "line", "lines")), Tone: panel.ToneDim})
	name := f.Name
	if strings.HasSuffix(name, ".sarif") {
		name = "x.json"
	}
	e.colours.stop()
	e.colourist = newColourist(e.view, colour.NewPainter(name, colour.InLines(f.Data), nil), e.colours, e.r.d.trace, func(error) {
		e.size.Set(panel.Span{Text: words.T("exact bytes, plain"), Tone: panel.ToneDim})
	})
	e.colourist.shown()
}

// findKeys lists the keys at hand.
func (e *exportScreen) findKeys() {
	simple(e.listing, func(ctx context.Context) ([]room.Key, error) { return e.r.visit.Keys(ctx) }, func(keys []room.Key, err error) {
		if err != nil {
			e.refuse(err)
		}
		e.setKeys(keys)
	})
}

func (e *exportScreen) setKeys(keys []room.Key) {
	e.keys = keys
	var names []string
	for _, k := range keys {
		names = append(names, k.Label+"   "+strings.TrimPrefix(k.Fingerprint, "SHA256:")[:9])
	}
	at := -1
	if len(keys) > 0 {
		at = 0
	}
	e.key.SetOptions(names, at)
	e.keyChanged()
}

func (e *exportScreen) chosen() (room.Key, bool) {
	i := e.key.Selected()
	if i < 0 || i >= len(e.keys) {
		return room.Key{}, false
	}
	return e.keys[i], true
}

func (e *exportScreen) keyChanged() {
	k, ok := e.chosen()
	e.keyNote.Tone = panel.ToneDim
	switch {
	case !ok:
		e.keyNote.SetText(words.T("No key is at hand: no OpenSSH key in ~/.ssh, no ssh-agent. Choose a key file, or make one with ssh-keygen -t ed25519."))
	case !k.Permitted:
		e.keyNote.Tone = panel.ToneWarn
		e.keyNote.SetText(words.T("This key may not sign: %s.", k.Why))
	default:
		e.keyNote.SetText(k.Fingerprint)
	}
	if ok && k.Encrypted {
		e.pass.Show()
	} else {
		e.pass.Hide()
	}
	e.prepare()
	e.body.Refresh()
}

func (e *exportScreen) able() {
	k, ok := e.chosen()
	if e.draft != nil && ok && k.Permitted && !e.signing.running() && !e.drafting.running() {
		e.sign.Enable()
	} else {
		e.sign.Disable()
	}
}

func (e *exportScreen) otherKey() {
	pickPath(e.r.d, pick{Title: words.T("Choose an OpenSSH private key"), Start: expand("~/.ssh/")}, func(path string) {
		simple(e.listing, func(context.Context) (room.Key, error) { return e.r.visit.KeyFile(path) }, func(k room.Key, err error) {
			if err != nil {
				e.refuse(err)
				return
			}
			e.alert.Hide()
			e.setKeys(append([]room.Key{k}, e.keys...))
		})
	})
}

func (e *exportScreen) refuse(err error) {
	e.r.d.trace.say("error", err)
	e.alert.SetText(sentence(err))
	e.alert.Show()
	e.body.Refresh()
}

// export signs and writes; what was shown is what leaves, or room refuses.
func (e *exportScreen) export() {
	k, ok := e.chosen()
	if !ok || !k.Permitted || e.draft == nil || e.signing.running() {
		return
	}
	draft, pass, path := e.draft, []byte(e.pass.Text()), expand(e.path.Text())
	e.alert.Hide()
	durable(e.signing, func(ctx context.Context) (*room.Receipt, error) {
		defer clear(pass)
		return e.r.visit.Export(ctx, draft, pass, path)
	}, func(rc *room.Receipt, err error) {
		e.pass.SetText("")
		e.sign.SetLabel(signLabel(draft))
		e.able()
		if err != nil {
			e.refuse(err)
			if e.pass.Visible() {
				e.r.d.focus("sign", e.pass.Focusable())
			}
			return
		}
		e.showReceipt(rc)
	})
	e.sign.Disable()
	e.sign.SetLabel(words.T("Signing …"))
}
