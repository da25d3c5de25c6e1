package deposit

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"path"
	"slices"
	"strconv"
	"strings"
)

// An Absent is a path of a release whose content the deposit does not have.
type Absent struct {
	Path string `json:"path"`
	// Kind is AbsentLFS or AbsentSubmodule.
	Kind string `json:"kind"`
	// Detail names what is missing: the SHA-256 and size in bytes that a Git
	// LFS pointer gives, the commit of a submodule.
	Detail string `json:"detail"`
}

// The kinds of what is not deposited.
const (
	AbsentLFS       = "lfs"
	AbsentSubmodule = "submodule"
)

// A form is what a blob is by its first bytes, as far as it matters here.
type form uint8

const (
	formOther    form = iota
	formPointer       // a Git LFS pointer
	formDocument      // PDF, OpenDocument, RTF
	formZip           // Office Open XML, if the name says so
	formOLE           // Office before 2007, if the name says so
)

var (
	magicZip = []byte("PK\x03\x04")
	magicOLE = []byte("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")
	magicODF = []byte("mimetypeapplication/vnd.oasis.opendocument.") // a zip's first name and content
)

func formOf(data []byte) form {
	switch {
	case len(data) <= maxPointer && bytes.HasPrefix(data, []byte(pointerVersion)):
		if _, err := parsePointer(data); err == nil {
			return formPointer
		}
	case bytes.HasPrefix(data, []byte("%PDF-")), bytes.HasPrefix(data, []byte(`{\rtf`)):
		return formDocument
	case bytes.HasPrefix(data, magicOLE):
		return formOLE
	case bytes.HasPrefix(data, magicZip):
		if len(data) >= 30 && bytes.HasPrefix(data[30:], magicODF) {
			return formDocument
		}
		return formZip
	}
	return formOther
}

// Extensions of what Office writes, since its containers are used by others too.
var (
	zipDocuments = []string{".docx", ".docm", ".dotx", ".xlsx", ".xlsm", ".xlsb", ".xltx", ".pptx", ".pptm", ".potx", ".ppsx", ".vsdx"}
	oleDocuments = []string{".doc", ".dot", ".xls", ".xlt", ".ppt", ".pps", ".pot", ".vsd", ".mpp", ".pub", ".msg"}
)

// isDocument reports whether a file is a document for people that a viewer of
// text cannot show.
func (f form) isDocument(name string) bool {
	ext := strings.ToLower(path.Ext(name))
	switch f {
	case formDocument:
		return true
	case formZip:
		return slices.Contains(zipDocuments, ext)
	case formOLE:
		return slices.Contains(oleDocuments, ext)
	}
	return false
}

// A pointer is what Git LFS keeps in a repository instead of a file
// (https://github.com/git-lfs/git-lfs/blob/main/docs/spec.md).
type pointer struct {
	sum  Digest
	size int64
}

const (
	pointerVersion = "version https://git-lfs.github.com/spec/v1\n"
	// maxPointer is the most that a pointer file may have.
	maxPointer = 1024
)

// parsePointer reads a pointer: lines of a key and a value, first the version,
// then the others sorted, among them oid and size; those of extensions begin
// with "ext-". Anything else is a file like others.
func parsePointer(data []byte) (pointer, error) {
	var p pointer
	rest, ok := strings.CutPrefix(string(data), pointerVersion)
	if !ok || len(data) > maxPointer || !strings.HasSuffix(rest, "\n") {
		return p, fmt.Errorf("a Git LFS pointer begins with its version, ends with a line feed and has at most %d bytes", maxPointer)
	}
	last := ""
	for line := range strings.Lines(rest) {
		key, value, ok := strings.Cut(strings.TrimSuffix(line, "\n"), " ")
		if !ok || key <= last {
			return p, fmt.Errorf("the line %.80q is no key and value in order", line)
		}
		last = key
		var err error
		switch {
		case key == "oid":
			err = p.sum.UnmarshalText([]byte(strings.TrimPrefix(value, "sha256:")))
			if !strings.HasPrefix(value, "sha256:") {
				err = fmt.Errorf("the id %.80q is no SHA-256", value)
			}
		case key == "size":
			p.size, err = strconv.ParseInt(value, 10, 64)
			if err == nil && strconv.FormatInt(p.size, 10) != value || p.size < 0 {
				err = fmt.Errorf("%.80q is no size", value)
			}
		case !strings.HasPrefix(key, "ext-"):
			err = fmt.Errorf("the key %.80q is unknown", key)
		}
		if err != nil {
			return p, err
		}
	}
	if p.sum.IsZero() || last != "size" {
		return p, errors.New("it lacks the id or the size")
	}
	return p, nil
}

// A finding is what is worth listing of one release; of very many files, those
// that are met first.
type finding struct {
	source              *verified
	absent              []Absent
	documents           []File
	pointers            map[string]ID // by path, of the absent that are pointers
	more, moreDocuments int64
	allPointers         int64
}

// note looks at a file while its release is walked.
func (f *finding) note(path string, e *treeEntry) {
	if e.mode == modeSubmodule {
		f.miss(Absent{path, AbsentSubmodule, "commit " + e.id.String()})
		return
	}
	n := f.source.graph.lookup(e.id)
	switch {
	case n == nil || e.mode == modeLink:
	case n.form == formPointer:
		f.allPointers++
		if f.miss(Absent{Path: path, Kind: AbsentLFS}) {
			f.pointers[path] = e.id
		}
	case !n.form.isDocument(path):
	case len(f.documents) == maxListed:
		f.moreDocuments++
	default:
		f.documents = append(f.documents, File{Path: path, Blob: n.sum, Size: n.size, Mode: e.mode})
	}
}

func (f *finding) miss(a Absent) bool {
	if len(f.absent) == maxListed {
		f.more++
		return false
	}
	f.absent = append(f.absent, a)
	return true
}

// list enters what was found of the release that was admitted last.
func (v *verification) list(f *finding) error {
	a := &v.admission.Releases[len(v.admission.Releases)-1]
	slices.SortFunc(f.absent, func(a, b Absent) int { return cmp.Compare(a.Path, b.Path) })
	slices.SortFunc(f.documents, func(a, b File) int { return cmp.Compare(a.Path, b.Path) })
	some := min(len(f.absent), maxListed-v.listed)
	a.NotDeposited, a.NotDepositedMore = f.absent[:some], f.more+int64(len(f.absent)-some)
	v.listed += some
	some = min(len(f.documents), maxListed-v.listed)
	a.Documents, a.DocumentsMore = f.documents[:some], f.moreDocuments+int64(len(f.documents)-some)
	v.listed += some
	for i := range a.NotDeposited {
		absent := &a.NotDeposited[i]
		id, ok := f.pointers[absent.Path]
		if !ok {
			continue
		}
		_, data, err := f.source.object(id)
		if err != nil {
			return fmt.Errorf("%s: %w", absent.Path, err)
		}
		p, err := parsePointer(data)
		if err != nil {
			return fmt.Errorf("%s changed while it was read: %w", absent.Path, err)
		}
		absent.Detail = fmt.Sprintf("sha256:%s, %d bytes", p.sum, p.size)
	}
	if f.allPointers > 0 {
		v.admission.warn(fmt.Sprintf("release %s has %d Git LFS pointers, whose content is not part of the deposit", a.Name, f.allPointers))
	}
	return nil
}
