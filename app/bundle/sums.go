package bundle

import (
	"bytes"
	"crypto/sha256"
	"fmt"
	"strings"

	"golang.org/x/text/unicode/norm"
)

// The files of a bundle; the signature's name has the reviewer's slug in it.
const (
	nameSums        = "SHA256SUMS"
	nameAnnotations = "annotations.json"
	nameFindings    = "findings.sarif"
	nameStatement   = "statement.json"
)

// maxSlug keeps the signature's name short on every file system.
const maxSlug = 40

// Namespace is the SSHSIG namespace of a reviewer's signature.
const Namespace = "review@vitrine"

// Slug turns a reviewer's name into the part of a file name: lower-case ASCII
// letters and digits, accents dropped, anything else one hyphen; "reviewer"
// when nothing is left.
func Slug(name string) string {
	var b strings.Builder
	for _, r := range strings.ToLower(norm.NFKD.String(name)) {
		switch {
		case r >= 'a' && r <= 'z' || r >= '0' && r <= '9':
			b.WriteRune(r)
		case r >= 0x300 && r < 0x370:
			// a combining mark that NFKD took off its letter
		case b.Len() > 0 && !strings.HasSuffix(b.String(), "-"):
			b.WriteByte('-')
		}
		if b.Len() == maxSlug {
			break
		}
	}
	if s := strings.Trim(b.String(), "-"); s != "" {
		return s
	}
	return "reviewer"
}

// SignatureName is the name of the signature file of the reviewer of this name.
func SignatureName(reviewer string) string { return nameSums + "." + Slug(reviewer) + ".sig" }

// sums is SHA256SUMS for files, in their order: what `sha256sum` prints.
func sums(files []File) []byte {
	var b bytes.Buffer
	for _, f := range files {
		fmt.Fprintf(&b, "%x  %s\n", sha256.Sum256(f.Data), f.Name)
	}
	return b.Bytes()
}

// checkSums compares line by line, so that the error can name the file.
func checkSums(got []byte, files []File) error {
	rest := got
	for _, f := range files {
		want := sums([]File{f})
		line, after, _ := bytes.Cut(rest, []byte("\n"))
		name := line[min(len(line), 64):]
		switch {
		case bytes.HasPrefix(rest, want):
		case string(name) == "  "+f.Name:
			return fmt.Errorf("%s has SHA-256 %x; %s says %s", f.Name, sha256.Sum256(f.Data), nameSums, line[:64])
		default:
			return fmt.Errorf("%s has the line %q where that of %s belongs", nameSums, line[:min(len(line), 120)], f.Name)
		}
		rest = after
	}
	if len(rest) != 0 {
		return fmt.Errorf("%s has lines beyond those of the bundle's files: %q", nameSums, rest[:min(len(rest), 120)])
	}
	return nil
}
