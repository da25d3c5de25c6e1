package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"time"
)

// A peer is a tool that searches a corpus.
type peer struct {
	name string
	// index is the command that makes its index, nil when it has none; at is
	// where it lies then.
	index []string
	at    string
	// find looks for a sample and tells how many lines it found.
	find func(s sample) (took time.Duration, lines int, err error)
}

// peers are ripgrep and codesearch, which is fetched as a Go module, and zoekt
// when its binaries are on the PATH.
func peers(ctx context.Context, dir, corpus string) ([]peer, error) {
	tools := filepath.Join(dir, "tools")
	if err := fetchCodesearch(ctx, tools); err != nil {
		return nil, fmt.Errorf("building codesearch: %w", err)
	}
	all := []peer{ripgrep(ctx, corpus), codesearch(ctx, tools, filepath.Join(dir, "csearchindex"), corpus)}
	if _, err := exec.LookPath("zoekt-index"); err == nil {
		all = append(all, zoekt(ctx, filepath.Join(dir, "zoekt"), corpus))
	}
	return all, nil
}

// The version of codesearch that is compared with.
const codesearchModule = "github.com/google/codesearch"

// fetchCodesearch builds cindex and csearch in a module of their own: they are
// no dependency of ours.
func fetchCodesearch(ctx context.Context, dir string) error {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return err
	}
	mod := "module peers\n\ngo 1.24\n\nrequire " + codesearchModule + " v1.2.0\n"
	if err := os.WriteFile(filepath.Join(dir, "go.mod"), []byte(mod), 0o600); err != nil {
		return err
	}
	cmd := exec.CommandContext(ctx, "go", "install", "-mod=mod", codesearchModule+"/cmd/cindex", codesearchModule+"/cmd/csearch")
	cmd.Dir, cmd.Env = dir, append(os.Environ(), "GOBIN="+dir)
	out, err := cmd.CombinedOutput()
	if err != nil {
		return fmt.Errorf("%w\n%s", err, out)
	}
	return nil
}

func ripgrep(ctx context.Context, corpus string) peer {
	return peer{name: "rg", find: func(s sample) (time.Duration, int, error) {
		args := []string{"--no-config", "--no-ignore", "--hidden", "--glob=!.git", "--line-number", "--column", "--no-heading", "--color=never"}
		return timed(ctx, corpus, nil, "rg", append(append(args, s.rg()...), "."))
	}}
}

func codesearch(ctx context.Context, tools, index, corpus string) peer {
	env := []string{"CSEARCHINDEX=" + index}
	return peer{
		name:  "csearch",
		index: []string{"env", env[0], filepath.Join(tools, "cindex"), corpus},
		at:    index,
		find: func(s sample) (time.Duration, int, error) {
			args := []string{"-n"}
			if s.fold {
				args = append(args, "-i")
			}
			return timed(ctx, "", env, filepath.Join(tools, "csearch"), append(args, "--", s.pattern()))
		},
	}
}

// duration is how long zoekt says that a search took, without its start.
var duration = regexp.MustCompile(`Duration:(\d+)`)

func zoekt(ctx context.Context, index, corpus string) peer {
	return peer{
		name:  "zoekt",
		index: []string{"zoekt-index", "-disable_ctags", "-index", index, corpus},
		at:    index,
		find: func(s sample) (time.Duration, int, error) {
			fold := "yes"
			if s.fold {
				fold = "no"
			}
			quote := strings.NewReplacer(`\`, `\\`, `"`, `\"`)
			cmd := exec.CommandContext(ctx, "zoekt", "-v", "-index_dir", index, `case:`+fold+` content:"`+quote.Replace(s.pattern())+`"`)
			var said bytes.Buffer
			cmd.Stderr = &said
			out, err := cmd.Output()
			if err != nil {
				return 0, 0, fmt.Errorf("zoekt: %w\n%s", err, said.Bytes())
			}
			m := duration.FindSubmatch(said.Bytes())
			if m == nil {
				return 0, 0, fmt.Errorf("zoekt does not say how long it took: %s", said.Bytes())
			}
			took, err := time.ParseDuration(string(m[1]) + "ns")
			return took, bytes.Count(out, []byte{'\n'}), err
		},
	}
}

// timed runs a tool, its start included.
func timed(ctx context.Context, dir string, env []string, name string, args []string) (took time.Duration, lines int, err error) {
	cmd := exec.CommandContext(ctx, name, args...)
	cmd.Dir, cmd.Env = dir, append(os.Environ(), env...)
	start := time.Now()
	out, err := cmd.Output()
	took = time.Since(start)
	var exit *exec.ExitError
	if err != nil && (!errors.As(err, &exit) || exit.ExitCode() != 1) {
		return 0, 0, fmt.Errorf("%s: %w", name, err)
	}
	return took, bytes.Count(out, []byte{'\n'}), nil
}
