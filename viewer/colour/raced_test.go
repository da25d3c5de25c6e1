//go:build race

package colour

const raced = true
