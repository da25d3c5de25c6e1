package search

import (
	"context"
	"fmt"

	"vitrine/index/content"
	"vitrine/index/deposit"
)

// Early is an index of d before anything was built: it finds files by their names, and
// every other file in the scope of a query is listed as not searched, [WhyEarly]. Making
// it takes as long as listing the files.
func Early(ctx context.Context, d releases) (*Index, error) {
	ix := &Index{languages: lexed{}, early: true}
	places := newPlaceTable()
	number := make(map[deposit.Digest]int)
	for i, r := range d.Releases() {
		files, err := d.Files(ctx, r.Name)
		if err != nil {
			return nil, fmt.Errorf("names of files: %w", err)
		}
		ix.releases = append(ix.releases, r.Name)
		for _, f := range files {
			places.add(i, f)
			if _, ok := number[f.Blob]; !ok && isRegular(f.Mode) {
				number[f.Blob] = len(ix.blobs)
				ix.blobs = append(ix.blobs, f.Blob)
				ix.others = append(ix.others, content.Info{Blob: f.Blob, Size: f.Size})
			}
		}
	}
	places.sort()
	for _, f := range places.files {
		at := make([]placeOf, len(f.places))
		for i, p := range f.places {
			at[i] = placeOf{int32(p.release), int32(p.code)}
			if p.code == codeBlob {
				at[i].code += int32(number[p.blob])
			}
		}
		ix.files = append(ix.files, pathPlaces{f.path, at})
		ix.places += len(at)
	}
	return ix, nil
}
