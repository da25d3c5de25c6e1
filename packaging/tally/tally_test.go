package main

import (
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"
)

// Each case is a module in a txtar archive, run through the real go command;
// its comment says what must be counted and shown.
func TestCases(t *testing.T) {
	files, err := filepath.Glob("testdata/*.txtar")
	if err != nil || len(files) == 0 {
		t.Fatalf("no cases: %v", err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txtar"), func(t *testing.T) {
			a, err := txtar.ParseFile(file)
			if err != nil {
				t.Fatal(err)
			}
			dir := t.TempDir()
			for _, f := range a.Files {
				if err := os.WriteFile(filepath.Join(dir, f.Name), f.Data, 0o644); err != nil {
					t.Fatal(err)
				}
			}
			t.Setenv("GOFLAGS", "-mod=readonly")
			t.Setenv("GOPROXY", "off")
			t.Setenv("GOWORK", "off")
			t.Chdir(dir)

			var out strings.Builder
			tal, err := run([]string{"go", "test", "-json", "-vet=off", "./..."}, &out)
			if err != nil {
				t.Fatal(err)
			}
			want := expectations(t, string(a.Comment))
			passed, failed := tal.counts()
			if passed != want.passed || failed != want.failed {
				t.Errorf("%d passed, %d failed; want %d, %d\n%s", passed, failed, want.passed, want.failed, out.String())
			}
			for _, s := range want.shown {
				if !strings.Contains(out.String(), s) {
					t.Errorf("%q is not shown:\n%s", s, out.String())
				}
			}
			for _, s := range want.hidden {
				if strings.Contains(out.String(), s) {
					t.Errorf("%q is shown:\n%s", s, out.String())
				}
			}
		})
	}
}

type expected struct {
	passed, failed int
	shown, hidden  []string
}

// expectations reads lines "passed N", "failed N", "shown TEXT", "hidden TEXT".
func expectations(t *testing.T, comment string) (e expected) {
	t.Helper()
	for line := range strings.Lines(comment) {
		key, value, _ := strings.Cut(strings.TrimSpace(line), " ")
		var err error
		switch key {
		case "passed":
			e.passed, err = strconv.Atoi(value)
		case "failed":
			e.failed, err = strconv.Atoi(value)
		case "shown":
			e.shown = append(e.shown, value)
		case "hidden":
			e.hidden = append(e.hidden, value)
		case "", "#":
		default:
			t.Fatalf("case says %q", line)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	return e
}

// A command that prints no events at all must not count as success.
func TestCommandsThatTestNothing(t *testing.T) {
	for _, command := range [][]string{{"true"}, {"false"}, {"echo", "hello"}} {
		var out strings.Builder
		tal, err := run(command, &out)
		if err != nil {
			t.Fatal(err)
		}
		if passed, failed := tal.counts(); passed != 0 || failed != 1 {
			t.Errorf("%v: %d passed, %d failed, want 0 and 1\n%s", command, passed, failed, out.String())
		}
	}
}
