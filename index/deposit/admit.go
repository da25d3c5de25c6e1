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
	"maps"
	"os"
	"path/filepath"
	"slices"
	"sync/atomic"
)

// Admit verifies a deposit, or a folder of deposits that continue each other,
// and imports it into the workspace folder, which it creates. The order is:
// signatures (their one encoding, then their keys) – manifests – the chain –
// the folders' files are those the manifests name – digest and size of each
// bundle – every object – the manifests against them – refs, connectivity and
// paths of the releases – import. The deposit is read once, each bundle into a
// private copy which is what is verified, and never written to; when the
// workspace holds it already, no copy is made. On failure
// the error is a *Refusal, which lists what is wrong and where, or says what
// this machine could not do, and the workspace is as before. A deposit that the workspace holds already is
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
	v := &verification{ctx: ctx, trust: trust, limits: limits.orDefault(), report: reporter{progress: progress}}
	v.stage = func(p *part) (*os.File, error) {
		if _, err := os.Lstat(filepath.Join(workspace, v.admission.Digest.String())); err == nil {
			return nil, nil // imported before
		}
		path := filepath.Join(stage, filepath.FromSlash(packDir(p.source.Name)), fmt.Sprintf("incoming-%d", p.number))
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			return nil, fmt.Errorf("preparing the import: %w", err)
		}
		f, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_RDWR, 0o600)
		if err != nil {
			return nil, fmt.Errorf("preparing the import: %w", err)
		}
		return f, nil
	}
	v.keep = func(l *link, last bool) error { return l.keepManifest(stage, last) }
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
			return fmt.Errorf("source %s: %w", s.name, err)
		}
		done.Add(1)
	}
	if err := v.certify(stage); err != nil {
		return err
	}
	for _, l := range v.links {
		if err := v.keepDocuments(stage, l); err != nil {
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
	if _, err := d.Blobs(v.ctx); err != nil { // reads every tree of it
		err = errors.Join(err, d.Close())
		if v.ctx.Err() != nil {
			return false, err
		}
		return false, fmt.Errorf("an earlier import is damaged (remove %s): %w", final, err)
	}
	v.admission.Already = true
	// What was found now is what Reopen is to give.
	return true, errors.Join(d.Close(), v.certify(final))
}

// certify writes the admission into a folder of the workspace.
func (v *verification) certify(dir string) error {
	certificate, err := json.MarshalIndent(v.admission, "", "  ")
	if err != nil {
		return err
	}
	f, err := os.CreateTemp(dir, admissionFile+".new-*")
	if err != nil {
		return err
	}
	_, err = f.Write(append(certificate, '\n'))
	if err == nil {
		err = f.Sync()
	}
	if err := errors.Join(err, f.Close()); err != nil {
		return errors.Join(err, os.Remove(f.Name()))
	}
	if err := os.Rename(f.Name(), filepath.Join(dir, admissionFile)); err != nil {
		return err
	}
	return syncDir(dir)
}

// keepManifest writes the manifest that was checked, and its signature, into a
// workspace's stage.
func (l *link) keepManifest(stage string, last bool) error {
	manifest, signature := linkFiles(l.digest, last)
	return keepFiles(stage, map[string][]byte{manifest: l.raw, signature: l.signature})
}

func (v *verification) keepDocuments(stage string, l *link) error {
	files := map[string][]byte{}
	for i, d := range l.manifest.Documents {
		files[documentFile(l.digest, d.Name)] = v.documents[l][i]
	}
	return keepFiles(stage, files)
}

func keepFiles(stage string, files map[string][]byte) error {
	for name, data := range files {
		path := filepath.Join(stage, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			return err
		}
		if err := createBytes(path, data, 0o600); err != nil {
			return err
		}
	}
	return nil
}

// finish makes a bare repository around a source's staged packs, as git and
// go-git expect one.
func (s *verified) finish(stage string) error {
	dir := filepath.Join(stage, filepath.FromSlash(gitDir(s.name)))
	if err := os.MkdirAll(filepath.Join(dir, "refs"), 0o700); err != nil {
		return err
	}
	refs := map[string]ID{}
	for _, p := range s.parts {
		for _, r := range p.header.refs {
			refs[r.name] = r.id // main goes on to the last
		}
		if err := s.finishPart(stage, p); err != nil {
			return err
		}
	}
	files := map[string]string{
		"HEAD":        "ref: " + mainRef + "\n",
		"config":      "[core]\n\trepositoryformatversion = 0\n\tfilemode = true\n\tbare = true\n",
		"packed-refs": packedRefs(refs),
	}
	if len(s.graph.cut) > 0 {
		files[shallowFile] = cutLines(s.graph.cut) // or git would miss the parents
	}
	for name, text := range files {
		if err := createBytes(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			return err
		}
	}
	return nil
}

// finishPart gives a staged pack its name and writes its index.
func (s *verified) finishPart(stage string, p *part) error {
	if p.staged == nil {
		return errors.New("the earlier import disappeared meanwhile; try again")
	}
	if len(p.pack.entries) == 0 {
		return os.Remove(p.staged.Name()) // one release more of a commit that was there
	}
	if err := p.staged.Sync(); err != nil {
		return err
	}
	lines := make([]indexed, 0, len(p.pack.entries))
	err := s.graph.each(func(n *node) error {
		if n.pack == p.number {
			e := &p.pack.entries[n.entry]
			lines = append(lines, indexed{n.id, e.crc, e.offset})
		}
		return nil
	})
	if err != nil {
		return err
	}
	// git and go-git want a pack to be named after its trailer.
	name := filepath.Join(stage, filepath.FromSlash(packDir(s.name)), "pack-"+hex.EncodeToString(p.pack.trailer[:]))
	if err := os.Rename(p.staged.Name(), name+".pack"); err != nil {
		return err
	}
	return createFile(name+".idx", 0o600, func(w io.Writer) error { return writeIndex(w, lines, p.pack.trailer) })
}

// packedRefs writes refs as git keeps many of them in one file.
func packedRefs(refs map[string]ID) string {
	var b bytes.Buffer
	for _, name := range slices.Sorted(maps.Keys(refs)) {
		if name != headRef {
			fmt.Fprintf(&b, "%s %s\n", refs[name], name)
		}
	}
	return b.String()
}
