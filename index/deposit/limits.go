package deposit

import (
	"bytes"
	"encoding/json"
	"fmt"
	"iter"
)

// Limits bound what one deposit may make this process do. The zero value of a
// field means its default; every default says what real repositories need. A
// room's policy may raise or lower each.
type Limits struct {
	// MaxObject is the largest object in bytes, inflated. An object and the
	// one it is a delta of are held in memory whole, with what the collector has
	// not taken yet, and all that must fit into 2 GiB. Source files reach a few
	// megabytes; test data and vendored binaries sometimes two hundred.
	MaxObject int64 `json:"maxObject"`
	// MaxInflated is the sum of the sizes of all objects. ClamAV has 4.5 GB,
	// the whole history of Linux about 100 GB.
	MaxInflated int64 `json:"maxInflated"`
	// MaxRatio is how many times larger than its pack the sum of all objects
	// may be (beyond a fixed allowance of ratioAllowance bytes). ClamAV has 25,
	// well packed old histories some hundreds; a delta bomb has millions.
	MaxRatio int64 `json:"maxRatio"`
	// MaxObjects is the number of objects. Linux has 11 million; each costs
	// about 200 bytes of memory while the pack is checked.
	MaxObjects int64 `json:"maxObjects"`
	// MaxDepth is the longest chain of deltas: what git itself can write.
	MaxDepth int `json:"maxDepth"`
	// MaxLive is how many bytes of objects may be held at once while deltas
	// are resolved. The order of resolving keeps it near the size of a few
	// objects; only a pack made for the purpose needs more.
	MaxLive int64 `json:"maxLive"`
	// MaxEntries is the number of entries of one tree. The largest directories of
	// source are package collections of some 50,000.
	MaxEntries int64 `json:"maxEntries"`
	// MaxPath is the bytes of a path of a release: Linux's PATH_MAX, beyond which
	// no file can be opened by its path.
	MaxPath int64 `json:"maxPath"`
	// MaxFiles is the number of files and directories of all releases together;
	// one with a path of over pathCost bytes counts for several. Linux has 78,000
	// files per release; small trees that name each other can make billions.
	MaxFiles int64 `json:"maxFiles"`
	// MaxNames is how many entries of trees, parents of commits and targets of
	// tags all objects have together: each costs 4 bytes of memory while the pack
	// is checked. At 25 for each of its 11 million objects, Linux has them.
	MaxNames int64 `json:"maxNames"`
}

const (
	// hardMaxObjects keeps an entry's index within 31 bits and a node's within
	// its shard.
	hardMaxObjects = 1 << 27

	// ratioAllowance lets a small pack hold one big, very compressible file.
	ratioAllowance = 64 << 20

	// MaxManifest bounds manifest.json: about 160 bytes an object, 1.6 million
	// objects.
	MaxManifest = 256 << 20

	maxReleases   = 1000 // releases of a deposit; each is read whole on opening
	maxLinks      = 1000 // deposits that continue each other; each has a release
	maxSources    = 64   // repositories of a deposit
	maxRefs       = maxReleases + 2
	maxHeaderLine = 1024 // bytes of one line of a bundle's header
	maxNameBytes  = 200  // bytes of a title, vendor, release or source name

	// maxPrerequisites bounds the commits that an update rests on: one for each
	// branch that was merged since, of which a year of Linux has thousands.
	maxPrerequisites = 10000

	maxShallow   = 10000    // cut-off commits of a source; a shallow clone has one for each branch
	maxArtifacts = 10000    // a release of an operating system has some thousands
	maxBuild     = 16 << 10 // bytes of an artifact's build instructions: some pages
	maxDocuments = maxReleases
	// MaxDocument bounds a bill of materials, which is parsed in memory. Large
	// ones have 10,000 components and some 10 MB.
	MaxDocument = 64 << 20

	// maxDocumentBytes bounds what all documents of a chain take in memory
	// until they are imported.
	maxDocumentBytes = 256 << 20

	// maxName bounds the name of one entry in any tree, in bytes: Linux's
	// PATH_MAX, where no file system has longer ones than 255 characters.
	maxName = 4096
	// maxPath is the default of MaxPath, and bounds what folders and archives
	// are sealed with.
	maxPath = 4096
	// maxPathDepth bounds the directories of a path: a depth that no build tool
	// would survive.
	maxPathDepth = 256

	// maxChain is the longest chain of deltas that is read, and all that git
	// writes.
	maxChain = 4095

	// maxTagDepth is how many annotated tags may name each other before the
	// commit.
	maxTagDepth = 8

	// maxDeflate is the most that deflate can expand: 258 bytes for two bits.
	maxDeflate = 1032

	// maxListed bounds the files that an Admission lists as documents or as not
	// deposited, in all releases together; the number of the rest is said. Git
	// LFS keeps some thousands of files in the repositories of games.
	maxListed = 10000

	// maxWarnings keeps an Admission small; the number of the rest is said.
	maxWarnings = 50
)

// DefaultLimits admits any ordinary source repository.
func DefaultLimits() Limits { return Limits{}.orDefault() }

// All gives the limits by their names in a policy.
func (l Limits) All() iter.Seq2[string, int64] {
	return func(yield func(string, int64) bool) {
		_ = yield("maxObject", l.MaxObject) && yield("maxInflated", l.MaxInflated) && yield("maxRatio", l.MaxRatio) &&
			yield("maxObjects", l.MaxObjects) && yield("maxDepth", int64(l.MaxDepth)) && yield("maxLive", l.MaxLive) &&
			yield("maxEntries", l.MaxEntries) && yield("maxPath", l.MaxPath) && yield("maxFiles", l.MaxFiles) &&
			yield("maxNames", l.MaxNames)
	}
}

// Check refuses limits that mean nothing.
func (l Limits) Check() error {
	for name, value := range l.All() {
		if value < 0 {
			return fmt.Errorf("the limit %s is %d, want a number of at least 1, or 0 for the program's own", name, value)
		}
	}
	if l.MaxObjects > hardMaxObjects || l.MaxDepth > maxChain {
		return fmt.Errorf("the limits maxObjects and maxDepth can be at most %d and %d", hardMaxObjects, maxChain)
	}
	return nil
}

// Set sets the limit of this name, as it stands in a policy.
func (l *Limits) Set(name string, value int64) error {
	data, err := json.Marshal(map[string]int64{name: value})
	if err != nil {
		return err
	}
	d := json.NewDecoder(bytes.NewReader(data))
	d.DisallowUnknownFields()
	if err := d.Decode(l); err != nil {
		return fmt.Errorf("there is no limit %q", name)
	}
	return l.Check()
}

func (l Limits) orDefault() Limits {
	set := func(v *int64, d int64) {
		if *v <= 0 {
			*v = d
		}
	}
	set(&l.MaxObject, 256<<20)
	set(&l.MaxInflated, 256<<30)
	set(&l.MaxRatio, 1000)
	set(&l.MaxObjects, 16<<20)
	set(&l.MaxLive, 768<<20)
	set(&l.MaxFiles, 4<<20)
	set(&l.MaxEntries, 200_000)
	set(&l.MaxPath, maxPath)
	set(&l.MaxNames, 288<<20)
	if l.MaxDepth <= 0 || l.MaxDepth > maxChain {
		l.MaxDepth = maxChain
	}
	l.MaxObjects = min(l.MaxObjects, hardMaxObjects)
	return l
}
