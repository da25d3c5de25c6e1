package confine

import (
	"fmt"
	"runtime/debug"

	"golang.org/x/sys/unix"
)

// Apply binds the running process and every child it starts. It cannot be
// undone by the process itself.
func (b Bound) Apply() error {
	if b.Memory > 0 {
		lim := unix.Rlimit{Cur: b.Memory, Max: b.Memory}
		if err := unix.Setrlimit(unix.RLIMIT_AS, &lim); err != nil {
			return fmt.Errorf("limit memory to %d bytes: %w", b.Memory, err)
		}
		debug.SetMemoryLimit(int64(b.Memory - b.Memory/8))
	}
	if b.NoCore {
		if err := unix.Setrlimit(unix.RLIMIT_CORE, &unix.Rlimit{}); err != nil {
			return fmt.Errorf("forbid core dumps: %w", err)
		}
	}
	return nil
}
