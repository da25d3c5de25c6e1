package main

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// A made history resembles that of an anti-virus engine of twenty years in what
// matters to a verifier: 150,000 objects of 4.4 GB, in chains of deltas.
const (
	madeFiles   = 1400
	madeCommits = 20_000
	madeEdits   = 3 // files that a commit changes
	minMade     = 24 << 10
	maxMade     = 160 << 10 // bytes of the files that are taken
)

// makeHistory makes a bare repository of files of the Go toolchain and random
// changes to them, the same ones each time.
func makeHistory(ctx context.Context, repo string) error {
	files, err := goFiles(ctx)
	if err != nil {
		return err
	}
	return fastImport(ctx, repo, func(w *bufio.Writer) error { return writeHistory(w, files) }, "--depth=50", "--max-pack-size=4g")
}

// fastImport makes a bare repository of what write writes for git fast-import.
func fastImport(ctx context.Context, repo string, write func(*bufio.Writer) error, flags ...string) error {
	if err := exec.CommandContext(ctx, "git", "init", "--quiet", "--bare", "--initial-branch=main", repo).Run(); err != nil {
		return fmt.Errorf("git init: %w", err)
	}
	cmd := exec.CommandContext(ctx, "git", append([]string{"fast-import", "--quiet"}, flags...)...)
	cmd.Dir, cmd.Stderr = repo, os.Stderr
	in, err := cmd.StdinPipe()
	if err != nil {
		return err
	}
	if err := cmd.Start(); err != nil {
		return err
	}
	w := bufio.NewWriterSize(in, 1<<20)
	err = write(w)
	return errors.Join(err, w.Flush(), in.Close(), cmd.Wait())
}

// writeHistory writes a stream for git fast-import: first each file's versions
// in a row, so that each is stored as a delta of the one before, then commits.
func writeHistory(w *bufio.Writer, files []string) error {
	random := rand.New(rand.NewPCG(1, 2))
	changed := make([][]int, madeCommits) // files by commit
	versions := make([]int, len(files))
	for c := range changed {
		for range madeEdits {
			f := random.IntN(len(files))
			changed[c] = append(changed[c], f)
			versions[f]++
		}
	}
	first := make([]int, len(files)) // mark of each file's first version
	mark := 0
	for f, path := range files {
		text, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		lines := bytes.SplitAfter(text, []byte("\n"))
		first[f] = mark + 1
		for v := range versions[f] + 1 {
			if v > 0 {
				lines[random.IntN(len(lines))] = fmt.Appendf(nil, "\tchange(%d, %d) // of this line\n", f, random.Uint32())
			}
			mark++
			text := bytes.Join(lines, nil)
			fmt.Fprintf(w, "blob\nmark :%d\ndata %d\n", mark, len(text))
			if _, err := w.Write(text); err != nil {
				return err
			}
			fmt.Fprintln(w)
		}
	}
	at := make([]int, len(files))
	for c, edits := range changed {
		fmt.Fprintf(w, "commit refs/heads/main\ncommitter A <a@example.org> %d +0000\ndata <<.\nchange %d\n.\n", 1_000_000_000+c*3600, c)
		if c == 0 {
			for f, path := range files {
				fmt.Fprintf(w, "M 100644 :%d %s\n", first[f], madePath(f, path))
			}
		}
		for _, f := range edits {
			at[f]++
			fmt.Fprintf(w, "M 100644 :%d %s\n", first[f]+at[f], madePath(f, files[f]))
		}
		fmt.Fprintln(w)
		if c%2000 == 1999 {
			fmt.Fprintf(w, "reset refs/tags/v%d\nfrom refs/heads/main\n\n", c/2000+1)
		}
	}
	return nil
}

// madePath spreads the files over folders two deep.
func madePath(f int, path string) string {
	return fmt.Sprintf("part%d/lib%d/%d-%s", f%12, f/12%9, f, filepath.Base(path))
}

// goFiles lists files of the toolchain's source, which is always there.
func goFiles(ctx context.Context) ([]string, error) {
	root, err := exec.CommandContext(ctx, "go", "env", "GOROOT").Output()
	if err != nil {
		return nil, fmt.Errorf("finding the Go toolchain: %w", err)
	}
	var files []string
	err = filepath.WalkDir(filepath.Join(strings.TrimSpace(string(root)), "src"), func(path string, d fs.DirEntry, err error) error {
		if err != nil || !d.Type().IsRegular() || filepath.Ext(path) != ".go" || len(files) == madeFiles {
			return err
		}
		info, err := d.Info()
		if err == nil && info.Size() >= minMade && info.Size() <= maxMade {
			files = append(files, path)
		}
		return err
	})
	return files, err
}
