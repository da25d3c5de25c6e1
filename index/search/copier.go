package search

// A copier keeps what hits say when the text they are in is gone.
type copier struct {
	text []byte
	list [][2]int
}

// copierBytes is how much a copier takes at once.
const copierBytes = 16 << 10

func (c *copier) bytes(b []byte) []byte {
	if cap(c.text)-len(c.text) < len(b) {
		c.text = make([]byte, 0, max(len(b), copierBytes))
	}
	n := len(c.text)
	c.text = append(c.text, b...)
	return c.text[n:len(c.text):len(c.text)]
}

func (c *copier) ranges(r [][2]int) [][2]int {
	if cap(c.list)-len(c.list) < len(r) {
		c.list = make([][2]int, 0, max(len(r), copierBytes/16))
	}
	n := len(c.list)
	c.list = append(c.list, r...)
	return c.list[n:len(c.list):len(c.list)]
}
