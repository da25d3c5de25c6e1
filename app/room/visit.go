package room

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"vitrine/app/journal"
	"vitrine/app/policy"
	"vitrine/app/review"
	"vitrine/index/deposit"
)

// maxName bounds a reviewer's name: it stands in a status bar and a statement.
const maxName = 100

// A Visit is one reviewer in the room, from Enter to Close.
type Visit struct {
	*Source
	cfg      Config
	cert     Certificate
	policy   *policy.Policy
	reviewer policy.Party
	entered  time.Time
	notice   string
	limits   time.Time // end of the period the policy grants

	mu      sync.Mutex // orders acts: one at a time passes the gate
	journal *journal.Journal
	state   *review.State
	opened  map[deposit.Place]bool
	closed  bool
}

// Enter names the reviewer, opens the reviewer's journal and records entering
// as its next entry. The visit takes a over.
func Enter(ctx context.Context, a *Admission, reviewer string) (*Visit, error) {
	who, err := a.reviewer(reviewer)
	if err != nil {
		return nil, err
	}
	path := a.cfg.journal(a.deposit.Digest(), who.Name)
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return nil, fmt.Errorf("the journal's folder: %w", err)
	}
	j, opened, err := journal.Open(path)
	if err != nil {
		return nil, err
	}
	v := &Visit{
		cfg: a.cfg, cert: a.Certificate(), policy: a.policy, reviewer: who, entered: now(),
		journal: j, opened: map[deposit.Place]bool{},
	}
	v.limits = v.cert.NotAfter
	if opened.MovedAside != "" {
		v.notice = fmt.Sprintf("The last visit ended in the middle of a write that was never acknowledged; those bytes were kept as %s.", filepath.Base(opened.MovedAside))
	}
	if v.state, err = review.Fold(j.Entries()); err != nil {
		return nil, errors.Join(err, j.Close())
	}
	err = v.act(ctx, kindVisit, visitRecord{
		Deposit: v.cert.Digest, Title: v.cert.Title, Policy: v.cert.PolicyTitle,
		Reviewer: who.Name, Organisation: who.Organisation, Tool: Version,
	}, nil)
	if err != nil {
		return nil, errors.Join(err, j.Close())
	}
	v.Source = OpenSource(a.cfg, a.deposit)
	a.deposit = nil
	return v, nil
}

// reviewer finds the party of that name in the policy, or makes one in a
// practice room.
func (a *Admission) reviewer(name string) (policy.Party, error) {
	name = strings.TrimSpace(name)
	for _, r := range a.policy.Reviewers {
		if r.Name == name || name == "" && len(a.policy.Reviewers) == 1 && !a.policy.AnyReviewer {
			return r, nil
		}
	}
	switch {
	case !a.policy.AnyReviewer && name == "":
		return policy.Party{}, errors.New("say who you are: the policy names several reviewers")
	case !a.policy.AnyReviewer:
		return policy.Party{}, fmt.Errorf("the policy names no reviewer %q", name)
	case name == "":
		name = a.cfg.User
	}
	if name == "" {
		name = "Guest reviewer"
	}
	if len(name) > maxName {
		return policy.Party{}, fmt.Errorf("a reviewer's name of %d bytes; %d are allowed", len(name), maxName)
	}
	for _, r := range name {
		if r < ' ' || r == 0x7f {
			return policy.Party{}, errors.New("a reviewer's name holds a control character")
		}
	}
	return policy.Party{Name: name}, nil
}

// Bodies of room's own journal entries.
type (
	visitRecord struct {
		Deposit      string `json:"deposit"`
		Title        string `json:"title"`
		Policy       string `json:"policy"`
		Reviewer     string `json:"reviewer"`
		Organisation string `json:"organisation"`
		Tool         string `json:"tool"`
	}
	openRecord struct {
		Place deposit.Place  `json:"place"`
		Blob  deposit.Digest `json:"blob"`
	}
	searchRecord struct {
		Query string `json:"query"`
	}
	copyRecord struct {
		Place deposit.Place  `json:"place"`
		Blob  deposit.Digest `json:"blob"`
		Bytes int            `json:"bytes"`
	}
	exportRecord struct {
		Path   string `json:"path"`
		Key    string `json:"key"`
		Sums   string `json:"sums"` // SHA-256 of SHA256SUMS: what was shown
		Quotes bool   `json:"quotes"`
	}
	exportedRecord struct {
		Path   string `json:"path"`
		SHA256 string `json:"sha256"` // of the zip
	}
	failedRecord struct {
		Path   string `json:"path"`
		Reason string `json:"reason"`
	}
	leaveRecord struct {
		Minutes int `json:"minutes"`
	}
)

// act is the gate. Allow: the visit is open and within the policy's period.
// Record: the entry is on disk before anything happens. Do: then do runs, if
// there is something beyond the record; it gets the entry.
func (v *Visit) act(ctx context.Context, kind string, body any, do func(journal.Entry) error) error {
	v.mu.Lock()
	defer v.mu.Unlock()
	return v.locked(ctx, kind, body, do)
}

func (v *Visit) locked(ctx context.Context, kind string, body any, do func(journal.Entry) error) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	if v.closed {
		return errors.New("the visit has ended")
	}
	if t := now(); t.After(v.limits) && kind != kindLeave {
		return fmt.Errorf("the visit's period ended on %s: nothing more can be done under this policy", v.limits.Format("2 January 2006, 15:04 MST"))
	}
	e, err := v.journal.Append(kind, body)
	if err != nil {
		return fmt.Errorf("the act was not recorded and did not happen: %w", err)
	}
	if err := v.state.Apply(e); err != nil {
		return err
	}
	if do == nil {
		return nil
	}
	return do(e)
}

// Certificate is the admission's.
func (v *Visit) Certificate() Certificate { return v.cert }

// Reviewer is the reviewer's name.
func (v *Visit) Reviewer() string { return v.reviewer.Name }

// Entries is the length of the journal.
func (v *Visit) Entries() int64 { return v.journal.Head().N }

// JournalNotice tells what opening the journal found, "" when nothing.
func (v *Visit) JournalNotice() string { return v.notice }

// BuildIndex readies content and text index and records that it did.
func (v *Visit) BuildIndex(ctx context.Context, progress func(IndexState)) error {
	if err := v.Source.BuildIndex(ctx, progress); err != nil {
		return err
	}
	progress(v.IndexState())
	return nil
}

// Open reads a file and records that it was opened, once for each place and visit.
func (v *Visit) Open(ctx context.Context, p deposit.Place) (*Document, error) {
	d, err := v.document(ctx, p)
	if err != nil {
		return nil, err
	}
	v.mu.Lock()
	defer v.mu.Unlock()
	if v.opened[p] {
		return d, nil
	}
	err = v.locked(ctx, kindOpen, openRecord{p, d.File.Blob}, func(journal.Entry) error {
		v.opened[p] = true
		return nil
	})
	if err != nil {
		return nil, err
	}
	return d, nil
}

// RecordSearch records that a query was run or that a hit of it was opened;
// queries that only passed by while typing are not recorded.
func (v *Visit) RecordSearch(ctx context.Context, query string) error {
	return v.act(ctx, kindSearch, searchRecord{query}, nil)
}

// Copy records that text of a document goes to the clipboard.
func (v *Visit) Copy(ctx context.Context, d *Document, text string) error {
	return v.act(ctx, kindCopy, copyRecord{d.Place, d.File.Blob, len(text)}, nil)
}

// Close records leaving and closes everything. A second call does nothing.
func (v *Visit) Close() error {
	v.mu.Lock()
	defer v.mu.Unlock()
	if v.closed {
		return nil
	}
	err := v.locked(context.Background(), kindLeave, leaveRecord{int(now().Sub(v.entered).Minutes())}, nil)
	v.closed = true
	return errors.Join(err, v.journal.Close(), v.Source.Close())
}
