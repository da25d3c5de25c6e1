package symbol

import (
	"context"
	"path"
	"strings"

	"vitrine/index/lex"
)

// A Reason says why a definition may be what is meant, the likeliest first.
type Reason uint8

// The reasons.
const (
	SameFile    Reason = iota + 1
	Included           // in a file that the using one includes or imports
	Linked             // a function whose prototype is in the same file or an included one
	SamePackage        // of Go and Java: in the same folder
	SameFolder
	SameRelease
	OtherLanguage // in the same release
	OtherRelease
)

// maxCandidates bounds the definitions of a name that are read before one is
// chosen: of a name with more, nothing can be said but that it is one.
const maxCandidates = 400

// A judged is a definition with what makes it likely.
type judged struct {
	Found
	file     int32 // in the tree
	reason   Reason
	distance int
	visible  bool // by scope, inclusion, language
	fits     bool // by qualifier and number of arguments
}

// packaged are the families in which a folder is a scope.
var packaged = map[string]bool{"go": true, "java": true}

// local reports whether a symbol can be named in its own file only.
func local(f *Found) bool {
	if family(f.Lang) != "c" || (f.Kind != Function && f.Kind != Variable && f.Kind != Prototype) {
		return false
	}
	for w := range strings.FieldsSeq(f.Signature) {
		if w == "static" {
			return !strings.Contains(f.Signature, "inline")
		}
	}
	return false
}

// A judge knows the definitions of a name in a release, and tells for a file
// and a use which of them are meant.
type judge struct {
	ix    *Index
	t     *tree
	found []judged
	all   int // that there are; found has maxCandidates at most
}

// judge reads the definitions of a name that are in a release.
func (ix *Index) judge(ctx context.Context, t *tree, name string) (*judge, error) {
	j := &judge{ix: ix, t: t}
	list, err := ix.names().get(name)
	if err != nil {
		return nil, err
	}
	for _, p := range list {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		if len(j.found) == maxCandidates { // the others are counted
			places, err := ix.placesOf(p, t.release)
			if err != nil {
				return nil, err
			}
			j.all += places
			continue
		}
		f, err := ix.found(p, t.release)
		if err != nil {
			return nil, err
		}
		j.all += f.Places
		for _, at := range ix.deposit.Places(f.Blob) { // the same bytes can stand at several paths
			if at.Release == t.release && len(j.found) < maxCandidates {
				f.Place = at
				j.found = append(j.found, judged{Found: f, file: t.find(at.Path)})
			}
		}
	}
	return j, nil
}

// in judges the definitions for a use in a file of the tree; file is -1 when it
// is asked from nowhere.
func (j *judge) in(ctx context.Context, file int32, lang string, u usage) ([]judged, error) {
	out := make([]judged, len(j.found))
	copy(out, j.found)
	if file < 0 {
		for i := range out {
			out[i].reason, out[i].fits = SameRelease, true
		}
		return out, nil
	}
	reached, err := j.ix.reached(ctx, j.t, file, lang)
	if err != nil {
		return nil, err
	}
	dir := path.Dir(j.t.files[file].Path)
	declared := false // outside of a type, in sight
	for i := range out {
		d := &out[i]
		steps, ok := reached[d.file]
		d.distance = steps
		switch {
		case d.file == file:
			d.reason, d.visible = SameFile, true
		case family(d.Lang) != family(lang):
			d.reason = OtherLanguage
		case ok && !local(&d.Found):
			d.reason, d.visible = Included, true
		case path.Dir(d.Place.Path) == dir:
			d.reason = SameFolder
			if packaged[family(lang)] {
				d.reason, d.visible = SamePackage, true
			}
		default:
			d.reason = SameRelease
			d.distance = -shared(dir, d.Place.Path)
		}
		declared = declared || d.visible && d.Kind == Prototype && !local(&d.Found)
	}
	l := lex.ByID(lang)
	imported := j.importedAs(file, lang, u)
	for i := range out {
		d := &out[i]
		if declared && !d.visible && d.Kind == Function && family(d.Lang) == family(lang) && !local(&d.Found) {
			d.reason, d.visible = Linked, true
		}
		d.fits = fits(d, l, u)
		if imported != nil {
			// A package's name before the dot leaves what is in the package.
			d.fits = imported[d.file] && d.Scope == "" && (!u.call || takes(&d.Symbol, l, u.args))
		}
	}
	return out, nil
}

// importedAs are the files of the package that a qualifier names, where imports
// give names to packages; nil if it names none.
func (j *judge) importedAs(file int32, lang string, u usage) map[int32]bool {
	if u.qualifier == "" || family(lang) != "go" && family(lang) != "python" {
		return nil
	}
	edges, err := j.ix.edgesOf(j.t, file)
	if err != nil {
		return nil // it was read for reached just now
	}
	var out map[int32]bool
	for _, e := range edges {
		p := j.t.files[e.to].Path
		if path.Base(path.Dir(p)) == u.qualifier || family(lang) == "python" && stem(p) == strings.ToLower(u.qualifier) {
			if out == nil {
				out = map[int32]bool{}
			}
			out[e.to] = true
		}
	}
	return out
}

// fits reports whether a use, as it is written, can be of a definition.
func fits(d *judged, l *lex.Lang, u usage) bool {
	switch {
	case u.offset < 0:
		return true
	case u.call && l != nil && !takes(&d.Symbol, l, u.args):
		return false
	case u.call && (d.Kind == Struct || d.Kind == Union || d.Kind == Enum) && family(d.Lang) == "c" && d.Lang == "c":
		return false
	case !u.qualified:
		// A member is named alone only within its own type.
		return d.Scope == "" || d.Kind == Enumerator || inScope(u.scope, d.Scope) || !memberOnly(d)
	case d.Kind == Macro:
		return false // a.name names no macro's definition
	case u.qualifier == "" || !namesType(u.qualifier, d):
		// By a value whose type is not known: any member will do.
		return d.Scope != ""
	}
	return true
}

// memberOnly reports whether a symbol in a scope is reached through a value of it.
func memberOnly(d *judged) bool { return d.Kind == Field || d.Kind == Method }

// namesType reports whether a qualifier is the name of a definition's scope.
func namesType(qualifier string, d *judged) bool { return lastName(d.Scope) == qualifier }

// inScope reports whether what is in scope inner sees what is in scope outer.
func inScope(inner, outer string) bool {
	return inner == outer || strings.HasPrefix(inner, outer) && strings.ContainsAny(inner[len(outer):len(outer)+1], separators)
}

// meant tells which of the judged definitions a use resolves to: their indices,
// or none if more than one thing can be meant. A thing is what has the same kind
// and scope; its prototypes and its variants under #if belong to it.
func meant(list []judged, u usage) map[int]bool {
	var in []int
	for i := range list {
		if list[i].visible && list[i].fits {
			in = append(in, i)
		}
	}
	// A qualifier that is a type's name leaves that type's members.
	in = prefer(in, func(i int) bool { return u.qualifier != "" && namesType(u.qualifier, &list[i]) })
	// The nearest scope hides those around it.
	if !u.qualified {
		longest := -1
		for _, i := range in {
			if s := list[i].Scope; u.scope != "" && inScope(u.scope, s) {
				longest = max(longest, len(s))
			}
		}
		in = prefer(in, func(i int) bool { return len(list[i].Scope) == longest && longest > 0 })
	}
	// A static definition in the same file hides those that are linked.
	in = prefer(in, func(i int) bool { return list[i].reason == SameFile && local(&list[i].Found) })
	out := map[int]bool{}
	bodies := map[string]bool{}
	for _, i := range in {
		if !sameThing(&list[in[0]].Found, &list[i].Found) {
			return nil
		}
		if k := list[i].Kind; k != Prototype && len(list[i].Conditions) == 0 {
			bodies[list[i].Place.Path] = true
		}
		out[i] = true
	}
	if len(bodies) > 1 && list[in[0]].Kind != Module {
		return nil
	}
	return out
}

// prefer leaves those for which good is true, if there are any.
func prefer(in []int, good func(int) bool) []int {
	var out []int
	for _, i := range in {
		if good(i) {
			out = append(out, i)
		}
	}
	if len(out) > 0 {
		return out
	}
	return in
}

// sameThing reports whether two symbols of a name can be one: by kind and scope.
func sameThing(a, b *Found) bool {
	return a.Scope == b.Scope && thing(a.Kind) == thing(b.Kind)
}

// thing makes kinds one that are of one thing: a function and its prototype, a
// type and its name.
func thing(k Kind) Kind {
	switch k {
	case Prototype, Method:
		return Function
	case Class, Struct, Union, Interface, Enum:
		return Type
	}
	return k
}
