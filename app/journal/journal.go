package journal

import (
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"iter"
	"os"
	"path/filepath"
	"sync"
	"time"
)

// A file is what a Journal needs of an *os.File; tests put one that fails in
// its place.
type file interface {
	io.Writer
	io.ReaderAt
	Stat() (fs.FileInfo, error)
	Sync() error
	Truncate(size int64) error
	Close() error
}

// A Journal is open for appending, by one process at a time. Its methods may be
// called from several goroutines.
type Journal struct {
	now    func() time.Time
	random io.Reader

	mu     sync.Mutex
	file   file
	chain  chain
	failed error // why no more is taken
}

// Opened is what Open found.
type Opened struct {
	Entries    int64  // before any that Open itself added
	MovedAside string // file that an unterminated tail was moved to, or ""
	TailDigest string // SHA-256 of it, in hex
}

// Open opens the journal at path, or creates it (mode 0600, its folder must
// exist), for this process alone. Every entry is checked; one that fails is in
// the error, a *DamageError, and the file stays as it is. An unterminated tail
// – what a crash left of an entry that was never acknowledged – is moved to a
// file beside the journal and recorded by its digest.
func Open(path string) (*Journal, Opened, error) {
	f, err := os.OpenFile(path, os.O_RDWR|os.O_APPEND|os.O_CREATE, 0o600)
	if err != nil {
		return nil, Opened{}, fmt.Errorf("cannot open journal: %w", err)
	}
	if err := lock(f); err != nil {
		return nil, Opened{}, errors.Join(fmt.Errorf("cannot open journal %s: %w", path, err), f.Close())
	}
	j, opened, err := open(path, f, time.Now, rand.Reader)
	if err != nil {
		return nil, Opened{}, errors.Join(err, f.Close())
	}
	return j, opened, nil
}

func open(path string, f file, now func() time.Time, random io.Reader) (*Journal, Opened, error) {
	j := &Journal{now: now, random: random, file: f, chain: chain{path: path}}
	info, err := f.Stat()
	if err != nil {
		return nil, Opened{}, fmt.Errorf("cannot open journal: %w", err)
	}
	if !info.Mode().IsRegular() {
		return nil, Opened{}, fmt.Errorf("journal %s is not a regular file", path)
	}
	recorded := map[string]bool{} // tails, by digest
	for e, err := range j.chain.entries(f, info.Size()) {
		if err != nil {
			return nil, Opened{}, err
		}
		if e.Kind != KindTail || e.Body == nil {
			continue
		}
		var t Tail
		if err := e.Decode(&t); err != nil {
			return nil, Opened{}, &DamageError{Path: path, Entry: e.N, Err: err}
		}
		recorded[t.Digest] = true
	}
	opened := Opened{Entries: j.chain.n}
	if info.Size() > j.chain.end {
		t, err := j.moveTail(info.Size())
		if err != nil {
			return nil, Opened{}, err
		}
		opened.MovedAside, opened.TailDigest = filepath.Join(filepath.Dir(path), t.File), t.Digest
	}
	// What has been read must be on the disk before anything builds on it, and
	// the file itself must be in its folder.
	if err := f.Sync(); err != nil {
		return nil, Opened{}, fmt.Errorf("cannot make journal durable: %w", err)
	}
	if err := syncDir(path); err != nil {
		return nil, Opened{}, err
	}
	if err := j.recordTails(recorded); err != nil {
		return nil, Opened{}, err
	}
	return j, opened, nil
}

// Append adds an entry with body as JSON and returns it once it is on the
// disk. An error before anything was written – a body without JSON, one that is
// too long – leaves the journal as it was. After a write or a sync that failed
// it is not known what the disk holds: every later call is refused, and the
// journal must be opened again.
func (j *Journal) Append(kind string, body any) (Entry, error) {
	j.mu.Lock()
	defer j.mu.Unlock()
	if j.failed != nil {
		return Entry{}, fmt.Errorf("journal takes no more entries: %w", j.failed)
	}
	e, text, err := j.next(kind, body)
	if err != nil {
		return Entry{}, fmt.Errorf("cannot record %q: %w", kind, err)
	}
	if err := j.write(text); err != nil {
		j.failed = fmt.Errorf("entry %d could not be made durable (check the disk, then open the journal again): %w", e.N, err)
		return Entry{}, j.failed
	}
	j.chain.n, j.chain.hash, j.chain.end = e.N, e.Hash, j.chain.end+int64(len(text))
	return e, nil
}

// next makes the entry that follows, and its line.
func (j *Journal) next(kind string, body any) (Entry, []byte, error) {
	if err := checkKind(kind); err != nil {
		return Entry{}, nil, err
	}
	now := j.now().UTC().Truncate(time.Microsecond)
	if y := now.Year(); y < 1 || y > 9999 {
		return Entry{}, nil, fmt.Errorf("the clock says year %d", y)
	}
	e := Entry{N: j.chain.n + 1, Prev: j.chain.hash, Time: now, Kind: kind, Salt: make([]byte, 32)}
	var err error
	if e.Body, err = marshalBody(body); err != nil {
		return Entry{}, nil, err
	}
	if _, err := io.ReadFull(j.random, e.Salt); err != nil {
		return Entry{}, nil, fmt.Errorf("no random numbers: %w", err)
	}
	e.Commitment = commit(e.Salt, e.Body)
	if e.Hash, err = e.headerHash(); err != nil {
		return Entry{}, nil, err
	}
	text := e.encode()
	if len(text) > MaxLine {
		return Entry{}, nil, fmt.Errorf("entry of %d bytes, at most %d are taken", len(text), MaxLine)
	}
	return e, text, nil
}

// write puts one line at the end and waits until the disk has it.
func (j *Journal) write(text []byte) error {
	info, err := j.file.Stat()
	if err != nil {
		return err
	}
	if info.Size() != j.chain.end {
		return fmt.Errorf("the file has %d bytes, not the %d written: something else changed it", info.Size(), j.chain.end)
	}
	if n, err := j.file.Write(text); err != nil {
		return err
	} else if n != len(text) {
		return io.ErrShortWrite
	}
	return j.file.Sync()
}

// Entries yields the entries that were there when it was called, read from the
// disk and checked again; an error is the last thing it yields.
func (j *Journal) Entries() iter.Seq2[Entry, error] {
	j.mu.Lock()
	end := j.chain.end
	j.mu.Unlock()
	return func(yield func(Entry, error) bool) {
		c := chain{path: j.chain.path}
		for e, err := range c.entries(j.file, end) {
			if !yield(e, err) {
				return
			}
		}
		if c.end != end {
			yield(Entry{}, c.damage(errors.New("it was there before and is gone")))
		}
	}
}

// Head is the newest acknowledged entry; N is 0 when there is none.
func (j *Journal) Head() Head {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.chain.head()
}

// Close lets others open the journal. It may be called twice.
func (j *Journal) Close() error {
	j.mu.Lock()
	defer j.mu.Unlock()
	if errors.Is(j.failed, errClosed) {
		return nil
	}
	j.failed = errClosed
	if err := j.file.Close(); err != nil {
		return fmt.Errorf("cannot close journal: %w", err)
	}
	return nil
}

var errClosed = errors.New("it is closed")

// syncDir makes the names in path's folder durable.
func syncDir(path string) error {
	d, err := os.Open(filepath.Dir(path))
	if err != nil {
		return fmt.Errorf("cannot make the journal's folder durable: %w", err)
	}
	if err := errors.Join(d.Sync(), d.Close()); err != nil {
		return fmt.Errorf("cannot make the journal's folder durable: %w", err)
	}
	return nil
}
