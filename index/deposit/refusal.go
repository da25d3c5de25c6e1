package deposit

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path"
	"slices"
	"sync"
	"syscall"
)

// A Refusal is the error of a deposit that did not pass: the report of what was
// checked and what is wrong, and the verdict. It is encoded as JSON to cross
// from the process that verifies.
type Refusal struct {
	// Digest is that of the manifest of the deposit, of the last one of a
	// chain; zero when the verification did not come so far.
	Digest      Digest `json:"digest"`
	Title       string `json:"title"` // as signed; "" like Digest
	Vendor      string `json:"vendor"`
	Fingerprint string `json:"fingerprint"` // of the key that signed
	Cause       Cause  `json:"cause"`
	// Problems are what is wrong, in the order of the files and then of the
	// objects in them, at most maxProblems; More counts the others.
	Problems []Problem `json:"problems"`
	More     int       `json:"more"`
	Counts   Counts    `json:"counts"`
	Warnings []string  `json:"warnings"`
	err      error     // what the first problem was made of
}

// A Problem is one thing that is wrong with a deposit.
type Problem struct {
	// File is the file of the deposit it is in, after the name of the deposit's
	// folder where there are several; "" when it is not about one.
	File   string `json:"file"`
	Object string `json:"object"` // "blob 3f5d…"; "" when it is not about one
	// Path is where the release Release has the object; "" when none has it.
	Path    string `json:"path"`
	Release string `json:"release"`
	// Reason is the rest of the sentence, and names the object where there is one.
	Reason string `json:"reason"`
}

// A Cause says what kind of mending a refused deposit needs.
type Cause string

const (
	// CauseUntrusted: nobody who is trusted vouches for it.
	CauseUntrusted Cause = "untrusted"
	// CauseRevoked: the key that signed it is revoked.
	CauseRevoked Cause = "revoked"
	// CauseCopy: the files are not those that were signed; another copy may be.
	CauseCopy Cause = "copy"
	// CauseContent: what was signed is wrong in itself.
	CauseContent Cause = "content"
	// CauseLimit: it asks more of the machine than the limits allow.
	CauseLimit Cause = "limit"
	// CauseReading: a file could not be read.
	CauseReading Cause = "reading"
)

// Counts are what a verification has looked at, so far.
type Counts struct {
	Deposits int64 `json:"deposits"` // signatures that hold
	Bundles  int64 `json:"bundles"`
	Bytes    int64 `json:"bytes"` // of bundles, read and hashed
	Commits  int64 `json:"commits"`
	Trees    int64 `json:"trees"`
	Blobs    int64 `json:"blobs"`
	Tags     int64 `json:"tags"`
	Deltas   int64 `json:"deltas"`   // applied
	Inflated int64 `json:"inflated"` // bytes of objects, hashed
	Listed   int64 `json:"listed"`   // blobs and trees of manifests, compared
	Releases int64 `json:"releases"`
	Paths    int64 `json:"paths"` // of releases
}

// Objects are those of every kind whose id was computed.
func (c Counts) Objects() int64 { return c.Commits + c.Trees + c.Blobs + c.Tags }

// Error is one sentence about the first problem.
func (r *Refusal) Error() string {
	s := r.Problems[0].String()
	switch n := len(r.Problems) - 1 + r.More; n {
	case 0:
		return s
	case 1:
		return s + " (and one more problem)"
	default:
		return fmt.Sprintf("%s (and %d more problems)", s, n)
	}
}

// Unwrap gives the error behind the first problem.
func (r *Refusal) Unwrap() error { return r.err }

// String is the problem as a sentence.
func (p Problem) String() string {
	s := p.Reason
	switch {
	case p.Path != "" && p.Release != "":
		s = fmt.Sprintf("%s in release %s: %s", p.Path, p.Release, s)
	case p.Release != "":
		s = fmt.Sprintf("release %s: %s", p.Release, s)
	}
	if p.File != "" {
		s = p.File + ": " + s
	}
	return s
}

// maxProblems keeps a report readable and small: whoever mends a hundred things
// verifies again.
const maxProblems = 100

// A fault is an error with where it lies, as far as one place in the code knows;
// others around it know more. Only object is not part of the sentence, since the
// error below names it.
type fault struct {
	file, object, path, release string
	err                         error
}

func (f *fault) Error() string {
	return Problem{File: f.file, Path: f.path, Release: f.release, Reason: f.err.Error()}.String()
}

func (f *fault) Unwrap() error { return f.err }

// inFile says which file of the deposit an error is about.
func inFile(name string, err error) error { return &fault{file: name, err: err} }

// about says which object an error is about.
func about(k kind, id ID, err error) error {
	return &fault{object: fmt.Sprintf("%s %s", k, id), err: err}
}

// ofRelease says which release an error is about.
func ofRelease(name string, err error) error { return &fault{release: name, err: err} }

// A caused error knows its Cause.
type caused struct {
	cause Cause
	err   error
}

func (c *caused) Error() string { return c.err.Error() }
func (c *caused) Unwrap() error { return c.err }

func because(cause Cause, err error) error { return &caused{cause, err} }

// overLimit is an error of what Limits forbid.
func overLimit(format string, args ...any) error {
	return because(CauseLimit, fmt.Errorf(format, args...))
}

func causeOf(err error) Cause {
	var c *caused
	var p *fs.PathError
	var number syscall.Errno
	switch {
	case errors.As(err, &c):
		return c.cause
	case errors.Is(err, fs.ErrNotExist):
		return CauseCopy
	case errors.As(err, &p), errors.As(err, &number):
		return CauseReading
	}
	return CauseContent
}

// problems gathers what is wrong, from several goroutines.
type problems struct {
	mu    sync.Mutex
	found []problem
	more  int
}

type problem struct {
	Problem
	err  error
	part int   // which bundle, in the order of checking
	at   int64 // where in it
}

// An ownFailure is an error of this machine, not of the deposit: no room to
// write, say.
type ownFailure struct{ err error }

func (o *ownFailure) Error() string { return o.err.Error() }
func (o *ownFailure) Unwrap() error { return o.err }

// An ownWriter marks what fails in writing as a failure of this machine.
type ownWriter struct{ w io.Writer }

func (o ownWriter) Write(b []byte) (int, error) {
	n, err := o.w.Write(b)
	if err != nil {
		err = &ownFailure{fmt.Errorf("copying the bundle: %w", err)}
	}
	return n, err
}

// add enters an error as a problem. What is no fault of the deposit is given
// back: that the work was called off, or that this machine failed.
func (l *problems) add(part int, at int64, err error) error {
	var own *ownFailure
	if err == nil || errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) || errors.As(err, &own) {
		return err
	}
	p := problem{err: err, part: part, at: at}
	p.Reason = err.Error()
	for f := (*fault)(nil); errors.As(err, &f); err = f.err {
		p.File = path.Join(p.File, f.file)
		p.Object = cmp.Or(p.Object, f.object)
		p.Path = cmp.Or(p.Path, f.path)
		p.Release = cmp.Or(p.Release, f.release)
		p.Reason = f.err.Error()
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.found = append(l.found, p)
	if len(l.found) >= 2*maxProblems {
		l.cut()
	}
	return nil
}

// cut keeps the first of the problems, so that the same damage gives the same
// report whoever finds what first.
func (l *problems) cut() {
	slices.SortStableFunc(l.found, func(a, b problem) int {
		return cmp.Or(cmp.Compare(a.part, b.part), cmp.Compare(a.at, b.at), cmp.Compare(a.Reason, b.Reason))
	})
	if n := len(l.found) - maxProblems; n > 0 {
		l.found, l.more = l.found[:maxProblems], l.more+n
	}
}

// count is how many there are.
func (l *problems) count() int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return len(l.found) + l.more
}

// refusal is the error of a verification that found problems, nil without.
func (v *verification) refusal() error {
	v.problems.cut()
	found := v.problems.found
	if len(found) == 0 {
		return nil
	}
	r := &Refusal{Cause: causeOf(found[0].err), More: v.problems.more, Counts: v.counts, err: found[0].err}
	for _, p := range found {
		r.Problems = append(r.Problems, p.Problem)
	}
	if a := v.admission; a != nil {
		r.Digest, r.Title, r.Vendor, r.Fingerprint, r.Warnings = a.Digest, a.Title, a.Vendor, a.Fingerprint, a.Warnings
	} else if len(v.links) == 1 {
		r.Digest, r.Fingerprint = v.links[0].digest, v.links[0].fingerprint
	}
	return r
}
