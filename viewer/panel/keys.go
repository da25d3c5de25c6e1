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

// rowKeys are those of everything that has rows.
func rowKeys() []Key {
	return []Key{
		{fyne.KeyUp, 0, words.T("Row up")},
		{fyne.KeyDown, 0, words.T("Row down")},
		{fyne.KeyPageUp, 0, words.T("Page up")},
		{fyne.KeyPageDown, 0, words.T("Page down")},
	}
}

// ListKeys are those of a List and a Tree.
func ListKeys() []Key {
	return append(rowKeys(),
		Key{fyne.KeyHome, 0, words.T("First row")},
		Key{fyne.KeyEnd, 0, words.T("Last row")},
		Key{fyne.KeyRight, 0, words.T("Open a folder or group, then go into it")},
		Key{fyne.KeyLeft, 0, words.T("Close it, or go to the one around")},
		Key{fyne.KeyReturn, 0, words.T("Open the row")},
		Key{fyne.KeySpace, 0, words.T("Open the row")})
}

// PaletteKeys are those of a Palette.
func PaletteKeys() []Key {
	return append(rowKeys(),
		Key{fyne.KeyReturn, 0, words.T("Open or do the row")},
		Key{fyne.KeyEscape, 0, words.T("Back to where you were")})
}
