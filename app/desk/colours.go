package desk

import (
	"bytes"
	"context"
	"fmt"
	"path"
	"strings"
	"sync"
	"unicode/utf8"

	"github.com/alecthomas/chroma/v2"
	"github.com/alecthomas/chroma/v2/lexers"

	"vitrine/viewer/code"
)

const (
	// maxColoured is the largest text that is coloured: chroma does about
	// 1 MB/s, and a bigger source file is generated or data.
	maxColoured = 1 << 20
	// colourSlice is what chroma gets at a time: it makes up to 1,300 bytes
	// of garbage per byte of input.
	colourSlice = 32 << 10
	// maxColourSlice is how far a slice grows while no line in it starts
	// outside a comment or string.
	maxColourSlice = 256 << 10
	// maxColouredLine bounds one line: minified files stay plain.
	maxColouredLine = 20 << 10
)

// A colouring is some lines' tokens, the first of them line From.
type colouring struct {
	From  int
	Lines [][]code.Token
}

// lexerNames remembers what chroma answers for a base name: asking takes
// milliseconds. It is bounded by forgetting everything when full.
var lexerNames = struct {
	sync.Mutex
	m map[string]chroma.Lexer
}{m: map[string]chroma.Lexer{}}

const maxLexerNames = 512

// lexerFor finds the lexer by file name alone: by content, chroma takes C for
// GDScript.
func lexerFor(file string) chroma.Lexer {
	base := path.Base(file)
	key := base
	if ext := path.Ext(base); ext != "" && ext != base {
		key = "*" + ext
		if strings.HasPrefix(base, "CMakeLists") {
			key = base
		}
	}
	lexerNames.Lock()
	defer lexerNames.Unlock()
	if l, ok := lexerNames.m[key]; ok {
		return l
	}
	l := lexers.Match(base)
	if l != nil && l.Config().Name == "plaintext" {
		l = nil
	}
	if len(lexerNames.m) >= maxLexerNames {
		clear(lexerNames.m)
	}
	lexerNames.m[key] = l
	return l
}

// language names the file's language for the status bar.
func language(file string) string {
	l := lexerFor(file)
	if l == nil {
		return "Plain text"
	}
	name := l.Config().Name
	return strings.ToUpper(name[:1]) + name[1:]
}

// colourNote says why a text stays plain, or "".
func colourNote(size int64) string {
	if size > maxColoured {
		return fmt.Sprintf("plain, over %d MB", maxColoured>>20)
	}
	return ""
}

// colour hands out tokens slice by slice, from the first line on. Each slice
// starts at a line start outside every comment and string of the slice before,
// so that chroma, which keeps no state between calls, starts afresh there.
func colour(ctx context.Context, src code.Source, file string, emit func(colouring)) error {
	l := lexerFor(file)
	if l == nil {
		return nil
	}
	l = chroma.Coalesce(l)
	lines := src.Lines()
	limit := colourSlice
	for from := 1; from <= lines; {
		if err := ctx.Err(); err != nil {
			return err
		}
		var text bytes.Buffer
		to := from // exclusive
		for to <= lines && (to == from || text.Len() < limit) {
			b := src.Line(to)
			if len(b) > maxColouredLine {
				b = nil
			}
			text.Write(b)
			text.WriteByte('\n')
			to++
		}
		toks, restart, err := lexSlice(l, text.String(), to-from)
		if err != nil {
			return fmt.Errorf("colours of %s: %w", file, err)
		}
		if to > lines {
			restart = len(toks)
		}
		if restart == 0 {
			if limit < maxColourSlice {
				limit *= 2
				continue
			}
			restart = len(toks) // one giant comment: cut it
		}
		limit = colourSlice
		emit(colouring{From: from, Lines: toks[:restart]})
		from += restart
	}
	return nil
}

// lexSlice gives the tokens of n lines and the last line, as an offset, that
// starts outside a comment or string.
func lexSlice(l chroma.Lexer, text string, n int) (lines [][]code.Token, restart int, err error) {
	if !utf8.ValidString(text) { // chroma would put three bytes for each bad one
		b := []byte(text)
		for i := 0; i < len(b); {
			r, n := utf8.DecodeRune(b[i:])
			if r == utf8.RuneError && n == 1 {
				b[i] = '?'
			}
			i += n
		}
		text = string(b)
	}
	it, err := l.Tokenise(&chroma.TokeniseOptions{State: "root"}, text)
	if err != nil {
		return nil, 0, err
	}
	lines = make([][]code.Token, n)
	line, col := 0, 0
	for t := it(); t != chroma.EOF; t = it() {
		class := classOf(t.Type)
		open := class == code.Comment || class == code.String
		rest := t.Value
		for line < n {
			i := strings.IndexByte(rest, '\n')
			piece := rest
			if i >= 0 {
				piece = rest[:i]
			}
			if len(piece) > 0 {
				if class != code.Plain {
					lines[line] = append(lines[line], code.Token{From: col, To: col + len(piece), Class: class})
				}
				col += len(piece)
			}
			if i < 0 {
				break
			}
			rest = rest[i+1:]
			line++
			col = 0
			if line < n && (!open || rest == "") {
				restart = line
			}
		}
	}
	return lines, restart, nil
}

// classOf maps chroma's token types to the design's ten colours.
func classOf(t chroma.TokenType) code.Class {
	switch {
	case t == chroma.CommentPreproc || t == chroma.CommentPreprocFile:
		return code.Preproc
	case t.InCategory(chroma.Comment):
		return code.Comment
	case t == chroma.KeywordType || t == chroma.NameClass || t == chroma.NameBuiltin || t == chroma.NameException:
		return code.Type
	case t == chroma.KeywordConstant || t == chroma.NameConstant:
		return code.Const
	case t == chroma.KeywordNamespace || t.InCategory(chroma.Keyword):
		return code.Keyword
	case t == chroma.NameFunction || t == chroma.NameFunctionMagic || t == chroma.NameTag || t == chroma.NameAttribute || t == chroma.NameProperty || t == chroma.NameLabel:
		return code.Func
	case t == chroma.NameDecorator:
		return code.Preproc
	case t.InSubCategory(chroma.LiteralString):
		return code.String
	case t.InSubCategory(chroma.LiteralNumber):
		return code.Number
	case t.InCategory(chroma.Operator) || t == chroma.Punctuation:
		return code.Punct
	case t == chroma.GenericHeading || t == chroma.GenericSubheading:
		return code.Keyword
	case t == chroma.GenericEmph || t == chroma.GenericStrong:
		return code.Type
	}
	return code.Plain
}
