package room

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"vitrine/app/journal"
	"vitrine/index/search"
)

// workEnv makes this test's binary a worker that is going to be killed.
const workEnv = "ROOM_TEST_WORK"

// toil does what work says, printing a line for each thing acknowledged.
func toil(work string) error {
	cfg := Config{Home: os.Getenv("ROOM_TEST_HOME"), Ctl: os.Getenv("ROOM_TEST_CTL"), User: "worker"}
	v, err := enterSampleAs(cfg, "Ada")
	if err != nil {
		return err
	}
	ctx := context.Background()
	switch work {
	case "index":
		fmt.Println("indexing")
		return v.BuildIndex(ctx, func(s IndexState) { fmt.Println(s.Phase, s.Done) })
	case "annotate":
		rel := v.Releases()[0]
		files, err := v.Files(ctx, rel)
		if err != nil {
			return err
		}
		for _, f := range files {
			d, err := v.document(ctx, placeOf(rel, f.Path))
			if err != nil {
				return err
			}
			if d.Binary || d.Text.Lines() == 0 {
				continue
			}
			for n := 1; n <= d.Text.Lines(); n++ {
				a, err := v.Annotate(ctx, note(v, d, n, fmt.Sprintf("%s line %d", f.Path, n)))
				if err != nil {
					return err
				}
				fmt.Println("acknowledged", a.ID, a.Text)
			}
		}
	}
	return errors.New("nobody killed this worker")
}

// kill starts a worker and kills it with SIGKILL after its after-th line.
func kill(t *testing.T, cfg Config, work string, after int) []string {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(self)
	cmd.Env = append(os.Environ(), workEnv+"="+work, "ROOM_TEST_HOME="+cfg.Home, "ROOM_TEST_CTL="+cfg.Ctl)
	cmd.Stderr = os.Stderr
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	var lines []string
	s := bufio.NewScanner(out)
	for s.Scan() {
		lines = append(lines, s.Text())
		if len(lines) == after {
			if err := cmd.Process.Kill(); err != nil {
				t.Fatal(err)
			}
		}
	}
	// Lines that were in the pipe when it died count: they were acknowledged.
	var died *exec.ExitError
	if err := cmd.Wait(); !errors.As(err, &died) && len(lines) >= after && work == "annotate" {
		t.Fatalf("the worker ended by itself: %v", err)
	}
	return lines
}

// TestKilledWhileAnnotating: nothing acknowledged is lost, the next start is clean.
func TestKilledWhileAnnotating(t *testing.T) {
	cfg := testConfig(t)
	acknowledged := map[string]string{}
	for _, after := range []int{1, 2, 5, 17, 40} {
		for _, line := range kill(t, cfg, "annotate", after) {
			_, rest, _ := strings.Cut(line, " ")
			id, text, _ := strings.Cut(rest, " ")
			acknowledged[id] = text
		}
		v, err := enterSampleAs(cfg, "Ada")
		if err != nil {
			t.Fatalf("after a kill the next start failed: %v", err)
		}
		have := map[string]string{}
		for _, a := range v.Annotations() {
			have[a.ID] = a.Text
		}
		for id, text := range acknowledged {
			if have[id] != text {
				t.Errorf("%s %q was acknowledged and is %q now", id, text, have[id])
			}
		}
		if err := v.Close(); err != nil {
			t.Fatal(err)
		}
		path := cfg.journal(SampleDigest(), "Ada")
		if _, err := journal.Verify(path); err != nil {
			t.Errorf("the journal after a kill: %v", err)
		}
	}
	if len(acknowledged) < 60 {
		t.Errorf("only %d annotations were acknowledged in all", len(acknowledged))
	}
}

// TestKilledWhileIndexing: whenever it is killed, the next start builds what is
// missing and finds what a start that was never killed finds.
func TestKilledWhileIndexing(t *testing.T) {
	find := func(cfg Config) int {
		v, err := enterSampleAs(cfg, "Ada")
		if err != nil {
			t.Fatal(err)
		}
		if err := v.BuildIndex(t.Context(), func(IndexState) {}); err != nil {
			t.Fatal(err)
		}
		n := 0
		if _, err := v.Search(t.Context(), "e", func(search.Hit) bool { n++; return true }); err != nil {
			t.Fatal(err)
		}
		if err := v.Close(); err != nil {
			t.Fatal(err)
		}
		return n
	}
	want := find(testConfig(t))
	for _, after := range []int{1, 2, 3, 8, 20, 40} {
		cfg := testConfig(t)
		kill(t, cfg, "index", after)
		if got := find(cfg); got != want {
			t.Errorf("killed after line %d: %d lines found, want %d", after, got, want)
		}
		left, err := filepath.Glob(filepath.Join(cfg.workspace(), SampleDigest().String(), "*.tmp*"))
		if err != nil || len(left) > 0 {
			t.Errorf("killed after line %d: left behind %v, %v", after, left, err)
		}
	}
}
