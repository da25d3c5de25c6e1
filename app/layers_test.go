// Package app_test holds the product's architecture: who may import whom, what
// no one may link, what the screens may call, and where threads begin. Each
// failure gives the reason. Where a better shape is found, picture and test
// change together.
package app_test

import (
	"encoding/json"
	"fmt"
	"go/ast"
	"go/types"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/tools/go/packages"
)

const module = "vitrine/"

// A rule says what a package may import of ours, and why no more.
type rule struct{ may, why string }

const leaves = " index/seal index/lex index/diff index/block index/spoof "

// picture is ARCHITECTURE.md's diagram. A package that is not in it fails the
// test, so that a new one is a decision.
var picture = map[string]rule{
	"assets":             {"", "assets are bytes; they know nobody"},
	"assets/sample":      {"index/deposit", "the sample is bytes and their pinned digests"},
	"assets/sample/*":    {"index/* app/policy app/evidence assets/sample", "the generator seals as vitrinectl does"},
	"index/seal":         {"", "a leaf: signatures and canonical JSON know nothing of what is signed"},
	"index/lex":          {"", "a leaf"},
	"index/diff":         {"", "a leaf"},
	"index/editorconfig": {"", "a leaf: how a text says that paths are indented, wherever it lies"},
	"index/block":        {"", "a leaf: bytes and their digests, the same for every index"},
	"index/character":    {"index/content index/deposit" + leaves, "as index/search"},
	"index/spoof":        {"", "a leaf: characters are what they are, whoever asks"},
	"index/spoof/*":      {"", "its generator reads Unicode's files"},
	"index/deposit":      {leaves, "what is verified must not depend on what is derived from it"},
	"index/content":      {"index/deposit" + leaves, "content stands on deposit alone, so that screen, search and diff read the same bytes"},
	"index/segment":      {"index/block", "terms and documents, whatever they stand for, in files that are verified as they are read"},
	"index/search":       {"index/content index/deposit index/segment index/lex" + leaves, "an index is derived from content, tells comments from code as everything else does, and is verified as every index is"},
	"index/symbol":       {"index/content index/deposit" + leaves, "as index/search"},
	"index/history":      {"index/content index/deposit" + leaves, "as index/search"},
	"index/bom":          {"index/deposit" + leaves, "a bill is compared with a release's paths and digests; deposit knows its bytes and not its meaning"},
	"index/compare":      {"index/content index/deposit" + leaves, "as index/search"},
	"viewer/style":       {"assets", "colours and sizes know nobody"},
	"viewer/words":       {"assets", "messages and their translations know nobody"},
	"viewer/fuzzy":       {"", "letters and names, whatever they name"},
	"viewer/code":        {"viewer/style viewer/words index/spoof", "widgets show text, not deposits; which characters cannot be seen is told once, for screen, search and lists"},
	"viewer/colour":      {"viewer/code index/lex", "tokens of a text, for package code to draw; it begins where lex says that comments and strings end"},
	"viewer/picture":     {"viewer/style viewer/words", "a picture's bytes, not whose they are"},
	"viewer/diff":        {"viewer/style viewer/words viewer/code", "as viewer/code"},
	"viewer/panel":       {"viewer/style viewer/words", "widgets show rows, not files"},
	"viewer/veil":        {"viewer/style", "it covers without knowing why"},
	"app/journal":        {"", "the record must not know what its entries mean"},
	"app/confine":        {"", "system calls know no policy"},
	"app/policy":         {"index/deposit" + leaves, "rules must not depend on reviews"},
	"app/evidence":       {"index/deposit" + leaves, "a signed document of its own, which strangers verify: it knows neither policy nor journal"},
	"app/review":         {"app/journal app/evidence index/deposit index/content" + leaves, "a fold over the journal, without indexes; it verifies no signature, and of evidence reads what was verified"},
	"app/bundle":         {"app/review app/journal index/deposit index/content" + leaves, "bundles are verified without search or a screen"},
	"app/room":           {"app/bundle app/evidence app/review app/journal app/policy app/confine index/* assets/sample", "room joins everything but screens"},
	"app/desk":           {"app/room app/bundle app/evidence app/review index/bom index/deposit index/content index/search index/symbol index/spoof index/character viewer/* assets", "screens act through room; of the packages below they may name value types"},
	"app/vitrine":        {"app/desk app/room viewer/style assets", "main opens things in order"},
	"app/vitrinectl":     {"app/room app/bundle app/evidence app/review app/journal app/policy app/confine index/* assets/sample", "the tool without a screen"},
	"app":                {"", "only this test"},
	"packaging":          {"*", "builds, tests and measures the rest"},
	"packaging/*":        {"*", "builds, tests and measures the rest"},
}

// own says which packages of ours may import a library at all.
var own = []struct{ library, may, why string }{
	{"fyne.io/fyne/v2", "viewer/* app/desk app/vitrine packaging/bench", "everything else works without a screen; bench view draws beside stock widgets"},
	{"github.com/alecthomas/chroma/v2", "viewer/colour", "one package knows chroma; content and search read bytes"},
	{"github.com/blevesearch/", "index/segment", "one package knows the index's format"},
	{"github.com/go-git/", "index/deposit index/history assets/sample/*", "one package stands between git's bytes and the rest"},
	{"github.com/ProtonMail/go-crypto/", "index/seal", "one package knows OpenPGP"},
	{"github.com/spf13/cobra", "app/vitrinectl packaging/*", "commands only"},
	{"net/http", "", "the room has no network"},
}

// never lists what a package must not link, however indirectly.
var never = []struct{ pkg, dep, why string }{
	{"index/deposit", "net/http", "verification must not be able to reach a network"},
	{"index/deposit", "os/exec", "verification must not run programs"},
	{"index/deposit", "github.com/go-git/go-git/v5", "go-git's root package pulls in transports"},
	{"app/bundle", "net/http", "bundles are verified offline"},
	{"app/bundle", "os/exec", "bundles are verified without running programs"},
	{"app/policy", "net/http", "keys come from a file"},
	{"app/journal", "net/http", "the record stays here"},
	{"app/vitrinectl", "fyne.io/fyne/v2", "operators have no screen, and the tool is static"},
	{"app/room", "fyne.io/fyne/v2", "a visit works without a screen"},
	{"app/room", "github.com/go-git/go-git/v5", "go-git's root package pulls in transports"},
}

type listed struct {
	ImportPath    string
	Imports, Deps []string
}

func TestLayers(t *testing.T) {
	out, err := exec.Command("go", "list", "-json=ImportPath,Imports,Deps", "-tags", uiTags, module+"...").Output()
	if err != nil {
		t.Fatal(describe(err))
	}
	pkgs := map[string]listed{}
	for dec := json.NewDecoder(strings.NewReader(string(out))); dec.More(); {
		var p listed
		if err := dec.Decode(&p); err != nil {
			t.Fatal(err)
		}
		pkgs[strings.TrimPrefix(p.ImportPath, module)] = p
	}
	for name, p := range pkgs {
		r, ok := place(name)
		if !ok {
			t.Errorf("%s has no place in the picture: decide what it knows, then add it here and in ARCHITECTURE.md", name)
			continue
		}
		for _, imp := range p.Imports {
			if rest, ours := strings.CutPrefix(imp, module); ours && !matches(r.may, rest) {
				t.Errorf("%s imports %s; it may import only [%s]: %s", name, rest, strings.TrimSpace(r.may), r.why)
			}
			for _, o := range own {
				if (imp == o.library || strings.HasPrefix(imp, strings.TrimSuffix(o.library, "/")+"/")) && !matches(o.may, name) {
					t.Errorf("%s imports %s, which only [%s] may: %s", name, imp, o.may, o.why)
				}
			}
		}
	}
	for _, n := range never {
		for _, d := range pkgs[n.pkg].Deps {
			if d == n.dep {
				t.Errorf("%s links %s: %s", n.pkg, n.dep, n.why)
			}
		}
	}
}

// place finds a package's rule, by name or by its folder's "/*".
func place(name string) (rule, bool) {
	if r, ok := picture[name]; ok {
		return r, true
	}
	r, ok := picture[filepath.ToSlash(filepath.Dir(name))+"/*"]
	return r, ok
}

func matches(list, name string) bool {
	for _, pat := range strings.Fields(list) {
		if pat == "*" || pat == name || strings.HasSuffix(pat, "/*") && strings.HasPrefix(name, pat[:len(pat)-1]) {
			return true
		}
	}
	return false
}

// uiTags are the build tags of the product. With -trimpath, as packaging/build
// has it, what the types are read from is compiled already.
const uiTags = "x11,release,no_metadata,migrated_fynedo"

// values are the types below room whose methods the screens may call: they
// hold facts and do nothing. Everything else below room is reached through it.
var values = map[string]bool{
	"index/deposit.Digest": true, "index/deposit.ID": true, "index/deposit.Span": true,
	"index/deposit.Place": true, "index/deposit.File": true,
	"index/content.Text": true, "index/content.Encoding": true, "index/content.Hex": true, "index/content.Ends": true,
	"index/search.Hit": true, "index/search.Report": true, "index/search.SyntaxError": true,
	"app/review.Annotation": true, "app/review.Check": true, "app/review.Kind": true, "app/review.Location": true,
	"app/bundle.File": true, "app/evidence.Statement": true,
	"index/spoof.Class": true, "index/character.Finding": true, "index/character.Counts": true,
	"index/bom.Comparison": true, "index/bom.Found": true, "index/bom.Grade": true,
}

// TestDeskCallsOnlyRoom: what must be allowed, recorded and done happens in
// room, so the screens must not be able to go round it.
func TestDeskCallsOnlyRoom(t *testing.T) {
	for _, p := range load(t, "./desk") {
		for _, f := range p.Syntax {
			ast.Inspect(f, func(n ast.Node) bool {
				call, ok := n.(*ast.CallExpr)
				if !ok {
					return true
				}
				fn, ok := callee(p.TypesInfo, call).(*types.Func)
				if !ok || fn.Pkg() == nil {
					return true
				}
				pkg, ours := strings.CutPrefix(fn.Pkg().Path(), module)
				if !ours || pkg == "app/room" || pkg == "app/desk" || strings.HasPrefix(pkg, "viewer/") || strings.HasPrefix(pkg, "assets") {
					return true
				}
				if recv := receiver(fn); recv == "" || !values[pkg+"."+recv] {
					t.Errorf("%s: desk calls %s of %s; screens act only through app/room, where every act is allowed and recorded", p.Fset.Position(call.Pos()), fn.Name(), pkg)
				}
				return true
			})
		}
	}
}

func callee(info *types.Info, call *ast.CallExpr) types.Object {
	switch f := ast.Unparen(call.Fun).(type) {
	case *ast.Ident:
		return info.Uses[f]
	case *ast.SelectorExpr:
		return info.Uses[f.Sel]
	}
	return nil
}

// receiver is the name of the type a method belongs to, "" for a function.
func receiver(fn *types.Func) string {
	r := fn.Signature().Recv()
	if r == nil {
		return ""
	}
	typ := r.Type()
	if p, ok := typ.(*types.Pointer); ok {
		typ = p.Elem()
	}
	if n, ok := typ.(*types.Named); ok {
		return n.Obj().Name()
	}
	return ""
}

// TestThreads: in the screens' packages a goroutine, fyne.Do and fyne.DoAndWait
// appear in app/desk/task.go alone. Elsewhere a go statement must stand in a
// function that waits for it.
func TestThreads(t *testing.T) {
	for _, p := range load(t, "./desk", "./vitrine", "../viewer/...") {
		for _, f := range p.Syntax {
			file := filepath.ToSlash(p.Fset.Position(f.Pos()).Filename)
			if strings.HasSuffix(file, "/app/desk/task.go") {
				continue
			}
			ast.Inspect(f, func(n ast.Node) bool {
				switch n := n.(type) {
				case *ast.GoStmt:
					t.Errorf("%s: a go statement outside app/desk/task.go: the UI's goroutines start in one place, where errors cannot get lost", p.Fset.Position(n.Pos()))
				case *ast.SelectorExpr:
					fn, ok := p.TypesInfo.Uses[n.Sel].(*types.Func)
					if ok && fn.Pkg() != nil && fn.Pkg().Path() == "fyne.io/fyne/v2" && (fn.Name() == "Do" || fn.Name() == "DoAndWait") {
						t.Errorf("%s: fyne.%s outside app/desk/task.go: results reach the UI thread in one place, in order", p.Fset.Position(n.Pos()), fn.Name())
					}
				}
				return true
			})
		}
	}
}

// TestPackageComments: every package says what it knows.
func TestPackageComments(t *testing.T) {
	for _, p := range load(t, "./...", "../index/...", "../viewer/...", "../assets/...") {
		said := len(p.Syntax) == 0
		for _, f := range p.Syntax {
			said = said || f.Doc != nil
		}
		if !said {
			t.Errorf("%s has no package comment that says what it knows and must not know", p.PkgPath)
		}
	}
}

func load(t *testing.T, patterns ...string) []*packages.Package {
	t.Helper()
	pkgs, err := packages.Load(&packages.Config{
		Mode:       packages.NeedName | packages.NeedSyntax | packages.NeedFiles | packages.NeedTypes | packages.NeedTypesInfo | packages.NeedImports | packages.NeedExportFile,
		BuildFlags: []string{"-trimpath", "-buildvcs=false", "-tags", uiTags},
	}, patterns...)
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range pkgs {
		for _, e := range p.Errors {
			t.Fatalf("%s: %v", p.PkgPath, e)
		}
	}
	return pkgs
}

func describe(err error) string {
	if e, ok := err.(*exec.ExitError); ok {
		return fmt.Sprintf("%v: %s", err, e.Stderr)
	}
	return err.Error()
}
