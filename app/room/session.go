package room

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"vitrine/index/deposit"
	"vitrine/index/seal"
)

// A Session is how the reviewer left the desk at this deposit: what was open, where, and
// how it was laid out. It is a convenience and no record: nothing of it is in the journal
// or leaves with a bundle. File names are contents of the deposit, so it lies beside the
// journal and not in the program's preferences.
//
// The file visits/<digest>/<reviewer>/session.json holds it in the form of RFC 8785, as
// bookmarks.json holds the bookmarks:
//
//	{"active":0,"back":[{"column":1,"line":7,"pane":0,"place":{"path":"b.c","release":"1.0"},
//	"text":"int main(void)","x":0,"y":0}],"deposit":"<manifest digest>","hidden":false,"layout":{"tabs":[
//	{"column":1,"folded":[12,30],"line":40,"pinned":true,"place":{"path":"a.c","release":"1.0"},
//	"passing":false,"x":0,"y":640}],"shown":0},"recent":[{"path":"a.c","release":"1.0"}],
//	"release":"1.0","side":"files","version":1}
//
// A file of another version or deposit, or one that is not exactly what this program
// writes, is not used, and that is said.
type Session struct {
	Version int          `json:"version"` // set by SaveSession
	Deposit string       `json:"deposit"` // set by SaveSession
	Release string       `json:"release"` // shown in the tree
	Side    string       `json:"side"`    // the side panel shown
	Hidden  bool         `json:"hidden"`  // the side panel is folded away
	Active  int          `json:"active"`  // the active pane, counted in reading order
	Layout  SessionPanes `json:"layout"`
	// Recent are the files last read, newest first.
	Recent []deposit.Place `json:"recent"`
	// Back are the places where the reader jumped away, the last one last, Forward those
	// that were left by going back, the nearest last.
	Back    []SessionSpot `json:"back,omitempty"`
	Forward []SessionSpot `json:"forward,omitempty"`
}

// SessionPanes is a pane with its tabs, or two of them side by side or one below the other.
type SessionPanes struct {
	Tabs  []SessionTab  `json:"tabs,omitempty"`
	Shown int           `json:"shown"` // index of the tab shown, -1: none
	A     *SessionPanes `json:"a,omitempty"`
	B     *SessionPanes `json:"b,omitempty"` // to the right of A, or below it
	Below bool          `json:"below,omitempty"`
	Share int           `json:"share,omitempty"` // of the room that A has, in thousandths
}

// A SessionTab is an open file and where in it the reader was.
type SessionTab struct {
	Place  deposit.Place `json:"place"`
	Line   int           `json:"line"`   // of the caret, from 1
	Column int           `json:"column"` // in bytes, from 1
	// X and Y are where the view was scrolled to, in its own units.
	X       int  `json:"x"`
	Y       int  `json:"y"`
	Pinned  bool `json:"pinned"`
	Passing bool `json:"passing"`
	// Folded are the blocks that are folded away: of each the line that stays and the last
	// one that does not, in pairs, at most MaxFolded of them.
	Folded []int `json:"folded,omitempty"`
}

// A SessionSpot is a place that the reader jumped from.
type SessionSpot struct {
	Place  deposit.Place `json:"place"`
	Line   int           `json:"line"`   // of the caret, from 1
	Column int           `json:"column"` // in bytes, from 1
	X      int           `json:"x"`      // as a tab's
	Y      int           `json:"y"`
	Pane   int           `json:"pane"` // counted in reading order, -1: one that is gone
	Text   string        `json:"text"` // of the line, shortened
}

const (
	sessionVersion = 1
	// maxSession bounds the file: the tabs that a desk has with all that can be folded in
	// them (half of it), its recent files and the trail, with paths of a thousand bytes.
	maxSession = 1 << 20
	// MaxFolded bounds what is kept as folded away of one file, in blocks: some 25 kB. The
	// outermost blocks of a file of a hundred thousand lines are about as many.
	MaxFolded = 2000
	// maxDeep bounds the nesting of panes: a desk shows four.
	maxDeep = 8
)

// Session reads how the reviewer left the desk at this deposit last time; zero without
// such a visit. An error says why what is there is not used.
func (v *Visit) Session() (Session, error) {
	var s Session
	b, err := readSmall(v.beside("session.json"), maxSession)
	if errors.Is(err, fs.ErrNotExist) {
		return s, nil
	}
	if err == nil {
		err = seal.Decode(b, maxSession, &s)
	}
	switch {
	case err != nil:
		return Session{}, fmt.Errorf("how the desk was left is not known: session.json cannot be read (%w)", err)
	case s.Version != sessionVersion:
		return Session{}, fmt.Errorf("how the desk was left is not known: session.json has version %d, and this program knows %d", s.Version, sessionVersion)
	case s.Deposit != v.cert.Digest:
		return Session{}, errors.New("how the desk was left is not known: session.json is that of another deposit")
	case !s.Layout.shallow(maxDeep):
		return Session{}, errors.New("how the desk was left is not known: session.json has too many panes")
	}
	return s, nil
}

// SaveSession keeps how the desk looks, whole or not at all. Nothing is recorded.
func (v *Visit) SaveSession(s Session) error {
	s.Version, s.Deposit = sessionVersion, v.cert.Digest
	return v.saveBeside("session.json", s, maxSession)
}

// shallow reports whether panes are nested at most so deep, and each has both sides or none.
func (p *SessionPanes) shallow(deep int) bool {
	if p.A == nil && p.B == nil {
		return true
	}
	return deep > 0 && p.A != nil && p.B != nil && p.A.shallow(deep-1) && p.B.shallow(deep-1)
}

// beside is the path of a file beside the journal.
func (v *Visit) beside(name string) string {
	return filepath.Join(v.dir, name)
}

func (v *Visit) saveBeside(name string, what any, most int) error {
	b, err := seal.Canonical(what)
	if err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	if len(b) > most {
		return fmt.Errorf("%s would have %d bytes, and %d are allowed", name, len(b), most)
	}
	if err := replaceFile(v.beside(name), b); err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	return nil
}

// readSmall reads a file of at most so many bytes.
func readSmall(path string, most int) ([]byte, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	b, err := io.ReadAll(io.LimitReader(f, int64(most)+1))
	if err != nil {
		return nil, err
	}
	if len(b) > most {
		return nil, fmt.Errorf("it has more than %d bytes", most)
	}
	return b, nil
}
