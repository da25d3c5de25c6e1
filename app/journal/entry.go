package journal

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"time"
)

// MaxLine bounds a line in bytes, its newline included. A reader holds one
// line at a time, and must be able to say so beforehand. The longest that is
// written is an annotation: 64 KiB of text, which JSON escapes can make six
// times as long, and its locations; this is twice as much.
const MaxLine = 1 << 20

// maxKind bounds the name of a kind in bytes: a word or two.
const maxKind = 64

// version is the format's; it stands in every line.
const version = 1

// stamp is the one form of a time: UTC, microseconds, always of equal length.
const stamp = "2006-01-02T15:04:05.000000Z"

// ErrWithheld is what Decode returns for an entry whose body is not there.
var ErrWithheld = errors.New("the body of this entry is withheld")

// An Entry is one line of a journal.
type Entry struct {
	N          int64     // from 1, without gaps
	Prev       [32]byte  // Hash of the entry before; zeros in the first
	Hash       [32]byte  // SHA-256 of the header
	Time       time.Time // UTC, whole microseconds; the machine's clock, which may be wrong
	Kind       string    // lower-case letters, digits, "-" and "."
	Commitment [32]byte  // SHA-256 of Salt and Body
	Salt       []byte    // 32 random bytes; nil when withheld
	Body       []byte    // JSON, as it was committed to; nil when withheld
}

// header is what the hash is over: everything but salt and body, for which the
// commitment stands. The order of its fields is the order in the file.
type header struct {
	Commitment string `json:"commitment"`
	Kind       string `json:"kind"`
	N          int64  `json:"n"`
	Prev       string `json:"prev"`
	Time       string `json:"time"`
	V          int    `json:"v"`
}

// line is a header with hash, salt and body; the members are sorted, so that a
// line is RFC 8785 canonical JSON whenever its body is.
type line struct {
	Body       json.RawMessage `json:"body,omitempty"`
	Commitment string          `json:"commitment"`
	Hash       string          `json:"hash"`
	Kind       string          `json:"kind"`
	N          int64           `json:"n"`
	Prev       string          `json:"prev"`
	Salt       string          `json:"salt,omitempty"`
	Time       string          `json:"time"`
	V          int             `json:"v"`
}

// Decode reads the body into v and refuses members that v does not have.
func (e Entry) Decode(v any) error {
	if e.Body == nil {
		return fmt.Errorf("journal entry %d: %w", e.N, ErrWithheld)
	}
	dec := json.NewDecoder(bytes.NewReader(e.Body))
	dec.DisallowUnknownFields()
	if err := dec.Decode(v); err != nil {
		return fmt.Errorf("journal entry %d, kind %s: %w", e.N, e.Kind, err)
	}
	return nil
}

// Head names the entry as the newest of a journal.
func (e Entry) Head() Head { return Head{N: e.N, Hash: hex.EncodeToString(e.Hash[:])} }

func commit(salt, body []byte) [32]byte {
	h := sha256.New()
	h.Write(salt)
	h.Write(body)
	return [32]byte(h.Sum(nil))
}

// headerHash is the entry's hash as its other fields give it.
func (e *Entry) headerHash() ([32]byte, error) {
	text, err := marshal(header{
		Commitment: hex.EncodeToString(e.Commitment[:]), Kind: e.Kind, N: e.N,
		Prev: hex.EncodeToString(e.Prev[:]), Time: e.Time.Format(stamp), V: version,
	})
	if err != nil {
		return [32]byte{}, err
	}
	return sha256.Sum256(text), nil
}

// encode is the entry's line, newline included. The body's bytes go in as they
// are; encoding/json would compact them, and then the commitment would be to
// other bytes than those in the file.
func (e *Entry) encode() []byte {
	b := []byte{'{'}
	if e.Body != nil {
		b = append(append(append(b, `"body":`...), e.Body...), ',')
	}
	b = append(b, `"commitment":"`...)
	b = hex.AppendEncode(b, e.Commitment[:])
	b = append(b, `","hash":"`...)
	b = hex.AppendEncode(b, e.Hash[:])
	b = append(b, `","kind":"`...)
	b = append(b, e.Kind...) // checkKind: nothing to escape
	b = append(b, `","n":`...)
	b = strconv.AppendInt(b, e.N, 10)
	b = append(b, `,"prev":"`...)
	b = hex.AppendEncode(b, e.Prev[:])
	if e.Body != nil {
		b = append(b, `","salt":"`...)
		b = hex.AppendEncode(b, e.Salt)
	}
	b = append(b, `","time":"`...)
	b = append(b, e.Time.Format(stamp)...)
	b = append(b, `","v":`...)
	b = strconv.AppendInt(b, version, 10)
	return append(b, "}\n"...)
}

// parseEntry reads one line, with its newline, that must be entry n after an
// entry with hash prev. It takes no other bytes than encode would write.
func parseEntry(text []byte, n int64, prev [32]byte) (Entry, error) {
	var e Entry
	var l line
	dec := json.NewDecoder(bytes.NewReader(text))
	dec.DisallowUnknownFields()
	if err := dec.Decode(&l); err != nil {
		return e, fmt.Errorf("not an entry: %w", err)
	}
	if l.V != version {
		return e, fmt.Errorf("written in format version %d, this program reads version %d", l.V, version)
	}
	if err := checkKind(l.Kind); err != nil {
		return e, err
	}
	e = Entry{N: l.N, Kind: l.Kind, Body: l.Body}
	err := errors.Join(
		unhex(e.Prev[:], l.Prev, "prev"),
		unhex(e.Hash[:], l.Hash, "hash"),
		unhex(e.Commitment[:], l.Commitment, "commitment"))
	if err != nil {
		return e, err
	}
	if (l.Body == nil) != (l.Salt == "") {
		return e, errors.New("only one of body and salt is there")
	}
	if l.Body != nil {
		e.Salt = make([]byte, 32)
		if err := unhex(e.Salt, l.Salt, "salt"); err != nil {
			return e, err
		}
	}
	if e.Time, err = time.Parse(stamp, l.Time); err != nil {
		return e, fmt.Errorf("time %q is not of the form %s", l.Time, stamp)
	}
	if !bytes.Equal(e.encode(), text) {
		return e, errors.New("not written as an entry is: members, order or spaces differ")
	}
	return e, e.check(n, prev)
}

func (e *Entry) check(n int64, prev [32]byte) error {
	if e.N != n {
		return fmt.Errorf("numbered %d, entry %d should stand here", e.N, n)
	}
	if e.Prev != prev {
		return errors.New("it does not follow the entry before it: prev is not that entry's hash")
	}
	if e.Body != nil && commit(e.Salt, e.Body) != e.Commitment {
		return errors.New("body changed: salt and body do not give the commitment")
	}
	hash, err := e.headerHash()
	if err != nil {
		return err
	}
	if hash != e.Hash {
		return errors.New("changed: the header does not give the hash")
	}
	return nil
}

func checkKind(kind string) error {
	if kind == "" || len(kind) > maxKind {
		return fmt.Errorf("kind of %d bytes, want 1 to %d", len(kind), maxKind)
	}
	for _, c := range []byte(kind) {
		if (c < 'a' || c > 'z') && (c < '0' || c > '9') && c != '-' && c != '.' {
			return fmt.Errorf("kind %q: %q cannot stand in one", kind, c)
		}
	}
	return nil
}

// unhex accepts exactly the lower-case hex that encode writes.
func unhex(dst []byte, s, member string) error {
	src := []byte(s)
	if len(src) == 2*len(dst) && bytes.Equal(bytes.ToLower(src), src) {
		if _, err := hex.Decode(dst, src); err == nil {
			return nil
		}
	}
	return fmt.Errorf("member %s is not %d lower-case hex digits", member, 2*len(dst))
}

// marshal is encoding/json without the escapes that are meant for HTML.
func marshal(v any) ([]byte, error) {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v); err != nil {
		return nil, err
	}
	return bytes.TrimSuffix(b.Bytes(), []byte("\n")), nil
}

// marshalBody is marshal, but it refuses text that is not UTF-8, which
// encoding/json alters without a word: it writes the escape \ufffd for the bad
// byte, where a U+FFFD of the text's own is written as itself.
func marshalBody(v any) ([]byte, error) {
	body, err := marshal(v)
	if err != nil {
		return nil, err
	}
	mark := []byte(`\ufffd`)
	for at := 0; ; at += len(mark) {
		i := bytes.Index(body[at:], mark)
		if i < 0 {
			return body, nil
		}
		at += i
		before := body[:at]
		if slashes := len(before) - len(bytes.TrimRight(before, `\`)); slashes%2 == 0 {
			return nil, errors.New("its text is not UTF-8")
		}
	}
}
