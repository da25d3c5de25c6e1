package desk

import (
	"context"
	"fmt"
	"path"
	"slices"
	"unicode/utf8"

	"vitrine/viewer/words"

	"fyne.io/fyne/v2"

	"vitrine/app/room"
	"vitrine/index/character"
	"vitrine/index/deposit"
	"vitrine/index/spoof"
	"vitrine/viewer/code"
	"vitrine/viewer/panel"
	"vitrine/viewer/style"
)

// characterPanel lists every place of the release where characters are not what they seem,
// by file; its chips leave classes out.
type characterPanel struct {
	r        *roomScreen
	body     fyne.CanvasObject
	summary  *panel.Line
	chips    map[spoof.Class]*panel.Chip
	row      fyne.CanvasObject // of chips
	list     *panel.List
	foot     *panel.Line
	footText string
	slot     *slot

	release string
	known   character.Release
	wanted  map[spoof.Class]bool
	stale   bool // what is listed is of an earlier state
	found   []room.OccurrenceFile
	rows    []characterRow
	folded  map[string]bool // by path
	listed  int             // places
	widest  int             // label of those that are listed, in letters
	cut     bool
}

// A characterRow is a file, or a place in it.
type characterRow struct {
	file, at int // at -1: the file
}

func newCharacterPanel(r *roomScreen) *characterPanel {
	p := &characterPanel{r: r, slot: r.d.board.slot(), chips: map[spoof.Class]*panel.Chip{}, wanted: map[spoof.Class]bool{}, folded: map[string]bool{}, stale: true}
	l := r.d.look
	p.summary, p.foot = panel.NewLine(l), panel.NewLine(l)
	var rows [2][]fyne.CanvasObject
	for i, class := range room.CharacterClasses() {
		p.wanted[class] = true
		c := panel.NewChip(l, panel.ChipStyle{})
		c.OnTapped = func() { p.wanted[class] = !p.wanted[class]; p.say(); p.fill() }
		p.chips[class] = c
		rows[i/3] = append(rows[i/3], panel.Sized(148, 0, c))
	}
	p.row = panel.VBox(4, panel.HBox(4, append(rows[0], panel.Spacer())...), panel.HBox(4, append(rows[1], panel.Spacer())...))
	p.list = panel.NewList(l, style.HeightRow)
	p.list.Row = p.line
	p.list.OnOpen = func(i int) { p.open(i, false) }
	p.list.OnClick = func(i int) { p.open(i, true) }
	p.list.OnFold = func(i int, _ bool) { p.fold(i) }
	fold := panel.NewIconButton(l, "collapse", words.T("Fold all files"), "", p.foldAll)
	p.body = panel.NewSurface(l, panel.GroundChrome, panel.EdgeRight, panel.VBox(0,
		panel.NewHeader(l, words.T("Characters"), fold),
		panel.Pad(0, 12, 8, 12, panel.VBox(8, p.summary, p.row)),
		panel.Grow(p.list),
		panel.NewSurface(l, panel.GroundChrome, panel.EdgeTop, panel.Pad(8, style.Inset, 8, style.Inset, p.foot)),
	))
	p.say()
	return p
}

// classTitles are the chips.
var classTitles = map[spoof.Class]string{
	spoof.Bidi: words.Key("Bidirectional"), spoof.LookAlike: words.Key("Look-alikes"), spoof.Invisible: words.Key("Invisible"),
	spoof.Control: words.Key("Control codes"), spoof.Space: words.Key("Spaces"), spoof.Broken: words.Key("Broken"),
}

// parts are what Tab goes through.
func (p *characterPanel) parts() (out []fyne.Focusable) {
	out = append(out, p.list)
	for _, class := range room.CharacterClasses() {
		if !p.chips[class].Disabled() {
			out = append(out, p.chips[class])
		}
	}
	return out
}

// show takes what is known of a release.
func (p *characterPanel) show(release string, known character.Release) {
	p.release, p.known, p.stale = release, known, true
	p.say()
	if p.r.shownSide == "characters" && p.r.side.Visible() {
		p.read()
	}
}

// shown is called when the panel comes into view.
func (p *characterPanel) shown() {
	if p.stale && p.release != "" {
		p.read()
	}
}

// totals counts what is in the release, by class.
func (p *characterPanel) totals() (c character.Counts) {
	for _, f := range p.known.Files {
		for i, n := range f.Counts.Of {
			c.Of[i] += n
		}
	}
	return c
}

// say tells what is in the release, and what of it was not looked at.
func (p *characterPanel) say() {
	r := p.r
	totals := p.totals()
	for _, class := range room.CharacterClasses() {
		n := int64(totals.Of[class])
		look := panel.ChipStyle{Icon: "check", Text: words.T(classTitles[class]) + " " + grouped(n), Tone: panel.ToneWarn}
		if class.Deceives() {
			look.Tone = panel.ToneDanger
		}
		if !p.wanted[class] {
			look.Icon, look.Tone = "x", panel.ToneFaint
		}
		p.chips[class].Enable()
		if n == 0 {
			look.Icon, look.Tone = "", panel.ToneFaint
			p.chips[class].Disable()
		}
		p.chips[class].Set(look)
	}
	p.list.Empty = ""
	switch all := totals.Total(); {
	case r.surveyed.Err != nil:
		p.summary.Set(panel.Span{Text: words.T("The characters were not looked at."), Tone: panel.ToneDanger, Bold: true})
	case p.release == "" || p.known.Texts == 0 && p.known.Pending > 0 || !r.surveyed.Ready && p.known.Texts == 0:
		p.summary.Set(panel.Span{Text: words.T("Looked at when the indexes are complete."), Tone: panel.ToneDim})
	case all == 0 && p.known.Pending == 0:
		p.summary.Set(panel.Span{Text: words.T("Nothing found"), Bold: true}, panel.Span{Text: words.T("in %s of %s.", plural(p.known.Texts, "text", "texts"), p.release), Tone: panel.ToneDim, Gap: 6})
		p.list.Empty = words.T("Every character of this release is what it seems.")
	default:
		p.summary.Set(panel.Span{Text: words.T("%s in %s", plural(all, "place", "places"), plural(len(p.known.Files), "file", "files")), Bold: true},
			panel.Span{Text: words.T("of %s", p.release), Tone: panel.ToneDim, Gap: 6})
	}
	p.sayMissing()
}

// sayMissing tells at the foot what was not looked at.
func (p *characterPanel) sayMissing() {
	binary, large := 0, 0
	for _, s := range p.known.Skipped {
		if s.Why == "binary" {
			binary++
		} else {
			large++
		}
	}
	text, tone := "", panel.ToneDim
	switch {
	case p.known.Pending > 0:
		text, tone = words.T("%s not looked at yet", plural(p.known.Pending, "text", "texts")), panel.ToneWarn
	case p.cut:
		text, tone = words.T("The first %s are listed; leave classes out to see others", grouped(int64(p.listed))), panel.ToneWarn
	case binary+large > 0:
		text = words.T("Not looked at: %s", plural(binary, "binary file", "binary files"))
		if large > 0 {
			text += words.T(", %s too large", plural(large, "text", "texts"))
		}
	}
	p.footText = text
	p.foot.Set(panel.Span{Text: text, Tone: tone, Size: style.TextSecondary})
}

// read reads the places of the release.
func (p *characterPanel) read() {
	p.stale = false
	files := p.files()
	p.found, p.listed, p.cut = nil, 0, false
	p.refill() // the list may be painted before there are others
	r := p.r
	start(p.slot, func(ctx context.Context, emit func(room.OccurrenceFile)) (nothing, error) {
		return nothing{}, r.visit.Occurrences(ctx, files, func(f room.OccurrenceFile) bool {
			emit(f)
			return ctx.Err() == nil
		})
	}, func(some []room.OccurrenceFile) {
		p.found = append(p.found, some...)
		for _, f := range some {
			p.listed += len(f.Found)
			p.cut = p.cut || len(f.Found) < f.Counts.Total()
		}
		p.refill()
	}, func(_ nothing, err error) {
		if err != nil {
			r.d.fail(words.T("Not all places could be read."), err)
		}
		p.cut = p.cut || p.listed >= room.MaxOccurrences
		p.refill()
		p.sayMissing()
		r.d.trace.say("places", p.listed, len(p.found))
	})
}

// files are those with something of the classes that are wanted.
func (p *characterPanel) files() (out []character.File) {
	for _, f := range p.known.Files {
		if slices.ContainsFunc(room.CharacterClasses(), func(c spoof.Class) bool { return p.wanted[c] && f.Counts.Of[c] > 0 }) {
			out = append(out, f)
		}
	}
	return out
}

// fill shows other classes. What was cut is read anew: there may be room for others.
func (p *characterPanel) fill() {
	if p.cut {
		p.read()
		return
	}
	p.refill()
}

func (p *characterPanel) refill() {
	p.rows, p.widest = p.rows[:0], 0
	for i, f := range p.found {
		head := len(p.rows)
		for k, o := range f.Found {
			if !p.wanted[o.Class] {
				continue
			}
			if len(p.rows) == head {
				p.rows = append(p.rows, characterRow{i, -1})
			}
			if p.folded[f.Place.Path] {
				break
			}
			p.rows = append(p.rows, characterRow{i, k})
			p.widest = max(p.widest, utf8.RuneCountInString(labelOf(o)))
		}
	}
	p.list.SetLength(len(p.rows))
}

func (p *characterPanel) fold(i int) {
	file := p.found[p.rows[i].file].Place.Path
	p.folded[file] = !p.folded[file]
	p.refill()
	p.list.Select(slices.IndexFunc(p.rows, func(r characterRow) bool { return r.at < 0 && p.found[r.file].Place.Path == file }))
}

func (p *characterPanel) foldAll() {
	for _, f := range p.found {
		p.folded[f.Place.Path] = true
	}
	p.refill()
}

func (p *characterPanel) line(i int) panel.Row {
	row := p.rows[i]
	f := p.found[row.file]
	if row.at < 0 {
		icon, tone := fileIcon(f.Place.Path)
		out := panel.Row{Fold: panel.Opened, Icon: icon, IconTone: tone, Tip: f.Place.Path + "\n" + counted(f.Counts),
			Text: []panel.Span{{Text: path.Base(f.Place.Path), Bold: true}, {Text: path.Dir(f.Place.Path), Tone: panel.ToneDim, Gap: 8, Size: style.TextSecondary}},
			Pill: grouped(int64(f.Counts.Total()))}
		if p.folded[f.Place.Path] {
			out.Fold = panel.Closed
		}
		return out
	}
	o := f.Found[row.at]
	tone := panel.ToneWarn
	if o.Class == spoof.LookAlike {
		tone = panel.ToneDanger
	}
	label := fmt.Sprintf("%-*s", min(p.widest, mostLabel), labelOf(o))
	return panel.Row{Depth: 1, Gutter: grouped(int64(o.Line)), Tip: o.Explain(),
		Text: []panel.Span{{Text: label, Tone: tone, Bold: true, Mono: true, Size: style.TextCaption}, {Text: o.Excerpt, Mono: true, Size: style.TextSecondary, Gap: 8, Hits: [][2]int{{o.From, o.To}}}},
	}
}

// mostLabel is how many letters of a label set what stands behind it in a column.
const mostLabel = 8

// labelOf is the short name of what stands at a place.
func labelOf(o room.Occurrence) string {
	if o.Class == spoof.LookAlike {
		return "alike"
	}
	return o.Label()
}

// open goes to a place, and folds a file.
func (p *characterPanel) open(i int, keep bool) {
	row := p.rows[i]
	if row.at < 0 {
		p.fold(i)
		return
	}
	f := p.found[row.file]
	o := f.Found[row.at]
	from := code.Pos{Line: o.Line, Col: o.Col}
	to := code.Pos{Line: o.Line, Col: o.Col + len(o.Text)}
	p.r.openAt(deposit.Place{Release: p.release, Path: f.Place.Path}, target{line: o.Line, col: o.Col, hits: []code.Range{{From: from, To: to}}, keepFocus: keep, note: o.Explain()})
}
