package search

import (
	"context"

	"vitrine/index/deposit"
)

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
