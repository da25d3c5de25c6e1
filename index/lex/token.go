package lex

// MaxText is the largest text, in bytes, that is scanned: offsets fit 32 bits
// with room to spare, and time and memory stay within two seconds and 64 MB. A
// longer text is scanned up to here; Scanner.Truncated and Map.Truncated say so.
const MaxText = 64 << 20

// maxFrames bounds how deep strings nest in interpolations ("${"${…}"}"). What
// opens deeper is taken as plain string; no human writes 64.
const maxFrames = 64

// A Kind says what a token is.
type Kind uint8

const (
	EOF       Kind = iota // the end, for ever
	Ident                 // a word: identifier or keyword, with the sigil that belongs to it
	Number                // a number literal with its suffix
	Punct                 // one byte of punctuation, a Rust lifetime, or an escaped byte of a shell
	String                // a string, character or regexp literal, or one piece of an interpolated one
	Comment               // a comment with its delimiters, without the newline that ends it
	Directive             // the head of a preprocessor line, "#" with its name ("#  define"), or Pascal's {$…}
	Text                  // free text: the message of #error, a page around PHP, what follows __END__
)

// A Token is a piece of a text. Between tokens stand only white space and bytes
// that no language knows.
type Token struct {
	Start, End  int32 // bytes
	Line        int32 // of Start, 1-based; lines end in "\n"
	Kind        Kind
	First       bool // first on its line, if that line does not continue one by "\"
	InDirective bool // on a preprocessor line, its head included
}
