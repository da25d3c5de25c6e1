package room

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"slices"
	"strings"
	"time"

	"vitrine/index/deposit"
	"vitrine/index/seal"
)

// Admission runs in a child, the static vitrinectl, because a hostile pack can
// kill a process in ways that recover cannot catch. Parent and child talk in
// JSON lines: one order down the child's standard input, then steps and at last
// one outcome up its standard output. A child whose parent died finds nobody
// reading at its next step, and ends.

const (
	// admissionTime bounds one admission: the largest deposit tried, a kernel
	// tree, takes under two minutes on two cores.
	admissionTime = 30 * time.Minute
	// maxLine bounds one line of the protocol; the longest are an order with all
	// keys of the largest policy, and an outcome with what is said of as many
	// releases as a deposit may have.
	maxLine = 16 << 20
	// maxComplaint is how much of a dying child's standard error is kept: a Go
	// panic says what matters in its first lines.
	maxComplaint = 4 << 10
)

// An order is what the parent asks of the child.
type order struct {
	Deposit   string           `json:"deposit"`
	Workspace string           `json:"workspace"`
	Signers   string           `json:"signers"` // an allowed_signers file's text
	Revoked   []string         `json:"revoked"` // fingerprints
	Keyring   string           `json:"keyring"` // OpenPGP certificates, armoured
	Pinned    []deposit.Digest `json:"pinned"`
	At        time.Time        `json:"at"`
	Limits    deposit.Limits   `json:"limits"`
	Full      bool             `json:"full"` // also what was verified before
}

// An answer is one line from the child; exactly one field is set.
type answer struct {
	Step      *deposit.Step      `json:"step,omitempty"`
	Admission *deposit.Admission `json:"admission,omitempty"`
	Refusal   *deposit.Refusal   `json:"refusal,omitempty"`
	Error     string             `json:"error,omitempty"` // what is no refusal
}

// verdict is the error that an answer is, if it is one.
func (a answer) verdict() (err error, ok bool) {
	switch {
	case a.Step != nil || a.Admission != nil || a.Refusal != nil && a.Error != "":
		return nil, false
	case a.Refusal != nil && len(a.Refusal.Problems) > 0:
		return a.Refusal, true
	case a.Refusal == nil && a.Error != "":
		return errors.New(a.Error), true
	}
	return nil, false
}

// ServeAdmission is the child's side: it reads one order from in, admits, and
// writes answers to out. It returns the refusal, which was answered already, so
// that the process can exit with a status ≠ 0.
func ServeAdmission(ctx context.Context, in io.Reader, out io.Writer) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	r := bufio.NewReader(in)
	line, err := readLine(r)
	if err != nil {
		return fmt.Errorf("read the order: %w", err)
	}
	var o order
	if err := json.Unmarshal(line, &o); err != nil {
		return fmt.Errorf("read the order: %w", err)
	}
	enc := json.NewEncoder(out)
	adm, err := o.run(ctx, func(s deposit.Step) {
		if enc.Encode(answer{Step: &s}) != nil {
			cancel() // the parent has gone: nobody waits for the rest
		}
	})
	var refusal *deposit.Refusal
	switch {
	case errors.As(err, &refusal):
		return errors.Join(err, enc.Encode(answer{Refusal: refusal}))
	case err != nil:
		return errors.Join(err, enc.Encode(answer{Error: err.Error()}))
	}
	return enc.Encode(answer{Admission: adm})
}

func (o order) run(ctx context.Context, progress func(deposit.Step)) (*deposit.Admission, error) {
	trust := deposit.Trust{Pinned: o.Pinned, At: o.At}
	if o.Signers != "" {
		var err error
		if trust.Signers, err = seal.ParseSigners([]byte(o.Signers)); err != nil {
			return nil, fmt.Errorf("the policy's keys: %w", err)
		}
	}
	var err error
	if trust.Revoked, err = seal.RevokedKeys(o.Revoked); err != nil {
		return nil, fmt.Errorf("the policy's revoked keys: %w", err)
	}
	if o.Keyring != "" {
		if trust.Keyring, err = seal.ParseKeyring([]byte(o.Keyring)); err != nil {
			return nil, fmt.Errorf("the policy's certificates: %w", err)
		}
	}
	if !o.Full {
		adm, err := deposit.Reopen(ctx, o.Deposit, o.Workspace, trust, o.Limits, progress)
		if err == nil || !errors.Is(err, deposit.ErrNotAdmitted) {
			return adm, err
		}
	}
	return deposit.Admit(ctx, o.Deposit, o.Workspace, trust, o.Limits, progress)
}

// readLine reads up to a newline, refusing more than maxLine bytes.
func readLine(r *bufio.Reader) ([]byte, error) {
	var line []byte
	for {
		part, err := r.ReadSlice('\n')
		line = append(line, part...)
		if len(line) > maxLine {
			return nil, fmt.Errorf("a line of over %d bytes", maxLine)
		}
		if !errors.Is(err, bufio.ErrBufferFull) {
			return line, err
		}
	}
}

// runChild starts ctl as the admission child and relays its steps. The child's
// death is reported as an error, never inherited.
func runChild(ctx context.Context, ctl string, o order, progress func(deposit.Step)) (*deposit.Admission, error) {
	if _, err := os.Stat(ctl); err != nil {
		return nil, fmt.Errorf("the admission program is missing: %w; vitrinectl must lie beside this program", err)
	}
	limited, cancel := context.WithTimeout(ctx, admissionTime)
	defer cancel()
	cmd := exec.CommandContext(limited, ctl, "admit")
	cmd.Env = []string{"GOTRACEBACK=single"} // nothing of the session's environment concerns it
	cmd.WaitDelay = 5 * time.Second
	complaint := &head{max: maxComplaint}
	cmd.Stderr = complaint
	in, err := cmd.StdinPipe()
	if err != nil {
		return nil, fmt.Errorf("start admission: %w", err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		return nil, fmt.Errorf("start admission: %w", err)
	}
	if err := cmd.Start(); err != nil {
		return nil, fmt.Errorf("start admission: %w", err)
	}
	adm, verdict := converse(in, out, o, progress)
	late := limited.Err() != nil && ctx.Err() == nil
	if verdict != nil {
		cancel() // whatever it still does is of no use
	}
	died := cmd.Wait()
	switch {
	case ctx.Err() != nil:
		return nil, ctx.Err()
	case late:
		return nil, fmt.Errorf("admission took longer than %v and was stopped; nothing of the deposit was opened", admissionTime)
	case errors.Is(verdict, errSilent):
		return nil, fmt.Errorf("the admission process died (%v) before it could judge the deposit: %s; nothing of the deposit was opened", died, complaint.firstLine())
	case verdict != nil:
		return nil, verdict
	case died != nil:
		return nil, fmt.Errorf("the admission process failed after its verdict: %w", died)
	}
	return adm, nil
}

// errSilent: the child's output ended without an outcome.
var errSilent = errors.New("no outcome")

func converse(in io.WriteCloser, out io.Reader, o order, progress func(deposit.Step)) (*deposit.Admission, error) {
	defer in.Close()
	msg, err := json.Marshal(o)
	if err != nil {
		return nil, err
	}
	if _, err := in.Write(append(msg, '\n')); err != nil {
		return nil, errSilent // it is gone already; Wait says how
	}
	r := bufio.NewReader(out)
	for {
		line, err := readLine(r)
		if err != nil {
			return nil, errSilent
		}
		var a answer
		if err := json.Unmarshal(line, &a); err != nil {
			return nil, fmt.Errorf("the admission process spoke out of turn: %w", err)
		}
		verdict, judged := a.verdict()
		switch {
		case judged:
			return nil, verdict
		case a.Step != nil && a.Admission == nil && a.Refusal == nil && a.Error == "" && known(a.Step.Name):
			progress(*a.Step)
		case a.Step == nil && a.Admission != nil && a.Refusal == nil && a.Error == "":
			return a.Admission, nil
		default:
			return nil, errors.New("the admission process spoke out of turn: neither one step nor one outcome; nothing of the deposit was opened")
		}
	}
}

// known reports whether a child may report a step of this name: a screen shows
// the titles that this program has for them, and no others.
func known(name string) bool {
	return slices.ContainsFunc(steps, func(s struct{ name, title string }) bool { return s.name == name })
}

// A head keeps the first max bytes written to it and swallows the rest.
type head struct {
	buf []byte
	max int
}

func (h *head) Write(p []byte) (int, error) {
	h.buf = append(h.buf, p[:min(len(p), h.max-len(h.buf))]...)
	return len(p), nil
}

func (h *head) firstLine() string {
	s, _, _ := strings.Cut(strings.TrimSpace(string(h.buf)), "\n")
	if s == "" {
		return "it said nothing"
	}
	return s
}
