package code

// KeepTokens forgets the tokens of lines that are not from line from to line to, or
// near: they are plain until SetTokens gives them again.
func (v *View) KeepTokens(from, to int) {
	for block := range v.tokens {
		if block < from/tokenBlock || block > to/tokenBlock {
			delete(v.tokens, block)
		}
	}
}
