package panel

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"vitrine/viewer/words"

	"vitrine/viewer/style"
)

// Palette is the quick open box: a field, rows that answer it, key hints. The window
// below is not dimmed: that would be painted again for each key. Up, Down and Page keys move in the rows, Enter opens,
// Ctrl+Enter opens the other way, Escape closes. Enter that comes before the first
// rows do opens the first of them.
type Palette struct {
	// Row gives the row at i; HeadingRow and RuleRow begin groups.
	Row func(i int) Row
	// OnQuery is called when the text changes, and at Show.
	OnQuery func(text string)
	// OnOpen is called for Enter and a click; the palette is closed by then.
	// alternate is true for Ctrl+Enter.
	OnOpen func(i int, alternate bool)
	// OnSelect is called when another row becomes selected.
	OnSelect func(i int)
	// OnClose is called when the palette closes without opening anything.
	OnClose func()

	look   *Look
	screen *Screen
	field  *Field
	list   *List
	hints  *Hints

	answered bool   // SetLength was called since the last query
	owed     *enter // Enter came before any row did
}

// An enter is how Enter was pressed.
type enter struct{ alternate bool }

const (
	paletteWidth  = 620
	paletteHeight = 396 // at most
	paletteTop    = 64
	paletteHead   = 53 // the field
	paletteFoot   = 31 // the keys
	paletteLeast  = 3  // rows: what is said in place of any has room
)

// NewPalette returns a palette that is not shown yet.
func NewPalette(l *Look) *Palette {
	v := &Palette{look: l, field: NewField(l), list: NewList(l, style.HeightPalette), hints: NewHints(l, nil)}
	v.list.inset = 6
	v.list.Empty = words.T("Nothing found.")
	v.list.Row = func(i int) Row {
		if v.Row == nil {
			return Row{}
		}
		return v.Row(i)
	}
	v.list.OnSelect = func(i int) {
		if v.OnSelect != nil {
			v.OnSelect(i)
		}
	}
	v.list.OnClick = func(i int) { v.open(i, false) }
	v.list.OnOpen = v.list.OnClick
	f := v.field
	f.OnChanged = func(s string) { v.query(s) }
	f.OnSubmit = func(string) { v.open(v.list.selected, false) }
	f.OnAlternate = func(string) { v.open(v.list.selected, true) }
	f.OnCancel = v.close
	f.OnUp = func() { v.list.Step(-1) }
	f.OnDown = func() { v.list.Step(1) }
	f.OnKey = func(e *fyne.KeyEvent) bool {
		if e.Name != fyne.KeyPageUp && e.Name != fyne.KeyPageDown {
			return false
		}
		v.list.TypedKey(e)
		return true
	}
	box := container.New(&paletteLayout{}, f, NewRule(l), v.list, NewRule(l), v.hints)
	v.screen = &Screen{content: box, shaded: true, box: true, outside: v.close, escape: v.close}
	v.screen.place = func(win fyne.Size) (x, y, w, h float32) {
		w = min(paletteWidth, win.Width-2*style.Gap4)
		h = min(v.wanted(), win.Height-paletteTop-style.Gap4)
		return round((win.Width - w) / 2), paletteTop, w, h
	}
	v.screen.palette = v
	v.screen.setup(l, v.screen)
	return v
}

// wanted is the height that the rows take, up to paletteHeight: what the rows do not need
// stays in sight, and is not painted for each key.
func (v *Palette) wanted() float32 {
	rows := max(v.list.length, paletteLeast)
	return min(paletteHeight, paletteHead+paletteFoot+float32(rows)*style.HeightPalette+2) // 2: edges
}

// HidePalette closes the palette that lies over everything, without a word to its
// OnClose, and reports whether there was one: another takes its place.
func (l *Look) HidePalette() bool {
	if len(l.over) == 0 {
		return false
	}
	v := l.over[len(l.over)-1].palette
	if v != nil {
		v.Hide()
	}
	return v != nil
}

// paletteLayout: field, rule, list, rule, hints.
type paletteLayout struct{}

func (*paletteLayout) Layout(o []fyne.CanvasObject, size fyne.Size) {
	set := func(i int, x, y, w, h float32) {
		o[i].Move(fyne.NewPos(x, y))
		o[i].Resize(fyne.NewSize(w, h))
	}
	set(0, 11, 12, size.Width-22, style.HeightField)
	set(1, 0, paletteHead-2, size.Width, 1)
	set(2, 0, paletteHead, size.Width, size.Height-paletteHead-paletteFoot)
	set(3, 0, size.Height-paletteFoot, size.Width, 1)
	set(4, 16, size.Height-26, size.Width-32, 22)
}

func (*paletteLayout) MinSize([]fyne.CanvasObject) fyne.Size { return fyne.NewSize(200, 120) }

// SetPlaceHolder sets the words of the empty field.
func (v *Palette) SetPlaceHolder(s string) { v.field.SetPlaceHolder(s) }

// SetHints sets the line of keys at the bottom.
func (v *Palette) SetHints(h []Hint) { v.hints.Set(h) }

// SetNote sets the words at the field's end, such as "6 of 236".
func (v *Palette) SetNote(s string) { v.field.SetTrailing(s) }

// SetEmpty sets the sentence shown when nothing answers.
func (v *Palette) SetEmpty(s string) { v.list.Empty = s }

// SetLength sets how many rows there are now and selects the first item.
func (v *Palette) SetLength(n int) {
	before := v.wanted()
	v.list.selected = nowhere
	v.list.offset = 0
	v.list.SetLength(n)
	if v.wanted() != before && v.Showing() {
		v.screen.Refresh()
	}
	if n > 0 {
		v.list.land(0, 1)
		v.list.ScrollTo(0)
	}
	v.answered = true
	if owed := v.owed; owed != nil {
		v.owed = nil
		v.open(v.list.selected, owed.alternate)
	}
}

// Selected is the selected row, -1 for none.
func (v *Palette) Selected() int { return v.list.selected }

// Text is what is entered.
func (v *Palette) Text() string { return v.field.Text() }

// Show opens the palette with a text entered, and asks OnQuery for it.
func (v *Palette) Show(c fyne.Canvas, text string) {
	changed := v.field.Text() != text
	v.screen.open(c, v.field.entry)
	v.field.SetText(text)
	if !changed {
		v.query(text)
	}
}

// Showing is whether the palette is open.
func (v *Palette) Showing() bool { return v.screen.Showing() }

// Hide closes the palette without a word to OnClose.
func (v *Palette) Hide() {
	v.owed = nil
	v.screen.Close()
}

func (v *Palette) query(s string) {
	v.answered, v.owed = false, nil
	if v.OnQuery != nil && v.screen.Showing() {
		v.OnQuery(s)
	}
}

func (v *Palette) open(i int, alternate bool) {
	if i < 0 || i >= v.list.length {
		if v.list.length == 0 && !v.answered {
			v.owed = &enter{alternate}
		}
		return
	}
	v.Hide()
	if v.OnOpen != nil {
		v.OnOpen(i, alternate)
	}
}

func (v *Palette) close() {
	v.Hide()
	if v.OnClose != nil {
		v.OnClose()
	}
}

// DialogStyle is what frames a dialog.
type DialogStyle struct {
	Title string
	Icon  string
	Tone  Tone    // of the icon
	Width float32 // 0: 460
	// Focus gets the keyboard at Show; nil: the first button.
	Focus fyne.Focusable
}

// Dialog asks for something and stands over the dimmed window.
type Dialog struct {
	// OnClose is called for Escape and the ×, after Hide.
	OnClose func()
	screen  *Screen
	focus   fyne.Focusable
}

// NewDialog returns a dialog with content and buttons, the first at the left;
// the one that says yes comes last. Buttons do not close it by themselves.
func NewDialog(l *Look, s DialogStyle, content fyne.CanvasObject, buttons ...*Button) *Dialog {
	v := &Dialog{focus: s.Focus}
	title := NewLabel(l, s.Title)
	title.TextSize, title.Bold, title.NoWrap = style.TextHeading, true, true
	head := []fyne.CanvasObject{}
	if s.Icon != "" {
		head = append(head, NewIcon(l, s.Icon, s.Tone, 18))
	}
	head = append(head, Grow(title), NewIconButton(l, "x", words.T("Close"), words.T("Esc"), v.close))
	foot := []fyne.CanvasObject{Spacer()}
	for _, b := range buttons {
		foot = append(foot, b)
	}
	if v.focus == nil && len(buttons) > 0 {
		v.focus = buttons[0]
	}
	scroll := NewScroll(content) // title and buttons stay in a window that is too low
	body := Pad(style.Gap3, style.Gap4, style.Gap4, style.Gap4, VBox(style.Gap3, HBox(10, head...), Grow(scroll), HBox(10, foot...)))
	v.screen = &Screen{content: body, dim: true, box: true, escape: v.close}
	width := s.Width
	if width == 0 {
		width = 460
	}
	v.screen.place = func(win fyne.Size) (x, y, w, h float32) {
		w = min(width, win.Width-2*style.Gap4)
		h = heightFor(body, w-2) - heightFor(scroll, w-2) + heightFor(content, w-2-2*style.Gap4) + 2
		h = min(h, win.Height-2*style.Gap4)
		return round((win.Width - w) / 2), round(max(style.Gap4, (win.Height-h)*2/5)), w, h
	}
	v.screen.setup(l, v.screen)
	return v
}

// Show opens the dialog.
func (v *Dialog) Show(c fyne.Canvas) { v.screen.open(c, v.focus) }

// Hide closes the dialog without a word to OnClose.
func (v *Dialog) Hide() { v.screen.Close() }

// Showing is whether the dialog is open.
func (v *Dialog) Showing() bool { return v.screen.Showing() }

func (v *Dialog) close() {
	v.Hide()
	if v.OnClose != nil {
		v.OnClose()
	}
}
