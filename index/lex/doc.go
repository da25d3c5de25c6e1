// Package lex reads programs as a careful reader skims them: it knows where
// comments, strings and preprocessor lines begin and end, how brackets nest and
// under which #if a line stands, for some thirty languages. It knows no grammar,
// no names and no files; it imports nothing of ours. Search uses it to look
// inside comments or strings only, the symbol index to find definitions, the
// code view to fold and to colour from the middle of a file.
//
// # Model
//
// A text is bytes in UTF-8, decoded already; other bytes do no harm. Lines end
// in "\n". A Scanner gives its tokens one by one: words, numbers, strings,
// comments, the heads of preprocessor lines, and single bytes of punctuation;
// keywords are words. A language is a table (tables_*.go): classes of bytes, and
// rules for what certain bytes begin. Everything else is shared.
//
// A string with interpolations comes in pieces, and the code within as tokens
// of its own: `a${b}c` is the string "`a${", the word "b", the string "}c`". So
// brackets of the code balance.
//
// The scanner keeps little: the interpolations it stands in, the heredocs that
// the line announced, whether it is on a directive's line, and for languages in
// which "/" may begin a regexp the token before. A line start at which all that
// is as at the start of a text is a restart point: scanning from it gives what
// scanning everything gives from there on.
//
// From the tokens two things are made, in one pass if need be: a Map (kinds of
// regions, restart points), and by a Nesting a Structure (blocks, folds,
// conditions of #if). Of the branches of an #if one counts for nesting: the
// first, or the one after "#if 0". Brackets of other branches nest within theirs.
//
// # Example
//
// The C text
//
//	#ifdef A        // 1
//	int f(int x) {
//	#else
//	int f(void) {
//	#endif
//		puts("}");  /* 2 */
//	}
//
// has the tokens "#ifdef" (Directive), "A" (Ident), "// 1" (Comment), "int"
// (Ident, First), "f", "(" …. Its map is directive, comment, code, directive …,
// string `"}"`, comment "/* 2 */", code. The block of f opens in line 2 and
// closes in line 7; line 4 is not in it, but line 6 is. The conditions of line 2
// are "defined(A)", of line 4 "!defined(A)".
//
// # Bad input and limits
//
// No text is an error. What a language does not allow is read somehow, in time
// linear in its length: an open comment or string goes on to the end of the
// text, one that cannot span lines to the end of its line. At most MaxText bytes
// are scanned, in at most two seconds; a map and a structure together take at
// most 64 MB. What a limit leaves out is said by Truncated.
//
// # What it cannot know
//
// Without a grammar some marks are decided by what stands before them. A "/"
// after ")" or a word divides, unless the ")" closes "if (…)" or the word is an
// operator such as return; after "}" it begins a regexp. Macros are not
// expanded. Text of JSX is read as code; an apostrophe without a partner on its
// line is no string, here and in C, C++ and other languages with 'c'.
package lex
