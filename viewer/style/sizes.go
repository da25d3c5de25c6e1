package style

// Text sizes, like all sizes here in Fyne's device-independent pixels, as the design
// fixes them. They are whole: Fyne rounds glyph advances up to whole sizes.
const (
	TextTitle     = 20
	TextSubtitle  = 18
	TextHeading   = 15
	TextBody      = 13
	TextSecondary = 12
	TextCaption   = 11
	TextBadge     = 10
)

// Insets and gaps.
const (
	Inset = 14 // side inset of panels
	Gap1  = 4
	Gap2  = 8
	Gap3  = 14
	Gap4  = 20
	Gap5  = 28
)

// Heights of rows and bars.
const (
	HeightMenu       = 30
	HeightHeader     = 34 // tab and panel header
	HeightBreadcrumb = 28 // also a banner
	HeightRow        = 22
	HeightTableRow   = 26
	HeightPalette    = 28
	HeightTwoLine    = 44
	HeightCode       = 20
	HeightField      = 30
	HeightChip       = 18
	HeightStatus     = 26
)

// Widths of the parts of the window.
const (
	WidthRail      = 46
	WidthSide      = 264
	WidthSearch    = 500
	WidthInspector = 304
	WidthGutter    = 80
	WidthMinimap   = 72
)

// Corner radii; rows have none.
const (
	Radius     = 4
	RadiusCard = 6
)
