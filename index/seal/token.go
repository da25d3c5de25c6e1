package seal

import (
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/sha256"
	"errors"
	"math/big"

	"golang.org/x/crypto/ssh"
)

// touched is the bit of a hardware key's flags that says that somebody was
// there.
const touched = 1

// flags are those that a hardware key signed along; false for other keys.
func (s *Signature) flags() (byte, bool) {
	switch s.Key.Type() {
	case ssh.KeyAlgoSKED25519, ssh.KeyAlgoSKECDSA256:
		if len(s.sig.Rest) == 5 { // flags, counter
			return s.sig.Rest[0], true
		}
	}
	return 0, false
}

// verify checks the inner signature of data. x/crypto does it, but for hardware
// keys that were used without touch, which it refuses and ParseForeign takes:
// developers sign hundreds of commits so, and stock git finds them good.
func (s *Signature) verify(data []byte) error {
	if f, token := s.flags(); !token || f&touched != 0 || !s.foreign {
		return s.Key.Verify(data, &s.sig)
	}
	message := sha256.Sum256(data)
	signed := func(application string) []byte {
		a := sha256.Sum256([]byte(application))
		return append(append(a[:], s.sig.Rest...), message[:]...)
	}
	errWrong := errors.New("the signature does not fit")
	switch s.Key.Type() {
	case ssh.KeyAlgoSKED25519:
		var key struct {
			Kind        string
			Key         []byte
			Application string
		}
		if err := ssh.Unmarshal(s.Key.Marshal(), &key); err != nil {
			return err
		}
		if len(key.Key) != ed25519.PublicKeySize || !ed25519.Verify(key.Key, signed(key.Application), s.sig.Blob) {
			return errWrong
		}
		return nil
	default:
		var key struct {
			Kind, Curve string
			Point       []byte
			Application string
		}
		if err := ssh.Unmarshal(s.Key.Marshal(), &key); err != nil {
			return err
		}
		public, err := ecdsa.ParseUncompressedPublicKey(elliptic.P256(), key.Point)
		if err != nil {
			return err
		}
		var rs struct{ R, S *big.Int }
		if err := ssh.Unmarshal(s.sig.Blob, &rs); err != nil {
			return err
		}
		sum := sha256.Sum256(signed(key.Application))
		if !ecdsa.Verify(public, sum[:], rs.R, rs.S) {
			return errWrong
		}
		return nil
	}
}
