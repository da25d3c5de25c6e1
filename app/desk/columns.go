package desk

import "fyne.io/fyne/v2"

// A column takes its share of the width, within bounds; one without a share
// takes what is left.
type column struct{ least, most, share float32 }

// columns lays objects beside each other, over the whole height.
type columns []column

func (k columns) widths(of float32) []float32 {
	out := make([]float32, len(k))
	rest, open := of, 0
	for i, c := range k {
		if c.share == 0 {
			open = i
			continue
		}
		out[i] = float32(int(max(c.least, min(c.most, of*c.share))))
		rest -= out[i]
	}
	out[open] = max(0, rest)
	return out
}

// Layout is for Fyne.
func (k columns) Layout(o []fyne.CanvasObject, size fyne.Size) {
	x := float32(0)
	for i, w := range k.widths(size.Width) {
		o[i].Move(fyne.NewPos(x, 0))
		o[i].Resize(fyne.NewSize(w, size.Height))
		x += w
	}
}

// MinSize is for Fyne.
func (k columns) MinSize([]fyne.CanvasObject) fyne.Size { return fyne.NewSize(600, 300) }
