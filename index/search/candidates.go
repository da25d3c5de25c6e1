package search

import (
	"context"
	"fmt"
	"strings"

	"github.com/RoaringBitmap/roaring/v2"

	"vitrine/index/deposit"
	"vitrine/index/segment"
)

// Holding is a query for the texts of a release that have a word, in any case: a whole
// run of ASCII letters, digits, "_" and what is not ASCII, as identifiers are. That is
// looked up at once, where a search for the word has to look through all words that it
// is a part of: beside a character that is no letter it is a word for people. It is a
// query for [Index.Candidates] only.
func Holding(word, release string) (*Query, error) {
	for i := range len(word) {
		if !isWordByte(word[i]) {
			return nil, fmt.Errorf("%q is not one word of the text index", word)
		}
	}
	q, err := Parse(fmt.Sprintf(`case:no "%s" release:"%s"`, word, strings.ReplaceAll(release, `"`, `\"`)))
	if err == nil {
		q.holding = foldString(word)
	}
	return q, err
}

// holding leaves of scope the documents that have a word, folded.
func (ix *Index) holding(word string, scope *roaring.Bitmap) (*roaring.Bitmap, error) {
	set := segment.NewSet(ix.docs)
	if err := ix.or(wordField, []byte(word), set); err != nil {
		return nil, err
	}
	docs := set.Bitmap()
	docs.Or(ix.unindexed)
	docs.And(scope)
	return docs, nil
}

// Candidates calls yield for each text in which a query can have hits, in the order of
// [Index.Search], until yield returns false: what the index leaves, without looking into
// it. It is for who looks into each anyway. The report tells what is not searched.
func (ix *Index) Candidates(ctx context.Context, q *Query, yield func(deposit.Place, deposit.Digest) bool) (Report, error) {
	var report Report
	tasks, rest, err := ix.plan(ctx, q, &report)
	goOn := err == nil && ix.offer(tasks, &report, yield)
	if goOn {
		if tasks, err = rest(); err == nil {
			goOn = ix.offer(tasks, &report, yield)
		}
	}
	report.Stopped = err != nil || !goOn
	return report, err
}

func (ix *Index) offer(tasks []*task, report *Report, yield func(deposit.Place, deposit.Digest) bool) bool {
	for _, t := range tasks {
		if t.do != readText {
			continue
		}
		report.Files++
		if !yield(deposit.Place{Release: ix.releases[t.release], Path: ix.files[t.file].path}, ix.blobs[t.code-codeBlob]) {
			return false
		}
	}
	return true
}
