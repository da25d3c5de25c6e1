package main

import (
	"bufio"
	"errors"
	"fmt"
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
	visit, err := b.quickDeposit()
	if err != nil {
		return err
	}
	if err := b.d.Enter(b.ctx, append([]string{"--size", "1280x800"}, visit...)...); err != nil {
		return errors.Join(err, errors.New(b.d.Complaints()))
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
	for _, step := range []string{"quick", "painted"} { // nobody types a letter in the same moment
		if _, err := b.d.Until(b.ctx, step); err != nil {
			return err
		}
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

// quickDeposit seals a release of one file under many names; it gives the arguments of a visit.
func (b *viewBench) quickDeposit() (visit []string, err error) {
	dir := b.d.Path("quick")
	repo := filepath.Join(dir, "repo.git")
	if err := os.Mkdir(dir, 0o700); err != nil {
		return nil, err
	}
	if err := fastImport(b.ctx, repo, writeManyNames); err != nil {
		return nil, err
	}
	if err := exec.CommandContext(b.ctx, "git", "-C", repo, "tag", "1.0", "main").Run(); err != nil {
		return nil, fmt.Errorf("git tag: %w", err)
	}
	return b.d.Seal(b.ctx, dir, "--title", "Many names", "--repo", repo, "--release", "1.0")
}

// writeManyNames writes a stream for git fast-import: a commit with one text under paths
// like those of a large tree, whose folders share their beginnings.
func writeManyNames(w *bufio.Writer) error {
	text := "int main(void) { return 0; }\n"
	fmt.Fprintf(w, "blob\nmark :1\ndata %d\n%s\n", len(text), text)
	fmt.Fprintf(w, "commit refs/heads/main\nmark :2\ncommitter Bench <bench@example> 1700000000 +0000\ndata 5\nmany\n\n")
	words := []string{"kernel", "driver", "net", "core", "sched", "unpack", "parse", "table", "media", "index", "buffer", "queue", "crypto", "state", "render", "test"}
	for i := range quickFiles {
		word := func(every int) string { return words[(i/every+i%7)%len(words)] }
		fmt.Fprintf(w, "M 100644 :1 src/%s/%s/%s_%d/%s_%s%d.c\n", words[i/25_000], words[i/1500%16], words[i/100%16], i/100, word(3), word(11), i%977)
	}
	_, err := fmt.Fprintln(w) // a buffer keeps its first error
	return err
}
