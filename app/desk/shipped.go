package desk

import (
	"slices"

	"vitrine/viewer/words"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"vitrine/app/room"
	"vitrine/index/deposit"
	"vitrine/viewer/panel"
	"vitrine/viewer/style"
)

// shippedScreen compares what the vendor ships with what it lists: artifacts and
// bills of materials by release at the left, the one that is selected beside it.
type shippedScreen struct {
	r     *roomScreen
	body  fyne.CanvasObject
	list  *panel.List
	lead  *panel.Label
	stage *fyne.Container // holds what is shown of the selected row

	rows  []shippedRow
	file  *shippedFile
	bill  *shippedBill
	start string // folder in which files were looked for last
}

// A shippedRow is a release's heading, an artifact or a bill.
type shippedRow struct {
	release  string
	files    int // of a heading: the artifacts below it
	artifact *room.Shipped
	document *deposit.Document
}

// openShipped shows the screen in place of side panel and code.
func (r *roomScreen) openShipped() {
	if !r.visit.HasShipped() {
		return
	}
	if r.shipped == nil {
		r.closeStage()
		if r.export != nil {
			return // it is signing
		}
		r.shipped = newShipped(r)
		r.stage(r.shipped.body)
	}
	r.rail.Select("shipped")
	r.d.trace.say("screen", "shipped")
	r.d.focus("shipped", r.shipped.list)
}

func (r *roomScreen) closeShipped() {
	s := r.shipped
	if s == nil {
		return
	}
	s.file.stop()
	s.bill.stop()
	r.shipped = nil
	r.unstage()
}

func newShipped(r *roomScreen) *shippedScreen {
	s := &shippedScreen{r: r, stage: container.NewStack()}
	l := r.d.look
	s.lead = panel.NewNote(l, "")
	s.list = panel.NewList(l, style.HeightTwoLine)
	s.list.Row = s.row
	s.list.OnSelect = func(i int) { s.show(i) }
	s.list.OnOpen = func(int) { s.open() }
	s.list.Empty = words.T("This deposit lists no shipped artifacts.")
	s.file, s.bill = newShippedFile(s), newShippedBill(s)
	left := panel.NewSurface(l, panel.GroundChrome, panel.EdgeRight, panel.VBox(0,
		panel.Pad(16, 16, 10, 16, panel.VBox(4, panel.NewTitle(l, words.T("What is shipped")), s.lead)),
		panel.Grow(s.list)))
	s.body = container.New(columns{{least: 220, most: leavesWidth, share: .26}, {}}, left, s.stage)
	s.load()
	for i, row := range s.rows {
		if row.artifact != nil || row.document != nil {
			s.list.Select(i)
			s.show(i)
			break
		}
	}
	return s
}

// load reads the visit's list, newest release first; the selection stays.
func (s *shippedScreen) load() {
	shipped, documents := s.r.visit.Shipped(), s.r.visit.Documents()
	s.rows = nil
	for _, release := range slices.Backward(s.r.releases) {
		at := len(s.rows)
		for i := range shipped {
			if shipped[i].Release == release {
				s.rows = append(s.rows, shippedRow{release: release, artifact: &shipped[i]})
			}
		}
		files := len(s.rows) - at
		for i := range documents {
			if documents[i].Release == release {
				s.rows = append(s.rows, shippedRow{release: release, document: &documents[i]})
			}
		}
		if len(s.rows) > at {
			s.rows = slices.Insert(s.rows, at, shippedRow{release: release, files: files})
		}
	}
	s.lead.SetText(words.T("%s listed in the signed manifest. The files themselves are not in the deposit: bring them on a medium, and they are compared.", plural(len(shipped), "file is", "files are")))
	if s.list.Length() != len(s.rows) {
		s.list.SetLength(len(s.rows))
	}
	s.list.Refresh()
}

func (s *shippedScreen) row(i int) panel.Row {
	row := s.rows[i]
	switch {
	case row.artifact != nil:
		out := panel.Row{Fold: panel.Flat, Icon: "box", IconTone: panel.ToneDim, Text: []panel.Span{{Text: row.artifact.Name, Bold: true}}, Tip: row.artifact.Name}
		out.Icon, out.IconTone, out.Second = stateOf(row.artifact)
		return out
	case row.document != nil:
		return panel.Row{Fold: panel.Flat, Icon: "doc", IconTone: panel.ToneDim, Text: []panel.Span{{Text: words.T("Bill of materials"), Bold: true}},
			Second: []panel.Span{{Text: billKind(row.document.Kind), Tone: panel.ToneDim}, {Text: bytesOf(row.document.Size), Tone: panel.ToneDim, Gap: 8}}, Tip: row.document.Name}
	}
	out := panel.Row{Kind: panel.RuleRow, Fold: panel.Flat, Text: []panel.Span{{Text: words.T("Release %s", row.release)}}}
	if i == 0 {
		out.Kind = panel.HeadingRow
	}
	out.Second = []panel.Span{{Text: plural(row.files, "file shipped", "files shipped"), Tone: panel.ToneDim}}
	return out
}

// stateOf is what is known of an artifact, in a line.
func stateOf(a *room.Shipped) (icon string, tone panel.Tone, line []panel.Span) {
	icon, tone = "box", panel.ToneDim
	switch {
	case a.Checked == nil:
		line = []panel.Span{{Text: words.T("listed"), Tone: panel.ToneDim}}
	case a.Checked.Same():
		icon, tone = "check", panel.ToneOk
		line = []panel.Span{{Text: words.T("file is identical"), Tone: panel.ToneOk}}
	default:
		icon, tone = "x", panel.ToneDanger
		line = []panel.Span{{Text: words.T("file differs"), Tone: panel.ToneDanger}}
	}
	same, other, own := 0, 0, false
	for _, e := range a.Evidence {
		switch {
		case !e.Statement.Identical:
			other++
		case room.VendorsOwn(e): // counts as no second opinion
			own = true
		default:
			same++
		}
	}
	switch {
	case same > 0:
		line = append(line, panel.Span{Text: words.T("rebuilt by %s", grouped(int64(same))), Tone: panel.ToneOk, Gap: 8})
	case own:
		line = append(line, panel.Span{Text: words.T("rebuilt, says the vendor"), Tone: panel.ToneDim, Gap: 8})
	}
	if other > 0 {
		line = append(line, panel.Span{Text: words.T("%s got other bytes", grouped(int64(other))), Tone: panel.ToneWarn, Gap: 8})
	}
	return icon, tone, line
}

func billKind(kind string) string {
	if kind == deposit.KindSPDX {
		return "SPDX"
	}
	return words.T("CycloneDX")
}

// show shows the row that is selected.
func (s *shippedScreen) show(i int) {
	if i < 0 || i >= len(s.rows) {
		return
	}
	var body fyne.CanvasObject
	switch row := s.rows[i]; {
	case row.artifact != nil:
		s.bill.stop()
		s.file.show(row.artifact)
		body = s.file.body
	case row.document != nil:
		s.bill.show(row.release, row.document.Name)
		body = s.bill.body
	default:
		return
	}
	if len(s.stage.Objects) != 1 || s.stage.Objects[0] != body {
		s.stage.Objects = []fyne.CanvasObject{body}
	}
	s.stage.Refresh()
}

// selected is the row that is shown.
func (s *shippedScreen) selected() shippedRow {
	if i := s.list.Selected(); i >= 0 && i < len(s.rows) {
		return s.rows[i]
	}
	return shippedRow{}
}

// choose selects an artifact.
func (s *shippedScreen) choose(release, name string) {
	for i, row := range s.rows {
		if row.artifact != nil && row.release == release && row.artifact.Name == name {
			s.list.Select(i)
			s.show(i)
		}
	}
}

// open is Enter on the list: the thing to do with what is selected.
func (s *shippedScreen) open() {
	if s.canCheck() {
		s.chooseFile()
		return
	}
	if s.selected().document != nil {
		s.r.d.focus("detail", s.bill.list)
	}
}

func (s *shippedScreen) regions() []region {
	return []region{
		{"shipped", one(s.list)},
		{"detail", func() []fyne.Focusable {
			if s.selected().document != nil {
				return []fyne.Focusable{s.bill.list}
			}
			return []fyne.Focusable{s.file.check, s.file.take, s.file.cancel}
		}},
		{"files", func() []fyne.Focusable {
			if s.selected().document != nil && s.bill.files.Length() > 0 {
				return []fyne.Focusable{s.bill.files}
			}
			return nil
		}},
	}
}

// escape calls off what is being hashed, else goes back to the room.
func (s *shippedScreen) escape() bool {
	if s.file.callOff() {
		return true
	}
	s.r.closeShipped()
	s.r.focusCode()
	return true
}
