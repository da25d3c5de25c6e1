package deposit

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestReopen: what was admitted is admitted again without reading its bundle,
// and only under the trust and in a workspace that can be relied on.
func TestReopen(t *testing.T) {
	dir, workspace, trust := sealed(t, product(t), productReleases...), t.TempDir(), vendorTrust(t)
	if _, err := Reopen(t.Context(), dir, workspace, trust, Limits{}, nil); !errors.Is(err, ErrNotAdmitted) {
		t.Fatalf("before any admission: %v", err)
	}
	first, err := Admit(t.Context(), dir, workspace, trust, Limits{}, nil)
	if err != nil {
		t.Fatal(err)
	}
	var steps []string
	again, err := Reopen(t.Context(), dir, workspace, trust, Limits{}, func(s Step) {
		if s.Finished {
			steps = append(steps, s.Name+" "+s.Note)
		}
	})
	if err != nil {
		t.Fatal(err)
	}
	if !again.Reopened || again.Verified != first.Verified || again.Counts != first.Counts || len(again.Releases) != len(first.Releases) || again.Signer != first.Signer {
		t.Errorf("reopened as %+v, admitted as %+v", again, first)
	}
	if got := strings.Join(steps, "\n"); !strings.HasPrefix(got, "signature manifest\nbundle reopened "+first.Verified) {
		t.Errorf("steps:\n%s", got)
	}

	digest := filepath.Join(workspace, first.Digest.String())
	certificate := filepath.Join(digest, admissionFile)
	written, err := os.ReadFile(certificate)
	if err != nil {
		t.Fatal(err)
	}
	replaced := func(old, with string) func() {
		return func() {
			changed := strings.Replace(string(written), old, with, 1)
			if changed == string(written) {
				t.Fatalf("%s does not hold %s", admissionFile, old)
			}
			if err := os.WriteFile(certificate, []byte(changed), 0o600); err != nil {
				t.Fatal(err)
			}
		}
	}
	chmod := func(path string, mode os.FileMode) func() {
		return func() {
			if err := os.Chmod(path, mode); err != nil {
				t.Fatal(err)
			}
		}
	}
	// The folder above is one that others may enter, as a shared room's is.
	for dir := digest; dir != filepath.Dir(os.TempDir()) && dir != os.TempDir(); dir = filepath.Dir(dir) {
		if err := os.Chmod(dir, 0o755); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := Reopen(t.Context(), dir, workspace, trust, Limits{}, nil); err != nil {
		t.Fatalf("in a workspace that others may look at: %v", err)
	}
	for name, test := range map[string]struct {
		change, back func()
		trust        Trust
		want         string
	}{
		"other checks":        {change: replaced(`"verifier": 2`, `"verifier": 0`), want: "other checks"},
		"another deposit's":   {change: replaced(`"digest": "`+first.Digest.String(), `"digest": "`+strings.Repeat("0", 64)), want: "not of this deposit"},
		"no JSON":             {change: replaced("{", "["), want: admissionFile},
		"written by others":   {change: chmod(certificate, 0o622), back: chmod(certificate, 0o600), want: "other users may write to"},
		"a folder of others'": {change: chmod(filepath.Join(digest, gitFolder), 0o777), back: chmod(filepath.Join(digest, gitFolder), 0o700), want: "other users may write to"},
		"exchangeable":        {change: chmod(workspace, 0o777), back: chmod(workspace, 0o755), want: "other users may write to"},
		"other trust":         {trust: Trust{Signers: trust.Signers, Pinned: []Digest{first.Digest}, At: sealedAt}, want: "other keys were trusted"},
	} {
		t.Run(name, func(t *testing.T) {
			if test.change != nil {
				test.change()
			}
			if test.trust.Signers == nil {
				test.trust = trust
			}
			_, err := Reopen(t.Context(), dir, workspace, test.trust, Limits{}, nil)
			if !errors.Is(err, ErrNotAdmitted) || !strings.Contains(err.Error(), test.want) {
				t.Errorf("got %v, want a sentence with %q", err, test.want)
			}
			if test.back != nil {
				test.back()
			}
			if err := os.WriteFile(certificate, written, 0o600); err != nil {
				t.Fatal(err)
			}
		})
	}

	if _, err := Reopen(t.Context(), dir, workspace, trust, Limits{MaxObjects: 3}, nil); !errors.Is(err, ErrNotAdmitted) {
		t.Errorf("under lower limits: %v", err)
	}

	// A key that is trusted no longer is refused, however it was before.
	if _, err := Reopen(t.Context(), dir, workspace, Trust{At: sealedAt}, Limits{}, nil); err == nil || errors.Is(err, ErrNotAdmitted) {
		t.Errorf("without trust: %v", err)
	}
	// An admission under other trust replaces what is known.
	pinned := Trust{Pinned: []Digest{first.Digest}, At: sealedAt}
	if a, err := Admit(t.Context(), dir, workspace, pinned, Limits{}, nil); err != nil || !a.Already {
		t.Fatalf("admitted again: %+v, %v", a, err)
	}
	if _, err := Reopen(t.Context(), dir, workspace, pinned, Limits{}, nil); err != nil {
		t.Errorf("under the trust of the second admission: %v", err)
	}
	// What was deposited is looked at again: a file more is refused.
	write(t, dir, "more.txt", "x")
	if _, err := Reopen(t.Context(), dir, workspace, pinned, Limits{}, nil); err == nil || !strings.Contains(err.Error(), "more.txt") {
		t.Errorf("with a file more: %v", err)
	}
}
