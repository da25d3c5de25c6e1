package room

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"sort"
	"strings"
	"time"

	"golang.org/x/crypto/ssh"

	"vitrine/app/bundle"
	"vitrine/app/journal"
	"vitrine/app/review"
	"vitrine/index/deposit"
	"vitrine/index/seal"
)

const (
	maxKeyFiles = 50       // key files looked at in ~/.ssh
	maxKeyFile  = 64 << 10 // a private key file; the largest RSA key has under 20 KiB
)

// ExportOptions are the reviewer's choices of what leaves.
type ExportOptions struct {
	Key           Key  // who signs is part of what is stated, so it comes first
	IncludeSource bool // quote the annotated lines; without it no source text leaves
}

// A Draft is exactly what would leave, byte for byte, before it is signed.
type Draft struct {
	Files    []bundle.File
	HeldBack []Held
	key      Key
	quotes   bool
	head     journal.Head
	draft    *bundle.Draft
}

// A Held is something that stays in the room.
type Held struct {
	What  string
	Count int
}

// Draft prepares what would leave now. It records nothing: nothing leaves.
func (v *Visit) Draft(ctx context.Context, opt ExportOptions) (*Draft, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	if opt.Key.public == nil {
		return nil, errors.New("choose the key to sign with: the statement names it")
	}
	v.mu.Lock()
	if err := v.allow(); err != nil {
		v.mu.Unlock()
		return nil, err
	}
	head, notes := v.journal.Head(), v.state.Annotations()
	kinds, entries := map[string]int{}, 0
	for e, err := range v.journal.Entries() {
		if err != nil {
			v.mu.Unlock()
			return nil, err
		}
		kinds[e.Kind]++
		entries++
	}
	v.mu.Unlock()
	in := bundle.Input{
		Deposit: v.deposit.Digest(), Title: v.cert.Title, Vendor: v.cert.Vendor, Releases: v.deposit.Releases(),
		Reviewer:    bundle.Reviewer{Name: v.reviewer.Name, Organisation: v.reviewer.Organisation, Fingerprint: opt.Key.Fingerprint},
		Annotations: notes, Journal: head, Entered: v.since, Exported: now(), Tool: Version,
	}
	if opt.IncludeSource {
		in.Source = v.quote
	}
	d, err := bundle.Prepare(in)
	if err != nil {
		return nil, err
	}
	private := 0
	for _, a := range notes {
		if a.Private {
			private++
		}
	}
	return &Draft{
		Files: d.Files, draft: d, key: opt.Key, head: head, quotes: opt.IncludeSource,
		HeldBack: []Held{
			{"Private notes", private},
			{"Search terms", kinds[kindSearch]},
			{"Files opened", kinds[kindOpen]},
			{"Journal entries", entries},
		},
	}, nil
}

// quote gives the decoded text of an annotation's span.
func (v *Visit) quote(l review.Location) ([]byte, error) {
	raw, err := v.raw(context.Background(), l.Span.Blob, 0)
	if err != nil {
		return nil, err
	}
	t := v.chosen().Decode(l.Span.Blob, raw)
	fromLine, fromCol := t.Position(l.Span.From)
	toLine, toCol := t.Position(l.Span.To)
	var text []byte
	for n := fromLine; n <= toLine; n++ {
		line := t.Line(n)
		from, to := 0, len(line)
		if n == fromLine {
			from = min(fromCol-1, to)
		}
		if n == toLine {
			to = max(from, min(toCol-1, to))
		}
		text = append(text, line[from:to]...)
		if n < toLine {
			text = append(text, '\n')
		}
	}
	return text, nil
}

// A Key is one the reviewer could sign with.
type Key struct {
	Label       string // file name or the agent's comment
	Fingerprint string
	Path        string // of the key file, "" for the agent
	Agent       bool
	Encrypted   bool // a passphrase will be needed
	Permitted   bool
	Why         string // why not, when not
	public      ssh.PublicKey
}

// Keys lists the keys at hand, permitted ones first: OpenSSH key files in
// ~/.ssh and what an ssh-agent holds.
func (v *Visit) Keys(ctx context.Context) ([]Key, error) {
	var keys []Key
	if socket := os.Getenv("SSH_AUTH_SOCK"); socket != "" {
		held, comments, err := seal.AgentKeys(socket)
		if err == nil { // an agent that does not answer has no keys to offer
			for i, h := range held {
				keys = append(keys, v.judge(Key{Label: "ssh-agent: " + comments[i], Agent: true, public: h}))
			}
		}
	}
	home, err := os.UserHomeDir()
	if err != nil {
		return keys, nil
	}
	pubs, err := filepath.Glob(filepath.Join(home, ".ssh", "*.pub"))
	if err != nil {
		return nil, fmt.Errorf("look for keys: %w", err)
	}
	for _, p := range pubs[:min(len(pubs), maxKeyFiles)] {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		k, err := v.KeyFile(strings.TrimSuffix(p, ".pub"))
		if err == nil { // a .pub without its private half, or another kind of file
			keys = append(keys, k)
		}
	}
	sort.SliceStable(keys, func(i, j int) bool { return keys[i].Permitted && !keys[j].Permitted })
	return keys, nil
}

// KeyFile looks at an OpenSSH private key file without its passphrase.
func (v *Visit) KeyFile(path string) (Key, error) {
	st, err := os.Stat(path)
	if err != nil {
		return Key{}, fmt.Errorf("the key file: %w", err)
	}
	if !st.Mode().IsRegular() || st.Size() > maxKeyFile {
		return Key{}, fmt.Errorf("%s is not a key file", path)
	}
	b, err := os.ReadFile(path)
	if err != nil {
		return Key{}, fmt.Errorf("the key file: %w", err)
	}
	defer clear(b)
	k := Key{Label: filepath.Base(path), Path: path}
	signer, err := ssh.ParsePrivateKey(b)
	var locked *ssh.PassphraseMissingError
	switch {
	case err == nil:
		k.public = signer.PublicKey()
	case errors.As(err, &locked):
		k.Encrypted, k.public = true, locked.PublicKey
	default:
		return Key{}, fmt.Errorf("%s is not an OpenSSH private key: %w", path, err)
	}
	if k.public == nil {
		return Key{}, fmt.Errorf("%s is encrypted in an old format that hides its public key; convert it with ssh-keygen -p -f", path)
	}
	return v.judge(k), nil
}

// AgentKey looks at a key that an ssh-agent is to sign with.
func (v *Visit) AgentKey(public ssh.PublicKey) Key {
	return v.judge(Key{Label: "ssh-agent: " + seal.Fingerprint(public), Agent: true, public: public})
}

func (v *Visit) judge(k Key) Key {
	k.Fingerprint, k.Permitted, k.Why = seal.Fingerprint(k.public), false, ""
	p, err := v.policy.Reviewer(k.public)
	switch {
	case err != nil:
		k.Why = err.Error()
	case p.Name != "" && p.Name != v.reviewer.Name:
		k.Why = "the policy gives this key to " + p.Name
	case p.Name == "" && v.reviewer.Key != "": // a practice room: any key, but not in the name of one who has a key
		k.Why = "the policy names another key for " + v.reviewer.Name
	default:
		k.Permitted = true
	}
	return k
}

// A Receipt tells what left and how a stranger verifies it.
type Receipt struct {
	Path           string
	SHA256         string // of the zip
	Principal      string
	Fingerprint    string   // of the key that signed
	AllowedSigners string   // the line that a stranger needs, to be had from elsewhere
	Commands       []string // stock verification, one command a line
	Head           journal.Head
	Deposit        string // SHA-256 of the deposit's manifest
	Slip           string // file with all this, to be printed
}

// Export records the intent, signs the draft, writes it to path, verifies what
// lies there and records the outcome. It wipes the passphrase. It refuses a draft that is older than
// the last annotation: what was shown is what leaves.
func (v *Visit) Export(ctx context.Context, d *Draft, passphrase []byte, path string) (*Receipt, error) {
	defer clear(passphrase)
	k := d.key
	if !k.Permitted {
		return nil, fmt.Errorf("key %s may not sign: %s", k.Fingerprint, k.Why)
	}
	path, err := filepath.Abs(path)
	if err != nil {
		return nil, fmt.Errorf("where to write the bundle: %w", err)
	}
	for _, name := range []string{path, slipPath(path)} {
		if _, err := os.Lstat(name); err == nil {
			return nil, fmt.Errorf("%s is there already; a bundle never replaces a file, choose another name", name)
		} else if !errors.Is(err, fs.ErrNotExist) {
			return nil, fmt.Errorf("where to write the bundle: %w", err)
		}
	}
	if st, err := os.Stat(filepath.Dir(path)); err != nil || !st.IsDir() {
		return nil, fmt.Errorf("the folder %s does not exist", filepath.Dir(path))
	}
	if err := v.outside(filepath.Dir(path)); err != nil {
		return nil, err
	}
	signer, done, err := k.signer(passphrase)
	if err != nil {
		return nil, err
	}
	v.mu.Lock()
	defer v.mu.Unlock()
	if err := v.fresh(d); err != nil {
		return nil, errors.Join(err, done())
	}
	principal := bundle.Slug(v.reviewer.Name)
	line := strings.TrimSpace(seal.Line(principal, k.public, bundle.Namespace))
	var sum deposit.Digest
	before := v.journal.Head()
	intent := exportRecord{Path: path, Key: k.Fingerprint, Sums: d.sums(), Quotes: d.quotes}
	err = v.locked(ctx, kindExport, intent, func(journal.Entry) error {
		sum, err = write(d.draft, signer, line, path)
		return err
	})
	if err = errors.Join(err, done()); err != nil {
		if v.journal.Head() != before { // the intent is on record: so is its failure
			err = errors.Join(err, v.locked(context.WithoutCancel(ctx), kindFailed, failedRecord{path, err.Error()}, nil))
		}
		return nil, err
	}
	if err := v.locked(context.WithoutCancel(ctx), kindExported, exportedRecord{path, sum.String()}, nil); err != nil {
		return nil, errors.Join(err, takeBack(path))
	}
	r := &Receipt{
		Path: path, SHA256: sum.String(), Principal: principal, Fingerprint: k.Fingerprint, AllowedSigners: line,
		Commands: commands(filepath.Base(path), principal), Head: v.journal.Head(),
		Deposit: v.cert.Digest, Slip: slipPath(path),
	}
	if err := WriteNew(r.Slip, []byte(v.slip(r))); err != nil {
		return nil, fmt.Errorf("the bundle %s was signed and recorded, but its slip was not written: %w", path, err)
	}
	return r, nil
}

// commands is how a stranger verifies the bundle with stock tools.
func commands(zip, principal string) []string {
	if strings.Trim(zip, plainInShell) != "" || zip[0] == '-' {
		zip = "'" + strings.ReplaceAll("./"+zip, "'", `'\''`) + "'"
	}
	return []string{
		"unzip " + zip + " -d review && cd review",
		"ssh-keygen -Y verify -f ../allowed_signers -I " + principal + " -n " + bundle.Namespace + " -s SHA256SUMS." + principal + ".sig < SHA256SUMS",
		"sha256sum -c --strict SHA256SUMS",
	}
}

// plainInShell are the characters that mean nothing to a shell.
const plainInShell = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-"

// outside refuses to let a bundle be written into the deposit, which then would
// hold what its manifest does not name and be refused, or among what the room
// keeps, where it would not have left and may be deleted.
func (v *Visit) outside(dir string) error {
	dir, err := filepath.EvalSymlinks(dir)
	if err != nil {
		return fmt.Errorf("where to write the bundle: %w", err)
	}
	kept := []string{v.folder, v.cfg.workspace(), filepath.Join(v.cfg.Home, visitsDir), filepath.Join(v.cfg.Home, sampleDir)}
	for at := dir; ; at = filepath.Dir(at) {
		here, err := os.Stat(at)
		if err != nil {
			return fmt.Errorf("where to write the bundle: %w", err)
		}
		for _, k := range kept {
			if st, err := os.Stat(k); err == nil && os.SameFile(here, st) {
				return fmt.Errorf("%s belongs to the deposit or the room: write the bundle somewhere else", at)
			}
		}
		if at == filepath.Dir(at) {
			return nil
		}
	}
}

// fresh refuses a draft when annotations were made or withdrawn since.
func (v *Visit) fresh(d *Draft) error {
	for e, err := range v.journal.Entries() {
		if err != nil {
			return err
		}
		if e.N > d.head.N && (e.Kind == review.EntryAnnotation || e.Kind == review.EntryWithdrawn) {
			return errors.New("annotations changed after this was shown: look at what leaves once more, then sign")
		}
	}
	return nil
}

// sums is the digest of the draft's SHA256SUMS: it stands for every byte shown.
func (d *Draft) sums() string {
	return deposit.Digest(sha256.Sum256(d.draft.File("SHA256SUMS"))).String()
}

// write signs the draft, writes it to path and verifies what lies there; where
// that fails, nothing does.
func write(d *bundle.Draft, signer ssh.Signer, line, path string) (_ deposit.Digest, err error) {
	b, err := d.Sign(signer)
	if err != nil {
		return deposit.Digest{}, err
	}
	if err := b.WriteFile(path); err != nil {
		return deposit.Digest{}, err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, takeBack(path))
		}
	}()
	trusted, err := seal.ParseSigners([]byte(line + "\n"))
	if err != nil {
		return deposit.Digest{}, err
	}
	r, err := bundle.Verify(path, trusted, time.Now())
	if err != nil {
		return deposit.Digest{}, fmt.Errorf("the bundle was written but does not verify: %w", err)
	}
	if r.Digest != b.Digest() {
		return deposit.Digest{}, fmt.Errorf("the bundle was written but %s holds other bytes", path)
	}
	return r.Digest, nil
}

// takeBack removes a bundle that was signed and must not leave after all.
func takeBack(path string) error {
	err := os.Remove(path)
	if err == nil {
		err = syncFolder(filepath.Dir(path))
	}
	if err != nil {
		return fmt.Errorf("the signed bundle %s could not be removed again, remove it yourself: %w", path, err)
	}
	return nil
}

// signer opens the key; done gives back what it holds open.
func (k Key) signer(passphrase []byte) (s ssh.Signer, done func() error, err error) {
	if k.Agent {
		s, c, err := seal.AgentSigner(os.Getenv("SSH_AUTH_SOCK"), k.public)
		if err != nil {
			return nil, nil, err
		}
		return s, c.Close, nil
	}
	s, err = seal.LoadKey(k.Path, func(string) ([]byte, error) {
		if len(passphrase) == 0 {
			return nil, fmt.Errorf("%s needs its passphrase", filepath.Base(k.Path))
		}
		return passphrase, nil
	})
	return s, func() error { return nil }, err
}

// DefaultBundlePath proposes a file name that is not taken.
func (v *Visit) DefaultBundlePath() string {
	dir, err := os.UserHomeDir()
	if err != nil {
		dir = os.TempDir()
	}
	base := fmt.Sprintf("%s-review-%s-%s", bundle.Slug(v.cert.Title), bundle.Slug(v.reviewer.Name), now().Format("2006-01-02"))
	for n := 1; ; n++ {
		name := base + ".zip"
		if n > 1 {
			name = fmt.Sprintf("%s-%d.zip", base, n)
		}
		if _, err := os.Lstat(filepath.Join(dir, name)); errors.Is(err, fs.ErrNotExist) || n == 1000 {
			return filepath.Join(dir, name)
		}
	}
}
