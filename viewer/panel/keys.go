package panel

import (
	"fyne.io/fyne/v2"

	"vitrine/viewer/words"
)

// A Key is a key that a control has a use for by itself, for a map of the keyboard.
type Key struct {
	Name     fyne.KeyName
	Modifier fyne.KeyModifier
	What     string
}

// ListKeys are those of a List and a Tree.
func ListKeys() []Key {
	return []Key{
		{fyne.KeyUp, 0, words.T("Row up")},
		{fyne.KeyDown, 0, words.T("Row down")},
		{fyne.KeyPageUp, 0, words.T("Page up")},
		{fyne.KeyPageDown, 0, words.T("Page down")},
		{fyne.KeyHome, 0, words.T("First row")},
		{fyne.KeyEnd, 0, words.T("Last row")},
		{fyne.KeyRight, 0, words.T("Open a folder or group, then go into it")},
		{fyne.KeyLeft, 0, words.T("Close it, or go to the one around")},
		{fyne.KeyReturn, 0, words.T("Open the row")},
		{fyne.KeySpace, 0, words.T("Open the row")},
	}
}

// PaletteKeys are those of a Palette.
func PaletteKeys() []Key {
	return []Key{
		{fyne.KeyUp, 0, words.T("Row up")},
		{fyne.KeyDown, 0, words.T("Row down")},
		{fyne.KeyPageUp, 0, words.T("Page up")},
		{fyne.KeyPageDown, 0, words.T("Page down")},
		{fyne.KeyReturn, 0, words.T("Open or do the row")},
		{fyne.KeyEscape, 0, words.T("Back to where you were")},
	}
}
