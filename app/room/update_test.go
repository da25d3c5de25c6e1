package room

import (
	"crypto/ed25519"
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"

	"golang.org/x/crypto/ssh"

	"vitrine/index/deposit"
	"vitrine/index/search"
)

// TestUpdateIndexesItsNewBlobs: the index of a deposit that continues another one is
// made of that one's and of what is new.
func TestUpdateIndexesItsNewBlobs(t *testing.T) {
	cfg := testConfig(t)
	signer, err := ssh.NewSignerFromKey(ed25519.NewKeyFromSeed([]byte("a vendor's key for tests only...")))
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	source := filepath.Join(dir, "source")
	if err := os.MkdirAll(source, 0o700); err != nil {
		t.Fatal(err)
	}
	write := func(name, text string) {
		t.Helper()
		if err := os.WriteFile(filepath.Join(source, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	var digests []deposit.Digest
	seal := func(release, since, out string) {
		t.Helper()
		_, err := deposit.Seal(t.Context(), deposit.SealOptions{
			Inputs: []deposit.Input{{Name: "engine", Snapshots: []deposit.Snapshot{{Release: release, Folder: source}}}},
			Since:  since, Title: "t", Vendor: "v", Sealed: time.Unix(1700000000, 0).UTC(), Signer: signer, Out: out,
		}, nil)
		if err != nil {
			t.Fatal(err)
		}
		_, digest, err := deposit.ReadManifest(out)
		if err != nil {
			t.Fatal(err)
		}
		digests = append(digests, digest)
	}
	for i := range 20 {
		write(fmt.Sprint(i, ".c"), fmt.Sprintf("int needle%d;\n", i))
	}
	one, chain := filepath.Join(dir, "one"), filepath.Join(dir, "chain")
	seal("v1", "", one)
	write("7.c", "int needle, new;\n")
	if err := os.CopyFS(filepath.Join(chain, "1"), os.DirFS(one)); err != nil {
		t.Fatal(err)
	}
	seal("v2", one, filepath.Join(chain, "2"))

	open := func(dir string) (indexed int64, hits int) {
		t.Helper()
		trust := deposit.Trust{Pinned: digests, At: time.Unix(1700000000, 0)}
		s, err := OpenTrusted(t.Context(), cfg, Trusted{Deposit: dir, Trust: trust, Full: false}, func(deposit.Step) {}, func(st IndexState) {
			if st.Phase == "Words" {
				indexed = st.Total
			}
		})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := s.Search(t.Context(), "needle", func(search.Hit) bool { hits++; return true }); err != nil {
			t.Error(err)
		}
		if err := s.Close(); err != nil {
			t.Error(err)
		}
		return indexed, hits
	}
	if indexed, hits := open(one); indexed < 20*13 || hits != 20 {
		t.Errorf("the first deposit: %d bytes, %d hits", indexed, hits)
	}
	if indexed, hits := open(chain); indexed != int64(len("int needle, new;\n")) || hits != 40 {
		t.Errorf("the second: %d bytes, %d hits", indexed, hits)
	}
}
