package search

// A Piece is a filter of a query, or a term with a name in front, where it stands.
type Piece struct {
	Name     string // with the colon: "path:", "-path:", "comment:"
	Value    string // as it is written, with its quotes or slashes
	From, To int    // bytes of the query
	Filter   bool   // it holds for the whole query
}

// Pieces lists the filters and named terms of a query in the order of its text. Of one
// that is wrong, or not finished, it lists those before the place that is.
func Pieces(source string) []Piece {
	p := &parser{src: source, q: &Query{source: source}, given: make(map[string]bool)}
	if err := p.parse(); err != nil && p.at == 0 {
		return nil
	}
	return p.pieces
}

// piece notes one that begins at from, with its name, and ends here.
func (p *parser) piece(from int, name string, filter bool) {
	if name != "" {
		p.pieces = append(p.pieces, Piece{name, p.src[from+len(name) : p.at], from, p.at, filter})
	}
}
