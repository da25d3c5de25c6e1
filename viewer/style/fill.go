package style

import (
	"image"
	"image/color"
	"image/draw"

	"fyne.io/fyne/v2/canvas"
)

// Fill returns an object that is all of one colour. Without a graphics card it is
// painted in a third of the time of a canvas.Rectangle, whose every pixel asks where the
// edges, the stroke and the shadow are: 10 ms against 27 ms for 1200×700 (Mesa's
// llvmpipe on two processors, Fyne 2.8.1). For a large area: a small one has other costs.
//
// That driver compiles what it does once for textures whose sides are powers of two and
// once for others, 20 to 40 ms each. Fills are of the others, as pictures of text are, so
// that the first file to be opened does not wait for it.
func Fill(c color.Color) *canvas.Image {
	img := image.NewRGBA(image.Rect(0, 0, 3, 3))
	draw.Draw(img, img.Rect, image.NewUniform(c), image.Point{}, draw.Src)
	return &canvas.Image{Image: img, FillMode: canvas.ImageFillStretch, ScaleMode: canvas.ImageScalePixels}
}
