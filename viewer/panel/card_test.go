package panel

import (
	"testing"

	"fyne.io/fyne/v2"

	"vitrine/viewer/style"
)

func TestCardGoes(t *testing.T) {
	l, c := bench(t, func(l *Look) fyne.CanvasObject { return NewList(l, style.HeightRow) })
	if l.HideCard() || l.Escape() {
		t.Error("there was a card before it was shown")
	}
	say := NewLabel(l, "what it is")
	l.ShowCard(say, fyne.NewPos(700, 590), 20)
	if !l.CardShown() {
		t.Fatal("no card")
	}
	if p := say.Position(); p.Y > 590 || p.X+say.Size().Width > 800 {
		t.Errorf("at the window's corner the card stands at %v", p)
	}
	if !l.Escape() || l.CardShown() {
		t.Error("Escape leaves the card")
	}
	l.ShowCard(say, fyne.NewPos(10, 10), 20)
	NewScreen(l, NewLabel(l, "over all")).Open(c)
	if l.CardShown() {
		t.Error("a screen leaves the card")
	}
}

func TestPeekOpensWhatIsChosen(t *testing.T) {
	l, c := bench(t, func(l *Look) fyne.CanvasObject { return NewList(l, style.HeightRow) })
	opened, closed := -1, 0
	show := func() {
		ShowPeek(l, c, fyne.NewPos(780, 580), 20, Peek{
			Rows:   []Row{{Kind: HeadingRow, Text: []Span{{Text: "Resolved"}}}, Plain("a"), {Kind: RuleRow}, Plain("b")},
			OnOpen: func(i int) { opened = i }, OnClose: func() { closed++ },
		})
	}
	show()
	press(c, fyne.KeyDown, fyne.KeyReturn)
	if opened != 3 || closed != 0 || c.Overlays().Top() != nil {
		t.Errorf("opened %d, closed %d times", opened, closed)
	}
	show()
	press(c, fyne.KeyEscape)
	if closed != 1 || c.Overlays().Top() != nil {
		t.Errorf("Escape closed it %d times", closed)
	}
	ShowPeek(l, c, fyne.NewPos(0, 0), 20, Peek{})()
	if c.Overlays().Top() != nil {
		t.Error("an empty choice is shown")
	}
}
