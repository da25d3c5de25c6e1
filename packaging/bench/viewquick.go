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
	"text/tabwriter"
	"time"
)

// quickTarget is how long quick open may take from a key to the rows that answer it, in
// milliseconds: a frame.
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
	var k quickKeys
	for range b.rounds {
		for _, word := range quickWords {
			if err := b.quickWord(word, &k); err != nil {
				return fmt.Errorf("%q: %w", word, err)
			}
		}
	}
	fmt.Fprintf(b.out, "quick open over %d paths, %d keys (target %d ms)\n", quickFiles, len(k.painted), quickTarget)
	w := tabwriter.NewWriter(b.out, 0, 8, 2, ' ', 0)
	fmt.Fprintf(w, "from the key to\tp50\tp95\tmax, ms\n")
	for _, row := range []struct {
		name string
		all  []time.Duration
	}{{"the paths, ranked", k.ranked}, {"the frame that has them, begun", k.begun}, {"the frame, painted", k.painted}} {
		fmt.Fprintf(w, "%s\t%.1f\t%.1f\t%.1f\n", row.name, millisOf(row.all, .5), millisOf(row.all, .95), millisOf(row.all, 1))
	}
	return w.Flush()
}

func millisOf(all []time.Duration, share float64) float64 {
	micro := make([]time.Duration, len(all))
	for i, d := range all {
		micro[i] = d * 1000 // quantile counts whole milliseconds
	}
	return float64(quantile(micro, share)) / 1000
}

// quickKeys is what each key took until its paths were ranked, until the frame with them
// began, for which the window's clock is waited for, and until that was painted.
type quickKeys struct{ ranked, begun, painted []time.Duration }

// quickWord types one word and closes the box again.
func (b *viewBench) quickWord(word string, k *quickKeys) error {
	if err := b.d.Key(b.ctx, "ctrl+p"); err != nil {
		return err
	}
	if _, err := b.d.Until(b.ctx, "quick"); err != nil {
		return err
	}
	for i := range word {
		typed := word[:i+1]
		letter := strings.ReplaceAll(typed[i:], " ", "space")
		if err := b.d.Key(b.ctx, strings.ReplaceAll(letter, "_", "underscore")); err != nil {
			return err
		}
		var framed int64 // µs
		for seen := 0; seen < 2; {
			line, err := b.d.Line(b.ctx, "rows for "+typed)
			if err != nil {
				return err
			}
			var took int64
			if _, err := fmt.Sscanf(line, "framed %d", &took); err == nil {
				framed = took
			}
			if _, err := fmt.Sscanf(line, "ranked %d ", &took); err == nil && strings.HasSuffix(line, " "+typed) {
				k.ranked = append(k.ranked, time.Duration(took)*time.Microsecond)
				seen++
			}
			if _, err := fmt.Sscanf(line, "listed-for %d ", &took); err == nil && strings.HasSuffix(line, " "+typed) {
				painted := time.Duration(took) * time.Millisecond
				k.painted = append(k.painted, painted)
				k.begun = append(k.begun, max(painted-time.Duration(framed)*time.Microsecond, 0))
				seen++
			}
		}
	}
	return b.d.Key(b.ctx, "Escape")
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
