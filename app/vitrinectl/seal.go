package main

import (
	"cmp"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"vitrine/index/deposit"
	"vitrine/index/seal"
)

const sealExample = `  # tags of a repository
  vitrinectl deposit seal --repo engine --release v1.0 --release v1.1 --key vendor --out deposit

  # two repositories: a --release belongs to what stands before it
  vitrinectl deposit seal --repo engine --release v1.1 --repo rules --release rules-1.1=v1.1 --key vendor --out deposit

  # what is in no repository: a folder, and an archive whose files are all below one folder
  vitrinectl deposit seal --source engine --folder 1.0=engine-1.0/ --archive 1.1=engine-1.1.tar.gz --strip 1 --key vendor --out deposit

  # what is new since an earlier deposit
  vitrinectl deposit seal --since deposit --repo engine --release v1.2 --key vendor --out update`

func sealCommand() *cobra.Command {
	var o deposit.SealOptions
	var in inputs
	var key, date string
	c := &cobra.Command{
		Use:   "seal {--repo DIR --release TAG… | --folder RELEASE=DIR | --archive RELEASE=FILE}… --key FILE --out DIR",
		Short: "Make a signed deposit of releases: of git repositories, bundles, folders or archives",
		Long: `Makes a signed deposit. What is sealed stands in this order: each --repo or
--bundle, followed by its tags, oldest first; each folder or archive with the
name that its release gets. A tag whose name another release has already is
given as RELEASE=TAG. Every repository and every bundle is a source of its
own; folders and archives that follow each other are the releases of one source.
--source names the source that the next of these begins.

Repositories may be bare, packed in any way, and shallow; the deposit says where
a history is cut off. Sealing the same twice gives the same bytes when the time
is given by --date or in SOURCE_DATE_EPOCH.`,
		Example: sealExample,
		Args:    cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			var err error
			if o.Inputs, err = in.finish(o.Title); err != nil {
				return err
			}
			if o.Title == "" {
				if o.Title, err = defaultTitle(o.Inputs[0]); err != nil {
					return err
				}
			}
			if o.Sealed, err = sealingTime(date); err != nil {
				return err
			}
			if o.Signer, err = seal.LoadKey(key, askPassphrase(cmd.Context())); err != nil {
				return err
			}
			m, err := deposit.Seal(cmd.Context(), o, printStep(newStepper()))
			if err != nil {
				return err
			}
			return printManifest(cmd, o.Out, m)
		},
	}
	f := c.Flags()
	in.add(c)
	f.StringVar(&o.Since, "since", "", "deposit that this one continues, or the folder of those that it continues")
	f.StringVar(&key, "key", "", "OpenSSH private key of the vendor")
	f.StringVar(&o.Out, "out", "", "deposit folder to make")
	f.StringVar(&o.Title, "title", "", "name of the product (default: the first repository's folder)")
	f.StringVar(&o.Vendor, "vendor", "unnamed vendor", "name of the vendor")
	f.StringVar(&date, "date", "", "time of sealing, RFC 3339 (default: SOURCE_DATE_EPOCH, or now)")
	f.StringVar(&date, "sealed", "", "what --date was called")
	if err := f.MarkHidden("sealed"); err != nil {
		panic(err)
	}
	for _, name := range []string{"key", "out"} {
		mustRequire(c, name)
	}
	return c
}

// sealingTime is the time that a deposit states.
func sealingTime(date string) (time.Time, error) {
	if date != "" {
		t, err := time.Parse(time.RFC3339, date)
		if err != nil {
			return t, fmt.Errorf("--date: %w; write it like 2026-05-09T16:20:00Z", err)
		}
		return t, nil
	}
	epoch := os.Getenv("SOURCE_DATE_EPOCH")
	if epoch == "" {
		return time.Now(), nil
	}
	n, err := strconv.ParseInt(epoch, 10, 64)
	if err != nil || n < 0 {
		return time.Time{}, fmt.Errorf("SOURCE_DATE_EPOCH is %q, want seconds since 1970", epoch)
	}
	return time.Unix(n, 0), nil
}

func defaultTitle(in deposit.Input) (string, error) {
	path := cmp.Or(in.Repo, in.Bundle)
	if path == "" {
		return in.Name, nil
	}
	abs, err := filepath.Abs(path)
	name := filepath.Base(abs)
	for _, suffix := range []string{".git", ".bundle"} {
		if cut := strings.TrimSuffix(name, suffix); cut != "" {
			name = cut
		}
	}
	return name, err
}

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
