package room

import (
	"context"
	"sync"

	"vitrine/index/lex"
)

// lexical is what one scan of a document's text finds, for all who ask.
type lexical struct {
	mu        sync.Mutex
	scanned   bool
	regions   *lex.Map
	structure *lex.Structure
}

// Lexical is where a document's comments and strings are and how its blocks nest, nil
// where the language is not known. The first who asks waits for the scan, some ten
// milliseconds for each MB; a cancelled one leaves it to the next.
func (d *Document) Lexical(ctx context.Context) (*lex.Map, *lex.Structure, error) {
	l := d.lexical
	if l == nil {
		l = new(lexical)
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.scanned {
		return l.regions, l.structure, nil
	}
	text := d.Text.Bytes()
	lang := lex.Detect(d.Place.Path, text)
	if lang != nil {
		s := lex.NewScanner(lang, text)
		regions, nesting := lex.NewMapBuilder(s), lex.NewNesting(s)
		for t, n := s.Next(), 0; t.Kind != lex.EOF; t, n = s.Next(), n+1 {
			if n%tokensBetweenLooks == 0 && ctx.Err() != nil {
				return nil, nil, ctx.Err()
			}
			regions.Add(t)
			nesting.Add(t)
		}
		l.regions, l.structure = regions.Map(), nesting.Structure()
	}
	l.scanned = true
	return l.regions, l.structure, nil
}

// tokensBetweenLooks is how many tokens are read between two looks at a context: a
// fraction of a millisecond.
const tokensBetweenLooks = 4096

// Inert reports whether the byte at a place of the text stands in a comment or a string.
// It is known once the text was scanned (Lexical), as far as the scan went; nobody waits.
func (d *Document) Inert(line, col int) (inert, known bool) {
	l := d.lexical
	if l == nil || !l.mu.TryLock() {
		return false, false
	}
	regions := l.regions
	l.mu.Unlock()
	if regions == nil {
		return false, false
	}
	r, known := regions.At(d.Text.Start(line) + col - 1)
	return r.Kind == lex.InComment || r.Kind == lex.InString, known
}
