package bom

import (
	"crypto/sha256"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"vitrine/index/deposit"
)

// release is a small Marlin: each file's text is its name.
var release = files("README.md", "engine/scan.c", "engine/scan.h", "third_party/pocket-json-1.1/json.c",
	"third_party/tiny-inflate/inflate.c", "trie/trie.c", "vendor/trie-copy.c|trie/trie.c", "zempty|")

// files makes files of "path" or "path|text", in order.
func files(specs ...string) []deposit.File {
	var all []deposit.File
	for _, s := range specs {
		name, text, ok := strings.Cut(s, "|")
		if !ok {
			text = name
		}
		all = append(all, deposit.File{Path: name, Blob: sha256.Sum256([]byte(text)), Size: int64(len(text)), Mode: 0o100644})
	}
	return all
}

// read fills a bill's @NAME@ with the digests of the release.
func read(t testing.TB, name string) []byte {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("testdata", name))
	if err != nil {
		t.Fatal(err)
	}
	return fill(string(data))
}

func fill(text string) []byte {
	for _, f := range release {
		text = strings.ReplaceAll(text, "@"+filepath.Base(f.Path)+"@", f.Blob.String())
	}
	return []byte(strings.ReplaceAll(text, "@other@", deposit.Digest(sha256.Sum256([]byte("other"))).String()))
}

// tell is a comparison in lines.
func tell(c *Comparison) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s | %s\n", c.Bill.Format, c.Bill.Subject)
	for _, f := range c.Found {
		fmt.Fprintf(&b, "%s | %s | %s | %s | %s | %s | %s\n", f.Grade, f.Name, f.Version, f.PURL, f.Supplier, f.Licence, f.Evidence())
	}
	fmt.Fprintln(&b, strings.Join(c.NeverMentioned, " "))
	return b.String()
}

func TestCompare(t *testing.T) {
	for name, want := range map[string]string{
		"spdx-2.3.json": `SPDX 2.3 | marlin 4.2.1
by digest | sigtrie | 2.0 | pkg:generic/sigtrie@2.0 | Ines Duarte (ines@sigtrie.example) | BSD-2-Clause | trie/trie.c · 1 of 1 files
by path | tiny_inflate | 0.9 |  |  | Zlib | third_party/tiny-inflate/inflate.c · 1 of 2 files · 1 with other bytes than the bill says
not found | liblzma | 5.4.1 |  |  |  | 
README.md engine/scan.h third_party/pocket-json-1.1/json.c zempty
`,
		"cyclonedx-1.5.json": `CycloneDX 1.5 | Marlin Scan Engine 4.2.1
by digest | @korvane/sigtrie | 2.0 | pkg:generic/sigtrie@2.0 | Ines Duarte | BSD-2-Clause, House licence | trie/trie.c · 1 of 1 files
by path | tiny_inflate | 0.9 |  |  | Zlib OR MIT | third_party/tiny-inflate/inflate.c · 1 of 2 files
not found | liblzma | 5.4.1 | pkg:deb/debian/liblzma5@5.4.1 |  |  | 
by name | Pocket JSON | 1.1 |  | Pocket |  | third_party/pocket-json-1.1
README.md engine/scan.h zempty
`,
	} {
		b, err := Parse(read(t, name))
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if got := tell(Compare(b, release)); got != want {
			t.Errorf("%s gives\n%s\nwant\n%s", name, got, want)
		}
	}
}

// TestNoFiles: a bill without files says nothing about files.
func TestNoFiles(t *testing.T) {
	b, err := Parse([]byte(`{"bomFormat":"CycloneDX","specVersion":"1.6","components":[{"type":"library","name":"github.com/x/Engine"}]}`))
	if err != nil {
		t.Fatal(err)
	}
	c := Compare(b, release)
	if c.ListsFiles || len(c.NeverMentioned) > 0 || c.Count(ByName) != 1 || c.Found[0].Where != "engine" {
		t.Errorf("got %+v", c)
	}
}

// TestNames: how a component's directory may be called.
func TestNames(t *testing.T) {
	all := files("deps/fyne/v2/app.go", "deps/Foo.Bar-1.2/a", "deps/libz/z.c", "lib/v3/x")
	for name, want := range map[string]string{
		"fyne.io/fyne/v2": "deps/fyne", "foo_bar": "deps/Foo.Bar-1.2", "@scope/libz": "deps/libz", "v3": "lib/v3",
		"z": "", "": "", "/": "", "example.org/v4": "", "a": "",
	} {
		f := Compare(&Bill{Components: []Component{{Name: name, Version: "1.2"}}}, all).Found[0]
		if f.Where != want || (want != "") != (f.Grade == ByName) {
			t.Errorf("%q is %s at %q, want %q", name, f.Grade, f.Where, want)
		}
	}
}

// TestWhatProvesNothing: the digest of no bytes, and a submodule, are no source.
func TestWhatProvesNothing(t *testing.T) {
	none := deposit.Digest(sha256.Sum256(nil)).String()
	b, err := Parse([]byte(`{"bomFormat":"CycloneDX","specVersion":"1.4","components":[
		{"type":"library","name":"gone","hashes":[{"alg":"SHA-256","content":"` + none + `"}],
		 "components":[{"type":"file","name":"gone/__init__.py","hashes":[{"alg":"SHA-256","content":"` + none + `"}]}]},
		{"type":"library","name":"sub","evidence":{"occurrences":[{"location":"lib/sub"}]}}]}`))
	if err != nil {
		t.Fatal(err)
	}
	all := append(slices.Clone(release), deposit.File{Path: "lib/sub", Mode: modeSubmodule})
	c := Compare(b, all)
	if c.Count(None) != 2 {
		t.Errorf("found %+v", c.Found)
	}
	if slices.Contains(c.NeverMentioned, "zempty") || slices.Contains(c.NeverMentioned, "lib/sub") {
		t.Errorf("never mentioned: %v", c.NeverMentioned)
	}
}

func TestRefused(t *testing.T) {
	cdx := `{"bomFormat":"CycloneDX","specVersion":"1.5",`
	for _, c := range []struct{ data, want string }{
		{``, "JSON"},
		{`{"spdxVersion":"SPDX-2.1"}`, `"SPDX-2.1"; SPDX-2.2 and SPDX-2.3 are read`},
		{`{"bomFormat":"CycloneDX","specVersion":"1.7"}`, `CycloneDX "1.7"; 1.4, 1.5 and 1.6 are read`},
		{`{"@context":"https://spdx.org/rdf/3.0.1/spdx-context.jsonld","@graph":[]}`, "SPDX 3"},
		{`{"bomFormat":"Other"}`, "neither"},
		{"\xff", "UTF-8"},
		{`{"bomFormat":"CycloneDX","BOMFormat":"x"}`, `"bomformat" stands there twice`},
		{cdx + `"components":[{"name":"a","Name":"b"}]}`, `"name" stands there twice`},
		{cdx + `"components":7}`, "components"},
		{cdx + `"components":[`, "JSON"},
		{cdx + `"components":[]} x`, "JSON"},
		{cdx + `"x":` + strings.Repeat("[", maxDepth) + strings.Repeat("]", maxDepth) + `}`, "deep"},
		{cdx + `"components":[` + strings.Repeat("{},", MaxComponents) + `{}]}`, "components"},
	} {
		b, err := Parse([]byte(c.data))
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%.60s: got %v, %v, want an error with %q", c.data, b, err, c.want)
		}
	}
}

// TestBounds: the limits hold before anything is made of the bytes.
func TestBounds(t *testing.T) {
	most := bounds{objects: 4, values: 6, depth: 3, members: 2}
	for data, want := range map[string]string{
		`[[],[],[]]`:              "",
		`[[],[],[],[]]`:           "4 objects",
		`[1,2,3,4,5]`:             "",
		`[1,2,3,4,5,"6"]`:         "6 values",
		`[[[1]]]`:                 "",
		`[[[{}]]]`:                "3 deep",
		`{"a":1,"b":{"a":2}}`:     "",
		`{"a":1,"b":2,"c":3}`:     "2 members",
		`{"a":{"b":1,"B":"a"}}`:   "twice",
		`{"a":"b","b":["a","a"]}`: "",
	} {
		err := survey([]byte(data), most)
		if (err == nil) != (want == "") || err != nil && !strings.Contains(err.Error(), want) {
			t.Errorf("%s: got %v, want %q", data, err, want)
		}
	}
}

func TestShown(t *testing.T) {
	b, err := Parse([]byte(`{"bomFormat":"CycloneDX","specVersion":"1.5","components":[{"name":" a\u202eb\u0007 ","version":"1\n2"},{"purl":"pkg:x/y"}]}`))
	if err != nil {
		t.Fatal(err)
	}
	if c := b.Components; c[0].Name != "a\ufffdb\ufffd" || c[0].Version != "1 2" || c[1].Name != "pkg:x/y" {
		t.Errorf("got %+v", c)
	}
}

func FuzzParse(f *testing.F) {
	for _, name := range []string{"spdx-2.3.json", "cyclonedx-1.5.json"} {
		f.Add(read(f, name))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		b, err := Parse(data)
		if err != nil {
			return
		}
		c := Compare(b, release)
		if len(c.Found) != len(b.Components) || len(c.NeverMentioned) > c.Files {
			t.Fatalf("%d of %d components, %d of %d files", len(c.Found), len(b.Components), len(c.NeverMentioned), c.Files)
		}
		for _, found := range c.Found {
			if (found.Grade == None) != (found.Where == "") || found.Digest+found.Path+found.Missing != len(found.Files) {
				t.Fatalf("%+v", found)
			}
		}
	})
}
