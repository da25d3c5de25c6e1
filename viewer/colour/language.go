package colour

import (
	"path"
	"strings"
	"sync"

	"github.com/alecthomas/chroma/v2"
	"github.com/alecthomas/chroma/v2/lexers"
)

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

// Known reports whether there are colours for files of this name.
func Known(file string) bool { return lexerFor(file) != nil }

// Language names a file's language for people, "Plain text" if it is not known.
func Language(file string) string {
	l := lexerFor(file)
	if l == nil {
		return "Plain text"
	}
	name := l.Config().Name
	return strings.ToUpper(name[:1]) + name[1:]
}
