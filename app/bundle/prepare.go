package bundle

import (
	"fmt"
	"time"

	"vitrine/app/journal"
	"vitrine/app/review"
	"vitrine/index/deposit"
)

// An Input is everything a bundle is made from. Equal inputs give equal bytes.
type Input struct {
	Deposit  deposit.Digest // of the deposit's manifest
	Title    string         // the deposit's, as its manifest has it
	Vendor   string
	Releases []deposit.Release // every release of the deposit, oldest first
	Reviewer Reviewer
	// Annotations are the current ones. Private ones are dropped here and
	// counted as held back; superseded, withdrawn and withheld ones are refused.
	Annotations []review.Annotation
	Journal     journal.Head // of the journal when the export began
	Entered     time.Time    // when the reviewer first entered; seconds are kept
	Exported    time.Time
	Tool        string // name and version of the program, e.g. "vitrine 0.1"
	// Source returns the decoded text of a location, to be quoted; nil bytes
	// quote nothing, and binaries are not asked for. When Source is nil no
	// source text leaves.
	Source func(review.Location) ([]byte, error)
}

// A Reviewer is who signs.
type Reviewer struct {
	Name         string `json:"name"`
	Organisation string `json:"organisation,omitempty"`
	Fingerprint  string `json:"fingerprint"` // of the signing key, "SHA256:…"
}

// A File is one file of a bundle.
type File struct {
	Name string
	Data []byte
}

// A Draft is a bundle before it is signed: exactly the bytes that will leave,
// save for the signature itself. Files must not be changed; Sign notices.
type Draft struct {
	Files       []File // in the order of the zip
	Statement   Statement
	HeldBack    int // private annotations that stay
	Annotations int // annotations that leave
}

// Prepare makes the files of a bundle. An error names the annotation that
// cannot leave, and why.
func Prepare(in Input) (*Draft, error) {
	list, held, err := export(in)
	if err != nil {
		return nil, fmt.Errorf("prepare the bundle: %w", err)
	}
	st := state(in, list, held)
	if err := st.validate(); err != nil {
		return nil, fmt.Errorf("prepare the bundle: %w", err)
	}
	if err := list.validate(&st); err != nil {
		return nil, fmt.Errorf("prepare the bundle: %w", err)
	}
	d := &Draft{Statement: st, HeldBack: held, Annotations: len(list.Annotations)}
	sarif, err := findings(&st, list)
	if err != nil {
		return nil, fmt.Errorf("prepare the bundle: %w", err)
	}
	for _, f := range []struct {
		name string
		v    any
	}{{nameAnnotations, list}, {nameFindings, sarif}, {nameStatement, &st}} {
		data, err := encode(f.v)
		if err != nil {
			return nil, fmt.Errorf("prepare %s: %w", f.name, err)
		}
		if len(data) > MaxFile {
			return nil, fmt.Errorf("prepare %s: %d bytes; the limit is %d: %s", f.name, len(data), MaxFile, exportLess)
		}
		d.Files = append(d.Files, File{f.name, data})
	}
	d.Files = append([]File{{nameSums, sums(d.Files)}}, d.Files...)
	return d, nil
}

// File returns the bytes of the file with this name, nil if there is none.
func (d *Draft) File(name string) []byte { return find(d.Files, name) }

func find(files []File, name string) []byte {
	for _, f := range files {
		if f.Name == name {
			return f.Data
		}
	}
	return nil
}

// utc is the form of every time in a bundle.
func utc(t time.Time) string { return t.UTC().Format(time.RFC3339) }

// checkTime accepts exactly what utc writes.
func checkTime(what, s string) error {
	t, err := time.Parse(time.RFC3339, s)
	if err != nil {
		return fmt.Errorf("%s %q is not a time of RFC 3339", what, s)
	}
	if utc(t) != s {
		return fmt.Errorf("%s %q is not in UTC to the second, like %s", what, s, utc(t))
	}
	if t.Unix() <= 0 {
		return fmt.Errorf("%s %q is not set", what, s)
	}
	return nil
}
