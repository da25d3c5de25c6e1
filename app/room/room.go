// Package room is one visit to the reading room, without a screen: it holds
// deposit, indexes, policy, review and journal open together, and every act of
// the visit – admit, enter, open, search, copy, annotate, export – passes here,
// in the order allow → record → do → record the outcome.
//
// The desktop and `vitrinectl tour` act only through it. It knows which
// package answers for what and where their files lie; it must not know
// widgets, nor the bytes of any format.
//
// # Life of a visit
//
//	Admit   policy read, deposit verified by a child process, sources opened
//	Enter   the reviewer is named, the journal is opened, entry "visit" written
//	…       every act is one journal entry before it happens
//	Close   entry "leave"
//
// # Where things lie
//
// Below Config.Home (0700):
//
//	workspace/<manifest digest>/   what admission imported; content and index
//	visits/<digest>/<reviewer>/    journal.jsonl, the reviewer's only original; beside it
//	                               session.json, bookmarks.json and searches.json, which are the
//	                               reviewer's own and no part of the review
//	sample/<digest>/               the built-in deposit, unpacked to be admitted
//	sample/<digest>-medium/        files that came beside it, to be checked
//	recent.json                    what the chooser lists
//
// Everything below workspace can be deleted and is rebuilt from the deposit;
// nothing below visits can.
//
// # Entries of the journal
//
// Room writes the kinds visit, open, search, copy, export, exported, export-failed and
// leave, each with what the act is about, and two that later visits read:
//
//	encoding    {"place":{…},"blob":"<sha-256>","encoding"?:"windows-1251"}
//	            the file's bytes are shown and searched in this encoding from here
//	            on, wherever they stand; without one, in the recognised one again
//	checkpoint  {"index":"content|index|symbols","digest":"<sha-256>",
//	             "expected"?:"<sha-256>","rejected"?:"<sha-256>"}
//	            what was derived from the deposit, as it was opened; expected is
//	            what the entry before says, rejected what was found and not used
//
// What is derived is whole in itself: a changed byte is noticed when it is read. That it
// is the same as at the last visit only the journal knows, and so the newest checkpoint
// of a part decides. A part that has another digest is not believed but built anew, from
// the deposit and nothing else, and that is recorded. Builds are deterministic: a part
// that another visit or vitrinectl built anew turns out to be right; after a new version
// of the program each journal has its part built anew once. A part of which no checkpoint
// speaks is taken as it is found, and so is every part without a reviewer, in vitrinectl,
// which has no journal: vitrinectl index builds all anew. An index of a deposit that this
// one continues is taken over only as the reviewer's journal of that deposit knows it.
package room

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"os"
	"os/user"
	"path/filepath"
	"runtime"
	"time"

	"vitrine/app/bundle"
	"vitrine/assets/sample"
	"vitrine/index/deposit"
)

// Journal kinds that room itself writes; review owns those of annotations.
const (
	kindVisit      = "visit"
	kindOpen       = "open"
	kindSearch     = "search"
	kindCopy       = "copy"
	kindExport     = "export"
	kindExported   = "exported"
	kindFailed     = "export-failed"
	kindLeave      = "leave"
	kindEncoding   = "encoding"
	kindCheckpoint = "checkpoint"
	sampleDir      = "sample" // folder below Home, and the built-in deposit in the recent list
	visitsDir      = "visits" // folder below Home
)

// Version is what a bundle's statement names as the tool that wrote it.
const Version = "vitrine 0.1"

// ErrIndexNotReady is returned by Search until BuildIndex has listed the files, and by
// what needs the whole index until that is there.
var ErrIndexNotReady = errors.New("the text index is still being built: search starts when it is complete")

// Config says where this workstation keeps things.
type Config struct {
	Home     string // data folder, created when needed
	Ctl      string // path of vitrinectl, which serves as the admission child
	Operator string // operator's public key file; "" looks in OperatorPlaces
	User     string // login name: the reviewer's name where a practice room asks for none
}

// DefaultConfig is the workstation's: VITRINE_HOME or the user's data folder,
// and the vitrinectl that lies beside the running program.
func DefaultConfig() (Config, error) {
	var c Config
	self, err := os.Executable()
	if err != nil {
		return c, fmt.Errorf("find the running program: %w", err)
	}
	if self, err = filepath.EvalSymlinks(self); err != nil {
		return c, fmt.Errorf("find the running program: %w", err)
	}
	c.Ctl = filepath.Join(filepath.Dir(self), "vitrinectl")
	if runtime.GOOS == "windows" {
		c.Ctl += ".exe"
	}
	c.Home = os.Getenv("VITRINE_HOME")
	if c.Home == "" {
		data := os.Getenv("XDG_DATA_HOME")
		if data == "" {
			home, err := os.UserHomeDir()
			if err != nil {
				return c, fmt.Errorf("no data folder: %w; set VITRINE_HOME", err)
			}
			data = filepath.Join(home, ".local", "share")
		}
		c.Home = filepath.Join(data, "vitrine")
	}
	if c.Home, err = filepath.Abs(c.Home); err != nil {
		return c, fmt.Errorf("data folder: %w", err)
	}
	if u, err := user.Current(); err == nil {
		c.User = u.Username
	}
	return c, nil
}

// OperatorPlaces lists where the operator's public key is looked for, in
// order. The first is for the machine, the second for one account.
func OperatorPlaces() []string {
	places := []string{"/etc/vitrine/operator.pub"}
	if dir, err := os.UserConfigDir(); err == nil {
		places = append(places, filepath.Join(dir, "vitrine", "operator.pub"))
	}
	return places
}

func (c Config) workspace() string { return filepath.Join(c.Home, "workspace") }

// prepare makes the data folder. One in which everybody may put and rename
// things is refused: whoever can exchange a journal's folder can exchange the
// journal.
func (c Config) prepare() error {
	if err := os.MkdirAll(c.workspace(), 0o700); err != nil {
		return fmt.Errorf("the data folder: %w", err)
	}
	st, err := os.Stat(c.Home)
	if err != nil {
		return fmt.Errorf("the data folder: %w", err)
	}
	if runtime.GOOS != "windows" && st.Mode().Perm()&0o002 != 0 { // there the bits say nothing
		return fmt.Errorf("everybody may write to the data folder %s: take that away (chmod o-w), or set VITRINE_HOME to another", c.Home)
	}
	return nil
}

func (c Config) journal(d deposit.Digest, reviewer string) string {
	return filepath.Join(c.Home, visitsDir, d.String(), folder(reviewer), "journal.jsonl")
}

// folder names a reviewer's folder: readable, and different for different names.
func folder(reviewer string) string {
	sum := sha256.Sum256([]byte(reviewer))
	return fmt.Sprintf("%s-%x", bundle.Slug(reviewer), sum[:4])
}

// A Request names what to admit: the built-in sample, or a deposit folder
// under a policy file.
type Request struct {
	Sample  bool
	Deposit string
	Policy  string
	Full    bool // check everything again, also what was admitted before
}

// SampleRequest is the request that admits the built-in deposit.
func SampleRequest() Request { return Request{Sample: true, Deposit: sampleDir} }

// SampleDigest is the pinned digest of the built-in deposit's manifest.
func SampleDigest() deposit.Digest { return sample.ManifestDigest }

// now is the clock of every record of a visit: UTC, whole seconds are enough
// for people and the journal orders by number anyway.
func now() time.Time { return time.Now().UTC().Truncate(time.Millisecond) }
