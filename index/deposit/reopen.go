package deposit

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync/atomic"
)

// ErrNotAdmitted is in the error of Reopen when the workspace has no admission
// that can be relied on, so that Admit is the way.
var ErrNotAdmitted = errors.New("it has to be verified in full")

// maxAdmission bounds admission.json: a thousand releases and their warnings.
const maxAdmission = 16 << 20

// Reopen gives the admission of a deposit that Admit verified and imported
// before, without reading its bundles again. Checked now are the signatures,
// whether their keys are trusted today, the manifests, and that the deposit's
// folder holds what they name. The rest is what the admission found out then; it
// is taken only from a workspace that no other user could have changed, when the
// same trust, limits and version of the checks were in force. Open hashes what
// it reads all the same.
func Reopen(ctx context.Context, dir, workspace string, trust Trust, limits Limits, progress func(Step)) (*Admission, error) {
	v := &verification{ctx: ctx, trust: trust, limits: limits.orDefault(), report: reporter{progress: progress}}
	a, err := v.reopen(dir, workspace)
	if err := errors.Join(err, v.close()); err != nil {
		return nil, err
	}
	return a, nil
}

func (v *verification) reopen(dir, workspace string) (*Admission, error) {
	if err := v.identify(dir); err != nil {
		return nil, v.refuse(err)
	}
	now := v.admission
	then, err := readAdmission(workspace, now.Digest)
	switch {
	case err != nil:
		return nil, fmt.Errorf("%w: %w", ErrNotAdmitted, err)
	case then.Verifier != verifier:
		return nil, fmt.Errorf("%w: other checks were in force when it was admitted", ErrNotAdmitted)
	case then.Trusted != now.Trusted:
		return nil, fmt.Errorf("%w: other keys were trusted, or other limits set, when it was admitted", ErrNotAdmitted)
	}
	// Whose word it is worth today, the signatures say.
	then.Links, then.Signer, then.Fingerprint, then.Pinned = now.Links, now.Signer, now.Fingerprint, now.Pinned
	then.Already, then.Reopened = true, true
	for _, step := range []string{StepBundle, StepObjects, StepTrees, StepImport} {
		var done, total atomic.Int64
		if err := v.report.run(step, NoteReopened+then.Verified, &done, &total, func() error { return nil }); err != nil {
			return nil, err
		}
	}
	return then, nil
}

// NoteReopened begins the note of a step that Reopen leaves out; the time
// follows at which it was made.
const NoteReopened = "reopened "

// readAdmission reads what Admit wrote about a deposit.
func readAdmission(workspace string, digest Digest) (a *Admission, err error) {
	folder, err := filepath.Abs(filepath.Join(workspace, digest.String()))
	if err != nil {
		return nil, err
	}
	if err := Private(folder); err != nil {
		return nil, err
	}
	root, err := os.OpenRoot(folder)
	if err != nil {
		return nil, pathless(err)
	}
	data, err := readWhole(root, admissionFile, maxAdmission)
	if err := errors.Join(err, root.Close()); err != nil {
		return nil, err
	}
	if err := json.Unmarshal(data, &a); err != nil {
		return nil, fmt.Errorf("%s: %w", admissionFile, err)
	}
	if a == nil || a.Digest != digest {
		return nil, fmt.Errorf("%s is not of this deposit", admissionFile)
	}
	return a, nil
}
