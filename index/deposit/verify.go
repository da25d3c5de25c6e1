package deposit

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"os"
	"sync/atomic"
	"time"

	"vitrine/index/seal"
)

// Verify checks a deposit, or a folder of deposits that continue each other, as
// Admit does and imports nothing.
func Verify(ctx context.Context, dir string, trust Trust, limits Limits, progress func(Step)) (*Admission, error) {
	v := &verification{ctx: ctx, trust: trust, limits: limits.orDefault(), report: reporter{progress: progress}}
	if err := errors.Join(v.run(dir), v.close()); err != nil {
		return nil, err
	}
	return v.admission, nil
}

// A verification is one run over a deposit, or over several that continue each
// other, check by check in the order of its methods: nothing is parsed whose
// origin was not established before.
type verification struct {
	ctx    context.Context
	trust  Trust
	limits Limits
	report reporter
	// stage, when set, gives the file into which a part's pack is copied
	// while the bundle is hashed; everything after is read from that copy, so
	// that a medium which changes its mind cannot matter. It gives no file
	// when nothing is to be imported.
	stage func(*part) (*os.File, error)
	// keep, when set, keeps a manifest and its signature.
	keep func(l *link, last bool) error

	sums   *sums // whose files are kept, or nil
	listed int   // files that the admission lists

	links     []*link // oldest first, once they are in order
	documents map[*link][][]byte
	admission *Admission
	sources   []*verified
	// signatures is what was found of the vendor's, of tags and commits.
	signatures signatureTable
	problems   problems
	counts     Counts
}

// A verified source is what was found in the bundles of one name: one in the
// deposit that has it first, and one in each that continues it.
type verified struct {
	name  string
	parts []*part
	graph *graph
	// broken says that not all objects of a part could be read, so that what
	// leads to them cannot be judged.
	broken bool
	sought int // how many paths were sought for sentences
	paths  *pathFinder
	last   ID // tree of the release looked at last; zero before the first
}

// A part is one bundle of a source.
type part struct {
	link   *link
	source *Source
	place  int      // among all parts, from 1
	number uint16   // among the source's parts, and of its pack in the graph
	file   *os.File // the bundle in the deposit
	staged *os.File // the copy of its pack, or nil
	header bundle
	pack   *pack
	reader *chainReader
}

// in names the bundle in front of an error.
func (p *part) in(err error) error { return p.link.in(inFile(p.source.Bundle, err)) }

func (v *verification) run(dir string) error {
	var err error
	if v.links, err = openLinks(dir); err != nil {
		return v.refuse(err)
	}
	return v.runLinks()
}

// refuse ends the verification with an error after which nothing can be looked
// at any more.
func (v *verification) refuse(err error) error {
	if err := v.problems.add(0, 0, err); err != nil {
		return err
	}
	return v.refusal()
}

func (v *verification) runLinks() error {
	v.report.problems = v.problems.count
	if err := v.identifyLinks(); err != nil {
		return v.refuse(err)
	}
	for i, l := range v.links {
		if v.keep != nil {
			if err := v.keep(l, i+1 == len(v.links)); err != nil {
				return v.refuse(&ownFailure{fmt.Errorf("preparing the import: %w", err)})
			}
		}
		l.raw = nil // a hundred bytes for each object
	}
	if err := v.checkDocuments(); err != nil {
		return err
	}
	place := 0
	for _, l := range v.links {
		for i := range l.manifest.Sources {
			place++
			p := v.part(l, &l.manifest.Sources[i])
			p.place = place
			s := v.source(p.source.Name)
			if s.broken {
				continue
			}
			err := v.checkPart(s, p)
			if err == nil {
				continue
			}
			if err := v.fault(p, -1, err); err != nil {
				return err
			}
			if causeOf(err) == CauseLimit {
				return v.refusal() // to go on would cost what the limit is for
			}
			v.giveUp(s)
		}
	}
	if err := v.checkTrees(); err != nil {
		return err
	}
	v.warnOfSignatures()
	if n := v.admission.unsaid; n > 0 {
		v.admission.Warnings = append(v.admission.Warnings, fmt.Sprintf("%d more warnings are not listed", n))
	}
	v.admission.Counts = v.counts
	return v.refusal()
}

// giveUp lets go of a source that cannot be judged to its end.
func (v *verification) giveUp(s *verified) {
	v.limits.MaxNames -= s.graph.edges.Load()
	s.broken, s.graph = true, newGraph(true)
	for _, p := range s.parts {
		p.pack, p.reader = nil, nil
	}
}

// fault enters a problem of a bundle, at an object's offset or -1.
func (v *verification) fault(p *part, at int64, err error) error {
	if err == nil {
		return nil
	}
	return v.problems.add(p.place, at, p.in(err))
}

// identify establishes who says so and in which order, and what the folders hold.
func (v *verification) identify(dir string) (err error) {
	if v.links, err = openLinks(dir); err != nil {
		return err
	}
	return v.identifyLinks()
}

func (v *verification) identifyLinks() error {
	var done, total atomic.Int64
	total.Store(int64(len(v.links)))
	err := v.report.run(StepSignature, "manifest", &done, &total, func() error {
		for _, l := range v.links {
			if err := l.checkSignature(v.trust); err != nil {
				return l.in(err)
			}
			done.Add(1)
		}
		err := establish(v.links)
		if err != nil {
			return err
		}
		chain, err := inOrder(v.links)
		if err == nil {
			v.links = chain
		}
		return err
	})
	if err != nil {
		return err
	}
	for _, l := range v.links {
		if err := l.checkFolder(); err != nil {
			return l.in(err)
		}
	}
	v.admission = newAdmission(v.links)
	v.admission.Verifier, v.admission.Trusted = verifier, v.trust.identity(v.limits)
	v.admission.Verified = time.Now().UTC().Format(time.RFC3339)
	v.counts.Deposits = int64(len(v.links))
	return nil
}

// newAdmission begins an admission with what the manifests say.
func newAdmission(links []*link) *Admission {
	last := links[len(links)-1]
	a := &Admission{
		Digest: last.digest, Title: last.manifest.Title, Vendor: last.manifest.Vendor, Sealed: last.manifest.Sealed,
		Signer: last.signer, Fingerprint: last.fingerprint, Pinned: last.pinned,
	}
	for _, l := range links {
		a.Links = append(a.Links, AdmittedLink{
			Digest: l.digest, Sealed: l.manifest.Sealed, Signer: l.signer, Fingerprint: l.fingerprint, Pinned: l.pinned,
		})
		if !l.vouched() {
			a.warn(fmt.Sprintf("the deposit sealed at %s is signed by %s, which is not trusted today (%v); it is accepted because the deposit that continues it names it",
				l.manifest.Sealed, l.fingerprint, l.doubt))
		} else if errors.Is(l.doubt, seal.ErrRevoked) {
			a.warn(fmt.Sprintf("the deposit sealed at %s is signed by the key %s, which is revoked; it is accepted because its digest is pinned",
				l.manifest.Sealed, l.fingerprint))
		}
	}
	return a
}

// checkDocuments reads the files of the deposits that are no source.
func (v *verification) checkDocuments() error {
	v.documents = map[*link][][]byte{}
	left := int64(maxDocumentBytes)
	for _, l := range v.links {
		for _, d := range l.manifest.Documents {
			if left -= d.Size; left < 0 {
				return v.problems.add(0, 0, l.in(inFile(d.Name, overLimit("the documents have more than %d bytes together", maxDocumentBytes))))
			}
			data, err := l.checkDocument(d)
			if err := v.problems.add(0, 0, l.in(err)); err != nil {
				return err
			}
			v.documents[l] = append(v.documents[l], data)
		}
	}
	return v.problems.add(0, 0, v.checkReleasesNamed())
}

// checkReleasesNamed refuses artifacts and documents of releases that no
// deposit of the chain has.
func (v *verification) checkReleasesNamed() error {
	has := map[string]bool{}
	for _, l := range v.links {
		for _, r := range l.manifest.Releases() {
			has[r.Name] = true
		}
		for _, a := range l.manifest.Artifacts {
			if !has[a.Release] {
				return l.in(inFile(ManifestFile, fmt.Errorf("the artifact %q is of the release %q, which is not deposited", a.Name, a.Release)))
			}
		}
		for _, d := range l.manifest.Documents {
			if !has[d.Release] {
				return l.in(inFile(ManifestFile, fmt.Errorf("the document %q is of the release %q, which is not deposited", d.Name, d.Release)))
			}
		}
	}
	return nil
}

func (v *verification) close() error {
	errs := []error{closeLinks(v.links)}
	for _, s := range v.sources {
		for _, p := range s.parts {
			for _, f := range []*os.File{p.file, p.staged} {
				if f != nil {
					errs = append(errs, f.Close())
				}
			}
		}
	}
	return errors.Join(errs...)
}

// part adds a bundle to the source of its name, which may be a new one.
func (v *verification) part(l *link, source *Source) *part {
	s := v.source(source.Name)
	if s == nil {
		s = &verified{name: source.Name, graph: newGraph(true)}
		v.sources = append(v.sources, s)
	}
	may := v.limits.MaxNames
	for _, other := range v.sources {
		if other != s {
			may -= other.graph.edges.Load()
		}
	}
	s.graph.mayName.Store(max(may, 1)) // 0 is no limit
	p := &part{link: l, source: source, number: uint16(len(s.parts))}
	s.parts = append(s.parts, p)
	return p
}

func (v *verification) source(name string) *verified {
	for _, s := range v.sources {
		if s.name == name {
			return s
		}
	}
	return nil
}

// object reads an object of a source from the pack that has it.
func (s *verified) object(id ID) (kind, []byte, error) {
	n := s.graph.lookup(id)
	if n == nil {
		return 0, nil, errors.New("no bundle of the source holds it")
	}
	p := s.parts[n.pack]
	return p.reader.at(p.pack.entries[n.entry].offset)
}

func (v *verification) checkPart(s *verified, p *part) error {
	var done, total atomic.Int64
	total.Store(p.source.Size)
	var pack io.ReaderAt
	var size int64
	err := v.report.run(StepBundle, p.source.Bundle, &done, &total, func() (err error) {
		pack, size, err = v.checkBundle(p, &done)
		return err
	})
	if err != nil {
		return err
	}
	for _, id := range p.source.Shallow {
		s.graph.cut[id] = true
	}
	if n := len(p.source.Shallow); n > 0 {
		v.admission.warn(fmt.Sprintf("the history of source %s is cut off at %d commits: what was before them is not part of the deposit", s.name, n))
	}
	var scanned, resolved, count atomic.Int64
	if n, err := packCount(pack, size, v.limits); err != nil {
		return err
	} else {
		count.Store(n)
	}
	err = v.report.run(StepObjects, "reading", &scanned, &count, func() (err error) {
		p.pack, err = scanPack(v.ctx, pack, size, v.limits, &scanned)
		return err
	})
	if err != nil {
		return err
	}
	var inflated int64
	for i := range p.pack.entries {
		inflated += p.pack.entries[i].result
	}
	// The limits are for the deposit: the next source has what is left.
	v.limits.MaxObjects -= int64(len(p.pack.entries))
	v.limits.MaxInflated -= inflated
	s.graph.most.Add(int64(len(p.pack.entries)))
	if len(s.parts) == 1 {
		s.graph.most.Add(namedBeyond)
	}
	err = v.report.run(StepObjects, "checking", &resolved, &count, func() error {
		err := p.pack.resolve(v.ctx, &resolved, func(w *worker, i int32, id ID, k kind, data []byte) error {
			at, isNew, err := s.graph.add(w, p.number, i, id, k, data)
			if isNew {
				v.noteSignature(s.graph, at, k, data)
			}
			switch {
			case err != nil || isNew:
			case s.graph.packOf(id) != p.number:
				err = about(k, id, fmt.Errorf("%s %s is in an earlier bundle of the source already", k, id))
			default:
				err = about(k, id, fmt.Errorf("%s %s is in the pack twice", k, id))
			}
			if causeOf(err) == CauseLimit {
				return err // to go on would cost what the limit is for
			}
			return v.fault(p, p.pack.entries[i].offset, err)
		})
		if err != nil {
			return err
		}
		p.reader = newChainReader(pack, packLayout{p.pack, s.graph, p.number}, v.limits)
		p.reader.mayWork = chainWork*inflated + chainWorkAllowance
		s.paths = newPathFinder(s) // there is more now to be found
		v.count(s, p)
		if err := v.checkObjects(s, p); err != nil {
			return err
		}
		return v.countSignatures(s.graph, p.number)
	})
	if err != nil {
		return err
	}
	v.admission.Sources = append(v.admission.Sources, AdmittedSource{
		Name: p.source.Name, Bundle: p.source.Bundle, SHA256: p.source.SHA256, Size: p.source.Size, Deposit: p.link.digest,
	})
	return nil
}

// count enters what a resolved pack holds.
func (v *verification) count(s *verified, p *part) {
	c := &v.counts
	for i := range p.pack.entries {
		e := &p.pack.entries[i]
		c.Inflated += e.result
		if !e.kind.isObject() {
			c.Deltas++
		}
	}
	for n := range s.graph.all() {
		if n.pack != p.number {
			continue
		}
		switch n.kind {
		case kindCommit:
			c.Commits++
		case kindTree:
			c.Trees++
		case kindBlob:
			c.Blobs++
		case kindTag:
			c.Tags++
		}
	}
}

// checkBundle compares size and digest of a bundle, copies its pack when the
// verification has a stage, and then reads the bundle's header.
func (v *verification) checkBundle(p *part, done *atomic.Int64) (io.ReaderAt, int64, error) {
	file, size, err := openRegular(p.link.root, p.source.Bundle)
	if err != nil {
		return nil, 0, err
	}
	p.file = file // closed with the verification
	if size != p.source.Size {
		return nil, 0, because(CauseCopy, fmt.Errorf("it has %d bytes, the manifest says %d", size, p.source.Size))
	}
	header, err := splitBundle(file, size, maxBundleHeader)
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
		if staged, err = v.stage(p); err != nil {
			return nil, 0, &ownFailure{err}
		}
	}
	if staged != nil {
		p.staged, out = staged, io.MultiWriter(sum, ownWriter{staged}, countWriter{done})
	}
	if _, err := io.Copy(out, &ctxReader{v.ctx, io.NewSectionReader(file, at, length)}); err != nil {
		return nil, 0, fmt.Errorf("reading the bundle: %w", err)
	}
	if got := Digest(sum.Sum(nil)); got != p.source.SHA256 {
		return nil, 0, because(CauseCopy, fmt.Errorf("its SHA-256 is %s, the manifest says %s", got, p.source.SHA256))
	}
	v.counts.Bundles++
	v.counts.Bytes += size
	if p.header, err = parseBundleHeader(header); err != nil {
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
