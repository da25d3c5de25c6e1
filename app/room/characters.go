package room

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"unicode/utf8"

	"vitrine/index/character"
	"vitrine/index/content"
	"vitrine/index/spoof"
)

// charactersDir is the folder of a deposit's workspace that says in which texts there
// are characters that are not what they seem.
const charactersDir = "characters"

// A characters is what a Source knows of them.
type characters struct {
	derived[*character.Index]
	survey *character.Survey // under way, or paused
}

// CharacterState tells how far the survey of characters is.
func (s *Source) CharacterState() DerivedState {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.characters.state
}

// BuildCharacters opens what is known of the deposit's characters, or goes through
// all texts for it; it comes after BuildIndex. While it is under way it can be asked about
// what it has seen. A cancelled ctx ends it, and another call goes on from there.
func (s *Source) BuildCharacters(ctx context.Context, progress func(DerivedState)) error {
	err := s.characters.build(ctx, s, progress, func(c *content.Store, report func(done, total int64)) (*character.Index, string, error) {
		dir := filepath.Join(s.dir, charactersDir)
		return openPart(ctx, s.expects, charactersDir,
			func() (*character.Index, error) { return character.Open(dir, s.deposit.Digest()) },
			func(bool) error {
				survey := s.survey(c)
				if err := survey.Run(ctx, report); err != nil {
					if errors.Is(err, content.ErrDamaged) {
						err = errors.Join(err, content.Distrust(filepath.Join(s.dir, contentDir)))
					}
					return err
				}
				return survey.Write(dir)
			})
	})
	if err == nil {
		s.mu.Lock()
		s.characters.survey = nil // the index has it all
		s.mu.Unlock()
	}
	return err
}

// survey is the one that goes on.
func (s *Source) survey(c *content.Store) *character.Survey {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.characters.survey == nil {
		s.characters.survey = character.NewSurvey(s.deposit, c)
	}
	return s.characters.survey
}

// Characters lists the files of a release in which there are characters that are not what
// they seem, as far as the survey is.
func (s *Source) Characters(ctx context.Context, release string) (character.Release, error) {
	s.mu.Lock()
	c, known := s.content, character.Counter(s.characters.index)
	if s.characters.index == nil {
		known = s.characters.survey
	}
	none := s.characters.index == nil && s.characters.survey == nil
	s.mu.Unlock()
	if c == nil || none {
		return character.Release{}, ErrIndexNotReady
	}
	return character.Of(ctx, s.deposit, c, known, release)
}

// MaxOccurrences bounds the places that are listed of a release; all are counted.
const MaxOccurrences = 100_000

// An Occurrence is where one of a release's characters stands, with its line.
type Occurrence struct {
	character.Finding
	Excerpt  string // of the line, on both sides as much as fits a row; what is hidden is written as ‹RLO›
	From, To int    // bytes of Excerpt that stand for the finding
}

// An OccurrenceFile is the places in one file of a release.
type OccurrenceFile struct {
	character.File
	Found []Occurrence
}

// Occurrences yields the places in files that Characters gave, in that order, until yield
// returns false: MaxOccurrences of them at most, for which the texts are read again.
func (s *Source) Occurrences(ctx context.Context, files []character.File, yield func(OccurrenceFile) bool) error {
	s.mu.Lock()
	c := s.content
	s.mu.Unlock()
	if c == nil {
		return ErrIndexNotReady
	}
	c = c.With(s.chosen())
	left := MaxOccurrences
	for _, f := range files {
		t, err := c.Text(f.Blob)
		if err != nil {
			return fmt.Errorf("%s: %w", f.Place.Path, err)
		}
		found, _, err := character.In(ctx, f.Place.Path, t)
		if err != nil {
			return err
		}
		out := OccurrenceFile{File: f}
		for _, x := range found[:min(len(found), left)] {
			o := Occurrence{Finding: x}
			o.Excerpt, o.From, o.To = excerpt(t.Line(x.Line), x)
			out.Found = append(out.Found, o)
		}
		if left -= len(out.Found); !yield(out) || left == 0 {
			return nil
		}
	}
	return nil
}

// excerptBefore and excerptBehind are how many bytes of a line stand around a finding.
const excerptBefore, excerptBehind = 24, 160

// excerpt is what of a line is shown around a finding.
func excerpt(line []byte, f character.Finding) (text string, from, to int) {
	at := min(f.Col-1, len(line))
	end := min(at+len(f.Text), len(line))
	first, last := max(0, at-excerptBefore), min(len(line), end+excerptBehind)
	for first > 0 && !utf8.RuneStart(line[first]) {
		first--
	}
	for last < len(line) && !utf8.RuneStart(line[last]) {
		last++
	}
	before := strings.TrimLeft(seen(line[first:at]), " \t")
	if len(bytes.TrimSpace(line[:first])) > 0 { // an indent is not missed
		before = "… " + before
	}
	text = before + seen(line[at:end])
	return text + strings.TrimRight(seen(line[end:last]), "\r"), len(before), len(text)
}

// seen writes what is hidden by its label.
func seen(b []byte) string {
	if spoof.Plain(b) {
		return strings.ReplaceAll(string(b), "\t", " ")
	}
	var s strings.Builder
	for _, r := range string(b) {
		label, class := spoof.Hidden(r)
		switch {
		case r == '\t':
			s.WriteByte(' ')
		case class == spoof.None:
			s.WriteRune(r)
		case r != '\r' && r != '\n':
			s.WriteString("‹" + label + "›")
		default:
			s.WriteString("‹CR›")
		}
	}
	return s.String()
}

// CharactersIn goes through the text of a document that is shown.
func (s *Source) CharactersIn(ctx context.Context, d *Document) ([]character.Finding, character.Counts, error) {
	if d.Binary {
		return nil, character.Counts{}, nil
	}
	return character.In(ctx, d.Place.Path, d.Text)
}

// CharacterClasses are what there is to find, the most dangerous first.
func CharacterClasses() []spoof.Class { return spoof.Classes() }

// DescribeCharacter tells what the hidden character is with which a string begins; "" of
// another one.
func DescribeCharacter(s string) string { return character.Describe(s) }

// BuildCharacters is [Source.BuildCharacters]: nothing of the deposit is shown by it.
func (v *Visit) BuildCharacters(ctx context.Context, progress func(DerivedState)) error {
	return v.source.BuildCharacters(ctx, progress)
}

// Characters is [Source.Characters] while the visit lasts.
func (v *Visit) Characters(ctx context.Context, release string) (character.Release, error) {
	return looked(v, func() (character.Release, error) { return v.source.Characters(ctx, release) })
}

// Occurrences is [Source.Occurrences] while the visit lasts. Like what a search finds it is
// looked at without a record; opening a file is recorded.
func (v *Visit) Occurrences(ctx context.Context, files []character.File, yield func(OccurrenceFile) bool) error {
	if err := v.allowed(); err != nil {
		return err
	}
	return v.source.Occurrences(ctx, files, yield)
}

// CharactersIn is [Source.CharactersIn] while the visit lasts.
func (v *Visit) CharactersIn(ctx context.Context, d *Document) (list []character.Finding, counts character.Counts, err error) {
	list, err = looked(v, func() (out []character.Finding, err error) {
		out, counts, err = v.source.CharactersIn(ctx, d)
		return out, err
	})
	return list, counts, err
}
