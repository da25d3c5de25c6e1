// Package panel is everything clickable that is not code: lists and trees,
// buttons and fields, tabs, overlays, and the layouts that hold them. It knows
// rows by number, texts and tones. It must not know files, releases, git,
// annotations or policy, and starts no goroutines: Look.Later is how the app
// lends it a clock.
//
// Every control is made with a *Look, takes its colours from Look.Palette at
// each repaint, is one Tab stop, and activates with Enter or Space; arrows go
// from part to part inside it. Calls are for the UI thread only. Callbacks are
// exported fields named On…; nil is allowed everywhere. All controls are
// fyne.CanvasObjects; the interactive ones have Enable, Disable, Disabled.
//
// # The kit at a glance
//
//	Look:    NewLook(*style.Palette) *Look; fields Palette, Later, Veil, OnKey (keys no control wanted: Escape, F6), OnShortcut (chords typed into a field); Theme(), Layer(), Toast(ToastStyle) (close func())
//	Tones:   ToneText, ToneDim, ToneFaint, ToneAccent, ToneOk, ToneWarn, ToneDanger, TonePrivate, ToneCritical, ToneHigh, ToneMedium, ToneLow, ToneKeyword, ToneType, ToneFunc, ToneString, ToneNumber, ToneComment, ToneOnFill
//	Grounds: GroundNone, GroundRail, GroundChrome, GroundCode, GroundRaised, GroundField
//	Rows:    Row{Kind, Depth, Fold, Icon, IconTone, Gutter, Text, Second, Marks, Chips, Right, Bar, Pill, Link, Tip}, Span{Text, Tone, Bold, Italic, Mono, Size, Gap, Hits}, Mark{Icon, Tone}, ChipStyle{Icon, Text, Tone}; Plain(text) Row
//
//	List:    NewList(l, rowHeight) *List; Row func(i) Row; OnSelect(i), OnOpen(i), OnFold(i, open bool), OnLink(i), OnSecondary(i, at fyne.Position), OnShown(from, to), OnKey(*fyne.KeyEvent) bool; Empty string;
//	         SetLength(n), Length(), Select(i), Selected() (-1: none), Reveal(i), Shown() (from, to), ScrollTo(px), Offset() in float64; Step(by), Open(); OnClick(i): one click; OnSpace(i); Name(i): for typed letters; Around(i): rows that stay in sight
//	Tree:    NewTree(l) *Tree; SetPaths([]string), Decorate func(path string, dir bool, row *Row); OnSelect(path, dir), OnOpen(path), OnSecondary(path, dir, at);
//	         SetFilter(s) (matches int), Expand(path, open), ExpandTo(path), CollapseAll(), Select(path) bool, Selected() (path, dir), List() *List
//	Table:   NewTable(l, []Column{Title, Width, Tone, Mono, Bold}) *Table; SetRows([][]Span), Select(i), OnSelect(i); RowHeight; Title "" everywhere: no header line
//
//	Button:  NewButton(l, Primary|Secondary|Link, label, tapped) *Button; SetLabel, SetIcon, Icon, Label, OnTapped, Tip
//	Icons:   NewIconButton(l, icon, tip, key, tapped) *IconButton; SetOn(bool), On(), SetIcon
//	Check:   NewCheck(l, label, on, changed func(bool)) *Check; SetOn, On
//	Segmented: NewSegmented(l, []string, selected, changed func(i int)) *Segmented; Select(i), Selected(), Tones []Tone
//	Select:  NewSelect(l, []string, selected, changed func(i int)) *Select; SetOptions, SetSelected, Selected; Caption
//	Field:   NewField(l), NewPassword(l), NewArea(l, rows) *Field; Text(), SetText, SetPlaceHolder, SetCaption, SetRows, SetIcon, SetTrailing, SetError, SetToggles([]Toggle{Text, Tip, On}), Toggled(i);
//	         OnChanged(s), OnSubmit(s), OnCancel(), OnUp(), OnDown(), OnKey(*fyne.KeyEvent) bool, OnToggle(i, on), OnFocus(bool); Focus(), SelectAll(), SelectRange(from, to)
//	Chip:    NewChip(l, ChipStyle) *Chip; NewFilterChip(l, key, value, remove) *Chip; OnTapped, Set(ChipStyle)
//
//	Text:    NewLabel(l, text) *Label (wraps; SetText, Tone, TextSize, Bold, Italic, Mono, NoWrap, Centre); NewTitle, NewNote, NewCaption are ready-made ones; NewLine(l, ...Span) *Line (one line, ellipsis; Set(...Span)); NewIcon(l, name, tone, size) *Icon; NewAvatar(l, initials, tone)
//	Meters:  NewProgress(l) *Progress (Set(fraction, Tone)); NewRamp(l) *Ramp (Set(shares []float32)); NewTally(l) *Tally (Set(done, of, Tone)) of boxes
//	Banner:  NewBanner(l, BannerStyle{Tone, Icon, Bold, Text, Links []Action, Close func()}) *Banner; Set; Action{Label, Do}
//	Stepper: NewStepper(l) *Stepper; Set([]Step{Name, Note, Time, State, Fraction}); Waiting, Running, Done, Failed
//	Hints:   NewHints(l, []Hint{Key, Text}) *Hints
//
//	Tabs:    NewTabs(l) *Tabs; Set([]Tab{Icon, IconTone, Title, Tip, Fixed, Pinned, Passing}, selected); Selected(); SetActive(on), SetTarget(on); OnSelect(i), OnClose(i), OnUnpin(i), OnMove(from, to), OnCarry(i, at), OnDrop(i, at), OnSecondary(i, at); SetRight(...fyne.CanvasObject)
//	Crumbs:  NewCrumbs(l) *Crumbs; Set([]Crumb{Text, Icon, Tone}); OnTapped(i), Place(i) (at, height), Stand(i), SetRight(...fyne.CanvasObject)
//	Rail:    NewRail(l, []RailItem{ID, Icon, Tip, Key, Bottom}) *Rail; Select(id), Selected(), SetCount(id, n), OnSelect(id)
//	Status:  NewStatus(l) *Status; Set([]StatusItem{ID, Icon, IconTone, Text, Tone, Bold, Badge, Menu, Right, Tip}); OnTapped(id, at fyne.Position)
//	MenuBar: NewMenuBar(l); SetMenus, SetField, SetRight, OnMenu(i, at), OnField: the window's first row
//	Header:  NewHeader(l, title, right ...fyne.CanvasObject) *Header; SetTitle, SetNote(mono text behind)
//
//	Overlays: NewPalette(l) *Palette (Show(c, text), Hide, OnQuery(text), OnOpen(i, alternate bool), OnSelect(i), OnClose, Row func(i) Row, SetLength(n), SetHints([]Hint), SetPlaceHolder, SetNote);
//	          NewDialog(l, DialogStyle{Title, Icon, Tone, Width}, content, ...*Button) *Dialog (Show(c), Hide, OnClose); ShowMenu(l, c, at, []MenuItem{Label, Icon, Key, Checked, Disabled, Rule, Do}); NewScreen(l, content) *Screen (Open(c), Close, Showing) covers the window; Look.Escape() closes the topmost
//
//	Layout:  VBox(gap, ...), HBox(gap, ...), HTop(gap, ...) (HBox aligned at the top), Flow(gap, ...) (rows, as many as it takes), Spacer(), Inset(v, o), Grow(o) (takes the rest in either), Pad(top, right, bottom, left, o), Sized(w, h, o) (0: its own), Center(o), NewSurface(l, Ground, Edges, o) (EdgeTop|EdgeRight|EdgeBottom|EdgeLeft), NewRule(l), NewScroll(o),
//	         NewCard(l, CardStyle{Stripe Tone, Striped bool}, o), NewSplit(l, a, b) *Split (Vertical, FromEnd, MinA, MinB; SetOffset(px), Offset(), SetShare(of), Share(), Shift(px), OnMoved(px)); Hide or Show a or b and Refresh to fold a side away
//
// Heights and widths are those of viewer/style. Text that has no room ends in
// an ellipsis. Hidden and reordering characters in texts are drawn as ‹U+202E›:
// file names come from the vendor too.
package panel
