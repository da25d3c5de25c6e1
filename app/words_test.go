package app_test

import (
	"encoding/json"
	"go/ast"
	"go/constant"
	"go/token"
	"go/types"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode"

	"golang.org/x/tools/go/packages"

	"vitrine/viewer/words"
)

const wordsPath = module + "viewer/words"

// TestAllTextHasOneSource: what a person reads on the screen goes through package
// words, and the catalogue lists just that. VITRINE_WORDS=write writes the catalogue anew.
func TestAllTextHasOneSource(t *testing.T) {
	used := map[string]bool{}
	for _, p := range load(t, "./desk", "../viewer/code", "../viewer/panel", "../viewer/picture") {
		w := wording{p: p, told: map[types.Object]bool{}}
		w.calls(func(at token.Pos, message string, constant bool) {
			if !constant {
				return // what another package said, such as the reason of an error
			}
			used[message] = true
		})
		w.bare(func(at token.Pos, text string) {
			t.Errorf("%s: %q is on the screen by another way than words.T or words.Key", p.Fset.Position(at), text)
		})
	}
	var want []string
	for m := range used {
		want = append(want, m)
	}
	slices.Sort(want)
	if os.Getenv("VITRINE_WORDS") == "write" {
		data, err := json.MarshalIndent(want, "", "\t")
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join("..", "assets", "words", "en.json"), append(data, '\n'), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	got, err := words.Catalogue()
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range want {
		if !slices.Contains(got, m) {
			t.Errorf("the catalogue lacks %q: VITRINE_WORDS=write go test ./app writes it", m)
		}
	}
	for _, m := range got {
		if !used[m] {
			t.Errorf("%q of the catalogue is shown nowhere", m)
		}
	}
}

// wording tells the texts of a package that a person reads from names that programs read.
type wording struct {
	p    *packages.Package
	told map[types.Object]bool // constants that are given to words.T or words.Key
}

// calls finds what words.T and words.Key are asked for.
func (w *wording) calls(found func(at token.Pos, message string, constant bool)) {
	for _, f := range w.p.Syntax {
		ast.Inspect(f, func(n ast.Node) bool {
			call, ok := n.(*ast.CallExpr)
			if !ok {
				return true
			}
			for _, arg := range w.messages(call) {
				if id, ok := ast.Unparen(arg).(*ast.Ident); ok {
					w.told[w.p.TypesInfo.Uses[id]] = true
				}
				if v := w.p.TypesInfo.Types[arg].Value; v != nil && v.Kind() == constant.String {
					found(call.Pos(), constant.StringVal(v), true)
				} else {
					found(call.Pos(), "", false)
				}
			}
			return true
		})
	}
}

// messages are the arguments of a call that are asked of package words: the first of
// words.T and words.Key, and both numbers of a noun, which plural asks for.
func (w *wording) messages(call *ast.CallExpr) []ast.Expr {
	fn, ok := callee(w.p.TypesInfo, call).(*types.Func)
	switch {
	case !ok || fn.Pkg() == nil:
	case fn.Pkg().Path() == wordsPath && (fn.Name() == "T" || fn.Name() == "Key") && len(call.Args) > 0:
		return call.Args[:1]
	case fn.Pkg().Path() == module+"app/desk" && fn.Name() == "plural" && len(call.Args) == 3:
		return call.Args[1:]
	}
	return nil
}

// bare finds texts that go round package words.
func (w *wording) bare(found func(at token.Pos, text string)) {
	if strings.HasPrefix(w.p.PkgPath, wordsPath) {
		return
	}
	for _, f := range w.p.Syntax {
		var above []ast.Node
		ast.Inspect(f, func(n ast.Node) bool {
			if n == nil {
				above = above[:len(above)-1]
				return true
			}
			if lit, ok := n.(*ast.BasicLit); ok && lit.Kind == token.STRING {
				if v := w.p.TypesInfo.Types[lit].Value; v != nil && w.reads(above, lit, constant.StringVal(v)) {
					found(lit.Pos(), constant.StringVal(v))
				}
			}
			above = append(above, n)
			return true
		})
	}
}

var verbs = regexp.MustCompile(`%[-+# 0-9.*\[\]]*[a-zA-Z%]`)

// names are the same in every language.
var names = map[string]bool{"Vitrine": true, "SHA256SUMS.*.sig": true, "Mg": true, "WebP": true, "\x89PNG\r\n\x1a\n": true}

// textFields are what widgets show; named are what programs read.
var (
	textFields = regexp.MustCompile(`^(Text|Label|Tip|Bold|Title|Empty|label|title|text|tip|note|Note|PlaceHolder)$`)
	named      = regexp.MustCompile(`^(Icon|icon|ID|id|Name|Ext|Kind|Badge|letter)$`)
	shows      = regexp.MustCompile(`^(SetPlaceHolder|SetEmpty|SetNote|NewButton|NewLabel|NewNote|NewHeader|NewIconButton|NewSegmented|heading|toast|fail|confirm|SetText)$`)
	keeps      = regexp.MustCompile(`^(say|shown|post|Icon|SetIcon|focus|showSide|pickSide|panic|tick|String|SetString|StringWithFallback|Float|SetFloat|FloatWithFallback|Bool|SetBool|BoolWithFallback|Int|SetInt|IntWithFallback|StringList|SetStringList|Sscanf|Sscan|MustCompile|Setenv|Getenv)$`)
	quiet      = regexp.MustCompile(`^(strings|bytes|path|filepath|os|regexp|strconv|utf8|style|lexers|chroma|json|io)$`)
)

// reads reports whether a literal is text for people that does not go through words.
func (w *wording) reads(above []ast.Node, lit *ast.BasicLit, text string) bool {
	plain := verbs.ReplaceAllString(text, "")
	if names[text] || !strings.ContainsFunc(plain, unicode.IsLetter) {
		return false
	}
	likely := strings.ContainsFunc(strings.TrimSpace(plain), unicode.IsSpace) || capital(plain)
	var child ast.Node = lit
	near := true // nothing of another kind is between
	for i := len(above) - 1; i >= 0; i-- {
		switch n := above[i].(type) {
		case *ast.ImportSpec, *ast.Field:
			return false
		case *ast.CaseClause: // what is compared, and not what is then done
			for _, compared := range n.List {
				if child == ast.Node(compared) {
					return false
				}
			}
		case *ast.IndexExpr:
			if child == n.Index {
				return false
			}
		case *ast.BinaryExpr:
			if n.Op != token.ADD {
				return false
			}
		case *ast.KeyValueExpr:
			if child == n.Key {
				return false
			}
			if id, ok := n.Key.(*ast.Ident); ok {
				if named.MatchString(id.Name) {
					return false
				}
				likely = likely || near && textFields.MatchString(id.Name)
			}
		case *ast.CompositeLit:
			near = false
		case *ast.CallExpr:
			if slices.ContainsFunc(w.messages(n), func(e ast.Expr) bool { return e == child }) {
				return false
			}
			name := ""
			switch f := ast.Unparen(n.Fun).(type) {
			case *ast.Ident:
				name = f.Name
			case *ast.SelectorExpr:
				name = f.Sel.Name
				if x, ok := f.X.(*ast.Ident); ok && quiet.MatchString(x.Name) {
					return false
				}
			}
			if keeps.MatchString(name) {
				return false
			}
			if (name == "NewIconButton" || name == "toast") && len(n.Args) > 1 && child == n.Args[1] {
				return false // the name of an icon
			}
			likely = likely || near && shows.MatchString(name)
			near = false
		case *ast.FuncLit, *ast.BlockStmt:
			return likely
		case *ast.ValueSpec:
			for _, id := range n.Names {
				if w.told[w.p.TypesInfo.Defs[id]] || strings.HasPrefix(id.Name, "setting") {
					return false
				}
			}
		}
		child = above[i]
	}
	return likely
}

// capital reports whether a text begins as a sentence does: a capital and a small letter.
func capital(s string) bool {
	r := []rune(strings.TrimSpace(s))
	return len(r) > 1 && unicode.IsUpper(r[0]) && unicode.IsLower(r[1])
}

// TestTranslations: a translation has the verbs of its message, in whatever order.
func TestTranslations(t *testing.T) {
	for _, name := range words.Languages()[1:] {
		data, err := os.ReadFile(filepath.Join("..", "assets", "words", name+".json"))
		if err != nil {
			t.Fatal(err)
		}
		var m map[string]string
		if err := json.Unmarshal(data, &m); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		for from, to := range m {
			if a, b := verbs.FindAllString(from, -1), verbs.FindAllString(to, -1); len(a) != len(b) {
				t.Errorf("%s: %q has the verbs %v, its translation %v", name, from, a, b)
			}
		}
	}
}
