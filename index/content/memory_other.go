//go:build !linux

package content

// machineMemory is the machine's memory in bytes, 0 if it is not known, as it is not here.
func machineMemory() uint64 { return 0 }
