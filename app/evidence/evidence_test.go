package evidence

import (
	"crypto/ed25519"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"golang.org/x/crypto/ssh"

	"vitrine/index/deposit"
	"vitrine/index/seal"
)

var at = time.Date(2026, 2, 3, 9, 30, 0, 0, time.UTC)

func key(t testing.TB) ssh.Signer {
	t.Helper()
	k, err := ssh.NewSignerFromKey(ed25519.NewKeyFromSeed([]byte("a builder's key for tests only..")))
	if err != nil {
		t.Fatal(err)
	}
	return k
}

var listed = deposit.Artifact{Name: "engine-1.0.deb", Release: "v1.0", SHA256: deposit.Digest{1}, Size: 48213}

func statement() Statement {
	return Statement{
		Deposit: deposit.Digest{7}, Release: "v1.0", Artifact: FileOf(listed), Rebuilt: File{"out.deb", deposit.Digest{1}, 48213},
		By: Party{Name: "Ann Lee", Organisation: "Lab"}, Toolchain: "gcc 12.2.0\nbinutils 2.40", Environment: "Debian 12",
	}
}

func anyone(ssh.PublicKey) error { return nil }

func TestSignOpen(t *testing.T) {
	data, sig, err := Sign(statement(), at, key(t))
	if err != nil {
		t.Fatal(err)
	}
	s, err := Open(data, sig, anyone)
	if err != nil {
		t.Fatal(err)
	}
	if !s.Identical || s.At != "2026-02-03T09:30:00Z" || s.Result() != "Ann Lee (Lab) rebuilt engine-1.0.deb of release v1.0, byte for byte" {
		t.Errorf("got %+v: %s", s, s.Result())
	}
	link := deposit.Link{Digest: deposit.Digest{7}, Manifest: &deposit.Manifest{Artifacts: []deposit.Artifact{listed}}}
	if err := s.Fits([]deposit.Link{{Digest: deposit.Digest{6}, Manifest: new(deposit.Manifest)}, link}); err != nil {
		t.Error(err)
	}
	for want, change := range map[string]func(*Statement){
		"not this one":       func(s *Statement) { s.Deposit = deposit.Digest{8} },
		"does not list":      func(s *Statement) { s.Release = "v2" },
		"the manifest says ": func(s *Statement) { s.Artifact.SHA256 = deposit.Digest{9} },
	} {
		other := *s
		change(&other)
		if err := other.Fits([]deposit.Link{link}); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("got %v, want %q", err, want)
		}
	}
	_, err = Open(data, sig, func(ssh.PublicKey) error { return errors.New("nobody knows it") })
	if err == nil || !strings.Contains(err.Error(), "not trusted") {
		t.Errorf("a stranger's: %v", err)
	}
	for i := range data {
		data[i] ^= 1
		if _, err := Open(data, sig, anyone); err == nil {
			t.Fatalf("byte %d may be another", i)
		}
		data[i] ^= 1
	}
	if _, err := Open(data, []byte("none"), anyone); err == nil {
		t.Error("no signature is enough")
	}
}

// TestStockVerifies: ssh-keygen takes the signature as it is.
func TestStockVerifies(t *testing.T) {
	data, sig, err := Sign(statement(), at, key(t))
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	for name, b := range map[string][]byte{"e.json.sig": sig, "allowed": []byte(seal.Line("ann", key(t).PublicKey(), Namespace) + "\n")} {
		if err := os.WriteFile(filepath.Join(dir, name), b, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	c := exec.Command("ssh-keygen", "-Y", "verify", "-n", Namespace, "-f", "allowed", "-I", "ann", "-s", "e.json.sig")
	c.Dir, c.Stdin = dir, strings.NewReader(string(data))
	if out, err := c.CombinedOutput(); err != nil {
		t.Errorf("%v: %s", err, out)
	}
}

// TestLies: what the format does not allow is neither signed nor read.
func TestLies(t *testing.T) {
	good, _, err := Sign(statement(), at, key(t))
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ old, new, want string }{
		{`"identical":true`, `"identical":false`, "it says that identical is false"},
		{`"size":48213},"at"`, `"size":48214},"at"`, "identical is true"},
		{`"differences":""`, `"differences":"none"`, "explains differences"},
		{`"version":1`, `"version":2`, "use a newer Vitrine"},
		{`vitrine-build-evidence`, `vitrine-deposit`, "no build evidence"},
		{`{"artifact"`, `{ "artifact"`, "damaged"},
		{`"at":"2026-02-03T09:30:00Z"`, `"at":"2026-02-03T10:30:00+01:00"`, "want UTC"},
		{`Ann Lee`, ``, "who built"},
		{`gcc 12.2.0\nbinutils 2.40`, ` `, "toolchain"},
		{`Debian 12`, strings.Repeat("x", maxText+1), "environment"},
		{`"v1.0"`, "\"v\u202e1\"", "release"},
		{`"v1.0"`, `"v1.0","x":1`, "damaged"},
	} {
		_, err := Parse([]byte(strings.Replace(string(good), c.old, c.new, 1)))
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: got %v, want %q", c.new, err, c.want)
		}
	}
	bad := statement()
	bad.Toolchain = "\x1b[0m"
	if _, _, err := Sign(bad, at, key(t)); err == nil {
		t.Error("control characters are signed")
	}
	differs := statement()
	differs.Rebuilt.SHA256, differs.Differences = deposit.Digest{2}, "a time stamp in the archive"
	data, _, err := Sign(differs, at, key(t))
	if err != nil {
		t.Fatal(err)
	}
	if s, err := Parse(data); err != nil || s.Identical || !strings.Contains(s.Result(), "other bytes") {
		t.Errorf("got %+v, %v", s, err)
	}
}

func FuzzParse(f *testing.F) {
	data, _, err := Sign(statement(), at, key(f))
	if err != nil {
		f.Fatal(err)
	}
	f.Add(data)
	f.Fuzz(func(t *testing.T, data []byte) {
		s, err := Parse(data)
		if err != nil {
			return
		}
		again, err := seal.Canonical(s)
		if err != nil || string(again) != string(data) {
			t.Fatalf("%q is read, but %q is written (%v)", data, again, err)
		}
	})
}
