package journal

import (
	"bufio"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"sync"
	"testing"
)

// killEnv names the journal to which this binary, started again, appends until
// it is killed.
const killEnv = "VITRINE_JOURNAL_APPEND_UNTIL_KILLED"

func TestMain(m *testing.M) {
	if path := os.Getenv(killEnv); path != "" {
		fmt.Fprintln(os.Stderr, appendForever(path))
		os.Exit(1)
	}
	os.Exit(m.Run())
}

// appendForever prints the number of each entry once it is acknowledged.
func appendForever(path string) error {
	j, _, err := Open(path)
	if err != nil {
		return err
	}
	for {
		e, err := j.Append("note", note{"acknowledged"})
		if err != nil {
			return err
		}
		if _, err := fmt.Println(e.N); err != nil {
			return err
		}
	}
}

// TestKilled: a process that is killed while it appends loses nothing of what
// it acknowledged, and its lock goes with it.
func TestKilled(t *testing.T) {
	path := filepath.Join(t.TempDir(), "journal")
	for round := range 6 {
		last := killedAfter(t, path, 3+7*round)
		j, opened, err := Open(path)
		if err != nil {
			t.Fatalf("round %d: %v", round, err)
		}
		if opened.Entries < last {
			t.Fatalf("round %d: %d entries, %d were acknowledged", round, opened.Entries, last)
		}
		if got := int64(len(collect(t, j))); got < last {
			t.Fatalf("round %d: %d entries can be read, %d were acknowledged", round, got, last)
		}
		if err := j.Close(); err != nil {
			t.Fatal(err)
		}
	}
}

// killedAfter kills an appending process once it has acknowledged n entries and
// returns the number of the last that it did acknowledge.
func killedAfter(t *testing.T, path string, n int) (last int64) {
	t.Helper()
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), killEnv+"="+path)
	cmd.Stderr = os.Stderr
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	lines := bufio.NewScanner(out)
	for i := 0; lines.Scan(); i++ {
		if last, err = strconv.ParseInt(lines.Text(), 10, 64); err != nil {
			t.Fatal(err)
		}
		if i == n {
			if err := cmd.Process.Kill(); err != nil {
				t.Fatal(err)
			}
		}
	}
	if err := cmd.Wait(); err == nil || last == 0 {
		t.Fatalf("the process ended by itself after entry %d: %v", last, err)
	}
	return last
}

// TestManyGoroutines: appends from several goroutines make one chain.
func TestManyGoroutines(t *testing.T) {
	path := filepath.Join(t.TempDir(), "journal")
	j, _ := mustOpen(t, path)
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			for range 10 {
				if _, err := j.Append("note", note{"x"}); err != nil {
					t.Error(err)
				}
				for _, err := range j.Entries() {
					if err != nil {
						t.Error(err)
					}
				}
			}
		})
	}
	wg.Wait()
	if report, err := Verify(path, j.Head()); err != nil || report.Entries != 40 {
		t.Errorf("%+v, %v", report, err)
	}
}
