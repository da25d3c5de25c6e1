// Package assets holds what the product ships beside its code: fonts with
// their licences and the sample deposit. It knows bytes and their names, not
// what they are used for.
package assets

import "embed"

// Fonts holds fonts/*.otf and fonts/*.ttf, Inter and JetBrains Mono, both under
// the SIL Open Font License 1.1 (fonts/OFL.txt).
//
//go:embed fonts
var Fonts embed.FS
