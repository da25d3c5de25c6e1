package seal

import (
	"bytes"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/ProtonMail/go-crypto/openpgp"
	"github.com/ProtonMail/go-crypto/openpgp/packet"
)

// pgpBorn is when the keys of these tests are made.
var pgpBorn = time.Date(2024, 1, 1, 0, 0, 0, 0, time.UTC)

func pgpAt(days int) *packet.Config {
	return &packet.Config{Algorithm: packet.PubKeyAlgoEdDSA, Time: func() time.Time { return pgpBorn.AddDate(0, 0, days) }}
}

func newEntity(t testing.TB, name string) *openpgp.Entity {
	t.Helper()
	e, err := openpgp.NewEntity(name, "", strings.ToLower(name)+"@example.org", pgpAt(0))
	if err != nil {
		t.Fatal(err)
	}
	return e
}

// certificate writes the public half, armoured.
func certificate(t testing.TB, e *openpgp.Entity) string {
	t.Helper()
	var raw bytes.Buffer
	if err := e.Serialize(&raw); err != nil {
		t.Fatal(err)
	}
	block, err := pgpArmor(openpgp.PublicKeyType, raw.Bytes())
	if err != nil {
		t.Fatal(err)
	}
	return block
}

func keyring(t testing.TB, certificates ...string) *Keyring {
	t.Helper()
	k, err := ParseKeyring([]byte(strings.Join(certificates, "")))
	if err != nil {
		t.Fatal(err)
	}
	return k
}

func pgpSign(t testing.TB, e *openpgp.Entity, days int) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := openpgp.ArmoredDetachSign(&b, e, bytes.NewReader(testMessage), pgpAt(days)); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestOpenPGP(t *testing.T) {
	ann, bob := newEntity(t, "Ann"), newEntity(t, "Bob")
	armored := pgpSign(t, ann, 5)
	both := keyring(t, certificate(t, ann), certificate(t, bob))
	who, err := both.Verify(bytes.NewReader(testMessage), armored)
	if err != nil || who != "Ann <ann@example.org>" {
		t.Errorf("%q, %v", who, err)
	}
	for _, k := range []*Keyring{nil, {}, keyring(t, certificate(t, bob))} {
		who, err := k.Verify(bytes.NewReader(testMessage), armored)
		if !errors.Is(err, ErrUnknownKey) || len(who) != 40 || strings.Trim(who, "0123456789ABCDEF") != "" {
			t.Errorf("a stranger's: %q, %v", who, err)
		}
	}
	if who, err := both.Verify(strings.NewReader("other bytes"), armored); err == nil || errors.Is(err, ErrUnknownKey) || who != "Ann <ann@example.org>" {
		t.Errorf("other bytes: %q, %v", who, err)
	}
	text := string(armored)
	lines := strings.SplitAfter(text, "\n")
	for name, bad := range map[string]string{
		"empty":     "",
		"before":    "Good!\n" + text,
		"after":     text + "\nand more\n",
		"twice":     text + "\n" + text,
		"cut":       text[:len(text)/2],
		"no end":    strings.Join(lines[:len(lines)-2], ""),
		"another":   certificate(t, ann),
		"NUL":       strings.Replace(text, "\n\n", "\n\n\x00", 1),
		"no packet": "-----BEGIN PGP SIGNATURE-----\n\n-----END PGP SIGNATURE-----\n",
		"too long":  text[:30] + strings.Repeat("x", MaxSignature) + text[30:],
	} {
		if who, err := both.Verify(bytes.NewReader(testMessage), []byte(bad)); err == nil || errors.Is(err, ErrUnknownKey) || who != "" {
			t.Errorf("%s: %q, %v", name, who, err)
		}
	}
}

// together puts signatures into one block.
func together(t testing.TB, armored ...[]byte) []byte {
	t.Helper()
	var raw []byte
	for _, a := range armored {
		list, err := parsePGP(a)
		if err != nil {
			t.Fatal(err)
		}
		raw = append(raw, list[0].raw...)
	}
	block, err := pgpArmor(openpgp.SignatureType, raw)
	if err != nil {
		t.Fatal(err)
	}
	return []byte(block)
}

// TestSeveralSignatures: of a block's signatures the first by a known key counts.
func TestSeveralSignatures(t *testing.T) {
	ann, bob := newEntity(t, "Ann"), newEntity(t, "Bob")
	a, b := pgpSign(t, ann, 1), pgpSign(t, bob, 1)
	both := keyring(t, certificate(t, ann), certificate(t, bob))
	onlyBob := keyring(t, certificate(t, bob))
	for name, c := range map[string]struct {
		ring    *Keyring
		armored []byte
		want    string
	}{
		"both known":  {both, together(t, a, b), "Ann <ann@example.org>"},
		"other order": {both, together(t, b, a), "Bob <bob@example.org>"},
		"one known":   {onlyBob, together(t, a, b), "Bob <bob@example.org>"},
		"the same":    {onlyBob, together(t, b, b), "Bob <bob@example.org>"},
	} {
		if who, err := c.ring.Verify(bytes.NewReader(testMessage), c.armored); err != nil || who != c.want {
			t.Errorf("%s: %q, %v", name, who, err)
		}
		if _, err := c.ring.Verify(strings.NewReader("x"), c.armored); err == nil || errors.Is(err, ErrUnknownKey) {
			t.Errorf("%s: other bytes: %v", name, err)
		}
	}
	if _, err := onlyBob.Verify(bytes.NewReader(testMessage), together(t, a, a)); !errors.Is(err, ErrUnknownKey) {
		t.Errorf("two of a stranger: %v", err)
	}
	if _, err := both.Verify(bytes.NewReader(testMessage), together(t, a, a, a, a, a, a, a, a, a)); err == nil || !strings.Contains(err.Error(), "more than 8") {
		t.Errorf("nine: %v", err)
	}
}

// TestOpenPGPTimes: a signature outlives its key, but is not made after it, and
// a key that fell into other hands never signed anything.
func TestOpenPGPTimes(t *testing.T) {
	e := newEntity(t, "Ann")
	early, late := pgpSign(t, e, 5), pgpSign(t, e, 50)
	id := e.PrimaryIdentity()
	lifetime := uint32(30 * 24 * 3600)
	id.SelfSignature.KeyLifetimeSecs = &lifetime
	if err := id.SelfSignature.SignUserId(id.UserId.Id, e.PrimaryKey, e.PrivateKey, pgpAt(0)); err != nil {
		t.Fatal(err)
	}
	k := keyring(t, certificate(t, e))
	if _, err := k.Verify(bytes.NewReader(testMessage), early); err != nil {
		t.Errorf("before the key expired: %v", err)
	}
	if who, err := k.Verify(bytes.NewReader(testMessage), late); err == nil || !strings.Contains(err.Error(), "expired") || who != "Ann <ann@example.org>" {
		t.Errorf("after the key expired: %q, %v", who, err)
	}
	for reason, wants := range map[packet.ReasonForRevocation]struct{ early, late bool }{
		packet.NoReason:       {false, false},
		packet.KeyCompromised: {false, false},
		packet.KeySuperseded:  {true, false},
		packet.KeyRetired:     {true, false},
	} {
		e := newEntity(t, "Ann")
		early, late := pgpSign(t, e, 5), pgpSign(t, e, 50)
		if err := e.RevokeKey(reason, "", pgpAt(30)); err != nil {
			t.Fatal(err)
		}
		k := keyring(t, certificate(t, e))
		for _, c := range []struct {
			armored []byte
			want    bool
		}{{early, wants.early}, {late, wants.late}} {
			_, err := k.Verify(bytes.NewReader(testMessage), c.armored)
			if (err == nil) != c.want || err != nil && !errors.Is(err, ErrRevoked) {
				t.Errorf("revoked for reason %d: %v, want valid: %v", reason, err, c.want)
			}
		}
	}
}

func TestKeyringRefused(t *testing.T) {
	e := newEntity(t, "Ann")
	var private bytes.Buffer
	if err := e.SerializePrivate(&private, pgpAt(0)); err != nil {
		t.Fatal(err)
	}
	good := certificate(t, e)
	for name, c := range map[string]struct{ file, want string }{
		"empty":           {"", "no certificate"},
		"text":            {"hello", "not OpenPGP"},
		"private":         {private.String(), "private key"},
		"private, armour": {"-----BEGIN PGP PRIVATE KEY BLOCK-----\n", "private key"},
		"signature":       {string(pgpSign(t, e, 1)), "holds no public keys"},
		"cut":             {good[:len(good)/2], "cut short"},
		"second cut":      {good + good[:len(good)/2], "cut short"},
		"no end":          {good[:len(good)/2] + good, "cut short"},
		"too large":       {strings.Repeat("x", MaxKeyring+1), "at most"},
	} {
		if _, err := ParseKeyring([]byte(c.file)); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, want an error with %q", name, err, c.want)
		}
	}
	k := keyring(t, "Our keys.\n", good, "and another:\n", certificate(t, newEntity(t, "Bob")))
	if names := k.Names(); len(names) != 2 || !strings.HasPrefix(names[1], "Bob <bob@example.org> ") {
		t.Errorf("%q", names)
	}
}

// TestGnuPG holds Verify against signatures that gpg made.
func TestGnuPG(t *testing.T) {
	home, err := os.MkdirTemp("", "gpg-") // its sockets need a short path
	if err != nil {
		t.Fatal(err)
	}
	gpg := func(args ...string) []byte {
		t.Helper()
		cmd := exec.Command("gpg", append([]string{"--homedir", home, "--batch", "--quiet", "--pinentry-mode", "loopback", "--passphrase", ""}, args...)...)
		cmd.Stdin = bytes.NewReader(testMessage)
		var complaint bytes.Buffer
		cmd.Stderr = &complaint
		out, err := cmd.Output()
		if err != nil {
			t.Fatalf("gpg %s: %v\n%s", strings.Join(args, " "), err, complaint.String())
		}
		return out
	}
	t.Cleanup(func() {
		if out, err := exec.Command("gpgconf", "--homedir", home, "--kill", "all").CombinedOutput(); err != nil {
			t.Errorf("ending gpg-agent: %v: %s", err, out)
		}
		if err := os.RemoveAll(home); err != nil {
			t.Error(err)
		}
	})
	for _, algorithm := range []string{"ed25519", "nistp256", "rsa2048"} {
		who := algorithm + " <" + algorithm + "@example.org>"
		gpg("--quick-generate-key", who, algorithm, "sign")
		armored := gpg("--armor", "--local-user", "="+who, "--detach-sign")
		text := gpg("--armor", "--textmode", "--local-user", "="+who, "--detach-sign")
		for _, export := range [][]byte{gpg("--armor", "--export", "="+who), gpg("--export", "="+who)} {
			k, err := ParseKeyring(export)
			if err != nil {
				t.Fatal(err)
			}
			for _, sig := range [][]byte{armored, text} {
				if got, err := k.Verify(bytes.NewReader(testMessage), sig); err != nil || got != who {
					t.Errorf("%s: %q, %v", algorithm, got, err)
				}
				if _, err := k.Verify(strings.NewReader("x"), sig); err == nil {
					t.Errorf("%s: other bytes accepted", algorithm)
				}
			}
			// What the keyring writes, gpg reads.
			blocks := k.Armored()
			if len(blocks) != 1 {
				t.Fatalf("%d blocks", len(blocks))
			}
			gpg("--import", write(t, filepath.Join(t.TempDir(), "certificate"), []byte(blocks[0])))
		}
	}
}

func FuzzParseKeyring(f *testing.F) {
	f.Add([]byte(certificate(f, newEntity(f, "Ann"))))
	f.Fuzz(func(t *testing.T, data []byte) {
		k, err := ParseKeyring(data)
		if err != nil {
			return
		}
		k.Names()
		again := strings.Join(k.Armored(), "")
		if len(again) > MaxKeyring {
			return // armour is larger than what it holds
		}
		if _, err := ParseKeyring([]byte(again)); err != nil {
			t.Errorf("what was written is refused: %v", err)
		}
		if _, err := k.Verify(strings.NewReader("x"), data); err == nil {
			t.Error("a keyring is taken for a signature")
		}
	})
}

func FuzzOpenPGPSignature(f *testing.F) {
	e := newEntity(f, "Ann")
	k := keyring(f, certificate(f, e))
	f.Add(pgpSign(f, e, 1))
	f.Fuzz(func(t *testing.T, armored []byte) {
		if _, err := k.Verify(strings.NewReader("nobody signed this"), armored); err == nil {
			t.Error("accepted")
		}
	})
}
