package room

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"vitrine/app/review"
	"vitrine/index/deposit"
)

// ctl is the static vitrinectl that serves as the admission child.
var ctl string

func TestMain(m *testing.M) {
	if work := os.Getenv(workEnv); work != "" {
		if err := toil(work); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		return
	}
	os.Exit(buildAndRun(m))
}

func buildAndRun(m *testing.M) int {
	dir, err := os.MkdirTemp("", "room-test-")
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	defer os.RemoveAll(dir)
	ctl = filepath.Join(dir, "vitrinectl")
	build := exec.Command("go", "build", "-o", ctl, "vitrine/app/vitrinectl")
	build.Env = append(os.Environ(), "CGO_ENABLED=0")
	if out, err := build.CombinedOutput(); err != nil {
		fmt.Fprintf(os.Stderr, "build vitrinectl: %v\n%s", err, out)
		return 1
	}
	return m.Run()
}

func testConfig(t *testing.T) Config {
	t.Helper()
	t.Setenv("HOME", t.TempDir()) // keys are looked for in ~/.ssh
	t.Setenv("SSH_AUTH_SOCK", "")
	return Config{Home: filepath.Join(t.TempDir(), "vitrine"), Ctl: ctl, User: "tester"}
}

func enterSample(t *testing.T, cfg Config, who string) *Visit {
	t.Helper()
	v, err := enterSampleAs(cfg, who)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := v.Close(); err != nil {
			t.Error(err)
		}
	})
	return v
}

func enterSampleAs(cfg Config, who string) (*Visit, error) {
	a, err := Admit(context.Background(), cfg, SampleRequest(), func(Step) {})
	if err != nil {
		return nil, err
	}
	return Enter(context.Background(), a, who)
}

// newest gives the newest release and the first text file of it.
func newest(t *testing.T, v *Visit) (string, *Document) {
	t.Helper()
	rel := v.Releases()[len(v.Releases())-1]
	files, err := v.Files(t.Context(), rel)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		d, err := v.Open(t.Context(), deposit.Place{Release: rel, Path: f.Path})
		if err != nil {
			t.Fatal(err)
		}
		if !d.Binary && d.Text.Lines() > 3 {
			return rel, d
		}
	}
	t.Fatal("the sample has no text file")
	return "", nil
}

func note(v *Visit, d *Document, line int, text string) Note {
	return Note{
		Kind: review.Note, Text: text,
		Locations: []review.Location{v.Locate(d, line, 1, line, len(d.Text.Line(line))+1)},
	}
}

func placeOf(release, path string) deposit.Place { return deposit.Place{Release: release, Path: path} }
