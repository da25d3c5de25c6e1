package room

import (
	"context"
	"fmt"
	"runtime/debug"
	"sort"

	"vitrine/index/content"
	"vitrine/index/deposit"
)

const (
	// atOnce is the largest file that is read, hashed and decoded before anything of it
	// is shown: that takes some 20 ms.
	atOnce = 4 << 20
	// beginning is how much of a larger one is shown until then: some thousand lines.
	beginning = 256 << 10
	// maxDecoded is the largest text that is shown in another encoding than UTF-8, which
	// takes a second copy of it. A larger one is shown in hex.
	maxDecoded = 256 << 20
)

// A Document is one file as it is shown: verified bytes, decoded.
type Document struct {
	Place  deposit.Place
	File   deposit.File
	Text   *content.Text // without lines for a binary file
	Binary bool          // shown in hex
	Dump   *content.Hex  // then, its bytes
	Why    string        // why a text is shown in hex, as the rest of a sentence; "" otherwise

	// Beginning says that this is only the beginning of a large file, and that its bytes are
	// not verified yet: nothing but their place in the content store says whose they are.
	Beginning bool

	Recognised content.Encoding // from the bytes alone
	Chosen     bool             // the reviewer set the encoding of Text
	indexed    *content.Text    // then, in the recognised one

	lexical *lexical  // shared by all who show the document
	shown   *Document // of one by AsHex: what it was made of
}

// AsHex is the same document with its bytes in hex.
func (d *Document) AsHex() *Document {
	hex := *d
	hex.Binary, hex.Dump, hex.shown = true, content.NewHex(d.Text.Raw()), d
	return &hex
}

// AsShown is the document of which AsHex made this one.
func (d *Document) AsShown() *Document {
	if d.shown != nil {
		return d.shown
	}
	return d
}

// locate finds a file of a release, which has content.
func (s *Source) locate(ctx context.Context, p deposit.Place) (deposit.File, error) {
	files, err := s.deposit.Files(ctx, p.Release)
	if err != nil {
		return deposit.File{}, err
	}
	i := sort.Search(len(files), func(i int) bool { return files[i].Path >= p.Path })
	if i == len(files) || files[i].Path != p.Path {
		return deposit.File{}, fmt.Errorf("release %s has no file %s", p.Release, p.Path)
	}
	if files[i].Blob.IsZero() {
		return deposit.File{}, fmt.Errorf("%s is a submodule: its files are not part of this repository", p.Path)
	}
	return files[i], nil
}

// document reads the file at a place.
func (s *Source) document(ctx context.Context, p deposit.Place) (*Document, error) {
	f, err := s.locate(ctx, p)
	if err != nil {
		return nil, err
	}
	raw, err := s.raw(ctx, f.Blob, f.Size)
	if err != nil {
		return nil, fmt.Errorf("%s in %s: %w", p.Path, p.Release, err)
	}
	d := &Document{Place: p, File: f, lexical: new(lexical)}
	d.text(raw, s.chosen())
	d.show()
	if f.Size > freedFrom {
		debug.FreeOSMemory() // what it was unpacked from, and as much again that the collector would allow
	}
	return d, nil
}

// freedFrom is the size of a file after which memory is given back at once: it takes as long
// as hashing so much.
const freedFrom = 16 << 20

// begin is document, but of a large file that the content store has only the beginning.
func (s *Source) begin(ctx context.Context, p deposit.Place) (*Document, error) {
	f, err := s.locate(ctx, p)
	if err != nil {
		return nil, err
	}
	s.mu.Lock()
	c, choices := s.content, s.choices
	s.mu.Unlock()
	if f.Size <= atOnce || f.Size > content.MaxShown || c == nil {
		return s.document(ctx, p)
	}
	raw, e, err := c.Beginning(f.Blob, beginning)
	if err != nil {
		return s.document(ctx, p) // which says what is wrong, or reads the deposit
	}
	d := &Document{Place: p, File: f, Beginning: true, Recognised: e, lexical: new(lexical)}
	chosen, ok := choices[f.Blob]
	if d.Chosen = ok; ok {
		e = chosen
	}
	d.Text = content.DecodeAs(f.Blob, raw, e)
	d.show()
	return d, nil
}

// show decides between text and hex, and counts the lines, which takes a pass.
func (d *Document) show() {
	e := d.Text.Encoding()
	if d.File.Size > maxDecoded && e != content.UTF8 && e != content.Binary {
		d.Text = content.DecodeAs(d.File.Blob, d.Text.Raw(), content.Binary)
		d.Why = fmt.Sprintf("%s over %d MB", e, maxDecoded>>20)
		e = content.Binary
	}
	if e == content.Binary {
		d.Binary, d.Dump = true, content.NewHex(d.Text.Raw())
		return
	}
	d.Text.Lines()
}

// raw gives a blob's bytes, hashed on this read: from the content store, or
// from the deposit itself until that is open and where it is damaged.
func (s *Source) raw(ctx context.Context, blob deposit.Digest, size int64) ([]byte, error) {
	if size > content.MaxShown {
		return nil, fmt.Errorf("%d bytes are over the %d that are shown: %w", size, content.MaxShown, content.ErrTooLarge)
	}
	s.mu.Lock()
	c := s.content
	s.mu.Unlock()
	if c != nil {
		b, err := c.Verified(ctx, blob, func(int64, int64) {})
		if err == nil || ctx.Err() != nil {
			return b, err
		}
	}
	s.reading.Lock() // one reader is not for two goroutines
	defer s.reading.Unlock()
	if s.reader == nil {
		var err error
		if s.reader, err = s.deposit.NewReader(); err != nil {
			return nil, err
		}
	}
	return s.reader.Blob(blob)
}

// closeReader ends what raw began.
func (s *Source) closeReader() error {
	s.reading.Lock()
	defer s.reading.Unlock()
	if s.reader == nil {
		return nil
	}
	err := s.reader.Close()
	s.reader = nil
	return err
}
