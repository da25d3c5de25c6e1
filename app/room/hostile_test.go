package room

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"vitrine/app/policy"
	"vitrine/app/review"
	"vitrine/assets/sample"
	"vitrine/index/content"
	"vitrine/index/deposit"
	"vitrine/index/search"
)

// TestOtherJournal: what another reviewer recorded is not signed as one's own.
func TestOtherJournal(t *testing.T) {
	cfg := testConfig(t)
	v := enterSample(t, cfg, "Ada")
	_, d := newest(t, v)
	if _, err := v.Annotate(t.Context(), note(v, d, 1, "Ada's")); err != nil {
		t.Fatal(err)
	}
	from, to := cfg.journal(SampleDigest(), "Ada"), cfg.journal(SampleDigest(), "Eve")
	b, err := os.ReadFile(from)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.MkdirAll(filepath.Dir(to), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(to, b, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := enterSampleAs(cfg, "Eve"); err == nil || !strings.Contains(err.Error(), `visit by "Ada"`) {
		t.Errorf("Eve entered with Ada's journal: %v", err)
	}
	if after, err := os.ReadFile(to); err != nil || string(after) != string(b) {
		t.Errorf("the refused journal was changed: %v", err)
	}
}

// TestSinceFirstVisit: the statement's period covers the annotations it signs.
func TestSinceFirstVisit(t *testing.T) {
	cfg := testConfig(t)
	first, err := enterSampleAs(cfg, "Ada")
	if err != nil {
		t.Fatal(err)
	}
	began := first.entered
	if err := first.Close(); err != nil {
		t.Fatal(err)
	}
	again := enterSample(t, cfg, "Ada")
	if again.since.Sub(began).Abs() > time.Second || !again.since.Before(again.entered) {
		t.Errorf("the period begins %v; the first visit began %v and this one %v", again.since, began, again.entered)
	}
}

// TestClock: the period can be stretched by no setting of the clock.
func TestClock(t *testing.T) {
	v := enterSample(t, testConfig(t), "Ada")
	_, d := newest(t, v)
	acts := map[string]func() error{
		"copy": func() error { return v.Copy(t.Context(), d, "x") },
		"open again": func() error {
			_, err := v.Open(t.Context(), d.Place)
			return err
		},
		"search": func() error {
			_, err := v.Search(t.Context(), "x", func(search.Hit) bool { return true })
			return err
		},
		"annotate": func() error {
			_, err := v.Annotate(t.Context(), note(v, d, 1, "late"))
			return err
		},
		"draft": func() error {
			k, err := v.KeyFile(writeKey(t, "key"))
			if err != nil {
				return err
			}
			_, err = v.Draft(t.Context(), ExportOptions{Key: k})
			return err
		},
	}
	refused := func(why string) {
		t.Helper()
		for name, act := range acts {
			if err := act(); err == nil || !strings.Contains(err.Error(), why) {
				t.Errorf("%s gave %v, want %q", name, err, why)
			}
		}
	}
	begins, limits, clock := v.begins, v.limits, v.clock
	v.limits = now().Add(-time.Minute)
	refused("period ended")
	v.limits, v.begins = limits, now().Add(time.Minute)
	refused("period begins")
	// Two hours have passed, of which the clock, turned back, knows nothing.
	v.begins, v.limits, v.clock = begins, now().Add(time.Hour), clock.Add(-2*time.Hour)
	refused("period ended")
	v.limits, v.clock = limits, clock
	if err := acts["copy"](); err != nil {
		t.Errorf("within the period: %v", err)
	}
}

// TestLocationsAreInTheDeposit: nobody signs remarks on bytes that are not there.
func TestLocationsAreInTheDeposit(t *testing.T) {
	v := enterSample(t, testConfig(t), "Ada")
	_, d := newest(t, v)
	before := v.Entries()
	for name, change := range map[string]func(*review.Location){
		"another blob":  func(l *review.Location) { l.Span.Blob[0] ^= 1 },
		"past the end":  func(l *review.Location) { l.Span.To = d.File.Size + 1 },
		"another path":  func(l *review.Location) { l.Place.Path = "no/such.c" },
		"no release":    func(l *review.Location) { l.Place.Release = "v99" },
		"other release": func(l *review.Location) { l.Place.Release, l.Span.Blob = v.Releases()[0], deposit.Digest{9} },
	} {
		n := note(v, d, 2, name)
		change(&n.Locations[0])
		if a, err := v.Annotate(t.Context(), n); err == nil {
			t.Errorf("%s was recorded as %s", name, a.ID)
		}
	}
	if v.Entries() != before {
		t.Error("a refused annotation is in the journal")
	}
}

// TestWhere: an annotation is found where it was made, and one that a changed
// journal puts elsewhere, where its bytes stand; never at other bytes.
func TestWhere(t *testing.T) {
	v := enterSample(t, testConfig(t), "Ada")
	_, d := newest(t, v)
	made := note(v, d, 2, "here").Locations[0]
	for name, test := range map[string]struct {
		change func(*review.Location)
		want   deposit.Place
	}{
		"as it was made":            {func(*review.Location) {}, d.Place},
		"at a path that is not":     {func(l *review.Location) { l.Place.Path = "no/such.c" }, d.Place},
		"in a release that is not":  {func(l *review.Location) { l.Place.Release = "v99" }, deposit.Place{}},
		"of bytes that are nowhere": {func(l *review.Location) { l.Span.Blob[0] ^= 1 }, deposit.Place{}},
	} {
		l := made
		test.change(&l)
		p, err := v.Where(t.Context(), l)
		if name == "of bytes that are nowhere" {
			if err == nil || !strings.Contains(err.Error(), "does not hold the bytes") {
				t.Errorf("%s: at %v, %v", name, p, err)
			}
			continue
		}
		if err != nil || test.want != (deposit.Place{}) && p != test.want {
			t.Errorf("%s: at %v, %v", name, p, err)
		}
		there, err := v.Open(t.Context(), p)
		if err != nil || there.File.Blob != made.Span.Blob {
			t.Errorf("%s: %v holds other bytes (%v)", name, p, err)
		}
	}
}

// TestReleasesOfTheAdmission: of a release of which the admission says nothing,
// nothing is shown.
func TestReleasesOfTheAdmission(t *testing.T) {
	one := deposit.Release{Name: "v1", Tree: deposit.ID{1}}
	two := deposit.Release{Name: "v2", Tree: deposit.ID{2}}
	found := []deposit.AdmittedRelease{{Release: two, Files: 7, Changed: 3}, {Release: one, Files: 5, Changed: -1}}
	lines, err := releaseLines([]deposit.Release{one, two}, found)
	if err != nil || len(lines) != 2 || lines[0].Files != 5 || lines[0].Changed != -1 || lines[1].Files != 7 || lines[1].Changed != 3 {
		t.Errorf("%+v, %v", lines, err)
	}
	found[0].Tree = deposit.ID{3}
	if _, err := releaseLines([]deposit.Release{one, two}, found); err == nil || !strings.Contains(err.Error(), "release v2") {
		t.Errorf("with facts of another tree: %v", err)
	}
}

// TestInAnothersName: in a practice room any key may sign, but not in the name
// of somebody for whom the policy has a key.
func TestInAnothersName(t *testing.T) {
	v := enterSample(t, testConfig(t), "Ada")
	k, err := v.KeyFile(writeKey(t, "key"))
	if err != nil || !k.Permitted {
		t.Fatalf("%+v, %v", k, err)
	}
	v.reviewer = policy.Party{Name: "Ada", Key: "ssh-ed25519 AAAAother"}
	if k = v.judge(k); k.Permitted || !strings.Contains(k.Why, "another key for Ada") {
		t.Errorf("a stranger's key may sign as Ada: %+v", k)
	}
}

// TestNamesLookLikeWhatTheyAre: a name goes into a statement.
func TestNamesLookLikeWhatTheyAre(t *testing.T) {
	cfg := testConfig(t)
	for _, name := range []string{"Ada\u202eecaL", "Ada\u200b", "Ada\u0085L", "Ad\xff"} {
		if _, err := enterSampleAs(cfg, name); err == nil {
			t.Errorf("entered as %q", name)
		}
	}
}

// TestChildLies: a child that was taken over can say what it likes; what was
// not imported, or the policy does not name, is not opened.
func TestChildLies(t *testing.T) {
	for name, says := range map[string]string{
		"another digest": `{"admission":{"digest":"` + strings.Repeat("ab", 32) + `"}}`,
		"not imported":   `{"admission":{"digest":"` + sample.ManifestDigest.String() + `"}}`,
		"nothing":        `{}`,
		"both":           `{"error":"no","admission":{"digest":"` + sample.ManifestDigest.String() + `"}}`,
		"unknown step":   `{"step":{"Name":"\u001b[2J"}}`,
	} {
		t.Run(name, func(t *testing.T) {
			cfg := testConfig(t)
			cfg.Ctl = filepath.Join(t.TempDir(), "vitrinectl")
			script := "#!/bin/sh\nread order\ncat <<'END'\n" + says + "\nEND\n"
			if err := os.WriteFile(cfg.Ctl, []byte(script), 0o700); err != nil {
				t.Fatal(err)
			}
			a, err := Admit(t.Context(), cfg, SampleRequest(), func(s Step) {
				if strings.ContainsRune(s.Title, 0x1b) {
					t.Errorf("a step is shown as %q", s.Title)
				}
			})
			if err == nil {
				t.Fatalf("admitted %+v", a.facts)
			}
			if err.Error() == "" || strings.ContainsAny(err.Error(), "\n\x1b") {
				t.Errorf("not a sentence: %q", err)
			}
		})
	}
}

// TestSampleIsMended: what was put beside the unpacked sample does not keep it shut.
func TestSampleIsMended(t *testing.T) {
	cfg := testConfig(t)
	dir, err := unpackSample(cfg)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "extra"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	v := enterSample(t, cfg, "Ada")
	if list, err := RecentDeposits(cfg); err != nil || len(list) != 1 || v.Reviewer() != "Ada" {
		t.Errorf("recent: %+v, %v", list, err)
	}
}

// TestNotInside: a bundle goes neither into the deposit nor into the room.
func TestNotInside(t *testing.T) {
	cfg := testConfig(t)
	v := enterSample(t, cfg, "Ada")
	link := filepath.Join(t.TempDir(), "link")
	if err := os.Symlink(v.folder, link); err != nil {
		t.Fatal(err)
	}
	k, err := v.KeyFile(writeKey(t, "key"))
	if err != nil {
		t.Fatal(err)
	}
	d, err := v.Draft(t.Context(), ExportOptions{Key: k})
	if err != nil {
		t.Fatal(err)
	}
	before := v.Entries()
	for _, dir := range []string{v.folder, link, cfg.workspace(), v.source.dir, filepath.Dir(cfg.journal(SampleDigest(), "Ada"))} {
		if _, err := v.Export(t.Context(), d, nil, filepath.Join(dir, "r.zip")); err == nil || !strings.Contains(err.Error(), "somewhere else") {
			t.Errorf("a bundle into %s gave %v", dir, err)
		}
	}
	if v.Entries() != before {
		t.Error("a refused export is in the journal")
	}
}

// TestAnotherLooksWhileAnActWaits: a screen lists what stands while an act
// waits for a disk or for a person at an agent.
func TestAnotherLooksWhileAnActWaits(t *testing.T) {
	v := enterSample(t, testConfig(t), "Ada")
	v.mu.Lock()
	defer v.mu.Unlock()
	if n := len(v.Annotations()); n != 0 {
		t.Errorf("%d annotations in a new journal", n)
	}
}

// TestTwoVisitsIndexAtOnce: the second waits for what the first builds.
func TestTwoVisitsIndexAtOnce(t *testing.T) {
	cfg := testConfig(t)
	visits := []*Visit{enterSample(t, cfg, "Ada"), enterSample(t, cfg, "Grace"), enterSample(t, cfg, "Edsger")}
	var building sync.WaitGroup
	for _, v := range visits {
		building.Go(func() {
			if err := v.BuildIndex(t.Context(), func(IndexState) {}); err != nil {
				t.Errorf("%s: %v", v.Reviewer(), err)
			}
		})
	}
	building.Wait()
	lines := map[int]bool{}
	for _, v := range visits {
		n := 0
		if _, err := v.Search(t.Context(), "e", func(search.Hit) bool { n++; return true }); err != nil {
			t.Errorf("%s: %v", v.Reviewer(), err)
		}
		lines[n] = true
	}
	if len(lines) != 1 || lines[0] {
		t.Errorf("the visits found %v lines", lines)
	}
}

// TestDamagedIndex: a search that comes to a damaged part of the index says so, and the
// next who opens the deposit has an index that is whole.
func TestDamagedIndex(t *testing.T) {
	cfg := testConfig(t)
	enter := func() *Visit {
		t.Helper()
		v := enterSample(t, cfg, "Ada")
		if err := v.BuildIndex(t.Context(), func(IndexState) {}); err != nil {
			t.Fatal(err)
		}
		return v
	}
	find := func(v *Visit) (n int, err error) {
		_, err = v.Search(t.Context(), "return", func(search.Hit) bool { n++; return true })
		return n, errors.Join(err, v.Close())
	}
	v := enter()
	dir := v.source.dir
	want, err := find(v)
	if err != nil || want == 0 {
		t.Fatalf("%d lines, %v", want, err)
	}
	paths, err := filepath.Glob(filepath.Join(dir, indexDir, "bleve", "store", "*.zap"))
	if err != nil || len(paths) == 0 {
		t.Fatalf("segments %q, %v", paths, err)
	}
	for _, path := range paths {
		b, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		for i := range b {
			b[i] ^= 0x20
		}
		if err := os.WriteFile(path, b, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if n, err := find(enter()); n != 0 || !errors.Is(err, search.ErrDamaged) || !strings.Contains(err.Error(), "open the deposit again") {
		t.Errorf("a search over a damaged index: %d lines, %v", n, err)
	}
	if n, err := find(enter()); n != want || err != nil {
		t.Errorf("opened again: %d lines, want %d, %v", n, want, err)
	}
}

// TestDamagedContentIsRebuilt: a search that meets damage says what to do, and
// doing it helps.
func TestDamagedContentIsRebuilt(t *testing.T) {
	cfg := testConfig(t)
	v := enterSample(t, cfg, "Ada")
	if err := v.BuildIndex(t.Context(), func(IndexState) {}); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(v.source.dir, contentDir, "0000.dat")
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	for i := range b {
		b[i] ^= 0x20
	}
	if err := os.WriteFile(path, b, 0o600); err != nil {
		t.Fatal(err)
	}
	find := func(v *Visit) (n int, err error) {
		_, err = v.Search(t.Context(), "return", func(search.Hit) bool { n++; return true })
		return n, err
	}
	if n, err := find(v); n != 0 || !errors.Is(err, content.ErrDamaged) || !strings.Contains(err.Error(), "open the deposit again") {
		t.Errorf("a search over damaged content: %d lines, %v", n, err)
	}
	if err := v.Close(); err != nil {
		t.Fatal(err)
	}
	again := enterSample(t, cfg, "Ada")
	if err := again.BuildIndex(t.Context(), func(IndexState) {}); err != nil {
		t.Fatal(err)
	}
	if n, err := find(again); n == 0 || err != nil {
		t.Errorf("entering again: %d lines, %v", n, err)
	}
}

// TestDamagedContentIsMended: what is derived from the deposit is never needed
// to read it, and is built anew on demand.
func TestDamagedContentIsMended(t *testing.T) {
	cfg := testConfig(t)
	v := enterSample(t, cfg, "Ada")
	_, d := newest(t, v)
	if err := v.BuildIndex(t.Context(), func(IndexState) {}); err != nil {
		t.Fatal(err)
	}
	damage := func() {
		t.Helper()
		path := filepath.Join(v.source.dir, contentDir, "0000.dat")
		b, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		for i := range b {
			b[i] ^= 0x20
		}
		if err := os.WriteFile(path, b, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	damage()
	again, err := v.Open(t.Context(), d.Place)
	if err != nil || string(again.Text.Bytes()) != string(d.Text.Bytes()) {
		t.Errorf("with a damaged content store: %v", err)
	}
	dir, err := unpackSample(cfg)
	if err != nil {
		t.Fatal(err)
	}
	trust := deposit.Trust{Pinned: []deposit.Digest{SampleDigest()}, At: time.Now()}
	for _, full := range []bool{true, false} {
		s, err := OpenTrusted(t.Context(), cfg, Trusted{Deposit: dir, Trust: trust, Full: full}, func(deposit.Step) {}, func(IndexState) {})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := s.Search(t.Context(), "return", func(search.Hit) bool { return true }); err != nil {
			t.Errorf("after building anew (%v): %v", full, err)
		}
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	}
}

// TestOpenHouse: a data folder in which anybody can exchange a journal is refused.
func TestOpenHouse(t *testing.T) {
	cfg := testConfig(t)
	if err := os.MkdirAll(cfg.Home, 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(cfg.Home, 0o777); err != nil {
		t.Fatal(err)
	}
	if _, err := enterSampleAs(cfg, "Ada"); err == nil || !strings.Contains(err.Error(), "everybody may write") {
		t.Errorf("a data folder that is everybody's gave %v", err)
	}
	if err := os.Chmod(cfg.Home, 0o700); err != nil {
		t.Fatal(err)
	}
	enterSample(t, cfg, "Ada")
	for _, path := range []string{cfg.workspace(), filepath.Dir(cfg.journal(SampleDigest(), "Ada")), cfg.journal(SampleDigest(), "Ada"), filepath.Join(cfg.Home, "recent.json")} {
		if st, err := os.Stat(path); err != nil || st.Mode().Perm()&0o077 != 0 {
			t.Errorf("%s is open to others: %v, %v", path, st.Mode(), err)
		}
	}
}
