package review

import (
	"fmt"
	"iter"

	"vitrine/app/journal"
	"vitrine/index/deposit"
)

// MaxAnnotations bounds a fold. A reviewer writes hundreds; a journal with more
// than this was not written by one, and a state lives in memory.
const MaxAnnotations = 100_000

// A State is what the entries read so far amount to. The zero value is the
// state before the first entry. It is not safe for concurrent use.
type State struct {
	last     int64        // number of the last entry applied
	all      []Annotation // one for each annotation entry; position n-1 is A-n
	withheld []Withheld
	index    map[string]int // id → position in all
	checks   []Checked
	evidence []Evidence
}

// Withheld is an entry whose body was taken out of the journal.
type Withheld struct {
	Entry int64
	Kind  string // EntryAnnotation or EntryWithdrawn
	ID    string // of the annotation; "" for a withdrawal, whose object is unknown
}

// Fold applies entries in order. It stops at the first that cannot be: the
// error names it.
func Fold(entries iter.Seq2[journal.Entry, error]) (*State, error) {
	s := new(State)
	for e, err := range entries {
		if err != nil {
			return nil, err
		}
		if err := s.Apply(e); err != nil {
			return nil, err
		}
	}
	return s, nil
}

// Apply takes one more entry, which comes after those applied before; kinds of
// other packages are passed over. After an error s is as it was.
func (s *State) Apply(e journal.Entry) error {
	if e.N <= s.last && s.last > 0 {
		return fmt.Errorf("journal entry %d comes after entry %d: entries are applied in order, once", e.N, s.last)
	}
	var err error
	switch e.Kind {
	case EntryAnnotation:
		err = s.annotate(e)
	case EntryWithdrawn:
		err = s.withdraw(e)
	case EntryChecked:
		err = s.checked(e)
	case EntryBuilt:
		err = s.built(e)
	}
	if err != nil {
		return fmt.Errorf("journal entry %d (%s): %w", e.N, e.Kind, err)
	}
	s.last = e.N
	return nil
}

func (s *State) annotate(e journal.Entry) error {
	if len(s.all) >= MaxAnnotations {
		return fmt.Errorf("more than %d annotations in one journal", MaxAnnotations)
	}
	name := s.NextID()
	if e.Body == nil {
		s.withheld = append(s.withheld, Withheld{Entry: e.N, Kind: e.Kind, ID: name})
		s.add(Annotation{ID: name, Entry: e.N, Created: e.Time.UTC(), Withheld: true})
		return nil
	}
	var r Record
	if err := decode(e.Body, &r); err != nil {
		return err
	}
	if err := s.Check(r); err != nil {
		return err
	}
	if i, ok := s.index[r.Supersedes]; ok {
		s.all[i].SupersededBy = name
	}
	s.add(Annotation{
		ID: name, Entry: e.N, Kind: r.Kind, Private: r.Private, Text: r.Text, Locations: r.Locations,
		Author: r.Author, Created: e.Time.UTC(), Supersedes: r.Supersedes,
	})
	return nil
}

func (s *State) add(a Annotation) {
	if s.index == nil {
		s.index = make(map[string]int)
	}
	s.index[a.ID] = len(s.all)
	s.all = append(s.all, a)
}

func (s *State) withdraw(e journal.Entry) error {
	if e.Body == nil {
		s.withheld = append(s.withheld, Withheld{Entry: e.N, Kind: e.Kind})
		return nil
	}
	var w Withdrawal
	if err := decode(e.Body, &w); err != nil {
		return err
	}
	if err := s.CheckWithdrawal(w); err != nil {
		return err
	}
	s.all[s.index[w.ID]].Withdrawn = true
	return nil
}

// Check says what keeps r from being recorded next: see [Record.Validate], and
// what it supersedes must stand. Callers check before they write the entry,
// since what is in the journal stays there.
func (s *State) Check(r Record) error {
	if err := r.Validate(); err != nil {
		return err
	}
	if r.Supersedes == "" {
		return nil
	}
	return s.standing(r.Supersedes)
}

// CheckWithdrawal is Check for a withdrawal.
func (s *State) CheckWithdrawal(w Withdrawal) error {
	if err := w.Validate(); err != nil {
		return err
	}
	return s.standing(w.ID)
}

// standing says why the annotation cannot be superseded or withdrawn. One whose
// body is withheld can: what happened to it since is not known to be wrong.
func (s *State) standing(name string) error {
	i, ok := s.index[name]
	switch {
	case !ok:
		return fmt.Errorf("there is no annotation %q", name)
	case s.all[i].Withdrawn:
		return fmt.Errorf("annotation %s is withdrawn", name)
	case s.all[i].SupersededBy != "":
		return fmt.Errorf("annotation %s is superseded by %s: change that one", name, s.all[i].SupersededBy)
	}
	return nil
}

// Annotations returns those that stand, private ones included, in journal
// order. The slice is the caller's.
func (s *State) Annotations() []Annotation {
	return s.collect(Annotation.Current)
}

// All returns every annotation ever made, in journal order: superseded,
// withdrawn and withheld ones included.
func (s *State) All() []Annotation {
	return s.collect(func(Annotation) bool { return true })
}

// On returns those that stand with a location in the blob: what a gutter marks.
func (s *State) On(blob deposit.Digest) []Annotation {
	return s.collect(func(a Annotation) bool {
		if !a.Current() {
			return false
		}
		for _, l := range a.Locations {
			if l.Span.Blob == blob {
				return true
			}
		}
		return false
	})
}

func (s *State) collect(keep func(Annotation) bool) []Annotation {
	out := make([]Annotation, 0, len(s.all))
	for _, a := range s.all {
		if keep(a) {
			out = append(out, a.clone())
		}
	}
	return out
}

// Annotation returns the one with this id, whatever became of it.
func (s *State) Annotation(name string) (Annotation, bool) {
	i, ok := s.index[name]
	if !ok {
		return Annotation{}, false
	}
	return s.all[i].clone(), true
}

// History returns the line of annotations that name belongs to, oldest first,
// from the first version to the one that stands (or was withdrawn). A version
// whose body is withheld is in it without a text, and the line begins there,
// since what it superseded is not known. It is nil when there is no such
// annotation.
func (s *State) History(name string) []Annotation {
	a, ok := s.Annotation(name)
	if !ok {
		return nil
	}
	for {
		older, ok := s.Annotation(a.Supersedes)
		if !ok {
			break
		}
		a = older
	}
	line := []Annotation{a}
	for {
		newer, ok := s.Annotation(line[len(line)-1].SupersededBy)
		if !ok {
			return line
		}
		line = append(line, newer)
	}
}

// Withheld lists the entries whose bodies were taken out, in journal order.
// While it is not empty, Annotations may hold too much and too little.
func (s *State) Withheld() []Withheld { return append([]Withheld(nil), s.withheld...) }

// NextID is the id that the next annotation recorded will have.
func (s *State) NextID() string { return id(len(s.all) + 1) }
