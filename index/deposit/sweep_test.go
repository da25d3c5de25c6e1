package deposit

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
)

// sweepSeed makes the changes of these tests the same each time.
const sweepSeed = 20260131

// A spoiler has a copy of a deposit of its own, in which it changes files and
// puts them back.
type spoiler struct {
	dir   string
	names []string
	files map[string][]byte
	trust Trust
}

func newSpoiler(t *testing.T, dir string) *spoiler {
	t.Helper()
	s := &spoiler{dir: filepath.Join(t.TempDir(), "copy"), files: map[string][]byte{}, trust: vendorTrust(t)}
	if err := os.CopyFS(s.dir, os.DirFS(dir)); err != nil {
		t.Fatal(err)
	}
	entries, err := os.ReadDir(s.dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		s.names = append(s.names, e.Name())
		if s.files[e.Name()], err = os.ReadFile(filepath.Join(s.dir, e.Name())); err != nil {
			t.Fatal(err)
		}
	}
	return s
}

// refuses verifies the deposit with one file changed, and puts the file back. It
// must be refused with a sentence that names one of the deposit's files.
func (s *spoiler) refuses(t *testing.T, name, how string, changed []byte) bool {
	t.Helper()
	path := filepath.Join(s.dir, name)
	if err := rewrite(path, changed); err != nil {
		t.Error(err)
	}
	_, err := Verify(t.Context(), s.dir, s.trust, Limits{}, nil)
	if err == nil {
		t.Errorf("%s %s was accepted", name, how)
	} else if !names(err.Error(), s.names) {
		t.Errorf("%s %s: the sentence names no file: %v", name, how, err)
	}
	if err := rewrite(path, s.files[name]); err != nil {
		t.Error(err)
	}
	return err != nil
}

// rewrite writes a file in its place: file systems make sure that one which was
// emptied first is on the disk, and that takes time.
func rewrite(path string, data []byte) error {
	f, err := os.OpenFile(path, os.O_RDWR, 0)
	if err != nil {
		return err
	}
	_, err = f.WriteAt(data, 0)
	return errors.Join(err, f.Truncate(int64(len(data))), f.Close())
}

// names reports whether a sentence has one of these names in it.
func names(sentence string, names []string) bool {
	for _, name := range names {
		if strings.Contains(sentence, name) {
			return true
		}
	}
	return false
}

// inTurn calls work with 0 to n-1, in several goroutines, each with something of
// its own that prepare makes. They are more than there are processors, since
// admissions wait for the disk.
func inTurn[T any](n int, prepare func() T, work func(T, int)) {
	var next atomic.Int64
	var wait sync.WaitGroup
	for range 4 * runtime.GOMAXPROCS(0) {
		own := prepare()
		wait.Go(func() {
			for i := next.Add(1) - 1; i < int64(n); i = next.Add(1) - 1 {
				work(own, int(i))
			}
		})
	}
	wait.Wait()
}

// everything seals a deposit of three releases with deltas, annotated tags and
// a document.
func everything(t *testing.T) string {
	t.Helper()
	repo := product(t)
	git(t, repo, "gc", "-q")
	o := options(t, repo, productReleases...)
	bom := filepath.Join(t.TempDir(), "bom.json")
	if err := os.WriteFile(bom, []byte(`{"bomFormat":"CycloneDX"}`), 0o644); err != nil {
		t.Fatal(err)
	}
	o.Documents = []DocumentInput{{Release: "v1", File: bom}}
	o.Artifacts = []Artifact{{Name: "product.deb", Release: "v2", Size: 7, Build: "make\n"}}
	if _, err := Seal(t.Context(), o, nil); err != nil {
		t.Fatal(err)
	}
	return o.Out
}

// TestTenThousandChanges changes a byte of a deposit, anywhere, ten thousand
// times: ten thousand refusals.
func TestTenThousandChanges(t *testing.T) {
	if unraced(t) {
		return
	}
	const changes = 10_000
	dir := everything(t)
	var refused atomic.Int64
	inTurn(changes, func() *spoiler { return newSpoiler(t, dir) }, func(s *spoiler, i int) {
		random := rand.New(rand.NewPCG(sweepSeed, uint64(i)))
		total := 0
		for _, name := range s.names {
			total += len(s.files[name])
		}
		at := random.IntN(total)
		for _, name := range s.names {
			data := s.files[name]
			if at >= len(data) {
				at -= len(data)
				continue
			}
			changed := append([]byte(nil), data...)
			changed[at] ^= byte(1 + random.IntN(255))
			if s.refuses(t, name, fmt.Sprintf("with byte %d as %#02x", at, changed[at]), changed) {
				refused.Add(1)
			}
			break
		}
	})
	t.Logf("seed %d: %d of %d changes were refused", sweepSeed, refused.Load(), changes)
}

// TestCutAnywhere cuts each file of a deposit to every length, and lengthens it.
func TestCutAnywhere(t *testing.T) {
	if unraced(t) {
		return
	}
	dir := everything(t)
	type cut struct {
		name string
		to   int
	}
	var cuts []cut
	one := newSpoiler(t, dir)
	for _, name := range one.names {
		for to := range len(one.files[name]) {
			cuts = append(cuts, cut{name, to})
		}
	}
	inTurn(len(cuts), func() *spoiler { return newSpoiler(t, dir) }, func(s *spoiler, i int) {
		c := cuts[i]
		s.refuses(t, c.name, fmt.Sprintf("cut to %d bytes", c.to), s.files[c.name][:c.to])
	})
	for _, name := range one.names {
		for _, more := range []string{"\x00", "\n", " ", string(one.files[name])} {
			one.refuses(t, name, fmt.Sprintf("with %d bytes behind it", len(more)), append(one.files[name][:len(one.files[name]):len(one.files[name])], more...))
		}
	}
	t.Logf("%d cuts were tried", len(cuts))
}

// TestCutBundle cuts a bundle at every byte, and its vendor signs what is left:
// as it is, and with a checksum of the pack that fits.
func TestCutBundle(t *testing.T) {
	if unraced(t) {
		return
	}
	whole, err := os.ReadFile(filepath.Join(forge(t, nil, nil), "s.bundle"))
	if err != nil {
		t.Fatal(err)
	}
	start := strings.Index(string(whole), "\n\nPACK") + 2
	inTurn(2*len(whole), func() Trust { return vendorTrust(t) }, func(trust Trust, i int) {
		n, fit := i/2, i%2 == 1
		cut := append([]byte(nil), whole[:n]...)
		if fit && n > start {
			cut = append(cut[:start:start], withTrailer(append([]byte(nil), cut[start:]...))...)
		}
		if fit && string(cut) == string(whole) || n == 0 {
			return // cut where the checksum begins, or no bundle at all, which TestFolder has
		}
		dir := forge(t, nil, func(f *forgery) { f.bundle = func([]byte) []byte { return cut } })
		if _, err := Verify(t.Context(), dir, trust, Limits{}, nil); err == nil || !strings.HasPrefix(err.Error(), "s.bundle: ") {
			t.Errorf("cut to %d bytes (with a checksum: %v): %v", n, fit, err)
		}
	})
}
