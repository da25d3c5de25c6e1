package desk

import (
	"slices"
	"strings"

	"vitrine/viewer/words"

	"vitrine/viewer/fuzzy"
	"vitrine/viewer/panel"
	"vitrine/viewer/style"
)

// commands is the command palette: every action of the screen's menus with its key,
// those used last first; what is not offered now stands below, with what it lacks.
type commands struct {
	d       *Desk
	palette *panel.Palette
	all     []command
	rows    []commandRow
	lately  []string // ids of what was done from here, the last first
}

// A command is an action as it was when the palette opened.
type command struct {
	action
	menu     string
	off, set bool // not offered; checked
}

// A commandRow is a command, or words above some of them.
type commandRow struct {
	*command
	hits    [][2]int // of the label and, behind it and a space, the menu
	heading string
	score   int
}

// maxLately is how many actions are remembered as used last: a screen's worth of rows.
const maxLately = 8

// latelyWorth is how much better an action used lately is among those that match.
const latelyWorth = 6

func newCommands(d *Desk) *commands {
	c := &commands{d: d, lately: d.app.Preferences().StringList(settingCommands)}
	c.palette = panel.NewPalette(d.look)
	c.palette.SetPlaceHolder(words.T("What to do: a few letters of it"))
	c.palette.SetEmpty(words.T("No action has these letters. Fewer letters find more."))
	c.palette.Row = c.row
	c.palette.OnQuery = c.query
	c.palette.OnOpen = func(i int, _ bool) { c.pick(i) }
	return c
}

// prefixed are screens on which what begins with ">" is an action and anything else is
// for quick open.
type prefixed interface{ quickly(text string) }

// show opens the palette. Where files can be opened a ">" in front says that these are
// actions: without it the same box opens files.
func (c *commands) show() {
	text := ""
	hints := []panel.Hint{{Key: "↵", Text: words.T("do it")}, {Key: words.T("Esc"), Text: words.T("back")}}
	if _, ok := c.d.screen.(prefixed); ok {
		text = ">"
		hints = append(hints, panel.Hint{Key: words.T("Backspace"), Text: words.T("files")}, panel.Hint{Key: "?", Text: words.T("what else")})
	}
	c.palette.SetHints(hints)
	c.showWith(text)
}

func (c *commands) showWith(text string) {
	c.gather()
	for _, cmd := range c.all {
		c.d.trace.say("offers", cmd.id, cmd.key)
	}
	c.palette.Show(c.d.win.Canvas(), text)
}

// gather takes every action of the screen once, in the order of the menus.
func (c *commands) gather() {
	c.all = c.all[:0]
	seen := map[string]bool{"help.commands": true}
	for _, m := range c.d.allMenus() {
		for _, a := range m.actions {
			if seen[a.id] {
				continue
			}
			seen[a.id] = true
			c.all = append(c.all, command{action: a, menu: m.title, off: a.away(), set: a.checked != nil && a.checked()})
		}
	}
}

// allMenus are the screen's menus with what is not offered now.
func (d *Desk) allMenus() []menu {
	if s, ok := d.screen.(interface{ allMenus() []menu }); ok {
		return s.allMenus()
	}
	return d.screen.menus()
}

// name is what letters are sought in.
func (c *command) name() string { return c.label + " " + c.menu }

func (c *commands) query(text string) {
	if s, ok := c.d.screen.(prefixed); ok && !strings.HasPrefix(text, ">") {
		c.palette.Hide()
		s.quickly(text)
		return
	}
	q := fuzzy.Parse(strings.TrimPrefix(text, ">"))
	var now, lately, off []commandRow
	for i := range c.all {
		cmd := &c.all[i]
		score, ok := q.Score(cmd.name())
		if !ok && cmd.id != strings.TrimPrefix(text, ">") { // the manual and tests name actions by their ids
			continue
		}
		row := commandRow{command: cmd, score: score}
		age := slices.Index(c.lately, cmd.id)
		switch {
		case cmd.off:
			off = append(off, row)
		case age >= 0 && q.Empty():
			row.score = -age
			lately = append(lately, row)
		case age >= 0:
			row.score += latelyWorth
			now = append(now, row)
		default:
			now = append(now, row)
		}
	}
	n := len(now) + len(lately)
	c.rows = c.rows[:0]
	part := func(heading string, rows []commandRow) {
		if len(rows) == 0 {
			return
		}
		slices.SortStableFunc(rows, func(a, b commandRow) int { return b.score - a.score })
		if heading != "" {
			c.rows = append(c.rows, commandRow{heading: heading})
		}
		for _, r := range rows {
			r.hits = q.Hits(r.name())
			c.rows = append(c.rows, r)
		}
	}
	part(words.T("Used lately"), lately)
	if len(lately) > 0 {
		part(words.T("All actions"), now)
	} else {
		part("", now)
	}
	part(words.T("Not now"), off)
	c.palette.SetNote(words.T("%s of %s", grouped(int64(n)), grouped(int64(len(c.all)))))
	c.palette.SetLength(len(c.rows))
	c.d.trace.say("commands", n, text)
}

func (c *commands) row(i int) panel.Row {
	r := c.rows[i]
	if r.heading != "" {
		kind := panel.RuleRow
		if i == 0 {
			kind = panel.HeadingRow
		}
		return panel.Row{Kind: kind, Fold: panel.Flat, Text: []panel.Span{{Text: r.heading}}}
	}
	label := panel.Span{Text: r.label, Hits: clipHits(r.hits, 0, len(r.label))}
	in := panel.Span{Text: r.menu, Tone: panel.ToneDim, Size: style.TextSecondary, Hits: clipHits(r.hits, len(r.label)+1, len(r.name()))}
	row := panel.Row{Fold: panel.Flat, Icon: r.icon, IconTone: panel.ToneDim}
	if r.set {
		row.Icon, row.IconTone = "check", panel.ToneAccent
	}
	row.Blank = row.Icon == ""
	if r.off {
		row.Kind = panel.NoteRow
		label.Tone, label.Hits = panel.ToneFaint, nil
		row.Text = []panel.Span{label, {Text: r.why, Tone: panel.ToneDim, Size: style.TextSecondary, Italic: true, Gap: 10}}
	} else {
		row.Text = accented(label)
		for k, s := range accented(in) {
			if k == 0 {
				s.Gap = 10
			}
			row.Text = append(row.Text, s)
		}
	}
	if key := r.key.String(); key != "" {
		row.Right = []panel.Span{{Text: key, Tone: panel.ToneDim}}
	}
	return row
}

func (c *commands) pick(i int) {
	if i < 0 || i >= len(c.rows) || c.rows[i].command == nil || c.rows[i].off {
		return
	}
	a := c.rows[i].action
	c.lately = slices.DeleteFunc(c.lately, func(id string) bool { return id == a.id })
	c.lately = slices.Insert(c.lately, 0, a.id)
	c.lately = c.lately[:min(len(c.lately), maxLately)]
	c.d.app.Preferences().SetStringList(settingCommands, c.lately)
	c.d.run(a)
}
