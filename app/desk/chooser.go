package desk

import (
	"context"
	"errors"
	"os"
	"path/filepath"

	"vitrine/viewer/words"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"vitrine/app/room"
	"vitrine/viewer/panel"
	"vitrine/viewer/style"
)

// chooser is the first window: recent deposits, the built-in sample, a folder.
// It opens no deposit itself: it starts a process per visit and waits.
type chooser struct {
	d      *Desk
	root   fyne.CanvasObject
	recent []room.Recent
	list   *panel.List
	path   *panel.Field
	policy *panel.Field
	polRow fyne.CanvasObject
	glance *panel.Line
	admit  *panel.Button
	alert  *panel.Banner
	look   room.Look

	remembered string // the theme in the settings when last looked at

	loading, glancing, visiting *slot
}

// chooserWidth is the column's width: a path of 90 characters fits.
const chooserWidth = 720

func newChooser(d *Desk) *chooser {
	c := &chooser{d: d, loading: d.board.slot(), glancing: d.board.slot(), visiting: d.board.slot()}
	l := d.look

	c.list = panel.NewList(l, style.HeightTwoLine)
	c.list.Row = c.row
	c.list.OnOpen = func(i int) { c.open(i) }
	c.list.SetLength(1)

	c.path = panel.NewField(l)
	c.path.SetCaption(words.T("Deposit folder"))
	c.path.SetIcon("files")
	c.path.SetPlaceHolder(words.T("A folder with manifest.json, its signature and its bundles"))
	c.path.OnChanged = func(string) { c.inspect() }
	c.path.OnSubmit = func(string) { c.openFolder() }
	c.policy = panel.NewField(l)
	c.policy.SetCaption(words.T("Policy file"))
	c.policy.SetIcon("shield")
	c.policy.SetPlaceHolder(words.T("The room's rules, signed by its operator: policy.json"))
	c.policy.OnSubmit = func(string) { c.openFolder() }
	browse := panel.NewButton(l, panel.Secondary, words.T("Browse …"), c.browse)
	browsePolicy := panel.NewButton(l, panel.Secondary, words.T("Browse …"), c.browsePolicy)
	c.polRow = c.withButton(c.policy, browsePolicy)
	c.polRow.Hide()
	c.glance = panel.NewLine(l)
	c.admit = panel.NewButton(l, panel.Primary, words.T("Admit this deposit"), c.openFolder)
	c.admit.SetIcon("arrow")
	c.admit.Disable()
	c.alert = panel.NewBanner(l, panel.BannerStyle{Tone: panel.ToneDanger, Icon: "warn"})
	c.alert.Hide()

	title := panel.NewLabel(l, "Vitrine")
	title.TextSize, title.Bold = style.TextTitle, true
	lead := panel.NewLabel(l, words.T("The reading room for escrowed source code. Nothing can be read before it is verified."))
	lead.Tone = panel.ToneDim
	head := panel.HBox(style.Gap3, panel.Center(panel.NewIcon(l, "!vitrine", panel.ToneAccent, 34)), panel.Grow(panel.VBox(2, title, lead)))

	card := panel.NewCard(l, panel.CardStyle{}, panel.Pad(style.Gap3, style.Gap3, style.Gap3, style.Gap3, panel.VBox(style.Gap3,
		heading(l, words.T("Open a deposit from a folder")),
		c.withButton(c.path, browse),
		c.polRow,
		panel.HBox(style.Gap3, panel.Grow(c.glance), c.admit),
	)))
	c.root = container.New(&columnLayout{width: chooserWidth, list: c.list}, head, c.alert, heading(l, words.T("Deposits")), c.list, card)
	prefs := d.app.Preferences()
	c.remembered = prefs.String(settingTheme)
	prefs.AddChangeListener(func() { d.board.post(c.followTheme) })
	return c
}

func heading(l *panel.Look, text string) *panel.Label {
	h := panel.NewLabel(l, text)
	h.Bold = true
	return h
}

func (c *chooser) withButton(f *panel.Field, b *panel.Button) fyne.CanvasObject {
	return container.New(fieldAndButton{}, f, b)
}

func (c *chooser) name() string            { return "chooser" }
func (c *chooser) body() fyne.CanvasObject { return c.root }
func (c *chooser) unsaved() string         { return "" }
func (c *chooser) leave() error            { return nil }

func (c *chooser) menus() []menu {
	return []menu{
		{words.T("File"), []action{
			{id: "deposit.sample", label: words.T("Open the built-in sample"), icon: "box", do: func() { c.visit(room.Request{Sample: true}) }},
			{id: "deposit.folder", label: words.T("Choose a folder …"), icon: "files", key: chord{fyne.KeyO, ctrl}, do: c.browse},
			{id: "app.leave", label: words.T("Quit"), key: chord{fyne.KeyQ, ctrl}, do: c.d.close, rule: true},
		}},
		{words.T("View"), c.d.themes()},
		c.d.helpMenu(),
	}
}

func (c *chooser) regions() []region {
	return []region{{"list", one(c.list)}, {"folder", one(c.path.Focusable())}}
}

func (c *chooser) entered() {
	c.d.foot.Hide()
	c.d.bar.SetField("", "")
	c.d.bar.SetRight(panel.ToneFaint, words.T("Not in the room yet"))
	c.d.focus("list", c.list)
	c.list.Select(0)
	simple(c.loading, func(context.Context) ([]room.Recent, error) {
		return room.RecentDeposits(c.d.cfg)
	}, func(r []room.Recent, err error) {
		if err != nil {
			c.complain(words.T("The list of recent deposits cannot be read."), err)
		}
		c.recent = r[:0:0]
		for _, one := range r {
			if !one.Sample {
				c.recent = append(c.recent, one)
			}
		}
		c.list.SetLength(len(c.recent) + 1)
		c.list.Select(0)
		c.root.Refresh()
	})
}

// row shows the recent deposits, newest first, and the sample last.
func (c *chooser) row(i int) panel.Row {
	if i >= len(c.recent) {
		return panel.Row{
			Fold: panel.Flat, Icon: "box", IconTone: panel.ToneAccent,
			Text:   []panel.Span{{Text: words.T("Built-in sample"), Bold: true}},
			Second: []panel.Span{{Text: words.T("A small scanning engine in three releases, to try everything on"), Tone: panel.ToneDim}},
			Right:  []panel.Span{{Text: words.T("ships with Vitrine"), Tone: panel.ToneDim, Size: style.TextSecondary}},
		}
	}
	r := c.recent[i]
	return panel.Row{
		Fold: panel.Flat, Icon: "files", IconTone: panel.ToneDim,
		Text:   []panel.Span{{Text: r.Title, Bold: true}, {Text: r.Vendor, Tone: panel.ToneDim, Gap: 8}},
		Second: []panel.Span{{Text: r.Deposit, Tone: panel.ToneDim}},
		Right:  []panel.Span{{Text: words.T("admitted %s", r.Seen.Local().Format(words.T("2 January 2006, 15:04"))), Tone: panel.ToneDim, Size: style.TextSecondary}},
		Tip:    r.Deposit,
	}
}

func (c *chooser) open(i int) {
	if i >= len(c.recent) {
		c.visit(room.Request{Sample: true})
		return
	}
	r := c.recent[i]
	c.visit(room.Request{Deposit: r.Deposit, Policy: r.Policy})
}

// inspect glances at the folder while its path is typed.
func (c *chooser) inspect() {
	dir := c.path.Text()
	c.look = room.Look{}
	c.admit.Disable()
	if dir == "" {
		c.glancing.stop()
		c.glance.Set()
		return
	}
	simple(c.glancing, func(ctx context.Context) (room.Look, error) {
		return room.Inspect(ctx, expand(dir))
	}, func(l room.Look, err error) {
		c.look = l
		switch {
		case err != nil && errors.Is(err, os.ErrNotExist):
			c.glance.Set(panel.Span{Text: words.T("There is no such folder."), Tone: panel.ToneDim})
		case err != nil:
			c.glance.Set(panel.Span{Text: sentence(err), Tone: panel.ToneWarn})
		case !l.IsDeposit:
			c.glance.Set(panel.Span{Text: words.T("No deposit: the folder has no manifest.json."), Tone: panel.ToneDim})
		default:
			c.glance.Set(panel.Span{Text: l.Title, Bold: true}, panel.Span{Text: words.T("by %s, it says. Not verified yet.", l.Vendor), Tone: panel.ToneDim, Gap: 6})
			c.admit.Enable()
			if l.Policy != "" && c.policy.Text() == "" {
				c.policy.SetText(l.Policy)
			}
			c.polRow.Show()
		}
		c.root.Refresh()
	})
}

// expand reads "~/" as people write it.
func expand(path string) string {
	if len(path) > 1 && path[:2] == "~/" {
		if home, err := os.UserHomeDir(); err == nil {
			return filepath.Join(home, path[2:])
		}
	}
	return path
}

func (c *chooser) openFolder() {
	if !c.look.IsDeposit {
		c.d.focus("folder", c.path.Focusable())
		return
	}
	if c.policy.Text() == "" {
		c.policy.SetError(words.T("Choose the policy this deposit is reviewed under."))
		c.d.focus("folder", c.policy.Focusable())
		return
	}
	c.visit(room.Request{Deposit: expand(c.path.Text()), Policy: expand(c.policy.Text())})
}

func (c *chooser) browse() {
	pickPath(c.d, pick{Title: words.T("Choose a deposit folder"), Folder: true, Start: expand(c.path.Text())}, func(path string) {
		c.path.SetText(path)
		c.inspect()
		c.d.focus("folder", c.path.Focusable())
	})
}

func (c *chooser) browsePolicy() {
	start := expand(c.policy.Text())
	if start == "" {
		start = filepath.Dir(expand(c.path.Text()))
	}
	pickPath(c.d, pick{Title: words.T("Choose the policy file"), Start: start, Ext: ".json"}, func(path string) {
		c.policy.SetError("")
		c.policy.SetText(path)
		c.d.focus("folder", c.policy.Focusable())
	})
}

// visit runs the visit's process and stays out of sight meanwhile.
func (c *chooser) visit(req room.Request) {
	if c.visiting.running() || c.d.opt.Visit == nil {
		return
	}
	c.alert.Hide()
	theme := c.d.look.Palette.Name
	simple(c.visiting, func(ctx context.Context) (bool, error) {
		return c.d.opt.Visit(ctx, req, theme)
	}, func(again bool, err error) {
		if err == nil && !again {
			c.d.leave()
			return
		}
		c.d.win.Show()
		c.d.trace.say("screen", c.name())
		c.followTheme()
		c.entered()
		if err != nil {
			c.complain(words.T("The visit's process failed."), err)
		}
	})
	c.d.trace.say("screen", "waiting")
	c.d.win.Hide()
}

// followTheme takes over the colours that a visit was switched to. The visit is
// another process: what it wrote may arrive after its end.
func (c *chooser) followTheme() {
	name := c.d.app.Preferences().String(settingTheme)
	if name == c.remembered {
		return
	}
	c.remembered = name
	if p, ok := PaletteNamed(name); ok && p != c.d.look.Palette {
		c.d.setPalette(p)
	}
}

func (c *chooser) complain(bold string, err error) {
	c.d.trace.say("error", err)
	c.alert.Set(panel.BannerStyle{Tone: panel.ToneDanger, Icon: "warn", Bold: bold, Text: sentence(err), Close: func() {
		c.alert.Hide()
		c.root.Refresh()
	}})
	c.alert.Show()
	c.root.Refresh()
}

// columnLayout is the chooser's one column, centred: the parts at their own
// height, the list as high as its rows while there is room.
type columnLayout struct {
	width float32
	list  *panel.List
}

// columnAt is the share of the free height above the column: a little above
// the middle, where the eye rests.
const columnAt = 0.36

func (k *columnLayout) MinSize(o []fyne.CanvasObject) fyne.Size { return fyne.NewSize(480, 400) }

func (k *columnLayout) Layout(o []fyne.CanvasObject, size fyne.Size) {
	w := min(k.width, size.Width-2*style.Gap5)
	x := float32(int((size.Width - w) / 2))
	fixed := float32(0) // height of everything but the list
	for _, one := range o {
		if !one.Visible() {
			continue
		}
		one.Resize(fyne.NewSize(w, one.Size().Height)) // labels wrap at this width
		fixed += style.Gap3
		if one != fyne.CanvasObject(k.list) {
			fixed += one.MinSize().Height
		}
	}
	rest := size.Height - fixed - 2*style.Gap4
	rows := max(style.HeightTwoLine, min(float32(k.list.Length())*style.HeightTwoLine, rest))
	y := max(style.Gap4, float32(int((size.Height-fixed-rows)*columnAt)))
	for _, one := range o {
		if !one.Visible() {
			continue
		}
		h := rows
		if one != fyne.CanvasObject(k.list) {
			h = one.MinSize().Height
		}
		one.Move(fyne.NewPos(x, y))
		one.Resize(fyne.NewSize(w, h))
		y += h + style.Gap3
	}
}

// fieldAndButton puts a button to the right of a captioned field, at the
// field's bottom.
type fieldAndButton struct{}

func (fieldAndButton) MinSize(o []fyne.CanvasObject) fyne.Size {
	f, b := o[0].MinSize(), o[1].MinSize()
	return fyne.NewSize(f.Width+style.Gap2+b.Width, max(f.Height, b.Height))
}

func (fieldAndButton) Layout(o []fyne.CanvasObject, size fyne.Size) {
	b := o[1].MinSize()
	o[0].Resize(fyne.NewSize(size.Width-style.Gap2-b.Width, size.Height))
	h := min(b.Height, style.HeightField)
	o[1].Move(fyne.NewPos(size.Width-b.Width, size.Height-h))
	o[1].Resize(fyne.NewSize(b.Width, h))
}
