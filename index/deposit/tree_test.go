package deposit

import (
	"bytes"
	"os/exec"
	"strings"
	"testing"
)

// TestTreeRules goes through what makes a tree refused, and what does not.
func TestTreeRules(t *testing.T) {
	var id ID
	line := func(mode, name string) []byte { return treeLine(mode, name, id) }
	tree := func(lines ...[]byte) []byte { return bytes.Join(lines, nil) }
	for name, test := range map[string]struct {
		data []byte
		want string // "" when it is fine
	}{
		"empty":                       {nil, ""},
		"all modes":                   {tree(line("100644", "a"), line("100755", "b"), line("120000", "c"), line("40000", "d"), line("160000", "e"), line("100664", "f")), ""},
		"directory order":             {tree(line("100644", "a-b"), line("100644", "a.b"), line("40000", "a"), line("100644", "a0")), ""},
		"dot files":                   {tree(line("100644", "..."), line("100644", ".github"), line("100644", ".gitignore"), line("100644", "git"), line("100644", "git~2")), ""},
		"any bytes in history":        {tree(line("100644", "\x01"), line("100644", "\xff\xfe")), ""},
		"file order for a directory":  {tree(line("40000", "a"), line("100644", "a.b")), "not git's order"},
		"out of order":                {tree(line("100644", "b"), line("100644", "a")), "not git's order"},
		"twice":                       {tree(line("100644", "a"), line("100644", "a")), "twice"},
		"file and directory":          {tree(line("100644", "a"), line("40000", "a")), "twice"},
		"file and directory apart":    {tree(line("100644", "a"), line("100644", "a-"), line("100644", "a-b"), line("40000", "a")), "as a file and as a directory"},
		"empty name":                  {tree(line("100644", "")), "empty name"},
		"slash":                       {tree(line("100644", "a/b")), "slash"},
		"dot":                         {tree(line("40000", ".")), `named "."`},
		"dot dot":                     {tree(line("40000", "..")), `named ".."`},
		".git":                        {tree(line("40000", ".git")), ".git to some file systems"},
		".GIT":                        {tree(line("40000", ".GiT")), ".git to some file systems"},
		".git with HFS's ignored":     {tree(line("40000", ".g\u200cit")), ".git to some file systems"},
		".git with a byte order mark": {tree(line("40000", "\ufeff.git")), ".git to some file systems"},
		"NTFS short name":             {tree(line("40000", "GIT~1")), ".git to some file systems"},
		"NTFS trailing":               {tree(line("40000", ".git . ")), ".git to some file systems"},
		"NTFS stream":                 {tree(line("40000", ".git::$INDEX_ALLOCATION")), ".git to some file systems"},
		"NTFS backslash":              {tree(line("100644", `.git\config`)), ".git to some file systems"},
		"NTFS backslash before it":    {tree(line("100644", `a\Git~1 \config`)), ".git to some file systems"},
		".git and no UTF-8":           {tree(line("40000", ".git\xff")), ".git to some file systems"},
		"not .git to anybody":         {tree(line("40000", ".gitx\\a"), line("40000", ".g\u0130t")), ""},
		"mode 0":                      {tree(line("", "a")), "mode"},
		"zero-padded mode":            {tree(line("040000", "a")), "octal"},
		"long mode":                   {tree(line("1006440", "a")), "octal"},
		"device":                      {tree(line("20000", "a")), "mode 20000"},
		"setuid":                      {tree(line("104755", "a")), "mode 104755"},
		"cut in mode":                 {[]byte("1006"), "ends within a mode"},
		"cut in name":                 {[]byte("100644 abc"), "ends within an entry"},
		"cut in id":                   {line("100644", "a")[:20], "ends within an entry"},
		"name too long":               {tree(line("100644", strings.Repeat("n", maxName+1))), "at most 4096"},
	} {
		t.Run(name, func(t *testing.T) {
			err := scanAll(test.data)
			if test.want == "" && err != nil || test.want != "" && (err == nil || !strings.Contains(err.Error(), test.want)) {
				t.Errorf("got %v, want %q", err, test.want)
			}
		})
	}
}

// scanAll goes through a tree to its end or first fault.
func scanAll(data []byte) error {
	var s treeScanner
	s.reset(data)
	for {
		if _, ok, err := s.next(); err != nil || !ok {
			return err
		}
	}
}

// FuzzTree holds the scanner against git: what it accepts, git mktree makes
// into the same bytes again.
func FuzzTree(f *testing.F) {
	var id ID
	f.Add([]byte(nil))
	f.Add(append(treeLine("100644", "a", id), treeLine("40000", "b", id)...))
	f.Add(append(treeLine("100755", "a", id), treeLine("40000", "a", id)...))
	f.Add(treeLine("160000", ".git", id))
	dir := f.TempDir()
	git(f, dir, "init", "-q")
	f.Fuzz(func(t *testing.T, data []byte) {
		if len(data) > 4096 || scanAll(data) != nil {
			return
		}
		var input strings.Builder
		var s treeScanner
		for s.reset(data); ; {
			e, ok, err := s.next()
			if err != nil {
				t.Fatal(err)
			}
			if !ok {
				break
			}
			kinds := map[uint32]string{modeTree: "040000 tree ", modeSubmodule: "160000 commit ", modeExec: "100755 blob ", modeLink: "120000 blob "}
			line := kinds[e.mode]
			if line == "" {
				line = "100644 blob "
			}
			input.WriteString(line + e.id.String() + "\t" + string(e.name) + "\x00")
		}
		cmd := exec.Command("git", "mktree", "--missing", "-z")
		cmd.Dir, cmd.Stdin = dir, strings.NewReader(input.String())
		out, err := cmd.Output()
		if err != nil {
			t.Fatalf("git refuses %q: %v", input.String(), err)
		}
		same := bytes.ReplaceAll(data, []byte("100664 "), []byte("100644 "))
		if got := strings.TrimSpace(string(out)); got != idOf(kindTree, same).String() {
			t.Errorf("git makes %s of %q, not %s", got, input.String(), idOf(kindTree, same))
		}
	})
}
