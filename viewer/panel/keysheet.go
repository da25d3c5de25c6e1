package panel

import (
	"strings"

	"fyne.io/fyne/v2"

	"vitrine/viewer/style"
)

// KeyLine is what a key does. Keys are ways to do the same, each a chord like
// "Ctrl+Shift+F".
type KeyLine struct {
	What string
	Keys []string
	Off  bool // not offered now
}

// KeyGroup is the keys of one part of a program.
type KeyGroup struct {
	Title string
	Lines []KeyLine
}

// KeySheet shows groups of keys in columns, as on a printed card.
type KeySheet struct {
	drawn
	// Empty is the sentence shown when there are no groups.
	Empty  string
	groups []KeyGroup
}

const (
	sheetLine   = 26
	sheetTitle  = 34
	sheetColumn = 330 // the least width of a column
	sheetGap    = 36
)

// NewKeySheet returns a sheet.
func NewKeySheet(l *Look, groups []KeyGroup) *KeySheet {
	v := &KeySheet{groups: groups}
	v.setup(l, v)
	return v
}

// Set changes what is on the sheet.
func (v *KeySheet) Set(groups []KeyGroup) { v.groups = groups; v.Refresh() }

func (g KeyGroup) height() float32 { return sheetTitle + float32(len(g.Lines))*sheetLine + style.Gap4 }

// columns divides the groups, in their order, into columns of about the same height.
func (v *KeySheet) columns(width float32) (cols [][]KeyGroup, height float32) {
	n := max(1, min(4, int((width+sheetGap)/(sheetColumn+sheetGap))))
	all := float32(0)
	tallest := float32(0)
	for _, g := range v.groups {
		all += g.height()
		tallest = max(tallest, g.height())
	}
	// The least height at which they fit, in steps of a line.
	for height = max(all/float32(n), tallest); ; height += sheetLine {
		cols = [][]KeyGroup{nil}
		at := float32(0)
		for _, g := range v.groups {
			if at > 0 && at+g.height() > height {
				cols, at = append(cols, nil), 0
			}
			cols[len(cols)-1] = append(cols[len(cols)-1], g)
			at += g.height()
		}
		if len(cols) <= n {
			return cols, height
		}
	}
}

// HeightFor is the height the sheet takes at a width.
func (v *KeySheet) HeightFor(width float32) float32 {
	_, h := v.columns(width)
	return max(h, 2*sheetLine)
}

func (v *KeySheet) need() fyne.Size {
	w := v.Size().Width
	if w <= 0 {
		w = 2 * sheetColumn
	}
	return fyne.NewSize(sheetColumn/2, v.HeightFor(w))
}

func (v *KeySheet) paint(b *brush, size fyne.Size) {
	p := b.pal()
	if len(v.groups) == 0 {
		b.text(v.Empty, 0, sheetLine/2, face{size: style.TextBody}, p.Dim)
		return
	}
	cols, _ := v.columns(size.Width)
	n := max(len(cols), max(1, min(4, int((size.Width+sheetGap)/(sheetColumn+sheetGap)))))
	w := round((size.Width - float32(n-1)*sheetGap) / float32(n))
	for i, groups := range cols {
		x, y := float32(i)*(w+sheetGap), float32(0)
		for _, g := range groups {
			b.cut(g.Title, x, y+sheetTitle/2-2, w, face{size: style.TextBody, bold: true}, p.Accent)
			y += sheetTitle
			b.rect(x, y-5, w, 1, p.Line)
			for _, l := range g.Lines {
				v.line(b, l, x, y+sheetLine/2, w)
				y += sheetLine
			}
			y += style.Gap4
		}
	}
}

func (v *KeySheet) line(b *brush, l KeyLine, x, cy, w float32) {
	p := b.pal()
	ink := p.Text
	if l.Off {
		ink = p.Faint
	}
	end := x + w
	keys := l.Keys
	if all := chordsWidth(keys); len(keys) > 1 && (face{size: style.TextBody}).width(visible(l.What)) > w-all-10 {
		keys = keys[:1] // what it does is more than another way to ask for it
	}
	for i := len(keys) - 1; i >= 0; i-- {
		end -= b.chord(keys[i], end, cy, ink)
		if i > 0 {
			f := face{size: style.TextCaption}
			end -= b.right("or", end-5, cy, f, p.Dim) + 10
		}
	}
	b.cut(l.What, x, cy, max(20, end-10-x), face{size: style.TextBody}, ink)
}

// capsOf are the keys of a chord, each with the width of its cap.
func capsOf(chord string) (keys []string, widths []float32) {
	keys = strings.Split(strings.ReplaceAll(chord, "++", "+plus"), "+")
	for i, k := range keys {
		keys[i] = strings.ReplaceAll(k, "plus", "+")
		widths = append(widths, max(keyFace().width(keys[i])+2*capPad, 20))
	}
	return keys, widths
}

const capGap = 3

// chordsWidth is the room that ways to do the same take.
func chordsWidth(chords []string) (w float32) {
	for i, c := range chords {
		_, widths := capsOf(c)
		for k, one := range widths {
			if w += one; k > 0 {
				w += capGap
			}
		}
		if i > 0 {
			w += face{size: style.TextCaption}.width("or") + 10
		}
	}
	return w
}

// chord draws a chord's keys as caps that end at right and returns their width.
func (b *brush) chord(s string, right, cy float32, ink colour) float32 {
	p := b.pal()
	x := right
	keys, widths := capsOf(s)
	for i := len(keys) - 1; i >= 0; i-- {
		x -= widths[i]
		b.box(x, cy-9, widths[i], 18, 3, fade(p.Text, .05), p.Edge)
		b.middle(keys[i], x+widths[i]/2, cy, keyFace(), ink)
		if i > 0 {
			x -= capGap
		}
	}
	return right - x
}
