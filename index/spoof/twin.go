package spoof

import "unicode/utf8"

// twins finds the words of the text's code that look the same as another one there: by
// word, what it can be taken for. Of words of ASCII alone none is in it.
func (t Text) twins() map[string]string {
	if t.Code == nil {
		return nil
	}
	b := t.Bytes
	alike := map[string][]string{} // words by skeleton
	ascii := false                 // some skeleton is that of ASCII words
	seen := map[string]bool{}
	walk(b, func(int, int, rune, Class) bool { return true }, func(from, to int) bool {
		if word := b[from:to]; !seen[string(word)] && letters(word) > 1 {
			s := Skeleton(string(word))
			seen[string(word)] = true
			alike[s] = append(alike[s], string(word))
			ascii = ascii || isASCII(s)
		}
		return len(seen) < maxWords
	})
	if ascii {
		var skeleton []byte
		for at := 0; at < len(b); {
			if !wordByte[b[at]] {
				at++
				continue
			}
			from := at
			for at < len(b) && wordByte[b[at]] {
				at++
			}
			if at < len(b) && b[at] >= utf8.RuneSelf || from > 0 && b[from-1] >= utf8.RuneSelf || at-from > maxWord {
				continue // a part of a word, or nearly one
			}
			skeleton = asciiSkeleton(skeleton[:0], b[from:at])
			words, ok := alike[string(skeleton)]
			if !ok || seen[string(b[from:at])] || !t.Code(from, at) {
				continue
			}
			seen[string(b[from:at])] = true
			alike[string(skeleton)] = append(words, string(b[from:at]))
		}
	}
	twins := map[string]string{}
	for _, words := range alike {
		if len(words) < 2 {
			continue
		}
		for i, w := range words {
			twins[w] = words[(i+1)%len(words)]
			if last := words[len(words)-1]; i < len(words)-1 && isASCII(last) {
				twins[w] = last // what people expect
			}
		}
	}
	return t.inCode(twins)
}

// inCode leaves the pairs of which both stand in code.
func (t Text) inCode(twins map[string]string) map[string]string {
	if len(twins) == 0 {
		return nil
	}
	code := map[string]bool{}
	walk(t.Bytes, func(int, int, rune, Class) bool { return true }, func(from, to int) bool {
		w := string(t.Bytes[from:to])
		if _, ok := twins[w]; ok && !code[w] && t.Code(from, to) {
			code[w] = true
		}
		return true
	})
	for w, other := range twins {
		if isASCII(w) || !code[w] || !isASCII(other) && !code[other] {
			delete(twins, w)
		}
	}
	return twins
}

// letters counts the characters of a word that are seen.
func letters(word []byte) (n int) {
	for at := 0; at < len(word); {
		r, size := utf8.DecodeRune(word[at:])
		if r != '_' && !ignorable(r) {
			n++
		}
		at += size
	}
	return n
}

// asciiSkeleton is Skeleton for a word of ASCII.
func asciiSkeleton(to, word []byte) []byte {
	for _, c := range word {
		switch c {
		case '0':
			to = append(to, 'O')
		case '1', 'I':
			to = append(to, 'l')
		case 'm':
			to = append(to, "rn"...)
		default:
			to = append(to, c)
		}
	}
	return to
}
