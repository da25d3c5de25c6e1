package picture

import (
	"bytes"
	"compress/zlib"
	"encoding/binary"
	"errors"
	"hash/crc32"
	"image"
	"image/color"
	"image/gif"
	"image/jpeg"
	"image/png"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"
	"golang.org/x/image/bmp"

	"vitrine/viewer/style"
)

func some() *image.NRGBA {
	img := image.NewNRGBA(image.Rect(0, 0, 40, 30))
	for i := range img.Pix {
		img.Pix[i] = byte(i * 7)
	}
	return img
}

// chunk is a chunk of a PNG.
func chunk(kind string, data []byte) []byte {
	out := binary.BigEndian.AppendUint32(nil, uint32(len(data)))
	body := append([]byte(kind), data...)
	return binary.BigEndian.AppendUint32(append(out, body...), crc32.ChecksumIEEE(body))
}

// withChunks puts chunks behind the head of a PNG.
func withChunks(t *testing.T, chunks ...[]byte) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := png.Encode(&b, some()); err != nil {
		t.Fatal(err)
	}
	const head = 8 + 25
	return slices.Concat(b.Bytes()[:head], slices.Concat(chunks...), b.Bytes()[head:])
}

func packed(b []byte) []byte {
	var out bytes.Buffer
	w := zlib.NewWriter(&out)
	w.Write(b) // into memory
	w.Close()
	return out.Bytes()
}

func TestFormats(t *testing.T) {
	encoded := map[string]func(*bytes.Buffer) error{
		"PNG":  func(b *bytes.Buffer) error { return png.Encode(b, some()) },
		"JPEG": func(b *bytes.Buffer) error { return jpeg.Encode(b, some(), nil) },
		"GIF":  func(b *bytes.Buffer) error { return gif.Encode(b, some(), nil) },
		"BMP":  func(b *bytes.Buffer) error { return bmp.Encode(b, some()) },
	}
	for format, encode := range encoded {
		var b bytes.Buffer
		if err := encode(&b); err != nil {
			t.Fatal(err)
		}
		img, f, err := Read(b.Bytes())
		if err != nil || !Is(b.Bytes()) || f.Format != format || f.Width != 40 || f.Height != 30 || f.Model == "" || img.Bounds().Dx() != 40 {
			t.Errorf("%s: %+v, %v", format, f, err)
		}
	}
	for _, text := range []string{"", "hello", "BMW makes cars and this is a text of some length", "GIF", "\x89PNG"} {
		if Is([]byte(text)) {
			t.Errorf("%q is taken for a picture", text)
		}
	}
}

// TestBombs: a picture that says it is huge costs nothing, and is refused with a sentence.
func TestBombs(t *testing.T) {
	raw := withChunks(t)
	binary.BigEndian.PutUint32(raw[16:], 100_000)
	binary.BigEndian.PutUint32(raw[20:], 100_000)
	binary.BigEndian.PutUint32(raw[29:], crc32.ChecksumIEEE(raw[12:29]))
	if _, f, err := Read(raw); !errors.Is(err, ErrTooLarge) || f.Width != 100_000 || !strings.Contains(err.Error(), "24 million") {
		t.Errorf("%+v, %v", f, err)
	}
	bomb := chunk("zTXt", slices.Concat([]byte("Comment\x00\x00"), packed(make([]byte, 50<<20))))
	if _, _, err := Read(withChunks(t, bomb)); err != nil {
		t.Errorf("a text of 50 MB: %v", err)
	}
}

func TestWhatItSays(t *testing.T) {
	long := strings.Repeat("x", 10_000)
	raw := withChunks(t, chunk("tEXt", []byte("Author\x00M\xfcller\nand\x1b[31m others")), chunk("zTXt", slices.Concat([]byte("Comment\x00\x00"), packed([]byte(long)))),
		chunk("iTXt", []byte("Title\x00\x00\x00en\x00Titel\x00grün")), chunk("tEXt", []byte("no end")))
	_, f, err := Read(raw)
	if err != nil {
		t.Fatal(err)
	}
	want := []Said{{"Author", "Müller and [31m others"}, {"Comment", strings.Repeat("x", maxText) + " …"}, {"Title", "grün"}}
	if !slices.Equal(f.Said, want) {
		t.Errorf("it says %v", f.Said)
	}
	var many [][]byte
	for range 1000 {
		many = append(many, chunk("tEXt", []byte("a\x00b")))
	}
	if _, f, _ := Read(withChunks(t, many...)); len(f.Said) != maxSaid {
		t.Errorf("%d texts are kept", len(f.Said))
	}

	var b bytes.Buffer
	if err := jpeg.Encode(&b, some(), nil); err != nil {
		t.Fatal(err)
	}
	exif := []byte("Exif\x00\x00II*\x00\x08\x00\x00\x00\x02\x00" + "\x0f\x01\x02\x00\x06\x00\x00\x00\x26\x00\x00\x00" + "\x25\x88\x04\x00\x01\x00\x00\x00\x00\x00\x00\x00" + "\x00\x00\x00\x00ACME!\x00")
	segment := func(marker byte, data []byte) []byte {
		return slices.Concat([]byte{0xff, marker}, binary.BigEndian.AppendUint16(nil, uint16(len(data)+2)), data)
	}
	raw = slices.Concat(b.Bytes()[:2], segment(0xfe, []byte("made by hand")), segment(0xe1, exif), b.Bytes()[2:])
	if _, f, err = Read(raw); err != nil || !slices.Equal(f.Said, []Said{{"Comment", "made by hand"}, {"Make", "ACME!"}, {"Position", "the file says where it was taken"}}) {
		t.Errorf("the JPEG says %v, %v", f.Said, err)
	}
}

// TestAnyBytes: what strangers wrote is read or refused.
func TestAnyBytes(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	var j, g bytes.Buffer
	if err := errors.Join(jpeg.Encode(&j, some(), nil), gif.Encode(&g, some(), nil)); err != nil {
		t.Fatal(err)
	}
	for _, whole := range [][]byte{withChunks(t, chunk("tEXt", []byte("a\x00b"))), j.Bytes(), g.Bytes()} {
		for range 3000 {
			raw := bytes.Clone(whole)
			for range 1 + r.IntN(4) {
				raw[r.IntN(min(len(raw), 200))] = byte(r.IntN(256))
			}
			raw = raw[:len(raw)-r.IntN(len(raw)/2)]
			for _, format := range []string{"png", "jpeg", "gif", "webp"} {
				said(format, raw)
			}
			if c, _, err := image.DecodeConfig(bytes.NewReader(raw)); err == nil && c.Width < 2000 && c.Height < 2000 {
				Read(raw)
			}
		}
	}
}

func TestViewZooms(t *testing.T) {
	test.NewTempApp(t)
	img := image.NewNRGBA(image.Rect(0, 0, 1000, 500))
	for y := range 500 {
		for x := range 1000 {
			img.Set(x, y, color.NRGBA{R: 200, A: 255})
		}
	}
	v := NewView(style.Dark, img)
	v.Resize(fyne.NewSize(100, 100))
	if !v.Whole() || v.Zoom() != 0.1 {
		t.Errorf("fit is %v", v.Zoom())
	}
	at := func(x, y int) color.RGBA { return v.paint(100, 100).(*image.RGBA).RGBAAt(x, y) }
	if at(50, 50).R != 200 || at(50, 10).R == 200 {
		t.Errorf("whole: %v in the middle, %v above", at(50, 50), at(50, 10))
	}
	v.TypedRune('1')
	if v.Whole() || v.Zoom() != 1 || at(50, 10).R != 200 {
		t.Errorf("1:1 is %v", v.Zoom())
	}
	for range 100 {
		v.TypedKey(&fyne.KeyEvent{Name: fyne.KeyUp})
	}
	if at(50, 49).R == 200 || at(50, 51).R != 200 {
		t.Error("it does not stop at its top edge")
	}
	for range 100 {
		v.TypedRune('+')
	}
	if v.Zoom() != maxZoom {
		t.Errorf("zoomed to %v", v.Zoom())
	}
	v.TypedRune('0')
	if !v.Whole() || at(50, 50).R != 200 {
		t.Error("0 does not show the whole")
	}
}
