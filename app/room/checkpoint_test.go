package room

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"vitrine/index/block"
	"vitrine/index/content"
	"vitrine/index/deposit"
	"vitrine/index/search"
	"vitrine/index/symbol"
)

// visited enters the sample, readies all indexes, and leaves; it tells what the journal
// says of them and what the reviewer was told.
func visited(t *testing.T, cfg Config, who string, do func(*Visit)) (records []checkpointRecord, notice string) {
	t.Helper()
	v, err := enterSampleAs(cfg, who)
	if err != nil {
		t.Fatal(err)
	}
	before := v.Entries()
	if err := v.BuildIndex(t.Context(), func(IndexState) {}); err != nil {
		t.Fatal(err)
	}
	if err := v.BuildSymbols(t.Context(), func(DerivedState) {}); err != nil {
		t.Fatal(err)
	}
	for e, err := range v.journal.Entries() {
		if err != nil {
			t.Fatal(err)
		}
		if e.Kind == kindCheckpoint && e.N > before {
			var r checkpointRecord
			if err := e.Decode(&r); err != nil {
				t.Fatal(err)
			}
			records = append(records, r)
		}
	}
	if do != nil {
		do(v)
	}
	notice = strings.TrimSpace(v.IndexState().Notice + " " + v.SymbolState().Notice)
	if err := v.Close(); err != nil {
		t.Fatal(err)
	}
	return records, notice
}

// parts are the folders of what was derived from the sample.
func parts(t *testing.T, cfg Config) []string {
	t.Helper()
	dirs, err := filepath.Glob(filepath.Join(cfg.workspace(), "*", contentDir))
	if err != nil || len(dirs) != 1 {
		t.Fatal(dirs, err)
	}
	dir := filepath.Dir(dirs[0])
	return []string{filepath.Join(dir, contentDir), filepath.Join(dir, indexDir), filepath.Join(dir, symbolsDir)}
}

// TestCheckpoints: what is derived is recorded once, and nothing more while it stays the
// same, also when another visit built it anew from nothing.
func TestCheckpoints(t *testing.T) {
	cfg := testConfig(t)
	first, notice := visited(t, cfg, "Ada Lovelace", nil)
	if len(first) != 3 || notice != "" {
		t.Fatalf("recorded %+v, told %q", first, notice)
	}
	for i, name := range []string{contentDir, indexDir, symbolsDir} {
		if r := first[i]; r.Index != name || r.Digest.IsZero() || r.Expected != nil || r.Rejected != nil {
			t.Errorf("%s: %+v", name, r)
		}
	}
	if again, notice := visited(t, cfg, "Ada Lovelace", nil); len(again) != 0 || notice != "" {
		t.Errorf("again: %+v, %q", again, notice)
	}
	for _, dir := range parts(t, cfg) {
		if err := os.RemoveAll(dir); err != nil {
			t.Fatal(err)
		}
	}
	if other, notice := visited(t, cfg, "Grace Hopper", nil); !slices.Equal(other, first) || notice != "" {
		t.Errorf("another visit built %+v, the first %+v; %q", other, first, notice)
	}
	if again, notice := visited(t, cfg, "Ada Lovelace", nil); len(again) != 0 || notice != "" {
		t.Errorf("after another visit: %+v, %q", again, notice)
	}
}

// TestAlteredAsAWhole: an index of other texts, whole in itself, takes the place of one.
func TestAlteredAsAWhole(t *testing.T) {
	cfg := testConfig(t)
	first, _ := visited(t, cfg, "Ada Lovelace", nil)
	for i, dir := range parts(t, cfg) {
		name := filepath.Base(dir)
		forge(t, dir)
		var hits int
		records, notice := visited(t, cfg, "Ada Lovelace", func(v *Visit) {
			_, err := v.Search(t.Context(), "return", func(search.Hit) bool { hits++; return true })
			if err != nil {
				t.Error(err)
			}
		})
		if hits == 0 {
			t.Errorf("%s: what was hidden is still not found", name)
		}
		if len(records) != 1 {
			t.Fatalf("%s: recorded %+v", name, records)
		}
		r := records[0]
		if r.Index != name || r.Digest != first[i].Digest || r.Expected == nil || *r.Expected != r.Digest || r.Rejected == nil || *r.Rejected == r.Digest {
			t.Errorf("%s: recorded %+v", name, r)
		}
		if !strings.Contains(notice, partNames[name]) || !strings.Contains(notice, "recorded") {
			t.Errorf("%s: told %q", name, notice)
		}
	}
}

// forge alters a part and makes it whole in itself again: all texts are binary, no file
// is anywhere, a symbol is another.
func forge(t *testing.T, dir string) {
	t.Helper()
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	read := func(name string) []byte {
		data, err := os.ReadFile(filepath.Join(dir, name))
		must(err)
		return data
	}
	switch filepath.Base(dir) {
	case contentDir:
		idx := read("content.idx")
		body := idx[:len(idx)-sha256.Size]
		const row = 61 // as package content specifies it
		for end := len(body); end >= row && body[end-1] == byte(content.UTF8); end -= row {
			body[end-1] = byte(content.Binary)
		}
		sum := sha256.Sum256(body)
		must(os.WriteFile(filepath.Join(dir, "content.idx"), append(body, sum[:]...), 0o600))
		return
	case indexDir:
		must(os.WriteFile(filepath.Join(dir, "places"), nil, 0o600))
	case symbolsDir:
		data := read("records")
		data[len(data)/2] ^= 1
		must(os.Remove(filepath.Join(dir, "records")))
		must(os.Remove(filepath.Join(dir, "records"+block.Suffix)))
		w, err := block.Create(filepath.Join(dir, "records"))
		must(err)
		_, err = w.Write(data)
		must(err)
		must(w.Finish())
	}
	sums := read("SHA256SUMS")
	head, rest, _ := strings.Cut(string(sums), "\n")
	manifest, err := hex.DecodeString(rest[:2*sha256.Size])
	must(err)
	must(os.Remove(filepath.Join(dir, "SHA256SUMS")))
	must(block.WriteSums(dir, head, [32]byte(manifest)))
}

// A fakePart has a digest.
type fakePart struct{ digest deposit.Digest }

func (p fakePart) Digest() deposit.Digest { return p.digest }
func (fakePart) Close() error             { return nil }

// TestRightAllTheSame: what is not expected is built anew, which may prove it right.
func TestRightAllTheSame(t *testing.T) {
	expected, found := deposit.Digest{1}, deposit.Digest{2}
	var recorded []checkpointRecord
	c := &checkpoints{digests: map[string]deposit.Digest{"index": expected}, record: func(_ context.Context, r checkpointRecord) error {
		recorded = append(recorded, r)
		return nil
	}}
	built := 0
	open := func() (fakePart, error) { return fakePart{found}, nil }
	build := func(fresh bool) error {
		built++
		if !fresh {
			t.Error("what lies beside it is believed")
		}
		return nil
	}
	_, notice, err := openPart(t.Context(), c, "index", open, build)
	if err != nil || built != 1 || len(recorded) != 1 || *recorded[0].Rejected != found || recorded[0].Digest != found || *recorded[0].Expected != expected {
		t.Fatalf("built %d times, recorded %+v, %v", built, recorded, err)
	}
	if !strings.Contains(notice, "but right") {
		t.Errorf("told %q", notice)
	}
	if _, notice, err := openPart(t.Context(), c, "index", open, build); err != nil || notice != "" || built != 1 || len(recorded) != 1 {
		t.Errorf("the next time: %q, %v, built %d times", notice, err, built)
	}
}

// TestNotRecordedNotUsed: an index of which nobody could write down the digest is not
// used.
func TestNotRecordedNotUsed(t *testing.T) {
	full := errors.New("the disk is full")
	c := &checkpoints{digests: map[string]deposit.Digest{}, record: func(context.Context, checkpointRecord) error { return full }}
	_, _, err := openPart(t.Context(), c, "index", func() (fakePart, error) { return fakePart{deposit.Digest{2}}, nil }, func(bool) error { return nil })
	if !errors.Is(err, full) || len(c.digests) != 0 {
		t.Errorf("got %v, %v", err, c.digests)
	}
}

// TestAlteredBefore: of an index before that is not the one that the reviewer's journal
// knows nothing is taken over.
func TestAlteredBefore(t *testing.T) {
	cfg := testConfig(t)
	visited(t, cfg, "Ada Lovelace", nil)
	all := parts(t, cfg)
	words, symbols := all[1], all[2]
	of := func(who string) *checkpoints {
		return &checkpoints{journal: func(d deposit.Digest) string { return cfg.journal(d, who) }}
	}
	altered := func(who string) (text, names bool) {
		c := of(who)
		return c.altered(SampleDigest(), indexDir, func() (deposit.Digest, error) { return search.DigestOf(words) }),
			c.altered(SampleDigest(), symbolsDir, func() (deposit.Digest, error) { return symbol.DigestOf(symbols) })
	}
	if text, names := altered("Ada Lovelace"); text || names {
		t.Errorf("what nobody changed: %v, %v", text, names)
	}
	forge(t, words)
	forge(t, symbols)
	if text, names := altered("Ada Lovelace"); !text || !names {
		t.Errorf("altered: %v, %v", text, names)
	}
	if text, names := altered("Grace Hopper"); text || names {
		t.Errorf("without a journal: %v, %v", text, names)
	}
	path := cfg.journal(SampleDigest(), "Ada Lovelace")
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	data[len(data)/2] ^= 1
	if err := os.WriteFile(path, data, 0o600); err != nil {
		t.Fatal(err)
	}
	if text, names := altered("Ada Lovelace"); !text || !names {
		t.Errorf("with a damaged journal: %v, %v", text, names)
	}
	if (*checkpoints)(nil).altered(SampleDigest(), indexDir, nil) {
		t.Error("without a reviewer nobody knows")
	}
}
