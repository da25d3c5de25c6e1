package colour

// anchor is the offset of a line at or above one, from which colours are guessed.
func (p *Painter) anchor(l Lexical, line int) int {
	at := p.text.Start(line)
	least := max(at-maxGuess, 0)
	plain := p.text.Start(max(line-guessLines, 1))
	if l.Map == nil {
		return max(plain, p.text.Start(lineAt(p.text, least)))
	}
	restart, from := l.Map.Restart(at)
	if restart < least { // in a comment or string of many pages
		return restart
	}
	if anchorOf[Language(p.file)] == anyLine || l.Structure == nil {
		return restart
	}
	best := restart
	for range maxAnchors {
		head := outermost(l, from)
		if head == 0 || head >= from {
			break
		}
		at := p.text.Start(head)
		if at < least {
			break
		}
		restart, from = l.Map.Restart(at)
		best = restart
	}
	return best
}

// guessLines is how far above the first line a guess begins in a text of which nothing is known.
const guessLines = 100

// maxAnchors bounds the steps up to a line outside everything.
const maxAnchors = 16

// outermost is the first line of the outermost block around a line, 0 if there is none.
func outermost(l Lexical, line int) int {
	for _, b := range l.Structure.Enclosing(line) {
		if b.HeadLine < line {
			return b.HeadLine
		}
	}
	return 0
}

type anchor uint8

const (
	topLevel anchor = iota // lines outside of every block
	anyLine                // each line that begins outside comment, string and directive
)

// anchorOf says where a grammar is in the state of a beginning, in languages in which that is
// so within blocks too: these grammars have no states but those of comments and strings.
var anchorOf = map[string]anchor{
	"Go": anyLine,
}

// differs says in which languages the guess may differ from what chroma says of the whole
// file, why, and in how many of a hundred lines at most in the files that the tests look at.
// Where it is not named they are equal there.
var differs = map[string]struct {
	percent int
	why     string
}{
	"JSON": {60, "the grammar's states are objects and lists; in a file that is one of these no line is outside: a comma behind a brace is an error to it, and plain"},
}
