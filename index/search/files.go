package search

import (
	"bufio"
	"bytes"
	"cmp"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	segment "github.com/blevesearch/scorch_segment_api/v2"
	zap "github.com/blevesearch/zapx/v17"

	"vitrine/index/deposit"
)

// The files of an index; see the package comment.
const (
	sumsName   = "SHA256SUMS"
	wordsName  = "words"
	blobsName  = "blobs"
	placesName = "places"
	bleveName  = "bleve"

	sumsHead   = "vitrine search 1"
	sumsPrefix = "vitrine search "

	// maxSums bounds SHA256SUMS, which has a line for each of five files.
	maxSums = 4096
)

// segmentFile is where scorch.Builder puts its one segment.
var segmentFile = filepath.Join(bleveName, "000000000002.zap")

// openSegment maps the segment. Reading it directly spares the goroutines and the
// bolt database that a writable scorch index keeps.
func openSegment(dir string) (*zap.Segment, error) {
	s, err := new(zap.ZapPlugin).Open(filepath.Join(dir, segmentFile))
	if err != nil {
		return nil, fmt.Errorf("bleve segment: %w", err)
	}
	z, ok := s.(*zap.Segment)
	if !ok {
		return nil, fmt.Errorf("bleve segment is a %T", s)
	}
	return z, nil
}

func writeDictionary(path string, seg segment.Segment) (err error) {
	f, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	w := bufio.NewWriterSize(f, 1<<20)
	if err := w.WriteByte('\n'); err != nil {
		return err
	}
	dict, err := seg.Dictionary(wordField)
	if err != nil {
		return err
	}
	it := dict.AutomatonIterator(nil, nil, nil)
	for {
		e, err := it.Next()
		if err != nil {
			return err
		}
		if e == nil {
			return w.Flush()
		}
		if e.Term == unindexed {
			continue
		}
		if _, err := w.WriteString(e.Term + "\n"); err != nil {
			return err
		}
	}
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

// writeTables writes the blobs, documents first, and the places that refer to them.
func (b *builder) writeTables(t *placeTable, used map[deposit.Digest]bool) error {
	number := make(map[deposit.Digest]int, len(used))
	blobs := slices.Clone(b.docs)
	for i, d := range blobs {
		number[d] = i
	}
	for _, info := range b.content.Blobs() {
		if _, ok := number[info.Blob]; !ok && used[info.Blob] {
			number[info.Blob] = len(blobs)
			blobs = append(blobs, info.Blob)
		}
	}
	out := binary.BigEndian.AppendUint64(nil, uint64(len(b.docs)))
	for _, d := range blobs {
		out = append(out, d[:]...)
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

func parseBlobs(data []byte) (blobs []deposit.Digest, docs int, err error) {
	if len(data) < 8 || (len(data)-8)%sha256.Size != 0 {
		return nil, 0, errTable
	}
	blobs = make([]deposit.Digest, (len(data)-8)/sha256.Size)
	for i := range blobs {
		copy(blobs[i][:], data[8+i*sha256.Size:])
	}
	n := binary.BigEndian.Uint64(data)
	if n > uint64(len(blobs)) {
		return nil, 0, errTable
	}
	return blobs, int(n), nil
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

// writeSums lists every file of the index with its SHA-256, and the manifest.
func writeSums(dir string, manifest deposit.Digest) error {
	names, err := filesOf(dir)
	if err != nil {
		return err
	}
	var out bytes.Buffer
	fmt.Fprintf(&out, "%s\n%s  manifest\n", sumsHead, manifest)
	for _, name := range names {
		sum, err := hashFile(filepath.Join(dir, filepath.FromSlash(name)))
		if err != nil {
			return err
		}
		fmt.Fprintf(&out, "%s  %s\n", sum, name)
	}
	return os.WriteFile(filepath.Join(dir, sumsName), appendSum(out.Bytes()), 0o600)
}

func appendSum(list []byte) []byte {
	return fmt.Appendf(list, "%x  above\n", sha256.Sum256(list))
}

// checkSums compares every file with SHA256SUMS, which must be of this version
// and for this manifest.
func checkSums(dir string, manifest deposit.Digest) error {
	f, err := os.Open(filepath.Join(dir, sumsName))
	if err != nil {
		return err
	}
	list, err := io.ReadAll(io.LimitReader(f, maxSums))
	if err = errors.Join(err, f.Close()); err != nil {
		return err
	}
	head, body, _ := strings.Cut(string(list), "\n")
	if head != sumsHead {
		if strings.HasPrefix(head, sumsPrefix) {
			return fmt.Errorf("is of another version (%q) than this program's (%q); build it again", head, sumsHead)
		}
		return fmt.Errorf("%s does not begin with %q; build it again", sumsName, sumsHead)
	}
	above := strings.LastIndexByte(strings.TrimSuffix(string(list), "\n"), '\n') + 1
	if !bytes.Equal(appendSum(list[:above:above]), list) {
		return fmt.Errorf("%s does not match its own checksum; build it again", sumsName)
	}
	lines := strings.SplitAfter(body, "\n")
	if want := manifest.String() + "  manifest\n"; lines[0] != want {
		return fmt.Errorf("belongs to another deposit (%s), not to manifest %s", strings.TrimSpace(lines[0]), manifest)
	}
	names, err := filesOf(dir)
	if err != nil {
		return err
	}
	if len(names) != len(lines)-3 {
		return fmt.Errorf("has %d files, %s lists %d; build it again", len(names), sumsName, len(lines)-3)
	}
	for i, name := range names {
		sum, err := hashFile(filepath.Join(dir, filepath.FromSlash(name)))
		if err != nil {
			return err
		}
		if lines[1+i] != sum+"  "+name+"\n" {
			return fmt.Errorf("%s is not the file that was built; build it again", name)
		}
	}
	return nil
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

func hashFile(path string) (string, error) {
	f, err := os.Open(path)
	if err != nil {
		return "", err
	}
	h := sha256.New()
	_, err = io.CopyBuffer(h, f, make([]byte, 1<<20))
	return hex.EncodeToString(h.Sum(nil)), errors.Join(err, f.Close())
}
