package style

import "image/color"

// What lies below letters of code, each opaque: a translucent one over another would
// have a contrast that nobody has measured.

// Found is below a hit of a search.
func (p *Palette) Found() color.NRGBA { return Over(p.Hit, p.Code) }

// Same is below the word at the caret wherever else it stands.
func (p *Palette) Same() color.NRGBA {
	if p.Strong {
		return Over(Fade(p.Dim, .28), p.Code)
	}
	return Over(Fade(p.Dim, .18), p.Code)
}

// Pair is below a bracket at the caret and its partner, Lone below one without.
func (p *Palette) Pair() color.NRGBA { return Over(Fade(p.Dim, .16), p.Code) }

// Lone is below a bracket at the caret that has no partner.
func (p *Palette) Lone() color.NRGBA { return Over(Fade(p.Danger, .16), p.Code) }

// Boxed is inside a box of colour c, which its label has too.
func (p *Palette) Boxed(c color.NRGBA) color.NRGBA { return Over(Fade(c, .18), p.Code) }

// Folded is below what stands for folded lines.
func (p *Palette) Folded() color.NRGBA { return Over(Fade(p.Dim, .14), p.Code) }

// Guide is the line of an indent. In high contrast it is weaker than other lines: between
// letters as bright it reads as a |.
func (p *Palette) Guide() color.NRGBA {
	if p.Strong {
		return Over(Fade(p.Line, .5), p.Code)
	}
	return p.Line
}

// GuideHere is the guide of the block that the caret is in.
func (p *Palette) GuideHere() color.NRGBA {
	if p.Strong {
		return p.Line
	}
	return p.Faint
}

// Pill is below a count, whose digits are Dim.
func (p *Palette) Pill() color.NRGBA {
	if p.Strong {
		return p.Hover
	}
	return p.Line
}
