package room

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"
	"unicode"
	"unicode/utf8"

	"vitrine/app/journal"
	"vitrine/app/policy"
	"vitrine/app/review"
	"vitrine/index/content"
	"vitrine/index/deposit"
	"vitrine/index/search"
)

// maxName bounds a reviewer's name: it stands in a status bar and a statement.
const maxName = 100

// A Visit is one reviewer in the room, from Enter to Close.
type Visit struct {
	*source  // embedded under a name that no screen can reach: the gate is not to be gone round
	cfg      Config
	cert     Certificate
	policy   *policy.Policy
	reviewer policy.Party
	dir      string // of the journal
	folder   string // the deposit itself, of which the visit writes nothing
	entered  time.Time
	clock    time.Time // entered, with the monotonic reading that no setting of the clock moves
	since    time.Time // when the journal's first visit began: of it the statement speaks
	notice   string
	begins   time.Time // the period the policy grants
	limits   time.Time

	mu      sync.Mutex // orders acts: one at a time passes the gate
	journal *journal.Journal
	// state is changed with both locks held, so that a screen can list what
	// stands while an act waits for a disk or a person.
	reading sync.RWMutex
	state   *review.State
	opened  map[deposit.Place]bool
	queries queries
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
		cfg: a.cfg, cert: a.Certificate(), policy: a.policy, reviewer: who, dir: filepath.Dir(path), folder: a.folder,
		entered: now(), clock: time.Now(), journal: j, opened: map[deposit.Place]bool{},
	}
	var choices content.Choices
	expects := &checkpoints{digests: map[string]deposit.Digest{}, record: func(ctx context.Context, r checkpointRecord) error {
		return v.act(ctx, kindCheckpoint, r, nil)
	}, journal: func(d deposit.Digest) string { return a.cfg.journal(d, who.Name) }}
	v.begins, v.limits = v.cert.NotBefore, v.cert.NotAfter
	if opened.MovedAside != "" {
		v.notice = fmt.Sprintf("The last visit ended in the middle of a write that was never acknowledged; those bytes were kept as %s.", filepath.Base(opened.MovedAside))
	}
	if err := v.own(j.Entries(), expects, &choices); err != nil {
		return nil, errors.Join(fmt.Errorf("%s: %w", path, err), j.Close())
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
	v.source = OpenSource(a.cfg, a.deposit)
	v.source.expects, v.source.choices = expects, choices
	a.deposit = nil
	return v, nil
}

// own refuses a journal that was kept by another reviewer or on another
// deposit: what it holds would be signed as this reviewer's judgement of this
// one. It also learns when the first visit began, and what it says of indexes and
// encodings.
func (v *Visit) own(entries iter.Seq2[journal.Entry, error], expects *checkpoints, choices *content.Choices) error {
	v.since = v.entered
	for e, err := range entries {
		if err != nil {
			return err
		}
		if err := expects.read(e); err != nil {
			return err
		}
		if *choices, err = readEncoding(*choices, e); err != nil {
			return err
		}
		if err := v.queries.read(e); err != nil {
			return err
		}
		if e.Kind != kindVisit || e.Body == nil {
			continue
		}
		var r visitRecord
		if err := e.Decode(&r); err != nil {
			return err
		}
		if r.Reviewer != v.reviewer.Name || r.Deposit != v.cert.Digest {
			return fmt.Errorf("the journal is that of a visit by %q to deposit %s (entry %d), not by %q to %s: put it back where it was kept", r.Reviewer, r.Deposit, e.N, v.reviewer.Name, v.cert.Digest)
		}
		if e.Time.Before(v.since) {
			v.since = e.Time
		}
	}
	return nil
}

// reviewer finds the party of that name in the policy, or makes one in a
// practice room.
func (a *Admission) reviewer(name string) (policy.Party, error) {
	name = strings.TrimSpace(name)
	if name == "" && a.policy.AnyReviewer {
		name = a.cfg.User // who may be named in the policy
	}
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
	}
	if name == "" {
		name = "Guest reviewer"
	}
	if len(name) > maxName {
		return policy.Party{}, fmt.Errorf("a reviewer's name of %d bytes; %d are allowed", len(name), maxName)
	}
	if !utf8.ValidString(name) {
		return policy.Party{}, errors.New("a reviewer's name is not UTF-8")
	}
	for _, r := range name {
		if !unicode.IsPrint(r) { // it stands in a statement: it must look like what it is
			return policy.Party{}, fmt.Errorf("a reviewer's name holds the invisible character %U", r)
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
	// What was allowed is brought to its end, and leaving always is.
	ends := kind == kindLeave || kind == kindExported || kind == kindFailed
	if err := v.allow(); err != nil && (!ends || v.closed) {
		return err
	}
	e, err := v.journal.Append(kind, body)
	if err != nil {
		return fmt.Errorf("the act was not recorded and did not happen: %w", err)
	}
	v.reading.Lock()
	err = v.state.Apply(e)
	v.reading.Unlock()
	if err != nil {
		return err
	}
	if do == nil {
		return nil
	}
	return do(e)
}

// allow says whether the visit is open and within the policy's period; v.mu is
// held. A clock that is turned back gives no more time: what has passed since
// entering counts as well.
func (v *Visit) allow() error {
	if v.closed {
		return errors.New("the visit has ended")
	}
	t := now()
	if t.Before(v.begins) {
		return fmt.Errorf("the clock says %s, and the visit's period begins on %s: set the clock right", t.Format(moment), v.begins.Format(moment))
	}
	if passed := v.entered.Add(time.Since(v.clock)); passed.After(t) {
		t = passed
	}
	if t.After(v.limits) {
		return fmt.Errorf("the visit's period ended on %s: nothing more can be done under this policy", v.limits.Format(moment))
	}
	return nil
}

// moment is how a time is told to a person.
const moment = "2 January 2006, 15:04 MST"

// allowed is allow for what is looked at without a record of its own.
func (v *Visit) allowed() error {
	v.mu.Lock()
	defer v.mu.Unlock()
	return v.allow()
}

// Certificate is the admission's.
func (v *Visit) Certificate() Certificate { return v.cert }

// Reviewer is the reviewer's name.
func (v *Visit) Reviewer() string { return v.reviewer.Name }

// Entries is the length of the journal.
func (v *Visit) Entries() int64 { return v.journal.Head().N }

// JournalNotice tells what opening the journal found, "" when nothing.
func (v *Visit) JournalNotice() string { return v.notice }

// BuildIndex readies content and text index; nothing of the deposit is shown
// by that, and so nothing is recorded.
func (v *Visit) BuildIndex(ctx context.Context, progress func(IndexState)) error {
	if err := v.source.BuildIndex(ctx, progress); err != nil {
		return err
	}
	progress(v.IndexState())
	return nil
}

// Open reads a file and records that it was opened, once for each place and visit.
func (v *Visit) Open(ctx context.Context, p deposit.Place) (*Document, error) {
	return v.open(ctx, p, v.document)
}

// Begin is Open, except that of a file of many MB it may give the beginning only, and that
// unverified: [Document.Beginning] says so, and Open gives the whole. It is for a screen, which has
// to show something at once.
func (v *Visit) Begin(ctx context.Context, p deposit.Place) (*Document, error) {
	return v.open(ctx, p, v.begin)
}

func (v *Visit) open(ctx context.Context, p deposit.Place, read func(context.Context, deposit.Place) (*Document, error)) (*Document, error) {
	if err := v.allowed(); err != nil {
		return nil, err
	}
	d, err := read(ctx, p)
	if err != nil {
		return nil, err
	}
	v.mu.Lock()
	defer v.mu.Unlock()
	if v.opened[p] {
		if err := v.allow(); err != nil {
			return nil, err
		}
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

// Search yields every hit in path order, until hit returns false. It
// records nothing: RecordSearch does when a query is meant and not only typed.
func (v *Visit) Search(ctx context.Context, query string, hit func(search.Hit) bool) (search.Report, error) {
	if err := v.allowed(); err != nil {
		return search.Report{}, err
	}
	return v.source.Search(ctx, query, hit)
}

// SearchAt yields the hits of a query in one place, as Search does among those of all.
func (v *Visit) SearchAt(ctx context.Context, query string, at deposit.Place, hit func(search.Hit) bool) (search.Report, error) {
	if err := v.allowed(); err != nil {
		return search.Report{}, err
	}
	return v.source.SearchAt(ctx, query, at, hit)
}

// RecordSearch records that a query was run or that a hit of it was opened;
// queries that only passed by while typing are not recorded.
func (v *Visit) RecordSearch(ctx context.Context, query string) error {
	return v.act(ctx, kindSearch, searchRecord{query}, v.queries.read)
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
	return errors.Join(err, v.journal.Close(), v.source.Close())
}
