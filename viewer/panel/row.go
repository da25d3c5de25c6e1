package panel

// Span is a run of text in one style.
type Span struct {
	Text   string
	Tone   Tone
	Bold   bool
	Italic bool
	Mono   bool
	Size   float32  // 0: the size of its surroundings
	Gap    float32  // space before it
	Hits   [][2]int // byte ranges of Text on the found-text background, sorted, apart
}

// Mark is a small icon behind a text, such as the severity of a finding.
type Mark struct {
	Icon string
	Tone Tone
}

// Fold is what a row shows in front: whether it can be opened, and is.
type Fold uint8

const (
	// Leaf rows have no chevron but keep its space when the list indents.
	Leaf Fold = iota
	Closed
	Opened
	// Flat rows have neither chevron nor space for one.
	Flat
)

// RowKind tells ordinary rows from headings.
type RowKind uint8

const (
	// ItemRow can be selected and opened.
	ItemRow RowKind = iota
	// HeadingRow names the group below it; it cannot be selected.
	HeadingRow
	// RuleRow is a HeadingRow with a line above it.
	RuleRow
	// NoteRow looks like an item but cannot be selected: a disabled menu item.
	NoteRow
)

// Row is what a List shows at one index. The zero Row is an empty line.
type Row struct {
	Kind     RowKind
	Depth    int // steps of indent, 12 px each, with a guide line per step
	Fold     Fold
	Icon     string // name in viewer/style, "" for none
	IconTone Tone
	Badge    string // a letter in a tinted box in the icon's place, such as a symbol's kind; "" for none
	// BadgeTone is the badge's colour.
	BadgeTone Tone
	Gutter    string // right-aligned mono figure in front of the text, such as a line number; " " keeps the space
	Text      []Span // cut with an ellipsis where Right begins
	Second    []Span // second line, in rows of style.HeightTwoLine
	Marks     []Mark // icons behind the text
	Chips     []ChipStyle
	Right     []Span    // right-aligned
	Bar       []float32 // shares of unseen, shown, skimmed, read, understood; nil for none
	Pill      string    // count in a rounded box at the right
	Link      string    // words at the right in Accent that call List.OnLink
	Tip       string    // tooltip, shown on hover

	// Blank keeps the room of an icon that is not there.
	Blank bool

	ruled bool // a line above
}

// ChipStyle is a chip without behaviour, drawn inside rows and headings.
type ChipStyle struct {
	Icon string
	Text string
	Tone Tone
}

// Plain is the row of one text.
func Plain(text string) Row { return Row{Fold: Flat, Text: []Span{{Text: text}}} }
