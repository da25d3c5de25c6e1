// Package symbol knows definitions, and uses of names, in the releases of a
// deposit: what a text defines, where a name is defined and used, what calls
// what. It must not know screens or bleve.
package symbol
