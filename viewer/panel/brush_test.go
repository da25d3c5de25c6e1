package panel

import (
	"image"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/driver/software"

	"vitrine/viewer/style"
)

// TestWideBoxLooksLikeOne: a box made of parts has the pixels of Fyne's rectangle, but for
// shades of its round corners.
func TestWideBoxLooksLikeOne(t *testing.T) {
	p := style.Dark
	for _, c := range []struct {
		name         string
		radius       float32
		fill, stroke colour
	}{
		{"plain", 0, p.Chrome, colour{}},
		{"round", 6, p.Raised, colour{}},
		{"edged", 6, p.Raised, p.Edge},
		{"square edged", 0, p.Raised, p.Edge},
		{"translucent", 4, fade(p.Accent, .2), colour{}},
		{"translucent edged", 4, fade(p.Accent, .2), p.Accent},
		{"only an edge", 4, colour{}, p.Accent},
	} {
		t.Run(c.name, func(t *testing.T) {
			const x, y, w, h = 10, 12, 200, 90
			b := &brush{look: NewLook(p)}
			b.box(x, y, w, h, c.radius, c.fill, c.stroke)
			r := &canvas.Rectangle{FillColor: c.fill, CornerRadius: c.radius, StrokeColor: c.stroke}
			if c.stroke.A > 0 {
				r.StrokeWidth = 1
			}
			r.Move(fyne.NewPos(x, y))
			r.Resize(fyne.NewSize(w, h))
			got, want := painted(b.objects...), painted(r)
			corner := int(c.radius) + 1
			in := 0
			if c.stroke.A > 0 { // Fyne's painter without a window lets an edge bleed
				in = 2
				if got.At(x+w/2, y) != got.At(x, y+h/2) || c.fill.A == 255 && got.At(x+w/2, y) != image.NewUniform(c.stroke).At(0, 0) {
					t.Errorf("the edge is %v and %v", got.At(x+w/2, y), got.At(x, y+h/2))
				}
			}
			for py := y + in; py < y+h-in; py++ {
				for px := x + in; px < x+w-in; px++ {
					nearX := px < x+corner || px >= x+w-corner
					nearY := py < y+corner || py >= y+h-corner
					limit := 2
					if c.radius > 0 && nearX && nearY {
						limit = 255
					}
					if d := apart(got, want, px, py); d > limit {
						t.Fatalf("the pixel at %d, %d is %v, not %v", px, py, got.At(px, py), want.At(px, py))
					}
				}
			}
			if c.radius > 0 && len(b.objects) > 1 {
				for _, at := range [][2]int{{x, y}, {x + w - 1, y}, {x, y + h - 1}, {x + w - 1, y + h - 1}} {
					if got.At(at[0], at[1]) != want.At(0, 0) {
						t.Errorf("the corner at %v is not round: %v", at, got.At(at[0], at[1]))
					}
				}
			}
		})
	}
}

// painted is what objects look like on a window's ground.
func painted(objects ...fyne.CanvasObject) image.Image {
	c := software.NewCanvas()
	c.SetPadded(false)
	c.SetContent(&fyne.Container{Objects: objects})
	c.Resize(fyne.NewSize(240, 120))
	return c.Capture()
}

// apart is how far two pictures are apart in a pixel, in the colour where it is most.
func apart(a, b image.Image, x, y int) int {
	ar, ag, ab, _ := a.At(x, y).RGBA()
	br, bg, bb, _ := b.At(x, y).RGBA()
	most := 0
	for _, d := range []int{int(ar) - int(br), int(ag) - int(bg), int(ab) - int(bb)} {
		most = max(most, d>>8, -d>>8)
	}
	return most
}

// TestFillsArePooled: colours that come and go do not add up.
func TestFillsArePooled(t *testing.T) {
	b := &brush{look: NewLook(style.Dark)}
	for i := range 3 * maxIdle {
		b.begin()
		b.rect(0, 0, 100, 100, colour{R: uint8(i), G: 1, B: 2, A: 255})
		b.rect(0, 100, 100, 100, colour{R: uint8(i), G: 1, B: 2, A: 255})
		b.end()
		if n := len(b.objects); n != 2 || b.objects[0] == b.objects[1] {
			t.Fatalf("%d objects for two fills", n)
		}
	}
	if n := len(b.fills); n > maxIdle+1 {
		t.Errorf("%d colours are kept", n)
	}
}

// TestEndsOfABoxLap: a shape with round corners is smoothed at every edge in a window, so
// that what is between the ends has to lie over theirs, and to be opaque.
func TestEndsOfABoxLap(t *testing.T) {
	b := &brush{look: NewLook(style.Light)}
	b.box(0, 0, 300, 30, 4, style.Light.Fill, colour{})
	if n := len(b.objects); n != 3 {
		t.Fatalf("%d parts", n)
	}
	top, bottom, between := b.objects[0], b.objects[1], b.objects[2]
	if top.Size().Height <= between.Position().Y || bottom.Position().Y >= between.Position().Y+between.Size().Height {
		t.Errorf("the ends are %v high and begin at %v, between them is %v at %v", top.Size(), bottom.Position(), between.Size(), between.Position())
	}
	b.begin()
	if b.box(0, 0, 300, 30, 4, fade(style.Light.Fill, .5), colour{}); len(b.objects) != 1 {
		t.Errorf("a translucent box has %d parts, which would be seen", len(b.objects))
	}
}
