package content

import (
	"context"
	"errors"

	"vitrine/index/deposit"
)

// Build writes the store of every distinct blob of d's releases to the folder
// dir, replacing what is there. progress, which may be nil, is called with bytes.
func Build(ctx context.Context, dir string, d *deposit.Deposit, progress func(done, total int64)) (err error) {
	blobs, err := d.Blobs(ctx)
	if err != nil {
		return err
	}
	var done, total int64
	for _, b := range blobs {
		total += b.Size
	}
	w, err := Create(dir, d.Digest())
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, w.Discard())
		}
	}()
	r, err := d.NewReader()
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, r.Close()) }()
	for _, b := range blobs {
		if err := ctx.Err(); err != nil {
			return err
		}
		raw, err := r.Blob(b.SHA256)
		if err != nil {
			return err
		}
		if err := w.Add(raw); err != nil {
			return err
		}
		done += b.Size
		if progress != nil {
			progress(done, total)
		}
	}
	return w.Publish()
}
