package bundle

import (
	"crypto/sha1"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"slices"
	"sort"
	"strings"

	"vitrine/app/review"
	"vitrine/index/deposit"
)

// The part of SARIF 2.1.0 (OASIS standard, errata 01) that findings.sarif uses.
// The section of each object is named; a pointer or omitempty is for what may
// be absent.
type (
	sarifLog struct { // §3.13
		Schema  string     `json:"$schema"`
		Version string     `json:"version"`
		Runs    []sarifRun `json:"runs"`
	}
	sarifRun struct { // §3.14
		Tool       sarifTool             `json:"tool"`
		Automation sarifAutomation       `json:"automationDetails"`
		Provenance []sarifVersionControl `json:"versionControlProvenance"`
		Bases      map[string]sarifBase  `json:"originalUriBaseIds"`
		Columns    string                `json:"columnKind"`
		Artifacts  []sarifArtifact       `json:"artifacts"`
		Results    []sarifResult         `json:"results"`
	}
	sarifTool struct { // §3.18, §3.19
		Driver struct {
			Name     string      `json:"name"`
			FullName string      `json:"fullName"`
			Version  string      `json:"version,omitempty"`
			Rules    []sarifRule `json:"rules"`
		} `json:"driver"`
	}
	sarifRule struct { // §3.49
		ID      string    `json:"id"`
		Short   sarifText `json:"shortDescription"`
		Full    sarifText `json:"fullDescription"`
		Help    sarifText `json:"help"`
		Default struct {
			Level string `json:"level"`
		} `json:"defaultConfiguration"`
	}
	sarifText struct {
		Text string `json:"text"`
	} // §3.11, §3.12
	sarifAutomation struct { // §3.17
		Description sarifText `json:"description"`
		ID          string    `json:"id"`
	}
	sarifVersionControl struct { // §3.23
		Repository string        `json:"repositoryUri"`
		Revision   string        `json:"revisionId"`
		Tag        string        `json:"revisionTag"`
		MappedTo   sarifMappedTo `json:"mappedTo"`
	}
	sarifMappedTo struct {
		Base string `json:"uriBaseId"`
	}
	sarifBase struct { // §3.14.14: no uri, the recipient says where the release lies
		Description sarifText `json:"description"`
	}
	sarifArtifact struct { // §3.24
		Location sarifArtifactLocation `json:"location"`
		Hashes   struct {
			SHA256 deposit.Digest `json:"sha-256"`
		} `json:"hashes"`
	}
	sarifArtifactLocation struct { // §3.4
		URI   string `json:"uri"`
		Base  string `json:"uriBaseId"`
		Index int    `json:"index"`
	}
	sarifResult struct { // §3.27
		GUID         string            `json:"guid"`
		Correlation  string            `json:"correlationGuid"`
		RuleID       string            `json:"ruleId"`
		RuleIndex    int               `json:"ruleIndex"`
		Kind         string            `json:"kind"`
		Level        string            `json:"level"`
		Message      sarifText         `json:"message"`
		Locations    []sarifLocation   `json:"locations"`
		Related      []sarifLocation   `json:"relatedLocations,omitempty"`
		Fingerprints map[string]string `json:"partialFingerprints"`
		Provenance   struct {          // §3.48
			First string `json:"firstDetectionTimeUtc"`
		} `json:"provenance"`
		Properties sarifProperties `json:"properties"`
	}
	sarifProperties struct {
		Annotation string `json:"annotation"`
		Author     string `json:"author"`
	}
	sarifLocation struct { // §3.28, §3.29
		Physical struct {
			Artifact sarifArtifactLocation `json:"artifactLocation"`
			Region   sarifRegion           `json:"region"`
		} `json:"physicalLocation"`
	}
	sarifRegion struct { // §3.30
		StartLine   int        `json:"startLine,omitempty"`
		StartColumn int        `json:"startColumn,omitempty"`
		EndLine     int        `json:"endLine,omitempty"`
		EndColumn   int        `json:"endColumn,omitempty"`
		ByteOffset  int64      `json:"byteOffset"`
		ByteLength  int64      `json:"byteLength"`
		Snippet     *sarifText `json:"snippet,omitempty"`
	}
)

const (
	sarifSchema     = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
	sarifVersion    = "2.1.0"
	srcroot         = "SRCROOT"
	fingerprintName = "spans/v1"
)

// kindOf says what SARIF calls each kind of annotation (§3.27.9). None of them
// is "fail": that is a rule's verdict with a severity, which an annotation has
// not. Every kind but "fail" has the level "none" (§3.27.10).
func kindOf(k review.Kind) (index int, sarif string) {
	switch k {
	case review.Note:
		return 0, "informational"
	case review.Question:
		return 1, "open" // too little is known to decide whether there is a problem
	default:
		return 2, "review" // somebody has to decide whether it is a problem
	}
}

// rules describes the kinds as the rules that results name.
func rules() []sarifRule {
	list := []sarifRule{
		{ID: string(review.Note),
			Short: sarifText{"A reviewer's note."},
			Full:  sarifText{"A remark that a reviewer made while reading the source. It asks for nothing."},
			Help:  sarifText{"Nothing has to be done."}},
		{ID: string(review.Question),
			Short: sarifText{"A reviewer's question."},
			Full:  sarifText{"The reviewer asks the vendor to explain what the source does here."},
			Help:  sarifText{"Answer the reviewer."}},
		{ID: string(review.Concern),
			Short: sarifText{"A reviewer's concern."},
			Full:  sarifText{"The reviewer sees a problem here, which has not been rated yet."},
			Help:  sarifText{"Decide whether it is a problem, and answer the reviewer."}},
	}
	for i := range list {
		list[i].Default.Level = "none"
	}
	return list
}

// findings is findings.sarif, a function of the two other files: one run for
// each release with an annotation, in the order of the releases, since SRCROOT
// can stand for one checkout only.
func findings(st *Statement, l *List) (*sarifLog, error) {
	log := &sarifLog{Schema: sarifSchema, Version: sarifVersion, Runs: []sarifRun{}}
	for _, r := range st.Deposit.Releases {
		run, err := runOf(st, l, r)
		if err != nil {
			return nil, err
		}
		if len(run.Results) > 0 {
			log.Runs = append(log.Runs, *run)
		}
	}
	return log, nil
}

func runOf(st *Statement, l *List, r Release) (*sarifRun, error) {
	run := &sarifRun{
		Automation: sarifAutomation{
			Description: sarifText{message(fmt.Sprintf("Review of release %s of deposit %s.", r.Name, st.Deposit.Digest))},
			ID:          "vitrine/" + escape(r.Name) + "/" + guid(st.Deposit.Digest.String(), st.Reviewer.Fingerprint, st.Journal.Hash),
		},
		Provenance: []sarifVersionControl{{
			Repository: repository(st.Deposit.Digest), Revision: r.Commit.String(), Tag: r.Name,
			MappedTo: sarifMappedTo{Base: srcroot},
		}},
		Bases: map[string]sarifBase{srcroot: {Description: sarifText{
			message(fmt.Sprintf("The root of the source tree of release %s, git tree %s.", r.Name, r.Tree))}}},
		Columns: "unicodeCodePoints",
		Results: []sarifResult{},
	}
	run.Tool.Driver.Name = "Vitrine"
	run.Tool.Driver.FullName = st.Tool
	if i := strings.LastIndexByte(st.Tool, ' '); i >= 0 {
		run.Tool.Driver.Version = st.Tool[i+1:]
	}
	run.Tool.Driver.Rules = rules()

	var index map[string]int
	index, run.Artifacts = artifacts(l, r.Name)
	for i := range l.Annotations {
		if !l.Annotations[i].in(r.Name) {
			continue
		}
		res, err := resultOf(st, &l.Annotations[i], r.Name, index)
		if err != nil {
			return nil, err
		}
		run.Results = append(run.Results, *res)
	}
	return run, nil
}

// in reports whether the annotation has a location in the release.
func (a *Annotation) in(release string) bool {
	return slices.ContainsFunc(a.Locations, func(l Location) bool { return l.Place.Release == release })
}

// artifacts lists the files of the release that annotations name, by URI.
func artifacts(l *List, release string) (map[string]int, []sarifArtifact) {
	blobs := make(map[string]deposit.Digest)
	for _, a := range l.Annotations {
		for _, loc := range a.Locations {
			if loc.Place.Release == release {
				blobs[uri(loc)] = loc.Span.Blob
			}
		}
	}
	names := make([]string, 0, len(blobs))
	for n := range blobs {
		names = append(names, n)
	}
	sort.Strings(names)
	index := make(map[string]int, len(names))
	list := make([]sarifArtifact, len(names))
	for i, n := range names {
		index[n] = i
		list[i].Location = sarifArtifactLocation{URI: n, Base: srcroot, Index: i}
		list[i].Hashes.SHA256 = blobs[n]
	}
	return index, list
}

// resultOf is the annotation as far as it concerns the release. The first
// location there is where it stands; SARIF keeps several in "locations" for
// problems that exist only together (§3.27.12), so the others are related ones.
func resultOf(st *Statement, a *Annotation, release string, index map[string]int) (*sarifResult, error) {
	whole, err := encode(a)
	if err != nil {
		return nil, err
	}
	n, kind := kindOf(a.Kind)
	same := guid(st.Deposit.Digest.String(), st.Reviewer.Fingerprint, string(whole))
	res := &sarifResult{
		GUID: guid(same, release), Correlation: same,
		RuleID: string(a.Kind), RuleIndex: n, Kind: kind, Level: "none",
		Message:      sarifText{message(a.Text)},
		Fingerprints: map[string]string{fingerprintName: fingerprint(a.Locations)},
		Properties:   sarifProperties{Annotation: a.ID, Author: a.Author},
	}
	res.Provenance.First = a.Created
	for _, loc := range a.Locations {
		if loc.Place.Release != release {
			continue
		}
		var s sarifLocation
		u := uri(loc)
		s.Physical.Artifact = sarifArtifactLocation{URI: u, Base: srcroot, Index: index[u]}
		s.Physical.Region = sarifRegion{
			StartLine: loc.FromLine, StartColumn: loc.FromColumn, EndLine: loc.ToLine, EndColumn: loc.ToColumn,
			ByteOffset: loc.Span.From, ByteLength: loc.Span.To - loc.Span.From,
		}
		if loc.Quote != "" {
			s.Physical.Region.Snippet = &sarifText{loc.Quote}
		}
		if len(res.Locations) == 0 {
			res.Locations = append(res.Locations, s)
		} else {
			res.Related = append(res.Related, s)
		}
	}
	return res, nil
}

// fingerprint is the same wherever the same bytes are remarked on: SHA-256 over
// a line "<blob> <from> <to>\n" for each span, sorted, equal ones once.
func fingerprint(list []Location) string {
	lines := make([]string, 0, len(list))
	for _, l := range list {
		lines = append(lines, fmt.Sprintf("%s %d %d\n", l.Span.Blob, l.Span.From, l.Span.To))
	}
	sort.Strings(lines)
	h := sha256.New()
	for i, s := range lines {
		if i == 0 || s != lines[i-1] {
			h.Write([]byte(s)) // a hash never fails
		}
	}
	return hex.EncodeToString(h.Sum(nil))
}

// repository names the repository as far as it is known: the deposit, by the
// digest of its manifest, as a URI of RFC 6920.
func repository(d deposit.Digest) string {
	return "ni:///sha-256;" + base64.RawURLEncoding.EncodeToString(d[:])
}

// uri is the location's path as a relative reference of RFC 3986: every byte of
// the tree's path that is not unreserved is escaped, so that a colon cannot be
// read as a scheme nor a "?" as a query.
func uri(l Location) string { return escape(l.RawPlace().Path) }

func escape(path string) string {
	const plain = "-._~/"
	var b strings.Builder
	for i := 0; i < len(path); i++ {
		c := path[i]
		if c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || strings.IndexByte(plain, c) >= 0 {
			b.WriteByte(c)
		} else {
			fmt.Fprintf(&b, "%%%02X", c)
		}
	}
	return b.String()
}

// message is text as a SARIF message shows it unchanged: braces are doubled
// (§3.11.5), and "](", which would end an embedded link (§3.11.6), loses that
// meaning by a backslash. annotations.json has the text as it was written.
func message(text string) string { return inMessage.Replace(text) }

var inMessage = strings.NewReplacer("{", "{{", "}", "}}", "](", `\](`)

// space is the name space of our UUIDs, itself a version 5 UUID of the name
// "vitrine" below the nil UUID.
var space = [16]byte{0x58, 0x92, 0xc9, 0x19, 0x8d, 0x66, 0x56, 0x0a, 0x90, 0xe6, 0x90, 0xf0, 0x74, 0x36, 0x5d, 0xdd}

// guid is the version 5 UUID (RFC 9562 §5.5) of the parts, each preceded by its
// length, so that no two lists of parts run together. SHA-1 serves as the RFC
// has it: it names, and binds nothing.
func guid(parts ...string) string {
	h := sha1.New()
	h.Write(space[:])
	for _, p := range parts {
		fmt.Fprintf(h, "%d:%s", len(p), p)
	}
	u := h.Sum(nil)[:16]
	u[6] = u[6]&0x0f | 0x50
	u[8] = u[8]&0x3f | 0x80
	return fmt.Sprintf("%x-%x-%x-%x-%x", u[:4], u[4:6], u[6:8], u[8:10], u[10:])
}
