package seal

import (
	"bytes"
	"encoding/base64"
	"encoding/pem"
	"errors"
	"strings"
	"testing"

	"golang.org/x/crypto/ssh"
)

// signedUntouched is an armoured signature by a token without touch, which Sign
// does not make.
func signedUntouched(t testing.TB, s ssh.Signer) []byte {
	t.Helper()
	digest, err := digestOf(bytes.NewReader(testMessage), "sha512")
	if err != nil {
		t.Fatal(err)
	}
	sig, err := s.Sign(nil, signedBytes(testSpace, "sha512", digest))
	if err != nil {
		t.Fatal(err)
	}
	return (&Signature{Key: s.PublicKey(), Namespace: testSpace, HashAlgorithm: "sha512", sig: *sig}).armor()
}

// TestForeignAsStock: ParseForeign and Verify agree with ssh-keygen about the
// signatures of all kinds of keys, also of tokens that nobody touched.
func TestForeignAsStock(t *testing.T) {
	ec := newECToken(t)
	ec.flags = 0
	for name, s := range map[string]ssh.Signer{
		"ed25519": newSigner(t, "ed25519"), "p256": newSigner(t, "p256"),
		"sk": newSigner(t, "sk"), "sk-untouched": newSigner(t, "sk-untouched"),
		"sk-p256": newECToken(t), "sk-p256-untouched": ec,
	} {
		var armored []byte
		if strings.HasSuffix(name, "untouched") {
			armored = signedUntouched(t, s)
			if _, err := ParseSignature(armored); err == nil {
				t.Errorf("%s: ParseSignature takes it", name)
			}
		} else {
			armored = sign(t, s)
		}
		sig, err := ParseForeign(armored)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		for message, want := range map[string]bool{string(testMessage): true, "other": false} {
			out, serr := stockVerify(t, Line("a", s.PublicKey()), "a", testSpace, armored, []byte(message))
			if err := sig.Verify(strings.NewReader(message), testSpace); (err == nil) != want || (serr == nil) != want {
				t.Errorf("%s, %q: ours %v, ssh-keygen %v %s", name, message, err, serr, out)
			}
		}
		if err := sig.Verify(bytes.NewReader(testMessage), "git"); err == nil {
			t.Errorf("%s: another namespace accepted", name)
		}
		// A touch cannot be added afterwards, nor another counter.
		if _, token := sig.flags(); token {
			for i := range sig.sig.Rest {
				sig.sig.Rest[i] ^= 1
				if err := sig.Verify(bytes.NewReader(testMessage), testSpace); err == nil {
					t.Errorf("%s: byte %d of flags and counter changed: accepted", name, i)
				}
				sig.sig.Rest[i] ^= 1
			}
		}
	}
}

func TestForeignForms(t *testing.T) {
	s := newSigner(t, "ed25519")
	armored := sign(t, s)
	block, _ := pem.Decode(armored)
	wide := "-----BEGIN SSH SIGNATURE-----\n" + base64.StdEncoding.EncodeToString(block.Bytes) + "\n-----END SSH SIGNATURE-----"
	for name, form := range map[string]string{
		"ssh-keygen's": string(armored), "of 64 columns": string(pem.EncodeToMemory(block)), "of one line": wide,
		"carriage returns": strings.ReplaceAll(string(armored), "\n", "\r\n"), "space after": string(armored) + " \n\n",
	} {
		sig, err := ParseForeign([]byte(form))
		if err == nil {
			err = sig.Verify(bytes.NewReader(testMessage), testSpace)
		}
		if err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	small := "ssh-rsa " + base64.StdEncoding.EncodeToString(ssh.Marshal(struct {
		Kind string
		E, N []byte
	}{"ssh-rsa", []byte{1, 0, 1}, bytes.Repeat([]byte{0x7f}, 128)}))
	weak, _, _, _, err := ssh.ParseAuthorizedKey([]byte(small))
	if err != nil {
		t.Fatal(err)
	}
	sig, err := ParseForeign(armored)
	if err != nil {
		t.Fatal(err)
	}
	sig.Key = weak
	if _, err := ParseForeign(sig.armor()); !errors.Is(err, ErrKeyType) {
		t.Errorf("RSA with 1024 bits: %v", err)
	}
	for name, form := range map[string]string{
		"empty": "", "text after": string(armored) + "x", "text before": "x\n" + string(armored), "twice": string(armored) + string(armored),
		"no end": strings.TrimSuffix(string(armored), armorEnd), "NUL": strings.Replace(wide, "U", "U\x00", 1), "too long": strings.Repeat("\n", MaxSignature) + wide,
	} {
		if _, err := ParseForeign([]byte(form)); err == nil || errors.Is(err, ErrKeyType) {
			t.Errorf("%s: %v", name, err)
		}
	}
}
