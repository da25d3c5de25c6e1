package code

import "cmp"

// Class is what a token is to the eye: it chooses the colour.
type Class uint8

// The classes, in the order of the palette's table. Comment is drawn in italics.
const (
	Plain Class = iota
	Keyword
	Type
	Func
	String
	Number
	Comment
	Preproc
	Punct
	Const
)

// Token is a coloured stretch of a line: bytes [From, To), 0-based. The tokens
// of a line are sorted and do not overlap; what no token covers is Plain.
type Token struct {
	From, To int
	Class    Class
}

// Source is the text shown. Lines are 1-based, decoded to UTF-8, without "\n";
// a "\r" before it stays. The slices must not change while the view shows them.
type Source interface {
	Lines() int
	Line(n int) []byte
}

// Pos is a place between two characters: Line is 1-based, Col the 1-based byte
// column in the decoded line of the character behind it.
type Pos struct{ Line, Col int }

// Before reports whether p stands ahead of q.
func (p Pos) Before(q Pos) bool { return p.compare(q) < 0 }

func (p Pos) compare(q Pos) int {
	return cmp.Or(cmp.Compare(p.Line, q.Line), cmp.Compare(p.Col, q.Col))
}

// Range is the text from From up to, not including, To.
type Range struct{ From, To Pos }

// Empty reports whether the range holds no text.
func (r Range) Empty() bool { return r.From == r.To }

// ordered gives the range with its ends in order.
func (r Range) ordered() Range {
	if r.To.Before(r.From) {
		r.From, r.To = r.To, r.From
	}
	return r
}

// MarkKind is what a mark is: it chooses shape and colour. Of several marks on one
// line the last of this list is drawn, with their number.
type MarkKind uint8

// The kinds of mark, each of its own shape: a dot for hidden characters, two waves for
// letters that look like others, a ribbon, a speech bubble, a ringed question mark, a
// triangle. What is marked later adds a line here and to markLooks.
const (
	Hidden MarkKind = iota
	Confusable
	Bookmark
	Note
	Question
	Concern
)

// Mark is a sign in the gutter. A Private one differs in shape and colour, and
// its label says so. Label, if any, is drawn in italics behind the line, on one
// line and shortened.
//
// Title and Text are what a mark says when it is asked: a few words, and a sentence or
// several lines. Key is the key that leads on from there, as menus write it. The view
// shows neither: it tells where the mouse is (OnGutter) and hands the marks out (Marks).
// ID is the giver's own.
type Mark struct {
	Line    int
	Kind    MarkKind
	Private bool
	Label   string

	Title, Text, Key, ID string
}
