//go:build !linux

package confine

import "runtime/debug"

// Apply sets what the Go runtime itself can keep: here the operating system
// gives no limit that a process can put on itself.
func (b Bound) Apply() error {
	if b.Memory > 0 {
		debug.SetMemoryLimit(int64(b.Memory - b.Memory/8))
	}
	return nil
}
