package content

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"
	"math/bits"
	"slices"
	"sort"
	"strings"

	"vitrine/index/deposit"
)

const (
	magic       = "vitrine content 2\n"
	magicPrefix = "vitrine content "
	indexName   = "content.idx"
	chunkSize   = 4 + 8           // of what the index says of a chunk
	recordSize  = 4 + chunkRecord // of what it says of a blob

	// maxIndex bounds content.idx, which is read whole: 16 million blobs, two
	// hundred times what Linux has in a release.
	maxIndex = 16 << 20 * recordSize
)

// A table is content.idx in memory, as it is on the disk: opening it is one
// pass, and a blob is found by bisection.
type table struct {
	manifest deposit.Digest
	chunks   []chunk // number and size
	rows     []byte  // the records

	fan   []uint32 // per first bits of a digest, the first row that begins with them or more
	shift int      // of 64 bits, to have these
}

// appendIndex writes content.idx. Of a blob in several chunks the first counts.
func appendIndex(manifest deposit.Digest, chunks []chunk) []byte {
	slices.SortFunc(chunks, func(a, b chunk) int { return a.number - b.number })
	type row struct {
		record
		chunk int
	}
	var rows []row
	for i, c := range chunks {
		for _, r := range c.records {
			rows = append(rows, row{r, i})
		}
	}
	slices.SortStableFunc(rows, func(a, b row) int { return bytes.Compare(a.digest[:], b.digest[:]) })
	rows = slices.CompactFunc(rows, func(a, b row) bool { return a.digest == b.digest })
	out := make([]byte, 0, len(magic)+len(rows)*recordSize+len(chunks)*chunkSize+128)
	out = append(out, magic...)
	out = append(out, manifest[:]...)
	out = binary.BigEndian.AppendUint32(out, uint32(len(chunks)))
	for _, c := range chunks {
		out = binary.BigEndian.AppendUint32(out, uint32(c.number))
		out = binary.BigEndian.AppendUint64(out, uint64(c.size))
	}
	out = binary.BigEndian.AppendUint64(out, uint64(len(rows)))
	for _, r := range rows {
		out = binary.BigEndian.AppendUint32(out, uint32(r.chunk))
		out = appendRecord(out, r.record)
	}
	sum := sha256.Sum256(out)
	return append(out, sum[:]...)
}

// parseIndex reads content.idx; the errors continue a sentence that begins
// with the file's name.
func parseIndex(data []byte) (*table, error) {
	if !bytes.HasPrefix(data, []byte(magic)) {
		if bytes.HasPrefix(data, []byte(magicPrefix)) {
			line, _, _ := strings.Cut(string(data[:min(len(data), 40)]), "\n")
			return nil, fmt.Errorf("is of another version (%q) than this program's (%q)", line, strings.TrimSpace(magic))
		}
		return nil, errors.New("does not begin as a content index")
	}
	const head = len(magic) + sha256.Size
	if len(data) < head+4+8+sha256.Size {
		return nil, fmt.Errorf("is cut off at %d bytes", len(data))
	}
	t := new(table)
	body, sum := data[:len(data)-sha256.Size], data[len(data)-sha256.Size:]
	if got := sha256.Sum256(body); !bytes.Equal(got[:], sum) {
		return nil, errors.New("does not match its own checksum")
	}
	copy(t.manifest[:], body[len(magic):])
	chunks := int(binary.BigEndian.Uint32(body[head:]))
	if body = body[head+4:]; chunks > maxChunks || len(body) < chunks*chunkSize+8 {
		return nil, fmt.Errorf("counts %d files", chunks)
	}
	for i := range chunks {
		number, size := binary.BigEndian.Uint32(body), binary.BigEndian.Uint64(body[4:])
		if number >= maxChunks || size > maxStored || i > 0 && int(number) <= t.chunks[i-1].number {
			return nil, fmt.Errorf("describes file %d of %d bytes", number, size)
		}
		t.chunks = append(t.chunks, chunk{number: int(number), size: int64(size)})
		body = body[chunkSize:]
	}
	n := binary.BigEndian.Uint64(body)
	if t.rows = body[8:]; len(t.rows)%recordSize != 0 || uint64(len(t.rows)/recordSize) != n {
		return nil, fmt.Errorf("counts %d blobs but lists %d", n, len(t.rows)/recordSize)
	}
	for i := range t.len() {
		r, in, ok := t.row(i)
		if !ok || in >= chunks || r.at+r.stored > t.chunks[in].size {
			return nil, fmt.Errorf("describes blob %s impossibly", r.digest)
		}
		if i > 0 && bytes.Compare(t.key(i-1), t.key(i)) >= 0 {
			return nil, fmt.Errorf("lists blob %s out of order", r.digest)
		}
	}
	t.fanOut()
	return t, nil
}

// fanOut makes t.fan: digests are spread evenly, so that one or two rows begin with as many
// bits as their number has.
func (t *table) fanOut() {
	t.shift = 64 - bits.Len(uint(t.len()))
	t.fan = make([]uint32, 1<<(64-t.shift)+1)
	for i := range t.len() {
		t.fan[t.begin(t.key(i))+1]++
	}
	for i := range len(t.fan) - 1 {
		t.fan[i+1] += t.fan[i]
	}
}

// begin is a digest's first bits.
func (t *table) begin(digest []byte) uint64 { return binary.BigEndian.Uint64(digest) >> t.shift }

func (t *table) len() int { return len(t.rows) / recordSize }

func (t *table) key(i int) []byte { return t.rows[i*recordSize+4:][:sha256.Size] }

// row is a record and the index of its chunk.
func (t *table) row(i int) (r record, in int, ok bool) {
	b := t.rows[i*recordSize:]
	r, ok = parseRecord(b[4:])
	return r, int(binary.BigEndian.Uint32(b)), ok
}

// find gives the number of a blob's row, and what row does.
func (t *table) find(blob deposit.Digest) (i int, r record, in int, ok bool) {
	bucket := t.begin(blob[:])
	from, to := int(t.fan[bucket]), int(t.fan[bucket+1])
	i = from + sort.Search(to-from, func(i int) bool { return bytes.Compare(t.key(from+i), blob[:]) >= 0 })
	if i == to || !bytes.Equal(t.key(i), blob[:]) {
		return 0, record{}, 0, false
	}
	r, in, ok = t.row(i)
	return i, r, in, ok
}
