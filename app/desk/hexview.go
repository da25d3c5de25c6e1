package desk

import (
	"path"
	"strconv"
	"strings"

	"vitrine/viewer/words"

	"vitrine/viewer/code"
	"vitrine/viewer/panel"
	"vitrine/viewer/style"
)

// turnHex shows the open file's bytes, or again what it is. Nothing of that is recorded:
// the same bytes are looked at.
func (r *roomScreen) turnHex() {
	t := r.current()
	if t == nil || t.doc.Beginning {
		return
	}
	at := t.offset()
	shown := opened{doc: t.doc.AsHex(), hex: true, layout: t.layout}
	if t.hexed {
		shown = opened{doc: t.doc.AsShown(), layout: t.layout}
	}
	r.exchange(t, shown)
	if now := r.current(); now != nil && now.doc.File.Blob == t.doc.File.Blob {
		r.standAt(now, at)
		r.d.trace.say("hex", now.hexed)
	}
}

// canTurnHex reports whether there is another way to show the open file.
func (r *roomScreen) canTurnHex() bool {
	t := r.current()
	return t != nil && !r.staged() && !t.doc.Beginning && t.doc.File.Size > 0 && (t.hexed || !t.doc.Binary || t.picture != nil)
}

// offset is the byte of the file at which the caret stands.
func (t *tab) offset() int64 {
	at := t.view.Caret()
	if t.doc.Binary {
		return t.doc.Dump.Offset(at.Line, at.Col)
	}
	return t.doc.Text.Offset(at.Line, at.Col)
}

// placeOf is where a byte of the file is shown.
func (t *tab) placeOf(offset int64) code.Pos {
	var at code.Pos
	if t.doc.Binary {
		at.Line, at.Col = t.doc.Dump.Position(offset)
	} else {
		at.Line, at.Col = t.doc.Text.Position(offset)
	}
	return at
}

// standAt moves the caret to a byte.
func (r *roomScreen) standAt(t *tab, offset int64) {
	at := t.placeOf(offset)
	r.stand(t, target{line: at.Line, col: at.Col})
}

// offsetIn reads an offset as people type one: 0x1F00, 1F00h, and where bytes are shown a plain
// number too.
func (t *tab) offsetIn(text string) (offset int64, ok bool) {
	text = strings.ToLower(strings.TrimSpace(text))
	hex, is := strings.CutPrefix(text, "0x")
	if !is {
		hex, is = strings.CutSuffix(text, "h")
	}
	base := 16
	if !is {
		if !t.doc.Binary {
			return 0, false
		}
		hex, base = text, 10
	}
	n, err := strconv.ParseInt(strings.ReplaceAll(hex, "_", ""), base, 64)
	return n, err == nil && n >= 0
}

// hexTokens are the colours of lines of bytes: offsets stand back, what is text is text.
func hexTokens(t *tab, from, to int) (rows [][]code.Token) {
	for n := from; n <= to; n++ {
		line := t.doc.Dump.Line(n)
		bar := strings.IndexByte(string(line), '|')
		if bar < 0 {
			break
		}
		rows = append(rows, []code.Token{{From: 0, To: strings.IndexByte(string(line), ' '), Class: code.Punct}, {From: bar, To: len(line), Class: code.String}})
	}
	return rows
}

// refuseUnverified says that bytes which are not verified yet go nowhere.
func (r *roomScreen) refuseUnverified(t *tab) bool {
	if t.doc.Beginning {
		r.d.toast(panel.ToneWarn, "info", words.T("Not yet."), words.T("%s is still being verified.", path.Base(t.doc.Place.Path)))
	}
	return t.doc.Beginning
}

// byteRow is what Go to line says where a byte is asked for, or may be.
func (t *tab) byteRow(typed string) (panel.Row, bool) {
	at, ok := t.offsetIn(strings.TrimPrefix(typed, ":"))
	if !ok && !t.doc.Binary {
		return panel.Row{}, false
	}
	last := max(t.doc.File.Size-1, 0)
	text := words.T("Type a byte's number, such as 0x1F00")
	if ok {
		text = words.T("Go to byte 0x%X", min(at, last))
	}
	return panel.Row{Fold: panel.Flat, Icon: "target", IconTone: panel.ToneAccent, Text: []panel.Span{{Text: text}},
		Right: []panel.Span{{Text: words.T("the last one is 0x%X", last), Tone: panel.ToneDim, Size: style.TextSecondary}}}, true
}
