package symbol

import (
	"context"
	"fmt"
	"math/rand/v2"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"testing"

	"vitrine/index/deposit"
	"vitrine/index/lex"
)

// generated is a deposit of some releases with C files that include each other.
func generated(r *rand.Rand) *corpus {
	c := &corpus{files: map[string]map[string]string{}}
	names := []string{"alpha", "beta_scan", "BetaScan", "gamma", "scan_all", "scanAll"}
	text := func(header bool, headers []string) string {
		var b strings.Builder
		for _, h := range headers {
			if r.IntN(2) == 0 {
				fmt.Fprintf(&b, "#include \"%s\"\n", h)
			}
		}
		for range 1 + r.IntN(4) {
			n := names[r.IntN(len(names))]
			switch k := r.IntN(4); {
			case k == 0:
				fmt.Fprintf(&b, "#define %s_%d 1\n", strings.ToUpper(n), r.IntN(3))
			case k == 1:
				fmt.Fprintf(&b, "struct %s_s { int %s; };\n", n, names[r.IntN(len(names))])
			case header:
				fmt.Fprintf(&b, "int %s(int a);\n", n)
			default:
				fmt.Fprintf(&b, "/* %s does. */\nint %s(int a) { return %s(a); }\n", n, n, names[r.IntN(len(names))])
			}
		}
		return b.String()
	}
	var last map[string]string
	for i := range 1 + r.IntN(3) {
		release := fmt.Sprintf("%d.0", i)
		files := map[string]string{}
		for k := range 2 + r.IntN(4) {
			h := fmt.Sprintf("inc/h%d.h", k)
			if files[h] = text(true, []string{"h0.h", "inc/h1.h"}); last[h] != "" && r.IntN(3) > 0 {
				files[h] = last[h]
			}
			s := fmt.Sprintf("src/d%d/s%d.c", k%2, k)
			if files[s] = text(false, []string{"h0.h", "inc/h1.h", "h2.h"}); last[s] != "" && r.IntN(3) > 0 {
				files[s] = last[s]
			}
		}
		files["README"] = "alpha beta_scan\n"
		c.names, c.files[release], last = append(c.names, release), files, files
	}
	return c.list()
}

type bruteSymbol struct {
	place deposit.Place
	n     int
	Symbol
}

// brute are all symbols of a release, by reading all files.
func brute(t *testing.T, c *corpus, release string) (out []bruteSymbol) {
	t.Helper()
	for _, f := range c.listed[release] {
		text := []byte(c.files[release][f.Path])
		o, err := Extract(t.Context(), lex.Detect(f.Path, text), text)
		if err != nil {
			t.Fatal(err)
		}
		for i, s := range o.Symbols {
			out = append(out, bruteSymbol{deposit.Place{Release: release, Path: f.Path}, i, s})
		}
	}
	return out
}

func (b built) at(t *testing.T, p deposit.Place) deposit.Digest {
	t.Helper()
	for _, f := range b.c.listed[p.Release] {
		if f.Path == p.Path {
			return f.Blob
		}
	}
	t.Fatalf("no %v", p)
	return deposit.Digest{}
}

// TestBrute holds the index of small deposits against a reading of all files.
func TestBrute(t *testing.T) {
	r := rand.New(rand.NewPCG(7, 8))
	for range 25 {
		c := generated(r)
		b := build(t, c)
		for _, release := range c.names {
			all := brute(t, c, release)
			sameOutlines(t, b, release, all)
			sameDefinitions(t, b, release, all)
			sameSearch(t, b, release, all)
			sameInclusions(t, b, release)
			sameReferences(t, b, release, all)
		}
	}
}

func sameOutlines(t *testing.T, b built, release string, all []bruteSymbol) {
	t.Helper()
	for _, f := range b.c.listed[release] {
		o, _, err := b.Outline(f.Blob)
		if err != nil {
			t.Fatal(err)
		}
		n := 0
		for _, s := range all {
			if s.place.Path != f.Path {
				continue
			}
			if got := o.Symbols[n]; fmt.Sprintf("%+v", got) != fmt.Sprintf("%+v", s.Symbol) {
				t.Fatalf("%s: symbol %d is\n%+v, want\n%+v", f.Path, n, got, s.Symbol)
			}
			id := ID{f.Blob, n}
			one, err := b.Symbol(id, release)
			if err != nil || fmt.Sprintf("%+v", one.Symbol) != fmt.Sprintf("%+v", s.Symbol) {
				t.Fatalf("%s: symbol %d is %+v, %v", f.Path, n, one, err)
			}
			ids, _, err := b.At(f.Blob, s.BodyStart)
			if err != nil || !slices.Contains(ids, id) {
				t.Fatalf("%s: %+v is not at its start: %v, %v", f.Path, s, ids, err)
			}
			n++
		}
		if n != len(o.Symbols) {
			t.Fatalf("%s: %d symbols, want %d", f.Path, len(o.Symbols), n)
		}
	}
}

func sameDefinitions(t *testing.T, b built, release string, all []bruteSymbol) {
	t.Helper()
	byName := map[string][]string{}
	for _, s := range all {
		byName[s.Name] = append(byName[s.Name], fmt.Sprint(s.place.Path, " ", s.n))
	}
	byName["nowhere"] = nil
	for name, want := range byName {
		for _, from := range append([]deposit.Place{{}}, deposit.Place{Release: release, Path: b.c.listed[release][1].Path}) {
			list, n, err := b.Definitions(t.Context(), Question{Name: name, Release: release, From: from, Offset: -1})
			if err != nil || n != len(want) {
				t.Fatalf("%s: %d definitions, %v, want %d", name, n, err, len(want))
			}
			var got []string
			sure := true
			for i, d := range list {
				got = append(got, fmt.Sprint(d.Place.Path, " ", d.N))
				if d.Resolved && !sure {
					t.Fatalf("%s: a resolved one behind others", name)
				}
				sure = d.Resolved
				if i > 0 && d.Resolved && !sameThing(&list[0].Found, &d.Found) {
					t.Fatalf("%s: two things are resolved", name)
				}
			}
			slices.Sort(got)
			slices.Sort(want)
			if !slices.Equal(got, want) {
				t.Fatalf("%s: %v, want %v", name, got, want)
			}
		}
	}
}

func sameSearch(t *testing.T, b built, release string, all []bruteSymbol) {
	t.Helper()
	for _, q := range []string{"a", "scan", "bs", "SCANALL", "zz", "alpha"} {
		for _, kinds := range [][]Kind{nil, {Macro}, {Function, Prototype}} {
			for _, match := range []func(string) bool{nil, func(p string) bool { return strings.HasPrefix(p, "src/d0/") }} {
				f, err := b.Filter(t.Context(), release, kinds, match)
				if err != nil {
					t.Fatal(err)
				}
				hits, err := b.Search(t.Context(), q, f, 1000)
				if err != nil || hits.More {
					t.Fatalf("%s: %v, %v", q, hits.More, err)
				}
				want := map[string]bool{}
				for _, s := range all {
					if slowScore(newPattern(q), []byte(s.Name)) > none && !scatteredSlowly(q, s.Name) && (len(kinds) == 0 || slices.Contains(kinds, s.Kind)) && (match == nil || match(s.place.Path)) {
						want[fmt.Sprint(b.at(t, s.place), s.n)] = true
					}
				}
				got := map[string]bool{}
				tier := 0
				for _, h := range hits.List {
					got[fmt.Sprint(h.Blob, h.N)] = true
					now := 3
					switch {
					case h.Name == q:
						now = 0
					case strings.EqualFold(h.Name, q):
						now = 1
					case hasFoldedPrefix(h.Name, q):
						now = 2
					}
					if now < tier {
						t.Fatalf("%s: %s comes late", q, h.Name)
					}
					tier = now
				}
				if fmt.Sprint(got) != fmt.Sprint(want) {
					t.Fatalf("%s %v: %d hits, want %d", q, kinds, len(got), len(want))
				}
			}
		}
	}
}

// scatteredSlowly tells it from the name's words.
func scatteredSlowly(q, name string) bool {
	if len(q) > fewLetters || strings.Contains(strings.ToLower(name), strings.ToLower(q)) {
		return false
	}
	var firsts []byte
	for i := range len(name) {
		c := name[i]
		if c == '_' || i == 0 || name[i-1] == '_' || isUpper(c) && !isUpper(name[i-1]) || isDigit(c) && !isDigit(name[i-1]) {
			firsts = append(firsts, c)
		}
	}
	return slowScore(newPattern(q), firsts) == none
}

func sameInclusions(t *testing.T, b built, release string) {
	t.Helper()
	want := map[string][]string{}
	for _, f := range b.c.listed[release] {
		for line := range strings.Lines(b.c.files[release][f.Path]) {
			_, written, ok := strings.Cut(line, "#include \"")
			if !ok {
				continue
			}
			written = strings.TrimSuffix(written, "\"\n")
			to := path.Join("inc", path.Base(written)) // all there is
			if b.c.files[release][to] == "" {
				continue
			}
			want[to] = append(want[to], f.Path)
		}
	}
	for _, f := range b.c.listed[release] {
		list, err := b.Includers(t.Context(), deposit.Place{Release: release, Path: f.Path})
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, in := range list {
			got = append(got, in.From.Path)
			back, err := b.Includes(t.Context(), in.From)
			if err != nil || !slices.ContainsFunc(back, func(i Inclusion) bool {
				return len(i.To) == 1 && i.To[0].Path == f.Path && i.Import == in.Import
			}) {
				t.Fatalf("%s: %v, %v", in.From.Path, back, err)
			}
		}
		if !slices.Equal(got, want[f.Path]) {
			t.Fatalf("%s: included by %v, want %v", f.Path, got, want[f.Path])
		}
	}
}

func sameReferences(t *testing.T, b built, release string, all []bruteSymbol) {
	t.Helper()
	for _, name := range []string{"alpha", "scan_all"} {
		var want, got []string
		for _, f := range b.c.listed[release] {
			text := []byte(b.c.files[release][f.Path])
			l := lex.Detect(f.Path, text)
			if l == nil {
				continue
			}
			for _, u := range wordsIn(l, text, name) {
				want = append(want, fmt.Sprint(f.Path, " ", u.Start))
			}
		}
		var of *ID
		i := slices.IndexFunc(all, func(s bruteSymbol) bool { return s.Name == name })
		if i >= 0 {
			of = &ID{b.at(t, all[i].place), all[i].n}
		}
		itself := false
		report, err := b.References(t.Context(), name, of, release, b.words, func(r Reference) bool {
			got = append(got, fmt.Sprint(r.Place.Path, " ", r.Start))
			itself = itself || r.Resolved && i >= 0 && r.Start == all[i].Start && r.Place == all[i].place
			return true
		})
		if err != nil || !slices.Equal(got, want) || len(report.NotRead) > 0 != slices.ContainsFunc(b.c.listed[release], func(f deposit.File) bool {
			return f.Path == "README" && name == "alpha"
		}) {
			t.Fatalf("%s: %v, want %v, %v, %v", name, got, want, err, report)
		}
		if i >= 0 && !itself {
			t.Fatalf("%s: its own name is not resolved", name)
		}
		stopped, err := b.References(t.Context(), name, nil, release, b.words, func(Reference) bool { return false })
		if err != nil || stopped.Stopped != (len(want) > 0) {
			t.Fatalf("%s: %+v, %v", name, stopped, err)
		}
	}
}

// TestReuse: an index that is built on another's records is the same, byte for
// byte of what is asked, and only new blobs are read.
func TestReuse(t *testing.T) {
	r := rand.New(rand.NewPCG(9, 10))
	for range 10 {
		c := generated(r)
		old := build(t, &corpus{name: "old", names: c.names[:1], files: map[string]map[string]string{c.names[0]: c.files[c.names[0]]}, listed: map[string][]deposit.File{c.names[0]: c.listed[c.names[0]]}})
		dir := t.TempDir()
		store := storeOf(t, filepath.Join(dir, "content"), c)
		known := map[deposit.Digest]bool{}
		for _, f := range c.listed[c.names[0]] {
			known[f.Blob] = true
		}
		var read atomic.Int64
		want := map[string]bool{}
		for _, release := range c.names {
			for _, f := range c.listed[release] {
				if !known[f.Blob] {
					want[f.Blob.String()] = true
				}
			}
		}
		b := &builder{content: store, minShare: 1, maxShare: 1000, extract: func(ctx context.Context, l *lex.Lang, text []byte) (*Outline, error) {
			read.Add(1)
			return Extract(ctx, l, text)
		}}
		if err := b.build(t.Context(), filepath.Join(dir, "symbols"), old.dir, c); err != nil {
			t.Fatal(err)
		}
		if read.Load() != int64(len(want)) {
			t.Errorf("%d texts were read, %d are new", read.Load(), len(want))
		}
		ix := opened(t, filepath.Join(dir, "symbols"), c, store)
		for _, release := range c.names {
			all := brute(t, c, release)
			sameOutlines(t, ix, release, all)
			sameDefinitions(t, ix, release, all)
		}
	}
}
