package seal

import (
	"bytes"
	"crypto/sha1"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"slices"
	"strings"

	"golang.org/x/crypto/ssh"
)

// MaxRevoked bounds a revocation list in bytes: two hundred thousand
// fingerprints, more keys than any vendor has had.
const MaxRevoked = 8 << 20

// ErrRevoked is in the error about a key that is revoked, so that a caller can
// tell it from one that is merely not known.
var ErrRevoked = errors.New("the key is revoked")

// revokedKey is the ErrRevoked of one key.
type revokedKey struct{ key ssh.PublicKey }

func (r revokedKey) Error() string        { return "key " + Fingerprint(r.key) + " is revoked" }
func (r revokedKey) Is(target error) bool { return target == ErrRevoked }

// Revoked are keys whose signatures count for nothing, whatever else is said of
// them. Nil revokes nothing.
type Revoked struct {
	sha256 map[[sha256.Size]byte]bool // of wire forms; keys that stand there whole too
	sha1   map[[sha1.Size]byte]bool
}

// Has reports whether key is revoked.
func (r *Revoked) Has(key ssh.PublicKey) bool {
	if r == nil || key == nil {
		return false
	}
	blob := key.Marshal()
	return r.sha256[sha256.Sum256(blob)] || len(r.sha1) > 0 && r.sha1[sha1.Sum(blob)]
}

// String lists what is revoked, sorted: the same keys give the same text.
func (r *Revoked) String() string {
	if r == nil {
		return ""
	}
	var lines []string
	for sum := range r.sha256 {
		lines = append(lines, fmt.Sprintf("sha256:%x\n", sum))
	}
	for sum := range r.sha1 {
		lines = append(lines, fmt.Sprintf("sha1:%x\n", sum))
	}
	slices.Sort(lines)
	return strings.Join(lines, "")
}

// RevokedKeys is the list of the keys with these fingerprints, "SHA256:…" as
// Fingerprint writes them.
func RevokedKeys(fingerprints []string) (*Revoked, error) {
	r := newRevoked()
	for _, f := range fingerprints {
		sum, err := ParseFingerprint(f)
		if err != nil {
			return nil, err
		}
		r.sha256[sum] = true
	}
	return r, nil
}

// ParseFingerprint reads what Fingerprint writes.
func ParseFingerprint(s string) (sum [sha256.Size]byte, err error) {
	text, ok := strings.CutPrefix(s, "SHA256:")
	raw, err := base64.RawStdEncoding.Strict().DecodeString(text)
	if !ok || err != nil || len(raw) != len(sum) || strings.ContainsAny(text, "\r\n") {
		return sum, fmt.Errorf("%.60q is not a key's fingerprint: want it as ssh-keygen -l writes it, SHA256: and 43 characters", s)
	}
	copy(sum[:], raw)
	return sum, nil
}

func newRevoked() *Revoked {
	return &Revoked{sha256: map[[sha256.Size]byte]bool{}, sha1: map[[sha1.Size]byte]bool{}}
}

// A list in the binary form of OpenSSH's PROTOCOL.krl begins so.
const krlMagic = "SSHKRL\n\x00"

// The parts of a binary list, as ssh.Unmarshal reads them.
type (
	krlHeader struct {
		Format             uint32
		Version, Generated uint64 // for people
		Flags              uint64
		Reserved, Comment  string
		Rest               []byte `ssh:"rest"`
	}
	krlSection struct {
		Kind byte
		Data []byte
		Rest []byte `ssh:"rest"`
	}
	krlItem struct {
		Item []byte
		Rest []byte `ssh:"rest"`
	}
	krlAuthority struct {
		Key, Reserved []byte
		Rest          []byte `ssh:"rest"`
	}
	krlExtension struct {
		Name     string
		Critical bool
		Contents []byte
	}
)

const (
	krlCertificates = 1
	krlKeys         = 2
	krlSHA1         = 3
	krlSignature    = 4
	krlSHA256       = 5
	krlExtensions   = 255

	// Within a section of certificates.
	krlSerials, krlKeyID  = 0x20, 0x23 // serials as list, range and bitmap, key ids
	krlCertificatesExtend = 0x39
)

// ParseRevoked reads a revocation list in either of the forms that sshd and
// ssh-keygen -Y verify -r take: a KRL that ssh-keygen -k made, or one public
// key a line. What cannot be honoured in full refuses the list, by name: what
// is not understood may be the key that must not be trusted. Certificates,
// which are not taken anywhere here, may be revoked in it without effect.
func ParseRevoked(file []byte) (*Revoked, error) {
	if len(file) > MaxRevoked {
		return nil, fmt.Errorf("revocation list of %d bytes, at most %d are read", len(file), MaxRevoked)
	}
	r := newRevoked()
	var err error
	if body, binary := bytes.CutPrefix(file, []byte(krlMagic)); binary {
		err = r.readKRL(body)
	} else {
		err = r.readLines(file)
	}
	if err != nil {
		return nil, fmt.Errorf("revocation list, %w", err)
	}
	return r, nil
}

func (r *Revoked) readLines(file []byte) error {
	number := 0
	for line := range strings.Lines(string(file)) {
		number++
		line = strings.Trim(line, " \t\r\n")
		if line == "" || line[0] == '#' {
			continue
		}
		key, _, err := readKey(line)
		if err != nil {
			return fmt.Errorf("line %d: it is not a public key; want one a line as in a .pub file, or a list made by ssh-keygen -k", number)
		}
		if c, ok := key.(*ssh.Certificate); ok {
			key = c.Key // ssh-keygen compares the key that is certified
		}
		r.sha256[sha256.Sum256(key.Marshal())] = true
	}
	return nil
}

func (r *Revoked) readKRL(body []byte) error {
	var h krlHeader
	if err := ssh.Unmarshal(body, &h); err != nil {
		return errors.New("its header: it is cut short")
	}
	switch {
	case h.Format != 1:
		return fmt.Errorf("its header: format version %d, only version 1 is known", h.Format)
	case h.Flags != 0:
		return fmt.Errorf("its header: flags %#x, none are known", h.Flags)
	case h.Reserved != "":
		return errors.New("its header: a reserved field that is not empty")
	}
	for n := 1; len(h.Rest) > 0; n++ {
		var s krlSection
		if err := ssh.Unmarshal(h.Rest, &s); err != nil {
			return fmt.Errorf("section %d: it is cut short", n)
		}
		if err := r.readSection(s); err != nil {
			return fmt.Errorf("section %d: %w", n, err)
		}
		h.Rest = s.Rest
	}
	return nil
}

func (r *Revoked) readSection(s krlSection) error {
	switch s.Kind {
	case krlCertificates:
		return checkCertificates(s.Data)
	case krlKeys:
		return items(s.Data, func(blob []byte) error {
			r.sha256[sha256.Sum256(blob)] = true
			return nil
		})
	case krlSHA1:
		return items(s.Data, func(sum []byte) error { return noteSum(r.sha1, sum, "SHA-1") })
	case krlSHA256:
		return items(s.Data, func(sum []byte) error { return noteSum(r.sha256, sum, "SHA-256") })
	case krlSignature:
		return errors.New("the list is signed, and nobody's key is known here that may sign one; make it without a signature")
	case krlExtensions:
		return checkExtension(s.Data)
	}
	return fmt.Errorf("its type %d is not known", s.Kind)
}

// items calls fn with each string of a section.
func items(data []byte, fn func([]byte) error) error {
	for len(data) > 0 {
		var i krlItem
		if err := ssh.Unmarshal(data, &i); err != nil {
			return errors.New("it is cut short")
		}
		if err := fn(i.Item); err != nil {
			return err
		}
		data = i.Rest
	}
	return nil
}

func noteSum[T [sha1.Size]byte | [sha256.Size]byte](sums map[T]bool, sum []byte, name string) error {
	var key T
	if len(sum) != len(key) {
		return fmt.Errorf("a %s fingerprint of %d bytes, want %d", name, len(sum), len(key))
	}
	sums[T(sum)] = true
	return nil
}

// checkCertificates goes through a section that revokes certificates: it has no
// effect here, but it must be one.
func checkCertificates(data []byte) error {
	var a krlAuthority
	if err := ssh.Unmarshal(data, &a); err != nil {
		return errors.New("it is cut short")
	}
	for len(a.Rest) > 0 {
		var s krlSection
		if err := ssh.Unmarshal(a.Rest, &s); err != nil {
			return errors.New("it is cut short")
		}
		switch {
		case s.Kind >= krlSerials && s.Kind <= krlKeyID:
		case s.Kind == krlCertificatesExtend:
			if err := checkExtension(s.Data); err != nil {
				return err
			}
		default:
			return fmt.Errorf("its part of type %#x is not known", s.Kind)
		}
		a.Rest = s.Rest
	}
	return nil
}

// checkExtension skips an extension that its maker lets be skipped.
func checkExtension(data []byte) error {
	var e krlExtension
	if err := ssh.Unmarshal(data, &e); err != nil {
		return errors.New("its extension is cut short")
	}
	if e.Critical {
		return fmt.Errorf("the extension %.60q is not known and must not be ignored", e.Name)
	}
	return nil
}
