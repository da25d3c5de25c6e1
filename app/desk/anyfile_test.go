package desk

import (
	"bytes"
	"image"
	"image/png"
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"vitrine/app/room"
	"vitrine/index/content"
	"vitrine/index/deposit"
	"vitrine/viewer/code"
)

// show puts a document, as if it had been read, into a tab.
func (s *stage) show(r *roomScreen, doc *room.Document) *tab {
	s.t.Helper()
	t := r.newTab(opened{doc: doc, layout: layout{tab: 4, step: 4}})
	r.pane.put(t, nil)
	r.afterwards(t)
	r.stand(t, target{line: 1, col: 1})
	return t
}

// of is a document of these bytes at a place of the sample that has others.
func of(path string, raw []byte) *room.Document {
	d := &room.Document{Place: deposit.Place{Release: "4.2.1", Path: path}, File: deposit.File{Path: path, Size: int64(len(raw))}, Text: content.Decode(deposit.Digest{}, raw)}
	if d.Text.Encoding() == content.Binary {
		d.Binary, d.Dump = true, content.NewHex(raw)
	}
	return d
}

// TestHexAndBack: the bytes of a text are shown with the caret at the same one, and it
// again; nothing of that is recorded.
func TestHexAndBack(t *testing.T) {
	s, r := enter(t)
	s.open(r, otherFile, 30)
	s.idle()
	before, at := r.visit.Entries(), r.current().offset()
	if !r.canTurnHex() {
		t.Fatal("its bytes cannot be shown")
	}
	r.turnHex()
	s.idle()
	now := r.current()
	if !now.hexed || !now.doc.Binary || now.offset() != at || len(r.open) != 1 || kindOf(now).Text != "As hex · "+bytesOf(now.doc.File.Size) {
		t.Errorf("in hex it is at byte %d of %q, was at %d", now.offset(), kindOf(now).Text, at)
	}
	if line := string(now.shown().Line(now.view.Caret().Line)); !strings.Contains(line, "|") {
		t.Errorf("the line is %q", line)
	}
	s.run(s.actionsByID()["view.hex"].action)
	s.idle()
	if now := r.current(); now.hexed || now.doc.Binary || now.offset() != at || now.view.Caret().Line != 30 {
		t.Errorf("back, it is at byte %d, line %d", now.offset(), now.view.Caret().Line)
	}
	if r.visit.Entries() != before {
		t.Error("looking at the same bytes was recorded")
	}
}

func TestGoToByte(t *testing.T) {
	s, r := enter(t)
	s.open(r, otherFile, 1)
	text := r.current().doc.Text
	for typed, want := range map[string]int64{":0x1f": 0x1f, ":1Fh": 0x1f, ":0x10_0": 0x100, ":0xffffffff": text.Size()} {
		r.quick.showWith(typed)
		r.quick.pick(0)
		line, col := text.Position(want)
		if got := r.current().view.Caret(); got != (code.Pos{Line: line, Col: col}) && want < text.Size() {
			t.Errorf("%s leads to %v, want %d:%d", typed, got, line, col)
		}
	}
	if _, ok := r.current().offsetIn("12"); ok {
		t.Error("a plain number is a byte of a text")
	}
	r.turnHex()
	s.idle()
	r.quick.showWith(":100")
	if row, ok := r.current().byteRow(r.quick.palette.Text()); !ok || row.Text[0].Text != "Go to byte 0x64" {
		t.Errorf("in hex the row is %+v", row)
	}
	r.quick.pick(0)
	if at := r.current().offset(); at != 100 {
		t.Errorf("in hex it leads to byte %d", at)
	}
}

// TestLargeFile: the beginning is there first and says that it is not verified; nothing
// of it leaves. Then the whole is, and where the reader wanted to go.
func TestLargeFile(t *testing.T) {
	s, r := enter(t)
	whole, err := r.visit.Open(t.Context(), deposit.Place{Release: "4.2.1", Path: otherFile})
	if err != nil {
		t.Fatal(err)
	}
	half := *whole
	half.Beginning = true
	half.Text = content.DecodeAs(whole.File.Blob, whole.Text.Raw()[:1000], content.UTF8)
	tab := s.show(r, &half)
	if it := kindOf(tab); !strings.HasPrefix(it.Text, "Being verified") || it.Tip == "" {
		t.Errorf("the status bar says %+v", it)
	}
	r.copy(tab, "some text")
	r.stand(tab, target{line: 60, col: 2})
	if r.canTurnHex() {
		t.Error("bytes that are not verified can be shown in hex")
	}
	s.idle()
	if clip := s.app.Clipboard().Content(); clip == "some text" {
		t.Error("what was not verified was copied")
	}
	if tab.doc.Beginning || tab.doc.Text.Lines() != whole.Text.Lines() || tab.view.Caret() != (code.Pos{Line: 60, Col: 2}) || r.current() != tab {
		t.Errorf("the whole has %d lines of %d, the caret is at %v", tab.doc.Text.Lines(), whole.Text.Lines(), tab.view.Caret())
	}
	if tab.outline == nil || tab.through == nil {
		t.Error("nothing was found out about the whole")
	}
}

// TestLargeFileThatIsAnother: where the whole is not what was deposited, what was shown of
// it goes.
func TestLargeFileThatIsAnother(t *testing.T) {
	s, r := enter(t)
	s.open(r, otherFile, 1)
	bad := of("no/such/file.log", []byte("looks well\n"))
	bad.Beginning = true
	tab := s.show(r, bad)
	s.idle()
	if r.pane.indexOf(tab) >= 0 || tab.view.SelectedText() != "" || s.said("error ") != 1 {
		t.Errorf("it is still there:\n%s", s.trace.String())
	}
	if r.current() == nil || r.current().doc.Place.Path != otherFile {
		t.Error("the tab beside it is not shown")
	}
}

func TestPictureIsShown(t *testing.T) {
	s, r := enter(t)
	var b bytes.Buffer
	if err := png.Encode(&b, image.NewNRGBA(image.Rect(0, 0, 30, 20))); err != nil {
		t.Fatal(err)
	}
	tab := s.show(r, of("a.png", b.Bytes()))
	s.idle()
	if tab.picture == nil || tab.picture.view == nil || kindOf(tab).Text != "PNG picture · "+bytesOf(int64(b.Len())) {
		t.Fatalf("it is %q", kindOf(tab).Text)
	}
	if len(r.code.Objects) != 1 || r.code.Objects[0] != fyne.CanvasObject(tab.picture.body) {
		t.Error("the picture is not in the pane")
	}
	r.focusCode()
	if s.win.Canvas().Focused() != fyne.Focusable(tab.picture.view) {
		t.Errorf("the keyboard is at %T", s.win.Canvas().Focused())
	}
	test.Type(tab.picture.view, "1+")
	if tab.picture.view.Whole() || tab.picture.view.Zoom() <= 1 {
		t.Errorf("it is shown at %v", tab.picture.view.Zoom())
	}
	r.turnHex()
	s.idle()
	if now := r.current(); now.picture != nil || !now.hexed || now.shown().Lines() == 0 {
		t.Error("its bytes are not shown")
	}
	r.turnHex()
	s.idle()
	if r.current().picture == nil {
		t.Error("the picture does not come back")
	}

	bad := s.show(r, of("b.png", b.Bytes()[:40]))
	s.idle()
	if bad.picture == nil || bad.picture.err == nil || bad.picture.view != nil {
		t.Error("half a picture is shown")
	}
}

// TestLargePictureIsShown: of a large picture the beginning is in hex, and then all of it is
// a picture, without being asked for again.
func TestLargePictureIsShown(t *testing.T) {
	s, r := enter(t)
	var b bytes.Buffer
	if err := png.Encode(&b, image.NewNRGBA(image.Rect(0, 0, 30, 20))); err != nil {
		t.Fatal(err)
	}
	half := of("a.png", b.Bytes()[:40])
	half.Beginning = true
	tab := r.newTab(opened{doc: half, layout: layout{tab: 4, step: 4}}) // as show does, but for reading the rest
	r.pane.put(tab, nil)
	r.stand(tab, target{line: 1, col: 1})
	if tab.picture != nil || len(r.code.Objects) != 1 || r.code.Objects[0] != fyne.CanvasObject(tab.view) {
		t.Fatal("half a picture is shown")
	}
	r.rested(tab, of("a.png", b.Bytes()))
	s.idle()
	if tab.picture == nil || tab.picture.view == nil || r.current() != tab || r.code.Objects[0] != fyne.CanvasObject(tab.picture.body) {
		t.Fatalf("it is %q", kindOf(tab).Text)
	}
	if s.win.Canvas().Focused() != fyne.Focusable(tab.picture.view) {
		t.Errorf("the keyboard is at %T", s.win.Canvas().Focused())
	}
	r.turnHex()
	s.idle()
	if now := r.current(); now.picture != nil || !now.hexed {
		t.Error("its bytes are not shown")
	}
}

func TestEmptyFileSaysSo(t *testing.T) {
	s, r := enter(t)
	tab := s.show(r, of("empty.txt", nil))
	s.idle()
	if kindOf(tab).Text != "Empty" || tab.empty == nil || r.canTurnHex() {
		t.Errorf("it is %q", kindOf(tab).Text)
	}
}

func TestLineEndsAreCountedAndMarked(t *testing.T) {
	for text, want := range map[string]struct {
		says  string
		marks int
	}{
		"a\nb\n":              {"Plain text · LF", 0},
		"a\r\nb\r\n":          {"Plain text · CRLF", 0},
		"a\nb\nc\r\nd\n":      {"Plain text · mixed: 3 LF, 1 CRLF", 1},
		"a\r\nb\r\nc\nd\re\n": {"Plain text · mixed: 2 LF, 2 CRLF, 1 lone CR", 2},
		"a\rb":                {"Plain text · 1 lone CR", 0},
		"no end":              {"Plain text", 0},
	} {
		d := of("LICENSE", []byte(text))
		odd, crlf := d.Text.OddEnds(maxOdd)
		tab := &tab{doc: d, language: "Plain text", through: &lookedThrough{ends: d.Text.Ends(), odd: odd, crlf: crlf}}
		if got := kindOf(tab).Text; got != want.says || len(tab.through.oddEnds()) != want.marks {
			t.Errorf("%q: %q with %d marks, want %q", text, got, len(tab.through.oddEnds()), want.says)
		}
	}
}

// TestColoursWhereTheReaderIs: lines far down have theirs once they are shown, and the
// trace says how long that took.
func TestColoursWhereTheReaderIs(t *testing.T) {
	s, r := enter(t)
	var b bytes.Buffer
	for range 3000 { // all that is above a line is coloured first: viewer/colour tests long texts
		b.WriteString("int f(void) { return 1; } /* one */\n")
	}
	tab := s.show(r, of("long.c", b.Bytes()))
	s.idle()
	for _, line := range []int{1, 2500, 3000, 1200} {
		r.stand(tab, target{line: line, col: 1})
		s.idle()
		if c := tab.view.ClassAt(code.Pos{Line: line, Col: 1}); c != code.Type {
			t.Errorf("line %d is of class %v", line, c)
		}
	}
	if tab.plain != "" {
		t.Errorf("it is %s", tab.plain)
	}
}
