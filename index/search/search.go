package search

import (
	"cmp"
	"context"
	"slices"

	"vitrine/index/deposit"
)

// A HitKind says what a hit is.
type HitKind int

const (
	HitLine  HitKind = iota // a line of text
	HitFile                 // a file by its name, or for what it lacks
	HitBytes                // a place in a binary file
)

// A Hit is a line on which a group of the query stands, or what HitKind names.
type Hit struct {
	Kind    HitKind
	Place   deposit.Place
	Span    deposit.Span // the first match, in raw bytes; of a HitFile only the blob
	Line    int          // 1-based; 0 if there is no line
	Column  int          // 1-based, in raw bytes, of the first match; 0 if there is no line
	Text    []byte       // the line, decoded, without "\n", the file's path, or a printable run or bytes in hex; must not be changed
	Matches [][2]int     // byte ranges of Text, ascending and disjoint, not to be changed either; see the package comment
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
	WhyEarly     = "not indexed yet"
	WhyTooLarge  = "too large"
	WhyLink      = "symbolic link"
	WhySubmodule = "submodule, which is not part of the deposit"
	WhyLanguage  = "of a language in which comments and strings are not known"
	WhyUnscanned = "too large to know its comments and strings"

	// With sym: in the query.
	WhyNotIndexed = "whose symbols are not indexed yet"
	WhyNoSymbols  = "of a language in which definitions are not known"
	WhyNotAll     = "with more symbols than are indexed"
	WhyChosen     = "decoded otherwise than when their symbols were indexed"
)

// Search calls hit for each hit: by path in byte order, then by release in the
// manifest's order, then by line. It stops when hit returns false, and with
// ctx's error when ctx ends, at once, whatever is being read. hit runs on the
// caller's goroutine. A blob that cannot be read ends the search with an error that
// names it: a search without an error has missed nothing but what the report says.
// A name that the deposit does not know is a [*SyntaxError].
func (ix *Index) Search(ctx context.Context, q *Query, hit func(Hit) bool) (Report, error) {
	var report Report
	ctx, cancel := context.WithCancel(ctx)
	defer cancel() // workers that read something large end a little later
	tasks, rest, err := ix.plan(ctx, q, &report)
	listed := len(report.NotSearched)
	goOn := err == nil
	if goOn {
		goOn, err = ix.run(ctx, q, tasks, &report, hit)
	}
	if goOn {
		if tasks, err = rest(); err == nil {
			goOn, err = ix.run(ctx, q, tasks, &report, hit)
		}
	}
	if err != nil || !goOn {
		report.Stopped = true
		return report, err
	}
	if len(report.NotSearched) > listed {
		ix.sort(report.NotSearched)
	}
	return report, nil
}

// run calls hit for each hit of tasks. It reports whether hit wants more.
func (ix *Index) run(ctx context.Context, q *Query, tasks []*task, report *Report, hit func(Hit) bool) (goOn bool, err error) {
	running := ix.start(ctx, q, tasks)
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
			return false, err
		}
		if t.why != "" {
			report.NotSearched = append(report.NotSearched, ix.notSearched(t.seen, t.why))
		}
	}
	return true, nil
}

// sort brings places into path order, those of a path into the manifest's.
func (ix *Index) sort(list []NotSearched) {
	release := make(map[string]int, len(ix.releases))
	for i, r := range ix.releases {
		release[r] = i
	}
	slices.SortFunc(list, func(a, b NotSearched) int {
		return cmp.Or(cmp.Compare(a.Place.Path, b.Place.Path), release[a.Place.Release]-release[b.Place.Release])
	})
}

func (ix *Index) hit(t *task, h lineHit) Hit {
	out := Hit{
		Kind:    h.kind,
		Place:   deposit.Place{Release: ix.releases[t.release], Path: ix.files[t.file].path},
		Line:    h.line,
		Column:  h.column,
		Text:    h.text,
		Matches: h.matches,
	}
	if n := t.code - codeBlob; n >= 0 {
		out.Span = deposit.Span{Blob: ix.blobs[n], From: h.start, To: h.end}
	}
	return out
}
