package confine

import (
	"os"
	"os/exec"
	"strings"
	"testing"
)

// TestMemoryBound binds a child of the test, which then asks for more than it
// may have: the kernel must refuse it, whatever the child thinks.
func TestMemoryBound(t *testing.T) {
	if os.Getenv("CONFINE_GREEDY") != "" {
		if err := (Bound{Memory: 2 << 30, NoCore: true}).Apply(); err != nil {
			t.Fatal(err)
		}
		var hoard [][]byte
		for range 64 {
			b := make([]byte, 64<<20)
			for i := range b {
				if i%4096 == 0 {
					b[i] = 1
				}
			}
			hoard = append(hoard, b)
		}
		t.Fatalf("got %d blocks of 64 MiB under a bound of 2 GiB", len(hoard))
	}
	// The race detector reserves terabytes of address space and cannot run
	// under the bound, so the child is built without it.
	bin := t.TempDir() + "/greedy.test"
	build := exec.Command("go", "test", "-c", "-o", bin, ".")
	build.Env = append(os.Environ(), "CGO_ENABLED=0")
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	cmd := exec.Command(bin, "-test.run=TestMemoryBound")
	cmd.Env = append(os.Environ(), "CONFINE_GREEDY=1")
	out, err := cmd.CombinedOutput()
	if err == nil || !strings.Contains(string(out), "out of memory") && !strings.Contains(string(out), "cannot allocate memory") {
		t.Fatalf("the greedy child was not stopped by the kernel: %v\n%s", err, out)
	}
}
