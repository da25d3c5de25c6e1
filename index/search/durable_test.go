package search

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"vitrine/index/block"
	"vitrine/index/content"
)

// TestFlippedByte changes bytes of every file of index and content store in
// turn. Opening must fail, or the search must fail, or find exactly the right lines.
func TestFlippedByte(t *testing.T) {
	c := one(map[string]string{"a": "needle one\n", "b": "needle two\n", "c": "other\n", "d": "caf\xe9 needle\n"})
	b := build(t, c)
	want := b.rows(t, "needle")
	q, err := Parse("needle")
	if err != nil {
		t.Fatal(err)
	}
	var paths []string
	err = filepath.WalkDir(filepath.Dir(b.dir), func(path string, e fs.DirEntry, err error) error {
		if err == nil && !e.IsDir() && !strings.HasSuffix(path, ".lock") {
			paths = append(paths, path)
		}
		return err
	})
	if err != nil || len(paths) < 7 {
		t.Fatalf("%q, %v", paths, err)
	}
	search := func() ([]string, error) {
		store, err := content.Open(filepath.Join(filepath.Dir(b.dir), "content"), c.Digest())
		if err != nil {
			return nil, err
		}
		ix, err := Open(b.dir, c, store)
		if err != nil {
			return nil, errors.Join(err, store.Close())
		}
		var got []string
		_, err = ix.Search(context.Background(), q, func(h Hit) bool { got = append(got, row(h)); return true })
		return got, errors.Join(err, ix.Close(), store.Close())
	}
	if got, err := search(); err != nil || !slices.Equal(got, want) {
		t.Fatalf("untouched: %q, %v", got, err)
	}
	for _, path := range paths {
		good, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		step := max(1, len(good)/150)
		accepted := 0
		for i := 0; i < len(good); i += step {
			bad := bytes.Clone(good)
			bad[i] ^= 1 << (i % 8)
			if err := os.WriteFile(path, bad, 0o600); err != nil {
				t.Fatal(err)
			}
			got, err := search()
			if err == nil && !slices.Equal(got, want) {
				t.Errorf("%s, byte %d flipped: found %q", path, i, got)
			}
			if err == nil {
				accepted++
			}
		}
		// What the query does not read may be damaged unnoticed: another blob, and of the
		// segments what bleve alone needs.
		lazily := filepath.Ext(path) == ".dat" || filepath.Ext(path) == ".zap" || filepath.Ext(path) == ".dictionary"
		if accepted > 0 && !lazily {
			t.Errorf("%s: %d flipped bytes went unnoticed", path, accepted)
		}
		for _, other := range [][]byte{nil, good[:len(good)/2], append(bytes.Clone(good), 0)} {
			if bytes.Equal(other, good) {
				continue // it was empty
			}
			if err := os.WriteFile(path, other, 0o600); err != nil {
				t.Fatal(err)
			}
			if got, err := search(); err == nil {
				t.Errorf("%s cut or extended: found %q", path, got)
			}
		}
		if err := os.WriteFile(path, good, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.WriteFile(filepath.Join(b.dir, "extra"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := search(); err == nil {
		t.Error("an extra file was accepted")
	}
}

func TestOpenRefusesAnotherDeposit(t *testing.T) {
	b := build(t, one(map[string]string{"a": "x"}))
	if _, err := sumsOf(b.dir, [32]byte{1}); err == nil || !strings.Contains(err.Error(), "another deposit") {
		t.Errorf("got %v", err)
	}
}

func TestOpenRefusesAnotherVersion(t *testing.T) {
	c := one(map[string]string{"a": "x"})
	b := build(t, c)
	if err := os.WriteFile(filepath.Join(b.dir, block.SumsName), []byte("vitrine search 2\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	_, err := Open(b.dir, c, b.content)
	if err == nil || !strings.Contains(err.Error(), `"vitrine search 2"`) || !strings.Contains(err.Error(), `"vitrine search 3"`) {
		t.Errorf("got %v", err)
	}
}

// TestWorkedExample holds the package comment against the writer.
func TestWorkedExample(t *testing.T) {
	b := build(t, one(map[string]string{"a/x.c": "int K;\n", "a/y.c": "int K;\n"}))
	places, err := os.ReadFile(filepath.Join(b.dir, placesName))
	if want := "0005612f782e63010002" + "0203792e63010002"; err != nil || fmt.Sprintf("%x", places) != want {
		t.Errorf("places %x, %v", places, err)
	}
	list, err := os.ReadFile(filepath.Join(b.dir, block.SumsName))
	if want := fmt.Sprintf("vitrine search 3\n%s  manifest\n", b.content.Manifest()); err != nil || !strings.HasPrefix(string(list), want) {
		t.Errorf("%s %s, %v", block.SumsName, list, err)
	}
}

func TestCancelledBuildLeavesNothing(t *testing.T) {
	b := build(t, one(map[string]string{"a": "x"}))
	ctx, cancel := context.WithCancel(context.Background())
	c := one(map[string]string{"a": "x"})
	dir := filepath.Join(t.TempDir(), "index")
	err := Build(ctx, dir, c, b.content, func(done, total int64) {
		if done != 1 || total != 1 {
			t.Errorf("progress %d of %d", done, total)
		}
		cancel()
	})
	if !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
	entries, err := os.ReadDir(filepath.Dir(dir))
	if err != nil || len(entries) != 1 || entries[0].Name() != "index.lock" {
		t.Errorf("left %v, %v", entries, err)
	}
}

const buildHere, buildOn = "VITRINE_TEST_BUILD_HERE", "VITRINE_TEST_BUILD_ON"

// killCorpus has enough text for several runs, and in its first half what an index
// before it has.
func killCorpus(n int) *corpus {
	files := map[string]string{}
	for i := range n {
		files[fmt.Sprintf("f%04d", i)] = fmt.Sprintf("word%d\nneedle\n%s", i, strings.Repeat(fmt.Sprintf("more text %d\n", i), 300))
	}
	return one(files)
}

const killFiles = 700

// TestBuildToBeKilled is the process that TestKill9 kills.
func TestBuildToBeKilled(t *testing.T) {
	dir := os.Getenv(buildHere)
	if dir == "" {
		return // run by itself there is nothing to do
	}
	c := killCorpus(killFiles)
	store, err := content.Open(filepath.Join(dir, "content"), c.Digest())
	if err != nil {
		t.Fatal(err)
	}
	defer store.Close()
	if err := BuildOn(context.Background(), filepath.Join(dir, "index"), os.Getenv(buildOn), c, store, nil); err != nil {
		t.Fatal(err)
	}
}

// TestKill9 kills a build, and one on an index before, at random moments: there is no
// index afterwards or a whole one, and the build that ends leaves no remains.
func TestKill9(t *testing.T) {
	c := killCorpus(killFiles)
	b := build(t, c)
	home := filepath.Dir(b.dir)
	before := build(t, killCorpus(killFiles/2)).dir
	run := func(on string, most time.Duration) (took time.Duration, ended bool) {
		t.Helper()
		cmd := exec.Command(os.Args[0], "-test.run=^TestBuildToBeKilled$")
		cmd.Env = append(os.Environ(), buildHere+"="+home, buildOn+"="+on)
		start := time.Now()
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		timer := time.AfterFunc(most, func() {
			if err := cmd.Process.Kill(); err != nil && !errors.Is(err, os.ErrProcessDone) {
				t.Error(err)
			}
		})
		err := cmd.Wait()
		timer.Stop()
		return time.Since(start), err == nil
	}
	r := rand.New(rand.NewPCG(rand.Uint64(), 0))
	for _, on := range []string{"", before} {
		if err := os.RemoveAll(b.dir); err != nil {
			t.Fatal(err)
		}
		whole, ended := run(on, time.Hour)
		if !ended {
			t.Fatal("the build failed")
		}
		killed := 0
		for i := 0; i < 25 || killed < 3 && i < 200; i++ {
			if err := os.RemoveAll(b.dir); err != nil {
				t.Fatal(err)
			}
			if _, ended := run(on, time.Duration(r.Int64N(int64(whole)))); !ended {
				killed++
			}
			ix, err := Open(b.dir, c, b.content)
			if errors.Is(err, fs.ErrNotExist) {
				continue
			}
			if err != nil {
				t.Fatalf("half an index: %v", err)
			}
			if n := len(built{Index: ix}.rows(t, "needle")); n != killFiles {
				t.Errorf("%d hits, want %d", n, killFiles)
			}
			if err := ix.Close(); err != nil {
				t.Error(err)
			}
		}
		if killed < 3 {
			t.Errorf("only %d builds were killed", killed)
		}
		if _, ended := run(on, time.Hour); !ended {
			t.Error("the last build failed")
		}
		entries, err := os.ReadDir(home)
		if err != nil || len(entries) != 4 { // content, index, and their locks
			t.Errorf("left %v, %v", entries, err)
		}
	}
}
