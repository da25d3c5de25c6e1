package bundle

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"

	"vitrine/app/review"
	"vitrine/index/deposit"
)

const (
	formatAnnotations = "vitrine-annotations"
	formatStatement   = "vitrine-statement"
	version           = 1
)

// Limits of what a bundle holds. They bound what Verify takes into memory.
const (
	MaxAnnotations = 10_000   // annotations of one bundle
	MaxQuote       = 64 << 10 // bytes of one quotation of source text
)

const exportLess = "export fewer annotations or quote less"

// A List is annotations.json.
type List struct {
	Format      string         `json:"format"`
	Version     int            `json:"version"`
	Deposit     deposit.Digest `json:"deposit"`
	Annotations []Annotation   `json:"annotations"`
}

// An Annotation is one remark as it leaves. Whatever is private stays.
type Annotation struct {
	ID         string      `json:"id"`
	Entry      int64       `json:"entry"` // number of its journal entry
	Kind       review.Kind `json:"kind"`
	Author     string      `json:"author"`
	Created    string      `json:"created"` // RFC 3339, UTC, seconds
	Supersedes string      `json:"supersedes,omitempty"`
	Text       string      `json:"text"`
	Locations  []Location  `json:"locations"`
}

// A Location is a review.Location and, where source text may leave, its words.
type Location struct {
	review.Location
	Quote string `json:"quote,omitempty"`
}

// export is the list of what may leave, and how many private ones stay.
func export(in Input) (*List, int, error) {
	l := &List{Format: formatAnnotations, Version: version, Deposit: in.Deposit, Annotations: []Annotation{}}
	held, size := 0, 0
	for _, a := range in.Annotations {
		if !a.Current() {
			return nil, 0, fmt.Errorf("annotation %s is superseded, withdrawn or withheld; only current ones leave", a.ID)
		}
		if a.Private {
			held++
			continue
		}
		x := Annotation{
			ID: a.ID, Entry: a.Entry, Kind: a.Kind, Author: a.Author, Created: utc(a.Created),
			Supersedes: a.Supersedes, Text: a.Text, Locations: make([]Location, 0, len(a.Locations)),
		}
		for i, loc := range a.Locations {
			q, err := quote(in.Source, loc)
			if err != nil {
				return nil, 0, fmt.Errorf("annotation %s: quote location %d: %w", a.ID, i+1, err)
			}
			x.Locations = append(x.Locations, Location{Location: loc, Quote: q})
			size += len(q)
		}
		if size += len(a.Text); size > MaxFile { // told now, before it is encoded
			return nil, 0, fmt.Errorf("up to annotation %s there are %d bytes of text; the limit of a file is %d: %s", a.ID, size, MaxFile, exportLess)
		}
		l.Annotations = append(l.Annotations, x)
	}
	return l, held, nil
}

func quote(source func(review.Location) ([]byte, error), l review.Location) (string, error) {
	if source == nil || !l.Lines() { // what is in a binary is no text
		return "", nil
	}
	text, err := source(l)
	switch {
	case err != nil:
		return "", err
	case len(text) > MaxQuote:
		return "", fmt.Errorf("%d bytes of source; at most %d can be quoted", len(text), MaxQuote)
	case !utf8.Valid(text):
		return "", errors.New("the source text is not valid UTF-8")
	}
	return string(text), nil
}

// validate holds a list to what Prepare can have written, given the statement
// it stands beside.
func (l *List) validate(st *Statement) error {
	if err := checkFormat(l.Format, formatAnnotations, l.Version); err != nil {
		return err
	}
	switch {
	case l.Deposit != st.Deposit.Digest:
		return fmt.Errorf("deposit %s is not the statement's, %s", l.Deposit, st.Deposit.Digest)
	case l.Annotations == nil:
		return errors.New("annotations are null; an empty list is []")
	case len(l.Annotations) > MaxAnnotations:
		return fmt.Errorf("%d annotations; the limit is %d", len(l.Annotations), MaxAnnotations)
	}
	releases := make(map[string]bool, len(st.Deposit.Releases))
	for _, r := range st.Deposit.Releases {
		releases[r.Name] = true
	}
	last := 0
	blobs := make(map[deposit.Place]deposit.Digest) // what each place was seen to hold
	for i := range l.Annotations {
		n, err := l.Annotations[i].validate(st, releases, blobs)
		if err != nil {
			return fmt.Errorf("annotation %s: %w", l.Annotations[i].ID, err)
		}
		if n <= last {
			return fmt.Errorf("annotation %s does not come after the one before it", l.Annotations[i].ID)
		}
		last = n
	}
	if got := count(l, st.Counts.HeldBack); got != st.Counts {
		return fmt.Errorf("counts are %+v; the statement says %+v", got, st.Counts)
	}
	return nil
}

// validate also returns the number in the id, by which a list is sorted.
func (a *Annotation) validate(st *Statement, releases map[string]bool, blobs map[deposit.Place]deposit.Digest) (int, error) {
	n, err := number(a.ID)
	if err != nil {
		return 0, err
	}
	if a.Entry < 0 || a.Entry > st.Journal.N {
		return 0, fmt.Errorf("journal entry %d is not within the journal, whose head is entry %d", a.Entry, st.Journal.N)
	}
	if a.Supersedes != "" {
		old, err := number(a.Supersedes)
		if err != nil {
			return 0, err
		}
		if old >= n {
			return 0, fmt.Errorf("it supersedes %s, which is not older", a.Supersedes)
		}
	}
	if err := checkTime("created", a.Created); err != nil {
		return 0, err
	}
	if a.Author != st.Reviewer.Name {
		return 0, fmt.Errorf("its author is %q; the statement is %q's, who answers for no one else's words", a.Author, st.Reviewer.Name)
	}
	r := review.Record{Kind: a.Kind, Text: a.Text, Author: a.Author, Locations: make([]review.Location, len(a.Locations))}
	for i, l := range a.Locations {
		r.Locations[i] = l.Location
		if len(l.Quote) > MaxQuote || !utf8.ValidString(l.Quote) {
			return 0, fmt.Errorf("location %d: quotation is longer than %d bytes or not UTF-8", i+1, MaxQuote)
		}
		if l.Quote != "" && !l.Lines() {
			return 0, fmt.Errorf("location %d: text is quoted from a binary", i+1)
		}
		if !releases[l.Place.Release] {
			return 0, fmt.Errorf("location %d: the deposit has no release %q", i+1, l.Place.Release)
		}
		if b, ok := blobs[l.Place]; ok && b != l.Span.Blob {
			return 0, fmt.Errorf("location %d: %s of release %s is blob %s here and %s elsewhere", i+1, l.Place.Path, l.Place.Release, l.Span.Blob, b)
		}
		blobs[l.Place] = l.Span.Blob
	}
	return n, r.Validate()
}

// number is the n of "A-n".
func number(id string) (int, error) {
	digits, ok := strings.CutPrefix(id, "A-")
	n, err := strconv.Atoi(digits)
	if !ok || err != nil || n < 1 || strconv.Itoa(n) != digits {
		return 0, fmt.Errorf("%q is not an annotation's id, A-1, A-2 and so on", id)
	}
	return n, nil
}

// checkFormat refuses files of other formats, and newer versions by name.
func checkFormat(format, want string, v int) error {
	switch {
	case format != want:
		return fmt.Errorf("format %q, want %q", format, want)
	case v != version:
		return fmt.Errorf("version %d of %s; this program reads version %d: verify with the program that wrote it, or a newer one", v, want, version)
	}
	return nil
}
