package deposit

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
)

// folder plants the files of a folder.
func (p *planting) folder(ctx context.Context, dir string) error {
	root, err := os.OpenRoot(dir)
	if err != nil {
		return fmt.Errorf("folder %s: %w", dir, pathless(err))
	}
	err = p.below(ctx, root, "", 0)
	if err := errors.Join(err, root.Close()); err != nil {
		return fmt.Errorf("folder %s: %w", dir, err)
	}
	return nil
}

// below plants what lies in an opened folder, whose path, with a slash at its
// end, is prefix. It descends to at most maxPathDepth.
func (p *planting) below(ctx context.Context, root *os.Root, prefix string, deep int) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	entries, err := readFolder(root, int(p.left))
	if err != nil {
		return fmt.Errorf("%.200q: %w", prefix, err)
	}
	for _, e := range entries {
		path := prefix + e.Name()
		names, err := p.steps(path)
		if err != nil {
			return err
		}
		switch mode := e.Type(); {
		case mode.IsRegular():
			err = p.file(root, e.Name(), path)
		case mode.IsDir():
			if _, err = p.enter(names); err == nil {
				err = p.descend(ctx, root, e.Name(), path, deep)
			}
		case mode&fs.ModeSymlink != 0:
			var target string
			if target, err = root.Readlink(e.Name()); err == nil {
				err = p.link(path, target)
			}
		default:
			err = fmt.Errorf("%q is %s; a release holds files, folders and symbolic links", path, special(mode))
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func (p *planting) descend(ctx context.Context, root *os.Root, name, path string, deep int) error {
	if deep == maxPathDepth {
		return fmt.Errorf("%.100q is more than %d directories deep", path, maxPathDepth)
	}
	sub, err := root.OpenRoot(name)
	if err != nil {
		return fmt.Errorf("%q: %w", path, pathless(err))
	}
	return errors.Join(p.below(ctx, sub, path+"/", deep+1), sub.Close())
}

func (p *planting) file(root *os.Root, name, path string) error {
	f, size, err := openRegular(root, name)
	if err != nil {
		return fmt.Errorf("%q: %w", path, err)
	}
	info, err := f.Stat()
	if err == nil {
		err = p.content(path, fileMode(info.Mode()), size, f)
	}
	return errors.Join(err, f.Close())
}

// fileMode is git's mode of a file: its owner may execute it or not.
func fileMode(m fs.FileMode) uint32 {
	if m&0o100 != 0 {
		return modeExec
	}
	return modeFile
}

// special says what a file is that is none.
func special(m fs.FileMode) string {
	switch {
	case m&fs.ModeNamedPipe != 0:
		return "a pipe"
	case m&fs.ModeSocket != 0:
		return "a socket"
	case m&fs.ModeDevice != 0:
		return "a device"
	}
	return "no ordinary file"
}
