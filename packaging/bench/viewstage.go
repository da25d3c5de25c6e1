package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"image/color"
	"os"
	"path/filepath"
	"reflect"
	"runtime"
	"runtime/pprof"
	"syscall"
	"time"
	"unsafe"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/app"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/widget"
	"github.com/spf13/cobra"

	"vitrine/viewer/code"
	"vitrine/viewer/style"
)

// The area that every subject fills, in rows and columns of the code view, and the lines behind it.
const (
	stageRows    = 80
	stageColumns = 160
	stageLines   = 20_000
)

// stageCommand is the process of one window, for viewBench.stage.
func stageCommand() *cobra.Command {
	return &cobra.Command{Use: "stage PLAN", Hidden: true, Args: cobra.ExactArgs(1), RunE: func(cmd *cobra.Command, args []string) error {
		s := &stage{}
		if err := json.Unmarshal([]byte(args[0]), &s.plan); err != nil {
			return err
		}
		return s.run()
	}}
}

// A stage is a window with a subject in it, and the clock.
//
// A frame has three parts: the event's handling; a wait for the driver's next tick, which is not
// counted; and the frame itself, which begins when Fyne first asks the clock, the first
// object of the window, for its parts, and ends when a function queued meanwhile runs:
// the driver runs it after the buffers were swapped.
type stage struct {
	plan  stagePlan
	found staged

	subject  subject
	win      fyne.Window
	done     int // steps
	line     int
	begun    reading
	handled  frame // cost of the event's handling
	expected bool  // the frame that shows it has not begun
	drawing  bool
	stopped  func() error
}

// A subject shows the text from a line on.
type subject interface {
	object() fyne.CanvasObject
	show(line int)
}

func (s *stage) run() error {
	a := app.NewWithID("vitrine.bench")
	a.Settings().SetTheme(style.Theme{P: style.Dark})
	s.win = a.NewWindow("stage")
	s.win.SetPadded(false)
	var t *denseC
	if s.plan.Subject != "empty" {
		t = newDenseC(stageLines)
	}
	switch s.plan.Subject {
	case "code":
		s.subject = newCodeSubject(t)
	case "list":
		s.subject = newListSubject(t)
	case "grid":
		s.subject = newGridSubject(t)
	case "empty":
		s.win.Resize(fyne.NewSize(1280, 800))
		s.win.ShowAndRun()
		return nil
	default:
		if s.subject = newLists(s.plan.Subject); s.subject == nil {
			return fmt.Errorf("no subject is called %q", s.plan.Subject)
		}
	}
	c := &stageClock{s: s}
	c.ExtendBaseWidget(c)
	s.win.SetContent(&fyne.Container{Layout: whole{}, Objects: []fyne.CanvasObject{c, s.subject.object()}})
	s.win.Resize(fyne.NewSize(style.WidthGutter+8*stageColumns+16, stageRows*style.HeightCode))
	a.Lifecycle().SetOnStarted(func() { go settle(s) })
	s.win.ShowAndRun() // exit ends it
	return errors.New("the window was closed before its end")
}

// settle waits until the first frames are over: the window gets its size in several steps.
func settle(s *stage) {
	time.Sleep(700 * time.Millisecond)
	fyne.Do(func() {
		var err error
		if s.stopped, err = profile(s.plan); err != nil {
			s.exit(err)
		}
		s.step()
	})
}

// warmUp is how many steps of each kind are not counted.
const warmUp = 4

// step does the next thing of the plan, on the UI thread.
func (s *stage) step() {
	scrolls, pages := s.plan.Scrolls, s.plan.Pages
	if scrolls > 0 {
		scrolls += warmUp
	}
	switch {
	case s.done < scrolls:
		s.line += 3
	case s.done < scrolls+warmUp+pages:
		s.line += stageRows
	default:
		s.end()
		return
	}
	if s.line > stageLines-stageRows {
		s.line = 1
	}
	if s.done == scrolls+warmUp {
		runtime.GC()
		s.found.First = remember()
	}
	s.begun = clocks()
	s.subject.show(s.line)
	s.handled, s.expected = s.begun.until(clocks()), true
}

// ended takes the time of the frame that was drawn.
func (s *stage) ended() {
	f := s.begun.until(clocks())
	f.Wall, f.CPU, f.Allocated = f.Wall+s.handled.Wall, f.CPU+s.handled.CPU, f.Allocated+s.handled.Allocated
	scrolls := s.plan.Scrolls
	if scrolls > 0 {
		scrolls += warmUp
	}
	switch {
	case s.done >= scrolls+warmUp:
		s.found.Page = append(s.found.Page, f)
		if m := remember(); m.Resident > s.found.Peak {
			s.found.Peak = m.Resident
		}
	case s.done < scrolls && s.done >= warmUp:
		s.found.Scroll = append(s.found.Scroll, f)
	}
	s.done++
	s.step()
}

func (s *stage) end() {
	s.found.Last = remember()
	s.exit(s.stopped())
}

// exit tells what was found and ends the process: Fyne 2.8 now and then never ends by
// itself, as it waits for a function that it has queued and serves no more.
func (s *stage) exit(err error) {
	if err == nil {
		err = json.NewEncoder(os.Stdout).Encode(s.found)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	os.Exit(0)
}

// stageClock is an object without extent that notices when a frame begins.
type stageClock struct {
	widget.BaseWidget
	s *stage
}

func (c *stageClock) CreateRenderer() fyne.WidgetRenderer { return clockRenderer{c.s} }

type clockRenderer struct{ s *stage }

func (clockRenderer) Destroy()           {}
func (clockRenderer) Layout(fyne.Size)   {}
func (clockRenderer) MinSize() fyne.Size { return fyne.Size{} }
func (clockRenderer) Refresh()           {}

func (r clockRenderer) Objects() []fyne.CanvasObject {
	switch s := r.s; {
	case s.expected: // Fyne looks for new minimal sizes
		s.expected, s.drawing = false, true
		s.begun = clocks()
	case s.drawing: // it paints
		s.drawing = false
		go fyne.Do(s.ended)
	}
	return nil
}

// whole gives its last object all room.
type whole struct{}

func (whole) Layout(o []fyne.CanvasObject, size fyne.Size) { o[len(o)-1].Resize(size) }
func (whole) MinSize([]fyne.CanvasObject) fyne.Size        { return fyne.NewSize(100, 100) }

// A reading is the clocks at one moment.
type reading struct {
	wall      time.Time
	cpu       time.Duration
	allocated uint64
}

func clocks() reading {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		panic(err) // the arguments are right
	}
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return reading{time.Now(), time.Duration(u.Utime.Nano() + u.Stime.Nano()), m.TotalAlloc}
}

func (r reading) until(t reading) frame {
	return frame{t.wall.Sub(r.wall), t.cpu - r.cpu, t.allocated - r.allocated}
}

// remember reads what the process holds now.
func remember() memory {
	var pages, resident int64
	if b, err := os.ReadFile("/proc/self/statm"); err == nil {
		fmt.Sscan(string(b), &pages, &resident)
	}
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return memory{float64(resident*int64(os.Getpagesize())) / 1e6, float64(m.HeapAlloc) / 1e6}
}

// profile writes two profiles of what runs until stopped.
func profile(p stagePlan) (stop func() error, err error) {
	if p.Profile == "" {
		return func() error { return nil }, nil
	}
	runtime.MemProfileRate = 4096
	f, err := os.Create(filepath.Join(p.Profile, p.Subject+".cpu"))
	if err != nil {
		return nil, err
	}
	if err := pprof.StartCPUProfile(f); err != nil {
		return nil, err
	}
	return func() error {
		pprof.StopCPUProfile()
		if err := f.Close(); err != nil {
			return err
		}
		f, err := os.Create(filepath.Join(p.Profile, p.Subject+".allocs"))
		if err != nil {
			return err
		}
		defer f.Close()
		return pprof.Lookup("allocs").WriteTo(f, 0)
	}, nil
}

// codeSubject is the code view, its tokens known beforehand.
type codeSubject struct{ v *code.View }

func newCodeSubject(t *denseC) codeSubject {
	v := code.NewView()
	v.SetSource(t)
	v.SetTokens(1, t.tokens)
	return codeSubject{v}
}

func (c codeSubject) object() fyne.CanvasObject { return c.v }
func (c codeSubject) show(line int)             { c.v.ScrollTo(code.Scroll{Y: (line - 1) * style.HeightCode}) }

// listSubject is widget.List with rows of one text in one colour, as high as the code view's.
type listSubject struct{ l *widget.List }

func newListSubject(t *denseC) listSubject {
	texts := make([]string, t.Lines())
	for i := range texts {
		texts[i] = t.plain(i + 1)
	}
	l := widget.NewList(func() int { return len(texts) }, func() fyne.CanvasObject {
		text := canvas.NewText("", style.Dark.Id)
		text.TextSize, text.TextStyle.Monospace = style.TextBody, true
		return &fyne.Container{Layout: low{}, Objects: []fyne.CanvasObject{text}}
	}, func(i widget.ListItemID, o fyne.CanvasObject) {
		text := o.(*fyne.Container).Objects[0].(*canvas.Text)
		text.Text = texts[i]
		text.Refresh()
	})
	l.HideSeparators = true
	return listSubject{l}
}

func (l listSubject) object() fyne.CanvasObject { return l.l }
func (l listSubject) show(line int)             { l.l.ScrollToOffset(float32(line-1) * style.HeightCode) }

// low makes rows as high as the code view's, the list's own padding of 4 included.
type low struct{}

func (low) Layout(o []fyne.CanvasObject, size fyne.Size) {
	h := o[0].MinSize().Height
	o[0].Resize(fyne.NewSize(size.Width, h))
	o[0].Move(fyne.NewPos(style.WidthGutter, (size.Height-h)/2))
}
func (low) MinSize([]fyne.CanvasObject) fyne.Size { return fyne.NewSize(100, style.HeightCode-4) }

// gridSubject is widget.TextGrid in the same colours.
type gridSubject struct {
	g    *widget.TextGrid
	line int
}

func newGridSubject(t *denseC) *gridSubject {
	g := widget.NewTextGrid()
	g.Scroll, g.ShowLineNumbers = fyne.ScrollBoth, true
	styles := map[code.Class]widget.TextGridStyle{}
	for class, c := range map[code.Class]color.Color{code.Keyword: style.Dark.Keyword, code.Type: style.Dark.Type, code.Func: style.Dark.Func,
		code.String: style.Dark.Str, code.Number: style.Dark.Number, code.Comment: style.Dark.Comment, code.Punct: style.Dark.Punct, code.Plain: style.Dark.Id} {
		styles[class] = &widget.CustomTextGridStyle{FGColor: c}
	}
	for n := 1; n <= t.Lines(); n++ {
		var row widget.TextGridRow
		for i, r := range t.plain(n) {
			row.Cells = append(row.Cells, widget.TextGridCell{Rune: r, Style: styles[t.classAt(n, i)]})
		}
		g.Rows = append(g.Rows, row)
	}
	return &gridSubject{g: g, line: 1}
}

func (g *gridSubject) object() fyne.CanvasObject { return g.g }

// show scrolls by an event, as the grid offers no other way but to its ends.
func (g *gridSubject) show(line int) {
	f := reflect.ValueOf(g.g).Elem().FieldByName("scroll")
	scroll := reflect.NewAt(f.Type(), unsafe.Pointer(f.UnsafeAddr())).Elem().Interface().(fyne.Scrollable)
	h := fyne.MeasureText("M", style.TextBody, fyne.TextStyle{Monospace: true}).Height
	scroll.Scrolled(&fyne.ScrollEvent{Scrolled: fyne.NewDelta(0, -float32(line-g.line)*h)})
	g.line = line
}
