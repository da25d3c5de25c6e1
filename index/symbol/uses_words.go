package symbol

import "strings"

// A style is what tells how names are used in a language.
type style struct {
	macros  bool // names in capitals are macros, as a rule
	bang    bool // name! is a macro
	spaced  bool // a type stands before a name: Type name
	behind  bool // and after: name Type
	camel   bool // types begin with a capital
	literal bool // Type { … } makes a value
	group   bool // an import may go on over lines
	imports map[string]bool
}

func words(s string) map[string]bool {
	m := map[string]bool{}
	for _, w := range strings.Fields(s) {
		m[w] = true
	}
	return m
}

var styles = map[string]style{
	"c":          {macros: true, spaced: true},
	"cpp":        {macros: true, spaced: true},
	"objc":       {macros: true, spaced: true, imports: words("@import")},
	"csharp":     {spaced: true, camel: true, imports: words("using")},
	"java":       {spaced: true, camel: true, imports: words("import package")},
	"go":         {behind: true, group: true, imports: words("import package")},
	"rust":       {bang: true, camel: true, literal: true, group: true, imports: words("use")},
	"javascript": {group: true, imports: words("import")},
	"typescript": {camel: true, group: true, imports: words("import")},
	"python":     {camel: true, group: true, imports: words("import from")},
	"kotlin":     {camel: true, imports: words("import package")},
	"scala":      {camel: true, imports: words("import package")},
	"swift":      {camel: true, imports: words("import")},
	"php":        {camel: true, imports: words("use namespace")},
	"perl":       {imports: words("use require")},
	"ruby":       {imports: words("require require_relative")},
	"pascal":     {imports: words("uses")},
	"protobuf":   {imports: words("import")},
}

// keywords are the words that are no names, by language.
var keywords = map[string]map[string]bool{
	"c":    words(cWords),
	"cpp":  words(cWords + cppWords),
	"objc": words(cWords + " self super nil YES NO id"),
	"csharp": words(`abstract as base bool break byte case catch char checked class const continue decimal default delegate do double else enum event
		explicit extern false finally fixed float for foreach goto if implicit in int interface internal is lock long namespace new null object operator
		out override params private protected public readonly ref return sbyte sealed short sizeof stackalloc static string struct switch this throw
		true try typeof uint ulong unchecked unsafe ushort using virtual void volatile while var await`),
	"java": words(`abstract assert boolean break byte case catch char class const continue default do double else enum extends final finally float for
		goto if implements import instanceof int interface long native new package private protected public return short static strictfp super switch
		synchronized this throw throws transient try void volatile while true false null`),
	"go": words("break case chan const continue default defer else fallthrough for func go goto if import interface map package range return select struct switch type var"),
	"rust": words(`as async await break const continue crate dyn else enum extern false fn for if impl in let loop match mod move mut pub ref return self
		Self static struct super trait true type unsafe use where while`),
	"javascript": words(jsWords),
	"typescript": words(jsWords + " interface enum implements private protected public readonly abstract declare number string boolean any unknown never void"),
	"python": words(`and as assert async await break class continue def del elif else except False finally for from global if import in is lambda None
		nonlocal not or pass raise return True try while with yield self cls`),
}

const (
	cWords = `auto break case char const continue default do double else enum extern float for goto if inline int long register restrict return short
		signed sizeof static struct switch typedef union unsigned void volatile while __attribute__ asm __asm__ _Bool typeof __typeof__ defined`
	cppWords = ` alignas alignof bool catch class concept const_cast constexpr consteval constinit decltype delete dynamic_cast explicit export false
		friend mutable namespace new noexcept nullptr operator private protected public reinterpret_cast requires static_assert static_cast template
		this thread_local throw true try typeid typename using virtual override final co_await co_return co_yield`
	jsWords = `async await break case catch class const continue debugger default delete do else export extends false finally for function if import in
		instanceof let new null of return static super switch this throw true try typeof undefined var void while with yield`
)

// commonKeywords are those of most languages, for the others.
var commonKeywords = words(`if else elsif elif then fi do done for foreach while until case esac when switch break continue return function def fn fun
	func sub end begin and or not in is class struct interface module package import use require true false nil null None self this super new
	var val let const static public private protected try catch finally throw raise rescue ensure unless local my our`)
