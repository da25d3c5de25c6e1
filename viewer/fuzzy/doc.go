// Package fuzzy finds a name by a few of its letters: a path of a hundred thousand
// while it is typed, a symbol of a file, an action of the program.
//
// What is typed is a Query: pieces apart by spaces, each of which must be found in the
// name, in any order and each for itself. A piece is found where its letters stand in
// the name in its order; case does not count. Of all ways to find it the best one
// counts (a dynamic program over the letters of the piece and the bytes of the name):
//
//	a letter                            1, in the base name 1 more
//	right behind the letter before it   7
//	at the beginning of a word          8
//	not behind the one before it       −4
//
// A word begins at the name's start, behind one of "/_-. :" and at a capital behind a
// small letter. The weights say what people mean: a row of five letters is more than
// five beginnings of words, and two whole words of a path are more than letters
// scattered over its base name. What scores the same is ordered by the length of the
// base name, of the path, and then by the alphabet.
//
// Names holds names so that each key is answered within a frame: per base name a set of
// the characters in it, so that most names that do not match cost one comparison; files
// grouped by folder, so that a folder's letters are matched once for all of its files;
// and a Ranking of fewer letters, to which more letters only have to be added.
package fuzzy
