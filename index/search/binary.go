package search

import (
	"bytes"
	"context"
	"fmt"
)

const (
	// minRun is the least number of characters of a printable run, as in strings(1).
	minRun = 4

	// dumpBytes is how much of a binary file a hit of hex: shows: a row of hexdump(1).
	dumpBytes = 16
)

// A printable is a run of printable characters in a binary file.
type printable struct {
	at    int // offset of its first byte
	width int // bytes of each character: 1 for ASCII, 2 for UTF-16LE
}

// newBinary takes a binary file apart into its printable runs, which become the
// lines of its text.
func newBinary(ctx context.Context, path string, raw []byte) (*file, error) {
	f := &file{path: path, binary: raw}
	if raw == nil {
		f.binary = []byte{}
	}
	asked := 0
	for at := 0; at < len(raw); {
		if at-asked > stretch {
			asked = at
			if err := ctx.Err(); err != nil {
				return nil, err
			}
		}
		n, width := narrowRun(raw[at:]), 1
		if n < minRun {
			if n, width = wideRun(raw[at:]), 2; n < minRun {
				at++
				continue
			}
		}
		f.runs = append(f.runs, printable{at, width})
		for end := at + n*width; at < end; at += width {
			f.bytes = append(f.bytes, raw[at])
		}
		f.bytes = append(f.bytes, '\n')
	}
	return f, nil
}

func isPrintable(c byte) bool { return c == '\t' || ' ' <= c && c <= '~' }

func narrowRun(raw []byte) (n int) {
	for n < len(raw) && isPrintable(raw[n]) {
		n++
	}
	return n
}

func wideRun(raw []byte) (n int) {
	for 2*n+1 < len(raw) && isPrintable(raw[2*n]) && raw[2*n+1] == 0 {
		n++
	}
	return n
}

// nextBytes goes to the next occurrence of the group's bytes.
func (s *scan) nextBytes(ctx context.Context) (bool, error) {
	raw := s.f.binary
	for s.at < len(raw) {
		if err := ctx.Err(); err != nil {
			return false, err
		}
		i := bytes.Index(raw[s.at:min(len(raw), s.at+stretch+len(s.g.hex)-1)], s.g.hex)
		if i >= 0 {
			s.start = s.at + i
			s.at = s.start + len(s.g.hex)
			s.ranges = [][2]int{{0, len(s.g.hex)}}
			return true, nil
		}
		s.at += stretch
	}
	return false, nil
}

// bytesHit shows the row that begins with the n bytes found at at.
func (f *file) bytesHit(at, n int) lineHit {
	row := f.binary[at:min(len(f.binary), at+max(dumpBytes, min(n, 4*dumpBytes)))]
	text := fmt.Appendf(nil, "% x", row)
	return lineHit{
		kind: HitBytes, text: text, matches: [][2]int{{0, min(3*n-1, len(text))}},
		start: int64(at), end: int64(at + n),
	}
}
