package room

import (
	"context"
	"errors"
	"fmt"

	"vitrine/index/deposit"
	"vitrine/index/search"
	"vitrine/index/symbol"
)

// definitions tell a text search what sym: means. They are the symbol index.
type definitions struct{ s *Source }

// searchSymbols is whom a query with sym: asks; nil until BuildSymbols has finished.
func (s *Source) searchSymbols() search.Symbols {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.symbols.index == nil {
		return nil
	}
	return definitions{s}
}

func (d definitions) Defining(ctx context.Context, w search.WantedName, yield func(deposit.Digest)) error {
	_, err := asked(d.s, func(ix *symbol.Index) (none struct{}, err error) {
		return none, ix.Defining(ctx, symbol.Wanted(w), yield)
	})
	return ofSymbols(err)
}

func (d definitions) Complete(ctx context.Context, yield func(deposit.Digest)) error {
	_, err := asked(d.s, func(ix *symbol.Index) (none struct{}, err error) {
		return none, ix.Complete(ctx, yield)
	})
	return ofSymbols(err)
}

func (d definitions) In(blob deposit.Digest) (names []search.Name, why string, err error) {
	_, err = asked(d.s, func(ix *symbol.Index) (none struct{}, err error) {
		list, language, complete, err := ix.NamesIn(blob)
		switch {
		case errors.Is(err, symbol.ErrUnknown):
			why = search.WhyNotIndexed
			return none, nil
		case err != nil:
			return none, err
		case !symbol.Knows(language):
			why = search.WhyNoSymbols
		case !complete:
			why = search.WhyNotAll
		}
		names = make([]search.Name, len(list))
		for i, n := range list {
			names[i] = search.Name{Text: n.Text, From: n.Start, To: n.End}
		}
		return none, nil
	})
	return names, why, ofSymbols(err)
}

// ofSymbols tells that it is not the text index that is damaged.
func ofSymbols(err error) error {
	if err == nil {
		return nil
	}
	return symbolError{err}
}

// A symbolError is one of the symbol index. It hides what it wraps, which would be
// taken for the text index's; what is to be done about damage is done.
type symbolError struct{ err error }

func (e symbolError) Error() string { return fmt.Sprintf("symbols: %v", e.err) }

func (e symbolError) Is(target error) bool {
	return (target == context.Canceled || target == context.DeadlineExceeded) && errors.Is(e.err, target)
}
