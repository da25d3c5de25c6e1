package desk

import (
	"cmp"
	"context"
	"path"
	"slices"
	"strings"

	"vitrine/viewer/words"

	"vitrine/app/room"
	"vitrine/index/deposit"
	"vitrine/viewer/panel"
	"vitrine/viewer/style"
)

// A filterChoice is one that can be added to a query.
type filterChoice struct {
	name, value string
	about       string
	files       int
	open        bool // a word is to be typed behind it
}

const (
	// maxEndings and maxFolders bound what is offered of a deposit: those with most files,
	// and folders as far down as people name them.
	maxEndings = 40
	maxFolders = 20_000
	folderDeep = 4
)

// staticChoices are those of every deposit.
var staticChoices = []filterChoice{
	{name: "case:", value: "yes", about: words.Key("capitals count")},
	{name: "case:", value: "no", about: words.Key("capitals do not count")},
	{name: "word:", value: "yes", about: words.Key("whole words only")},
	{name: "multi:", value: "yes", about: words.Key("a regexp may go over lines")},
	{name: "binary:", value: "yes", about: words.Key("binary files too")},
	{name: "comment:", about: words.Key("in comments"), open: true},
	{name: "string:", about: words.Key("in strings"), open: true},
	{name: "code:", about: words.Key("neither in comments nor in strings"), open: true},
	{name: "sym:", about: words.Key("where a name is defined"), open: true},
	{name: "file:", about: words.Key("in names of files"), open: true},
	{name: "char:", value: "bidi", about: words.Key("characters that turn the text's direction")},
	{name: "char:", value: "invisible", about: words.Key("characters that are not seen")},
}

// choicesOf lists what can be added for the files of a release.
func choicesOf(ctx context.Context, releases []string, files []deposit.File) []filterChoice {
	out := slices.Clone(staticChoices)
	if len(releases) > 1 {
		for _, name := range slices.Backward(releases) {
			out = append(out, filterChoice{name: "release:", value: quotedValue(name), about: words.T("only in this release")})
		}
		for i, name := range slices.Backward(releases) {
			if i > 0 {
				out = append(out, filterChoice{name: "new-in:", value: quotedValue(name), about: words.T("what this release brought")},
					filterChoice{name: "gone-in:", value: quotedValue(name), about: words.T("what this release took away")})
			}
		}
	}
	languages, endings, folders := map[string]int{}, map[string]int{}, map[string]int{}
	for i, f := range files {
		if i%1024 == 0 && ctx.Err() != nil {
			return out
		}
		if id := room.LanguageByName(f.Path); id != "" {
			languages[id]++
		}
		if ext := path.Ext(f.Path); ext != "" && ext != path.Base(f.Path) {
			endings[ext]++
		}
		for at, deep := 0, 0; deep < folderDeep; deep++ {
			slash := strings.IndexByte(f.Path[at:], '/')
			if slash < 0 {
				break
			}
			at += slash + 1
			folders[f.Path[:at]]++
		}
	}
	most := func(of map[string]int, limit int) (keys []string) {
		for k := range of {
			keys = append(keys, k)
		}
		slices.SortFunc(keys, func(a, b string) int { return cmp.Or(of[b]-of[a], strings.Compare(a, b)) })
		return keys[:min(len(keys), limit)]
	}
	for _, id := range most(languages, len(languages)) {
		out = append(out, filterChoice{name: "lang:", value: id, about: "language", files: languages[id]})
	}
	for _, ext := range most(endings, maxEndings) {
		out = append(out, filterChoice{name: "path:", value: "*" + globOf(ext), about: "ending", files: endings[ext]})
	}
	dirs := most(folders, maxFolders)
	slices.Sort(dirs)
	for _, dir := range dirs {
		out = append(out, filterChoice{name: "path:", value: globOf(dir), about: "folder", files: folders[dir]})
	}
	return out
}

// A filterPicker offers filters for the query.
type filterPicker struct {
	s       *searchPanel
	palette *panel.Palette
	listing *slot
	of      string // the release that all are for
	all     []filterChoice
	rows    []filterChoice
}

func newFilterPicker(s *searchPanel) *filterPicker {
	p := &filterPicker{s: s, palette: panel.NewPalette(s.r.d.look), listing: s.r.d.board.slot()}
	p.palette.SetPlaceHolder(words.T("Add a filter: a release, a language, a folder, an ending …"))
	p.palette.SetEmpty(words.T("No filter has these letters. A path: of your own can be typed into the query."))
	p.palette.SetHints([]panel.Hint{{Key: "↵", Text: words.T("adds it")}, {Key: words.T("Ctrl+↵"), Text: words.T("adds -path: or -lang:")}, {Key: words.T("Esc"), Text: words.T("closes")}})
	p.palette.Row = func(i int) panel.Row {
		c := p.rows[i]
		row := panel.Row{Fold: panel.Flat, Icon: "filter", IconTone: panel.ToneDim, Text: []panel.Span{
			{Text: c.name, Mono: true, Tone: panel.ToneDim}, {Text: c.value, Mono: true}}}
		right := words.T(c.about)
		if c.files > 0 {
			right += " · " + plural(c.files, "file", "files")
		}
		row.Right = []panel.Span{{Text: right, Tone: panel.ToneDim, Size: style.TextSecondary}}
		return row
	}
	p.palette.OnQuery = p.query
	p.palette.OnOpen = func(i int, alternate bool) { p.add(p.rows[i], alternate) }
	p.palette.OnClose = s.focus
	return p
}

func (p *filterPicker) show() {
	r := p.s.r
	r.showSide("search")
	if p.of != r.release {
		p.of, p.all = r.release, staticChoices
		files := r.files.files
		simple(p.listing, func(ctx context.Context) ([]filterChoice, error) {
			return choicesOf(ctx, r.releases, files), nil
		}, func(all []filterChoice, _ error) {
			p.all = all
			if p.palette.Showing() {
				p.query(p.palette.Text())
			}
			r.d.trace.say("filters", len(all))
		})
	}
	p.palette.Show(r.d.win.Canvas(), "")
}

// query narrows the choices to those that have all words typed.
func (p *filterPicker) query(text string) {
	asked := strings.Fields(strings.ToLower(text))
	p.rows = nil
	for _, c := range p.all {
		what := strings.ToLower(c.name + c.value + " " + words.T(c.about))
		if !slices.ContainsFunc(asked, func(w string) bool { return !strings.Contains(what, w) }) {
			p.rows = append(p.rows, c)
		}
	}
	p.palette.SetLength(len(p.rows))
}

func (p *filterPicker) add(c filterChoice, not bool) {
	s := p.s
	if not && (c.name == "path:" || c.name == "lang:") {
		c.name = "-" + c.name
	}
	text := withPiece(s.field.Text(), c.name, c.value)
	s.r.d.trace.say("filter", c.name+c.value)
	if c.open { // the word comes next
		s.field.SetText(text)
		s.focus()
		return
	}
	s.ask(text)
}
