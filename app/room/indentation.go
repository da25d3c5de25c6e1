package room

import (
	"context"
	"sync"

	"vitrine/index/deposit"
	"vitrine/index/editorconfig"
)

// keptConfigs bounds the parsed .editorconfig files that are kept: a project has a few. One
// takes at most some megabytes, for patterns of all that fits into it; most take kilobytes.
const keptConfigs = 8

// configs are the .editorconfig files that were read, by their bytes.
type configs struct {
	mu   sync.Mutex
	list []parsedConfig // the one read last last
}

type parsedConfig struct {
	blob deposit.Digest
	file *editorconfig.File
}

// Indentation is how the release's own .editorconfig files say that a file is indented, in
// cells: the distance of tab stops and one level; 0 where they do not. A file that cannot be
// read, is too large or is none says nothing. It is not shown, and so not recorded.
func (s *Source) Indentation(ctx context.Context, p deposit.Place) (tab, step int) {
	in := editorconfig.Of(p.Path, func(path string) *editorconfig.File {
		f, err := s.locate(ctx, deposit.Place{Release: p.Release, Path: path})
		if err != nil || f.Size > editorconfig.MaxSize {
			return nil
		}
		return s.config(ctx, f)
	})
	return in.Tab, in.Step
}

func (s *Source) config(ctx context.Context, f deposit.File) *editorconfig.File {
	s.configs.mu.Lock()
	defer s.configs.mu.Unlock()
	for _, c := range s.configs.list {
		if c.blob == f.Blob {
			return c.file
		}
	}
	raw, err := s.raw(ctx, f.Blob, f.Size)
	if err != nil {
		return nil
	}
	c := parsedConfig{f.Blob, editorconfig.Parse(raw)}
	s.configs.list = append(s.configs.list, c)
	s.configs.list = s.configs.list[max(0, len(s.configs.list)-keptConfigs):]
	return c.file
}
