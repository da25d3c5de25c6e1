package room

import (
	"context"
	"fmt"

	"vitrine/app/journal"
	"vitrine/app/review"
	"vitrine/index/deposit"
)

// A Note is what a reviewer wants to say of some spans.
type Note struct {
	Kind       review.Kind
	Text       string
	Private    bool // never leaves the room
	Locations  []review.Location
	Supersedes string // id of the annotation this one takes the place of
}

// Annotate records an annotation. When it returns without error the annotation
// is on disk.
func (v *Visit) Annotate(ctx context.Context, n Note) (review.Annotation, error) {
	var made review.Annotation
	body, err := review.New(n.Kind, n.Private, n.Text, v.reviewer.Name, n.Locations...)
	if err != nil {
		return made, err
	}
	body.Supersedes = n.Supersedes
	for _, l := range n.Locations {
		if err := v.holds(ctx, l); err != nil {
			return made, err
		}
	}
	v.mu.Lock()
	defer v.mu.Unlock()
	if err := v.state.Check(body); err != nil {
		return made, err
	}
	id := v.state.NextID()
	err = v.locked(ctx, review.EntryAnnotation, body, func(journal.Entry) error {
		made, _ = v.state.Annotation(id)
		return nil
	})
	return made, err
}

// holds refuses a location that is not in the deposit: what is signed of it
// would be said of bytes that nobody has.
func (v *Visit) holds(ctx context.Context, l review.Location) error {
	at := l.RawPlace()
	files, err := v.Files(ctx, at.Release)
	if err != nil {
		return err
	}
	for _, f := range files {
		if f.Path != at.Path {
			continue
		}
		if f.Blob != l.Span.Blob || l.Span.To > f.Size {
			return fmt.Errorf("%s in %s does not hold the bytes %d to %d of blob %s", at.Path, at.Release, l.Span.From, l.Span.To, l.Span.Blob.Short())
		}
		return nil
	}
	return fmt.Errorf("release %s has no file %s", at.Release, at.Path)
}

// Where gives the place of a location: where it was made, else, when the journal
// says that of other bytes, another at which its bytes stand.
func (v *Visit) Where(ctx context.Context, l review.Location) (deposit.Place, error) {
	made := l.RawPlace()
	elsewhere := v.holds(ctx, l)
	if elsewhere == nil {
		return made, nil
	}
	places, err := v.deposit.Places(ctx, l.Span.Blob)
	if err != nil {
		return made, err
	}
	if len(places) == 0 {
		return made, elsewhere
	}
	for _, p := range places {
		if p.Release == made.Release {
			return p, nil
		}
	}
	return places[0], nil
}

// Withdraw records that an annotation no longer stands. It stays in the journal.
func (v *Visit) Withdraw(ctx context.Context, id string) error {
	body := review.Withdrawal{ID: id, Author: v.reviewer.Name}
	v.mu.Lock()
	defer v.mu.Unlock()
	if err := v.state.CheckWithdrawal(body); err != nil {
		return err
	}
	return v.locked(ctx, review.EntryWithdrawn, body, nil)
}

// Annotations are those that stand, in the order they were made.
func (v *Visit) Annotations() []review.Annotation {
	v.reading.RLock()
	defer v.reading.RUnlock()
	return v.state.Annotations()
}

// Locate turns a selection of a document – decoded byte columns, 1-based, the
// end exclusive – into the span that counts and the lines that were seen.
func (v *Visit) Locate(d *Document, fromLine, fromCol, toLine, toCol int) review.Location {
	return review.At(d.Text, d.Place, fromLine, fromCol, toLine, toCol)
}
