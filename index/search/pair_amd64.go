package search

import "golang.org/x/sys/cpu"

// pairBlock is how many places are looked at at once.
const pairBlock = 32

var canPair = cpu.X86.HasAVX2

// indexPairAVX2 is the first i below n with one of the first two bytes at hay[i] and one of
// the others at hay[i+distance]; -1 if there is none. n is a multiple of 32, and hay has
// n+distance bytes.
//
//go:noescape
func indexPairAVX2(hay *byte, n, distance int, of *[4]byte) int

// indexPair is indexPairAVX2 for as many places as there are whole blocks of; behind is the
// first that it does not look at.
func indexPair(hay []byte, distance int, of *[4]byte) (i, behind int) {
	if behind = (len(hay) - distance) &^ (pairBlock - 1); behind <= 0 {
		return -1, 0
	}
	return indexPairAVX2(&hay[0], behind, distance, of), behind
}
