package room

import (
	"context"

	"vitrine/index/deposit"
	"vitrine/index/symbol"
)

// What a visit asks about symbols is looked at without a record of its own, as
// Search is: RecordUses records a question that is meant.

// BuildSymbols readies the symbol index after BuildIndex; see [Source.BuildSymbols].
func (v *Visit) BuildSymbols(ctx context.Context, progress func(DerivedState)) error {
	return v.source.BuildSymbols(ctx, progress)
}

// RecordUses records that the uses of a name in a release were asked for, as the search
// for the lines on which they may be.
func (v *Visit) RecordUses(ctx context.Context, name, release string) error {
	query := quoted(name) + " case:yes release:" + quoted(release)
	if wordName.MatchString(name) {
		query += " word:yes"
	}
	return v.RecordSearch(ctx, query)
}

// FindSymbols is [Source.FindSymbols] while the visit lasts.
func (v *Visit) FindSymbols(ctx context.Context, q SymbolQuery) (symbol.Hits, error) {
	return looked(v, func() (symbol.Hits, error) { return v.source.FindSymbols(ctx, q) })
}

// Outline is [Source.Outline] while the visit lasts.
func (v *Visit) Outline(ctx context.Context, p deposit.Place) (*symbol.Outline, error) {
	return looked(v, func() (*symbol.Outline, error) { return v.source.Outline(ctx, p) })
}

// Definitions is [Source.Definitions] while the visit lasts.
func (v *Visit) Definitions(ctx context.Context, q symbol.Question) (list []symbol.Candidate, all int, err error) {
	list, err = looked(v, func() (out []symbol.Candidate, err error) {
		out, all, err = v.source.Definitions(ctx, q)
		return out, err
	})
	return list, all, err
}

// References is [Source.References] while the visit lasts.
func (v *Visit) References(ctx context.Context, name string, of *symbol.ID, release string, yield func(symbol.Reference) bool) (symbol.Report, error) {
	return looked(v, func() (symbol.Report, error) { return v.source.References(ctx, name, of, release, yield) })
}

// Callers is [Source.Callers] while the visit lasts.
func (v *Visit) Callers(ctx context.Context, of symbol.ID, release string, yield func(symbol.Caller) bool) (symbol.Report, error) {
	return looked(v, func() (symbol.Report, error) { return v.source.Callers(ctx, of, release, yield) })
}

// Callees is [Source.Callees] while the visit lasts.
func (v *Visit) Callees(ctx context.Context, of symbol.ID, release string) ([]symbol.Callee, error) {
	return looked(v, func() ([]symbol.Callee, error) { return v.source.Callees(ctx, of, release) })
}

// Members is [Source.Members] while the visit lasts.
func (v *Visit) Members(ctx context.Context, of symbol.ID, release string) ([]symbol.TypeMember, error) {
	return looked(v, func() ([]symbol.TypeMember, error) { return v.source.Members(ctx, of, release) })
}

// Includes is [Source.Includes] while the visit lasts.
func (v *Visit) Includes(ctx context.Context, p deposit.Place) ([]symbol.Inclusion, error) {
	return looked(v, func() ([]symbol.Inclusion, error) { return v.source.Includes(ctx, p) })
}

// Includers is [Source.Includers] while the visit lasts.
func (v *Visit) Includers(ctx context.Context, p deposit.Place) ([]symbol.Inclusion, error) {
	return looked(v, func() ([]symbol.Inclusion, error) { return v.source.Includers(ctx, p) })
}

// SymbolIn is [Source.SymbolIn] while the visit lasts.
func (v *Visit) SymbolIn(ctx context.Context, of symbol.Found, release string) ([]symbol.Counterpart, error) {
	return looked(v, func() ([]symbol.Counterpart, error) { return v.source.SymbolIn(ctx, of, release) })
}

// SymbolCard is [Source.SymbolCard] while the visit lasts.
func (v *Visit) SymbolCard(id symbol.ID, release string) (symbol.Card, error) {
	return looked(v, func() (symbol.Card, error) { return v.source.SymbolCard(id, release) })
}

// SymbolGaps is [Source.SymbolGaps] while the visit lasts.
func (v *Visit) SymbolGaps(ctx context.Context, release string) ([]symbol.Gap, error) {
	return looked(v, func() ([]symbol.Gap, error) { return v.source.SymbolGaps(ctx, release) })
}

// looked asks while the visit lasts.
func looked[T any](v *Visit, ask func() (T, error)) (T, error) {
	if err := v.allowed(); err != nil {
		var none T
		return none, err
	}
	return ask()
}
