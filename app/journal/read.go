package journal

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
)

// A Head names a journal's newest entry. Whoever has it from elsewhere – a
// slip, a bundle – can tell that the journal still holds all that it held.
type Head struct {
	N    int64  `json:"n"`
	Hash string `json:"hash"` // lower-case hex
}

// A DamageError says which entry of a journal fails, and why.
type DamageError struct {
	Path  string
	Entry int64 // the line's number, which is the number its entry should have
	Err   error
}

func (e *DamageError) Error() string {
	return fmt.Sprintf("journal %s, entry %d: %v", e.Path, e.Entry, e.Err)
}

func (e *DamageError) Unwrap() error { return e.Err }

// A Report is what Verify found in a journal in which every entry holds.
type Report struct {
	Entries          int64
	Withheld         int64 // entries whose body is not there
	Head             Head
	UnterminatedTail int64 // bytes behind the last newline: never acknowledged
}

// Verify reads the journal at path, which it neither locks nor changes, and
// checks every entry. The first that fails is in the error, a *DamageError.
// Entries cut off the end leave no trace in a chain; they are found by naming
// known heads, each of which must then be in the journal.
func Verify(path string, known ...Head) (report Report, err error) {
	found := make([]bool, len(known))
	c, size, err := walk(path, func(e Entry) error {
		if e.Body == nil {
			report.Withheld++
		}
		for i, k := range known {
			found[i] = found[i] || e.Head() == k
		}
		return nil
	})
	if err != nil {
		return report, err
	}
	for i, k := range known {
		if !found[i] && k != (Head{}) {
			return report, fmt.Errorf("journal %s does not hold entry %d with hash %s: entries were cut off, or it is another journal", path, k.N, k.Hash)
		}
	}
	report.Entries, report.Head = c.n, c.head()
	report.UnterminatedTail = size - c.end
	return report, nil
}

// Read gives each entry of the journal at path, checked, to each, without locking or
// changing the file, and ends with the first error.
func Read(path string, each func(Entry) error) error {
	_, _, err := walk(path, each)
	return err
}

func walk(path string, each func(Entry) error) (c chain, size int64, err error) {
	// Before Open, which would wait for a writer of a named pipe; and a device
	// has no size, so that it would pass for a journal without entries.
	if info, err := os.Stat(path); err != nil {
		return c, 0, fmt.Errorf("cannot read journal: %w", err)
	} else if !info.Mode().IsRegular() {
		return c, 0, fmt.Errorf("journal %s is not a regular file", path)
	}
	f, err := os.Open(path)
	if err != nil {
		return c, 0, fmt.Errorf("cannot read journal: %w", err)
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	info, err := f.Stat()
	if err != nil {
		return c, 0, fmt.Errorf("cannot read journal: %w", err)
	}
	c.path = path
	for e, err := range c.entries(f, info.Size()) {
		if err == nil {
			err = each(e)
		}
		if err != nil {
			return c, 0, err
		}
	}
	return c, info.Size(), nil
}

// A chain is how far a journal has been read and found whole.
type chain struct {
	path string
	n    int64    // entries
	hash [32]byte // of the newest
	end  int64    // offset behind the newest one's newline
}

func (c *chain) head() Head { return (Entry{N: c.n, Hash: c.hash}).Head() }

func (c *chain) damage(err error) error {
	return &DamageError{Path: c.path, Entry: c.n + 1, Err: err}
}

// entries yields the entries of the first size bytes of r, each checked and
// following c. It ends at the last newline; c.end says where that was. An error
// is the last thing it yields.
func (c *chain) entries(r io.ReaderAt, size int64) func(yield func(Entry, error) bool) {
	return func(yield func(Entry, error) bool) {
		// One byte more than is left, or than a line may have: a full buffer
		// then means a line that is too long.
		room := min(MaxLine, size-c.end) + 1
		in := bufio.NewReaderSize(io.NewSectionReader(r, c.end, size-c.end), int(room))
		for {
			text, err := in.ReadSlice('\n')
			switch {
			case errors.Is(err, bufio.ErrBufferFull):
				if err = c.overlong(in); err != nil {
					yield(Entry{}, err)
				}
				return
			case errors.Is(err, io.EOF):
				if err := c.tail(text); err != nil {
					yield(Entry{}, err)
				}
				return
			case err != nil:
				yield(Entry{}, fmt.Errorf("journal %s: cannot read entry %d: %w", c.path, c.n+1, err))
				return
			}
			var e Entry
			if len(text) > MaxLine {
				err = errOverlong
			} else {
				e, err = parseEntry(text, c.n+1, c.hash)
			}
			if err != nil {
				yield(Entry{}, c.damage(err))
				return
			}
			c.n, c.hash, c.end = e.N, e.Hash, c.end+int64(len(text))
			if !yield(e, nil) {
				return
			}
		}
	}
}

var errOverlong = fmt.Errorf("longer than the %d bytes that a line may have", MaxLine)

// overlong tells a line that is too long from a tail that is.
func (c *chain) overlong(in *bufio.Reader) error {
	for {
		_, err := in.ReadSlice('\n')
		switch {
		case err == nil:
			return c.damage(errOverlong)
		case errors.Is(err, io.EOF):
			return nil
		case !errors.Is(err, bufio.ErrBufferFull):
			return fmt.Errorf("journal %s: cannot read entry %d: %w", c.path, c.n+1, err)
		}
	}
}

// tail judges the bytes behind the last newline. A write that was cut off
// leaves part of a line, or zeros where the disk had no time; a whole entry
// with something else where its newline belongs is no such thing: that newline
// was changed, and the entry may have been acknowledged.
func (c *chain) tail(text []byte) error {
	dec := json.NewDecoder(bytes.NewReader(text))
	var whole json.RawMessage
	if err := dec.Decode(&whole); err != nil {
		return nil
	}
	rest := text[dec.InputOffset():]
	if len(bytes.Trim(rest, "\x00")) == 0 {
		return nil
	}
	if _, err := parseEntry(append(bytes.Clone(whole), '\n'), c.n+1, c.hash); err != nil {
		return nil
	}
	return c.damage(fmt.Errorf("a byte %#02x stands where its newline belongs", rest[0]))
}
