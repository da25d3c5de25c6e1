package panel

import (
	"unicode/utf8"

	"vitrine/viewer/words"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/widget"

	"vitrine/viewer/style"
)

// Toggle is a small switch inside a field, such as "Aa" or ".*".
type Toggle struct {
	Text string
	Tip  string
	On   bool
}

// Field is a text entry: one line, a password, or several lines. It can have a
// caption above, an icon before, words or toggles behind, and an error below.
type Field struct {
	drawn
	OnChanged func(s string)
	// OnSubmit is called for Enter; in an area for Ctrl+Enter.
	OnSubmit func(s string)
	// OnAlternate is called for Ctrl+Enter in one line; nil: as OnSubmit.
	OnAlternate func(s string)
	// OnCancel is called for Escape; nil leaves Escape to Look.OnKey.
	OnCancel func()
	// OnUp and OnDown, if set, get those keys: a list below is moved by them.
	OnUp, OnDown func()
	// OnKey sees every other key first; true means it is done with.
	OnKey func(*fyne.KeyEvent) bool
	// OnToggle is called when the user switches toggle i.
	OnToggle func(i int, on bool)
	// OnFocus tells when the keyboard comes and goes.
	OnFocus func(bool)

	entry    *entry
	clip     *Surface
	rows     int // of an area; 0: one line
	worn     dress
	caption  string
	icon     string
	trailing string
	fault    string
	toggles  *toggleBar
	eye      *IconButton
	hasFocus bool
}

const captionHeight = 20

// NewField returns a one-line field.
func NewField(l *Look) *Field { return newField(l, 0) }

// NewArea returns a field of several lines, rows high; it scrolls.
func NewArea(l *Look, rows int) *Field { return newField(l, max(2, rows)) }

// NewPassword returns a field that shows dots, with an eye to look.
func NewPassword(l *Look) *Field {
	v := newField(l, 0)
	v.entry.Password = true
	// An ActionItem keeps Fyne from adding its own eye.
	v.entry.ActionItem = &noAction{}
	v.eye = NewIconButton(l, "eye", words.T("Show"), "", func() {
		v.entry.Password = !v.entry.Password
		v.eye.SetOn(!v.entry.Password)
		v.entry.Refresh()
	})
	return v
}

func newField(l *Look, rows int) *Field {
	v := &Field{rows: rows, entry: &entry{}}
	e := v.entry
	e.field = v
	e.Wrapping = fyne.TextWrap(fyne.TextTruncateClip)
	if rows > 0 {
		e.MultiLine, e.Wrapping = true, fyne.TextWrapWord
		e.SetMinRowsVisible(rows)
	}
	e.ExtendBaseWidget(e)
	e.OnChanged = func(s string) {
		if v.fault != "" {
			v.SetError("")
		}
		if v.OnChanged != nil {
			v.OnChanged(s)
		}
	}
	e.OnSubmitted = func(string) { v.submit() }
	// Fyne's own border is pushed out of sight; ours goes around icon and toggles too.
	edges := bleed{}
	if rows == 0 {
		edges.below = barRoom
	}
	v.clip = NewSurface(l, GroundNone, 0, container.New(edges, e))
	v.setup(l, v)
	return v
}

// Text is what is entered.
func (v *Field) Text() string { return v.entry.Text }

// SetText replaces the text; OnChanged is called if it differs.
func (v *Field) SetText(s string) {
	v.entry.SetText(s)
	v.entry.CursorColumn = 0 // the beginning is what should be seen
	if v.hasFocus {
		v.entry.CursorColumn = len([]rune(s))
	}
	v.entry.Refresh()
}

// SetPlaceHolder sets the words shown while empty.
func (v *Field) SetPlaceHolder(s string) { v.entry.SetPlaceHolder(s) }

// SetCaption sets the words above the field.
func (v *Field) SetCaption(s string) { v.caption = s; v.Refresh() }

// SetIcon sets the icon before the text.
func (v *Field) SetIcon(name string) { v.icon = name; v.Refresh() }

// SetTrailing sets the words behind the text.
func (v *Field) SetTrailing(s string) { v.trailing = s; v.Refresh() }

// SetMono sets the text in the code face.
func (v *Field) SetMono(on bool) { v.entry.TextStyle.Monospace = on; v.entry.Refresh() }

// SetRows sets how many lines an area is high.
func (v *Field) SetRows(n int) {
	if v.rows > 0 && n > 0 && n != v.rows {
		v.rows = n
		v.entry.SetMinRowsVisible(n)
		v.Refresh()
	}
}

// SetError shows what is wrong below the field until the text changes; "" takes it away.
func (v *Field) SetError(s string) { v.fault = s; v.Refresh() }

// SetToggles sets the switches at the end.
func (v *Field) SetToggles(t []Toggle) {
	if v.toggles == nil {
		v.toggles = &toggleBar{field: v}
		v.toggles.setup(v.look, v.toggles)
	}
	v.toggles.items = append([]Toggle(nil), t...)
	v.toggles.Refresh()
	v.Refresh()
}

// Toggled is whether toggle i is on.
func (v *Field) Toggled(i int) bool {
	return v.toggles != nil && i >= 0 && i < len(v.toggles.items) && v.toggles.items[i].On
}

// SetToggled switches toggle i without a call of OnToggle.
func (v *Field) SetToggled(i int, on bool) {
	if v.toggles != nil && i >= 0 && i < len(v.toggles.items) && v.toggles.items[i].On != on {
		v.toggles.items[i].On = on
		v.toggles.Refresh()
	}
}

// Focus moves the keyboard here; the field must be on a canvas.
func (v *Field) Focus() {
	if c := canvasOf(v.entry); c != nil {
		c.Focus(v.entry)
	} else if c := canvasOf(v); c != nil {
		c.Focus(v.entry)
	}
}

// Focusable is the object to hand to fyne.Canvas.Focus.
func (v *Field) Focusable() fyne.Focusable { return v.entry }

// Focused is whether the keyboard is here.
func (v *Field) Focused() bool { return v.hasFocus }

// SelectAll selects the text.
func (v *Field) SelectAll() { v.entry.TypedShortcut(&fyne.ShortcutSelectAll{}) }

// SelectRange selects the bytes [from, to) of the text; the caret is at their end.
func (v *Field) SelectRange(from, to int) {
	e := v.entry
	from, to = max(0, min(from, len(e.Text))), max(0, min(to, len(e.Text)))
	e.CursorRow, e.CursorColumn = 0, utf8.RuneCountInString(e.Text[:from])
	e.Refresh()
	// Fyne selects by keys only.
	hold := &fyne.KeyEvent{Name: desktop.KeyShiftLeft}
	e.KeyDown(hold)
	for range utf8.RuneCountInString(e.Text[from:to]) {
		e.Entry.TypedKey(&fyne.KeyEvent{Name: fyne.KeyRight})
	}
	e.KeyUp(hold)
}

// Enable makes the field usable again.
func (v *Field) Enable() { v.entry.Enable(); v.Refresh() }

// Disable keeps the text from being changed.
func (v *Field) Disable() { v.entry.Disable(); v.Refresh() }

// Disabled is true while the text cannot be changed.
func (v *Field) Disabled() bool { return v.entry.Disabled() }

func (v *Field) submit() {
	if v.OnSubmit != nil {
		v.OnSubmit(v.entry.Text)
	}
}

func (v *Field) boxHeight() float32 {
	if v.rows == 0 {
		return style.HeightField
	}
	return max(v.entry.MinSize().Height, float32(v.rows)*20+8)
}

func (v *Field) faults(width float32) []string {
	if v.fault == "" {
		return nil
	}
	return wrap(v.fault, max(60, width), face{size: style.TextSecondary}, 4)
}

// HeightFor is the height with caption and error at a width.
func (v *Field) HeightFor(width float32) float32 {
	h := v.boxHeight() + float32(len(v.faults(width)))*18
	if v.caption != "" {
		h += captionHeight
	}
	return h
}

func (v *Field) need() fyne.Size {
	w := v.Size().Width
	if w <= 0 {
		w = style.WidthSide
	}
	return fyne.NewSize(80, v.HeightFor(w))
}

// Tapped is for Fyne: the icon and the words behind belong to the entry.
func (v *Field) Tapped(*fyne.PointEvent) { v.Focus() }

func (v *Field) paint(b *brush, size fyne.Size) {
	p := b.pal()
	if worn := v.look.dress(); v.worn != worn {
		if v.worn.palette != nil { // Fyne's entry was not told either while it was out of sight
			v.entry.Refresh()
		}
		v.worn = worn
	}
	y := float32(0)
	if v.caption != "" {
		b.cut(v.caption, 0, 8, size.Width, face{size: style.TextSecondary}, p.Dim)
		y = captionHeight
	}
	faults := v.faults(size.Width)
	h := size.Height - y - float32(len(faults))*18
	if v.rows == 0 {
		h = min(h, style.HeightField)
	}
	edge, fill := p.Edge, p.Field
	switch {
	case v.fault != "":
		edge = p.Danger
	case v.entry.Disabled():
		edge, fill = p.Line, p.Chrome
	}
	b.box(0, y, size.Width, h, style.Radius, fill, edge)
	if v.hasFocus && v.fault == "" {
		b.ring(0, y, size.Width, h, style.Radius)
	}
	cy := y + h/2
	x, end := float32(4), size.Width-3
	if v.icon != "" {
		b.icon(v.icon, 9, cy, iconSize, p.Dim)
		x = 26
	}
	toggles, eye := end, end // what is behind the text comes after it for Tab too
	if v.toggles != nil {
		toggles -= v.toggles.need().Width
		end = toggles - 2
	}
	if v.eye != nil {
		eye = end - 25
		end = eye - 2
	}
	if v.trailing != "" {
		w := face{size: style.TextCaption}.width(v.trailing)
		b.right(v.trailing, end-7, cy, face{size: style.TextCaption}, p.Dim)
		end -= w + 14
	}
	ey, eh := y+2, h-4
	if v.rows == 0 { // a taller entry would leave its text at the top
		eh = min(eh, v.entry.MinSize().Height-2*bleedBy)
		ey = cy - eh/2
	}
	b.put(v.clip, x, ey, max(8, end-x), eh)
	if v.toggles != nil {
		b.put(v.toggles, toggles, cy-12, v.toggles.need().Width, 24)
	}
	if v.eye != nil {
		b.put(v.eye, eye, cy-12, 24, 24)
	}
	for i, line := range faults {
		b.text(line, 0, y+h+9+float32(i)*18, face{size: style.TextSecondary}, p.Danger)
	}
}

// bleed lays the entry out larger than its place, so that its border is cut off, and
// further below what must not be seen there.
type bleed struct{ below float32 }

const bleedBy = 3

// barRoom is how far below its place a line's scroll bar lies, which would cover the text.
// A theme of its own without scroll bars would have Fyne parse all fonts once more for each
// field, and again whenever one is refreshed or shown after a minute, and keep them.
const barRoom = 12

func (l bleed) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	for _, o := range objects {
		o.Move(fyne.NewPos(-bleedBy, -bleedBy))
		o.Resize(fyne.NewSize(size.Width+2*bleedBy, size.Height+2*bleedBy+l.below))
	}
}

func (bleed) MinSize([]fyne.CanvasObject) fyne.Size { return fyne.NewSize(8, 8) }

// entry is Fyne's entry with our keys.
type entry struct {
	widget.Entry
	field *Field
}

// CreateRenderer is for Fyne.
func (e *entry) CreateRenderer() fyne.WidgetRenderer {
	return &entryBoard{WidgetRenderer: e.Entry.CreateRenderer(), e: e}
}

// entryBoard lays the entry out when nobody has by the time it is shown: Fyne
// drops the renderer of a field that was out of sight for a minute, and one
// made anew shows no text.
type entryBoard struct {
	fyne.WidgetRenderer
	e    *entry
	laid bool
}

func (r *entryBoard) Layout(s fyne.Size) {
	r.laid = true
	r.WidgetRenderer.Layout(s)
}

func (r *entryBoard) Objects() []fyne.CanvasObject {
	if !r.laid {
		r.Layout(r.e.Size())
	}
	return r.WidgetRenderer.Objects()
}

// noAction takes the place of an action item without showing one.
type noAction struct{ widget.BaseWidget }

func (n *noAction) CreateRenderer() fyne.WidgetRenderer {
	n.ExtendBaseWidget(n)
	return widget.NewSimpleRenderer(container.NewWithoutLayout())
}

// AcceptsTab is for Fyne: Tab leaves the field, also an area.
func (e *entry) AcceptsTab() bool { return false }

// FocusGained is for Fyne.
func (e *entry) FocusGained() {
	e.Entry.FocusGained()
	e.turn(true)
}

// FocusLost is for Fyne.
func (e *entry) FocusLost() {
	e.Entry.FocusLost()
	e.turn(false)
}

func (e *entry) turn(on bool) {
	v := e.field
	v.hasFocus = on
	v.Refresh()
	if v.OnFocus != nil {
		v.OnFocus(on)
	}
}

// TypedKey is for Fyne.
func (e *entry) TypedKey(k *fyne.KeyEvent) {
	v := e.field
	switch {
	case k.Name == fyne.KeyEscape && v.OnCancel != nil:
		v.OnCancel()
	case k.Name == fyne.KeyUp && v.OnUp != nil:
		v.OnUp()
	case k.Name == fyne.KeyDown && v.OnDown != nil:
		v.OnDown()
	case v.OnKey != nil && v.OnKey(k):
	case k.Name == fyne.KeyEscape || isFunctionKey(k.Name):
		v.look.unused(k)
	case (k.Name == fyne.KeyReturn || k.Name == fyne.KeyEnter) && v.rows == 0:
		v.submit()
	default:
		e.Entry.TypedKey(k)
	}
}

func isFunctionKey(k fyne.KeyName) bool {
	return len(k) >= 2 && k[0] == 'F' && k[1] >= '1' && k[1] <= '9'
}

// TypedShortcut is for Fyne.
func (e *entry) TypedShortcut(s fyne.Shortcut) {
	c, ok := s.(*desktop.CustomShortcut)
	if ok && (c.KeyName == fyne.KeyReturn || c.KeyName == fyne.KeyEnter) && c.Modifier == fyne.KeyModifierControl {
		if e.field.OnAlternate != nil {
			e.field.OnAlternate(e.Text)
		} else {
			e.field.submit()
		}
		return
	}
	e.Entry.TypedShortcut(s)
	if on := e.field.look.OnShortcut; ok && on != nil {
		on(s) // an entry keeps every shortcut to itself: the window's must work here too
	}
}

// toggleBar is the switches in a field.
type toggleBar struct {
	active
	field *Field
	items []Toggle
}

func (t *toggleBar) need() fyne.Size { return fyne.NewSize(float32(len(t.items))*26, 24) }

// Disabled is true while there is nothing to switch.
func (t *toggleBar) Disabled() bool { return t.disabled || len(t.items) == 0 }

func (t *toggleBar) paint(b *brush, size fyne.Size) {
	p := b.pal()
	t.begin()
	for i, it := range t.items {
		x := float32(i) * 26
		ink := p.Dim
		if it.On {
			b.box(x+1, 1, 24, 22, 3, p.Select, colour{})
			ink = p.Accent
		} else if t.hot(i) {
			b.box(x+1, 1, 24, 22, 3, p.Hover, colour{})
		}
		b.middle(it.Text, x+13, 12, face{size: style.TextCaption, mono: true, bold: it.On}, ink)
		t.zone(zone{x: x + 1, y: 1, w: 24, h: 22, id: i, tip: it.Tip, round: 3, act: func() {
			t.items[i].On = !t.items[i].On
			t.Refresh()
			if t.field.OnToggle != nil {
				t.field.OnToggle(i, t.items[i].On)
			}
		}})
	}
	t.rings(b)
}
