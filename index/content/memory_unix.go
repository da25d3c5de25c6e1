//go:build unix

package content

import "syscall"

// takeMemory is n bytes that are zero and take no memory until they are written to.
func takeMemory(n int) ([]byte, error) {
	return syscall.Mmap(-1, 0, n, syscall.PROT_READ|syscall.PROT_WRITE, syscall.MAP_ANON|syscall.MAP_PRIVATE)
}

func giveMemory(b []byte) { _ = syscall.Munmap(b) } // it is what takeMemory gave
