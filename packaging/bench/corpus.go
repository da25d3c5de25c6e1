package main

import (
	"bufio"
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"math"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"

	"vitrine/index/content"
	"vitrine/index/deposit"
	"vitrine/index/search"
)

// A tree is files as a deposit of one release, or several, without a seal.
type tree struct {
	Names []string                  // of the releases
	Lists map[string][]deposit.File // by release
	Size  int64                     // bytes of the distinct files
}

func (t *tree) Digest() deposit.Digest { return sha256.Sum256([]byte("bench")) }

func (t *tree) Releases() []deposit.Release {
	all := make([]deposit.Release, len(t.Names))
	for i, name := range t.Names {
		all[i].Name = name
	}
	return all
}

func (t *tree) Files(_ context.Context, release string) ([]deposit.File, error) {
	return t.Lists[release], nil
}

// A corpus is a tree with its content and index, in a folder of its own.
type corpus struct {
	tree    *tree
	dir     string
	content *content.Store
	index   *search.Index
}

// buildCorpus makes a corpus of a folder or, with tags, of those of a repository.
func buildCorpus(ctx context.Context, from string, tags []string) (c *corpus, err error) {
	dir, err := os.MkdirTemp("", "vitrine-bench-")
	if err != nil {
		return nil, err
	}
	if err := writeCorpus(ctx, dir, from, tags); err != nil {
		return nil, errors.Join(err, os.RemoveAll(dir))
	}
	if c, err = openCorpus(dir); err != nil {
		return nil, errors.Join(err, os.RemoveAll(dir))
	}
	return c, nil
}

func (c *corpus) path(name string) string { return filepath.Join(c.dir, name) }

// writeCorpus makes content, index and the list of files in an empty folder.
func writeCorpus(ctx context.Context, dir, from string, tags []string) (err error) {
	c := &corpus{tree: &tree{Lists: map[string][]deposit.File{}}, dir: dir}
	if err := c.store(ctx, from, tags); err != nil {
		return err
	}
	list, err := json.Marshal(c.tree)
	if err != nil {
		return err
	}
	if err := os.WriteFile(c.path("tree.json"), list, 0o600); err != nil {
		return err
	}
	if c.content, err = content.OpenBuilt(c.path("content"), c.tree.Digest()); err != nil {
		return err
	}
	err = search.Build(ctx, c.path("index"), c.tree, c.content, nil)
	return errors.Join(err, c.content.Close())
}

func openCorpus(dir string) (*corpus, error) {
	c := &corpus{tree: new(tree), dir: dir}
	list, err := os.ReadFile(c.path("tree.json"))
	if err != nil {
		return nil, err
	}
	if err := json.Unmarshal(list, c.tree); err != nil {
		return nil, err
	}
	if c.content, err = content.Open(c.path("content"), c.tree.Digest()); err != nil {
		return nil, err
	}
	if c.index, err = search.Open(c.path("index"), c.tree, c.content); err != nil {
		return nil, errors.Join(err, c.content.Close())
	}
	return c, nil
}

func (c *corpus) close() error {
	return errors.Join(c.index.Close(), c.content.Close(), os.RemoveAll(c.dir))
}

// store fills the content store.
func (c *corpus) store(ctx context.Context, from string, tags []string) (err error) {
	w, err := content.Create(c.path("content"), c.tree.Digest())
	if err != nil {
		return err
	}
	published := false
	defer func() {
		if !published {
			err = errors.Join(err, w.Discard())
		}
	}()
	known := map[deposit.Digest]bool{}
	add := func(release, name string, data []byte) error {
		f := deposit.File{Path: name, Blob: sha256.Sum256(data), Size: int64(len(data)), Mode: 0o100644}
		c.tree.Lists[release] = append(c.tree.Lists[release], f)
		if known[f.Blob] {
			return nil
		}
		known[f.Blob] = true
		c.tree.Size += f.Size
		return w.AddHashed(f.Blob, data)
	}
	if len(tags) == 0 {
		c.tree.Names = []string{"HEAD"}
		err = eachFile(ctx, from, func(name string, data []byte) error { return add("HEAD", name, data) })
	}
	for _, tag := range tags {
		c.tree.Names = append(c.tree.Names, tag)
		if err == nil {
			err = eachTagged(ctx, from, tag, func(name string, data []byte) error { return add(tag, name, data) })
		}
	}
	if err != nil {
		return err
	}
	published = true
	return w.Publish()
}

// eachFile visits the regular files below a folder in byte order of their paths,
// but for those of git. The data are visit's only until it returns.
func eachFile(ctx context.Context, root string, visit func(name string, data []byte) error) error {
	var names []string
	err := filepath.WalkDir(root, func(path string, e fs.DirEntry, err error) error {
		if err == nil && e.IsDir() && e.Name() == ".git" {
			return fs.SkipDir
		}
		if err != nil || !e.Type().IsRegular() {
			return err
		}
		name, err := filepath.Rel(root, path)
		names = append(names, filepath.ToSlash(name))
		return err
	})
	if err != nil {
		return err
	}
	slices.Sort(names)
	var data bytes.Buffer
	for _, name := range names {
		if err := ctx.Err(); err != nil {
			return err
		}
		if err := read(&data, filepath.Join(root, filepath.FromSlash(name))); err != nil {
			return err
		}
		if err := visit(name, data.Bytes()); err != nil {
			return err
		}
	}
	return nil
}

func read(data *bytes.Buffer, path string) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	data.Reset()
	_, err = data.ReadFrom(f)
	return errors.Join(err, f.Close())
}

// eachTagged visits the files of a tag.
func eachTagged(ctx context.Context, repo, tag string, visit func(name string, data []byte) error) error {
	list, err := exec.CommandContext(ctx, "git", "-C", repo, "ls-tree", "-r", "-z", tag+"^{commit}").Output()
	if err != nil {
		return fmt.Errorf("listing %s: %w", tag, err)
	}
	cat := exec.CommandContext(ctx, "git", "-C", repo, "cat-file", "--batch")
	in, err := cat.StdinPipe()
	if err != nil {
		return err
	}
	pipe, err := cat.StdoutPipe()
	if err != nil {
		return err
	}
	if err := cat.Start(); err != nil {
		return err
	}
	out := bufio.NewReaderSize(pipe, 1<<20)
	err = func() error {
		for entry := range bytes.SplitSeq(bytes.TrimSuffix(list, []byte{0}), []byte{0}) {
			head, name, _ := bytes.Cut(entry, []byte{'\t'})
			f := strings.Fields(string(head))
			if len(f) != 3 || !strings.HasPrefix(f[0], "100") {
				continue // a link or a submodule
			}
			if _, err := fmt.Fprintln(in, f[2]); err != nil {
				return err
			}
			var id, kind string
			var size int64
			if _, err := fmt.Fscanf(out, "%s %s %d\n", &id, &kind, &size); err != nil {
				return fmt.Errorf("git cat-file: %w", err)
			}
			data := make([]byte, size+1) // git ends it with a newline
			if _, err := io.ReadFull(out, data); err != nil {
				return fmt.Errorf("git cat-file: %w", err)
			}
			if err := visit(string(name), data[:size]); err != nil {
				return err
			}
		}
		return nil
	}()
	return errors.Join(err, in.Close(), cat.Wait())
}

// searched are the distinct blobs that are searched as UTF-8, by path; out are
// the paths of the others, of any release.
func (c *corpus) searched() (in []deposit.File, out map[string]bool) {
	out = map[string]bool{}
	for _, name := range c.tree.Names {
		for _, f := range c.tree.Lists[name] {
			if info, ok := c.content.Info(f.Blob); ok && info.Encoding == content.UTF8 && info.Size <= content.MaxText {
				in = append(in, f)
			} else {
				out[f.Path] = true
			}
		}
	}
	return in, out
}

// drawer draws from what is searched.
func (c *corpus) drawer(seed uint64) *drawer {
	in, _ := c.searched()
	r := rand.New(rand.NewPCG(seed, 1))
	return &drawer{r: r, text: func() ([]byte, error) {
		if len(in) == 0 {
			return nil, nil
		}
		t, err := c.content.Text(in[r.IntN(len(in))].Blob)
		if err != nil {
			return nil, err
		}
		return t.Bytes(), nil
	}}
}

// share is the size of a part of the corpus beside that of its files.
func (c *corpus) share(name string) float64 { return sizeOf(c.path(name)) / float64(c.tree.Size) }

// goSource is the Go toolchain's src.
func goSource(ctx context.Context) (string, error) {
	goroot, err := exec.CommandContext(ctx, "go", "env", "GOROOT").Output()
	if err != nil {
		return "", fmt.Errorf("finding the Go toolchain: %w", err)
	}
	return filepath.Join(strings.TrimSpace(string(goroot)), "src"), nil
}

// sizeOf is the number of bytes below a folder.
func sizeOf(dir string) (n float64) {
	err := filepath.WalkDir(dir, func(_ string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		info, err := e.Info()
		if err == nil {
			n += float64(info.Size())
		}
		return err
	})
	if err != nil {
		return math.NaN()
	}
	return n
}
