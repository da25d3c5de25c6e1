package code

import (
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"

	"vitrine/viewer/style"
)

// markHeight is the height of the overview's marks, and the grid on which they
// stand: the strip holds at most one for each place of the grid.
const markHeight = 3

// bar is a thumb along a track, in pixels.
type bar struct{ at, size, track int }

// upright is the vertical scrollbar; ok is false when everything is in view.
func (v *View) upright() (bar, bool) {
	return thumb(v.textHeight(), v.textHeight(), v.maxTop(), v.top)
}

// level is the horizontal scrollbar.
func (v *View) level() (bar, bool) {
	return thumb(v.textWidth(), v.textWidth(), v.maxLeft(), v.left)
}

// thumb scales a window of a size, scrolled by at of at most reach, to a track.
func thumb(track, window, reach, at int) (bar, bool) {
	if reach <= 0 || track <= minThumb {
		return bar{}, false
	}
	size := max(minThumb, int(int64(track)*int64(window)/int64(window+reach)))
	return bar{at: int(int64(track-size) * int64(at) / int64(reach)), size: size, track: track}, true
}

// offset is the scroll position at which the thumb begins at a place of the track.
func (b bar) offset(at, reach int) int {
	if b.track == b.size {
		return 0
	}
	return int(int64(max(at, 0)) * int64(reach) / int64(b.track-b.size))
}

func (v *View) drawBars() {
	s := v.stage
	fill := style.Fade(v.p.Dim, .45)
	b, ok := v.upright()
	s.thumb.FillColor, s.thumb.Hidden = fill, !ok
	s.thumb.Move(fyne.NewPos(v.Size().Width-thumbWidth-2, float32(b.at)))
	s.thumb.Resize(fyne.NewSize(thumbWidth, float32(b.size)))

	b, ok = v.level()
	s.across.FillColor, s.across.Hidden = fill, !ok
	s.across.Move(fyne.NewPos(float32(v.gutter()+b.at), v.Size().Height-barWidth-3))
	s.across.Resize(fyne.NewSize(float32(b.size), barWidth))
}

// drawOverview puts a thin mark beside the track for each hit and annotation,
// neighbours joined, so that their number is bounded by the height.
func (v *View) drawOverview() {
	s := v.stage
	s.pool.giveBack(s.overs.Objects)
	s.overs.Objects = s.overs.Objects[:0]
	s.overs.Resize(v.Size())
	if v.lines == 0 {
		return
	}
	slots := make([]color.NRGBA, v.textHeight()/markHeight+1)
	span := max((v.rows.count()+endSpace)*v.metrics.row, v.textHeight())
	v.overview(func(p Pos, c color.NRGBA) {
		row := v.rows.near(p.Line)
		if p.Col > 1 && v.wrap.width > 0 && v.rows.shows(p.Line) {
			row += v.rowAt(p).part
		}
		y := int(int64(row) * int64(v.metrics.row) * int64(v.textHeight()) / int64(span))
		if i := y / markHeight; i >= 0 && i < len(slots) {
			slots[i] = c
		}
	})
	x := v.Size().Width - (thumbWidth+barWidth)/2 - 2
	for i := 0; i < len(slots); i++ {
		if slots[i].A == 0 {
			continue
		}
		from := i
		for i+1 < len(slots) && slots[i+1] == slots[from] {
			i++
		}
		s.overs.Objects = append(s.overs.Objects, s.pool.rect(slots[from], x, float32(from*markHeight), barWidth, float32((i+1-from)*markHeight)))
	}
	canvas.Refresh(s.overs)
}

// overview calls put for what is to be seen from afar, the foremost last.
func (v *View) overview(put func(at Pos, c color.NRGBA)) {
	for _, s := range v.same {
		put(s.From, v.p.Edge)
	}
	for _, h := range v.hits {
		put(h.From, v.p.Medium)
	}
	for line, marks := range v.marks {
		if line >= 1 && line <= v.lines && marks[0].Kind == Hidden {
			put(Pos{line, 1}, v.p.Warn)
		}
	}
	for line, marks := range v.marks {
		if line >= 1 && line <= v.lines && marks[0].Kind != Hidden {
			_, c := v.markIcon(marks[0])
			put(Pos{line, 1}, c)
		}
	}
	if v.hit >= 0 {
		put(v.hits[v.hit].From, v.p.Text)
	}
}
