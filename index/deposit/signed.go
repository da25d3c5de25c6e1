package deposit

import (
	"bytes"
	"errors"
	"io"
	"strconv"
	"strings"
	"time"

	"vitrine/index/seal"
)

// NamespaceGit is what stock git asks ssh-keygen to sign tags and commits for.
const NamespaceGit = "git"

// What a signature of a tag or commit was found to be.
const (
	// SignatureValid: by a key that the reader trusts, valid when it signed.
	SignatureValid = "valid"
	// SignatureUnknown: by a key that the reader does not know; it proves nothing.
	SignatureUnknown = "unknown key"
	// SignatureBad: damaged, not of these bytes, or by a key of the reader's that
	// was revoked or not valid when it signed.
	SignatureBad = "bad"
	// SignatureNone: there is none.
	SignatureNone = "none"
)

// A Signature is the vendor's own, of a tag or a commit.
type Signature struct {
	State  string `json:"state"`
	Kind   string `json:"kind"`   // openpgp, ssh, x509 or ""
	Signer string `json:"signer"` // who is known by that key, or the key's id
	Why    string `json:"why"`    // of a bad one
}

// SignatureCounts says how many commits have a signature of each state.
type SignatureCounts struct {
	Valid   int64 `json:"valid"`
	Unknown int64 `json:"unknown"`
	Bad     int64 `json:"bad"`
	None    int64 `json:"none"`
}

const (
	// maxSignatureHeaders bounds those of one object: git writes one for each of
	// its two hash algorithms.
	maxSignatureHeaders = 2
	// maxSignatureText bounds, in bytes, what is said of a signature: a line.
	maxSignatureText = 200
)

// A signedObject is a commit or tag taken apart as git does.
type signedObject struct {
	payload [][]byte // what is signed: the object without its signature
	block   []byte   // the signature's armour; nil when there is none
	damage  string   // why block cannot be a signature
	at      time.Time
}

// takeCommit takes the signature out of a commit's header. Payload is all but
// the headers gpgsig and gpgsig-sha256 with their continuation lines.
func takeCommit(data []byte) signedObject {
	var o signedObject
	headers, from, at := 0, 0, 0
	var skipping, mine bool
	for at < len(data) && data[at] != '\n' {
		end := len(data)
		if i := bytes.IndexByte(data[at:], '\n'); i >= 0 {
			end = at + i + 1
		}
		line := data[at:end]
		value, isSignature := bytes.CutPrefix(line, []byte("gpgsig"))
		switch {
		case skipping && line[0] == ' ':
			if mine {
				o.take(line[1:])
			}
		case isSignature:
			if !skipping {
				o.payload, skipping = append(o.payload, data[from:at]), true
			}
			if mine = bytes.HasPrefix(value, []byte(" ")); mine && o.block != nil {
				o.damage = "it has two signatures"
			}
			if mine {
				o.take(value[1:])
			}
			if headers++; headers > maxSignatureHeaders {
				o.damage = "it has too many signatures"
				return o
			}
		case skipping:
			skipping, from = false, at
		}
		o.date(line)
		at = end
	}
	if skipping {
		from = at
	}
	o.payload = append(o.payload, data[from:])
	return o
}

// take adds a line to the armour.
func (o *signedObject) take(line []byte) {
	if o.block == nil {
		o.block = []byte{}
	}
	if len(o.block)+len(line) > seal.MaxSignature {
		o.damage = "it is longer than " + strconv.Itoa(seal.MaxSignature) + " bytes"
		return
	}
	o.block = append(o.block, line...)
}

// date reads "committer NAME <ADDRESS> SECONDS ZONE", and the same of a tagger.
func (o *signedObject) date(line []byte) {
	if !o.at.IsZero() || !bytes.HasPrefix(line, []byte("committer ")) && !bytes.HasPrefix(line, []byte("tagger ")) {
		return
	}
	words := bytes.Fields(line[bytes.LastIndexByte(line, '>')+1:])
	if len(words) == 2 {
		if seconds, err := strconv.ParseInt(string(words[0]), 10, 64); err == nil {
			o.at = time.Unix(seconds, 0)
		}
	}
}

// armours are how the last line that begins a signature may look, for git.
var armours = map[string]string{
	"-----BEGIN PGP SIGNATURE-----":  "openpgp",
	"-----BEGIN PGP MESSAGE-----":    "openpgp",
	"-----BEGIN SSH SIGNATURE-----":  "ssh",
	"-----BEGIN SIGNED MESSAGE-----": "x509",
}

func armourKind(block []byte) string {
	for begin, kind := range armours {
		if bytes.HasPrefix(block, []byte(begin)) {
			return kind
		}
	}
	return ""
}

// takeTag takes the signature off an annotated tag's end: it begins at the last
// line that could begin one. In a repository of SHA-1 a signature in the header
// is one of the same tag under another algorithm, as in a commit.
func takeTag(data []byte) signedObject {
	begin := len(data)
	for hi := len(data); hi > 0 && begin == len(data); {
		i := bytes.LastIndex(data[:hi], []byte("\n-----BEGIN "))
		if i < 0 {
			break
		}
		if armourKind(data[i+1:]) != "" {
			begin = i + 1
		}
		hi = i
	}
	o := takeCommit(data[:begin])
	o.block, o.damage = nil, ""
	if begin < len(data) {
		o.take(data[begin:])
	}
	return o
}

// judge finds out whose a signature is and whether it holds. A key's validity
// is judged at the time that the vendor states: an OpenPGP signature's own, and
// for SSH, whose signatures have none, that of the commit or tag, as in git.
func (t Trust) judge(o signedObject) Signature {
	s := Signature{State: SignatureBad, Kind: armourKind(o.block)}
	var err error
	switch {
	case o.block == nil && o.damage == "":
		return Signature{State: SignatureNone}
	case o.damage != "":
		err = errors.New(o.damage)
	case s.Kind == "ssh":
		s.Signer, err = t.judgeSSH(o)
	case s.Kind == "openpgp":
		s.Signer, err = t.Keyring.Verify(o.reader(), o.block)
	case s.Kind == "x509":
		err = seal.ErrUnknownKey // no authority is trusted
	default:
		err = errors.New("it is of no kind that git has")
	}
	s.Signer = firstBytes(s.Signer)
	switch {
	case err == nil:
		s.State = SignatureValid
	case errors.Is(err, seal.ErrUnknownKey):
		s.State = SignatureUnknown
	default:
		s.Why = firstBytes(err.Error())
	}
	return s
}

func (t Trust) judgeSSH(o signedObject) (signer string, err error) {
	sig, err := seal.ParseForeign(o.block)
	switch {
	case errors.Is(err, seal.ErrKeyType):
		return "", seal.ErrUnknownKey
	case err != nil:
		return "", err
	}
	key := seal.Fingerprint(sig.Key)
	if t.Revoked.Has(sig.Key) {
		return key, seal.ErrRevoked
	}
	at := o.at
	if at.IsZero() {
		at = t.At
	}
	// Whether the signature of a stranger holds is of no use to anybody.
	signer, err = t.Signers.Find(sig.Key, NamespaceGit, at)
	switch {
	case errors.Is(err, seal.ErrPeriod), errors.Is(err, seal.ErrRevoked):
		return key, err
	case err != nil:
		return key, seal.ErrUnknownKey
	}
	return signer, sig.Verify(o.reader(), NamespaceGit)
}

func (o signedObject) reader() io.Reader {
	parts := make([]io.Reader, len(o.payload))
	for i, p := range o.payload {
		parts[i] = bytes.NewReader(p)
	}
	return io.MultiReader(parts...)
}

func firstBytes(s string) string {
	if len(s) > maxSignatureText {
		s = s[:maxSignatureText-len("…")] + "…"
	}
	return strings.ToValidUTF8(s, "�")
}
