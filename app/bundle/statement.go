package bundle

import (
	"encoding/hex"
	"errors"
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"vitrine/app/journal"
	"vitrine/app/review"
	"vitrine/index/deposit"
)

// Asserts is the sentence that a reviewer signs, the same in every bundle.
const Asserts = "The reviewer named here visited the deposit named here in this period and made the annotations in annotations.json. " +
	"Private annotations were held back and are counted. Nothing is asserted about source that no annotation names."

// Limits of a statement.
const (
	maxReleases = 1024 // releases of a deposit; the manifest is held to fewer bytes than these need
	maxLabel    = 1024 // bytes of a title or a name
)

// A Statement is statement.json: what the signature asserts, about what.
type Statement struct {
	Format   string   `json:"format"`
	Version  int      `json:"version"`
	Asserts  string   `json:"asserts"`
	Deposit  Subject  `json:"deposit"`
	Reviewer Reviewer `json:"reviewer"`
	Period   Period   `json:"period"`
	Journal  Head     `json:"journal"`
	Counts   Counts   `json:"counts"`
	Tool     string   `json:"tool"`
}

// A Subject is the deposit that a statement is about.
type Subject struct {
	Digest   deposit.Digest `json:"digest"` // SHA-256 of its manifest
	Title    string         `json:"title"`
	Vendor   string         `json:"vendor"`
	Releases []Release      `json:"releases"` // oldest first
}

// A Release is a named point of the deposit.
type Release struct {
	Name   string     `json:"name"`
	Commit deposit.ID `json:"commit"`
	Tree   deposit.ID `json:"tree"`
}

// A Period is from the reviewer's first entering, of which the journal tells, to
// the export, RFC 3339 in UTC.
type Period struct {
	Entered  string `json:"entered"`
	Exported string `json:"exported"`
}

// A Head is the newest entry of the journal when the export began.
type Head struct {
	N    int64  `json:"n"`
	Hash string `json:"hash"` // lower-case hex
}

// Counts says how much is in annotations.json and how much is not.
type Counts struct {
	Notes     int `json:"notes"`
	Questions int `json:"questions"`
	Concerns  int `json:"concerns"`
	Locations int `json:"locations"`
	Quotes    int `json:"quotes"`    // locations with source text
	HeldBack  int `json:"held_back"` // private annotations
}

// Annotations is how many annotations leave.
func (c Counts) Annotations() int { return c.Notes + c.Questions + c.Concerns }

func state(in Input, l *List, held int) Statement {
	st := Statement{
		Format: formatStatement, Version: version, Asserts: Asserts,
		Deposit:  Subject{Digest: in.Deposit, Title: in.Title, Vendor: in.Vendor, Releases: make([]Release, 0, len(in.Releases))},
		Reviewer: in.Reviewer,
		Period:   Period{Entered: utc(in.Entered), Exported: utc(in.Exported)},
		Journal:  head(in.Journal),
		Counts:   count(l, held),
		Tool:     in.Tool,
	}
	for _, r := range in.Releases {
		st.Deposit.Releases = append(st.Deposit.Releases, Release{Name: r.Name, Commit: r.Commit, Tree: r.Tree})
	}
	return st
}

func head(h journal.Head) Head { return Head{N: h.N, Hash: h.Hash} }

func count(l *List, held int) Counts {
	c := Counts{HeldBack: held}
	for _, a := range l.Annotations {
		switch a.Kind {
		case review.Note:
			c.Notes++
		case review.Question:
			c.Questions++
		case review.Concern:
			c.Concerns++
		}
		c.Locations += len(a.Locations)
		for _, loc := range a.Locations {
			if loc.Quote != "" {
				c.Quotes++
			}
		}
	}
	return c
}

// validate holds a statement to what Prepare can have written.
func (st *Statement) validate() error {
	if err := checkFormat(st.Format, formatStatement, st.Version); err != nil {
		return err
	}
	if st.Asserts != Asserts {
		return errors.New("asserts something else than statements of this version do")
	}
	if st.Deposit.Digest.IsZero() {
		return errors.New("names no deposit")
	}
	for _, f := range []struct{ what, value string }{
		{"deposit.title", st.Deposit.Title}, {"deposit.vendor", st.Deposit.Vendor},
		{"reviewer.name", st.Reviewer.Name}, {"reviewer.organisation", st.Reviewer.Organisation}, {"tool", st.Tool},
	} {
		if f.value == "" && f.what != "reviewer.name" && f.what != "tool" {
			continue // a deposit without a title is still a deposit
		}
		if err := checkLabel(f.what, f.value); err != nil {
			return err
		}
	}
	switch n := len(st.Deposit.Releases); {
	case n == 0:
		return errors.New("names no release")
	case n > maxReleases:
		return fmt.Errorf("names %d releases; the limit is %d", n, maxReleases)
	}
	seen := make(map[string]bool, len(st.Deposit.Releases))
	for _, r := range st.Deposit.Releases {
		if err := checkLabel("release", r.Name); err != nil {
			return err
		}
		if seen[r.Name] {
			return fmt.Errorf("names release %q twice", r.Name)
		}
		seen[r.Name] = true
	}
	if !strings.HasPrefix(st.Reviewer.Fingerprint, "SHA256:") || len(st.Reviewer.Fingerprint) != len("SHA256:")+43 {
		return fmt.Errorf("reviewer.fingerprint %q is not a key's SHA256 fingerprint", st.Reviewer.Fingerprint)
	}
	if b, err := hex.DecodeString(st.Journal.Hash); err != nil || len(b) != 32 || strings.ToLower(st.Journal.Hash) != st.Journal.Hash || st.Journal.N < 0 {
		return fmt.Errorf("journal head %d %q is not an entry's number and SHA-256", st.Journal.N, st.Journal.Hash)
	}
	if st.Counts.HeldBack < 0 {
		return fmt.Errorf("counts.held_back is %d", st.Counts.HeldBack)
	}
	if err := checkTime("period.entered", st.Period.Entered); err != nil {
		return err
	}
	if err := checkTime("period.exported", st.Period.Exported); err != nil {
		return err
	}
	if st.Period.Exported < st.Period.Entered { // same form, same zone: order of text is order of time
		return fmt.Errorf("period ends at %s, before it begins at %s", st.Period.Exported, st.Period.Entered)
	}
	return nil
}

// checkLabel holds s to one line of printable text.
func checkLabel(what, s string) error {
	switch {
	case strings.TrimSpace(s) == "":
		return fmt.Errorf("%s is empty", what)
	case len(s) > maxLabel:
		return fmt.Errorf("%s has %d bytes; the limit is %d", what, len(s), maxLabel)
	case !utf8.ValidString(s) || strings.ContainsFunc(s, unicode.IsControl):
		return fmt.Errorf("%s is not one line of printable UTF-8", what)
	}
	return nil
}
