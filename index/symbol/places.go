package symbol

import (
	"context"

	"vitrine/index/deposit"
)

// places are where the blobs of all releases stand: twelve bytes for each place,
// since releases share most of their paths.
type places struct {
	releases []string
	paths    []string
	at       map[deposit.Digest][]placeAt
	before   map[string]int // files of the releases before each
	files    int            // of all
}

// A placeAt is a place by numbers: of the release, of the path among all, of the
// file in the release.
type placeAt struct{ release, path, file int32 }

func readPlaces(ctx context.Context, d releases) (*places, error) {
	p := &places{at: map[deposit.Digest][]placeAt{}, before: map[string]int{}}
	number := map[string]int32{}
	for i, r := range d.Releases() {
		p.releases = append(p.releases, r.Name)
		files, err := d.Files(ctx, r.Name)
		if err != nil {
			return nil, err
		}
		p.before[r.Name] = p.files
		p.files += len(files)
		for k, f := range files {
			if !isRegular(f.Mode) {
				continue
			}
			n, ok := number[f.Path]
			if !ok {
				n = int32(len(p.paths))
				number[f.Path], p.paths = n, append(p.paths, f.Path)
			}
			p.at[f.Blob] = append(p.at[f.Blob], placeAt{int32(i), n, int32(k)})
		}
	}
	return p, nil
}

// of gives the places of a blob in the order of releases and then of paths.
func (p *places) of(blob deposit.Digest) []deposit.Place {
	all := make([]deposit.Place, len(p.at[blob]))
	for i, at := range p.at[blob] {
		all[i] = deposit.Place{Release: p.releases[at.release], Path: p.paths[at.path]}
	}
	return all
}
