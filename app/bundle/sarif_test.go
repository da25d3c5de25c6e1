package bundle

import (
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"net/url"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"vitrine/app/review"
)

var uuid = regexp.MustCompile(`^[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$`)

// checkSARIF holds data to what SARIF 2.1.0 demands of the objects used here,
// read without our structs: what is required, of which form, and that indexes
// and bases point at something. The numbers are sections of the standard.
func checkSARIF(data []byte) error {
	var doc struct {
		Schema  string           `json:"$schema"`
		Version string           `json:"version"`
		Runs    []map[string]any `json:"runs"`
	}
	if err := json.Unmarshal(data, &doc); err != nil {
		return err
	}
	if doc.Version != "2.1.0" || doc.Runs == nil || !strings.HasPrefix(doc.Schema, "https://docs.oasis-open.org/sarif/") {
		return errors.New("3.13: version, $schema and runs")
	}
	guids := map[string]bool{}
	for i, run := range doc.Runs {
		c := &sarifChecker{run: run, guids: guids}
		c.check()
		if c.err != nil {
			return fmt.Errorf("run %d: %w", i, c.err)
		}
	}
	return nil
}

type sarifChecker struct {
	run   map[string]any
	guids map[string]bool
	err   error
}

func (c *sarifChecker) must(ok bool, format string, args ...any) {
	if !ok && c.err == nil {
		c.err = fmt.Errorf(format, args...)
	}
}

func (c *sarifChecker) check() {
	driver := path(c.run, "tool", "driver")
	c.must(text(driver, "name") != "", "3.19.8: the driver has no name")
	c.must(c.run["columnKind"] == "unicodeCodePoints" || c.run["columnKind"] == "utf16CodeUnits", "3.14.17: columnKind")
	bases, _ := c.run["originalUriBaseIds"].(map[string]any)
	for name, b := range bases {
		_, has := b.(map[string]any)["uri"]
		c.must(!has, "base %s has a URI: a place on a disk", name)
	}
	for _, v := range list(c.run, "versionControlProvenance") {
		u, err := url.Parse(text(v, "repositoryUri"))
		c.must(err == nil && u.IsAbs(), "3.23.3: repositoryUri %q", text(v, "repositoryUri"))
		c.must(bases[text(path(v, "mappedTo"), "uriBaseId")] != nil, "3.23.8: mappedTo")
	}
	artifacts := list(c.run, "artifacts")
	for i, a := range artifacts {
		c.location(path(a, "location"), bases)
		c.must(path(a, "location")["index"] == float64(i), "3.4.5: artifact %d has index %v", i, path(a, "location")["index"])
		c.must(regexp.MustCompile(`^[0-9a-f]{64}$`).MatchString(text(path(a, "hashes"), "sha-256")), "3.24.11: hashes of artifact %d", i)
	}
	results := list(c.run, "results")
	c.must(len(results) > 0, "a run without results")
	for _, r := range results {
		c.result(r, list(driver, "rules"), artifacts, bases)
	}
}

func (c *sarifChecker) result(r map[string]any, rules, artifacts []map[string]any, bases map[string]any) {
	for _, k := range []string{"guid", "correlationGuid"} {
		c.must(uuid.MatchString(text(r, k)), "3.27.3: %s %q", k, text(r, k))
	}
	c.must(!c.guids[text(r, "guid")], "3.27.3: guid %s twice", text(r, "guid"))
	c.guids[text(r, "guid")] = true
	n, _ := r["ruleIndex"].(float64)
	c.must(int(n) < len(rules) && text(rules[int(n)], "id") == text(r, "ruleId"), "3.27.6: ruleIndex")
	c.must(slices.Contains([]string{"informational", "open", "review"}, text(r, "kind")), "3.27.9: kind %q", text(r, "kind"))
	c.must(text(r, "level") == "none", "3.27.10: level %q beside kind %q", text(r, "level"), text(r, "kind"))
	m := text(path(r, "message"), "text")
	c.must(m != "", "3.27.11: no message")
	rest := strings.NewReplacer("{{", "", "}}", "").Replace(m)
	c.must(!strings.ContainsAny(rest, "{}"), "3.11.5: a single brace in %q", m)
	c.must(!regexp.MustCompile(`(^|[^\\])\]\(`).MatchString(m), "3.11.6: an embedded link in %q", m)
	c.must(len(list(r, "locations")) == 1, "3.27.12: %d locations", len(list(r, "locations")))
	c.must(len(r["partialFingerprints"].(map[string]any)) == 1, "3.27.17: partialFingerprints")
	for _, l := range append(list(r, "locations"), list(r, "relatedLocations")...) {
		p := path(l, "physicalLocation")
		a := path(p, "artifactLocation")
		c.location(a, bases)
		i, _ := a["index"].(float64)
		c.must(int(i) < len(artifacts) && text(path(artifacts[int(i)], "location"), "uri") == text(a, "uri"), "3.4.5: index %v", i)
		c.region(path(p, "region"))
	}
}

func (c *sarifChecker) location(l map[string]any, bases map[string]any) {
	u, err := url.Parse(text(l, "uri"))
	c.must(err == nil && !u.IsAbs() && u.Host == "" && u.RawQuery == "" && u.Fragment == "" && u.Path != "" && u.Path[0] != '/',
		"3.4.3: uri %q is not a relative reference", text(l, "uri"))
	c.must(bases[text(l, "uriBaseId")] != nil, "3.4.4: uriBaseId %q", text(l, "uriBaseId"))
}

func (c *sarifChecker) region(r map[string]any) {
	num := func(k string) float64 { v, _ := r[k].(float64); return v }
	_, offset := r["byteOffset"]
	_, length := r["byteLength"]
	c.must(offset && length && num("byteOffset") >= 0 && num("byteLength") >= 0, "3.30.11: byteOffset and byteLength")
	if _, ok := r["startLine"]; !ok {
		c.must(len(r) == 2, "3.30: columns or text in a binary region")
		return
	}
	c.must(num("startLine") >= 1 && num("startColumn") >= 1 && num("endLine") >= num("startLine") && num("endColumn") >= 1, "3.30.5: lines")
	c.must(num("endLine") > num("startLine") || num("endColumn") >= num("startColumn"), "3.30.8: it ends before it begins")
}

func path(v map[string]any, keys ...string) map[string]any {
	for _, k := range keys {
		v, _ = v[k].(map[string]any)
	}
	return v
}

func text(v map[string]any, key string) string {
	s, _ := v[key].(string)
	return s
}

func list(v map[string]any, key string) []map[string]any {
	var out []map[string]any
	items, _ := v[key].([]any)
	for _, i := range items {
		m, _ := i.(map[string]any)
		out = append(out, m)
	}
	return out
}

func TestSARIF(t *testing.T) {
	in := example(t)
	data := prepare(t, in).File(nameFindings)
	if err := checkSARIF(data); err != nil {
		t.Error(err)
	}
	in.Source = func(review.Location) ([]byte, error) { return []byte("x = {1};"), nil }
	if err := checkSARIF(prepare(t, in).File(nameFindings)); err != nil {
		t.Error(err)
	}
	for _, want := range []string{
		`"kind": "informational"`, `"kind": "open"`, `"kind": "review"`,
		`"text": "Says {{0}} & [x\\](1) in <b>?"`,
		`"uri": "doc/a%20b%3Ac%3F.md"`, `"uri": "caf%E9.bin"`,
		`"revisionTag": "v2"`, `"repositoryUri": "ni:///sha-256;0AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"`,
	} {
		if !strings.Contains(string(data), want) {
			t.Errorf("findings.sarif has no %s", want)
		}
	}
}

// goldenDigest is the SHA-256 of the zip of testdata/example.
const goldenDigest = "0f5a55a7f921872036365ded59ec002ae36a3f0d5ddaf666878a4be3ae0fe3a8"

var update = flag.Bool("update", false, "write testdata/example anew")

// The files in testdata/example are what the package comment shows, and
// findings.sarif is the one that was put before Microsoft's SARIF validator by
// hand: a change of the output shows as a difference here, and asks for both
// again.
func TestGolden(t *testing.T) {
	b := signed(t, example(t))
	if got := b.Digest().String(); got != goldenDigest {
		t.Errorf("the bundle's SHA-256 is %s, want %s", got, goldenDigest)
	}
	for _, f := range b.Files {
		if *update {
			if err := os.WriteFile("testdata/example/"+f.Name, f.Data, 0o644); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile("testdata/example/" + f.Name)
		if err != nil {
			t.Fatal(err)
		}
		if string(want) != string(f.Data) {
			t.Errorf("%s differs from testdata/example from byte %d on", f.Name, diverge(f.Data, want))
		}
		if doc, err := os.ReadFile("doc.go"); f.Name == nameSums {
			want := "//\t" + strings.ReplaceAll(strings.TrimSuffix(string(f.Data), "\n"), "\n", "\n//\t") + "\n"
			if err != nil || !strings.Contains(string(doc), want) {
				t.Errorf("the package comment shows other sums (%v)", err)
			}
		}
	}
}

// The same annotation has the same identity in a later export, and the same
// bytes the same fingerprint in another release.
func TestIdentity(t *testing.T) {
	results := func(in Input) map[string]sarifResult {
		d := prepare(t, in)
		var log sarifLog
		if err := json.Unmarshal(d.File(nameFindings), &log); err != nil {
			t.Fatal(err)
		}
		m := map[string]sarifResult{}
		for _, run := range log.Runs {
			for _, r := range run.Results {
				m[r.Properties.Annotation+" "+run.Provenance[0].Tag] = r
			}
		}
		return m
	}
	first := results(example(t))
	in := example(t)
	in.Exported, in.Journal.N, in.Annotations = in.Exported.AddDate(0, 0, 1), 99, in.Annotations[2:]
	in.Annotations[0].Locations[0].Place.Path = "moved.c"
	later := results(in)
	if a, b := first["A-5 v2"], later["A-5 v2"]; a.GUID != b.GUID {
		t.Error("the same annotation has another guid in a later export")
	}
	a, b := first["A-4 v2"], later["A-4 v2"]
	if a.GUID == b.GUID || a.Fingerprints[fingerprintName] != b.Fingerprints[fingerprintName] {
		t.Error("a moved file: guid the same or fingerprint another")
	}
	if v1 := first["A-4 v1"]; v1.Correlation != a.Correlation || v1.GUID == a.GUID {
		t.Error("one annotation in two releases: want one correlationGuid, two guids")
	}
}
