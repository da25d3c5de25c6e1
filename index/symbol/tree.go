package symbol

import (
	"cmp"
	"context"
	"path"
	"slices"
	"strings"
	"sync"

	"vitrine/index/deposit"
)

// A tree is the files of a release, and which of them include which.
type tree struct {
	release string
	files   []deposit.File // ascending by path
	stems   map[string][]int32
	folders map[string][]string // by the last name, lower-case

	mu    sync.Mutex
	edges map[int32][]edge
	from  int32 // of reached
	reach map[int32]int
}

// An edge is an import that can mean files of the release.
type edge struct {
	to   int32
	n    int  // number of the import
	sure bool // nothing else can be meant
}

// maxReached bounds the files that an inclusion is followed through: the most
// that a file of Linux includes, with all that those include, is 3,000.
const maxReached = 20000

// maxMeant bounds the files that one import can mean: a package has some hundreds.
const maxMeant = 2000

// maxTrees bounds the releases whose trees are kept; Linux's takes some 30 MB.
const maxTrees = 4

// tree is the tree of a release; the first call for one takes about 20 ms for Linux.
func (ix *Index) tree(ctx context.Context, release string) (*tree, error) {
	ix.mu.Lock()
	defer ix.mu.Unlock()
	if t := ix.trees[release]; t != nil {
		return t, nil
	}
	files, err := ix.deposit.Files(ctx, release)
	if err != nil {
		return nil, err
	}
	t := &tree{release: release, files: files, stems: map[string][]int32{}, folders: map[string][]string{}, edges: map[int32][]edge{}, from: -1}
	last := "."
	for i, f := range files {
		if !isRegular(f.Mode) {
			continue
		}
		s := stem(f.Path)
		t.stems[s] = append(t.stems[s], int32(i))
		if dir := path.Dir(f.Path); dir != last && dir != "." {
			key := strings.ToLower(path.Base(dir))
			if !slices.Contains(t.folders[key], dir) {
				t.folders[key] = append(t.folders[key], dir)
			}
			last = dir
		}
	}
	if len(ix.trees) == maxTrees {
		clear(ix.trees)
	}
	ix.trees[release] = t
	return t, nil
}

// Prepare reads the paths of a release, so that the first question need not.
func (ix *Index) Prepare(ctx context.Context, release string) error {
	_, err := ix.tree(ctx, release)
	return err
}

// find is the number of a path; -1 if the release has no such file.
func (t *tree) find(file string) int32 {
	i, ok := slices.BinarySearchFunc(t.files, file, func(f deposit.File, p string) int { return cmp.Compare(f.Path, p) })
	if !ok || !isRegular(t.files[i].Mode) {
		return -1
	}
	return int32(i)
}

// inFolder are the files that stand directly in a folder.
func (t *tree) inFolder(dir string) (out []int32) {
	prefix := dir + "/"
	if dir == "." {
		prefix = ""
	}
	i, _ := slices.BinarySearchFunc(t.files, prefix, func(f deposit.File, p string) int { return cmp.Compare(f.Path, p) })
	for ; i < len(t.files) && strings.HasPrefix(t.files[i].Path, prefix) && len(out) < maxMeant; i++ {
		if isRegular(t.files[i].Mode) && !strings.Contains(t.files[i].Path[len(prefix):], "/") {
			out = append(out, int32(i))
		}
	}
	return out
}

// edgesOf resolves the imports of a file.
func (ix *Index) edgesOf(t *tree, file int32) ([]edge, error) {
	t.mu.Lock()
	edges, ok := t.edges[file]
	t.mu.Unlock()
	if ok {
		return edges, nil
	}
	n, ok, err := ix.find(t.files[file].Blob)
	if err != nil || !ok {
		return nil, err
	}
	r, e, err := ix.record(n)
	if err != nil {
		return nil, err
	}
	imports, err := r.importList()
	if err != nil {
		return nil, damaged("blob "+e.blob.Short(), err)
	}
	for i, im := range imports {
		meant := t.resolve(file, e.lang, im)
		for _, to := range meant.files {
			edges = append(edges, edge{to, i, meant.sure})
		}
	}
	t.mu.Lock()
	t.edges[file] = edges
	t.mu.Unlock()
	return edges, nil
}

// reached are the files whose definitions a file can name: what its imports
// mean, in C and its kin also what those include; with how many steps it takes.
func (ix *Index) reached(ctx context.Context, t *tree, file int32, lang string) (map[int32]int, error) {
	t.mu.Lock()
	if t.from == file {
		defer t.mu.Unlock()
		return t.reach, nil
	}
	t.mu.Unlock()
	seen := map[int32]int{file: 0}
	queue := []int32{file}
	deep := family(lang) == "c"
	for i := 0; i < len(queue) && len(queue) < maxReached; i++ {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		edges, err := ix.edgesOf(t, queue[i])
		if err != nil {
			return nil, err
		}
		for _, e := range edges {
			if _, ok := seen[e.to]; !ok {
				seen[e.to] = seen[queue[i]] + 1
				queue = append(queue, e.to)
			}
		}
		if !deep {
			break
		}
	}
	t.mu.Lock()
	t.from, t.reach = file, seen
	t.mu.Unlock()
	return seen, nil
}
