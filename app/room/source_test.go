package room

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"vitrine/index/deposit"
	"vitrine/index/seal"
)

// TestTrusted: what was verified before is opened without verifying it again, but
// only under the trust, the limits and the checks that were in force then. Else it
// is verified again, and refused if it must be.
func TestTrusted(t *testing.T) {
	cfg := testConfig(t)
	if err := cfg.prepare(); err != nil {
		t.Fatal(err)
	}
	dir, err := unpackSample(cfg)
	if err != nil {
		t.Fatal(err)
	}
	b, err := os.ReadFile(filepath.Join(dir, deposit.SignatureFile))
	if err != nil {
		t.Fatal(err)
	}
	sig, err := seal.ParseSignature(b)
	if err != nil {
		t.Fatal(err)
	}
	signers, err := seal.ParseSigners([]byte(seal.Line("vendor@example.org", sig.Key, deposit.Namespace) + "\n"))
	if err != nil {
		t.Fatal(err)
	}
	revoked, err := seal.RevokedKeys([]string{seal.Fingerprint(sig.Key)})
	if err != nil {
		t.Fatal(err)
	}
	trust := deposit.Trust{Signers: signers, At: time.Now()}
	open := func(trust deposit.Trust, limits deposit.Limits) (verified bool, err error) {
		s, err := OpenUnindexed(t.Context(), cfg, Trusted{Deposit: dir, Trust: trust, Limits: limits}, func(deposit.Step) { verified = true })
		if err == nil {
			err = s.Close()
		}
		return verified, err
	}
	for _, first := range []bool{true, false} {
		if verified, err := open(trust, deposit.Limits{}); err != nil || verified != first {
			t.Fatalf("verified: %v, want %v (%v)", verified, first, err)
		}
	}
	for name, c := range map[string]struct {
		trust  deposit.Trust
		limits deposit.Limits
		want   string
	}{
		"lower limits":  {trust, deposit.Limits{MaxObjects: 3}, "more than the limit of 3"},
		"a revoked key": {deposit.Trust{Signers: signers, Revoked: revoked, At: time.Now()}, deposit.Limits{}, "which is revoked"},
		"nobody's key":  {deposit.Trust{At: time.Now()}, deposit.Limits{}, "which is not trusted"},
		"shorter paths": {trust, deposit.Limits{MaxPath: 4}, "a path has"},
	} {
		if _, err := open(c.trust, c.limits); err == nil || !strings.Contains(err.Error(), c.want) || strings.Contains(err.Error(), "\n") {
			t.Errorf("%s: %v, want a sentence with %q", name, err, c.want)
		}
	}
	if verified, err := open(trust, deposit.Limits{}); err != nil || verified {
		t.Errorf("after the refusals: verified %v, %v", verified, err)
	}
	pinned := trust
	pinned.Pinned = []deposit.Digest{SampleDigest()}
	if verified, err := open(pinned, deposit.Limits{}); err != nil || !verified {
		t.Errorf("under other trust: verified %v, %v", verified, err)
	}
	certificate := filepath.Join(cfg.workspace(), SampleDigest().String(), "admission.json")
	b, err = os.ReadFile(certificate)
	if err != nil {
		t.Fatal(err)
	}
	older := bytes.Replace(b, []byte(`"verifier": `), []byte(`"verifier": 9`), 1)
	if err := os.WriteFile(certificate, older, 0o600); err != nil || bytes.Equal(b, older) {
		t.Fatal(err)
	}
	if verified, err := open(pinned, deposit.Limits{}); err != nil || !verified {
		t.Errorf("admitted by other checks: verified %v, %v", verified, err)
	}
}
