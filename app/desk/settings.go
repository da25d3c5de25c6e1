package desk

import (
	"fyne.io/fyne/v2"

	"vitrine/viewer/style"
)

// Settings are remembered by Fyne's preferences of this app, under the user's
// configuration folder. They hold nothing of a deposit.
const (
	settingTheme  = "theme"
	settingWidth  = "width"
	settingHeight = "height"
	// How wide the side panels are, each by its name, and the inspector; how high that is
	// below the code.
	settingSide         = "side."
	settingInspector    = "inspector"
	settingInspectorLow = "inspector.low"
	settingPeek         = "peek"     // how high a peek is
	settingCommands     = "commands" // ids of the actions last done from the command palette
	settingTips         = "tips"     // actions that the tips spoke of and that were done
)

// palettes are the choices of --theme and the View menu, in menu order.
var palettes = []*style.Palette{style.Dark, style.Light, style.Contrast}

// PaletteNamed finds a palette by the name --theme takes; ok is false for an
// unknown one.
func PaletteNamed(name string) (p *style.Palette, ok bool) {
	for _, p := range palettes {
		if p.Name == name {
			return p, true
		}
	}
	return style.Dark, false
}

const (
	minWidth, minHeight         = 900, 560
	defaultWidth, defaultHeight = 1280, 800
	maxRemembered               = 8192 // beyond any screen: a broken preference
)

func rememberedSize(p fyne.Preferences) fyne.Size {
	w, h := p.FloatWithFallback(settingWidth, defaultWidth), p.FloatWithFallback(settingHeight, defaultHeight)
	if w < minWidth || h < minHeight || w > maxRemembered || h > maxRemembered {
		return fyne.NewSize(defaultWidth, defaultHeight)
	}
	return fyne.NewSize(float32(w), float32(h))
}

// rememberedSpan is a width or height that the reader has chosen, or another.
func rememberedSpan(p fyne.Preferences, name string, otherwise float32) float32 {
	if v := p.Float(name); v >= 100 && v <= maxRemembered {
		return float32(v)
	}
	return otherwise
}

func rememberSize(p fyne.Preferences, s fyne.Size) {
	if s.Width >= minWidth && s.Height >= minHeight {
		p.SetFloat(settingWidth, float64(s.Width))
		p.SetFloat(settingHeight, float64(s.Height))
	}
}
