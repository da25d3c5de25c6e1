package style

import (
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/theme"
)

// Theme hands the palette to stock Fyne widgets. It ignores the system's variant: the choice is the room's.
type Theme struct {
	P    *Palette
	Code *CodeFont // the first of CodeFonts when nil
}

// Color answers every name from the palette; the system's variant is ignored.
func (t Theme) Color(n fyne.ThemeColorName, _ fyne.ThemeVariant) color.Color {
	p := t.P
	switch n {
	case theme.ColorNameBackground:
		return p.Code
	case theme.ColorNameForeground:
		return p.Text
	case theme.ColorNameHeaderBackground:
		return p.Chrome
	case theme.ColorNameMenuBackground, theme.ColorNameOverlayBackground, theme.ColorNameButton:
		return p.Raised
	case theme.ColorNameDisabledButton:
		return p.Line
	case theme.ColorNameDisabled, theme.ColorNamePlaceHolder:
		return p.Faint
	case theme.ColorNamePrimary, theme.ColorNameHyperlink:
		return p.Accent
	case theme.ColorNameForegroundOnPrimary, theme.ColorNameForegroundOnError, theme.ColorNameForegroundOnSuccess, theme.ColorNameForegroundOnWarning:
		if p.Light { // stock widgets fill with Accent, Danger …, which are light colours in the dark palettes
			return p.OnFill
		}
		return p.Rail
	case theme.ColorNameFocus:
		return Fade(p.Accent, .35)
	case theme.ColorNameSelection:
		return p.SelText
	case theme.ColorNameHover:
		return Fade(p.Text, .06)
	case theme.ColorNamePressed:
		return Fade(p.Text, .12)
	case theme.ColorNameInputBackground:
		return p.Field
	case theme.ColorNameInputBorder:
		return p.Edge
	case theme.ColorNameSeparator:
		return p.Line
	case theme.ColorNameScrollBar:
		return Fade(p.Dim, .45)
	case theme.ColorNameError:
		return p.Danger
	case theme.ColorNameWarning:
		return p.Warn
	case theme.ColorNameSuccess:
		return p.Ok
	case theme.ColorNameShadow, theme.ColorNameScrollBarBackground:
		return color.Transparent
	}
	return theme.DefaultTheme().Color(n, theme.VariantDark)
}

// Font is Inter for the interface and the chosen family for code; symbols are Fyne's.
func (t Theme) Font(s fyne.TextStyle) fyne.Resource {
	code := t.Code
	if code == nil {
		code = CodeFonts[0]
	}
	switch {
	case s.Symbol:
		return theme.DefaultTheme().Font(s)
	case s.Monospace && s.Bold:
		return code.bold
	case s.Monospace && s.Italic:
		return code.italic
	case s.Monospace:
		return code.regular
	case s.Bold:
		return uiBold
	case s.Italic:
		return uiItalic
	}
	return uiFont
}

// Icon leaves the icons of stock widgets to Fyne: ours are drawn with Icon of this package.
func (Theme) Icon(n fyne.ThemeIconName) fyne.Resource { return theme.DefaultTheme().Icon(n) }

var sizes = map[fyne.ThemeSizeName]float32{
	theme.SizeNameText: 13, theme.SizeNameCaptionText: 11, theme.SizeNameHeadingText: 20, theme.SizeNameSubHeadingText: 15,
	theme.SizeNamePadding: 4, theme.SizeNameInnerPadding: 6, theme.SizeNameLineSpacing: 4, theme.SizeNameInlineIcon: 16,
	theme.SizeNameInputBorder: 1, theme.SizeNameSeparatorThickness: 1, theme.SizeNameSplitThickness: 5,
	theme.SizeNameScrollBar: 10, theme.SizeNameScrollBarSmall: 4, theme.SizeNameScrollBarRadius: 2,
	theme.SizeNameInputRadius: 4, theme.SizeNameButtonRadius: 4, theme.SizeNameSelectionRadius: 3, theme.SizeNameCardRadius: 6,
	theme.SizeNameDialogRadius: 6, theme.SizeNamePopupRadius: 6, theme.SizeNameMenuRadius: 6, theme.SizeNameModalBlurRadius: 0,
}

// Size gives the design's paddings, radii and text sizes in device-independent pixels.
func (Theme) Size(n fyne.ThemeSizeName) float32 {
	if v, ok := sizes[n]; ok {
		return v
	}
	return theme.DefaultTheme().Size(n)
}
