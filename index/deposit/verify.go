package deposit

import (
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"sync/atomic"

	"vitrine/index/seal"
)

// Verify checks a deposit as Admit does and imports nothing.
func Verify(ctx context.Context, dir string, trust Trust, limits Limits, progress func(Step)) (*Admission, error) {
	v := &verification{ctx: ctx, trust: trust, limits: limits.orDefault(), report: reporter{progress}}
	if err := errors.Join(v.run(dir), v.close()); err != nil {
		return nil, err
	}
	return v.admission, nil
}

// A verification is one run over a deposit, check by check in the order of
// its methods: nothing is parsed whose origin was not established before.
type verification struct {
	ctx    context.Context
	trust  Trust
	limits Limits
	report reporter
	// stage, when set, gives the file into which a source's pack is copied
	// while the bundle is hashed; everything after is read from that copy, so
	// that a medium which changes its mind cannot matter. It gives no file
	// when nothing is to be imported.
	stage func(*Source) (*os.File, error)

	root      *os.Root
	raw       []byte // manifest.json
	signature []byte
	manifest  *Manifest
	admission *Admission
	sources   []*verified
}

// A verified source is what was found in a bundle.
type verified struct {
	source *Source
	file   *os.File // the bundle in the deposit
	staged *os.File // the copy of its pack, or nil
	refs   []ref
	pack   *pack
	graph  *graph
	reader *chainReader
}

func (v *verification) run(dir string) error {
	var err error
	if v.root, err = os.OpenRoot(dir); err != nil {
		return fmt.Errorf("opening the deposit: %w", err)
	}
	var done, total atomic.Int64
	total.Store(1)
	err = v.report.run(StepSignature, "manifest", &done, &total, func() error {
		defer done.Store(1)
		return v.checkSignature()
	})
	if err != nil {
		return err
	}
	if err := v.checkFolder(); err != nil {
		return err
	}
	for i := range v.manifest.Sources {
		s := &verified{source: &v.manifest.Sources[i]}
		v.sources = append(v.sources, s)
		if err := v.checkSource(s); err != nil {
			return fmt.Errorf("%s: %w", s.source.Bundle, err)
		}
	}
	return v.checkTrees()
}

func (v *verification) close() error {
	var errs []error
	if v.root != nil {
		errs = append(errs, v.root.Close())
	}
	for _, s := range v.sources {
		for _, f := range []*os.File{s.file, s.staged} {
			if f != nil {
				errs = append(errs, f.Close())
			}
		}
	}
	return errors.Join(errs...)
}

// checkSignature establishes who says so, before the manifest is parsed.
func (v *verification) checkSignature() (err error) {
	if v.raw, err = readWhole(v.root, ManifestFile, MaxManifest); err != nil {
		return err
	}
	if v.signature, err = readWhole(v.root, SignatureFile, seal.MaxSignature); err != nil {
		return err
	}
	a := &Admission{Digest: sha256.Sum256(v.raw)}
	sig, err := seal.ParseSignature(v.signature)
	if err != nil {
		return fmt.Errorf("%s: %w", SignatureFile, err)
	}
	if err := sig.Verify(bytes.NewReader(v.raw), Namespace); err != nil {
		return fmt.Errorf("%s does not fit %s: %w", SignatureFile, ManifestFile, err)
	}
	a.Fingerprint = seal.Fingerprint(sig.Key)
	a.Pinned = slices.Contains(v.trust.Pinned, a.Digest)
	err = errors.New("no keys are trusted")
	if v.trust.Signers != nil {
		a.Signer, err = v.trust.Signers.Find(sig.Key, Namespace, v.trust.At)
	}
	if err != nil {
		a.Signer = ""
		if !a.Pinned {
			return fmt.Errorf("the deposit is signed by %s, which is not trusted: %w", a.Fingerprint, err)
		}
	}
	if v.manifest, err = decodeManifest(v.raw); err != nil {
		return err
	}
	if v.manifest.Predecessor != "" {
		return fmt.Errorf("the deposit continues another (%.16s…), which is not read yet", v.manifest.Predecessor)
	}
	a.Title, a.Vendor, a.Sealed = v.manifest.Title, v.manifest.Vendor, v.manifest.Sealed
	v.admission = a
	return nil
}

// checkFolder refuses a folder that holds anything but what the manifest names.
func (v *verification) checkFolder() error {
	names := map[string]bool{ManifestFile: true, SignatureFile: true}
	for i := range v.manifest.Sources {
		names[v.manifest.Sources[i].Bundle] = true
	}
	dir, err := v.root.Open(".")
	if err != nil {
		return fmt.Errorf("listing the deposit: %w", err)
	}
	// One name more than there may be is enough to refuse.
	entries, err := dir.ReadDir(len(names) + 1)
	if err := errors.Join(ignoreEOF(err), dir.Close()); err != nil {
		return fmt.Errorf("listing the deposit: %w", err)
	}
	for _, e := range entries {
		if !names[e.Name()] {
			return fmt.Errorf("the deposit holds %q, which its manifest does not name", e.Name())
		}
		if !e.Type().IsRegular() {
			return fmt.Errorf("%s is not an ordinary file", e.Name())
		}
	}
	return nil
}

func ignoreEOF(err error) error {
	if err == io.EOF {
		return nil
	}
	return err
}

func (v *verification) checkSource(s *verified) error {
	var done, total atomic.Int64
	total.Store(s.source.Size)
	var pack io.ReaderAt
	var size int64
	err := v.report.run(StepBundle, s.source.Bundle, &done, &total, func() (err error) {
		pack, size, err = v.checkBundle(s, &done)
		return err
	})
	if err != nil {
		return err
	}
	var scanned, resolved, count atomic.Int64
	if n, err := packCount(pack, size, v.limits); err != nil {
		return err
	} else {
		count.Store(n)
	}
	err = v.report.run(StepObjects, "reading", &scanned, &count, func() (err error) {
		s.pack, err = scanPack(v.ctx, pack, size, v.limits, &scanned)
		return err
	})
	if err != nil {
		return err
	}
	s.graph = newGraph()
	err = v.report.run(StepObjects, "checking", &resolved, &count, func() error {
		err := s.pack.resolve(v.ctx, &resolved, func(w *worker, i int32, id ID, k kind, data []byte) error {
			if _, isNew, err := s.graph.add(w, 0, i, id, k, data); err != nil {
				return err
			} else if !isNew {
				return fmt.Errorf("%s %s is in the pack twice", k, id)
			}
			return nil
		})
		if err != nil {
			return err
		}
		s.reader = newChainReader(pack, packLayout{s.pack, s.graph}, v.limits)
		return v.checkObjects(s)
	})
	if err != nil {
		return err
	}
	v.admission.Sources = append(v.admission.Sources, AdmittedSource{
		Name: s.source.Name, Bundle: s.source.Bundle, SHA256: s.source.SHA256, Size: s.source.Size,
	})
	objects, inflated := int64(len(s.pack.entries)), int64(0)
	for i := range s.pack.entries {
		inflated += s.pack.entries[i].result
	}
	v.admission.Objects += objects
	v.admission.Inflated += inflated
	// The limits are for the deposit: the next source has what is left.
	v.limits.MaxObjects -= objects
	v.limits.MaxInflated -= inflated
	return nil
}

// checkBundle compares size and digest of a bundle, copies its pack when the
// verification has a stage, and then reads the bundle's header.
func (v *verification) checkBundle(s *verified, done *atomic.Int64) (io.ReaderAt, int64, error) {
	file, size, err := openRegular(v.root, s.source.Bundle)
	if err != nil {
		return nil, 0, err
	}
	s.file = file // closed with the verification
	if size != s.source.Size {
		return nil, 0, fmt.Errorf("it has %d bytes, the manifest says %d", size, s.source.Size)
	}
	header, err := splitBundle(file, size)
	if err != nil {
		return nil, 0, err
	}
	sum := sha256.New()
	sum.Write(header)
	done.Add(int64(len(header)))
	at, length := int64(len(header)), size-int64(len(header))
	out := io.MultiWriter(sum, countWriter{done})
	var staged *os.File
	if v.stage != nil {
		if staged, err = v.stage(s.source); err != nil {
			return nil, 0, err
		}
	}
	if staged != nil {
		s.staged, out = staged, io.MultiWriter(sum, staged, countWriter{done})
	}
	if _, err := io.Copy(out, &ctxReader{v.ctx, io.NewSectionReader(file, at, length)}); err != nil {
		return nil, 0, fmt.Errorf("reading the bundle: %w", err)
	}
	if got := Digest(sum.Sum(nil)); got != s.source.SHA256 {
		return nil, 0, fmt.Errorf("its SHA-256 is %s, the manifest says %s", got, s.source.SHA256)
	}
	if s.refs, err = parseBundleHeader(header); err != nil {
		return nil, 0, err
	}
	if staged != nil {
		return io.NewSectionReader(staged, 0, length), length, nil
	}
	return io.NewSectionReader(file, at, length), length, nil
}

type countWriter struct{ n *atomic.Int64 }

func (c countWriter) Write(b []byte) (int, error) {
	c.n.Add(int64(len(b)))
	return len(b), nil
}
