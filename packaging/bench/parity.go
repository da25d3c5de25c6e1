package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"vitrine/index/search"
)

func parityCommand() *cobra.Command {
	p := parity{}
	var repo string
	var tags []string
	c := &cobra.Command{
		Use:   "parity [DIR…]",
		Short: "hold random queries against ripgrep and git grep, line by line and column by column",
		Long: `Draws queries at random from each folder (the Go toolchain's src when none is given) and compares what
vitrine finds with what ripgrep does; and with --repo, for each of its tags as a release, with git grep of the tag.
Files that vitrine lists as not searched, or decodes from another encoding than UTF-8, are left out of the comparison and counted.`,
		RunE: func(cmd *cobra.Command, dirs []string) error {
			p.ctx, p.out = cmd.Context(), cmd.OutOrStdout()
			if len(dirs) == 0 && repo == "" {
				src, err := goSource(p.ctx)
				if err != nil {
					return err
				}
				dirs = []string{src}
			}
			fmt.Fprintf(p.out, "seed %d\n", p.seed)
			for _, dir := range dirs {
				if err := p.folder(dir); err != nil {
					return err
				}
			}
			if repo != "" {
				if err := p.repository(repo, tags); err != nil {
					return err
				}
			}
			if p.wrong > 0 {
				return fmt.Errorf("%d queries differ", p.wrong)
			}
			return nil
		},
	}
	c.Flags().IntVar(&p.queries, "queries", 2000, "queries for each folder, and for the repository")
	c.Flags().Uint64Var(&p.seed, "seed", uint64(time.Now().UnixNano()), "of the random queries")
	c.Flags().StringVar(&repo, "repo", "", "git repository whose --tag is compared with git grep")
	c.Flags().StringSliceVar(&tags, "tag", nil, "tag that becomes a release; repeat it")
	return c
}

type parity struct {
	ctx     context.Context
	out     io.Writer
	queries int
	seed    uint64
	wrong   int
}

// A found line is a path, a line and the column of its first match.
type found map[string]bool

// folder compares with ripgrep.
func (p *parity) folder(dir string) (err error) {
	c, err := buildCorpus(p.ctx, dir, nil)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, c.close()) }()
	return p.compare(c, dir, "ripgrep", func(s sample, _ string) (found, error) {
		args := []string{
			"--no-config", "--no-ignore", "--hidden", "--glob=!.git", "--null", "--line-number", "--column",
			"--no-heading", "--color=never", "--no-messages", "--encoding=none",
		}
		return lines(p.ctx, dir, ':', "rg", append(append(args, s.rg()...), "."))
	})
}

// repository compares with git grep.
func (p *parity) repository(repo string, tags []string) (err error) {
	c, err := buildCorpus(p.ctx, repo, tags)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, c.close()) }()
	return p.compare(c, repo, "git grep", func(s sample, tag string) (found, error) {
		args := []string{"-c", "core.quotepath=off", "grep", "-I", "-z", "-n", "--column", "--no-color"}
		if s.fold {
			args = append(args, "-i")
		}
		how := "-F"
		if s.regexp {
			how = "-E"
		}
		all, err := lines(p.ctx, repo, 0, "git", append(args, how, "-e", s.text, tag))
		bare := found{}
		for line := range all {
			bare[strings.TrimPrefix(line, tag+":")] = true
		}
		return bare, err
	})
}

func (p *parity) compare(c *corpus, name, peer string, theirs func(s sample, release string) (found, error)) error {
	d := c.drawer(p.seed)
	samples, err := d.draw(p.queries)
	if err != nil {
		return err
	}
	_, out := c.searched()
	total, wrong := 0, 0
	for i, s := range samples {
		release := c.tree.Names[i%len(c.tree.Names)]
		q, err := s.ours(release)
		if err != nil {
			return fmt.Errorf("%s: %w", s, err)
		}
		us := found{}
		if _, err := c.index.Search(p.ctx, q, func(h search.Hit) bool {
			if !out[h.Place.Path] {
				us[fmt.Sprintf("%s\x00%d:%d", h.Place.Path, h.Line, h.Column)] = true
			}
			return true
		}); err != nil {
			return fmt.Errorf("%s: %w", s, err)
		}
		all, err := theirs(s, release)
		if err != nil {
			return fmt.Errorf("%s: %w", s, err)
		}
		them := found{}
		for line := range all {
			if path, _, _ := strings.Cut(line, "\x00"); !out[path] {
				them[line] = true
			}
		}
		total += len(them)
		if less, more := lacking(them, us), lacking(us, them); less+more != "" {
			wrong++
			fmt.Fprintf(p.out, "DIFFERS %s, release %q: %s finds%s; vitrine%s\n", s, release, peer, less, more)
		}
	}
	fmt.Fprintf(p.out, "%s: %d queries with %d lines, %d differ from %s; %d files left out (not searched, or not UTF-8)\n",
		name, len(samples), total, wrong, peer, len(out))
	p.wrong += wrong
	return nil
}

// lacking lists some of a that are not in b.
func lacking(a, b found) string {
	var list []string
	for line := range a {
		if !b[line] {
			list = append(list, strings.ReplaceAll(line, "\x00", ":"))
		}
	}
	if len(list) == 0 {
		return ""
	}
	slices.Sort(list)
	return fmt.Sprintf(" %d more (%s)", len(list), strings.Join(list[:min(len(list), 3)], ", "))
}

// rg is the sample as ripgrep's arguments.
func (s sample) rg() []string {
	args := []string{"--case-sensitive"}
	if s.fold {
		args = []string{"--ignore-case"}
	}
	if !s.regexp {
		args = append(args, "--fixed-strings")
	}
	return append(args, "--regexp", s.text)
}

// lines runs a tool that prints PATH NUL LINE sep COLUMN sep TEXT.
func lines(ctx context.Context, dir string, sep byte, name string, args []string) (found, error) {
	cmd := exec.CommandContext(ctx, name, args...)
	cmd.Dir, cmd.Stderr = dir, os.Stderr
	cmd.Env = append(os.Environ(), "LC_ALL=C.UTF-8")
	text, err := cmd.Output()
	var exit *exec.ExitError
	if err != nil && (!errors.As(err, &exit) || exit.ExitCode() != 1) {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	all := found{}
	for line := range bytes.Lines(text) {
		path, rest, ok := bytes.Cut(line, []byte{0})
		number, rest, ok2 := bytes.Cut(rest, []byte{sep})
		column, _, ok3 := bytes.Cut(rest, []byte{sep})
		if !ok || !ok2 || !ok3 {
			continue // that a binary file matches
		}
		for _, n := range [][]byte{number, column} {
			if _, err := strconv.Atoi(string(n)); err != nil {
				return nil, fmt.Errorf("%s prints %q", name, line)
			}
		}
		all[fmt.Sprintf("%s\x00%s:%s", strings.TrimPrefix(string(path), "./"), number, column)] = true
	}
	return all, nil
}
