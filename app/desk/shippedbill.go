package desk

import (
	"context"
	"fmt"
	"slices"

	"vitrine/viewer/words"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"vitrine/app/room"
	"vitrine/index/bom"
	"vitrine/index/deposit"
	"vitrine/viewer/panel"
	"vitrine/viewer/style"
)

// shippedBill is one bill of materials beside its release: components, those
// without source first, and the files that it never mentions.
type shippedBill struct {
	s    *shippedScreen
	body fyne.CanvasObject

	title *panel.Line
	of    *panel.Line
	chips *fyne.Container
	list  *panel.List // components
	files *panel.List
	lost  *panel.Label // over the files
	note  *panel.Label

	release string
	found   []*bom.Found
	paths   []string
	reading *slot
}

func newShippedBill(s *shippedScreen) *shippedBill {
	b := &shippedBill{s: s, reading: s.r.d.board.slot()}
	l := s.r.d.look
	b.title, b.of = panel.NewLine(l), panel.NewLine(l)
	b.chips = panel.HBox(style.Gap2)
	b.list = panel.NewList(l, style.HeightTwoLine)
	b.list.Row = b.row
	b.list.Empty = words.T("The bill names no components.")
	b.list.OnOpen = func(i int) { b.openFile(b.found[i]) }
	b.files = panel.NewList(l, style.HeightRow)
	b.files.Row = func(i int) panel.Row {
		icon, tone := fileIcon(b.paths[i])
		return panel.Row{Fold: panel.Flat, Icon: icon, IconTone: tone, Text: []panel.Span{{Text: b.paths[i]}}, Tip: b.paths[i]}
	}
	b.files.OnOpen = func(i int) { s.r.openAt(deposit.Place{Release: b.release, Path: b.paths[i]}, target{}) }
	b.lost, b.note = heading(l, ""), panel.NewNote(l, "")
	middle := panel.VBox(0,
		panel.NewSurface(l, panel.GroundChrome, panel.EdgeBottom, panel.Sized(0, style.HeightHeader-1, panel.Pad(0, 14, 0, 14, panel.HBox(style.Gap2, panel.Grow(b.title), b.of)))),
		panel.NewSurface(l, panel.GroundChrome, panel.EdgeBottom, panel.Sized(0, style.HeightHeader-1, panel.Pad(0, 14, 0, 14, b.chips))),
		panel.Grow(b.list))
	right := panel.NewSurface(l, panel.GroundChrome, panel.EdgeLeft, panel.VBox(0,
		panel.Pad(16, 16, 10, 16, panel.VBox(4, b.lost, b.note)),
		panel.Grow(b.files),
		panel.NewSurface(l, panel.GroundChrome, panel.EdgeTop, panel.Pad(10, 16, 10, 16, panel.VBox(4,
			panel.NewNote(l, words.T("By digest: the same bytes are deposited. By path: a file stands where the bill says. By name: a directory is called so, which is a guess.")),
			panel.NewHints(l, []panel.Hint{{Key: "↵", Text: words.T("opens the file")}, {Key: words.T("Esc"), Text: words.T("goes back")}}))))))
	b.body = container.New(columns{{}, {least: 240, most: checksWidth, share: .34}}, middle, right)
	return b
}

func (b *shippedBill) stop() { b.reading.stop() }

// show reads the bill and compares it, off the UI thread.
func (b *shippedBill) show(release, name string) {
	b.release = release
	b.title.Set(panel.Span{Text: name, Bold: true})
	b.of.Set(panel.Span{Text: words.T("release %s", release), Tone: panel.ToneDim})
	b.clear(words.T("Comparing …"))
	simple(b.reading, func(ctx context.Context) (room.Bill, error) {
		bills, err := b.s.r.visit.Bills(ctx, release)
		if err != nil {
			return room.Bill{}, err
		}
		for _, bill := range bills {
			if bill.Document.Name == name {
				return bill, bill.Err
			}
		}
		return room.Bill{}, fmt.Errorf(words.T("the deposit has no document %s"), name)
	}, func(bill room.Bill, err error) {
		if err != nil {
			b.clear(words.T("The bill of materials cannot be compared."))
			b.s.r.d.fail(words.T("The bill of materials cannot be compared."), err)
			return
		}
		b.compared(bill.Comparison)
	})
}

// clear shows an empty bill, and why.
func (b *shippedBill) clear(why string) {
	b.found, b.paths = nil, nil
	b.list.Empty = why
	b.list.SetLength(0)
	b.files.Empty = ""
	b.files.SetLength(0)
	b.chips.Objects = nil
	b.lost.SetText(words.T("Files never mentioned"))
	b.note.SetText("")
	b.body.Refresh()
}

func (b *shippedBill) compared(c *bom.Comparison) {
	l := b.s.r.d.look
	b.found = nil
	for i := range c.Found {
		b.found = append(b.found, &c.Found[i])
	}
	slices.SortStableFunc(b.found, func(x, y *bom.Found) int { return int(x.Grade) - int(y.Grade) })
	b.paths = c.NeverMentioned
	b.of.Set(panel.Span{Text: c.Bill.Format + " · " + plural(len(b.found), "component", "components"), Tone: panel.ToneDim})
	b.chips.Objects = nil
	for _, g := range []bom.Grade{bom.None, bom.ByName, bom.ByPath, bom.ByDigest} {
		if n := c.Count(g); n > 0 {
			_, tone := gradeMark(g)
			b.chips.Objects = append(b.chips.Objects, panel.NewChip(l, panel.ChipStyle{Text: grouped(int64(n)) + " " + gradeWord(g), Tone: tone}))
		}
	}
	b.chips.Objects = append(b.chips.Objects, panel.Spacer())
	b.list.Empty = words.T("The bill names no components.")
	b.list.SetLength(len(b.found))
	b.files.Empty = words.T("The bill mentions every file.")
	b.lost.SetText(words.T("Files never mentioned"))
	b.note.SetText(words.T("%s of %s of release %s are in no entry of the bill.", grouped(int64(len(b.paths))), plural(c.Files, "file", "files"), b.release))
	if !c.ListsFiles {
		b.files.Empty = ""
		b.note.SetText(words.T("The bill lists no files: which files it does not mention cannot be said."))
	}
	b.files.SetLength(len(b.paths))
	for _, list := range []*panel.List{b.list, b.files} {
		if list.Length() > 0 {
			list.Select(0) // so that Enter has something to open
		}
	}
	b.body.Refresh()
	b.s.r.d.trace.say("bill", b.release, len(b.found), len(b.paths))
}

// gradeMark is how surely a component was found, as a mark.
func gradeMark(g bom.Grade) (icon string, tone panel.Tone) {
	switch g {
	case bom.ByDigest:
		return "check", panel.ToneOk
	case bom.ByPath:
		return "check", panel.ToneDim
	case bom.ByName:
		return "question", panel.ToneWarn
	}
	return "warn", panel.ToneDanger
}

// gradeWord is a grade as a person reads it.
func gradeWord(g bom.Grade) string {
	if g == bom.None {
		return words.T("without source")
	}
	return g.String()
}

func (b *shippedBill) row(i int) panel.Row {
	f := b.found[i]
	icon, tone := gradeMark(f.Grade)
	row := panel.Row{Fold: panel.Flat, Icon: icon, IconTone: tone, Text: []panel.Span{{Text: f.Name, Bold: true}}, Tip: f.PURL}
	if f.Version != "" {
		row.Text = append(row.Text, panel.Span{Text: f.Version, Tone: panel.ToneDim, Gap: 8})
	}
	row.Right = []panel.Span{{Text: gradeWord(f.Grade), Tone: tone, Size: style.TextSecondary}}
	if f.Differ > 0 {
		row.Second = append(row.Second, panel.Span{Text: plural(f.Differ, "file differs", "files differ"), Tone: panel.ToneWarn})
	}
	if f.Where != "" {
		row.Second = append(row.Second, panel.Span{Text: f.Where, Mono: true, Size: style.TextCaption, Tone: panel.ToneAccent})
	}
	if n := len(f.Files); n > 1 {
		row.Second = append(row.Second, panel.Span{Text: words.T("%d of %d files", f.Digest+f.Path, n), Tone: panel.ToneDim})
	}
	for _, s := range []string{f.Supplier, f.Licence} {
		if s != "" {
			row.Second = append(row.Second, panel.Span{Text: s, Tone: panel.ToneDim})
		}
	}
	for i := range row.Second {
		if i > 0 {
			row.Second[i].Gap = 10
		}
	}
	return row
}

// openFile opens the file in which a component was found; a directory is none.
func (b *shippedBill) openFile(f *bom.Found) {
	if f.Grade == bom.ByPath || f.Grade == bom.ByDigest {
		b.s.r.openAt(deposit.Place{Release: b.release, Path: f.Where}, target{})
		return
	}
	if f.Grade == bom.ByName {
		b.s.r.showSide("files")
		b.s.r.setRelease(b.release, func() { b.s.r.files.tree.Select(f.Where) })
	}
}
