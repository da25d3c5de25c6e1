package main

import (
	"crypto/sha256"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"

	"github.com/rogpeppe/go-internal/testscript"

	"vitrine/index/deposit"
	"vitrine/index/seal"
)

// startAgent starts an ssh-agent for the script, which ends with it.
func startAgent(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 0 {
		ts.Fatalf("usage: agent")
	}
	dir, err := os.MkdirTemp("", "agent-") // a socket's path must be short
	ts.Check(err)
	socket := filepath.Join(dir, "socket")
	cmd := exec.Command("ssh-agent", "-D", "-a", socket)
	out, err := cmd.StdoutPipe()
	ts.Check(err)
	ts.Check(cmd.Start())
	ts.Defer(func() {
		_ = cmd.Process.Kill()
		_ = cmd.Wait() // it says that it was killed
		_ = os.RemoveAll(dir)
	})
	_, err = out.Read(make([]byte, 200)) // it says where it listens once it does
	ts.Check(err)
	ts.Setenv("SSH_AUTH_SOCK", socket)
}

// agentKeyCmd TYPE NAME PASSPHRASE makes a key and gives it to the agent, as
// somebody does who types the passphrase.
func agentKeyCmd(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 3 {
		ts.Fatalf("usage: agent-key TYPE NAME PASSPHRASE")
	}
	ts.Check(ts.Exec("ssh-keygen", "-q", "-t", args[0], "-N", args[2], "-C", args[1], "-f", args[1]))
	answer := ts.MkAbs("answer-" + args[1])
	ts.Check(os.WriteFile(answer, []byte(fmt.Sprintf("#!/bin/sh\necho '%s'\n", args[2])), 0o700))
	add := exec.Command("ssh-add", "-q", ts.MkAbs(args[1]))
	add.Env = append(os.Environ(), "SSH_AUTH_SOCK="+ts.Getenv("SSH_AUTH_SOCK"), "SSH_ASKPASS="+answer, "SSH_ASKPASS_REQUIRE=force")
	if out, err := add.CombinedOutput(); err != nil {
		ts.Fatalf("ssh-add: %v: %s", err, out)
	}
}

// makeGnuPG NAME makes a home for gpg with NAME's key, whose certificate it leaves
// in NAME.asc, in lower case. What gpg started ends with the script.
func makeGnuPG(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 1 {
		ts.Fatalf("usage: gnupg NAME")
	}
	home, err := os.MkdirTemp("", "gpg-") // a socket's path must be short
	ts.Check(err)
	ts.Setenv("GNUPGHOME", home)
	ts.Defer(func() {
		_ = exec.Command("gpgconf", "--homedir", home, "--kill", "all").Run()
		_ = os.RemoveAll(home)
	})
	name := strings.ToLower(args[0])
	// Older than the commits, whose time is fixed.
	ts.Check(ts.Exec("gpg", "--batch", "--quiet", "--faked-system-time", "20240101T000000", "--passphrase", "",
		"--quick-generate-key", args[0]+" <"+name+"@example.org>", "ed25519", "sign", "never"))
	ts.Check(ts.Exec("gpg", "--batch", "--quiet", "--armor", "--output", name+".asc", "--export", name+"@example.org"))
}

// setFingerprint VARIABLE KEY.pub
func setFingerprint(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: fingerprint VARIABLE KEY.pub")
	}
	key, _, err := seal.ParseKey(strings.TrimSpace(ts.ReadFile(args[1])))
	ts.Check(err)
	ts.Setenv(args[0], seal.Fingerprint(key))
}

// setDigest VARIABLE DEPOSIT
func setDigest(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: digest VARIABLE DEPOSIT")
	}
	manifest := ts.ReadFile(filepath.Join(args[1], deposit.ManifestFile))
	ts.Setenv(args[0], deposit.Digest(sha256.Sum256([]byte(manifest))).String())
}
