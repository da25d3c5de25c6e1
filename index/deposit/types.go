package deposit

import (
	"encoding/hex"
	"fmt"
)

// An ID is a git object id: SHA-1 over the object's header and bytes. It
// names an object; it binds nothing, which is why the manifest adds a Digest.
type ID [20]byte

// A Digest is the SHA-256 of some bytes: of a blob's content, a bundle, a
// manifest. It is the identity of a blob everywhere in Vitrine.
type Digest [32]byte

// A Span is the bytes [From, To) of the blob with this SHA-256. It is the one
// coordinate of hits, annotations and coverage; lines and columns are derived
// from it by index/content.
type Span struct {
	Blob Digest `json:"blob"`
	From int64  `json:"from"`
	To   int64  `json:"to"`
}

// A Place is where a span was seen: a path of a release.
type Place struct {
	Release string `json:"release"`
	Path    string `json:"path"`
}

func (id ID) String() string    { return hex.EncodeToString(id[:]) }
func (d Digest) String() string { return hex.EncodeToString(d[:]) }

// Short is the digest's first eight hex digits, for a screen; it identifies
// nothing.
func (d Digest) Short() string { return d.String()[:8] }

// IsZero reports whether d is the zero value, which no content has.
func (d Digest) IsZero() bool { return d == Digest{} }

func (id ID) MarshalText() ([]byte, error)    { return []byte(id.String()), nil }
func (d Digest) MarshalText() ([]byte, error) { return []byte(d.String()), nil }

func (id *ID) UnmarshalText(b []byte) error    { return unhex(id[:], b, "git object id") }
func (d *Digest) UnmarshalText(b []byte) error { return unhex(d[:], b, "SHA-256 digest") }

// unhex accepts exactly the lower-case hex that String writes.
func unhex(dst, src []byte, what string) error {
	if len(src) != 2*len(dst) {
		return fmt.Errorf("%s of %d characters, want %d", what, len(src), 2*len(dst))
	}
	for i, c := range src {
		if (c < '0' || c > '9') && (c < 'a' || c > 'f') {
			return fmt.Errorf("%s with %q at character %d, want lower-case hex", what, c, i+1)
		}
	}
	_, err := hex.Decode(dst, src)
	return err
}
