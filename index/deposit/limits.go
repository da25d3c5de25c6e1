package deposit

// Limits bound what one deposit may make this process do. The zero value of a
// field means its default; every default says what real repositories need.
type Limits struct {
	// MaxObject is the largest object in bytes, inflated. An object and the
	// one it is a delta of are held in memory whole, with what the collector has
	// not taken yet, and all that must fit into 2 GiB. Source files reach a few
	// megabytes; test data and vendored binaries sometimes two hundred.
	MaxObject int64
	// MaxInflated is the sum of the sizes of all objects. ClamAV has 4.5 GB,
	// the whole history of Linux about 100 GB.
	MaxInflated int64
	// MaxRatio is how many times larger than its pack the sum of all objects
	// may be (beyond a fixed allowance of ratioAllowance bytes). ClamAV has 25,
	// well packed old histories some hundreds; a delta bomb has millions.
	MaxRatio int64
	// MaxObjects is the number of objects. Linux has 11 million; each costs
	// about 200 bytes of memory while the pack is checked.
	MaxObjects int64
	// MaxDepth is the longest chain of deltas: what git itself can write.
	MaxDepth int
	// MaxLive is how many bytes of objects may be held at once while deltas
	// are resolved. The order of resolving keeps it near the size of a few
	// objects; only a pack made for the purpose needs more.
	MaxLive int64
	// MaxFiles is the number of files and directories of all releases together;
	// one with a path of over pathCost bytes counts for several. Linux has 78,000
	// files per release; small trees that name each other can make billions.
	MaxFiles int64
	// MaxNames is how many entries of trees, parents of commits and targets of
	// tags all objects have together: each costs 4 bytes of memory while the pack
	// is checked. At 25 for each of its 11 million objects, Linux has them.
	MaxNames int64
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

	// maxPath and maxPathDepth bound a path of a release: Linux's PATH_MAX,
	// and a depth no build tool would survive.
	maxPath      = 4096
	maxPathDepth = 256

	// maxTagDepth is how many annotated tags may name each other before the
	// commit.
	maxTagDepth = 8

	// maxDeflate is the most that deflate can expand: 258 bytes for two bits.
	maxDeflate = 1032

	// maxWarnings keeps an Admission small; the number of the rest is said.
	maxWarnings = 50
)

// DefaultLimits admits any ordinary source repository.
func DefaultLimits() Limits { return Limits{}.orDefault() }

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
	set(&l.MaxNames, 288<<20)
	if l.MaxDepth <= 0 || l.MaxDepth > 4095 {
		l.MaxDepth = 4095
	}
	l.MaxObjects = min(l.MaxObjects, hardMaxObjects)
	return l
}
