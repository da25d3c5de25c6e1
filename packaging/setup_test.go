package packaging_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// A machine is a folder of stand-ins for the commands that setup asks; each
// writes down how it was called.
type machine struct{ installed, candidates, user, sudo string }

// setup runs packaging/setup on such a machine and returns what it said, the
// changes it asked for, and whether it succeeded.
func (m machine) setup(t *testing.T, what string) (said, did string, ok bool) {
	t.Helper()
	dir := t.TempDir()
	log := filepath.Join(dir, "log")
	bin := filepath.Join(dir, "bin")
	if err := os.Mkdir(bin, 0o755); err != nil {
		t.Fatal(err)
	}
	scripts := map[string]string{
		"go":         `echo go1.26.0`,
		"id":         `echo ` + m.user,
		"dpkg-query": `case " ` + m.installed + ` " in *" $3 "*) printf installed;; *" all "*) printf installed;; *) exit 1;; esac`,
		"apt-cache":  `echo "$2:"; case " ` + m.candidates + ` " in *" $2 "*|*" all "*) echo "  Candidate: 1.0";; *) echo "  Candidate: (none)";; esac`,
		"apt-get":    `echo "apt-get $*" >>` + log,
	}
	if m.sudo != "" {
		scripts["sudo"] = `echo "sudo" >>` + log + `; [ "$1" = -n ] && shift; ` + m.sudo
	}
	for name, body := range scripts {
		if err := os.WriteFile(filepath.Join(bin, name), []byte("#!/bin/sh\n"+body+"\n"), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	// Only what the script needs otherwise, so that no real sudo is found.
	for _, name := range []string{"bash", "sh", "env", "grep"} {
		path, err := exec.LookPath(name)
		if err != nil {
			t.Fatal(err)
		}
		if err := os.Symlink(path, filepath.Join(bin, name)); err != nil {
			t.Fatal(err)
		}
	}
	cmd := exec.Command(filepath.Join(bin, "bash"), "setup", what)
	cmd.Env = []string{"PATH=" + bin, "SSL_CERT_FILE=setup"}
	out, err := cmd.CombinedOutput()
	calls, readErr := os.ReadFile(log)
	if readErr != nil && !os.IsNotExist(readErr) {
		t.Fatal(readErr)
	}
	return string(out), string(calls), err == nil
}

func TestSetup(t *testing.T) {
	const most = "gcc libc6-dev pkg-config libx11-dev libgl-dev libxcursor-dev libxrandr-dev libxinerama-dev libxi-dev "
	const screen = "libxxf86vm-dev xvfb xdotool openbox scrot libgl1-mesa-dri "
	for _, c := range []struct {
		name    string
		machine machine
		what    string
		said    string
		did     []string
		ok      bool
	}{
		{"nothing is missing", machine{installed: "all", user: "0"}, "test", "", nil, true},
		{"no C library without a screen", machine{user: "1000"}, "headless", "", nil, true},
		{"root, lists are there", machine{installed: most, candidates: "all", user: "0"}, "window",
			"installing with apt: libxxf86vm-dev\n", []string{"install --no-install-recommends libxxf86vm-dev"}, true},
		{"what the tests compare with", machine{installed: most + screen, candidates: "all", user: "0"}, "test",
			"installing with apt: git openssh-client unzip gpg gpg-agent python3\n", []string{"install --no-install-recommends git openssh-client unzip gpg gpg-agent python3"}, true},
		{"root, lists are not there", machine{installed: most, user: "0"}, "window",
			"fetching the package lists", []string{"update", "install --no-install-recommends libxxf86vm-dev"}, true},
		{"sudo", machine{installed: most, candidates: "all", user: "1000", sudo: `exec "$@"`}, "window",
			"installing with apt: libxxf86vm-dev\n", []string{"sudo", "install --no-install-recommends libxxf86vm-dev"}, true},
		{"sudo refuses", machine{installed: most, candidates: "all", user: "1000", sudo: "exit 1"}, "window",
			"apt could not install: libxxf86vm-dev\n", []string{"sudo"}, false},
		{"neither root nor sudo", machine{installed: most, user: "1000"}, "window",
			"set-up: these packages are missing, and installing them needs root or sudo: apt-get install libxxf86vm-dev\n", nil, false},
		{"an unknown wish", machine{user: "0"}, "everything", "usage", nil, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			said, did, ok := c.machine.setup(t, c.what)
			if ok != c.ok || !strings.Contains(said, c.said) || c.said == "" && said != "" {
				t.Errorf("succeeded %v and said %q, want %v and %q", ok, said, c.ok, c.said)
			}
			for _, want := range c.did {
				if !strings.Contains(did, want) {
					t.Errorf("did %q, want %q", did, want)
				}
			}
			if c.did == nil && did != "" {
				t.Errorf("did %q, want nothing", did)
			}
		})
	}
}
