package bundle

import (
	"bytes"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"vitrine/index/deposit"
	"vitrine/index/seal"
)

// A Report is what a bundle says and, after Verify, what holds.
type Report struct {
	Verified    bool   // false from Show: whoever made the file may have written anything
	Principal   string // whom the allowed signers know the key as; "" from Show
	Fingerprint string // of the key that signed
	Digest      deposit.Digest
	Statement   Statement
	Annotations []Annotation
	Files       []File // in the order of the zip; aliases the file read
}

// parsed is a bundle of which everything holds but the signature.
type parsed struct {
	files     []File
	statement *Statement
	list      *List
	signature *seal.Signature
}

// Verify reads the bundle at path and returns its report if everything holds:
// the zip is the one that its files make, the files are those of a bundle,
// SHA256SUMS is signed by a trusted key for review@vitrine at the time at, and
// covers the rest, the key is the one that the statement names, and statement,
// annotations and findings agree. The error says what does not hold.
func Verify(path string, trusted *seal.Signers, at time.Time) (*Report, error) {
	data, err := read(path)
	if err != nil {
		return nil, err
	}
	r, err := verify(data, trusted, at)
	if err != nil {
		return nil, fmt.Errorf("bundle %s: %w", path, err)
	}
	return r, nil
}

func verify(data []byte, trusted *seal.Signers, at time.Time) (*Report, error) {
	files, name, err := sorted(data)
	if err != nil {
		return nil, err
	}
	// Before the signature holds, nothing of the files is interpreted.
	principal, _, err := seal.VerifyDetached(bytes.NewReader(find(files, nameSums)), find(files, name), Namespace, trusted, at)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	p, err := agree(files, name)
	if err != nil {
		return nil, err
	}
	r := p.report(data)
	r.Verified, r.Principal = true, principal
	return r, nil
}

// Show reads a bundle without asking who signed it: for a look at one whose
// signer is not known yet. It checks the rest as Verify does, which proves
// nothing: whoever alters a bundle can make it agree with itself.
func Show(path string) (*Report, error) {
	data, err := read(path)
	if err != nil {
		return nil, err
	}
	p, err := open(data)
	if err != nil {
		return nil, fmt.Errorf("bundle %s: %w", path, err)
	}
	return p.report(data), nil
}

func (p *parsed) report(data []byte) *Report {
	return &Report{
		Fingerprint: seal.Fingerprint(p.signature.Key), Digest: sha256.Sum256(data),
		Statement: *p.statement, Annotations: p.list.Annotations, Files: p.files,
	}
}

// read is the whole file, which the limit bounds before anything is read.
func read(path string) (data []byte, err error) {
	// Before Open, which would wait for a writer of a named pipe.
	st, err := os.Stat(path)
	if err != nil {
		return nil, fmt.Errorf("read the bundle: %w", err)
	}
	switch {
	case !st.Mode().IsRegular():
		return nil, fmt.Errorf("read the bundle: %s is not a regular file", path)
	case st.Size() > MaxBundle:
		return nil, fmt.Errorf("read the bundle: %s has %d bytes; the limit is %d", path, st.Size(), MaxBundle)
	}
	f, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("read the bundle: %w", err)
	}
	defer func() {
		if e := f.Close(); err == nil && e != nil {
			err = fmt.Errorf("read the bundle: %w", e)
		}
	}()
	data, err = io.ReadAll(io.LimitReader(f, MaxBundle+1))
	if err != nil {
		return nil, fmt.Errorf("read the bundle: %w", err)
	}
	if len(data) > MaxBundle {
		return nil, fmt.Errorf("read the bundle: %s grew beyond %d bytes while it was read", path, MaxBundle)
	}
	return data, nil
}

// sorted unzips data and holds the names to those of a bundle; name is that of
// the signature.
func sorted(data []byte) (files []File, name string, err error) {
	if files, err = unzip(data); err != nil {
		return nil, "", err
	}
	for _, f := range files {
		switch {
		case f.Name == nameSums, f.Name == nameAnnotations, f.Name == nameFindings, f.Name == nameStatement:
		case strings.HasPrefix(f.Name, nameSums+".") && strings.HasSuffix(f.Name, ".sig"):
			if name != "" {
				return nil, "", fmt.Errorf("two signatures, %s and %s; a bundle has one", name, f.Name)
			}
			name = f.Name
		default:
			return nil, "", fmt.Errorf("%q does not belong in a bundle", f.Name)
		}
	}
	for _, want := range []string{nameSums, nameAnnotations, nameFindings, nameStatement} {
		if !has(files, want) {
			return nil, "", fmt.Errorf("%s is missing", want)
		}
	}
	if name == "" {
		return nil, "", fmt.Errorf("the signature, %s.<reviewer>.sig, is missing", nameSums)
	}
	return files, name, nil
}

func has(files []File, name string) bool {
	for _, f := range files {
		if f.Name == name {
			return true
		}
	}
	return false
}

// open reads a bundle and checks everything but whether the signature holds and
// whose it is.
func open(data []byte) (*parsed, error) {
	files, name, err := sorted(data)
	if err != nil {
		return nil, err
	}
	return agree(files, name)
}

// agree holds the files of a bundle to each other; name is the signature's.
func agree(files []File, name string) (p *parsed, err error) {
	p = &parsed{files: files}
	if p.signature, err = seal.ParseSignature(find(files, name)); err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	if p.signature.Namespace != Namespace {
		return nil, fmt.Errorf("%s is a signature for %q, want %q", name, p.signature.Namespace, Namespace)
	}
	unsigned := make([]File, 0, len(files))
	for _, f := range files {
		if f.Name != name {
			unsigned = append(unsigned, f)
		}
	}
	if p.statement, p.list, err = contents(unsigned); err != nil {
		return nil, err
	}
	if want := SignatureName(p.statement.Reviewer.Name); name != want {
		return nil, fmt.Errorf("the signature is called %s; that of the reviewer whom the statement names is %s", name, want)
	}
	if got := seal.Fingerprint(p.signature.Key); got != p.statement.Reviewer.Fingerprint {
		return nil, fmt.Errorf("%s was made with the key %s; the statement names the reviewer's key %s", name, got, p.statement.Reviewer.Fingerprint)
	}
	return p, nil
}

// contents reads the files of a draft and holds them to each other.
func contents(files []File) (*Statement, *List, error) {
	if len(files) != 4 || files[0].Name != nameSums || files[1].Name != nameAnnotations || files[2].Name != nameFindings || files[3].Name != nameStatement {
		return nil, nil, errors.New("the files are not SHA256SUMS, annotations.json, findings.sarif and statement.json")
	}
	if err := checkSums(files[0].Data, files[1:]); err != nil {
		return nil, nil, err
	}
	st, list := new(Statement), new(List)
	if err := decode(files[3].Data, st); err != nil {
		return nil, nil, fmt.Errorf("%s: %w", nameStatement, err)
	}
	if err := st.validate(); err != nil {
		return nil, nil, fmt.Errorf("%s: %w", nameStatement, err)
	}
	if err := decode(files[1].Data, list); err != nil {
		return nil, nil, fmt.Errorf("%s: %w", nameAnnotations, err)
	}
	if err := list.validate(st); err != nil {
		return nil, nil, fmt.Errorf("%s: %w", nameAnnotations, err)
	}
	log, err := findings(st, list)
	if err != nil {
		return nil, nil, fmt.Errorf("%s: %w", nameFindings, err)
	}
	want, err := encode(log)
	if err != nil {
		return nil, nil, fmt.Errorf("%s: %w", nameFindings, err)
	}
	if !bytes.Equal(files[2].Data, want) {
		return nil, nil, fmt.Errorf("%s does not say what %s says, from byte %d on", nameFindings, nameAnnotations, diverge(files[2].Data, want))
	}
	return st, list, nil
}
