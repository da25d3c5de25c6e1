package style

import "image/color"

// What lies below letters of code, each opaque: a translucent one over another would
// have a contrast that nobody has measured.

// Found is below a hit of a search.
func (p *Palette) Found() color.NRGBA { return Over(p.Hit, p.Code) }

// Same is below the word at the caret wherever else it stands.
func (p *Palette) Same() color.NRGBA { return Over(Fade(p.Dim, .18), p.Code) }

// Pair is below a bracket at the caret and its partner, Lone below one without.
func (p *Palette) Pair() color.NRGBA { return Over(Fade(p.Dim, .16), p.Code) }

// Lone is below a bracket at the caret that has no partner.
func (p *Palette) Lone() color.NRGBA { return Over(Fade(p.Danger, .16), p.Code) }

// Boxed is inside a box of colour c, which its label has too.
func (p *Palette) Boxed(c color.NRGBA) color.NRGBA { return Over(Fade(c, .18), p.Code) }

// Folded is below what stands for folded lines.
func (p *Palette) Folded() color.NRGBA { return Over(Fade(p.Dim, .14), p.Code) }
