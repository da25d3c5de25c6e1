package style

import (
	"bytes"
	"encoding/xml"
	"errors"
	"image/color"
	"io"
	"math"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/driver/software"
	"fyne.io/fyne/v2/test"
	"fyne.io/fyne/v2/theme"
)

var palettes = []*Palette{Dark, Light, Contrast}

// luminance and contrast are WCAG 2.2's.
func luminance(c color.NRGBA) float64 {
	lin := func(v uint8) float64 {
		s := float64(v) / 255
		if s <= .04045 {
			return s / 12.92
		}
		return math.Pow((s+.055)/1.055, 2.4)
	}
	return .2126*lin(c.R) + .7152*lin(c.G) + .0722*lin(c.B)
}

func contrast(a, b color.NRGBA) float64 {
	l, m := luminance(a), luminance(b)
	return (max(l, m) + .05) / (min(l, m) + .05)
}

type named map[string]color.NRGBA

func (p *Palette) inks() named {
	return named{"Text": p.Text, "Dim": p.Dim, "Accent": p.Accent, "Ok": p.Ok, "Warn": p.Warn, "Danger": p.Danger, "Note": p.Note,
		"Critical": p.Critical, "High": p.High, "Medium": p.Medium, "Low": p.Low}
}

func (p *Palette) syntax() named {
	return named{"Keyword": p.Keyword, "Type": p.Type, "Func": p.Func, "Str": p.Str, "Number": p.Number, "Comment": p.Comment,
		"Prep": p.Prep, "Punct": p.Punct, "Id": p.Id}
}

func (p *Palette) surfaces() named {
	return named{"Code": p.Code, "Chrome": p.Chrome, "Raised": p.Raised, "Field": p.Field}
}

// TestContrast holds every colour of text to 4.5:1 (WCAG AA) on every surface it stands on.
func TestContrast(t *testing.T) {
	check := func(p *Palette, ink, on string, a, b color.NRGBA, least float64) {
		if c := contrast(a, b); c < least {
			t.Errorf("%s: %s on %s has %.2f:1, wants %.1f:1", p.Name, ink, on, c, least)
		}
	}
	for _, p := range palettes {
		for ink, a := range p.inks() {
			for on, b := range p.surfaces() {
				check(p, ink, on, a, b, 4.5)
			}
		}
		for on, b := range p.surfaces() {
			check(p, "Faint", on, p.Faint, b, 4.5) // not on selected rows: Dim stands there
		}
		for _, box := range []color.NRGBA{p.Warn, p.Danger} {
			check(p, "a box's label", "its tint", box, p.Boxed(box), 4.5)
		}
		for ink, a := range (named{"Dim": p.Dim, "Medium": p.Medium, "Accent": p.Accent, "Warn": p.Warn}) {
			check(p, ink, "Folded", a, p.Folded(), 4.5)
		}
		check(p, "a bracket", "Pair", p.Punct, p.Pair(), 4.5)
		check(p, "a bracket", "Lone", p.Punct, p.Lone(), 4.5)
		for ink, a := range p.syntax() {
			for on, b := range (named{"Code": p.Code, "CurLine": p.CurLine, "SelText": p.SelText, "Found": p.Found(), "Same": p.Same(), "Scope": p.Hover}) {
				check(p, ink, on, a, b, 4.5)
			}
		}
		for on, b := range (named{"Select": p.Select, "SelText": p.SelText, "Hover": p.Hover, "CurLine": p.CurLine, "Rail": p.Rail}) {
			check(p, "Text", on, p.Text, b, 4.5)
			check(p, "Dim", on, p.Dim, b, 4.5)
		}
		check(p, "OnFill", "Fill", p.OnFill, p.Fill, 4.5)
		check(p, "Dim", "Pill", p.Dim, p.Pill(), 4.5)
		for _, hit := range []color.NRGBA{p.Warn, p.Note, p.Accent, p.Danger, p.Ok} {
			check(p, "a chip's label", "its tint", hit, Over(Fade(hit, .15), p.Chrome), 4.5)
		}
	}
}

// TestPalettesAreComplete: a colour left out of a literal would be transparent black.
func TestPalettesAreComplete(t *testing.T) {
	for _, p := range palettes {
		for _, set := range []named{p.inks(), p.syntax(), p.surfaces(), {
			"Rail": p.Rail, "Line": p.Line, "Edge": p.Edge, "Hover": p.Hover, "Select": p.Select, "SelText": p.SelText, "CurLine": p.CurLine,
			"Faint": p.Faint, "Fill": p.Fill, "OnFill": p.OnFill, "AddBg": p.AddBg, "DelBg": p.DelBg, "AddHi": p.AddHi, "DelHi": p.DelHi, "Hit": p.Hit,
			"Cov0": p.Cov[0], "Cov1": p.Cov[1], "Cov2": p.Cov[2], "Cov3": p.Cov[3], "Cov4": p.Cov[4]}} {
			for name, c := range set {
				if c.A == 0 {
					t.Errorf("%s has no %s", p.Name, name)
				}
			}
		}
	}
}

// TestCoverageReadsWithoutHue: the ramp of coverage rises in lightness, so that it
// is readable in grey.
func TestCoverageReadsWithoutHue(t *testing.T) {
	for _, p := range palettes {
		for i := 1; i < len(p.Cov); i++ {
			rises := luminance(p.Cov[i]) > luminance(p.Cov[i-1])
			if rises == p.Light {
				t.Errorf("%s: step %d of coverage runs against the ramp", p.Name, i)
			}
		}
	}
}

// TestIconsDraw: every icon is well-formed and leaves ink of its own colour.
func TestIconsDraw(t *testing.T) {
	test.NewTempApp(t)
	ink := color.NRGBA{R: 255, A: 255}
	for name := range glyphs {
		res := Icon(name, ink, 1)
		for d := xml.NewDecoder(bytes.NewReader(res.Content())); ; {
			if _, err := d.Token(); errors.Is(err, io.EOF) {
				break
			} else if err != nil {
				t.Fatalf("%s: %v", name, err)
			}
		}
		inked := inkOf(res)
		if inked < 8 || inked > 1300 {
			t.Errorf("%s: %d pixels of 1600 carry its colour", name, inked)
		}
		if Icon(name, ink, 1) != res {
			t.Errorf("%s is not cached", name)
		}
	}
}

// inkOf is how many pixels of 40×40 carry the red of an icon.
func inkOf(res fyne.Resource) (inked int) {
	img := canvas.NewImageFromResource(res)
	img.Resize(fyne.NewSize(40, 40))
	c := software.NewTransparentCanvas()
	c.SetPadded(false)
	c.SetContent(img)
	c.Resize(fyne.NewSize(40, 40))
	out := c.Capture()
	for y := range out.Bounds().Dy() {
		for x := range out.Bounds().Dx() {
			if p := color.NRGBAModel.Convert(out.At(x, y)).(color.NRGBA); p.A > 128 && p.R > 200 && p.G < 60 {
				inked++
			}
		}
	}
	return inked
}

// TestStrokesGrowWithTheScale: on a screen of twice the pixels a line icon is as heavy as on another.
func TestStrokesGrowWithTheScale(t *testing.T) {
	test.NewTempApp(t)
	ink := color.NRGBA{R: 255, A: 255}
	if once, twice := inkOf(Icon("files", ink, 1)), inkOf(Icon("files", ink, 2)); 4*twice < 5*once {
		t.Errorf("%d pixels of ink become %d", once, twice)
	}
}

func TestThemeAnswersEverything(t *testing.T) {
	for _, p := range palettes {
		th := Theme{P: p}
		for _, st := range []fyne.TextStyle{{}, {Bold: true}, {Italic: true}, {Monospace: true}, {Monospace: true, Bold: true}, {Monospace: true, Italic: true}, {Symbol: true}} {
			if f := th.Font(st); f == nil || len(f.Content()) == 0 {
				t.Errorf("no font for %+v", st)
			}
		}
		if th.Color(theme.ColorNameBackground, theme.VariantLight) != p.Code {
			t.Errorf("%s follows the system's variant", p.Name)
		}
		if th.Size(theme.SizeNameText) != TextBody {
			t.Error("body text has another size than the design's")
		}
	}
}

// TestGlyphs checks the character maps against what the faces are known to have.
func TestGlyphs(t *testing.T) {
	for _, f := range CodeFonts {
		for _, r := range "aZ0~é→≤█Жλ…ﬁ" {
			if !f.Has(r) && !FallbackGlyph(r) {
				t.Errorf("%s: %q has no glyph", f.Name, r)
			}
		}
		for r := ' '; r <= '~'; r++ {
			if !f.Has(r) {
				t.Errorf("%s lacks %q", f.Name, r)
			}
		}
		for _, r := range []rune{0x4E2D, 0xE0041, 0x10FFFE, 0xFFFF} {
			if f.Has(r) {
				t.Errorf("%s claims U+%04X", f.Name, r)
			}
		}
		if got := CodeFontNamed(f.Name); got != f {
			t.Errorf("%s is found as %s", f.Name, got.Name)
		}
	}
	// Chinese, Japanese, Korean, and the signs of which code is fond
	for _, r := range "中文语語龍かなカナ한국어「」。Ａ，─│┌╬←→⇒∀∃≤∑√∞∰⟹⠿✓★☃שلЖ😀" {
		if !FallbackGlyph(r) {
			t.Errorf("no fallback draws %q", r)
		}
	}
}

// TestNoLigatures: the table that would join "!=" to one sign is out of reach.
func TestNoLigatures(t *testing.T) {
	var all []fyne.Resource
	for _, f := range CodeFonts {
		all = append(all, f.regular, f.bold, f.italic)
	}
	for _, f := range all {
		b := f.Content()
		for i := range int(b[4])<<8 | int(b[5]) {
			if tag := string(b[12+16*i : 16+16*i]); tag == "GSUB" {
				t.Errorf("%s still substitutes glyphs", f.Name())
			}
		}
	}
}
