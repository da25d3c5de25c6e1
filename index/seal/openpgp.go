package seal

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/ProtonMail/go-crypto/openpgp"
	"github.com/ProtonMail/go-crypto/openpgp/armor"
	pgperrors "github.com/ProtonMail/go-crypto/openpgp/errors"
	"github.com/ProtonMail/go-crypto/openpgp/packet"
)

// MaxKeyring bounds OpenPGP certificates in bytes: some hundred of developers,
// with the signatures that others left on them.
const MaxKeyring = 1 << 20

// maxSignerName bounds in bytes what is said of whose key it is.
const maxSignerName = 200

// ErrUnknownKey is in the error about a signature by a key that is not in the
// keyring: it proves nothing and is no sign of damage.
var ErrUnknownKey = errors.New("the key is not known")

const (
	pgpBegin   = "-----BEGIN PGP "
	pgpEnd     = "-----END PGP "
	pgpPrivate = "PRIVATE KEY BLOCK-----"
)

// A Keyring is the OpenPGP certificates that somebody trusts. Nil has none.
type Keyring struct {
	entities openpgp.EntityList
	blocks   []string
}

// ParseKeyring reads certificates, armoured – one block or several, with any
// text between them – or as gpg --export writes them. Private keys are refused:
// they have no business here. Certificates of kinds that are not understood
// are left out, as long as one is there that is; what they sign is unknown then.
func ParseKeyring(file []byte) (*Keyring, error) {
	if len(file) > MaxKeyring {
		return nil, fmt.Errorf("keyring of %d bytes, at most %d are read", len(file), MaxKeyring)
	}
	k := new(Keyring)
	if !bytes.Contains(file, []byte(pgpBegin)) {
		block, err := pgpArmor(openpgp.PublicKeyType, file)
		if err != nil {
			return nil, err
		}
		return k, k.add(bytes.NewReader(file), block)
	}
	for rest := string(file); ; {
		at := strings.Index(rest, pgpBegin)
		if at < 0 {
			return k, nil // there was one
		}
		if rest = rest[at:]; strings.HasPrefix(rest[len(pgpBegin):], pgpPrivate) {
			return nil, errPrivate
		}
		block, after, closed := strings.Cut(rest, pgpEnd+"PUBLIC KEY BLOCK-----")
		if !closed || strings.Contains(block[1:], pgpBegin) {
			return nil, errors.New("a block is cut short or holds no public keys")
		}
		block = rest[:len(rest)-len(after)] + "\n"
		decoded, err := armor.Decode(strings.NewReader(block))
		if err != nil || decoded.Type != openpgp.PublicKeyType {
			return nil, errors.New("a block is damaged or holds no public keys")
		}
		if err := k.add(decoded.Body, block); err != nil {
			return nil, err
		}
		rest = after
	}
}

// With is the certificates of both.
func (k *Keyring) With(other *Keyring) *Keyring {
	all := new(Keyring)
	for _, ring := range []*Keyring{k, other} {
		if ring != nil {
			all.entities, all.blocks = append(all.entities, ring.entities...), append(all.blocks, ring.blocks...)
		}
	}
	return all
}

var errPrivate = errors.New("it holds a private key; give what gpg --export --armor writes")

func pgpArmor(kind string, raw []byte) (string, error) {
	var b strings.Builder
	w, err := armor.Encode(&b, kind, nil)
	if err != nil {
		return "", err
	}
	_, err = w.Write(raw)
	err = errors.Join(err, w.Close()) // which writes the end
	return b.String() + "\n", err
}

func (k *Keyring) add(r io.Reader, block string) error {
	list, err := openpgp.ReadKeyRing(r)
	if err != nil {
		return fmt.Errorf("not OpenPGP certificates: %w", err)
	}
	if len(list) == 0 {
		return errors.New("it holds no certificate")
	}
	for _, e := range list {
		if e.PrivateKey != nil {
			return errPrivate
		}
	}
	k.entities, k.blocks = append(k.entities, list...), append(k.blocks, block)
	return nil
}

// Armored gives the certificates as armoured blocks, as they were read; what
// was not armoured is one block.
func (k *Keyring) Armored() []string {
	if k == nil {
		return nil
	}
	return k.blocks
}

// Names says of each certificate whose it is and its fingerprint.
func (k *Keyring) Names() []string {
	if k == nil {
		return nil
	}
	var names []string
	for _, e := range k.entities {
		names = append(names, fmt.Sprintf("%s %X", signerName(e), e.PrimaryKey.Fingerprint))
	}
	return names
}

func signerName(e *openpgp.Entity) string {
	if id := e.PrimaryIdentity(); id != nil && id.Name != "" {
		return shorten(id.Name, maxSignerName)
	}
	return fmt.Sprintf("%X", e.PrimaryKey.Fingerprint)
}

// KeysById, KeysByIdUsage and DecryptionKeys make the keyring one of the
// library's. A certificate that does not say what its main key is for lets it
// sign, as in gpg; a subkey must say so, and prove that it is the owner's.
type signing struct{ openpgp.EntityList }

func (s signing) KeysByIdUsage(id uint64, usage byte) []openpgp.Key {
	keys := s.EntityList.KeysByIdUsage(id, usage)
	for _, k := range s.KeysById(id) {
		if k.PublicKey == k.Entity.PrimaryKey && k.SelfSignature != nil && !k.SelfSignature.FlagsValid {
			keys = append(keys, k)
		}
	}
	return keys
}

// Verify reads message to its end and checks that armored, one OpenPGP
// signature, signs it with a key of the ring. Whether the key was valid is
// judged at the time that the signature states, so that signatures outlive
// keys; a key that was revoked signs nothing, at no time, unless the revocation
// says that it was merely replaced or retired. Of several signatures, which a
// developer with two keys makes, the first by a key of the ring counts. The signer is whose key it is,
// or the id of a key that is not known; it comes with an error too, unless the
// signature does not even name a key.
func (k *Keyring) Verify(message io.Reader, armored []byte) (signer string, err error) {
	defer func() {
		// Fuzzing made an earlier version of the library panic. What panics is no
		// signature, and one commit must not end a verification without a word.
		if recover() != nil {
			signer, err = "", errors.New("it is damaged")
		}
	}()
	list, err := parsePGP(armored)
	if err != nil {
		return "", err
	}
	var ring signing
	if k != nil {
		ring.EntityList = k.entities
	}
	at := slices.IndexFunc(list, func(s pgpSignature) bool { return len(ring.KeysById(*s.IssuerKeyId)) > 0 })
	if at < 0 {
		return keyName(list[0].Signature), ErrUnknownKey
	}
	sig, raw := list[at].Signature, list[at].raw
	named := ring.KeysById(*sig.IssuerKeyId)
	signer = signerName(named[0].Entity)
	if len(ring.KeysByIdUsage(*sig.IssuerKeyId, packet.KeyFlagSign)) == 0 {
		return signer, errors.New("the key is not one for signing")
	}
	_, entity, err := openpgp.VerifyDetachedSignature(ring, message, bytes.NewReader(raw),
		&packet.Config{Time: func() time.Time { return sig.CreationTime }})
	if entity != nil {
		signer = signerName(entity)
	}
	switch {
	case errors.Is(err, pgperrors.ErrKeyExpired):
		return signer, errors.New("the key had expired when it signed")
	case errors.Is(err, pgperrors.ErrSignatureExpired):
		return signer, errors.New("the key was not valid yet or no more when it signed")
	case errors.Is(err, pgperrors.ErrKeyRevoked):
		return signer, ErrRevoked
	case err != nil:
		return signer, fmt.Errorf("it does not fit these bytes: %w", err)
	}
	for _, key := range named {
		if key.Entity == entity && withdrawn(key) {
			return signer, ErrRevoked
		}
	}
	return signer, nil
}

// withdrawn reports whether a key was revoked for a reason that reaches back.
func withdrawn(k openpgp.Key) bool {
	revocations := append(k.Revocations[:len(k.Revocations):len(k.Revocations)], k.Entity.Revocations...)
	for _, r := range revocations {
		if r.RevocationReason == nil || *r.RevocationReason != packet.KeySuperseded && *r.RevocationReason != packet.KeyRetired {
			return true
		}
	}
	return false
}

// keyName is what a signature says of its key.
func keyName(sig *packet.Signature) string {
	if len(sig.IssuerFingerprint) >= 20 {
		return fmt.Sprintf("%X", sig.IssuerFingerprint)
	}
	return fmt.Sprintf("%016X", *sig.IssuerKeyId)
}

// maxPGPSignatures bounds those of one block: real ones have two.
const maxPGPSignatures = 8

// A pgpSignature is one of a block's, and its packet.
type pgpSignature struct {
	*packet.Signature
	raw []byte
}

// parsePGP reads a block of signatures of a document, and nothing around it.
func parsePGP(armored []byte) (list []pgpSignature, err error) {
	if len(armored) > MaxSignature {
		return nil, fmt.Errorf("signature of %d bytes, at most %d are read", len(armored), MaxSignature)
	}
	text := strings.TrimRight(string(armored), " \t\r\n")
	if !strings.HasPrefix(text, pgpBegin+"SIGNATURE-----") || !strings.HasSuffix(text, pgpEnd+"SIGNATURE-----") ||
		strings.Count(text, pgpBegin) != 1 || strings.Count(text, pgpEnd) != 1 {
		return nil, errors.New("it is cut short, or text stands around it")
	}
	block, err := armor.Decode(strings.NewReader(text + "\n"))
	if err != nil || block.Type != openpgp.SignatureType {
		return nil, errors.New("its armour is damaged")
	}
	packets := packet.NewOpaqueReader(io.LimitReader(block.Body, MaxSignature))
	for n := 0; ; n++ {
		opaque, err := packets.Next()
		switch {
		case errors.Is(err, io.EOF) && len(list) > 0:
			return list, nil
		case errors.Is(err, io.EOF) && n > 0:
			return nil, ErrUnknownKey // all of versions or algorithms that no key of a ring has
		case err != nil:
			return nil, fmt.Errorf("it is damaged: %w", err)
		case n == maxPGPSignatures:
			return nil, fmt.Errorf("more than %d signatures stand in it", maxPGPSignatures)
		}
		sig, err := signatureOf(opaque)
		if err != nil {
			return nil, err
		}
		if sig.Signature != nil {
			list = append(list, sig)
		}
	}
}

// signatureOf parses one packet of a block; what is of a kind that is not known
// gives none.
func signatureOf(opaque *packet.OpaquePacket) (pgpSignature, error) {
	var raw bytes.Buffer
	if err := opaque.Serialize(&raw); err != nil {
		return pgpSignature{}, fmt.Errorf("it is damaged: %w", err)
	}
	parsed, err := opaque.Parse()
	var strange pgperrors.UnsupportedError
	if errors.As(err, &strange) {
		return pgpSignature{}, nil
	}
	sig, ok := parsed.(*packet.Signature)
	switch {
	case err != nil:
		return pgpSignature{}, fmt.Errorf("it is damaged: %w", err)
	case !ok:
		return pgpSignature{}, errors.New("something else than signatures stands in it")
	case sig.SigType != packet.SigTypeBinary && sig.SigType != packet.SigTypeText:
		return pgpSignature{}, errors.New("it is not the signature of a document")
	case sig.IssuerKeyId == nil:
		return pgpSignature{}, errors.New("it does not say whose it is")
	}
	return pgpSignature{sig, raw.Bytes()}, nil
}

// shorten gives the beginning of s, of at most limit bytes, in whole characters.
func shorten(s string, limit int) string {
	if len(s) <= limit {
		return s
	}
	return strings.ToValidUTF8(s[:limit-len("…")], "") + "…"
}
