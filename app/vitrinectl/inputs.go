package main

import (
	"errors"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"vitrine/index/deposit"
)

// inputs collects what is to be sealed, in the order of the command line.
type inputs struct {
	all   []deposit.Input
	early []string // tags in front of everything
	name  string   // of the source that begins next
	strip int
}

func (in *inputs) add(c *cobra.Command) {
	f := c.Flags()
	f.Func("repo", "git `repository` to read: a working tree or a bare one", func(dir string) error {
		in.begin(deposit.Input{Repo: dir})
		return nil
	})
	f.Func("bundle", "git bundle `file` to read", func(file string) error {
		in.begin(deposit.Input{Bundle: file})
		return nil
	})
	f.Func("release", "`tag` of the repository or bundle before it to seal as a release, or release=tag; repeat it, oldest first", in.release)
	f.Func("source", "`name` of the source that the next repository, bundle, folder or archive begins", in.source)
	f.Func("folder", "plain folder to seal, as `release=dir`", func(v string) error {
		release, path, err := cutRelease(v)
		in.snapshot(deposit.Snapshot{Release: release, Folder: path})
		return err
	})
	f.Func("archive", "tar (plain, gzip, bzip2, zstd) or zip to seal, as `release=file`", func(v string) error {
		release, path, err := cutRelease(v)
		in.snapshot(deposit.Snapshot{Release: release, Archive: path})
		return err
	})
	f.IntVar(&in.strip, "strip", 0, "folders to take off the front of the archives' paths")
}

func cutRelease(v string) (release, path string, err error) {
	release, path, ok := strings.Cut(v, "=")
	if !ok || release == "" || path == "" {
		err = errors.New("write the release's name, = and the path")
	}
	return release, path, err
}

func (in *inputs) begin(i deposit.Input) {
	i.Name, in.name = in.name, ""
	in.all = append(in.all, i)
}

func (in *inputs) source(name string) error {
	if in.name != "" {
		return fmt.Errorf("nothing follows the source %q", in.name)
	}
	if !deposit.IsSourceName(name) {
		return errors.New("want lower-case letters, digits and (not first) . _ -")
	}
	in.name = name
	return nil
}

func (in *inputs) release(tag string) error {
	if len(in.all) == 0 {
		in.early = append(in.early, tag)
		return nil
	}
	addTag(&in.all[len(in.all)-1], tag)
	return nil
}

// addTag adds a release: a tag, or RELEASE=TAG.
func addTag(in *deposit.Input, tag string) {
	release, other, ok := strings.Cut(tag, "=")
	in.Releases = append(in.Releases, release)
	if ok {
		if in.Tags == nil {
			in.Tags = map[string]string{}
		}
		in.Tags[release] = other
	}
}

// snapshot adds to the folders and archives before it, unless a source begins.
func (in *inputs) snapshot(s deposit.Snapshot) {
	if in.name != "" || len(in.all) == 0 || in.all[len(in.all)-1].Snapshots == nil {
		in.begin(deposit.Input{})
	}
	last := &in.all[len(in.all)-1]
	last.Snapshots = append(last.Snapshots, s)
}

// finish says what is to be sealed.
func (in *inputs) finish(title string) ([]deposit.Input, error) {
	switch {
	case len(in.all) == 0:
		return nil, errors.New("what is to be sealed? give --repo DIR or --bundle FILE with --release TAG, --folder RELEASE=DIR or --archive RELEASE=FILE")
	case in.name != "":
		return nil, fmt.Errorf("--source: nothing follows the source %q", in.name)
	case len(in.early) > 0 && len(in.all) > 1:
		return nil, fmt.Errorf("--release %s stands before every --repo and --bundle; put it behind the one that has the tag", in.early[0])
	}
	behind := in.all[0].Releases
	in.all[0].Releases = nil
	for _, tag := range in.early {
		addTag(&in.all[0], tag)
	}
	in.all[0].Releases = append(in.all[0].Releases, behind...)
	archives := 0
	for i := range in.all {
		source := &in.all[i]
		for k := range source.Snapshots {
			if s := &source.Snapshots[k]; s.Archive != "" {
				s.Strip = in.strip
				archives++
			}
		}
		if source.Name != "" || len(source.Snapshots) == 0 {
			continue
		}
		if title == "" {
			return nil, errors.New("name the source that the folders and archives become: --source NAME in front of them, or --title for the product")
		}
		var err error
		if source.Name, err = deposit.SourceName(strings.ReplaceAll(title, "/", "-")); err != nil {
			return nil, err
		}
	}
	if in.strip != 0 && archives == 0 {
		return nil, errors.New("--strip is for archives, and none is sealed")
	}
	return in.all, nil
}
