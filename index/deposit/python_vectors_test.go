package deposit

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// sealed asks about what Seal makes of every form of input.
func (j *judge) sealed() {
	repo := product(j)
	rules := filepath.Join(j.TempDir(), "rules")
	git(j, j.TempDir(), "clone", "-q", "--no-tags", repo, rules)
	git(j, rules, "tag", "-a", "-m", "rules", "rules-1", "HEAD~1")
	tar, zip := filepath.Join(j.TempDir(), "x.tar"), filepath.Join(j.TempDir(), "x.zip")
	write(j, filepath.Dir(tar), "x.tar", string(asTar(j, plainFiles(j, "1"), "")))
	write(j, filepath.Dir(zip), "x.zip", string(asZip(j, plainFiles(j, "2"), "top/")))
	spdx := filepath.Join(j.TempDir(), "spdx.json")
	write(j, filepath.Dir(spdx), "spdx.json", `{"spdxVersion":"SPDX-2.3"}`)
	for name, change := range map[string]func(*SealOptions){
		"repository":  func(*SealOptions) {},
		"one release": func(o *SealOptions) { o.Inputs[0].Releases = []string{"v2"} },
		"folder": func(o *SealOptions) {
			o.Inputs = []Input{{Name: "p", Snapshots: []Snapshot{{Release: "p1", Folder: plainFiles(j, "1")}}}}
		},
		"archives": func(o *SealOptions) {
			o.Inputs = []Input{{Name: "p", Snapshots: []Snapshot{{Release: "p1", Archive: tar}, {Release: "p2", Archive: zip, Strip: 1}}}}
		},
		"cut off": func(o *SealOptions) {
			o.Inputs[0] = Input{Repo: shallowClone(j, repo, "v2", "1"), Releases: []string{"v2"}}
		},
		"several sources": func(o *SealOptions) { o.Inputs = append(o.Inputs, Input{Repo: rules, Releases: []string{"rules-1"}}) },
		"artifacts": func(o *SealOptions) {
			o.Artifacts = []Artifact{{Name: "a b.deb", Release: "v1", Size: 1<<53 - 1, Build: "make\n\tinstall\n"}, {Name: "a b.deb", Release: "v2"}}
		},
		"documents": func(o *SealOptions) { o.Documents = []DocumentInput{{"v1", spdx}, {"rel/3", spdx}} },
	} {
		o := SealOptions{Inputs: []Input{{Repo: repo, Releases: productReleases}}, Title: "Größe ✓", Vendor: "Example Ltd",
			Sealed: sealedAt, Signer: vendorKey(j), Out: filepath.Join(j.TempDir(), "out")}
		change(&o)
		if _, err := Seal(j.Context(), o, nil); err != nil {
			j.Fatalf("%s: %v", name, err)
		}
		j.about("sealed, "+name, o.Out, Limits{})
		if name == "documents" {
			write(j, o.Out, "sbom-v1.json", `{"spdxVersion":"SPDX-2.4"}`)
			j.about("sealed, another document", o.Out, Limits{})
			if err := os.Remove(filepath.Join(o.Out, "sbom-v1.json")); err != nil {
				j.Fatal(err)
			}
			j.about("sealed, no document", o.Out, Limits{})
		}
	}
}

// manifests asks about other byte forms of a manifest, which is signed as it is.
func (j *judge) manifests() {
	full := func(f *forgery) {
		documents(Document{Name: "sbom-a.json", Kind: KindSPDX, Release: "v1", SHA256: digestOf([]byte("{}")), Size: 2})(f)
		f.manifest.Artifacts = []Artifact{{Name: "a.deb", Release: "v1", Size: 1}}
	}
	dir := forge(j, nil, full)
	good, err := os.ReadFile(filepath.Join(dir, ManifestFile))
	j.must(err)
	text := string(good)
	swap := func(old, new string) string {
		if !strings.Contains(text, old) {
			j.Fatalf("the manifest does not hold %q", old)
		}
		return strings.Replace(text, old, new, 1)
	}
	for name, form := range map[string]string{
		"as it is":             text,
		"nothing":              "",
		"a byte order mark":    "\ufeff" + text,
		"a line's end":         text + "\n",
		"a second one":         text + text,
		"space":                swap(":", ": "),
		"other order":          swap(`"title":"T","vendor":"V"`, `"vendor":"V","title":"T"`),
		"twice":                swap(`"title":"T"`, `"title":"T","title":"T"`),
		"one more":             swap(`"title":"T"`, `"title":"T","u":1`),
		"one less":             swap(`"title":"T",`, ``),
		"other case":           swap(`"title"`, `"Title"`),
		"null list":            swap(`"shallow":[]`, `"shallow":null`),
		"no list":              swap(`"shallow":[]`, `"shallow":{}`),
		"no digest, artifact":  swap(`"sha256":"0`, `"sha256":"A`),
		"one less, artifact":   swap(`"build":"",`, ``),
		"null, artifact":       swap(`"build":""`, `"build":null`),
		"one more, document":   swap(`"kind":"spdx"`, `"kind":"spdx","l":1`),
		"below 0":              swap(`"size":1}`, `"size":-1}`),
		"beyond 2^53":          swap(`"size":1}`, `"size":9007199254740992}`),
		"just 2^53":            swap(`"size":1}`, `"size":9007199254740991}`),
		"null text":            swap(`"title":"T"`, `"title":null`),
		"number as text":       swap(`"title":"T"`, `"title":1`),
		"text as number":       swap(`"version":1`, `"version":"1"`),
		"true as number":       swap(`"version":1`, `"version":true`),
		"fraction":             swap(`"version":1`, `"version":1.0`),
		"exponent":             swap(`"version":1`, `"version":1e0`),
		"leading zero":         swap(`"version":1`, `"version":01`),
		"version 0":            swap(`"version":1`, `"version":0`),
		"negative":             swap(`"version":1`, `"version":-1`),
		"beyond 64 bits":       swap(`"version":1`, `"version":18446744073709551617`),
		"version 2":            swap(`"version":1`, `"version":2`),
		"negative zero":        swap(`"size":7`, `"size":-0`),
		"escaped letter":       swap(`"title":"T"`, `"title":"\u0054"`),
		"escaped slash":        swap(`"title":"T"`, `"title":"\/"`),
		"slash":                swap(`"title":"T"`, `"title":"/"`),
		"quote":                swap(`"title":"T"`, `"title":"\""`),
		"backslash":            swap(`"title":"T"`, `"title":"\\"`),
		"upper-case escape":    swap(`"title":"T"`, `"title":"\u00E9"`),
		"letter with accent":   swap(`"title":"T"`, `"title":"é"`),
		"beyond the plane":     swap(`"title":"T"`, `"title":"𝔗"`),
		"escaped pair":         swap(`"title":"T"`, `"title":"\ud835\udd17"`),
		"half a pair":          swap(`"title":"T"`, `"title":"\ud835"`),
		"half a pair in bytes": swap(`"title":"T"`, "\"title\":\"\xed\xa0\xb5\""),
		"not UTF-8":            swap(`"title":"T"`, "\"title\":\"\xff\""),
		"a NUL":                swap(`"title":"T"`, "\"title\":\"\x00\""),
		"a literal":            "null",
		"a list":               "[]",
		"deep":                 strings.Repeat("[", 100_000),
		"upper-case digest":    swap(`"git":"`, `"git":"A`),
	} {
		signInto(j, dir, []byte(form))
		j.about("manifest, "+name, dir, Limits{})
	}
}

// values asks about the values of members, one by one.
func (j *judge) values() {
	texts := []string{"", " ", "a b", " a", "a ", "a\u00a0b", "a\tb", "a\nb", "é", "e\u0301", "a\u00adb", "a\u200bb", "a\ue000b", "a\ufffdb",
		"a\u3000b", "日本", "🂡", strings.Repeat("x", 200), strings.Repeat("x", 201), strings.Repeat("é", 100), strings.Repeat("é", 101), "\x7f"}
	for _, s := range append(texts, ".", "..", "a/b", `a\b`, "-", "CON") {
		j.forged(fmt.Sprintf("title %q", s), nil, func(f *forgery) { f.manifest.Title = s })
		j.forged(fmt.Sprintf("artifact %q", s), nil, func(f *forgery) { f.manifest.Artifacts = []Artifact{{Name: s, Release: "v1"}} })
		j.forged(fmt.Sprintf("build %q", s), nil, func(f *forgery) { f.manifest.Artifacts = []Artifact{{Name: "a", Release: "v1", Build: s}} })
	}
	for _, s := range []string{"1", "a/b", "a//b", "/a", "a/", ".a", "a/.b", "a.", "a./b", "a.lock", "a.lock/b", "a..b", "a@{b", "@", "a/@", "-a", "a/-b",
		"a b", "a~", "a^", "a:", "a?", "a*", "a[", `a\`, "a]", "é", "a\u200b", "\u202ea", "HEAD", strings.Repeat("x", 200), strings.Repeat("x", 201)} {
		j.forged(fmt.Sprintf("release %q", s), nil, func(f *forgery) { f.source.Releases[0].Name, f.refs[2].name = s, tagPrefix+s })
	}
	for _, s := range []string{"a", "0", "a.b_c-d", "A", "é", ".a", "-a", "_a", "a..b", "a/b", "", "a.bundle", strings.Repeat("x", 64), strings.Repeat("x", 65), "\u212a"} {
		j.forged(fmt.Sprintf("source %q", s), nil, func(f *forgery) {
			f.source.Name, f.source.Bundle = s, s+".bundle"
			f.after = func(dir string) {
				if !strings.Contains(s, "/") {
					j.must(os.Rename(filepath.Join(dir, "s.bundle"), filepath.Join(dir, s+".bundle")))
				}
			}
		})
	}
	for _, s := range []string{"sbom-.json", "sbom-A.b_c-0.json", "sbom-a.JSON", "bom-a.json", "sbom-a", "sbom-\u212a.json", "sbom-a b.json", "sbom-é.json",
		"sbom-" + strings.Repeat("x", 59) + ".json", "sbom-" + strings.Repeat("x", 60) + ".json"} {
		j.forged(fmt.Sprintf("document %q", s), nil, documents(Document{Name: s, Kind: KindSPDX, Release: "v1", SHA256: digestOf([]byte("{}")), Size: 2}))
	}
	doc := Document{Name: "sbom-a.json", Kind: KindCycloneDX, Release: "v1", SHA256: digestOf([]byte("{}")), Size: 2}
	for name, change := range map[string]func(*Document){
		"as it is": func(*Document) {}, "other kind": func(d *Document) { d.Kind = "SPDX" }, "no release": func(d *Document) { d.Release = "v2" },
		"size": func(d *Document) { d.Size = 3 }, "no bytes": func(d *Document) { d.Size = 0 }, "too large": func(d *Document) { d.Size = MaxDocument + 1 },
		"digest": func(d *Document) { d.SHA256[0]++ },
	} {
		d := doc
		change(&d)
		j.forged("document, "+name, nil, documents(d))
	}
	j.forged("document twice", nil, documents(doc, doc))
	for _, n := range []int{maxDocuments, maxDocuments + 1} {
		var all []Document
		for i := range n {
			d := doc
			d.Name = fmt.Sprintf("sbom-%d.json", i)
			all = append(all, d)
		}
		j.forged(fmt.Sprint("documents: ", n), nil, documents(all...))
	}
	j.forged("document of no bytes", nil, func(f *forgery) {
		f.manifest.Documents = []Document{{Name: "sbom-a.json", Kind: KindSPDX, Release: "v1", SHA256: digestOf(nil)}}
		f.after = func(dir string) { write(j, dir, "sbom-a.json", "") }
	})
	j.forged("bundle of another name", nil, func(f *forgery) {
		f.source.Bundle = "t.bundle"
		f.after = func(dir string) { j.must(os.Rename(filepath.Join(dir, "s.bundle"), filepath.Join(dir, "t.bundle"))) }
	})
	j.forged("no releases", nil, func(f *forgery) { f.source.Releases = []Release{} })
	j.forged("no sources", nil, func(f *forgery) {
		f.manifest.Sources = []Source{}
		f.after = func(dir string) { j.must(os.Remove(filepath.Join(dir, "s.bundle"))) }
	})
	for _, n := range []int{maxReleases, maxReleases + 1} {
		j.forged(fmt.Sprint("releases: ", n), nil, func(f *forgery) {
			for i := 1; i < n; i++ {
				r := f.source.Releases[0]
				r.Name = fmt.Sprint(i)
				f.source.Releases = append(f.source.Releases, r)
				f.refs = append(f.refs, ref{tagPrefix + r.Name, r.Commit})
			}
		})
	}
	for _, n := range []int{maxSources, maxSources + 1} {
		j.about(fmt.Sprint("sources: ", n), j.manySources(n), Limits{})
	}
	j.forged("artifact twice", nil, func(f *forgery) {
		f.manifest.Artifacts = []Artifact{{Name: "a", Release: "v1"}, {Name: "a", Release: "v1", Size: 1}}
	})
	j.forged("artifact of fewer bytes than none", nil, func(f *forgery) { f.manifest.Artifacts = []Artifact{{Name: "a", Release: "v1", Size: -1}} })
	for _, n := range []int{maxBuild, maxBuild + 1} {
		j.forged(fmt.Sprint("build of bytes ", n), nil, func(f *forgery) {
			f.manifest.Artifacts = []Artifact{{Name: "a", Release: "v1", Build: strings.Repeat("x", n)}}
		})
	}
	for _, s := range []string{"2026-01-31T12:00:00Z", "2026-01-31t12:00:00z", "2026-01-31T12:00:00+00:00", "2026-01-31T12:00:00.0Z", "2026-02-29T12:00:00Z",
		"2024-02-29T12:00:00Z", "2026-01-31T24:00:00Z", "2016-12-31T23:59:60Z", "0000-01-01T00:00:00Z", "9999-12-31T23:59:59Z", "10000-01-01T00:00:00Z",
		"2026-1-31T12:00:00Z", "2026-13-31T12:00:00Z", "2026-00-31T12:00:00Z", "2026-01-00T12:00:00Z", "2026-01-31 12:00:00Z", "2026-01-31T12:00Z", ""} {
		j.forged(fmt.Sprintf("sealed %q", s), nil, func(f *forgery) { f.manifest.Sealed = s })
	}
	for _, s := range []string{Digest{}.String(), Digest{1}.String(), strings.Repeat("A", 64), "0"} {
		j.forged("predecessor "+s, nil, func(f *forgery) { f.manifest.Predecessor = s })
	}
	var many []Artifact
	for i := range maxArtifacts + 1 {
		many = append(many, Artifact{Name: fmt.Sprint(i), Release: "v1"})
	}
	j.forged("all artifacts that may be", nil, func(f *forgery) { f.manifest.Artifacts = many[1:] })
	j.forged("an artifact too many", nil, func(f *forgery) { f.manifest.Artifacts = many })
}

// manySources makes a deposit of so many sources that differ in the names only.
func (j *judge) manySources(n int) string {
	dir := forge(j, nil, nil)
	bundle, err := os.ReadFile(filepath.Join(dir, "s.bundle"))
	j.must(err)
	return resealed(j, dir, func(m *Manifest) {
		for i := 1; i < n; i++ {
			s := m.Sources[0]
			s.Name, s.Releases = fmt.Sprint("s", i), []Release{s.Releases[0]}
			s.Bundle, s.Releases[0].Name = s.Name+".bundle", fmt.Sprintf("v%d.%d", i/10, i)
			data := bytes.Replace(bundle, []byte("refs/tags/v1"), []byte(tagPrefix+s.Releases[0].Name), 1)
			s.Size, s.SHA256 = int64(len(data)), digestOf(data)
			m.Sources = append(m.Sources, s)
			write(j, dir, s.Bundle, string(data))
		}
	})
}

func documents(all ...Document) func(*forgery) {
	return func(f *forgery) {
		f.manifest.Documents = all
		f.after = func(dir string) {
			for _, d := range all {
				if err := os.WriteFile(filepath.Join(dir, d.Name), []byte("{}"), 0o644); err != nil {
					panic(err)
				}
			}
		}
	}
}

func (j *judge) must(err error) {
	j.Helper()
	if err != nil {
		j.Fatal(err)
	}
}
