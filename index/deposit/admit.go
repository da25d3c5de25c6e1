package deposit

import (
	"bytes"
	"context"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
)

// Admit verifies a deposit and imports it into the workspace folder, which it
// creates. The order is: signature (its one encoding, then its key) – manifest
// – the folder's files are those the manifest names – digest and size of each
// bundle – every object – the manifest against them – refs, connectivity and
// paths of the releases – import. The deposit is read once, each bundle into a
// private copy which is what is verified, and never written to. On failure
// the error is one sentence that names what is wrong and where, and the
// workspace is as before. A deposit that the workspace holds already is
// verified again and not imported again.
func Admit(ctx context.Context, dir, workspace string, trust Trust, limits Limits, progress func(Step)) (*Admission, error) {
	if err := os.MkdirAll(workspace, 0o700); err != nil {
		return nil, fmt.Errorf("making the workspace: %w", err)
	}
	stage, err := newStage(workspace, admitPrefix)
	if err != nil {
		return nil, fmt.Errorf("preparing the import: %w", err)
	}
	admission, err := admit(ctx, dir, workspace, stage.path, trust, limits, progress)
	if err := errors.Join(err, stage.remove()); err != nil {
		return nil, err
	}
	return admission, nil
}

func admit(ctx context.Context, dir, workspace, stage string, trust Trust, limits Limits, progress func(Step)) (*Admission, error) {
	v := &verification{ctx: ctx, trust: trust, limits: limits.orDefault(), report: reporter{progress}}
	v.stage = func(s *Source) (*os.File, error) {
		if _, err := os.Lstat(filepath.Join(workspace, v.admission.Digest.String())); err == nil {
			return nil, nil // imported before
		}
		path := filepath.Join(stage, filepath.FromSlash(packDir(s.Name)), "incoming")
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			return nil, fmt.Errorf("preparing the import: %w", err)
		}
		f, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_RDWR, 0o600)
		if err != nil {
			return nil, fmt.Errorf("preparing the import: %w", err)
		}
		return f, nil
	}
	err := v.run(dir)
	if err == nil {
		var done, total atomic.Int64
		total.Store(int64(len(v.sources)))
		err = v.report.run(StepImport, "sources", &done, &total, func() error {
			return v.importInto(workspace, stage, &done)
		})
		if err != nil {
			err = fmt.Errorf("importing: %w", err)
		}
	}
	if err := errors.Join(err, v.close()); err != nil {
		return nil, err
	}
	return v.admission, nil
}

// importInto completes the stage and gives it its name.
func (v *verification) importInto(workspace, stage string, done *atomic.Int64) error {
	final := filepath.Join(workspace, v.admission.Digest.String())
	if there, err := v.already(workspace, final); there || err != nil {
		return err
	}
	for _, s := range v.sources {
		if err := s.finish(stage); err != nil {
			return fmt.Errorf("%s: %w", s.source.Bundle, err)
		}
		done.Add(1)
	}
	certificate, err := json.MarshalIndent(v.admission, "", "  ")
	if err != nil {
		return err
	}
	for _, f := range []struct {
		name string
		data []byte
	}{{ManifestFile, v.raw}, {SignatureFile, v.signature}, {admissionFile, append(certificate, '\n')}} {
		if err := createBytes(filepath.Join(stage, f.name), f.data, 0o600); err != nil {
			return err
		}
	}
	if err := syncTree(stage); err != nil {
		return err
	}
	if err := v.ctx.Err(); err != nil {
		return err
	}
	if err := os.Rename(stage, final); err != nil {
		// Another admission of the same deposit may have been first.
		if there, check := v.already(workspace, final); there || check != nil {
			return check
		}
		return err
	}
	return syncDir(workspace)
}

// already reports whether the workspace holds the deposit, and notes it.
func (v *verification) already(workspace, final string) (bool, error) {
	if _, err := os.Lstat(final); errors.Is(err, fs.ErrNotExist) {
		return false, nil
	} else if err != nil {
		return false, err
	}
	d, err := Open(workspace, v.admission.Digest)
	if err != nil {
		return false, fmt.Errorf("an earlier import is damaged (remove %s): %w", final, err)
	}
	v.admission.Already = true
	return true, d.Close()
}

// finish makes a bare repository around a source's staged pack, as git and
// go-git expect one.
func (s *verified) finish(stage string) error {
	if s.staged == nil {
		return errors.New("the earlier import disappeared meanwhile; try again")
	}
	if err := s.staged.Sync(); err != nil {
		return err
	}
	dir := filepath.Join(stage, filepath.FromSlash(gitDir(s.source.Name)))
	if err := os.MkdirAll(filepath.Join(dir, "refs"), 0o700); err != nil {
		return err
	}
	for name, text := range map[string]string{
		"HEAD":        "ref: " + mainRef + "\n",
		"config":      "[core]\n\trepositoryformatversion = 0\n\tfilemode = true\n\tbare = true\n",
		"packed-refs": packedRefs(s.refs),
	} {
		if err := createBytes(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			return err
		}
	}
	lines := make([]indexed, 0, len(s.pack.entries))
	err := s.graph.each(func(n *node) error {
		e := &s.pack.entries[n.entry]
		lines = append(lines, indexed{n.id, e.crc, e.offset})
		return nil
	})
	if err != nil {
		return err
	}
	// git and go-git want a pack to be named after its trailer.
	name := filepath.Join(stage, filepath.FromSlash(packDir(s.source.Name)), "pack-"+hex.EncodeToString(s.pack.trailer[:]))
	if err := os.Rename(s.staged.Name(), name+".pack"); err != nil {
		return err
	}
	return createFile(name+".idx", 0o600, func(w io.Writer) error { return writeIndex(w, lines, s.pack.trailer) })
}

// packedRefs writes refs as git keeps many of them in one file.
func packedRefs(refs []ref) string {
	sorted := slices.DeleteFunc(slices.Clone(refs), func(r ref) bool { return r.name == headRef })
	slices.SortFunc(sorted, func(a, b ref) int { return strings.Compare(a.name, b.name) })
	var b bytes.Buffer
	for _, r := range sorted {
		fmt.Fprintf(&b, "%s %s\n", r.id, r.name)
	}
	return b.String()
}
