package deposit

import (
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
)

// An Input is what becomes one source: a repository, a git bundle, or folders
// and archives.
type Input struct {
	// Name names the source; "" takes it from the last element of the path of
	// the repository or bundle. Folders and archives need one.
	Name string
	// Repo is a working tree with a .git folder, or a bare repository. It is
	// only read.
	Repo string
	// Bundle is a git bundle of version 2 that rests on nothing.
	Bundle string
	// Releases are tags of Repo or Bundle, oldest first.
	Releases []string
	// Tags has, by the release, tags of another name. Names of releases are
	// unique in a deposit, but two repositories may both have a tag v1.0.
	Tags map[string]string
	// Snapshots are releases without a history, oldest first.
	Snapshots []Snapshot
}

// A Snapshot is a plain folder or an archive that becomes a release. Its files
// get a commit of their own, whose parent is the snapshot before it; when a
// deposit is continued that has the source already, its last release.
type Snapshot struct {
	Release string
	// Folder is a folder, sealed with all that is in it except empty folders,
	// for which git has no form. It is only read.
	Folder string
	// Archive is a tar file, which may be compressed with gzip, bzip2 or zstd,
	// or a zip file.
	Archive string
	// Strip is how many folders are taken off the front of the archive's
	// paths: 1 for archives that hold everything in one folder.
	Strip int
}

// what names the input in a sentence.
func (in *Input) what() string {
	switch {
	case in.Repo != "":
		return "repository " + in.Repo
	case in.Bundle != "":
		return "bundle " + in.Bundle
	}
	return "source " + in.Name
}

// releases are the names of the input's releases.
func (in *Input) releases() []string {
	names := slices.Clone(in.Releases)
	for _, s := range in.Snapshots {
		names = append(names, s.Release)
	}
	return names
}

// tag is the name of a release's tag.
func (in *Input) tag(release string) string {
	if name, ok := in.Tags[release]; ok {
		return name
	}
	return release
}

// check holds that the input is of one form.
func (in *Input) check() error {
	forms := 0
	for _, is := range []bool{in.Repo != "", in.Bundle != "", len(in.Snapshots) > 0} {
		if is {
			forms++
		}
	}
	if forms != 1 {
		return errors.New("a source is sealed from one repository, one bundle, or folders and archives")
	}
	if len(in.Snapshots) > 0 && len(in.Releases) > 0 {
		return fmt.Errorf("release %q: folders and archives have no tags", in.Releases[0])
	}
	for _, s := range in.Snapshots {
		if (s.Folder == "") == (s.Archive == "") {
			return fmt.Errorf("release %q is either a folder or an archive", s.Release)
		}
		if s.Strip < 0 || s.Strip > maxPathDepth || s.Strip > 0 && s.Archive == "" {
			return fmt.Errorf("release %q: %d folders cannot be taken off its paths", s.Release, s.Strip)
		}
	}
	return nil
}

// checkInputs holds the rules of names and gives names to those without.
func checkInputs(inputs []Input) error {
	if len(inputs) == 0 || len(inputs) > maxSources {
		return fmt.Errorf("%d sources to seal, want 1 to %d", len(inputs), maxSources)
	}
	sources, releases := map[string]bool{}, map[string]bool{}
	for i := range inputs {
		in := &inputs[i]
		if err := in.check(); err != nil {
			return err
		}
		if in.Name == "" && len(in.Snapshots) > 0 {
			return errors.New("the source that folders and archives become has no name")
		}
		if in.Name == "" {
			name, err := SourceName(in.Repo + in.Bundle)
			if err != nil {
				return err
			}
			in.Name = name
		}
		if err := checkSourceName(in.Name); err != nil {
			return err
		}
		if sources[in.Name] {
			return fmt.Errorf("two sources would have the name %q; name them", in.Name)
		}
		sources[in.Name] = true
		names := in.releases()
		if len(names) == 0 {
			return errors.New("no releases to seal of " + in.what())
		}
		for k, name := range names {
			if err := errors.Join(checkReleaseName(name), checkReleaseName(in.tag(name))); err != nil {
				return err
			}
			if slices.Contains(names[:k], name) || releases[name] {
				return fmt.Errorf("release %q twice; the releases of a deposit need different names, also if they are of different sources", name)
			}
		}
		for _, name := range names {
			releases[name] = true
		}
	}
	if len(releases) > maxReleases {
		return fmt.Errorf("%d releases to seal, at most %d", len(releases), maxReleases)
	}
	return nil
}

// IsSourceName reports whether a text can be the name of a source.
func IsSourceName(s string) bool { return checkSourceName(s) == nil }

// SourceName makes a source's name of a path.
func SourceName(path string) (string, error) {
	abs, err := filepath.Abs(path)
	if err != nil {
		return "", err
	}
	base := strings.ToLower(filepath.Base(abs))
	for _, suffix := range []string{".git", ".bundle"} {
		base = strings.TrimSuffix(base, suffix)
	}
	name := strings.Map(func(r rune) rune {
		if 'a' <= r && r <= 'z' || '0' <= r && r <= '9' || strings.ContainsRune("._-", r) {
			return r
		}
		return '-'
	}, base)
	name = strings.TrimLeft(name, "._-")
	if name == "" {
		name = "source"
	}
	return name[:min(len(name), 64)], nil
}
