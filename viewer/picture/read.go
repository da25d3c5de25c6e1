package picture

import (
	"bytes"
	"errors"
	"fmt"
	"image"
	"image/color"
	_ "image/gif"  // its first frame
	_ "image/jpeg" // and of other formats the picture
	_ "image/png"
	"strings"

	"vitrine/viewer/words"

	_ "golang.org/x/image/bmp"
	_ "golang.org/x/image/webp"
)

// MaxPixels bounds a picture: 6000 × 4000, a camera's, takes 100 MB decoded. A file of some
// kilobytes may claim to be a thousand times that.
const MaxPixels = 24_000_000

// ErrTooLarge is wrapped by the error of reading a picture over MaxPixels.
var ErrTooLarge = errors.New(words.Key("too large to be shown as a picture"))

// Facts are what a file says of its picture.
type Facts struct {
	Format        string // "PNG"
	Width, Height int    // pixels
	Model         string // how colours are stored, for people
	Said          []Said // texts in it, at most maxSaid
}

// Said is one text: what it is of, and how it begins.
type Said struct{ Name, Text string }

// Is reports whether the bytes begin as a picture that Read knows.
func Is(raw []byte) bool {
	for _, magic := range []string{"\x89PNG\r\n\x1a\n", "\xff\xd8\xff", "GIF87a", "GIF89a"} {
		if bytes.HasPrefix(raw, []byte(magic)) {
			return true
		}
	}
	return len(raw) > 12 && string(raw[:4]) == "RIFF" && string(raw[8:12]) == "WEBP" ||
		len(raw) > 30 && string(raw[:2]) == "BM" && raw[14] >= 12 && raw[15] == 0
}

// Read decodes a picture. The facts are there as far as they could be read, also with an
// error.
func Read(raw []byte) (img image.Image, f Facts, err error) {
	defer func() {
		if r := recover(); r != nil { // decoders have panicked before
			err = fmt.Errorf(words.T("the picture cannot be read: %v"), r)
		}
	}()
	c, format, err := image.DecodeConfig(bytes.NewReader(raw))
	f = Facts{Format: strings.ToUpper(format), Width: c.Width, Height: c.Height, Model: modelName(c.ColorModel)}
	if format == "webp" {
		f.Format = "WebP"
	}
	if err != nil {
		return nil, f, fmt.Errorf(words.T("the picture cannot be read: %w"), err)
	}
	f.Said = said(format, raw)
	if c.Width <= 0 || c.Height <= 0 || c.Width > MaxPixels/c.Height {
		return nil, f, fmt.Errorf(words.T("%d × %d pixels are over the %d million that are shown: %w"), c.Width, c.Height, MaxPixels/1_000_000, ErrTooLarge)
	}
	if img, _, err = image.Decode(bytes.NewReader(raw)); err != nil {
		return nil, f, fmt.Errorf(words.T("the picture cannot be read: %w"), err)
	}
	return img, f, nil
}

func modelName(m color.Model) string {
	switch m {
	case color.RGBAModel, color.NRGBAModel:
		return words.T("8-bit colour")
	case color.RGBA64Model, color.NRGBA64Model:
		return words.T("16-bit colour")
	case color.GrayModel:
		return words.T("8-bit grey")
	case color.Gray16Model:
		return words.T("16-bit grey")
	case color.YCbCrModel, color.NYCbCrAModel:
		return words.T("YCbCr colour")
	case color.CMYKModel:
		return words.T("CMYK colour")
	}
	if p, ok := m.(color.Palette); ok {
		return fmt.Sprintf("%d colours", len(p))
	}
	return ""
}
