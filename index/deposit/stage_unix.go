//go:build unix

package deposit

import (
	"os"
	"syscall"
)

// lockFolder takes the advisory lock that the kernel drops with the process;
// it waits for it, or fails when another has it.
func lockFolder(f *os.File, wait bool) error {
	how := syscall.LOCK_EX
	if !wait {
		how |= syscall.LOCK_NB
	}
	return syscall.Flock(int(f.Fd()), how)
}
