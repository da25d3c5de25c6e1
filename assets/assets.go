// Package assets holds what the product ships beside its code: fonts with
// their licences and the sample deposit. It knows bytes and their names, not
// what they are used for.
package assets

import "embed"

// Fonts holds fonts/*.otf and fonts/*.ttf with their licences: Inter and JetBrains
// Mono (SIL Open Font License 1.1, fonts/OFL.txt), Hack (fonts/Hack-LICENSE.txt).
//
//go:embed fonts/Inter-*.otf fonts/JetBrainsMono-*.ttf fonts/Hack-*.ttf fonts/*.txt
var Fonts embed.FS

// EastAsian is Droid Sans Fallback (Apache License 2.0, fonts/Apache-2.0.txt): the
// 20,902 Han characters of Unicode 1.1, all Hangul syllables, kana, fullwidth forms.
// It is by itself so that its megabytes stay in the program's file until they are drawn.
//
//go:embed fonts/DroidSansFallback.ttf
var EastAsian []byte

// Signs is DejaVu Sans (fonts/DejaVu-LICENSE.txt): mathematics, arrows, technical
// signs, Braille, Hebrew, Arabic, Armenian, Georgian.
//
//go:embed fonts/DejaVuSans.ttf
var Signs []byte

// Manual holds manual/*.md, the pages that F1 shows. What they are written in is
// said where they are read (app/desk/manual.go).
//
//go:embed manual
var Manual embed.FS

// Words holds words/*.json, the texts of the screen (package viewer/words).
//
//go:embed words
var Words embed.FS
