package deposit

import (
	"crypto/sha256"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"vitrine/index/seal"
)

// A madeSource is a source of a forged deposit, with one release of that name.
type madeSource struct {
	name, release string
	build         func(*forgery)
}

// several forges a deposit of several sources, which continues another when that
// is not "".
func several(t testing.TB, before string, sources ...madeSource) string {
	t.Helper()
	all := Manifest{Format: format, Version: 1, Title: "T", Vendor: "V", Sealed: sealedAt.Format("2006-01-02T15:04:05Z")}
	if before != "" {
		_, digest, err := ReadManifest(before)
		if err != nil {
			t.Fatal(err)
		}
		all.Predecessor = digest.String()
	}
	dir := t.TempDir()
	for _, s := range sources {
		one := forge(t, s.build, func(f *forgery) {
			f.source.Releases[0].Name, f.refs[2].name = s.release, tagPrefix+s.release
		})
		m, _, err := ReadManifest(one)
		if err != nil {
			t.Fatal(err)
		}
		bundle, err := os.ReadFile(filepath.Join(one, "s.bundle"))
		if err != nil {
			t.Fatal(err)
		}
		source := m.Sources[0]
		source.Name, source.Bundle, source.SHA256 = s.name, s.name+".bundle", sha256.Sum256(bundle)
		all.Sources = append(all.Sources, source)
		write(t, dir, source.Bundle, string(bundle))
	}
	all.fillLists()
	data, err := seal.Canonical(&all)
	if err != nil {
		t.Fatal(err)
	}
	signInto(t, dir, data)
	return dir
}

// fileOf builds a release of one file: 3 objects, which name others twice.
func fileOf(text string) func(*forgery) {
	return func(f *forgery) { onlyFile(f, []byte(text)) }
}

// unfinished is fileOf with a delta of what is not there, which is found out only
// when all the rest was resolved.
func unfinished(text string) func(*forgery) {
	return func(f *forgery) {
		onlyFile(f, []byte(text))
		f.pack.ref(numbered(1), delta(1, 1, insert("x")))
	}
}

// TestLimitsAreForAll: the limits are for all sources together, also for those
// that failed, which count once.
func TestLimitsAreForAll(t *testing.T) {
	good := several(t, "", madeSource{"a", "v1", fileOf("one")}, madeSource{"b", "v2", fileOf("two")}, madeSource{"c", "v3", fileOf("three")})
	bad := several(t, "", madeSource{"a", "v1", unfinished("one")}, madeSource{"b", "v2", fileOf("two")}, madeSource{"c", "v3", fileOf("three")})
	first := several(t, "", madeSource{"a", "v1", fileOf("one")}, madeSource{"b", "v2", fileOf("two")})
	chain := into(t, first, several(t, first, madeSource{"a", "v3", fileOf("three")}))
	a, err := Verify(t.Context(), good, vendorTrust(t), Limits{}, nil)
	if err != nil {
		t.Fatal(err)
	}
	inflated := a.Counts.Inflated
	for name, c := range map[string]struct {
		dir  string
		set  func(*Limits, int64)
		need int64  // the lowest limit that suffices
		want string // in the sentence under a lower one
	}{
		"objects":             {good, func(l *Limits, n int64) { l.MaxObjects = n }, 9, "objects, more than the limit of"},
		"objects, one failed": {bad, func(l *Limits, n int64) { l.MaxObjects = n }, 10, "objects, more than the limit of"},
		"objects, a chain":    {chain, func(l *Limits, n int64) { l.MaxObjects = n }, 9, "objects, more than the limit of"},
		"bytes":               {good, func(l *Limits, n int64) { l.MaxInflated = n }, inflated, "have more bytes than the limits allow"},
		"bytes, one failed":   {bad, func(l *Limits, n int64) { l.MaxInflated = n }, inflated + 1, "have more bytes than the limits allow"},
		"bytes, a chain":      {chain, func(l *Limits, n int64) { l.MaxInflated = n }, inflated, "have more bytes than the limits allow"},
		"names":               {good, func(l *Limits, n int64) { l.MaxNames = n }, 6, "the objects name others more than"},
		"names, one failed":   {bad, func(l *Limits, n int64) { l.MaxNames = n }, 6, "the objects name others more than"},
		"names, a chain":      {chain, func(l *Limits, n int64) { l.MaxNames = n }, 6, "the objects name others more than"},
	} {
		var enough, less Limits
		c.set(&enough, c.need)
		c.set(&less, c.need-1)
		_, err := Verify(t.Context(), c.dir, vendorTrust(t), enough, nil)
		var r *Refusal
		if c.dir != bad && err != nil || c.dir == bad && (!errors.As(err, &r) || len(r.Problems) != 1 || !strings.HasPrefix(err.Error(), "a.bundle: 1 objects of the pack rest on what it lacks")) {
			t.Errorf("%s: under a limit that suffices: %v", name, err)
		}
		_, err = Verify(t.Context(), c.dir, vendorTrust(t), less, nil)
		if !errors.As(err, &r) || !slices.ContainsFunc(r.Problems, func(p Problem) bool { return strings.Contains(p.Reason, c.want) }) {
			t.Errorf("%s: under a limit that is too low by one: %v", name, err)
		}
	}
}
