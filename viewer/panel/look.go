package panel

import (
	"image/color"
	"time"

	"fyne.io/fyne/v2"

	"vitrine/viewer/style"
)

// Look is what every control of one window shares: the palette it is drawn
// with, and the layer for tooltips and toasts. All controls of a window are
// made with the same *Look.
//
// To switch the palette at run time, set Palette and hand Theme to the app:
//
//	look.Palette = style.Light
//	app.Settings().SetTheme(look.Theme()) // repaints every window
type Look struct {
	// Palette is read whenever something is painted; never nil.
	Palette *style.Palette
	// Code is the family that code is drawn in; nil is the first of style.CodeFonts.
	Code *style.CodeFont
	// Later, if set, calls f once after d on the UI thread, unless cancelled
	// before. It delays tooltips and takes toasts away. When nil, tooltips come
	// at once and toasts stay until closed: this package starts no goroutines.
	Later func(d time.Duration, f func()) (cancel func())
	// Veil, if set, makes one more drawing (a watermark) to lie over each
	// overlay: palettes, dialogs, menus. It must not take mouse events.
	Veil func() fyne.CanvasObject

	// OnKey gets the keys that the focused control has no use for, such as
	// Escape and the function keys: a focused control keeps them from the canvas.
	OnKey func(*fyne.KeyEvent)
	// OnShortcut gets every chord that is typed into a field, but Ctrl+Enter: Fyne's entry keeps
	// them all to itself. The canvas of a field is not known before its first frame.
	OnShortcut func(fyne.Shortcut)

	// Foot, if set, is how high what stands at the bottom of the window is: toasts come
	// above it. nil: the status bar's height.
	Foot func() float32

	// Scale, if set, is how many pixels of the screen one of the design has. nil: 1.
	Scale func() float32

	layer *layer
	over  []*Screen // open overlays, the topmost last
}

// A dress is what changes the colours and letters of everything.
type dress struct {
	palette *style.Palette
	code    *style.CodeFont
}

func (l *Look) dress() dress { return dress{l.Palette, l.Code} }

// NewLook returns a look that draws with p.
func NewLook(p *style.Palette) *Look { return &Look{Palette: p} }

// Theme is the palette for stock Fyne widgets.
func (l *Look) Theme() fyne.Theme { return style.Theme{P: l.Palette, Code: l.Code} }

// Layer is the transparent top of the window, in which tooltips and toasts
// appear. Put it last into a container.NewStack that fills the window; it lets
// every event through except on a toast.
func (l *Look) Layer() fyne.CanvasObject { return l.top() }

// Tone names a colour by what it means, so that the palette can change later.
type Tone uint8

// The tones, in the palette's words. ToneText is the zero value.
const (
	ToneText Tone = iota
	ToneDim
	ToneFaint
	ToneAccent
	ToneOk
	ToneWarn
	ToneDanger
	TonePrivate
	ToneCritical
	ToneHigh
	ToneMedium
	ToneLow
	ToneKeyword
	ToneType
	ToneFunc
	ToneString
	ToneNumber
	ToneComment
	ToneOnFill
)

// Of gives the tone's colour in p.
func (t Tone) Of(p *style.Palette) colour {
	switch t {
	case ToneDim:
		return p.Dim
	case ToneFaint:
		return p.Faint
	case ToneAccent:
		return p.Accent
	case ToneOk:
		return p.Ok
	case ToneWarn:
		return p.Warn
	case ToneDanger:
		return p.Danger
	case TonePrivate:
		return p.Note
	case ToneCritical:
		return p.Critical
	case ToneHigh:
		return p.High
	case ToneMedium:
		return p.Medium
	case ToneLow:
		return p.Low
	case ToneKeyword:
		return p.Keyword
	case ToneType:
		return p.Type
	case ToneFunc:
		return p.Func
	case ToneString:
		return p.Str
	case ToneNumber:
		return p.Number
	case ToneComment:
		return p.Comment
	case ToneOnFill:
		return p.OnFill
	}
	return p.Text
}

// Ground names a surface colour.
type Ground uint8

// The surfaces, from the window's edge inwards.
const (
	GroundNone Ground = iota
	GroundRail
	GroundChrome
	GroundCode
	GroundRaised
	GroundField
)

func (g Ground) of(p *style.Palette) colour {
	switch g {
	case GroundRail:
		return p.Rail
	case GroundChrome:
		return p.Chrome
	case GroundCode:
		return p.Code
	case GroundRaised:
		return p.Raised
	case GroundField:
		return p.Field
	}
	return colour{}
}

func fade(c colour, a float32) colour { c.A = uint8(a * 255); return c }

type colour = color.NRGBA
