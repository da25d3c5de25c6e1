package panel

// maxPins bounds the rows that stay at the top, and they never take more than a
// third of the list.
const maxPins = 6

// around is the row that i is a part of, -1 for none or if the list does not say.
func (v *List) around(i int) int {
	if v.Around == nil || i < 0 || i >= v.length {
		return nowhere
	}
	return v.Around(i)
}

func (v *List) mostPins() int {
	return min(maxPins, int(v.Size().Height/v.height)/3)
}

// pin finds the rows that stay in sight when the first row on screen is from: those
// around what is seen just below them, and of which the beginning is out of sight.
func (v *List) pin(from int) {
	v.pins = v.pins[:0]
	if v.Around == nil || v.length == 0 {
		return
	}
	for len(v.pins) < v.mostPins() {
		i := from + len(v.pins) // the first row that the pins so far do not hide
		if i >= v.length {
			return
		}
		// The row around i that comes next below the pins.
		next := nowhere
		for up := v.around(i); up >= 0 && (len(v.pins) == 0 || up > v.pins[len(v.pins)-1]); up = v.around(up) {
			next = up
		}
		if next < 0 || v.top(next) >= float32(len(v.pins))*v.height {
			return
		}
		v.pins = append(v.pins, next)
	}
}

// pinsAbove is how many rows stay above row i when it is the first below them.
func (v *List) pinsAbove(i int) int {
	n := 0
	for up := v.around(i); up >= 0 && n < v.mostPins(); up = v.around(up) {
		n++
	}
	return n
}

// paintPins draws them on a ground of their own, with a line below.
func (v *List) paintPins(b *brush, w float32) {
	if len(v.pins) == 0 {
		return
	}
	h := float32(len(v.pins)) * v.height
	b.rect(0, 0, w, h, b.pal().Chrome)
	for n, i := range v.pins {
		v.paintRow(b, i, float32(n)*v.height, w)
	}
	b.rect(0, h-1, w, 1, b.pal().Edge)
}
