package symbol

import (
	"cmp"
	"context"
	"iter"
	"path"
	"slices"
	"strings"

	"vitrine/index/deposit"
)

// A tree is the files of a release.
type tree struct {
	release string
	number  int32          // of the release
	base    int            // files of the releases before
	files   []deposit.File // ascending by path
	stems   map[string][]int32
	folders map[string][]string // by the last name, lower-case
}

// maxMeant bounds the files that one import can mean: a package has some hundreds.
const maxMeant = 2000

// maxTrees bounds the releases whose trees are kept; Linux's takes some 30 MB.
const maxTrees = 4

func newTree(release string, files []deposit.File) *tree {
	t := &tree{release: release, files: files, stems: map[string][]int32{}, folders: map[string][]string{}}
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
	return t
}

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
	t := newTree(release, files)
	t.base, t.number = ix.places.before[release], int32(slices.Index(ix.releases, release))
	if len(ix.trees) == maxTrees {
		clear(ix.trees)
	}
	ix.trees[release] = t
	return t, nil
}

// Prepare reads the paths of a release, so that the first question need not, and
// begins to make what searches go by.
func (ix *Index) Prepare(ctx context.Context, release string) error {
	ix.gists.begin(ix.names())
	_, err := ix.tree(ctx, release)
	return err
}

// find is the number of a path; nothing if the release has no such file.
func (t *tree) find(file string) int32 {
	i, ok := slices.BinarySearchFunc(t.files, file, func(f deposit.File, p string) int { return cmp.Compare(f.Path, p) })
	if !ok || !isRegular(t.files[i].Mode) {
		return nothing
	}
	return int32(i)
}

// firstIn is the first file that stands directly in a folder; nothing if none does.
func (t *tree) firstIn(dir string) int32 {
	for i := range t.directlyIn(dir) {
		return i
	}
	return nothing
}

// inFolder are the files that stand directly in a folder, which begins with first.
func (t *tree) inFolder(first int32) (out []int32) {
	for i := range t.directlyIn(path.Dir(t.files[first].Path)) {
		if out = append(out, i); len(out) == maxMeant {
			break
		}
	}
	return out
}

func (t *tree) directlyIn(dir string) iter.Seq[int32] {
	prefix := dir + "/"
	if dir == "." {
		prefix = ""
	}
	return func(yield func(int32) bool) {
		i, _ := slices.BinarySearchFunc(t.files, prefix, func(f deposit.File, p string) int { return cmp.Compare(f.Path, p) })
		for ; i < len(t.files) && strings.HasPrefix(t.files[i].Path, prefix); i++ {
			if isRegular(t.files[i].Mode) && !strings.Contains(t.files[i].Path[len(prefix):], "/") && !yield(int32(i)) {
				return
			}
		}
	}
}
