package deposit

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"time"
)

// snapshots are folders and archives, opened for sealing: what they hold is read
// once, into a pack beside the deposit that is being made, and that is sealed
// like any other. So nothing is sealed that was not read, however much a folder
// changes meanwhile.
type snapshots struct {
	objects
	name   string
	inputs []Snapshot
	sealed time.Time
	before *before
	file   *os.File // of the pack
	writer *packWriter
	tags   map[string]ID
}

func newSnapshots(s *sealing, in *Input, limits Limits) (*snapshots, error) {
	for _, snap := range in.Snapshots {
		if snap.Folder == "" {
			continue
		}
		if inside, err := isInside(snap.Folder, s.stage); err != nil {
			return nil, err
		} else if inside {
			return nil, fmt.Errorf("release %s: the deposit would be made in the folder %s, which is sealed; choose another place for it", snap.Release, snap.Folder)
		}
	}
	f, err := os.OpenFile(filepath.Join(s.stage, ".snapshots-"+in.Name), os.O_CREATE|os.O_EXCL|os.O_RDWR, 0o600)
	if err != nil {
		return nil, err
	}
	all := &snapshots{
		objects: newObjects(limits), name: in.Name, inputs: in.Snapshots,
		sealed: s.options.Sealed, before: s.before, file: f, tags: map[string]ID{},
	}
	if all.writer, err = newPackWriter(f, limits); err != nil {
		return nil, errors.Join(err, all.close())
	}
	return all, nil
}

// isInside reports whether a path lies in a folder or is it.
func isInside(folder, path string) (bool, error) {
	for _, p := range []*string{&folder, &path} {
		abs, err := filepath.Abs(*p)
		if err != nil {
			return false, err
		}
		if *p, err = filepath.EvalSymlinks(abs); err != nil {
			return false, err
		}
	}
	rel, err := filepath.Rel(folder, path)
	return err == nil && rel != ".." && !strings.HasPrefix(rel, ".."+string(filepath.Separator)), nil
}

// close removes the pack, which is no part of the deposit.
func (s *snapshots) close() error {
	return errors.Join(s.objects.close(), s.file.Close(), os.Remove(s.file.Name()))
}

func (s *snapshots) load(ctx context.Context, done, total *atomic.Int64) error {
	if err := s.before.load(ctx, s.name, &s.objects, done, total); err != nil {
		return fmt.Errorf("the deposit that is continued: %w", err)
	}
	var parent string
	if earlier := s.before.of(s.name); len(earlier) > 0 {
		releases := earlier[len(earlier)-1].Releases
		parent = fmt.Sprintf("parent %s\n", releases[len(releases)-1].Commit)
	}
	for _, in := range s.inputs {
		tree, err := s.plant(ctx, in, done, total)
		if err != nil {
			return fmt.Errorf("release %s: %w", in.Release, err)
		}
		who := fmt.Sprintf("vitrinectl deposit seal <> %d +0000", s.sealed.Unix())
		text := fmt.Sprintf("tree %s\n%sauthor %s\ncommitter %s\n\nRelease %s, sealed from plain files without a history\n", tree, parent, who, who, in.Release)
		id, err := s.writer.put(kindCommit, []byte(text))
		if err != nil {
			return err
		}
		s.tags[in.Release] = id
		parent = fmt.Sprintf("parent %s\n", id)
	}
	size, err := s.writer.finish()
	if err != nil {
		return fmt.Errorf("gathering the files: %w", err)
	}
	return s.addPack(ctx, s.file, size, done, total)
}

func (s *snapshots) tag(name string) (ID, error) {
	id, ok := s.tags[name]
	if !ok {
		return ID{}, fmt.Errorf("there is no folder or archive of the release %q", name)
	}
	return id, nil
}

// plant reads a folder or an archive and writes its files and trees.
func (s *snapshots) plant(ctx context.Context, in Snapshot, done, total *atomic.Int64) (ID, error) {
	p := newPlanting(s.limits, func(k kind, data []byte) (ID, error) {
		total.Add(1)
		done.Add(1)
		return s.writer.put(k, data)
	})
	var err error
	if in.Folder != "" {
		err = p.folder(ctx, in.Folder)
	} else {
		err = p.archive(ctx, in.Archive, in.Strip)
	}
	if err != nil {
		return ID{}, err
	}
	return p.root()
}
