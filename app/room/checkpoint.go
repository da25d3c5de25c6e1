package room

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"

	"vitrine/app/journal"
	"vitrine/index/deposit"
)

// A checkpointRecord is the body of an entry of kind "checkpoint".
type checkpointRecord struct {
	Index  string         `json:"index"` // the part's folder
	Digest deposit.Digest `json:"digest"`
	// Expected is what the entry before says, and Rejected what was found instead.
	Expected *deposit.Digest `json:"expected,omitempty"`
	Rejected *deposit.Digest `json:"rejected,omitempty"`
}

// checkpoints are what a journal says of the parts, and take what it is to say. Nil
// knows nothing and records nothing.
type checkpoints struct {
	digests map[string]deposit.Digest // by folder
	record  func(context.Context, checkpointRecord) error

	// journal is where the same reviewer's journal of another deposit lies, if there is
	// one.
	journal func(deposit.Digest) string
}

// altered reports whether a part of another deposit is not the one that the reviewer's
// journal of that deposit knows: nothing of it may be taken over then. Where no journal
// speaks of it, it is taken as it is.
func (c *checkpoints) altered(of deposit.Digest, name string, found func() (deposit.Digest, error)) bool {
	if c == nil {
		return false
	}
	there := checkpoints{digests: map[string]deposit.Digest{}}
	switch err := journal.Read(c.journal(of), there.read); {
	case errors.Is(err, fs.ErrNotExist):
		return false
	case err != nil:
		return true // who changed the journal may have changed the index
	}
	expected, ok := there.digests[name]
	if !ok {
		return false
	}
	d, err := found()
	return err != nil || d != expected
}

// read learns what an entry says.
func (c *checkpoints) read(e journal.Entry) error {
	if e.Kind != kindCheckpoint || e.Body == nil {
		return nil
	}
	var r checkpointRecord
	if err := e.Decode(&r); err != nil {
		return err
	}
	c.digests[r.Index] = r.Digest
	return nil
}

// A part is derived from a deposit.
type part interface {
	Digest() deposit.Digest
	Close() error
}

// errNotTheSame is why a part is built anew.
var errNotTheSame = errors.New("not what it was at the last visit")

// openPart opens a part of a deposit's workspace, building it when it is missing, damaged
// or not what the journal expects. With fresh set, build must take over nothing that it
// cannot hold against the deposit. notice is a sentence for the reviewer if it was not as
// expected.
func openPart[T part](ctx context.Context, c *checkpoints, name string, open func() (T, error), build func(fresh bool) error) (v T, notice string, err error) {
	if c == nil {
		v, err = openOrBuild(ctx, open, func() error { return build(false) })
		return v, "", err
	}
	var expected, rejected *deposit.Digest
	if d, ok := c.digests[name]; ok {
		expected = &d
	}
	built := false
	v, err = openOrBuild(ctx, func() (T, error) {
		v, err := open()
		if err != nil || built || expected == nil || v.Digest() == *expected {
			return v, err
		}
		d := v.Digest()
		rejected = &d
		return v, errors.Join(errNotTheSame, v.Close())
	}, func() error {
		err := build(rejected != nil)
		built = err == nil
		return err
	})
	if err != nil {
		return v, "", err
	}
	r := checkpointRecord{Index: name, Digest: v.Digest(), Expected: expected, Rejected: rejected}
	if rejected == nil && expected != nil && r.Digest == *expected {
		return v, "", nil
	}
	if err := c.record(ctx, r); err != nil {
		return v, "", errors.Join(err, v.Close())
	}
	c.digests[name] = r.Digest
	return v, r.notice(), nil
}

// partNames are the parts as a reviewer is told of them.
var partNames = map[string]string{contentDir: "content store", indexDir: "text index", symbolsDir: "symbol index", charactersDir: "survey of characters"}

// notice tells the reviewer that a part was not as expected; "" when it was.
func (r checkpointRecord) notice() string {
	switch {
	case r.Rejected == nil:
		return ""
	case r.Digest == *r.Rejected:
		return fmt.Sprintf("The %s is not that of your last visit, but right: built anew, it is the same.", partNames[r.Index])
	}
	return fmt.Sprintf("The %s was not that of your last visit: it was built anew, and that is recorded.", partNames[r.Index])
}

// removeParts removes the folder beside an index from which a build that ended goes on.
func removeParts(dir string) error { return os.RemoveAll(dir + ".parts") }
