package style

import (
	"fmt"
	"image/color"
	"sync"

	"fyne.io/fyne/v2"
)

// Line icons on a 20-unit grid, 1.5 stroke, round caps; "f" paths are filled.
// A name starting with "!" holds filled shapes only.
var glyphs = map[string]string{
	"hidden":    `<rect x="3" y="3" width="14" height="14" rx="3"/><path d="M7 10h6M10 7v6" stroke-dasharray="2 2"/>`,
	"alike":     `<path d="M3 8.2c2.3-3 4.7-3 7 0s4.7 3 7 0M3 13.2c2.3-3 4.7-3 7 0s4.7 3 7 0"/>`,
	"files":     `<path d="M3 5.5A1.5 1.5 0 0 1 4.5 4H8l2 2.2h5.5A1.5 1.5 0 0 1 17 7.7v6.8a1.5 1.5 0 0 1-1.5 1.5h-11A1.5 1.5 0 0 1 3 14.5z"/>`,
	"search":    `<circle cx="8.8" cy="8.8" r="5"/><path d="M12.6 12.6L17 17"/>`,
	"symbols":   `<path d="M7 4C5.2 4 5 5 5 6.3v1.5C5 9 4.3 10 3 10c1.3 0 2 1 2 2.2v1.5C5 15 5.2 16 7 16"/><path d="M13 4c1.8 0 2 1 2 2.3v1.5c0 1.2.7 2.2 2 2.2c-1.3 0-2 1-2 2.2v1.5c0 1.3-.2 2.3-2 2.3"/><path d="M8 12.5L10 7.5L12 12.5M8.7 11h2.6"/>`,
	"changes":   `<circle cx="6" cy="5" r="1.8"/><circle cx="6" cy="15" r="1.8"/><circle cx="14" cy="7" r="1.8"/><path d="M6 6.8v6.4M14 8.8c0 2.7-2 3.7-6.4 5.2"/>`,
	"findings":  `<path d="M10 3.5L17.5 16.3H2.5z"/><path d="M10 8.5v3.6M10 14v.2"/>`,
	"coverage":  `<rect x="3" y="3" width="8" height="8" rx="1"/><rect x="13.5" y="3" width="3.5" height="8" rx="1"/><rect x="3" y="13.5" width="5" height="3.5" rx="1"/><rect x="10.5" y="13.5" width="6.5" height="3.5" rx="1"/>`,
	"journal":   `<rect x="4" y="3" width="12" height="14" rx="1.5"/><path d="M7.5 3v14M10.2 7h3M10.2 10h3"/>`,
	"gear":      `<circle cx="10" cy="10" r="2.6"/><path d="M10 3v2.2M10 14.8V17M3 10h2.2M14.8 10H17M5.05 5.05L6.6 6.6M13.4 13.4l1.55 1.55M5.05 14.95L6.6 13.4M13.4 6.6l1.55-1.55"/>`,
	"export":    `<path d="M10 12.5V3.5M6.7 6.5L10 3.2L13.3 6.5"/><path d="M4 11v4.5A1.5 1.5 0 0 0 5.5 17h9a1.5 1.5 0 0 0 1.5-1.5V11"/>`,
	"lock":      `<rect x="4.5" y="9" width="11" height="8" rx="1.5"/><path d="M7 9V6.5a3 3 0 0 1 6 0V9"/>`,
	"shield":    `<path d="M10 2.8L16 5v4.6c0 3.6-2.5 6.3-6 7.6c-3.5-1.3-6-4-6-7.6V5z"/><path d="M7.3 9.9l2 2l3.5-3.9"/>`,
	"offline":   `<circle cx="10" cy="10" r="6.8"/><path d="M5.2 5.2L14.8 14.8"/>`,
	"tag":       `<path d="M3.5 4.5v5L11 17l6-6L9.5 3.5h-5a1 1 0 0 0-1 1z"/><circle cx="7" cy="7" r=".9"/>`,
	"user":      `<circle cx="10" cy="7" r="3.2"/><path d="M4 17c.3-3.4 2.7-5.2 6-5.2s5.7 1.8 6 5.2"/>`,
	"note":      `<path d="M4 4h12a1 1 0 0 1 1 1v7.5a1 1 0 0 1-1 1H9.5L6 16.8v-3.3H4a1 1 0 0 1-1-1V5a1 1 0 0 1 1-1z"/>`,
	"check":     `<path d="M4 10.5L8.2 14.7L16 6"/>`,
	"x":         `<path d="M5.5 5.5L14.5 14.5M14.5 5.5L5.5 14.5"/>`,
	"right":     `<path d="M8 5.5L12.5 10L8 14.5"/>`,
	"down":      `<path d="M5.5 8L10 12.5L14.5 8"/>`,
	"plus":      `<path d="M10 4.5v11M4.5 10h11"/>`,
	"filter":    `<path d="M3.5 5h13M6 10h8M8.5 15h3"/>`,
	"collapse":  `<path d="M6 3.5L10 7.2L14 3.5M6 16.5L10 12.8L14 16.5M3.5 10h13"/>`,
	"target":    `<circle cx="10" cy="10" r="5"/><path d="M10 2.5v3.5M10 14v3.5M2.5 10H6M14 10h3.5"/>`,
	"split":     `<rect x="3" y="4" width="14" height="12" rx="1.5"/><path d="M10 4v12"/>`,
	"more":      `<circle cx="5" cy="10" r=".7"/><circle cx="10" cy="10" r=".7"/><circle cx="15" cy="10" r=".7"/>`,
	"eye":       `<path d="M2.5 10C4 6.8 6.7 5.2 10 5.2s6 1.6 7.5 4.8c-1.5 3.2-4.2 4.8-7.5 4.8S4 13.2 2.5 10z"/><circle cx="10" cy="10" r="2.2"/>`,
	"key":       `<circle cx="6.5" cy="12.5" r="3.2"/><path d="M9 10.2L16.5 3.5M13.5 6.2l2.2 2.2M11.2 8.3l1.7 1.7"/>`,
	"doc":       `<path d="M5 3h6.5L15.5 7v9a1 1 0 0 1-1 1H5.5a1 1 0 0 1-1-1V3.5z"/><path d="M11.3 3.2v4h4"/>`,
	"code":      `<path d="M7 6L3 10L7 14M13 6L17 10L13 14"/>`,
	"warn":      `<path d="M10 3.5L17.5 16.3H2.5z"/><path d="M10 8.5v3.6M10 14v.2"/>`,
	"info":      `<circle cx="10" cy="10" r="6.8"/><path d="M10 9.3v4M10 6.6v.2"/>`,
	"question":  `<circle cx="10" cy="10" r="7"/><path d="M7.8 8.2a2.2 2.2 0 1 1 3.4 1.9c-.8.5-1.2.9-1.2 1.7M10 14.1v.2"/>`,
	"copy":      `<rect x="7" y="7" width="9.5" height="9.5" rx="1.5"/><path d="M13 7V5a1.5 1.5 0 0 0-1.5-1.5H5A1.5 1.5 0 0 0 3.5 5v6.5A1.5 1.5 0 0 0 5 13h2"/>`,
	"up":        `<path d="M5.5 12L10 7.5L14.5 12"/>`,
	"pen":       `<path d="M4 16l.8-3.4L13.5 3.9l2.6 2.6L7.4 15.2z"/>`,
	"arrow":     `<path d="M4 10h12M11.5 5.5L16 10L11.5 14.5"/>`,
	"pause":     `<path d="M7 4.5v11M13 4.5v11"/>`,
	"play":      `<path d="M6 4.2L15.5 10L6 15.8z"/>`,
	"pin":       `<path d="M7 3.5h6M8 3.5v5L5.5 11.5h9L12 8.5v-5M10 11.5V17"/>`,
	"bookmark":  `<path d="M6 3.5h8a1 1 0 0 1 1 1V17l-5-3.8L5 17V4.5a1 1 0 0 1 1-1z"/>`,
	"clock":     `<circle cx="10" cy="10" r="6.8"/><path d="M10 6.2V10l2.8 1.8"/>`,
	"box":       `<path d="M10 2.8L16.5 6v8L10 17.2L3.5 14V6z"/><path d="M3.7 6.2L10 9.3L16.3 6.2M10 9.3v7.7"/>`,
	"!critical": `<path d="M4.5 3h11A1.5 1.5 0 0 1 17 4.5v11a1.5 1.5 0 0 1-1.5 1.5h-11A1.5 1.5 0 0 1 3 15.5v-11A1.5 1.5 0 0 1 4.5 3z"/>`,
	"!high":     `<path d="M10 3L18 17H2z"/>`,
	"!medium":   `<path d="M10 2.5L17.5 10L10 17.5L2.5 10z"/>`,
	"!low":      `<path d="M10 2.5a7.5 7.5 0 1 0 0 15a7.5 7.5 0 1 0 0-15zM10 6a4 4 0 1 1 0 8a4 4 0 1 1 0-8z"/>`,
	"!dot":      `<circle cx="10" cy="10" r="5"/>`,
	"!note":     `<path d="M4 3.5h12a1.5 1.5 0 0 1 1.5 1.5v7.5a1.5 1.5 0 0 1-1.5 1.5H10L5.5 18v-4H4a1.5 1.5 0 0 1-1.5-1.5V5A1.5 1.5 0 0 1 4 3.5z"/>`,
	"!ribbon":   `<path d="M6 2.5h8A1.5 1.5 0 0 1 15.5 4v14L10 13.8L4.5 18V4A1.5 1.5 0 0 1 6 2.5z"/>`,
	"!alike":    `<path d="M2 9.2C4.5 4.2 8 4 10.5 6C12.5 7.6 14.5 7.400 18 4v3.600C14.500 11 11.700 10.800 9.300 9.100C7 7.500 5.200 7.900 2 12.600z"/><path d="M2 14.8C4.500 9.800 8 9.600 10.500 11.600C12.500 13.200 14.500 13 18 9.600v3.600C14.500 16.600 11.700 16.400 9.300 14.700C7 13.100 5.200 13.500 2 18.200z"/>`,
	"!vitrine":  `<path d="M3 4.5L10 2l7 2.5v11L10 18l-7-2.5z" fill-opacity=".28"/><path d="M10 2l7 2.5v11L10 18z"/><path d="M5 6.2l1.6-.5v8.7L5 13.8z" fill-opacity=".8"/>`,
}

var iconCache sync.Map

// Icon gives a glyph in exactly one colour. Theme recolouring of Fyne changes fills, not strokes:
// line icons would turn into blobs, so the colour is written into the SVG and the result is cached.
// scale is how many pixels of the screen one of the design has: the strokes are that much wider,
// since Fyne draws them in pixels of the screen whatever the size of the picture.
func Icon(name string, c color.NRGBA, scale float32) fyne.Resource {
	id := fmt.Sprintf("%s-%02x%02x%02x%02x-%.2f.svg", name, c.R, c.G, c.B, c.A, scale)
	if r, ok := iconCache.Load(id); ok {
		return r.(fyne.Resource)
	}
	col := fmt.Sprintf("#%02x%02x%02x", c.R, c.G, c.B)
	attr := fmt.Sprintf(`fill="none" stroke="%s" stroke-width="%.2f" stroke-linecap="round" stroke-linejoin="round"`, col, 1.5*scale)
	if name[0] == '!' {
		attr = fmt.Sprintf(`fill="%s"`, col)
	}
	r := fyne.NewStaticResource(id, []byte(`<svg xmlns="http://www.w3.org/2000/svg" width="20" height="20" viewBox="0 0 20 20"><g `+attr+`>`+glyphs[name]+`</g></svg>`))
	iconCache.Store(id, r)
	return r
}
