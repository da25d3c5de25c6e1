//go:build !race

package colour

const raced = false
