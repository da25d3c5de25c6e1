package deposit

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime/debug"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"vitrine/index/seal"
)

// What no deposit may exceed, whatever is in it.
const (
	childMemory = 2 << 30
	childTime   = 10          // seconds of processor time
	childHang   = time.Minute // of a busy machine
)

// childReads is the largest file that the child reads after the admission:
// go-git takes some five times its size, which is a matter of the reader's
// memory, not of the admission's.
const childReads = 64 << 20

// The environment of a child that this test's binary starts of itself.
const (
	envAdmit   = "DEPOSIT_TEST_ADMIT"   // the folder to admit
	envSigners = "DEPOSIT_TEST_SIGNERS" // whom to trust
	envForge   = "DEPOSIT_TEST_FORGE"   // the bomb to forge, see TestBombs
	envOut     = "DEPOSIT_TEST_OUT"     // where to
	envUnraced = "DEPOSIT_TEST_UNRACED" // a test is to be run itself
)

// TestMain makes a child of what the environment asks for, or runs the tests.
func TestMain(m *testing.M) {
	dir := os.Getenv(envAdmit)
	if os.Getenv(envUnraced) != "" {
		if err := bind(childMemory); err != nil {
			fmt.Println("binding the child:", err)
			os.Exit(2)
		}
	}
	if dir == "" {
		code := m.Run()
		if childFolder != "" {
			if err := os.RemoveAll(childFolder); err != nil {
				fmt.Println("removing the child:", err)
				code = 1
			}
		}
		os.Exit(code)
	}
	if err := errors.Join(bind(childMemory), unix.Setrlimit(unix.RLIMIT_CPU, &unix.Rlimit{Cur: childTime, Max: childTime})); err != nil {
		fmt.Println("binding the child:", err)
		os.Exit(2)
	}
	files, err := admitAndRead(dir, os.Getenv(envOut), os.Getenv(envSigners))
	if err != nil {
		fmt.Println("refused:", err)
		os.Exit(0)
	}
	fmt.Printf("admitted: %d files\n", files)
	os.Exit(0)
}

// bind limits the memory of this process, as an admission's child is limited.
func bind(memory uint64) error {
	debug.SetMemoryLimit(int64(memory - memory/8))
	return unix.Setrlimit(unix.RLIMIT_AS, &unix.Rlimit{Cur: memory, Max: memory})
}

// admitAndRead admits a deposit and reads every file of it.
func admitAndRead(dir, workspace, trusted string) (files int64, err error) {
	signers, err := seal.ParseSigners([]byte(trusted))
	if err != nil {
		return 0, err
	}
	a, err := Admit(context.Background(), dir, workspace, Trust{Signers: signers, At: sealedAt}, Limits{}, nil)
	if err != nil {
		return 0, err
	}
	d, err := Open(workspace, a.Digest)
	if err != nil {
		return 0, fmt.Errorf("opening what was admitted: %w", err)
	}
	defer func() { err = errors.Join(err, d.Close()) }()
	r, err := d.NewReader()
	if err != nil {
		return 0, fmt.Errorf("reading what was admitted: %w", err)
	}
	defer func() { err = errors.Join(err, r.Close()) }()
	blobs, err := d.Blobs(context.Background())
	if err != nil {
		return 0, fmt.Errorf("listing what was admitted: %w", err)
	}
	for _, o := range blobs {
		if o.Size > childReads {
			continue
		}
		if _, err := r.Blob(o.SHA256); err != nil {
			return 0, fmt.Errorf("reading what was admitted: %w", err)
		}
	}
	for _, r := range a.Releases {
		files += r.Files
	}
	return files, nil
}

var childFolder string // of the binary, once there is one

// childBinary builds this test once without the race detector, which reserves
// terabytes of address space and cannot run under a limit.
var childBinary = sync.OnceValues(func() (string, error) {
	var err error
	if childFolder, err = os.MkdirTemp("", "deposit-child-"); err != nil {
		return "", err
	}
	bin := filepath.Join(childFolder, "deposit.test")
	build := exec.Command("go", "test", "-c", "-buildvcs=false", "-o", bin, ".")
	build.Env = append(os.Environ(), "CGO_ENABLED=0")
	if out, err := build.CombinedOutput(); err != nil {
		return "", fmt.Errorf("building the child: %w\n%s", err, out)
	}
	return bin, nil
})

// A childEnd is how a child ended.
type childEnd struct {
	output string
	err    error
	took   time.Duration // of processor time
	peak   int64         // resident bytes
}

func runChild(t *testing.T, limit time.Duration, env []string, args ...string) childEnd {
	t.Helper()
	bin, err := childBinary()
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), limit)
	defer cancel()
	cmd := exec.CommandContext(ctx, bin, args...)
	cmd.Env = append(os.Environ(), env...)
	out, err := cmd.CombinedOutput()
	if ctx.Err() != nil {
		err = fmt.Errorf("it was not done after %v", limit)
	}
	end := childEnd{output: strings.TrimSpace(string(out)), err: err}
	if cmd.ProcessState == nil {
		t.Fatalf("starting the child: %v", err)
	}
	if usage, ok := cmd.ProcessState.SysUsage().(*syscall.Rusage); ok {
		end.took = (cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime()).Round(time.Millisecond)
		end.peak = usage.Maxrss << 10
	}
	return end
}

// bounded admits a deposit in a child that has 2 GiB and ten seconds, and reads
// its files when it is admitted. The child must say want.
func bounded(t *testing.T, dir, want string) {
	t.Helper()
	workspace := t.TempDir()
	trusted := seal.Line("vendor@example.org", vendorKey(t).PublicKey(), Namespace) + "\n"
	end := runChild(t, childHang, []string{envAdmit + "=" + dir, envOut + "=" + workspace, envSigners + "=" + trusted})
	t.Logf("%v of processor time, %d MiB: %.300s", end.took, end.peak>>20, end.output)
	switch {
	case end.err != nil:
		t.Errorf("the child ended with: %v\n%.2000s", end.err, end.output)
	case !strings.Contains(end.output, want):
		t.Errorf("got %.600s, want a sentence with %q", end.output, want)
	case len(end.output) > maxSentence:
		t.Errorf("a sentence of %d bytes", len(end.output))
	}
	if strings.HasPrefix(end.output, "refused:") {
		left, err := os.ReadDir(workspace)
		if err != nil || len(left) > 0 {
			t.Errorf("the refusal left %v in the workspace (%v)", left, err)
		}
	}
}

// maxSentence is the longest sentence that helps: one with a path and two
// digests.
const maxSentence = maxPath + 1024

// unraced runs the test that calls it in a child that has 2 GiB, and reports
// that it did; in the child it does nothing. It is for tests of thousands of
// cases: the race detector makes them ten times as slow and finds in them what
// it finds in a few.
func unraced(t *testing.T) bool {
	t.Helper()
	if os.Getenv(envUnraced) != "" {
		return false
	}
	end := runChild(t, 5*time.Minute, []string{envUnraced + "=1"}, "-test.v", "-test.run=^"+t.Name()+"$")
	t.Logf("%v of processor time, %d MiB\n%s", end.took, end.peak>>20, end.output[max(0, len(end.output)-16<<10):])
	if end.err != nil {
		t.Error(end.err)
	}
	return true
}
