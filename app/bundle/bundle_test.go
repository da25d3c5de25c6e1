package bundle

import (
	"bytes"
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"golang.org/x/crypto/ssh"

	"vitrine/app/journal"
	"vitrine/app/review"
	"vitrine/index/deposit"
	"vitrine/index/seal"
)

var (
	entered  = time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)
	exported = time.Date(2026, 3, 2, 16, 30, 0, 123456, time.FixedZone("CET", 3600))
)

// key is a fixed key of a test: the same bytes in every run.
func key(t testing.TB, name string) ssh.Signer {
	t.Helper()
	seed := sha256.Sum256([]byte(name))
	s, err := ssh.NewSignerFromKey(ed25519.NewKeyFromSeed(seed[:]))
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func trust(t testing.TB, signers ...ssh.Signer) *seal.Signers {
	t.Helper()
	var file string
	for _, s := range signers {
		file += strings.TrimSuffix(seal.Line("ada@example.org", s.PublicKey(), Namespace), "\n") + "\n"
	}
	list, err := seal.ParseSigners([]byte(file))
	if err != nil {
		t.Fatal(err)
	}
	return list
}

func at(release, path string, blob byte, from, to int64, lines ...int) review.Location {
	return review.Location{
		Span: deposit.Span{Blob: deposit.Digest{blob}, From: from, To: to}, Place: deposit.Place{Release: release, Path: path},
		FromLine: lines[0], FromColumn: lines[1], ToLine: lines[2], ToColumn: lines[3],
	}
}

// example is the input of the worked example in the package comment, and a
// little of everything else.
func example(t testing.TB) Input {
	t.Helper()
	return Input{
		Deposit: deposit.Digest{0xd0}, Title: "Engine", Vendor: "Example AV",
		Releases: []deposit.Release{{Name: "v1", Commit: deposit.ID{1}, Tree: deposit.ID{2}}, {Name: "v2", Commit: deposit.ID{3}, Tree: deposit.ID{4}}},
		Reviewer: Reviewer{Name: "Ada Lovelace", Organisation: "Analytical Ltd", Fingerprint: seal.Fingerprint(key(t, "ada").PublicKey())},
		Annotations: []review.Annotation{
			{ID: "A-1", Entry: 4, Kind: review.Note, Text: "Says {0} & [x](1) in <b>?", Author: "Ada Lovelace", Created: entered,
				Locations: []review.Location{at("v1", "engine/scan.c", 1, 412, 447, 17, 5, 17, 40)}},
			{ID: "A-2", Entry: 5, Kind: review.Note, Private: true, Text: "top secret thought", Author: "Ada Lovelace", Created: entered,
				Locations: []review.Location{at("v1", "engine/secret.c", 9, 0, 1, 1, 1, 1, 2)}},
			{ID: "A-4", Entry: 9, Kind: review.Concern, Text: "length unchecked", Author: "Ada Lovelace", Created: entered.Add(time.Hour), Supersedes: "A-3",
				Locations: []review.Location{
					at("v2", "engine/scan.c", 2, 412, 447, 17, 5, 17, 40),
					at("v2", "doc/a b:c?.md", 3, 0, 10, 1, 1, 2, 1),
					at("v1", "engine/scan.c", 1, 412, 447, 17, 5, 17, 40),
				}},
			{ID: "A-5", Entry: 10, Kind: review.Question, Text: "what is this?", Author: "Ada Lovelace", Created: entered.Add(time.Hour),
				Locations: []review.Location{at("v2", `"caf\351.bin"`, 4, 0, 4096, 0, 0, 0, 0)}},
		},
		Journal: journal.Head{N: 12, Hash: strings.Repeat("ab", 32)},
		Entered: entered, Exported: exported, Tool: "vitrine 0.1",
	}
}

func prepare(t testing.TB, in Input) *Draft {
	t.Helper()
	d, err := Prepare(in)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func signed(t testing.TB, in Input) *Bundle {
	t.Helper()
	b, err := prepare(t, in).Sign(key(t, "ada"))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// small is a bundle with as few bytes as one can have, for the tests that try
// each of them.
func small(t testing.TB) Input {
	in := example(t)
	in.Releases = in.Releases[:1]
	in.Annotations = in.Annotations[:1]
	return in
}

func TestRoundTrip(t *testing.T) {
	b := signed(t, example(t))
	path := filepath.Join(t.TempDir(), "review.zip")
	if err := b.WriteFile(path); err != nil {
		t.Fatal(err)
	}
	r, err := Verify(path, trust(t, key(t, "ada")), exported)
	if err != nil {
		t.Fatal(err)
	}
	if !r.Verified || r.Principal != "ada@example.org" || r.Fingerprint != r.Statement.Reviewer.Fingerprint || r.Digest != b.Digest() {
		t.Errorf("report %+v", r)
	}
	want := Counts{Notes: 1, Questions: 1, Concerns: 1, Locations: 5, HeldBack: 1}
	if r.Statement.Counts != want || r.Statement.Period.Exported != "2026-03-02T15:30:00Z" {
		t.Errorf("statement %+v", r.Statement)
	}
	if len(r.Annotations) != 3 || r.Annotations[0].Text != "Says {0} & [x](1) in <b>?" || r.Annotations[1].Locations[1].Place.Path != "doc/a b:c?.md" {
		t.Errorf("annotations %+v", r.Annotations)
	}
	s, err := Show(path)
	if err != nil {
		t.Fatal(err)
	}
	if s.Verified || s.Principal != "" || len(s.Annotations) != 3 || s.Fingerprint != r.Fingerprint {
		t.Errorf("shown %+v", s)
	}
}

func TestDeterministic(t *testing.T) {
	a, b := signed(t, example(t)), signed(t, example(t))
	if !bytes.Equal(a.Bytes(), b.Bytes()) {
		t.Error("two bundles of the same input differ")
	}
}

// What is private does not leave, nor does source text that was not asked for.
func TestNothingElseLeaves(t *testing.T) {
	d := prepare(t, example(t))
	if d.HeldBack != 1 || d.Annotations != 3 {
		t.Errorf("held back %d, leaving %d", d.HeldBack, d.Annotations)
	}
	for _, f := range d.Files {
		for _, s := range []string{"secret", "private", "snippet", "quote\"", "A-2"} {
			if bytes.Contains(f.Data, []byte(s)) {
				t.Errorf("%s contains %q", f.Name, s)
			}
		}
	}
}

func TestQuotes(t *testing.T) {
	in := example(t)
	in.Source = func(l review.Location) ([]byte, error) {
		if !l.Lines() {
			t.Error("a binary is quoted")
		}
		return []byte("if (n > len)\n\treturn \"größe\";"), nil
	}
	d := prepare(t, in)
	if d.Statement.Counts.Quotes != 4 {
		t.Errorf("counts %+v", d.Statement.Counts)
	}
	for _, name := range []string{"annotations.json", "findings.sarif"} {
		if n := bytes.Count(d.File(name), []byte(`if (n > len)\n\treturn \"größe\";`)); n != 4 {
			t.Errorf("%s quotes %d times", name, n)
		}
	}
	for _, c := range []struct {
		text []byte
		err  error
		want string
	}{
		{nil, errors.New("blob is gone"), "annotation A-1: quote location 1: blob is gone"},
		{make([]byte, MaxQuote+1), nil, "at most 65536"},
		{[]byte("\xff"), nil, "not valid UTF-8"},
	} {
		in.Source = func(review.Location) ([]byte, error) { return c.text, c.err }
		if _, err := Prepare(in); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("error %v, want %q", err, c.want)
		}
	}
}

func TestEmptyReview(t *testing.T) {
	in := example(t)
	in.Annotations = nil
	d := prepare(t, in)
	if !bytes.Contains(d.File(nameAnnotations), []byte(`"annotations": []`)) || !bytes.Contains(d.File(nameFindings), []byte(`"runs": []`)) {
		t.Error("an empty review is not written as one")
	}
	signed(t, in)
}

func TestPrepareRefuses(t *testing.T) {
	for _, c := range []struct {
		name   string
		change func(*Input)
		want   string
	}{
		{"withdrawn", func(in *Input) { in.Annotations[0].Withdrawn = true }, "annotation A-1 is superseded, withdrawn or withheld"},
		{"superseded", func(in *Input) { in.Annotations[0].SupersededBy = "A-4" }, "annotation A-1 is superseded"},
		{"withheld", func(in *Input) { in.Annotations[0].Withheld = true }, "annotation A-1 is superseded"},
		{"unknown release", func(in *Input) { in.Releases = in.Releases[:1] }, `annotation A-4: location 1: the deposit has no release "v2"`},
		{"twice", func(in *Input) { in.Annotations[2].ID, in.Annotations[2].Supersedes = "A-1", "" }, "does not come after"},
		{"strange id", func(in *Input) { in.Annotations[0].ID = "A-01" }, "not an annotation's id"},
		{"beyond the journal", func(in *Input) { in.Journal.N = 9 }, "journal entry 10 is not within the journal"},
		{"two blobs at one place", func(in *Input) { in.Annotations[2].Locations[2].Span.Blob[0] = 77 }, "elsewhere"},
		{"no releases", func(in *Input) { in.Releases = nil }, "names no release"},
		{"release twice", func(in *Input) { in.Releases[1].Name = "v1" }, `names release "v1" twice`},
		{"no deposit", func(in *Input) { in.Deposit = deposit.Digest{} }, "names no deposit"},
		{"no name", func(in *Input) { in.Reviewer.Name = "" }, "reviewer.name is empty"},
		{"no key", func(in *Input) { in.Reviewer.Fingerprint = "ada" }, "fingerprint"},
		{"no tool", func(in *Input) { in.Tool = "" }, "tool is empty"},
		{"title of two lines", func(in *Input) { in.Title = "a\nb" }, "deposit.title is not one line"},
		{"no head", func(in *Input) { in.Journal.Hash = "" }, "journal head"},
		{"backwards", func(in *Input) { in.Exported = in.Entered.Add(-time.Hour) }, "before it begins"},
		{"no time", func(in *Input) { in.Entered = time.Time{} }, "period.entered"},
		{"huge", func(in *Input) {
			a := in.Annotations[0]
			in.Annotations = nil
			for i := range 300 {
				a.ID, a.Text = "A-"+itoa(i+1), strings.Repeat("x", review.MaxText)
				in.Annotations = append(in.Annotations, a)
			}
		}, "export fewer"},
	} {
		t.Run(c.name, func(t *testing.T) {
			in := example(t)
			c.change(&in)
			if _, err := Prepare(in); err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("error %v, want %q", err, c.want)
			}
		})
	}
}

func itoa(n int) string {
	b, err := json.Marshal(n)
	if err != nil {
		panic(err)
	}
	return string(b)
}

func TestSignRefuses(t *testing.T) {
	d := prepare(t, example(t))
	if _, err := d.Sign(key(t, "eve")); err == nil || !strings.Contains(err.Error(), "the statement names the reviewer's key") {
		t.Errorf("another key signed: %v", err)
	}
	d.Files[1].Data = append([]byte{}, d.Files[1].Data...)
	d.Files[1].Data[40]++
	if _, err := d.Sign(key(t, "ada")); err == nil || !strings.Contains(err.Error(), "annotations.json") {
		t.Errorf("a changed draft was signed: %v", err)
	}
}

func TestWriteFile(t *testing.T) {
	b := signed(t, small(t))
	noLinks := func(string, string) error { return errors.New("operation not permitted") }
	for name, link := range map[string]func(string, string) error{"links": os.Link, "no links": noLinks} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			path := filepath.Join(dir, "b.zip")
			if err := write(path, b.Bytes(), link, syncDir); err != nil {
				t.Fatal(err)
			}
			got, err := os.ReadFile(path)
			if err != nil || !bytes.Equal(got, b.Bytes()) {
				t.Fatalf("other bytes were written (%v)", err)
			}
			if err := write(path, []byte("other"), link, syncDir); err == nil || !strings.Contains(err.Error(), "not overwritten") {
				t.Errorf("an existing file: %v", err)
			}
			// Someone takes the name between the first look and the link.
			late := filepath.Join(dir, "late.zip")
			taken := func(old, new string) error {
				if err := os.WriteFile(new, []byte("theirs"), 0o600); err != nil {
					return err
				}
				return link(old, new)
			}
			if err := write(late, b.Bytes(), taken, syncDir); err == nil || !strings.Contains(err.Error(), "not overwritten") {
				t.Errorf("a name taken meanwhile: %v", err)
			}
			if got, err := os.ReadFile(late); err != nil || string(got) != "theirs" {
				t.Errorf("the other's file is %q (%v)", got, err)
			}
			// Whether the name is durable is not known: nobody is left with it.
			pulled := func(string) error { return errors.New("input/output error") }
			if err := write(filepath.Join(dir, "pulled.zip"), b.Bytes(), link, pulled); err == nil {
				t.Error("a folder that cannot be synced was written to")
			}
			left, err := os.ReadDir(dir)
			if err != nil || len(left) != 2 {
				t.Errorf("left in the folder: %v (%v)", left, err)
			}
		})
	}
	if err := b.WriteFile(filepath.Join(t.TempDir(), "missing", "b.zip")); err == nil {
		t.Error("a folder that does not exist was written to")
	}
}

func TestSlug(t *testing.T) {
	for name, want := range map[string]string{
		"Ada Lovelace": "ada-lovelace", "  José  Ñandú ": "jose-nandu", "Müller & Co.": "muller-co",
		"Дарья": "reviewer", "": "reviewer", "../../etc": "etc", strings.Repeat("ab ", 40): "ab-ab-ab-ab-ab-ab-ab-ab-ab-ab-ab-ab-ab-a",
	} {
		if got := Slug(name); got != want {
			t.Errorf("Slug(%q) = %q, want %q", name, got, want)
		}
	}
}

// TestOthersWords: nobody signs what another wrote.
func TestOthersWords(t *testing.T) {
	in := example(t)
	in.Annotations[0].Author = "Grace Hopper"
	if _, err := Prepare(in); err == nil || !strings.Contains(err.Error(), `author is "Grace Hopper"`) {
		t.Errorf("an annotation of somebody else's: %v", err)
	}
}
