package panel

import (
	"maps"
	"math"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"

	"vitrine/viewer/style"
)

// brush draws one control. Objects are pooled by kind and given out again at
// each repaint, so their number is bounded by what was on screen at most.
type brush struct {
	look    *Look
	objects []fyne.CanvasObject
	rects   []*canvas.Rectangle
	texts   []*canvas.Text
	circles []*canvas.Circle
	icons   map[string]*imagePool
	fills   map[colour]*imagePool

	nRects, nTexts, nCircles int
}

// imagePool are images of one content: their textures are never made again.
type imagePool struct {
	images []*canvas.Image
	n      int // given out
}

// next is an image that is not given out yet, made where there is none.
func (p *imagePool) next(make func() *canvas.Image) *canvas.Image {
	if p.n == len(p.images) {
		p.images = append(p.images, make())
	}
	p.n++
	return p.images[p.n-1]
}

func (b *brush) pal() *style.Palette { return b.look.Palette }

func (b *brush) begin() {
	b.objects = b.objects[:0]
	b.nRects, b.nTexts, b.nCircles = 0, 0, 0
	for _, p := range b.icons {
		p.n = 0
	}
	for _, p := range b.fills {
		p.n = 0
	}
}

// maxIdle bounds the pools of icons and of fills: palettes and tones multiply both.
const maxIdle = 64

func (b *brush) end() {
	// The pools keep strong references; forget the texts of a past long list.
	for i := b.nTexts; i < len(b.texts); i++ {
		b.texts[i].Text = ""
	}
	drop(b.icons)
	drop(b.fills)
}

// drop forgets the pools of which nothing was given out, when there are many.
func drop[K comparable](pools map[K]*imagePool) {
	if len(pools) > maxIdle {
		maps.DeleteFunc(pools, func(_ K, p *imagePool) bool { return p.n == 0 })
	}
}

func round(v float32) float32 { return float32(math.Round(float64(v))) }

// ceil is the width in whole pixels that something needs.
func ceil(v float32) float32 { return float32(math.Ceil(float64(v))) }

func (b *brush) put(o fyne.CanvasObject, x, y, w, h float32) {
	o.Move(fyne.NewPos(round(x), round(y)))
	o.Resize(fyne.NewSize(round(w), round(h)))
	b.objects = append(b.objects, o)
}

// wide is the area, in square units, from which a rectangle is drawn as style.Fill: what
// that saves is more than a second object costs.
const wide = 4000

// rect fills a rectangle.
func (b *brush) rect(x, y, w, h float32, fill colour) {
	if w <= 0 || h <= 0 {
		return
	}
	if w*h < wide || fill.A == 0 {
		b.shape(x, y, w, h, 0, fill, colour{})
		return
	}
	p := b.fills[fill]
	if p == nil {
		if b.fills == nil {
			b.fills = map[colour]*imagePool{}
		}
		p = &imagePool{}
		b.fills[fill] = p
	}
	b.put(p.next(func() *canvas.Image { return style.Fill(fill) }), x, y, w, h)
}

// box fills and strokes (1 px, when visible) a rounded rectangle. A wide one is made of
// its upper and its lower end, which are round, and of what is between.
func (b *brush) box(x, y, w, h, radius float32, fill, stroke colour) {
	switch {
	case w <= 0 || h <= 0:
	case w*h < wide || h <= 2*(radius+lap) || fill.A == 0 || fill.A < 255 && (stroke.A > 0 || radius > 0):
		b.shape(x, y, w, h, radius, fill, stroke)
	case stroke.A > 0:
		b.rim(x, y, w, h, radius, stroke)
		b.box(x+1, y+1, w-2, h-2, max(radius-1, 0), fill, colour{})
	default:
		b.ends(x, y, w, h, radius, fill)
		b.rect(x, y+radius, w, h-2*radius, fill)
	}
}

// rim is the outermost of a rounded box, as a ground for another that is smaller by 1 px
// at each side.
func (b *brush) rim(x, y, w, h, radius float32, c colour) {
	end := max(radius, 1)
	if radius > 0 {
		b.ends(x, y, w, h, end, c)
	} else {
		b.rect(x, y, w, 1, c)
		b.rect(x, y+h-1, w, 1, c)
	}
	b.rect(x, y+end, 1, h-2*end, c)
	b.rect(x+w-1, y+end, 1, h-2*end, c)
}

// shades are how dark the shadow around a box is, outwards in steps of 2 px.
var shades = []uint8{64, 44, 26, 12}

// shadow is around a box that lies over other things.
func (b *brush) shadow(x, y, w, h float32) {
	for i, a := range shades {
		if b.pal().Light { // where a shadow stands out more
			a /= 2
		}
		out, c := float32(2*i), colour{A: a}
		l, t, r, m := x-out-2, y-out-2, x+w+out, y+h+out
		b.rect(l, t, r+2-l, 2, c)
		b.rect(l, m, r+2-l, 2, c)
		b.rect(l, t+2, 2, m-t-2, c)
		b.rect(r, t+2, 2, m-t-2, c)
	}
}

// lap is how far the ends of a box reach below what is between them: the edge of a shape
// with round corners is smoothed all around, and would leave a lighter line there.
const lap = 2

// ends are the upper and the lower end of a rounded box, to be painted before what is between.
func (b *brush) ends(x, y, w, h, radius float32, c colour) {
	if radius == 0 {
		return
	}
	top := b.shape(x, y, w, radius+lap, 0, c, colour{})
	top.TopLeftCornerRadius, top.TopRightCornerRadius = radius, radius
	bottom := b.shape(x, y+h-radius-lap, w, radius+lap, 0, c, colour{})
	bottom.BottomLeftCornerRadius, bottom.BottomRightCornerRadius = radius, radius
}

// shape is a rectangle of Fyne's.
func (b *brush) shape(x, y, w, h, radius float32, fill, stroke colour) *canvas.Rectangle {
	if b.nRects == len(b.rects) {
		b.rects = append(b.rects, canvas.NewRectangle(fill))
	}
	r := b.rects[b.nRects]
	b.nRects++
	r.FillColor, r.StrokeColor, r.CornerRadius, r.StrokeWidth = fill, stroke, radius, 0
	r.TopLeftCornerRadius, r.TopRightCornerRadius, r.BottomLeftCornerRadius, r.BottomRightCornerRadius = 0, 0, 0, 0
	if stroke.A > 0 {
		r.StrokeWidth = 1
	}
	b.put(r, x, y, w, h)
	return r
}

// ring is the focus ring just inside the given box: in high contrast, where every box has
// a bright edge, two pixels thick.
func (b *brush) ring(x, y, w, h, radius float32) {
	b.hoop(x, y, w, h, radius)
	if b.pal().Strong {
		b.hoop(x+1, y+1, w-2, h-2, max(radius-1, 0))
	}
}

func (b *brush) hoop(x, y, w, h, radius float32) {
	if c := b.pal().Accent; radius > 0 {
		b.box(x, y, w, h, radius, colour{}, c)
	} else { // not its inside, which would be painted too
		b.rim(x, y, w, h, 0, c)
	}
}

// circle draws a disc around (cx, cy) of radius r.
func (b *brush) circle(cx, cy, r float32, fill, stroke colour, width float32) {
	if b.nCircles == len(b.circles) {
		b.circles = append(b.circles, canvas.NewCircle(fill))
	}
	c := b.circles[b.nCircles]
	b.nCircles++
	c.FillColor, c.StrokeColor, c.StrokeWidth = fill, stroke, width
	b.put(c, cx-r, cy-r, 2*r, 2*r)
}

// icon draws a glyph of viewer/style centred at cy, with its left edge at x.
func (b *brush) icon(name string, x, cy, size float32, c colour) {
	if name == "" {
		return
	}
	scale := float32(1)
	if b.look.Scale != nil {
		scale = b.look.Scale()
	}
	res := style.Icon(name, c, scale)
	if b.icons == nil {
		b.icons = map[string]*imagePool{}
	}
	p := b.icons[res.Name()]
	if p == nil {
		p = &imagePool{}
		b.icons[res.Name()] = p
	}
	img := p.next(func() *canvas.Image {
		img := canvas.NewImageFromResource(res)
		img.FillMode = canvas.ImageFillContain
		return img
	})
	b.put(img, x, cy-size/2, size, size)
}

// face is how a text is set.
type face struct {
	size               float32
	bold, italic, mono bool
}

func (f face) style() fyne.TextStyle {
	return fyne.TextStyle{Bold: f.bold, Italic: f.italic, Monospace: f.mono}
}

func (f face) width(s string) float32 {
	if s == "" {
		return 0
	}
	return fyne.MeasureText(s, f.size, f.style()).Width
}

func (f face) height() float32 { return fyne.MeasureText("Mg", f.size, f.style()).Height }

// text draws s centred at cy and returns its width.
func (b *brush) text(s string, x, cy float32, f face, c colour) float32 {
	s = visible(s)
	if s == "" {
		return 0
	}
	if b.nTexts == len(b.texts) {
		b.texts = append(b.texts, canvas.NewText("", c))
	}
	t := b.texts[b.nTexts]
	b.nTexts++
	t.Text, t.TextSize, t.TextStyle, t.Color = s, f.size, f.style(), c
	size := fyne.MeasureText(s, f.size, f.style())
	b.put(t, x, cy-size.Height/2, size.Width, size.Height)
	return size.Width
}

// cut draws s within width, with an ellipsis when it is longer.
func (b *brush) cut(s string, x, cy, width float32, f face, c colour) float32 {
	return b.text(f.fit(visible(s), width), x, cy, f, c)
}

// right draws s so that it ends at x and returns its width.
func (b *brush) right(s string, x, cy float32, f face, c colour) float32 {
	w := f.width(visible(s))
	b.text(s, x-w, cy, f, c)
	return w
}

// middle draws s centred around cx.
func (b *brush) middle(s string, cx, cy float32, f face, c colour) {
	b.text(s, cx-f.width(visible(s))/2, cy, f, c)
}

// maxMeasured bounds what is measured of one text: nothing longer is seen in a
// pane, and a minified line of a search hit can have megabytes.
const maxMeasured = 1000

const ellipsis = "…"

// fit returns s when it is at most width wide, else its longest beginning with
// an ellipsis that is; "" when not even the ellipsis has room.
func (f face) fit(s string, width float32) string {
	long := false
	if len(s) > maxMeasured {
		n := maxMeasured
		for n > 0 && !utf8.RuneStart(s[n]) {
			n--
		}
		s, long = s[:n], true
	}
	width += .5 // positions are rounded, widths are not
	if !long && f.width(s) <= width {
		return s
	}
	if f.width(ellipsis) > width {
		return ""
	}
	r := []rune(s)
	lo, hi := 0, len(r)
	for lo < hi {
		mid := (lo + hi + 1) / 2
		if f.width(string(r[:mid])+ellipsis) <= width {
			lo = mid
		} else {
			hi = mid - 1
		}
	}
	return strings.TrimRight(string(r[:lo]), " ") + ellipsis
}

// visible replaces what canvas.Text would drop or what would reorder the line:
// names and lines come from the vendor, and a reviewer must see what is there.
func visible(s string) string {
	clean := true
	for _, r := range s {
		if hidden(r) {
			clean = false
			break
		}
	}
	if clean && utf8.ValidString(s) {
		return s
	}
	var b strings.Builder
	for _, r := range s {
		switch {
		case r == '\t':
			b.WriteString("    ")
		case hidden(r):
			b.WriteString("‹U+" + strings.ToUpper(pad4(strconv.FormatInt(int64(r), 16))) + "›")
		default:
			b.WriteRune(r)
		}
	}
	return b.String()
}

func pad4(s string) string { return strings.Repeat("0", max(0, 4-len(s))) + s }

// hidden: control and format characters (bidi, zero width, BOM, tags) and line separators.
func hidden(r rune) bool {
	return r < ' ' || r == 0x7f || r > 0x7f && (unicode.In(r, unicode.Cc, unicode.Cf, unicode.Zl, unicode.Zp) || r == 0xa0)
}
