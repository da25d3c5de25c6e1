package main

import (
	"fmt"
	"text/tabwriter"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/widget"

	"vitrine/viewer/panel"
	"vitrine/viewer/style"
)

// What lists are held to: the same as the code's scrolls, and a frame for a key.
const (
	manyFiles    = 84_000
	manyHits     = 1_000_000
	filterTarget = 16  // ms
	treeTarget   = 100 // ms
)

// tree times the file tree of 84,000 files beside a widget.List of as many paths, a list of
// a million hits beside the one of lines of code, and the tree's filter.
func (b *viewBench) tree() error {
	subjects := []string{"files", "names", "hits", "list"}
	all, err := b.interleaved(append(subjects, "filter", "opening"), func(subject string) stagePlan {
		p := stagePlan{Subject: subject, Scrolls: 120, Pages: 60}
		switch subject {
		case "filter":
			p.Scrolls, p.Pages = 4*len(filterTyped), 0
		case "opening":
			p.Scrolls, p.Pages = 12, 0
		}
		return p
	})
	if err != nil {
		return err
	}
	w := tabwriter.NewWriter(b.out, 0, 8, 2, ' ', 0)
	fmt.Fprintf(w, "rows of %d pixels in the same area (list: 20), %d rounds\tframe, ms: p50\tp95\tmax\tprocessor, ms: p50\tp95\tallocated, kB\n", style.HeightRow, b.rounds)
	line := func(name string, f []frame) {
		fmt.Fprintf(w, "%s\t%.1f\t%.1f\t%.1f\t%.1f\t%.1f\t%.0f\n", name, at(f, .5, frame.wall), at(f, .95, frame.wall), at(f, 1, frame.wall),
			at(f, .5, frame.cpu), at(f, .95, frame.cpu), at(f, .5, frame.kB))
	}
	for _, subject := range subjects {
		for _, k := range []string{"scroll", "page"} {
			line(subject+" "+k, all[subject].frames(k))
		}
	}
	line("a key of the filter", all["filter"].Scroll)
	line(fmt.Sprintf("showing %d files", manyFiles), all["opening"].Scroll)
	if err := w.Flush(); err != nil {
		return err
	}
	for i := 0; i < len(subjects); i += 2 {
		for _, k := range []string{"scroll", "page"} {
			f, plain := all[subjects[i]].frames(k), all[subjects[i+1]].frames(k)
			fmt.Fprintf(b.out, "%s %s: of a plain list's frame p50 %.2f, p95 %.2f; processor %.2f, %.2f\n", subjects[i], k,
				at(f, .5, frame.wall)/at(plain, .5, frame.wall), at(f, .95, frame.wall)/at(plain, .95, frame.wall),
				at(f, .5, frame.cpu)/at(plain, .5, frame.cpu), at(f, .95, frame.cpu)/at(plain, .95, frame.cpu))
		}
	}
	for _, k := range []struct {
		what, subject string
		target        int
	}{{"a key of the filter", "filter", filterTarget}, {"the tree of all files", "opening", treeTarget}} {
		f := all[k.subject].Scroll
		fmt.Fprintf(b.out, "%s, beside a frame of scrolling: p50 %.1f ms, processor %.1f (target %d)\n", k.what,
			at(f, .5, frame.wall)-at(all["files"].Scroll, .5, frame.wall), at(f, .5, frame.cpu)-at(all["files"].Scroll, .5, frame.cpu), k.target)
	}
	fmt.Fprintln(b.out)
	return nil
}

// somePaths are those of a large release: some deep folders, some wide.
func somePaths() []string {
	out := make([]string, 0, manyFiles)
	for i := range manyFiles {
		out = append(out, fmt.Sprintf("%s/vendor%02d/board-%03d/%s_%05d.%s", [...]string{"arch", "drivers/net/ethernet", "drivers/gpu", "fs", "sound"}[i%5],
			i%41, i/41%59, [...]string{"e1000", "regs", "Main", "probe", "table"}[i%7%5], i, [...]string{"c", "h", "c", "S"}[i%4]))
	}
	return out
}

// newLists makes the subjects of lists; nil if none is called so.
func newLists(name string) subject {
	l := panel.NewLook(style.Dark)
	switch name {
	case "files":
		t := newFiles(l)
		t.OpenBelow("")
		return rowsSubject{t.List()}
	case "filter":
		return &filterSubject{tree: newFiles(l)}
	case "opening":
		return &openingSubject{tree: panel.NewTree(l), paths: somePaths()}
	case "hits":
		v := panel.NewList(l, style.HeightRow)
		text := newDenseC(stageLines)
		v.Row = func(i int) panel.Row {
			if i%20 == 0 {
				return panel.Row{Fold: panel.Opened, Icon: "code", Text: []panel.Span{{Text: "main.c", Bold: true}, {Text: "drivers/net", Tone: panel.ToneDim, Gap: 8}}, Pill: "19"}
			}
			return panel.Row{Fold: panel.Flat, Gutter: fmt.Sprint(i % 10_000), Text: []panel.Span{{Text: text.plain(1 + i%stageLines), Mono: true, Size: style.TextSecondary, Hits: [][2]int{{4, 9}}}}}
		}
		v.SetLength(manyHits)
		return rowsSubject{v}
	case "names":
		return newNames()
	}
	return nil
}

func newFiles(l *panel.Look) *panel.Tree {
	t := panel.NewTree(l)
	t.SetCompact(true)
	t.SetPaths(somePaths())
	return t
}

type rowsSubject struct{ v *panel.List }

func (s rowsSubject) object() fyne.CanvasObject { return s.v }

// show begins where a float32 would miss a pixel, if there are so many rows.
func (s rowsSubject) show(line int) {
	if s.v.Length() > manyFiles*2 {
		line += manyHits - 2*stageLines
	}
	s.v.ScrollTo(float64(line-1) * style.HeightRow)
}

// filterTyped is typed letter by letter, and then cleared.
const filterTyped = "drivers/net e1000 *.c"

type filterSubject struct {
	tree *panel.Tree
	at   int
}

func (s *filterSubject) object() fyne.CanvasObject { return s.tree.List() }
func (s *filterSubject) show(int) {
	s.at = (s.at + 1) % (len(filterTyped) + 1)
	s.tree.SetFilter(filterTyped[:s.at])
}

type openingSubject struct {
	tree  *panel.Tree
	paths []string
}

func (s *openingSubject) object() fyne.CanvasObject { return s.tree.List() }
func (s *openingSubject) show(int)                  { s.tree.SetPaths(s.paths) }

// newNames is widget.List with rows of one text, as high as the tree's.
func newNames() listSubject {
	paths := somePaths()
	l := widget.NewList(func() int { return len(paths) }, func() fyne.CanvasObject {
		text := canvas.NewText("", style.Dark.Text)
		text.TextSize = style.TextBody
		return &fyne.Container{Layout: tabled{}, Objects: []fyne.CanvasObject{text}}
	}, func(i widget.ListItemID, o fyne.CanvasObject) {
		text := o.(*fyne.Container).Objects[0].(*canvas.Text)
		text.Text = paths[i]
		text.Refresh()
	})
	l.HideSeparators = true
	return listSubject{l}
}

// tabled makes rows as high as the tree's, the list's own padding of 4 included.
type tabled struct{ low }

func (tabled) MinSize([]fyne.CanvasObject) fyne.Size { return fyne.NewSize(100, style.HeightRow-4) }
