package review

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
	"unicode"
	"unicode/utf8"

	"vitrine/app/journal"
)

// Limits of one record. They are far above what people write and keep a body,
// and so a line of the journal, small enough to hold several in memory.
const (
	MaxText      = 64 << 10 // bytes of an annotation's text, or of a reason
	MaxLocations = 256      // locations of one annotation
	MaxName      = 256      // bytes of an author's or a release's name
	MaxPath      = 4096     // bytes of a path, quoted: PATH_MAX

	// MaxBody is the bytes of an entry's body: it has to fit a line of the
	// journal, beside its header.
	MaxBody = journal.MaxLine - 4<<10
)

// maxLine bounds lines and columns, so that they fit an int everywhere and a
// SARIF reader's 32-bit numbers.
const maxLine = 1<<31 - 1

// A Record is the body of a journal entry of kind EntryAnnotation.
type Record struct {
	Kind       Kind       `json:"kind"`
	Private    bool       `json:"private"`
	Text       string     `json:"text"`
	Locations  []Location `json:"locations"`
	Author     string     `json:"author"`
	Supersedes string     `json:"supersedes,omitempty"`
}

// A Withdrawal is the body of a journal entry of kind EntryWithdrawn.
type Withdrawal struct {
	ID     string `json:"id"`
	Author string `json:"author"`
	Reason string `json:"reason,omitempty"`
}

// New is the record of a fresh annotation from what was typed: line ends become
// "\n" and white space around the text goes. The result is valid on its own;
// [State.Check] says whether it fits the annotations that are there.
func New(kind Kind, private bool, text, author string, locations ...Location) (Record, error) {
	text = strings.NewReplacer("\r\n", "\n", "\r", "\n").Replace(text)
	r := Record{Kind: kind, Private: private, Text: strings.TrimSpace(text), Locations: locations, Author: author}
	return r, r.Validate()
}

// Validate says what keeps r from being recorded: an unknown kind, no text, no
// location, something beyond the limits or unprintable.
func (r Record) Validate() error {
	if !r.Kind.Known() {
		return fmt.Errorf("annotation of unknown kind %q; want note, question or concern", r.Kind)
	}
	if err := checkText("text", r.Text, MaxText); err != nil {
		return err
	}
	if err := checkName("author", r.Author); err != nil {
		return err
	}
	switch n := len(r.Locations); {
	case n == 0:
		return errors.New("annotation without a location: select what it is about")
	case n > MaxLocations:
		return fmt.Errorf("annotation with %d locations; the limit is %d", n, MaxLocations)
	}
	for i, l := range r.Locations {
		if err := l.Validate(); err != nil {
			return fmt.Errorf("location %d: %w", i+1, err)
		}
	}
	body, err := encode(r)
	if err != nil {
		return fmt.Errorf("annotation: %w", err)
	}
	if len(body) > MaxBody {
		return fmt.Errorf("annotation of %d bytes in the journal; the limit is %d: make two of it", len(body), MaxBody)
	}
	return nil
}

// Validate says what is wrong with w itself.
func (w Withdrawal) Validate() error {
	if w.ID == "" {
		return errors.New("withdrawal that names no annotation")
	}
	if err := checkName("author", w.Author); err != nil {
		return err
	}
	if w.Reason == "" {
		return nil
	}
	return checkText("reason", w.Reason, MaxText)
}

// Validate says what is wrong with l itself; whether the deposit has such a
// blob and place is not known here.
func (l Location) Validate() error {
	switch {
	case l.Span.Blob.IsZero():
		return errors.New("span without a blob")
	case l.Span.From < 0 || l.Span.To < l.Span.From:
		return fmt.Errorf("span [%d, %d) is not a range of bytes", l.Span.From, l.Span.To)
	}
	if err := checkName("release", l.Place.Release); err != nil {
		return err
	}
	if err := checkPath(l.Place.Path); err != nil {
		return err
	}
	if l.FromLine == 0 && l.FromColumn == 0 && l.ToLine == 0 && l.ToColumn == 0 {
		return nil // a binary blob has no lines
	}
	for _, n := range []int{l.FromLine, l.FromColumn, l.ToLine, l.ToColumn} {
		if n < 1 || n > maxLine {
			return fmt.Errorf("lines %d:%d to %d:%d: lines and columns count from 1", l.FromLine, l.FromColumn, l.ToLine, l.ToColumn)
		}
	}
	if l.ToLine < l.FromLine || l.ToLine == l.FromLine && l.ToColumn < l.FromColumn {
		return fmt.Errorf("lines %d:%d to %d:%d end before they begin", l.FromLine, l.FromColumn, l.ToLine, l.ToColumn)
	}
	return nil
}

// checkText holds s, which people read, to printable text: everything else
// would be shown differently from what was signed.
func checkText(what, s string, limit int) error {
	switch {
	case strings.TrimSpace(s) == "":
		return fmt.Errorf("%s is empty", what)
	case len(s) > limit:
		return fmt.Errorf("%s of %d bytes; the limit is %d", what, len(s), limit)
	case !utf8.ValidString(s):
		return fmt.Errorf("%s is not valid UTF-8", what)
	}
	for i, r := range s {
		if unicode.IsControl(r) && r != '\n' && r != '\t' {
			return fmt.Errorf("%s has the control character U+%04X at byte %d", what, r, i)
		}
	}
	return nil
}

// checkName is checkText for something that stands on one line.
func checkName(what, s string) error {
	if err := checkText(what, s, MaxName); err != nil {
		return err
	}
	if i := strings.IndexAny(s, "\n\t"); i >= 0 {
		return fmt.Errorf("%s has a line break or tab at byte %d", what, i)
	}
	return nil
}

func checkPath(p string) error {
	switch {
	case p == "":
		return errors.New("place without a path")
	case len(p) > MaxPath:
		return fmt.Errorf("path of %d bytes; the limit is %d", len(p), MaxPath)
	}
	raw, err := UnquotePath(p)
	if err != nil {
		return err
	}
	for _, name := range strings.Split(raw, "/") {
		if name == "" || name == "." || name == ".." {
			return fmt.Errorf("path %q is not one of a git tree", p)
		}
	}
	if QuotePath(raw) != p {
		return fmt.Errorf("path %q is not written as git quotes it, %q", p, QuotePath(raw))
	}
	return nil
}

// decode reads an entry's body into v, strictly: what the package comment
// shows, or an error. Encoding v again must give the same bytes, which rules
// out duplicate keys, other capitals, other number forms and spare fields.
func decode(body []byte, v any) error {
	if len(body) > MaxBody {
		return fmt.Errorf("body of %d bytes; the limit is %d", len(body), MaxBody)
	}
	d := json.NewDecoder(bytes.NewReader(body))
	d.DisallowUnknownFields()
	if err := d.Decode(v); err != nil {
		return fmt.Errorf("body: %w", err)
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return errors.New("body: more than one JSON value")
	}
	again, err := encode(v)
	if err != nil {
		return fmt.Errorf("body: %w", err)
	}
	if !bytes.Equal(body, again) {
		return errors.New("body is not the JSON that this program writes: a duplicate, misspelt or misplaced field")
	}
	return nil
}

// encode is a body as the journal writes it: compact, without HTML escapes.
func encode(v any) ([]byte, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		return nil, err
	}
	return bytes.TrimSuffix(b.Bytes(), []byte("\n")), nil
}
