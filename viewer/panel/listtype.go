package panel

import (
	"strings"
	"time"
	"unicode"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
)

// typing is the beginning of a name that is being typed on a list.
type typing struct {
	text string // lower case
	last time.Time
}

const (
	// typingPause ends a name: what is typed after it begins another.
	typingPause = time.Second
	// maxTyped bounds the rows that are looked at for a letter: making them all would
	// be felt in a list of more. Names that the list is given are cheap.
	maxTyped, maxTypedNames = 5_000, 300_000
)

// TypedRune is for Fyne.
func (v *List) TypedRune(r rune) {
	if v.OnRune != nil && v.OnRune(r) {
		return
	}
	now := v.now()
	if now.Sub(v.typed.last) > typingPause {
		v.typed.text = ""
	}
	if unicode.IsSpace(r) && v.typed.text == "" || !unicode.IsPrint(r) || v.Row == nil {
		return // a blank opens
	}
	v.typed.last = now
	was := v.typed.text
	v.typed.text += string(unicode.ToLower(r))
	from := max(0, v.selected)
	if was == "" {
		from = v.selected + 1
	}
	i := v.named(v.typed.text, from)
	if i < 0 && strings.Count(v.typed.text, v.typed.text[:1]) == len(v.typed.text) {
		i = v.named(v.typed.text[:1], v.selected+1) // a letter typed again goes on
	}
	if i < 0 {
		v.typed.text = was
		return
	}
	v.quiet = false
	v.Select(i)
}

// named finds the next row from one on, round and round, that begins so; else -1.
func (v *List) named(beginning string, from int) int {
	most := min(v.length, maxTyped)
	if v.Name != nil {
		most = min(v.length, maxTypedNames)
	}
	for n := range most {
		i := (from + n) % v.length
		name := ""
		if v.Name != nil {
			name = v.Name(i)
		} else if r := v.Row(i); r.Kind == ItemRow && len(r.Text) > 0 {
			name = r.Text[0].Text
		}
		if len(name) >= len(beginning) && strings.EqualFold(name[:len(beginning)], beginning) {
			return i
		}
	}
	return nowhere
}

// menu asks for the menu of the selected row, below it.
func (v *List) menu() {
	if v.selected < 0 || v.OnSecondary == nil {
		return
	}
	v.Reveal(v.selected)
	at := fyne.CurrentApp().Driver().AbsolutePositionForObject(v)
	v.OnSecondary(v.selected, at.AddXY(rowInset+iconSize, v.top(v.selected)+v.height))
}

// shifted is whether a Shift key is held.
func shifted() bool {
	d, ok := fyne.CurrentApp().Driver().(desktop.Driver)
	return ok && d.CurrentKeyModifiers()&fyne.KeyModifierShift != 0
}
