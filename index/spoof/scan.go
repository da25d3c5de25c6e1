package spoof

import (
	"encoding/binary"
	"unicode/utf8"
)

const (
	// maxWord bounds the bytes of a word: languages without blanks have long ones, no
	// identifier has. What is longer is looked at in pieces.
	maxWord = 1 << 10

	// maxBreak bounds the bytes on each side of a form feed that may make up its line.
	maxBreak = 64

	// maxWords bounds the different words of a text that are held against each other.
	maxWords = 1 << 16
)

// wordByte are the ASCII characters of words; plainByte those that are passed over.
var wordByte, plainByte = func() (word, plain [256]bool) {
	for c := range 256 {
		word[c] = c >= '0' && c <= '9' || c >= 'A' && c <= 'Z' || c >= 'a' && c <= 'z' || c == '_'
		plain[c] = c >= ' ' && c < 0x7F || c == '\t' || c == '\n'
	}
	return word, plain
}()

// plain counts the leading bytes of a text in which there is nothing to find: printable
// ASCII, tabs and line ends. It takes 32 bytes at a time.
func plain(b []byte) int {
	i := 0
	for {
		for i+32 <= len(b) {
			c := b[i : i+32]
			if odd(binary.LittleEndian.Uint64(c))|odd(binary.LittleEndian.Uint64(c[8:]))|
				odd(binary.LittleEndian.Uint64(c[16:]))|odd(binary.LittleEndian.Uint64(c[24:])) != 0 {
				break
			}
			i += 32
		}
		end := min(i+32, len(b))
		for ; i < end; i++ {
			if plainByte[b[i]] || b[i] == '\r' && (i+1 == len(b) || b[i+1] == '\n') {
				continue
			}
			return i
		}
		if i == len(b) {
			return i
		}
	}
}

// odd has the high bit of each of eight bytes set that is no printable ASCII, tab or line
// feed. No byte lends to another, since its own high bit is set before.
func odd(x uint64) uint64 {
	const ones, high = 0x0101010101010101, 0x8080808080808080
	below := ^((x | high) - ones*0x20)
	tab := ^(((x ^ ones*'\t') | high) - ones)
	feed := ^(((x ^ ones*'\n') | high) - ones)
	del := ^(((x ^ ones*0x7F) | high) - ones)
	return (x | below&^tab&^feed | del) & high
}

// Plain reports whether there is nothing in a text to be found.
func Plain(text []byte) bool { return plain(text) == len(text) }

// walk goes through a text: hidden is called for each hidden character, word for each word
// with a character beyond ASCII, both in order; a word comes before what is hidden in
// it. Either ends it with false.
func walk(text []byte, hidden func(at, size int, r rune, c Class) bool, word func(from, to int) bool) {
	done := 0 // behind the word before
	for pos := 0; ; {
		pos += plain(text[pos:])
		if pos >= len(text) {
			return
		}
		r, size := utf8.DecodeRune(text[pos:])
		if r == 0x37E || r == 0x1FEF { // the only ones outside words that are the same as ASCII to Unicode: ; and `
			if !word(pos, pos+size) {
				return
			}
			pos += size
			continue
		}
		if !isWord(r) && !ignorable(r) {
			if _, c := Hidden(r); c != None && !hidden(pos, size, r, c) {
				return
			}
			pos += size
			continue
		}
		from := pos
		for from > done && pos-from < maxWord && wordByte[text[from-1]] {
			from--
		}
		// to is behind the last character of the word, end behind what draws nothing after it.
		to, end, begun := from, from, false
		for end < len(text) && end-from < maxWord {
			r, size := utf8.DecodeRune(text[end:])
			switch {
			case isWord(r):
				if !begun {
					from, begun = end, true
				}
				end += size
				to = end
				continue
			case r >= utf8.RuneSelf && ignorable(r):
				end += size
				continue
			}
			break
		}
		told := !begun
		for at := pos; at < end; {
			if !told && from <= at {
				told = true
				if !word(from, to) {
					return
				}
			}
			r, size := utf8.DecodeRune(text[at:])
			if r >= utf8.RuneSelf && ignorable(r) {
				if _, c := Hidden(r); c != None && !hidden(at, size, r, c) {
					return
				}
			}
			at += size
		}
		pos, done = end, end
	}
}

// A Text is what is looked through.
type Text struct {
	Bytes []byte // UTF-8; what is not is Broken
	// Code reports whether bytes [from, to) stand in code, outside of comments and
	// strings. Nil: nothing does. It is asked only of words that may be a finding there.
	Code func(from, to int) bool
}

// A Finding is one hidden character, or one word.
type Finding struct {
	From, To int // bytes of the text
	Class    Class
	Rune     rune   // the character, of a hidden one
	Why      Reason // of a LookAlike
	Twin     string // of a Twin: the word that looks the same
}

// Findings yields what there is to find in a text, in order, until yield returns false.
func (t Text) Findings(yield func(Finding) bool) {
	b := t.Bytes
	if Plain(b) {
		return
	}
	twins := t.twins()
	verdicts := map[string][2]Reason{}
	walk(b, func(at, size int, r rune, c Class) bool {
		if t.usual(at, size, r) {
			return true
		}
		return yield(Finding{From: at, To: at + size, Class: c, Rune: r})
	}, func(from, to int) bool {
		v, ok := verdicts[string(b[from:to])]
		if !ok {
			word := string(b[from:to])
			v[0], v[1] = judge(word)
			if len(verdicts) < maxWords {
				verdicts[word] = v
			}
		}
		code, prose := v[0], v[1]
		twin := twins[string(b[from:to])]
		if code == Innocent && twin != "" {
			code = Twin
		}
		if prose != Innocent && from > 0 && b[from-1] == '\\' {
			_, prose = judge(string(b[from+escaped(b[from:to]) : to]))
		}
		why := prose
		if code != prose && t.Code != nil && t.Code(from, to) {
			why = code
		}
		if why == Innocent {
			return true
		}
		if why != Twin {
			twin = ""
		}
		return yield(Finding{From: from, To: to, Class: LookAlike, Why: why, Twin: twin})
	})
}

// escaped is how much of a word behind a backslash belongs to it: "x02" of \x02о in a string.
func escaped(word []byte) int {
	most := 1
	switch word[0] {
	case 'x':
		most = 3
	case 'u':
		most = 5
	case 'U':
		most = 9
	case '0', '1', '2', '3', '4', '5', '6', '7':
		most = 3
	}
	n := 1
	for n < min(most, len(word)) && (word[n] >= '0' && word[n] <= '9' || word[n]|0x20 >= 'a' && word[n]|0x20 <= 'f') {
		n++
	}
	if word[0] >= utf8.RuneSelf {
		return 0
	}
	return n
}

// usual reports whether a hidden character stands where it belongs.
func (t Text) usual(at, size int, r rune) bool {
	b := t.Bytes
	switch r {
	case 0xFEFF:
		return at == 0
	case '\f':
		first, last := max(at-maxBreak, -1), min(at+maxBreak, len(b))
		for at--; at > first && b[at] != '\n' && b[at] <= ' '; at-- {
		}
		end := at + 1
		for end < last && b[end] != '\n' && b[end] <= ' ' {
			end++
		}
		return (at < 0 || b[at] == '\n') && (end == len(b) || b[end] == '\n')
	case 0xFE0E, 0xFE0F:
		before, _ := utf8.DecodeLastRune(b[:at])
		behind, _ := utf8.DecodeRune(b[at+size:])
		return isEmoji(before) || behind == 0x20E3
	case 0x200D:
		before, n := utf8.DecodeLastRune(b[:at])
		if before == 0xFE0F {
			before, _ = utf8.DecodeLastRune(b[:at-n])
		}
		behind, _ := utf8.DecodeRune(b[at+size:])
		return isEmoji(before) && isEmoji(behind)
	}
	return false
}
