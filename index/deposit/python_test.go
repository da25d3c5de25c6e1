package deposit

import (
	"bufio"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"golang.org/x/crypto/ssh"

	"vitrine/index/seal"
)

// apart are the vectors on which the two implementations may differ: they are
// about Limits, which the second one does not have.
var apart = map[string]bool{
	"vendor, too many paths":      true,
	"vendor, too many in limits":  true,
	"vendor, a limit on inflated": true,
	"vendor, a limit on names":    true,
}

// TestPythonAgrees gives deposits, right and wrong ones, to Verify and to
// testdata/verify_deposit.py, which was written from the package comment alone:
// both accept the same deposits, under the same digest, and refuse the others.
// So the comment suffices to implement the format. Where it fails, the comment
// says who is right.
func TestPythonAgrees(t *testing.T) {
	j := newJudge(t)
	j.about("the example", exampleDir, Limits{})
	j.sealed()
	j.chains()
	j.hostile()
	j.manifests()
	j.values()
	j.signatures()
	j.objects()
	j.packs()
	j.flips()
	t.Logf("the implementations agree on %d deposits, of which both accept %d", j.agreed, j.accepted)
	if j.agreed < 300 || j.accepted < 60 {
		t.Errorf("these are too few")
	}
}

// A judge asks both implementations about deposits.
type judge struct {
	*testing.T
	trust            Trust
	ask              func(dir string) (answer func() string)
	keys             map[string]ssh.Signer // that are trusted
	agreed, accepted int
}

func newJudge(t *testing.T) *judge {
	keys := trustedKeys(t)
	text := seal.Line("vendor@example.org", vendorKey(t).PublicKey(), Namespace) + moreSigners(t)
	for name, key := range keys {
		text += seal.Line(name+"@example.org", key.PublicKey(), Namespace)
	}
	signers, err := seal.ParseSigners([]byte(text))
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "allowed_signers")
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	return &judge{T: t, trust: Trust{Signers: signers, At: sealedAt}, ask: python(t, path), keys: keys}
}

// python starts the second implementation, which lives as long as the test.
func python(t *testing.T, signers string) func(string) func() string {
	t.Helper()
	program, err := exec.LookPath("python3")
	if err != nil {
		t.Fatalf("this test needs Python 3, which packaging/setup test installs: %v", err)
	}
	cmd := exec.Command(program, "-I", "-B", "testdata/verify_deposit.py", "--at", sealedAt.Format(time.RFC3339), "--serve", signers)
	cmd.Stderr = os.Stderr
	in, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := in.Close(); err != nil {
			t.Error(err)
		}
		if err := cmd.Wait(); err != nil {
			t.Errorf("verify_deposit.py: %v", err)
		}
	})
	lines := bufio.NewReader(out)
	return func(dir string) func() string {
		t.Helper()
		if _, err := io.WriteString(in, dir+"\n"); err != nil {
			t.Fatalf("asking verify_deposit.py: %v", err)
		}
		return func() string {
			t.Helper()
			line, err := lines.ReadString('\n')
			if err != nil {
				t.Fatalf("verify_deposit.py says no more: %v", err)
			}
			return strings.TrimSuffix(line, "\n")
		}
	}
}

// about compares what the two say about a deposit.
func (j *judge) about(name, dir string, limits Limits) {
	j.Helper()
	answer := j.ask(dir)
	want := "refused: "
	a, err := Verify(j.Context(), dir, j.trust, limits, nil)
	if err == nil {
		want = "ok " + a.Digest.String()
	}
	got := answer()
	switch {
	case apart[name]:
	case err == nil && got != want, err != nil && !strings.HasPrefix(got, want):
		j.Errorf("%s:\n\tGo says     %s%v\n\tPython says %s", name, want, err, got)
	default:
		j.agreed++
		if err == nil {
			j.accepted++
		}
	}
}

func (j *judge) forged(name string, build, change func(*forgery)) {
	j.Helper()
	j.about(name, forge(j, build, change), Limits{})
}

// hostile asks about the deposits that other tests have refused.
func (j *judge) hostile() {
	for name, test := range hostileVendor() {
		j.about("vendor, "+name, forge(j, test.build, test.change), test.limits)
	}
	for name, test := range wrongFolders(j.T) {
		j.forged("folder, "+name, nil, func(f *forgery) { f.after = test.after })
	}
	lost, head, tests := wrongShallow()
	j.forged("cut off", lost, head)
	for name, test := range tests {
		j.forged("cut off, "+name, test.build, test.change)
	}
	for name, test := range noChains(j.T) {
		j.about("chain, "+name, test.dir, Limits{})
	}
}
