package code

import (
	"math"

	"fyne.io/fyne/v2"

	"vitrine/viewer/style"
)

// rowHeight is the height of a row at the standard size of the text.
const rowHeight = style.HeightCode

// metrics are the measures that follow from the font, the size of the text and the
// scale of the screen: all that is drawn, scrolled or clicked asks here. Lengths are in
// Fyne's pixels where nothing else is said.
//
// A cell is a whole number of device pixels wide, so that letters are as crisp in one
// column as in the next.
type metrics struct {
	font    *style.CodeFont
	size    float32 // of the letters
	scale   float32 // device pixels in one of Fyne's
	row     int     // height of a row
	advance float64 // width of a cell
	ascent  float32 // from the top of a row to the top of a remark in it

	letters, labels *atlas // labels: of boxes
	base, labelBase int    // from the top of a row to a baseline, in device pixels
}

func newMetrics(f *style.CodeFont, size, scale float32) metrics {
	px := func(size float32) float64 { return float64(size) * float64(scale) }
	m := metrics{font: f, size: size, scale: scale, row: int(math.Round(rowHeight * float64(size) / style.TextBody))}
	m.letters, m.labels = atlasOf(f, px(size)), atlasOf(f, px(labelSize*size/style.TextBody))
	m.advance = float64(m.letters.cell) / float64(scale)
	above, below := f.Extent()
	high := px(float32(m.row))
	m.base = int(math.Round((high + px(size)*(above-below)) / 2))
	m.labelBase = int(math.Round(high-float64(m.labels.mask(letter{r: 'M', cells: 1}).y)) / 2)
	m.ascent = round((float32(m.row) - size*uiLine) / 2)
	return m
}

// uiLine is the height of a line of the interface's face in sizes of its text.
const uiLine = 1.21

// cell is the width of a cell.
func (v *View) cell() float64 { return v.metrics.advance }

// row is the height of a row.
func (v *View) row() float32 { return float32(v.metrics.row) }

// measure takes the measures anew for a font, a size, or the scale of the screen
// that the view is on.
func (v *View) measure(f *style.CodeFont, size float32) {
	if m := &v.metrics; m.font != f || m.size != size || m.scale != v.scale() {
		v.metrics = newMetrics(f, size, v.scale())
	}
}

// scale is how many device pixels one of Fyne's has.
func (v *View) scale() float32 {
	const far = 1 << 12 // so that the canvas's rounding does not matter
	if c := v.canvas(); c != nil {
		if x, _ := c.PixelCoordinateForPosition(fyne.NewPos(far, 0)); x > 0 {
			return float32(x) / far
		}
	}
	return 1
}

// round keeps objects on whole pixels.
func round(x float32) float32 { return float32(math.Round(float64(x))) }
