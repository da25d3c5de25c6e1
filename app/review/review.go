// Package review is what the reviewer judged: the annotations of one visit, and
// the files that were compared with what the vendor ships, as a fold over the
// entries of its journal.
//
// It knows which journal entries speak of them, what their bodies say and what
// follows from their order. It must not know signatures, files or
// screens; the journal is the truth and a [State] can always be thrown away and
// folded again.
//
// # Journal entries
//
// Four kinds of entry belong to this package; every other kind is passed over.
// The body of an entry is one JSON object with exactly the fields shown, in
// this order; optional ones (marked ?) are absent when empty.
//
//	annotation            {"kind":"concern","private":false,"text":"…","locations":[…],
//	                       "author":"Ada Lovelace","supersedes"?:"A-1"}
//	annotation-withdrawn  {"id":"A-2","author":"Ada Lovelace","reason"?:"…"}
//	artifact-checked      {"file":"engine.deb","sha256":"…","size":48213,"release":"v1",
//	                       "artifact":"engine-1.0.deb","standing":"listed|renamed|differs|unlisted"}
//	build-evidence        {"statement":"{…}","signature":"-----BEGIN SSH SIGNATURE-----…",
//	                       "signer":"Ann Lee","role":"reviewer","fingerprint":"SHA256:…"}
//
// statement is the text of package evidence, as it was signed, and a location is
//
//	{"span":{"blob":"<sha-256>","from":412,"to":447},
//	 "place":{"release":"v2","path":"engine/scan.c"},
//	 "from_line":17,"from_column":5,"to_line":17,"to_column":40}
//
// The span is what the annotation is about: bytes of a blob, the same in every
// release that has the blob. Place, lines and columns say how it was seen.
// Lines and columns are 1-based; columns count Unicode code points of the
// decoded line, which is what SARIF counts, and the end is the position after
// the last character. All four are 0 in a binary blob, which has no lines. [At]
// makes a location from the byte columns of a screen.
//
// A path that is not valid UTF-8, has control characters or begins with a
// double quote is written as git prints it: in double quotes, with such bytes
// as \ooo (see [QuotePath]).
//
// # Identifiers
//
// The n-th entry of kind "annotation" in a journal, counted from 1, is A-n. The
// id therefore needs no storing and cannot be chosen.
//
// # Superseding and withdrawing
//
// Nothing is edited. A changed annotation is a new entry, with its own id, that
// names the one it supersedes; a withdrawn one stays in the record, marked.
// Both need a current annotation as their object:
//
//	entry  4  annotation            note     "length unchecked?"              A-1
//	entry  9  annotation            concern  "length unchecked" supersedes A-1  A-2
//	entry 12  annotation            note     "nice table"                     A-3
//	entry 13  annotation-withdrawn  A-3
//
// leaves A-2 as the one current annotation, with the history.
//
// # Withheld bodies
//
// A journal may be handed on with bodies taken out. A withheld annotation keeps
// its id and is listed by [State.Withheld]; whatever it superseded still shows
// as current, and a withheld withdrawal leaves its object current. Who shows a
// state with withheld entries has to say so.
package review

import (
	"fmt"
	"slices"
	"time"

	"vitrine/index/deposit"
)

// The journal kinds whose entries this package reads and whose bodies it
// defines: [Record] and [Withdrawal].
const (
	EntryAnnotation = "annotation"
	EntryWithdrawn  = "annotation-withdrawn"
)

// A Kind says what an annotation is meant to be.
type Kind string

const (
	Note     Kind = "note"     // a remark; asks for nothing
	Question Kind = "question" // the vendor is asked to explain
	Concern  Kind = "concern"  // the reviewer sees a problem, not yet rated
)

// kinds is every kind, mildest first.
var kinds = [...]Kind{Note, Question, Concern}

// Known reports whether k is one of the kinds above.
func (k Kind) Known() bool { return slices.Contains(kinds[:], k) }

// A Location is one span of an annotation and how it was seen. What counts is
// the span; lines and columns are 1-based, columns in code points, the end
// exclusive; all four are 0 in a binary blob.
type Location struct {
	Span       deposit.Span  `json:"span"`
	Place      deposit.Place `json:"place"` // Path as QuotePath writes it
	FromLine   int           `json:"from_line"`
	FromColumn int           `json:"from_column"`
	ToLine     int           `json:"to_line"`
	ToColumn   int           `json:"to_column"`
}

// An Annotation is one remark as the fold leaves it.
type Annotation struct {
	ID           string     `json:"id"`    // "A-1", "A-2" … in journal order
	Entry        int64      `json:"entry"` // number of its journal entry
	Kind         Kind       `json:"kind"`
	Private      bool       `json:"private"` // never leaves the room
	Text         string     `json:"text"`
	Locations    []Location `json:"locations"`
	Author       string     `json:"author"`
	Created      time.Time  `json:"created"` // UTC, time of the journal entry
	Supersedes   string     `json:"supersedes,omitempty"`
	SupersededBy string     `json:"superseded_by,omitempty"`
	Withdrawn    bool       `json:"withdrawn,omitempty"`
	Withheld     bool       `json:"withheld,omitempty"` // body taken out of the journal: only ID, Entry and Created are known
}

// Current reports whether a still stands and can be read: neither superseded
// nor withdrawn nor withheld.
func (a Annotation) Current() bool { return a.SupersededBy == "" && !a.Withdrawn && !a.Withheld }

// clone is a copy that shares no memory with a, so that what State hands out
// can be kept and changed.
func (a Annotation) clone() Annotation {
	a.Locations = append([]Location(nil), a.Locations...)
	return a
}

// id names the n-th annotation of a journal.
func id(n int) string { return fmt.Sprintf("A-%d", n) }
