package panel

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"path"
	"regexp"
	"slices"
	"strings"
	"testing"

	"fyne.io/fyne/v2"
)

// somePaths makes files in a few folders, some with only a folder in them, with
// names that are beginnings of each other.
func somePaths(r *rand.Rand) []string {
	names := []string{"a", "ab", "Ab", "b-", "b", "net", "x.c", "Y.H", "é.c", "main.c", "c"}
	var out []string
	for range 1 + r.IntN(40) {
		p := names[r.IntN(5)]
		for range r.IntN(4) {
			p += "/" + names[r.IntN(len(names))]
		}
		out = append(out, p+"/"+names[r.IntN(len(names))]+".f")
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// naivePass holds a path against a filter by regular expressions.
func naivePass(filter, p string) bool {
	for _, w := range strings.Fields(strings.ToLower(filter)) {
		w, not := strings.CutPrefix(w, "!")
		if w == "" {
			continue
		}
		expr, on := regexp.QuoteMeta(w), "/"+strings.ToLower(p)
		if strings.ContainsAny(w, "*?") {
			expr = strings.NewReplacer(`/\*\*/`, `/(?:.*/)?`, `\*\*`, `.*`, `\*`, `[^/]*`, `\?`, `[^/]`).Replace(expr)
			if rest, ok := strings.CutPrefix(w, "**/"); ok {
				expr = `(?:.*/)?` + strings.NewReplacer(`/\*\*/`, `/(?:.*/)?`, `\*\*`, `.*`, `\*`, `[^/]*`, `\?`, `[^/]`).Replace(regexp.QuoteMeta(rest))
			}
			if strings.HasPrefix(w, "/") {
				expr = "^" + expr + "$"
			} else {
				expr = "/" + expr + "$"
			}
		}
		if regexp.MustCompile("(?s)"+expr).MatchString(on) == not {
			return false
		}
	}
	return true
}

// naiveRows lists what should be seen, depth, path and count.
func naiveRows(paths []string, open func(dir string) bool, compact bool, count func(dir string) string) (out []string) {
	type entry struct{ dirs, files []string }
	in := map[string]*entry{"": {}}
	for _, p := range paths {
		dir := ""
		parts := strings.Split(p, "/")
		for i, part := range parts {
			full := path.Join(dir, part)
			if i == len(parts)-1 {
				in[dir].files = append(in[dir].files, full)
			} else if in[full] == nil {
				in[full] = &entry{}
				in[dir].dirs = append(in[dir].dirs, full)
			}
			dir = full
		}
	}
	var list func(dir string, depth int)
	list = func(dir string, depth int) {
		for _, d := range in[dir].dirs {
			for e := in[d]; compact && len(e.dirs) == 1 && len(e.files) == 0; e = in[d] {
				d = e.dirs[0]
			}
			out = append(out, fmt.Sprint(depth, " ", d, " ", count(d)))
			if open(d) {
				list(d, depth+1)
			}
		}
		for _, f := range in[dir].files {
			out = append(out, fmt.Sprint(depth, " ", f, " "))
		}
	}
	list("", 0)
	return out
}

func rowsOf(t *Tree) (out []string) {
	for i, r := range t.rows {
		row, count := t.row(i), ""
		if len(row.Right) > 0 {
			count = row.Right[0].Text
		}
		if up := r.up; up >= 0 && t.rows[up].depth != r.depth-1 || up < 0 && r.depth != 0 {
			return []string{fmt.Sprint("row ", i, " says it is in row ", up)}
		}
		out = append(out, fmt.Sprint(r.depth, " ", t.at(i).path, " ", count))
	}
	return out
}

// TestTreeIsWhatANaiveOneIs: whatever is opened, filtered and exchanged, the rows and
// their counts are those of a tree made in the plainest way.
func TestTreeIsWhatANaiveOneIs(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 1))
	filters := []string{"", "a", "A", "ab", "ab/", "/a", "*.f", "a*", "net/*", "!net", "!*.c.f", "a !b", "**/b/**", "/a/**", "x.c", "é", "n?t", "a/**/c.f", "**/c.f", "e m", "m", "ma", "main", "*"}
	for range 60 {
		bench(t, func(l *Look) fyne.CanvasObject { return NewRule(l) })
		v, _ := treeOf(t)
		open := map[string]bool{} // what was opened last, also of folders that are not there now
		var paths []string
		for range 25 {
			switch r.IntN(4) {
			case 0:
				paths = somePaths(r)
				v.SetFilter("")
				v.SetPaths(paths)
			case 1:
				v.SetFilter("")
				v.SetCompact(false)
				if len(paths) > 0 {
					dir := path.Dir(paths[r.IntN(len(paths))])
					open[dir] = r.IntN(3) > 0
					v.Expand(dir, open[dir])
				}
			case 2:
				v.SetCompact(r.IntN(2) == 0)
			case 3:
				filter := filters[r.IntN(len(filters))]
				var pass []string
				for _, p := range paths {
					if naivePass(filter, p) {
						pass = append(pass, p)
					}
				}
				if n := v.SetFilter(filter); n != len(pass) {
					t.Fatalf("%q: %d of %q pass, want %q", filter, n, paths, pass)
				}
				var got []string
				for i := range v.rows {
					if d := v.at(i); !d.dir && filter != "" {
						got = append(got, d.path)
					} else if d.dir && filter != "" {
						if want := fmt.Sprint(below(pass, d.path), "/", below(paths, d.path)); v.row(i).Right[0].Text != want {
							t.Fatalf("%q: %s says %q, want %s", filter, d.path, v.row(i).Right[0].Text, want)
						}
					}
				}
				slices.Sort(got)
				if filter != "" && !slices.Equal(got, pass) {
					t.Fatalf("%q shows %q, want %q", filter, got, pass)
				}
			}
			if v.filter.on() {
				continue
			}
			got := rowsOf(v)
			want := naiveRows(paths, func(d string) bool { return open[d] }, v.compact, func(d string) string { return fmt.Sprint(below(paths, d)) })
			if !slices.Equal(got, want) {
				t.Fatalf("of %q, open %v, compact %v\n got %q\nwant %q", paths, slices.Sorted(maps.Keys(open)), v.compact, got, want)
			}
		}
	}
}

// below is how many of the paths are in a folder.
func below(paths []string, dir string) (n int) {
	for _, p := range paths {
		if strings.HasPrefix(p, dir+"/") {
			n++
		}
	}
	return n
}

// TestTreeFilterTypedLetterByLetter: typing a filter and typing it at once are the same.
func TestTreeFilterTypedLetterByLetter(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 5))
	for range 40 {
		paths := somePaths(r)
		v, _ := treeOf(t, paths...)
		for _, filter := range []string{"ab net", "a*.f", "!net a", "/a/**", "main.c b", "a  !n*"} {
			for n := range len(filter) + 1 {
				got := v.SetFilter(filter[:n])
				want := 0
				for _, p := range paths {
					if naivePass(filter[:n], p) {
						want++
					}
				}
				if got != want {
					t.Fatalf("%q of %q: %d, want %d", filter[:n], paths, got, want)
				}
			}
		}
	}
}

func TestTreeKeysOfItsOwn(t *testing.T) {
	v, c := treeOf(t, "arch/x86/boot/a.c", "arch/x86/boot/b.c", "drivers/net/x.c", "drivers/net/y.c", "Makefile")
	v.SetCompact(true)
	if got, want := outline(v), "+arch/x86/boot\n+drivers/net\nMakefile\n"; got != want {
		t.Fatalf("\n%swant\n%s", got, want)
	}
	c.Focus(v.List())
	v.List().Select(0)
	for _, s := range []struct{ typed, selected string }{{"d", "drivers/net"}, {"m", "Makefile"}, {"a", "arch/x86/boot"}} {
		v.List().typed = typing{}
		for _, r := range s.typed {
			v.List().TypedRune(r)
		}
		if p, _ := v.Selected(); p != s.selected {
			t.Errorf("%q selects %q, want %q", s.typed, p, s.selected)
		}
	}
	v.List().typed = typing{}
	v.List().TypedRune('*')
	if got, want := outline(v), "-arch/x86/boot\n a.c\n b.c\n+drivers/net\nMakefile\n"; got != want {
		t.Fatalf("\n%swant\n%s", got, want)
	}
	press(c, fyne.KeyDown, fyne.KeyDown, fyne.KeyLeft)
	if p, _ := v.Selected(); p != "arch/x86/boot" {
		t.Errorf("Left selects %q", p)
	}
	v.List().TypedRune('-')
	looked, opened := "", ""
	v.OnClick = func(p string) { looked = p }
	v.OnOpen = func(p string) { opened = p }
	press(c, fyne.KeyEnd, fyne.KeySpace)
	if looked != "Makefile" || opened != "" {
		t.Errorf("Space looks at %q and opens %q", looked, opened)
	}
	press(c, fyne.KeyReturn)
	if opened != "Makefile" {
		t.Errorf("Enter opens %q", opened)
	}
	v.OpenBelow("")
	if got, want := outline(v), "+arch/x86/boot\n+drivers/net\nMakefile\n"; got == want {
		t.Error("nothing was opened below the root")
	}
	v.SetOrder(func(a, b string) int { return strings.Compare(b, a) })
	if got, want := outline(v), "-arch/x86/boot\n b.c\n a.c\n-drivers/net\n y.c\n x.c\nMakefile\n"; got != want {
		t.Fatalf("\n%swant\n%s", got, want)
	}
	if !v.Select("drivers/net/y.c") || v.First() != "arch/x86/boot/b.c" {
		t.Errorf("the first file is %q", v.First())
	}
}
