package panel

import (
	"fyne.io/fyne/v2"

	"vitrine/viewer/style"
)

// Progress is a thin bar.
type Progress struct {
	drawn
	fraction float32
	tone     Tone
}

// NewProgress returns an empty bar.
func NewProgress(l *Look) *Progress {
	v := &Progress{tone: ToneAccent}
	v.setup(l, v)
	return v
}

// Set shows a fraction, 0 to 1.
func (v *Progress) Set(fraction float32, tone Tone) {
	v.fraction, v.tone = max(0, min(1, fraction)), tone
	v.Refresh()
}

func (v *Progress) need() fyne.Size { return fyne.NewSize(40, 4) }

func (v *Progress) paint(b *brush, size fyne.Size) {
	b.progress(0, size.Height/2-2, size.Width, v.fraction, v.tone.Of(b.pal()))
}

func (b *brush) progress(x, y, w, fraction float32, c colour) {
	b.box(x, y, w, 4, 2, b.pal().Line, colour{})
	if fraction > 0 {
		b.box(x, y, max(4, w*fraction), 4, 2, c, colour{})
	}
}

// Ramp is the coverage bar: shares of unseen, shown, skimmed, read and
// understood in one teal, the strongest first.
type Ramp struct {
	drawn
	shares []float32
}

// NewRamp returns an empty ramp.
func NewRamp(l *Look) *Ramp {
	v := &Ramp{}
	v.setup(l, v)
	return v
}

// Set shows shares, each 0 to 1, in the order unseen, shown, skimmed, read, understood.
func (v *Ramp) Set(shares []float32) { v.shares = shares; v.Refresh() }

func (v *Ramp) need() fyne.Size { return fyne.NewSize(barWidth, 6) }

func (v *Ramp) paint(b *brush, size fyne.Size) {
	b.ramp(v.shares, 0, 0, size.Width, size.Height)
}

// Tally is a few boxes of which some are filled: lines used of a budget.
type Tally struct {
	drawn
	done, of int
	tone     Tone
}

// maxTally is how many boxes are drawn apart; more become one bar.
const maxTally = 24

// NewTally returns an empty tally.
func NewTally(l *Look) *Tally {
	v := &Tally{}
	v.setup(l, v)
	return v
}

// Set shows done of so many boxes.
func (v *Tally) Set(done, of int, tone Tone) {
	v.done, v.of, v.tone = max(0, done), max(0, of), tone
	v.Refresh()
}

func (v *Tally) need() fyne.Size { return fyne.NewSize(60, 6) }

func (v *Tally) paint(b *brush, size fyne.Size) {
	p := b.pal()
	if v.of == 0 {
		return
	}
	if v.of > maxTally {
		b.progress(0, 1, size.Width, min(1, float32(v.done)/float32(v.of)), v.tone.Of(p))
		return
	}
	w := (size.Width + 3) / float32(v.of)
	for i := range v.of {
		c := p.Line
		if i < v.done {
			c = v.tone.Of(p)
		}
		x := round(float32(i) * w)
		b.box(x, 0, round(float32(i+1)*w)-x-3, 6, 2, c, colour{})
	}
}

// StepState is how far a step of a Stepper is.
type StepState uint8

// The states of a step.
const (
	Waiting StepState = iota
	Running
	Done
	Failed
)

// Step is one step of a Stepper.
type Step struct {
	Name     string
	Note     string // two lines at most; for a failed step the reason, eight
	Time     string // right of the name: "0.9 s", "71 %"
	State    StepState
	Fraction float32 // 0 to 1, while running; negative: no bar
}

// Stepper shows steps below each other: a ring before, a dot while, a check
// after, a cross when it failed, each with its note, time and bar.
type Stepper struct {
	drawn
	steps []Step
}

const (
	stepHeight = 64
	stepText   = 34
	noteHeight = 17
)

// NewStepper returns an empty stepper.
func NewStepper(l *Look) *Stepper {
	v := &Stepper{}
	v.setup(l, v)
	return v
}

// Set shows the steps.
func (v *Stepper) Set(steps []Step) { v.steps = steps; v.Refresh() }

func (v *Stepper) notes(s Step, width float32) []string {
	most := 2
	if s.State == Failed {
		most = 8
	}
	return wrap(s.Note, max(40, width-stepText), face{size: style.TextSecondary}, most)
}

func (v *Stepper) heights(width float32) (each []float32, sum float32) {
	for _, s := range v.steps {
		h := stepHeight + noteHeight*float32(max(0, len(v.notes(s, width))-1))
		each, sum = append(each, h), sum+h
	}
	return each, sum
}

// HeightFor is the height the steps take at a width.
func (v *Stepper) HeightFor(width float32) float32 { _, h := v.heights(width); return h }

func (v *Stepper) need() fyne.Size {
	w := v.Size().Width
	if w <= 0 {
		w = style.WidthSide
	}
	return fyne.NewSize(160, v.HeightFor(w))
}

func (v *Stepper) paint(b *brush, size fyne.Size) {
	p := b.pal()
	each, _ := v.heights(size.Width)
	y := float32(0)
	for i, s := range v.steps {
		cy := y + 12
		if i+1 < len(v.steps) {
			c := p.Line
			if s.State == Done {
				c = fade(p.Ok, .6)
			}
			b.rect(11, cy+11, 1, each[i]-22, c)
		}
		name, note, when := p.Text, p.Dim, p.Dim
		switch s.State {
		case Done:
			b.circle(11, cy, 10, fade(p.Ok, .15), p.Ok, 1)
			b.icon("check", 5, cy, 12, p.Ok)
		case Running:
			b.circle(11, cy, 10, fade(p.Accent, .2), p.Accent, 1)
			b.circle(11, cy, 4, p.Accent, colour{}, 0)
		case Failed:
			b.circle(11, cy, 10, fade(p.Danger, .18), p.Danger, 1)
			b.icon("x", 5, cy, 12, p.Danger)
			note, when = p.Danger, p.Danger
		default:
			b.circle(11, cy, 10, colour{}, p.Edge, 1)
			name, note = p.Dim, p.Faint
		}
		tw := b.right(s.Time, size.Width, cy, face{size: style.TextSecondary}, when)
		b.cut(s.Name, stepText, cy, size.Width-stepText-tw-style.Gap2, face{size: style.TextBody, bold: true}, name)
		ny := cy + 19
		for _, line := range v.notes(s, size.Width) {
			b.text(line, stepText, ny, face{size: style.TextSecondary}, note)
			ny += noteHeight
		}
		if s.State == Running && s.Fraction >= 0 {
			b.progress(stepText, ny-4, size.Width-stepText, min(1, s.Fraction), p.Accent)
		}
		y += each[i]
	}
}

// Hint is a key and what it does.
type Hint struct{ Key, Text string }

// Hints is a line of keys and what they do.
type Hints struct {
	drawn
	hints []Hint
}

// NewHints returns a line of key hints.
func NewHints(l *Look, hints []Hint) *Hints {
	v := &Hints{hints: hints}
	v.setup(l, v)
	return v
}

// Set changes the hints.
func (v *Hints) Set(hints []Hint) { v.hints = hints; v.Refresh() }

func keyFace() face { return face{size: style.TextCaption, mono: true} }

func (v *Hints) natural() float32 {
	var w float32
	for i, h := range v.hints {
		if i > 0 {
			w += style.Gap4
		}
		w += hintWidth(h)
	}
	return ceil(w)
}

func hintWidth(h Hint) float32 {
	w := max(keyFace().width(h.Key)+10, 18)
	if h.Text != "" {
		w += 6 + face{size: style.TextSecondary}.width(h.Text)
	}
	return w
}

func (v *Hints) need() fyne.Size { return fyne.NewSize(min(40, v.natural()), 22) }

func (v *Hints) paint(b *brush, size fyne.Size) {
	x := float32(0)
	for _, h := range v.hints {
		w := hintWidth(h)
		if x+w > size.Width {
			return
		}
		b.hint(h, x, size.Height/2)
		x += w + style.Gap4
	}
}

func (b *brush) hint(h Hint, x, cy float32) {
	p := b.pal()
	kw := max(keyFace().width(h.Key)+10, 18)
	b.box(x, cy-9, kw, 18, 3, fade(p.Text, .05), p.Edge)
	b.middle(h.Key, x+kw/2, cy, keyFace(), p.Text)
	b.text(h.Text, x+kw+6, cy, face{size: style.TextSecondary}, p.Dim)
}
