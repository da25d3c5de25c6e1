package deposit

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"unicode"
)

// TestAsGit mutates a good deposit two thousand times, behind its digests and
// its signature. Each mutant is refused by name, or all that is read from it is
// what stock git reads.
func TestAsGit(t *testing.T) {
	t.Parallel() // it waits for git and the disk as long as it works
	if unraced(t) {
		return
	}
	const mutants = 2000
	good := everything(t)
	atoms, refs := specimen(t, good)
	trust := vendorTrust(t)
	var mu sync.Mutex
	accepted, refused := map[string]int{}, map[string]int{}
	complaints := map[string]int{}
	inTurn(mutants, func() struct{} { return struct{}{} }, func(_ struct{}, i int) {
		m := &mutant{Rand: rand.New(rand.NewPCG(sweepSeed, uint64(i))), atoms: slices.Clone(atoms), refs: slices.Clone(refs)}
		// Each kind alone, and then with one or two others.
		mutation := mutations[i%len(mutations)]
		mutation.make(m)
		for range i / len(mutations) % 3 {
			mutations[m.IntN(len(mutations))].make(m)
		}
		dir := m.forge(t)
		workspace := t.TempDir()
		a, err := Admit(t.Context(), dir, workspace, trust, Limits{}, nil)
		var notes []string
		if err == nil {
			notes, err = asGit(t.Context(), a, workspace, filepath.Join(dir, "s.bundle"), i%4 == 0)
			if err != nil {
				t.Errorf("mutant %d, %s: %v", i, mutation.name, err)
			}
			err = nil
		} else if sentence := err.Error(); !saysWhat(sentence) {
			t.Errorf("mutant %d, %s: the sentence does not say what is wrong where: %q", i, mutation.name, sentence)
		}
		mu.Lock()
		defer mu.Unlock()
		if err == nil {
			accepted[mutation.name]++
		} else {
			refused[mutation.name]++
		}
		for _, n := range notes {
			complaints[n]++
		}
		if err := errors.Join(os.RemoveAll(dir), os.RemoveAll(workspace)); err != nil {
			t.Error(err)
		}
	})
	a, r := 0, 0
	for _, m := range mutations {
		t.Logf("%3d accepted, %3d refused: %s", accepted[m.name], refused[m.name], m.name)
		a, r = a+accepted[m.name], r+refused[m.name]
	}
	t.Logf("seed %d: of %d mutants %d were accepted and are as git reads them, %d were refused by name; git fsck --strict says of a quarter of the accepted: %v", sweepSeed, mutants, a, r, complaints)
	if a < mutants*15/100 || a+r != mutants {
		t.Errorf("%d accepted and %d refused of %d: too few were compared", a, r, mutants)
	}
}

// what a sentence names beside the file: an object, a place in the pack, a ref,
// a release, a source or a number that the manifest states.
var what = regexp.MustCompile(`[0-9a-f]{40}|offset \d+|ref|release|source "s"|header|\d+ (bytes|objects)|checksum|PACK|object|begin`)

// complaint is how git fsck says what it complains of.
var complaint = regexp.MustCompile(`(?m)^\w+ in .*: (\w+): `)

// saysWhat reports whether a sentence names a file and something in it, and can
// be shown as it is.
func saysWhat(sentence string) bool {
	file := strings.HasPrefix(sentence, "s.bundle: ") || strings.HasPrefix(sentence, "manifest.json: ")
	hidden := strings.ContainsFunc(sentence, func(r rune) bool { return !unicode.IsPrint(r) || r == unicode.ReplacementChar })
	return file && what.MatchString(sentence) && !hidden && len(sentence) < maxPath+1024
}

// asGit compares an admitted deposit with what stock git makes of its bundle:
// every object, every release's paths, modes, sizes and bytes. If asked, it notes
// what git fsck complains of.
func asGit(ctx context.Context, a *Admission, workspace, bundle string, fsck bool) (notes []string, err error) {
	d, err := Open(workspace, a.Digest)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, d.Close()) }()
	r, err := d.NewReader()
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, r.Close()) }()
	clone := filepath.Join(workspace, "clone.git")
	if _, err := stock(ctx, workspace, "clone", "-q", "--bare", "--template=", bundle, clone); err != nil {
		return nil, err
	}
	if fsck {
		if _, err := stock(ctx, clone, "fsck", "--full", "--strict", "--no-dangling"); err != nil {
			for _, word := range complaint.FindAllStringSubmatch(err.Error(), -1) {
				notes = append(notes, word[1])
			}
		}
	}
	objects, err := stockObjects(ctx, clone)
	if err != nil {
		return nil, err
	}
	if err := sameObjects(a, d.Manifest(), objects); err != nil {
		return nil, err
	}
	for _, release := range d.Releases() {
		if err := sameFiles(ctx, d, r, clone, release, objects); err != nil {
			return nil, fmt.Errorf("release %s: %w", release.Name, err)
		}
	}
	return notes, nil
}

// sameObjects compares the manifest with the objects that git has.
func sameObjects(a *Admission, m *Manifest, objects map[ID]atom) error {
	if a.Counts.Objects() != int64(len(objects)) {
		return fmt.Errorf("%d objects were admitted, git has %d", a.Counts.Objects(), len(objects))
	}
	n := 0
	for _, o := range objects {
		if o.kind == kindBlob || o.kind == kindTree {
			n++
		}
	}
	listed := m.Sources[0].Objects
	if n != len(listed) {
		return fmt.Errorf("the manifest has %d blobs and trees, git %d", len(listed), n)
	}
	for _, o := range listed {
		if g, ok := objects[o.Git]; !ok || g.kind.String() != o.Kind || digestOf(g.data) != o.SHA256 || int64(len(g.data)) != o.Size {
			return fmt.Errorf("%s %s is another in git", o.Kind, o.Git)
		}
	}
	return nil
}

// sameFiles compares what is read of a release with git ls-tree and the objects.
func sameFiles(ctx context.Context, d *Deposit, r *Reader, clone string, release Release, objects map[ID]atom) error {
	files, err := d.Files(ctx, release.Name)
	if err != nil {
		return err
	}
	listing, err := stock(ctx, clone, "ls-tree", "-r", "-z", "--full-tree", tagPrefix+release.Name)
	if err != nil {
		return err
	}
	lines := strings.Split(strings.TrimSuffix(string(listing), "\x00"), "\x00")
	if len(listing) == 0 {
		lines = nil
	}
	if len(lines) != len(files) {
		return fmt.Errorf("%d files, git has %d", len(files), len(lines))
	}
	for i, f := range files {
		head, path, _ := strings.Cut(lines[i], "\t")
		var mode, kindName, name string
		if _, err := fmt.Sscan(head, &mode, &kindName, &name); err != nil {
			return fmt.Errorf("git ls-tree says %q", lines[i])
		}
		if fmt.Sprintf("%06o", f.Mode) != mode || f.Path != path {
			return fmt.Errorf("the file %d is %06o %q, in git %s %q", i, f.Mode, f.Path, mode, path)
		}
		if f.Mode == modeSubmodule {
			continue
		}
		var id ID
		if err := id.UnmarshalText([]byte(name)); err != nil {
			return err
		}
		data, err := r.Blob(f.Blob)
		if err != nil {
			return err
		}
		if want := objects[id]; want.kind != kindBlob || !bytes.Equal(data, want.data) || int64(len(data)) != f.Size || digestOf(want.data) != f.Blob {
			return fmt.Errorf("%s has other bytes than in git", f.Path)
		}
	}
	return nil
}

// stockObjects reads all objects of a repository with git cat-file.
func stockObjects(ctx context.Context, repo string) (map[ID]atom, error) {
	out, err := stock(ctx, repo, "cat-file", "--batch", "--batch-all-objects", "--unordered")
	if err != nil {
		return nil, err
	}
	objects := map[ID]atom{}
	for len(out) > 0 {
		head, rest, _ := bytes.Cut(out, []byte("\n"))
		var name, kindName string
		var size int
		var id ID
		if _, err := fmt.Sscan(string(head), &name, &kindName, &size); err != nil || size >= len(rest) {
			return nil, fmt.Errorf("git cat-file says %q", head)
		}
		if err := id.UnmarshalText([]byte(name)); err != nil {
			return nil, err
		}
		objects[id] = atom{kind(slices.Index(kindNames[:], kindName)), rest[:size], id}
		out = rest[size+1:]
	}
	return objects, nil
}

// stock runs git, cut off from the machine's configuration.
func stock(ctx context.Context, dir string, args ...string) ([]byte, error) {
	cmd := exec.CommandContext(ctx, "git", args...)
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "GIT_CONFIG_NOSYSTEM=1", "GIT_CONFIG_GLOBAL=/dev/null", "HOME="+dir, "LC_ALL=C")
	var out, said bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &said
	if err := cmd.Run(); err != nil {
		return nil, fmt.Errorf("git %s: %w\n%.1000s", args[0], err, said.String())
	}
	return out.Bytes(), nil
}
