package search

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"vitrine/index/deposit"
	"vitrine/index/segment"
)

// The files of an index; see the package comment.
const (
	sumsName   = "SHA256SUMS"
	blobsName  = "blobs"
	placesName = "places"
	bleveName  = "bleve"

	sumsHead   = "vitrine search 2"
	sumsPrefix = "vitrine search "

	// maxSums bounds SHA256SUMS, which has a line for some files and two for each
	// segment.
	maxSums = 1 << 20
)

// A taken is a segment of another index.
type taken struct {
	*segment.Segment
	name    string
	ids     []segment.ID
	digests map[string][]byte // the content of its files with digests of blocks
}

// segmentsOf opens the segments of the index at dir, of whatever deposit, the one with
// the most documents first.
func segmentsOf(dir string) (out []taken, err error) {
	s, err := readSums(dir)
	if err != nil {
		return nil, err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, closeTaken(out))
		}
	}()
	for n := 1; n <= s.segments(); n++ {
		t := taken{name: segment.Name(uint64(n)), digests: map[string][]byte{}}
		t.Segment, err = segment.Open(segment.StoreFolder(filepath.Join(dir, bleveName)), t.name, func(name string) ([]byte, error) {
			data, err := s.read(storeName(name))
			t.digests[name] = data
			return data, err
		})
		if err != nil {
			return out, err
		}
		out = append(out, t)
		if out[n-1].ids, err = t.IDs(); err != nil {
			return out, err
		}
	}
	slices.SortStableFunc(out, func(a, b taken) int { return len(b.ids) - len(a.ids) })
	return out, nil
}

func closeTaken(list []taken) error {
	var errs []error
	for _, t := range list {
		errs = append(errs, t.Close())
	}
	return errors.Join(errs...)
}

// storeName is the name in SHA256SUMS of a segment's file.
func storeName(name string) string {
	return filepath.ToSlash(segment.StoreFolder(bleveName)) + "/" + name
}

func copyFile(from, to string) (err error) {
	in, err := os.Open(from)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, in.Close()) }()
	out, err := os.OpenFile(to, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	_, err = io.Copy(out, in)
	return errors.Join(err, out.Close())
}

// Codes of what stands at a place; larger ones are numbers of blobs.
const (
	codeLink = iota
	codeSubmodule
	codeBlob
)

// A placeTable lists every path of the deposit.
type placeTable struct {
	byPath map[string]int
	files  []pathPlaces
}

type pathPlaces struct {
	path   string
	places []placeOf
}

// placeOf is what stands at a path in a release.
type placeOf struct {
	release int
	code    int
	blob    deposit.Digest
}

func newPlaceTable() *placeTable { return &placeTable{byPath: make(map[string]int)} }

func (t *placeTable) add(release int, f deposit.File) {
	i, ok := t.byPath[f.Path]
	if !ok {
		i = len(t.files)
		t.byPath[f.Path] = i
		t.files = append(t.files, pathPlaces{path: f.Path})
	}
	p := placeOf{release: release, code: codeBlob, blob: f.Blob}
	switch {
	case isRegular(f.Mode):
	case f.Blob.IsZero():
		p.code = codeSubmodule
	default:
		p.code = codeLink
	}
	t.files[i].places = append(t.files[i].places, p)
}

func (t *placeTable) sort() {
	slices.SortFunc(t.files, func(a, b pathPlaces) int { return cmp.Compare(a.path, b.path) })
	t.byPath = nil
}

// writeTables writes the blobs that are no documents, and the places that refer to all.
func (b *builder) writeTables(t *placeTable, used map[deposit.Digest]bool) error {
	number := make(map[deposit.Digest]int, len(used))
	for i, d := range b.docs {
		number[d] = i
	}
	var out []byte
	for _, info := range b.content.Blobs() {
		if _, ok := number[info.Blob]; !ok && used[info.Blob] {
			number[info.Blob] = len(b.docs) + len(out)/sha256.Size
			out = append(out, info.Blob[:]...)
		}
	}
	if err := os.WriteFile(filepath.Join(b.dir, blobsName), out, 0o600); err != nil {
		return err
	}
	out = out[:0]
	last := ""
	for _, f := range t.files {
		shared := 0
		for shared < min(len(last), len(f.path)) && last[shared] == f.path[shared] {
			shared++
		}
		last = f.path
		out = binary.AppendUvarint(out, uint64(shared))
		out = binary.AppendUvarint(out, uint64(len(f.path)-shared))
		out = append(out, f.path[shared:]...)
		out = binary.AppendUvarint(out, uint64(len(f.places)))
		for _, p := range f.places {
			code := p.code
			if code == codeBlob {
				n, ok := number[p.blob]
				if !ok {
					return fmt.Errorf("%s: blob %s is not in the content store", f.path, p.blob)
				}
				code += n
			}
			out = binary.AppendUvarint(out, uint64(p.release))
			out = binary.AppendUvarint(out, uint64(code))
		}
	}
	return os.WriteFile(filepath.Join(b.dir, placesName), out, 0o600)
}

// errTable is the error of a table that its checksum says is as written.
var errTable = errors.New("is not what this program writes; build the index again")

func parseBlobs(data []byte) ([]deposit.Digest, error) {
	if len(data)%sha256.Size != 0 {
		return nil, errTable
	}
	blobs := make([]deposit.Digest, len(data)/sha256.Size)
	for i := range blobs {
		copy(blobs[i][:], data[i*sha256.Size:])
	}
	return blobs, nil
}

func parsePlaces(data []byte, releases, blobs int) ([]pathPlaces, error) {
	var files []pathPlaces
	last := ""
	bad := false
	number := func(below int) int {
		v, n := binary.Uvarint(data)
		if n <= 0 || v >= uint64(below) {
			bad = true
			return 0
		}
		data = data[n:]
		return int(v)
	}
	for len(data) > 0 && !bad {
		shared := number(len(last) + 1)
		rest := number(len(data) + 1)
		if bad || rest > len(data) {
			return nil, errTable
		}
		f := pathPlaces{path: last[:shared] + string(data[:rest])}
		data = data[rest:]
		n := number(len(data)/2 + 1)
		f.places = make([]placeOf, n)
		for i := range f.places {
			f.places[i].release = number(releases)
			f.places[i].code = number(codeBlob + blobs)
		}
		if last >= f.path && files != nil {
			return nil, errTable
		}
		last = f.path
		files = append(files, f)
	}
	if bad {
		return nil, errTable
	}
	return files, nil
}

// blocksSuffix ends the name of a file with the digests of another one's blocks. The
// other one is then verified through it, block by block, when it is read.
const blocksSuffix = ".blocks"

// writeSums lists every file of the index with its SHA-256, and the manifest.
func writeSums(dir string, manifest deposit.Digest) error {
	names, err := filesOf(dir)
	if err != nil {
		return err
	}
	var out bytes.Buffer
	fmt.Fprintf(&out, "%s\n%s  manifest\n", sumsHead, manifest)
	for _, name := range names {
		if _, ok := slices.BinarySearch(names, name+blocksSuffix); ok {
			continue
		}
		data, err := os.ReadFile(filepath.Join(dir, filepath.FromSlash(name)))
		if err != nil {
			return err
		}
		fmt.Fprintf(&out, "%x  %s\n", sha256.Sum256(data), name)
	}
	return os.WriteFile(filepath.Join(dir, sumsName), appendSum(out.Bytes()), 0o600)
}

func appendSum(list []byte) []byte {
	return fmt.Appendf(list, "%x  above\n", sha256.Sum256(list))
}

// Sums are what SHA256SUMS says of an index.
type sums struct {
	dir    string
	digest deposit.Digest    // of SHA256SUMS
	of     string            // the manifest's digest
	files  map[string]string // digests in hex by name
}

// readSums reads SHA256SUMS, which must be of this version and as it was written.
func readSums(dir string) (*sums, error) {
	f, err := os.Open(filepath.Join(dir, sumsName))
	if err != nil {
		return nil, err
	}
	list, err := io.ReadAll(io.LimitReader(f, maxSums))
	if err = errors.Join(err, f.Close()); err != nil {
		return nil, err
	}
	head, body, _ := strings.Cut(string(list), "\n")
	if head != sumsHead {
		if strings.HasPrefix(head, sumsPrefix) {
			return nil, fmt.Errorf("is of another version (%q) than this program's (%q); build it again", head, sumsHead)
		}
		return nil, fmt.Errorf("%s does not begin with %q; build it again", sumsName, sumsHead)
	}
	above := strings.LastIndexByte(strings.TrimSuffix(string(list), "\n"), '\n') + 1
	if !bytes.Equal(appendSum(list[:above:above]), list) {
		return nil, fmt.Errorf("%s does not match its own checksum; build it again", sumsName)
	}
	s := &sums{dir: dir, digest: sha256.Sum256(list), files: map[string]string{}}
	for line := range strings.Lines(body) {
		sum, name, ok := strings.Cut(strings.TrimSuffix(line, "\n"), "  ")
		switch {
		case !ok:
			return nil, fmt.Errorf("%s has the line %.80q; build it again", sumsName, line)
		case name == "manifest" && s.of == "":
			s.of = sum
		case name != "above":
			s.files[name] = sum
		}
	}
	return s, nil
}

// check compares the folder's files with the list, and reads those that are verified
// at once: all but the segments, which are verified as they are read.
func (s *sums) check(manifest deposit.Digest) error {
	if s.of != manifest.String() {
		return fmt.Errorf("belongs to another deposit (%s), not to manifest %s", s.of, manifest)
	}
	names, err := filesOf(s.dir)
	if err != nil {
		return err
	}
	listed := 0
	for _, name := range names {
		_, ok := s.files[name]
		_, covered := s.files[name+blocksSuffix]
		if !ok && !covered {
			return fmt.Errorf("%s is not part of it; build it again", name)
		}
		if ok {
			listed++
		}
	}
	if listed != len(s.files) {
		return fmt.Errorf("has %d of the %d files that %s lists; build it again", listed, len(s.files), sumsName)
	}
	return nil
}

// segments is how many there are.
func (s *sums) segments() int {
	for n := 0; ; n++ {
		if _, ok := s.files[storeName(segment.Files(segment.Name(uint64(n + 1)))[1])]; !ok {
			return n
		}
	}
}

// read reads a file whole and compares it with its digest.
func (s *sums) read(name string) ([]byte, error) {
	data, err := os.ReadFile(filepath.Join(s.dir, filepath.FromSlash(name)))
	if err != nil {
		return nil, err
	}
	if fmt.Sprintf("%x", sha256.Sum256(data)) != s.files[name] {
		return nil, fmt.Errorf("%s is not the file that was built; build it again", name)
	}
	return data, nil
}

// filesOf lists the files below dir but for SHA256SUMS, in byte order.
func filesOf(dir string) (names []string, err error) {
	err = filepath.WalkDir(dir, func(path string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		name, err := filepath.Rel(dir, path)
		if name != sumsName {
			names = append(names, filepath.ToSlash(name))
		}
		return err
	})
	slices.Sort(names)
	return names, err
}
