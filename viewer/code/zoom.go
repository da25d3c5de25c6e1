package code

import "vitrine/viewer/style"

// The sizes of text that SetTextSize takes, in pixels. They are whole: Fyne rounds
// advances up to whole sizes.
const (
	MinTextSize = 8
	MaxTextSize = 32
)

// SetTextSize sets the size of the letters; line height and gutter follow, and
// the row at the top stays.
func (v *View) SetTextSize(size int) {
	size = min(max(size, MinTextSize), MaxTextSize)
	if size == v.TextSize() {
		return
	}
	was := v.metrics
	v.measure(was.font, float32(size))
	v.edge.off = v.edge.off * v.metrics.row / was.row
	v.left = int(float64(v.left) * v.cell() / was.advance)
	v.reorder()
	v.overviewChanged()
}

// TextSize is the size of the letters: style.TextBody in a new view.
func (v *View) TextSize() int { return int(v.metrics.size) }

// StandardTextSize is the size of the letters in a new view.
const StandardTextSize = style.TextBody
