package main

import (
	"bufio"
	"fmt"
	"io/fs"
	"net/mail"
	"path"
	"slices"
	"strings"
	"time"
)

// A release is a tag and the commits since the one before.
type release struct {
	name    string
	commits []commit
}

// A commit takes files of its release's folder, by prefix, and removes others.
type commit struct {
	when         time.Time
	author       *mail.Address
	message      string
	take, remove []string
}

// historyFile says in its first lines how it is written.
const historyFile = "history.txt"

func readHistory(src fs.FS) ([]release, error) {
	f, err := src.Open(historyFile)
	if err != nil {
		return nil, err
	}
	defer f.Close()

	var all []release
	lines := bufio.NewScanner(f)
	for n := 1; lines.Scan(); n++ {
		if err := readLine(&all, lines.Text()); err != nil {
			return nil, fmt.Errorf("%s line %d: %w", historyFile, n, err)
		}
	}
	if err := lines.Err(); err != nil {
		return nil, fmt.Errorf("%s: %w", historyFile, err)
	}
	return all, nil
}

func readLine(all *[]release, line string) error {
	if strings.HasPrefix(line, "#") {
		return nil
	}
	if name, ok := strings.CutPrefix(line, "release "); ok {
		*all = append(*all, release{name: name})
		return nil
	}
	var r *release
	if len(*all) > 0 {
		r = &(*all)[len(*all)-1]
	}
	if rest, ok := strings.CutPrefix(line, "commit "); ok && r != nil {
		c, err := readCommit(rest)
		if err != nil {
			return err
		}
		r.commits = append(r.commits, c)
		return nil
	}
	if r == nil || len(r.commits) == 0 {
		if line == "" {
			return nil
		}
		return fmt.Errorf("%q belongs to no commit", line)
	}
	c := &r.commits[len(r.commits)-1]
	text, indented := strings.CutPrefix(line, "\t")
	switch {
	case strings.HasPrefix(text, "+") && indented:
		c.take = append(c.take, strings.TrimSpace(text[1:]))
	case strings.HasPrefix(text, "-") && indented:
		c.remove = append(c.remove, strings.TrimSpace(text[1:]))
	case indented || line == "":
		c.message += text + "\n"
	default:
		return fmt.Errorf("%q is neither release, commit nor indented", line)
	}
	return nil
}

func readCommit(rest string) (commit, error) {
	date, author, _ := strings.Cut(rest, " ")
	when, err := time.Parse(time.RFC3339, date)
	if err != nil {
		return commit{}, err
	}
	addr, err := mail.ParseAddress(author)
	if err != nil {
		return commit{}, fmt.Errorf("author %q: %w", author, err)
	}
	return commit{when: when, author: addr}, nil
}

// text is the message as git stores it: no blank lines around it, one newline
// at its end.
func (c commit) text() string { return strings.Trim(c.message, "\n") + "\n" }

// takes picks from left, the files no commit took yet, those of this one.
func (c commit) takes(left []string) (mine, rest []string) {
	for _, p := range left {
		if slices.ContainsFunc(c.take, func(prefix string) bool { return strings.HasPrefix(p, prefix) }) {
			mine = append(mine, p)
		} else {
			rest = append(rest, p)
		}
	}
	return mine, rest
}

// releaseFiles lists what the release's folder holds, relative to it.
func releaseFiles(src fs.FS, name string) ([]string, error) {
	var all []string
	err := fs.WalkDir(src, name, func(p string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		if !d.Type().IsRegular() {
			return fmt.Errorf("%s is not a regular file", p)
		}
		all = append(all, strings.TrimPrefix(p, path.Clean(name)+"/"))
		return nil
	})
	return all, err
}
