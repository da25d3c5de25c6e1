// Package spoof finds the characters of a text that are not what they seem: those
// that draw nothing, reorder what stands around them or pass for a blank, and
// words that look like other words. It is named after ICU's SpoofChecker.
//
// It knows characters only. It must not know files, languages or releases; where a
// text is code and where comment or string is told by who asks.
//
// # Hidden characters
//
// [Hidden] gives each character that cannot be seen for what it is a [Class] and a
// short label, which a screen draws in a box in its place. The set follows UTS #39
// (Unicode Security Mechanisms), UTS #55 (Unicode Source Code Handling) and "Trojan
// Source" (Boucher and Anderson, 2021, CVE-2021-42574). All of them are findings, but
//
//	U+FEFF at the start of the text: a byte order mark
//	form feeds on a line of their own: page breaks, as GNU and Python sources have them
//	U+FE0E and U+FE0F behind an emoji or in a keycap, and U+200D between
//	  two emoji: UTS #51 writes ❤️ and 👩‍💻 so
//
// # Words
//
// A word is what UAX #31 takes for an identifier: letters, digits, marks and
// connectors, in one run, also with characters between them that draw nothing. "_"
// parts a word for what follows (UTS #55, 3.1.3), since name_имя deceives nobody. Only
// words with characters beyond ASCII are looked at.
//
// The skeleton of a word (UTS #39, section 4) is what it looks like: two words with
// the same skeleton can be taken for each other. How a word reads is its skeleton with
// the ASCII characters left as they are, so that "mаin" reads as "main" and not, as
// skeletons have it, "rnain".
//
// A word in code is a finding when
//
//	Mixed   no one script writes all its letters (the resolved script set of UTS #39,
//	        section 5.1, is empty) and it is not Latin with Chinese, Japanese or Korean
//	        (level "highly restrictive", section 5.2): "sayНello" with Cyrillic Н
//	Reads   it has no ASCII letters, of another script, and all of it reads as ASCII:
//	        "сору", which is Cyrillic throughout
//	Letter  one of its characters reads as ASCII, though it is of the same script or
//	        of none: "environmentǃ", "ｓａｙHello", the Kelvin sign; and, outside words, the
//	        Greek question mark, which is a semicolon to the eye
//	Twin    another word in the code of the same text has the same skeleton and other
//	        bytes: "ﬁnd" and "find", "naïve" composed and decomposed
//
// In comments, strings and texts that are no code, people write in their languages:
// there, only a word that mixes ASCII letters with letters of another script, and wholly
// reads as ASCII, is a finding ("usеr" with Cyrillic е). What belongs to an escape, as x02
// in "\x02о", is no part of a word there.
//
// These are no findings, since a reviewer who is told of them stops listening:
//
//	words in one script that read as nothing else: Привет, 変数, größe
//	letters of European alphabets that read as ASCII: æ, œ, ĳ, ı (U+00C0 to U+017F
//	  but ſ), unless a twin stands beside
//	Greek in formulas: letters that look like no Latin one (Δt, λ2), and any that has
//	  no letter beside it, or only one: α, σ_x, dρ; γ and σ, which confusables.txt
//	  has for y and o; so also 𝑥 by itself
//	µ and other characters of no script beside Latin: 10µs
//	words of ASCII alone, such as l1 and ll: fonts must keep these apart
//
// # Data
//
// tables.txt holds confusables.txt, Scripts.txt, ScriptExtensions.txt and emoji-data.txt
// of Unicode 15.0.0 in short; LICENSE.unicode is theirs. What is a letter, a mark or
// a format character is asked of Go's package unicode, decomposition and names of
// golang.org/x/text: their versions are those of the toolchain (15.0.0 and later). A
// character that is newer than tables.txt has no script and looks like itself.
package spoof

//go:generate go run ./generate -confusables $CONFUSABLES
