package deposit

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

const lfsPointer = pointerVersion + "oid sha256:4d7a214614ab2935c943f9e0ff69d22eadbb8f32b1258daaa5e2ca24d17e2393\nsize 12345\n"

// TestListed: what is not deposited and what is a document is listed by release.
func TestListed(t *testing.T) {
	repo := product(t)
	git(t, repo, "checkout", "-q", "v2")
	write(t, repo, "assets/logo.psd", lfsPointer)
	write(t, repo, "assets/fake.psd", lfsPointer+"more 1\n")
	write(t, repo, "docs/manual.pdf", "%PDF-1.7\nx")
	write(t, repo, "docs/no.pdf", "no PDF")
	write(t, repo, "docs/spec.docx", "PK\x03\x04"+strings.Repeat("\x00", 60))
	write(t, repo, "lib/tool.jar", "PK\x03\x04"+strings.Repeat("\x00", 60))
	write(t, repo, "docs/old.XLS", "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1x")
	write(t, repo, "docs/setup.msi", "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1x")
	write(t, repo, "docs/plan", "PK\x03\x04"+strings.Repeat("\x00", 26)+"mimetypeapplication/vnd.oasis.opendocument.text")
	write(t, repo, "docs/letter.rtf", `{\rtf1 x}`)
	if err := os.Symlink("%PDF-1.7", filepath.Join(repo, "link.pdf")); err != nil {
		t.Fatal(err)
	}
	git(t, repo, "add", ".")
	other := product(t)
	id := strings.TrimSpace(git(t, other, "rev-parse", "v1^{commit}"))
	git(t, repo, "update-index", "--add", "--cacheinfo", "160000,"+id+",third/party")
	git(t, repo, "commit", "-qm", "assets")
	git(t, repo, "tag", "v3")
	a, _ := admittedFrom(t, sealed(t, repo, "v2", "v3"))
	if r := a.Releases[0]; r.NotDeposited != nil || r.Documents != nil {
		t.Errorf("v2 lists %v and %v", r.NotDeposited, r.Documents)
	}
	want := []Absent{
		{"assets/logo.psd", AbsentLFS, "sha256:4d7a214614ab2935c943f9e0ff69d22eadbb8f32b1258daaa5e2ca24d17e2393, 12345 bytes"},
		{"third/party", AbsentSubmodule, "commit " + id},
	}
	if got := a.Releases[1].NotDeposited; !slices.Equal(got, want) {
		t.Errorf("not deposited are %v, want %v", got, want)
	}
	var papers []string
	for _, f := range a.Releases[1].Documents {
		papers = append(papers, f.Path)
		if f.Path == "docs/manual.pdf" && (f.Blob != digestOf([]byte("%PDF-1.7\nx")) || f.Size != 10) {
			t.Errorf("the manual is %v", f)
		}
	}
	if want := []string{"docs/letter.rtf", "docs/manual.pdf", "docs/old.XLS", "docs/plan", "docs/spec.docx"}; !slices.Equal(papers, want) {
		t.Errorf("the documents are %v, want %v", papers, want)
	}
	if !slices.ContainsFunc(a.Warnings, func(w string) bool { return strings.HasPrefix(w, "release v3 has 1 Git LFS pointers") }) {
		t.Errorf("the warnings are %q", a.Warnings)
	}
}

// TestListIsBounded: of very many the number is said.
func TestListIsBounded(t *testing.T) {
	dir := forge(t, func(f *forgery) {
		id := f.add(kindBlob, []byte(lfsPointer))
		pdf := f.add(kindBlob, []byte("%PDF-1"))
		var tree []byte
		for i := range 5000 {
			tree = append(tree, treeLine("100644", fmt.Sprintf("f%04d", i), id)...)
		}
		big := f.add(kindTree, tree)
		var root []byte
		for _, name := range []string{"a", "b", "c"} {
			root = append(root, treeLine("40000", name, big)...)
		}
		root = append(root, treeLine("100644", "z.pdf", pdf)...)
		f.commit(f.add(kindTree, root))
	}, nil)
	a, err := Verify(t.Context(), dir, vendorTrust(t), Limits{}, nil)
	if err != nil {
		t.Fatal(err)
	}
	r := a.Releases[0]
	if len(r.NotDeposited) != maxListed || r.NotDepositedMore != 5000 || len(r.Documents) != 0 || r.DocumentsMore != 1 {
		t.Errorf("%d are listed and %d are not; of documents %d and %d", len(r.NotDeposited), r.NotDepositedMore, len(r.Documents), r.DocumentsMore)
	}
}

// TestPointer reads what is a Git LFS pointer and what only resembles one.
func TestPointer(t *testing.T) {
	sum := "4d7a214614ab2935c943f9e0ff69d22eadbb8f32b1258daaa5e2ca24d17e2393"
	for text, want := range map[string]bool{
		lfsPointer: true,
		pointerVersion + "ext-0-foo sha256:" + sum + "\noid sha256:" + sum + "\nsize 1\n": true,
		pointerVersion + "size 1\noid sha256:" + sum + "\n":                               false,
		pointerVersion + "oid sha256:" + sum + "\n":                                       false,
		pointerVersion + "oid sha256:" + sum + "\nsize 1":                                 false,
		pointerVersion + "oid sha256:" + sum + "\nsize 01\n":                              false,
		pointerVersion + "oid sha256:" + sum + "\nsize -1\n":                              false,
		pointerVersion + "oid md5:" + sum + "\nsize 1\n":                                  false,
		pointerVersion + "oid sha256:" + sum[1:] + "\nsize 1\n":                           false,
		pointerVersion + "oid sha256:" + sum + "\nsize 1\nzzz x\n":                        false,
		pointerVersion + "\noid sha256:" + sum + "\nsize 1\n":                             false,
		lfsPointer + strings.Repeat("x", maxPointer):                                      false,
		"version https://hawser.github.com/spec/v1\n":                                     false,
		"": false,
	} {
		if got := formOf([]byte(text)) == formPointer; got != want {
			t.Errorf("%q is a pointer: %v, want %v", text, got, want)
		}
	}
}

// FuzzPointer: what is accepted has an id and a size.
func FuzzPointer(f *testing.F) {
	f.Add([]byte(lfsPointer))
	f.Add([]byte(pointerVersion + "ext-0-a sha256:00\noid sha256:\nsize 9\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		p, err := parsePointer(data)
		if err != nil {
			return
		}
		if !strings.Contains(string(data), "\noid sha256:"+p.sum.String()+"\n") || p.size < 0 || len(data) > maxPointer {
			t.Errorf("%q is read as %v", data, p)
		}
	})
}

// FuzzForeignHeader: of a header that is accepted, every ref is a line.
func FuzzForeignHeader(f *testing.F) {
	f.Add([]byte("# v2 git bundle\n0100000000000000000000000000000000000000 refs/tags/v1\n\n"))
	f.Add([]byte("# v2 git bundle\n-0100000000000000000000000000000000000000 a subject\n\n"))
	f.Add([]byte("# v3 git bundle\n@filter=blob:none\n\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		if len(data) > 1<<14 {
			return // the comparison below takes its time
		}
		refs, err := parseForeignHeader(data)
		if err != nil {
			return
		}
		for name, id := range refs {
			if !strings.Contains(string(data), "\n"+id.String()+" "+name+"\n") && !strings.HasSuffix(string(data), "\n"+id.String()+" "+name) {
				t.Errorf("%q is read to have %s %s", data, id, name)
			}
		}
	})
}

// TestSumsLine writes lines as sha256sum does.
func TestSumsLine(t *testing.T) {
	zero := strings.Repeat("0", 64)
	for path, want := range map[string]string{
		"a b/c": zero + "  a b/c\n",
		`a\b`:   `\` + zero + `  a\\b` + "\n",
		"a\nb":  `\` + zero + `  a\nb` + "\n",
	} {
		if got := (File{Path: path}).SumsLine(); got != want {
			t.Errorf("%q gives %q, want %q", path, got, want)
		}
	}
}
