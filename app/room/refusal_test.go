package room

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"vitrine/index/deposit"
)

// TestRefusalCrosses: what the child found out reaches the screen whole.
func TestRefusalCrosses(t *testing.T) {
	cfg := testConfig(t)
	if err := cfg.prepare(); err != nil {
		t.Fatal(err)
	}
	dir, err := unpackSample(cfg)
	if err != nil {
		t.Fatal(err)
	}
	bundle := filepath.Join(dir, "marlin.bundle")
	data, err := os.ReadFile(bundle)
	if err != nil {
		t.Fatal(err)
	}
	data[len(data)/2] ^= 1
	copied := t.TempDir()
	if err := os.CopyFS(copied, os.DirFS(dir)); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(copied, "marlin.bundle"), data, 0o600); err != nil {
		t.Fatal(err)
	}
	o := order{Deposit: copied, Workspace: cfg.workspace(), Pinned: []deposit.Digest{SampleDigest()}, At: now()}
	_, err = runChild(t.Context(), cfg.Ctl, o, func(deposit.Step) {})
	r, ok := RefusalOf(err)
	if !ok {
		t.Fatalf("%v is no refusal", err)
	}
	if !strings.HasPrefix(r.Sentence, "marlin.bundle: its SHA-256 is ") || r.Digest != SampleDigest().String() || len(r.Problems) != 1 {
		t.Errorf("%+v", r)
	}
	for _, want := range []string{"Marlin Scan Engine, Korvane Labs", r.Digest, "1. marlin.bundle: its SHA-256", "another copy"} {
		if !strings.Contains(r.Letter, want) {
			t.Errorf("the letter lacks %q:\n%s", want, r.Letter)
		}
	}
	if !strings.Contains(r.Advice, "another copy") {
		t.Errorf("advice %q", r.Advice)
	}
	// A limit of the policy is the child's.
	o.Deposit, o.Limits = dir, deposit.Limits{MaxObject: 100}
	_, err = runChild(t.Context(), cfg.Ctl, o, func(deposit.Step) {})
	if r, ok := RefusalOf(err); !ok || !strings.Contains(r.Advice, "raise this limit") {
		t.Errorf("of a limit: %v, %+v", err, r)
	}
	if _, ok := RefusalOf(errors.New("something else")); ok {
		t.Error("any error is a refusal")
	}
}

// TestSameDigest: the deposit has one name everywhere.
func TestSameDigest(t *testing.T) {
	cfg := testConfig(t)
	v := enterSample(t, cfg, "Ada")
	if err := v.BuildIndex(t.Context(), func(IndexState) {}); err != nil {
		t.Fatal(err)
	}
	digest := SampleDigest().String()
	if got := v.Certificate().Digest; got != digest {
		t.Errorf("the certificate says %s", got)
	}
	k, err := v.KeyFile(writeKey(t, "key"))
	if err != nil {
		t.Fatal(err)
	}
	d, err := v.Draft(t.Context(), ExportOptions{Key: k})
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "review.zip")
	r, err := v.Export(t.Context(), d, nil, path)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range d.Files {
		if f.Name == "statement.json" && !strings.Contains(string(f.Data), `"digest": "`+digest+`"`) {
			t.Errorf("the statement says\n%s", f.Data)
		}
	}
	slip, err := os.ReadFile(filepath.Join(filepath.Dir(path), "review.slip.txt"))
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{digest, r.SHA256, r.Head.Hash, r.Fingerprint, "review.zip", "Ada"} {
		if !strings.Contains(string(slip), want) {
			t.Errorf("the slip lacks %q:\n%s", want, slip)
		}
	}
	for line := range strings.Lines(string(slip)) {
		if len(strings.TrimSuffix(line, "\n")) > 120 {
			t.Errorf("the slip has a line of %d columns: %s", len(line), line)
		}
	}
}
