package panel

import "fyne.io/fyne/v2"

// A Key is a key that a control has a use for by itself, for a map of the keyboard.
type Key struct {
	Name     fyne.KeyName
	Modifier fyne.KeyModifier
	What     string
}

// ListKeys are those of a List and a Tree.
func ListKeys() []Key {
	return []Key{
		{fyne.KeyUp, 0, "Row up"},
		{fyne.KeyDown, 0, "Row down"},
		{fyne.KeyPageUp, 0, "Page up"},
		{fyne.KeyPageDown, 0, "Page down"},
		{fyne.KeyHome, 0, "First row"},
		{fyne.KeyEnd, 0, "Last row"},
		{fyne.KeyRight, 0, "Open a folder or group, then go into it"},
		{fyne.KeyLeft, 0, "Close it, or go to the one around"},
		{fyne.KeyReturn, 0, "Open the row"},
		{fyne.KeySpace, 0, "Open the row"},
	}
}

// PaletteKeys are those of a Palette.
func PaletteKeys() []Key {
	return []Key{
		{fyne.KeyUp, 0, "Row up"},
		{fyne.KeyDown, 0, "Row down"},
		{fyne.KeyPageUp, 0, "Page up"},
		{fyne.KeyPageDown, 0, "Page down"},
		{fyne.KeyReturn, 0, "Open or do the row"},
		{fyne.KeyEscape, 0, "Back to where you were"},
	}
}
