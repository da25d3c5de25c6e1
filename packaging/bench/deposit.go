package main

import (
	"context"
	"crypto/ed25519"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"
	"golang.org/x/crypto/ssh"

	"vitrine/index/deposit"
	"vitrine/index/seal"
)

// What the verification of a deposit may cost beside git fsck --full: half the
// processor time, and memory that hardly grows with the pack.
const (
	cpuTarget       = 0.5
	memoryTarget    = 300e6
	memoryPerObject = 100
)

func depositCommand() *cobra.Command {
	var runs int
	c := &cobra.Command{
		Use:   "deposit [REPOSITORY]",
		Short: "time the verification of a deposit beside git fsck --full of the same pack",
		Long: `Seals the tags of a git repository (without tags its HEAD; without a repository, one that it makes of
the Go toolchain's source, with 150,000 objects of 4 GB), clones the bundle with stock git, and then runs
git fsck --full on the clone and vitrinectl deposit verify on the deposit in turn, as processes of their own.`,
		Args: cobra.MaximumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			b := &depositBench{ctx: cmd.Context(), out: cmd.OutOrStdout(), runs: runs}
			return b.run(args)
		},
	}
	c.Flags().IntVar(&runs, "runs", 3, "runs of each; the median is printed")
	return c
}

// A depositBench is one run of bench deposit.
type depositBench struct {
	ctx  context.Context
	out  io.Writer
	runs int
	dir  string // of everything it makes
}

func (b *depositBench) run(args []string) (err error) {
	if b.dir, err = os.MkdirTemp("", "vitrine-bench-"); err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(b.dir)) }()
	repo := filepath.Join(b.dir, "repo.git")
	if len(args) == 0 {
		fmt.Fprintln(b.out, "making a repository of the Go toolchain's source")
		if err := makeHistory(b.ctx, repo); err != nil {
			return fmt.Errorf("making a repository: %w", err)
		}
	} else if err := b.git("", "clone", "--quiet", "--bare", "--local", args[0], repo); err != nil {
		return err
	}
	if err := b.seal(repo); err != nil {
		return err
	}
	return b.compare()
}

func (b *depositBench) path(name string) string { return filepath.Join(b.dir, name) }

func (b *depositBench) git(dir string, args ...string) error {
	cmd := exec.CommandContext(b.ctx, "git", args...)
	cmd.Dir, cmd.Stderr = dir, os.Stderr
	if err := cmd.Run(); err != nil {
		return fmt.Errorf("git %s: %w", strings.Join(args, " "), err)
	}
	return nil
}

// maxTags is how many releases a deposit may have.
const maxTags = 1000

// seal makes the deposit and the clone that git is to look at.
func (b *depositBench) seal(repo string) error {
	list := exec.CommandContext(b.ctx, "git", "for-each-ref", "--sort=creatordate", "--format=%(refname:strip=2) %(objecttype) %(*objecttype)", "refs/tags")
	list.Dir = repo
	text, err := list.Output()
	if err != nil {
		return fmt.Errorf("listing the tags: %w", err)
	}
	var tags []string
	for line := range strings.Lines(string(text)) {
		if f := strings.Fields(line); len(f) > 1 && f[len(f)-1] == "commit" {
			tags = append(tags, f[0])
		}
	}
	if len(tags) == 0 {
		tags = []string{"bench-head"}
		if err := b.git(repo, "tag", tags[0], "HEAD"); err != nil {
			return err
		}
	}
	tags = tags[max(0, len(tags)-maxTags):]
	_, private, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		return err
	}
	signer, err := ssh.NewSignerFromKey(private)
	if err != nil {
		return err
	}
	start := time.Now()
	m, err := deposit.Seal(b.ctx, deposit.SealOptions{
		Inputs: []deposit.Input{{Name: "bench", Repo: repo, Releases: tags}},
		Title:  "Bench", Vendor: "Bench", Sealed: time.Now(), Signer: signer, Out: b.path("deposit"),
	}, nil)
	if err != nil {
		return err
	}
	fmt.Fprintf(b.out, "sealed %d releases in %.1f s: a bundle of %.1f MB\n", len(tags), time.Since(start).Seconds(), float64(m.Sources[0].Size)/1e6)
	signers := seal.Line("bench", signer.PublicKey(), deposit.Namespace)
	if err := os.WriteFile(b.path("signers"), []byte(signers), 0o600); err != nil {
		return err
	}
	if err := b.git("", "clone", "--quiet", "--bare", b.path("deposit/bench.bundle"), b.path("clone.git")); err != nil {
		return err
	}
	build := exec.CommandContext(b.ctx, "go", "build", "-buildvcs=false", "-o", b.path("vitrinectl"), "vitrine/app/vitrinectl")
	build.Env, build.Stderr = append(os.Environ(), "CGO_ENABLED=0"), os.Stderr
	if err := build.Run(); err != nil {
		return fmt.Errorf("building vitrinectl: %w", err)
	}
	return b.reopen(signers)
}

// reopen times the first admission and those after it.
func (b *depositBench) reopen(signers string) error {
	list, err := seal.ParseSigners([]byte(signers))
	if err != nil {
		return err
	}
	trust := deposit.Trust{Signers: list, At: time.Now()}
	start := time.Now()
	first, err := deposit.Admit(b.ctx, b.path("deposit"), b.path("workspace"), trust, deposit.Limits{}, nil)
	if err != nil {
		return err
	}
	admitted := time.Since(start)
	fmt.Fprintf(b.out, "%d objects of %.2f GB; admitted in %.1f s", first.Counts.Objects(), float64(first.Counts.Inflated)/1e9, admitted.Seconds())
	var again []time.Duration
	for range b.runs {
		start = time.Now()
		a, err := deposit.Reopen(b.ctx, b.path("deposit"), b.path("workspace"), trust, deposit.Limits{}, nil)
		if err != nil {
			return err
		}
		d, err := deposit.Open(b.path("workspace"), a.Digest)
		if err != nil {
			return err
		}
		again = append(again, time.Since(start))
		if err := d.Close(); err != nil {
			return err
		}
	}
	fmt.Fprintf(b.out, ", opened again in %.2f s (target 1 s)\n\n", median(again).Seconds())
	return nil
}

// A cost is what a process took.
type cost struct {
	CPU, Wall time.Duration
	Memory    int64 // bytes, at its peak
}

// compare runs both in turn and prints them side by side.
func (b *depositBench) compare() error {
	ours := []string{b.path("vitrinectl"), "deposit", "verify", "--trust", b.path("signers"), b.path("deposit")}
	git := []string{"git", "-C", b.path("clone.git"), "fsck", "--full", "--no-progress"}
	var us, them []cost
	for range b.runs {
		t, err := measure(b.ctx, git)
		if err != nil {
			return err
		}
		u, err := measure(b.ctx, ours)
		if err != nil {
			return err
		}
		them, us = append(them, t), append(us, u)
	}
	objects, err := b.objects()
	if err != nil {
		return err
	}
	t, u := middle(them), middle(us)
	w := tabwriter.NewWriter(b.out, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(w, "\tCPU s\twall s\tpeak MB\t")
	fmt.Fprintf(w, "git fsck --full\t%.2f\t%.2f\t%.0f\t\n", t.CPU.Seconds(), t.Wall.Seconds(), float64(t.Memory)/1e6)
	fmt.Fprintf(w, "vitrinectl deposit verify\t%.2f\t%.2f\t%.0f\t\n", u.CPU.Seconds(), u.Wall.Seconds(), float64(u.Memory)/1e6)
	fmt.Fprintf(w, "ratio\t%.2f\t%.2f\t%.2f\t\n", u.CPU.Seconds()/t.CPU.Seconds(), u.Wall.Seconds()/t.Wall.Seconds(), float64(u.Memory)/float64(t.Memory))
	fmt.Fprintf(w, "target\t%.2f\t\t%.0f\t\n", cpuTarget, (memoryTarget+memoryPerObject*float64(objects))/1e6)
	return w.Flush()
}

// objects counts the objects of the pack.
func (b *depositBench) objects() (int, error) {
	out, err := exec.CommandContext(b.ctx, "git", "-C", b.path("clone.git"), "count-objects", "-v").Output()
	if err != nil {
		return 0, err
	}
	for line := range strings.Lines(string(out)) {
		var n int
		if _, err := fmt.Sscanf(line, "in-pack: %d", &n); err == nil {
			return n, nil
		}
	}
	return 0, errors.New("git count-objects does not say how many are in the pack")
}

// measure runs a command that must succeed, from a process of this program that
// is small: Linux counts the memory of the one that starts a process as the new
// one's peak.
func measure(ctx context.Context, args []string) (cost, error) {
	self, err := os.Executable()
	if err != nil {
		return cost{}, err
	}
	cmd := exec.CommandContext(ctx, self, append([]string{"measure", "--"}, args...)...)
	cmd.Stderr = os.Stderr
	out, err := cmd.Output()
	if err != nil {
		return cost{}, fmt.Errorf("%s: %w", strings.Join(args, " "), err)
	}
	var c cost
	return c, json.Unmarshal(out, &c)
}

// measureCommand is the small process.
func measureCommand() *cobra.Command {
	return &cobra.Command{
		Use:    "measure -- COMMAND",
		Hidden: true,
		Args:   cobra.MinimumNArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			cmd := exec.CommandContext(c.Context(), args[0], args[1:]...)
			var said strings.Builder
			cmd.Stderr = &said
			start := time.Now()
			if err := cmd.Run(); err != nil {
				return fmt.Errorf("%w\n%s", err, said.String())
			}
			took := cost{CPU: cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime(), Wall: time.Since(start)}
			if u, ok := cmd.ProcessState.SysUsage().(*syscall.Rusage); ok {
				took.Memory = u.Maxrss << 10 // Linux counts in KiB
			}
			return json.NewEncoder(c.OutOrStdout()).Encode(took)
		},
	}
}

// middle takes the median of each figure.
func middle(costs []cost) cost {
	var cpu, wall, memory []time.Duration
	for _, c := range costs {
		cpu, wall, memory = append(cpu, c.CPU), append(wall, c.Wall), append(memory, time.Duration(c.Memory))
	}
	return cost{median(cpu), median(wall), int64(median(memory))}
}

func median(d []time.Duration) time.Duration {
	slices.Sort(d)
	return d[len(d)/2]
}
