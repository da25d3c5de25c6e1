package review

import (
	"fmt"
	"iter"
	"math/rand/v2"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	"vitrine/app/journal"
	"vitrine/index/deposit"
)

var day = time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)

func loc(path string, from, to int64) Location {
	return Location{
		Span: deposit.Span{Blob: deposit.Digest{1}, From: from, To: to}, Place: deposit.Place{Release: "v1", Path: path},
		FromLine: 1, FromColumn: 1, ToLine: 2, ToColumn: 1,
	}
}

func record(kind Kind, text, supersedes string) Record {
	return Record{Kind: kind, Text: text, Author: "Ada", Supersedes: supersedes, Locations: []Location{loc("a.c", 0, 9)}}
}

// entries makes journal entries of bodies: a Record, a Withdrawal, a string for
// a raw body, nil for a withheld annotation, or an Entry as it is.
func entries(t testing.TB, bodies ...any) []journal.Entry {
	t.Helper()
	var list []journal.Entry
	for i, b := range bodies {
		e := journal.Entry{N: int64(i + 1), Kind: EntryAnnotation, Time: day.Add(time.Duration(i) * time.Minute)}
		var err error
		switch b := b.(type) {
		case journal.Entry:
			e.Kind, e.Body = b.Kind, b.Body
		case string:
			e.Body = []byte(b)
		case Withdrawal:
			e.Kind = EntryWithdrawn
			e.Body, err = encode(b)
		case Record:
			e.Body, err = encode(b)
		}
		if err != nil {
			t.Fatal(err)
		}
		list = append(list, e)
	}
	return list
}

func seq(list []journal.Entry) iter.Seq2[journal.Entry, error] {
	return func(yield func(journal.Entry, error) bool) {
		for _, e := range list {
			if !yield(e, nil) {
				return
			}
		}
	}
}

func fold(t testing.TB, list []journal.Entry) *State {
	t.Helper()
	s, err := Fold(seq(list))
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func ids(list []Annotation) string {
	var s []string
	for _, a := range list {
		s = append(s, a.ID)
	}
	return strings.Join(s, " ")
}

// The worked example of the package comment.
func TestFold(t *testing.T) {
	s := fold(t, entries(t,
		journal.Entry{Kind: "visit", Body: []byte(`{}`)},
		record(Note, "length unchecked?", ""),
		record(Concern, "length unchecked", "A-1"),
		record(Note, "nice table", ""),
		Withdrawal{ID: "A-3", Author: "Ada"},
	))
	if got := ids(s.Annotations()); got != "A-2" {
		t.Errorf("current: %s, want A-2", got)
	}
	if got := ids(s.All()); got != "A-1 A-2 A-3" {
		t.Errorf("all: %s", got)
	}
	for _, of := range []string{"A-1", "A-2"} {
		if got := ids(s.History(of)); got != "A-1 A-2" {
			t.Errorf("history of %s: %s", of, got)
		}
	}
	if s.History("A-9") != nil {
		t.Error("there is a history of what does not exist")
	}
	a, ok := s.Annotation("A-2")
	if !ok || a.Entry != 3 || a.Kind != Concern || !a.Created.Equal(day.Add(2*time.Minute)) || a.Supersedes != "A-1" {
		t.Errorf("A-2 is %+v", a)
	}
	if got := s.NextID(); got != "A-4" {
		t.Errorf("next id %s", got)
	}
	if got := ids(s.On(deposit.Digest{1})); got != "A-2" {
		t.Errorf("on the blob: %s", got)
	}
	if got := s.On(deposit.Digest{2}); len(got) != 0 {
		t.Errorf("on another blob: %v", got)
	}
}

func TestStateIsNotShared(t *testing.T) {
	s := fold(t, entries(t, record(Note, "text", "")))
	s.Annotations()[0].Locations[0].Span.From = 7
	if a, _ := s.Annotation("A-1"); a.Locations[0].Span.From != 0 {
		t.Error("a caller's change reached the state")
	}
}

func TestApplyRefuses(t *testing.T) {
	good := record(Note, "text", "")
	for _, c := range []struct {
		name   string
		bodies []any
		want   string
	}{
		{"superseding nothing", []any{record(Note, "x", "A-1")}, `entry 1 (annotation): there is no annotation "A-1"`},
		{"superseding itself", []any{good, record(Note, "x", "A-2")}, `no annotation "A-2"`},
		{"superseding twice", []any{good, record(Note, "x", "A-1"), record(Note, "y", "A-1")}, "entry 3 (annotation): annotation A-1 is superseded by A-2"},
		{"superseding the withdrawn", []any{good, Withdrawal{ID: "A-1", Author: "Ada"}, record(Note, "x", "A-1")}, "annotation A-1 is withdrawn"},
		{"withdrawing twice", []any{good, Withdrawal{ID: "A-1", Author: "Ada"}, Withdrawal{ID: "A-1", Author: "Ada"}}, "entry 3 (annotation-withdrawn): annotation A-1 is withdrawn"},
		{"withdrawing the superseded", []any{good, record(Note, "x", "A-1"), Withdrawal{ID: "A-1", Author: "Ada"}}, "superseded by A-2"},
		{"withdrawing nothing", []any{Withdrawal{Author: "Ada"}}, "names no annotation"},
		{"no body", []any{""}, "EOF"},
		{"null", []any{"null"}, "body is not the JSON"},
		{"unknown field", []any{`{"kind":"note","severity":"high"}`}, "severity"},
		{"duplicate field", []any{`{"kind":"note","kind":"note","private":false,"text":"x","locations":[],"author":"a"}`}, "body is not the JSON"},
		{"other capitals", []any{`{"Kind":"note","private":false,"text":"x","locations":[],"author":"a"}`}, "body is not the JSON"},
		{"two values", []any{`{"kind":"note","private":false,"text":"x","locations":[],"author":"a"}{}`}, "more than one"},
		{"withheld superseded twice", []any{nil, record(Note, "x", "A-1"), record(Note, "y", "A-1")}, "A-1 is superseded by A-2"},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := Fold(seq(entries(t, c.bodies...)))
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("error %v, want one with %q", err, c.want)
			}
		})
	}
}

func TestApplyInOrder(t *testing.T) {
	list := entries(t, record(Note, "text", ""))
	s := fold(t, list)
	if err := s.Apply(list[0]); err == nil || !strings.Contains(err.Error(), "in order, once") {
		t.Errorf("an entry applied twice: %v", err)
	}
}

func TestWithheld(t *testing.T) {
	s := fold(t, entries(t,
		record(Note, "first", ""),
		nil, // A-2, may have superseded A-1
		record(Note, "third", "A-2"),
		journal.Entry{Kind: EntryWithdrawn},
	))
	if got := ids(s.Annotations()); got != "A-1 A-3" {
		t.Errorf("current: %s", got)
	}
	want := []Withheld{{Entry: 2, Kind: EntryAnnotation, ID: "A-2"}, {Entry: 4, Kind: EntryWithdrawn}}
	if got := s.Withheld(); !reflect.DeepEqual(got, want) {
		t.Errorf("withheld %+v, want %+v", got, want)
	}
	if h := s.History("A-3"); ids(h) != "A-2 A-3" || !h[0].Withheld {
		t.Errorf("history of A-3: %+v", h)
	}
}

func TestValidate(t *testing.T) {
	for _, c := range []struct {
		name   string
		change func(*Record)
		want   string
	}{
		{"kind", func(r *Record) { r.Kind = "rumour" }, `unknown kind "rumour"`},
		{"no text", func(r *Record) { r.Text = " \n\t" }, "text is empty"},
		{"long text", func(r *Record) { r.Text = strings.Repeat("x", MaxText+1) }, "the limit is 65536"},
		{"bad UTF-8", func(r *Record) { r.Text = "a\xff" }, "not valid UTF-8"},
		{"escape in text", func(r *Record) { r.Text = "a\x1b[2J" }, "control character U+001B at byte 1"},
		{"no author", func(r *Record) { r.Author = "" }, "author is empty"},
		{"author of two lines", func(r *Record) { r.Author = "a\nb" }, "line break"},
		{"no location", func(r *Record) { r.Locations = nil }, "without a location"},
		{"many locations", func(r *Record) { r.Locations = make([]Location, MaxLocations+1) }, "the limit is 256"},
		{"no blob", func(r *Record) { r.Locations[0].Span.Blob = deposit.Digest{} }, "location 1: span without a blob"},
		{"backwards", func(r *Record) { r.Locations[0].Span.To = -1 }, "not a range"},
		{"line 0", func(r *Record) { r.Locations[0].FromColumn = 0 }, "count from 1"},
		{"lines backwards", func(r *Record) { r.Locations[0].FromLine = 3 }, "end before they begin"},
		{"no release", func(r *Record) { r.Locations[0].Place.Release = "" }, "release is empty"},
		{"no path", func(r *Record) { r.Locations[0].Place.Path = "" }, "without a path"},
		{"path upwards", func(r *Record) { r.Locations[0].Place.Path = "a/../../b" }, "not one of a git tree"},
		{"raw path", func(r *Record) { r.Locations[0].Place.Path = "caf\xe9" }, `not written as git quotes it`},
		{"path in needless quotes", func(r *Record) { r.Locations[0].Place.Path = `"a.c"` }, "not written as git quotes it"},
		{"too long for a line", func(r *Record) {
			r.Locations = nil
			for range MaxLocations {
				r.Locations = append(r.Locations, loc(strings.Repeat("p", MaxPath), 0, 1))
			}
		}, "make two of it"},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := record(Note, "text", "")
			c.change(&r)
			if err := r.Validate(); err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("error %v, want one with %q", err, c.want)
			}
		})
	}
	r := record(Note, "text", "")
	r.Locations[0].FromLine, r.Locations[0].FromColumn, r.Locations[0].ToLine, r.Locations[0].ToColumn = 0, 0, 0, 0
	if err := r.Validate(); err != nil {
		t.Errorf("a binary blob without lines: %v", err)
	}
}

func TestNew(t *testing.T) {
	r, err := New(Question, true, "  why?\r\nreally\r", "Ada", loc("a.c", 1, 2))
	if err != nil || r.Text != "why?\nreally" || !r.Private || r.Kind != Question {
		t.Errorf("%+v, %v", r, err)
	}
}

// Whatever is written to a real journal folds back, the longest text included.
func TestThroughJournal(t *testing.T) {
	path := filepath.Join(t.TempDir(), "journal.jsonl")
	j, _, err := journal.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	live := new(State)
	add := func(kind string, body any) {
		t.Helper()
		e, err := j.Append(kind, body)
		if err != nil {
			t.Fatal(err)
		}
		if err := live.Apply(e); err != nil {
			t.Fatal(err)
		}
	}
	long := record(Note, strings.Repeat("\"", MaxText), "")
	for range 200 {
		long.Locations = append(long.Locations, loc(strings.Repeat("p", 3000), 0, 1))
	}
	if err := long.Validate(); err != nil {
		t.Fatal(err)
	}
	add(EntryAnnotation, record(Note, "a < b && c > d \u2028 \ufffd \\u003c {x}", ""))
	add("search", map[string]string{"query": "secret"})
	add(EntryAnnotation, long)
	add(EntryAnnotation, record(Concern, "better", "A-1"))
	add(EntryWithdrawn, Withdrawal{ID: "A-2", Author: "Ada", Reason: "too long"})
	again, err := Fold(j.Entries())
	if err != nil {
		t.Fatal(err)
	}
	if err := j.Close(); err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(live, again) {
		t.Errorf("folded again: %+v\nlive: %+v", again, live)
	}
	if got := ids(again.Annotations()); got != "A-3" {
		t.Errorf("current: %s", got)
	}
}

// fold(prefix) followed by Apply of the rest is fold of all, at every point, in
// journals of every shape; an entry that is refused changes nothing.
func TestFoldPrefixApply(t *testing.T) {
	for seed := range uint64(60) {
		r := rand.New(rand.NewPCG(seed, 7))
		list := journalOf(t, r, 40)
		all := fold(t, list)
		at := r.IntN(len(list) + 1)
		s := fold(t, list[:at])
		for _, e := range list[at:] {
			bad := e
			bad.Kind, bad.Body = EntryWithdrawn, []byte(`{"id":"A-999","author":"Eve"}`)
			before := fmt.Sprintf("%+v", s)
			if err := s.Apply(bad); err == nil {
				t.Fatal("a withdrawal of nothing was applied")
			}
			if fmt.Sprintf("%+v", s) != before {
				t.Fatalf("seed %d: a refused entry changed the state", seed)
			}
			if err := s.Apply(e); err != nil {
				t.Fatal(err)
			}
		}
		if !reflect.DeepEqual(s, all) {
			t.Fatalf("seed %d: fold of %d entries and the rest applied differs from the fold of all", seed, at)
		}
		checkInvariants(t, all)
	}
}

// journalOf is a random valid journal: annotations, changes, withdrawals, other
// kinds, withheld bodies.
func journalOf(t testing.TB, r *rand.Rand, n int) []journal.Entry {
	var list []journal.Entry
	s := new(State)
	for i := range n {
		var body any = journal.Entry{Kind: "search", Body: []byte(`{}`)}
		current := s.Annotations()
		switch k := r.IntN(10); {
		case k < 4:
			body = record(kinds[r.IntN(len(kinds))], fmt.Sprint("text ", i), "")
		case k < 6 && len(current) > 0:
			body = record(Note, fmt.Sprint("text ", i), current[r.IntN(len(current))].ID)
		case k == 6 && len(current) > 0:
			body = Withdrawal{ID: current[r.IntN(len(current))].ID, Author: "Ada"}
		case k == 7:
			body = nil
		case k == 8 && r.IntN(4) == 0:
			body = journal.Entry{Kind: EntryWithdrawn}
		}
		e := entries(t, body)[0]
		e.N = int64(i + 1)
		if err := s.Apply(e); err != nil {
			t.Fatal(err)
		}
		list = append(list, e)
	}
	return list
}

func checkInvariants(t *testing.T, s *State) {
	t.Helper()
	for i, a := range s.All() {
		if want := fmt.Sprintf("A-%d", i+1); a.ID != want {
			t.Errorf("annotation %d is %s, want %s", i, a.ID, want)
		}
		if h := s.History(a.ID); !strings.Contains(" "+ids(h)+" ", " "+a.ID+" ") {
			t.Errorf("%s is not in its own history %s", a.ID, ids(h))
		}
		if old, ok := s.Annotation(a.Supersedes); ok && (old.SupersededBy != a.ID || old.Current()) {
			t.Errorf("%s supersedes %s, which says %q", a.ID, old.ID, old.SupersededBy)
		}
	}
	for _, a := range s.Annotations() {
		if !a.Current() || a.Text == "" {
			t.Errorf("%+v is listed as current", a)
		}
	}
}

// FuzzApply holds body parsing to what it accepts: a body that is applied is
// the one that the journal would write for the same annotation.
func FuzzApply(f *testing.F) {
	for _, e := range entries(f, record(Note, "text", ""), record(Concern, "a\"\n<b>", "A-1"), Withdrawal{ID: "A-1", Author: "Ada", Reason: "r"}) {
		f.Add(e.Kind == EntryWithdrawn, e.Body)
	}
	f.Fuzz(func(t *testing.T, withdrawn bool, body []byte) {
		s := fold(t, entries(t, record(Note, "first", "")))
		e := journal.Entry{N: 2, Kind: EntryAnnotation, Time: day, Body: body}
		if withdrawn {
			e.Kind = EntryWithdrawn
		}
		if s.Apply(e) != nil || body == nil {
			return
		}
		if withdrawn {
			if a, _ := s.Annotation("A-1"); !a.Withdrawn {
				t.Fatalf("%q was applied and withdrew nothing", body)
			}
			return
		}
		a, ok := s.Annotation("A-2")
		again, err := encode(Record{a.Kind, a.Private, a.Text, a.Locations, a.Author, a.Supersedes})
		if !ok || err != nil || string(again) != string(body) {
			t.Fatalf("%q was applied as %q (%v)", body, again, err)
		}
	})
}
