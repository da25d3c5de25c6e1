package seal

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"io"
	"math/big"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"golang.org/x/crypto/ssh"
)

const testSpace = "review@vitrine"

var testMessage = []byte("what the reviewer signed\n")

// newSigner makes a signer of an OpenSSH key type, or a software stand-in for
// a hardware key ("sk": the wire format of a token, touched; "sk-untouched").
func newSigner(t testing.TB, kind string) ssh.Signer {
	t.Helper()
	var key any
	var err error
	switch kind {
	case "ed25519":
		_, key, err = ed25519.GenerateKey(rand.Reader)
	case "p256":
		key, err = ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	case "p384":
		key, err = ecdsa.GenerateKey(elliptic.P384(), rand.Reader)
	case "p521":
		key, err = ecdsa.GenerateKey(elliptic.P521(), rand.Reader)
	case "rsa":
		key, err = rsa.GenerateKey(rand.Reader, 2048)
	case "sk":
		return newToken(t, 1)
	case "sk-untouched":
		return newToken(t, 0)
	case "sk-p256":
		return newECToken(t)
	}
	if err != nil {
		t.Fatal(err)
	}
	s, err := ssh.NewSignerFromKey(key)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// token signs as a FIDO token does through ssh-sk-helper.
type token struct {
	sign  func(data []byte) []byte
	pub   ssh.PublicKey
	flags byte
}

func newToken(t testing.TB, flags byte) token {
	t.Helper()
	public, private, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	pub, err := ssh.ParsePublicKey(ssh.Marshal(struct{ Kind, Key, App string }{ssh.KeyAlgoSKED25519, string(public), "ssh:room"}))
	if err != nil {
		t.Fatal(err)
	}
	return token{func(data []byte) []byte { return ed25519.Sign(private, data) }, pub, flags}
}

func newECToken(t testing.TB) token {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	point, err := key.PublicKey.Bytes()
	if err != nil {
		t.Fatal(err)
	}
	pub, err := ssh.ParsePublicKey(ssh.Marshal(struct{ Kind, Curve, Point, App string }{ssh.KeyAlgoSKECDSA256, "nistp256", string(point), "ssh:room"}))
	if err != nil {
		t.Fatal(err)
	}
	return token{func(data []byte) []byte {
		sum := sha256.Sum256(data)
		r, s, err := ecdsa.Sign(rand.Reader, key, sum[:])
		if err != nil {
			t.Fatal(err)
		}
		return ssh.Marshal(struct{ R, S *big.Int }{r, s})
	}, pub, 1}
}

func (k token) PublicKey() ssh.PublicKey { return k.pub }
func (k token) Sign(_ io.Reader, data []byte) (*ssh.Signature, error) {
	app, msg := sha256.Sum256([]byte("ssh:room")), sha256.Sum256(data)
	signed := append(app[:], k.flags)
	signed = binary.BigEndian.AppendUint32(signed, 7)
	signed = append(signed, msg[:]...)
	return &ssh.Signature{Format: k.pub.Type(), Blob: k.sign(signed), Rest: []byte{k.flags, 0, 0, 0, 7}}, nil
}

func sign(t testing.TB, s ssh.Signer) []byte {
	t.Helper()
	armored, err := Sign(bytes.NewReader(testMessage), s, testSpace)
	if err != nil {
		t.Fatal(err)
	}
	return armored
}

func write(t testing.TB, path string, data []byte) string {
	t.Helper()
	if err := os.WriteFile(path, data, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// stockVerify asks ssh-keygen.
func stockVerify(t testing.TB, signers string, principal, namespace string, armored, message []byte, options ...string) (string, error) {
	t.Helper()
	dir := t.TempDir()
	args := []string{"-Y", "verify", "-f", write(t, filepath.Join(dir, "signers"), []byte(signers)),
		"-I", principal, "-n", namespace, "-s", write(t, filepath.Join(dir, "sig"), armored)}
	cmd := exec.Command("ssh-keygen", append(args, options...)...)
	cmd.Stdin = bytes.NewReader(message)
	out, err := cmd.CombinedOutput()
	return string(out), err
}

// TestStockAcceptsOurs: ssh-keygen says Good to what Sign writes, and agrees
// with Verify about other namespaces and other bytes.
func TestStockAcceptsOurs(t *testing.T) {
	for _, kind := range []string{"ed25519", "p256", "p384", "p521", "rsa", "sk", "sk-p256"} {
		t.Run(kind, func(t *testing.T) {
			s := newSigner(t, kind)
			armored := sign(t, s)
			list := Line("ann@lab", s.PublicKey(), testSpace)
			if out, err := stockVerify(t, list, "ann@lab", testSpace, armored, testMessage); err != nil || !strings.Contains(out, "Good") {
				t.Fatalf("ssh-keygen: %v: %s", err, out)
			}
			signers, err := ParseSigners([]byte(list))
			if err != nil {
				t.Fatal(err)
			}
			who, key, err := VerifyDetached(bytes.NewReader(testMessage), armored, testSpace, signers, time.Now())
			if err != nil || who != "ann@lab" || !Same(key, s.PublicKey()) {
				t.Fatalf("ours: %q, %v, %v", who, key, err)
			}
			parsed, err := ParseSignature(armored)
			if err != nil {
				t.Fatal(err)
			}
			if err := parsed.Verify(bytes.NewReader(testMessage), "policy@vitrine"); err == nil {
				t.Error("taken for another namespace")
			}
			if err := parsed.Verify(strings.NewReader("what the reviewer signee\n"), testSpace); err == nil {
				t.Error("taken for other bytes")
			}
		})
	}
}

// TestStockSignaturesAccepted: what ssh-keygen -Y sign writes is taken, and
// for the deterministic algorithms Sign writes the same bytes.
func TestStockSignaturesAccepted(t *testing.T) {
	for _, args := range [][]string{{"ed25519"}, {"ecdsa", "-b", "256"}, {"rsa", "-b", "3072"}} {
		for _, hash := range []string{"sha512", "sha256"} {
			t.Run(args[0]+" "+hash, func(t *testing.T) {
				dir := t.TempDir()
				file := filepath.Join(dir, "key")
				run(t, "ssh-keygen", append([]string{"-q", "-N", "", "-C", "ann", "-f", file, "-t"}, args...)...)
				msg := write(t, filepath.Join(dir, "msg"), testMessage)
				run(t, "ssh-keygen", "-q", "-Y", "sign", "-f", file, "-n", testSpace, "-O", "hashalg="+hash, msg)
				armored, err := os.ReadFile(msg + ".sig")
				if err != nil {
					t.Fatal(err)
				}
				s, err := ParseSignature(armored)
				if err != nil {
					t.Fatal(err)
				}
				if err := s.Verify(bytes.NewReader(testMessage), testSpace); err != nil {
					t.Fatal(err)
				}
				signer, err := LoadKey(file, nil)
				if err != nil {
					t.Fatal(err)
				}
				if ours := sign(t, signer); hash == "sha512" && args[0] != "ecdsa" && !bytes.Equal(ours, armored) {
					t.Errorf("Sign wrote\n%swhere ssh-keygen wrote\n%s", ours, armored)
				}
			})
		}
	}
}

func run(t testing.TB, name string, args ...string) string {
	t.Helper()
	out, err := exec.Command(name, args...).CombinedOutput()
	if err != nil {
		t.Fatalf("%s %s: %v\n%s", name, strings.Join(args, " "), err, out)
	}
	return string(out)
}

// TestEveryBitFlipRefused: stock ssh-keygen takes some changed files for the
// same signature; here one signature is one file.
func TestEveryBitFlipRefused(t *testing.T) {
	for _, kind := range []string{"ed25519", "p256", "rsa", "sk"} {
		t.Run(kind, func(t *testing.T) {
			s := newSigner(t, kind)
			armored := sign(t, s)
			signers, err := ParseSigners([]byte(Line("ann", s.PublicKey())))
			if err != nil {
				t.Fatal(err)
			}
			for i := range armored {
				for bit := range 8 {
					changed := bytes.Clone(armored)
					changed[i] ^= 1 << bit
					if _, _, err := VerifyDetached(bytes.NewReader(testMessage), changed, testSpace, signers, time.Now()); err == nil {
						t.Fatalf("bit %d of byte %d flipped (%q for %q): accepted", bit, i, changed[i], armored[i])
					}
				}
			}
			for i := range armored {
				if _, err := ParseSignature(armored[:i]); err == nil {
					t.Fatalf("cut after %d bytes: accepted", i)
				}
			}
		})
	}
}

// TestUntouchedTokenRefused: stock ssh-keygen says Good to it.
func TestUntouchedTokenRefused(t *testing.T) {
	k := newToken(t, 0)
	if _, err := Sign(bytes.NewReader(testMessage), k, testSpace); err == nil || !strings.Contains(err.Error(), "without being touched") {
		t.Errorf("Sign: %v", err)
	}
	_, err := ParseSignature(armorOf(t, k, func(*Signature) {}))
	if err == nil || !strings.Contains(err.Error(), "without being touched") {
		t.Errorf("ParseSignature: %v", err)
	}
}

// armorOf signs by hand, changes the result and encodes it.
func armorOf(t *testing.T, s ssh.Signer, change func(*Signature)) []byte {
	t.Helper()
	digest, err := digestOf(bytes.NewReader(testMessage), "sha512")
	if err != nil {
		t.Fatal(err)
	}
	sig, err := s.Sign(rand.Reader, signedBytes(testSpace, "sha512", digest))
	if err != nil {
		t.Fatal(err)
	}
	out := &Signature{Key: s.PublicKey(), Namespace: testSpace, HashAlgorithm: "sha512", sig: *sig}
	change(out)
	return out.armor()
}

// TestOtherFormsRefused: what is no single bit away, but stock tools or
// x/crypto let pass.
func TestOtherFormsRefused(t *testing.T) {
	ed := newSigner(t, "ed25519")
	good := string(sign(t, ed))
	inner := good[len(armorBegin) : len(good)-len(armorEnd)]
	for name, c := range map[string]struct{ armored, want string }{
		"empty":              {"", "not a signature"},
		"text before":        {"x\n" + good, "not a signature"},
		"newline before":     {"\n" + good, "not a signature"},
		"newline behind":     {good + "\n", "last line"},
		"no last newline":    {good[:len(good)-1], "last line"},
		"twice":              {good + good, "damaged"},
		"CRLF":               {strings.ReplaceAll(good, "\n", "\r\n"), "not a signature"},
		"one long line":      {armorBegin + strings.ReplaceAll(inner, "\n", "") + "\n" + armorEnd, "not in the form"},
		"PEM header":         {armorBegin + "A: b\n\n" + inner + armorEnd, "armour damaged"},
		"nothing in it":      {armorBegin + armorEnd, "does not begin with SSHSIG"},
		"too large":          {strings.Repeat("x", MaxSignature+1), "at most"},
		"RSA with SHA-1":     {string(armorOf(t, newSigner(t, "rsa"), func(*Signature) {})), "only rsa-sha2"},
		"rest behind":        {string(armorOf(t, ed, func(s *Signature) { s.sig.Rest = []byte{0} })), "behind its end"},
		"another type":       {string(armorOf(t, ed, func(s *Signature) { s.sig.Format = "ssh-rsa" })), "by a key of type"},
		"no namespace":       {string(armorOf(t, ed, func(s *Signature) { s.Namespace = "" })), "without a namespace"},
		"SHA-1 of message":   {string(armorOf(t, ed, func(s *Signature) { s.HashAlgorithm = "sha1" })), "sha1"},
		"long number":        {string(armorOf(t, newSigner(t, "p256"), padFirstNumber)), "shortest form"},
		"token without rest": {string(armorOf(t, newToken(t, 1), func(s *Signature) { s.sig.Rest = nil })), "counter are missing"},
	} {
		if _, err := ParseSignature([]byte(c.armored)); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, want an error with %q", name, err, c.want)
		}
	}
}

// padFirstNumber puts a zero byte before the number r of an ECDSA signature.
func padFirstNumber(s *Signature) {
	n := binary.BigEndian.Uint32(s.sig.Blob)
	padded := binary.BigEndian.AppendUint32(nil, n+1)
	s.sig.Blob = append(append(padded, 0), s.sig.Blob[4:]...)
}

func TestNamespaceRefused(t *testing.T) {
	s := newSigner(t, "ed25519")
	for _, space := range []string{"", "a b", "a,b", "a*", `a"`, "a\n", "é", strings.Repeat("a", 256)} {
		if _, err := Sign(bytes.NewReader(testMessage), s, space); err == nil {
			t.Errorf("signed for namespace %q", space)
		}
	}
	parsed, err := ParseSignature(sign(t, s))
	if err != nil {
		t.Fatal(err)
	}
	if parsed.Verify(bytes.NewReader(testMessage), "") == nil {
		t.Error("verified for no namespace")
	}
}

type brokenReader struct{}

func (brokenReader) Read([]byte) (int, error) { return 0, io.ErrUnexpectedEOF }

func TestUnreadableMessage(t *testing.T) {
	s := newSigner(t, "ed25519")
	if _, err := Sign(brokenReader{}, s, testSpace); !errors.Is(err, io.ErrUnexpectedEOF) {
		t.Errorf("Sign: %v", err)
	}
	parsed, err := ParseSignature(sign(t, s))
	if err != nil {
		t.Fatal(err)
	}
	if err := parsed.Verify(brokenReader{}, testSpace); !errors.Is(err, io.ErrUnexpectedEOF) {
		t.Errorf("Verify: %v", err)
	}
}

// FuzzParseSignature: what is accepted is written as it was read, and signs no
// other message.
func FuzzParseSignature(f *testing.F) {
	for _, kind := range []string{"ed25519", "p256", "rsa", "sk"} {
		f.Add(sign(f, newSigner(f, kind)))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		s, err := ParseSignature(data)
		if err != nil {
			return
		}
		if !bytes.Equal(s.armor(), data) {
			t.Errorf("accepted %q, which is written %q", data, s.armor())
		}
		if s.Verify(strings.NewReader("nobody signed this"), s.Namespace) == nil {
			t.Errorf("%q signs anything", data)
		}
	})
}
