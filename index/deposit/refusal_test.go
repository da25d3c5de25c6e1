package deposit

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"strings"
	"testing"
)

// TestReport: everything that is wrong is told at once, with object, path and
// release, and what was checked.
func TestReport(t *testing.T) {
	dir := forge(t, func(f *forgery) {
		f.commit(f.add(kindTree, append(append(append(append(
			treeLine("100644", "a.c", f.add(kindBlob, []byte("a"))),
			treeLine("100644", "b.c", f.add(kindBlob, []byte("b")))...),
			treeLine("100644", "lost.c", ID{1})...),
			treeLine("100644", "lost2.c", ID{2})...),
			treeLine("40000", "sub", f.add(kindTree, treeLine("100644", "..", f.add(kindBlob, []byte("c")))))...)))
		f.add(kindBlob, []byte("hidden"))
	}, func(f *forgery) {
		for i := range f.source.Objects {
			if o := &f.source.Objects[i]; o.Git == idOf(kindBlob, []byte("a")) || o.Git == idOf(kindBlob, []byte("b")) {
				o.SHA256[0]++
			}
		}
	})
	_, err := Verify(t.Context(), dir, vendorTrust(t), Limits{}, nil)
	var r *Refusal
	if !errors.As(err, &r) {
		t.Fatalf("%v is no refusal", err)
	}
	var got []string
	for _, p := range r.Problems {
		got = append(got, strings.Join([]string{p.File, strings.Fields(p.Object + " -")[0], p.Release, p.Path}, "|"))
	}
	want := []string{
		"s.bundle|blob|v1|a.c", "s.bundle|blob|v1|b.c", // by the manifest's order
		"s.bundle|tree||", // the name ..
		"s.bundle|blob|v1|lost.c", "s.bundle|blob|v1|lost2.c",
	}
	if len(got) != len(want) {
		t.Errorf("problems:\n%s", strings.Join(got, "\n"))
	}
	for _, w := range want {
		found := false
		for _, g := range got {
			found = found || strings.HasPrefix(g, strings.TrimSuffix(w, "||"))
		}
		if !found {
			t.Errorf("no problem %s in:\n%s", w, strings.Join(got, "\n"))
		}
	}
	if r.Cause != CauseContent || r.Digest.IsZero() || r.Title != "T" || r.Counts.Blobs != 4 || r.Counts.Trees != 2 || r.Counts.Commits != 1 {
		t.Errorf("cause %s of %s %q, counts %+v", r.Cause, r.Digest.Short(), r.Title, r.Counts)
	}
	if !strings.HasSuffix(err.Error(), "more problems)") {
		t.Errorf("the sentence does not say that there is more: %v", err)
	}
	data, jsonErr := json.Marshal(r)
	var back Refusal
	if jsonErr != nil || json.Unmarshal(data, &back) != nil || back.Error() != r.Error() {
		t.Errorf("as JSON it says %q", back.Error())
	}
}

// TestEveryPath: all names of a release that cannot be shown are told at once.
func TestEveryPath(t *testing.T) {
	dir := forge(t, func(f *forgery) {
		b := f.add(kindBlob, []byte("b"))
		sub := f.add(kindTree, append(treeLine("100644", "c\x1bd", b), treeLine("100644", "good", b)...))
		f.commit(f.add(kindTree, append(treeLine("100644", "a\nb", b), treeLine("40000", "sub", sub)...)))
	}, nil)
	_, err := Verify(t.Context(), dir, vendorTrust(t), Limits{}, nil)
	var r *Refusal
	if !errors.As(err, &r) || len(r.Problems) != 2 {
		t.Fatalf("%v", err)
	}
	for i, want := range []string{"U+001B", "U+000A"} {
		if p := r.Problems[i]; p.Release != "v1" || !strings.Contains(p.Reason, want) {
			t.Errorf("problem %d is %+v, want %s", i, p, want)
		}
	}
}

// TestCauses: a refusal says what kind of mending helps.
func TestCauses(t *testing.T) {
	good := forge(t, nil, nil)
	for name, test := range map[string]struct {
		dir    string
		trust  Trust
		limits Limits
		want   Cause
	}{
		"nobody trusted": {good, Trust{At: sealedAt}, Limits{}, CauseUntrusted},
		"a limit":        {good, vendorTrust(t), Limits{MaxObject: 3}, CauseLimit},
		"another bundle": {forge(t, nil, func(f *forgery) { f.source.SHA256[0] = 1 }), vendorTrust(t), Limits{}, CauseCopy},
		"what it says":   {forge(t, nil, func(f *forgery) { f.file().Size++ }), vendorTrust(t), Limits{}, CauseContent},
		"a file more":    {forge(t, nil, func(f *forgery) { f.after = func(dir string) { write(t, dir, "x", "") } }), vendorTrust(t), Limits{}, CauseCopy},
		"nothing there":  {t.TempDir() + "/none", vendorTrust(t), Limits{}, CauseReading},
	} {
		_, err := Verify(t.Context(), test.dir, test.trust, test.limits, nil)
		var r *Refusal
		if !errors.As(err, &r) || r.Cause != test.want {
			t.Errorf("%s: %v, want the cause %s", name, err, test.want)
		}
	}
}

// TestOwnFailure: that this machine cannot write is not held against a deposit.
func TestOwnFailure(t *testing.T) {
	dir := forge(t, nil, nil)
	full := errors.New("no room")
	v := &verification{ctx: t.Context(), trust: vendorTrust(t), limits: DefaultLimits()}
	v.stage = func(*part) (*os.File, error) { return nil, full }
	err := v.run(dir)
	var r *Refusal
	if !errors.Is(err, full) || errors.As(err, &r) {
		t.Errorf("without room it says %v", err)
	}
	v = &verification{ctx: t.Context(), trust: vendorTrust(t), limits: DefaultLimits()}
	v.stage = func(*part) (*os.File, error) { return os.Open(dir) } // cannot be written to
	err = v.run(dir)
	if err == nil || errors.As(err, &r) || !strings.HasPrefix(err.Error(), "s.bundle: ") && !strings.Contains(err.Error(), "copying the bundle") {
		t.Errorf("where it cannot write it says %v", err)
	}
	if err := v.close(); err != nil {
		t.Error(err)
	}
}

// TestManyWarnings: what concerns signatures is told before what is harmless, and
// how much is left out is said.
func TestManyWarnings(t *testing.T) {
	repo := product(t)
	releases := make([]string, 60)
	for i := range releases {
		releases[i] = fmt.Sprintf("w%02d", i)
		git(t, repo, "tag", releases[i])
	}
	a, err := Verify(t.Context(), sealed(t, repo, releases...), vendorTrust(t), Limits{}, nil)
	if err != nil {
		t.Fatal(err)
	}
	if first := a.Warnings[0]; !strings.Contains(first, "is not signed") {
		t.Errorf("the first warning is %q", first)
	}
	if last := a.Warnings[len(a.Warnings)-1]; !strings.HasSuffix(last, " more warnings are not listed") {
		t.Errorf("the last of %d warnings is %q", len(a.Warnings), last)
	}
}
