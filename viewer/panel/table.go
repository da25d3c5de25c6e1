package panel

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"

	"vitrine/viewer/style"
)

// Column is one column of a Table.
type Column struct {
	Title string
	Width float32 // 0: a share of the rest
	Tone  Tone    // of cells that say none
	Mono  bool
	Bold  bool
}

// Table is a small table, all of it drawn: facts of a certificate, releases.
// For thousands of rows there is List.
type Table struct {
	active
	// RowHeight is 27 unless set.
	RowHeight float32
	// OnSelect, if set, makes rows clickable.
	OnSelect func(i int)
	columns  []Column
	rows     [][]Span
	selected int
}

// maxTableRows bounds what is drawn; more belongs into a List.
const maxTableRows = 200

// NewTable returns an empty table. With no title in any column there is no header.
func NewTable(l *Look, columns []Column) *Table {
	v := &Table{columns: columns, selected: nowhere, RowHeight: 27}
	v.setup(l, v)
	return v
}

// SetRows replaces the rows, a Span per column.
func (v *Table) SetRows(rows [][]Span) {
	v.rows = rows[:min(len(rows), maxTableRows)]
	v.Refresh()
}

// Select marks row i, -1 for none, without calling OnSelect.
func (v *Table) Select(i int) { v.selected = i; v.Refresh() }

// Selected is the marked row.
func (v *Table) Selected() int { return v.selected }

// Disabled is true when rows cannot be clicked.
func (v *Table) Disabled() bool { return v.disabled || v.OnSelect == nil || len(v.rows) == 0 }

// Cursor is for Fyne.
func (v *Table) Cursor() desktop.Cursor { return desktop.DefaultCursor }

func (v *Table) head() float32 {
	for _, c := range v.columns {
		if c.Title != "" {
			return v.RowHeight
		}
	}
	return 0
}

func (v *Table) need() fyne.Size {
	w := float32(0)
	for _, c := range v.columns {
		w += max(c.Width, 30)
	}
	return fyne.NewSize(min(w, 200), v.head()+float32(len(v.rows))*v.RowHeight)
}

const tableInset = 10 // the selection reaches so far beyond the text

func (v *Table) paint(b *brush, size fyne.Size) {
	p := b.pal()
	v.begin()
	fixed, shares := float32(0), 0
	for _, c := range v.columns {
		fixed += c.Width
		if c.Width == 0 {
			shares++
		}
	}
	xs := make([]float32, len(v.columns)+1)
	for i, c := range v.columns {
		w := c.Width
		if w == 0 {
			w = max(40, (size.Width-fixed)/float32(shares))
		}
		xs[i+1] = xs[i] + w
	}
	cell := func(i int, s Span, cy float32) {
		w := min(xs[i+1], size.Width) - xs[i] - style.Gap2
		if w > 8 {
			b.spans([]Span{s}, xs[i], cy, w, style.TextBody, func(t Tone) colour { return t.Of(p) })
		}
	}
	y := float32(0)
	if h := v.head(); h > 0 {
		for i, c := range v.columns {
			cell(i, Span{Text: c.Title, Tone: ToneDim, Bold: true, Size: style.TextCaption}, h/2)
		}
		y = h
	}
	for i, row := range v.rows {
		if i == v.selected {
			b.box(-tableInset, y, size.Width+2*tableInset, v.RowHeight-1, style.Radius, p.Select, colour{})
		} else if v.hot(i) && v.OnSelect != nil {
			b.box(-tableInset, y, size.Width+2*tableInset, v.RowHeight-1, style.Radius, p.Hover, colour{})
		}
		for j := range min(len(row), len(v.columns)) {
			s, c := row[j], v.columns[j]
			s.Mono, s.Bold = s.Mono || c.Mono, s.Bold || c.Bold
			if s.Tone == ToneText {
				s.Tone = c.Tone
			}
			if i == v.selected && s.Tone == ToneFaint {
				s.Tone = ToneDim
			}
			cell(j, s, y+v.RowHeight/2)
		}
		v.zone(zone{y: y, w: size.Width, h: v.RowHeight - 1, id: i, round: style.Radius, act: func() {
			if v.OnSelect != nil {
				v.selected = i
				v.Refresh()
				v.OnSelect(i)
			}
		}})
		y += v.RowHeight
	}
	v.rings(b)
}
