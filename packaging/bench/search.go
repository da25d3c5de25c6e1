package main

import (
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	"vitrine/index/content"
	"vitrine/index/deposit"
	"vitrine/index/search"
)

// A comparison is one query in the words of each tool.
type comparison struct {
	query string
	git   []string // rg takes the same: -F or none, -i, and -e PATTERN
}

var comparisons = []comparison{
	{`"return nil"`, []string{"-F", "-i", "-e", "return nil"}},
	{`notthereatall`, []string{"-F", "-i", "-e", "notthereatall"}},
	{`case:yes malloc`, []string{"-F", "-e", "malloc"}},
	{`case:yes Buffer`, []string{"-F", "-e", "Buffer"}},
	{`case:yes "memcpy("`, []string{"-F", "-e", "memcpy("}},
	{`->`, []string{"-F", "-e", "->"}},
	{`case:yes /[A-Z][a-z]+Error/`, []string{"-e", `[A-Z][a-z]+Error`}},
	{`case:yes /unsafe\.[A-Z]/`, []string{"-e", `unsafe\.[A-Z]`}},
	{`/time(out|r)s?_/`, []string{"-i", "-e", `time(out|r)s?_`}},
	{`case:yes /^#define [A-Z_]+ 0x/`, []string{"-e", `^#define [A-Z_]+ 0x`}},
	{`case:yes /[0-9]{6,}/`, []string{"-e", `[0-9]{6,}`}},
}

func searchCommand() *cobra.Command {
	var repo string
	c := &cobra.Command{
		Use:   "search",
		Short: "build an index of a work tree and time queries beside git grep and rg",
		Args:  cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return runSearch(cmd.Context(), cmd.OutOrStdout(), repo)
		},
	}
	c.Flags().StringVar(&repo, "repo", "", "work tree of a git repository, without changes (default: the Go toolchain's src)")
	return c
}

// A tree is the files of a work tree as a deposit of one release.
type tree struct{ files []deposit.File }

func (t *tree) Digest() deposit.Digest                                { return sha256.Sum256([]byte("bench")) }
func (t *tree) Releases() []deposit.Release                           { return []deposit.Release{{Name: "HEAD"}} }
func (t *tree) Files(context.Context, string) ([]deposit.File, error) { return t.files, nil }

func runSearch(ctx context.Context, out io.Writer, repo string) (err error) {
	tracked := repo != ""
	if !tracked {
		goroot, err := exec.CommandContext(ctx, "go", "env", "GOROOT").Output()
		if err != nil {
			return fmt.Errorf("finding the Go toolchain: %w", err)
		}
		repo = filepath.Join(strings.TrimSpace(string(goroot)), "src")
	}
	dir, err := os.MkdirTemp("", "vitrine-bench-")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()

	t := new(tree)
	start := time.Now()
	size, err := store(ctx, t, repo, tracked, filepath.Join(dir, "content"))
	if err != nil {
		return err
	}
	contentTook := time.Since(start)
	c, err := content.Open(filepath.Join(dir, "content"), t.Digest())
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, c.Close()) }()
	start = time.Now()
	if err := search.Build(ctx, filepath.Join(dir, "index"), t, c, nil); err != nil {
		return err
	}
	indexTook := time.Since(start)
	start = time.Now()
	ix, err := search.Open(filepath.Join(dir, "index"), t, c)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, ix.Close()) }()
	openTook := time.Since(start)
	fmt.Fprintf(out, "%s: %d files, %.1f MB; content in %.2f s (%.2f of the corpus), index in %.2f s (%.2f), opened in %.0f ms\n\n",
		repo, len(t.files), float64(size)/1e6, contentTook.Seconds(), sizeOf(dir, "content")/float64(size),
		indexTook.Seconds(), sizeOf(dir, "index")/float64(size), ms(openTook))
	return table(ctx, out, ix, repo, tracked)
}

// store fills a content store with the files of a work tree.
func store(ctx context.Context, t *tree, repo string, tracked bool, dir string) (size int64, err error) {
	names, err := list(ctx, repo, tracked)
	if err != nil {
		return 0, err
	}
	w, err := content.Create(dir, t.Digest())
	if err != nil {
		return 0, err
	}
	defer func() { err = errors.Join(err, w.Discard()) }()
	for _, name := range names {
		path := filepath.Join(repo, filepath.FromSlash(name))
		if info, err := os.Lstat(path); err != nil || !info.Mode().IsRegular() {
			continue // a link, a submodule, or deleted in the work tree
		}
		data, err := os.ReadFile(path)
		if err != nil {
			return 0, err
		}
		if err := w.Add(data); err != nil {
			return 0, err
		}
		size += int64(len(data))
		t.files = append(t.files, deposit.File{Path: name, Blob: sha256.Sum256(data), Size: int64(len(data)), Mode: 0o100644})
	}
	return size, w.Publish()
}

func list(ctx context.Context, repo string, tracked bool) (names []string, err error) {
	if tracked {
		out, err := exec.CommandContext(ctx, "git", "-C", repo, "ls-files", "-z").Output()
		if err != nil {
			return nil, fmt.Errorf("listing %s: %w", repo, err)
		}
		names = strings.Split(strings.TrimSuffix(string(out), "\x00"), "\x00")
	} else {
		err = filepath.WalkDir(repo, func(path string, e fs.DirEntry, err error) error {
			if err == nil && e.Type().IsRegular() {
				var name string
				name, err = filepath.Rel(repo, path)
				names = append(names, filepath.ToSlash(name))
			}
			return err
		})
	}
	slices.Sort(names)
	return names, err
}

func table(ctx context.Context, out io.Writer, ix *search.Index, repo string, tracked bool) error {
	gitArgs := []string{"-C", repo, "grep", "-I", "-n", "--column", "--no-color"}
	if !tracked {
		gitArgs = append(gitArgs, "--no-index")
	}
	rgArgs := []string{"--no-config", "--no-ignore", "--hidden", "-g", "!.git", "-n", "--column", "--no-heading", "--color=never"}
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(w, "query\tlines\tfirst 50, ms\tall, ms\tgit grep\trg\tgit ÷ ours\trg ÷ ours\t")
	var logGit, logRg float64
	for _, c := range comparisons {
		q, err := search.Parse(c.query)
		if err != nil {
			return err
		}
		first, _, err := ours(ctx, ix, q, 50)
		if err != nil {
			return err
		}
		all, lines, err := ours(ctx, ix, q, math.MaxInt)
		if err != nil {
			return err
		}
		extended := []string{"-E"}
		if c.git[0] == "-F" {
			extended = nil
		}
		git, gitLines, err := theirs(ctx, "", "git", append(append(slices.Clone(gitArgs), extended...), c.git...))
		if err != nil {
			return err
		}
		rg, rgLines, err := theirs(ctx, repo, "rg", append(append(slices.Clone(rgArgs), c.git...), "."))
		if err != nil {
			return err
		}
		note := ""
		if lines != gitLines || lines != rgLines {
			note = fmt.Sprintf(" (git %d, rg %d)", gitLines, rgLines)
		}
		logGit += math.Log(ms(git) / ms(all))
		logRg += math.Log(ms(rg) / ms(all))
		fmt.Fprintf(w, "%s\t%d%s\t%.2f\t%.2f\t%.1f\t%.1f\t%.1f\t%.1f\t\n", c.query, lines, note,
			ms(first), ms(all), ms(git), ms(rg), ms(git)/ms(all), ms(rg)/ms(all))
	}
	n := float64(len(comparisons))
	fmt.Fprintf(w, "geometric mean\t\t\t\t\t\t%.1f\t%.1f\t\n", math.Exp(logGit/n), math.Exp(logRg/n))
	return w.Flush()
}

// ours is the quickest of three searches.
func ours(ctx context.Context, ix *search.Index, q *search.Query, limit int) (took time.Duration, lines int, err error) {
	took = math.MaxInt64
	for range 3 {
		n := 0
		start := time.Now()
		if _, err := ix.Search(ctx, q, func(search.Hit) bool { n++; return n < limit }); err != nil {
			return 0, 0, err
		}
		took, lines = min(took, time.Since(start)), n
	}
	return took, lines, nil
}

// theirs is the quickest of three runs of a tool, its start included.
func theirs(ctx context.Context, dir, name string, args []string) (took time.Duration, lines int, err error) {
	took = math.MaxInt64
	for range 3 {
		cmd := exec.CommandContext(ctx, name, args...)
		cmd.Dir = dir
		start := time.Now()
		out, err := cmd.Output()
		var exit *exec.ExitError
		if err != nil && (!errors.As(err, &exit) || exit.ExitCode() != 1) {
			return 0, 0, fmt.Errorf("%s: %w", name, err)
		}
		took, lines = min(took, time.Since(start)), bytes.Count(out, []byte{'\n'})
	}
	return took, lines, nil
}

func ms(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }

// sizeOf is the number of bytes below a folder.
func sizeOf(dir, name string) (n float64) {
	err := filepath.WalkDir(filepath.Join(dir, name), func(_ string, e fs.DirEntry, err error) error {
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
