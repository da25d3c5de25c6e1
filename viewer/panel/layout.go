package panel

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"vitrine/viewer/style"
)

// tall is an object whose height depends on its width: wrapped text.
type tall interface{ HeightFor(width float32) float32 }

// broad is an object that would like more than its least width.
type broad interface{ natural() float32 }

func heightFor(o fyne.CanvasObject, width float32) float32 {
	switch v := o.(type) {
	case tall:
		return v.HeightFor(width)
	case *fyne.Container:
		if l, ok := v.Layout.(boxLayout); ok {
			return l.heightFor(v.Objects, width)
		}
	}
	return o.MinSize().Height
}

func widthFor(o fyne.CanvasObject) float32 {
	if b, ok := o.(broad); ok {
		return max(b.natural(), o.MinSize().Width)
	}
	if c, ok := o.(*fyne.Container); ok {
		if l, ok := c.Layout.(boxLayout); ok {
			return l.widthFor(c.Objects)
		}
	}
	return o.MinSize().Width
}

// boxLayout is a layout of this package: it knows heights by width.
type boxLayout interface {
	fyne.Layout
	heightFor(objects []fyne.CanvasObject, width float32) float32
	widthFor(objects []fyne.CanvasObject) float32
}

// growLayout marks what takes the rest of a box.
type growLayout struct{ stack }

// stack lays everything over everything.
type stack struct{}

func (stack) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	for _, o := range objects {
		o.Move(fyne.Position{})
		o.Resize(size)
	}
}

func (stack) MinSize(objects []fyne.CanvasObject) fyne.Size {
	var s fyne.Size
	for _, o := range objects {
		if o.Visible() {
			s = s.Max(o.MinSize())
		}
	}
	return s
}

func (stack) heightFor(objects []fyne.CanvasObject, width float32) (h float32) {
	for _, o := range objects {
		h = max(h, heightFor(o, width))
	}
	return h
}

func (stack) widthFor(objects []fyne.CanvasObject) (w float32) {
	for _, o := range objects {
		w = max(w, widthFor(o))
	}
	return w
}

// Grow makes o take the room that is left in the VBox or HBox around it.
func Grow(o fyne.CanvasObject) *fyne.Container { return container.New(growLayout{}, o) }

// Spacer takes the room that is left.
func Spacer() *fyne.Container { return container.New(growLayout{}) }

func grows(o fyne.CanvasObject) bool {
	c, ok := o.(*fyne.Container)
	if !ok {
		return false
	}
	_, ok = c.Layout.(growLayout)
	return ok
}

type vbox struct{ gap float32 }

// VBox stacks objects below each other, gap apart, each as wide as the box.
// Wrapped text gets the height it needs at that width.
func VBox(gap float32, objects ...fyne.CanvasObject) *fyne.Container {
	return container.New(vbox{gap}, objects...)
}

func (l vbox) heights(objects []fyne.CanvasObject, width float32) (each []float32, sum float32, growing int) {
	n := 0
	for _, o := range objects {
		h := float32(0)
		if o.Visible() {
			n++
			if grows(o) {
				growing++
			}
			h = heightFor(o, width)
		}
		each, sum = append(each, h), sum+h
	}
	return each, sum + l.gap*float32(max(0, n-1)), growing
}

func (l vbox) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	each, sum, growing := l.heights(objects, size.Width)
	spare := max(0, size.Height-sum)
	y := float32(0)
	for i, o := range objects {
		if !o.Visible() {
			continue
		}
		h := each[i]
		if grows(o) {
			h += spare / float32(growing)
		}
		o.Move(fyne.NewPos(0, round(y)))
		o.Resize(fyne.NewSize(size.Width, round(y+h)-round(y)))
		y += h + l.gap
	}
}

func (l vbox) MinSize(objects []fyne.CanvasObject) fyne.Size {
	var s fyne.Size
	n := 0
	for _, o := range objects {
		if o.Visible() {
			n++
			m := o.MinSize()
			s.Width, s.Height = max(s.Width, m.Width), s.Height+m.Height
		}
	}
	s.Height += l.gap * float32(max(0, n-1))
	return s
}

func (l vbox) heightFor(objects []fyne.CanvasObject, width float32) float32 {
	_, h, _ := l.heights(objects, width)
	return h
}

func (l vbox) widthFor(objects []fyne.CanvasObject) (w float32) {
	for _, o := range objects {
		if o.Visible() {
			w = max(w, widthFor(o))
		}
	}
	return w
}

type hbox struct {
	gap float32
	top bool
}

// HBox puts objects beside each other, gap apart, centred in height. Texts get
// the width they would like while there is room; Grow takes what is left. Panes
// (surfaces, lists, scrolls, splits, the rail) get all the height, grown or not.
func HBox(gap float32, objects ...fyne.CanvasObject) *fyne.Container {
	return container.New(hbox{gap: gap}, objects...)
}

// HTop is an HBox with everything at the top: an icon beside wrapped text.
func HTop(gap float32, objects ...fyne.CanvasObject) *fyne.Container {
	return container.New(hbox{gap: gap, top: true}, objects...)
}

// pane is a control that takes all the height of the HBox it stands in.
type pane interface{ fills() }

func (v *Rail) fills()    {}
func (v *Surface) fills() {}
func (v *Split) fills()   {}
func (v *List) fills()    {}

func fills(o fyne.CanvasObject) bool {
	if c, ok := o.(*fyne.Container); ok {
		switch l := c.Layout.(type) {
		case scrollLayout:
			return true
		case growLayout:
			return len(c.Objects) != 1 || !lineHigh(c.Objects[0])
		case sizedLayout:
			return l.h == 0 && len(c.Objects) == 1 && fills(c.Objects[0])
		}
		return false
	}
	_, ok := o.(pane)
	return ok
}

func (l hbox) widths(objects []fyne.CanvasObject, width float32) []float32 {
	each := make([]float32, len(objects))
	least, n, growing := float32(0), 0, 0
	for i, o := range objects {
		if !o.Visible() {
			continue
		}
		n++
		each[i] = o.MinSize().Width
		least += each[i]
		if grows(o) {
			growing++
		}
	}
	spare := width - least - l.gap*float32(max(0, n-1))
	for i, o := range objects { // first come, first served
		if spare <= 0 || !o.Visible() || grows(o) {
			continue
		}
		more := min(spare, max(0, widthFor(o)-each[i]))
		each[i] += more
		spare -= more
	}
	for i, o := range objects {
		if spare > 0 && o.Visible() && grows(o) {
			each[i] += spare / float32(growing)
		}
	}
	return each
}

func (l hbox) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	x := float32(0)
	for i, w := range l.widths(objects, size.Width) {
		o := objects[i]
		if !o.Visible() {
			continue
		}
		h := size.Height
		if !fills(o) {
			h = min(size.Height, heightFor(o, w))
		}
		y := round((size.Height - h) / 2)
		if l.top {
			y = 0
		}
		o.Move(fyne.NewPos(round(x), y))
		o.Resize(fyne.NewSize(round(x+w)-round(x), h))
		x += w + l.gap
	}
}

func (l hbox) MinSize(objects []fyne.CanvasObject) fyne.Size {
	var s fyne.Size
	n := 0
	for _, o := range objects {
		if o.Visible() {
			n++
			m := o.MinSize()
			s.Width, s.Height = s.Width+m.Width, max(s.Height, m.Height)
		}
	}
	s.Width += l.gap * float32(max(0, n-1))
	return s
}

func (l hbox) heightFor(objects []fyne.CanvasObject, width float32) (h float32) {
	for i, w := range l.widths(objects, width) {
		if objects[i].Visible() {
			h = max(h, heightFor(objects[i], w))
		}
	}
	return h
}

func (l hbox) widthFor(objects []fyne.CanvasObject) (w float32) {
	n := 0
	for _, o := range objects {
		if o.Visible() {
			n++
			w += widthFor(o)
		}
	}
	return w + l.gap*float32(max(0, n-1))
}

type padLayout struct{ top, right, bottom, left float32 }

// Pad leaves room around o.
func Pad(top, right, bottom, left float32, o fyne.CanvasObject) *fyne.Container {
	return container.New(padLayout{top, right, bottom, left}, o)
}

// Inset leaves the design's side inset around o, and v above and below.
func Inset(v float32, o fyne.CanvasObject) *fyne.Container {
	return Pad(v, style.Inset, v, style.Inset, o)
}

func (l padLayout) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	for _, o := range objects {
		o.Move(fyne.NewPos(l.left, l.top))
		o.Resize(fyne.NewSize(max(0, size.Width-l.left-l.right), max(0, size.Height-l.top-l.bottom)))
	}
}

func (l padLayout) MinSize(objects []fyne.CanvasObject) fyne.Size {
	return stack{}.MinSize(objects).AddWidthHeight(l.left+l.right, l.top+l.bottom)
}

func (l padLayout) heightFor(objects []fyne.CanvasObject, width float32) float32 {
	return stack{}.heightFor(objects, max(0, width-l.left-l.right)) + l.top + l.bottom
}

func (l padLayout) widthFor(objects []fyne.CanvasObject) float32 {
	return stack{}.widthFor(objects) + l.left + l.right
}

type sizedLayout struct{ w, h float32 }

// Sized gives o a width and a height; 0 leaves that one as it is.
func Sized(w, h float32, o fyne.CanvasObject) *fyne.Container {
	return container.New(sizedLayout{w, h}, o)
}

func (l sizedLayout) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	if l.w > 0 {
		size.Width = min(size.Width, l.w)
	}
	if l.h > 0 {
		size.Height = min(size.Height, l.h)
	}
	stack{}.Layout(objects, size)
}

func (l sizedLayout) MinSize(objects []fyne.CanvasObject) fyne.Size {
	s := stack{}.MinSize(objects)
	if l.w > 0 {
		s.Width = l.w
	}
	if l.h > 0 {
		s.Height = l.h
	}
	return s
}

func (l sizedLayout) heightFor(objects []fyne.CanvasObject, width float32) float32 {
	if l.h > 0 {
		return l.h
	}
	if l.w > 0 {
		width = min(width, l.w)
	}
	return stack{}.heightFor(objects, width)
}

func (l sizedLayout) widthFor(objects []fyne.CanvasObject) float32 {
	if l.w > 0 {
		return l.w
	}
	return stack{}.widthFor(objects)
}

// lineHigh is for controls that stand in the middle of a row instead of filling it.
func lineHigh(o fyne.CanvasObject) bool {
	switch o.(type) {
	case *Label, *Line, *Field, *Select, *Segmented, *Button, *Check, *Banner, *Progress, *Ramp, *Tally, *Chip, *Hints, *Rule:
		return true
	}
	return false
}

type centerLayout struct{ stack }

// Center puts o in the middle, in the size it would like.
func Center(o fyne.CanvasObject) *fyne.Container { return container.New(centerLayout{}, o) }

func (centerLayout) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	for _, o := range objects {
		w := min(widthFor(o), size.Width)
		h := min(heightFor(o, w), size.Height)
		o.Move(fyne.NewPos(round((size.Width-w)/2), round((size.Height-h)/2)))
		o.Resize(fyne.NewSize(w, h))
	}
}
