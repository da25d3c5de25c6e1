package deposit

import (
	"context"
	"errors"
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
