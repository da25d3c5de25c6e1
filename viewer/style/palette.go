// Package style is how Vitrine looks: one palette of colours in three
// variants, the fonts, the line icons, and the sizes of rows and insets. It
// knows colours and measures, and nothing of what is drawn with them.
//
// The figures (contrast, heights, widths) are the design's; text keeps 4.5:1
// against every surface it stands on.
package style

import (
	"image/color"
	"strconv"
)

// Palette is the one list of colours. Widgets of ours read it; stock Fyne widgets get it through Theme.
type Palette struct {
	Name                                                       string
	Light                                                      bool
	Strong                                                     bool        // high contrast: what has the keyboard is framed in two pixels
	Rail, Chrome, Code, Raised, Field, Line, Edge              color.NRGBA // surfaces and borders
	Hover, Select, SelText, CurLine                            color.NRGBA // states
	Text, Dim, Faint                                           color.NRGBA // three strengths of text, all >= 4.5:1
	Accent, Fill, OnFill                                       color.NRGBA // accent text/lines; filled button and its label
	Ok, Warn, Danger, Note                                     color.NRGBA
	Critical, High, Medium, Low                                color.NRGBA
	Cov                                                        [5]color.NRGBA // unseen, shown, skimmed, read, understood
	Keyword, Type, Func, Str, Number, Comment, Prep, Punct, Id color.NRGBA
	AddBg, DelBg, AddHi, DelHi                                 color.NRGBA
	Hit                                                        color.NRGBA // found text, translucent, under the glyphs
}

func hex(s string) color.NRGBA {
	v, err := strconv.ParseUint(s, 16, 32)
	if err != nil {
		panic(err)
	}
	return color.NRGBA{uint8(v >> 16), uint8(v >> 8), uint8(v), 255}
}

// Fade keeps the hue and sets the opacity (0 to 1): tints of chips, banners, hits.
func Fade(c color.NRGBA, a float32) color.NRGBA { c.A = uint8(a * 255); return c }

// Over is the opaque colour that a translucent c gives on an opaque surface.
func Over(c, on color.NRGBA) color.NRGBA {
	mix := func(a, b uint8) uint8 { return uint8((int(a)*int(c.A) + int(b)*(255-int(c.A))) / 255) }
	return color.NRGBA{mix(c.R, on.R), mix(c.G, on.G), mix(c.B, on.B), 255}
}

// Dark is the palette for a dim room.
var Dark = &Palette{Name: "dark",
	Rail: hex("101317"), Chrome: hex("15181C"), Code: hex("1A1D22"), Raised: hex("22262C"), Field: hex("111418"), Line: hex("2A2F36"), Edge: hex("464F5A"),
	Hover: hex("23282F"), Select: hex("1F3650"), SelText: hex("1E3A58"), CurLine: hex("20242A"),
	Text: hex("DDE1E6"), Dim: hex("A3ACB7"), Faint: hex("8A95A1"),
	Accent: hex("72B7F2"), Fill: hex("2B74B8"), OnFill: hex("FFFFFF"),
	Ok: hex("5FC68C"), Warn: hex("E5B454"), Danger: hex("F88A8A"), Note: hex("BBA4F6"),
	Critical: hex("FF7F92"), High: hex("F4925C"), Medium: hex("E5C454"), Low: hex("7FB8E6"),
	Cov:     [5]color.NRGBA{hex("2C3138"), hex("27525B"), hex("2B7880"), hex("3AA6A2"), hex("86E3D0")},
	Keyword: hex("C6A0F0"), Type: hex("62CFC4"), Func: hex("8CC4FF"), Str: hex("A8CF7F"), Number: hex("EDA774"), Comment: hex("9BA6B3"), Prep: hex("E39AC0"), Punct: hex("AAB3BE"), Id: hex("DDE1E6"),
	AddBg: hex("17301F"), DelBg: hex("3A1D21"), AddHi: hex("24603A"), DelHi: hex("7A2F38"), Hit: Fade(hex("E5C454"), .18),
}

// Light is the palette for a bright room and for projectors.
var Light = &Palette{Name: "light", Light: true,
	Rail: hex("E8EBEF"), Chrome: hex("F3F5F7"), Code: hex("FFFFFF"), Raised: hex("FFFFFF"), Field: hex("FFFFFF"), Line: hex("DBE0E5"), Edge: hex("AEB6BF"),
	Hover: hex("E6EAEE"), Select: hex("D3E5F7"), SelText: hex("D2E6FA"), CurLine: hex("F4F7FA"),
	Text: hex("1E2329"), Dim: hex("4D5761"), Faint: hex("5C6670"),
	Accent: hex("0F5FA8"), Fill: hex("1567B0"), OnFill: hex("FFFFFF"),
	Ok: hex("126944"), Warn: hex("855700"), Danger: hex("B32A26"), Note: hex("6741BE"),
	Critical: hex("B3123A"), High: hex("9E4408"), Medium: hex("755A00"), Low: hex("1F639C"),
	Cov:     [5]color.NRGBA{hex("E0E4E9"), hex("B5D8D7"), hex("7BBBBA"), hex("379290"), hex("0F5C58")},
	Keyword: hex("7A2FB8"), Type: hex("006A64"), Func: hex("0B5CAD"), Str: hex("3F6B12"), Number: hex("A34A05"), Comment: hex("56616C"), Prep: hex("A32B6E"), Punct: hex("4D5761"), Id: hex("1E2329"),
	AddBg: hex("E3F5E8"), DelBg: hex("FCE8E8"), AddHi: hex("B4E3C2"), DelHi: hex("F5BEBE"), Hit: Fade(hex("FFD84A"), .60),
}

// Contrast is the palette of high contrast: on Code no text has less than 10:1, found text excepted.
var Contrast = &Palette{Name: "contrast", Strong: true,
	Rail: hex("000000"), Chrome: hex("000000"), Code: hex("000000"), Raised: hex("0A0A0A"), Field: hex("000000"), Line: hex("8C96A0"), Edge: hex("FFFFFF"),
	Hover: hex("2A2A2A"), Select: hex("003A75"), SelText: hex("00468C"), CurLine: hex("1C1C1C"),
	Text: hex("FFFFFF"), Dim: hex("E2E6EA"), Faint: hex("C2C9D1"),
	Accent: hex("7FD0FF"), Fill: hex("7FD0FF"), OnFill: hex("000000"),
	Ok: hex("7CF2A8"), Warn: hex("FFD75E"), Danger: hex("FF9C9C"), Note: hex("D9C8FF"),
	Critical: hex("FF9DAC"), High: hex("FFB07A"), Medium: hex("FFE36E"), Low: hex("A8DAFF"),
	Cov:     [5]color.NRGBA{hex("3A3A3A"), hex("1F6F7A"), hex("2FA3AB"), hex("55D6CF"), hex("C8FFF3")},
	Keyword: hex("E0C4FF"), Type: hex("7FF0E4"), Func: hex("A9D6FF"), Str: hex("C9F29B"), Number: hex("FFC39A"), Comment: hex("B8C2CC"), Prep: hex("FFB8DC"), Punct: hex("E2E6EA"), Id: hex("FFFFFF"),
	AddBg: hex("003A16"), DelBg: hex("4D0A12"), AddHi: hex("00702C"), DelHi: hex("96162A"), Hit: Fade(hex("FFE36E"), .34),
}
