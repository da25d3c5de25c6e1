// Package packaging_test holds the README to its word: its command lines are
// run as they stand, and its list of dependencies is compared with the imports.
package packaging_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

const tags = "x11,migrated_fynedo,no_metadata"

func readme(t *testing.T) string {
	t.Helper()
	data, err := os.ReadFile("../README.md")
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

// binaries is the folder of vitrinectl: what packaging/test built, or a new one.
func binaries(t *testing.T) string {
	t.Helper()
	if dir := os.Getenv("VITRINE_BIN_DIR"); dir != "" {
		return dir
	}
	dir := t.TempDir()
	cmd := exec.Command("go", "build", "-o", filepath.Join(dir, "vitrinectl"), "../app/vitrinectl")
	cmd.Env = append(os.Environ(), "CGO_ENABLED=0")
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	return dir
}

// TestReadmeLines runs every block marked as sh, one after the other in one
// shell, in a folder that looks like the top of the tree.
func TestReadmeLines(t *testing.T) {
	var script strings.Builder
	blocks := regexp.MustCompile("(?ms)^```sh\n(.*?)^```$").FindAllStringSubmatch(readme(t), -1)
	for _, b := range blocks {
		script.WriteString(b[1])
	}
	top := t.TempDir()
	for name, target := range map[string]string{"build": binaries(t), "assets": "../assets"} {
		abs, err := filepath.Abs(target)
		if err != nil {
			t.Fatal(err)
		}
		if err := os.Symlink(abs, filepath.Join(top, name)); err != nil {
			t.Fatal(err)
		}
	}
	cmd := exec.Command("bash", "-euo", "pipefail", "-x", "-c", script.String())
	cmd.Dir = top
	cmd.Env = append(os.Environ(),
		"HOME="+t.TempDir(), "VITRINE_HOME="+t.TempDir(), "XDG_CONFIG_HOME="+t.TempDir(),
		"GIT_CONFIG_GLOBAL="+os.DevNull, "GIT_CONFIG_SYSTEM="+os.DevNull, "SSH_AUTH_SOCK=")
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	for _, want := range []string{
		`Good "deposit@vitrine" signature for korvane`,
		"engine/unpack/cab.c:91:5:     memcpy(block, p + 2, packed - 2);",
		"4.2.0:service/stats/stats.go:231:46: ",
		`Good "review@vitrine" signature for okafor`,
		"findings.sarif: OK",
		"marlin-4.2.1.tar is what release 4.2.1 lists (SHA-256 ",
		"never mentioned: 1 of 44 files",
		`Good "build@vitrine" signature for okafor`,
	} {
		if !strings.Contains(string(out), want) {
			t.Errorf("the README's lines do not print %q\n%s", want, out)
		}
	}
}

// TestReadmeDependencies compares the table with what our packages and their
// tests import. staticcheck is run and not imported.
func TestReadmeDependencies(t *testing.T) {
	listed := []string{}
	for _, m := range regexp.MustCompile("(?m)^\\| `([^ `]+\\.[^ `]+/[^ `]+)` \\| .").FindAllStringSubmatch(readme(t), -1) {
		listed = append(listed, m[1])
	}
	imports := strings.Fields(golist(t, `{{join .Imports "\n"}}{{"\n"}}{{join .TestImports "\n"}}{{"\n"}}{{join .XTestImports "\n"}}`, "vitrine/..."))
	slices.Sort(imports)
	imports = slices.DeleteFunc(slices.Compact(imports), func(p string) bool {
		first, _, _ := strings.Cut(p, "/")
		return p == "C" || !strings.Contains(first, ".")
	})
	modules := strings.Fields(golist(t, "{{with .Module}}{{.Path}}{{end}}", imports...))
	modules = append(modules, "honnef.co/go/tools")
	slices.Sort(modules)
	modules = slices.Compact(modules)

	for _, m := range modules {
		if !slices.Contains(listed, m) {
			t.Errorf("%s is imported and has no line in the README that says why", m)
		}
	}
	for _, m := range listed {
		if !slices.Contains(modules, m) {
			t.Errorf("the README gives a reason for %s, which nothing imports", m)
		}
	}
}

func golist(t *testing.T, format string, patterns ...string) string {
	t.Helper()
	cmd := exec.Command("go", append([]string{"list", "-tags", tags, "-f", format}, patterns...)...)
	var stderr strings.Builder
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("go list: %v\n%s", err, stderr.String())
	}
	return string(out)
}
