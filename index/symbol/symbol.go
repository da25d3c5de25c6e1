package symbol

// A Kind is what a symbol is. Kinds are kept in records: the numbers stay.
type Kind uint8

// The kinds of symbols.
const (
	Function  Kind = iota + 1 // with a body
	Prototype                 // of a function, without
	Method                    // a function of a type
	Class                     // also records, traits, protocols, objects
	Struct
	Union
	Interface
	Enum
	Type // an alias, or one defined otherwise
	Field
	Enumerator
	Macro
	Constant
	Variable
	Module // namespace, package, module
)

// A Symbol is a definition or declaration in one text. Offsets are bytes of the
// decoded text that package lex scanned.
type Symbol struct {
	Name string
	Kind Kind
	// Scope is the enclosing names from the outermost on, joined as the
	// language joins them ("a::B", "a.B"); "" at the top.
	Scope string
	// Signature is the declaration as one line without its body; it may be cut.
	Signature string
	Start     int // of the name
	End       int
	Line      int // of the name, 1-based
	BodyStart int // the whole definition, its leading comment left out
	BodyEnd   int
	DocStart  int // the leading comment; empty when there is none
	DocEnd    int
	// Conditions are those of #if under which it stands, outermost first.
	Conditions []string
}

// A Usage says how a name is used.
type Usage uint8

// The classes of uses.
const (
	Definition Usage = iota + 1
	Declaration
	Call
	TypeUse
	Member
	MacroUse
	Include // include or import
	Other
)

// A Use is one occurrence of a name in code.
type Use struct {
	Name       string
	Class      Usage
	Start, End int
	Line       int // 1-based
}

// An Import is what a text includes or imports, as written without quotes:
// "linux/list.h", "java.util.List", "./a.js".
type Import struct {
	Path       string
	System     bool // <…> of C
	Start, End int
	Line       int
}

// An Outline is what is defined in a text, in the order of the names' places.
type Outline struct {
	Symbols []Symbol
	Imports []Import
	// Truncated says that a limit left something out.
	Truncated bool
}
