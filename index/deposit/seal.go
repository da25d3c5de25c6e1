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
	"strings"
	"sync/atomic"
	"time"

	"golang.org/x/crypto/ssh"

	"vitrine/index/seal"
)

// SealOptions say what to seal and as what.
type SealOptions struct {
	// Repo is a working tree with a .git folder, or a bare repository. It is
	// only read.
	Repo string
	// Name names the source; "" takes it from Repo's last element.
	Name string
	// Releases are tags, oldest first.
	Releases []string
	Title    string
	Vendor   string
	// Sealed is the time the manifest states, to the second. Sealing the same
	// repository twice with one Sealed gives the same bytes (and the same
	// signature, with an ed25519 or RSA key).
	Sealed time.Time
	Signer ssh.Signer
	// Out is the folder to make; it must not exist.
	Out string
}

// Seal makes a deposit of some releases of a repository and all that they lead
// to, history included. It needs no git program. What it wrote is verified
// before the folder gets its name, so that what an admission would refuse is
// refused here; on failure nothing is left behind, and what a seal that was
// killed left beside Out is removed by the next one there. The steps it reports are
// its own ("objects", "bundle") and then those of the verification.
func Seal(ctx context.Context, o SealOptions, progress func(Step)) (*Manifest, error) {
	if err := o.check(); err != nil {
		return nil, err
	}
	repo, err := openRepository(o.Repo, DefaultLimits())
	if err != nil {
		return nil, err
	}
	m, err := o.seal(ctx, repo, reporter{progress})
	if err := errors.Join(err, repo.close()); err != nil {
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
	if len(o.Releases) == 0 {
		return errors.New("no releases to seal")
	}
	if _, err := os.Lstat(o.Out); err == nil {
		return fmt.Errorf("%s exists; choose another folder for the deposit", o.Out)
	} else if !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	for i, name := range o.Releases {
		if err := checkReleaseName(name); err != nil {
			return err
		}
		if slices.Contains(o.Releases[:i], name) {
			return fmt.Errorf("release %q twice", name)
		}
	}
	if err := checkText("title", o.Title); err != nil {
		return err
	}
	if err := checkText("vendor", o.Vendor); err != nil {
		return err
	}
	if o.Name == "" {
		name, err := sourceName(o.Repo)
		if err != nil {
			return err
		}
		o.Name = name
	}
	return checkSourceName(o.Name)
}

// sourceName makes a source's name of a repository's folder.
func sourceName(repo string) (string, error) {
	abs, err := filepath.Abs(repo)
	if err != nil {
		return "", err
	}
	base := strings.ToLower(strings.TrimSuffix(filepath.Base(abs), ".git"))
	name := strings.Map(func(r rune) rune {
		if 'a' <= r && r <= 'z' || '0' <= r && r <= '9' || strings.ContainsRune("._-", r) {
			return r
		}
		return '-'
	}, base)
	name = strings.TrimLeft(name, "._-")
	if name == "" {
		name = "source"
	}
	return name[:min(len(name), 64)], nil
}

func (o *SealOptions) seal(ctx context.Context, repo *repository, report reporter) (*Manifest, error) {
	var done, total atomic.Int64
	err := report.run(StepObjects, "reading the repository", &done, &total, func() error {
		return repo.load(ctx, &done, &total)
	})
	if err != nil {
		return nil, fmt.Errorf("repository %s: %w", o.Repo, err)
	}
	source, refs, nodes, err := o.choose(repo)
	if err != nil {
		return nil, fmt.Errorf("repository %s: %w", o.Repo, err)
	}
	out, err := filepath.Abs(o.Out)
	if err != nil {
		return nil, err
	}
	stage, err := newStage(filepath.Dir(out), sealPrefix)
	if err != nil {
		return nil, fmt.Errorf("preparing the deposit: %w", err)
	}
	m, err := o.write(ctx, repo, stage.path, source, refs, nodes, report)
	if err == nil {
		err = publish(stage.path, out)
	}
	if err := errors.Join(err, stage.remove()); err != nil {
		return nil, err
	}
	return m, nil
}

// choose finds what the releases lead to.
func (o *SealOptions) choose(repo *repository) (*Source, []ref, []*node, error) {
	s := &Source{Name: o.Name, Bundle: o.Name + ".bundle"}
	var tags []ref
	for _, name := range o.Releases {
		id, err := repo.tag(name)
		if err != nil {
			return nil, nil, nil, err
		}
		commit, tree, err := repo.graph.peel(id)
		if err != nil {
			return nil, nil, nil, fmt.Errorf("release %s: %w", name, err)
		}
		if err := repo.reach(repo.graph.lookup(id), tree); err != nil {
			return nil, nil, nil, fmt.Errorf("release %s: %w", name, err)
		}
		s.Releases = append(s.Releases, Release{Name: name, Commit: commit.id, Tree: tree.id})
		tags = append(tags, ref{tagPrefix + name, id})
	}
	head := s.Releases[len(s.Releases)-1].Commit
	refs := append([]ref{{headRef, head}, {mainRef, head}}, tags...)
	var nodes []*node
	err := repo.graph.each(func(n *node) error {
		if !n.reached {
			return nil
		}
		nodes = append(nodes, n)
		if n.kind == kindBlob || n.kind == kindTree {
			s.Objects = append(s.Objects, Object{Git: n.id, Kind: n.kind.String(), SHA256: n.sum, Size: n.size})
		}
		return nil
	})
	slices.SortFunc(s.Objects, func(a, b Object) int { return bytes.Compare(a.Git[:], b.Git[:]) })
	return s, refs, nodes, err
}

// write fills the stage and verifies it.
func (o *SealOptions) write(ctx context.Context, repo *repository, stage string, s *Source, refs []ref, nodes []*node, report reporter) (*Manifest, error) {
	var done, total atomic.Int64
	total.Store(int64(len(nodes)))
	err := report.run(StepBundle, "writing", &done, &total, func() error {
		return createFile(filepath.Join(stage, s.Bundle), 0o644, func(w io.Writer) (err error) {
			s.Size, s.SHA256, err = writeBundle(ctx, w, repo, bundle{refs: refs}.encode(), nodes, &done)
			return err
		})
	})
	if err != nil {
		return nil, fmt.Errorf("writing %s: %w", s.Bundle, err)
	}
	m := &Manifest{
		Format: format, Version: formatVersion, Title: o.Title, Vendor: o.Vendor,
		Sealed: o.Sealed.UTC().Format(time.RFC3339), Sources: []Source{*s},
	}
	data, err := m.encode()
	if err != nil {
		return nil, err
	}
	sig, err := seal.Sign(bytes.NewReader(data), o.Signer, Namespace)
	if err != nil {
		return nil, fmt.Errorf("signing: %w", err)
	}
	if err := createBytes(filepath.Join(stage, ManifestFile), data, 0o644); err != nil {
		return nil, err
	}
	if err := createBytes(filepath.Join(stage, SignatureFile), sig, 0o644); err != nil {
		return nil, err
	}
	own := Trust{Pinned: []Digest{sha256.Sum256(data)}, At: o.Sealed}
	if _, err := Verify(ctx, stage, own, repo.limits, report.progress); err != nil {
		return nil, fmt.Errorf("what was sealed would not be admitted: %w", err)
	}
	return m, nil
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
