package style

import (
	"bytes"
	"sync"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/theme"
	"golang.org/x/image/font"
	"golang.org/x/image/font/sfnt"
	"golang.org/x/image/math/fixed"

	"vitrine/assets"
)

// A CodeFont is a family in which code is drawn. Its characters share one advance.
type CodeFont struct {
	Name                  string // as menus and settings call it
	regular, bold, italic *face
}

// CodeFonts are the families to choose from; the first is the one that the design was made with.
var CodeFonts = []*CodeFont{
	{"JetBrains Mono", embedded("JetBrainsMono-Regular.ttf"), embedded("JetBrainsMono-SemiBold.ttf"), embedded("JetBrainsMono-Italic.ttf")},
	{"Hack", embedded("Hack-Regular.ttf"), embedded("Hack-Bold.ttf"), embedded("Hack-Italic.ttf")},
}

// CodeFontNamed is the family of a name, else the first.
func CodeFontNamed(name string) *CodeFont {
	for _, f := range CodeFonts {
		if f.Name == name {
			return f
		}
	}
	return CodeFonts[0]
}

// Own is the family's face, upright or italic.
func (f *CodeFont) Own(italic bool) *sfnt.Font {
	if italic {
		return f.italic.outlines()
	}
	return f.regular.outlines()
}

// Fallbacks are the faces that are asked, in this order, for a character that the
// family lacks: signs and other scripts, East Asian characters, pictures. They are
// upright and their advances differ. None is the system's: every reviewer sees the same.
func Fallbacks() []*sfnt.Font { return fallbacks() }

var fallbacks = sync.OnceValue(func() []*sfnt.Font {
	all := []*sfnt.Font{parse(theme.DefaultTextMonospaceFont().Content()), parse(assets.Signs), parse(assets.EastAsian)}
	if emoji := theme.DefaultEmojiFont(); emoji != nil { // nil when built with no_emoji
		all = append(all, parse(emoji.Content()))
	}
	return all
})

// Has reports whether the family, upright and italic, draws r itself.
func (f *CodeFont) Has(r rune) bool { return has(f.Own(false), r) && has(f.Own(true), r) }

// FallbackGlyph reports whether one of Fallbacks draws r.
func FallbackGlyph(r rune) bool {
	for _, f := range Fallbacks() {
		if has(f, r) {
			return true
		}
	}
	return false
}

// has asks for an outline too: a face may have a number for r and draw nothing.
func has(f *sfnt.Font, r rune) bool {
	var buf sfnt.Buffer
	i, err := f.GlyphIndex(&buf, r)
	if err != nil || i == 0 {
		return false
	}
	outline, err := f.LoadGlyph(&buf, i, fixed.I(16), nil)
	return err == nil && (len(outline) > 0 || r == ' ')
}

// A face is one font file that comes with the program.
type face struct {
	fyne.Resource
	outlines func() *sfnt.Font // parsed when first asked for
}

func embedded(name string) *face {
	b, err := assets.Fonts.ReadFile("fonts/" + name)
	if err != nil {
		panic(err) // embedded at build time: only a broken build gets here
	}
	b = plain(b)
	return &face{fyne.NewStaticResource(name, b), sync.OnceValue(func() *sfnt.Font { return parse(b) })}
}

func parse(b []byte) *sfnt.Font {
	f, err := sfnt.Parse(b)
	if err != nil {
		panic(err) // as above
	}
	return f
}

// plain switches a font's ligatures off by renaming its GSUB table: a reviewer must see "!=" and "->" as they are.
func plain(b []byte) []byte {
	b = bytes.Clone(b)
	n := int(b[4])<<8 | int(b[5])
	for i := 0; i < n; i++ {
		if t := b[12+16*i : 16+16*i]; string(t) == "GSUB" {
			copy(t, "GSUX")
		}
	}
	return b
}

var uiFont, uiBold, uiItalic = embedded("Inter-Regular.otf"), embedded("Inter-SemiBold.otf"), embedded("Inter-Italic.otf")

// Extent is how far the family's lines reach above and below the baseline, in sizes of its text.
func (f *CodeFont) Extent() (above, below float64) {
	own := f.Own(false)
	m, err := own.Metrics(nil, fixed.I(1000), font.HintingNone)
	if err != nil {
		return 1, .25 // about what every face has
	}
	return float64(m.Ascent) / 64000, float64(m.Descent) / 64000
}
