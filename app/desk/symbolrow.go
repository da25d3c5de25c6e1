package desk

import (
	"path"
	"strconv"
	"strings"

	"vitrine/viewer/words"

	"vitrine/index/deposit"
	"vitrine/index/symbol"
	"vitrine/viewer/panel"
	"vitrine/viewer/style"
)

// A kindLook is how a kind of symbol is shown: a letter in a box of a colour,
// and the word for it.
type kindLook struct {
	letter string
	tone   panel.Tone
	word   string
}

var kindLooks = map[symbol.Kind]kindLook{
	symbol.Function:   {"ƒ", panel.ToneFunc, "function"},
	symbol.Prototype:  {"p", panel.ToneDim, "prototype"},
	symbol.Method:     {"m", panel.ToneFunc, "method"},
	symbol.Class:      {"C", panel.ToneType, "class"},
	symbol.Struct:     {"S", panel.ToneType, "struct"},
	symbol.Union:      {"U", panel.ToneType, "union"},
	symbol.Interface:  {"I", panel.ToneType, "interface"},
	symbol.Enum:       {"E", panel.ToneType, "enum"},
	symbol.Type:       {"T", panel.ToneType, "type"},
	symbol.Field:      {"f", panel.ToneString, "field"},
	symbol.Enumerator: {"e", panel.ToneNumber, "enumerator"},
	symbol.Macro:      {"#", panel.ToneKeyword, "macro"},
	symbol.Constant:   {"c", panel.ToneNumber, "constant"},
	symbol.Variable:   {"v", panel.ToneString, "variable"},
	symbol.Module:     {"M", panel.ToneDim, "module"},
}

func lookOf(k symbol.Kind) kindLook {
	if l, ok := kindLooks[k]; ok {
		return l
	}
	return kindLook{"?", panel.ToneDim, "symbol"}
}

// kindsNamed are the kinds that a word of a filter means: one, or a family.
func kindsNamed(word string) []symbol.Kind {
	word = strings.ToLower(word)
	if word == "" {
		return nil
	}
	families := map[string][]symbol.Kind{
		"func": {symbol.Function, symbol.Method, symbol.Prototype}, "function": {symbol.Function, symbol.Method, symbol.Prototype},
		"type":  {symbol.Type, symbol.Class, symbol.Struct, symbol.Union, symbol.Interface, symbol.Enum},
		"const": {symbol.Constant, symbol.Enumerator}, "var": {symbol.Variable},
	}
	if f, ok := families[word]; ok {
		return f
	}
	var out []symbol.Kind
	for k := symbol.Function; k <= symbol.Module; k++ {
		if strings.HasPrefix(kindLooks[k].word, word) {
			out = append(out, k)
		}
	}
	return out
}

var usageWords = map[symbol.Usage]string{
	symbol.Definition: "definition", symbol.Declaration: "declaration", symbol.Call: "call", symbol.TypeUse: "type",
	symbol.Member: "member", symbol.MacroUse: "macro", symbol.Include: "include", symbol.Other: "other",
}

var usageTones = map[string]panel.Tone{
	"definition": panel.ToneAccent, "declaration": panel.ToneAccent, "call": panel.ToneFunc, "type": panel.ToneType,
	"member": panel.ToneString, "macro": panel.ToneKeyword, "include": panel.ToneNumber,
}

var reasonWords = map[symbol.Reason]string{
	symbol.SameFile: words.Key("this file"), symbol.Included: "included", symbol.Linked: words.Key("declared in sight"), symbol.SamePackage: words.Key("same package"),
	symbol.SameFolder: words.Key("same folder"), symbol.SameRelease: words.Key("this release"), symbol.OtherLanguage: words.Key("another language"), symbol.OtherRelease: words.Key("another release"),
}

// nameMatch is what is said wherever only the name speaks for a connection.
const nameMatch = "name match"

// classSpans are the class of a use at the right of its line.
func classSpans(h searchHit) []panel.Span {
	if h.class == "" {
		return nil
	}
	var out []panel.Span
	if h.doubt {
		out = append(out, panel.Span{Text: words.T(nameMatch), Tone: panel.ToneWarn, Italic: true, Size: style.TextCaption})
	}
	tone, ok := usageTones[h.class]
	if !ok {
		tone = panel.ToneDim
	}
	return append(out, panel.Span{Text: h.class, Tone: tone, Size: style.TextCaption, Gap: 8})
}

// placeText is a place of a line, its folders cut in front where it is long.
func placeText(file string, line, most int) string {
	return shortPath(file, most) + ":" + strconv.Itoa(line)
}

// shortPath cuts leading folders.
func shortPath(file string, most int) string {
	for len(file) > most {
		rest := strings.TrimPrefix(file, "…/")
		i := strings.IndexByte(rest, '/')
		if i < 0 {
			return path.Base(file)
		}
		file = "…/" + rest[i+1:]
	}
	return file
}

// scopeText is a scope as it stands behind a name.
func scopeText(scope string) []panel.Span {
	if scope == "" {
		return nil
	}
	return []panel.Span{{Text: scope, Tone: panel.ToneDim, Size: style.TextSecondary, Gap: 8}}
}

// lettered are the ranges of single matched bytes.
func lettered(at []int) [][2]int {
	var out [][2]int
	for _, i := range at {
		if n := len(out); n > 0 && out[n-1][1] == i {
			out[n-1][1] = i + 1
			continue
		}
		out = append(out, [2]int{i, i + 1})
	}
	return out
}

// mono sets spans in the code's face.
func mono(spans []panel.Span) []panel.Span {
	for i := range spans {
		spans[i].Mono = true
	}
	return spans
}

// named is where a symbol's name stands, as a target of a jump.
func named(s symbol.Symbol) target { return target{line: s.Line, col: 1, from: s.Start, until: s.End} }

// openSymbol shows a symbol at its name.
func (r *roomScreen) openSymbol(p deposit.Place, s symbol.Symbol, keep bool) {
	g := named(s)
	g.keepFocus = keep
	r.openAt(p, g)
}
