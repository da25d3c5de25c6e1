package panel

import (
	"time"

	"fyne.io/fyne/v2"

	"vitrine/viewer/style"
)

// tipDelay is how long the mouse rests before a tooltip comes, if there is a clock.
const tipDelay = 500 * time.Millisecond

// toastTime is how long a toast stays that is not an error.
const toastTime = 4 * time.Second

// maxToasts is how many toasts are shown; the oldest makes room.
const maxToasts = 4

// layer is the transparent top of a window.
type layer struct {
	drawn
	tip     zone // with absolute coordinates; tip.tip == "" for none
	cancel  func()
	toasts  []*Banner
	cancels []func()
	card    *card
}

func (l *Look) top() *layer {
	if l.layer == nil {
		l.layer = &layer{}
		l.layer.setup(l, l.layer)
	}
	return l.layer
}

func (y *layer) need() fyne.Size { return fyne.Size{} }

func (y *layer) paint(b *brush, size fyne.Size) {
	p := b.pal()
	if y.card != nil {
		y.card.paint(b, size)
	}
	foot := float32(style.HeightStatus)
	if y.look.Foot != nil {
		foot = y.look.Foot()
	}
	bottom := size.Height - foot - style.Gap3
	for i := len(y.toasts) - 1; i >= 0; i-- {
		t := y.toasts[i]
		w := min(max(t.natural(), 320), 640, size.Width-2*style.Gap4)
		h := t.HeightFor(w)
		bottom -= h + style.Gap1
		x := round((size.Width - w) / 2)
		b.box(x-1, bottom-1, w+2, h+2, 0, p.Raised, p.Edge)
		b.put(t, x, bottom, w, h)
		bottom -= style.Gap1
	}
	if y.tip.tip == "" {
		return
	}
	f, k := face{size: style.TextSecondary}, face{size: style.TextCaption}
	text := f.fit(visible(y.tip.tip), max(40, size.Width-40))
	w := f.width(text) + 16
	if y.tip.key != "" {
		w += k.width(y.tip.key) + 12
	}
	x, ty := y.tip.x, y.tip.y+y.tip.h+4
	if y.tip.x+y.tip.w < style.WidthRail+4 { // the rail's tips stand beside it
		x, ty = y.tip.x+y.tip.w+6, y.tip.y+y.tip.h/2-12
	}
	if ty+24 > size.Height {
		ty = y.tip.y - 28
	}
	x = max(4, min(x, size.Width-w-4))
	b.box(x, ty, w, 24, style.Radius, p.Raised, p.Edge)
	tw := b.text(text, x+8, ty+12, f, p.Text)
	if y.tip.key != "" {
		b.text(y.tip.key, x+8+tw+12, ty+12, k, p.Dim)
	}
}

// tip shows the tooltip of a zone of o, or none when it has none.
func (l *Look) tip(o fyne.CanvasObject, z zone) {
	l.hideTip()
	if z.tip == "" {
		return
	}
	y := l.top()
	show := func() {
		pos := fyne.CurrentApp().Driver().AbsolutePositionForObject(o)
		z.x, z.y = z.x+pos.X, z.y+pos.Y
		y.tip, y.cancel = z, nil
		y.Refresh()
	}
	if l.Later != nil {
		y.cancel = l.Later(tipDelay, show)
		return
	}
	show()
}

func (l *Look) hideTip() {
	y := l.top()
	if y.cancel != nil {
		y.cancel()
		y.cancel = nil
	}
	if y.tip.tip != "" {
		y.tip = zone{}
		y.Refresh()
	}
}

// unused hands on a key that a control has no use for.
func (l *Look) unused(e *fyne.KeyEvent) {
	if e.Name == fyne.KeyEscape && l.Escape() {
		return
	}
	if l.OnKey != nil {
		l.OnKey(e)
	}
}

// ToastStyle is what a toast says. Tone ToneDanger stays until it is closed.
type ToastStyle struct {
	Tone  Tone
	Icon  string
	Bold  string
	Text  string
	Links []Action
}

// Toast shows a message at the bottom of the window for four seconds; errors
// stay. The result closes it earlier. Look.Layer must be in the window.
func (l *Look) Toast(s ToastStyle) (dismiss func()) {
	y := l.top()
	t := NewBanner(l, BannerStyle{})
	cancel := func() {}
	dismiss = func() {
		cancel()
		for i, o := range y.toasts {
			if o == t {
				y.toasts = append(y.toasts[:i:i], y.toasts[i+1:]...)
				y.cancels = append(y.cancels[:i:i], y.cancels[i+1:]...)
				y.Refresh()
				return
			}
		}
	}
	t.Set(BannerStyle{Tone: s.Tone, Icon: s.Icon, Bold: s.Bold, Text: s.Text, Links: s.Links, Close: dismiss, Whole: true})
	if len(y.toasts) == maxToasts {
		y.cancels[0]()
	}
	y.toasts, y.cancels = append(y.toasts, t), append(y.cancels, dismiss)
	if l.Later != nil && s.Tone != ToneDanger {
		if c := l.Later(toastTime, dismiss); c != nil {
			cancel = c
		}
	}
	y.Refresh()
	return dismiss
}
