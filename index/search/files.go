package search

import (
	"cmp"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"

	"vitrine/index/block"
	"vitrine/index/deposit"
	"vitrine/index/segment"
)

// The files of an index; see the package comment.
const (
	blobsName  = "blobs"
	placesName = "places"
	bleveName  = "bleve"

	sumsHead = "vitrine search 3" // begins SHA256SUMS
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
	s, err := block.ReadSums(dir, sumsHead)
	if err != nil {
		return nil, err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, closeTaken(out))
		}
	}()
	for n := range segmentsIn(s) {
		t := taken{name: segment.Name(uint64(n + 1)), digests: map[string][]byte{}}
		t.Segment, err = segment.Open(segment.StoreFolder(filepath.Join(dir, bleveName)), t.name, func(name string) ([]byte, error) {
			data, err := s.Read(storeName(name))
			t.digests[name] = data
			return data, err
		})
		if err != nil {
			return out, err
		}
		out = append(out, t)
		if out[n].ids, err = t.IDs(); err != nil {
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

// A pathPlaces is a path and what stands there, release by release.
type pathPlaces struct {
	path   string
	places []placeOf
}

// placeOf is what stands at a path in a release.
type placeOf struct{ release, code int32 }

// blob is the number of what stands there, negative if it is none.
func (p placeOf) blob() int { return int(p.code) - codeBlob }

// A placeTable lists every path of the deposit.
type placeTable struct {
	byPath map[string]int
	files  []listedPath
}

// A listedPath is a path before blobs have numbers.
type listedPath struct {
	path   string
	places []listedPlace
}

type listedPlace struct {
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
		t.files = append(t.files, listedPath{path: f.Path})
	}
	p := listedPlace{release: release, code: codeBlob, blob: f.Blob}
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
	slices.SortFunc(t.files, func(a, b listedPath) int { return cmp.Compare(a.path, b.path) })
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

// placesAtOnce is for how many places memory is taken at once.
const placesAtOnce = 4096

func parsePlaces(data []byte, releases, blobs int) ([]pathPlaces, error) {
	var files []pathPlaces
	var room []placeOf
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
		if n > len(room) {
			room = make([]placeOf, max(n, placesAtOnce))
		}
		f.places, room = room[:n:n], room[n:]
		for i := range f.places {
			f.places[i].release = int32(number(releases))
			f.places[i].code = int32(number(codeBlob + blobs))
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

// DigestOf is [Index.Digest] of the index at dir, of whatever deposit, as its list says.
func DigestOf(dir string) (deposit.Digest, error) {
	s, err := block.ReadSums(dir, sumsHead)
	if err != nil {
		return deposit.Digest{}, err
	}
	return s.Digest, nil
}

// sumsOf reads the list of the index's files, which must be those of the deposit with
// this manifest.
func sumsOf(dir string, manifest deposit.Digest) (*block.Sums, error) {
	s, err := block.ReadSums(dir, sumsHead)
	if err != nil {
		return nil, err
	}
	if s.Manifest != manifest {
		return nil, fmt.Errorf("belongs to another deposit (%s), not to manifest %s", deposit.Digest(s.Manifest), manifest)
	}
	return s, s.Check()
}

// segmentsIn is how many there are.
func segmentsIn(s *block.Sums) int {
	names := s.Names()
	for n := 0; ; n++ {
		if _, ok := slices.BinarySearch(names, storeName(segment.Files(segment.Name(uint64(n + 1)))[1])); !ok {
			return n
		}
	}
}
