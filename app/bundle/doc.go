// Package bundle is what leaves the room: the signed export of a review, how it
// is made, and every check on one that comes in.
//
// It knows file formats, signatures and SARIF. It must not know search,
// screens or policy: whose keys are trusted is told to [Verify].
package bundle
