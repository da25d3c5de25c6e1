package segment

import (
	"encoding/binary"
	"errors"
	"os"
	"path/filepath"
	"time"

	"github.com/blevesearch/bleve/v2/util"
	zap "github.com/blevesearch/zapx/v17"
)

// What makes a folder of segments an index that bleve.Open takes.
const (
	metaFile  = "index_meta.json"
	storeDir  = "store"
	rootFile  = "root.bolt"
	indexMeta = `{"storage":"","index_type":"scorch"}`

	// indexMapping says that nothing is analysed: terms are looked up as they are.
	indexMapping = `{"default_mapping":{"enabled":true,"dynamic":true},"type_field":"_type","default_type":"_default","default_analyzer":"keyword","default_datetime_parser":"dateTimeOptional","default_field":"_all","store_dynamic":false,"index_dynamic":true,"docvalues_dynamic":false}`
)

// StoreFolder is where the segments of the bleve index at folder are.
func StoreFolder(folder string) string { return filepath.Join(folder, storeDir) }

// WriteBleve makes folder, in whose [StoreFolder] segments 1 to n are, an index that
// stock bleve opens.
func WriteBleve(folder string, n int) (err error) {
	if err := os.WriteFile(filepath.Join(folder, metaFile), []byte(indexMeta), 0o600); err != nil {
		return err
	}
	b, err := util.OpenBolt(filepath.Join(StoreFolder(folder), rootFile), 0o600, nil)
	if err != nil {
		return err
	}
	plain, err := util.NewFileWriter(nil) // nothing is encrypted
	if err == nil {
		err = b.Update(func(tx *util.BoltTxImpl) error { return writeRoot(tx, n, plain) })
	}
	return errors.Join(err, b.Close())
}

// writeRoot writes the one snapshot of the index, as scorch's prepareBoltSnapshot.
func writeRoot(tx *util.BoltTxImpl, n int, plain util.FileWriter) error {
	var errs []error
	below := func(b interface {
		CreateBucketIfNotExists([]byte) (*util.BoltBucketImpl, error)
	}, name []byte) *util.BoltBucketImpl {
		out, err := b.CreateBucketIfNotExists(name)
		errs = append(errs, err)
		return out
	}
	put := func(b *util.BoltBucketImpl, key, value []byte) {
		if b != nil {
			errs = append(errs, b.Put(key, value, plain))
		}
	}
	snapshots := below(tx, util.BoltSnapshotsBucket)
	if snapshots == nil {
		return errors.Join(errs...)
	}
	snapshot := below(snapshots, ascending(uint64(n)+1)) // its epoch
	if snapshot == nil {
		return errors.Join(errs...)
	}
	meta := below(snapshot, util.BoltMetaDataKey)
	put(meta, util.BoltMetaDataSegmentTypeKey, []byte(zap.Type))
	put(meta, util.BoltMetaDataSegmentVersionKey, binary.BigEndian.AppendUint32(nil, zap.Version))
	put(meta, util.BoltMetaDataFileWriterIDKey, nil)
	put(meta, util.BoltMetaDataTimeStamp, []byte(time.Unix(0, 0).UTC().Format(time.RFC3339)))
	put(below(snapshot, util.BoltInternalKey), util.MappingInternalKey, []byte(indexMapping))
	for i := uint64(1); i <= uint64(n); i++ {
		put(below(snapshot, ascending(i)), util.BoltPathKey, []byte(Name(i)+zapSuffix))
	}
	return errors.Join(errs...)
}

// ascending is scorch's encoding of a number so that bytes sort as numbers do.
func ascending(v uint64) []byte {
	const zero, small, most = 0x80 + 8, 0xfd - (0x80 + 8) - 8, 0xfd
	if v <= small {
		return []byte{zero + byte(v)}
	}
	var b [8]byte
	binary.BigEndian.PutUint64(b[:], v)
	n := 1
	for n < 8 && v>>(8*n) > 0 {
		n++
	}
	return append([]byte{byte(most - 8 + n)}, b[8-n:]...)
}
