package code

import (
	"math"

	"fyne.io/fyne/v2"

	"vitrine/viewer/style"
)

// rowHeight is the height of a row at the standard size of the text.
const rowHeight = style.HeightCode

// metrics are the measures that follow from the size of the text: all that is
// drawn, scrolled or clicked asks here. Lengths are in Fyne's pixels.
type metrics struct {
	size    float32 // of the letters
	row     int     // height of a row
	advance float64 // width of a cell; 0 before it was measured
	ascent  float32 // from the top of a row to the top of the text in it
}

// newMetrics are the measures for a size of text, its letters not measured yet.
func newMetrics(size float32) metrics {
	return metrics{size: size, row: int(math.Round(rowHeight * float64(size) / style.TextBody))}
}

// cell is the width of a cell, measured when first needed after a change of fonts.
func (v *View) cell() float64 {
	m := &v.metrics
	if m.advance == 0 {
		letter := fyne.MeasureText("M", m.size, mono)
		m.advance = float64(letter.Width)
		m.ascent = round((float32(m.row) - letter.Height) / 2)
	}
	return m.advance
}

// row is the height of a row.
func (v *View) row() float32 { return float32(v.metrics.row) }
