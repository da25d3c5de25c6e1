// Package confine holds a process within bounds that the operating system
// keeps: how much memory it may map, that it leaves no core dump. It knows
// system calls; it must not know what the process does or which policy asked.
package confine

// A Bound is what a process may use. Zero fields are left as they are.
type Bound struct {
	// Memory is the address space in bytes, and the heap the Go runtime aims
	// to stay under is an eighth less, so that the collector works harder
	// before the kernel refuses. Go does not start below 2 GiB.
	Memory uint64
	// NoCore forbids core dumps: they would hold source text.
	NoCore bool
}
