package room

import (
	"context"
	"fmt"

	"vitrine/index/bom"
	"vitrine/index/deposit"
)

// Artifacts are the files that the vendor says it ships, of all releases, in the
// order of the deposits that list them.
func (s *Source) Artifacts() []deposit.Artifact { return deposit.Artifacts(s.deposit.Links()) }

// Documents are the bills of materials that were deposited, oldest first.
func (s *Source) Documents() []deposit.Document {
	var all []deposit.Document
	for _, l := range s.deposit.Links() {
		all = append(all, l.Manifest.Documents...)
	}
	return all
}

// A Bill is a bill of materials beside the release that it is of. Err says why
// there is no Comparison.
type Bill struct {
	Document   deposit.Document
	Comparison *bom.Comparison
	Err        error
}

// Bills are the bills of materials of a release, oldest deposit first. One that
// cannot be read is in the list, with the reason: the vendor did give it.
func (s *Source) Bills(ctx context.Context, release string) ([]Bill, error) {
	files, err := s.deposit.Files(ctx, release)
	if err != nil {
		return nil, err
	}
	var bills []Bill
	for _, l := range s.deposit.Links() {
		for _, d := range l.Manifest.Documents {
			if d.Release != release {
				continue
			}
			if err := ctx.Err(); err != nil {
				return nil, err
			}
			b := Bill{Document: d}
			data, err := s.deposit.Document(l.Digest, d.Name)
			if err != nil {
				return nil, fmt.Errorf("%s: %w", d.Name, err)
			}
			parsed, err := bom.Parse(data)
			if err == nil {
				b.Comparison = bom.Compare(parsed, files)
			}
			b.Err = err
			bills = append(bills, b)
		}
	}
	return bills, nil
}
