package desk

import (
	"context"
	"slices"
	"strings"

	"vitrine/viewer/words"

	"vitrine/app/room"
	"vitrine/index/character"
	"vitrine/index/deposit"
	"vitrine/index/spoof"
	"vitrine/viewer/code"
	"vitrine/viewer/panel"
)

// classNames say what is found, of one and of several.
var classNames = map[spoof.Class][2]string{
	spoof.Bidi: {words.Key("bidirectional control"), words.Key("bidirectional controls")}, spoof.LookAlike: {"look-alike", "look-alikes"},
	spoof.Invisible: {words.Key("invisible character"), words.Key("invisible characters")}, spoof.Control: {words.Key("control code"), words.Key("control codes")},
	spoof.Space: {words.Key("unusual space"), words.Key("unusual spaces")}, spoof.Broken: {words.Key("broken character"), words.Key("broken characters")},
}

// counted says how many there are of each class: "2 bidirectional controls, 1 look-alike".
func counted(c character.Counts) string {
	var parts []string
	for _, class := range room.CharacterClasses() {
		if n := int(c.Of[class]); n > 0 {
			parts = append(parts, plural(n, classNames[class][0], classNames[class][1]))
		}
	}
	return strings.Join(parts, ", ")
}

// A tabCharacters is what was found in the text of a tab.
type tabCharacters struct {
	list   []character.Finding
	counts character.Counts
	step   int // to take once they are known: the key was quicker
}

// readCharacters looks through the text of a tab; it is shown meanwhile.
func (r *roomScreen) readCharacters(t *tab) {
	doc := t.doc
	if doc.Binary {
		return
	}
	simple(t.spoofing, func(ctx context.Context) (found tabCharacters, err error) {
		if err := t.letPaint(ctx); err != nil {
			return found, err
		}
		found.list, found.counts, err = r.visit.CharactersIn(ctx, doc)
		return found, err
	}, func(found tabCharacters, err error) {
		if err != nil {
			r.d.fail(words.T("The characters of this file were not looked at."), err)
			return
		}
		step := t.found.step
		t.found = found
		if !found.counts.Any() {
			return
		}
		suspects := map[int][]code.Suspect{}
		for _, f := range found.list {
			for _, s := range f.Suspects() {
				suspects[f.Line] = append(suspects[f.Line], code.Suspect{Off: s.Col - 1, Tag: s.Tag})
			}
		}
		t.view.SetSuspects(suspects)
		r.marks(t)
		if t.pane != nil && t == t.pane.current() {
			t.pane.show()
		}
		r.d.trace.say("characters", found.counts.Total(), doc.Place.Path)
		if step != 0 && t == r.current() {
			r.stepCharacter(step)
		}
	})
}

// characterMarks are the lines of a tab with such characters.
func (t *tab) characterMarks() (out []code.Mark) {
	list := t.found.list
	for len(list) > 0 {
		n := slices.IndexFunc(list, func(f character.Finding) bool { return f.Line != list[0].Line })
		if n < 0 {
			n = len(list)
		}
		m := code.Mark{Line: list[0].Line, Kind: code.Hidden, Title: words.T("Hidden characters"), Key: words.T("Ctrl+Shift+H goes to the next one.")}
		var text []string
		for _, f := range list[:n] {
			if f.Class == spoof.LookAlike {
				m.Kind, m.Title = code.Confusable, words.T("Look-alike")
			}
			if s := f.Explain(); !slices.Contains(text, s) {
				text = append(text, s)
			}
		}
		m.Text = strings.Join(text, "\n")
		out = append(out, m)
		list = list[n:]
	}
	return out
}

// showBanner says what stands in the text of a tab.
func (p *pane) showBanner(t *tab) {
	c := t.found.counts
	if !c.Any() || t.closed {
		p.hidden.Hide()
		return
	}
	r := p.r
	tone := panel.ToneWarn
	if c.Deceives() {
		tone = panel.ToneDanger
	}
	step := func(by int) func() { return func() { r.activate(p); r.stepCharacter(by) } }
	p.hidden.Set(panel.BannerStyle{
		Tone: tone, Icon: "warn",
		Bold:  words.T("%s in %s", counted(c), plural(int(c.Lines), "line", "lines")),
		Text:  words.T("Drawn in logical order, each in a box."),
		Links: []panel.Action{{Label: words.T("Previous"), Do: step(-1)}, {Label: words.T("Next"), Do: step(1)}, {Label: words.T("All in this release"), Do: func() { r.activate(p); r.pickSide("characters") }}},
		Close: func() { t.closed = true; p.show() },
	})
	p.hidden.Show()
}

// stepCharacter goes to the next finding behind the caret, or with by -1 to the one
// before it, round and round.
func (r *roomScreen) stepCharacter(by int) {
	t := r.current()
	if t == nil {
		return
	}
	if t.spoofing.running() {
		t.found.step = by
	}
	if len(t.found.list) == 0 {
		return
	}
	list, at := t.found.list, t.view.Caret()
	pos := func(f character.Finding) code.Pos { return code.Pos{Line: f.Line, Col: f.Col} }
	i := slices.IndexFunc(list, func(f character.Finding) bool { return at.Before(pos(f)) })
	if i < 0 {
		i = len(list)
	}
	if by < 0 {
		for i--; i >= 0 && !pos(list[i]).Before(at); {
			i--
		}
	}
	f := list[(i+len(list))%len(list)]
	r.goTo(t, target{line: f.Line, col: f.Col})
}

// characterAt is what is found at a word or hidden character of a tab, and the sentences that
// tell of it; without any, text is "".
func (r *roomScreen) characterAt(t *tab, word code.Range) (title, text string) {
	if t.view.Hides(word) {
		return words.T("Hidden character"), room.DescribeCharacter(t.view.TextIn(word))
	}
	i, _ := slices.BinarySearchFunc(t.found.list, word.From, func(f character.Finding, p code.Pos) int {
		if f.Line != p.Line {
			return f.Line - p.Line
		}
		return f.Col + len(f.Text) - 1 - p.Col
	})
	for ; i < len(t.found.list); i++ {
		f := t.found.list[i]
		if f.Line != word.From.Line || f.Col >= word.To.Col {
			break
		}
		if f.Class != spoof.LookAlike || f.Col+len(f.Text) <= word.From.Col {
			continue
		}
		lines := []string{f.Explain()}
		for _, s := range f.Suspects() {
			if !slices.Contains(lines, s.What) && len(lines) < cardLines {
				lines = append(lines, s.What)
			}
		}
		return words.T("Look-alike"), strings.Join(lines, "\n")
	}
	return "", ""
}

// showCharacter shows the card of what is not what it seems, and reports whether there is one.
func (r *roomScreen) showCharacter(t *tab, word code.Range) bool {
	title, text := r.characterAt(t, word)
	if text == "" {
		return false
	}
	l := r.d.look
	tone := panel.ToneWarn
	if title == words.T("Look-alike") {
		tone = panel.ToneDanger
	}
	at, height := t.view.Place(word.From)
	r.d.look.ShowCard(panel.VBox(6, panel.HBox(8, panel.NewChip(l, panel.ChipStyle{Icon: "warn", Text: title, Tone: tone}), panel.Spacer()), panel.NewLabel(l, text)), at, height)
	first, _, _ := strings.Cut(text, "\n")
	r.d.trace.say("card", first)
	return true
}

// buildCharacters opens or makes the survey of the deposit's characters, which comes last.
func (r *roomScreen) buildCharacters() {
	r.d.trace.say("survey", "building")
	last := int64(0)
	start(r.surveying, func(ctx context.Context, emit func(room.DerivedState)) (nothing, error) {
		return nothing{}, r.visit.BuildCharacters(ctx, emit)
	}, func(states []room.DerivedState) {
		r.surveyed = states[len(states)-1]
		r.showStatus()
		if r.surveyed.Ready || r.surveyed.Done-last < r.surveyed.Total/8 {
			return
		}
		last = r.surveyed.Done
		r.charactersChanged()
	}, func(_ nothing, err error) {
		r.surveyed = r.visit.CharacterState()
		r.surveyed.Err = err
		r.built("survey", r.surveyed.Notice, words.T("The deposit's characters were not looked at."), err)
		r.showStatus()
		r.charactersChanged()
		r.settle()
	})
}

// charactersChanged takes what is known of the release shown to wherever it shows.
func (r *roomScreen) charactersChanged() {
	release := r.release
	simple(r.counting, func(ctx context.Context) (character.Release, error) {
		return r.visit.Characters(ctx, release)
	}, func(known character.Release, err error) {
		if err != nil {
			return // there is nothing yet: the panel says so
		}
		r.files.spoofed = map[deposit.Digest]panel.Mark{}
		deceiving := 0
		for _, f := range known.Files {
			m := panel.Mark{Icon: "!dot", Tone: panel.ToneFaint}
			if f.Counts.Deceives() {
				m.Tone = panel.ToneWarn
				deceiving++
			}
			if f.Counts.Of[spoof.LookAlike] > 0 {
				m.Icon = "!alike"
			}
			r.files.spoofed[f.Blob] = m
		}
		r.rail.SetCount("characters", deceiving)
		r.files.marksChanged()
		r.chars.show(release, known)
	})
}

// characterItem is the status bar's word on the survey; nothing when all is well.
func (r *roomScreen) characterItem() (it panel.StatusItem, ok bool) {
	it = panel.StatusItem{ID: "survey", Icon: "alike", IconTone: panel.ToneAccent, Text: words.T("Characters"), Tone: panel.ToneDim, Right: true}
	switch {
	case r.surveyed.Ready, !r.index.Ready, !r.named.Ready && r.named.Err == nil:
		return it, false
	case r.surveyed.Err != nil:
		it.Icon, it.IconTone, it.Tone, it.Text, it.Tip = "warn", panel.ToneDanger, panel.ToneDanger, words.T("Characters not looked at"), r.surveyed.Err.Error()
	case r.surveyed.Total > 0:
		it.Text = words.T("Characters %s", percent(r.surveyed.Done, r.surveyed.Total))
	}
	if r.surveyed.Err == nil {
		it.Tip = words.T("Pause")
		if r.paused {
			it.Icon, it.IconTone, it.Tip = "pause", panel.ToneWarn, words.T("Go on")
			it.Text += words.T(", paused")
		}
	}
	return it, true
}
