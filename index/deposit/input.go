package deposit

import (
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
)

// An Input is what becomes one source.
type Input struct {
	// Name names the source; "" takes it from the last element of the path.
	Name string
	// Repo is a working tree with a .git folder, or a bare repository. It is
	// only read.
	Repo string
	// Releases are tags, oldest first.
	Releases []string
}

// what names the input in a sentence.
func (in *Input) what() string { return "repository " + in.Repo }

// open opens the input for reading.
func (in *Input) open(limits Limits) (*repository, error) { return openRepository(in.Repo, limits) }

// checkInputs holds the rules of names and gives names to those without.
func checkInputs(inputs []Input) error {
	if len(inputs) == 0 || len(inputs) > maxSources {
		return fmt.Errorf("%d repositories to seal, want 1 to %d", len(inputs), maxSources)
	}
	sources, releases := map[string]bool{}, map[string]bool{}
	for i := range inputs {
		in := &inputs[i]
		if in.Name == "" {
			name, err := sourceName(in.Repo)
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
		if len(in.Releases) == 0 {
			return errors.New("no releases to seal of " + in.what())
		}
		for k, name := range in.Releases {
			if err := checkReleaseName(name); err != nil {
				return err
			}
			if slices.Contains(in.Releases[:k], name) || releases[name] {
				return fmt.Errorf("release %q twice", name)
			}
			releases[name] = true
		}
	}
	return nil
}

// sourceName makes a source's name of a path.
func sourceName(path string) (string, error) {
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
