// Package desk is the reviewer's screen: it joins the viewer's widgets to
// app/room and owns the goroutines of the window. It knows screens, tasks and
// colours of tokens. It must not know rules or file formats: what may be done,
// and what is recorded, is room's.
//
// A Desk is one window of one process. Chooser opens the window that picks a
// deposit; Visit opens the one that admits a deposit and works on it. A screen
// is one file: chooser, admission, room (with files, search, notes, find,
// quick open, go to line, annotate and the
// symbols' palette, panel and card as its parts), export.
//
//	menu row      drawn by the window; its menus are the screen's, and so are
//	              the shortcuts: a menu's action is the one place that names a key
//	screen        what fills the window below it
//	status bar    what is trusted, where the reader is
//
// Every call into room is made in a task (task.go), the only file that starts a
// goroutine or uses fyne.Do. trace.go lists the lines that tell a test driver
// what the window is doing.
package desk

import (
	"context"
	"fmt"
	"io"
	"strings"
	"time"

	"vitrine/viewer/words"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"vitrine/app/room"
	"vitrine/viewer/panel"
	"vitrine/viewer/style"
)

// Options are what the program's flags decide.
type Options struct {
	Config  room.Config
	Palette *style.Palette // nil: the remembered one
	Size    fyne.Size      // zero: the remembered one
	Trace   io.Writer      // nil: silent
	// Visit runs the process of one visit to its end (chooser only), in the
	// colours of the theme named. again means that the reviewer wants to
	// choose another deposit.
	Visit func(ctx context.Context, req room.Request, theme string) (again bool, err error)
	// Dispatch replaces fyne.Do in tests.
	Dispatch func(func())
}

// A screen fills the window between menu row and status bar.
type screen interface {
	name() string // for the trace
	body() fyne.CanvasObject
	menus() []menu
	regions() []region
	// entered is called once the screen is in the window.
	entered()
	// leave ends what the screen holds open; it runs off the UI thread after
	// every task has returned.
	leave() error
	// unsaved is a sentence about what closing would lose, or "".
	unsaved() string
}

// Desk is one window.
type Desk struct {
	app      fyne.App
	win      fyne.Window
	cfg      room.Config
	look     *panel.Look
	board    *board
	trace    *tracer
	opt      Options
	bar      *panel.MenuBar
	status   *panel.Status
	foot     *fyne.Container // holds status, hidden where there is nothing to say
	stage    *fyne.Container // holds the screen's body
	screen   screen
	commands *commands
	help     *help
	tips     *tips
	chords   map[chord]func()
	over     map[chord]bool // those that work over a palette
	within   map[chord]bool // those that work over a peek
	bound    []fyne.Shortcut
	closing  bool
	again    bool  // another deposit is wanted
	err      error // of leaving
}

// Chooser opens the window in which a deposit is chosen.
func Chooser(app fyne.App, opt Options) *Desk {
	d := newDesk(app, opt)
	d.show(newChooser(d))
	return d
}

// Visit opens the window of one visit and starts admitting the deposit.
func Visit(app fyne.App, opt Options, req room.Request) *Desk {
	d := newDesk(app, opt)
	a := newAdmission(d, req)
	d.show(a)
	return d
}

func newDesk(app fyne.App, opt Options) *Desk {
	prefs := app.Preferences()
	if opt.Palette == nil {
		opt.Palette, _ = PaletteNamed(prefs.StringWithFallback(settingTheme, style.Dark.Name))
	}
	if opt.Size.IsZero() {
		opt.Size = rememberedSize(prefs)
	}
	d := &Desk{app: app, cfg: opt.Config, opt: opt, board: newBoard(opt.Dispatch), trace: &tracer{w: opt.Trace}}
	d.board.turned, d.trace.post = d.trace.turned, d.board.post
	d.look = panel.NewLook(opt.Palette)
	d.look.Code = style.CodeFontNamed(prefs.String(settingFont))
	d.look.Later = d.board.later
	d.look.OnKey, d.look.OnShortcut = d.typedKey, d.typedShortcut
	app.Settings().SetTheme(d.look.Theme())
	app.SetIcon(style.Icon("!vitrine", style.Dark.Accent, 1))

	d.win = app.NewWindow("Vitrine")
	d.win.SetPadded(false)
	d.bar = panel.NewMenuBar(d.look)
	d.bar.OnMenu = func(i int, _ fyne.Position) { d.openMenu(i) }
	d.status = panel.NewStatus(d.look)
	d.foot = container.NewStack(d.status)
	d.stage = container.NewStack()
	d.commands, d.help, d.tips = newCommands(d), newHelp(d), newTips(d)
	// The theme's background is the code's ground already: a rectangle as large as the
	// window would cost as much as all that is painted on it.
	frame := panel.NewSurface(d.look, panel.GroundNone, 0, panel.VBox(0, d.bar, panel.Grow(d.stage), d.tips.banner, d.foot))
	d.look.Scale = d.win.Canvas().Scale
	d.look.Foot = func() (h float32) {
		if d.foot.Visible() {
			h += style.HeightStatus
		}
		if d.tips.banner.Visible() {
			h += style.HeightBreadcrumb
		}
		return h
	}
	d.win.SetContent(container.NewStack(frame, d.look.Layer()))
	d.win.Canvas().SetOnTypedKey(d.typedKey)
	d.win.SetCloseIntercept(d.close)
	d.win.Resize(opt.Size)
	d.win.CenterOnScreen()
	return d
}

// ShowAndRun shows the window until it closes. It reports whether the reviewer
// wants another deposit, and what went wrong while leaving.
func (d *Desk) ShowAndRun() (again bool, err error) {
	d.win.ShowAndRun()
	return d.again, d.err
}

// show replaces the screen.
func (d *Desk) show(s screen) {
	d.screen = s
	d.help.drop()
	d.stage.Objects = []fyne.CanvasObject{s.body()}
	d.stage.Refresh()
	d.bindMenus()
	d.trace.say("screen", s.name())
	s.entered()
}

// setPalette switches all colours and remembers the choice.
func (d *Desk) setPalette(p *style.Palette) {
	d.look.Palette = p
	d.app.Preferences().SetString(settingTheme, p.Name)
	d.repaint()
}

// repaint takes palette and fonts from the look anew.
func (d *Desk) repaint() {
	d.app.Settings().SetTheme(d.look.Theme())
	if s, ok := d.screen.(interface{ recolour() }); ok {
		s.recolour()
	}
	d.win.Content().Refresh()
}

// toast shows a passing sentence; errors stay until closed.
func (d *Desk) toast(tone panel.Tone, icon, bold, text string) {
	d.look.Toast(panel.ToastStyle{Tone: tone, Icon: icon, Bold: bold, Text: text})
}

// fail shows an error that belongs to no particular place on the screen.
func (d *Desk) fail(what string, err error) {
	if err == nil || d.board.ctx.Err() != nil {
		return
	}
	d.trace.say("error", err)
	d.look.Toast(panel.ToastStyle{Tone: panel.ToneDanger, Icon: "warn", Bold: what, Text: sentence(err)})
}

// close is called for every way of closing the window.
func (d *Desk) close() { d.closeFor(false) }

// another leaves this visit and asks the chooser for a different deposit.
func (d *Desk) another() { d.closeFor(true) }

// closeFor closes the window unless something is unsaved and the reviewer would rather
// stay; another deposit is wanted only by who leaves.
func (d *Desk) closeFor(another bool) {
	if d.closing {
		return
	}
	leave := func() {
		d.again = another
		d.leave()
	}
	if what := d.screen.unsaved(); what != "" {
		d.confirm(words.T("Leave without it?"), what, words.T("Leave"), leave)
		return
	}
	leave()
}

// leave waits for what must be finished – off the UI thread – and quits.
func (d *Desk) leave() {
	if d.closing {
		return
	}
	d.closing = true
	if d.opt.Visit == nil { // the chooser writes nothing that a visit may have changed meanwhile
		rememberSize(d.app.Preferences(), d.win.Canvas().Size())
	}
	d.bar.SetRight(panel.ToneFaint, words.T("Leaving …"))
	if s, ok := d.screen.(interface{ leaving() }); ok {
		s.leaving()
	}
	d.board.finish(d.screen.leave, func(err error) {
		d.err = err
		d.trace.say("closed")
		d.win.SetCloseIntercept(nil)
		stopped(d.app.Lifecycle())
		d.app.Quit()
	})
}

// stopped does what Fyne wants done when an application ends – it saves the
// preferences – and takes it off Fyne's list: Fyne 2.8 hands it to another goroutine, which
// gives it back through a queue that is closed meanwhile. Now and then the
// program panicked for that after all was done, or never ended.
func stopped(l fyne.Lifecycle) {
	hooks, ok := l.(interface {
		OnStopped() func()
		SetOnStoppedHookExecuted(func())
	})
	if !ok {
		return
	}
	if save := hooks.OnStopped(); save != nil {
		save()
	}
	l.SetOnStopped(nil)
	hooks.SetOnStoppedHookExecuted(nil)
}

// confirm asks before something that cannot be taken back.
func (d *Desk) confirm(title, text, yes string, do func()) {
	var dialog *panel.Dialog
	cancel := panel.NewButton(d.look, panel.Secondary, words.T("Cancel"), func() { dialog.Hide() })
	ok := panel.NewButton(d.look, panel.Primary, yes, func() { dialog.Hide(); do() })
	dialog = panel.NewDialog(d.look, panel.DialogStyle{Title: title, Icon: "warn", Tone: panel.ToneWarn, Width: 420},
		panel.NewLabel(d.look, text), cancel, ok)
	dialog.Show(d.win.Canvas())
}

// sentence makes an error fit for the screen: a capital letter, unless it
// begins with the name of something, and a full stop.
func sentence(err error) string { return asSentence(err.Error()) }

// asSentence gives a text a capital letter and a full stop.
func asSentence(text string) string {
	s := []rune(words.T(text))
	if len(s) == 0 {
		return ""
	}
	word, _, _ := strings.Cut(string(s), " ")
	if !strings.ContainsAny(word, "./_-:\"") && s[0] >= 'a' && s[0] <= 'z' {
		s[0] -= 'a' - 'A'
	}
	if last := s[len(s)-1]; last != '.' && last != '!' && last != '?' {
		s = append(s, '.')
	}
	return string(s)
}

// seconds writes a duration as the design does: "0.1 s", "2 min 05 s".
func seconds(t time.Duration) string {
	if t >= time.Minute {
		return words.T("%d min %02d s", int(t.Minutes()), int(t.Seconds())%60)
	}
	if t < 50*time.Millisecond {
		return words.T("< 0.1 s") // 0.0 looks as if nothing had been done
	}
	return fmt.Sprintf("%.1f s", t.Seconds())
}

// millis writes how long a search took.
func millis(t time.Duration) string {
	switch {
	case t >= time.Second:
		return seconds(t)
	case t >= 10*time.Millisecond:
		return fmt.Sprintf("%d ms", t.Milliseconds())
	}
	if t < 50*time.Microsecond {
		return words.T("< 0.1 ms")
	}
	return fmt.Sprintf("%.1f ms", float64(t.Microseconds())/1000)
}

// bytesOf writes a size as the steps of the admission do, in powers of ten.
func bytesOf(n int64) string {
	switch {
	case n >= 1e9:
		return fmt.Sprintf("%.2f GB", float64(n)/1e9)
	case n >= 1e6:
		return fmt.Sprintf("%.1f MB", float64(n)/1e6)
	case n >= 1e3:
		return fmt.Sprintf("%.1f KB", float64(n)/1e3)
	}
	return fmt.Sprintf("%d B", n)
}

// grouped writes 12345 as "12,345".
func grouped(n int64) string {
	s := fmt.Sprint(n)
	for i := len(s) - 3; i > 0 && s[i-1] != '-'; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}

// plural writes "1 line", "2 lines".
func plural(n int, one, many string) string {
	if n == 1 {
		return "1 " + words.T(one)
	}
	return grouped(int64(n)) + " " + words.T(many)
}
