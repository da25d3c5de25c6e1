package panel

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"fyne.io/fyne/v2"

	"vitrine/viewer/style"
)

// MenuBar is the window's first row: the mark, the menus' titles, one field
// that stands for what is open, and a short state at the right. It draws
// titles; what a menu holds and shows is the owner's (ShowMenu).
type MenuBar struct {
	active
	titles []string
	marks  []rune // of the titles
	field  string
	key    string
	right  string
	tone   Tone
	open   int // the menu that hangs down now
	drop   func()

	OnMenu  func(i int, at fyne.Position) // at: the menu's upper left corner
	OnField func()
}

// fieldZone is the zone of the field; the titles are 0, 1, 2 …
const fieldZone = 1000

// NewMenuBar returns a bar without menus.
func NewMenuBar(l *Look) *MenuBar {
	m := &MenuBar{open: nowhere}
	m.setup(l, m)
	return m
}

// SetMenus gives the titles, left to right, and of each the letter by which it is asked for
// (0 for none): it opens the menu while the bar has the keyboard, and is underlined then
// and while a menu hangs.
func (m *MenuBar) SetMenus(titles []string, letters []rune) {
	m.titles, m.marks = titles, letters
	m.Refresh()
}

// TypedRune is for Fyne.
func (m *MenuBar) TypedRune(r rune) {
	for i, mark := range m.marks {
		if z, ok := m.byID(i); ok && mark != 0 && unicode.ToLower(r) == unicode.ToLower(mark) {
			z.act()
			return
		}
	}
}

// SetField names what is open and the key that searches in it; "" hides it.
func (m *MenuBar) SetField(text, key string) { m.field, m.key = text, key; m.Refresh() }

// SetRight is the state at the right end, behind a dot of the tone.
func (m *MenuBar) SetRight(tone Tone, text string) {
	if m.tone != tone || m.right != text {
		m.tone, m.right = tone, text
		m.Refresh()
	}
}

// Stand puts the keyboard on menu i without opening it.
func (m *MenuBar) Stand(i int) { m.at, m.quiet = i, false; m.Refresh() }

// Drop hangs menu i from its title. Left and Right go on to the next one, and so
// does the mouse over another title, as long as a menu hangs.
func (m *MenuBar) Drop(c fyne.Canvas, i int, items func(i int) []MenuItem) {
	if i < 0 || i >= len(m.titles) {
		return
	}
	go_ := func(to int) {
		m.drop()
		m.Drop(c, to, items)
	}
	s := newMenu(m.look, m.Corner(i), 0, items(i))
	if s == nil {
		return
	}
	s.list.selected = nowhere // what is checked is no choice of one here: begin at the top
	s.sideways = func(by int) { go_((i + by + len(m.titles)) % len(m.titles)) }
	s.hovered = func(at fyne.Position) {
		at = at.Subtract(fyne.CurrentApp().Driver().AbsolutePositionForObject(m))
		if z, ok := m.zoneAt(at); ok && z.id != i && z.id < len(m.titles) {
			go_(z.id)
		}
	}
	s.closed = func() { m.open = nowhere; m.Refresh() }
	m.open, m.at, m.drop = i, i, s.Close
	s.show(c)
	m.Refresh()
}

// Corner is where menu i hangs from, on the canvas.
func (m *MenuBar) Corner(i int) fyne.Position {
	at := fyne.CurrentApp().Driver().AbsolutePositionForObject(m)
	if z, ok := m.byID(i); ok {
		return at.AddXY(z.x, style.HeightMenu)
	}
	return at.AddXY(0, style.HeightMenu)
}

func (m *MenuBar) need() fyne.Size { return fyne.NewSize(400, style.HeightMenu) }

func (m *MenuBar) paint(b *brush, size fyne.Size) {
	m.begin()
	p := b.pal()
	b.rect(0, 0, size.Width, size.Height, p.Rail)
	b.rect(0, size.Height-1, size.Width, 1, p.Line)
	cy := round((size.Height - 1) / 2)
	b.icon("!vitrine", 16, cy, 15, p.Accent)
	body := face{size: style.TextBody}
	x := float32(42)
	for i, t := range m.titles {
		w := round(body.width(t)) + 20
		if m.hot(i) || m.open == i {
			b.box(x, 4, w, size.Height-9, style.Radius, p.Hover, p.Hover)
		}
		c := p.Dim
		if m.hot(i) || m.open == i || m.focused && m.at == i {
			c = p.Text
		}
		b.text(t, x+10, cy, body, c)
		if at := m.marked(i); at >= 0 && (m.focused && !m.quiet || m.open != nowhere) {
			_, n := utf8.DecodeRuneInString(t[at:])
			from := body.width(t[:at])
			b.rect(round(x+10+from), cy+7, round(body.width(t[:at+n])-from), 1, c)
		}
		m.zone(zone{x: x, y: 3, w: w, h: size.Height - 7, id: i, round: style.Radius, act: func() {
			if m.OnMenu != nil {
				m.OnMenu(i, m.Corner(i))
			}
		}})
		x += w
	}
	right := size.Width - style.Inset
	if m.right != "" {
		w := face{size: style.TextBody}.width(m.right)
		b.text(m.right, right-w, cy, face{size: style.TextBody}, p.Dim)
		b.circle(right-w-11, cy, 4, m.tone.Of(p), m.tone.Of(p), 0)
		right -= w + 24
	}
	m.paintField(b, size, x, right, cy)
	m.rings(b)
}

// marked is the byte of a title at which its letter stands, -1 without one.
func (m *MenuBar) marked(i int) int {
	if i >= len(m.marks) || m.marks[i] == 0 {
		return -1
	}
	return strings.IndexFunc(m.titles[i], func(r rune) bool { return unicode.ToLower(r) == unicode.ToLower(m.marks[i]) })
}

func (m *MenuBar) paintField(b *brush, size fyne.Size, left, right, cy float32) {
	const narrow, wide, least = 384, 440, 160
	if m.field == "" {
		return
	}
	p := b.pal()
	w := float32(narrow)
	if size.Width >= 1600 {
		w = wide
	}
	x := round((size.Width - w) / 2)
	if x < left+style.Gap2 {
		x = left + style.Gap2
	}
	w = min(w, right-x)
	if w < least {
		return
	}
	fill, edge := p.Field, p.Line
	if m.hot(fieldZone) {
		edge = p.Edge
	}
	b.box(x, 4, w, 22, style.Radius, fill, edge)
	b.icon("search", x+8, cy, 13, p.Dim)
	key := face{size: style.TextCaption}
	kw := b.right(m.key, x+w-8, cy, key, p.Faint)
	b.cut(m.field, x+28, cy, w-44-kw, face{size: style.TextBody}, p.Dim)
	m.zone(zone{x: x, y: 4, w: w, h: 22, id: fieldZone, round: style.Radius, act: func() {
		if m.OnField != nil {
			m.OnField()
		}
	}})
}
