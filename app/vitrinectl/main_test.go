package main

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
)

// bin is the folder of the vitrinectl under test: the static binary as it
// ships, since admission starts it as a child of its own.
var bin string

func TestMain(m *testing.M) { os.Exit(buildAndRun(m)) }

func buildAndRun(m *testing.M) int {
	var err error
	if bin, err = os.MkdirTemp("", "vitrinectl-test-"); err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	defer os.RemoveAll(bin)
	build := exec.Command("go", "build", "-o", filepath.Join(bin, "vitrinectl"), ".")
	build.Env = append(os.Environ(), "CGO_ENABLED=0")
	if out, err := build.CombinedOutput(); err != nil {
		fmt.Fprintf(os.Stderr, "build vitrinectl: %v\n%s", err, out)
		return 1
	}
	return m.Run()
}

// TestScripts runs testdata/script/*.txtar: what people type, what they see,
// and what must not be there afterwards.
func TestScripts(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir: "testdata/script",
		Setup: func(e *testscript.Env) error {
			e.Setenv("PATH", bin+string(os.PathListSeparator)+os.Getenv("PATH"))
			e.Setenv("HOME", e.WorkDir)
			e.Setenv("VITRINE_HOME", filepath.Join(e.WorkDir, "room"))
			e.Setenv("XDG_CONFIG_HOME", filepath.Join(e.WorkDir, "config"))
			e.Setenv("GIT_CONFIG_NOSYSTEM", "1")
			e.Setenv("GIT_AUTHOR_NAME", "Ann")
			e.Setenv("GIT_AUTHOR_EMAIL", "ann@example.org")
			e.Setenv("GIT_COMMITTER_NAME", "Ann")
			e.Setenv("GIT_COMMITTER_EMAIL", "ann@example.org")
			e.Setenv("GIT_AUTHOR_DATE", "2024-05-01T10:00:00Z")
			e.Setenv("GIT_COMMITTER_DATE", "2024-05-01T10:00:00Z")
			return nil
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"flip":        flip,
			"signers":     signers,
			"demo-room":   demoRoom,
			"stdout2file": saveStdout,
			"agent":       startAgent,
			"gnupg":       makeGnuPG,
			"agent-key":   agentKeyCmd,
			"fingerprint": setFingerprint,
			"digest":      setDigest,
		},
	})
}

// flip FILE OFFSET turns one bit of a byte; a negative offset counts from the end.
func flip(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: flip FILE OFFSET")
	}
	path := ts.MkAbs(args[0])
	b, err := os.ReadFile(path)
	ts.Check(err)
	var at int
	_, err = fmt.Sscan(args[1], &at)
	ts.Check(err)
	if at < 0 {
		at += len(b)
	}
	b[at] ^= 1
	ts.Check(os.Chmod(path, 0o600))
	ts.Check(os.WriteFile(path, b, 0o600))
}

// signers OUT NAME KEY.pub writes an allowed_signers file.
func signers(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 3 {
		ts.Fatalf("usage: signers OUT NAME KEY.pub")
	}
	key, err := os.ReadFile(ts.MkAbs(args[2]))
	ts.Check(err)
	ts.Check(os.WriteFile(ts.MkAbs(args[0]), append([]byte(args[1]+" "), key...), 0o600))
}

// demoRoom makes keys, a repository with two releases, a sealed deposit and a
// signed policy, as a script would, so that scripts can start there.
func demoRoom(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 0 {
		ts.Fatalf("usage: demo-room")
	}
	for _, who := range []string{"vendor", "operator", "reviewer", "stranger"} {
		ts.Check(ts.Exec("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", who, "-f", who))
	}
	signers(ts, false, []string{"trusted", "korvane", "vendor.pub"})
	ts.Check(ts.Exec("git", "init", "-q", "-b", "main", "repo"))
	write := func(name, text string) {
		path := ts.MkAbs(filepath.Join("repo", name))
		ts.Check(os.MkdirAll(filepath.Dir(path), 0o755))
		ts.Check(os.WriteFile(path, []byte(text), 0o644))
	}
	write("engine/scan.c", "#include \"scan.h\"\n\nint scan(const char *p, int n)\n{\n\treturn match(p, n);\n}\n")
	write("README.md", "# Demo\n\nScans things.\n")
	commit := func(tag string) {
		ts.Check(ts.Exec("git", "-C", "repo", "add", "."))
		ts.Check(ts.Exec("git", "-C", "repo", "commit", "-q", "-m", tag))
		ts.Check(ts.Exec("git", "-C", "repo", "tag", tag))
	}
	commit("v1")
	write("engine/scan.c", "#include \"scan.h\"\n\nint scan(const char *p, int n)\n{\n\tif (n < 0)\n\t\treturn -1;\n\treturn match(p, n);\n}\n")
	commit("v2")
	ts.Check(ts.Exec("vitrinectl", "deposit", "seal", "--repo", "repo", "--release", "v1", "--release", "v2",
		"--key", "vendor", "--out", "deposit", "--title", "Demo", "--vendor", "Korvane Labs", "--date", "2024-05-01T10:00:00Z"))
	ts.Check(ts.Exec("vitrinectl", "policy", "sign", "--title", "First visit", "--vendor", "Korvane Labs=vendor.pub",
		"--reviewer", "Ada Lovelace (Example Audits)=reviewer.pub", "--operator", "Northgate=operator.pub",
		"--deposit", "deposit", "--from", "2024-01-01", "--to", "2099-12-31", "--key", "operator", "--out", "policy.json"))
}

// saveStdout FILE keeps the last command's standard output.
func saveStdout(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 1 {
		ts.Fatalf("usage: stdout2file FILE")
	}
	ts.Check(os.WriteFile(ts.MkAbs(args[0]), []byte(ts.ReadFile("stdout")), 0o600))
}
