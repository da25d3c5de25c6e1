package symbol

import (
	"cmp"
	"context"
	"path"
	"slices"
	"strings"

	"vitrine/index/deposit"
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
// chosen, and listed: nobody looks through more.
const maxCandidates = 100

// A candidate is a definition at one of its places in the release.
type candidate struct {
	Found
	file  int32 // in the tree
	local bool  // it can be named in its own file only
}

// A sight is how a candidate is seen from a file.
type sight struct {
	reason   Reason
	distance int
	visible  bool // by scope, inclusion, language
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
	ix     *Index
	t      *tree
	found  []candidate
	all    int    // that there are; found has maxCandidates at most
	next   Reason // of the likeliest that is not in found
	scoped bool   // some have a scope
}

// A spot is a place of a definition that was not read yet.
type spot struct {
	posting
	file   int32
	reason Reason
	order  uint64 // the likeliest is the least
}

// judge reads the definitions of a name that are in a release. When they are too
// many, those are read that are likeliest in a file's view; v is nil when nobody
// asks from a file.
func (ix *Index) judge(ctx context.Context, t *tree, name string, v *view, lang string) (*judge, error) {
	list, err := ix.names().get(name)
	if err != nil {
		return nil, err
	}
	var spots []spot
	for i, p := range list {
		if i%256 == 0 && ctx.Err() != nil {
			return nil, ctx.Err()
		}
		blob, err := ix.blobOf(p)
		if err != nil {
			return nil, err
		}
		for _, at := range ix.places.at[blob] { // the same bytes can stand at several paths
			if at.release == t.number {
				spots = append(spots, spot{posting: p, file: at.file})
			}
		}
	}
	j := &judge{ix: ix, t: t, all: len(spots), next: OtherRelease}
	if len(spots) > maxCandidates {
		if err := j.sort(spots, v, lang); err != nil {
			return nil, err
		}
		j.next = spots[maxCandidates].reason
		spots = spots[:maxCandidates]
	}
	return j, j.read(ctx, spots)
}

// sort brings the likeliest in front, as far as that can be told without reading.
func (j *judge) sort(spots []spot, v *view, lang string) error {
	for i := range spots {
		s := &spots[i]
		of, err := j.ix.lang(int(s.blob))
		if err != nil {
			return err
		}
		var distance int
		s.reason, distance = j.reason(v, lang, s.file, of)
		// By reason, then bodies before prototypes, then by distance, kind and path.
		s.order = uint64(s.reason)<<56 | bit(s.kind == Prototype)<<55 |
			uint64(min(max(distance+maxDistance, 0), 2*maxDistance))<<36 | uint64(rank(s.kind))<<32 | uint64(s.file)
	}
	slices.SortFunc(spots, func(a, b spot) int {
		if c := cmp.Compare(a.order, b.order); c != 0 {
			return c
		}
		return cmp.Compare(a.n, b.n)
	})
	return nil
}

// maxDistance is where distances end: folders and inclusions nest less deep.
const maxDistance = 1 << 15

// read reads the definitions at these spots.
func (j *judge) read(ctx context.Context, spots []spot) error {
	slices.SortFunc(spots, func(a, b spot) int { return cmp.Or(comparePostings(a.posting, b.posting), cmp.Compare(a.file, b.file)) })
	list := make([]posting, len(spots))
	for i := range spots {
		list[i] = spots[i].posting
	}
	found, err := j.ix.foundAll(ctx, list, j.t.release)
	if err != nil {
		return err
	}
	j.found = make([]candidate, len(spots))
	for i, f := range found {
		f.Place = deposit.Place{Release: j.t.release, Path: j.t.files[spots[i].file].Path}
		j.found[i] = candidate{f, spots[i].file, local(&f)}
		j.scoped = j.scoped || f.Scope != ""
	}
	return nil
}

// reason tells how a definition in a file, of a language, is seen from that of v.
// It is Included also where the file is in view but the definition is local.
func (j *judge) reason(v *view, lang string, file int32, of string) (Reason, int) {
	if v == nil {
		return SameRelease, 0
	}
	steps, ok := v.has(file)
	switch {
	case file == v.file:
		return SameFile, 0
	case family(of) != family(lang):
		return OtherLanguage, steps
	case ok:
		return Included, steps
	}
	return j.elsewhere(v, lang, file)
}

// elsewhere is reason for what is not in view.
func (j *judge) elsewhere(v *view, lang string, file int32) (Reason, int) {
	at := j.t.files[file].Path
	switch {
	case path.Dir(at) != v.dir:
		return SameRelease, -shared(v.dir, at)
	case packaged[family(lang)]:
		return SamePackage, 0
	}
	return SameFolder, 0
}

// sights tells how the definitions are seen from the file of v, which is in a
// language. whole is false if one that was not read may be in sight, too.
func (j *judge) sights(v *view, lang string) (out []sight, whole bool) {
	out = make([]sight, len(j.found))
	declared := false // outside of a type, in sight
	for i := range j.found {
		d, s := &j.found[i], &out[i]
		s.reason, s.distance = j.reason(v, lang, d.file, d.Lang)
		if s.reason == Included && d.local {
			s.reason, s.distance = j.elsewhere(v, lang, d.file)
		}
		s.visible = s.reason <= SamePackage
		declared = declared || s.visible && d.Kind == Prototype && !d.local
	}
	for i := range j.found {
		d, s := &j.found[i], &out[i]
		if declared && !s.visible && d.Kind == Function && family(d.Lang) == family(lang) && !d.local {
			s.reason, s.visible = Linked, true
		}
	}
	return out, j.all == len(j.found) || j.next > SamePackage && !declared
}

// fitting tells which definitions go with the way a use is written.
func (j *judge) fitting(file int32, lang string, u usage) ([]bool, error) {
	out := make([]bool, len(j.found))
	l := lex.ByID(lang)
	imported, err := j.importedAs(file, lang, u)
	if err != nil {
		return nil, err
	}
	for i := range j.found {
		d := &j.found[i]
		if imported != nil {
			// A package's name before the dot leaves what is in the package.
			out[i] = imported[d.file] && d.Scope == "" && (!u.call || takes(&d.Symbol, l, u.args))
		} else {
			out[i] = fits(d, l, u)
		}
	}
	return out, nil
}

// importedAs are the files of the package that a qualifier names, where imports
// give names to packages; nil if it names none.
func (j *judge) importedAs(file int32, lang string, u usage) (map[int32]bool, error) {
	if u.qualifier == "" || family(lang) != "go" && family(lang) != "python" {
		return nil, nil
	}
	var out map[int32]bool
	err := j.ix.graph.of(j.t, file, func(e edge) {
		for _, to := range j.t.meant(e) {
			p := j.t.files[to].Path
			if path.Base(path.Dir(p)) == u.qualifier || family(lang) == "python" && stem(p) == strings.ToLower(u.qualifier) {
				if out == nil {
					out = map[int32]bool{}
				}
				out[to] = true
			}
		}
	})
	return out, err
}

// fits reports whether a use, as it is written, can be of a definition.
func fits(d *candidate, l *lex.Lang, u usage) bool {
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
func memberOnly(d *candidate) bool { return d.Kind == Field || d.Kind == Method }

// namesType reports whether a qualifier is the name of a definition's scope.
func namesType(qualifier string, d *candidate) bool { return lastName(d.Scope) == qualifier }

// inScope reports whether what is in scope inner sees what is in scope outer.
func inScope(inner, outer string) bool {
	return inner == outer || strings.HasPrefix(inner, outer) && strings.ContainsAny(inner[len(outer):len(outer)+1], separators)
}

// meant tells which of the definitions a use resolves to: their indices, or none
// if more than one thing can be meant. A thing is what has the same kind and scope;
// its prototypes and its variants under #if belong to it.
func (j *judge) meant(seen []sight, fits []bool, u usage) []int {
	var in []int
	for i := range j.found {
		if seen[i].visible && fits[i] {
			in = append(in, i)
		}
	}
	// A qualifier that is a type's name leaves that type's members.
	in = prefer(in, func(i int) bool { return u.qualifier != "" && namesType(u.qualifier, &j.found[i]) })
	// The nearest scope hides those around it.
	if !u.qualified && u.scope != "" {
		longest := -1
		for _, i := range in {
			if s := j.found[i].Scope; inScope(u.scope, s) {
				longest = max(longest, len(s))
			}
		}
		in = prefer(in, func(i int) bool { return len(j.found[i].Scope) == longest && longest > 0 })
	}
	// A static definition in the same file hides those that are linked.
	in = prefer(in, func(i int) bool { return seen[i].reason == SameFile && j.found[i].local })
	bodies := map[string]bool{}
	for _, i := range in {
		d := &j.found[i]
		if !sameThing(&j.found[in[0]].Found, &d.Found) {
			return nil
		}
		if d.Kind != Prototype && len(d.Conditions) == 0 {
			bodies[d.Place.Path] = true
		}
	}
	if len(bodies) > 1 && j.found[in[0]].Kind != Module {
		return nil
	}
	return in
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
