package seal

import (
	"bytes"
	"crypto/rand"
	"crypto/sha256"
	"crypto/sha512"
	"encoding/base64"
	"errors"
	"fmt"
	"hash"
	"io"
	"math/big"
	"strings"
	"time"

	"golang.org/x/crypto/ssh"
)

// MaxSignature bounds an armoured signature in bytes. The largest that stock
// tools make, RSA with 16384 bits, has under 7 KiB.
const MaxSignature = 64 << 10

// maxNamespace bounds a namespace in bytes: ours have under 20, and a name is
// for reading.
const maxNamespace = 255

const (
	magic      = "SSHSIG"
	version    = 1
	armorBegin = "-----BEGIN SSH SIGNATURE-----\n"
	armorEnd   = "-----END SSH SIGNATURE-----\n"
	armorWidth = 70
)

// envelope is the body of the armour behind the magic.
type envelope struct {
	Version       uint32
	PublicKey     []byte
	Namespace     string
	Reserved      string
	HashAlgorithm string
	Signature     []byte
}

// payload is what is signed, behind the magic.
type payload struct{ Namespace, Reserved, HashAlgorithm, Hash string }

// A Signature is a parsed SSHSIG. Parsing proves nothing: Verify does, and
// whether Key is to be trusted is for Signers to say.
type Signature struct {
	Key           ssh.PublicKey
	Namespace     string
	HashAlgorithm string // "sha512" or "sha256"

	sig     ssh.Signature
	foreign bool // ParseForeign read it
}

// Sign reads message to its end and returns the armoured signature of it by
// signer for namespace, with SHA-512. The bytes are those `ssh-keygen -Y sign`
// writes. The signature is checked before it is returned, so that a faulty
// agent or token is found here and not by the recipient.
func Sign(message io.Reader, signer ssh.Signer, namespace string) ([]byte, error) {
	if err := checkNamespace(namespace); err != nil {
		return nil, err
	}
	key := signer.PublicKey()
	if err := checkKey(key); err != nil {
		return nil, fmt.Errorf("cannot sign: %w", err)
	}
	digest, err := digestOf(message, "sha512")
	if err != nil {
		return nil, err
	}
	data := signedBytes(namespace, "sha512", digest)
	var sig *ssh.Signature
	if key.Type() == ssh.KeyAlgoRSA {
		as, ok := signer.(ssh.AlgorithmSigner)
		if !ok {
			return nil, errors.New("cannot sign: this RSA signer offers SHA-1 only; use an ed25519 key")
		}
		sig, err = as.SignWithAlgorithm(rand.Reader, data, ssh.KeyAlgoRSASHA512)
	} else {
		sig, err = signer.Sign(rand.Reader, data)
	}
	if err != nil {
		return nil, fmt.Errorf("cannot sign with key %s: %w", Fingerprint(key), err)
	}
	s := &Signature{Key: key, Namespace: namespace, HashAlgorithm: "sha512", sig: *sig}
	armored := s.armor()
	parsed, err := ParseSignature(armored)
	if err != nil {
		return nil, fmt.Errorf("key %s gave an unusable signature: %w", Fingerprint(key), err)
	}
	if err := parsed.Key.Verify(data, &parsed.sig); err != nil {
		return nil, fmt.Errorf("key %s gave a wrong signature: %w", Fingerprint(key), err)
	}
	return armored, nil
}

// ParseSignature reads one armoured signature and refuses every form of it but
// the one its encoder writes: what it accepts, it would write byte for byte.
func ParseSignature(armored []byte) (*Signature, error) {
	if len(armored) > MaxSignature {
		return nil, fmt.Errorf("signature of %d bytes, at most %d are read", len(armored), MaxSignature)
	}
	body, ok := bytes.CutPrefix(armored, []byte(armorBegin))
	if !ok {
		return nil, errors.New("not a signature: the first line is not -----BEGIN SSH SIGNATURE-----")
	}
	body, ok = bytes.CutSuffix(body, []byte(armorEnd))
	if !ok {
		return nil, errors.New("signature cut short or changed: the last line is not -----END SSH SIGNATURE-----")
	}
	raw, err := base64.StdEncoding.Strict().DecodeString(string(body))
	if err != nil {
		return nil, fmt.Errorf("signature armour damaged: %w", err)
	}
	inner, ok := bytes.CutPrefix(raw, []byte(magic))
	if !ok {
		return nil, errors.New("signature damaged: it does not begin with SSHSIG")
	}
	s, err := parseEnvelope(inner, false)
	if err != nil {
		return nil, err
	}
	if again := s.armor(); !bytes.Equal(again, armored) {
		return nil, fmt.Errorf("signature not in the form ssh-keygen writes: it differs from byte %d on", firstDifference(again, armored))
	}
	return s, nil
}

// ErrKeyType is in the error about a signature by a key of a kind that is taken
// nowhere here, so that nobody can have listed it.
var ErrKeyType = errors.New("such keys are not taken")

// ParseForeign reads a signature that was not made for us, such as that of a
// commit, whose id binds its bytes: it takes the widths of lines that other
// encoders than ssh-keygen write, and hardware keys that were used without touch,
// as stock git does; text around it as little as ParseSignature.
func ParseForeign(armored []byte) (*Signature, error) {
	if len(armored) > MaxSignature {
		return nil, fmt.Errorf("signature of %d bytes, at most %d are read", len(armored), MaxSignature)
	}
	body, begins := bytes.CutPrefix(armored, []byte(strings.TrimSpace(armorBegin)))
	body, ends := bytes.CutSuffix(bytes.TrimSpace(body), []byte(strings.TrimSpace(armorEnd)))
	if !begins || !ends {
		return nil, errors.New("signature cut short, or text stands around it")
	}
	raw, err := base64.StdEncoding.Strict().DecodeString(strings.Join(strings.Fields(string(body)), ""))
	if err != nil {
		return nil, fmt.Errorf("signature armour damaged: %w", err)
	}
	inner, ok := bytes.CutPrefix(raw, []byte(magic))
	if !ok {
		return nil, errors.New("signature damaged: it does not begin with SSHSIG")
	}
	return parseEnvelope(inner, true)
}

func parseEnvelope(inner []byte, foreign bool) (*Signature, error) {
	var e envelope
	if err := ssh.Unmarshal(inner, &e); err != nil {
		return nil, fmt.Errorf("signature damaged: %w", err)
	}
	if e.Version != version {
		return nil, fmt.Errorf("signature of SSHSIG version %d, only version %d is known", e.Version, version)
	}
	if e.Namespace == "" {
		return nil, errors.New("signature without a namespace")
	}
	if e.Reserved != "" {
		return nil, errors.New("signature with a reserved field that is not empty")
	}
	if hashNamed(e.HashAlgorithm) == nil {
		return nil, fmt.Errorf("signature over hash %q, only sha512 and sha256 are taken", e.HashAlgorithm)
	}
	key, err := ssh.ParsePublicKey(e.PublicKey)
	if err != nil {
		return nil, fmt.Errorf("signature with an unreadable key: %w", err)
	}
	if err := checkKey(key); err != nil {
		return nil, fmt.Errorf("signature refused: %w", keyType{err})
	}
	s := &Signature{Key: key, Namespace: e.Namespace, HashAlgorithm: e.HashAlgorithm, foreign: foreign}
	if err := ssh.Unmarshal(e.Signature, &s.sig); err != nil {
		return nil, fmt.Errorf("signature damaged: %w", err)
	}
	return s, s.checkForm()
}

// keyType is an ErrKeyType in words of its own.
type keyType struct{ error }

func (keyType) Is(target error) bool { return target == ErrKeyType }

// checkForm holds the inner signature to the one encoding of its algorithm.
// x/crypto is laxer: it ignores what follows an ed25519 signature, for one.
func (s *Signature) checkForm() error {
	kind := s.Key.Type()
	switch kind {
	case ssh.KeyAlgoRSA:
		if s.sig.Format != ssh.KeyAlgoRSASHA512 && s.sig.Format != ssh.KeyAlgoRSASHA256 {
			return fmt.Errorf("RSA signature of type %q, only rsa-sha2-512 and rsa-sha2-256 are taken", s.sig.Format)
		}
	default:
		if s.sig.Format != kind {
			return fmt.Errorf("signature of type %q by a key of type %q", s.sig.Format, kind)
		}
	}
	switch kind {
	case ssh.KeyAlgoECDSA256, ssh.KeyAlgoECDSA384, ssh.KeyAlgoECDSA521, ssh.KeyAlgoSKECDSA256:
		var rs struct{ R, S *big.Int }
		if err := ssh.Unmarshal(s.sig.Blob, &rs); err != nil {
			return fmt.Errorf("signature damaged: %w", err)
		}
		if !bytes.Equal(ssh.Marshal(rs), s.sig.Blob) {
			return errors.New("signature damaged: its numbers are not in their shortest form")
		}
	}
	switch kind {
	case ssh.KeyAlgoSKED25519, ssh.KeyAlgoSKECDSA256:
		if len(s.sig.Rest) != 5 { // flags, counter
			return errors.New("signature damaged: a hardware key's flags and counter are missing")
		}
		if s.sig.Rest[0]&touched == 0 && !s.foreign {
			return errors.New("hardware key signed without being touched: nobody is known to have been present; sign again with touch required")
		}
	default:
		if len(s.sig.Rest) != 0 {
			return fmt.Errorf("signature with %d bytes behind its end", len(s.sig.Rest))
		}
	}
	return nil
}

// Verify reads message to its end and reports whether s signs it for
// namespace. It says nothing of whose key that is.
func (s *Signature) Verify(message io.Reader, namespace string) error {
	if namespace == "" {
		return errors.New("no namespace to verify for")
	}
	if s.Namespace != namespace {
		return fmt.Errorf("signature is for namespace %q, not for %q", s.Namespace, namespace)
	}
	if err := s.checkForm(); err != nil {
		return err
	}
	digest, err := digestOf(message, s.HashAlgorithm)
	if err != nil {
		return err
	}
	if err := s.verify(signedBytes(namespace, s.HashAlgorithm, digest)); err != nil {
		return fmt.Errorf("signature by key %s does not fit these bytes: they or the signature were changed", Fingerprint(s.Key))
	}
	return nil
}

// VerifyDetached checks that armored signs message for namespace with a key
// that trusted allows at the time at, and returns who that is. The key is
// looked up first: bytes of strangers are not even hashed.
func VerifyDetached(message io.Reader, armored []byte, namespace string, trusted *Signers, at time.Time) (principal string, key ssh.PublicKey, err error) {
	s, err := ParseSignature(armored)
	if err != nil {
		return "", nil, err
	}
	if s.Namespace != namespace {
		return "", nil, fmt.Errorf("signature is for namespace %q, not for %q", s.Namespace, namespace)
	}
	principal, err = trusted.Find(s.Key, namespace, at)
	if err != nil {
		return "", nil, err
	}
	if err := s.Verify(message, namespace); err != nil {
		return "", nil, err
	}
	return principal, s.Key, nil
}

// armor encodes s as ssh-keygen does.
func (s *Signature) armor() []byte {
	raw := append([]byte(magic), ssh.Marshal(envelope{
		Version: version, PublicKey: s.Key.Marshal(), Namespace: s.Namespace,
		HashAlgorithm: s.HashAlgorithm, Signature: ssh.Marshal(s.sig),
	})...)
	text := base64.StdEncoding.EncodeToString(raw)
	out := make([]byte, 0, len(armorBegin)+len(text)+len(text)/armorWidth+1+len(armorEnd))
	out = append(out, armorBegin...)
	for len(text) > 0 {
		n := min(armorWidth, len(text))
		out = append(append(out, text[:n]...), '\n')
		text = text[n:]
	}
	return append(out, armorEnd...)
}

// checkKey admits the key types whose signatures this package understands.
func checkKey(key ssh.PublicKey) error {
	switch key.Type() {
	case ssh.KeyAlgoED25519, ssh.KeyAlgoECDSA256, ssh.KeyAlgoECDSA384, ssh.KeyAlgoECDSA521,
		ssh.KeyAlgoSKED25519, ssh.KeyAlgoSKECDSA256:
		return nil
	case ssh.KeyAlgoRSA:
		if bits := rsaBits(key); bits < 2048 {
			return fmt.Errorf("RSA key %s has %d bits, at least 2048 are asked", Fingerprint(key), bits)
		}
		return nil
	}
	return fmt.Errorf("keys of type %q are not taken; use ed25519", key.Type())
}

// checkNamespace admits what can stand in an allowed_signers option without
// meaning anything else there.
func checkNamespace(ns string) error {
	if ns == "" || len(ns) > maxNamespace {
		return fmt.Errorf("namespace of %d bytes, want 1 to %d", len(ns), maxNamespace)
	}
	for _, c := range []byte(ns) {
		if c <= ' ' || c >= 0x7f || bytes.IndexByte([]byte(`",*?!\`), c) >= 0 {
			return fmt.Errorf("namespace %q: the character %q cannot stand in one", ns, c)
		}
	}
	return nil
}

func signedBytes(namespace, algorithm string, digest []byte) []byte {
	return append([]byte(magic), ssh.Marshal(payload{Namespace: namespace, HashAlgorithm: algorithm, Hash: string(digest)})...)
}

func digestOf(message io.Reader, algorithm string) ([]byte, error) {
	h := hashNamed(algorithm)
	if h == nil {
		return nil, fmt.Errorf("hash %q is not known", algorithm)
	}
	if _, err := io.Copy(h, message); err != nil {
		return nil, fmt.Errorf("cannot read what is signed: %w", err)
	}
	return h.Sum(nil), nil
}

func hashNamed(algorithm string) hash.Hash {
	switch algorithm {
	case "sha512":
		return sha512.New()
	case "sha256":
		return sha256.New()
	}
	return nil
}

// firstDifference is the offset of the first byte in which a and b differ.
func firstDifference(a, b []byte) int {
	n := min(len(a), len(b))
	for i := range n {
		if a[i] != b[i] {
			return i
		}
	}
	return n
}
