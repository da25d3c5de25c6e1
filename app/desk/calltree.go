package desk

import (
	"cmp"
	"context"
	"path"
	"slices"
	"strings"

	"vitrine/viewer/words"

	"fyne.io/fyne/v2"

	"vitrine/app/room"
	"vitrine/index/deposit"
	"vitrine/index/symbol"
	"vitrine/viewer/code"
	"vitrine/viewer/panel"
	"vitrine/viewer/style"
)

// A branching is what the rows below a row of the tree are to it.
type branching int

const (
	callers branching = iota
	callees
	members
	includers
	includes
)

var branchNames = []string{words.Key("Callers"), words.Key("Calls"), words.Key("Members"), words.Key("Included by"), words.Key("Includes")}

// told are messages in the language of the screen.
func told(keys []string) []string {
	out := make([]string, len(keys))
	for i, k := range keys {
		out[i] = words.T(k)
	}
	return out
}

// maxBranches bounds the rows below one row: nobody reads more of them, and a
// logging function has tens of thousands of callers.
const maxBranches = 2000

// doubted marks what only its name connects; the line above the tree says so.
const doubted = "?"

// maxDepth bounds how deep rows are unfolded: the pane is not wider.
const maxDepth = 24

// treePart shows what calls a function, what it calls, what belongs to a type,
// and what includes a file, each row to be unfolded in turn.
type treePart struct {
	r      *roomScreen
	body   fyne.CanvasObject
	title  *panel.Line
	ways   *panel.Segmented // of a symbol
	files  *panel.Segmented // of a file
	note   *panel.Line
	list   *panel.List
	root   *branch
	way    branching
	rows   []*branch
	asking *slot // for the symbol at the caret
	wanted func()
}

// A branch is a row of the tree.
type branch struct {
	parent *branch
	depth  int
	name   string
	where  string
	look   kindLook
	icon   string
	id     *symbol.ID // of a symbol; nil where there is none to ask about
	place  deposit.Place
	goTo   target
	doubt  bool // only the name speaks for the connection
	again  bool // it stands above already
	note   string
	says   string // its signature, which tells things of one name apart

	slot    *slot
	open    bool
	asked   bool
	failed  string
	cut     bool // there are more than are listed
	notRead int
	below   []*branch
}

func newTreePart(r *roomScreen) *treePart {
	p := &treePart{r: r, asking: r.d.board.slot()}
	l := r.d.look
	p.title, p.note = panel.NewLine(l), panel.NewLine(l)
	p.ways = panel.NewSegmented(l, told(branchNames[:3]), 0, func(i int) { p.turn(branching(i)) })
	p.files = panel.NewSegmented(l, told(branchNames[3:]), 0, func(i int) { p.turn(includers + branching(i)) })
	p.files.Hide()
	p.list = panel.NewList(l, style.HeightRow)
	p.list.Row = func(i int) panel.Row { return p.row(p.rows[i]) }
	p.list.OnClick = func(i int) { p.openRow(i, true) }
	p.list.OnOpen = func(i int) { p.openRow(i, false) }
	p.list.OnFold = func(i int, open bool) { p.fold(p.rows[i], open) }
	p.list.Empty = words.T("Ctrl+Alt+H on a function shows what calls it.")
	p.body = panel.VBox(0,
		panel.Pad(0, 12, 6, 12, panel.VBox(6, p.title, p.ways, p.files, p.note)),
		panel.Grow(p.list),
	)
	return p
}

// symbolsChanged asks what came before the index.
func (p *treePart) symbolsChanged() {
	if do := p.wanted; do != nil && p.r.named.Ready {
		p.wanted = nil
		do()
	}
}

// tree shows the tree of the word at the caret, or of the function around it.
func (r *roomScreen) tree(way branching) {
	t := r.current()
	if t == nil || t.doc.Binary {
		return
	}
	p := r.symbols.tree
	r.symbols.show(partTree)
	r.symbols.focus()
	if p.waits(func() { r.tree(way) }) {
		return
	}
	doc, at := t.doc, t.view.Caret()
	_, word, name := r.word()
	simple(p.asking, func(ctx context.Context) (*symbol.Candidate, error) {
		if name != "" {
			list, _, err := r.visit.Definitions(ctx, question(doc, word.From))
			if err != nil || len(list) > 0 {
				return meant(list, doc, word.From), err
			}
		}
		ids, around, err := r.visit.SymbolsAt(doc, at.Line, at.Col)
		for i := len(ids) - 1; i >= 0; i-- {
			if k := around[i].Kind; k == symbol.Function || k == symbol.Method || way == members {
				return &symbol.Candidate{Found: symbol.Found{Symbol: around[i], ID: ids[i], Place: doc.Place}, Resolved: true}, err
			}
		}
		return nil, err
	}, func(c *symbol.Candidate, err error) {
		if err != nil {
			r.d.fail(words.T("There is no tree."), err)
			return
		}
		if c == nil {
			p.clear()
			p.note.Set(panel.Span{Text: words.T("No definition of %s is known, and no function is around it.", name), Tone: panel.ToneDim})
			r.d.trace.say("tree", 0, branchNames[way])
			return
		}
		p.plant(p.symbolBranch(nil, c.Found, !c.Resolved), way)
	})
}

// meant is the candidate that a name at a place of a document stands for: the definition
// whose name it is, which is sure, or else the likeliest. There may be none.
func meant(list []symbol.Candidate, doc *room.Document, at code.Pos) *symbol.Candidate {
	for _, c := range list {
		if c.Place == doc.Place && c.Line == at.Line && c.Start == doc.OffsetOf(at.Line, at.Col) {
			c.Resolved = true
			return &c
		}
	}
	if len(list) == 0 {
		return nil
	}
	return &list[0]
}

// fileTree shows what includes a file, or what it includes.
func (r *roomScreen) fileTree(place deposit.Place, way branching) {
	p := r.symbols.tree
	r.symbols.show(partTree)
	r.symbols.focus()
	if p.waits(func() { r.fileTree(place, way) }) {
		return
	}
	p.plant(p.fileBranch(nil, place), way)
}

// waits says, while there is no symbol index, that what is asked for comes with it.
func (p *treePart) waits(do func()) bool {
	p.wanted = nil
	if p.r.named.Ready {
		return false
	}
	p.clear()
	p.note.Set(panel.Span{Text: p.r.symbolText() + ".", Bold: true}, panel.Span{Text: words.T("It starts by itself when they are ready."), Tone: panel.ToneDim, Gap: 6})
	p.wanted = do
	p.r.d.trace.say("tree", "waiting")
	return true
}

func (p *treePart) clear() {
	p.asking.stop()
	p.root.stop()
	p.root, p.rows = nil, nil
	p.title.Set()
	p.list.SetLength(0)
}

// plant begins a tree.
func (p *treePart) plant(root *branch, way branching) {
	p.root.stop()
	p.root = root
	p.turn(way)
}

// turn shows the same root with other branches.
func (p *treePart) turn(way branching) {
	p.way = way
	if way >= includers {
		p.files.Select(int(way - includers))
		p.files.Show()
		p.ways.Hide()
	} else {
		p.ways.Select(int(way))
		p.ways.Show()
		p.files.Hide()
	}
	p.r.symbols.body.Refresh()
	if p.root == nil {
		return
	}
	p.root.stop()
	p.root.cut, p.root.failed, p.root.notRead = false, "", 0
	p.root.asked, p.root.below = false, nil
	p.title.Set(panel.Span{Text: p.root.name, Bold: true, Mono: true}, panel.Span{Text: words.T(branchNames[way]), Tone: panel.ToneDim, Size: style.TextSecondary, Gap: 10})
	p.fold(p.root, true)
	p.list.Select(0)
}

// symbolBranch is the row of a symbol, which stands at its name.
func (p *treePart) symbolBranch(parent *branch, f symbol.Found, doubt bool) *branch {
	b := &branch{parent: parent, name: f.Name, look: lookOf(f.Kind), where: placeText(f.Place.Path, f.Line, 30), id: &f.ID, place: f.Place, goTo: named(f.Symbol), doubt: doubt, slot: p.r.d.board.slot()}
	b.settle()
	return b
}

func (p *treePart) fileBranch(parent *branch, place deposit.Place) *branch {
	icon, _ := fileIcon(place.Path)
	b := &branch{parent: parent, name: path.Base(place.Path), icon: icon, where: path.Dir(place.Path), place: place, slot: p.r.d.board.slot()}
	b.settle()
	return b
}

// stop ends the searches for what is below a row and the rows below it.
func (b *branch) stop() {
	if b == nil {
		return
	}
	b.slot.stop()
	for _, c := range b.below {
		c.stop()
	}
}

// settle finds depth and whether the same stands above.
func (b *branch) settle() {
	for a := b.parent; a != nil; a = a.parent {
		b.depth++
		if b.id != nil && a.id != nil && *b.id == *a.id || b.icon != "" && b.goTo.line == 0 && a.place == b.place && a.icon != "" {
			b.again = true
		}
	}
}

// bears reports whether a row can be unfolded.
func (b *branch) bears(way branching) bool {
	if b.again || b.depth >= maxDepth || b.asked && len(b.below) == 0 {
		return false
	}
	switch way {
	case includers, includes:
		return b.icon != ""
	case callees:
		return b.id != nil && (b.look.letter == "ƒ" || b.look.letter == "m" || b.look.letter == "#")
	case members:
		return b.id != nil && typeLetters[b.look.letter]
	}
	return b.id != nil
}

// typeLetters are of kinds that have members.
var typeLetters = map[string]bool{"C": true, "S": true, "U": true, "I": true, "E": true, "T": true, "M": true}

func (p *treePart) fold(b *branch, open bool) {
	b.open = open
	if open && !b.asked {
		p.grow(b)
	}
	p.flatten()
}

// A growth is what was found below a row.
type growth struct {
	below   []*branch
	cut     bool
	notRead int
}

// grow asks what is below a row.
func (p *treePart) grow(b *branch) {
	r, way, release := p.r, p.way, b.place.Release
	b.asked = true
	make_ := p.below(b, way, release)
	simple(b.slot, make_, func(g growth, err error) {
		b.below, b.cut, b.notRead, b.failed = g.below, g.cut, g.notRead, ""
		if err != nil {
			b.failed = sentence(err)
			r.d.trace.say("error", err)
		}
		if p.way != way {
			return
		}
		names := map[string]int{}
		for _, c := range b.below {
			c.settle()
			names[c.name]++
		}
		for _, c := range b.below {
			if c.note == "" && names[c.name] > 1 && strings.HasPrefix(c.says, c.name) {
				c.note = c.says[len(c.name):]
			}
		}
		p.flatten()
		r.d.trace.say("tree", len(b.below), branchNames[way], b.name)
	})
}

// below makes the work that finds what is below a row. It may be of widgets'
// values only what it has copied.
func (p *treePart) below(b *branch, way branching, release string) func(context.Context) (growth, error) {
	visit := p.r.visit
	place, id, name := b.place, symbol.ID{}, b.name
	if b.id != nil {
		id = *b.id
	}
	atRoot := b.parent == nil
	slots := p.r.d.board.slot
	sub := func(f symbol.Found, doubt bool) *branch {
		return &branch{parent: b, name: f.Name, look: lookOf(f.Kind), where: placeText(f.Place.Path, f.Line, 30), id: &f.ID, place: f.Place, goTo: named(f.Symbol), doubt: doubt, says: f.Signature, slot: slots()}
	}
	switch way {
	case callers:
		return func(ctx context.Context) (g growth, err error) {
			if atRoot {
				if err := visit.RecordUses(ctx, name, release); err != nil {
					return g, err
				}
			}
			report, err := visit.Callers(ctx, id, release, func(c symbol.Caller) bool {
				if len(g.below) == maxBranches {
					g.cut = true
					return false
				}
				use := c.Uses[0]
				at := target{line: use.Line, col: 1, from: use.Start, until: use.End}
				n := &branch{parent: b, name: path.Base(c.Place.Path), look: kindLook{"·", panel.ToneDim, ""}, place: c.Place, goTo: at, slot: slots()}
				if c.Function != nil {
					n = sub(*c.Function, false)
					n.goTo = at
				}
				n.doubt, n.where = !c.Resolved, placeText(c.Place.Path, use.Line, 30)
				if len(c.Uses) > 1 {
					n.note = grouped(int64(len(c.Uses))) + "×"
				}
				if !slices.ContainsFunc(c.Uses, func(u symbol.Use) bool { return u.Class == symbol.Call || u.Class == symbol.MacroUse }) {
					n.note = words.T("not called")
				}
				g.below = append(g.below, n)
				return true
			})
			slices.SortStableFunc(g.below, func(a, b *branch) int { return order(a.doubt) - order(b.doubt) })
			g.notRead = len(report.NotRead)
			return g, err
		}
	case callees:
		return func(ctx context.Context) (g growth, err error) {
			list, err := visit.Callees(ctx, id, release)
			for _, c := range list {
				use := c.Uses[0]
				n := &branch{parent: b, name: c.Name, look: kindLook{"·", panel.ToneDim, ""}, where: words.T("not defined here"), place: place, slot: slots(),
					goTo: target{line: use.Line, col: 1, from: use.Start, until: use.End}}
				if len(c.Candidates) > 0 {
					n = sub(c.Candidates[0].Found, !c.Resolved)
					if !c.Resolved && c.All > 1 {
						n.note = words.T("one of %s", grouped(int64(c.All)))
					}
				}
				g.below = append(g.below, n)
			}
			return g, err
		}
	case members:
		return func(ctx context.Context) (g growth, err error) {
			list, err := visit.Members(ctx, id, release)
			for _, m := range list {
				if len(g.below) == maxBranches {
					g.cut = true
					break
				}
				g.below = append(g.below, sub(m.Found, !m.Resolved))
			}
			return g, err
		}
	}
	return func(ctx context.Context) (g growth, err error) {
		ask := visit.Includes
		if way == includers {
			ask = visit.Includers
		}
		list, err := ask(ctx, place)
		for _, in := range list {
			if len(g.below) == maxBranches {
				g.cut = true
				break
			}
			at := target{line: in.Line, col: 1, from: in.Start, until: in.End}
			other := deposit.Place{}
			switch {
			case way == includers:
				other = in.From
			case len(in.To) > 0:
				other = in.To[0]
			default:
				g.below = append(g.below, &branch{parent: b, name: in.Path, look: kindLook{"·", panel.ToneDim, ""}, where: words.T("not in %s", release), place: place, goTo: at, slot: slots()})
				continue
			}
			icon, _ := fileIcon(other.Path)
			n := &branch{parent: b, name: path.Base(other.Path), icon: icon, where: path.Dir(other.Path), place: other, doubt: !in.Sure, slot: slots()}
			if way == includers {
				n.goTo = at
			}
			if way == includes && len(in.To) > 1 {
				n.note = words.T("one of %s", grouped(int64(len(in.To))))
			}
			g.below = append(g.below, n)
		}
		return g, err
	}
}

func order(doubt bool) int {
	if doubt {
		return 1
	}
	return 0
}

// flatten lists the rows.
func (p *treePart) flatten() {
	p.rows = p.rows[:0]
	var walk func(b *branch)
	walk = func(b *branch) {
		p.rows = append(p.rows, b)
		if b.open {
			for _, c := range b.below {
				walk(c)
			}
		}
	}
	if p.root != nil {
		walk(p.root)
		p.summarise()
	}
	p.list.SetLength(len(p.rows))
}

// summarise says how much is below the root, and what is not.
func (p *treePart) summarise() {
	b := p.root
	if b.slot.running() {
		p.note.Set(panel.Span{Text: words.T("Searching …"), Tone: panel.ToneDim, Size: style.TextSecondary})
		return
	}
	if b.failed != "" {
		p.note.Set(panel.Span{Text: b.failed, Tone: panel.ToneDanger, Size: style.TextSecondary})
		return
	}
	doubt := 0
	for _, c := range b.below {
		doubt += order(c.doubt)
	}
	what := [...][2]string{
		{words.Key("caller"), words.Key("callers")}, {words.Key("name called"), words.Key("names called")}, {words.Key("member"), words.Key("members")},
		{words.Key("file includes it"), words.Key("files include it")}, {words.Key("include"), words.Key("includes")}}[p.way]
	spans := []panel.Span{{Text: plural(len(b.below), what[0], what[1]), Bold: true, Size: style.TextSecondary}}
	if doubt > 0 {
		spans = append(spans, panel.Span{Text: words.T("%s by name only %s", grouped(int64(doubt)), doubted), Tone: panel.ToneWarn, Size: style.TextSecondary, Gap: 8})
	}
	if b.cut {
		spans = append(spans, panel.Span{Text: words.T(words.T("the first of more")), Tone: panel.ToneWarn, Size: style.TextSecondary, Gap: 8})
	}
	if b.notRead > 0 {
		spans = append(spans, panel.Span{Text: words.T("%s not read", plural(b.notRead, "file", "files")), Tone: panel.ToneWarn, Size: style.TextSecondary, Gap: 8})
	}
	p.note.Set(spans...)
}

func (p *treePart) row(b *branch) panel.Row {
	row := panel.Row{Depth: b.depth, Fold: panel.Leaf, Tip: cmp.Or(b.says, b.place.Path)}
	switch {
	case b.open && len(b.below) > 0:
		row.Fold = panel.Opened
	case b.bears(p.way):
		row.Fold = panel.Closed
	}
	if b.icon != "" {
		row.Icon, row.IconTone = b.icon, panel.ToneAccent
	} else {
		row.Badge, row.BadgeTone = b.look.letter, b.look.tone
	}
	row.Text = []panel.Span{{Text: b.name, Mono: b.icon == ""}}
	say := func(text string, tone panel.Tone) {
		row.Text = append(row.Text, panel.Span{Text: text, Tone: tone, Italic: true, Size: style.TextCaption, Gap: 8})
	}
	if b.doubt {
		say(doubted, panel.ToneWarn) // words would push the name out of a row
	}
	if b.note != "" {
		say(b.note, panel.ToneDim)
	}
	if b.again {
		say(words.T("stands above"), panel.ToneDim)
	}
	switch {
	case b.slot.running():
		say(words.T("searching …"), panel.ToneDim)
	case b.failed != "":
		say(b.failed, panel.ToneDanger)
	case b.open && b.asked && len(b.below) == 0:
		say(words.T("nothing below"), panel.ToneDim)
	case b.cut && b.parent != nil:
		say(words.T("the first of more"), panel.ToneWarn)
	}
	if b.where != "." {
		row.Right = []panel.Span{{Text: b.where, Tone: panel.ToneDim, Size: style.TextCaption}}
	}
	return row
}

func (p *treePart) openRow(i int, keep bool) {
	if i < 0 || i >= len(p.rows) {
		return
	}
	b := p.rows[i]
	g := b.goTo
	g.keepFocus = keep
	p.r.openAt(b.place, g)
}
