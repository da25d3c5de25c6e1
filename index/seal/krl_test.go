package seal

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"golang.org/x/crypto/ssh"
)

// stockRevoked asks ssh-keygen whether a list that it made revokes a key.
func stockRevoked(t testing.TB, list, key string) bool {
	t.Helper()
	out, err := exec.Command("ssh-keygen", "-Q", "-f", list, key).CombinedOutput()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		t.Fatal(err)
	}
	revoked := strings.Contains(string(out), "REVOKED")
	if revoked != (err != nil) {
		t.Fatalf("ssh-keygen -Q: %v: %s", err, out)
	}
	return revoked
}

// TestRevokedAsStock holds lists made by ssh-keygen -k against ssh-keygen -Q,
// for each of several keys.
func TestRevokedAsStock(t *testing.T) {
	dir := t.TempDir()
	path := func(name string) string { return filepath.Join(dir, name) }
	keys := map[string]ssh.PublicKey{}
	for i, kind := range []string{"ed25519", "ed25519", "p256", "p384", "p521", "rsa", "sk", "sk-p256"} {
		name := fmt.Sprintf("%s-%d", kind, i)
		keys[name] = newSigner(t, kind).PublicKey()
		write(t, path(name), ssh.MarshalAuthorizedKey(keys[name]))
	}
	run(t, "ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", path("ca"))
	run(t, "ssh-keygen", "-q", "-s", path("ca"), "-I", "someone", "-z", "7", path("ed25519-0"))
	certificate := path("ed25519-0-cert.pub")
	line := func(name string) string { return string(ssh.MarshalAuthorizedKey(keys[name])) }
	spec := func(name, text string) string { return write(t, path(name), []byte(text)) }
	for name, args := range map[string][]string{
		"nothing":      {},
		"one key":      {path("ed25519-0")},
		"all kinds":    {path("p256-2"), path("p384-3"), path("p521-4"), path("rsa-5"), path("sk-6"), path("sk-p256-7")},
		"key":          {spec("s1", "key: "+line("rsa-5"))},
		"bare key":     {spec("s2", "# gone\n\n"+line("p256-2")+line("ed25519-1"))},
		"sha1":         {spec("s3", "sha1: "+line("p384-3")+"sha1: "+line("ed25519-0"))},
		"sha256":       {spec("s4", "sha256: "+line("sk-6"))},
		"hash":         {spec("s5", "hash: "+Fingerprint(keys["p521-4"])+"\n")},
		"mixed":        {spec("s6", "sha1: "+line("p384-3")+"sha256: "+line("sk-6")+"key: "+line("rsa-5")+"hash: "+Fingerprint(keys["p521-4"])+"\n")},
		"certificates": {"-s", path("ca.pub"), spec("s7", "serial: 7\nserial: 10-20\nserial: 90\nserial: 92\nserial: 95\nid: someone else\n")},
		"by authority": {"-s", path("ca.pub"), certificate},
		"any authority": {"-s", "none", spec("s8", "serial: 1\n"),
			path("sk-p256-7")},
		"its key": {certificate},
	} {
		list := path("list of " + name)
		run(t, "ssh-keygen", append([]string{"-q", "-k", "-f", list, "-z", "3"}, args...)...)
		checkAsStock(t, name, list, path, keys)
		if name == "nothing" {
			continue
		}
		run(t, "ssh-keygen", "-q", "-k", "-u", "-f", list, path("ed25519-1"))
		checkAsStock(t, name+", updated", list, path, keys)
	}
}

func checkAsStock(t *testing.T, name, list string, path func(string) string, keys map[string]ssh.PublicKey) {
	t.Helper()
	data, err := os.ReadFile(list)
	if err != nil {
		t.Fatal(err)
	}
	r, err := ParseRevoked(data)
	if err != nil {
		t.Errorf("%s: %v", name, err)
		return
	}
	for k, key := range keys {
		if want := stockRevoked(t, list, path(k)); r.Has(key) != want {
			t.Errorf("%s: %s revoked: %v, ssh-keygen says %v", name, k, !want, want)
		}
	}
	// Of what is cut short only its beginning is a list, where a section ends.
	for n := len(krlMagic); n < len(data); n++ {
		if short, err := ParseRevoked(data[:n]); err == nil && len(short.sha256)+len(short.sha1) > len(r.sha256)+len(r.sha1) {
			t.Errorf("%s: its first %d bytes revoke more", name, n)
		}
	}
}

// TestRevokedLinesAsStock: the form of one key a line, which ssh-keygen -Y
// verify -r takes, and what it means for a listed key.
func TestRevokedLinesAsStock(t *testing.T) {
	s, other := newSigner(t, "ed25519"), newSigner(t, "rsa")
	dir := t.TempDir()
	own, signers := public(s.PublicKey()), Line("ann", s.PublicKey(), testSpace)
	list, err := ParseSigners([]byte(signers))
	if err != nil {
		t.Fatal(err)
	}
	armored := sign(t, s)
	for text, want := range map[string]bool{
		"":                                false,
		"# " + own + "\n":                 false,
		public(other.PublicKey()) + "\n":  false,
		own:                               true,
		"\t" + own + " ann, who left\r\n": true,
		"\n#\n" + public(other.PublicKey()) + "\n" + own + "\n": true,
	} {
		file := write(t, filepath.Join(dir, "revoked"), []byte(text))
		out, serr := stockVerify(t, signers, "ann", testSpace, armored, testMessage, "-r", file)
		r, err := ParseRevoked([]byte(text))
		if err != nil {
			t.Errorf("%q: %v", text, err)
			continue
		}
		if (serr != nil) != want || r.Has(s.PublicKey()) != want {
			t.Errorf("%q: ours %v, ssh-keygen %v (%s), want revoked: %v", text, r.Has(s.PublicKey()), serr, out, want)
		}
		_, ferr := list.Revoke(r).Find(s.PublicKey(), testSpace, time.Now())
		if errors.Is(ferr, ErrRevoked) != want || (ferr != nil) != want {
			t.Errorf("%q: %v", text, ferr)
		}
		if want && ferr.Error() != "key "+Fingerprint(s.PublicKey())+" is revoked" {
			t.Errorf("the sentence: %v", ferr)
		}
		if _, _, verr := VerifyDetached(bytes.NewReader(testMessage), armored, testSpace, list.Revoke(r), time.Now()); (verr != nil) != want {
			t.Errorf("%q: verified: %v", text, verr)
		}
	}
	if _, err := list.Find(s.PublicKey(), testSpace, time.Now()); err != nil {
		t.Errorf("the list itself changed: %v", err)
	}
}

func TestRevokedByFingerprint(t *testing.T) {
	a, b := newSigner(t, "ed25519").PublicKey(), newSigner(t, "p256").PublicKey()
	r, err := RevokedKeys([]string{Fingerprint(a)})
	if err != nil || !r.Has(a) || r.Has(b) || r.Has(nil) || (*Revoked)(nil).Has(a) {
		t.Errorf("%v, %v", r, err)
	}
	f := Fingerprint(a)
	for _, bad := range []string{"", "SHA256:", f[:len(f)-1], f + "=", f + "A", "MD5:" + f, f[:20] + "\n" + f[20:], strings.ToLower(f[:7]) + f[7:]} {
		if _, err := RevokedKeys([]string{bad}); err == nil || strings.Contains(err.Error(), "\n") {
			t.Errorf("%q: %v", bad, err)
		}
	}
}

// krlOf writes a list: a good header and these sections.
func krlOf(sections ...[]byte) []byte {
	out := append([]byte(krlMagic), ssh.Marshal(struct {
		Format                    uint32
		Version, Generated, Flags uint64
		Reserved, Comment         string
	}{Format: 1, Comment: "for a test"})...)
	for _, s := range sections {
		out = append(out, s...)
	}
	return out
}

func section(kind byte, parts ...string) []byte {
	var data []byte
	for _, p := range parts {
		data = append(binary.BigEndian.AppendUint32(data, uint32(len(p))), p...)
	}
	return append(binary.BigEndian.AppendUint32([]byte{kind}, uint32(len(data))), data...)
}

func TestRevokedRefused(t *testing.T) {
	extension := func(critical bool) []byte {
		data := string(ssh.Marshal(krlExtension{"quantum@example", critical, nil}))
		out := section(krlExtensions, data)
		return append(binary.BigEndian.AppendUint32([]byte{krlExtensions}, uint32(len(data))), out[9:]...)
	}
	if _, err := ParseRevoked(krlOf(extension(false))); err != nil {
		t.Errorf("an extension that may be ignored: %v", err)
	}
	flags := krlOf()
	flags[len(krlMagic)+4+8+8+7] = 1
	newer := krlOf()
	newer[len(krlMagic)+3] = 2
	for name, c := range map[string]struct {
		list []byte
		want string
	}{
		"text":             {[]byte("hello\n"), "line 1"},
		"options":          {[]byte("\ncert-authority " + public(newSigner(t, "ed25519").PublicKey())), "line 2"},
		"half a magic":     {[]byte("SSHKRL\n"), "line 1"},
		"only a magic":     {[]byte(krlMagic), "header"},
		"newer":            {newer, "format version 2"},
		"flags":            {flags, "flags 0x1"},
		"unknown section":  {krlOf(section(9, "x")), "section 1: its type 9"},
		"signature":        {krlOf(section(krlKeys, "x"), section(krlSignature, "k")), "section 2: the list is signed"},
		"critical":         {krlOf(extension(true)), "quantum@example"},
		"short SHA-1":      {krlOf(section(krlSHA1, "0123456789")), "SHA-1 fingerprint of 10 bytes"},
		"long SHA-256":     {krlOf(section(krlSHA256, strings.Repeat("x", 33))), "SHA-256 fingerprint of 33"},
		"cut section":      {krlOf(section(krlSHA256, strings.Repeat("x", 32))[:30]), "section 1: it is cut short"},
		"cut item":         {krlOf([]byte{krlKeys, 0, 0, 0, 4, 0, 0, 0, 9}), "section 1: it is cut short"},
		"a byte more":      {append(krlOf(section(krlKeys, "x")), 1), "section 2: it is cut short"},
		"cut certificates": {krlOf(section(krlCertificates, "authority")), "cut short"},
		"odd certificates": {krlOf(append([]byte{krlCertificates, 0, 0, 0, 13}, append(make([]byte, 8), section(0x30)...)...)), "type 0x30"},
		"too large":        {make([]byte, MaxRevoked+1), "at most"},
	} {
		if _, err := ParseRevoked(c.list); err == nil || !strings.Contains(err.Error(), c.want) || strings.ContainsAny(err.Error(), "\n\x00") {
			t.Errorf("%s: %v, want an error with %q", name, err, c.want)
		}
	}
}

func FuzzParseRevoked(f *testing.F) {
	f.Add(krlOf(section(krlKeys, "blob", ""), section(krlSHA1, strings.Repeat("s", 20)), section(krlSHA256, strings.Repeat("S", 32))))
	f.Fuzz(func(t *testing.T, data []byte) {
		r, err := ParseRevoked(data)
		if err != nil {
			if r != nil {
				t.Error("a refused list is returned")
			}
			return
		}
		if most := len(data)/4 + 1; len(r.sha256)+len(r.sha1) > most {
			t.Errorf("%d bytes revoke %d keys", len(data), len(r.sha256)+len(r.sha1))
		}
		if again, err := ParseRevoked(data); err != nil || len(again.sha256) != len(r.sha256) {
			t.Errorf("read again: %v", err)
		}
	})
}
