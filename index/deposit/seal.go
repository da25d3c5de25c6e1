package deposit

import (
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"sync/atomic"
	"time"

	"golang.org/x/crypto/ssh"

	"vitrine/index/seal"
)

// SealOptions say what to seal and as what.
type SealOptions struct {
	// Inputs become the sources, in this order.
	Inputs []Input
	// Since is "" or the deposit that this one continues: its folder or, when it
	// continues others itself, the folder in which they all lie. Only what is
	// new since is sealed then.
	Since  string
	Title  string
	Vendor string
	// Artifacts are what is shipped of these releases.
	Artifacts []Artifact
	// Documents are bills of materials, which are copied.
	Documents []DocumentInput
	// Sealed is the time the manifest states, to the second. Sealing the same
	// inputs twice with one Sealed gives the same bytes (and the same
	// signature, with an ed25519 or RSA key).
	Sealed time.Time
	Signer ssh.Signer
	// Out is the folder to make; it must not exist.
	Out string
	// Found, when set, is called with what the verification of the deposit
	// found, before the deposit gets its name.
	Found func(*Admission)
}

// Seal makes a deposit of some releases and all that they lead to, history
// included where the inputs have one. It needs no git program. What it wrote is verified,
// together with what it continues, before the folder gets its name, so that what
// an admission would refuse is refused here; on failure nothing is left behind,
// and what a seal that was killed left beside Out is removed by the next one
// there. The steps it reports are its own ("objects", "bundle") and then those
// of the verification.
func Seal(ctx context.Context, o SealOptions, progress func(Step)) (*Manifest, error) {
	o.Inputs = slices.Clone(o.Inputs)
	if err := o.check(); err != nil {
		return nil, err
	}
	before, err := readBefore(o.Since)
	if err != nil {
		return nil, err
	}
	m, err := sealOnto(ctx, &o, before, progress)
	if err := errors.Join(err, before.close()); err != nil {
		return nil, err
	}
	return m, nil
}

func sealOnto(ctx context.Context, o *SealOptions, before *before, progress func(Step)) (*Manifest, error) {
	out, err := filepath.Abs(o.Out)
	if err != nil {
		return nil, err
	}
	stage, err := newStage(filepath.Dir(out), sealPrefix)
	if err != nil {
		return nil, fmt.Errorf("preparing the deposit: %w", err)
	}
	s := &sealing{ctx: ctx, options: o, report: reporter{progress: progress}, stage: stage.path, before: before}
	m, err := s.run()
	if err == nil {
		err = publish(stage.path, out)
	}
	if err := errors.Join(err, stage.remove()); err != nil {
		return nil, err
	}
	return m, nil
}

func (o *SealOptions) check() error {
	if o.Signer == nil {
		return errors.New("no key to sign with")
	}
	if o.Sealed.IsZero() {
		return errors.New("no time of sealing")
	}
	if _, err := os.Lstat(o.Out); err == nil {
		return fmt.Errorf("%s exists; choose another folder for the deposit", o.Out)
	} else if !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	if err := checkText("title", o.Title); err != nil {
		return err
	}
	if err := checkText("vendor", o.Vendor); err != nil {
		return err
	}
	return checkInputs(o.Inputs)
}

// A sealing is one run of Seal.
type sealing struct {
	ctx     context.Context
	options *SealOptions
	report  reporter
	stage   string  // the folder that becomes the deposit
	before  *before // what the deposit continues, or nil
}

func (s *sealing) run() (*Manifest, error) {
	o := s.options
	m := &Manifest{
		Format: format, Version: formatVersion, Title: o.Title, Vendor: o.Vendor,
		Sealed: o.Sealed.UTC().Format(time.RFC3339), Artifacts: o.Artifacts,
	}
	if s.before != nil {
		m.Predecessor = s.before.digest.String()
	}
	for i := range o.Inputs {
		source, err := s.source(&o.Inputs[i])
		if err != nil {
			return nil, fmt.Errorf("%s: %w", o.Inputs[i].what(), err)
		}
		m.Sources = append(m.Sources, *source)
	}
	for _, d := range o.Documents {
		document, err := d.copyTo(s.stage)
		if err != nil {
			return nil, err
		}
		m.Documents = append(m.Documents, document)
	}
	data, err := m.encode()
	if err != nil {
		return nil, err
	}
	sig, err := seal.Sign(bytes.NewReader(data), o.Signer, Namespace)
	if err != nil {
		return nil, fmt.Errorf("signing: %w", err)
	}
	if err := createBytes(filepath.Join(s.stage, ManifestFile), data, 0o644); err != nil {
		return nil, err
	}
	if err := createBytes(filepath.Join(s.stage, SignatureFile), sig, 0o644); err != nil {
		return nil, err
	}
	if err := s.verify(sha256.Sum256(data)); err != nil {
		return nil, fmt.Errorf("what was sealed would not be admitted: %w", err)
	}
	return m, nil
}

// source seals one input.
func (s *sealing) source(in *Input) (_ *Source, err error) {
	from, err := s.open(in)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, from.close()) }()
	s.before.cut(in.Name, from.all())
	var done, total atomic.Int64
	err = s.report.run(StepObjects, "reading what is sealed", &done, &total, func() error {
		return from.load(s.ctx, &done, &total)
	})
	if err != nil {
		return nil, err
	}
	source, header, nodes, err := s.choose(in, from)
	if err != nil {
		return nil, err
	}
	done.Store(0)
	total.Store(int64(len(nodes)))
	err = s.report.run(StepBundle, "writing", &done, &total, func() error {
		return createFile(filepath.Join(s.stage, source.Bundle), 0o644, func(w io.Writer) (err error) {
			source.Size, source.SHA256, err = writeBundle(s.ctx, w, from.all(), header.encode(), nodes, &done)
			return err
		})
	})
	if err != nil {
		return nil, fmt.Errorf("writing %s: %w", source.Bundle, err)
	}
	return source, nil
}

// open opens an input for reading.
func (s *sealing) open(in *Input) (origin, error) {
	switch {
	case in.Repo != "":
		return openRepository(in.Repo, DefaultLimits())
	case in.Bundle != "":
		return openBundle(in.Bundle, DefaultLimits())
	}
	return newSnapshots(s, in, DefaultLimits())
}

// choose finds what the releases of an input lead to and what of that is new.
func (s *sealing) choose(in *Input, from origin) (*Source, bundle, []*node, error) {
	source := &Source{Name: in.Name, Bundle: in.Name + ".bundle"}
	var header bundle
	all := from.all()
	if err := s.before.hold(source.Name, all); err != nil {
		return nil, header, nil, err
	}
	var tags []ref
	for _, name := range in.releases() {
		id, err := from.tag(in.tag(name))
		if err != nil {
			return nil, header, nil, err
		}
		commit, tree, err := all.graph.peel(id)
		if err != nil {
			return nil, header, nil, fmt.Errorf("release %s: %w", name, err)
		}
		if err := all.reach(all.graph.lookup(id)); err != nil {
			return nil, header, nil, fmt.Errorf("release %s: %w", name, err)
		}
		source.Releases = append(source.Releases, Release{Name: name, Commit: commit.id, Tree: tree.id})
		tags = append(tags, ref{tagPrefix + name, id})
	}
	head := source.Releases[len(source.Releases)-1].Commit
	header.refs = append([]ref{{headRef, head}, {mainRef, head}}, tags...)
	source.Shallow = cutOffs(all.graph)
	var nodes []*node
	err := all.graph.each(func(n *node) error {
		if !n.sealed() {
			return nil
		}
		nodes = append(nodes, n)
		if n.kind == kindBlob || n.kind == kindTree {
			source.Objects = append(source.Objects, Object{Git: n.id, Kind: n.kind.String(), SHA256: n.sum, Size: n.size})
		}
		return nil
	})
	if err == nil {
		header.prerequisites, err = restsOn(all.graph, header.refs, (*node).sealed)
	}
	source.Prerequisites = header.prerequisites
	slices.SortFunc(source.Objects, func(a, b Object) int { return compareIDs(a.Git, b.Git) })
	return source, header, nodes, err
}

// verify checks the stage and what it continues as an admission would.
func (s *sealing) verify(digest Digest) (err error) {
	v := &verification{
		ctx: s.ctx, trust: Trust{Pinned: []Digest{digest}, At: s.options.Sealed},
		limits: DefaultLimits(), report: s.report,
	}
	defer func() { err = errors.Join(err, v.close()) }()
	if s.before != nil {
		if v.links, err = openLinks(s.options.Since); err != nil {
			return err
		}
		if v.links[0].name == "" {
			v.links[0].name = filepath.Base(s.options.Since)
		}
	}
	root, err := os.OpenRoot(s.stage)
	if err != nil {
		return err
	}
	name := ""
	if s.before != nil {
		name = "the new deposit"
	}
	v.links = append(v.links, &link{root: root, name: name})
	if err := v.runLinks(); err != nil {
		return err
	}
	if s.options.Found != nil {
		s.options.Found(v.admission)
	}
	return nil
}

// publish gives a finished stage its name.
func publish(stage, out string) error {
	if err := os.Chmod(stage, 0o755); err != nil {
		return err
	}
	if err := syncTree(stage); err != nil {
		return err
	}
	// A rename replaces an empty folder without a word.
	if _, err := os.Lstat(out); err == nil {
		return fmt.Errorf("%s appeared meanwhile; choose another folder for the deposit", out)
	}
	if err := os.Rename(stage, out); err != nil {
		return err
	}
	return syncDir(filepath.Dir(out))
}
