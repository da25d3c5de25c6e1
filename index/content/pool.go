package content

import "sync"

// keptBlock is the largest buffer that is kept between two reads; few blobs
// are larger when compressed.
const keptBlock = 1 << 20

// blocks are buffers for compressed blobs.
var blocks = pool{sync.Pool{New: func() any { return new([]byte) }}}

type pool struct{ buffers sync.Pool }

func (p *pool) take(n int64) *[]byte {
	b := p.buffers.Get().(*[]byte)
	if int64(cap(*b)) < n {
		*b = make([]byte, n)
	}
	*b = (*b)[:n]
	return b
}

func (p *pool) give(b *[]byte) {
	if cap(*b) <= keptBlock {
		p.buffers.Put(b)
	}
}
