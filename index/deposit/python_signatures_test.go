package deposit

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha1"
	"crypto/sha256"
	"crypto/sha512"
	"encoding/base64"
	"encoding/binary"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/crypto/ssh"

	"vitrine/index/seal"
)

// otherKey is a key that nobody trusts.
func otherKey(t testing.TB) ssh.Signer {
	return newSigner(t, ed25519.NewKeyFromSeed([]byte("a key that nobody trusts at all.")))
}

func newSigner(t testing.TB, key any) ssh.Signer {
	t.Helper()
	s, err := ssh.NewSignerFromKey(key)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// The keys that are trusted otherwise than the vendor's, or not for deposits.
var (
	lateKey    = ed25519.NewKeyFromSeed([]byte("trusted from later than today on"))
	pastKey    = ed25519.NewKeyFromSeed([]byte("trusted until yesterday or so ok"))
	presentKey = ed25519.NewKeyFromSeed([]byte("trusted for some days, now among"))
	reviewKey  = ed25519.NewKeyFromSeed([]byte("trusted for reviews, no deposits"))
)

func moreSigners(t testing.TB) string {
	var b strings.Builder
	for key, options := range map[string]string{
		string(lateKey):    `namespaces="deposit@vitrine",valid-after="20260201Z"`,
		string(pastKey):    `namespaces="deposit@vitrine",valid-before="20260130Z"`,
		string(presentKey): `valid-after="20260130Z",valid-before="20260201Z"`,
		string(reviewKey):  `namespaces="review@vitrine"`,
	} {
		public := newSigner(t, ed25519.PrivateKey(key)).PublicKey()
		fmt.Fprintf(&b, "%x@example.org %s %s", ssh.FingerprintSHA256(public)[7:12], options, ssh.MarshalAuthorizedKey(public))
	}
	return b.String()
}

// signedBy copies a deposit and signs it with another key.
func (j *judge) signedBy(dir string, key ssh.Signer) string {
	j.Helper()
	to := filepath.Join(j.TempDir(), "deposit")
	j.must(os.CopyFS(to, os.DirFS(dir)))
	j.resign(to, key, Namespace)
	return to
}

func (j *judge) resign(dir string, key ssh.Signer, namespace string) {
	j.Helper()
	manifest, err := os.ReadFile(filepath.Join(dir, ManifestFile))
	j.must(err)
	sig, err := seal.Sign(bytes.NewReader(manifest), key, namespace)
	j.must(err)
	j.must(os.WriteFile(filepath.Join(dir, SignatureFile), sig, 0o644))
}

// signatures asks about who signed, and in which form the signature is.
func (j *judge) signatures() {
	for name, key := range map[string]ssh.Signer{
		"nobody": otherKey(j), "too early": newSigner(j, lateKey), "too late": newSigner(j, pastKey),
		"in time": newSigner(j, presentKey), "another purpose": newSigner(j, reviewKey),
	} {
		j.forged("signed by "+name, nil, func(f *forgery) { f.after = func(dir string) { j.resign(dir, key, Namespace) } })
	}
	j.forged("signed for reviews", nil, func(f *forgery) { f.after = func(dir string) { j.resign(dir, vendorKey(j), "review@vitrine") } })
	elliptical, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	j.must(err)
	j.forged("signed by nobody, ECDSA", nil, func(f *forgery) { f.after = func(dir string) { j.resign(dir, newSigner(j, elliptical), Namespace) } })

	for name, change := range map[string]func(string) string{
		"no end":      func(s string) string { return strings.TrimSuffix(s, "\n") },
		"an end more": func(s string) string { return s + "\n" },
		"Windows":     func(s string) string { return strings.ReplaceAll(s, "\n", "\r\n") },
		"before it":   func(s string) string { return "\n" + s },
		"one line":    func(s string) string { h, b, e := armorParts(s); return h + strings.ReplaceAll(b, "\n", "") + "\n" + e },
		"lines of 64": func(s string) string {
			h, b, e := armorParts(s)
			return h + b[:64] + "\n" + strings.ReplaceAll(b[64:], "\n", "") + "\n" + e
		},
		"space in it":      func(s string) string { h, b, e := armorParts(s); return h + " " + b + e },
		"no padding":       func(s string) string { return strings.ReplaceAll(s, "=", "") },
		"more padding":     func(s string) string { h, b, e := armorParts(s); return h + strings.TrimSuffix(b, "\n") + "=\n" + e },
		"nothing":          func(string) string { return "" },
		"nothing in it":    func(s string) string { h, _, e := armorParts(s); return h + e },
		"another envelope": func(s string) string { return strings.ReplaceAll(s, "SSH SIGNATURE", "PGP SIGNATURE") },
		"larger than any":  func(s string) string { h, b, e := armorParts(s); return h + strings.Repeat(b, 300) + e },
	} {
		j.forged("signature, "+name, nil, func(f *forgery) {
			f.after = func(dir string) {
				path := filepath.Join(dir, SignatureFile)
				sig, err := os.ReadFile(path)
				j.must(err)
				j.must(os.WriteFile(path, []byte(change(string(sig))), 0o644))
			}
		})
	}
	j.envelopes()
	j.stockSignatures()
}

func armorParts(s string) (begin, body, end string) {
	lines := slices.Collect(strings.Lines(s))
	n := len(lines)
	return lines[0], strings.Join(lines[1:n-1], ""), lines[n-1]
}

// stockSignatures asks about what ssh-keygen signs, with keys of other kinds.
func (j *judge) stockSignatures() {
	for _, kind := range []string{"ed25519", "rsa", "ecdsa"} {
		for _, hash := range []string{"sha256", "sha512"} {
			dir := forge(j, nil, nil)
			manifest := filepath.Join(dir, ManifestFile)
			key := filepath.Join(j.TempDir(), "key")
			for _, args := range [][]string{
				{"-q", "-t", kind, "-N", "", "-f", key},
				{"-q", "-Y", "sign", "-n", Namespace, "-O", "hashalg=" + hash, "-f", key, manifest},
			} {
				if out, err := exec.Command("ssh-keygen", args...).CombinedOutput(); err != nil {
					j.Fatalf("ssh-keygen: %v\n%s", err, out)
				}
			}
			// Its key is not among those that are trusted: it counts by what
			// continues it.
			public, err := os.ReadFile(key + ".pub")
			j.must(err)
			j.about("signed by "+strings.Fields(string(public))[0], dir, Limits{})
			second := forge(j, nil, func(f *forgery) {
				f.manifest.Title = "2"
				f.manifest.Sealed = sealedAt.Add(time.Hour).Format(time.RFC3339)
			})
			second = follows(j, dir, resealed(j, second, func(m *Manifest) {
				m.Sources[0].Name, m.Sources[0].Bundle, m.Sources[0].Releases[0].Name = "t", "t.bundle", "v2"
			}))
			bundle, err := os.ReadFile(filepath.Join(second, "s.bundle"))
			j.must(err)
			j.must(os.Remove(filepath.Join(second, "s.bundle")))
			bundle = bytes.Replace(bundle, []byte("refs/tags/v1"), []byte("refs/tags/v2"), 1)
			j.must(os.WriteFile(filepath.Join(second, "t.bundle"), bundle, 0o644))
			second = resealed(j, second, func(m *Manifest) { m.Sources[0].SHA256 = digestOf(bundle) })
			j.about("continues what "+kind+" signed over "+hash, into(j, dir, second), Limits{})
		}
	}
}

// trustedKeys are keys of every type but the vendor's.
func trustedKeys(t testing.TB) map[string]ssh.Signer {
	t.Helper()
	keys := map[string]ssh.Signer{}
	for name, curve := range map[string]elliptic.Curve{"p256": elliptic.P256(), "p384": elliptic.P384(), "p521": elliptic.P521()} {
		key, err := ecdsa.GenerateKey(curve, rand.Reader)
		if err != nil {
			t.Fatal(err)
		}
		keys[name] = newSigner(t, key)
	}
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	keys["rsa"] = newSigner(t, key)
	private := ed25519.NewKeyFromSeed([]byte("a key that is in hardware, token"))
	public, err := ssh.ParsePublicKey(ssh.Marshal(struct{ Kind, Key, App string }{ssh.KeyAlgoSKED25519, string(private[32:]), "ssh:"}))
	if err != nil {
		t.Fatal(err)
	}
	keys["token"] = token{public, private, 1}
	return keys
}

// A token is a hardware key as the software sees it; flag 1 says that it was
// touched.
type token struct {
	public  ssh.PublicKey
	private ed25519.PrivateKey
	flags   byte
}

func (k token) PublicKey() ssh.PublicKey { return k.public }

func (k token) Sign(_ io.Reader, data []byte) (*ssh.Signature, error) {
	app, message := sha256.Sum256([]byte("ssh:")), sha256.Sum256(data)
	rest := []byte{k.flags, 0, 0, 0, 7}
	return &ssh.Signature{Format: k.public.Type(), Blob: ed25519.Sign(k.private, slices.Concat(app[:], rest, message[:])), Rest: rest}, nil
}

// A sshsig is what stands in a signature's armor after SSHSIG.
type sshsig struct {
	Version                   uint32
	Key                       []byte
	Namespace, Reserved, Hash string
	Signature                 []byte
}

// envelopes asks about signatures that fit the manifest, of keys that are
// trusted, in envelopes of which something is otherwise.
func (j *judge) envelopes() {
	none := func(*sshsig) {}
	number := func(data []byte, at int) []byte { // the number that begins there with a zero in front
		n := binary.BigEndian.Uint32(data[at:])
		return slices.Concat(data[:at], binary.BigEndian.AppendUint32(nil, n+1), []byte{0}, data[at+4:])
	}
	for name, test := range map[string]struct {
		key           string // the vendor's, when it is ""
		algorithm     string
		before, after func(*sshsig) // it is signed
	}{
		"as it is":             {"", "", none, none},
		"over SHA-256":         {"", "", func(s *sshsig) { s.Hash = "sha256" }, none},
		"over SHA-1":           {"", "", func(s *sshsig) { s.Hash = "sha1" }, none},
		"over SHA-384":         {"", "", func(s *sshsig) { s.Hash = "sha384" }, none},
		"something reserved":   {"", "", func(s *sshsig) { s.Reserved = "x" }, none},
		"version 2":            {"", "", func(s *sshsig) { s.Version = 2 }, none},
		"version 0":            {"", "", func(s *sshsig) { s.Version = 0 }, none},
		"no namespace":         {"", "", func(s *sshsig) { s.Namespace = "" }, none},
		"namespace and a NUL":  {"", "", func(s *sshsig) { s.Namespace += "\x00" }, none},
		"a byte more":          {"", "", none, func(s *sshsig) { s.Signature = append(s.Signature, 0) }},
		"key of a byte more":   {"", "", none, func(s *sshsig) { s.Key = append(s.Key, 0) }},
		"a string of 63 bytes": {"", "", none, func(s *sshsig) { s.Signature = s.Signature[:len(s.Signature)-1] }},
		"no signature":         {"", "", none, func(s *sshsig) { s.Signature = nil }},
		"P-256":                {"p256", "", none, none},
		"P-384":                {"p384", "", none, none},
		"P-521":                {"p521", "", none, none},
		"P-256, long number": {"p256", "", none, func(s *sshsig) { // type, length of the two numbers, the first
			at := 4 + len(ssh.KeyAlgoECDSA256)
			s.Signature = number(s.Signature, at+4)
			binary.BigEndian.PutUint32(s.Signature[at:], binary.BigEndian.Uint32(s.Signature[at:])+1)
		}},
		"RSA with SHA-512":      {"rsa", ssh.KeyAlgoRSASHA512, none, none},
		"RSA with SHA-256":      {"rsa", ssh.KeyAlgoRSASHA256, none, none},
		"RSA with SHA-1":        {"rsa", ssh.KeyAlgoRSA, none, none},
		"RSA, long number":      {"rsa", ssh.KeyAlgoRSASHA512, none, func(s *sshsig) { s.Key = number(s.Key, 4+len(ssh.KeyAlgoRSA)) }},
		"token":                 {"token", "", none, none},
		"token, not touched":    {"untouched", "", none, none},
		"token, without flags":  {"token", "", none, func(s *sshsig) { s.Signature = s.Signature[:len(s.Signature)-5] }},
		"token, flags and more": {"token", "", none, func(s *sshsig) { s.Signature = append(s.Signature, 0) }},
	} {
		key := j.keys[test.key]
		switch test.key {
		case "":
			key = vendorKey(j)
		case "untouched":
			untouched := j.keys["token"].(token)
			untouched.flags = 0
			key = untouched
		}
		dir := forge(j, nil, nil)
		manifest, err := os.ReadFile(filepath.Join(dir, ManifestFile))
		j.must(err)
		s := sshsig{Version: 1, Key: key.PublicKey().Marshal(), Namespace: Namespace, Hash: "sha512"}
		test.before(&s)
		var sum []byte
		switch s.Hash {
		case "sha1":
			h := sha1.Sum(manifest)
			sum = h[:]
		case "sha256":
			h := sha256.Sum256(manifest)
			sum = h[:]
		case "sha384":
			h := sha512.Sum384(manifest)
			sum = h[:]
		default:
			h := sha512.Sum512(manifest)
			sum = h[:]
		}
		data := append([]byte("SSHSIG"), ssh.Marshal(struct{ Namespace, Reserved, Hash, Sum string }{s.Namespace, s.Reserved, s.Hash, string(sum)})...)
		var sig *ssh.Signature
		if test.algorithm != "" {
			sig, err = key.(ssh.AlgorithmSigner).SignWithAlgorithm(rand.Reader, data, test.algorithm)
		} else {
			sig, err = key.Sign(rand.Reader, data)
		}
		j.must(err)
		s.Signature = ssh.Marshal(sig)
		test.after(&s)
		text := base64.StdEncoding.EncodeToString(append([]byte("SSHSIG"), ssh.Marshal(s)...))
		armor := "-----BEGIN SSH SIGNATURE-----\n"
		for line := range slices.Chunk([]byte(text), 70) {
			armor += string(line) + "\n"
		}
		write(j, dir, SignatureFile, armor+"-----END SSH SIGNATURE-----\n")
		j.about("envelope, "+name, dir, Limits{})
	}
}
