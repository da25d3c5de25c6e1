package panel

import (
	"fyne.io/fyne/v2"

	"vitrine/viewer/style"
)

// A card tells something about a place of the window. It takes neither keyboard
// nor mouse: what it says is read, and it goes.
type card struct {
	content fyne.CanvasObject
	at      fyne.Position // left end of what it speaks of
	height  float32       // of that
}

const (
	cardWidth = 560 // at most
	cardLeast = 200
	cardInset = 12
	cardGap   = 4
	cardMost  = 360 // of height
)

// ShowCard shows content, on the canvas of the layer, below something of a
// height at a place, or above it where there is no room below. It stays until
// HideCard, Escape, or an overlay. Look.Layer must be in the window.
func (l *Look) ShowCard(content fyne.CanvasObject, at fyne.Position, height float32) {
	l.hideTip()
	y := l.top()
	y.card = &card{content: content, at: at, height: height}
	y.Refresh()
}

// HideCard takes the card away and reports whether there was one.
func (l *Look) HideCard() bool {
	y := l.top()
	if y.card == nil {
		return false
	}
	y.card = nil
	y.Refresh()
	return true
}

// CardShown is whether a card is on the screen.
func (l *Look) CardShown() bool { return l.top().card != nil }

func (c *card) paint(b *brush, size fyne.Size) {
	p := b.pal()
	w := min(max(widthFor(c.content)+2*cardInset, cardLeast), cardWidth, size.Width-2*style.Gap4)
	h := min(heightFor(c.content, w-2*cardInset)+2*cardInset-4, cardMost, size.Height-2*style.Gap4)
	x := max(4, min(c.at.X, size.Width-w-4))
	y := c.at.Y + c.height + cardGap
	if y+h > size.Height-style.HeightStatus {
		y = max(4, c.at.Y-h-cardGap)
	}
	if !p.Light {
		b.rim(x-1, y-1, w+2, h+2, style.RadiusCard+1, colour{A: 90})
	}
	b.box(x, y, w, h, style.RadiusCard, p.Raised, p.Edge)
	b.put(c.content, x+cardInset, y+cardInset-2, w-2*cardInset, h-2*cardInset+4)
}
