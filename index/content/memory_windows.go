package content

// takeMemory is n bytes that are zero.
func takeMemory(n int) ([]byte, error) { return make([]byte, n), nil }

func giveMemory([]byte) {}
