package panel

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"
)

func treeOf(t *testing.T, paths ...string) (*Tree, fyne.Canvas) {
	t.Helper()
	var v *Tree
	_, c := bench(t, func(l *Look) fyne.CanvasObject { v = NewTree(l); v.SetPaths(paths); return v.List() })
	return v, c
}

// outline is the rows now shown: "+" closed, "-" open, a space per depth.
func outline(v *Tree) string {
	var b strings.Builder
	for i := range v.rows {
		r := v.row(i)
		b.WriteString(strings.Repeat(" ", r.Depth) + map[Fold]string{Leaf: "", Closed: "+", Opened: "-"}[r.Fold] + r.Text[0].Text + "\n")
	}
	return b.String()
}

func TestTreeShowsFoldersFirstAndFoldsThem(t *testing.T) {
	v, c := treeOf(t, "a.c", "b/z.c", "b.c", "b/y/x.c", "b-/k.c", "b/y/x.c")
	if got, want := outline(v), "+b-\n+b\na.c\nb.c\n"; got != want {
		t.Fatalf("closed:\n%swant\n%s", got, want)
	}
	c.Focus(v.List())
	v.List().Select(1)
	press(c, fyne.KeyRight, fyne.KeyRight, fyne.KeyReturn)
	if got, want := outline(v), "+b-\n-b\n -y\n  x.c\n z.c\na.c\nb.c\n"; got != want {
		t.Fatalf("opened by keys:\n%swant\n%s", got, want)
	}
	if p, dir := v.Selected(); p != "b/y" || !dir {
		t.Fatalf("selected %q", p)
	}
	press(c, fyne.KeyDown)
	opened := ""
	v.OnOpen = func(p string) { opened = p }
	press(c, fyne.KeyReturn)
	if opened != "b/y/x.c" {
		t.Fatalf("opened %q", opened)
	}
	v.Expand("b", false)
	if p, _ := v.Selected(); p != "b" {
		t.Errorf("closing around the selection selects %q, want the folder", p)
	}
	v.CollapseAll()
	if !v.Select("b/y/x.c") || v.Select("b/none") {
		t.Error("Select finds what exists, and only that")
	}
	if got, want := outline(v), "+b-\n-b\n -y\n  x.c\n z.c\na.c\nb.c\n"; got != want {
		t.Fatalf("selected by path:\n%swant\n%s", got, want)
	}
}

func TestTreeKeepsFoldsAndSelectionAcrossReleases(t *testing.T) {
	v, _ := treeOf(t, "a/b/c.c", "a/d.c", "e/f.c")
	v.Select("a/d.c")
	v.SetPaths([]string{"a/d.c", "a/new/x.c", "g.c"})
	if got, want := outline(v), "-a\n +new\n d.c\ng.c\n"; got != want {
		t.Fatalf("\n%swant\n%s", got, want)
	}
	if p, _ := v.Selected(); p != "a/d.c" {
		t.Errorf("selected %q", p)
	}
	v.SetPaths(nil)
	if p, _ := v.Selected(); p != "" || v.List().Length() != 0 {
		t.Errorf("an empty release selects %q", p)
	}
}

func TestTreeFilterShowsMatchesOpened(t *testing.T) {
	v, _ := treeOf(t, "a/b/Pdf.c", "a/d.c", "e/pdf/f.c", "g.c")
	if n := v.SetFilter(" pDF "); n != 2 {
		t.Errorf("%d matches, want 2", n)
	}
	if got, want := outline(v), "-a\n -b\n  Pdf.c\n-e\n -pdf\n  f.c\n"; got != want {
		t.Fatalf("\n%swant\n%s", got, want)
	}
	v.fold(0, false)
	if got, want := outline(v), "+a\n-e\n -pdf\n  f.c\n"; got != want {
		t.Fatalf("folded under a filter:\n%swant\n%s", got, want)
	}
	v.SetFilter("")
	if got, want := outline(v), "+a\n+e\ng.c\n"; got != want {
		t.Fatalf("filter gone:\n%swant\n%s", got, want)
	}
}

func TestTreeClickOnAFolderFoldsOnAFileOpens(t *testing.T) {
	v, _ := treeOf(t, "a/b.c", "c.c")
	clicked := ""
	v.OnClick = func(p string) { clicked = p }
	test.TapAt(v.List(), fyne.NewPos(60, 5))
	test.TapAt(v.List(), fyne.NewPos(60, 30))
	if got := outline(v); got != "-a\n b.c\nc.c\n" || clicked != "a/b.c" {
		t.Errorf("clicked %q:\n%s", clicked, got)
	}
}

func TestTreeOfEightyThousandFilesIsInstantAndBounded(t *testing.T) {
	var paths []string
	for i := range 80000 {
		paths = append(paths, fmt.Sprintf("drivers/net/vendor%02d/board%03d/file%d.c", i%40, i/40%50, i))
	}
	slices.Sort(paths)
	v, _ := treeOf(t)
	steps := []struct {
		name string
		do   func()
	}{
		{"set", func() { v.SetPaths(paths) }},
		{"select", func() { v.Select(paths[77777]) }},
		{"filter", func() { v.SetFilter("FILE7777") }},
		{"unfilter", func() { v.SetFilter("") }},
		{"open all", func() {
			for i := range v.nodes {
				v.nodes[i].open = true
			}
			v.update()
		}},
	}
	for _, s := range steps {
		start := time.Now()
		s.do()
		t.Logf("%s: %v", s.name, time.Since(start))
	}
	if n := v.List().Length(); n < 80000 {
		t.Errorf("%d rows when all is open", n)
	}
	v.List().ScrollTo(500000)
	if n := len(test.WidgetRenderer(v.List()).Objects()); n > 400 {
		t.Errorf("%d objects on screen", n)
	}
}
