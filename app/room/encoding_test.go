package room

import (
	"bytes"
	"slices"
	"strings"
	"testing"

	"vitrine/index/content"
	"vitrine/index/deposit"
	"vitrine/index/search"
)

// found lists the hits of a query.
func found(t *testing.T, v *Visit, query string) (hits []search.Hit, report search.Report) {
	t.Helper()
	report, err := v.Search(t.Context(), query, func(h search.Hit) bool {
		h.Text = bytes.Clone(h.Text)
		hits = append(hits, h)
		return true
	})
	if err != nil {
		t.Fatalf("%s: %v", query, err)
	}
	return hits, report
}

func reread(t *testing.T, v *Visit, p deposit.Place) *Document {
	t.Helper()
	d, err := v.Open(t.Context(), p)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// TestEncodingByHand: what the reviewer sets holds for view and search, in later visits
// too, and spans stay bytes of the blob.
func TestEncodingByHand(t *testing.T) {
	cfg := testConfig(t)
	v, err := enterSampleAs(cfg, "Ada Lovelace")
	if err != nil {
		t.Fatal(err)
	}
	if err := v.BuildIndex(t.Context(), func(IndexState) {}); err != nil {
		t.Fatal(err)
	}
	place := sampleFile(t, v, ".c")
	in := " path:" + place.Path + " release:" + place.Release
	before := reread(t, v, place)
	const word = "return"
	if before.Chosen || before.Recognised != content.UTF8 {
		t.Fatalf("%s is recognised as %v, chosen %v", place.Path, before.Recognised, before.Chosen)
	}
	entries := v.Entries()
	if err := v.SetEncoding(t.Context(), before, content.UTF16LE); err != nil {
		t.Fatal(err)
	}
	if v.Entries() != entries+1 {
		t.Error("it is not recorded")
	}
	check := func(v *Visit) {
		t.Helper()
		d := reread(t, v, place)
		if !d.Chosen || d.Text.Encoding() != content.UTF16LE || d.Recognised != content.UTF8 {
			t.Fatalf("shown as %v, chosen %v, recognised %v", d.Text.Encoding(), d.Chosen, d.Recognised)
		}
		// No word of the index is in this text, and it is found all the same.
		some := []rune(string(d.Text.Line(1)))[:4]
		hits, _ := found(t, v, `"`+string(some)+`"`+in)
		if len(hits) == 0 || hits[0].Span.Blob != before.File.Blob || hits[0].Span.From != 0 || hits[0].Span.To != 8 {
			t.Errorf("%q is found at %+v", string(some), hits)
		}
		if hits, _ := found(t, v, `"`+word+`"`+in); len(hits) != 0 {
			t.Errorf("%q is found in what is not shown", word)
		}
		if l := v.Locate(d, 1, 1, 1, 4); l.Span.From != 0 || l.Span.To != 2 {
			t.Errorf("a character is the bytes %d to %d", l.Span.From, l.Span.To)
		}
		if o, err := v.Outline(t.Context(), place); err != nil || len(o.Symbols) != 0 {
			t.Errorf("an outline of other lines: %v, %v", o, err)
		}
		_, report := found(t, v, "sym:/./"+in)
		if len(report.NotSearched) != 1 || report.NotSearched[0].Why != search.WhyChosen {
			t.Errorf("symbols: not searched %+v", report.NotSearched)
		}
	}
	check(v)
	if err := v.Close(); err != nil {
		t.Fatal(err)
	}
	v = enterSample(t, cfg, "Ada Lovelace")
	if err := v.BuildIndex(t.Context(), func(IndexState) {}); err != nil {
		t.Fatal(err)
	}
	check(v)
	if err := v.RecogniseEncoding(t.Context(), reread(t, v, place)); err != nil {
		t.Fatal(err)
	}
	if d := reread(t, v, place); d.Chosen || !bytes.Equal(d.Text.Bytes(), before.Text.Bytes()) {
		t.Errorf("undone, it is %v", d.Text.Encoding())
	}
	if hits, _ := found(t, v, `"`+word+`"`+in); len(hits) == 0 {
		t.Errorf("undone, %q is not found", word)
	}
}

// TestBinaryByHand: a text becomes bytes, and bytes text.
func TestBinaryByHand(t *testing.T) {
	v := enterSample(t, testConfig(t), "Ada Lovelace")
	if err := v.BuildIndex(t.Context(), func(IndexState) {}); err != nil {
		t.Fatal(err)
	}
	place := sampleFile(t, v, ".c")
	d := reread(t, v, place)
	if err := v.SetEncoding(t.Context(), d, content.Binary); err != nil {
		t.Fatal(err)
	}
	if d := reread(t, v, place); !d.Binary || d.Dump == nil {
		t.Errorf("as bytes it is %+v", d)
	}
	_, report := found(t, v, "return path:"+place.Path+" release:"+place.Release)
	if len(report.NotSearched) != 1 || report.NotSearched[0].Why != search.WhyBinary {
		t.Errorf("not searched: %+v", report.NotSearched)
	}
	if hits, _ := found(t, v, "return binary:yes path:"+place.Path+" release:"+place.Release); len(hits) == 0 || hits[0].Kind != search.HitBytes {
		t.Errorf("in bytes: %+v", hits)
	}
	i := slices.IndexFunc(mustFiles(t, v, place.Release), func(f deposit.File) bool {
		return !f.Blob.IsZero() && reread(t, v, deposit.Place{Release: place.Release, Path: f.Path}).Binary && f.Path != place.Path
	})
	if i < 0 {
		t.Fatal("the sample has no binary file")
	}
	binary := deposit.Place{Release: place.Release, Path: mustFiles(t, v, place.Release)[i].Path}
	if err := v.SetEncoding(t.Context(), reread(t, v, binary), content.Latin1); err != nil {
		t.Fatal(err)
	}
	d = reread(t, v, binary)
	if d.Binary || d.Recognised != content.Binary || d.Text.Lines() == 0 {
		t.Fatalf("as text %s is %v, in %d lines", binary.Path, d.Text.Encoding(), d.Text.Lines())
	}
	if hits, report := found(t, v, "/./ path:"+binary.Path+" release:"+binary.Release); len(hits) == 0 || len(report.NotSearched) != 0 {
		t.Errorf("as text: %d hits, not searched %+v", len(hits), report.NotSearched)
	}
}

func mustFiles(t *testing.T, v *Visit, release string) []deposit.File {
	t.Helper()
	files, err := v.Files(t.Context(), release)
	if err != nil {
		t.Fatal(err)
	}
	return files
}

// TestSymbolsInChosenText: offsets of symbols, which are of the recognised text, lead to
// the same characters in the chosen one, and back.
func TestSymbolsInChosenText(t *testing.T) {
	raw := []byte("int \xe9\xe9;\nint caf\xe9 = 1;\n")
	blob := deposit.Digest{7}
	d := &Document{File: deposit.File{Blob: blob}}
	d.text(raw, content.Choices{blob: content.KOI8R})
	indexed := content.Decode(blob, raw)
	for offset := range indexed.Bytes() {
		line, col := d.PositionOf(offset)
		wantLine, wantCol := positionIn(indexed, offset)
		wantLine, wantCol = d.Text.Position(indexed.Offset(wantLine, wantCol))
		if line != wantLine || col != wantCol {
			t.Errorf("offset %d is %d:%d, want %d:%d", offset, line, col, wantLine, wantCol)
		}
	}
	at := strings.Index(string(indexed.Bytes()), "caf")
	if line, col := d.PositionOf(at); line != 2 || col != 5 || d.OffsetOf(line, col) != at {
		t.Errorf("offset %d is %d:%d, and back %d", at, line, col, d.OffsetOf(line, col))
	}
	if _, err := (encodingRecord{Blob: blob, Encoding: "Klingon"}).apply(nil); err == nil {
		t.Error("an unknown encoding is taken")
	}
	full := content.Choices{}
	for i := range maxChosen {
		full[deposit.Digest{byte(i), byte(i >> 8), 1}] = content.Latin1
	}
	if _, err := (encodingRecord{Blob: blob, Encoding: "Latin-1"}).apply(full); err == nil || len(full) != maxChosen {
		t.Errorf("one more than %d is taken: %v", maxChosen, err)
	}
}
