package style

import (
	"bytes"

	"fyne.io/fyne/v2"

	"vitrine/assets"
)

func font(name string) fyne.Resource {
	b, err := assets.Fonts.ReadFile("fonts/" + name)
	if err != nil {
		panic(err) // embedded at build time: only a broken build gets here
	}
	return fyne.NewStaticResource(name, plain(b))
}

// plain switches a font's ligatures off by renaming its GSUB table: a reviewer must see "!=" and "->" as they are.
func plain(b []byte) []byte {
	b = bytes.Clone(b)
	n := int(b[4])<<8 | int(b[5])
	for i := 0; i < n; i++ {
		if t := b[12+16*i : 16+16*i]; string(t) == "GSUB" {
			copy(t, "GSUX")
		}
	}
	return b
}

var uiFont, uiBold, uiItalic = font("Inter-Regular.otf"), font("Inter-SemiBold.otf"), font("Inter-Italic.otf")
var monoFont, monoBold, monoItalic = font("JetBrainsMono-Regular.ttf"), font("JetBrainsMono-SemiBold.ttf"), font("JetBrainsMono-Italic.ttf")
