package journal

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
)

// KindTail is the kind of the entries by which a journal records tails that
// were moved aside; their body is a Tail.
const KindTail = "journal-tail"

// A Tail is what stood behind the last newline when a journal was opened.
type Tail struct {
	Digest string `json:"digest"` // SHA-256 in hex
	File   string `json:"file"`   // beside the journal
	Size   int64  `json:"size"`   // bytes
}

// maxTails bounds how many files of tails are looked at; each stands for a
// crash.
const maxTails = 1000

const (
	tailMark   = ".tail-"
	movingMark = ".moving"
)

// moveTail copies the bytes from the end of the chain up to size to a file of
// their own and, once that is on the disk, cuts them off the journal. A crash
// at any point leaves them in one of the two, or in both.
func (j *Journal) moveTail(size int64) (Tail, error) {
	path, from := j.chain.path, j.chain.end
	fail := func(err error) (Tail, error) {
		return Tail{}, fmt.Errorf("journal %s ends in %d bytes without a newline that cannot be moved aside: %w", path, size-from, err)
	}
	h := sha256.New()
	moving := path + movingMark // a fixed name: a crash leaves one such file at most, written anew next time
	if err := copyDurably(moving, io.TeeReader(io.NewSectionReader(j.file, from, size-from), h)); err != nil {
		return fail(err)
	}
	digest := hex.EncodeToString(h.Sum(nil))
	name, err := tailName(path, digest)
	if err != nil {
		return fail(err)
	}
	if err := os.Rename(moving, name); err != nil {
		return fail(err)
	}
	if err := syncDir(path); err != nil {
		return fail(err)
	}
	if err := j.file.Truncate(from); err != nil {
		return fail(err)
	}
	return Tail{Digest: digest, File: filepath.Base(name), Size: size - from}, nil
}

// tailName is where the tail with this digest goes: a short name, or, when that
// is another tail's, the full one. Renaming over the same bytes loses nothing.
func tailName(path, digest string) (string, error) {
	for _, n := range []int{8, len(digest)} {
		name := path + tailMark + digest[:n]
		there, _, err := digestFile(name)
		if errors.Is(err, os.ErrNotExist) || err == nil && there == digest {
			return name, nil
		}
		if err != nil {
			return "", err
		}
	}
	return "", fmt.Errorf("a file named after digest %s holds something else", digest)
}

// recordTails journals every tail beside the journal that no entry names: the
// one just moved, and any whose record a crash prevented.
func (j *Journal) recordTails(recorded map[string]bool) error {
	dir, base := filepath.Split(j.chain.path)
	if dir == "" {
		dir = "."
	}
	names, err := os.ReadDir(dir)
	if err != nil {
		return fmt.Errorf("cannot look for tails of the journal: %w", err)
	}
	seen := 0
	for _, n := range names { // sorted by name
		if !strings.HasPrefix(n.Name(), base+tailMark) || !n.Type().IsRegular() {
			continue
		}
		if seen++; seen > maxTails {
			return fmt.Errorf("journal %s has more than %d tails beside it: move them elsewhere", j.chain.path, maxTails)
		}
		digest, size, err := digestFile(filepath.Join(dir, n.Name()))
		if err != nil {
			return fmt.Errorf("cannot read a tail of the journal: %w", err)
		}
		if recorded[digest] {
			continue
		}
		if _, err := j.Append(KindTail, Tail{Digest: digest, File: n.Name(), Size: size}); err != nil {
			return err
		}
		recorded[digest] = true
	}
	return nil
}

func digestFile(name string) (digest string, size int64, err error) {
	f, err := os.Open(name)
	if err != nil {
		return "", 0, err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	h := sha256.New()
	size, err = io.Copy(h, f)
	return hex.EncodeToString(h.Sum(nil)), size, err
}

func copyDurably(name string, r io.Reader) error {
	f, err := os.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600)
	if err != nil {
		return err
	}
	_, err = io.Copy(f, r)
	if err == nil {
		err = f.Sync()
	}
	return errors.Join(err, f.Close())
}
