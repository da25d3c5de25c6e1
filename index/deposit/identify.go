package deposit

import (
	"context"
	"errors"
	"fmt"
	"os"
)

// Identify checks the signature of a deposit's manifest, and that its folder
// holds what the manifest names, and gives the manifest's digest: enough to
// find the workspace into which an earlier admission imported it. Bundles and
// objects are not looked at; Open hashes what it reads against the manifest.
func Identify(dir string, trust Trust) (Digest, error) {
	v := &verification{ctx: context.Background(), trust: trust, limits: DefaultLimits()}
	if err := errors.Join(v.identify(dir), v.close()); err != nil {
		return Digest{}, err
	}
	return v.admission.Digest, nil
}

func (v *verification) identify(dir string) (err error) {
	if v.root, err = os.OpenRoot(dir); err != nil {
		return fmt.Errorf("opening the deposit: %w", err)
	}
	if err := v.checkSignature(); err != nil {
		return err
	}
	return v.checkFolder()
}
