package character

import (
	"context"

	"vitrine/index/content"
	"vitrine/index/deposit"
)

// A Counter is a Survey or an Index.
type Counter interface {
	Counts(blob deposit.Digest) (c Counts, looked bool)
}

// A File is a text of a release in which something was found.
type File struct {
	Place  deposit.Place
	Blob   deposit.Digest
	Counts Counts
}

// A Skipped is a file of a release that was not looked at.
type Skipped struct {
	Path string
	Why  string // "binary" or "too large"
}

// A Release is what is known of the characters of a release.
type Release struct {
	Files   []File // in byte order of paths
	Texts   int    // that were looked at
	Pending int    // texts that were not yet
	Skipped []Skipped
}

// Of lists a release.
func Of(ctx context.Context, d releases, c *content.Store, known Counter, release string) (r Release, err error) {
	files, err := d.Files(ctx, release)
	if err != nil {
		return r, err
	}
	for _, f := range files {
		if !isRegular(f.Mode) {
			continue // its target or commit stands in the tree
		}
		info, ok := c.Info(f.Blob)
		if why := unlooked(info); why != "" && ok {
			r.Skipped = append(r.Skipped, Skipped{f.Path, why})
			continue
		}
		counts, looked := known.Counts(f.Blob)
		switch {
		case !looked || !ok:
			r.Pending++
		default:
			r.Texts++
			if counts.Any() {
				r.Files = append(r.Files, File{deposit.Place{Release: release, Path: f.Path}, f.Blob, counts})
			}
		}
	}
	return r, nil
}
