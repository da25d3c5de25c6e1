package lex

// pageText is the text of a page up to the next "<?php" or "<?=".
func (s *Scanner) pageText() (Token, bool) { return Token{}, false }
