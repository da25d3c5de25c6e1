//go:build unix

package journal

import (
	"errors"
	"os"
	"syscall"
)

// lock takes the file for this process; the kernel gives it back when the file
// is closed, also by a crash.
func lock(f *os.File) error {
	err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB)
	if errors.Is(err, syscall.EWOULDBLOCK) {
		return errors.New("another visit has it open; close that one first")
	}
	return err
}
