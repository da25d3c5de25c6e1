package search

import (
	"bytes"
	"context"
	"fmt"
	"slices"
	"sync"

	"github.com/RoaringBitmap/roaring/v2"

	"vitrine/index/content"
	"vitrine/index/deposit"
)

// A Hit is a line on which every term of the query stands.
type Hit struct {
	Place   deposit.Place
	Span    deposit.Span // the first match, in raw bytes
	Line    int          // 1-based
	Column  int          // 1-based, in raw bytes, of the first match
	Text    []byte       // the line, decoded, without "\n"; must not be changed
	Matches [][2]int     // byte ranges of Text, ascending and disjoint; see the package comment
}

// A Report is the account of a search.
type Report struct {
	Files       int           // places with a hit
	Lines       int           // hits
	NotSearched []NotSearched // in the scope of the query, in path order
	Stopped     bool          // not all hits were delivered
}

// NotSearched is a place in the query's scope that was not looked into.
type NotSearched struct {
	Place deposit.Place
	Size  int64 // bytes
	Why   string
}

// The reasons why a place is not searched, as Why gives them.
const (
	WhyBinary    = "binary"
	WhyTooLarge  = "too large"
	WhyLink      = "symbolic link"
	WhySubmodule = "submodule, which is not part of the deposit"
)

// Search calls hit for each matching line: by path in byte order, then by
// release in the manifest's order, then by line. It stops when hit returns false,
// and with ctx's error when ctx ends. hit runs on the caller's goroutine. A blob
// that cannot be read ends the search with an error that names it: a search
// without an error has missed nothing but what the report says.
func (ix *Index) Search(ctx context.Context, q *Query, hit func(Hit) bool) (Report, error) {
	var report Report
	tasks, err := ix.plan(ctx, q, &report)
	if err != nil {
		report.Stopped = true
		return report, err
	}
	ctx, cancel := context.WithCancel(ctx)
	var workers sync.WaitGroup
	defer workers.Wait()
	defer cancel()
	running := ix.start(ctx, &workers, q, tasks)
	for _, t := range tasks {
		before := report.Lines
		goOn, err := running.deliver(t, func(h lineHit) bool {
			report.Lines++
			return hit(ix.hit(t, h))
		})
		if report.Lines > before {
			report.Files++
		}
		if err != nil || !goOn {
			report.Stopped = true
			return report, err
		}
	}
	return report, nil
}

// plan lists the tasks in order, and in report what is not searched.
func (ix *Index) plan(ctx context.Context, q *Query, report *Report) ([]*task, error) {
	release := -1
	if q.release != "" {
		if release = slices.Index(ix.releases, q.release); release < 0 {
			return nil, fmt.Errorf("the deposit has no release %q; it has %q", q.release, ix.releases)
		}
	}
	scope := roaring.New()
	var files []int
	for i := range ix.files {
		if i%256 == 0 {
			if err := ctx.Err(); err != nil {
				return nil, err
			}
		}
		if !q.wants(ix.files[i].path) {
			continue
		}
		searched := false
		for _, p := range ix.files[i].places {
			if release >= 0 && p.release != release {
				continue
			}
			if n := p.code - codeBlob; n >= 0 && n < ix.docs {
				scope.Add(uint32(n))
				searched = true
			} else {
				report.NotSearched = append(report.NotSearched, ix.notSearched(i, p))
			}
		}
		if searched {
			files = append(files, i)
		}
	}
	candidates, err := ix.candidates(ctx, q, scope)
	if err != nil {
		return nil, err
	}
	var tasks []*task
	for _, i := range files {
		first := len(tasks)
		for _, p := range ix.files[i].places {
			n := p.code - codeBlob
			if release >= 0 && p.release != release || n < 0 || n >= ix.docs || !candidates.Contains(uint32(n)) {
				continue
			}
			t := &task{file: i, release: p.release, blob: n}
			for _, earlier := range tasks[first:] {
				if earlier.blob == n && earlier.same == nil {
					t.same, earlier.repeated = earlier, true
				}
			}
			if t.same == nil {
				t.out = make(chan result, 1)
			}
			tasks = append(tasks, t)
		}
	}
	return tasks, nil
}

// wants reports whether the path filters let a path pass.
func (q *Query) wants(path string) bool {
	is := func(g glob) bool { return g.match(path) }
	return (len(q.paths) == 0 || slices.ContainsFunc(q.paths, is)) && !slices.ContainsFunc(q.without, is)
}

func (ix *Index) notSearched(file int, p placeOf) NotSearched {
	out := NotSearched{Place: deposit.Place{Release: ix.releases[p.release], Path: ix.files[file].path}}
	switch p.code {
	case codeLink:
		out.Why = WhyLink
	case codeSubmodule:
		out.Why = WhySubmodule
	default:
		info, _ := ix.content.Info(ix.blobs[p.code-codeBlob])
		out.Size, out.Why = info.Size, WhyBinary
		if info.Encoding != content.Binary {
			out.Why = WhyTooLarge
		}
	}
	return out
}

func (ix *Index) hit(t *task, h lineHit) Hit {
	return Hit{
		Place:   deposit.Place{Release: ix.releases[t.release], Path: ix.files[t.file].path},
		Span:    deposit.Span{Blob: ix.blobs[t.blob], From: h.start, To: h.end},
		Line:    h.line,
		Column:  h.column,
		Text:    bytes.Clone(h.text), // the whole text need not stay for it
		Matches: slices.Clone(h.matches),
	}
}
