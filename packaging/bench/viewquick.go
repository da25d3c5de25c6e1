package main

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"
)

// quickTarget is how long quick open may take from a key to the rows that answer it, as
// painted, in milliseconds: a frame.
const quickTarget = 16

// quickFiles is how many paths there are to choose from.
const quickFiles = 100_000

// quickWords are typed letter by letter: a name, pieces of a path, words apart, and letters
// that nearly every path begins with, which are the slowest.
var quickWords = []string{"parse_table7", "drvnetbuf", "sched core 12", "srckernelnetcore", "qqzz"}

// quick types into quick open over made-up paths.
func (b *viewBench) quick() error {
	if err := b.quickDeposit(); err != nil {
		return err
	}
	first, err := b.d.Launch(b.ctx, "--size", "1280x800", "--policy", "policy.json", "--operator", "operator.pub", "deposit")
	if err != nil {
		return err
	}
	if first != "certificate" {
		if _, err := b.d.Until(b.ctx, "screen certificate"); err != nil {
			return errors.Join(err, errors.New(b.d.Complaints()))
		}
	}
	if err := b.d.Key(b.ctx, "Return"); err != nil {
		return err
	}
	for _, step := range []string{"listed", "index ready", "symbols ready", "idle"} {
		if _, err := b.d.Until(b.ctx, step); err != nil {
			return errors.Join(err, errors.New(b.d.Complaints()))
		}
	}
	var painted, ranked []time.Duration
	for range b.rounds {
		for _, word := range quickWords {
			p, r, err := b.quickWord(word)
			if err != nil {
				return fmt.Errorf("%q: %w", word, err)
			}
			painted, ranked = append(painted, p...), append(ranked, r...)
		}
	}
	fmt.Fprintf(b.out, "quick open over %d paths, %d keys; until the rows are painted: p50 %d, p95 %d, max %d ms (target %d); ranking alone: p50 %.1f, p95 %.1f, max %.1f ms\n",
		quickFiles, len(painted), quantile(painted, .5), quantile(painted, .95), quantile(painted, 1), quickTarget,
		millisOf(ranked, .5), millisOf(ranked, .95), millisOf(ranked, 1))
	return nil
}

func millisOf(all []time.Duration, share float64) float64 {
	micro := make([]time.Duration, len(all))
	for i, d := range all {
		micro[i] = d * 1000 // quantile counts whole milliseconds
	}
	return float64(quantile(micro, share)) / 1000
}

// quickWord types one word and closes the box again.
func (b *viewBench) quickWord(word string) (painted, ranked []time.Duration, err error) {
	if err := b.d.Key(b.ctx, "ctrl+p"); err != nil {
		return nil, nil, err
	}
	if _, err := b.d.Until(b.ctx, "quick"); err != nil {
		return nil, nil, err
	}
	for i := range word {
		typed := word[:i+1]
		letter := strings.ReplaceAll(typed[i:], " ", "space")
		if err := b.d.Key(b.ctx, strings.ReplaceAll(letter, "_", "underscore")); err != nil {
			return nil, nil, err
		}
		for seen := 0; seen < 2; {
			line, err := b.d.Line(b.ctx, "rows for "+typed)
			if err != nil {
				return nil, nil, err
			}
			var took int64
			if _, err := fmt.Sscanf(line, "ranked %d ", &took); err == nil && strings.HasSuffix(line, " "+typed) {
				ranked = append(ranked, time.Duration(took)*time.Microsecond)
				seen++
			}
			if _, err := fmt.Sscanf(line, "listed-for %d ", &took); err == nil && strings.HasSuffix(line, " "+typed) {
				painted = append(painted, time.Duration(took)*time.Millisecond)
				seen++
			}
		}
	}
	return painted, ranked, b.d.Key(b.ctx, "Escape")
}

// quickDeposit seals a release of one file under many names, and a policy for it.
func (b *viewBench) quickDeposit() error {
	repo := b.d.Path("repo.git")
	if err := exec.CommandContext(b.ctx, "git", "init", "--quiet", "--bare", "--initial-branch=main", repo).Run(); err != nil {
		return fmt.Errorf("git init: %w", err)
	}
	cmd := exec.CommandContext(b.ctx, "git", "fast-import", "--quiet")
	cmd.Dir, cmd.Stderr = repo, os.Stderr
	in, err := cmd.StdinPipe()
	if err != nil {
		return err
	}
	if err := cmd.Start(); err != nil {
		return err
	}
	w := bufio.NewWriterSize(in, 1<<20)
	writeManyNames(w)
	if err := errors.Join(w.Flush(), in.Close(), cmd.Wait()); err != nil {
		return err
	}
	ctl := filepath.Join(b.d.Bin(), "vitrinectl")
	for _, args := range [][]string{
		{"git", "-C", repo, "tag", "1.0", "main"},
		{"ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", "vendor", "-f", "vendor"},
		{"ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", "operator", "-f", "operator"},
		{"ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", "reviewer", "-f", "reviewer"},
		{ctl, "deposit", "seal", "--repo", repo, "--release", "1.0", "--title", "Many names", "--vendor", "Bench", "--key", "vendor", "--out", "deposit"},
		{ctl, "policy", "sign", "--title", "Bench", "--vendor", "Bench=vendor.pub", "--reviewer", "M. Okafor=reviewer.pub", "--operator", "Northgate=operator.pub",
			"--deposit", "deposit", "--from", "2024-01-01", "--to", "2099-12-31", "--key", "operator", "--out", "policy.json"},
	} {
		c := exec.CommandContext(b.ctx, args[0], args[1:]...)
		c.Dir, c.Env = b.d.Path(), b.d.Env()
		if out, err := c.CombinedOutput(); err != nil {
			return fmt.Errorf("%s: %w\n%s", strings.Join(args, " "), err, out)
		}
	}
	return nil
}

// writeManyNames writes a stream for git fast-import: a commit with one text under paths
// like those of a large tree, whose folders share their beginnings.
func writeManyNames(w io.Writer) {
	text := "int main(void) { return 0; }\n"
	fmt.Fprintf(w, "blob\nmark :1\ndata %d\n%s\n", len(text), text)
	fmt.Fprintf(w, "commit refs/heads/main\nmark :2\ncommitter Bench <bench@example> 1700000000 +0000\ndata 5\nmany\n\n")
	words := []string{"kernel", "driver", "net", "core", "sched", "unpack", "parse", "table", "media", "index", "buffer", "queue", "crypto", "state", "render", "test"}
	for i := range quickFiles {
		word := func(every int) string { return words[(i/every+i%7)%len(words)] }
		fmt.Fprintf(w, "M 100644 :1 src/%s/%s/%s_%d/%s_%s%d.c\n", words[i/25_000], words[i/1500%16], words[i/100%16], i/100, word(3), word(11), i%977)
	}
	fmt.Fprintln(w)
}
